// checks: the named checks; each takes evidence and gives a finding.
export * from './finding.ts';
