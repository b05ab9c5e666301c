// Kinds of number that must never be added to one another. Most false alarms after an election are unit errors:
// in Gwinnett County, Georgia, 2020, 416,458 ballots stood beside 536,616 cast vote records, because the ballot had two cards.
//
// A count is a non-negative safe integer that carries its unit in its type. It costs nothing at run time.

declare const unit: unique symbol;

/** A count of one unit: a non-negative integer below 2^53. */
export type Count<Unit extends string> = number & { readonly [unit]: (of: Unit) => Unit };

export type Voters = Count<'voters'>;
export type Envelopes = Count<'envelopes'>;
export type Ballots = Count<'ballots'>;
/** One sheet of paper. A ballot of two sheets is two cards. */
export type Cards = Count<'cards'>;
export type CvrCount = Count<'cast vote records'>;
export type Votes = Count<'votes'>;

/** True if `n` can be a count: a non-negative integer below 2^53. */
export const isCount = (n: unknown): boolean => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;

function count<U extends string>(n: number): Count<U> {
  if (!isCount(n)) throw new RangeError(`a count is a non-negative integer, not ${n}`);
  return n as Count<U>;
}

export const voters = (n: number): Voters => count(n);
export const envelopes = (n: number): Envelopes => count(n);
export const ballots = (n: number): Ballots => count(n);
export const cards = (n: number): Cards => count(n);
export const cvrs = (n: number): CvrCount => count(n);
export const votes = (n: number): Votes => count(n);

/** The sum of counts of one unit. Throws RangeError beyond 2^53. */
export function sum<U extends string>(counts: Iterable<Count<U>>): Count<U> {
  let total = 0;
  for (const n of counts) total += n;
  return count<U>(total);
}
