// SHA-256 (FIPS 180-4) as an argument: `sha256` is the pure one that runs everywhere; Node's own is passed in where there is one.
import { sha256 as noble } from '@noble/hashes/sha2.js';

/** The 32-byte SHA-256 of `data`. It must not keep `data`, which callers reuse. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** For data that come in pieces. After `digest` it is used up. */
export interface Sha256Stream {
  update(piece: Uint8Array): void;
  digest(): Uint8Array;
}

export type NewSha256Stream = () => Sha256Stream;

export const sha256: Sha256 = (data) => noble(data);

export const sha256Stream: NewSha256Stream = () => {
  const hash = noble.create();
  return { update: (piece) => void hash.update(piece), digest: () => hash.digest() };
};
