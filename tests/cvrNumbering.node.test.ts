// Is a gap in the numbers told where there is one, and nowhere else? Real exports of Dominion, ES&S, Hart and Clear Ballot are whole, however they
// number; then a record is taken out of them, and out of exports that the generator and this test make.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cvrChecks } from '@opencanvass/evidence/checks';
import type { Finding } from '@opencanvass/evidence/checks';
import { Reconciler } from '@opencanvass/evidence/cvr';
import { fileInMemory, filesOfZip, readCvrExport } from '@opencanvass/evidence/formats';
import type { InputFile } from '@opencanvass/evidence/formats';
import { noEvidenceOf } from '@opencanvass/evidence/record';
import { county } from '../bench/generate/county.ts';
import { countyFormats } from '../bench/generate/vendors.ts';
import { haveShared, sharedFile } from './sharedData.ts';

/** What the check says of an export: its word and code, how many series, what is missing, what repeated, and the first of them. */
async function numbering(files: readonly InputFile[]): Promise<unknown[]> {
  const reconciler = new Reconciler();
  expect(await readCvrExport(files, reconciler)).toMatchObject({ ok: true });
  const cvrs = [
    {
      value: { reconciliation: reconciler.result(), tallies: [], rowsRefused: [] },
      sources: [{ name: 'the export' }],
    },
  ];
  const nothing = noEvidenceOf({ name: '', date: '', jurisdictions: [], contests: [] });
  const check = cvrChecks.find(({ id }) => id === 'cvr-numbering')!;
  const [{ word, code, figures, units }] = check.run({ ...nothing, cvrs }) as [Finding];
  return [word, code, ...figures.map((f) => f.value), ...units.map(({ name, found }) => `${name}: ${found}`)];
} // oxfmt-ignore

type Change = (name: string, text: string) => string | undefined;

/** The files of a folder, or a file; changed on the way, or left out. */
function at(path: string, change?: Change): InputFile[] {
  const place = sharedFile(`data/${path}`);
  const paths = statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((e) => e.isFile())
        .map((e) => `${e.parentPath}/${e.name}`)
    : [place];
  return paths.flatMap((file) => {
    if (change === undefined) return [fileInMemory(file, readFileSync(file))];
    const text = change(file, readFileSync(file, 'utf8'));
    return text === undefined ? [] : [fileInMemory(file, text)];
  });
}

describe.skipIf(!haveShared())('real exports', () => {
  const cases = 'ranked-choice-cases';
  const alaska = `${cases}/_shared/dominion_alaska/alaska_input_data`;
  const multiFile = `${cases}/dominion_multi_file/dominion_multi_file_input_data`;
  const hart = `${cases}/_shared/hart_cvr_archive`;
  const arapahoe = 'dominion-csv/dominion-2017-CVR_Export_20170310104116.csv';
  const clearBallot = `${cases}/clear_ballot_kansas_primary/clear_ballot_kansas_primary.cvr.csv`;

  test.each([
    ['Dominion CSV, batches that begin again at 1', arapahoe, 5],
    ['Dominion CSV, three batches of one tabulator', 'dominion-csv/Tiny-IRV-Examples/GuideToRAIREExample3.csv', 3],
    ['Dominion CSV, batches that begin anywhere', 'dominion-csv/Test4CvrsWithIRV.csv', 3],
    ['Dominion JSON', alaska, 50],
    ['Dominion JSON, ballots of several sheets', multiFile, 4],
    ['ES&S workbook', `${cases}/2015_portland_mayor/2015_portland_mayor_cvr.xlsx`, 1],
    ['ES&S workbook, some records without a number', `${cases}/test_set_0_skipped_first_choice/test_set_0_skipped_first_choice_cvr.xlsx`, 1],
    ['Hart, sheets out of order', hart, 1],
    ['Clear Ballot', clearBallot, 1],
    ['a generated election', 'small-election/Worthington Hills - cvrs.csv', 24],
  ])('whole: %s', async (_, path, series) => {
    expect(await numbering(at(path))).toEqual(['holds', 'numbered-by-batch', series, 0, 0, 0]);
  }); // oxfmt-ignore

  test('whose numbers were taken out, or whose rarest cards were added up, tell nothing', async () => {
    const workbook = `${cases}/uwi_cannot_win_test/uwi_cannot_win_test_cvr.xlsx`;
    for (const path of ['san-francisco-2024', workbook])
      expect(await numbering(at(path))).toEqual(['cannot tell', 'numbers-taken-out']);
    const boulder = await numbering(at('dominion-csv/TestWithRedactions.csv'));
    expect(boulder).toEqual(['cannot tell', 'records-added-up', 1, 1, 116, 0]);
  });

  test.each<[string, string, Change, string]>([
    ['Dominion CSV', arapahoe, (_, csv) => csv.replace(/\n.*"3-800-7".*/, ''), '3 · 800: 7'],
    ['Clear Ballot', clearBallot, (_, csv) => csv.replace(/\n31,.*/, ''), 'Don-DeFord · ED-004: 31'],
    ['Hart', hart, (_, xml) => (xml.includes('<BatchSequence>9<') ? undefined : xml), '1: 9'],
    [
      'Dominion JSON, a ballot of several sheets',
      multiFile,
      (name, text) => (name.endsWith('CvrExport_1.json') ? withoutSession(text, 5) : text),
      '27 · 892: 5',
    ],
  ])('without one record: %s', async (_, path, change, found) => {
    const [word, code, , differing, missing, repeated, ...units] = await numbering(at(path, change));
    expect([word, code, differing, missing, repeated]).toEqual(['fails', 'numbered-by-batch', 1, 1, 0]);
    expect(units).toEqual([found]);
  });
});

