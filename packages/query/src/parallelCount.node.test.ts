import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readCvrExport } from '@opencanvass/evidence/formats';
import type { CvrReading, Reading } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { county, dominionCsv, dominionJson } from '../../../bench/generate/county.ts';
import { filesOnDisk } from './disk.ts';
import { countInParallel } from './parallelCount.ts';

const folder = mkdtempSync(join(tmpdir(), 'opencanvass-parallel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const made = county({ cards: 4000, contests: 6, choices: 3, seed: 7 });
const text = new TextDecoder().decode(Buffer.concat([...dominionCsv(made)]));

interface Counted {
  readonly tally: UnitTally | undefined;
  readonly reading: Reading<CvrReading>;
}

async function one(path: string): Promise<Counted> {
  const tallier = new UnitTallier(['precinct']);
  const opened = await filesOnDisk(path);
  const reading = opened.ok ? await readCvrExport(opened.value, tallier) : opened;
  return { reading, tally: reading.ok ? tallier.tally : undefined };
}

/** The count of one thread, and that of three; undefined: it was left to one. */
async function both(path: string, leastOfPart = 1000): Promise<Counted & { several: boolean }> {
  const alone = await one(path);
  const several = await countInParallel(path, ['precinct'], { threads: 3, leastOfPart, leastParts: 2 });
  if (several === undefined) return { ...alone, several: false };
  const names = ({ tally }: Counted): unknown =>
    tally?.units.toSorted((a, b) => (a.unit[0]! < b.unit[0]! ? -1 : 1));
  expect(names(several)).toEqual(names(alone));
  // The names of precincts are in the order in which the threads met them; all else is the same to the line.
  const plain = ({ reading }: Counted): unknown =>
    reading.ok ? { ...reading, value: { ...reading.value, header: undefined } } : reading;
  expect(plain(several)).toEqual(plain(alone));
  return { ...alone, several: true };
}

function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const totals = (tally: UnitTally | undefined): number[][] =>
  made.totals.map((_, c) =>
    tally!.header.contests[c]!.choices.map((__, k) =>
      tally!.units.reduce((n, u) => n + u.contests[c]!.votes[k]!, 0),
    ),
  );
const expected = made.totals.map((of) => [...of]);

describe('a Dominion CSV counted with several threads', () => {
  test('is counted as with one, and what was made is found', async () => {
    const { several, tally, reading } = await both(written('plain.csv', text), 100_000);
    expect(several).toBe(true);
    expect(reading).toMatchObject({ ok: true, value: { records: 4000 }, rowsRefused: [] });
    expect(totals(tally)).toEqual(expected);
  });

  test('refused rows keep their lines, sums stay sums', async () => {
    const lines = text.split('\n');
    lines[3900] = lines[3900]!.replace(/,1,/, ',7,');
    lines[20] = 'not a row';
    lines[3000] = `Redacted and Aggregated,,,,,,,S1,${'3,'.repeat(17)}3`;
    const { reading, several } = await both(written('refused.csv', lines.join('\n')), 100_000);
    expect(several).toBe(true);
    expect(reading).toMatchObject({
      ok: true,
      value: { sums: 1 },
      rowsRefused: [{ line: 21 }, { line: 3901 }],
    });
  });

  test('a line end inside a cell, where a stretch would begin, sends it back to one thread', async () => {
    const lines = text.split('\n');
    const long = [
      ...lines.slice(0, 4),
      lines[4]!.replace(/,P(\d+),/, `,"P${'\n'.repeat(300_000)}",`),
      ...lines.slice(5),
    ];
    const { several, reading } = await both(written('long.csv', long.join('\n')), 100_000);
    expect([several, reading.ok]).toEqual([false, true]);
  });

  test('a file that is refused is left to one thread, which refuses it', async () => {
    const nul = await both(written('nul.csv', `${text}1,\u0000`), 100_000);
    expect(nul).toMatchObject({ several: false, reading: { refusals: [{ code: 'nul-byte' }] } });
    const none = await both(written('none.csv', 'a,b\n'.repeat(2000)));
    expect(none).toMatchObject({ several: false, reading: { refusals: [{ code: 'unknown-format' }] } });
  });
});

describe('a Dominion JSON counted with several threads', () => {
  const again = county({ cards: 4000, contests: 6, choices: 3, seed: 7 });
  const files = dominionJson(again).map(({ name, bytes }) => ({ name, bytes: Buffer.concat([...bytes()]) }));
  const manifests = files.slice(0, -1);
  const sessions = files.at(-1)!.bytes.toString();
  const inFolder = (name: string, exports: Readonly<Record<string, string>>): string => {
    for (const file of manifests) written(`${name}/${file.name}`, file.bytes);
    for (const [file, content] of Object.entries(exports)) written(`${name}/${file}`, content);
    return join(folder, name);
  };
  /** The sessions in some files, as San Francisco has them. */
  const inFiles = (count: number): Record<string, string> => {
    const { Sessions, ...frame } = JSON.parse(sessions) as { Sessions: object[] };
    return Object.fromEntries(
      Array.from({ length: count }, (_, f) => [
        `CvrExport_${f}.json`,
        JSON.stringify({ ...frame, Sessions: Sessions.filter((__, i) => i % count === f) }),
      ]),
    );
  };

  test('one file is cut between sessions', async () => {
    const { several, tally } = await both(inFolder('one', { 'CvrExport.json': sessions }), 1 << 20);
    expect(several).toBe(true);
    expect(totals(tally)).toEqual(expected);
  });

  test('many files, in a folder or a zip, are shared out', async () => {
    const many = inFiles(10);
    const { several, tally } = await both(inFolder('many', many), 1 << 20);
    expect(several).toBe(true);
    expect(totals(tally)).toEqual(expected);
    const zip = zipSync({
      ...Object.fromEntries(manifests.map(({ name, bytes }) => [name, new Uint8Array(bytes)])),
      ...Object.fromEntries(Object.entries(many).map(([name, content]) => [name, strToU8(content)])),
    });
    const zipped = await both(written('many.zip', zip), 100_000);
    expect(zipped.several).toBe(true);
    expect(totals(zipped.tally)).toEqual(expected);
  });

  test('sessions that are refused keep their numbers', async () => {
    let session = 0;
    const content = sessions.replaceAll('"IsCurrent":true', (text) =>
      [3, 3900].includes(session++) ? '"IsCurrent":false' : text,
    );
    const { several, reading } = await both(inFolder('refused', { 'CvrExport.json': content }), 1 << 20);
    expect(several).toBe(true);
    expect(reading).toMatchObject({
      rowsRefused: [{ field: 'Sessions[3]' }, { field: 'Sessions[3900]' }],
      value: { records: 3998 },
    });
  });

  test('what is no session is not taken for one, wherever a cut falls', async () => {
    const list = sessions.slice(sessions.indexOf('['));
    const other = `{"ElectionId":"E","Sessions":[],"Deleted":${list}`;
    expect(await both(inFolder('other', { 'CvrExport.json': other }), 1 << 20)).toMatchObject({
      several: false,
      reading: { ok: true, value: { records: 0 } },
    });
    const cut = await both(inFolder('cut', { 'CvrExport.json': sessions.slice(0, -2) }), 1 << 20);
    expect(cut).toMatchObject({ several: false, reading: { refusals: [{ code: 'truncated' }] } });
    const many = inFiles(4);
    many['CvrExport_3.json'] = many['CvrExport_3.json']!.replace('"Made-up county', '"Another county');
    const another = await both(inFolder('another', many), 1 << 20);
    expect(another).toMatchObject({ several: false, reading: { refusals: [{ code: 'another-election' }] } });
  });
});
