// Instant runoff: whoever has more than half of the active votes wins; else the last is eliminated and the ballots go to the next
// choice. (Maine, 21-A M.R.S. § 723-A; Alaska, AS 15.15.350; San Francisco Charter § 13.102; Minneapolis Code § 167.60.)
import { eliminate, extremes, mayBeElected } from './elimination.ts';
import type { Decided, Standing } from './rounds.ts';

export function decideInstantRunoff(standing: Standing): Decided {
  const { continuing, electedBefore } = standing;
  const won = electedBefore > 0;
  if (won && continuing.length <= 2) return { choices: [] };
  const candidates = mayBeElected(standing);
  if (!won && candidates.length > 0) {
    const winner = winnerOf(standing, candidates);
    // With two left and a winner there is nothing to go on for, also where the count goes on until two are left.
    if (winner !== undefined)
      return { choices: [winner], ...(goesOn(standing, winner.candidate) ? {} : { ends: 'now' }) };
  }
  if (continuing.length === 0) return { choices: [] };
  return { choices: eliminate(standing) };
}

const goesOn = ({ rules, continuing, hadFirstChoices }: Standing, winner: number): boolean =>
  continuing.length > 2 &&
  (rules.untilTwo === 'always' || (rules.untilTwo === 'unlessFirstChoices' && !hadFirstChoices(winner)));

function winnerOf(standing: Standing, candidates: readonly number[]): Decided['choices'][number] | undefined {
  const { continuing, threshold, votes } = standing;
  const first = extremes(candidates, votes, 'most');
  if (votes(first[0]!) >= threshold)
    return { ...standing.choose('winner', first), what: 'elected', because: 'threshold' };
  if (continuing.length <= 2)
    return { ...standing.choose('winner', first), what: 'elected', because: 'lastTwo' };
  return undefined;
}
