// log: is this the log that was signed, whole and unchanged? Checking only: what proves, signs and writes is in the keeper.
// specs/log.md says it all in bytes. Nothing here throws on bad evidence: a fault of the log is data with a `code`.
export * from './checkLog.ts';
export * from './checkpoint.ts';
export * from './dsse.ts';
export * from './note.ts';
export * from './proof.ts';
export * from './tilePath.ts';
export * from './tiles.ts';
export * from './tree.ts';
