// Several seats by instant runoffs, one after the other: each with all ballots again, those elected before excluded.
import type { RankedBallots } from './ballots.ts';
import type { RankedRules } from './rankedRules.ts';
import { countRounds, roundsOfPart, type RankedResult } from './rounds.ts';

/** A ranked contest by its rules: one count, or of a sequential method one for each seat. */
export const countRanked = (ballots: RankedBallots, rules: RankedRules): readonly RankedResult[] =>
  rules.method.kind === 'sequential' ? countSequentially(ballots, rules) : [countRounds(ballots, rules)];

/** The same for a part of the ballots, as the whole was decided. */
export const countRankedPart = (
  part: RankedBallots,
  whole: readonly RankedResult[],
  rules: RankedRules,
): readonly RankedResult[] =>
  rules.method.kind === 'sequential'
    ? sequentialPart(part, whole, rules)
    : whole.map((result) => roundsOfPart(part, result, rules));

/** By seat. A pass that could not decide a tie, or had nobody left, ends it. */
export function countSequentially(ballots: RankedBallots, rules: RankedRules): RankedResult[] {
  const passes: RankedResult[] = [];
  const elected: string[] = [];
  while (passes.length < rules.seats) {
    const pass = countRounds(ballots, withoutElected(rules, elected));
    passes.push(pass);
    if (pass.winners.length === 0) break;
    elected.push(...pass.winners);
  }
  return passes;
}

/** The same for a part of the ballots. */
export const sequentialPart = (
  part: RankedBallots,
  whole: readonly RankedResult[],
  rules: RankedRules,
): RankedResult[] =>
  whole.map((pass, i) =>
    roundsOfPart(
      part,
      pass,
      withoutElected(
        rules,
        whole.slice(0, i).flatMap((p) => p.winners),
      ),
    ),
  );

const withoutElected = (rules: RankedRules, elected: readonly string[]): RankedRules => ({
  ...rules,
  excluded: [...rules.excluded, ...elected],
});
