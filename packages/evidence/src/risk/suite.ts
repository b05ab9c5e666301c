// SUITE (Ottoboni, Stark, Lindeman, McBurnett 2018): one stratum by card comparison, one by ballot polling, in one contest, one pair.
//
// If the outcome is wrong, there is a whole number of votes e such that the comparison stratum overstates the margin V by at least e and the
// polling stratum by at least V - e. For each e both are tested and combined by Fisher; the p-value is the largest over e.
//
// In e the first p-value falls and the second rises, so over an interval [a, b] the combination is at most Fisher(p1(a), p2(b)).
// We halve intervals until that bound is within 1e-6 of a value reached, and report the bound: unlike a grid it cannot miss the peak.
//
// Whether the limit is met is settled for every e by itself where the figures do not: both p-values are fractions, and their combination needs a
// logarithm, taken between bounds that are narrowed until they tell (certified.ts).
import { logFalling } from './binomial.ts';
import { fisherOfTwoMeets } from './certified.ts';
import {
  BORDERLINE,
  compare,
  minus,
  over,
  plus,
  power,
  product,
  ratio,
  ratioOfDecimal,
  times,
  type Decision,
  type Ratio,
} from './exact.ts';
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
  const w = nuisance(s, c);
  if (w === undefined) return 0; // no such stratum could have given this sample
  const alternative = logFalling(s.winner, a) + logFalling(s.loser, b) + logFalling(others, r);
  return Math.min(1, Math.max(LEAST, Math.exp(logNull(s, c, w) - alternative)));
}

/** ln of the likelihood, up to what does not depend on w, if w cards of the stratum are for the winner. */
function logNull(s: PollingStratum, c: number, w: number): number {
  const { n, winner: a, loser: b } = s.sample;
  return logFalling(w, a) + logFalling(w - c, b) + logFalling(s.cards - 2 * w + c, n - a - b);
}

function nuisanceRange(s: PollingStratum, c: number): readonly [number, number] {
  const { n, winner: a, loser: b } = s.sample;
  return [Math.max(a, b + c, c, 0), Math.min(Math.floor((s.cards + c - (n - a - b)) / 2), s.cards)];
}

