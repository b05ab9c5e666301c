// checks: the named checks; each takes evidence and gives a finding. specs/checks.md lists them in words.
export * from './finding.ts';
export * from './all.ts';
export { comparisonsOf, reportedFor } from './countsCompared.ts';
export { paperBesideMachines, type BesideMachine } from './paperBesideMachines.ts';
export { isPaper } from './population.ts';
export { ofSample, readingsAt } from './readings.ts';
export * from './sides.ts';
export { computedFigure } from './statedFigures.ts';
