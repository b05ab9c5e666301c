// ONEAudit (Stark 2023): a comparison audit of cards of which some have no linked record, only a pool with a tally (a precinct, a batch, a
// group of redacted records). Such a card's record is its pool's mean: the overstatements of a pool add up to zero if its tally
// is right, whatever the single cards are.
//
//   B(card) = (1 - (mean of its pool - A(paper))/u) / (2 - v/u)                                              (ONEAudit, section 2)
//
// One draw for all cards, linked or not, is cheaper than strata (Spertus, Glazer, Stark, "Dice, but don't slice", 2025), and Kelly bets on the
// reported pools are the best known.
import {
  assessComparison,
  planCardComparison,
  type ComparisonAudit,
  type ComparisonPlan,
} from './cardComparison.ts';
import type { Assessment, AuditRefusal } from './outcome.ts';
import { refuse } from './outcome.ts';

const none = { o1: 0, o2: 0, u1: 0, u2: 0 };

/** What do these interpretations prove? Pools that hold more votes than the whole contest are refused. */
export function assessOneAudit(audit: ComparisonAudit): Assessment {
  const wrong = poolsFault(audit);
  if (wrong !== undefined) return refuse(wrong);
  return assessComparison({ ...audit, rule: audit.rule ?? { kind: 'Kelly', expected: none } }, 'ONEAudit');
}

export const planOneAudit = (plan: ComparisonPlan) =>
  planCardComparison({ ...plan, rule: plan.rule ?? { kind: 'Kelly', expected: plan.rates ?? none } });

/** Pools are parts of the reported result: no choice can have more votes in them than in all. */
function poolsFault({ contest, tally, pools = new Map() }: ComparisonAudit): AuditRefusal | undefined {
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
