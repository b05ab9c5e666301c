// An assorter turns "the reported outcome is right" into "the mean of this number over all cards is above 1/2" (Stark, SHANGRLA, 2020,
// sec. 2; Blom et al., Assertion-based approaches, 2021, sec. 3).
//
// We keep it in integers. Every assorter here gives a card a whole *score*, and its value is
//     A = (half + score) / (2 half)         lowest score = -half (A = 0), no valid vote = 0 (A = 1/2), highest score = top (A = u).
// So the mean is above 1/2 exactly when the scores add up to more than 0, and the assorter margin is
//     v = 2 mean(A) - 1 = (sum of scores) / (half N).
import type { Share } from '../election/index.ts';
import type { ContestTally } from './tally.ts';
import type { CardVotes, Marks } from './votes.ts';
import { countRankings, countVotes } from './votes.ts';

/** A ratio of integers; the denominator is positive. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

export const toNumber = (f: Fraction): number => f.numerator / f.denominator;

interface Bounds {
  readonly half: number;
  /** The highest score a card can have. */
  readonly top: number;
}

/** Scores add over marks: sum of weights[choice]. More than `voteFor` marks are an overvote: score 0. */
export interface LinearAssorter extends Bounds {
  readonly kind: 'linear';
  readonly weights: readonly number[];
  readonly voteFor: number;
}

/** "Not eliminated before": 1 where `winner` is ranked first; -1 where `loser` is ranked and `winner` is not before it. */
export interface NebAssorter extends Bounds {
  readonly kind: 'NEB';
  readonly winner: number;
  readonly loser: number;
}

/** "Not eliminated next": with only `continuing` standing, 1 where the card's first choice is `winner`, -1 where it is `loser`. */
export interface NenAssorter extends Bounds {
  readonly kind: 'NEN';
  readonly winner: number;
  readonly loser: number;
  /** Ascending; holds winner and loser. */
  readonly continuing: readonly number[];
}

export type Assorter = LinearAssorter | NebAssorter | NenAssorter;

/** More votes for `winner` than for `loser`: A = (1_w - 1_l + 1) / 2, u = 1 (SHANGRLA 2.1). For plurality, vote-for-n, approval. */
export function pluralityAssorter(
  choices: number,
  winner: number,
  loser: number,
  voteFor: number,
): LinearAssorter {
  return linear(choices, voteFor, 1, 1, (c) => (c === winner ? 1 : c === loser ? -1 : 0));
}

/**
 * `winner` has more than the share f = p/q of the valid votes: A = 1/(2f) for it, 0 for another, 1/2 otherwise; u = 1/(2f)
 * (SHANGRLA 2.3). `valid` says which choices count as valid votes; all, unless given.
 */
export function aboveShareAssorter(
  choices: number,
  winner: number,
  share: Share,
  valid: (choice: number) => boolean = () => true,
): LinearAssorter {
  const { numerator: p, denominator: q } = properShare(share);
  return linear(choices, 1, p, q - p, (c) => (c === winner ? q - p : valid(c) ? -p : 0));
}

/** `choice` has less than the share t = p/q of the valid votes: c = 1/(2(1-t)), A = c g + 1/2 with g = t-1, t, 0 (Blom et al. 2021, sec. 3). */
export function belowShareAssorter(choices: number, choice: number, share: Share): LinearAssorter {
  const { numerator: p, denominator: q } = properShare(share);
  return linear(choices, 1, q - p, p, (c) => (c === choice ? p - q : p));
}

/**
 * Highest averages: T_w / d_w > T_l / d_l, where d_w is the divisor of w's last seat and d_l that of l's first missed one
 * (Blom et al. 2021, sec. 5.1): g = 1/d_w, -1/d_l, 0; c = d_l/2; u = (d_l/d_w + 1)/2.
 */
export function averageAssorter(
  choices: number,
  winner: number,
  winnerDivisor: number,
  loser: number,
  loserDivisor: number,
): LinearAssorter {
  return linear(choices, 1, winnerDivisor, loserDivisor, (c) =>
    c === winner ? loserDivisor : c === loser ? -winnerDivisor : 0,
  );
}

/**
 * The share of `winner` exceeds that of `loser` by more than d = p/q of all votes (Blom et al. 2021, sec. 4.3). They divide by the lowest value
 * for m votes that may all go to one choice, A = (b_w - b_l - d b_T + m(1+d)) / (2m(1+d)); marks are distinct here, so that the lowest
 * is 1 + m d: the same for m = 1, and a wider margin beyond.
 */
