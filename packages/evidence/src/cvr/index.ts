// cvr: what a machine says that a card says; columnar, millions at a time.
export * from './cvrs.ts';
export * from './building.ts';
export * from './card.ts';
export * from './contests.ts';
export * from './numbering.ts';
export * from './reconcile.ts';
