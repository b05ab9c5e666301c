// audit: one file for each method of auditing a contest, and how its sample or count is assessed.
export * from './fullHandCount.ts';
export * from './pairing.ts';
