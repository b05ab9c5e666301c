// Is this leaf in the tree with that root (inclusion), and does the newer tree begin with the older one (consistency)?
// RFC 9162 sections 2.1.3.2 and 2.1.4.2, which state as algorithms what RFC 6962 section 2.1 defines. A false proof is a value.
//
// Sizes may exceed 32 bits, so halving is division, not a shift.
import { equalBytes, sha256 as pureSha256 } from '../bytes/index.ts';
import type { Sha256 } from '../bytes/index.ts';
import { hashLength, hashNode } from './tree.ts';

export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export type ProofFault =
  /** An index or size that is no integer from 0 to 2^53 - 1, an index not below the size, an old size above the new one. */
  | { readonly code: 'proof-range' }
  /** A hash that has not 32 bytes. */
  | { readonly code: 'proof-hash-length' }
  /** The shape of the tree asks for more, or for fewer, hashes. */
  | { readonly code: 'proof-too-short' }
  | { readonly code: 'proof-too-long' }
  /** What the proof leads to is not the root claimed. */
  | { readonly code: 'proof-root-differs'; readonly which: 'old' | 'new'; readonly computed: Uint8Array };

export type ProofAnswer = { readonly ok: true } | { readonly ok: false; readonly fault: ProofFault };

/** RFC 9162 section 2.1.3.2. */
export function checkInclusion(claim: InclusionClaim, sha256: Sha256 = pureSha256): ProofAnswer {
  const { index, size, leafHash, root, proof } = claim;
  if (!isSize(index) || !isSize(size) || index >= size) return no({ code: 'proof-range' });
  if (!areHashes([leafHash, root, ...proof])) return no({ code: 'proof-hash-length' });
  let fn = index;
  let sn = size - 1;
  let r = leafHash;
  for (const p of proof) {
    if (sn === 0) return no({ code: 'proof-too-long' });
    if (isOdd(fn) || fn === sn) {
      r = hashNode(p, r, sha256);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else r = hashNode(r, p, sha256);
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) return no({ code: 'proof-too-short' });
  return equalBytes(r, root) ? { ok: true } : no({ code: 'proof-root-differs', which: 'new', computed: r });
}

/**
 * RFC 9162 section 2.1.4.2. Every tree begins with the empty one: for old size 0 the proof is empty and the old root is
 * the hash of nothing.
 */
export function checkConsistency(claim: ConsistencyClaim, sha256: Sha256 = pureSha256): ProofAnswer {
  const { oldSize, newSize, oldRoot, newRoot, proof } = claim;
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize) return no({ code: 'proof-range' });
  if (!areHashes([oldRoot, newRoot, ...proof])) return no({ code: 'proof-hash-length' });
  if (oldSize === newSize || oldSize === 0) {
    if (proof.length > 0) return no({ code: 'proof-too-long' });
    const must = oldSize === 0 ? sha256(new Uint8Array(0)) : newRoot;
    if (!equalBytes(oldRoot, must)) return no({ code: 'proof-root-differs', which: 'old', computed: must });
    if (newSize === 0 && !equalBytes(newRoot, must))
      return no({ code: 'proof-root-differs', which: 'new', computed: must });
    return { ok: true };
  }
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return no({ code: 'proof-too-short' });
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let fr = first;
  let sr = first;
  for (const c of rest) {
    if (sn === 0) return no({ code: 'proof-too-long' });
    if (isOdd(fn) || fn === sn) {
      fr = hashNode(c, fr, sha256);
      sr = hashNode(c, sr, sha256);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = hashNode(sr, c, sha256);
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) return no({ code: 'proof-too-short' });
  if (!equalBytes(fr, oldRoot)) return no({ code: 'proof-root-differs', which: 'old', computed: fr });
  if (!equalBytes(sr, newRoot)) return no({ code: 'proof-root-differs', which: 'new', computed: sr });
  return { ok: true };
}

const no = (fault: ProofFault): ProofAnswer => ({ ok: false, fault });
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const areHashes = (hashes: readonly Uint8Array[]): boolean => hashes.every((h) => h.length === hashLength);
const isOdd = (n: number): boolean => n % 2 === 1;
const half = (n: number): number => Math.floor(n / 2);

function isPowerOfTwo(n: number): boolean {
  while (n > 1 && !isOdd(n)) n = half(n);
  return n === 1;
}
