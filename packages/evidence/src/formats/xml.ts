// XML from strangers, as a stream of events: well-formed or refused, no document type (so no entities that grow), bounded
// depth. Names come without their namespace prefix, because vendors use any ("cdf:CVR", "CVR").
import { SaxesParser } from 'saxes';
import type { Refusal } from './reading.ts';

export interface XmlEvents {
  /** `attributes` by local name. */
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>, line: number) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** Thrown by a handler that has seen enough: reading ends there without a refusal. */
export class EnoughXml extends Error {}

const maxDepth = 64;
const chunk = 1 << 20;

/** Reads the whole document; the first fault ends it and is returned. UTF-8 (with or without a mark) or UTF-16 with a mark. */
export function readXml(bytes: Uint8Array, file: string, events: XmlEvents): Refusal | undefined {
  const parser = new SaxesParser({ xmlns: false, fileName: file });
  const fault = (code: string, expected: string, found: string, line: number): XmlFault =>
    new XmlFault({ code, file, line, expected, found, todo: 'ask for the file again' });
  let depth = 0;
  parser.on('error', (error) => {
    throw fault(
      'xml-not-well-formed',
      'well-formed XML',
      error.message.replace(/^.*?:\d+:\d+:\s*/, ''),
      parser.line,
    );
  });
  parser.on('doctype', () => {
    throw fault('xml-doctype', 'no document type declaration', 'one', parser.line);
  });
  parser.on('opentag', (tag) => {
    if (++depth > maxDepth) throw fault('xml-too-deep', `at most ${maxDepth} levels`, 'more', parser.line);
    events.open?.(local(tag.name), localKeys(tag.attributes), parser.line);
  });
  parser.on('closetag', (tag) => {
    depth--;
    events.close?.(local(tag.name));
  });
  const text = events.text;
  if (text !== undefined) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  try {
    const decoder = new TextDecoder(encodingOf(bytes), { fatal: true });
    for (let at = 0; at < bytes.length; at += chunk)
      parser.write(decoder.decode(bytes.subarray(at, at + chunk), { stream: at + chunk < bytes.length }));
    parser.close();
    return undefined;
  } catch (error) {
    if (error instanceof EnoughXml) return undefined;
    if (error instanceof XmlFault) return error.refusal;
    if (error instanceof TypeError)
      return {
        code: 'not-utf-8',
        file,
        expected: 'UTF-8',
        found: 'other bytes',
        todo: 'ask for the file in UTF-8',
      };
    throw error;
  }
}

class XmlFault extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const encodingOf = (b: Uint8Array): string =>
  b[0] === 0xff && b[1] === 0xfe ? 'utf-16le' : b[0] === 0xfe && b[1] === 0xff ? 'utf-16be' : 'utf-8';

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function localKeys(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const key in attributes) {
    if (key.includes(':'))
      return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), value]));
  }
  return attributes;
}
