// Proofs, by the recursive definitions of RFC 6962 sections 2.1.1 and 2.1.2. Asking for one that cannot be is our fault, and throws.
import { largestPowerOfTwoBelow } from './growingTree.ts';
import type { GrowingTree } from './growingTree.ts';

/** PATH(index, D[size]): that the leaf at `index` is in the tree of the first `size` leaves. */
export function proveInclusion(tree: GrowingTree, index: number, size: number): Uint8Array[] {
  if (!(index >= 0 && index < size && size <= tree.size))
    throw new RangeError(`no inclusion proof of ${index} in ${size} of ${tree.size}`);
  const path = (m: number, from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const split = from + largestPowerOfTwoBelow(to - from);
    return m < split
      ? [...path(m, from, split), tree.hash(split, to)]
      : [...path(m, split, to), tree.hash(from, split)];
  };
  return path(index, 0, size);
}

/** PROOF(oldSize, D[newSize]): that the tree of `newSize` leaves begins with that of `oldSize`. */
export function proveConsistency(tree: GrowingTree, oldSize: number, newSize: number): Uint8Array[] {
  if (!(oldSize >= 0 && oldSize <= newSize && newSize <= tree.size))
    throw new RangeError(`no consistency proof from ${oldSize} to ${newSize} of ${tree.size}`);
  if (oldSize === 0) return []; // RFC 9162 section 2.1.4: every tree begins with the empty one
  const subproof = (m: number, from: number, to: number, complete: boolean): Uint8Array[] => {
    if (m === to) return complete ? [] : [tree.hash(from, to)];
    const split = from + largestPowerOfTwoBelow(to - from);
    return m <= split
      ? [...subproof(m, from, split, complete), tree.hash(split, to)]
      : [...subproof(m, split, to, false), tree.hash(from, split)];
  };
  return subproof(oldSize, 0, newSize, true);
}
