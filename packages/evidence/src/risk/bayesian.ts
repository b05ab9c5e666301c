// Bayesian risk-limiting audit (Vora 2019): half of the prior on the tie (the wrong outcome that is hardest to see), half spread evenly over
// every count that wins. The upset probability is the posterior of the tie, after n ballots for either of the two without replacement, k for the winner.
//
// The odds T = sum_x prior(x) L(x) / L(N/2) are a martingale if the contest is tied, so 1/T is a p-value whatever the schedule. The
// published rule stops at posterior 1/(1 + T) <= alpha, that is at T >= (1 - alpha)/alpha, which Ville's inequality bounds by alpha/(1 - alpha)
// only. We give both: `upset` as published, `p` as proved.
import { logGamma } from './binomial.ts';

export interface Brla {
  /** The probability that the outcome is wrong, given the prior and the sample. */
  readonly upset: number;
  /** min(1, 1/T). */
  readonly p: number;
  /** T: prior odds are even. */
  readonly odds: number;
}

/** `N` ballots for either of the two, of which n were drawn and k of those for the winner. */
export function brla(N: number, n: number, k: number): Brla {
  if (!(n <= N && k >= 0 && k <= n)) throw new RangeError(`no sample: ${k} of ${n} of ${N}`);
  const tie = Math.floor(N / 2);
  // ln of C(x, k) C(N - x, n - k), without what does not depend on x.
  const log = (x: number): number =>
    x < k || N - x < n - k
      ? -Infinity
      : logGamma(x + 1) - logGamma(x - k + 1) + logGamma(N - x + 1) - logGamma(N - x - n + k + 1);
  const base = log(tie);
  if (base === -Infinity) return { upset: 0, p: 0, odds: Infinity }; // no tie could have given this sample
  // The likelihood is log-concave in x: start at its peak and go both ways by ratios until they no longer count.
  const first = tie + 1;
  const peak = Math.min(N - (n - k), Math.max(first, n === 0 ? first : Math.floor((N + 1) * (k / n))));
  if (peak < first) return { upset: 1, p: 1, odds: 0 };
  let sum = 1;
  for (let x = peak, r = 1; x < N; x++) {
    r *= ((x + 1) / (x + 1 - k)) * ((N - x - n + k) / (N - x));
    if (r < 1e-18) break;
    sum += r;
  }
  for (let x = peak, r = 1; x > first; x--) {
    r *= ((x - k) / x) * ((N - x + 1) / (N - x + 1 - n + k));
    if (r < 1e-18) break;
    sum += r;
  }
  const odds = (Math.exp(log(peak) - base) * sum) / (N - tie);
  return { upset: 1 / (1 + odds), p: Math.min(1, 1 / odds), odds };
}

/** The least votes for the winner among n at which the upset probability is at most `risk`; Infinity where none are. */
export function brlaKmin(N: number, n: number, risk: number): number {
  let [low, high] = [-1, n + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (brla(N, n, middle).upset <= risk) high = middle;
    else low = middle;
  }
  return high > n ? Infinity : high;
}
