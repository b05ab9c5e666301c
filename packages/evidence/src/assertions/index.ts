// assertions: numbers whose mean over all cards is above 1/2 exactly if the reported outcome is right.
export * from './votes.ts';
export * from './tally.ts';
export * from './assorter.ts';
export * from './overstatement.ts';
export * from './averages.ts';
export * from './assertions.ts';
export * from './difficulty.ts';
export * from './raire.ts';
export * from './implied.ts';
export * from './fromCvrs.ts';
