// paper: where the paper lies and what people read on it.
export * from './handCount.ts';
export * from './manifest.ts';
