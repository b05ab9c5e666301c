// Stratified inference by union of intersections (Spertus, Sridhar, Stark, "Sequential stratified inference for the mean", arXiv 2409.06680;
// ALPHA section 5; Sweeter than SUITE 2022).
//
// The assertion is false if the strata's means eta_s satisfy sum w_s eta_s = 1/2 for *some* eta. For each eta the strata are independent, so the
// product of their martingales tests it; the p-value is the largest, 1/min over eta of T(eta) = prod_s T_s(eta_s).
//
// With the bets held fixed, each factor 1 + lambda (x - mu) is linear in eta, so ln T is concave, and its least value over a convex set of
// nulls lies at a vertex. Two strata: the line of nulls is cut into bands, the bets of a band are those for its middle, and both ends are
// looked at. More strata: one set of bets, and all vertices of the polytope {w · eta = 1/2, 0 <= eta <= u}.
//
// Bands are laid before anything is drawn. The game is decided where each stratum's null lies between its reported mean and what it would be if it
// alone bore the whole margin; all bands but two divide that core. On either side of it one stratum's null is above what was reported and gets no
// bets, and the other's falls further: bets placed for the core's end gain the more there, so that one wide band is enough.
import {
  BORDERLINE,
  compare,
  minus,
  over,
  plus,
  product,
  ratio,
  ratioOfDecimal,
  ratioOfDouble,
  times as exactly,
  type Decision,
  type Ratio,
} from './exact.ts';
import type { Bettor, Strategy } from './martingale.ts';

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
  /** The stratum's reported assorter mean, by which bands are laid. Absent in a stratum: bands of one width. */
  readonly reported?: number;
  /** x, shift and u as fractions, for decisions too near the limit. Absent: the doubles themselves. */
  readonly exact?: () => { readonly x: readonly Ratio[]; readonly shift: Ratio; readonly u: Ratio };
}

export interface UnionIntersection {
  readonly p: number;
  /** The least T, which p = 1/T reports. */
  readonly statistic: number;
  /** The stratum means that are hardest to rule out. */
  readonly eta: readonly number[];
  /** Everything that was looked at. */
  readonly nulls: readonly StrataNull[];
}

/** One allocation of the tie that is looked at, with what the game comes to under it. */
export interface StrataNull extends Vertex {
  readonly statistic: number;
  /** T_s after each draw, by stratum. */
  readonly paths: readonly Float64Array[];
  readonly bets: readonly Float64Array[];
}

const BANDS = 100;

/** The most of the fortune at stake at any eta of a band: all of it, and one value of 0 would end the game. */
export const STAKE = 0.95;

export function unionIntersection(strata: readonly Stratum[], bands = BANDS): UnionIntersection {
  const nulls = bandsOf(strata, bands).flatMap(({ centre, nulls: of }) => {
    const played = strata.map((s, i) => valuesAt(s, centre[i]!, of.map((h) => h.eta[i]!))); // oxfmt-ignore
    return of.map((h, n): StrataNull => ({
      ...h,
      statistic: played.reduce((T, at) => times(T, at.paths[n]!.at(-1) ?? 1), 1),
      paths: played.map((at) => at.paths[n]!),
      bets: played.map((at) => at.bets),
    }));
  });
  const { statistic, eta } = nulls.reduce((a, b) => (b.statistic < a.statistic ? b : a));
  // T is a martingale at every time; its value now is a p-value whenever "now" was not chosen by looking ahead.
  return { p: Math.min(1, 1 / statistic), statistic, eta, nulls };
}

/** Is p at most alpha? Every null whose T is within 1e-9 of the limit is settled in whole numbers, with the bets as placed. */
export function unionIntersectionMeets(
  strata: readonly Stratum[],
  { nulls }: Pick<UnionIntersection, 'nulls'>,
  alpha: number,
): Decision {
  const near = nulls.filter((h) => Math.abs(1 / h.statistic - alpha) < BORDERLINE);
  if (!nulls.every((h) => near.includes(h) || 1 / h.statistic <= alpha))
    return { met: false, exactly: false };
  const limit = ratioOfDecimal(alpha);
  const met = near.every((h) => compare(exactly(exactStatistic(strata, h), limit), ratio(1n)) >= 0);
  return { met, exactly: near.length > 0 };
}

/** The least T after 1, 2, … draws of all strata together, each stratum's draws spread evenly over all: for a chart. */
export function unionIntersectionHistory({ nulls }: Pick<UnionIntersection, 'nulls'>): Float64Array {
  const lengths = nulls[0]!.paths.map((path) => path.length);
  const all = lengths.reduce((n, k) => n + k, 0);
  const history = new Float64Array(all).fill(Infinity);
  for (const { paths } of nulls)
    for (let n = 1; n <= all; n++) {
      let T = 1;
      for (let s = 0; s < paths.length; s++) {
        const k = Math.floor((lengths[s]! * n) / all);
        if (k > 0) T = times(T, paths[s]![k - 1]!);
      }
      if (T < history[n - 1]!) history[n - 1] = T;
    }
  return history;
}

