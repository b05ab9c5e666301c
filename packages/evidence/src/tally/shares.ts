// Who wins where a share of the valid votes decides: supermajority (one, if it has more than 2/3), threshold (all who have more than the
// share), more than half or a runoff of the first two. And approval, where each voter may name as many as they like. Votes are compared
// with a share by cross-multiplying.
import type { Share } from '../election/index.ts';
import { isAbove } from './highestAverages.ts';
import { byVotes, plurality, type PluralityOutcome } from './plurality.ts';

/** What a share asks for and what the votes come to; choices by their index in the votes. */
export interface ShareOutcome {
  readonly valid: number;
  readonly share: Share;
  /** The fewest whole votes that are above the share. */
  readonly needed: number;
  /** Most votes first. */
  readonly winners: readonly number[];
}

const outcome = (votes: readonly number[], share: Share): ShareOutcome => {
  const valid = votes.reduce((sum, v) => sum + v, 0);
  return {
    valid,
    share,
    needed: Number((BigInt(valid) * BigInt(share.numerator)) / BigInt(share.denominator)) + 1,
    winners: byVotes(votes).filter((i) => isAbove(votes[i]!, valid, share)),
  };
};

/** One wins if it has more than `share` of the valid votes, a half or more; otherwise nobody does. */
export function supermajority(votes: readonly number[], share: Share): ShareOutcome {
  if (2 * share.numerator < share.denominator || share.numerator >= share.denominator)
    throw new RangeError(
      `a supermajority is a half or more, and less than all: ${share.numerator}/${share.denominator}`,
    );
  return outcome(votes, share);
}

/** Every choice above `share` of the valid votes passes. */
export const threshold = (votes: readonly number[], share: Share): ShareOutcome => outcome(votes, share);

export interface TopTwoOutcome extends ShareOutcome {
  /** Where nobody has more than half: the two who go to the runoff. */
  readonly runoff: readonly number[];
  /** Choices with equal votes that contend for `seatsTied` places in the runoff. */
  readonly tied: readonly number[];
  readonly seatsTied: number;
}

/** More than half wins outright; otherwise the first two go to a runoff. */
export function topTwoRunoff(votes: readonly number[]): TopTwoOutcome {
  const majority = outcome(votes, { numerator: 1, denominator: 2 });
  if (majority.winners.length > 0) return { ...majority, runoff: [], tied: [], seatsTied: 0 };
  const { winners, tied, seatsTied } = plurality(votes, 2);
  return { ...majority, runoff: winners, tied, seatsTied };
}

/** The `seats` choices that most voters approve. The votes are more than the ballots; the rule is that of plurality. */
export const approval = (votes: readonly number[], seats: number): PluralityOutcome =>
  plurality(votes, seats);
