// formats: bytes into the words of the rooms above, and out again; one file for each vendor or standard.
export * from './reading.ts';
export * from './input.ts';
export * from './dominionCsv.ts';
export * from './detect.ts';
export * from './auditReport.ts';
export * from './clarity.ts';
export * from './countyBallots.ts';
export * from './resultsCsv.ts';
export * from './table.ts';
export { largestFile } from './text.ts';
export { csvLine } from './csv.ts';
export * from './essXlsx.ts';
export * from './dominionJson.ts';
export * from './manifest.ts';
export * from './batchTotals.ts';
