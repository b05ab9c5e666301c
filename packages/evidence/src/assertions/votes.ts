// What an assorter reads: for each card, which choices of one contest it gives a vote to. The columns are those a cast vote record
// or a board of people can both fill, so that the same assorter reads both.
//
// A choice is its index in Contest.choices. Marks of one card are distinct; of a ranked contest they stand in order of
// preference, after the rule that deals with skipped and repeated ranks (tally/ has it: states differ).
import type { ContestTally } from './tally.ts';

/** The choices one card gives a vote to, or the order in which it ranks them. Empty: the contest was left blank. */
export type Marks = readonly number[];

/** The votes in one contest of all cards in the population the sample is drawn from. */
export interface CardVotes {
  readonly cards: number;
  /** cards + 1 offsets: card i has marks[starts[i]] … marks[starts[i + 1] - 1]. A card without the contest has none. */
  readonly starts: Uint32Array;
  readonly marks: Uint8Array | Uint16Array;
}

/** A list of cards as columns. */
export function cardVotes(list: readonly Marks[]): CardVotes {
  const starts = new Uint32Array(list.length + 1);
  for (let i = 0; i < list.length; i++) starts[i + 1] = starts[i]! + list[i]!.length;
  return { cards: list.length, starts, marks: Uint16Array.from(list.flat()) };
}

/**
 * The marks that count: more marks than votes allowed are an overvote, which is no vote for anyone. (A deployed tool keeps
 * all of them, and so lets a spoiled contest move the risk.)
 */
export const validMarks = (marks: Marks, voteFor: number): Marks => (marks.length > voteFor ? [] : marks);

/** The votes by choice of a contest that is not ranked; overvoted cards give none. Throws RangeError for a mark that is no choice. */
export function countVotes(votes: CardVotes, choices: number, voteFor: number): number[] {
  const { cards, starts, marks } = votes;
  const total = new Float64Array(choices);
  for (let card = 0, from = 0; card < cards; card++) {
    const to = starts[card + 1]!;
    if (to - from <= voteFor) for (let i = from; i < to; i++) total[marks[i]!]! += 1;
    from = to;
  }
  for (const mark of marks)
    if (mark >= choices) throw new RangeError(`mark ${mark} in a contest of ${choices} choices`);
  return [...total];
}

/** Rankings and how many cards have each, in order of first appearance. */
export function countRankings(votes: CardVotes): RankingCount[] {
  const { cards, starts, marks } = votes;
  const counts = new Map<string, { readonly ranking: number[]; count: number }>();
  for (let card = 0; card < cards; card++) {
    let key = '';
    for (let i = starts[card]!; i < starts[card + 1]!; i++) key += String.fromCharCode(marks[i]!);
    const seen = counts.get(key);
    if (seen !== undefined) seen.count++;
    else counts.set(key, { ranking: [...marks.subarray(starts[card], starts[card + 1])], count: 1 });
  }
  return [...counts.values()];
}

export interface RankingCount {
  readonly ranking: Marks;
  readonly count: number;
}

/** The tally of a contest from its cards: by rankings where the rule is ranked, by votes otherwise. */
export function tallyCards(votes: CardVotes, choices: number, voteFor: number | 'ranked'): ContestTally {
  return voteFor === 'ranked'
    ? { cards: votes.cards, votes: [], rankings: countRankings(votes) }
    : { cards: votes.cards, votes: countVotes(votes, choices, voteFor) };
}
