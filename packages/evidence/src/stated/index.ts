// stated: what others state and we do not yet believe.
export * from './audit.ts';
export * from './rounds.ts';
export * from './stamp.ts';
