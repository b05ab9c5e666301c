// How surprising is a sample if the outcome were wrong? A betting game answers it.
//
// Null hypothesis: the mean of N values, each in [0, u], is at most t (for an assorter t = 1/2: the assertion is false).
// We start with 1 and, before each draw, bet that the next value is above the mean mu_j that the rest would have if the null held:
//
//   T_j = T_{j-1} (1 + lambda_j (x_j - mu_j)),   0 <= lambda_j <= 1/mu_j                   (Waudby-Smith, Stark, Ramdas, RiLACS 2021)
//   mu_j = (N t - S_{j-1}) / (N - j + 1) without replacement, t with replacement            (ALPHA, Stark 2023, section 2.2)
//
// If the null holds, T is a fair or losing game, and by Ville's inequality the chance that it ever reaches 1/alpha is at most alpha.
// So p_j = min(1, 1/max_{i<=j} T_i) may be looked at after every draw. The risk limit is met when p <= alpha.
//
// ALPHA's eta and a bet's lambda are the same thing twice: lambda = (eta/mu - 1)/(u - mu), eta = mu (1 + lambda (u - mu)).
// A strategy says how to bet; it sees a value only after the bet on it is placed, so that no strategy can look ahead.
//
// Only + - * / and square roots are used, which IEEE 754 fixes to the bit: every machine gets the same statistic.

/** The hypothesis to be refuted: the mean of `N` values in [0, u] is at most t. N = Infinity: drawn with replacement. */
export interface Null {
  readonly N: number;
  readonly t: number;
  readonly u: number;
}

/** One gambler at one table. `bet` is asked for lambda before each draw, `see` is told what came. */
export interface Bettor {
  bet(mu: number): number;
  see(x: number): void;
}

export type Strategy = (h: Null) => Bettor;

/** The statistic after each draw, and what it comes to. */
export interface RiskHistory {
  /** T_1, T_2, … (T_0 = 1 is not in it). Infinity: what was drawn refutes the null by itself. */
  readonly statistic: Float64Array;
  /** The bets as placed: with them the statistic can be recomputed exactly (exact.ts). */
  readonly bets: Float64Array;
  /** min(1, 1/max T). */
  readonly p: number;
}

/** Beyond this the statistic is held: p = 1e-300 is as good as any, and Infinity is kept for certainty. */
const HUGE = 1e300;

/** Relative rounding of N t - S: a null mean nearer than this to 0 or u counts as 0 or u. */
const EPS = 1e-12;

/** A game under way: `draw` takes the next value and gives the statistic. */
export interface Game {
  draw(x: number): number;
  /** The last bet placed. */
  readonly lambda: number;
}

export const play = (h: Null, strategy: Strategy): Game => new Table(h, strategy);

class Table implements Game {
  lambda = 0;
  private T = 1;
  private drawn = 0;
  // S, with the rounding of each addition kept (Neumaier), because mu near the end is a small difference of large sums.
  private sum = 0;
  private lost = 0;
  private readonly N: number;
  private readonly t: number;
  private readonly u: number;
  private readonly tolerance: number;
  private readonly bettor: Bettor;

  constructor(h: Null, strategy: Strategy) {
    const { N, t, u } = h;
    if (!(N >= 1 && u > 0 && t > 0 && t < u)) throw new RangeError(`no game: N = ${N}, t = ${t}, u = ${u}`);
    [this.N, this.t, this.u] = [N, t, u];
    this.tolerance = N === Infinity ? EPS : EPS * Math.max(1, N * u);
    this.bettor = strategy(h);
  }

  draw(x: number): number {
    if (!(x >= 0 && x <= this.u * (1 + EPS))) throw new RangeError(`${x} is not in [0, ${this.u}]`);
    if (this.drawn >= this.N) throw new RangeError(`more than the whole population of ${this.N} was drawn`);
    const f = this.factor(x);
    if (f === Infinity) this.T = this.T === 0 ? 0 : Infinity;
    else if (this.T !== Infinity) this.T = Math.min(this.T * f, HUGE);
    this.bettor.see(x);
    this.drawn++;
    const s = this.sum + x;
    this.lost += this.sum >= x ? this.sum - s + x : x - s + this.sum;
    this.sum = s;
    // The whole population is on the table: it is no longer a question of risk.
    if (this.drawn === this.N && this.sum + this.lost > this.N * this.t + this.tolerance) this.T = Infinity;
    return this.T;
  }

  /** What the draw multiplies the statistic by. */
  private factor(x: number): number {
    const { N, t, u, tolerance } = this;
    this.lambda = 0;
    const left = N === Infinity ? 1 : N - this.drawn;
    const short = N === Infinity ? t : N * t - this.sum - this.lost; // what the rest would have to add up to, at most
    if (short < -tolerance) return Infinity; // the null is impossible
    if (short > u * left + tolerance) return 0; // the null is certain
    const mu = short / left;
    const bet = this.bettor.bet(mu);
    if (!(bet >= 0)) throw new RangeError(`a bet against the assertion: ${bet}`);
    if (short <= tolerance || short >= u * left - tolerance) return 1; // all the rest are 0, or all u: nothing to bet on
    this.lambda = Math.min(bet, 1 / mu);
    return Math.max(0, 1 + this.lambda * (x - mu));
  }
}

/** The whole history of one sample, in the order drawn. */
export function testMean(x: ArrayLike<number>, h: Null, strategy: Strategy): RiskHistory {
  const game = play(h, strategy);
  const statistic = new Float64Array(x.length);
  const bets = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    statistic[i] = game.draw(x[i]!);
    bets[i] = game.lambda;
  }
  return { statistic, bets, p: pOf(statistic) };
}

/** p = min(1, 1/max T). An empty history says nothing: p = 1. */
export function pOf(statistic: ArrayLike<number>): number {
  let max = 1;
  for (let i = 0; i < statistic.length; i++) if (statistic[i]! > max) max = statistic[i]!;
  return 1 / max;
}
