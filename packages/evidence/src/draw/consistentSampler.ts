// Rivest's consistent_sampler (2018, MIT licence): a ticket between 0 and 1 for each id, as a string of decimal digits; the smallest is drawn first, and
// where draws are with replacement the id comes back with a larger ticket. Reads old audits: the deployed tool Arlo draws cards this way.
import { sha256, toHex, toUtf8 } from '../bytes/index.ts';

const hex = (text: string): string => toHex(sha256(toUtf8(text)));

/** The decimal digits of a hash, at least 64 of them, backwards: the last digits are the unbiased ones. */
const digits = (text: string): string =>
  Array.from(
    BigInt(`0x${hex(text)}`)
      .toString()
      .padStart(64, '0'),
  )
    .reverse()
    .join('');

/** The first ticket of an id: "0." and digits of SHA-256(hex of SHA-256(seed), id). */
export const firstTicket = (id: string, seed: string): string => `0.${digits(hex(seed) + id)}`;

/** A ticket between `ticket` and 1: its leading nines stay, the rest is drawn until the whole is larger. */
export function nextTicket(ticket: string): string {
  const kept = /^0\.9*/.exec(ticket)?.[0];
  if (kept === undefined) throw new RangeError(`a ticket begins with "0.", not ${ticket}`);
  for (let i = 1; ; i++) {
    const next = kept + digits(`${ticket}:${i}`);
    if (next > `${ticket}0`) return next;
  }
}

/** The leading nines and `length` digits more; cut off, not rounded. */
export const trimTicket = (ticket: string, length: number): string =>
  ticket.slice(0, /^0\.9*/.exec(ticket)![0].length + length);

export interface Ticket<Id> {
  readonly ticket: string;
  readonly id: Id;
  /** The how-manieth ticket of this id, from 1. */
  readonly generation: number;
}

export interface TicketOptions<Id> {
  /** The text of an id, which is hashed. */
  readonly text: (id: Id) => string;
  readonly withReplacement: boolean;
  /** Leave out the first so many draws, then take so many. */
  readonly drop?: number;
  readonly take: number;
}

/** Tickets in the order drawn. Equal tickets (none has been met) keep the order of the ids. */
export function ticketsDrawn<Id>(ids: readonly Id[], seed: string, options: TicketOptions<Id>): Ticket<Id>[] {
  const { text, take, drop = 0, withReplacement } = options;
  const seedHash = hex(seed);
  const count = drop + take;
  let pool: readonly Ticket<Id>[] = ids.map((id) => ({
    ticket: `0.${digits(seedHash + text(id))}`,
    id,
    generation: 1,
  }));
  // Each ticket among the first `count` puts its successor into the pool, until none of those is among them.
  for (let fresh = withReplacement ? pool : []; fresh.length > 0;) {
    const drawn = new Set(pool.toSorted(byTicket).slice(0, count));
    fresh = fresh
      .filter((t) => drawn.has(t))
      .map((t) => ({ ticket: nextTicket(t.ticket), id: t.id, generation: t.generation + 1 }));
    pool = pool.concat(fresh);
  }
  return pool.toSorted(byTicket).slice(drop, count);
}

const byTicket = (a: { ticket: string }, b: { ticket: string }): number =>
  a.ticket < b.ticket ? -1 : a.ticket > b.ticket ? 1 : 0;
