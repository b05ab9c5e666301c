import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { CvrCollector, cardsWith, identityOf } from '../cvr/index.ts';
import type { Cvrs } from '../cvr/index.ts';
import { UnitTallier } from '../tally/byUnit.ts';
import { readDominionCsv } from './dominionCsv.ts';
import type { DominionCsvOptions } from './dominionCsv.ts';

import { fileInMemory } from './input.ts';
import type { CvrReading, Reading } from './reading.ts';

const bytesOf = (path: string): Uint8Array => readFileSync(sharedFile(`data/${path}`));

async function read(
  path: string,
  options?: DominionCsvOptions,
): Promise<{ reading: Reading<CvrReading>; cvrs: Cvrs; votes: (contest: string) => Record<string, number> }> {
  const all = new CvrCollector();
  const reading = await readDominionCsv(fileInMemory(path, bytesOf(path)), all, options);
  const cvrs = all.cvrs!;
  const votes = (name: string): Record<string, number> => {
    const tallier = new UnitTallier();
    tallier.begin(cvrs.header);
    for (const chunk of cvrs.chunks) tallier.take(chunk);
    const c = cvrs.header.contests.findIndex((contest) => contest.name === name);
    const { votes, blank, overvoted } = tallier.tally.units[0]!.contests[c]!;
    const named = cvrs.header.contests[c]!.choices.map((choice, k) => [choice.name, votes[k]!] as const);
    return { ...Object.fromEntries(named), blank, overvoted };
  };
  return { reading, cvrs, votes };
}

