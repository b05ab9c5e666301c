// The Merkle tree of RFC 6962 section 2.1: one hash stands for every leaf and their order.
//
//   MTH({}) = SHA-256()                                      hash of nothing
//   MTH({d0}) = SHA-256(0x00 || d0)                          hashLeaf
//   MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))  hashNode, k the largest power of two below n
//
// Hashes lie side by side in one array, 32 bytes each, because a log of a million leaves is two million of them.
import { sha256 as pureSha256 } from '../bytes/index.ts';
import type { Sha256 } from '../bytes/index.ts';

export const hashLength = 32;

export function hashLeaf(leaf: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  const prefixed = new Uint8Array(1 + leaf.length); // first byte 0x00
  prefixed.set(leaf, 1);
  return sha256(prefixed);
}

export function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256 = pureSha256): Uint8Array {
  const prefixed = new Uint8Array(1 + 2 * hashLength);
  prefixed[0] = 0x01;
  prefixed.set(left, 1);
  prefixed.set(right, 1 + hashLength);
  return sha256(prefixed);
}

/** All complete subtrees: `levels[k]` holds, side by side, the hashes of the floor(size / 2^k) subtrees of 2^k leaves. */
export interface Tree {
  readonly size: number;
  readonly levels: readonly Uint8Array[];
}

/** The tree over leaf hashes that lie side by side. Hashes each node once: size - 1 hashes at most. */
export function treeOf(leafHashes: Uint8Array, sha256: Sha256 = pureSha256): Tree {
  const levels = [leafHashes];
  const prefixed = new Uint8Array(1 + 2 * hashLength);
  prefixed[0] = 0x01;
  for (let below = leafHashes; below.length >= 2 * hashLength;) {
    const pairs = Math.floor(below.length / (2 * hashLength));
    const level = new Uint8Array(pairs * hashLength);
    for (let i = 0; i < pairs; i++) {
      prefixed.set(below.subarray(i * 2 * hashLength, (i + 1) * 2 * hashLength), 1);
      level.set(sha256(prefixed), i * hashLength);
    }
    levels.push(level);
    below = level;
  }
  return { size: leafHashes.length / hashLength, levels };
}

/** The root of the first `size` leaves. Throws RangeError if the tree has fewer. */
export function rootOf(tree: Tree, size: number = tree.size, sha256: Sha256 = pureSha256): Uint8Array {
  if (!(size >= 0 && size <= tree.size))
    throw new RangeError(`a tree of ${tree.size} leaves has no root at ${size}`);
  let root: Uint8Array | undefined;
  let count = size; // of complete subtrees at level k
  for (let k = 0; count > 0; k++, count = Math.floor(count / 2)) {
    if (count % 2 === 0) continue;
    const peak = hashAt(tree.levels[k]!, count - 1);
    root = root === undefined ? peak.slice() : hashNode(peak, root, sha256);
  }
  return root ?? sha256(new Uint8Array(0));
}

/** The i-th of the hashes that lie side by side. */
export const hashAt = (hashes: Uint8Array, i: number): Uint8Array =>
  hashes.subarray(i * hashLength, (i + 1) * hashLength);
