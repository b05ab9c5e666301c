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

export function play(h: Null, strategy: Strategy): Game {
  const { N, t, u } = h;
  if (!(N >= 1 && u > 0 && t > 0 && t < u)) throw new RangeError(`no game: N = ${N}, t = ${t}, u = ${u}`);
  const withReplacement = N === Infinity;
  const tolerance = withReplacement ? EPS : EPS * Math.max(1, N * u);
  const bettor = strategy(h);
  let T = 1;
  let lambda = 0;
  let drawn = 0;
  // S, with the rounding of each addition kept (Neumaier), because mu near the end is a small difference of large sums.
  let sum = 0;
  let lost = 0;

  function factor(x: number): number {
    const left = withReplacement ? 1 : N - drawn;
    const short = withReplacement ? t : N * t - sum - lost; // what the rest would have to add up to, at most
    if (short < -tolerance) return Infinity; // the null is impossible
    if (short > u * left + tolerance) return 0; // the null is certain
    const mu = short / left;
    const bet = bettor.bet(mu);
    if (!(bet >= 0)) throw new RangeError(`a bet against the assertion: ${bet}`);
    if (short <= tolerance || short >= u * left - tolerance) return 1; // all the rest are 0, or all u: nothing to bet on
    lambda = Math.min(bet, 1 / mu);
    return Math.max(0, 1 + lambda * (x - mu));
  }

  return {
    get lambda() {
      return lambda;
    },
    draw(x: number): number {
      if (!(x >= 0 && x <= u * (1 + EPS))) throw new RangeError(`${x} is not in [0, ${u}]`);
      if (drawn >= N) throw new RangeError(`more than the whole population of ${N} was drawn`);
      lambda = 0;
      const f = factor(x);
      if (f === Infinity) T = T === 0 ? 0 : Infinity;
      else if (T !== Infinity) T = Math.min(T * f, HUGE);
      bettor.see(x);
      drawn++;
      const s = sum + x;
      lost += Math.abs(sum) >= x ? sum - s + x : x - s + sum;
      sum = s;
      // The whole population is on the table: it is no longer a question of risk.
      if (drawn === N && sum + lost > N * t + tolerance) T = Infinity;
      return T;
    },
  };
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