export function differenceAssorter(
  choices: number,
  winner: number,
  loser: number,
  difference: Share,
  voteFor: number,
): LinearAssorter {
  const { numerator: p, denominator: q } = difference;
  return linear(
    choices,
    voteFor,
    q + p * voteFor,
    q - p,
    (c) => (c === winner ? q : c === loser ? -q : 0) - p,
  );
}

export const nebAssorter = (winner: number, loser: number): NebAssorter => ({
  kind: 'NEB',
  half: 1,
  top: 1,
  winner,
  loser,
});

export const nenAssorter = (winner: number, loser: number, continuing: readonly number[]): NenAssorter => ({
  kind: 'NEN',
  half: 1,
  top: 1,
  winner,
  loser,
  continuing: continuing.toSorted((a, b) => a - b),
});

/** A share strictly between 0 and 1. */
function properShare(share: Share): Share {
  const { numerator: p, denominator: q } = share;
  if (!Number.isSafeInteger(p) || !Number.isSafeInteger(q) || p <= 0 || p >= q)
    throw new RangeError(`a share to audit is between 0 and 1, not ${p}/${q}`);
  return share;
}

function linear(
  choices: number,
  voteFor: number,
  half: number,
  top: number,
  weight: (choice: number) => number,
): LinearAssorter {
  return {
    kind: 'linear',
    half,
    top,
    voteFor,
    weights: Array.from({ length: choices }, (_, c) => weight(c)),
  };
}

/** The score of one card's marks. */
export function score(assorter: Assorter, marks: Marks): number {
  if (assorter.kind === 'NEB') {
    if (marks[0] === assorter.winner) return 1;
    for (const c of marks)
      if (c === assorter.winner || c === assorter.loser) return c === assorter.loser ? -1 : 0;
    return 0;
  }
  if (assorter.kind === 'NEN') {
    for (const c of marks)
      if (assorter.continuing.includes(c)) return c === assorter.winner ? 1 : c === assorter.loser ? -1 : 0;
    return 0;
  }
  if (marks.length > assorter.voteFor) return 0;
  let sum = 0;
  for (const c of marks) sum += assorter.weights[c] ?? 0;
  return sum;
}

/** A(card), between 0 and `upperBound`. */
export const assorterValue = (assorter: Assorter, marks: Marks): number =>
  (assorter.half + score(assorter, marks)) / (2 * assorter.half);

/** u: the highest value of the assorter. */
export const upperBound = (assorter: Assorter): number =>
  (assorter.half + assorter.top) / (2 * assorter.half);

/** The sum of scores over a reported result: above 0 exactly if the assertion is true of it. Throws RangeError beyond 2^53. */
export function scoreTotal(assorter: Assorter, tally: ContestTally): number {
  let total = 0;
  if (assorter.kind === 'linear')
    for (const [c, w] of assorter.weights.entries()) total += w * (tally.votes[c] ?? 0);
  else {
    if (tally.rankings === undefined)
      throw new TypeError('an instant-runoff assertion is read from rankings');
    for (const { ranking, count } of tally.rankings) total += score(assorter, ranking) * count;
  }
  if (!Number.isSafeInteger(total))
    throw new RangeError(`the scores add up to ${total}, which is no exact integer`);
  return total;
}

/** The sums of scores of many assorters over all cards. The cards are read once, however many assorters there are. */
export function scoreTotals(assorters: readonly Assorter[], votes: CardVotes): number[] {
  const rankings = assorters.some((a) => a.kind !== 'linear') ? countRankings(votes) : [];
  const byVoteFor = new Map<string, number[]>();
  const votesFor = ({ weights, voteFor }: LinearAssorter): number[] => {
    const key = `${weights.length} ${voteFor}`;
    const counted = byVoteFor.get(key) ?? countVotes(votes, weights.length, voteFor);
    byVoteFor.set(key, counted);
    return counted;
  };
  return assorters.map((a) =>
    scoreTotal(a, { cards: votes.cards, votes: a.kind === 'linear' ? votesFor(a) : [], rankings }),
  );
}

/** v = 2 mean(A) - 1 over N cards, exact. */
export function marginOf(assorter: Assorter, total: number, cards: number): Fraction {
  if (!Number.isSafeInteger(cards) || cards <= 0) throw new RangeError(`a margin over ${cards} cards`);
  return { numerator: total, denominator: assorter.half * cards };
}
