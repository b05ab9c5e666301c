// election: what was elected, where, by what rule; and the kinds of number that must not be mixed up.
export * from './numbers.ts';
export * from './rule.ts';
export * from './election.ts';
