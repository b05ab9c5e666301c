// Batches drawn with probability proportional to their error bound, *without* replacement (ALPHA, Stark 2023, section 4).
//
// e_b is the error a batch turned out to hold, u_b the largest it could, both as shares of the margin; the outcome is wrong exactly if all
// errors together come to 1 or more. With U the bounds of the batches not yet drawn, the next draw has taint e_b/u_b, and if the outcome is wrong
// the mean of x = 1 - taint is at most
//
//   mu_j = 1 - (1 - errors seen so far) / U
//
// A bet on x against mu_j is the same fair game as ever. The first occurrences of draws *with* replacement are such a sample too, so that it
// gets more out of the same draws than Kaplan-Markov (macro.ts), which is the bet 1/mu at a mu that never moves.
import {
  compare,
  minus,
  over,
  plus,
  ratio,
  ratioOfDecimal,
  ratioOfDouble,
  times,
  type Ratio,
} from './exact.ts';
import { pOf, type RiskHistory, type Strategy } from './martingale.ts';

export interface DrawnBatch {
  /** u_b: the largest error, as a share of the margin. */
  readonly bound: number;
  /** e_b: overstatement as a share of the margin; negative where it is an understatement. */
  readonly error: number;
}

const EPS = 1e-12;

/** `bounds` is the sum of u_b over all batches, `all` is true if the sample is the whole population. */
export function testBatches(
  drawn: readonly DrawnBatch[],
  bounds: number,
  all: boolean,
  strategy: Strategy,
): RiskHistory {
  if (!(bounds >= 1))
    throw new RangeError(`error bounds that add up to ${bounds} could not change the outcome`);
  const most = drawn.reduce((m, b) => (b.bound > 0 ? Math.max(m, 1 - b.error / b.bound) : m), 1);
  const bettor = strategy({ N: drawn.length + 1, t: 1 - 1 / bounds, u: most });
  const statistic = new Float64Array(drawn.length);
  const bets = new Float64Array(drawn.length);
  let T = 1;
  let left = bounds;
  let owed = 1; // what the rest must add up to for the outcome to be wrong
  for (const [i, { bound, error }] of drawn.entries()) {
    const x = bound <= 0 ? (error > 0 ? 0 : 1) : Math.max(0, 1 - error / bound);
    const mu = 1 - owed / left;
    if (owed > left * (1 + EPS)) T = T === 0 ? 0 : Infinity;
    else if (T !== Infinity && mu > EPS) {
      // Where mu is above 1 only understatements could help, and nothing is staked on them.
      const lambda = mu >= 1 ? 0 : Math.min(Math.max(0, bettor.bet(mu)), 1 / mu);
      bets[i] = lambda;
      T = Math.min(1e300, T * Math.max(0, 1 + lambda * (x - mu)));
    }
    bettor.see(x);
    statistic[i] = T;
    left -= bound;
    owed -= error;
  }
  // Everything is counted: the errors are known, and the outcome is right if they stay below 1.
  if (all && drawn.length > 0 && owed > EPS) statistic[drawn.length - 1] = Infinity;
  return { statistic, bets, p: pOf(statistic) };
}

/** Does the statistic reach 1/alpha, with the bets as placed and everything else in whole numbers? */
export function batchesReach(
  drawn: readonly { readonly bound: Ratio; readonly error: Ratio }[],
  bounds: Ratio,
  bets: ArrayLike<number>,
  alpha: number,
): boolean {
  const one = ratio(1n);
  const goal = over(one, ratioOfDecimal(alpha));
  let [T, left, owed] = [one, bounds, one];
  for (const [i, { bound, error }] of drawn.entries()) {
    if (compare(owed, left) > 0) return true;
    const x = bound.n <= 0n ? ratio(error.n > 0n ? 0n : 1n) : minus(one, over(error, bound));
    const mu = minus(one, over(owed, left));
    const f = plus(one, times(ratioOfDouble(bets[i]!), minus(x.n < 0n ? ratio(0n) : x, mu)));
    if (f.n <= 0n) return false;
    T = times(T, f);
    if (compare(T, goal) >= 0) return true;
    [left, owed] = [minus(left, bound), minus(owed, error)];
  }
  return false;
}
