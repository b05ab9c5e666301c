import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Assorter } from './index.ts';
import {
  aboveShareAssorter,
  assorterValue,
  averageAssorter,
  belowShareAssorter,
  cardVotes,
  countVotes,
  differenceAssorter,
  marginOf,
  nebAssorter,
  nenAssorter,
  noError,
  overstatement,
  overstatementBound,
  overstatementValue,
  pluralityAssorter,
  scoreTotal,
  scoreTotals,
  tallyCards,
  toNumber,
  upperBound,
} from './index.ts';

const half = { numerator: 1, denominator: 2 };

describe('every assorter', () => {
  const choices = 4;
  const assorters: [string, Assorter, number | 'ranked'][] = [
    ['plurality', pluralityAssorter(choices, 0, 1, 1), 1],
    ['vote for 2', pluralityAssorter(choices, 0, 1, 2), 2],
    ['approval', pluralityAssorter(choices, 0, 1, choices), choices],
    ['above 2/3', aboveShareAssorter(choices, 0, { numerator: 2, denominator: 3 }), 1],
    ['below 1/20', belowShareAssorter(choices, 0, { numerator: 1, denominator: 20 }), 1],
    ['average 1/3 > 1/2', averageAssorter(choices, 0, 3, 1, 2), 1],
    [
      'difference of 1/5, two votes',
      differenceAssorter(choices, 0, 1, { numerator: 1, denominator: 5 }, 2),
      2,
    ],
    ['NEB', nebAssorter(0, 1), 'ranked'],
    ['NEN', nenAssorter(0, 1, [2, 1, 0]), 'ranked'],
  ];
  // every set of marks, every order of them
  const rankings = [0, 1, 2, 3].reduce<number[][]>(
    (all) => [
      ...all,
      ...all.flatMap((r) => [0, 1, 2, 3].filter((c) => !r.includes(c)).map((c) => r.concat(c))),
    ],
    [[]],
  );

  test.each(assorters)('%s lies in [0, u] on every possible vote, and reaches 0 and u', (_, assorter) => {
    const values = rankings.map((marks) => assorterValue(assorter, marks));
    expect(Math.min(...values)).toBe(0);
    expect(Math.max(...values)).toBe(upperBound(assorter));
    expect(assorterValue(assorter, [])).toBe(1 / 2);
  });

  test.each(assorters)(
    '%s: the margin of the tally is twice the mean over cards, less 1',
    (_, assorter, voteFor) => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...rankings), { minLength: 1, maxLength: 40 }), (list) => {
          const votes = cardVotes(list);
          const tally = tallyCards(votes, choices, voteFor);
          const total = scoreTotal(assorter, tally);
          const mean = list.map((m) => assorterValue(assorter, m)).reduce((a, b) => a + b) / list.length;
          expect(toNumber(marginOf(assorter, total, tally.cards))).toBeCloseTo(2 * mean - 1, 12);
          expect(scoreTotals([assorter, assorter], votes)).toEqual([total, total]);
        }),
      );
    },
  );
});

describe('what an assorter means', () => {
  const tallies = fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }).filter((t) => t.some((n) => n > 0));
  const holds = (a: Assorter, votes: number[]): boolean =>
    scoreTotal(a, { cards: votes.reduce((x, y) => x + y), votes }) > 0;

  test('is the comparison it stands for', () => {
    fc.assert(
      fc.property(tallies, (t) => {
        const [a, b, c] = t as [number, number, number];
        const all = a + b + c;
        expect(holds(pluralityAssorter(3, 0, 1, 1), t)).toBe(a > b);
        expect(holds(aboveShareAssorter(3, 0, { numerator: 2, denominator: 3 }), t)).toBe(3 * a > 2 * all);
        expect(holds(belowShareAssorter(3, 0, half), t)).toBe(2 * a < all);
        expect(holds(averageAssorter(3, 0, 3, 1, 2), t)).toBe(2 * a > 3 * b);
        expect(holds(differenceAssorter(3, 0, 1, { numerator: 1, denominator: 5 }, 1), t)).toBe(
          5 * (a - b) > all,
        );
      }),
    );
  });
});

