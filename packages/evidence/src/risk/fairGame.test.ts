// The fair-game test. In every small population whose mean is exactly t, whatever has been drawn, the average of the statistic over the
// next draw equals the statistic now; and no bet goes against the assertion. Then Ville's inequality is the proof that the risk limit
// holds, at any size. Broken statistics, several of them found in use, are kept to show that the test sees them.
import { describe, expect, test } from 'vitest';
import { adaptive } from './adaptive.ts';
import { agrapa } from './agrapa.ts';
import { constantEta, fixedAlternative, truncatedShrinkage } from './alpha.ts';
import { cobra, cobraMixed } from './cobra.ts';
import { fixedBet } from './fixedBet.ts';
import { kaplanKolmogorov, kaplanMarkov, kaplanWald } from './kaplan.ts';
import { kelly } from './kelly.ts';
import { play, type Strategy } from './martingale.ts';
import { universal } from './universal.ts';

/** The statistic after these draws from a population of N (Infinity: with replacement) in [0, u]. */
type Statistic = (drawn: readonly number[], N: number, u: number) => number;

const statisticOf =
  (strategy: Strategy): Statistic =>
  (drawn, N, u) => {
    const game = play({ N, t: 1 / 2, u }, strategy);
    let T = 1;
    for (const x of drawn) T = game.draw(x);
    return T;
  };

interface Offence {
  readonly population: readonly number[];
  readonly drawn: readonly number[];
  readonly fault: string;
}

/** All multisets of n values with mean 1/2. */
function tied(values: readonly number[], n: number): number[][] {
  const found: number[][] = [];
  const go = (from: number, chosen: number[]): void => {
    if (chosen.length === n) {
      const sum = chosen.reduce((a, b) => a + b, 0);
      if (Math.abs(sum - n / 2) < 1e-9) found.push(chosen);
      return;
    }
    for (let i = from; i < values.length; i++) go(i, [...chosen, values[i]!]);
  };
  go(0, []);
  return found;
}

function offences(
  statistic: Statistic,
  values: readonly number[],
  replacement: boolean,
  largest: number,
): Offence[] {
  const u = Math.max(...values);
  const bad: Offence[] = [];
  for (let n = 1; n <= largest; n++) {
    for (const population of tied(values, n)) {
      const N = replacement ? Infinity : n;
      const walk = (drawn: readonly number[], left: readonly number[]): void => {
        const now = statistic(drawn, N, u);
        const next = [...new Set(left)].toSorted((a, b) => a - b);
        const after = next.map((x) => statistic([...drawn, x], N, u));
        let mean = 0;
        for (const [i, x] of next.entries())
          mean += (after[i]! * left.filter((y) => y === x).length) / left.length;
        if (!(Math.abs(mean - now) <= 1e-9 * Math.max(1, now)))
          bad.push({ population, drawn, fault: `the average is ${mean}, the statistic ${now}` });
        for (let i = 1; i < after.length; i++)
          if (after[i]! < after[i - 1]! - 1e-9 * Math.max(1, now))
            bad.push({ population, drawn, fault: `${next[i]} counts for less than ${next[i - 1]}` });
        if (drawn.length + 1 >= (replacement ? 3 : n)) return;
        for (const x of next) {
          const rest = [...left];
          if (!replacement) rest.splice(rest.indexOf(x), 1);
          walk([...drawn, x], rest);
        }
      };
      walk([], population);
    }
  }
  return bad;
}

const polling = [0, 1 / 2, 1];
const a = 1 / (2 - 1 / 2); // comparison at a margin of one half: 2/3 times 0, 1/2, 1, 3/2, 2
const comparison = [0, a / 2, a, (3 * a) / 2, 2 * a];
const pooled = [0, 1 / 4, 5 / 8, 3 / 4, 1]; // ONEAudit: cards of a pool and linked cards together
const tables: [string, readonly number[], number][] = [
  ['ballot polling', polling, 6],
  ['card comparison', comparison, 4],
  ['ONEAudit', pooled, 4],
];

