// The cards that a seed draws, by their places among all cards. Of half a million cards every ticket is hashed: that many are drawn in a thread of
// their own, and others are answered meanwhile.
import { drawOrder, type DrawSeed, type Ordering } from '@opencanvass/evidence/draw';
import type { TextColumn } from '@opencanvass/evidence/cvr';
import type { Threads } from './threads.ts';

export interface ToDraw {
  readonly seed: DrawSeed;
  readonly ids: TextColumn;
  /** Draws `from` + 1 to `to`. */
  readonly from: number;
  readonly to: number;
}
export type CardsDrawn =
  | { readonly ok: true; readonly places: readonly number[] }
  | Extract<Ordering, { ok: false }>;

/** A thread takes as long to start as this many cards to hash. */
const manyCards = 50_000;

export async function cardsDrawn(toDraw: ToDraw, threads: Threads): Promise<CardsDrawn> {
  return toDraw.ids.offsets.length > manyCards
    ? threads.run<CardsDrawn>(new URL('./drawInThread.ts', import.meta.url), toDraw)
    : drawnHere(toDraw);
}

export function drawnHere({ seed, ids, from, to }: ToDraw): CardsDrawn {
  const ordering = drawOrder(seed, ids);
  if (!ordering.ok) return ordering;
  return { ok: true, places: Array.from({ length: to - from }, (_, i) => ordering.order.cardAt(from + i)) };
}
