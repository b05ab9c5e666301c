// The fair-game test for what is drawn with unequal chances or counted in rounds: every small wrong outcome, every draw.
import { describe, expect, test } from 'vitest';
import { adaptive } from './adaptive.ts';
import { batchesReach, testBatches, type DrawnBatch } from './batches.ts';
import { brla } from './bayesian.ts';
import { bravo } from './bravo.ts';
import { ratio, type Ratio } from './exact.ts';
import { fixedBet } from './fixedBet.ts';
import { macro } from './macro.ts';
import { minerva, minervaKmins, providence } from './minerva.ts';
import { binomial } from './binomial.ts';
import { simulationRandom } from './random.ts';
import { inverseBet, unionIntersection, vertexNulls, type Stratum } from './uits.ts';
import { kelly } from './kelly.ts';
import { comparisonRisk, pollingRisk } from './suite.ts';
import { superSimpleByCard, superSimpleRisk } from './superSimple.ts';

/** Batches whose errors come to exactly 1: the outcome is a tie. Bounds and errors in twelfths. */
const wrong: DrawnBatch[][] = [
  [
    [12, 12],
    [6, 0],
    [18, 0],
  ],
  [
    [12, 3],
    [12, 4],
    [6, 5],
  ],
  [
    [9, 9],
    [9, 9],
    [9, -6],
    [3, 0],
  ],
  [
    [8, 8],
    [8, 4],
    [8, 0],
    [8, 0],
  ],
  [
    [24, -3],
    [12, 12],
    [6, 3],
  ],
].map((batches) => batches.map(([bound, error]) => ({ bound: bound! / 12, error: error! / 12 })));

const strategies = {
  adaptive: adaptive({ noError: 1, maxLoss: 0.9 }),
  'everything on no error': adaptive({ noError: 1, maxLoss: 1 }),
  'fixed bet': fixedBet(0.7),
};

type Rule = (drawn: readonly DrawnBatch[], U: number) => number;

/** The largest gap between the average over the next draw (chances as the bounds) and now; and whether less error ever counts less. */
function unfair(batches: readonly DrawnBatch[], replacement: boolean, rule: Rule): number {
  const U = batches.reduce((s, b) => s + b.bound, 0);
  let worst = 0;
  const walk = (drawn: readonly DrawnBatch[], left: readonly DrawnBatch[]): void => {
    const all = left.reduce((s, b) => s + b.bound, 0);
    const now = drawn.length === 0 ? 1 : rule(drawn, U);
    const mean = left.reduce((s, b) => s + (b.bound / all) * rule([...drawn, b], U), 0);
    worst = Math.max(worst, Math.abs(mean - now));
    if (drawn.length >= (replacement ? 3 : batches.length - 1)) return;
    for (const b of left) walk([...drawn, b], replacement ? left : left.filter((x) => x !== b));
  };
  walk([], batches);
  return worst;
}

