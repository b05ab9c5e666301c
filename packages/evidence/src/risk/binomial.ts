// Binomial probabilities by their ratios from the mode, normed at the end: good to about 1e-13 at any n an audit has.

/** Probabilities of k = from, from + 1, …; those left out at both ends together weigh less than 1e-60. */
export interface Distribution {
  readonly from: number;
  readonly mass: Float64Array;
}

const NEGLIGIBLE = 1e-64;

export function binomial(n: number, p: number): Distribution {
  if (!(n >= 0 && p >= 0 && p <= 1)) throw new RangeError(`no binomial: n = ${n}, p = ${p}`);
  if (p === 0 || p === 1 || n === 0) return { from: p === 1 ? n : 0, mass: Float64Array.of(1) };
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const up: number[] = [];
  const down: number[] = [];
  let total = 1;
  for (let k = mode, m = 1; k < n; k++) {
    m *= ((n - k) / (k + 1)) * odds;
    if (m < NEGLIGIBLE) break;
    up.push(m);
    total += m;
  }
  for (let k = mode, m = 1; k > 0; k--) {
    m *= k / (n - k + 1) / odds;
    if (m < NEGLIGIBLE) break;
    down.push(m);
    total += m;
  }
  const mass = new Float64Array(down.length + 1 + up.length);
  for (let i = 0; i < down.length; i++) mass[down.length - 1 - i] = down[i]! / total;
  mass[down.length] = 1 / total;
  for (let i = 0; i < up.length; i++) mass[down.length + 1 + i] = up[i]! / total;
  return { from: mode - down.length, mass };
}

/** The probability of k or more. */
export function tail({ from, mass }: Distribution, k: number): number {
  let sum = 0;
  for (let i = mass.length - 1; i >= Math.max(0, k - from); i--) sum += mass[i]!;
  return sum;
}

export const binomialTail = (n: number, p: number, k: number): number =>
  k > n ? 0 : k <= 0 ? 1 : tail(binomial(n, p), k);

/** ln of the probability of k or more, where the probability itself may be too small for a double. */
export function logBinomialTail(n: number, p: number, k: number): number {
  if (k > n) return -Infinity;
  if (k <= (n + 1) * p) return Math.log(binomialTail(n, p, k));
  if (p === 1) return 0;
  if (p === 0) return -Infinity;
  let sum = 1;
  for (let j = k, m = 1; j < n && m > 1e-18 * sum; j++) sum += m *= ((n - j) / (j + 1)) * (p / (1 - p));
  const log = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return log + k * Math.log(p) + (n - k) * Math.log1p(-p) + Math.log(sum);
}

/** The distribution of the sum. */
export function convolve(a: Distribution, b: Distribution): Distribution {
  const mass = new Float64Array(a.mass.length + b.mass.length - 1);
  for (let i = 0; i < a.mass.length; i++) {
    const ai = a.mass[i]!;
    if (ai === 0) continue;
    for (let j = 0; j < b.mass.length; j++) mass[i + j]! += ai * b.mass[j]!;
  }
  return { from: a.from + b.from, mass };
}

/** How many of n draws without replacement from N are among the K, by a random number: from the likeliest outwards, so that few steps are taken. */
export function hypergeometric(N: number, K: number, n: number, random: () => number): number {
  if (!(n >= 0 && n <= N && K >= 0 && K <= N)) throw new RangeError(`no draws: ${n} of ${N} with ${K}`);
  const [least, most] = [Math.max(0, n - (N - K)), Math.min(n, K)];
  const mode = Math.min(most, Math.max(least, Math.floor(((n + 1) * (K + 1)) / (N + 2))));
  const logChoose = (x: number, k: number): number => logFalling(x, k) - logGamma(k + 1);
  const peak = Math.exp(logChoose(K, mode) + logChoose(N - K, n - mode) - logChoose(N, n));
  let at = random() - peak;
  let [up, down] = [mode, mode];
  let [high, low] = [peak, peak];
  while (at >= 0 && (up < most || down > least)) {
    if (up < most) {
      high *= ((K - up) / (up + 1)) * ((n - up) / (N - K - n + up + 1));
      up++;
      at -= high;
      if (at < 0) return up;
    }
    if (down > least) {
      low *= (down / (K - down + 1)) * ((N - K - n + down) / (n - down + 1));
      down--;
      at -= low;
      if (at < 0) return down;
    }
    // What rounding leaves of the whole is nobody's.
    if (high < NEGLIGIBLE && low < NEGLIGIBLE) break;
  }
  return mode;
}

/** ln Gamma(x) for x > 0: Stirling's series beyond 10, reached by recurrence. */
export function logGamma(x: number): number {
  if (!(x > 0)) return x === 0 ? Infinity : Number.NaN;
  let shift = 0;
  let y = x;
  let f = 1;
  while (y < 10) {
    f *= y;
    y++;
  }
  shift = Math.log(f);
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + stirling(y) - shift;
}

/** ln Gamma(y) - (y - 1/2) ln y + y - ln(2 pi)/2, for y of 10 or more. */
function stirling(y: number): number {
  const r = 1 / (y * y);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / y;
}

/** ln of the falling factorial x (x - 1) … (x - k + 1), for real x > k - 1. */
export const logFalling = (x: number, k: number): number =>
  k === 0 ? 0 : k < 32 ? logProduct(x, k) : x - k < 10 ? logGamma(x + 1) - logGamma(x - k + 1) : logFar(x, k);

/**
 * Stirling's series of both gammas, subtracted term by term: the difference of the two themselves would lose the digits that they share, a
 * billionth at a million cards.
 */
function logFar(x: number, k: number): number {
  const [a, b] = [x + 1, x - k + 1];
  return -(a - 0.5) * Math.log1p(-k / a) + k * Math.log(b) - k + stirling(a) - stirling(b);
}

function logProduct(x: number, k: number): number {
  let f = 1;
  for (let i = 0; i < k; i++) f *= x - i;
  return Number.isFinite(f) && f > 0 ? Math.log(f) : logGamma(x + 1) - logGamma(x - k + 1);
}
