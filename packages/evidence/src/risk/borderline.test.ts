// Every rule at a limit that its p-value equals, or misses by less than a billionth: whole numbers must say which. The product forms are in
// exact.test.ts; here are the tails of rounds, the Bayesian odds, Fisher's combination with its logarithm, and the union of intersections.
import { describe, expect, test } from 'vitest';
import { brla, brlaMeets } from './bayesian.ts';
import { fisherOfTwoMeets, logBounds } from './certified.ts';
import { compare, ratio, ratioOfDecimal, type Ratio } from './exact.ts';
import { exactTail, openSamples } from './exactRounds.ts';
import { fisher } from './fisher.ts';
import { fixedBet } from './fixedBet.ts';
import { minerva, minervaKmins, providence } from './minerva.ts';
import { simulationRandom } from './random.ts';
import { comparisonRisk, pollingRisk, suite, suiteMeets, type PollingStratum } from './suite.ts';
import { unionIntersection, unionIntersectionHistory, unionIntersectionMeets, type Stratum } from './uits.ts';

/** Every order of n ballots, with how many are for the winner when each round ends. */
function brute(sizes: readonly number[], kmins: readonly number[], k: number, p: number): number {
  const n = sizes.at(-1)!;
  let sum = 0;
  for (let bits = 0; bits < 2 ** n; bits++) {
    const won = (upTo: number): number => {
      let c = 0;
      for (let i = 0; i < upTo; i++) c += (bits >> i) & 1;
      return c;
    };
    if (kmins.some((kmin, i) => won(sizes[i]!) >= kmin)) continue;
    if (won(n) >= k) sum += p ** won(n) * (1 - p) ** (n - won(n));
  }
  return sum;
}

const number = (r: Ratio): number => Number((r.n * 10n ** 18n) / r.d) / 1e18;

describe('Minerva, Athena, Providence', () => {
  test('tails of rounds are those of every order counted one by one', () => {
    for (const [sizes, kmins] of [
      [[6], []],
      [[4, 9], [4]],
      [
        [3, 7, 12],
        [3, 6],
      ],
      [[2, 5, 8], [Infinity, 4]],
    ] as const)
      for (const k of [0, 3, 5, sizes.at(-1)!])
        expect(number(exactTail(openSamples(sizes, kmins), k, ratio(5, 8))), `${sizes.join()} ${k}`).toBeCloseTo(brute(sizes, kmins, k, 5 / 8), 12); // oxfmt-ignore
  });
  test('a limit reached exactly: 5 to 3 reported, three of three, p = (4/5)^3 = 0.512', () => {
    const at = (alpha: number) =>
      minerva({ p1: 5 / 8, reported: { winner: 5, loser: 3 }, alpha }, [{ n: 3, k: 3 }])[0]!;
    expect(at(0.512)).toMatchObject({ met: true, exactly: true, kmin: 3 });
    expect(at(0.51199999999)).toMatchObject({ met: false, exactly: true, kmin: Infinity });
    expect(at(0.6)).toMatchObject({ met: true, exactly: false });
  });
  test('a reported share that no double holds: 9 to 1, p = (5/9)^2, and decimals on both sides of it', () => {
    const at = (alpha: number) =>
      minerva({ p1: 0.9, reported: { winner: 9, loser: 1 }, alpha }, [{ n: 2, k: 2 }])[0]!;
    // 25/81 = 0.308641975308641975…
    expect(at(0.30864197530864196)).toMatchObject({ met: false, exactly: true });
    expect(at(0.308641975308642)).toMatchObject({ met: true, exactly: true });
  });
  test('the kmin of an earlier round is settled too, and the later round knows it', () => {
    const rule = { p1: 5 / 8, reported: { winner: 5, loser: 3 }, alpha: 0.512 };
    expect(minervaKmins(rule, [3, 6])[0]).toBe(3);
    expect(minervaKmins({ ...rule, alpha: 0.51199999999 }, [3, 6])[0]).toBe(Infinity);
    // With k = 3 stopped after round 1 what is left is another distribution.
    const [, open] = [3, Infinity].map((kmin) => exactTail(openSamples([3, 6], [kmin]), 5, ratio(5, 8)));
    expect(compare(open!, exactTail(openSamples([3, 6], [3]), 5, ratio(5, 8)))).not.toBe(0);
  });
  test("Athena's second condition at equality does not hold: an outcome equally likely under both", () => {
    // Reported 3 to 1 and delta 4/9: of two ballots for the winner, 4/9 of 9/16 is exactly the 1/4 of the tie.
    const rule = { p1: 3 / 4, reported: { winner: 3, loser: 1 }, alpha: 0.9 };
    const delta = 4 / 9;
    const [r] = minerva({ ...rule, delta }, [{ n: 2, k: 2 }]);
    // The double nearest to 4/9 is not 4/9; which side it lies on decides, in whole numbers.
    expect(r!.met).toBe(compare(ratioOfDecimal(delta), ratio(4, 9)) > 0);
    expect(minerva({ ...rule, delta: 0.25, p1: 0.5 + 0.5 }, [{ n: 2, k: 2 }])[0]!.met).toBe(false); // 1/4 of 1 is the tie's 1/4
    expect(minerva({ p1: 1, reported: { winner: 1, loser: 0 }, alpha: 0.9, delta: 0.25001 }, [{ n: 2, k: 2 }])[0]!.met).toBe(true); // oxfmt-ignore
  });
  test('Providence: the ratio of the round before times that of this one', () => {
    const at = (alpha: number) =>
      providence({ p1: 5 / 8, reported: { winner: 5, loser: 3 }, alpha }, [
        { n: 1, k: 1 },
        { n: 3, k: 3 },
      ]).at(-1)!;
    expect(at(0.512)).toMatchObject({ met: true, exactly: true });
    expect(at(0.51199999999)).toMatchObject({ met: false, exactly: true });
  });
});

