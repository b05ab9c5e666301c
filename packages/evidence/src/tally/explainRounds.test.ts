// Explained rounds against Minneapolis' own arithmetic (Code § 167.70), on a count small enough to do by hand; rules from a file.
import { describe, expect, test } from 'vitest';
import { BallotBox } from './ballots.ts';
import { explainRounds } from './explainRounds.ts';
import { instantRunoffRules, type RankedRules } from './rankedRules.ts';
import { countRounds } from './rounds.ts';
import { rulesFromJson } from './rulesFromJson.ts';

// 12 ballots, 2 seats: ⌊12 / 3⌋ + 1 = 5 are needed. Ann has 7: surplus 2, fraction 2/7 = 0.2857; 6 go on to Bo (1.7142), 1 to Cy (0.2857), 0.0001 is cut off.
// Bo 2 + 1.7142, Cy 3 + 0.2857: Cy is last, and Bo takes the second seat as the only one left.
const box = new BallotBox(['Ann', 'Bo', 'Cy'].map((name) => ({ name })));
box.add([[0], [1]], 6);
box.add([[0], [2]], 1);
box.add([[1]], 2);
box.add([[2]], 3);
const rules: RankedRules = {
  ...instantRunoffRules,
  method: { kind: 'singleTransferableVote', winnersARound: 'all' },
  seats: 2,
  ties: { kind: 'order' },
};

describe('rounds explained', () => {
  const rounds = explainRounds(countRounds(box.ballots(), rules));
  test('standing, decisions and flows', () => {
    expect(rounds[0]).toEqual({
      round: 1,
      threshold: '5',
      standing: [
        { candidate: 'Ann', votes: '7', elected: false },
        { candidate: 'Cy', votes: '3', elected: false },
        { candidate: 'Bo', votes: '2', elected: false },
      ],
      inactive: '0',
      decided: [{ what: 'elected', because: 'threshold', candidates: ['Ann'], votes: '7' }],
      flows: [
        { from: 'Ann', to: { candidate: 'Bo' }, votes: '1.7142' },
        { from: 'Ann', to: { candidate: 'Cy' }, votes: '0.2857' },
        { from: 'Ann', to: 'residual', votes: '0.0001' },
      ],
    });
    expect(rounds[1]!.standing).toEqual([
      { candidate: 'Ann', votes: '5', change: '-2', elected: true },
      { candidate: 'Bo', votes: '3.7142', change: '1.7142', elected: false },
      { candidate: 'Cy', votes: '3.2857', change: '0.2857', elected: false },
    ]);
    expect(rounds[1]!.decided).toEqual([
      { what: 'eliminated', because: 'fewest', candidates: ['Cy'], votes: '3.2857' },
    ]);
    expect(rounds[1]!.flows).toEqual([{ from: 'Cy', to: 'exhausted', votes: '3.2857' }]);
    expect(rounds[2]!.decided).toMatchObject([{ because: 'seatsForAll', candidates: ['Bo'] }]);
  });
});

// Ten ballots, six to win. Ann has 4, then with Di's two 6, while Bo and Cy are still there. Nobody is eliminated in the round that elects.
describe('until two are left', () => {
  const ended = (first: number, untilTwo: RankedRules['untilTwo']): readonly [number, number] => {
    const few = new BallotBox(['Ann', 'Bo', 'Cy', 'Di'].map((name) => ({ name })));
    few.add([[0]], first);
    few.add([[1]], 2);
    few.add([[2]], 2);
    few.add([[3], [0]], 2);
    const { winners, rounds } = countRounds(few.ballots(), {
      ...instantRunoffRules,
      untilTwo,
      ties: { kind: 'order' },
    });
    expect(winners).toEqual(['Ann']);
    return [rounds.length, rounds.at(-1)!.tally.length];
  };

  test('never, always, or unless somebody has more than half of the first choices', () => {
    expect(ended(4, 'never')).toEqual([2, 3]);
    expect(ended(4, 'always')).toEqual([4, 2]);
    expect(ended(4, 'unlessFirstChoices')).toEqual([4, 2]);
    expect(ended(7, 'never')).toEqual([1, 4]);
    expect(ended(7, 'always')).toEqual([4, 2]);
    expect(ended(7, 'unlessFirstChoices')).toEqual([1, 4]);
  });
});

describe('rules from a file', () => {
  test('what is left out is as the usual rules have it', () => {
    expect(rulesFromJson({})).toEqual(instantRunoffRules);
    expect(
      rulesFromJson({
        method: { kind: 'aboveShare', share: { numerator: 15, denominator: 100 }, cutoff: true },
        skippedRanks: 1,
        maxRankings: 'all',
        excluded: ['Ann'],
        ties: { kind: 'previousRounds', otherwise: { kind: 'random', seed: '-140737488355328' } },
      }),
    ).toMatchObject({ skippedRanks: 1, ties: { otherwise: { seed: -140737488355328n } } });
  });
  test.each([
    [[], ''],
    [{ colour: 1 }, 'colour'],
    [{ seats: 0 }, 'seats'],
    [{ seats: 2 }, 'seats'],
    [{ overvotes: 'ignore' }, 'overvotes'],
    [{ skippedRanks: -1 }, 'skippedRanks'],
    [{ method: { kind: 'singleTransferableVote' } }, 'method'],
    [{ method: { kind: 'instantRunoff', seats: 2 } }, 'method'],
    [{ method: { kind: 'bottomsUp' }, seats: 2, batchElimination: true }, 'batchElimination'],
    [{ ties: { kind: 'random', seed: 1.5 } }, 'ties'],
    [
      {
        ties: { kind: 'previousRounds', otherwise: { kind: 'previousRounds', otherwise: { kind: 'order' } } },
      },
      'ties',
    ],
    [{ untilTwo: 'true' }, 'untilTwo'],
    [{ places: 21 }, 'places'],
  ])('refuses %j', (json, option) => {
    expect(rulesFromJson(json)).toMatchObject({ faults: [{ option }] });
  });
  test('all faults at once', () => {
    expect(rulesFromJson({ seats: 'x', quota: 'x' })).toMatchObject({
      faults: [{ option: 'seats' }, { option: 'quota' }],
    });
  });
});
