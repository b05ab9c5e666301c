// Card comparison: each drawn card's paper against the record the machine made of the same card. The sample grows with 1/margin, so it is the
// cheapest method where cards can be found by their record.
//
//   adaptive, COBRA, Kelly   overstatement assorters, without replacement (SHANGRLA 3.2)   risk/adaptive.ts, cobra.ts, kelly.ts
//   Kaplan-Markov            super-simple, with replacement, as Colorado and Arlo run it   risk/superSimple.ts
//
// The same file serves ONEAudit (oneAudit.ts), where the record of a card may be its pool's mean. Whatever cannot be found, matched or
// read is the value worst for the reported outcome; what is redacted counts as if its record had said the best.
import {
  assertionsFor,
  noError,
  overstatement,
  overstatementValue,
  scoreOnPaper,
  scoreTotal,
} from '../assertions/index.ts';
import type { Assertion, ContestTally, Fraction, Marks, OnPaper, OnRecord } from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import {
  adaptive,
  cardError,
  cobra,
  decide,
  drawsFromRates,
  GAMMA,
  kelly,
  optimisticDraws,
  ratio,
  reaches,
  simulatedDraws,
  superSimpleByCard,
  superSimpleByCardMeets,
  superSimpleMeets,
  superSimpleRisk,
  testMean,
} from '../risk/index.ts';
import type { Discrepancies, Null, Random, Rates, Ratio, Strategy } from '../risk/index.ts';
import { expectedScores, hardest, remaining } from './expectation.ts';
import { isRiskLimit, judge, refuse, settled, worst } from './outcome.ts';
import type { Assessment, AssertionRisk, Method, SampleCounts, Size } from './outcome.ts';
import { readSample, type DrawnCards } from './sample.ts';
import { mean, quantile, simulateDraws, type Population } from './simulate.ts';

export type ComparisonRule =
  /** Kelly bets on the discrepancies seen so far; `maxLoss` of the fortune at stake at most (default 0.9). */
  | { readonly kind: 'adaptive'; readonly maxLoss?: number; readonly expected?: Rates }
  /** Best for two-vote overstatements at rate p2. */
  | { readonly kind: 'COBRA'; readonly p2: number }
  /** Kelly bets for the population that the records and pools make, with errors at these rates. */
  | { readonly kind: 'Kelly'; readonly expected: Rates; readonly maxLoss?: number }
  /**
   * Kaplan-Markov super-simple: discrepancies in votes against the smallest margin; `perCard`: each pair's error against its own
   * margin, which is never larger. Draws with replacement.
   */
  | { readonly kind: 'Kaplan-Markov'; readonly gamma?: number; readonly perCard?: boolean };

/** What the machine's side says of a card. */
export type CardRecord =
  | { readonly kind: 'marks'; readonly marks: Marks }
  | { readonly kind: 'contestAbsent' }
  | { readonly kind: 'phantom' }
  /** A card without a linked record, in a pool whose tally is known (ONEAudit). */
  | { readonly kind: 'pooled'; readonly pool: string }
  /** A record withheld, though tallied: taken as the best there could be for the reported outcome. */
  | { readonly kind: 'redacted' };

export interface ComparisonAudit extends DrawnCards {
  readonly contest: Contest;
  /** Reported totals over all cards of the population, phantoms included. */
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly rule?: ComparisonRule;
  readonly records: ReadonlyMap<string, CardRecord>;
  readonly pools?: ReadonlyMap<string, ContestTally>;
  readonly cardStyles: boolean;
  readonly targeted?: boolean;
  readonly random: Random;
  readonly runs?: number;
}

export const assessCardComparison = (audit: ComparisonAudit): Assessment =>
  assessComparison(audit, 'card comparison');

