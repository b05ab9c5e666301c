// Who has won where the choices with the most votes win (plurality, vote-for-n, several seats)? Votes are compared as integers;
// where the last seats are tied nobody is picked: that is for lots or law, not for us.

/** Choices by their index in the votes. */
export interface PluralityOutcome {
  /** Choices that are elected whatever a tie decides, most votes first. */
  readonly winners: readonly number[];
  /** Choices that share the votes at which the seats run out; empty where there is no tie. */
  readonly tied: readonly number[];
  /** How many seats the tied choices contend for. */
  readonly seatsTied: number;
}

/** The outcome of a contest for `seats` seats. With as many choices as seats, or fewer, all are elected. */
export function plurality(votes: readonly number[], seats: number): PluralityOutcome {
  if (!Number.isSafeInteger(seats) || seats < 1)
    throw new RangeError(`a contest has at least one seat, not ${seats}`);
  const order = byVotes(votes);
  if (order.length <= seats) return { winners: order, tied: [], seatsTied: 0 };
  const [last, next] = [votes[order[seats - 1]!]!, votes[order[seats]!]!];
  if (last > next) return { winners: order.slice(0, seats), tied: [], seatsTied: 0 };
  const winners = order.filter((i) => votes[i]! > last);
  return { winners, tied: order.filter((i) => votes[i] === last), seatsTied: seats - winners.length };
}

/** Choices by index, most votes first; those with equal votes in the order given. */
export const byVotes = (votes: readonly number[]): number[] =>
  votes.map((_, i) => i).sort((a, b) => votes[b]! - votes[a]! || a - b);