describe('Bayesian', () => {
  const choose = (n: number, k: number): number => {
    let c = 1;
    for (let i = 1; i <= k; i++) c = (c * (n - k + i)) / i;
    return k < 0 || k > n ? 0 : Math.round(c);
  };
  test('the odds by their sum over every count that wins', () => {
    for (const [N, n, k] of [
      [20, 8, 7],
      [21, 5, 5],
      [12, 12, 8],
      [30, 10, 9],
    ] as const) {
      // oxfmt-ignore
      const tie = Math.floor(N / 2);
      let sum = 0;
      for (let x = tie + 1; x <= N; x++) sum += choose(x, k) * choose(N - x, n - k);
      const odds = sum / (N - tie) / (choose(tie, k) * choose(N - tie, n - k));
      expect(brla(N, n, k).odds, `${k} of ${n} of ${N}`).toBeCloseTo(odds, 9);
      // A hair to either side of p: only whole numbers can agree with both.
      const p = 1 / odds;
      if (p > 0 && p < 1) {
        expect(brlaMeets(N, n, k, p * (1 + 1e-13))).toEqual({ met: true, exactly: true });
        expect(brlaMeets(N, n, k, p * (1 - 1e-13))).toEqual({ met: false, exactly: true });
      }
    }
  });
  test('a limit reached exactly: one ballot of four, T = (3 + 4)/2 / 2 = 7/4', () => {
    // N = 4, one ballot drawn for the winner: L(x) = x; L(2) = 2, L(3) + L(4) = 7 over two counts.
    expect(brla(4, 1, 1).odds).toBeCloseTo(7 / 4, 12);
    // N = 2: L(1) = 1, L(2) = 2: p = 1/2 is the decimal itself.
    expect(brlaMeets(2, 1, 1, 0.5)).toEqual({ met: true, exactly: true });
    expect(brlaMeets(2, 1, 1, 0.49999999999)).toEqual({ met: false, exactly: true });
  });
});

describe('SUITE', () => {
  test('bounds of a logarithm hold it, and narrow', () => {
    for (const [n, d] of [
      [1, 2],
      [999, 1000],
      [1, 10 ** 9],
      [7, 3],
      [1, 1],
    ] as const)
      // oxfmt-ignore
      for (const bits of [40, 200]) {
        const [low, high] = logBounds(ratio(n, d), bits);
        expect(high - low).toBeLessThanOrEqual(4n);
        const ln = Math.log(n / d) * 2 ** 40;
        const shift = BigInt(bits - 40);
        expect(Math.abs(Number(low >> shift) - ln)).toBeLessThanOrEqual(2 + Math.abs(ln) * 1e-15);
      }
    // ln 2 to sixty places (OEIS A002162).
    const places = 10n ** 60n;
    const [low, high] = logBounds(ratio(2), 256);
    const ln2 = 693147180559945309417232121458176568075500134360255254120680n;
    expect((low * places) >> 256n).toBeLessThanOrEqual(ln2);
    expect((high * places) >> 256n).toBeGreaterThanOrEqual(ln2);
  });
  test('q (1 - ln q) against decimals nearer than any double tells', () => {
    // q = 1/2: (1 + ln 2)/2 = 0.846573590279972654708616060729088284037750067180127627060340…
    const q = ratio(1, 2);
    expect(fisherOfTwoMeets(q, ratioOfDecimal('0.84657359027997265470861606072908828404'))).toBe(true);
    expect(fisherOfTwoMeets(q, ratioOfDecimal('0.84657359027997265470861606072908828403'))).toBe(false);
    // At q = 1 the combination is 1, the one fraction that it can equal.
    expect(fisherOfTwoMeets(ratio(1), ratio(1))).toBe(true);
    expect(fisherOfTwoMeets(ratio(0), ratioOfDecimal(0.05))).toBe(true);
  });
  const comparison = { cards: 700, winner: 400, loser: 300, discrepancies: { n: 60, o1: 0, o2: 0, u1: 0, u2: 0 } }; // oxfmt-ignore
  const polling: PollingStratum = { cards: 300, winner: 180, loser: 110, sample: { n: 60, winner: 40, loser: 18 } }; // oxfmt-ignore
  /** The largest combination over every whole split, none left out. */
  const peak = (): number => {
    let most = 0;
    for (let e = 170 - 370; e <= 800; e++) most = Math.max(most, fisher([comparisonRisk(comparison, e), pollingRisk(polling, 70 - (170 - e))])); // oxfmt-ignore
    return most;
  };
  test('limits a hair above and below the peak, inside what the reported bound leaves open', () => {
    const p = peak();
    expect(p).toBeLessThan(0.9);
    expect(suite(comparison, polling).p).toBeGreaterThan(p);
    expect(suiteMeets(comparison, polling, Number((p + 1e-12).toPrecision(17)))).toEqual({ met: true, exactly: true }); // oxfmt-ignore
    expect(suiteMeets(comparison, polling, Number((p - 1e-12).toPrecision(17)))).toEqual({ met: false, exactly: true }); // oxfmt-ignore
    // Between the peak and the bound, a millionth above it: met, without whole numbers.
    expect(suiteMeets(comparison, polling, p * (1 + 5e-7))).toEqual({ met: true, exactly: false });
    expect(suiteMeets(comparison, polling, p + 0.01)).toEqual({ met: true, exactly: false });
    expect(suiteMeets(comparison, polling, p - 0.01)).toEqual({ met: false, exactly: false });
  });
});

