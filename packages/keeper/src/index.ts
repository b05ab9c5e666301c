// keeper: keeps an election record. Judges and appends acts durably, signs the log, publishes. Node only. What a record shows, evidence says.
export * from './crypto.ts';
export { syncFolder, writeDurably } from './fileStore.ts';
export * from './folder.ts';
export * from './importFiles.ts';
export * from './keeper.ts';
export * from './log/index.ts';
export * from './postgres.ts';
export * from './publish.ts';
export * from './sqlite.ts';
export * from './storageFault.ts';
export type * from './storage.ts';
