// Random numbers for simulations and plans, never for drawing an audit's sample (that is draw/, from a public seed).
// xoshiro128** (Blackman and Vigna 2018), seeded by splitmix32: small, fast, and the same numbers on every machine.

/** A number in [0, 1), another at each call. */
export type Random = () => number;

export function simulationRandom(seed: number): Random {
  let z = seed >>> 0;
  const splitmix = (): number => {
    z = (z + 0x9e3779b9) | 0;
    let t = z ^ (z >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [splitmix(), splitmix(), splitmix(), splitmix()] as [number, number, number, number];
  const next = (): number => {
    const m = Math.imul(b, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return () => next() / 2 ** 32 + (next() >>> 11) / 2 ** 53;
}

/** Draws without replacement from a population given as its different values and how many have each. */
export function drawWithout(counts: readonly number[], random: Random): () => number {
  const left = counts.slice();
  let total = left.reduce((a, b) => a + b, 0);
  return () => {
    if (total <= 0) throw new RangeError('nothing left to draw');
    let at = random() * total;
    let i = 0;
    while (i < left.length - 1 && (at >= left[i]! || left[i] === 0)) at -= left[i++]!;
    while (left[i] === 0) i--;
    left[i]!--;
    total--;
    return i;
  };
}
