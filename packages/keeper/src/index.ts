// keeper: keeps an election record. Judges and appends acts durably, signs the log, publishes. Node only. What a record shows, evidence says.
export * from './crypto.ts';
export { syncFolder, writeDurably } from './fileStore.ts';
export * from './folder.ts';
export type { ExportToImport } from './importCounty.ts';
export * from './importFiles.ts';
export * from './keeper.ts';
export * from './log/index.ts';
export * from './openCvrs.ts';
export * from './postgres.ts';
export * from './publish.ts';
export * from './sqlite.ts';
export * from './storageFault.ts';
export type * from './storage.ts';
export * from './zipFile.ts';
