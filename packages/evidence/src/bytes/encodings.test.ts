import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  toUtf8,
} from './index.ts';

describe('base64', () => {
  test("RFC 4648's own examples (section 10), both ways", () => {
    const examples: Record<string, string> = {
      '': '', f: 'Zg==', fo: 'Zm8=', foo: 'Zm9v', foob: 'Zm9vYg==', fooba: 'Zm9vYmE=', foobar: 'Zm9vYmFy',
    }; // prettier-ignore
    for (const [plain, encoded] of Object.entries(examples)) {
      expect(toBase64(toUtf8(plain))).toBe(encoded);
      expect(fromBase64(encoded)).toEqual(toUtf8(plain));
    }
  });

  test('anything but the one text for the bytes is refused', () => {
    const refused = [
      'Zh==', 'Zm9=', // pad bits not zero (RFC 4648 section 3.5)
      'Zg', 'Zg=', 'Zm9vYg', // padding missing
      'Z===', '====', '=', 'Zg==Zg==', 'Z=g=', // padding where none belongs
      'Zm9v\n', ' Zm9v', 'Zm 9v', 'Zm9vYmE=\n', // white space
      '-_-_', 'Zm9é', 'Zm9\u{1F600}', 'Zm9\0', // other alphabets
    ]; // prettier-ignore
    for (const text of refused) expect(fromBase64(text), JSON.stringify(text)).toBeUndefined();
  });

  test('every byte string comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (b) => {
        expect(fromBase64(toBase64(b))).toEqual(b);
      }),
    );
  });

  test('what is accepted is what would be written', () => {
    const digit = fc.constantFrom(...'ABghz09+/=-_ '.split(''));
    fc.assert(
      fc.property(fc.string({ unit: digit, maxLength: 12 }), (text) => {
        const bytes = fromBase64(text);
        if (bytes !== undefined) expect(toBase64(bytes)).toBe(text);
      }),
    );
  });
});

describe('hex', () => {
  test('every byte string comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (b) => {
        expect(fromHex(toHex(b))).toEqual(b);
      }),
    );
    expect(toHex(new Uint8Array([0, 15, 16, 255]))).toBe('000f10ff');
  });
  test('upper case, odd length and other characters are refused', () => {
    for (const text of ['0', 'AA', '0g', ' 00', '0x00', '00\n']) expect(fromHex(text), text).toBeUndefined();
  });
});

describe('utf-8', () => {
  test('what is not well-formed is refused, a byte order mark is kept', () => {
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]])
      expect(fromUtf8(new Uint8Array(bytes)), String(bytes)).toBeUndefined();
    expect(fromUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x41]))).toBe('\u{FEFF}A');
    expect(() => toUtf8('a\uD800')).toThrow(RangeError);
  });
});

describe('byte strings', () => {
  test('are ordered by unsigned byte, a prefix first', () => {
    const sorted = [[], [0], [0, 0], [0, 255], [1], [127], [128], [255]].map((b) => new Uint8Array(b));
    expect(sorted.toReversed().sort(compareBytes)).toEqual(sorted);
    expect(equalBytes(sorted[1]!, sorted[2]!)).toBe(false);
    expect(equalBytes(concatBytes(sorted[1]!, sorted[7]!), sorted[3]!)).toBe(true);
  });
});
