// Bottoms-up: the last is eliminated until as many are left as there are seats. Nobody is elected before, and no surplus is passed on.
import { eliminate, mayBeElected } from './elimination.ts';
import type { Decided, Standing } from './rounds.ts';

export function decideBottomsUp(standing: Standing): Decided {
  const { rules, continuing } = standing;
  const candidates = mayBeElected(standing);
  if (candidates.length > 0 && continuing.length <= rules.seats)
    return {
      choices: candidates.map((candidate) => ({ candidate, what: 'elected', because: 'seatsForAll' })),
      ends: 'now',
    };
  return continuing.length === 0 ? { choices: [] } : { choices: eliminate(standing) };
}
