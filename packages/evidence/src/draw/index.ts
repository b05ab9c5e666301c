// draw: from a seed to the sample, in order; and readers of the draws other tools use.
export * from './cardHasher.ts';
export * from './order.ts';
export * from './sample.ts';
export * from './weighted.ts';
export * from './rivest.ts';
export * from './consistentSampler.ts';
export * from './numpy.ts';
export * from './arlo.ts';
export * from './peers.ts';
