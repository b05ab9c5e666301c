// claims: what was said about the election, and what the checks answer.
export * from './answer.ts';
