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
import { planBatchComparison, type ReportedBatch } from './batchComparison.ts';
import { planCardComparison, type ComparisonRule } from './cardComparison.ts';
import { hardest } from './expectation.ts';
import { planOneAudit } from './oneAudit.ts';
import type { AuditRefusal, Method, Size } from './outcome.ts';

export interface MethodPlan {
  readonly method: Method;
  readonly rule: string;
  readonly riskLimit: number;
  /** Rates of discrepancies, where the method depends on them. */
  readonly rates?: Rates;
  readonly size: Size;
  /** Cards that people read: on average, and in nine of ten cases. A batch is read whole. */
  readonly cards: { readonly expected: number; readonly p90: number };
  /** Different batches to fetch, where batches are. */
  readonly batches?: number;
  readonly needs: 'ballot manifest' | 'cards found by their record' | 'totals by batch' | 'all the paper';
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
  /** Seeds the simulations: the same plan twice is the same. */
  readonly seed: number;
}

export type ContestPlan =
  | { readonly ok: true; readonly rows: readonly MethodPlan[]; readonly refused: readonly MethodRefused[] }
  | { readonly ok: false; readonly refusal: AuditRefusal };

/** ONEAudit bets on every pool at every draw; beyond this many pools a plan takes too long. */
const MOST_POOLS = 60;

/** All methods open to this contest, for every risk limit and, where it matters, every rate. */
export function planContest(request: PlanRequest): ContestPlan {
  const { contest, tally, riskLimits, rates, batches, seed } = request;
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
  const polling: PollingRule[] = [{ kind: 'ALPHA' }, { kind: 'BRAVO' }];
  const comparing = (r: Rates): ComparisonRule[] => [
    { kind: 'adaptive', expected: r },
    { kind: 'Kaplan-Markov' },
  ];
  for (const riskLimit of riskLimits) {
    // Every figure has a stream of its own, so that adding a method or a limit changes no other figure.
    const common = (runs: number) => ({ contest, tally, riskLimit, random: simulationRandom(seed), runs });
    for (const rule of polling) {
      const plan = planBallotPolling({ ...common(polled), rule });
      if (!plan.ok) refused.push({ method: 'ballot polling', rule: rule.kind, refusal: plan.refusal });
      else
        rows.push({
          method: 'ballot polling',
          rule: rule.kind,
          riskLimit,
          size: plan.size,
          cards: inCards(plan.size),
          needs: 'ballot manifest',
        });
    }
    for (const r of rates) {
      for (const rule of comparing(r)) {
        const plan = planCardComparison({ ...common(compared), rule, rates: r });
        if (!plan.ok) refused.push({ method: 'card comparison', rule: rule.kind, refusal: plan.refusal });
        else
          rows.push({
            method: 'card comparison',
            rule: rule.kind,
            riskLimit,
            rates: r,
            size: plan.size,
            cards: inCards(plan.size),
            needs: 'cards found by their record',
          });
      }
      if (batches === undefined) continue;
      // A batch of n cards is in error with chance 1 - (1 - rate)^n; taken at the average size.
      const average = tally.cards / Math.max(1, batches.length);
      const oneVoteErrors = 1 - (1 - r.o1 - r.o2) ** average;
      const plan = planBatchComparison({ ...common(compared), batches, oneVoteErrors });
      if (!plan.ok) {
        refused.push({ method: 'batch comparison', rule: 'MACRO', refusal: plan.refusal });
        continue;
      }
      const more = plan.size.p90 / Math.max(1, plan.size.expected);
      rows.push({
        method: 'batch comparison',
        rule: 'MACRO',
        riskLimit,
        rates: r,
        size: plan.size,
        cards: { expected: plan.cards, p90: Math.min(tally.cards, Math.ceil(plan.cards * more)) },
        batches: plan.batches,
        needs: 'totals by batch',
      });
    }
    if (batches !== undefined && batches.length <= MOST_POOLS) {
      const pools = new Map(batches.map((b) => [b.name, { cards: b.cards, votes: b.votes }]));
      const plan = planOneAudit({ ...common(polled), pools });
      if (!plan.ok) refused.push({ method: 'ONEAudit', rule: 'Kelly', refusal: plan.refusal });
      else
        rows.push({
          method: 'ONEAudit',
          rule: 'Kelly',
          riskLimit,
          size: plan.size,
          cards: inCards(plan.size),
          needs: 'totals by batch',
        });
    }
  }
  const whole = { expected: tally.cards, p90: tally.cards };
  rows.push({
    method: 'full hand count',
    rule: 'every card',
    riskLimit: 0,
    size: { ...whole, unit: 'cards' },
    cards: whole,
    needs: 'all the paper',
  });
  return { ok: true, rows, refused };
}

/** As many runs as a few million draws allow, from the draws one run is likely to take; at most 300. */
const runsFor = (draws: number, cards: number): number =>
  Math.max(10, Math.min(300, Math.round(4e6 / Math.min(cards, draws))));
