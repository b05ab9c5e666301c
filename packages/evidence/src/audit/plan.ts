// Which method should a jurisdiction choose? The methods open to it for one contest, side by side: how many cards each is expected to take and how
// many in nine of ten cases, for several risk limits and rates of discrepancies, if the reported result is right.
//
// Comparisons depend on how often machine and paper differ; polling and the full count do not. Batches need the totals by batch; card comparison
// needs cards that can be found by their record. Every row says what it needs, and a method that is not open says why.
import type { ContestTally } from '../assertions/index.ts';
import { assertionsFor } from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import { simulationRandom, type Rates } from '../risk/index.ts';
import { planBallotPolling, type PollingRule } from './ballotPolling.ts';
import { planBatchComparison, type BatchRule, type ReportedBatch } from './batchComparison.ts';
import { planCardComparison, type ComparisonRule } from './cardComparison.ts';
import { hardest } from './expectation.ts';
import { planOneAudit } from './oneAudit.ts';
import type { AuditRefusal, Method, Size } from './outcome.ts';
import { planStratified, type StratifiedPlan } from './stratified.ts';

export interface MethodPlan {
  readonly method: Method;
  readonly rule: string;
  readonly riskLimit: number;
  /** Rates of discrepancies, where the method depends on them. */
  readonly rates?: Rates;
  readonly size: Size;
  /** Cards that people read: on average, and in nine of ten cases. A batch is read whole. */
  readonly cards: { readonly expected: number; readonly p90: number };
  /** Different batches to fetch and open on average, where it is known which batches there are. */
  readonly batches?: number;
  /** Of a stratified audit: the cards of each stratum, on average. */
  readonly byStratum?: readonly number[];
  /** Hours of people's time, where what a card and a batch take was said. */
  readonly hours?: { readonly expected: number; readonly p90: number };
  readonly needs:
    | 'ballot manifest'
    | 'cards found by their record'
    | 'cards found by their record in some counties'
    | 'totals by batch'
    | 'all the paper';
}

export interface MethodRefused {
  readonly method: Method;
  readonly rule: string;
  readonly refusal: AuditRefusal;
}

export interface PlanRequest {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimits: readonly number[];
  readonly rates: readonly Rates[];
  readonly batches?: readonly ReportedBatch[];
  /** Where cards can be found by their record in some counties only: the two groups, drawn apart. Comparing cards everywhere is then not open. */
  readonly strata?: StratifiedPlan['strata'];
  /** Minutes of people's time: to find, read and enter one card; to fetch, open and seal one batch again. */
  readonly minutes?: { readonly card: number; readonly batch: number };
  /** Seeds the simulations: the same plan twice is the same. */
  readonly seed: number;
}

export type ContestPlan =
  | { readonly ok: true; readonly rows: readonly MethodPlan[]; readonly refused: readonly MethodRefused[] }
  | { readonly ok: false; readonly refusal: AuditRefusal };

