import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonElements } from './jsonElements.ts';
import type { InputFile } from './input.ts';

/** A file whose blocks are of these lengths, over and over. */
const inBlocks = (content: string | Uint8Array, lengths: readonly number[] = [7]): InputFile => ({
  name: 'x.json',
  bytes: async function* () {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const length = lengths[i % lengths.length]!;
      yield bytes.subarray(at, at + length);
      at += length;
    }
  },
});

async function read(file: InputFile): Promise<{ rest: unknown; elements: unknown[] } | string> {
  const elements: unknown[] = [];
  const result = await readJsonElements(file, 'CVR', (text) => elements.push(JSON.parse(text)));
  return 'code' in result ? result.code : { rest: result.rest, elements };
}

describe('JSON by elements', () => {
  test('is what JSON.parse gives, however it is laid out and cut into blocks', async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((k) => k !== 'CVR' && k !== '__proto__'),
          value,
          { maxKeys: 4 },
        ),
        fc.array(value),
        fc.nat(4),
        fc.constantFrom(0, 1, '\t'),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        async (rest, elements, place, space, lengths) => {
          const entries = Object.entries(rest);
          entries.splice(place, 0, ['CVR', elements]);
          const text = JSON.stringify(Object.fromEntries(entries), null, space);
          const whole = JSON.parse(text) as { CVR: unknown[] };
          expect(await read(inBlocks(text, lengths))).toEqual({
            rest: { ...whole, CVR: [] },
            elements: whole.CVR,
          });
        },
      ),
    );
  });

  test('refuses by name', async () => {
    const refused: [string, string | Uint8Array][] = [
      ['empty-file', ''],
      ['wrong-shape', '[]'],
      ['not-json', '{"CVR":[1,]}'],
      ['not-json', '{"CVR":[1 2]}'],
      ['not-json', '{"CVR":[1],}'],
      ['not-json', '{"CVR":[{"a":}]}'],
      ['not-json', '{"CVR":[1]} x'],
      ['not-json', '{"CVR":[{"a":1}'],
      ['not-json', '{"a":"\u0001","CVR":[]}'],
      ['key-repeated', '{"CVR":[1],"CVR":[2]}'],
      ['nul-byte', '{"CVR":[1],"a":"\u0000"}'],
      ['utf-16', Uint8Array.of(0xff, 0xfe, 0x7b, 0)],
      ['not-utf-8', Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d)],
    ];
    for (const [code, content] of refused)
      expect([code, await read(inBlocks(content))]).toEqual([code, code]);
    expect(await read(inBlocks('\uFEFF {"CVR" : [ ] } \n', [100]))).toEqual({
      rest: { CVR: [] },
      elements: [],
    });
  });

  test('an element without end is refused before it fills the memory', async () => {
    let given = 0;
    const endless: InputFile = {
      name: 'x.json',
      bytes: async function* () {
        yield new TextEncoder().encode('{"CVR":[{"a":"');
        for (let i = 0; i < 3072; i++) {
          given += 1 << 20;
          yield new Uint8Array(1 << 20).fill(97);
        }
      },
    };
    expect(await read(endless)).toBe('element-too-long');
    expect(given).toBeLessThan(20 << 20);
  });
});
