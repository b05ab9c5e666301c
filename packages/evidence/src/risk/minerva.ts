// Round-by-round ballot polling: Minerva (Zagorski et al. 2021), Athena (2020) and Providence (2022).
//
// They judge a round as a whole: not how likely exactly k votes for the winner are, but k or more. p1 = w/(w + l) as reported, p0 = 1/2.
// Minerva and Athena are valid only if round sizes are fixed without knowing any draw to come, in particular with a fresh seed for each
// round: whoever knows the whole order can choose where to stop. Providence bears round sizes that depend on the rounds
// before, not on those to come. The caller must guarantee it; audit/ballotPolling.ts refuses where the record does not say so.
//
// Where a tail ratio is within 1e-9 of the limit, in the round's own count or in the kmin of a round before, whole numbers settle it (exactRounds.ts).
import { binomial, binomialTail, convolve, logBinomialTail, tail, type Distribution } from './binomial.ts';
import {
  BORDERLINE,
  compare,
  decide,
  over,
  power,
  product,
  ratio,
  ratioOfDecimal,
  ratioOfDouble,
  times,
  type Ratio,
} from './exact.ts';
import { exactTail, openSamples } from './exactRounds.ts';

/** Cumulative: ballots for either of the two after the round, and those for the winner among them. */
export interface Round {
  readonly n: number;
  readonly k: number;
}

export interface RoundRule {
  readonly p1: number;
  readonly alpha: number;
  /** The reported votes that p1 is the share of. Absent: p1 is the double itself. */
  readonly reported?: { readonly winner: number; readonly loser: number };
  /** p0 of the tie; 1/2 unless the count is odd and a peer's (s // 2)/s is to be reproduced. */
  readonly p0?: number;
  /** Athena's second condition: delta Pr1(K = k) > Pr0(K = k). Absent: Minerva. */
  readonly delta?: number;
}

export interface RoundResult {
  /** tail0/tail1, at most 1. */
  readonly p: number;
  /** The least votes for the winner that end the audit in this round; Infinity: none do. */
  readonly kmin: number;
  readonly met: boolean;
  /** p was so near the limit that whole numbers settled it. */
  readonly exactly: boolean;
}

/** Tails smaller than this are not told apart: they are judged at the nearest count whose tail is not. */
const LEAST = 1e-30;
/** What the windows of binomial.ts leave out. */
const LEFT_OUT = 1e-60;

/** Minerva, and Athena where `delta` is given. Rounds after the one that ended the audit are not looked at. */
export function minerva(rule: RoundRule, rounds: readonly Round[]): RoundResult[] {
  const results: RoundResult[] = [];
  for (const step of sequence(
    rule,
    rounds.map((r) => r.n),
  )) {
    const { k } = rounds[results.length]!;
    const result = step.judge(k);
    results.push(result);
    if (result.met) break;
  }
  return results;
}

/** The kmin of each round of these cumulative sizes, fixed beforehand. */
export const minervaKmins = (rule: RoundRule, sizes: readonly number[]): number[] =>
  [...sequence(rule, sizes)].map((step) => step.kmin);

interface Step {
  readonly kmin: number;
  /** The chance that the audit ends in this round, if the votes are as reported (under) or tied. */
  readonly ends: { readonly reported: number; readonly tied: number };
  judge(k: number): RoundResult;
}

/** Round by round: what is left of both distributions, once the samples that would have ended the audit are taken out. */
export function* sequence(rule: RoundRule, sizes: readonly number[]): Generator<Step> {
  const { p1, alpha, p0 = 1 / 2 } = rule;
  if (!(p1 > p0 && p1 <= 1)) throw new RangeError(`no winner: p1 = ${p1}, p0 = ${p0}`);
  let d1: Distribution = { from: 0, mass: Float64Array.of(1) };
  let d0 = d1;
  let before = 0;
  const kmins: number[] = [];
  for (const [round, n] of sizes.entries()) {
    if (!(n >= before)) throw new RangeError(`cumulative round sizes do not fall: ${n} after ${before}`);
    d1 = convolve(d1, binomial(n - before, p1));
    d0 = convolve(d0, binomial(n - before, p0));
    before = n;
    const [now1, now0] = [d1, d0];
    const upTo = sizes.slice(0, round + 1);
    const kmin = leastThatEnds(now1, now0, n, rule, (k) => tailsMeet(rule, upTo, kmins, k));
    kmins.push(kmin);
    yield {
      kmin,
      ends: { reported: tail(now1, kmin), tied: tail(now0, kmin) },
      judge: (k) => {
        const p = ratioOfTails(now1, now0, k);
        return { p, kmin, met: k >= kmin, exactly: Math.abs(p - alpha) < BORDERLINE };
      },
    };
    d1 = below(now1, kmin);
    d0 = below(now0, kmin);
  }
}

function ratioOfTails(d1: Distribution, d0: Distribution, k: number): number {
  // p falls in k, so judging at a smaller k errs on the safe side.
  let at = k;
  let t1 = tail(d1, at);
  while (t1 < LEAST && at > 0) t1 = tail(d1, --at);
  return t1 <= 0 ? 1 : Math.min(1, Math.max(tail(d0, at), LEFT_OUT) / t1);
}