describe.skipIf(!haveShared())('real and published Dominion CSV exports', () => {
  test('a hundred votes with margins 2 and 10, as the file’s name says', async () => {
    const { reading, votes } = await read('dominion-csv/PluralityOnly/Plurality100votes2And10Margins.csv');
    expect(reading).toMatchObject({ ok: true, value: { records: 100 }, rowsRefused: [], remarks: [] });
    const two = Object.values(votes('PluralityMargin2'))
      .slice(0, 3)
      .sort((a, b) => b - a);
    expect(two[0]! - two[1]!).toBe(2);
    const ten = Object.values(votes('PluralityMargin10'))
      .slice(0, 3)
      .sort((a, b) => b - a);
    expect(ten[1]! - ten[2]!).toBe(10);
  });

  test('a generated election of five counties adds up to its specification, with overvotes apart', async () => {
    const spec = JSON.parse(
      readFileSync(sharedFile('data/small-election/small-election.spec.json'), 'utf8'),
    ) as {
      contests: { name: string; tally: Record<string, number>; jurisdictions: string[] }[];
    };
    const overvoted: number[] = [];
    for (const contest of spec.contests) {
      const sums: Record<string, number> = {};
      for (const county of contest.jurisdictions)
        for (const [name, n] of Object.entries(
          (await read(`small-election/${county} - cvrs.csv`)).votes(contest.name),
        ))
          sums[name] = (sums[name] ?? 0) + n;
      overvoted.push(sums['overvoted']!);
      expect(sums).toMatchObject(contest.tally);
    }
    // 45, 44 and 15 rows mark more than one choice; raw sums of columns are too high by them.
    expect(overvoted).toEqual([45, 44, 15]);
  });

  test('Boulder’s redacted rows are sums; the five cards beside them are the only cards', async () => {
    const { reading, cvrs, votes } = await read('dominion-csv/TestWithRedactions.csv');
    expect(reading).toMatchObject({ ok: true, value: { records: 5, sums: 8 }, rowsRefused: [] });
    expect(votes('Presidential Electors')).toMatchObject({
      'Kamala D. Harris / Tim Walz': 4,
      'Donald J. Trump / JD Vance': 1,
      overvoted: 0,
    });
    const sums = cvrs.chunks.flatMap((chunk) => chunk.sums);
    expect([...sums[0]!.votes[0]!.subarray(0, 2)]).toEqual([265, 104]);
    expect(sums.map((row) => row.style)).toEqual(['7', '9', '10', '13', '18', '21', '23', '25 & 35']);
  });

  test('Arapahoe 2016: ="…" cells, a column we do not know, style by style', async () => {
    const { reading, cvrs } = await read('dominion-csv/dominion-2017-CVR_Export_20170310104116.csv');
    expect(reading).toMatchObject({
      ok: true,
      value: { records: 165 },
      rowsRefused: [],
      remarks: [{ code: 'unknown-column', field: 'NotCountingGroup' }],
    });
    expect(cvrs.header).toMatchObject({ election: '2016 Arapahoe General Election', version: '5.2.13.9' });
    expect(identityOf(cvrs.header, cvrs.chunks[0]!, 0)).toEqual({
      tabulator: '3',
      batch: '800',
      record: '1',
      imprinted: '3-800-1',
      precinct: '1260303104-51 (104-51)',
      style: '51',
      countingGroup: '',
    });
    const president = [...cardsWith(cvrs, 0)].length;
    expect(president).toBeGreaterThan(0);
    expect(president).toBeLessThan(165);
  });

  test('imprinted ids are kept as written, dates of a spreadsheet and all', async () => {
    const { reading, cvrs } = await read('dominion-csv/NoCountingGroupCVR_Export_20180111131201.csv');
    expect(reading).toMatchObject({ ok: true, rowsRefused: [] });
    expect(identityOf(cvrs.header, cvrs.chunks[0]!, 0)).toMatchObject({
      imprinted: '5/1/2007',
      countingGroup: '',
    });
    expect(
      cvrs.header.contests.find((c) => c.name.startsWith('State Representative') && c.name.endsWith('REP')),
    ).toMatchObject({
      choices: [{ name: 'James D. "Jim" Wilson', party: 'REP' }],
    });
  });

  test('names with quotes, commas, backslashes and letters of many kinds', async () => {
    const { reading, cvrs } = await read(
      'dominion-csv/Tiny-IRV-Examples/ThreeTrickyCharacterCandidatesTenVotes.csv',
    );
    expect(reading).toMatchObject({ ok: true, value: { records: 10 }, rowsRefused: [], remarks: [] });
    expect(cvrs.header.contests[0]!.choices.map((choice) => choice.name)).toEqual([
      'A£ϒç©é',
      'Bob with \\backslashes and \\" " quotes"',
      'Candidate, with, commas',
    ]);
  });

  test('seven spellings of "write-in", and who comes after it', async () => {
    const { cvrs } = await read('dominion-csv/WriteIns/WriteIns.csv');
    expect(cvrs.header.contests.map((contest) => contest.choices.map((choice) => choice.writeIn))).toEqual(
      Array.from({ length: 7 }, () => [undefined, 'line', 'qualified']),
    );
  });

  test.each([
    [
      'InvalidIRVHeadersDifferentCandidateNamesInDifferentRanks1',
      'ranks-name-different-choices',
      'Cherry(3)',
    ],
    [
      'InvalidIRVHeadersDifferentCandidateNamesInDifferentRanks2',
      'ranks-name-different-choices',
      'Alicia(2)',
    ],
    ['InvalidIRVHeadersRepeated1stRankCandidate', 'ranked-choice-repeated', 'Alice(1) twice'],
    ['InvalidIRVHeadersRepeated2ndRankCandidate', 'ranked-choice-repeated', 'Chuan(2) twice'],
    ['InvalidIRVHeadersShuffledChoices', 'ranks-shuffled', 'Bob, Alice, Chuan'],
    ['InvalidIRVHeadersSkipped1stRankCandidate', 'rank-lacks-choice', 'no such column'],
    ['InvalidIRVHeadersSkipped3rdRankCandidate', 'rank-lacks-choice', 'no such column'],
    ['badVoteForPlurality', 'vote-for-not-a-whole-number', 'Test contest (Vote For=2.0)'],
  ])('%s is refused: %s', async (name, code, found) => {
    const { reading } = await read(`dominion-csv/badExamples/${name}.csv`);
    expect(reading).toMatchObject({ ok: false, refusals: [{ code, found }] });
  });

  test('every other export of the collection is read whole', async () => {
    const folders = ['.', 'AdamsAndAlamosa', 'PluralityOnly', 'Tiny-IRV-Examples', 'WriteIns'];
    const files = folders.flatMap((folder) =>
      readdirSync(sharedFile(`data/dominion-csv/${folder}`))
        .filter((f) => f.endsWith('.csv') && !/manifest|canonical/i.test(f))
        .map((f) => `dominion-csv/${folder}/${f}`),
    );
    const refused: string[] = [];
    for (const file of [...files, 'nsw-2021/Bellingen_Mayoral.csv', 'nsw-2021/Uralla_Mayoral.csv']) {
      const { reading } = await read(file);
      if (!reading.ok) refused.push(`${file.replace(/.*\//, '')}: ${reading.refusals[0]!.code}`);
      else expect([file, reading.rowsRefused]).toEqual([file, []]);
    }
    expect(files.length).toBeGreaterThan(20);
    expect(refused).toEqual([
      'redacted.csv: no-header', // rows of Boulder's export without the header
      'ThreeCandidatesTenInvalidVotes_withInterpretations.csv: missing-column', // a note to people in row 2
    ]);
  });

  test('Bellingen 2021: first preferences as the preference profile published beside it has them', async () => {
    const { votes } = await read('nsw-2021/Bellingen_Mayoral.csv');
    const profile = JSON.parse(
      readFileSync(sharedFile('data/nsw-2021/aggregated/Bellingen Mayoral.json'), 'utf8'),
    ) as {
      metadata: { candidates: string[] };
      votes: { n: number; prefs: number[] }[];
    };
    const first: Record<string, number> = {};
    for (const { n, prefs } of profile.votes) {
      const name = profile.metadata.candidates[prefs[0]!]!;
      first[name] = (first[name] ?? 0) + n;
    }
    const { blank: _, overvoted: __, ...found } = votes('Bellingen Mayoral');
    expect(found).toEqual(first);
  });
});
