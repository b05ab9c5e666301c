// In which order does a seed put the cards of an election? specs/draw.md says it in bytes: the ticket of a card is SHA-256(seed ":" id), the
// smallest ticket is drawn first, equal tickets go by id. A card's ticket depends on nothing else, so that anyone can check one card, and
// one order serves every contest and every round: nothing is hashed twice.
import { compareBytes, toUtf8 } from '../bytes/index.ts';
import type { TextColumn } from '../cvr/index.ts';
import { CardHasher } from './cardHasher.ts';

declare const seed: unique symbol;
/** At least 20 decimal digits, as thrown with dice in public. */
export type DrawSeed = string & { readonly [seed]: true };

export type SeedReading =
  | { readonly ok: true; readonly seed: DrawSeed }
  | { readonly ok: false; readonly code: 'seed-not-digits' | 'seed-too-short'; readonly found: string };

/** 20 dice are 66 bits: less can be searched for a sample somebody likes. */
export const leastSeedDigits = 20;

export function readSeed(text: string): SeedReading {
  if (!/^[0-9]+$/.test(text)) return { ok: false, code: 'seed-not-digits', found: text };
  if (text.length < leastSeedDigits) return { ok: false, code: 'seed-too-short', found: text };
  return { ok: true, seed: text as DrawSeed };
}

const encoder = new TextEncoder();

/** Ids as bytes. Throws RangeError on text that has no UTF-8. */
export function cardIds(ids: Iterable<string>): TextColumn {
  let bytes = new Uint8Array(1 << 16);
  let offsets = new Uint32Array(1 << 12);
  let [count, end] = [0, 0];
  for (const id of ids) {
    if (!id.isWellFormed()) throw new RangeError('a lone surrogate has no UTF-8');
    // UTF-8 takes at most three bytes for a UTF-16 code unit.
    if (end + 3 * id.length > bytes.length) bytes = grown(bytes, new Uint8Array(2 * (end + 3 * id.length)));
    end += encoder.encodeInto(id, bytes.subarray(end)).written;
    if (++count === offsets.length) offsets = grown(offsets, new Uint32Array(2 * count));
    offsets[count] = end;
  }
  return { bytes: bytes.subarray(0, end), offsets: offsets.subarray(0, count + 1) };
}

function grown<A extends Uint8Array | Uint32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

export type Ordering =
  | { readonly ok: true; readonly order: DrawOrder }
  | { readonly ok: false; readonly code: 'no-cards' }
  | { readonly ok: false; readonly code: 'empty-id'; readonly card: number }
  | { readonly ok: false; readonly code: 'repeated-id'; readonly cards: readonly [number, number] };

/** The order of cards under a seed. Two cards with one id, or none, cannot be drawn apart and are refused. */
export function drawOrder(seed: DrawSeed, ids: TextColumn): Ordering {
  const cards = ids.offsets.length - 1;
  if (cards < 1) return { ok: false, code: 'no-cards' };
  for (let i = 0; i < cards; i++)
    if (ids.offsets[i] === ids.offsets[i + 1]) return { ok: false, code: 'empty-id', card: i };
  const order = new DrawOrder(seed, ids);
  const repeated = order.repeatedId();
  return repeated === undefined ? { ok: true, order } : { ok: false, code: 'repeated-id', cards: repeated };
}

/**
 * Cards by ascending ticket, sorted only as far as asked. Held for a card: the first 32 bits of its ticket, twice, and its place; where those
 * are equal the ticket is computed again. Five million cards take 60 MB beside their ids.
 */
export class DrawOrder {
  readonly seed: DrawSeed;
  readonly cards: number;
  readonly #ids: TextColumn;
  readonly #hasher: CardHasher;
  readonly #head: Uint32Array;
  /** The heads in ascending order: how many cards lie below a head. */
  readonly #heads: Uint32Array;
  /** The first #ready places of the order. */
  readonly #order: Uint32Array;
  #ready = 0;

  /** Callers use drawOrder, which refuses what cannot be drawn. */
  constructor(seed: DrawSeed, ids: TextColumn) {
    this.seed = seed;
    this.#ids = ids;
    this.cards = ids.offsets.length - 1;
    this.#hasher = new CardHasher(toUtf8(`${seed}:`));
    this.#head = new Uint32Array(this.cards);
    for (let card = 0; card < this.cards; card++) {
      this.#hash(card);
      this.#head[card] = this.#hasher.words[0]!;
    }
    this.#heads = this.#head.toSorted();
    this.#order = new Uint32Array(this.cards);
  }

  /** The card at a place of the order, from 0. */
  cardAt(place: number): number {
    if (!Number.isInteger(place) || place < 0 || place >= this.cards)
      throw new RangeError(`place ${place} in an order of ${this.cards} cards`);
    if (place >= this.#ready) this.#sortUpTo(place + 1);
    return this.#order[place]!;
  }

  /** The 32 bytes of a card's ticket. */
  ticket(card: number): Uint8Array {
    if (!Number.isInteger(card) || card < 0 || card >= this.cards)
      throw new RangeError(`card ${card} of ${this.cards}`);
    this.#hash(card);
    return this.#hasher.digest();
  }

  /** Two cards with the same id, if there are any. Equal ids have equal heads, and few others have. */
  repeatedId(): readonly [number, number] | undefined {
    const shared = new Map<number, number[]>();
    for (let i = 1; i < this.cards; i++)
      if (this.#heads[i] === this.#heads[i - 1]) shared.set(this.#heads[i]!, []);
    if (shared.size === 0) return undefined;
    for (let card = 0; card < this.cards; card++) shared.get(this.#head[card]!)?.push(card);
    for (const list of shared.values()) {
      list.sort((a, b) => compareBytes(this.#id(a), this.#id(b)) || a - b);
      for (let i = 1; i < list.length; i++)
        if (compareBytes(this.#id(list[i - 1]!), this.#id(list[i]!)) === 0) return [list[i - 1]!, list[i]!];
    }
    return undefined;
  }

  #hash(card: number): void {
    this.#hasher.hash(this.#ids.bytes, this.#ids.offsets[card]!, this.#ids.offsets[card + 1]!);
  }

  #id(card: number): Uint8Array {
    return this.#ids.bytes.subarray(this.#ids.offsets[card], this.#ids.offsets[card + 1]);
  }

  #sortUpTo(count: number): void {
    const from = this.#ready;
    // Twice as far each time: walking the whole order then costs little more than sorting it once.
    let to = Math.min(this.cards, Math.max(count, 2 * from, 4096));
    while (to < this.cards && this.#heads[to] === this.#heads[to - 1]) to++;
    const [low, high] = [this.#heads[from]!, this.#heads[to - 1]!];
    let at = from;
    for (let card = 0; card < this.cards; card++) {
      const head = this.#head[card]!;
      if (head >= low && head <= high) this.#order[at++] = card;
    }
    this.#order.subarray(from, to).sort((a, b) => this.#head[a]! - this.#head[b]! || this.#compare(a, b));
    this.#ready = to;
  }

  #compare(a: number, b: number): number {
    return compareBytes(this.ticket(a), this.ticket(b)) || compareBytes(this.#id(a), this.#id(b));
  }
}