/** All methods open to this contest, for every risk limit and, where it matters, every rate. */
export function planContest(request: PlanRequest): ContestPlan {
  const { contest, tally, riskLimits, batches, strata, seed } = request;
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const { margin } = hardest(found.assertions);
  const rows: MethodPlan[] = [];
  const refused: MethodRefused[] = [];
  const v = margin.numerator / margin.denominator;
  // At a risk limit of 5 % polling takes some 6/v^2 cards, comparison 6/v and with errors several times that.
  const [polled, compared] = [runsFor(6 / (v * v), tally.cards), runsFor(60 / v, tally.cards)];
  const inCards = ({ expected, p90 }: Size) => ({
    expected: Math.min(tally.cards, expected),
    p90: Math.min(tally.cards, p90),
  });
  const priced = (row: Omit<MethodPlan, 'hours'>): MethodPlan => withCost(row, request);
  const polling: PollingRule[] = [
    { kind: 'ALPHA' },
    { kind: 'BRAVO' },
    { kind: 'Minerva', rounds: [], freshSeedEachRound: true },
    { kind: 'Providence', rounds: [], freshSeedEachRound: false },
  ];
  const comparing = (r: Rates): ComparisonRule[] => [
    { kind: 'adaptive', expected: r },
    { kind: 'Kaplan-Markov' },
  ];
  const inBatches: BatchRule[] = [{ kind: 'MACRO' }, { kind: 'without replacement' }];
  for (const riskLimit of riskLimits) {
    // Every figure has a stream of its own, so that adding a method or a limit changes no other figure.
    const common = (runs: number) => ({ contest, tally, riskLimit, random: simulationRandom(seed), runs });
    for (const rule of polling) {
      const about = { method: 'ballot polling', rule: rule.kind } as const;
      const plan = planBallotPolling({ ...common(polled), rule });
      if (!plan.ok) refused.push({ ...about, refusal: plan.refusal });
      else rows.push(priced({ ...about, riskLimit, size: plan.size, cards: inCards(plan.size), needs: 'ballot manifest' })); // oxfmt-ignore
    }
    for (const rates of request.rates) {
      for (const rule of strata === undefined ? comparing(rates) : []) {
        const about = { method: 'card comparison', rule: rule.kind } as const;
        const plan = planCardComparison({ ...common(compared), rule, rates });
        if (!plan.ok) refused.push({ ...about, refusal: plan.refusal });
        else rows.push(priced({ ...about, riskLimit, rates, size: plan.size, cards: inCards(plan.size), needs: 'cards found by their record' })); // oxfmt-ignore
      }
      for (const kind of strata === undefined ? [] : (['SUITE', 'UI-TS'] as const)) {
        const about = { method: 'stratified', rule: kind } as const;
        const random = simulationRandom(seed);
        const plan = planStratified({ contest, riskLimit, strata: strata!, rule: { kind }, rates, random });
        if (!plan.ok) refused.push({ ...about, refusal: plan.refusal });
        else rows.push(priced({ ...about, riskLimit, rates, size: plan.size, cards: inCards(plan.size), byStratum: plan.byStratum, needs: 'cards found by their record in some counties' })); // oxfmt-ignore
      }
      if (batches === undefined) continue;
      // A batch of n cards is in error with chance 1 - (1 - rate)^n; taken at the average size.
      const average = tally.cards / Math.max(1, batches.length);
      const oneVoteErrors = 1 - (1 - rates.o1 - rates.o2) ** average;
      for (const rule of inBatches) {
        const about = { method: 'batch comparison', rule: rule.kind } as const;
        const plan = planBatchComparison({
          ...common(Math.min(compared, 100)),
          rule,
          batches,
          oneVoteErrors,
        });
        if (!plan.ok) {
          refused.push({ ...about, refusal: plan.refusal });
          continue;
        }
        const more = plan.size.p90 / Math.max(1, plan.size.expected);
        const cards = { expected: plan.cards, p90: Math.min(tally.cards, Math.ceil(plan.cards * more)) };
        rows.push(priced({ ...about, riskLimit, rates, size: plan.size, cards, batches: plan.batches, needs: 'totals by batch' })); // oxfmt-ignore
      }
    }
    const pools = poolsOf(request);
    if (pools.size > 0) {
      const about = { method: 'ONEAudit', rule: 'Kelly' } as const;
      const plan = planOneAudit({ ...common(polled), pools });
      if (!plan.ok) refused.push({ ...about, refusal: plan.refusal });
      else rows.push(priced({ ...about, riskLimit, size: plan.size, cards: inCards(plan.size), needs: strata === undefined ? 'totals by batch' : 'cards found by their record in some counties' })); // oxfmt-ignore
    }
  }
  const whole = { expected: tally.cards, p90: tally.cards };
  rows.push(priced({ method: 'full hand count', rule: 'every card', riskLimit: 0, size: { ...whole, unit: 'cards' }, cards: whole, needs: 'all the paper' })); // oxfmt-ignore
  return { ok: true, rows, refused };
}

/** What ONEAudit takes for a card without a record: its batch, or with strata all that have none. */
const poolsOf = ({ batches = [], strata = [] }: PlanRequest): ReadonlyMap<string, ContestTally> =>
  new Map([
    ...batches.map((b) => [b.name, { cards: b.cards, votes: b.votes }] as const),
    ...strata.flatMap((s) => (s.compared ? [] : [[s.name, s.tally] as const])),
  ]);

/** The batches that a sample of cards lies in, and people's time for both. */
function withCost(row: MethodPlan, { batches, minutes, tally }: PlanRequest): MethodPlan {
  // A batch of b cards is missed by n of N cards with chance (1 - b/N)^n.
  const met = (n: number): number =>
    n >= tally.cards
      ? (batches ?? []).length
      : (batches ?? []).reduce((sum, b) => sum + 1 - (1 - b.cards / tally.cards) ** n, 0);
  const opened = row.batches ?? (batches === undefined ? undefined : Math.ceil(met(row.cards.expected)));
  const found = opened === undefined ? row : { ...row, batches: opened };
  if (minutes === undefined) return found;
  const more = row.cards.p90 / Math.max(1, row.cards.expected);
  const openedP90 = row.method === 'batch comparison' ? (opened ?? 0) * more : met(row.cards.p90);
  const hours = (cards: number, n: number): number => (cards * minutes.card + n * minutes.batch) / 60;
  return {
    ...found,
    hours: { expected: hours(row.cards.expected, opened ?? 0), p90: hours(row.cards.p90, openedP90) },
  };
}

/** As many runs as a few million draws allow, from the draws one run is likely to take; at most 300. */
const runsFor = (draws: number, cards: number): number =>
  Math.max(10, Math.min(300, Math.round(4e6 / Math.min(cards, draws))));
