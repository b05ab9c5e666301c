import { describe, expect, test } from 'vitest';
import type { Contest } from './standing.ts';
import { counted, emptyTally, isTooMany, isWhole, linesThatDiffer, sumsOf } from './tally.ts';

const contest = (voteFor: number): Contest => ({
  contest: 'mayor',
  name: 'Mayor',
  voteFor,
  choices: [
    { id: 'ann', name: 'Ann' },
    { id: 'bob', name: 'Bob' },
  ],
  doubleEntry: false,
  done: false,
  entries: 0,
  differed: 0,
});

describe('a tally', () => {
  test('has a line for each choice, one for other names written in, one for blank and one for overvoted ballots', () => {
    expect(emptyTally(contest(1))).toHaveLength(5);
    expect(isWhole([1, 2, 0, undefined, 0])).toBe(false);
    expect(counted([60, 30, 2, 4, 1], contest(1))).toEqual({
      votes: [60, 30],
      writeIns: 2,
      blank: 4,
      overvote: 1,
    });
  });
  test('differs from another line by line', () => {
    expect(linesThatDiffer([60, 30, 0, 4, 1], [60, 30, 0, 4, 1])).toEqual([]);
    expect(linesThatDiffer([60, 30, 0, 4, 1], [61, 30, 1, 4, 1])).toEqual([0, 2]);
  });
  test('adds up to ballots where each ballot has one vote, and not where it has two', () => {
    expect(sumsOf([58, 30, 2, 4, 1], contest(1)).ballots).toBe(95);
    expect(sumsOf([58, 30, 2, 4, 1], contest(2)).ballots).toBeUndefined();
  });
  test.each([
    [1, [58, 30, 2, 4, 1], 95, false],
    [1, [58, 30, 2, 4, 1], 94, true],
    [2, [58, 30, 2, 4, 1], 50, false], // two votes on each of 45 ballots
    [2, [58, 30, 3, 4, 1], 50, true],
  ])('of %i votes a ballot, %j in %i ballots: too many is %s', (voteFor, tally, size, is) => {
    expect(isTooMany(tally, contest(voteFor), size)).toBe(is);
  });
});
