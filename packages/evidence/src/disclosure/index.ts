// disclosure: what of the cast vote records may be published.
export * from './rareStyles.ts';
