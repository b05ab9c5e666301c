// Kaplan-Markov, super-simple simultaneous single-ballot audits (Stark 2010; Lindeman and Stark 2012), as Colorado's and Arlo's card
// comparison audits run it. With mu the diluted margin (smallest pairwise margin in votes / all cards in the sampling population),
// n draws with replacement, o1 and o2 one- and two-vote overstatements, u1 and u2 understatements:
//
//   p = min(1, (1 - mu/(2g))^n (1 - 1/(2g))^-o1 (1 - 1/g)^-o2 (1 + 1/(2g))^-u1 (1 + 1/g)^-u2)
//
// g > 1 is the price of an error: Colorado and Arlo take 1.03905, so that a two-vote overstatement can be outweighed.
import { compare, decide, minus, over, plus, power, product, ratio, ratioOfDecimal, times } from './exact.ts';
import type { Decision, Ratio } from './exact.ts';
import { pOf, type RiskHistory } from './martingale.ts';

export const GAMMA = 1.03905;

/** No sample makes a wrong outcome impossible here: p = 0 is kept for certainty. */
const LEAST = 1e-300;

export interface Discrepancies {
  /** Draws, each counted as often as it was drawn. */
  readonly n: number;
  readonly o1: number;
  readonly o2: number;
  readonly u1: number;
  readonly u2: number;
}

/** The contest: its smallest pairwise margin in votes, all cards of the sampling population, and gamma. */
export interface Diluted {
  readonly margin: number;
  readonly cards: number;
  readonly gamma?: number;
}

const factors = (gamma: number) => ({
  o1: Math.log1p(-1 / (2 * gamma)),
  o2: Math.log1p(-1 / gamma),
  u1: Math.log1p(1 / (2 * gamma)),
  u2: Math.log1p(1 / gamma),
});

function check({ margin, cards, gamma = GAMMA }: Diluted): number {
  if (!(gamma > 1)) throw new RangeError(`gamma is above 1, not ${gamma}`);
  if (!(margin > 0 && cards > 0 && margin <= cards))
    throw new RangeError(`no diluted margin: ${margin} votes in ${cards} cards`);
  return gamma;
}

/** The risk measured: p, never outside [0, 1]. */
export function superSimpleRisk(contest: Diluted, d: Discrepancies): number {
  const gamma = check(contest);
  const f = factors(gamma);
  const log =
    d.n * Math.log1p(-contest.margin / contest.cards / (2 * gamma)) -
    d.o1 * f.o1 -
    d.o2 * f.o2 -
    d.u1 * f.u1 -
    d.u2 * f.u2;
  return Math.min(1, Math.max(LEAST, Math.exp(log)));
}

/** Is the risk limit met? Settled in whole numbers where p is within 1e-9 of it. */
export function superSimpleMeets(contest: Diluted, d: Discrepancies, alpha: number): Decision {
  return decide(superSimpleRisk(contest, d), alpha, () => {
    const g = ratioOfDecimal(contest.gamma ?? GAMMA);
    const one = ratio(1n);
    const half = over(one, times(ratio(2n), g));
    const whole = over(one, g);
    const p = product([
      power(minus(one, times(ratio(contest.margin, contest.cards), half)), d.n),
      power(minus(one, half), -d.o1),
      power(minus(one, whole), -d.o2),
      power(plus(one, half), -d.u1),
      power(plus(one, whole), -d.u2),
    ]);
    return compare(p, ratioOfDecimal(alpha)) <= 0;
  });
}

/** The draws at which the risk limit is met if no more discrepancies come than these: Colorado's "optimistic" size. */
export function optimisticDraws(contest: Diluted, alpha: number, d: Omit<Discrepancies, 'n'>): number {
  const gamma = check(contest);
  const f = factors(gamma);
  const { o1, o2, u1, u2 } = d;
  const log = Math.log(alpha) + u2 * f.u2 + u1 * f.u1 + o1 * f.o1 + o2 * f.o2;
  return Math.max(o1 + o2 + u1 + u2, Math.ceil(((-2 * gamma * log) / contest.margin) * contest.cards));
}

/** Colorado's "estimated" size: the optimistic one, and as many more as the overstatements' share of the audited cards. */
export function estimatedDraws(contest: Diluted, alpha: number, d: Discrepancies): number {
  const optimistic = optimisticDraws(contest, alpha, d);
  return d.n === 0 ? optimistic : Math.ceil(optimistic + (optimistic * (d.o1 + d.o2)) / d.n);
}

/** Shares of the cards with each discrepancy. */
export type Rates = Omit<Discrepancies, 'n'>;

