// What a contest's cards are expected to hold, by assorter value, if the reported result is right: the population that plans draw from.
import { score, type Assertion, type ContestTally } from '../assertions/index.ts';
import type { Population } from './simulate.ts';

/** How many cards have each score of the assertion's assorter. Votes of one card for several choices are taken as on different cards. */
export function expectedScores({ assorter }: Assertion, tally: ContestTally): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (s: number, n: number): void => void counts.set(s, (counts.get(s) ?? 0) + n);
  let marked = 0;
  if (assorter.kind === 'linear') {
    for (const [choice, weight] of assorter.weights.entries()) {
      const votes = tally.votes[choice] ?? 0;
      if (weight === 0 || votes === 0) continue;
      add(weight, votes);
      marked += votes;
    }
  } else
    for (const { ranking, count } of tally.rankings ?? []) {
      add(score(assorter, ranking), count);
      marked += count;
    }
  // Votes of a vote-for-n contest may be more than its cards; then no card is left that gives neither.
  add(0, Math.max(0, tally.cards - marked));
  return counts;
}

/** The same as assorter values A = (half + score)/(2 half). */
export function expectedValues(assertion: Assertion, tally: ContestTally): Population {
  const { half } = assertion.assorter;
  const scores = [...expectedScores(assertion, tally)].filter(([, n]) => n > 0);
  return {
    values: scores.map(([s]) => (half + s) / (2 * half)),
    counts: scores.map(([, n]) => n),
  };
}

/** The assertion that needs most cards: the smallest margin v/u. */
export const hardest = (assertions: readonly Assertion[]): Assertion =>
  assertions.reduce((a, b) => (relative(b) < relative(a) ? b : a));

const relative = ({ margin, assorter }: Assertion): number =>
  margin.numerator / margin.denominator / (assorter.half + assorter.top);

/** The expected cards, less those already seen; a value seen more often than expected leaves none. */
export function remaining(expected: Population, seen: readonly number[]): Population {
  const left = new Map(expected.values.map((v, i) => [v, expected.counts[i]!]));
  for (const x of seen) left.set(x, Math.max(0, (left.get(x) ?? 0) - 1));
  return { values: [...left.keys()], counts: [...left.values()] };
}
