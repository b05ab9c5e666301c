// counts: what a site, a county, a state counted and reported.
export * from './results.ts';
