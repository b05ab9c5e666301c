import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, fromHex, fromUtf8, maxDepth, parseCanonical, toUtf8 } from './index.ts';

const canonicalText = (value: unknown): string => fromUtf8(canonicalJson(value))!;

describe('RFC 8785, its own examples', () => {
  test('section 3.2.2 and 3.2.4: the sample object, to the byte', () => {
    const sample = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    const bytes = fromHex(
      `7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
       5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
       5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`.replaceAll(
        /\s/g,
        '',
      ),
    )!;
    expect(canonicalJson(sample)).toEqual(bytes);
  });

  test('section 3.2.3: members sorted by UTF-16 code units, not by code points', () => {
    const sample = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`);
    expect(Object.values(JSON.parse(canonicalText(sample)) as object)).toHaveLength(7);
    expect([...canonicalText(sample).matchAll(/:"([^"]+)"/g)].map((m) => m[1])).toEqual([
      'Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]); // prettier-ignore
  });

  test('appendix B: numbers, by their IEEE 754 bits', () => {
    const samples: Record<string, string> = {
      '0000000000000000': '0', '8000000000000000': '0', '0000000000000001': '5e-324', '8000000000000001': '-5e-324',
      '7fefffffffffffff': '1.7976931348623157e+308', ffefffffffffffff: '-1.7976931348623157e+308',
      '4340000000000000': '9007199254740992', c340000000000000: '-9007199254740992', '4430000000000000': '295147905179352830000',
      '44b52d02c7e14af5': '9.999999999999997e+22', '44b52d02c7e14af6': '1e+23', '44b52d02c7e14af7': '1.0000000000000001e+23',
      '444b1ae4d6e2ef4e': '999999999999999700000', '444b1ae4d6e2ef4f': '999999999999999900000', '444b1ae4d6e2ef50': '1e+21',
      '3eb0c6f7a0b5ed8c': '9.999999999999997e-7', '3eb0c6f7a0b5ed8d': '0.000001',
      '41b3de4355555553': '333333333.3333332', '41b3de4355555554': '333333333.33333325', '41b3de4355555555': '333333333.3333333',
      '41b3de4355555556': '333333333.3333334', '41b3de4355555557': '333333333.33333343', becbf647612f3696: '-0.0000033333333333333333',
      '43143ff3c1cb0959': '1424953923781206.2',
    }; // prettier-ignore
    const number = (bits: string): number => new DataView(fromHex(bits)!.buffer).getFloat64(0);
    for (const [bits, text] of Object.entries(samples)) expect(canonicalText(number(bits)), bits).toBe(text);
    for (const bits of ['7fffffffffffffff', '7ff0000000000000'])
      expect(() => canonicalJson(number(bits))).toThrow(TypeError);
  });

  test("the RFC's author's test data: weird.json (github.com/cyberphone/json-canonicalization, Apache-2.0)", () => {
    const weird = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "1": "One", "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley",
      "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"
    }`);
    expect(canonicalText(weird)).toBe(
      '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","ö":"Latin Small Letter O With Diaeresis",' +
        '"€":"Euro Sign","😂":"Smiley","\uFB33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });
});

describe('bytes that claim to be canonical', () => {
  test('what is canonical is read', () => {
    for (const text of [
      '{}',
      '[]',
      '""',
      '0',
      '-1',
      '1e+21',
      'null',
      '{"":0}',
      '{"a":[1,{"b":"é\u{1F600}"}],"b":0.5}',
      '{"__proto__":1}',
    ])
      expect(parseCanonical(toUtf8(text)), text).toMatchObject({ ok: true });
    expect(parseCanonical(toUtf8('{"a":[true,1]}'))).toEqual({ ok: true, value: { a: [true, 1] } });
  });

  test.each([
    ['{"a":1,"a":1}', 6], ['{"b":1,"a":2}', 2], ['{"a": 1}', 5], ['{"a":1}\n', 7], [' 1', 0], ['-0', 0], ['1.0', 1], ['1e2', 1],
    ['100000000000000000000000', 1], ['9007199254740993', 15], ['1e400', 0], ['-1e400', 0], ['1e-400', 0], ['"\\u0041"', 1],
    ['"\\/"', 1], ['"\\uD800"', 0], ['"\\ud83d\\ude00"', 1], ['"\\u000A"', 2], ['{"\\u0061":1}', 2], ['["é","\\u00e9"]', 7],
    ['["\u{1F600}","\\ud83d"]', 0],
  ])('%s is JSON, but not canonical', (text, at) => {
    expect(parseCanonical(toUtf8(text))).toEqual({ ok: false, code: 'not-canonical', at });
  }); // prettier-ignore

  test.each([
    '',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '01',
    '+1',
    'NaN',
    'Infinity',
    '1 2',
    '\u{FEFF}{}',
    '"\n"',
    'undefined',
    '[1,]',
  ])('%j is no JSON', (text) =>
    expect(parseCanonical(toUtf8(text))).toEqual({ ok: false, code: 'not-json' }),
  );

  test('neither is what is not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ])
      expect(parseCanonical(new Uint8Array(bytes))).toEqual({ ok: false, code: 'not-utf8' });
  });

  test('deep nesting is refused, not a crash', () => {
    const nested = (depth: number): Uint8Array => toUtf8('['.repeat(depth) + ']'.repeat(depth));
    expect(parseCanonical(nested(maxDepth + 1))).toMatchObject({ ok: true });
    expect(parseCanonical(nested(maxDepth + 2))).toEqual({ ok: false, code: 'too-deep' });
    const hostile = parseCanonical(nested(1_000_000));
    expect(hostile.ok).toBe(false);
  });

  test('every JSON value comes back, and is written the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(JSON.stringify(value).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(value)));
        const bytes = canonicalJson(value);
        const back = parseCanonical(bytes);
        expect(back.ok && canonicalJson(back.value)).toEqual(bytes);
      }),
    );
  });
});

test('what JSON cannot say is a fault in us', () => {
  for (const value of [undefined, Number.NaN, 1n, '\uD800', { a: undefined }, [undefined], () => 1, new Date(0), new Map(), new Uint8Array(1)])
    expect(() => canonicalJson(value)).toThrow(TypeError);
}); // prettier-ignore
