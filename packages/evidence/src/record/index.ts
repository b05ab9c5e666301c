// record: the election record. Entries, the order they may come in, reading them, folding them into evidence.
export * from './entry.ts';
export * from './body.ts';
export * from './signing.ts';
export * from './order.ts';
export * from './claim.ts';
export * from './facts.ts';
export * from './cardsOnRecord.ts';
export * from './conducted.ts';
export * from './evidence.ts';
export * from './files.ts';
export * from './shapes.ts';
export * from './read.ts';
export * from './fold.ts';
export * from './cvrFigures.ts';
export * from './electionOf.ts';
