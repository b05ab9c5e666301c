// A batch counted by two people, each for themselves: the lines of a tally, where two tallies differ, and what a tally adds up to beside the manifest.
import type { Words } from '../../words.tsx';
import type { OnBallot } from './standing.ts';

/** Votes by choice and for other names written in, then blank and overvoted ballots. A line that is not typed yet is undefined. */
export type Tally = readonly (number | undefined)[];
export type WholeTally = readonly number[];

export const isWhole = (tally: Tally): tally is WholeTally => tally.every((n) => n !== undefined);
export const emptyTally = ({ choices }: OnBallot): Tally =>
  choices.map(() => undefined).concat(undefined, undefined, undefined);

/** What the lines are, in their order. */
export const linesOf = ({ choices }: OnBallot, { say }: Pick<Words, 'say'>): string[] => [
  ...choices.map((c) => c.name),
  say('count.writeIns'),
  say('count.blank'),
  say('count.overvote'),
];

/** The lines in which two tallies differ. */
export const linesThatDiffer = (a: WholeTally, b: WholeTally): number[] =>
  a.flatMap((n, line) => (n === b[line] ? [] : [line]));

export interface Sums {
  /** For choices and for others written in. */
  readonly votes: number;
  readonly blank: number;
  readonly overvote: number;
  /** Of a contest with one vote a ballot: every ballot is in one pile, so these are the ballots counted. */
  readonly ballots: number | undefined;
}
export function sumsOf(tally: Tally, { choices, voteFor }: OnBallot): Sums {
  const at = (line: number): number => tally[line] ?? 0;
  const writeIns = at(choices.length);
  const votes = choices.reduce((n, _, line) => n + at(line), writeIns);
  const [blank, overvote] = [at(choices.length + 1), at(choices.length + 2)];
  return { votes, blank, overvote, ballots: voteFor === 1 ? votes + blank + overvote : undefined };
}

/** More is counted than the batch has paper for: of n votes a ballot, n for each ballot that is neither blank nor overvoted. */
export function isTooMany(tally: Tally, contest: OnBallot, size: number): boolean {
  const { votes, blank, overvote } = sumsOf(tally, contest);
  return votes > contest.voteFor * (size - blank - overvote);
}

export const counted = (tally: WholeTally, { choices }: OnBallot) => ({
  votes: tally.slice(0, choices.length),
  writeIns: tally[choices.length]!,
  blank: tally[choices.length + 1]!,
  overvote: tally[choices.length + 2]!,
});
