// audit: one file for each method, with the same two questions. *Plan*: how many, and what does it cost? *Assess*: what do these prove?
export * from './outcome.ts';
export * from './sample.ts';
export * from './simulate.ts';
export * from './ballotPolling.ts';
export * from './cardComparison.ts';
export * from './contests.ts';
export * from './oneAudit.ts';
export * from './batchComparison.ts';
export * from './stratified.ts';
export * from './bayesian.ts';
export * from './fixedPercentage.ts';
export * from './fullHandCount.ts';
export * from './rankedHandCount.ts';
export * from './pairing.ts';
export * from './plan.ts';
export * from './replay.ts';