export function assessComparison(audit: ComparisonAudit, method: Method): Assessment {
  const { contest, tally, riskLimit, rule = { kind: 'adaptive' }, targeted = true } = audit;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const km = rule.kind === 'Kaplan-Markov';
  if (km && !found.assertions.every((a) => a.claim.kind === 'moreVotes'))
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: rule.kind });
  const sample = readSample(
    { ...audit, withReplacement: km || audit.withReplacement === true },
    tally.cards,
    contest.choices.length,
  );
  if (!sample.ok) return sample;
  const cards: Compared[] = [];
  for (const { card, paper } of sample.cards) {
    const record = audit.records.get(card);
    if (record === undefined || (record.kind === 'pooled' && audit.pools?.has(record.pool) !== true))
      return refuse({ code: 'card-without-record', card });
    if (record.kind === 'contestAbsent' && audit.cardStyles)
      return refuse({ code: 'record-without-contest', card });
    cards.push({ paper, record });
  }
  const assertions = km
    ? [superSimple(found.assertions, cards, rule, audit)]
    : found.assertions.map((a) => betOn(a, cards, rule, audit));
  const counts: SampleCounts = {
    population: tally.cards,
    drawn: audit.drawn.length,
    interpreted: cards.length,
    pending: sample.pending,
    notFound: sample.notFound,
    phantoms: cards.filter((c) => c.record.kind === 'phantom').length,
  };
  const next = (): Size => nextSize(assertions, cards, rule, audit);
  const outcome =
    km && sample.pending > 0
      ? ({ kind: 'insufficientEvidence', why: 'pending-cards' } as const)
      : judge({
          assertions,
          // Draws with replacement never make the whole.
          sample: km ? { ...counts, interpreted: 0 } : counts,
          targeted,
          next,
        });
  return {
    ok: true,
    audit: {
      contest: contest.id,
      method,
      rule: rule.kind,
      riskLimit,
      risk: worst(assertions),
      assertions,
      sample: counts,
      outcome,
    },
  };
}

interface Compared {
  readonly paper: OnPaper;
  readonly record: CardRecord;
}

/** omega = A(record) - A(paper) of one card for one assertion, exact. */
function omega(a: Assertion, { paper, record }: Compared, audit: ComparisonAudit): Fraction {
  const { assorter } = a;
  if (record.kind === 'redacted')
    return {
      numerator: assorter.top - scoreOnPaper(assorter, paper, audit.cardStyles),
      denominator: 2 * assorter.half,
    };
  return overstatement(assorter, onRecord(record, a, audit.pools), paper, audit.cardStyles);
}

function onRecord(
  record: Exclude<CardRecord, { kind: 'redacted' }>,
  { assorter }: Assertion,
  pools: ReadonlyMap<string, ContestTally> | undefined,
): OnRecord {
  if (record.kind !== 'pooled') return record;
  const pool = pools!.get(record.pool)!;
  return { kind: 'pool', total: scoreTotal(assorter, pool), cards: pool.cards };
}

function betOn(
  a: Assertion,
  cards: readonly Compared[],
  rule: ComparisonRule,
  audit: ComparisonAudit,
): AssertionRisk {
  const { tally, riskLimit: alpha } = audit;
  const { assorter, total } = a;
  const N = tally.cards;
  const omegas = cards.map((c) => omega(a, c, audit));
  const h: Null = {
    N: audit.withReplacement === true ? Infinity : N,
    t: 1 / 2,
    u: 2 * noError(assorter, total, N),
  };
  const x = omegas.map((w) => overstatementValue(assorter, w, total, N));
  const { statistic, bets, p } = testMean(x, h, comparisonStrategy(a, tally, rule, audit.pools));
  if (x.length === h.N) return settled(a, statistic.at(-1) === Infinity, statistic);
  // B = N (U - O) / (2 (U N - T)), U = half + top, O = 2 half omega.
  const U = assorter.half + assorter.top;
  const B = (w: Fraction): Ratio =>
    ratio(
      BigInt(N) * (BigInt(U) * BigInt(w.denominator) - BigInt(2 * assorter.half) * BigInt(w.numerator)),
      2n * BigInt(w.denominator) * (BigInt(U) * BigInt(N) - BigInt(total)),
    );
  const { met, exactly } = decide(p, alpha, () =>
    reaches(
      omegas.map(B),
      { N: h.N, t: ratio(1, 2), u: B({ numerator: -U, denominator: 2 * assorter.half }) },
      bets,
      alpha,
    ),
  );
  return { assertion: a, p, met, exactly, statistic };
}

