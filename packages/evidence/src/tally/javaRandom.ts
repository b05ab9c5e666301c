// The random numbers of java.util.Random, because rules of tabulation in force name a seed for it: a 48-bit linear congruential generator
// (Knuth, The Art of Computer Programming, vol. 2, 3.2.1), written down in the documentation of java.util.Random.

const multiplier = 0x5deece66dn;
const mask = (1n << 48n) - 1n;

export class JavaRandom {
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = (BigInt.asUintN(64, seed) ^ multiplier) & mask;
  }

  /** java.util.Random.next: the upper `bits` of the next state, signed. */
  #next(bits: number): bigint {
    this.#state = (this.#state * multiplier + 0xbn) & mask;
    return BigInt.asIntN(32, this.#state >> BigInt(48 - bits));
  }

  nextDouble(): number {
    return Number((this.#next(26) << 27n) + this.#next(27)) / 2 ** 53;
  }

  /** From 0 to bound − 1, each as likely as the other. */
  nextInt(bound: number): number {
    const n = BigInt(bound);
    if ((n & (n - 1n)) === 0n) return Number((n * this.#next(31)) >> 31n);
    for (;;) {
      const bits = this.#next(31);
      const value = bits % n;
      if (bits - value + (n - 1n) < 1n << 31n) return Number(value);
    }
  }

  /** java.util.Collections.shuffle. */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let i = shuffled.length; i > 1; i--) {
      const j = this.nextInt(i);
      [shuffled[i - 1], shuffled[j]] = [shuffled[j]!, shuffled[i - 1]!];
    }
    return shuffled;
  }
}
