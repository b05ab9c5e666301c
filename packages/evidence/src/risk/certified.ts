// Logarithms between two bounds, as narrow as is asked for: where a decision hangs on a logarithm, the bounds are narrowed until they settle it.
//
// ln m = 2 (y + y^3/3 + y^5/5 + …), y = (m - 1)/(m + 1); every division rounds down by less than one unit of the last place, which is counted.
import { compare, ratio, type Ratio } from './exact.ts';

/** Places kept beyond those asked for, for what rounding adds up to. */
const GUARD = 64n;

/** ln(a) · 2^bits lies between the two. `a` is above 0. */
export function logBounds(a: Ratio, bits: number): readonly [bigint, bigint] {
  if (a.n <= 0n) throw new RangeError('no logarithm of nothing');
  const F = BigInt(bits) + GUARD;
  // a = m 2^k with m near 1.
  let k = 4 * (a.n.toString(16).length - a.d.toString(16).length);
  let m = k >= 0 ? ratio(a.n, a.d << BigInt(k)) : ratio(a.n << BigInt(-k), a.d);
  for (; 2n * m.d < m.n; k++) m = { n: m.n, d: 2n * m.d };
  for (; 2n * m.n < m.d; k--) m = { n: 2n * m.n, d: m.d };
  const [own, terms] = logNearOne(m, F);
  const [two, twoTerms] = logNearOne(ratio(2n), F);
  const error = 8n * (terms + twoTerms) * BigInt(Math.abs(k) + 1);
  const value = own + BigInt(k) * two;
  return [(value - error) >> GUARD, ((value + error) >> GUARD) + 1n];
}

/** ln(m) · 2^F, and how many terms were added: each is less than 8 units off. */
function logNearOne(m: Ratio, F: bigint): readonly [bigint, bigint] {
  const y = ((m.n - m.d) << F) / (m.n + m.d);
  const square = (y * y) >> F;
  let sum = 0n;
  let power = y;
  let i = 1n;
  for (; power !== 0n && power !== -1n; i += 2n) {
    sum += power / i;
    power = (power * square) >> F;
  }
  return [2n * sum, i];
}

/**
 * Is Fisher's combination of two p-values with product q, q (1 - ln q), at most alpha? At q = 1 it is 1. For a fraction q below 1 the logarithm is
 * transcendental (Lindemann 1882), so that the combination is never equal to the decimal alpha, and bounds narrow enough always settle it.
 */
export function fisherOfTwoMeets(q: Ratio, alpha: Ratio): boolean {
  if (q.n <= 0n) return true;
  if (compare(q, ratio(1n)) >= 0) return compare(ratio(1n), alpha) <= 0;
  for (let bits = 128; ; bits *= 2) {
    const one = 1n << BigInt(bits);
    const [low, high] = logBounds(q, bits);
    const goal = alpha.n * q.d * one;
    if (q.n * (one - low) * alpha.d <= goal) return true;
    if (q.n * (one - high) * alpha.d > goal) return false;
  }
}