/** How an overstatement assorter is bet on. */
export function comparisonStrategy(
  a: Assertion,
  tally: ContestTally,
  rule: ComparisonRule,
  pools: ReadonlyMap<string, ContestTally> = new Map(),
): Strategy {
  const right = noError(a.assorter, a.total, tally.cards);
  switch (rule.kind) {
    case 'COBRA':
      return cobra(2 * right, rule.p2);
    case 'Kelly': {
      const { values, counts } = expectedOverstatements(a, tally, rule.expected, pools);
      return kelly({ values, weights: counts }, rule.maxLoss ?? 0.95);
    }
    case 'adaptive': {
      const maxLoss = rule.maxLoss ?? 0.9;
      if (rule.expected === undefined) return adaptive({ noError: right, maxLoss });
      // What is expected weighs as much as a thousand cards seen.
      const { values, counts } = expectedOverstatements(a, tally, rule.expected);
      return adaptive({
        noError: right,
        maxLoss,
        prior: { values, weights: counts.map((c) => (1000 * c) / tally.cards) },
      });
    }
    case 'Kaplan-Markov':
    default:
      throw new TypeError(`${rule.kind} is no bet`);
  }
}

/**
 * The overstatement values the population is expected to hold: errors at these rates on linked cards, and the pools as tallied.
 * The values are tau · noError with tau = 0, 1/(2u), 1, 2 - 1/(2u), 2 for o2, o1, none, u1, u2.
 */
export function expectedOverstatements(
  a: Assertion,
  tally: ContestTally,
  rates: Rates,
  pools: ReadonlyMap<string, ContestTally> = new Map(),
): Population {
  const { assorter, total } = a;
  const N = tally.cards;
  const right = noError(assorter, total, N);
  const step = assorter.half / (assorter.half + assorter.top); // 1/(2u)
  let linked = N;
  const values: number[] = [];
  const counts: number[] = [];
  for (const pool of pools.values()) {
    linked -= pool.cards;
    const mean = { total: scoreTotal(assorter, pool), cards: pool.cards };
    for (const [s, n] of expectedScores(a, pool)) {
      // omega = (total/cards - s) / (2 half)
      const w = { numerator: mean.total - s * mean.cards, denominator: 2 * assorter.half * mean.cards };
      values.push(overstatementValue(assorter, w, total, N));
      counts.push(n);
    }
  }
  const { o1, o2, u1, u2 } = rates;
  for (const [tau, rate] of [
    [1, 1 - o1 - o2 - u1 - u2],
    [0, o2],
    [step, o1],
    [2 - step, u1],
    [2, u2],
  ] as const) {
    if (rate <= 0) continue;
    values.push(tau * right);
    counts.push(Math.max(0, linked) * rate);
  }
  return { values, counts };
}

/** Kaplan-Markov for the contest as a whole: one statistic, on its hardest assertion. */
function superSimple(
  assertions: readonly Assertion[],
  cards: readonly Compared[],
  rule: Extract<ComparisonRule, { kind: 'Kaplan-Markov' }>,
  audit: ComparisonAudit,
): AssertionRisk {
  const assertion = hardest(assertions);
  const contest = dilution(assertion, audit.tally, rule);
  const overstatedVotes = (c: Compared, a: Assertion): number => {
    const w = omega(a, c, audit);
    return (2 * a.assorter.half * w.numerator) / w.denominator;
  };
  const errors = cards.map((c) =>
    cardError(assertions.map((a) => ({ overstatement: overstatedVotes(c, a), margin: a.total }))),
  );
  if (rule.perCard === true) {
    const { statistic, p } = superSimpleByCard(contest, errors);
    return { assertion, p, ...superSimpleByCardMeets(contest, errors, audit.riskLimit), statistic };
  }
  const d = { n: 0, o1: 0, o2: 0, u1: 0, u2: 0 };
  const statistic = new Float64Array(cards.length);
  for (const [i, c] of cards.entries()) {
    d.n++;
    const votes = Math.max(...assertions.map((a) => overstatedVotes(c, a)));
    if (votes >= 2) d.o2++;
    else if (votes > 0) d.o1++;
    else if (votes <= -2) d.u2++;
    else if (votes < 0) d.u1++;
    statistic[i] = 1 / superSimpleRisk(contest, d);
  }
  return {
    assertion,
    p: superSimpleRisk(contest, d),
    ...superSimpleMeets(contest, d, audit.riskLimit),
    statistic,
  };
}

const dilution = (a: Assertion, tally: ContestTally, rule: { readonly gamma?: number }) => ({
  margin: a.total,
  cards: tally.cards,
  gamma: rule.gamma ?? GAMMA,
});

