// The tails of round-by-round polling in whole numbers: how likely are k or more for the winner, if the audit ended in no round before? Every sample
// that is still open counts the same under the report and under the tie, so that one count of samples serves both; the probabilities are
// fractions with the reported votes in them.
import { ratio, type Ratio } from './exact.ts';

/** How many orders of `n` ballots have j for the winner and ended nowhere before, by j. */
export interface OpenSamples {
  readonly n: number;
  readonly count: readonly bigint[];
}

/** After rounds of these cumulative sizes; kmins[i] ended round i, and there may be one fewer of them than of sizes. */
export function openSamples(sizes: readonly number[], kmins: readonly number[]): OpenSamples {
  const n = sizes.at(-1) ?? 0;
  // A polynomial in z at z = 2^bits: no count has as many as n + 1 bits, so that products of polynomials are products of numbers.
  const digits = Math.floor(n / 4) + 1;
  const bits = BigInt(4 * digits);
  let packed = 1n;
  let before = 0;
  for (const [i, size] of sizes.entries()) {
    packed *= ((1n << bits) + 1n) ** BigInt(size - before);
    before = size;
    const kmin = kmins[i];
    if (kmin !== undefined && kmin <= n) packed &= (1n << (bits * BigInt(kmin))) - 1n;
  }
  const hex = packed.toString(16).padStart((n + 1) * digits, '0');
  return {
    n,
    count: Array.from({ length: n + 1 }, (_, j) =>
      BigInt(`0x${hex.slice(hex.length - (j + 1) * digits, hex.length - j * digits)}`),
    ),
  };
}

/** The probability of k or more, each ballot being for the winner with probability p. */
export function exactTail({ n, count }: OpenSamples, k: number, p: Ratio): Ratio {
  const [win, lose] = [p.n, p.d - p.n];
  let sum = 0n;
  let wins = win ** BigInt(Math.min(k, n));
  for (let j = Math.max(0, k); j <= n; j++) {
    sum = sum * lose + count[j]! * wins;
    wins *= win;
  }
  return ratio(sum, p.d ** BigInt(n));
}
