// Every expected report of the ranked-choice suite as a reported result: the rounds that its cast vote records come to are held against it, by the check
// that `reconcile` shows. What is changed in a report is told, and in which round.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { roundsDiffer, roundsEqualReported } from '../packages/evidence/src/checks/rounds.ts';
import { contestId } from '../packages/evidence/src/election/index.ts';
import { readRoundsReport } from '../packages/evidence/src/formats/index.ts';
import { noEvidenceOf } from '../packages/evidence/src/record/index.ts';
import type { StatedRounds } from '../packages/evidence/src/stated/index.ts';
import { countRanked } from '../packages/evidence/src/tally/index.ts';
import { ballotsOf, casesIn, rulesOf } from './rankedCases.ts';
import { haveShared, sharedFile } from './sharedData.ts';

const cases = haveShared() ? casesIn(sharedFile('data/ranked-choice-cases')) : [];

/** The case's reports in the order of its passes; those of a precinct or batch are in folders of their own. */
const reportsIn = (folder: string): StatedRounds[] =>
  globSync(join(folder, '*expected*_report.json'))
    .toSorted((a, b) => basename(a).localeCompare(basename(b), 'en', { numeric: true }))
    .map((path) => {
      const reading = readRoundsReport(basename(path), readFileSync(path));
      if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
      return reading.value;
    });

describe.skipIf(!haveShared())('reported rounds', () => {
  test.each(cases)('$name', async ({ folder, config }) => {
    const { all } = await ballotsOf(folder, config);
    const counted = countRanked(all, rulesOf(config));
    const reports = reportsIn(folder);
    expect(reports).toHaveLength(counted.length);
    for (const [i, stated] of reports.entries()) {
      expect(roundsDiffer(stated, counted[i]!)).toEqual([]);
      expect(roundsDiffer(oneVoteMore(stated), counted[i]!)).toMatchObject([
        { name: expect.stringMatching(/^round \d+: /) },
      ]);
    }
  });

  /** In the last round, for whoever stands first in it. */
  const oneVoteMore = ({ contest, rounds }: StatedRounds): StatedRounds => ({
    contest,
    rounds: rounds.with(rounds.length - 1, {
      ...rounds.at(-1)!,
      votes: rounds.at(-1)!.votes.map((v, i) => (i === 0 ? { ...v, votes: `${Number(v.votes) + 1}` } : v)),
    }),
  });

  test('another winner, and a round left out', async () => {
    const { folder, config } = cases.find((c) => c.name === '2015_portland_mayor')!;
    const { all } = await ballotsOf(folder, config);
    const [counted] = countRanked(all, rulesOf(config));
    const [stated] = reportsIn(folder);
    const last = stated!.rounds.at(-1)!;
    const other = {
      ...stated!,
      rounds: stated!.rounds.with(stated!.rounds.length - 1, { ...last, elected: ['Nobody'] }),
    };
    expect(roundsDiffer(other, counted!)).toMatchObject([
      { code: 'other-decision', expected: 'Nobody elected' },
    ]);
    const short = { ...stated!, rounds: stated!.rounds.slice(0, -1) };
    expect(roundsDiffer(short, counted!)).toMatchObject([{ code: 'other-number-of-rounds' }]);
    const contest = contestId('Mayor');
    const nothing = noEvidenceOf({ name: '', date: '', jurisdictions: [], contests: [] });
    const said = (rounds: StatedRounds, more = {}) =>
      roundsEqualReported.run({
        ...nothing,
        cvrsNotRead: [],
        cvrs: [{ value: { reconciliation: undefined as never, tallies: [], rowsRefused: [] }, sources: [] }],
        rounds: [{ value: { contest, stated: rounds, counted: { ...counted!, ...more } }, sources: [] }],
      })[0];
    expect(said(stated!)).toMatchObject({ word: 'holds' });
    expect(said(other)).toMatchObject({ word: 'fails', code: 'rounds-differ' });
    const tied = { rounds: counted!.rounds.slice(0, -1), undecided: { choosing: 'loser', among: [] } };
    expect(said(stated!, tied)).toMatchObject({ word: 'cannot tell', code: 'tie-undecided' });
  });
});

test('what is no report of rounds is refused by name', () => {
  const read = (text: string): string => {
    const reading = readRoundsReport('r.json', new TextEncoder().encode(text));
    return reading.ok ? 'read' : reading.refusals[0]!.code;
  };
  expect(read('{"results":[{"round":1,"tally":{"A":"1"}}]}')).toBe('read');
  expect(read('{')).toBe('not-json');
  for (const text of [
    '[]',
    '{}',
    '{"results":[]}',
    '{"results":[{"round":2,"tally":{}}]}',
    '{"results":[{"round":1,"tally":[]}]}',
  ])
    expect(read(text), text).toBe('not-a-rounds-report');
  expect(read('{"results":[{"round":1,"tally":{"A":"-1"}}]}')).toBe('not-a-count');
});
