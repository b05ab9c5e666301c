import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { recordFromZip, type Bodies } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { expect, test } from 'vitest';
import { openFolder } from '../src/folder.ts';
import type { FileToImport, Imported, ImportOptions } from '../src/importFiles.ts';
import type { Keeper } from '../src/keeper.ts';
import { publishZip } from '../src/publish.ts';
import { around, done, file, Records } from './importing.ts';

const records = new Records();
const results = file(
  'results.csv',
  'jurisdiction,contest,vote type,choice,votes\nBibb,Mayor,,Ann Lee,10\nBibb,Mayor,,Bob Ray,7\nClarke,Mayor,,Ann Lee,5\nClarke,Mayor,,Bob Ray,9\n',
);
const report = file(
  'audit.csv',
  [
    '######## CONTESTS ########',
    'Contest Name,Targeted?,Number of Winners,Votes Allowed,Total Ballots Cast,Tabulated Votes',
    'Mayor,Targeted,1,1,31,Ann Lee: 15; Bob Ray: 16',
    '######## BATCH RESULTS ########',
    'Jurisdiction Name,Batch Name,Batch Type,Ann Lee,Bob Ray',
    'Bibb,b1,Election Day,6,3',
    'Bibb,b2,Absentee By Mail,4,1',
    'Bibb,b3,Election Day,0,3',
    'Clarke,c1,Election Day,5,9',
    '',
  ].join('\n'),
);

const into = (
  name: string,
  files: readonly FileToImport[],
  options: Partial<ImportOptions> = {},
): Promise<Imported> => records.take({ files }, options, name);

async function bodiesOf<K extends keyof Bodies>(keeper: Keeper, kind: K): Promise<Bodies[K][]> {
  const entries = await keeper.entries();
  const stored = await keeper.stored();
  return stored
    .filter(({ position }) => entries[position]!.act.kind === kind)
    .map(({ body }) => (JSON.parse(body) as { body: Bodies[K] }).body);
}

test('each file is received, then what it reports, a county’s hand count as one entry', async () => {
  const { keeper, summary } = done(await into('r', [results, report]));
  expect((await keeper.entries()).map((e) => [e.act.kind, e.act.about.jurisdiction ?? ''])).toEqual([
    ['election defined', ''],
    ['key authorised', ''],
    ['file received', ''],
    ['file received', ''],
    ['results reported', ''],
    ['hand count reported', 'bibb'],
    ['hand count reported', 'clarke'],
  ]);
  expect(summary.entries).toBe(5);
  expect(summary.files.map((f) => [f.name, f.rowsRead])).toEqual([
    ['results.csv', 4],
    ['audit.csv', 4],
  ]);
  const [bibb, clarke] = await bodiesOf(keeper, 'hand count reported');
  expect([bibb!.totals, bibb!.batches, clarke!.totals, clarke!.batches]).toEqual([[10, 7], 3, [5, 9], 1]);
  const [, received] = await bodiesOf(keeper, 'file received');
  expect(received!.states?.contests[0]?.totalBallotsCast).toBe(31);
  expect(new Uint8Array((await keeper.file(received!.file.sha256))!)).toEqual(report.bytes);
  await keeper.close();
});

test('the same files, clock, salts and key give the same record', async () => {
  const zips = [];
  for (const name of ['a', 'b']) {
    const { keeper } = done(await into(name, [results, report]));
    zips.push(await buffer(publishZip(keeper)));
    await keeper.close();
  }
  expect(zips[0]).toEqual(zips[1]);
});

test('by type, and without the originals', async () => {
  const { keeper } = done(await into('r', [results, report], { granularity: 'type', holdOriginals: false }));
  const [bibb] = await bodiesOf(keeper, 'hand count reported');
  const table = new TextDecoder().decode(await keeper.file(bibb!.table.sha256));
  expect(JSON.parse(table)).toMatchObject({
    rows: [
      ['', 'Election Day', 6, 6],
      ['', 'Absentee By Mail', 4, 1],
    ],
  });
  expect([bibb!.totals, bibb!.batches]).toEqual([[10, 7], 3]);
  const [received] = await bodiesOf(keeper, 'file received');
  expect(received!.file.held).toBe(false);
  expect(await keeper.file(received!.file.sha256)).toBeUndefined();
  await keeper.close();
});

test('whoever has the record reads the tables out of the files again, by batch or by type', async () => {
  for (const granularity of ['batch', 'type'] as const) {
    const { keeper } = done(await into(granularity, [results, report], { granularity }));
    const zip = recordFromZip(await buffer(publishZip(keeper)));
    await keeper.close();
    if (!zip.ok) throw new Error(zip.code);
    const again = verify(zip.files).findings.find((f) => f.check === 'tables-read-again');
    expect([granularity, again?.word, again?.figures[0]?.value]).toEqual([granularity, 'holds', 3]);
  }
});

test('one file that cannot be read keeps all of them out, and no record is begun', async () => {
  const bad = [
    file('empty.csv', ''),
    file('x.csv', 'PK\u0003\u0004'),
    file('r.csv', 'jurisdiction,choice,votes\nBibb,Ann Lee,-1\n'),
  ];
  for (const one of bad) {
    const imported = await into('r', [results, one]);
    expect(imported.ok, one.name).toBe(false);
    if (!imported.ok) expect(imported.refusals[0]).toMatchObject({ file: one.name });
    expect(await readdir(dirname(records.folder()))).toEqual([]);
  }
});

test('a record that is there is added to; what it does not define is refused, and nothing is added', async () => {
  await done(await into('r', [results])).keeper.close();
  const { keeper } = done(await into('r', [report]));
  const before = (await keeper.entries()).length;
  expect(before).toBe(2 + 2 + 3);
  await keeper.close();
  const other = file('o.csv', 'jurisdiction,contest,vote type,choice,votes\nTroup,Sheriff,,Cy Doe,1\n');
  const imported = await into('r', [other]);
  expect(imported.ok ? [] : imported.refusals.map((r) => r.code)).toEqual([
    'unknown-contest',
    'unknown-jurisdiction',
  ]);
  const again = await openFolder(records.folder(), around());
  expect((await again.entries()).length).toBe(before);
  await again.close();
});

test('a file that does not name its contest needs one beside it that does', async () => {
  const county = file('c.json', '{"Bibb":{"BC":18,"Oth":0,"Ovr":0,"TBJ":17,"Und":1}}');
  const alone = await into('r', [county]);
  expect(alone.ok ? [] : alone.refusals.map((r) => r.code)).toEqual(['contest-not-named']);
  const { keeper } = done(await into('r', [county, report]));
  expect((await bodiesOf(keeper, 'counts reported'))[0]!.contest).toBe('mayor');
  await keeper.close();
});
