// BRAVO (Lindeman, Stark, Yates 2012): Wald's sequential test of "winner and loser are tied" against "as reported", on the ballots that
// show a vote for exactly one of the two. Each vote for the winner multiplies the statistic by p1/(1/2), each for the loser by (1 - p1)/(1/2),
// where p1 = reported w/(w + l).
import { compare, decide, power, ratio, ratioOfDecimal, times, type Decision } from './exact.ts';
import { binomialTail } from './binomial.ts';
import { fixedBet } from './fixedBet.ts';
import { smallest } from './minerva.ts';
import { testMean, type RiskHistory } from './martingale.ts';

/** p = 0 is kept for certainty, which a sample with replacement never gives. */
const LEAST = 1e-300;

/** A winner and a loser with their reported votes. */
export interface Pair {
  readonly winner: number;
  readonly loser: number;
}

const share = ({ winner, loser }: Pair): number => {
  if (!(winner > loser && loser >= 0)) throw new RangeError(`no winner: ${winner} against ${loser} votes`);
  return winner / (winner + loser);
};

/** Ballot by ballot: true for a vote for the winner, false for the loser; others are left out by the caller. */
export const bravo = (reported: Pair, votes: readonly boolean[]): RiskHistory =>
  // p1/(1/2) = 1 + lambda/2 and (1 - p1)/(1/2) = 1 - lambda/2, with lambda = 2 (2 p1 - 1).
  testMean(votes.map(Number), { N: Infinity, t: 1 / 2, u: 1 }, fixedBet(2 * (2 * share(reported) - 1)));

/** At the end of a round, from the counts alone (EOR): p = (1/2)^(k + m) / (p1^k (1 - p1)^m), at most 1. */
export function bravoRisk(reported: Pair, sample: Pair): number {
  const p1 = share(reported);
  // A vote for a loser who was reported to have none cannot be outweighed.
  const loser = sample.loser === 0 ? 0 : sample.loser * Math.log(2 * (1 - p1));
  return Math.min(1, Math.max(LEAST, Math.exp(-(sample.winner * Math.log(2 * p1) + loser))));
}

export const bravoMeets = (reported: Pair, sample: Pair, alpha: number): Decision =>
  decide(bravoRisk(reported, sample), alpha, () => {
    const all = reported.winner + reported.loser;
    const T = times(
      power(ratio(2 * reported.winner, all), sample.winner),
      power(ratio(2 * reported.loser, all), sample.loser),
    );
    const a = ratioOfDecimal(alpha);
    return compare(times(T, a), ratio(1n)) >= 0;
  });

/** Average sample number (Lindeman, Stark, Yates 2012, section 3), in ballots for either of the two. */
export function bravoAsn(reported: Pair, alpha: number): number {
  const p = share(reported);
  const z = Math.log(2 * p);
  const loss = p === 1 ? 0 : (1 - p) * Math.log(2 - 2 * p);
  return (Math.log(1 / alpha) + z / 2) / (p * z + loss);
}

/** The least votes for the winner among n that meet the limit at the end of a round; Infinity where n are too few. */
export function bravoKmin(p1: number, n: number, alpha: number): number {
  if (p1 === 1) return n * Math.log(2) >= Math.log(1 / alpha) ? n : Infinity;
  const up = Math.log(2 * p1);
  const down = Math.log(2 - 2 * p1);
  const k = Math.ceil((Math.log(1 / alpha) - n * down) / (up - down) - 1e-12);
  return k <= n ? Math.max(0, k) : Infinity;
}

/** The smallest single round, in ballots for either of the two, that ends with probability `quantile` if the votes are as reported. */
export function bravoRoundSize(reported: Pair, alpha: number, quantile: number): number {
  const p = share(reported);
  const ends = (n: number): boolean => binomialTail(n, p, bravoKmin(p, n, alpha)) >= quantile;
  return smallest(ends);
}
