import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readXml } from './xml.ts';

function read(text: string | Uint8Array): string {
  let seen = '';
  const refusal = readXml(typeof text === 'string' ? strToU8(text) : text, 'x.xml', {
    open: (name, attributes) =>
      (seen += `<${name}${Object.entries(attributes).map(([k, v]) => ` ${k}=${v}`)}>`),
    text: (part) => (seen += part),
    close: (name) => (seen += `</${name}>`),
  });
  return refusal?.code ?? seen;
}

describe('xml', () => {
  test('names without their prefix, entities that every document has, CDATA', () => {
    expect(read('\uFEFF<c:a x:type="b" xmlns:c="urn:c"><c:d>1 &amp; 2<![CDATA[<3>]]></c:d></c:a>')).toBe(
      '<a type=b, c=urn:c><d>1 & 2<3></d></a>',
    );
  });

  test('a character that straddles two pieces', () => {
    const filler = 'x'.repeat(2 ** 20 - 4);
    expect(read(`<a>${filler}é</a>`)).toBe(`<a>${filler}é</a>`);
  });

  test('refuses by name', () => {
    expect(read('<a><b></a>')).toBe('xml-not-well-formed');
    expect(read('<a>')).toBe('xml-not-well-formed');
    expect(read('<a>&b;</a>')).toBe('xml-not-well-formed');
    expect(read('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toBe('xml-doctype');
    expect(read('<a>'.repeat(65))).toBe('xml-too-deep');
    expect(read(new Uint8Array([60, 97, 62, 0xe9, 60, 47, 97, 62]))).toBe('not-utf-8');
  });
});
