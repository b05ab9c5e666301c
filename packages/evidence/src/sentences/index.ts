// sentences: the words for findings, endings, refusals and answers, in English and Spanish; nowhere else.
export * from './vocabulary.ts';
export * from './findings.ts';
export * from './page.ts';
export * from './report.ts';
export * from './answers.ts';
export * from './audit.ts';
export * from './claimReview.ts';
export * from './refusals.ts';
export { refusalsSpanish } from './refusals.spanish.ts';
export * from './replay.ts';
export * from './tally.ts';
