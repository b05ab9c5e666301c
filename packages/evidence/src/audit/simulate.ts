// How many draws until the risk limit is met, if the paper is as assumed? Seeded simulation: the same seed gives the same plan.
import { drawWithout, play, type Null, type Random, type Strategy } from '../risk/index.ts';

/** What the remaining population is assumed to hold: values and how many cards have each. */
export interface Population {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

export interface Simulation {
  readonly h: Null;
  readonly strategy: Strategy;
  readonly population: Population;
  readonly alpha: number;
  readonly random: Random;
  readonly runs: number;
  /** Values already drawn, in order: every run starts from them. */
  readonly seen?: ArrayLike<number>;
  /** No run goes further than this many draws in all. */
  readonly most?: number;
}

/** Draws in all, one for each run, ascending. A run that does not end counts as `most`. */
export function simulateDraws(s: Simulation): Float64Array {
  const { h, population, alpha, random, runs, seen = [] } = s;
  const most = Math.min(s.most ?? Infinity, h.N);
  const goal = 1 / alpha;
  const draws = new Float64Array(runs);
  for (let run = 0; run < runs; run++) {
    const game = play(h, s.strategy);
    let T = 1;
    for (let i = 0; i < seen.length && T < goal; i++) T = game.draw(seen[i]!);
    const next =
      h.N === Infinity ? drawWith(population.counts, random) : drawWithout(population.counts, random);
    let n = seen.length;
    while (T < goal && n < most) {
      T = game.draw(population.values[next()]!);
      n++;
    }
    draws[run] = n;
  }
  return draws.sort();
}

function drawWith(counts: readonly number[], random: Random): () => number {
  const total = counts.reduce((a, b) => a + b, 0);
  return () => {
    let at = random() * total;
    let i = 0;
    while (i < counts.length - 1 && at >= counts[i]!) at -= counts[i++]!;
    return i;
  };
}

/** The draws that are enough in a share q of the runs. */
export const quantile = (ascending: ArrayLike<number>, q: number): number =>
  ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? 0;

export function mean(xs: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += xs[i]!;
  return xs.length === 0 ? 0 : sum / xs.length;
}
