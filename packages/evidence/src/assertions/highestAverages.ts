// Who gets the seats by highest averages (D'Hondt 1, 2, 3, …; Sainte-Laguë 1, 3, 5, …), and which comparisons prove it?
// Averages are compared by cross-multiplying; two equal averages for the last seat are a tie that no assertion can settle.
import type { Share } from '../election/index.ts';

export interface SeatRule {
  readonly seats: number;
  /** The divisor of a list's k-th seat, k from 1. */
  readonly divisor: (k: number) => number;
  readonly threshold?: Share;
}

export interface Seats {
  /** Seats by list. */
  readonly seats: readonly number[];
  /** By list: above the threshold; true of all where there is none. */
  readonly above: readonly boolean[];
}

export const dhondtDivisor = (k: number): number => k;
export const sainteLagueDivisor = (k: number): number => 2 * k - 1;

/** Seats by list. Of equal averages the first list takes the seat: the assertions then show the tie as a margin of 0. */
export function highestAverages(votes: readonly number[], rule: SeatRule): Seats {
  const valid = votes.reduce((a, b) => a + b, 0);
  const { threshold } = rule;
  const above = votes.map(
    (v) => threshold === undefined || v * threshold.denominator > valid * threshold.numerator,
  );
  const seats = votes.map(() => 0);
  for (let seat = 0; seat < rule.seats; seat++) {
    let best = -1;
    for (let list = 0; list < votes.length; list++) {
      if (!above[list] || votes[list] === 0) continue;
      if (best === -1 || next(votes, seats, rule, list, best) > 0) best = list;
    }
    if (best === -1) break;
    seats[best]!++;
  }
  return { seats, above };
}

/** Above 0 if list a has the higher average for its next seat than list b. */
const next = (
  votes: readonly number[],
  seats: readonly number[],
  rule: SeatRule,
  a: number,
  b: number,
): number => votes[a]! * rule.divisor(seats[b]! + 1) - votes[b]! * rule.divisor(seats[a]! + 1);

/** T_w / d_w > T_l / d_l. */
export interface AverageComparison {
  readonly winner: number;
  readonly winnerDivisor: number;
  readonly loser: number;
  readonly loserDivisor: number;
}

/**
 * The last seat of every seated list against the first missed seat of each list in `rivals` (itself apart): together they imply the
 * seats among those lists (Blom et al. 2021, sec. 5.1).
 */
export function averageComparisons(
  { seats }: Seats,
  rule: SeatRule,
  rivals: readonly number[],
): AverageComparison[] {
  const seated = seats.flatMap((n, list) => (n > 0 ? [list] : []));
  return seated.flatMap((winner) =>
    rivals
      .filter((loser) => loser !== winner)
      .map((loser) => ({
        winner,
        winnerDivisor: rule.divisor(seats[winner]!),
        loser,
        loserDivisor: rule.divisor(seats[loser]! + 1),
      })),
  );
}
