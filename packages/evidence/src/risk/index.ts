// risk: how surprising a sample is if the outcome were wrong. Imports nothing.
export * from './adaptive.ts';
export * from './agrapa.ts';
export * from './alpha.ts';
export * from './cobra.ts';
export * from './exact.ts';
export * from './fixedBet.ts';
export * from './kaplan.ts';
export * from './kelly.ts';
export * from './martingale.ts';
export * from './random.ts';
export * from './universal.ts';
