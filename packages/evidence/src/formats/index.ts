// formats: bytes into the words of the rooms above, and out again; one file for each vendor or standard.
export * from './reading.ts';
export * from './input.ts';
export * from './dominionCsv.ts';
