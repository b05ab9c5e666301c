// aGRAPA, approximate growth rate adaptive to the particular alternative (Waudby-Smith and Ramdas, "Estimating means of
// bounded random variables by betting", 2023, section B.3): bet as if the mean and variance seen so far were the true ones.
import type { Strategy } from './martingale.ts';

export interface Agrapa {
  /** The first bet, when nothing has been seen. */
  readonly lambda1: number;
  /** A bet is at most c_j / mu_j, and c_j grows from c0 to cMax: c_j = c0 + (cMax - c0) (1 - 1/(1 + grow sqrt(j - 1))). */
  readonly c0: number;
  readonly cMax: number;
  readonly grow: number;
}

export const agrapa =
  ({ lambda1, c0, cMax, grow }: Agrapa): Strategy =>
  () => {
    let n = 0;
    let mean = 0;
    let squares = 0; // sum of squared deviations (Welford)
    return {
      bet(mu) {
        const c = c0 + (cMax - c0) * (1 - 1 / (1 + grow * Math.sqrt(n)));
        const edge = mean - mu;
        const lambda = n === 0 ? lambda1 : edge <= 0 ? 0 : edge / (squares / n + edge * edge);
        return Math.max(0, Math.min(lambda, c / mu));
      },
      see(x) {
        n++;
        const d = x - mean;
        mean += d / n;
        squares += d * (x - mean);
      },
    };
  };
