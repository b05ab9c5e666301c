// Bayesian risk-limiting audit (Vora 2019): half of the prior on the tie (the wrong outcome that is hardest to see), half spread evenly over
// every count that wins. The upset probability is the posterior of the tie, after n ballots for either of the two without replacement, k for the winner.
//
// The odds T = sum_x prior(x) L(x) / L(N/2) are a martingale if the contest is tied, so 1/T is a p-value whatever the schedule. The
// published rule stops at posterior 1/(1 + T) <= alpha, that is at T >= (1 - alpha)/alpha, which Ville's inequality bounds by alpha/(1 - alpha)
// only. We give both: `upset` as published, `p` as proved.
import { logFalling } from './binomial.ts';
import { BORDERLINE, compare, ratio, ratioOfDecimal, times, type Decision } from './exact.ts';

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
    x < k || N - x < n - k ? -Infinity : logFalling(x, k) + logFalling(N - x, n - k);
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

/** Is p at most alpha? Settled in whole numbers where p is within 1e-9 of it. */
export function brlaMeets(N: number, n: number, k: number, alpha: number): Decision {
  const { p } = brla(N, n, k);
  const exactly = Math.abs(p - alpha) < BORDERLINE;
  return { met: exactly ? oddsReach(N, n, k, alpha) : p <= alpha, exactly };
}

/**
 * alpha sum over x > tie of L(x) >= (N - tie) L(tie), with L(x) = C(x, k) C(N - x, n - k). L(x) is the number of choices of n + 1 of the numbers
 * 0 … N of which x is number k + 1 from below; so that all L(x) beyond the tie are the choices with at most k numbers up to it.
 */
function oddsReach(N: number, n: number, k: number, alpha: number): boolean {
  const tie = Math.floor(N / 2);
  const [upTo, beyond] = [tie + 1, N - tie];
  let sum = 0n;
  for (let i = 0; i <= k; i++) sum += choose(upTo, i) * choose(beyond, n + 1 - i);
  const owed = BigInt(N - tie) * choose(tie, k) * choose(N - tie, n - k);
  return compare(times(ratioOfDecimal(alpha), ratio(sum)), ratio(owed)) >= 0;
}

function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let c = 1n;
  for (let i = 1; i <= k; i++) c = (c * BigInt(n - k + i)) / BigInt(i);
  return c;
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