describe('batches in proportion to their bounds: a fair game', () => {
  test.each(Object.entries(strategies))('without replacement: %s', (_, strategy) => {
    for (const batches of wrong)
      expect(
        unfair(batches, false, (drawn, U) =>
          testBatches(drawn, U, drawn.length === batches.length, strategy).statistic.at(-1)!,
        ),
      ).toBeLessThan(1e-9);
  });
  test('MACRO, with replacement: exactly fair without understatements, never better than fair with them', () => {
    const last: Rule = (drawn, U) =>
      macro(
        U,
        drawn.map((b) => b.error / b.bound),
      ).statistic.at(-1)!;
    for (const batches of wrong.filter((bs) => bs.every((b) => b.error >= 0)))
      expect(unfair(batches, true, last)).toBeLessThan(1e-9);
    for (const batches of wrong) {
      const U = batches.reduce((s, b) => s + b.bound, 0);
      const mean = batches.reduce((s, b) => s + (b.bound / U) * last([b], U), 0);
      expect(mean).toBeLessThanOrEqual(1 + 1e-12);
    }
  });
  test('a taint left above 1 is not fair (a deployed tool)', () => {
    const negative: Rule = (drawn, U) =>
      drawn.reduce((T, b) => T * ((1 - b.error / b.bound) / (1 - 1 / U)), 1);
    const twoWrong: Rule = (drawn, U) => Math.abs(negative(drawn, U));
    const combined = [
      [12, 24],
      [6, -12],
      [18, 0],
    ].map(([bound, error]) => ({ bound: bound! / 12, error: error! / 12 }));
    expect(unfair(combined, true, twoWrong)).toBeGreaterThan(0.1);
  });
  test('draws without replacement at probabilities as if with are not fair', () => {
    const forgets: Rule = (drawn, U) =>
      drawn.reduce((T, b) => (T * Math.max(0, 1 - b.error / b.bound)) / (1 - 1 / U), 1);
    expect(wrong.some((batches) => unfair(batches, false, forgets) > 0.01)).toBe(true);
  });
  test('everything drawn: right if the errors stay below the margin, by whole numbers too', () => {
    const batches = [
      { bound: 0.9, error: 0.1 },
      { bound: 0.6, error: 0.2 },
    ];
    expect(testBatches(batches, 1.5, true, fixedBet(0)).p).toBe(0);
    expect(
      testBatches(
        [
          { bound: 0.9, error: 0.8 },
          { bound: 0.6, error: 0.2 },
        ],
        1.5,
        true,
        fixedBet(0),
      ).p,
    ).toBe(1);
  });
  test('the exact road gives the same statistic', () => {
    const tenths = [
      [9, 1],
      [6, 2],
    ];
    const { bets, p } = testBatches(
      tenths.map(([u, e]) => ({ bound: u! / 10, error: e! / 10 })),
      2,
      false,
      fixedBet(0.5),
    );
    const exact = tenths.map(([u, e]) => ({ bound: ratio(u!, 10), error: ratio(e!, 10) }));
    expect(p).toBeGreaterThan(0.5);
    expect(batchesReach(exact, ratio(2), bets, p - 1e-6)).toBe(false);
    expect(batchesReach(exact, ratio(2), bets, p + 1e-6)).toBe(true);
  });
});

describe('BRAVO and the Bayesian odds are fair games in a tie', () => {
  test('BRAVO', () => {
    for (const votes of [[], [true], [false, true], [true, true, false]]) {
      const last = (v: readonly boolean[]): number => bravo({ winner: 3, loser: 2 }, v).statistic.at(-1) ?? 1;
      expect((last([...votes, true]) + last([...votes, false])) / 2).toBeCloseTo(last(votes), 12);
    }
  });
  test('the prior odds of a win against a tie, without replacement', () => {
    const N = 12;
    for (let n = 0; n < N; n++)
      for (let k = Math.max(0, n - N / 2); k <= Math.min(n, N / 2); k++) {
        const up = (N / 2 - k) / (N - n);
        const next =
          (up > 0 ? up * brla(N, n + 1, k + 1).odds : 0) + (up < 1 ? (1 - up) * brla(N, n + 1, k).odds : 0);
        const { odds } = brla(N, n, k);
        // Where a tie leaves only one side, a win could still show the other: the odds then fall.
        if (up > 0 && up < 1) expect(next, `${k} of ${n}`).toBeCloseTo(odds, 9);
        else expect(next, `${k} of ${n}`).toBeLessThanOrEqual(odds * (1 + 1e-9));
      }
  });
});

