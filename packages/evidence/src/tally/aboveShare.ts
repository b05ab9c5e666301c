// Elimination until everybody left holds a share of the active votes: presidential primaries of the Democratic Party in 2020 (Delegate Selection
// Rule 14.B: 15 percent).
import { eliminate, mayBeElected } from './elimination.ts';
import type { Decided, Standing } from './rounds.ts';

export function decideAboveShare(standing: Standing): Decided {
  const { rules, continuing, threshold, votes } = standing;
  const candidates = mayBeElected(standing);
  const under = continuing.filter((c) => votes(c) < threshold);
  if (candidates.length > 0 && under.length === 0)
    return {
      choices: candidates.map((candidate) => ({ candidate, what: 'elected', because: 'share' })),
      ends: 'now',
    };
  if (continuing.length === 0) return { choices: [] };
  // Where everybody is under the share the last goes, not all of them.
  const cutoff = rules.method.kind === 'aboveShare' && rules.method.cutoff && candidates.length > 0;
  return cutoff && under.length < continuing.length
    ? { choices: under.map((candidate) => ({ candidate, what: 'eliminated', because: 'underShare' })) }
    : { choices: eliminate(standing) };
}
