import { describe, expect, test } from 'vitest';
import { adaptive } from './adaptive.ts';
import { fixedBet } from './fixedBet.ts';
import { truncatedShrinkage } from './alpha.ts';
import {
  compare,
  decide,
  power,
  product,
  ratio,
  ratioOfDecimal,
  ratioOfDouble,
  reaches,
  times,
} from './exact.ts';
import { testMean } from './martingale.ts';
import { bravoMeets } from './bravo.ts';
import { macroMeets } from './macro.ts';
import { simulationRandom } from './random.ts';
import { superSimpleByCard, superSimpleByCardMeets, superSimpleMeets } from './superSimple.ts';

describe('fractions', () => {
  test('a decimal is what is written, a double is what it is', () => {
    expect(compare(ratioOfDecimal(0.05), ratio(1, 20))).toBe(0);
    expect(compare(ratioOfDecimal('1e-3'), ratio(1, 1000))).toBe(0);
    expect(compare(ratioOfDecimal(1e21), ratio(10n ** 21n))).toBe(0);
    expect(compare(ratioOfDouble(0.05), ratio(1, 20))).not.toBe(0);
    expect(compare(ratioOfDouble(0.375), ratio(3, 8))).toBe(0);
    expect(compare(ratioOfDouble(-1e300), ratio(-BigInt(1e300)))).toBe(0);
    expect(() => ratioOfDecimal('five')).toThrow(RangeError);
    expect(() => ratioOfDouble(Infinity)).toThrow(RangeError);
  });
  test('powers and products', () => {
    expect(compare(power(ratio(2, 3), -2), ratio(9, 4))).toBe(0);
    expect(compare(product([ratio(1, 2), ratio(2, 3), ratio(3, 4)]), ratio(1, 4))).toBe(0);
    expect(compare(product([]), ratio(1))).toBe(0);
  });
});

describe('borderline decisions', () => {
  test('p = alpha exactly is met, in whole numbers, where the double says no', () => {
    // Betting 1/2 of mu = 1/2 on ones: T = 1.25^n is exact, and 1/T against the decimal 0.8^3 = 0.512 is a tie.
    const x = [1, 1, 1];
    const { p, bets } = testMean(x, { N: Infinity, t: 1 / 2, u: 1 }, fixedBet(0.5));
    const h = { N: Infinity, t: ratio(1, 2), u: ratio(1) };
    const asRatios = x.map(ratioOfDouble);
    expect(decide(p, 0.512, () => reaches(asRatios, h, bets, 0.512))).toEqual({ met: true, exactly: true });
    expect(reaches(asRatios, h, bets, 0.512 - 1e-15)).toBe(false);
    expect(decide(0.3, 0.05, () => true)).toEqual({ met: false, exactly: false });
    expect(decide(0.01, 0.05, () => false)).toEqual({ met: true, exactly: false });
    expect(() => decide(-1, 0.05, () => true)).toThrow(RangeError);
    expect(() => decide(Number.NaN, 0.05, () => true)).toThrow(RangeError);
  });
  test('a value that no double holds: 1/(2 - v) at v = 1/10', () => {
    // COBRA at full bet: the statistic is (20/19)^n; (19/20)^2 = 0.9025 exactly.
    const a = ratio(10, 19);
    const { bets, p } = testMean([10 / 19, 10 / 19], { N: Infinity, t: 1 / 2, u: 20 / 19 }, fixedBet(2));
    expect(p).toBeCloseTo(0.9025, 12);
    expect(reaches([a, a], { N: Infinity, t: ratio(1, 2), u: ratio(20, 19) }, bets, 0.9025)).toBe(true);
    expect(reaches([a, a], { N: Infinity, t: ratio(1, 2), u: ratio(20, 19) }, bets, 0.9024999)).toBe(false);
  });
  test('the exact road and the fast one agree wherever p is not near alpha', () => {
    const random = simulationRandom(7);
    let near = 0;
    for (let run = 0; run < 200; run++) {
      const N = 20 + Math.floor(random() * 40);
      const x = Array.from({ length: Math.floor(N * random()) }, () => Math.floor(random() * 3) / 2);
      const strategy =
        run % 2 === 0 ? truncatedShrinkage({ eta0: 0.6, d: 10 }) : adaptive({ noError: 1, maxLoss: 0.8 });
      const { p, bets } = testMean(x, { N, t: 1 / 2, u: 1 }, strategy);
      if (Math.abs(p - 0.3) < 1e-9) near++;
      else
        expect(
          reaches(x.map(ratioOfDouble), { N, t: ratio(1, 2), u: ratio(1) }, bets, 0.3),
          `run ${run}`,
        ).toBe(p <= 0.3);
    }
    expect(near).toBeLessThan(100);
  });
  test('Kaplan-Markov, by counts and by card: a limit reached exactly', () => {
    // gamma 1.25 and a margin of one half: each draw multiplies p by 1 - 1/5, so that three draws are 0.512 and no double says so.
    const contest = { margin: 50, cards: 100, gamma: 1.25 };
    const none = { n: 3, o1: 0, o2: 0, u1: 0, u2: 0 };
    expect(superSimpleMeets(contest, none, 0.512)).toEqual({ met: true, exactly: true });
    expect(superSimpleMeets(contest, none, 0.51199999999)).toEqual({ met: false, exactly: true });
    const clean = [ratio(0n), ratio(0n), ratio(0n)];
    expect(superSimpleByCardMeets(contest, clean, 0.512)).toEqual({ met: true, exactly: true });
    expect(superSimpleByCardMeets(contest, clean, 0.51199999999)).toEqual({ met: false, exactly: true });
    // One vote too many for the winner: e = 1/50 is 1 - 2/5 of a draw's worth.
    const { p } = superSimpleByCard(contest, [ratio(1, 50), ...clean]);
    expect(p).toBeCloseTo(0.8 ** 4 / 0.6, 12);
  });
  test('MACRO and BRAVO: a limit reached exactly', () => {
    // U = 5: four fifths a draw. A taint of 1/5 is undone by one draw.
    const none = ratio(0n);
    expect(macroMeets(ratio(5n), [none, none, none], 0.512)).toEqual({ met: true, exactly: true });
    expect(macroMeets(ratio(5n), [none, none, none], 0.5119999999)).toEqual({ met: false, exactly: true });
    expect(macroMeets(ratio(5n), [ratio(1, 5), none, none, none], 0.512)).toEqual({
      met: true,
      exactly: true,
    });
    expect(macroMeets(ratio(5n), [ratio(1n), none, none, none], 0.999).met).toBe(false);
    // 5 to 3 reported: 5/4 a vote.
    expect(bravoMeets({ winner: 5, loser: 3 }, { winner: 3, loser: 0 }, 0.512)).toEqual({
      met: true,
      exactly: true,
    });
    expect(bravoMeets({ winner: 5, loser: 3 }, { winner: 3, loser: 0 }, 0.5119999999)).toEqual({
      met: false,
      exactly: true,
    });
  });
  test('times keeps its factors', () => expect(times(ratio(2, 3), ratio(3, 5))).toEqual({ n: 6n, d: 15n }));
});
