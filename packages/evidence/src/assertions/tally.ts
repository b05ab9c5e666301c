// The reported result of a contest, as far as its assertions need it.
import type { RankingCount } from './votes.ts';

export interface ContestTally {
  /**
   * N: the cards of the population the sample is drawn from, phantoms included. With card-style data the upper bound on cards that hold
   * the contest; without it all cards. It comes from a source independent of the cast vote records.
   */
  readonly cards: number;
  /** Cast vote records that hold the contest, where there are any: more of them than cards cannot be audited. */
  readonly cvrs?: number;
  /** By choice, in the order of Contest.choices. Of an instant runoff they are not read. */
  readonly votes: readonly number[];
  /** Of an instant runoff: the rankings, each with its number of cards. */
  readonly rankings?: readonly RankingCount[];
}