function withoutSession(text: string, record: number): string {
  const file = JSON.parse(text.replace(/^\uFEFF/, '')) as { Sessions: { RecordId: number }[] };
  const left = file.Sessions.filter(({ RecordId }) => RecordId !== record);
  expect(left.length).toBe(file.Sessions.length - 1);
  return JSON.stringify({ ...file, Sessions: left });
}

describe('generated exports', () => {
  const size = { cards: 2500, contests: 4, choices: 3, seed: 11 };
  test.each(['dominion-csv', 'dominion-json', 'clear-ballot-csv', 'ess-csv', 'hart-xml'])('are whole: %s', async (format) => {
    const made = countyFormats[format]!(county(size)).map(({ name, bytes }) => fileInMemory(name, Buffer.concat([...bytes()])));
    const opened = made.length === 1 ? await filesOfZip(made[0]!) : { ok: true as const, value: made };
    expect((await numbering(opened.ok ? opened.value : [])).slice(0, 2)).toEqual(['holds', 'numbered-by-batch']);
  }); // oxfmt-ignore
});

describe('ES&S’s export, whose numbers run through batches as they come', () => {
  /** 300 records; the ballots file tells that their batches are mixed. */
  const ess = (...without: readonly number[]): InputFile[] => {
    const numbers = Array.from({ length: 300 }, (_, i) => i + 1).filter((n) => !without.includes(n));
    const records = numbers.map((n) => `${n},North,S1,${['Ann', 'Bob', 'undervote'][(n * 7) % 3]}`);
    const ballots = numbers.map((n) => `${n},B${(n * 5) % 7},Not Reviewed,Mail,000${1 + (n % 2)}${String(n).padStart(6, '0')}`);
    return [
      fileInMemory('records.csv', `Cast Vote Record,Precinct,Ballot Style,Mayor\n${records.join('\n')}\n`),
      fileInMemory('ballots.csv', `Cast Vote Record,Batch,Ballot Status,Reporting Group,Tabulator CVR\n${ballots.join('\n')}\nTotal : ${ballots.length},,,,\n`),
    ];
  }; // oxfmt-ignore
  test('is whole: no gap is told', async () => {
    expect(await numbering(ess())).toEqual(['holds', 'numbered-through', 1, 0, 0, 0]);
  });
  test('lacks records: those are told, and no other', async () => {
    const found = await numbering(ess(17, 18, 250));
    expect(found).toEqual(['fails', 'numbered-through', 1, 1, 3, 0, 'the export: 17, 18, 250']);
  });
});