export function weightsOf(strata: readonly Omit<Stratum, 'x'>[]): number[] {
  if (strata.length === 0) throw new RangeError('no strata');
  const all = strata.reduce((sum, s) => sum + s.N, 0);
  const weights = strata.map((s) => s.weight ?? s.N / all);
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!(Math.abs(sum - 1) < 1e-9)) throw new RangeError(`the strata's weights add up to ${sum}`);
  return weights;
}

/** Nulls that are looked at with one set of bets: those for `centre`. */
export interface Band {
  readonly centre: readonly number[];
  readonly nulls: readonly Vertex[];
}

/** What is looked at, laid before anything is drawn. */
export function bandsOf(strata: readonly Omit<Stratum, 'x'>[], bands: number): readonly Band[] {
  const weights = weightsOf(strata);
  if (strata.length === 2) return bandsOfLine(strata, weights, bands);
  // One set of bets, for the null in which every stratum is tied.
  return [{ centre: strata.map(() => 1 / 2), nulls: vertexNulls(weights, strata.map((s) => s.u)) }]; // oxfmt-ignore
}

/** Two strata: bands of the line of nulls, by eta_1. */
function bandsOfLine(
  strata: readonly Omit<Stratum, 'x'>[],
  [w1, w2]: readonly number[],
  bands: number,
): Band[] {
  const [a, b] = [strata[0]!, strata[1]!];
  // eta_1 so that eta_2 stays in [0, u_2].
  const [below, above] = [(1 / 2 - w2! * b.u) / w1!, 1 / 2 / w1!];
  const [low, high] = [Math.max(0, below), Math.min(a.u, above)];
  const around = a.reported !== undefined && b.reported !== undefined;
  const cuts = !around
    ? Array.from({ length: bands + 1 }, (_, g) => low + ((high - low) * g) / bands)
    : bandsAround(low, high, other(b.reported), a.reported, bands);
  function other(eta: number): number {
    return (1 / 2 - w1! * eta) / w2!;
  }
  const last = cuts.length - 2;
  return Array.from({ length: last + 1 }, (_, g): Band => {
    const [from, to] = [cuts[g]!, cuts[g + 1]!];
    const middle = around && g === 0 ? to : around && g === last ? from : (from + to) / 2;
    const nulls = [from, to].map((eta, end): Vertex => {
      const first = g === 0 && end === 0;
      const final = g === last && end === 1;
      // At the two ends of the line one stratum stands at its own end and fixes the other.
      const atOther = (first && below > 0) || (final && above < a.u);
      return {
        eta: [eta, other(eta)],
        free: atOther ? 0 : 1,
        ends: [
          first && !atOther ? '0' : final && !atOther ? 'u' : 'inside',
          first ? 'u' : final ? '0' : 'inside',
        ],
      };
    });
    return { centre: [middle, other(middle)], nulls };
  });
}

/** Cuts from low to high: one band up to the core, one beyond it, and all others in it. */
function bandsAround(low: number, high: number, from: number, to: number, bands: number): number[] {
  const inside = (eta: number): number => Math.min(high, Math.max(low, eta));
  const [a, b] = [inside(Math.min(from, to)), inside(Math.max(from, to))];
  const core = Math.max(1, bands - 2);
  return [low, ...Array.from({ length: core + 1 }, (_, i) => a + ((b - a) * i) / core), high];
}

/** Zero in one stratum is zero whatever another says. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

interface Played {
  /** By null: T_s after each draw. */
  readonly paths: readonly Float64Array[];
  readonly bets: Float64Array;
}

function valuesAt(s: Stratum, centre: number, etas: readonly number[]): Played {
  const table = new BandTable(s, centre, etas);
  const paths = etas.map(() => new Float64Array(s.x.length));
  const bets = new Float64Array(s.x.length);
  for (let j = 0; j < s.x.length; j++) {
    bets[j] = table.draw(s.x[j]!);
    for (let i = 0; i < paths.length; i++) paths[i]![j] = table.T[i]!;
  }
  return { paths, bets };
}

/** T_s at several etas, with the bets placed for `centre`, none larger than any of the etas allows. */
class BandTable {
  /** By eta. */
  readonly T: Float64Array;
  readonly #N: number;
  readonly #upper: number;
  readonly #bettor: Bettor;
  /** Null means of x before the first draw. */
  readonly #means: Float64Array;
  readonly #centre: number;
  readonly #highest: number;
  #drawn = 0;
  #sum = 0;

