// What statutes say a ballot means, each sentence a row. Candidates A to D are 0 to 3; D is no longer in the count.
import { describe, expect, test } from 'vitest';
import { decodeRanks, encodeRanks, type Ranks } from './ballots.ts';
import { inactiveReasons, isBlank, nextChoice, type BallotRules } from './nextChoice.ts';

const continuing = Uint8Array.of(1, 1, 1, 0);
const [A, B, C, D] = [[0], [1], [2], [3]];
const free: BallotRules = {
  overvotes: 'skip',
  skippedRanks: Infinity,
  exhaustOnDuplicate: false,
  maxRankings: 5,
};
const { exhaustedChoices, overvotes, repeatedRankings, skippedRankings } = inactiveReasons;

const next = (ranks: Ranks, rules: Partial<BallotRules> = {}): number =>
  nextChoice(Uint16Array.from(encodeRanks(ranks)), continuing, { ...free, ...rules });

describe('where a ballot goes', () => {
  test('to the highest-ranked candidate still in the count', () => {
    expect(next([D, B, A])).toBe(1);
    expect(next([D])).toBe(exhaustedChoices);
  });

  // Maine, 21-A M.R.S. § 723-A(1)(D): exhausted with "2 or more sequential skipped rankings before its highest continuing ranking".
  test.each<[Ranks, number]>([
    [[[], A], 0],
    [[[], [], A], skippedRankings],
    [[D, [], B], 1],
    [[D, [], [], B], skippedRankings],
    [[[], D, [], B], 1],
    [[D, [], []], exhaustedChoices],
  ])('two skipped ranks in a row end it: %j', (ranks, expected) => {
    expect(next(ranks, { skippedRanks: 1 })).toBe(expected);
    if (expected === skippedRankings) expect(next(ranks)).toBeGreaterThanOrEqual(0);
  });

  test.each<[Ranks, number, number, number]>([
    // ranks, 'exhaust', 'skip', 'exhaustIfSeveralContinue'
    [[[0, 1], C], overvotes, 2, overvotes],
    [[[0, 3], C], overvotes, 2, 0],
    [['several', C], overvotes, 2, overvotes],
    [[A, [0, 1]], 0, 0, 0],
    [[[0, 1]], overvotes, exhaustedChoices, overvotes],
  ])('an overvote: %j', (ranks, exhaust, skip, several) => {
    expect(next(ranks, { overvotes: 'exhaust' })).toBe(exhaust);
    expect(next(ranks, { overvotes: 'skip' })).toBe(skip);
    expect(next(ranks, { overvotes: 'exhaustIfSeveralContinue' })).toBe(several);
  });

  test('an overvote among candidates who are all out is passed over', () => {
    const none = Uint8Array.of(0, 0, 1, 0);
    const ranking = Uint16Array.from(encodeRanks([[0, 1], C]));
    expect(nextChoice(ranking, none, { ...free, overvotes: 'exhaustIfSeveralContinue' })).toBe(2);
  });

  test('a candidate ranked twice', () => {
    expect(next([D, D, A])).toBe(0);
    expect(next([D, D, A], { exhaustOnDuplicate: true })).toBe(repeatedRankings);
    expect(next([D, [1, 3], A], { exhaustOnDuplicate: true, overvotes: 'exhaust' })).toBe(repeatedRankings);
  });

  test('ranks beyond the last allowed are not read', () => {
    expect(next([D, D, A], { maxRankings: 2 })).toBe(exhaustedChoices);
    expect(isBlank(Uint16Array.from(encodeRanks([[], [], A])), 2)).toBe(true);
    expect(isBlank(Uint16Array.from(encodeRanks([[], [], A])), 3)).toBe(false);
  });
});

test('a ranking comes back as it went in, but for blank ranks at its end', () => {
  const ranks: Ranks = [[], [2], 'several', [], [0, 1]];
  expect(decodeRanks(Uint16Array.from(encodeRanks([...ranks, []])))).toEqual(ranks);
  expect(encodeRanks([[1, 0, 1]])).toEqual(encodeRanks([[0, 1]]));
});
