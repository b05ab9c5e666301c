// The draws of Arlo, the audit tool most states deploy, to check audits that were run with it: cards by the tickets of consistent_sampler,
// batches by numpy's weighted choice. Tickets are printed with 18 digits; a batch's next ticket is made from the printed one, a card's from the whole. Ids are Python tuples, and what is hashed is the text Python prints for one.
import { sha256, toHex, toUtf8 } from '../bytes/index.ts';
import type { Ticket } from './consistentSampler.ts';
import { firstTicket, nextTicket, ticketsDrawn, trimTicket } from './consistentSampler.ts';
import { numpyChoice } from './numpy.ts';

const ticketDigits = 18;

/** repr() of a tuple of texts and whole numbers, as Python 3 writes it; a name with an apostrophe changes its quotes. */
export const pythonTuple = (parts: readonly (string | number)[]): string =>
  `(${parts.map((p) => (typeof p === 'number' ? String(p) : pythonText(p))).join(', ')}${parts.length === 1 ? ',' : ''})`;

/** repr() of a text: apostrophes unless it holds one and no quotation mark. Escapes what Python does not call printable. */
function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === quote || char === '\\') out += `\\${char}`;
    else if (char === '\t') out += '\\t';
    else if (char === '\n') out += '\\n';
    else if (char === '\r') out += '\\r';
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code > 0x7f && /[\p{C}\p{Z}]/u.test(char)) out += escaped(code);
    else out += char;
  }
  return out + quote;
}

const escaped = (code: number): string =>
  code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : code < 0x1_0000
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : `\\U${code.toString(16).padStart(8, '0')}`;

/** A card as Arlo names it: its batch and its position in it, from 1. */
export type ArloCard = readonly [batch: string, position: number];

/** Cards for ballot polling and comparison, `take` draws after the first `drop`; with replacement, so that a card may come again. */
export const arloCards = (
  cards: readonly ArloCard[],
  seed: string,
  drop: number,
  take: number,
  withReplacement = true,
): Ticket<ArloCard>[] =>
  ticketsDrawn(cards, seed, { text: pythonTuple, withReplacement, drop, take }).map((t) => ({
    ...t,
    ticket: trimTicket(t.ticket, ticketDigits),
  }));

/** A batch as Arlo names it: its jurisdiction and its name. */
export type ArloBatch = readonly [jurisdiction: string, name: string];

export interface BatchDraw {
  readonly ticket: string;
  /** Index into the batches. */
  readonly batch: number;
}

/**
 * `size` draws of batches with probability proportional to `bounds` (which need not add up to 1), with replacement, of batches in the order
 * given; a batch drawn again has the next of its tickets, made from the one cut to 18 digits. `before`: the batches of earlier rounds, in the order drawn: so many draws are skipped.
 * Where the rounds together would have as many draws as there are batches, Arlo takes each batch that is left, once.
 */
export function arloBatches(
  batches: readonly ArloBatch[],
  bounds: readonly number[],
  seed: string,
  size: number,
  before: readonly ArloBatch[] = [],
): BatchDraw[] {
  const ticket = (batch: number): string =>
    trimTicket(firstTicket(pythonTuple(batches[batch]!), seed), ticketDigits);
  const whole = bounds.reduce((a, b) => a + b, 0);
  if (whole === 0) return [];
  if (before.length + size >= batches.length) {
    const done = new Set(before.map(pythonTuple));
    return batches.flatMap((b, batch) =>
      done.has(pythonTuple(b)) ? [] : [{ ticket: ticket(batch), batch }],
    );
  }
  const entropy = BigInt(`0x${toHex(sha256(toUtf8(seed)))}`);
  const last = new Map<number, string>();
  return numpyChoice(
    entropy,
    bounds.map((b) => b / whole),
    before.length + size,
  )
    .map((batch) => {
      const previous = last.get(batch);
      const next = previous === undefined ? ticket(batch) : trimTicket(nextTicket(previous), ticketDigits);
      last.set(batch, next);
      return { ticket: next, batch };
    })
    .slice(before.length);
}
