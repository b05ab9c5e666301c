// ONEAudit (Stark 2023): a comparison audit of cards of which some have no linked record, only a pool with a tally (a precinct, a batch, a
// group of redacted records). Such a card's record is its pool's mean: the overstatements of a pool add up to zero if its tally
// is right, whatever the single cards are.
//
//   B(card) = (1 - (mean of its pool - A(paper))/u) / (2 - v/u)                                              (ONEAudit, section 2)
//
// One draw for all cards, linked or not, is cheaper than strata (Spertus, Glazer, Stark, "Dice, but don't slice", 2025), and Kelly bets on the
// reported pools are the best known.
import { assertionsFor, scoreTotal, type Assertion, type ContestTally } from '../assertions/index.ts';
import {
  assessComparison,
  planCardComparison,
  type ComparisonAudit,
  type ComparisonPlan,
} from './cardComparison.ts';
import { hardest } from './expectation.ts';
import type { Assessment, AuditRefusal } from './outcome.ts';
import { refuse } from './outcome.ts';
import { together } from './stratified.ts';

const none = { o1: 0, o2: 0, u1: 0, u2: 0 };

/** What do these interpretations prove? Pools that hold more votes than the whole contest are refused. */
export function assessOneAudit(audit: ComparisonAudit): Assessment {
  const wrong = poolsFault(audit);
  if (wrong !== undefined) return refuse(wrong);
  return assessComparison({ ...audit, rule: audit.rule ?? { kind: 'Kelly', expected: none } }, 'ONEAudit');
}

/** A plan bets on every pool at every draw: beyond this many it takes neighbouring ones together. */
const MOST_POOLS = 40;

/** How many cards? Any kind of contest and any number of pools; of ranked pools their rankings are needed. */
export function planOneAudit(plan: ComparisonPlan) {
  const rule = plan.rule ?? ({ kind: 'Kelly', expected: plan.rates ?? none } as const);
  const found = assertionsFor(plan.contest, plan.tally);
  if (!found.ok || plan.pools === undefined) return planCardComparison({ ...plan, rule });
  const wrong = poolsFault({ ...plan, pools: plan.pools });
  if (wrong !== undefined) return refuse(wrong);
  return planCardComparison({ ...plan, rule, pools: togetherByMean(hardest(found.assertions), plan.pools) });
}

/** Pools of nearly one mean as one pool: as many cards and votes in all. What cards of a group differ by more makes the plan a little larger. */
export function togetherByMean(
  { assorter }: Assertion,
  pools: ReadonlyMap<string, ContestTally>,
  most = MOST_POOLS,
): ReadonlyMap<string, ContestTally> {
  if (pools.size <= most) return pools;
  const mean = (p: ContestTally): number => scoreTotal(assorter, p) / Math.max(1, p.cards);
  const order = [...pools.values()].filter((p) => p.cards > 0).toSorted((a, b) => mean(a) - mean(b));
  const all = order.reduce((n, p) => n + p.cards, 0);
  const groups = Array.from({ length: most }, (): ContestTally[] => []);
  let before = 0;
  for (const pool of order) {
    groups[Math.min(most - 1, Math.floor((most * (before + pool.cards / 2)) / all))]!.push(pool);
    before += pool.cards;
  }
  return new Map(groups.flatMap((g, i) => (g.length === 0 ? [] : [[`${i}`, together(g.map((tally) => ({ tally })))] as const]))); // oxfmt-ignore
}

/** Pools are parts of the reported result: no choice can have more votes in them than in all. */
function poolsFault({
  contest,
  tally,
  pools = new Map(),
}: Pick<ComparisonAudit, 'contest' | 'tally' | 'pools'>): AuditRefusal | undefined {
  for (const [i, choice] of contest.choices.entries()) {
    const inPools = [...pools.values()].reduce((sum, p) => sum + (p.votes[i] ?? 0), 0);
    const reported = tally.votes[i] ?? 0;
    if (tally.votes.length > 0 && inPools > reported)
      return { code: 'batches-do-not-add-up', choice: choice.id, batches: inPools, reported };
  }
  const cards = [...pools.values()].reduce((sum, p) => sum + p.cards, 0);
  return cards > tally.cards
    ? { code: 'more-drawn-than-cards', drawn: cards, cards: tally.cards }
    : undefined;
}