describe('round by round', () => {
  test('Providence keeps its limit whatever size the second round is given after the first', () => {
    const rule = { p1: 0.6, alpha: 0.1 };
    const first = 40;
    const d = binomial(first, 0.5);
    let stops = 0;
    for (const [i, mass] of d.mass.entries()) {
      const k = d.from + i;
      const [r1] = providence(rule, [{ n: first, k }]);
      if (r1!.met) {
        stops += mass;
        continue;
      }
      // The size that is best for a wrong outcome, chosen knowing k.
      let best = 0;
      for (let m = 5; m <= 60; m += 5) {
        const second = binomial(m, 0.5);
        const kmin = providence(rule, [
          { n: first, k },
          { n: first + m, k },
        ]).at(-1)!.kmin;
        let chance = 0;
        for (const [j, q] of second.mass.entries()) if (k + second.from + j >= kmin) chance += q;
        best = Math.max(best, chance);
      }
      stops += mass * best;
    }
    expect(stops).toBeGreaterThan(0.02);
    expect(stops).toBeLessThanOrEqual(0.1);
  });
  test('whoever knows the order of one draw can choose where a Minerva round ends: why each needs its own seed', () => {
    const random = simulationRandom(61);
    const sizes = Array.from({ length: 20 }, (_, i) => 10 * (i + 1));
    const kmins = sizes.map((n) => minervaKmins({ p1: 0.6, alpha: 0.1 }, [n])[0]!);
    let fooled = 0;
    for (let run = 0; run < 1000; run++) {
      let k = 0;
      let best = false;
      for (let i = 0; i < 200; i++) {
        if (random() < 0.5) k++;
        const at = sizes.indexOf(i + 1);
        if (at >= 0 && k >= kmins[at]!) best = true;
      }
      if (best) fooled++;
    }
    expect(fooled / 1000).toBeGreaterThan(0.15);
  });
  test('p falls as the winner has more', () => {
    for (const f of [minerva, providence]) {
      const ps = Array.from({ length: 51 }, (_, k) => f({ p1: 0.7, alpha: 0.1 }, [{ n: 50, k }])[0]!.p);
      for (let k = 1; k < ps.length; k++) expect(ps[k]).toBeLessThanOrEqual(ps[k - 1]! * (1 + 1e-9));
      expect(Math.min(...ps)).toBeGreaterThan(0);
    }
  });
});

describe('union of intersections', () => {
  test('vertices of equal strata: 2, 6, 6, 30, 20 (UI-TS)', () => {
    expect(
      [2, 3, 4, 5, 6].map(
        (K) =>
          vertexNulls(
            Array.from({ length: K }, () => 1 / K),
            Array.from({ length: K }, () => 1),
          ).length,
      ),
    ).toEqual([2, 6, 6, 30, 20]);
  });
  test('in a tie the least T is at most 1 on average, whatever the sizes of the samples', () => {
    const stratum = (x: readonly number[]): Stratum => ({
      N: 3,
      x,
      upper: 1,
      u: 1,
      shift: 0,
      strategy: kelly({ values: [0, 1 / 2, 1], weights: [1, 1, 3] }),
    });
    // Every order of 0, 1/2, 1 in both strata; and of 1/2, 1, 1 against 0, 0, 1/2.
    const orders = (a: number, b: number, c: number) => [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ];
    for (const [one, two] of [
      [orders(0, 0.5, 1), orders(0, 0.5, 1)],
      [orders(0.5, 1, 1), orders(0, 0, 0.5)],
    ] as const)
      for (const n of [1, 2])
        for (const m of [0, 1, 2]) {
          let mean = 0;
          for (const a of one)
            for (const b of two)
              mean += unionIntersection([stratum(a.slice(0, n)), stratum(b.slice(0, m))], 10).statistic / 36;
          expect(mean, `${n} and ${m} drawn`).toBeLessThanOrEqual(1 + 1e-9);
        }
  });
  test('three strata without error are confirmed, and a swap between two of them is not', () => {
    const stratum = (x: number, reported: number): Stratum => ({
      N: 1000,
      x: Array.from({ length: 200 }, () => x),
      upper: 2,
      u: 1,
      shift: 1 - reported,
      strategy: inverseBet(0.5),
    });
    const right = unionIntersection([stratum(1, 0.7), stratum(1, 0.7), stratum(1, 0.7)]);
    expect(right.p).toBeLessThan(0.05);
    const wrong = unionIntersection([stratum(0.4, 0.7), stratum(1, 0.7), stratum(1, 0.7)]);
    expect(wrong.p).toBeGreaterThan(0.05);
  });
  test('weights must be a whole', () => {
    const one: Stratum = {
      N: Infinity,
      weight: 0.6,
      x: [],
      upper: 1,
      u: 1,
      shift: 0,
      strategy: inverseBet(0.5),
    };
    expect(() => unionIntersection([one, one])).toThrow(RangeError);
    expect(() => unionIntersection([])).toThrow(RangeError);
  });
});

