// Which comparisons prove who got the seats by highest averages? Who gets them is tally/highestAverages.ts.
import type { DivisorRule, HighestAveragesOutcome } from '../tally/index.ts';
import { divisorOf } from '../tally/index.ts';

/** T_w / d_w > T_l / d_l. */
export interface AverageComparison {
  readonly winner: number;
  readonly winnerDivisor: number;
  readonly loser: number;
  readonly loserDivisor: number;
}

/** Seats by list with those that are tied given to the first lists: the assertions then show the tie as a margin of 0. */
export const seatsWithTies = ({ seats, tied, seatsTied }: HighestAveragesOutcome): number[] =>
  seats.map((n, list) => (tied.slice(0, seatsTied).includes(list) ? n + 1 : n));

/**
 * The last seat of every seated list against the first missed seat of each list in `rivals` (itself apart): together they imply the
 * seats among those lists (Blom et al. 2021, sec. 5.1).
 */
export function averageComparisons(
  seats: readonly number[],
  rule: DivisorRule,
  rivals: readonly number[],
): AverageComparison[] {
  const seated = seats.flatMap((n, list) => (n > 0 ? [list] : []));
  return seated.flatMap((winner) =>
    rivals
      .filter((loser) => loser !== winner)
      .map((loser) => ({
        winner,
        winnerDivisor: divisorOf(rule, seats[winner]!),
        loser,
        loserDivisor: divisorOf(rule, seats[loser]! + 1),
      })),
  );
}
