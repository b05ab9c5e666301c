// Batch comparison: batches counted by hand against the machines' totals of the same batches. What Georgia and Pennsylvania run; needs no
// cast vote records, only totals by batch.
//
//   MACRO                  Kaplan-Markov with PPEB, draws with replacement                     risk/macro.ts
//   without replacement    betting on PPEB draws without replacement (ALPHA, section 4)        risk/batches.ts
//
// For an assertion with reported total V (in its scores: votes for winner less loser), a batch of n cards with reported score S_b can
// overstate by at most S_b + half n; u_b is the largest such share of V over all assertions. Combined batches: the error is that of all
// parts together, the bound that of the part that was drawn. Ballots still pending or that nobody can audit come off the margin.
import {
  assertionsFor,
  type Assertion,
  type ContestAssertions,
  type ContestTally,
} from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import {
  adaptive,
  batchesReach,
  compare,
  decide,
  macro,
  macroDraws,
  macroMeets,
  over,
  plus,
  ratio,
  testBatches,
  times,
} from '../risk/index.ts';
import type { Random, Ratio } from '../risk/index.ts';
import { hardest } from './expectation.ts';
import { isRiskLimit, judge, refuse, worst } from './outcome.ts';
import type { Assessment, AssertionRisk, AuditRefusal, SampleCounts, Size } from './outcome.ts';
import { mean, quantile } from './simulate.ts';

/** A batch as reported: its cards, and votes by choice in the order of Contest.choices. */
export interface ReportedBatch {
  readonly name: string;
  readonly cards: number;
  readonly votes: readonly number[];
}

/** What people counted in it; a batch that cannot be found is the worst case. */
export type CountedBatch =
  | { readonly kind: 'counted'; readonly votes: readonly number[] }
  | { readonly kind: 'notFound' };

export type BatchRule =
  /**
   * `everyPair`: under a majority law the winner is also tested against every other choice, as the deployed tool does. The majority alone implies these;
   * with them bounds and risk are never smaller.
   */
  | { readonly kind: 'MACRO'; readonly everyPair?: boolean }
  | { readonly kind: 'without replacement'; readonly maxLoss?: number };

export interface BatchAudit {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly rule?: BatchRule;
  readonly batches: readonly ReportedBatch[];
  /** The batch of each draw, in the order drawn, as often as it was drawn. */
  readonly draws: readonly string[];
  readonly counted: ReadonlyMap<string, CountedBatch>;
  /** Batches whose paper was mixed and counted together: the count stands under each part's name. */
  readonly combined?: readonly (readonly string[])[];
  /**
   * By batch, what the draws were proportional to, where that is not this contest's own error bounds: a sample drawn for another contest. Each bound is
   * then raised to the smallest multiple of these that covers it, so that the draws are in proportion to bounds again.
   */
  readonly drawnBy?: readonly Ratio[];
  /** Ballots not yet counted, or that nobody can audit: each could still go against the outcome. */
  readonly pending?: number;
  readonly targeted?: boolean;
  readonly random: Random;
  readonly runs?: number;
}

/** Error bounds of all batches in one contest. */
export interface Bounds {
  /** u_b by batch, exact. */
  readonly bound: readonly Ratio[];
  /** U, the sum. */
  readonly sum: Ratio;
}

const asNumber = (r: Ratio): number => Number(r.n) / Number(r.d);

/** u_b = max over assertions of (S_b + half n_b) / V. Draws are made with probability u_b/U. */
export function errorBounds(
  assertions: readonly Assertion[],
  batches: readonly ReportedBatch[],
  pending = 0,
): Bounds {
  // Few denominators, many batches: add up numerators by assertion, and fractions at the end.
  const sums = assertions.map(() => 0n);
  const bound = batches.map((b) => {
    let best = 0;
    let most = ratio(-1n);
    for (const [i, a] of assertions.entries()) {
      const share = ratio(scoreOf(a, b.votes) + a.assorter.half * b.cards, marginLeft(a, pending));
      if (compare(share, most) > 0) [best, most] = [i, share];
    }
    sums[best]! += most.n;
    return most;
  });
  const sum = assertions
    .map((a, i) => ratio(sums[i]!, marginLeft(a, pending)))
    .reduce((x, y) => plus(x, y), ratio(0n));
  return { bound, sum };
}

