// SUITE (Ottoboni, Stark, Lindeman, McBurnett 2018): one stratum by card comparison, one by ballot polling, in one contest, one pair.
//
// If the outcome is wrong, there is a whole number of votes e such that the comparison stratum overstates the margin V by at least e and the
// polling stratum by at least V - e. For each e both are tested and combined by Fisher; the p-value is the largest over e.
//
// In e the first p-value falls and the second rises, so over an interval [a, b] the combination is at most Fisher(p1(a), p2(b)).
// We halve intervals until that bound is within 1e-6 of a value reached, and report the bound: unlike a grid it cannot miss the peak.
import { logFalling } from './binomial.ts';
import { fisher } from './fisher.ts';
import { GAMMA, type Discrepancies } from './superSimple.ts';

export interface ComparisonStratum {
  readonly cards: number;
  /** Reported votes of the pair in this stratum. */
  readonly winner: number;
  readonly loser: number;
  readonly discrepancies: Discrepancies;
}

export interface PollingStratum {
  readonly cards: number;
  readonly winner: number;
  readonly loser: number;
  /** Cards drawn, without replacement, and what they showed. A card that cannot be found counts as a vote for the loser. */
  readonly sample: { readonly n: number; readonly winner: number; readonly loser: number };
}

export interface Suite {
  readonly p: number;
  /** Where the largest p-value was found: votes overstated in the comparison stratum. */
  readonly overstated: number;
}

/** The bound is reported within this of the largest value reached. */
const SLACK = 1e-6;
const LEAST = 1e-300;

/** Kaplan-Markov for "the stratum overstates the margin by at least e votes" (SUITE, section 2.2). */
export function comparisonRisk(s: ComparisonStratum, e: number, gamma = GAMMA): number {
  const { n, o1, o2, u1, u2 } = s.discrepancies;
  if (e <= 0) return 1; // an overstatement of nothing is no surprise
  const step = 1 - e / (2 * gamma * s.cards);
  if (step <= 0) return n > 0 ? 0 : 1;
  const log =
    n * Math.log(step) -
    o1 * Math.log1p(-1 / (2 * gamma)) -
    o2 * Math.log1p(-1 / gamma) -
    u1 * Math.log1p(1 / (2 * gamma)) -
    u2 * Math.log1p(1 / gamma);
  return Math.min(1, Math.max(LEAST, Math.exp(log)));
}

/**
 * Wald's test without replacement of "the pair's margin in the stratum is at most c votes", against the votes as reported (SUITE, section 2.3):
 *   p = max over N_w of (N_w)_a (N_w - c)_b (N - 2 N_w + c)_r / [ (V_w)_a (V_l)_b (V_u)_r ],  (x)_k falling factorials,
 * for a sample of a votes for the winner, b for the loser, r others. Its logarithm is concave in the nuisance N_w.
 */
export function pollingRisk(s: PollingStratum, c: number): number {
  const { winner: a, loser: b } = s.sample;
  const r = s.sample.n - a - b;
  if (r < 0) throw new RangeError(`${a} + ${b} votes on ${s.sample.n} cards`);
  const others = s.cards - s.winner - s.loser;
  if (c >= s.winner - s.loser) return 1;
  // More seen than reported there are: the alternative is refuted, and the test can say nothing against the null.
  if (a > s.winner || b > s.loser || r > others) return 1;
  const alternative = logFalling(s.winner, a) + logFalling(s.loser, b) + logFalling(others, r);
  let low = Math.max(a, b + c, c, 0);
  let high = Math.min(Math.floor((s.cards + c - r) / 2), s.cards);
  if (high < low) return 0; // no such stratum could have given this sample
  const log = (w: number): number =>
    logFalling(w, a) + logFalling(w - c, b) + logFalling(s.cards - 2 * w + c, r);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (log(middle) < log(middle + 1)) low = middle + 1;
    else high = middle;
  }
  return Math.min(1, Math.max(LEAST, Math.exp(log(low) - alternative)));
}

/** The combined risk. `V`, the pair's reported margin in both strata together, is split in whole votes. */
export function suite(comparison: ComparisonStratum, polling: PollingStratum, gamma = GAMMA): Suite {
  const V = comparison.winner + polling.winner - comparison.loser - polling.loser;
  if (!(V > 0)) throw new RangeError(`no winner: margin ${V}`);
  /** Both p-values if the comparison stratum overstates by e votes, and the polling stratum by V - e. */
  const at = (e: number): Both => [
    comparisonRisk(comparison, e, gamma),
    pollingRisk(polling, polling.winner - polling.loser - (V - e)),
  ];
  let best = { p: 0, overstated: 0 };
  const seen = (e: number): Span['from'] => {
    const both = at(e);
    const p = fisher(both);
    if (p >= best.p) best = { p, overstated: e };
    return { e, both };
  };
  // No stratum can overstate by more than every card of it turned round.
  const from = V - (polling.winner - polling.loser + polling.cards);
  const to = comparison.winner - comparison.loser + comparison.cards;
  let open: Span[] = [{ from: seen(from), to: seen(to) }];
  while (open.length > 0 && best.p < 1) {
    open = open
      .filter((s) => s.to.e - s.from.e > 1 && fisher([s.from.both[0], s.to.both[1]]) > best.p * (1 + SLACK))
      .flatMap((s) => {
        const middle = seen(Math.floor((s.from.e + s.to.e) / 2));
        return [
          { from: s.from, to: middle },
          { from: middle, to: s.to },
        ];
      });
  }
  return { p: Math.min(1, best.p * (1 + SLACK)), overstated: best.overstated };
}

type Both = [comparison: number, polling: number];
interface Span {
  readonly from: { readonly e: number; readonly both: Both };
  readonly to: { readonly e: number; readonly both: Both };
}
