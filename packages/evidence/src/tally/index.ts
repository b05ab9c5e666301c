// tally: from cast vote records to counts, and by a voting rule to winners.
export * from './byUnit.ts';
export * from './ballots.ts';
export * from './rankings.ts';
export * from './decimal.ts';
export * from './rankedRules.ts';
export type { InactiveReason } from './nextChoice.ts';
export type { Choosing, Tie } from './ties.ts';
export { countRounds, roundsOfPart } from './rounds.ts';
export type { Because, Decision, RankedResult, Round, Votes } from './rounds.ts';
export * from './sequential.ts';
export * from './plurality.ts';
export * from './highestAverages.ts';
export * from './shares.ts';
export * from './rulesFromJson.ts';
export { explainRounds } from './explainRounds.ts';
export type { Decided, Flow, RoundExplained } from './explainRounds.ts';