const both: Record<string, Strategy> = {
  'ALPHA, truncated shrinkage, d = 10': truncatedShrinkage({ eta0: 0.6, d: 10 }),
  'ALPHA, truncated shrinkage, d = 1, eta0 near u': truncatedShrinkage({ eta0: 0.98, d: 1 }),
  'ALPHA, fixed alternative': fixedAlternative(0.7),
  'ALPHA, constant eta': constantEta(0.7),
  'fixed bet 1': fixedBet(1),
  'fixed bet 2: everything': fixedBet(2),
  aGRAPA: agrapa({ lambda1: 0.5, c0: 0.5, cMax: 0.99, grow: 1 }),
  'Kelly for a population': kelly({ values: [0, 1 / 2, 1], weights: [3, 1, 5] }),
  'Kelly, everything on it': kelly({ values: [1], weights: [1] }),
  COBRA: cobra(1.1, 0.01),
  'COBRA, one- and two-vote': cobraMixed(1.1, 0.01, 0.01),
  adaptive: adaptive({ noError: a, maxLoss: 0.9 }),
  'adaptive with a prior': adaptive({
    noError: a,
    maxLoss: 0.99,
    prior: { values: [a, 0, a / 2], weights: [10, 0.1, 0.2] },
  }),
  'universal portfolio': universal(20),
};

describe('a fair game', () => {
  for (const [table, values, largest] of tables) {
    test.each(Object.entries(both))(`${table}, without replacement: %s`, (_, strategy) => {
      expect(offences(statisticOf(strategy), values, false, largest)).toEqual([]);
    });
    test.each([
      ...Object.entries(both),
      ['Kaplan-Wald', kaplanWald(0.1)],
      ['Kaplan-Markov', kaplanMarkov(0.1)],
    ] as [string, Strategy][])(`${table}, with replacement: %s`, (_, strategy) => {
      expect(offences(statisticOf(strategy), values, true, Math.min(largest, 4))).toEqual([]);
    });
    test.each([0, 0.1, 1])(`${table}: Kaplan-Kolmogorov, g = %f`, (g) => {
      expect(offences(statisticOf(kaplanKolmogorov(g)), values, false, largest)).toEqual([]);
    });
  }
  test('there are populations to play on', () => {
    // Of six ballots as many ones as zeros: none, one, two or three of each.
    expect(tied(polling, 6)).toHaveLength(4);
    for (const [, values, largest] of tables) expect(tied(values, largest).length).toBeGreaterThanOrEqual(4);
  });
});

/** Bets of 1.5 unless said otherwise; each version is broken in one place. */
const broken: Record<string, Statistic> = {
  'mu is not what is left': (drawn) => drawn.reduce((T, x) => T * (1 + 1.5 * (x - 1 / 2)), 1),
  'a fortune of 0 is revived as 1': (drawn, N) => {
    let S = 0;
    let T = 1;
    for (const [j, x] of drawn.entries()) {
      const mu = N === Infinity ? 1 / 2 : (N / 2 - S) / (N - j);
      T *= mu <= 0 || mu >= 1 ? 1 : 1 + (x - mu) / mu;
      if (T === 0) T = 1;
      S += x;
    }
    return T;
  },
  'the bet has seen the draw': (drawn, N) => {
    let S = 0;
    let T = 1;
    for (const [j, x] of drawn.entries()) {
      const mu = N === Infinity ? 1 / 2 : (N / 2 - S) / (N - j);
      T *= x > mu ? 1 + (x - mu) : 1;
      S += x;
    }
    return T;
  },
  'the bet goes against the assertion': (drawn, N) => {
    let S = 0;
    let T = 1;
    for (const [j, x] of drawn.entries()) {
      const mu = N === Infinity ? 1 / 2 : (N / 2 - S) / (N - j);
      T *= 1 - (x - mu) / 2;
      S += x;
    }
    return T;
  },
  'the product is taken twice (a published SPRT)': (drawn) => {
    let T = 1;
    let product = 1;
    for (const x of drawn) {
      product *= 1 + 0.5 * (x - 1 / 2);
      T *= product;
    }
    return T;
  },
  'N is one too many': (drawn, N) => {
    let S = 0;
    let T = 1;
    for (const [j, x] of drawn.entries()) {
      const mu = ((N + 1) / 2 - S) / (N + 1 - j);
      T *= 1 + 0.5 * (x - mu);
      S += x;
    }
    return N === Infinity ? 1 : T;
  },
};

describe('the fair-game test sees what is broken', () => {
  test.each(Object.entries(broken))('%s', (_, statistic) => {
    const seen = [false, true].flatMap((replacement) => offences(statistic, polling, replacement, 4));
    expect(seen).not.toEqual([]);
  });
});