function nextSize(
  assertions: readonly AssertionRisk[],
  cards: readonly Compared[],
  rule: ComparisonRule,
  audit: ComparisonAudit,
): Size {
  const { tally, riskLimit: alpha, random, runs = 200 } = audit;
  const a = hardest(assertions.filter((r) => !r.met).map((r) => r.assertion));
  const seen = cards.map((c) => overstatementValue(a.assorter, omega(a, c, audit), a.total, tally.cards));
  // Errors are expected to go on as they came; before the first card, as the rule expects or not at all.
  const rates =
    seen.length === 0 ? expectedRates(rule) : ratesOf(seen, noError(a.assorter, a.total, tally.cards));
  if (rule.kind === 'Kaplan-Markov') {
    const contest = dilution(a, tally, rule);
    const counts = (n: number): Omit<Discrepancies, 'n'> => ({
      o1: Math.round(rates.o1 * n),
      o2: Math.round(rates.o2 * n),
      u1: Math.round(rates.u1 * n),
      u2: Math.round(rates.u2 * n),
    });
    const expected = optimisticDraws(contest, alpha, counts(cards.length));
    return { expected, p90: Math.max(expected, drawsFromRates(contest, alpha, rates)), unit: 'draws' };
  }
  const population = expectedOverstatements(a, tally, rates, audit.pools);
  const draws = simulateDraws({
    h: { N: tally.cards, t: 1 / 2, u: 2 * noError(a.assorter, a.total, tally.cards) },
    strategy: comparisonStrategy(a, tally, rule, audit.pools),
    population: remaining(whole(population), seen),
    alpha,
    random,
    runs,
    seen,
  });
  return { expected: Math.ceil(mean(draws)), p90: quantile(draws, 0.9), unit: 'cards' };
}

const expectedRates = (rule: ComparisonRule): Rates =>
  'expected' in rule && rule.expected !== undefined ? rule.expected : { o1: 0, o2: 0, u1: 0, u2: 0 };

/** Whole cards: each count rounded, and what that leaves over given to the most common value. */
export function whole({ values, counts }: Population): Population {
  const rounded = counts.map((n) => Math.round(n));
  const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
  const most = counts.indexOf(Math.max(...counts));
  rounded[most]! += Math.ceil(sum(counts) - sum(rounded));
  return { values, counts: rounded };
}

function ratesOf(seen: readonly number[], right: number): Rates {
  const share = (from: number, to: number): number =>
    seen.filter((x) => x / right > from && x / right <= to).length / seen.length;
  return {
    o2: share(-1, 0.25),
    o1: share(0.25, 0.999),
    u1: share(1.001, 1.75),
    u2: share(1.75, 3),
  };
}

export interface ComparisonPlan {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly rule?: ComparisonRule;
  /** Rates at which discrepancies are expected. */
  readonly rates?: Rates;
  readonly pools?: ReadonlyMap<string, ContestTally>;
  readonly random: Random;
  readonly runs?: number;
}

/** How many cards will it take, if the reported result is right and discrepancies come at these rates? */
export function planCardComparison(
  plan: ComparisonPlan,
): { readonly ok: true; readonly size: Size } | Extract<Assessment, { ok: false }> {
  const {
    contest,
    tally,
    riskLimit: alpha,
    rates = { o1: 0, o2: 0, u1: 0, u2: 0 },
    random,
    runs = 200,
  } = plan;
  const rule = plan.rule ?? { kind: 'adaptive', expected: rates };
  if (!isRiskLimit(alpha)) return refuse({ code: 'no-risk-limit', riskLimit: alpha });
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const a = hardest(found.assertions);
  if (rule.kind === 'Kaplan-Markov') {
    const contest = dilution(a, tally, rule);
    const first = optimisticDraws(contest, alpha, { o1: 0, o2: 0, u1: 0, u2: 0 });
    const draws = simulatedDraws(contest, alpha, rates, { random, runs, most: 10 * tally.cards });
    return {
      ok: true,
      // The rule's own first size is a little above what the risk needs, and an office draws that many.
      size: {
        expected: Math.max(first, Math.ceil(mean(draws))),
        p90: Math.max(first, quantile(draws, 0.9)),
        unit: 'draws',
      },
    };
  }
  const draws = simulateDraws({
    h: { N: tally.cards, t: 1 / 2, u: 2 * noError(a.assorter, a.total, tally.cards) },
    strategy: comparisonStrategy(a, tally, rule, plan.pools),
    population: whole(expectedOverstatements(a, tally, rates, plan.pools)),
    alpha,
    random,
    runs,
  });
  return { ok: true, size: { expected: Math.ceil(mean(draws)), p90: quantile(draws, 0.9), unit: 'cards' } };
}
