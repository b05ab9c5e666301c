// tally: from cast vote records to counts, and by a voting rule to winners.
export * from './byUnit.ts';
