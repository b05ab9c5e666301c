// keeper: keeps an election record. Node only.
export * from './crypto.ts';
export * from './log/index.ts';
