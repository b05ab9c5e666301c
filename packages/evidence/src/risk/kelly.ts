// Kelly: the bet that grows fastest if the population is what we think it is (Kelly 1956; the a-priori Kelly bets of Spertus, Glazer,
// Stark, "Dice, but don't slice", 2025, take the reported votes for the population).
//
// The bet maximises sum_i w_i ln(1 + lambda (x_i - mu)) over [0, cap]; its slope sum_i w_i (x_i - mu) / (1 + lambda (x_i - mu)) falls in lambda.
import type { Strategy } from './martingale.ts';

/** A population as its different values, each with how many have it (or any multiple of that). */
export interface Assumed {
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

/** The Kelly bet at null mean `mu`, at most `cap`. `start` is where to begin the search. */
export function kellyBet(
  values: ArrayLike<number>,
  weights: ArrayLike<number>,
  mu: number,
  cap: number,
  start = cap / 2,
): number {
  let slope0 = 0;
  for (let i = 0; i < values.length; i++) slope0 += weights[i]! * (values[i]! - mu);
  if (slope0 <= 0) return 0;
  let low = 0;
  let high = cap;
  let bend = 0;
  if (slopeAt(high) >= 0) return high;
  let lambda = start > low && start < high ? start : high / 2;
  // Newton's step, or halving where it would leave the bracket.
  for (let step = 0; step < 100 && high - low > 1e-14 * high; step++) {
    const slope = slopeAt(lambda);
    if (slope > 0) low = lambda;
    else high = lambda;
    const newton = lambda - slope / bend;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - lambda) <= 1e-14 * lambda) return next;
    lambda = next;
  }
  return lambda;

  /** Leaves the slope's own slope in `bend`. */
  function slopeAt(l: number): number {
    let slope = 0;
    bend = 0;
    for (let i = 0; i < values.length; i++) {
      if (weights[i] === 0) continue;
      const edge = values[i]! - mu;
      const r = edge / (1 + l * edge);
      slope += weights[i]! * r;
      bend -= weights[i]! * r * r;
    }
    return slope;
  }
}

/** Kelly bets for an assumed population, kept at most at maxLoss/mu so that no single draw can take everything. */
export const kelly =
  ({ values, weights }: Assumed, maxLoss = 1): Strategy =>
  () => {
    let last = 0;
    let lastMu = Number.NaN;
    return {
      bet(mu) {
        if (mu <= 0) return 0;
        if (mu !== lastMu) last = kellyBet(values, weights, mu, maxLoss / mu, last);
        lastMu = mu;
        return last;
      },
      see: () => {},
    };
  };
