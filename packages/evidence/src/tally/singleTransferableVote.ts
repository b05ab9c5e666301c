// The single transferable vote: who reaches the quota is elected, and the surplus goes on, in fractions of every ballot that made it
// (the weighted inclusive method of Gregory). (Minneapolis Code § 167.70; Cambridge counts otherwise.)
import { eliminate, extremes, mayBeElected } from './elimination.ts';
import type { Choice, Decided, Standing } from './rounds.ts';

export function decideTransferableVote(standing: Standing): Decided {
  const { rules, continuing, threshold, votes, electedBefore } = standing;
  const seats = rules.seats - electedBefore;
  const candidates = mayBeElected(standing);
  const elected = (list: readonly number[], because: Choice['because']): Choice[] =>
    list.map((candidate) => ({ candidate, what: 'elected', because }));

  if (candidates.length > 0) {
    // Fewer candidates than seats: no surplus could help anybody, and the count is over.
    if (continuing.length < seats) return { choices: elected(candidates, 'seatsForAll'), ends: 'now' };
    if (continuing.length === seats)
      return { choices: elected(candidates, 'seatsForAll'), ends: 'afterTransfer' };
    const reached = candidates.filter((c) => votes(c) >= threshold);
    if (reached.length > 0) {
      const choices =
        rules.method.kind === 'singleTransferableVote' && rules.method.winnersARound === 'one'
          ? [firstOf(standing, reached)]
          : elected(mostFirst(reached, votes).slice(0, seats), 'threshold');
      return { choices, ...(choices.length === seats ? { ends: 'afterTransfer' } : {}) };
    }
  }
  return continuing.length === 0 ? { choices: [] } : { choices: eliminate(standing) };
}

function firstOf(standing: Standing, reached: readonly number[]): Choice {
  const { candidate, tie } = standing.choose('winner', extremes(reached, standing.votes, 'most'));
  return { candidate, what: 'elected', because: 'threshold', ...(tie === undefined ? {} : { tie }) };
}

const mostFirst = (list: readonly number[], votes: (c: number) => bigint): readonly number[] =>
  list.toSorted((a, b) => (votes(a) > votes(b) ? -1 : votes(a) < votes(b) ? 1 : a - b));