  constructor({ N, upper, shift, strategy }: Omit<Stratum, 'x'>, centre: number, etas: readonly number[]) {
    const t = Math.min(Math.max(centre + shift, 1e-9), upper * (1 - 1e-9));
    [this.#N, this.#upper, this.#centre] = [N, upper, centre + shift];
    this.#bettor = strategy({ N, t, u: upper });
    this.#means = Float64Array.from(etas, (eta) => eta + shift);
    this.#highest = this.#means.reduce((a, b) => Math.max(a, b));
    this.T = new Float64Array(etas.length).fill(1);
  }

  /** The next value; gives the bet that was placed on it. */
  draw(x: number): number {
    const at = Math.min(Math.max(this.#now(this.#centre), 0), this.#upper);
    const most = this.#now(this.#highest);
    const bet = at <= 0 ? 0 : Math.max(0, this.#bettor.bet(at));
    const lambda = most > 0 ? Math.min(bet, STAKE / most) : bet;
    // A null mean below 0 is impossible; its factor is above 1 in any case, and to leave it finite keeps ln T concave.
    for (let i = 0; i < this.T.length; i++)
      this.T[i] = Math.min(1e300, this.T[i]! * Math.max(0, 1 + lambda * (x - this.#now(this.#means[i]!))));
    this.#bettor.see(x);
    this.#drawn++;
    this.#sum += x;
    return lambda;
  }

  /** The mean that the rest would have, if that of all were this. */
  #now(mean: number): number {
    return this.#N === Infinity ? mean : (this.#N * mean - this.#sum) / (this.#N - this.#drawn);
  }
}

/** T at one null in whole numbers: the same bets, everything else exact. */
function exactStatistic(strata: readonly Stratum[], h: StrataNull): Ratio {
  const uppers = strata.map((s) => s.exact?.().u ?? ratioOfDouble(s.u));
  const weights = exactWeights(strata);
  const eta = h.eta.map((e, s) => (h.ends[s] === '0' ? ratio(0n) : h.ends[s] === 'u' ? uppers[s]! : ratioOfDouble(e))); // oxfmt-ignore
  const rest = weights.reduce(
    (sum, w, s) => (s === h.free ? sum : plus(sum, exactly(w, eta[s]!))),
    ratio(0n),
  );
  eta[h.free] = over(minus(ratio(1n, 2n), rest), weights[h.free]!);
  return product(strata.map((s, i) => exactPath(s, eta[i]!, h.bets[i]!)));
}

function exactWeights(strata: readonly Stratum[]): Ratio[] {
  const all = strata.reduce((sum, s) => sum + s.N, 0);
  return strata.map((s) => (s.weight === undefined ? ratio(s.N, all) : ratioOfDouble(s.weight)));
}

function exactPath(s: Stratum, eta: Ratio, bets: Float64Array): Ratio {
  const exact = s.exact?.();
  const mean = plus(eta, exact?.shift ?? ratioOfDouble(s.shift));
  let sum = ratio(0n);
  const factors: Ratio[] = [];
  for (let j = 0; j < s.x.length; j++) {
    const x = exact?.x[j] ?? ratioOfDouble(s.x[j]!);
    const mu = s.N === Infinity ? mean : over(minus(exactly(ratio(s.N), mean), sum), ratio(s.N - j));
    const f = plus(ratio(1n), exactly(ratioOfDouble(bets[j]!), minus(x, mu)));
    if (f.n <= 0n) return ratio(0n);
    factors.push(f);
    sum = plus(sum, x);
    // Denominators are few: without this they would grow with every draw.
    if (sum.d.toString(16).length > 64) sum = lowest(sum);
  }
  return product(factors);
}

function lowest({ n, d }: Ratio): Ratio {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b > 0n) [a, b] = [b, a % b];
  return a === 0n ? ratio(0n) : ratio(n / a, d / a);
}

export interface Vertex {
  readonly eta: readonly number[];
  /** The coordinate that the others fix, and which of them stand at an end, 0 or u. */
  readonly free: number;
  readonly ends: readonly ('0' | 'u' | 'inside')[];
}

/** All vertices of {w · eta = 1/2, 0 <= eta_s <= u_s}: all but one coordinate at an end. */
export function vertexNulls(weights: readonly number[], uppers: readonly number[]): Vertex[] {
  const K = weights.length;
  if (K > 20) throw new RangeError(`${K} strata have too many vertices`);
  const found = new Map<string, Vertex>();
  for (let free = 0; free < K; free++) {
    for (let bits = 0; bits < 2 ** K; bits++) {
      if ((bits >> free) & 1) continue;
      const eta = weights.map((_, s) => ((bits >> s) & 1 ? uppers[s]! : 0));
      const rest = weights.reduce((sum, w, s) => (s === free ? sum : sum + w * eta[s]!), 0);
      const value = (1 / 2 - rest) / weights[free]!;
      if (value < -1e-12 || value > uppers[free]! + 1e-12) continue;
      eta[free] = Math.min(Math.max(value, 0), uppers[free]!);
      const ends = eta.map((_, s) => (s === free ? 'inside' : (bits >> s) & 1 ? 'u' : '0'));
      found.set(eta.map((e) => e.toFixed(9)).join(), { eta, free, ends });
    }
  }
  return [...found.values()];
}

/** The bet c/mu: the largest share of the fortune the null mean allows, times c ("inverse" bets of the paper). */
export const inverseBet =
  (c: number): Strategy =>
  () => ({ bet: (mu) => c / mu, see: () => {} });