/** Bounds in proportion to what was drawn by, none below the contest's own: U' = max u_b / pi_b, u'_b = pi_b U'. */
function drawnInProportionTo(weights: readonly Ratio[], own: Bounds): Bounds | undefined {
  const whole = weights.reduce((x, y) => plus(x, y), ratio(0n));
  let most = ratio(0n);
  for (const [i, u] of own.bound.entries()) {
    if (u.n <= 0n) continue;
    // A batch that no draw could have met may hold any error.
    if (weights[i]!.n <= 0n) return undefined;
    const needed = times(u, over(whole, weights[i]!));
    if (compare(needed, most) > 0) most = needed;
  }
  return { bound: weights.map((w) => times(most, over(w, whole))), sum: most };
}

/** The sum of scores of these votes. */
function scoreOf({ assorter }: Assertion, votes: readonly number[]): number {
  if (assorter.kind !== 'linear') throw new TypeError('a batch of ranked cards has no totals to compare');
  let sum = 0;
  for (const [c, w] of assorter.weights.entries()) sum += w * (votes[c] ?? 0);
  return sum;
}

/** What is left of the reported total if every pending ballot went against the assertion. */
const marginLeft = (a: Assertion, pending: number): number => a.total - a.assorter.half * pending;

/** The contest's assertions, and under a majority law those that the rule adds. */
function assertionsOf(contest: Contest, tally: ContestTally, rule: BatchRule): ContestAssertions {
  const found = assertionsFor(contest, tally);
  const every = rule.kind === 'MACRO' && rule.everyPair === true;
  if (!found.ok || !every || contest.rule.kind !== 'topTwoRunoff' || found.winners.length > 1) return found;
  const pairs = assertionsFor({ ...contest, rule: { kind: 'plurality', voteFor: 1, winners: 1 } }, tally);
  return pairs.ok ? { ...found, assertions: [...pairs.assertions, ...found.assertions] } : pairs;
}

export function assessBatchComparison(audit: BatchAudit): Assessment {
  const {
    contest,
    tally,
    riskLimit,
    rule = { kind: 'MACRO' },
    batches,
    pending = 0,
    targeted = true,
  } = audit;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const found = assertionsOf(contest, tally, rule);
  if (!found.ok) return found;
  const { assertions } = found;
  const fault = batchFault(audit, assertions);
  if (fault !== undefined) return refuse(fault);
  const counts: SampleCounts = {
    population: batches.length,
    drawn: new Set(audit.draws).size,
    interpreted: [...new Set(audit.draws)].filter((b) => audit.counted.has(b)).length,
    pending: [...new Set(audit.draws)].filter((b) => !audit.counted.has(b)).length,
    notFound: [...audit.counted.values()].filter((c) => c.kind === 'notFound').length,
    phantoms: 0,
  };
  const base = { contest: contest.id, method: 'batch comparison', rule: rule.kind, riskLimit } as const;
  const left = hardest(assertions);
  const nothing = (why: 'pending-cards' | 'not-targeted'): Assessment => {
    const none = { assertion: left, p: 1, met: false, exactly: false, statistic: new Float64Array() };
    const outcome = { kind: 'insufficientEvidence', why } as const;
    return { ok: true, audit: { ...base, risk: 1, assertions: [none], sample: counts, outcome } };
  };
  // As many ballots are still out as could change the outcome: no sample of the others can confirm it.
  if (assertions.some((a) => marginLeft(a, pending) <= 0)) return nothing('pending-cards');
  const own = errorBounds(assertions, batches, pending);
  const bounds = audit.drawnBy === undefined ? own : drawnInProportionTo(audit.drawnBy, own);
  if (bounds === undefined) return nothing('not-targeted');
  const place = new Map(batches.map((b, i) => [b.name, i]));
  const seen = sequence(audit);
  const risks =
    rule.kind === 'MACRO'
      ? [macroRisk(assertions, seen, bounds, place, audit)]
      : assertions.map((a) => bettingRisk(a, seen, bounds, place, audit, rule.maxLoss ?? 0.9));
  const next = (): Size => nextSize(risks, assertions, seen, bounds, place, audit);
  const outcome = judge({ assertions: risks, sample: counts, targeted, next });
  return {
    ok: true,
    audit: {
      ...base,
      risk: worst(risks),
      assertions: risks,
      sample: counts,
      // Draws repeat batches: a next round that is likely to meet them all is no smaller than a full hand count.
      outcome:
        outcome.kind === 'goOn' && Math.round(batchesMet(outcome.to.p90, bounds)) >= batches.length
          ? { kind: 'fullHandCountOrdered', why: 'no-smaller-sample' }
          : outcome,
    },
  };
}

