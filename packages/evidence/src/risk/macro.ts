// MACRO with PPEB: batch comparison as Georgia's and Pennsylvania's audits run it (Stark, "Auditing a collection of races
// simultaneously", 2009; "Efficient post-election audits of multiple contests", 2009).
//
// A batch is drawn with probability u_b/U, with replacement, where u_b is the largest error it can hold. If the outcome is wrong the
// errors add up to at least 1, so the mean taint e_b/u_b of a draw is at least 1/U, and
//
//   p = prod over draws (1 - 1/U) / (1 - e_b/u_b)                                                            (Kaplan-Markov)
//
// Every draw counts, also the second of the same batch. A negative taint counts as 0. A taint of 1 or more means that the draw proves
// nothing: the statistic is 0 from there on. (A deployed tool multiplies by the negative number it then gets, and calls the risk met.)
import {
  compare,
  decide,
  minus,
  over,
  product,
  ratio,
  ratioOfDecimal,
  type Decision,
  type Ratio,
} from './exact.ts';
import { pOf, type RiskHistory } from './martingale.ts';

const asNumber = (r: Ratio): number => Number(r.n) / Number(r.d);

/** `U` is the sum of all error bounds; `taints` has one e_b/u_b for each draw. */
export function macro(U: number, taints: readonly number[]): RiskHistory {
  if (!(U >= 1)) throw new RangeError(`error bounds that add up to ${U} could not change the outcome`);
  const statistic = new Float64Array(taints.length);
  let T = 1;
  for (const [i, taint] of taints.entries()) {
    if (Number.isNaN(taint)) throw new RangeError(`draw ${i + 1} has no taint`);
    T *= Math.max(0, 1 - Math.max(0, taint)) / (1 - 1 / U);
    statistic[i] = T;
  }
  return { statistic, bets: new Float64Array(taints.length), p: pOf(statistic) };
}

/** The same decision in whole numbers, where the p-value of all draws together is too near alpha. */
export function macroMeets(U: Ratio, taints: readonly Ratio[], alpha: number): Decision {
  const one = ratio(1n);
  const zero = ratio(0n);
  const { statistic, p } = macro(asNumber(U), taints.map(asNumber));
  return decide(p, alpha, () => {
    const step = minus(one, over(one, U));
    const fs = taints.map((t) => {
      const kept = minus(one, compare(t, zero) > 0 ? t : zero);
      return kept.n <= 0n ? zero : over(kept, step);
    });
    const goal = over(one, ratioOfDecimal(alpha));
    return statistic.some((T, i) => T * alpha > 1 - 1e-6 && compare(product(fs.slice(0, i + 1)), goal) >= 0);
  });
}

/** Draws needed if no batch is in error: ceil(ln alpha / ln(1 - 1/U)). Georgia's and Pennsylvania's tool adds one. */
export const macroDraws = (U: number, alpha: number): number =>
  Math.ceil(Math.log(alpha) / Math.log1p(-1 / U));