test('fault 5: an overvote is a vote for nobody, in the tally and in every assorter', () => {
  // Vote for one of three: choice 0 and choice 1 both marked. A deployed tool counts both.
  const overvoted = [0, 1];
  expect(countVotes(cardVotes([overvoted, [0], [2]]), 3, 1)).toEqual([1, 0, 1]);
  expect(assorterValue(pluralityAssorter(3, 0, 2, 1), overvoted)).toBe(1 / 2);
  expect(assorterValue(aboveShareAssorter(3, 0, half), overvoted)).toBe(1 / 2);
  expect(assorterValue(belowShareAssorter(3, 0, half), overvoted)).toBe(1 / 2);
  // The same marks in a contest that allows two votes are two votes.
  expect(countVotes(cardVotes([overvoted, [0], [2]]), 3, 2)).toEqual([2, 1, 1]);
  expect(assorterValue(pluralityAssorter(3, 0, 2, 2), overvoted)).toBe(1);
});

test('a mark that is no choice is refused', () => {
  expect(() => countVotes(cardVotes([[0], [3]]), 3, 1)).toThrow(RangeError);
});

describe('the overstatement assorter', () => {
  const plurality = pluralityAssorter(3, 0, 1, 1);
  test('takes the values 2, 3/2, 1, 1/2 and 0 of no error in a plurality contest', () => {
    const said = [0, 0, 2, 2, 1, 1].map((c) => ({ kind: 'marks' as const, marks: [c] }));
    const found = [0, 1, 0, 1, 0, 2].map((c) => ({ kind: 'marks' as const, marks: [c] }));
    const none = noError(plurality, 20, 100);
    const values = said.map((r, i) =>
      overstatementValue(plurality, overstatement(plurality, r, found[i]!, true), 20, 100),
    );
    expect(values.map((v) => v / none)).toEqual([1, 0, 1.5, 0.5, 2, 1.5]);
    expect(overstatementBound(plurality, 20, 100)).toBe(2 * none);
  });

  test('has mean 1/2 exactly where the assorter on paper has', () => {
    // All cards: the mean of B is above 1/2 if and only if the mean of A on paper is (SHANGRLA 3.2).
    const vote = fc.constantFrom<number[]>([], [0], [1], [2]);
    const assorters = [plurality, averageAssorter(3, 0, 3, 1, 2), aboveShareAssorter(3, 0, half)];
    fc.assert(
      fc.property(fc.array(fc.tuple(vote, vote), { minLength: 1, maxLength: 20 }), (pairs) => {
        for (const a of assorters) {
          const total = scoreTotal(a, tallyCards(cardVotes(pairs.map(([said]) => said)), 3, 1));
          const onPaper = scoreTotal(a, tallyCards(cardVotes(pairs.map(([, found]) => found)), 3, 1));
          let sum = 0;
          for (const [said, found] of pairs) {
            const omega = overstatement(
              a,
              { kind: 'marks', marks: said },
              { kind: 'marks', marks: found },
              true,
            );
            sum += overstatementValue(a, omega, total, pairs.length);
          }
          expect(Math.sign(Math.round((sum - pairs.length / 2) * 1e9)) === Math.sign(onPaper)).toBe(true);
        }
      }),
    );
  });

  test('a pool gives each of its cards the mean of the pool', () => {
    const pool = { kind: 'pool', total: 1, cards: 4 } as const;
    const omega = overstatement(plurality, pool, { kind: 'marks', marks: [1] }, true);
    expect(omega).toEqual({ numerator: 5, denominator: 8 }); // A = 5/8 said, 0 found
    expect(() => overstatement(plurality, { ...pool, cards: 0 }, { kind: 'notFound' }, true)).toThrow(
      RangeError,
    );
  });
});