/** The draws up to the first whose batch is not counted yet: none may be skipped. */
function sequence({ draws, counted }: BatchAudit): readonly string[] {
  const pending = draws.findIndex((b) => !counted.has(b));
  return pending < 0 ? draws : draws.slice(0, pending);
}

/** What is wrong with the batches, the draws or the counts, by name. */
export function batchFault(
  audit: Pick<BatchAudit, 'contest' | 'tally' | 'batches' | 'draws' | 'counted' | 'combined' | 'drawnBy'>,
  assertions: readonly Assertion[],
): AuditRefusal | undefined {
  const { contest, tally, batches, draws, counted, combined = [] } = audit;
  if (assertions.some((a) => a.assorter.kind !== 'linear'))
    return { code: 'rule-not-for-this-contest', contest: contest.id, rule: 'batch comparison' };
  if (audit.drawnBy !== undefined && audit.drawnBy.length !== batches.length)
    throw new RangeError(`${audit.drawnBy.length} weights for ${batches.length} batches`);
  const names = new Set<string>();
  for (const { name } of batches) {
    if (names.has(name)) return { code: 'batch-listed-twice', batch: name };
    names.add(name);
  }
  for (const name of [...draws, ...counted.keys(), ...combined.flat()])
    if (!names.has(name)) return { code: 'unknown-batch', batch: name };
  const inUnion = new Set(combined.flat());
  const drawn = new Set(draws);
  for (const name of counted.keys())
    if (!drawn.has(name) && !inUnion.has(name)) return { code: 'batch-never-drawn', batch: name };
  for (const [name, count] of counted) {
    if (count.kind === 'notFound') continue;
    if (count.votes.length > contest.choices.length)
      return { code: 'unknown-choice', card: name, choice: contest.choices.length };
    if (count.votes.length < contest.choices.length || !count.votes.every(isCount))
      return { code: 'count-not-of-every-choice', batch: name };
  }
  for (const b of batches)
    if (b.votes.length !== contest.choices.length) return { code: 'batch-without-result', batch: b.name };
  for (const [i, choice] of contest.choices.entries()) {
    const sum = batches.reduce((n, b) => n + b.votes[i]!, 0);
    if (sum !== tally.votes[i])
      return { code: 'batches-do-not-add-up', choice: choice.id, batches: sum, reported: tally.votes[i]! };
  }
  const cards = batches.reduce((n, b) => n + b.cards, 0);
  return cards > tally.cards
    ? { code: 'more-drawn-than-cards', drawn: cards, cards: tally.cards }
    : undefined;
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

/** What a draw of this batch found: (reported score - counted score) / V. Of combined batches, all parts together. */
function errorOf(
  a: Assertion,
  name: string,
  place: ReadonlyMap<string, number>,
  audit: BatchAudit,
): Ratio | 'worst' {
  const counted = audit.counted.get(name)!;
  if (counted.kind === 'notFound') return 'worst';
  const parts = audit.combined?.find((group) => group.includes(name)) ?? [name];
  const reported = parts.reduce((sum, p) => sum + scoreOf(a, audit.batches[place.get(p)!]!.votes), 0);
  return ratio(reported - scoreOf(a, counted.votes), marginLeft(a, audit.pending ?? 0));
}

/** e_b/u_b: a batch that cannot be found has taint 1. */
function taintOf(
  a: Assertion,
  name: string,
  bounds: Bounds,
  place: ReadonlyMap<string, number>,
  audit: BatchAudit,
): Ratio {
  const e = errorOf(a, name, place, audit);
  if (e === 'worst') return ratio(1n);
  const u = bounds.bound[place.get(name)!]!;
  // A batch that could not overstate anything is never drawn by its bound; a count that says otherwise proves nothing.
  if (u.n <= 0n) return ratio(e.n > 0n ? 1n : 0n);
  return times(e, { n: u.d, d: u.n });
}

function macroRisk(
  assertions: readonly Assertion[],
  draws: readonly string[],
  bounds: Bounds,
  place: ReadonlyMap<string, number>,
  audit: BatchAudit,
): AssertionRisk {
  const taints = draws.map((name) =>
    assertions
      .map((a) => taintOf(a, name, bounds, place, audit))
      .reduce((most, t) => (compare(t, most) > 0 ? t : most)),
  );
  const { statistic, p } = macro(asNumber(bounds.sum), taints.map(asNumber));
  const { met, exactly } = macroMeets(bounds.sum, taints, audit.riskLimit);
  return { assertion: hardest(assertions), p, met, exactly, statistic };
}

function bettingRisk(
  assertion: Assertion,
  draws: readonly string[],
  bounds: Bounds,
  place: ReadonlyMap<string, number>,
  audit: BatchAudit,
  maxLoss: number,
): AssertionRisk {
  const drawn = [...new Set(draws)].map((name) => {
    const bound = bounds.bound[place.get(name)!]!;
    return { bound, error: times(bound, taintOf(assertion, name, bounds, place, audit)) };
  });
  const all = drawn.length === audit.batches.length && audit.combined === undefined;
  const { statistic, bets, p } = testBatches(
    drawn.map((b) => ({ bound: asNumber(b.bound), error: asNumber(b.error) })),
    asNumber(bounds.sum),
    all,
    adaptive({ noError: 1, maxLoss }),
  );
  const { met, exactly } = decide(p, audit.riskLimit, () =>
    batchesReach(drawn, bounds.sum, bets, audit.riskLimit),
  );
  return { assertion, p, met, exactly, statistic };
}

/** Draws in all if taints go on as they came: the same statistic, continued with taints drawn again from those seen. */
function nextSize(
  risks: readonly AssertionRisk[],
  assertions: readonly Assertion[],
  draws: readonly string[],
  bounds: Bounds,
  place: ReadonlyMap<string, number>,
  audit: BatchAudit,
): Size {
  const { random, runs = 200, riskLimit: alpha } = audit;
  const U = asNumber(bounds.sum);
  const taints = draws.map((name) =>
    Math.max(0, ...assertions.map((a) => asNumber(taintOf(a, name, bounds, place, audit)))),
  );
  const now = Math.min(...risks.map((r) => r.statistic.at(-1) ?? 1));
  const most = 100 * macroDraws(U, alpha) + 1000;
  const sizes = new Float64Array(taints.every((t) => t === 0) ? 1 : runs).map(() => {
    let T = now;
    let n = draws.length;
    while (T < 1 / alpha && n < most) {
      const taint = taints.length === 0 ? 0 : taints[Math.floor(random() * taints.length)]!;
      T *= Math.max(0, 1 - taint) / (1 - 1 / U);
      n++;
    }
    return n;
  });
  sizes.sort();
  return { expected: Math.ceil(mean(sizes)), p90: quantile(sizes, 0.9), unit: 'draws' };
}

/** How many different batches so many draws come upon: each with probability 1 - (1 - u_b/U)^n. */
function batchesMet(draws: number, { bound, sum }: Bounds): number {
  const U = asNumber(sum);
  return bound.reduce((met, u) => met + 1 - (1 - asNumber(u) / U) ** draws, 0);
}

export interface BatchPlan {
  readonly rule?: BatchRule;
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly batches: readonly ReportedBatch[];
  readonly pending?: number;
  /** Share of batches in which the counts differ by one vote against the outcome. */
  readonly oneVoteErrors?: number;
  readonly random: Random;
  readonly runs?: number;
}

export interface BatchSize {
  readonly size: Size;
  /** Different batches, and the cards in them, that the expected draws come to. */
  readonly batches: number;
  readonly cards: number;
}

/** How many draws, batches and cards will it take? */
export function planBatchComparison(
  plan: BatchPlan,
): ({ readonly ok: true } & BatchSize) | Extract<Assessment, { ok: false }> {
  const {
    contest,
    tally,
    riskLimit: alpha,
    rule = { kind: 'MACRO' },
    batches,
    pending = 0,
    oneVoteErrors = 0,
    random,
    runs = 200,
  } = plan;
  if (!isRiskLimit(alpha)) return refuse({ code: 'no-risk-limit', riskLimit: alpha });
  const found = assertionsOf(contest, tally, rule);
  if (!found.ok) return found;
  const fault = batchFault({ ...plan, draws: [], counted: new Map() }, found.assertions);
  if (fault !== undefined) return refuse(fault);
  const a = hardest(found.assertions);
  if (marginLeft(a, pending) <= 0)
    return refuse({ code: 'tied-contest', contest: contest.id, claims: [a.claim] });
  const bounds = errorBounds(found.assertions, batches, pending);
  const us = bounds.bound.map(asNumber);
  const simulation = {
    us,
    U: asNumber(bounds.sum),
    one: 1 / marginLeft(a, pending),
    alpha,
    oneVoteErrors,
    random,
    runs: oneVoteErrors === 0 && rule.kind === 'MACRO' ? 1 : runs,
  };
  if (rule.kind === 'without replacement') {
    const sizes = distinctUntilMet(simulation, rule.maxLoss ?? 0.9);
    const met = sizes.batches.toSorted();
    const cards = (of: readonly number[]): number => of.reduce((n, b) => n + batches[b]!.cards, 0);
    return {
      ok: true,
      size: { expected: Math.ceil(mean(met)), p90: quantile(met, 0.9), unit: 'batches' },
      batches: Math.ceil(mean(met)),
      cards: Math.ceil(mean(Float64Array.from(sizes.drawn, cards))),
    };
  }
  const sizes = drawsUntilMet(simulation);
  const expected = Math.ceil(mean(sizes));
  // A batch is among n draws with probability 1 - (1 - u_b/U)^n.
  const met = us.map((u) => 1 - (1 - u / simulation.U) ** expected);
  return {
    ok: true,
    size: { expected, p90: quantile(sizes, 0.9), unit: 'draws' },
    batches: Math.ceil(met.reduce((s, q) => s + q, 0)),
    cards: Math.ceil(met.reduce((s, q, i) => s + q * batches[i]!.cards, 0)),
  };
}

interface BatchSimulation {
  /** Error bounds by batch, and their sum. */
  readonly us: readonly number[];
  readonly U: number;
  /** One vote as a share of the margin. */
  readonly one: number;
  readonly alpha: number;
  readonly oneVoteErrors: number;
  readonly random: Random;
  readonly runs: number;
}

/** Draws until MACRO's limit is met, one figure for each run, ascending. */
function drawsUntilMet({ us, U, one, alpha, oneVoteErrors, random, runs }: BatchSimulation): Float64Array {
  const pick = picker(us);
  const most = 100 * macroDraws(U, alpha) + 1000;
  return new Float64Array(runs)
    .map(() => {
      let T = 1;
      let n = 0;
      while (T < 1 / alpha && n < most) {
        const taint = oneVoteErrors > 0 && random() < oneVoteErrors ? Math.min(1, one / us[pick(random())]!) : 0; // oxfmt-ignore
        T *= (1 - taint) / (1 - 1 / U);
        n++;
      }
      return n;
    })
    .sort();
}

/** The different batches of each run until betting without replacement meets the limit. */
function distinctUntilMet(s: BatchSimulation, maxLoss: number): { batches: Float64Array; drawn: number[][] } {
  const { us, U, one, alpha, oneVoteErrors, random, runs } = s;
  const drawn = Array.from({ length: runs }, () => {
    // Each next batch in proportion to what is left: exponential clocks run out in that order.
    const clocks = us.map((u, b) => ({ b, at: u > 0 ? -Math.log1p(-random()) / u : Infinity }));
    const order = clocks.toSorted((x, y) => x.at - y.at).filter((c) => c.at < Infinity);
    const found = order.map(({ b }) => ({ bound: us[b]!, error: oneVoteErrors > 0 && random() < oneVoteErrors ? Math.min(one, us[b]!) : 0 })); // oxfmt-ignore
    for (let n = 16; ; n *= 2) {
      const { statistic } = testBatches(found.slice(0, n), U, n >= us.length, adaptive({ noError: 1, maxLoss })); // oxfmt-ignore
      const at = statistic.findIndex((T) => T >= 1 / alpha);
      if (at >= 0 || n >= found.length) return order.slice(0, at < 0 ? found.length : at + 1).map((c) => c.b);
    }
  });
  return { batches: Float64Array.from(drawn, (d) => d.length), drawn };
}

/** The index of the weight at which a share of the whole falls. */
function picker(weights: readonly number[]): (share: number) => number {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [i, w] of weights.entries()) sums[i] = sum += w;
  return (share) => {
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > share * sum) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
