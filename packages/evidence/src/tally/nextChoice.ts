// To whom does a ballot go now? One walk down the ranks, from the first, each time anew: what a ballot says does not depend on
// where it lay before.
import type { RankedRules } from './rankedRules.ts';

/** Why a ballot counts for nobody any more. As the numbers that `nextChoice` gives for them. */
export const inactiveReasons = {
  exhaustedChoices: -1,
  overvotes: -2,
  repeatedRankings: -3,
  skippedRankings: -4,
} as const;
export type InactiveReason = keyof typeof inactiveReasons;

export interface BallotRules {
  readonly overvotes: RankedRules['overvotes'];
  readonly skippedRanks: number;
  readonly exhaustOnDuplicate: boolean;
  readonly maxRankings: number;
}

/** The candidate (an index; `continuing` says 1 of those in the count), or below 0 why there is none. */
export function nextChoice(ranking: Uint16Array, continuing: Uint8Array, rules: BallotRules): number {
  let last = 0;
  for (let i = 0; i < ranking.length;) {
    const rank = ranking[i]!;
    const marked = ranking[i + 1]!;
    if (rank > rules.maxRankings) break;
    if (rank - last > rules.skippedRanks + 1) return inactiveReasons.skippedRankings;
    last = rank;
    if (rules.exhaustOnDuplicate && repeats(ranking, i)) return inactiveReasons.repeatedRankings;
    if (marked === 1) {
      if (continuing[ranking[i + 2]!] === 1) return ranking[i + 2]!;
    } else if (rules.overvotes === 'exhaust') return inactiveReasons.overvotes;
    else if (rules.overvotes === 'exhaustIfSeveralContinue') {
      // Whom the file does not name may continue: it is the same as several.
      if (marked === 0) return inactiveReasons.overvotes;
      const left = ranking.subarray(i + 2, i + 2 + marked).filter((c) => continuing[c] === 1);
      if (left.length > 1) return inactiveReasons.overvotes;
      if (left.length === 1) return left[0]!;
    }
    i += 2 + marked;
  }
  // Blank ranks after the last one that is marked skip nothing.
  return inactiveReasons.exhaustedChoices;
}

/** True if a candidate marked at `at` is marked at a rank before. */
function repeats(ranking: Uint16Array, at: number): boolean {
  for (let k = at + 2; k < at + 2 + ranking[at + 1]!; k++)
    for (let i = 0; i < at; i += 2 + ranking[i + 1]!)
      for (let j = i + 2; j < i + 2 + ranking[i + 1]!; j++) if (ranking[j] === ranking[k]) return true;
  return false;
}

/** True if nothing is marked on the ranks that are read. */
export const isBlank = (ranking: Uint16Array, maxRankings: number): boolean =>
  ranking.length === 0 || ranking[0]! > maxRankings;