/** The number of cards for the winner that makes the sample likeliest, if they lead by c. */
function nuisance(s: PollingStratum, c: number): number | undefined {
  let [low, high] = nuisanceRange(s, c);
  if (high < low) return undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (logNull(s, c, middle) < logNull(s, c, middle + 1)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Is the combined risk of every split of the margin at most alpha? */
export function suiteMeets(
  comparison: ComparisonStratum,
  polling: PollingStratum,
  alpha: number,
  gamma = GAMMA,
): Decision {
  const { p } = suite(comparison, polling, gamma);
  if (p <= alpha - BORDERLINE) return { met: true, exactly: false };
  if (p / (1 + SLACK) > alpha + BORDERLINE) return { met: false, exactly: false };
  const splits = splitsOf(comparison, polling, gamma);
  const limit = ratioOfDecimal(alpha);
  let exactly = false;
  const within = (e: number): boolean => {
    const value = fisher(splits.at(e));
    if (Math.abs(value - alpha) >= BORDERLINE) return value <= alpha;
    exactly = true;
    const q = times(exactComparisonRisk(comparison, e, gamma), exactPollingRisk(polling, splits.held(e)));
    return fisherOfTwoMeets(q, limit);
  };
  const open: [number, number][] = [[splits.from, splits.to]];
  while (open.length > 0) {
    const [a, b] = open.pop()!;
    if (fisher([splits.at(a)[0], splits.at(b)[1]]) <= alpha - BORDERLINE) continue;
    if (b - a <= 1) {
      if (!within(a) || !within(b)) return { met: false, exactly };
      continue;
    }
    const middle = Math.floor((a + b) / 2);
    open.push([a, middle], [middle, b]);
  }
  return { met: true, exactly };
}

function exactComparisonRisk(s: ComparisonStratum, e: number, gamma: number): Ratio {
  const { n, o1, o2, u1, u2 } = s.discrepancies;
  const one = ratio(1n);
  if (e <= 0) return one;
  const g = ratioOfDecimal(gamma);
  const half = over(one, times(ratio(2n), g));
  const whole = over(one, g);
  const step = minus(one, times(ratio(e, s.cards), half));
  if (step.n <= 0n) return n > 0 ? ratio(0n) : one;
  const p = product([
    power(step, n),
    power(minus(one, half), -o1),
    power(minus(one, whole), -o2),
    power(plus(one, half), -u1),
    power(plus(one, whole), -u2),
  ]);
  return compare(p, one) > 0 ? one : p;
}

function exactPollingRisk(s: PollingStratum, c: number): Ratio {
  const { winner: a, loser: b } = s.sample;
  const r = s.sample.n - a - b;
  const others = s.cards - s.winner - s.loser;
  const one = ratio(1n);
  if (c >= s.winner - s.loser || a > s.winner || b > s.loser || r > others) return one;
  let w = nuisance(s, c);
  if (w === undefined) return ratio(0n);
  // Rounding may have missed the peak by a step: value(w + 1)/value(w), in whole numbers.
  const rises = (w: number): boolean => {
    const others = s.cards - 2 * w + c;
    const up = BigInt(w + 1) * BigInt(w + 1 - c) * BigInt(others - r) * BigInt(others - r - 1);
    const down = BigInt(w + 1 - a) * BigInt(w + 1 - c - b) * BigInt(others) * BigInt(others - 1);
    return up > down;
  };
  const [low, high] = nuisanceRange(s, c);
  while (w < high && rises(w)) w++;
  while (w > low && !rises(w - 1)) w--;
  const value = falling(w, a) * falling(w - c, b) * falling(s.cards - 2 * w + c, r);
  const p = ratio(value, falling(s.winner, a) * falling(s.loser, b) * falling(others, r));
  return compare(p, one) > 0 ? one : p;
}

function falling(x: number, k: number): bigint {
  let f = 1n;
  for (let i = 0; i < k; i++) f *= BigInt(x - i);
  return f;
}

/** The combined risk. `V`, the pair's reported margin in both strata together, is split in whole votes. */
export function suite(comparison: ComparisonStratum, polling: PollingStratum, gamma = GAMMA): Suite {
  const { at, from, to } = splitsOf(comparison, polling, gamma);
  let best = { p: 0, overstated: 0 };
  const seen = (e: number): Span['from'] => {
    const both = at(e);
    const p = fisher(both);
    if (p >= best.p) best = { p, overstated: e };
    return { e, both };
  };
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

/** The whole-number splits of the margin between the strata. */
interface Splits {
  readonly from: number;
  readonly to: number;
  /** Both p-values if the comparison stratum overstates by e votes, and the polling stratum by V - e. */
  readonly at: (e: number) => Both;
  /** The pair's margin that the polling stratum then has. */
  readonly held: (e: number) => number;
}

function splitsOf(comparison: ComparisonStratum, polling: PollingStratum, gamma: number): Splits {
  const [own, other] = [comparison.winner - comparison.loser, polling.winner - polling.loser];
  const V = own + other;
  if (!(V > 0)) throw new RangeError(`no winner: margin ${V}`);
  const held = (e: number): number => other - (V - e);
  return {
    // No stratum can overstate by more than every card of it turned round.
    from: V - (other + polling.cards),
    to: own + comparison.cards,
    held,
    at: (e) => [comparisonRisk(comparison, e, gamma), pollingRisk(polling, held(e))],
  };
}

type Both = [comparison: number, polling: number];
interface Span {
  readonly from: { readonly e: number; readonly both: Both };
  readonly to: { readonly e: number; readonly both: Both };
}
