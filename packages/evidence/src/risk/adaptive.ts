// Adaptive betting for comparisons: Kelly bets on the share of each discrepancy as seen so far, so that an audit which meets errors
// bets less and one which meets none bets almost everything.
//
// `maxLoss` below 1 is what keeps a single two-vote overstatement (value 0) from taking everything: the bet is at most maxLoss/mu, so the
// statistic is multiplied by 1 - maxLoss at worst.
import { kellyBet, type Assumed } from './kelly.ts';
import type { Strategy } from './martingale.ts';

export interface Adaptive {
  /** The value of a card without error: 1/(2 - v/u). */
  readonly noError: number;
  readonly maxLoss: number;
  /** What is expected before the first draw, in cards: 100 cards of which 0.1 with value 0… Absent: no errors. */
  readonly prior?: Assumed;
}

export const adaptive =
  ({ noError, maxLoss, prior }: Adaptive): Strategy =>
  () => {
    const values = [noError, ...(prior?.values ?? [])];
    const weights = [0, ...(prior?.weights ?? [])];
    let last = 0;
    let seen = prior !== undefined;
    return {
      bet(mu) {
        if (mu <= 0) return 0;
        const cap = maxLoss / mu;
        if (!seen) last = noError > mu ? cap : 0;
        else
          last = weights.every((w, i) => w === 0 || values[i]! > mu)
            ? cap
            : kellyBet(values, weights, mu, cap, last);
        return last;
      },
      see(x) {
        // Values are few (seven discrepancies, and the pools' means); nearer than 1e-12 they are the same.
        let i = values.findIndex((v) => Math.abs(v - x) < 1e-12);
        if (i < 0) {
          i = values.push(x) - 1;
          weights.push(0);
        }
        weights[i]!++;
        seen = true;
      },
    };
  };
