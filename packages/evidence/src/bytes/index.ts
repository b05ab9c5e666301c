// bytes: what is hashed, signed, sorted or written is defined here, in bytes. Everything is synchronous and pure; where speed
// matters the function is an argument, so that Node and browser can pass in a faster one.
export * from './base64.ts';
export * from './canonicalJson.ts';
export * from './compare.ts';
export * from './ed25519.ts';
export * from './hex.ts';
export * from './sha256.ts';
export * from './utf8.ts';
