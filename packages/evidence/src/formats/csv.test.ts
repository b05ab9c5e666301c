import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCount } from './cells.ts';
import { csvLine, eachRow, longestCsvLine, mostCells } from './csv.ts';
import { decodeText } from './text.ts';

const rowsOf = (text: string): [number, string[]][] => {
  const rows: [number, string[]][] = [];
  const refusal = eachRow('x.csv', text, ({ line, fields }) => {
    rows.push([line, [...fields]]);
    return undefined;
  });
  expect(refusal).toBeUndefined();
  return rows;
};
const refusalOf = (text: string): { code: string; line?: number } | undefined =>
  eachRow('x.csv', text, () => undefined);

describe('CSV rows', () => {
  test('what RFC 4180 shows in its section 2, and its line numbers', () => {
    expect(rowsOf('aaa,bbb,ccc\r\nzzz,yyy,xxx')).toEqual([
      [1, ['aaa', 'bbb', 'ccc']],
      [2, ['zzz', 'yyy', 'xxx']],
    ]);
    expect(rowsOf('"aaa","b\r\nbb","ccc"\r\nzzz,yyy,xxx\r\n')).toEqual([
      [1, ['aaa', 'b\r\nbb', 'ccc']],
      [3, ['zzz', 'yyy', 'xxx']],
    ]);
    expect(rowsOf('"aaa","b""bb","ccc"')).toEqual([[1, ['aaa', 'b"bb', 'ccc']]]);
  });
  test('blank lines, empty fields, a quote within an unquoted name', () => {
    expect(rowsOf('a,,\n\n,b\n')).toEqual([
      [1, ['a', '', '']],
      [2, ['']],
      [3, ['', 'b']],
    ]);
    expect(rowsOf('12" box,1\n')).toEqual([[1, ['12" box', '1']]]);
    expect(rowsOf('')).toEqual([]);
  });
  test('an unclosed quote is refused with the line where it opens', () => {
    expect(refusalOf('a,b\nc,"d\ne,f\ng,h\n')).toMatchObject({ code: 'unclosed-quote', line: 2 });
    expect(refusalOf('a,b\n"c\nd",e\n"f"g,h\n')).toMatchObject({ code: 'text-after-quote', line: 4 });
    expect(refusalOf(`a\n"${'x\n'.repeat(longestCsvLine / 2 + 1)}"\n`)).toMatchObject({
      code: 'unclosed-quote',
      line: 2,
    });
  });
  test('a line and a file that are too large are refused, not held', () => {
    expect(refusalOf(`a\n${'x'.repeat(longestCsvLine + 1)}`)).toMatchObject({
      code: 'line-too-long',
      line: 2,
    });
    expect(refusalOf(`${','.repeat(100_000)}\n`.repeat(mostCells / 100_000))).toMatchObject({
      code: 'too-large',
    });
  });
  test('tiny rows are bounded too', () => {
    expect(refusalOf('a\n'.repeat(mostCells / 4))).toMatchObject({
      code: 'too-large',
      line: mostCells / 5 + 1,
    });
  });
  test('whatever rows are written are read again', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', ',', '\n', '\r', '\r\n', '""', ' a ', ''));
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, end, final) => {
          const text = rows.map(csvLine).join(end) + (final && rows.length > 0 ? end : '');
          expect(rowsOf(text).map(([, fields]) => fields)).toEqual(rows);
        },
      ),
    );
  });
});

describe('text', () => {
  const bytes = (...b: number[]): Uint8Array => Uint8Array.from(b);
  test('a byte order mark goes, Windows-1252 is read with a remark, what is neither is refused', () => {
    expect(decodeText('x', bytes(0xef, 0xbb, 0xbf, 0x61))).toEqual({ text: 'a', remarks: [] });
    expect(decodeText('x', bytes(0x61, 0x0a, 0x52, 0xe9, 0x0a))).toMatchObject({
      text: 'a\nRé\n',
      remarks: [{ code: 'windows-1252', line: 2 }],
    });
    expect(decodeText('x', bytes(0x61, 0xe9, 0x0a, 0x81))).toMatchObject({ code: 'unknown-encoding' });
  });
  test('what is no text is refused for what it is', () => {
    expect(decodeText('x', bytes())).toMatchObject({ code: 'empty-file' });
    expect(decodeText('x.csv', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1))).toMatchObject({
      code: 'spreadsheet',
    });
    expect(decodeText('x.csv', bytes(0x50, 0x4b, 3, 4))).toMatchObject({ code: 'spreadsheet' });
    expect(decodeText('x', bytes(0x61, 0x0a, 0x62, 0))).toMatchObject({ code: 'nul-byte', line: 2 });
    expect(decodeText('x', bytes(0xff, 0xfe, 0x61, 0))).toMatchObject({ code: 'utf-16' });
  });
});

test('counts as offices write them', () => {
  const cases = {
    '0': 0, '007': 7, '1234': 1234, '1,234': 1234, '12,345,678': 12345678, ' 5 ': 5, '123456789012': 123456789012,
    '': 'missing-count', ' ': 'missing-count', '-1': 'negative-count', '(12)': 'negative-count', '−3': 'negative-count',
    '1.5': 'fractional-count', '2.0': 'fractional-count', '1,23': 'not-a-count', '1e3': 'not-a-count', '0x10': 'not-a-count',
    'n/a': 'not-a-count', '٣': 'not-a-count', '9007199254740993': 'count-too-large',
  }; // prettier-ignore
  for (const [cell, expected] of Object.entries(cases)) expect(parseCount(cell), cell).toBe(expected);
  expect(parseCount('4294967296', 0xffffffff)).toBe('count-too-large');
  expect(parseCount('300', 255)).toBe('count-too-large');
});