describe('union of intersections', () => {
  const meets = (strata: readonly Stratum[], alpha: number) =>
    unionIntersectionMeets(strata, unionIntersection(strata), alpha);
  const stratum = (x: readonly number[], more: Partial<Stratum> = {}): Stratum => ({
    N: 100,
    x,
    upper: 1,
    u: 1,
    shift: 0,
    strategy: fixedBet(1),
    ...more,
  });
  test('a limit reached exactly at the tie of all strata', () => {
    // With replacement, weights of a half, bets of 1 on three ones in each: at eta = (a, 1 - a) T = (2 - a)^3 (1 + a)^3, least at the ends of the
    // line: 2^3 = 8, so that p = 0.125.
    const s = stratum([1, 1, 1], { N: Infinity, weight: 1 / 2, strategy: fixedBet(1) });
    // No bet may be more than 0.95/mu, which at the ends would be less than 1 for mu = 1.
    const p = unionIntersection([s, s]).p;
    expect(meets([s, s], p + 1e-13)).toEqual({ met: true, exactly: true });
    expect(meets([s, s], p - 1e-13)).toEqual({ met: false, exactly: true });
    // Half bets: T = (1 + (1 - a)/2)^n (1 + a/2)^m; at a = 0 and 1 it is (3/2)^n for n = m = 3: p = 8/27, at 1/2 it is (25/16)^3.
    const half = stratum([1, 1, 1], { N: Infinity, weight: 1 / 2, strategy: fixedBet(0.5) });
    const twice = stratum([1], { N: Infinity, weight: 1 / 2, strategy: fixedBet(0.25) });
    expect(unionIntersection([half, half]).p).toBeCloseTo(8 / 27, 12);
    // Bets of 1/4 on one draw each: T = (1 + (1 - a)/4)(1 + a/4), least 5/4 at the ends: p = 0.8, the decimal itself.
    expect(meets([twice, twice], 0.8)).toEqual({ met: true, exactly: true });
    expect(meets([twice, twice], 0.79999999999)).toEqual({ met: false, exactly: true });
  });
  test('without replacement, and with three strata: the exact road and the fast one agree', () => {
    const random = simulationRandom(9);
    for (let run = 0; run < 40; run++) {
      const strata = Array.from({ length: 2 + (run % 2) }, () =>
        stratum(Array.from({ length: 12 }, () => (random() < 0.8 ? 1 : random() < 0.5 ? 1 / 2 : 0))),
      );
      const { p } = unionIntersection(strata);
      if (p >= 1) continue;
      expect(meets(strata, p * (1 + 1e-11)), `run ${run}`).toEqual({ met: true, exactly: true }); // oxfmt-ignore
      expect(meets(strata, p * (1 - 1e-11)), `run ${run}`).toEqual({ met: false, exactly: true }); // oxfmt-ignore
    }
  });
  test('the history ends at the statistic', () => {
    const strata = [stratum([1, 1, 0, 1]), stratum([1, 1])];
    const history = unionIntersectionHistory(unionIntersection(strata));
    expect(history).toHaveLength(6);
    expect(history.at(-1)).toBe(unionIntersection(strata).statistic);
    expect(unionIntersectionHistory(unionIntersection([stratum([]), stratum([])]))).toHaveLength(0);
  });
});