describe('Kaplan-Markov super-simple and the two halves of SUITE', () => {
  // Ten cards, margin V = 2 in two strata's worth of errors: gamma 1.1.
  const contest = { margin: 2, cards: 10, gamma: 1.1 };
  test('by card: the average over a draw from ten cards whose errors undo the margin is what was there', () => {
    // e = overstatement / V adds up to 1 over the cards: the outcome is a tie.
    for (const votes of [
      [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      [2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [2, 1, 1, -1, -1, 0, 0, 0, 0, 0],
      [2, 2, -2, 0, 0, 0, 0, 0, 0, 0],
    ])
      // oxfmt-ignore
      for (const before of [[], [ratio(0)], [ratio(1, 2), ratio(0)]]) {
        const T = (errors: readonly Ratio[]): number => superSimpleByCard(contest, errors).statistic.at(-1) ?? 1; // oxfmt-ignore
        const mean = votes.reduce((sum, v) => sum + T([...before, ratio(v, 2)]), 0) / 10;
        expect(mean, votes.join()).toBeCloseTo(T(before), 12);
      }
  });
  test('by counts it is never better than fair', () => {
    for (const votes of [
      [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      [2, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [2, 1, 1, -1, -1, 0, 0, 0, 0, 0],
    ]) {
      // oxfmt-ignore
      const T = (v: readonly number[]): number => {
        const count = (k: number): number => v.filter((x) => x === k).length;
        const d = { n: v.length, o1: count(1), o2: count(2), u1: count(-1), u2: count(-2) };
        // 1/p, whatever it is above: p itself is cut at 1.
        return (1 - 1 / 11) ** -d.n * (1 - 1 / 2.2) ** d.o1 * (1 - 1 / 1.1) ** d.o2 * (1 + 1 / 2.2) ** d.u1 * (1 + 1 / 1.1) ** d.u2; // oxfmt-ignore
      };
      expect(votes.reduce((sum, v) => sum + T([v]), 0) / 10, votes.join()).toBeLessThanOrEqual(1 + 1e-12);
      for (const d of [
        [0, 0, 0],
        [1, 0, 0, 0, 0, 0],
        [-1, 0],
      ]) {
        // oxfmt-ignore
        const count = (k: number): number => d.filter((x) => x === k).length;
        expect(superSimpleRisk(contest, { n: d.length, o1: count(1), o2: count(2), u1: count(-1), u2: count(-2) })).toBeCloseTo(Math.min(1, 1 / T(d)), 12); // oxfmt-ignore
      }
    }
  });
  test('the comparison half: the same game against an overstatement of e votes in its stratum', () => {
    const stratum = { cards: 10, winner: 6, loser: 4 };
    const p = (o1: number, n: number): number => comparisonRisk({ ...stratum, discrepancies: { n, o1, o2: 0, u1: 0, u2: 0 } }, 2, 1.1); // oxfmt-ignore
    // Two of ten cards overstate by one vote. With an error the game has (1 - 1/2.2)/(1 - 1/11) = 0.6, of which p is cut at 1.
    expect(p(1, 1)).toBe(1);
    expect(0.2 * ((1 - 1 / 2.2) / (1 - 1 / 11)) + 0.8 / p(0, 1)).toBeCloseTo(1, 12);
  });
  test('the polling half: p at most alpha in at most a share alpha of all samples of every stratum that the null allows', () => {
    // Twelve cards reported 7 to 3; the null: a lead of 1 or less. Every stratum with such a lead, every sample of six.
    const reported = { cards: 12, winner: 7, loser: 3 };
    for (let w = 0; w <= 6; w++)
      for (let l = Math.max(0, w - 1); w + l <= 12; l++) {
        const alphas = [0.1, 0.2, 0.5];
        const shares = alphas.map(() => 0);
        for (let a = 0; a <= Math.min(6, w); a++)
          for (let b = 0; b <= Math.min(6 - a, l); b++) {
            const r = 6 - a - b;
            if (r > 12 - w - l) continue;
            const chance = (choose(w, a) * choose(l, b) * choose(12 - w - l, r)) / choose(12, 6);
            const p = pollingRisk({ ...reported, sample: { n: 6, winner: a, loser: b } }, 1);
            for (const [i, alpha] of alphas.entries()) if (p <= alpha) shares[i]! += chance;
          }
        for (const [i, alpha] of alphas.entries())
          expect(shares[i], `${w} to ${l} at ${alpha}`).toBeLessThanOrEqual(alpha + 1e-12);
      }
  });
});

function choose(n: number, k: number): number {
  let c = 1;
  for (let i = 1; i <= k; i++) c = (c * (n - k + i)) / i;
  return k < 0 || k > n ? 0 : Math.round(c);
}
