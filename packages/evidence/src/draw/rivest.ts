// Rivest's sampler, as Colorado runs it: draw k, from 1, is SHA-256(seed "," k) mod n, plus the lowest number. (R. Rivest, sampler.py, 2011; Colorado
// Election Rule 25.2.3.) Reads old audits; the numbers are positions in a manifest, so that a check of one card needs all of it.
import { toUtf8 } from '../bytes/index.ts';
import { CardHasher } from './cardHasher.ts';

/** Draws 1 to `count` of the numbers 1 … n, with replacement and in order: repetitions are draws too. */
export function rivestDraws(seed: string, n: number, count: number): number[] {
  if (!Number.isSafeInteger(n) || n < 1 || n > 2 ** 36) throw new RangeError(`a draw from ${n} numbers`);
  const hasher = new CardHasher(toUtf8(`${seed},`));
  const draws: number[] = [];
  for (let k = 1; k <= count; k++) {
    const text = toUtf8(String(k));
    hasher.hash(text, 0, text.length);
    let rest = 0;
    for (const word of hasher.words) {
      rest = (rest * 0x1_0000 + (word >>> 16)) % n;
      rest = (rest * 0x1_0000 + (word & 0xffff)) % n;
    }
    draws.push(rest + 1);
  }
  return draws;
}

/** The first `count` different numbers of the same draw. */
export function rivestDistinct(seed: string, n: number, count: number): number[] {
  if (count > n) throw new RangeError(`${count} different numbers of ${n}`);
  const found = new Set<number>();
  for (let draws = 2 * count; found.size < count; draws *= 2)
    for (const x of rivestDraws(seed, n, draws)) if (found.size < count) found.add(x);
  return [...found];
}
