// Stratified inference by union of intersections (Spertus, Sridhar, Stark, "Sequential stratified inference for the mean", arXiv 2409.06680;
// ALPHA section 5; Sweeter than SUITE 2022).
//
// The assertion is false if the strata's means eta_s satisfy sum w_s eta_s = 1/2 for *some* eta. For each eta the strata are independent, so the
// product of their martingales tests it; the p-value is the largest, 1/min over eta of T(eta) = prod_s T_s(eta_s).
//
// With the bets held fixed, each factor 1 + lambda (x - mu) is linear in eta, so ln T is concave, and its least value over a convex set of
// nulls lies at a vertex. Two strata: the line of nulls is cut into bands, the bets of a band are those for its middle, and both ends are
// looked at. More strata: one set of bets, and all vertices of the polytope {w · eta = 1/2, 0 <= eta <= u}.
import type { Null, Strategy } from './martingale.ts';

export interface Stratum {
  /** Cards of the stratum; the draws in it are without replacement. Infinity: with, and then `weight` must be given. */
  readonly N: number;
  /** The stratum's share of all cards; absent: from N. */
  readonly weight?: number;
  /** Values in draw order, each in [0, upper]. */
  readonly x: ArrayLike<number>;
  readonly upper: number;
  /**
   * What the null mean of x is when the stratum's assorter mean is eta: eta + shift. 0 for polling, where x = A(paper); for a comparison,
   * where x = u + A(paper) - A(record), it is u - mean A(record).
   */
  readonly shift: number;
  /** The assorter's upper bound: eta lies in [0, u]. */
  readonly u: number;
  readonly strategy: Strategy;
}

export interface UnionIntersection {
  readonly p: number;
  /** The least T, which p = 1/T reports. */
  readonly statistic: number;
  /** The stratum means that are hardest to rule out. */
  readonly eta: readonly number[];
}

const BANDS = 100;

/** The most of the fortune at stake at any eta of a band: all of it, and one value of 0 would end the game. */
const STAKE = 0.95;

export function unionIntersection(strata: readonly Stratum[], bands = BANDS): UnionIntersection {
  const weights = weightsOf(strata);
  const least = strata.length === 2 ? byBands(strata, weights, bands) : byVertices(strata, weights);
  // T is a martingale at every time; its value now is a p-value whenever "now" was not chosen by looking ahead.
  return { p: Math.min(1, 1 / least.statistic), ...least };
}

export function weightsOf(strata: readonly Stratum[]): number[] {
  if (strata.length === 0) throw new RangeError('no strata');
  const all = strata.reduce((sum, s) => sum + s.N, 0);
  const weights = strata.map((s) => s.weight ?? s.N / all);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(Math.abs(sum - 1) < 1e-9)) throw new RangeError(`the strata's weights add up to ${sum}`);
  return weights;
}

interface Least {
  readonly statistic: number;
  readonly eta: readonly number[];
}

function byBands(strata: readonly Stratum[], [w1, w2]: readonly number[], bands: number): Least {
  const [a, b] = [strata[0]!, strata[1]!];
  const other = (eta: number): number => (1 / 2 - w1! * eta) / w2!;
  // eta_1 so that eta_2 stays in [0, u_2].
  const low = Math.max(0, (1 / 2 - w2! * b.u) / w1!);
  const high = Math.min(a.u, 1 / 2 / w1!);
  let least: Least = { statistic: Infinity, eta: [] };
  for (let g = 0; g < bands; g++) {
    const [from, to] = [low + ((high - low) * g) / bands, low + ((high - low) * (g + 1)) / bands];
    const middle = (from + to) / 2;
    const ta = valuesAt(a, middle, [from, to]);
    const tb = valuesAt(b, other(middle), [other(from), other(to)]);
    for (const [end, eta] of [from, to].entries()) {
      const statistic = times(ta[end]!, tb[end]!);
      if (statistic < least.statistic || least.eta.length === 0)
        least = { statistic, eta: [eta, other(eta)] };
    }
  }
  return least;
}

function byVertices(strata: readonly Stratum[], weights: readonly number[]): Least {
  const vertices = vertexNulls(
    weights,
    strata.map((s) => s.u),
  );
  // One set of bets, for the null in which every stratum is tied.
  const values = strata.map((s, i) =>
    valuesAt(
      s,
      1 / 2,
      vertices.map((v) => v[i]!),
    ),
  );
  let least: Least = { statistic: Infinity, eta: [] };
  for (const [v, eta] of vertices.entries()) {
    const statistic = values.reduce((T, ts) => times(T, ts[v]!), 1);
    if (statistic < least.statistic || least.eta.length === 0) least = { statistic, eta };
  }
  return least;
}

/** Zero in one stratum is zero whatever another says. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

/** T_s at several etas, with the bets placed for `centre`, none larger than any of the etas allows. */
function valuesAt(s: Stratum, centre: number, etas: readonly number[]): number[] {
  const h: Null = { N: s.N, t: Math.min(Math.max(centre + s.shift, 1e-9), s.upper * (1 - 1e-9)), u: s.upper };
  const bettor = s.strategy(h);
  const T = etas.map(() => 1);
  const highest = etas.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (let j = 0; j < s.x.length; j++) {
    const left = s.N - j;
    const mu = (eta: number): number =>
      s.N === Infinity ? eta + s.shift : (s.N * (eta + s.shift) - sum) / left;
    const at = Math.min(Math.max(mu(centre), 0), s.upper);
    const most = mu(highest);
    const bet = at <= 0 ? 0 : Math.max(0, bettor.bet(at));
    const lambda = most > 0 ? Math.min(bet, STAKE / most) : bet;
    const x = s.x[j]!;
    // A null mean below 0 is impossible; its factor is above 1 in any case, and to leave it finite keeps ln T concave.
    for (const [i, eta] of etas.entries())
      T[i] = Math.min(1e300, T[i]! * Math.max(0, 1 + lambda * (x - mu(eta))));
    bettor.see(x);
    sum += x;
  }
  return T;
}

/** All vertices of {w · eta = 1/2, 0 <= eta_s <= u_s}: all but one coordinate at an end. */
export function vertexNulls(weights: readonly number[], uppers: readonly number[]): number[][] {
  const K = weights.length;
  if (K > 20) throw new RangeError(`${K} strata have too many vertices`);
  const found = new Map<string, number[]>();
  for (let free = 0; free < K; free++) {
    for (let bits = 0; bits < 2 ** K; bits++) {
      if ((bits >> free) & 1) continue;
      const eta = weights.map((_, s) => ((bits >> s) & 1 ? uppers[s]! : 0));
      const rest = weights.reduce((sum, w, s) => (s === free ? sum : sum + w * eta[s]!), 0);
      const value = (1 / 2 - rest) / weights[free]!;
      if (value < -1e-12 || value > uppers[free]! + 1e-12) continue;
      eta[free] = Math.min(Math.max(value, 0), uppers[free]!);
      found.set(eta.map((e) => e.toFixed(9)).join(), eta);
    }
  }
  return [...found.values()];
}

/** The bet c/mu: the largest share of the fortune the null mean allows, times c ("inverse" bets of the paper). */
export const inverseBet =
  (c: number): Strategy =>
  () => ({ bet: (mu) => c / mu, see: () => {} });