/** Arlo's and rlacalc's expectation before the first draw. */
export const usualRates: Rates = { o1: 0.001, o2: 0.0001, u1: 0.001, u2: 0.0001 };

/**
 * The draws needed if discrepancies come at these rates (Stark's tool, rlacalc, Arlo): an expectation from the rates, one-vote
 * discrepancies in it rounded up and two-vote ones rounded, and the optimistic size for those. Infinity: at such rates never.
 */
export function drawsFromRates(contest: Diluted, alpha: number, rates: Rates): number {
  const gamma = check(contest);
  if (alpha <= 0) return Infinity;
  const f = factors(gamma);
  const gain =
    -Math.log1p(-contest.margin / contest.cards / (2 * gamma)) +
    rates.o1 * f.o1 +
    rates.o2 * f.o2 +
    rates.u1 * f.u1 +
    rates.u2 * f.u2;
  if (gain <= 0) return Infinity;
  const n = -Math.log(alpha) / gain;
  return optimisticDraws(contest, alpha, {
    o1: Math.ceil(rates.o1 * n),
    u1: Math.ceil(rates.u1 * n),
    o2: Math.round(rates.o2 * n),
    u2: Math.round(rates.u2 * n),
  });
}

/** Draws of simulated audits with discrepancies at these rates, ascending; none goes beyond `most`. */
export function simulatedDraws(
  contest: Diluted,
  alpha: number,
  rates: Rates,
  { random, runs, most }: { readonly random: () => number; readonly runs: number; readonly most: number },
): Float64Array {
  const f = factors(check(contest));
  const step = -Math.log1p(-contest.margin / contest.cards / (2 * (contest.gamma ?? GAMMA)));
  const goal = -Math.log(alpha) - 1e-12;
  const gain = (): number => {
    let at = random();
    for (const kind of ['o1', 'o2', 'u1', 'u2'] as const) {
      if (at < rates[kind]) return f[kind];
      at -= rates[kind];
    }
    return 0;
  };
  return new Float64Array(runs)
    .map(() => {
      let grown = 0;
      let n = 0;
      while (grown < goal && n < most) {
        grown += step + gain();
        n++;
      }
      return n;
    })
    .sort();
}

/** One winner-loser pair on one drawn card. */
export interface PairError {
  /** (v_w - v_l) - (a_w - a_l): from -2 to 2. */
  readonly overstatement: number;
  /** The pair's reported margin in votes. */
  readonly margin: number;
}

/**
 * The card's error, e = max over pairs of overstatement / margin (Stark 2010, eq. 2). The largest *relative* error, not the pair with the
 * most votes wrong: a two-vote error in a wide pair may be a smaller one than a one-vote error in a close pair.
 */
export function cardError(pairs: readonly PairError[]): Ratio {
  if (pairs.length === 0) throw new RangeError('a card without pairs has no error to measure');
  return pairs
    .map((p) => ratio(p.overstatement, p.margin))
    .reduce((worst, e) => (compare(e, worst) > 0 ? e : worst));
}

/** The exact per-card form: p = prod (1 - 1/U) / (1 - e_i V/(2g)), U = 2 g N / V, V the smallest margin. One error per draw. */
export function superSimpleByCard(contest: Diluted, errors: readonly Ratio[]): RiskHistory {
  const gamma = check(contest);
  const statistic = new Float64Array(errors.length);
  const step = 1 - contest.margin / (2 * gamma * contest.cards);
  let T = 1;
  for (const [i, e] of errors.entries()) {
    T *= Math.max(0, 1 - (Number(e.n) / Number(e.d)) * (contest.margin / (2 * gamma))) / step;
    statistic[i] = T;
  }
  return { statistic, bets: new Float64Array(errors.length), p: pOf(statistic) };
}

/** The per-card decision, in whole numbers where p is within 1e-9 of the limit. */
export function superSimpleByCardMeets(contest: Diluted, errors: readonly Ratio[], alpha: number): Decision {
  const { statistic, p } = superSimpleByCard(contest, errors);
  return decide(p, alpha, () => {
    const one = ratio(1n);
    const g2 = times(ratio(2n), ratioOfDecimal(contest.gamma ?? GAMMA));
    const step = minus(one, over(ratio(contest.margin, contest.cards), g2));
    const fs = errors.map((e) => {
      const kept = minus(one, times(e, over(ratio(contest.margin), g2)));
      return kept.n <= 0n ? ratio(0n) : over(kept, step);
    });
    const goal = over(one, ratioOfDecimal(alpha));
    return statistic.some((T, i) => T * alpha > 1 - 1e-6 && compare(product(fs.slice(0, i + 1)), goal) >= 0);
  });
}
