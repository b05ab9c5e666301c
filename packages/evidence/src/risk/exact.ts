// Is p <= alpha? Where floating point cannot tell, fractions of integers do.
//
// All product forms here (bets, Kaplan-Markov, MACRO, BRAVO) are products of fractions. When a p-value comes within 1e-9 of the
// risk limit, the same product is taken again in whole numbers of any length and compared by cross-multiplying.

/** A fraction; the denominator is positive. */
export interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

export function ratio(n: bigint | number, d: bigint | number = 1n): Ratio {
  const [N, D] = [BigInt(n), BigInt(d)];
  if (D === 0n) throw new RangeError('a fraction with denominator 0');
  return D < 0n ? { n: -N, d: -D } : { n: N, d: D };
}

/** The decimal as written: 0.05 is 5/100, not the double next to it. */
export function ratioOfDecimal(decimal: number | string): Ratio {
  const m = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(String(decimal));
  if (m === null) throw new RangeError(`not a decimal: ${decimal}`);
  const fraction = m[3] ?? '';
  const n = BigInt(`${m[1]}${m[2]}${fraction}`);
  const e = Number(m[4] ?? 0) - fraction.length;
  return e >= 0 ? ratio(n * 10n ** BigInt(e)) : ratio(n, 10n ** BigInt(-e));
}

/** The double itself, to its last bit. */
export function ratioOfDouble(x: number): Ratio {
  if (!Number.isFinite(x)) throw new RangeError(`no fraction: ${x}`);
  let d = 1n;
  let y = x;
  while (!Number.isSafeInteger(y)) {
    // 2^k moves the point, and never rounds, until the double is a whole number.
    if (Math.abs(y) > Number.MAX_SAFE_INTEGER) return ratio(BigInt(y), d);
    y *= 2;
    d *= 2n;
  }
  return ratio(BigInt(y), d);
}

export const plus = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const minus = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
export const times = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.n, d: a.d * b.d });
export const over = (a: Ratio, b: Ratio): Ratio => ratio(a.n * b.d, a.d * b.n);
/** -1, 0 or 1 as a is below, at or above b. */
export const compare = (a: Ratio, b: Ratio): number => {
  const [l, r] = [a.n * b.d, b.n * a.d];
  return l < r ? -1 : l > r ? 1 : 0;
};
export const power = (a: Ratio, k: number): Ratio =>
  k >= 0 ? { n: a.n ** BigInt(k), d: a.d ** BigInt(k) } : power(over(ratio(1n), a), -k);

/** The product, two by two, so that the long numbers meet late. */
export function product(factors: readonly Ratio[]): Ratio {
  if (factors.length === 0) return ratio(1n);
  let row = factors;
  while (row.length > 1) {
    const next: Ratio[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [a, b] = [row[i]!, row[i + 1]];
      next.push(b === undefined ? a : times(a, b));
    }
    row = next;
  }
  return row[0]!;
}

export const BORDERLINE = 1e-9;

export interface Decision {
  /** p <= alpha. */
  readonly met: boolean;
  /** Settled in whole numbers, because p was within 1e-9 of alpha. */
  readonly exactly: boolean;
}

/** Is the risk limit met? `exactly` is asked only where p is within 1e-9 of alpha. */
export const decide = (p: number, alpha: number, exactly: () => boolean): Decision => {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`no p-value: ${p}`);
  return Math.abs(p - alpha) < BORDERLINE
    ? { met: exactly(), exactly: true }
    : { met: p <= alpha, exactly: false };
};

/**
 * Does the statistic of a betting game reach 1/alpha at some draw, with the bets as placed and everything else exact?
 * The bets are the doubles themselves: they were predictable, and that is all a bet must be.
 */
export function reaches(
  x: readonly Ratio[],
  h: { readonly N: number; readonly t: Ratio; readonly u: Ratio },
  bets: ArrayLike<number>,
  alpha: number,
): boolean {
  const goal = over(ratio(1n), ratioOfDecimal(alpha));
  // One denominator for all values, so that sums stay short.
  const D = [...x, h.t, h.u].reduce((m, r) => (m % r.d === 0n ? m : m * r.d), 1n);
  const whole = (r: Ratio): bigint => (r.n * D) / r.d;
  const [t, u] = [whole(h.t), whole(h.u)];
  let T: Ratio = ratio(1n);
  let sum = 0n;
  for (let i = 0; i < x.length; i++) {
    const left = h.N === Infinity ? 1n : BigInt(h.N - i);
    const short = h.N === Infinity ? t : BigInt(h.N) * t - sum;
    if (short < 0n) return true;
    if (short > u * left) return false;
    const xi = whole(x[i]!);
    if (short > 0n && short < u * left) {
      // 1 + lambda (x - mu) = 1 + lambda (x left - short) / (left D)
      const f = plus(ratio(1n), times(ratioOfDouble(bets[i]!), { n: xi * left - short, d: left * D }));
      if (f.n <= 0n) return false;
      T = times(T, f);
      if (compare(T, goal) >= 0) return true;
    }
    sum += xi;
  }
  return x.length === h.N && sum > BigInt(h.N) * t;
}