function leastThatEnds(
  d1: Distribution,
  d0: Distribution,
  n: number,
  { alpha, delta }: RoundRule,
  exactly: (k: number) => boolean,
): number {
  let t1 = 0;
  let t0 = 0;
  let kmin = Infinity;
  const at = (d: Distribution, k: number): number => d.mass[k - d.from] ?? 0;
  for (let k = Math.min(n, d1.from + d1.mass.length - 1); k >= 0; k--) {
    t1 += at(d1, k);
    t0 += at(d0, k);
    if (t1 < LEAST) continue;
    const near = (a: number, b: number): boolean => Math.abs(a - b) < BORDERLINE * b;
    // p = t0/t1 against alpha; Athena's second condition, delta of one outcome against the other, by its own quotient.
    const close = Math.abs(t0 / t1 - alpha) < BORDERLINE || (delta !== undefined && near(delta * at(d1, k), at(d0, k))); // oxfmt-ignore
    const enough = alpha * t1 >= t0 && (delta === undefined || delta * at(d1, k) > at(d0, k));
    if (!(close ? exactly(k) : enough)) break;
    kmin = k;
  }
  return kmin;
}

/** alpha Pr1(K >= k) >= Pr0(K >= k), and Athena's delta Pr1(K = k) > Pr0(K = k), in whole numbers. */
function tailsMeet(rule: RoundRule, sizes: readonly number[], kmins: readonly number[], k: number): boolean {
  const open = openSamples(sizes, kmins);
  const { p1, p0 } = exactShares(rule);
  const enough = compare(times(ratioOfDecimal(rule.alpha), exactTail(open, k, p1)), exactTail(open, k, p0)) >= 0; // oxfmt-ignore
  if (rule.delta === undefined || !enough) return enough;
  const likelihood = exactLikelihood(rule, k, open.n - k);
  return compare(times(ratioOfDecimal(rule.delta), likelihood), ratio(1n)) > 0;
}

function exactShares({ p1, p0, reported }: RoundRule): { readonly p1: Ratio; readonly p0: Ratio } {
  return {
    p1: reported === undefined ? ratioOfDouble(p1) : ratio(reported.winner, reported.winner + reported.loser),
    p0: ratioOfDouble(p0 ?? 1 / 2),
  };
}

/** (p1/p0)^k ((1 - p1)/(1 - p0))^rest. */
function exactLikelihood(rule: RoundRule, k: number, rest: number): Ratio {
  const { p1, p0 } = exactShares(rule);
  const not = (p: Ratio): Ratio => ({ n: p.d - p.n, d: p.d });
  return times(power(over(p1, p0), k), power(over(not(p1), not(p0)), rest));
}

const below = ({ from, mass }: Distribution, kmin: number): Distribution => ({
  from,
  mass: kmin === Infinity ? mass : mass.slice(0, Math.max(0, kmin - from)),
});

/**
 * Providence: the likelihood ratio of all rounds before, times the ratio of tails of this round's own draws.
 * 1/p = [p1^k' (1 - p1)^(n' - k') / p0^n'] · Pr1(K >= k - k') / Pr0(K >= k - k')                  (Zagorski et al. 2022, eq. 4)
 */
export function providence(rule: Omit<RoundRule, 'delta'>, rounds: readonly Round[]): RoundResult[] {
  const { p1, alpha, p0 = 1 / 2 } = rule;
  const results: RoundResult[] = [];
  let [n, k] = [0, 0];
  for (const round of rounds) {
    const draws = round.n - n;
    const log = logRatio(k, n - k, p1, p0);
    // At own = 0 both tails are 1.
    const risk = (own: number): number =>
      Math.min(1, Math.exp(logBinomialTail(draws, p0, own) - logBinomialTail(draws, p1, own) - log));
    const [won, lost] = [k, n - k];
    // alpha L Pr1 >= Pr0, L the likelihood ratio of the rounds before.
    const meets = (own: number) =>
      decide(risk(own), alpha, () => {
        const open = openSamples([draws], []);
        const shares = exactShares(rule);
        const left = product([ratioOfDecimal(alpha), exactLikelihood(rule, won, lost), exactTail(open, own, shares.p1)]); // oxfmt-ignore
        return compare(left, exactTail(open, own, shares.p0)) >= 0;
      });
    const p = risk(round.k - k);
    // p falls in k.
    let [low, high] = [-1, draws + 1];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (meets(middle).met) high = middle;
      else low = middle;
    }
    const { met, exactly } = meets(round.k - k);
    results.push({ p, kmin: high > draws ? Infinity : k + high, met, exactly });
    if (met) break;
    [n, k] = [round.n, round.k];
  }
  return results;
}

function logRatio(winner: number, loser: number, p1: number, p0: number): number {
  const lost = loser === 0 ? 0 : loser * Math.log((1 - p1) / (1 - p0));
  return winner * Math.log(p1 / p0) + lost;
}

/**
 * The smallest next round, in ballots for either of the two, that ends the audit with probability `quantile` if the votes are as reported,
 * given the rounds so far.
 */
export function nextRoundSize(
  rule: RoundRule,
  kind: 'minerva' | 'providence',
  rounds: readonly Round[],
  quantile: number,
): number {
  const last = rounds.at(-1) ?? { n: 0, k: 0 };
  const sizes = rounds.map((r) => r.n);
  const ends = (more: number): boolean => {
    const n = last.n + more;
    const kmin =
      kind === 'minerva'
        ? minervaKmins(rule, [...sizes, n]).at(-1)!
        : (providence(rule, [...rounds, { n, k: last.k }]).at(-1)?.kmin ?? Infinity);
    return kmin !== Infinity && binomialTail(more, rule.p1, kmin - last.k) >= quantile;
  };
  return smallest(ends);
}

/**
 * The smallest size that ends. The chance to end is a saw, up and down with odd and even sizes, so that two neighbours are asked at once.
 */
export function smallest(ends: (n: number) => boolean): number {
  const either = (n: number): boolean => ends(n) || ends(n + 1);
  let high = 1;
  while (!either(high)) {
    if (high > 2 ** 30) return Infinity;
    high *= 2;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (either(middle)) high = middle;
    else low = middle;
  }
  return ends(high) ? high : high + 1;
}
