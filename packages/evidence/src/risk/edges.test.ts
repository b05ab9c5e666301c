// The edges of the game, where published code goes wrong.
import { describe, expect, test } from 'vitest';
import { fixedBet } from './fixedBet.ts';
import { truncatedShrinkage } from './alpha.ts';
import { kelly } from './kelly.ts';
import { pOf, testMean } from './martingale.ts';
import { universal } from './universal.ts';

const half = (N: number) => ({ N, t: 1 / 2, u: 1 });
const everything = fixedBet(2);

describe('edges', () => {
  test('what was drawn refutes the null: p = 0, and stays so', () => {
    const { statistic, p } = testMean([1, 1, 1, 0], half(5), fixedBet(0));
    // After 1, 1, 1 the rest would have to add up to -1/2.
    expect([...statistic]).toEqual([1, 1, 1, Infinity]);
    expect(p).toBe(0);
  });
  test('what was drawn proves the null: T = 0 for good', () => {
    const { statistic, p } = testMean([0, 0, 0, 1, 1], half(5), everything);
    expect([...statistic]).toEqual([0, 0, 0, 0, 0]);
    expect(p).toBe(1);
  });
  test('… also where nothing was staked: after three zeros of five, the last two cannot make a mean above one half', () => {
    const { statistic, p } = testMean([0, 0, 0, 1, 1], half(5), fixedBet(0));
    expect([...statistic]).toEqual([1, 1, 1, 0, 0]);
    expect(p).toBe(1);
  });
  test('a lost fortune does not come back', () => {
    expect([...testMean([0, 1, 1, 1], half(Infinity), everything).statistic]).toEqual([0, 0, 0, 0]);
  });
  test('where the null leaves only zeros there is nothing to bet on', () => {
    const { statistic } = testMean([1, 1, 0, 0], half(4), fixedBet(1));
    expect(statistic[2]).toBe(statistic[1]);
    expect(statistic[3]).toBe(statistic[1]);
  });
  test('a full count decides by its sum: a tie confirms nothing', () => {
    expect(testMean([0, 0, 1, 1, 1], half(5), fixedBet(0)).p).toBe(0);
    expect(testMean([0, 0, 1, 1], half(4), fixedBet(0)).p).toBe(1);
    expect(testMean([0, 1 / 2, 1, 1 / 2], half(4), fixedBet(0)).p).toBe(1);
  });
  test('a tie by rounding is still a tie', () => {
    // 3 * 0.1 + 0.7 and the like do not add up in doubles; ten cards of mean 1/2 in tenths, in three orders.
    const tenths = [0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9];
    for (const order of [tenths, tenths.toReversed(), tenths.toSorted(() => -1)])
      expect(testMean(order, half(10), fixedBet(0)).p).toBe(1);
  });
  test('an empty sample says nothing', () => {
    expect(testMean([], half(10), everything).p).toBe(1);
    expect(pOf([])).toBe(1);
  });
  test('p is never outside [0, 1], and never rises as draws are added', () => {
    const x = [1, 1, 0, 1, 0.5, 0, 1, 1, 1, 1, 0, 1];
    let last = 1;
    for (let n = 0; n <= x.length; n++) {
      const { p } = testMean(x.slice(0, n), half(40), truncatedShrinkage({ eta0: 0.6, d: 5 }));
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(last);
      last = p;
    }
  });
  test('what cannot be a game is refused', () => {
    expect(() => testMean([2], half(5), everything)).toThrow(RangeError);
    expect(() => testMean([-0.1], half(5), everything)).toThrow(RangeError);
    expect(() => testMean([Number.NaN], half(5), everything)).toThrow(RangeError);
    expect(() => testMean([1, 1, 1], half(2), everything)).toThrow(RangeError);
    expect(() => testMean([1], { N: 0, t: 1 / 2, u: 1 }, everything)).toThrow(RangeError);
    expect(() => testMean([1], { N: 5, t: 1 / 2, u: 1 / 2 }, everything)).toThrow(RangeError);
    expect(() => testMean([1], half(5), () => ({ bet: () => -1, see: () => {} }))).toThrow(/against/);
  });
  test('a mixture keeps its zeros', () => {
    // By hand: fortunes of 0, 1/2 and all of 1/mu, with replacement, after 0 and 1: 1, 1/2 · 3/2, 0 · 2; their mean is 7/12.
    expect(testMean([0, 1], half(Infinity), universal(3)).statistic[1]).toBeCloseTo(7 / 12, 12);
  });
  test('Kelly finds the best bet', () => {
    // Even money at probability 0.6: the edge 2p - 1 = 0.2 of the fortune, which is lambda = 0.4 at mu = 1/2 (Kelly 1956).
    const { bets } = testMean([1], half(Infinity), kelly({ values: [0, 1], weights: [2, 3] }));
    expect(bets[0]).toBeCloseTo(0.4, 12);
  });
});
