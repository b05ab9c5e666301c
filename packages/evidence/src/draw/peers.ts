// The draws of two research programs, to check records made with them.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { toUtf8 } from '../bytes/index.ts';

/**
 * cryptorandom, the generator of SHANGRLA (Ottoboni, Stark 2018): number k, from 1, is SHA-256(seed ",", k - 1 zero bytes) as a whole number of
 * 256 bits. Cards take them in order, and the smallest is drawn first.
 */
export function cryptorandom(seed: string, k: number): bigint {
  const start = toUtf8(`${seed},`);
  const message = new Uint8Array(start.length + k - 1);
  message.set(start);
  return bigEndian(sha256(message));
}

/**
 * rlauxe: |signed last 8 bytes| of HMAC-SHA-256, its key the seed's 8 bytes in an order that a shift error fixed and that is kept for
 * compatibility, its message the number of the card as 4 bytes, from 1.
 */
export function rlauxeNumber(seed: bigint, card: number): bigint {
  const positive = seed < 0n ? -seed : seed;
  const key = Uint8Array.from([24n, 16n, 8n, 0n, 56n, 48n, 40n, 32n], (shift) =>
    Number((positive >> shift) & 0xffn),
  );
  const message = Uint8Array.from([24, 16, 8, 0], (shift) => (card + 1) >>> shift);
  const last = BigInt.asIntN(64, bigEndian(hmac(sha256, key, message).subarray(24)));
  return last < 0n ? -last : last;
}

const bigEndian = (bytes: Uint8Array): bigint => {
  let n = 0n;
  for (const byte of bytes) n = (n << 8n) | BigInt(byte);
  return n;
};
