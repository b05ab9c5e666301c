// Batches drawn with probability proportional to an error bound, with replacement (PPEB; Aslam, Popa, Rivest 2008; Stark 2009): specs/draw.md
// sec. 4. Draw k, from 1, is the batch in whose stretch of the line 0 … W - 1 the number floor(SHA-256(seed "/" k) W / 2^256) falls; batches lie on
// the line in the byte order of their ids, each as long as its weight. Weights are whole numbers: what is drawn hangs on no rounding.
import { compareBytes, toUtf8 } from '../bytes/index.ts';
import { CardHasher } from './cardHasher.ts';
import type { DrawSeed } from './order.ts';

export interface WeightedBatch {
  readonly id: string;
  /** A whole number, 0 or more: 0 is never drawn. */
  readonly weight: bigint;
}

export type WeightedDraw =
  /** Draws `from + 1` to `to`: indices of batches, a batch as often as it is drawn. */
  | { readonly ok: true; readonly draws: readonly number[] }
  | { readonly ok: false; readonly code: 'no-weight' }
  | { readonly ok: false; readonly code: 'repeated-id' | 'negative-weight'; readonly id: string };

/** Draws number `from` + 1 to `to`. A later round goes on where the one before ended. */
export function weightedDraw(
  seed: DrawSeed,
  batches: readonly WeightedBatch[],
  from: number,
  to: number,
): WeightedDraw {
  const line = batches
    .map((b, index) => ({ index, id: toUtf8(b.id), name: b.id, weight: b.weight }))
    .toSorted((a, b) => compareBytes(a.id, b.id));
  for (const [i, b] of line.entries()) {
    if (b.weight < 0n) return { ok: false, code: 'negative-weight', id: b.name };
    if (i > 0 && compareBytes(line[i - 1]!.id, b.id) === 0)
      return { ok: false, code: 'repeated-id', id: b.name };
  }
  const ends: bigint[] = [];
  for (const b of line) ends.push((ends.at(-1) ?? 0n) + b.weight);
  const whole = ends.at(-1) ?? 0n;
  if (whole === 0n) return { ok: false, code: 'no-weight' };
  const hasher = new CardHasher(toUtf8(`${seed}/`));
  const draws: number[] = [];
  for (let k = from + 1; k <= to; k++) {
    const text = toUtf8(String(k));
    hasher.hash(text, 0, text.length);
    let h = 0n;
    for (const word of hasher.words) h = (h << 32n) | BigInt(word);
    draws.push(line[firstAbove(ends, (h * whole) >> 256n)]!.index);
  }
  return { ok: true, draws };
}

/** The first batch whose stretch ends beyond x. */
function firstAbove(ends: readonly bigint[], x: bigint): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}
