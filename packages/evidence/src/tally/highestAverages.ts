// How many seats does each list get by highest averages? Seat by seat: the list with the highest votes ÷ divisor takes the next one. D'Hondt (1878)
// divides by 1, 2, 3, …; Sainte-Laguë (1910, Webster) by 1, 3, 5, …. Quotients are compared by cross-multiplying.
import type { Share } from '../election/index.ts';

export type DivisorRule = 'dhondt' | 'sainteLague';

/** The divisor of a list's k-th seat, k from 1. */
export const divisorOf = (rule: DivisorRule, k: number): number => (rule === 'dhondt' ? k : 2 * k - 1);

export interface SeatGiven {
  /** From 1, in the order in which the seats are given. */
  readonly seat: number;
  /** By index: who took it, and the divisor that it took the seat at. */
  readonly list: number;
  readonly divisor: number;
  /** Who would have been next, at its own divisor; undefined where no other list has votes. */
  readonly next?: { readonly list: number; readonly divisor: number };
}

export interface HighestAveragesOutcome {
  readonly seats: readonly number[];
  readonly given: readonly SeatGiven[];
  /** By list: under the threshold, and so without a seat. */
  readonly excluded: readonly number[];
  /** Lists with equal averages for more seats than are left: lots or law decide who gets the last `seatsTied`. */
  readonly tied: readonly number[];
  readonly seatsTied: number;
}

/** Lists above `threshold` (a share of all valid votes; exactly on it is not above) share the seats. */
export function highestAverages(
  votes: readonly number[],
  seats: number,
  rule: DivisorRule,
  threshold?: Share,
): HighestAveragesOutcome {
  if (!Number.isSafeInteger(seats) || seats < 1) throw new RangeError(`at least one seat, not ${seats}`);
  const valid = votes.reduce((sum, v) => sum + v, 0);
  const excluded = votes.flatMap((v, i) =>
    threshold !== undefined && !isAbove(v, valid, threshold) ? [i] : [],
  );
  const lists = votes.flatMap((v, i) => (v > 0 && !excluded.includes(i) ? [i] : []));
  const won = votes.map(() => 0);
  const given: SeatGiven[] = [];
  const divisor = (list: number): number => divisorOf(rule, won[list]! + 1);
  /** Above 0: `a` has the higher average for its next seat. */
  const compare = (a: number, b: number): number => {
    const difference = BigInt(votes[a]!) * BigInt(divisor(b)) - BigInt(votes[b]!) * BigInt(divisor(a));
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  };
  while (given.length < seats && lists.length > 0) {
    const best = lists.reduce((a, b) => (compare(b, a) > 0 ? b : a));
    const equal = lists.filter((list) => compare(list, best) === 0);
    const left = seats - given.length;
    if (equal.length > left) return { seats: won, given, excluded, tied: equal, seatsTied: left };
    const rest = lists.filter((list) => list !== best);
    const next = rest.length === 0 ? undefined : rest.reduce((a, b) => (compare(b, a) > 0 ? b : a));
    given.push({
      seat: given.length + 1,
      list: best,
      divisor: divisor(best),
      ...(next === undefined ? {} : { next: { list: next, divisor: divisor(next) } }),
    });
    won[best]!++;
  }
  return { seats: won, given, excluded, tied: [], seatsTied: 0 };
}

/** votes ÷ valid > share, in integers of any size. */
export const isAbove = (votes: number, valid: number, share: Share): boolean =>
  BigInt(votes) * BigInt(share.denominator) > BigInt(valid) * BigInt(share.numerator);
