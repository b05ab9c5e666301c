import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { county, dominionCsv } from '../../../bench/generate/county.ts';
import { countDominionCsv } from './parallelCount.ts';

const folder = mkdtempSync(join(tmpdir(), 'opencanvass-parallel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const made = county({ cards: 4000, contests: 6, choices: 3, seed: 7 });
const text = new TextDecoder().decode(Buffer.concat([...dominionCsv(made)]));

async function both(name: string, content: string): ReturnType<typeof countDominionCsv> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const one = await countDominionCsv(path, ['precinct'], {}, 1);
  const several = await countDominionCsv(path, ['precinct'], {}, 3, 1000);
  const names = (count: typeof one): unknown =>
    count.tally?.units.toSorted((a, b) => (a.unit[0]! < b.unit[0]! ? -1 : 1));
  expect(names(several)).toEqual(names(one));
  // The names of precincts are in the order in which the threads met them; all else is the same to the line.
  const plain = ({ reading }: typeof one): unknown =>
    reading.ok ? { ...reading, value: { ...reading.value, header: undefined } } : reading;
  expect(plain(several)).toEqual(plain(one));
  return several;
}

describe('counting with several threads', () => {
  test('is counting with one, and finds what was made', async () => {
    const { threads, tally, reading } = await both('plain.csv', text);
    expect(threads).toBe(3);
    expect(reading).toMatchObject({ ok: true, value: { records: 4000 }, rowsRefused: [] });
    const sums = made.totals.map((_, c) =>
      tally!.header.contests[c]!.choices.map((__, k) =>
        tally!.units.reduce((n, u) => n + u.contests[c]!.votes[k]!, 0),
      ),
    );
    expect(sums).toEqual(made.totals.map((totals) => [...totals]));
  });

  test('refused rows keep their lines, sums stay sums', async () => {
    const lines = text.split('\n');
    lines[3900] = lines[3900]!.replace(/,1,/, ',7,');
    lines[20] = 'not a row';
    lines[3000] = `Redacted and Aggregated,,,,,,,S1,${'3,'.repeat(17)}3`;
    const { reading, threads } = await both('refused.csv', lines.join('\n'));
    expect(threads).toBe(3);
    expect(reading).toMatchObject({
      ok: true,
      value: { sums: 1 },
      rowsRefused: [{ line: 21 }, { line: 3901 }],
    });
  });

  test('a line end inside a cell, where a stretch would begin, sends it back to one thread', async () => {
    const lines = text.split('\n');
    for (let i = 4; i < lines.length - 1; i++) lines[i] = lines[i]!.replace(/,P(\d+),/, ',"P\n$1",');
    const { threads, reading } = await both('quoted.csv', lines.join('\n'));
    expect(reading).toMatchObject({ ok: true, value: { records: 4000 } });
    expect([1, 3]).toContain(threads);
    const long = [
      ...lines.slice(0, 4),
      lines[4]!.replace('"P\n', `"P${'\n'.repeat(300_000)}`),
      ...lines.slice(5),
    ];
    expect((await both('long.csv', long.join('\n'))).threads).toBe(1);
  });

  test('a file that is refused is refused the same', async () => {
    expect((await both('nul.csv', `${text}1,\u0000`)).reading).toMatchObject({
      ok: false,
      refusals: [{ code: 'nul-byte' }],
    });
    expect((await both('none.csv', 'a,b\n'.repeat(2000))).reading).toMatchObject({
      ok: false,
      refusals: [{ code: 'no-header' }],
    });
  });
});
