// numpy's default_rng(seed).choice(n, size, p=weights): how the deployed tool Arlo draws batches. From the documentation of numpy.random (BSD licence):
// SeedSequence turns a whole number of any size into 256 bits, PCG64 (O'Neill 2014: a 128-bit linear congruential generator with the output
// XSL-RR) makes 64-bit numbers of them, a double is the upper 53 bits, and `choice` looks each double up in the running sum of the weights.

const mask32 = 0xffff_ffffn;
const mask64 = (1n << 64n) - 1n;
const mask128 = (1n << 128n) - 1n;

/** SeedSequence(entropy).generate_state(words, uint64). */
export function seedSequence(entropy: bigint, words: number): bigint[] {
  const pool = entropyPool(entropy);
  // generate_state
  let constant = 0x8b51_f9dd;
  const state: bigint[] = [];
  for (let i = 0; i < 2 * words; i++) {
    let value = (pool[i % 4]! ^ constant) >>> 0;
    constant = Math.imul(constant, 0x58f3_8ded) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    state.push(BigInt((value ^ (value >>> 16)) >>> 0));
  }
  // Two 32-bit words make one of 64, the lower first.
  return Array.from({ length: words }, (_, i) => state[2 * i]! | (state[2 * i + 1]! << 32n));
}

/** Four 32-bit words into which all of the entropy is mixed. */
function entropyPool(entropy: bigint): number[] {
  if (entropy < 0n) throw new RangeError('a seed is not negative');
  const input: number[] = [];
  for (let rest = entropy; rest > 0n || input.length === 0; rest >>= 32n) input.push(Number(rest & mask32));
  let constant = 0x43b0_d7e5;
  const hash = (word: number): number => {
    const mixed = (word ^ constant) >>> 0;
    constant = Math.imul(constant, 0x931e_8875) >>> 0;
    const value = Math.imul(mixed, constant) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mix = (x: number, y: number): number => {
    const value = (Math.imul(x, 0xca01_f9dd) - Math.imul(y, 0x4973_f715)) >>> 0;
    return (value ^ (value >>> 16)) >>> 0;
  };
  const pool = [0, 1, 2, 3].map((i) => hash(input[i] ?? 0));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
  for (const word of input.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mix(pool[to]!, hash(word));
  return pool;
}

/** numpy.random.PCG64(SeedSequence(entropy)): an endless stream of 64-bit numbers. */
export function* pcg64(entropy: bigint): Generator<bigint, never> {
  const [s1, s0, i1, i0] = seedSequence(entropy, 4) as [bigint, bigint, bigint, bigint];
  const multiplier = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645n;
  const increment = ((((i1 << 64n) | i0) << 1n) | 1n) & mask128;
  const step = (state: bigint): bigint => (state * multiplier + increment) & mask128;
  let state = step((step(0n) + ((s1 << 64n) | s0)) & mask128);
  for (;;) {
    state = step(state);
    const folded = (state >> 64n) ^ (state & mask64);
    const turn = state >> 122n;
    yield ((folded >> turn) | (folded << ((64n - turn) & 63n))) & mask64;
  }
}

/** Generator.random(): 53 bits between 0 and 1. */
export function* doubles(entropy: bigint): Generator<number, never> {
  for (const word of pcg64(entropy)) yield Number(word >> 11n) / 2 ** 53;
  throw new Error('pcg64 does not end');
}

/** Generator.choice(n, size, replace=True, p=weights): indices. `weights` add up to 1 within rounding, as numpy demands. */
export function numpyChoice(entropy: bigint, weights: ArrayLike<number>, size: number): number[] {
  const running = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) running[i] = sum += weights[i]!;
  if (!(Math.abs(sum - 1) < 1e-8)) throw new RangeError(`weights add up to ${sum}, not to 1`);
  for (let i = 0; i < running.length; i++) running[i]! /= sum;
  const stream = doubles(entropy);
  return Array.from({ length: size }, () => firstBeyond(running, stream.next().value));
}

/** searchsorted(running, x, side='right'). */
function firstBeyond(running: Float64Array, x: number): number {
  let [low, high] = [0, running.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (running[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
