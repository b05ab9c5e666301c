// What the prover proves the checker believes, for every size to 70; and it believes nothing else.
import { checkConsistency, checkInclusion, hashLeaf, rootOf, treeOf } from '@opencanvass/evidence/log';
import type { ConsistencyClaim, InclusionClaim } from '@opencanvass/evidence/log';
import { concatBytes } from '@opencanvass/evidence/bytes';
import { describe, expect, test } from 'vitest';
import { nodeSha256 } from '../crypto.ts';
import { GrowingTree, proveConsistency, proveInclusion } from './index.ts';

const most = 70;
const leaves = Array.from({ length: most }, (_, i) => new Uint8Array(i % 5).fill(i));
const hashes = leaves.map((leaf) => hashLeaf(leaf, nodeSha256));
const tree = new GrowingTree();
for (const leaf of leaves) tree.append(leaf);

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((b, i) => (i === 31 ? b ^ 1 : b));

/** A hash changed, left out, doubled; two exchanged; one more before and after. */
function changedProofs(proof: readonly Uint8Array[], root: Uint8Array): Uint8Array[][] {
  const changed = proof.flatMap((hash, i) => [
    proof.with(i, flip(hash)),
    proof.with(i, hash.subarray(1)),
    proof.toSpliced(i, 1),
    proof.toSpliced(i, 0, hash),
    ...(i > 0 ? [proof.with(i, proof[i - 1]!).with(i - 1, hash)] : []),
  ]);
  return [...changed, [root, ...proof], [...proof, root], [...proof, new Uint8Array(0)]];
}

test('two roads to the root: level by level, and by the recursive definition', () => {
  const checked = treeOf(concatBytes(...hashes), nodeSha256);
  for (let n = 0; n <= most; n++) expect(tree.root(n)).toEqual(rootOf(checked, n, nodeSha256));
});

test('inclusion: every proof for every size verifies, every changed one is refused', () => {
  let refused = 0;
  for (let size = 1; size <= most; size++) {
    for (let index = 0; index < size; index++) {
      const proof = proveInclusion(tree, index, size);
      const claim: InclusionClaim = { index, size, leafHash: hashes[index]!, root: tree.root(size), proof };
      expect(checkInclusion(claim, nodeSha256)).toEqual({ ok: true });
      // A proof does not bind the size to one (0 in 3 is shaped as 0 in 4): the checkpoint does that.
      const but = (change: Partial<InclusionClaim>): InclusionClaim => ({ ...claim, ...change });
      const changed = [
        but({ leafHash: flip(claim.leafHash) }),
        but({ root: flip(claim.root) }),
        ...[index - 1, index + 1, index ^ 2].map((i) => but({ index: i })),
        ...[size * 2, Math.floor(size / 2)].map((s) => but({ size: s })),
        ...changedProofs(proof, claim.root).map((p) => but({ proof: p })),
      ];
      for (const c of changed) {
        refused++;
        if (checkInclusion(c, nodeSha256).ok)
          expect.fail(`believed ${JSON.stringify([index, size, c.index, c.size])}`);
      }
    }
  }
  expect(refused).toBeGreaterThan(70_000);
});

test('consistency: every proof between sizes verifies, every changed one is refused', () => {
  for (let newSize = 0; newSize <= most; newSize++) {
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      const proof = proveConsistency(tree, oldSize, newSize);
      const claim: ConsistencyClaim = {
        oldSize,
        newSize,
        oldRoot: tree.root(oldSize),
        newRoot: tree.root(newSize),
        proof,
      };
      expect(checkConsistency(claim, nodeSha256)).toEqual({ ok: true });
      const but = (change: Partial<ConsistencyClaim>): ConsistencyClaim => ({ ...claim, ...change });
      const changed = [
        but({ oldRoot: flip(claim.oldRoot) }),
        ...changedProofs(proof, claim.newRoot).map((p) => but({ proof: p })),
        ...[oldSize - 1, oldSize + 1, oldSize ^ 2].map((s) => but({ oldSize: s })),
        ...(oldSize === 0
          ? [] // an empty tree says nothing of the newer one
          : [
              but({ newRoot: flip(claim.newRoot) }),
              but({ newSize: newSize * 2 }),
              but({ newSize: Math.floor(newSize / 2) }),
            ]),
      ];
      for (const c of changed)
        if (checkConsistency(c, nodeSha256).ok && !saysNothing(c))
          expect.fail(`believed ${JSON.stringify([oldSize, newSize, c.oldSize, c.newSize, c.proof.length])}`);
    }
  }
});

/** Changed into a true claim: that a tree equals itself, or begins with the empty one. */
const saysNothing = (c: ConsistencyClaim): boolean => c.oldSize === 0 && c.proof.length === 0;

describe('what cannot be proved is our fault', () => {
  test.each([[5, 5], [-1, 3], [0, 71]])('inclusion of %i in %i', (index, size) => {
    expect(() => proveInclusion(tree, index, size)).toThrow(RangeError);
  }); // prettier-ignore
  test.each([[6, 5], [-1, 3], [0, 71]])('consistency from %i to %i', (oldSize, newSize) => {
    expect(() => proveConsistency(tree, oldSize, newSize)).toThrow(RangeError);
  }); // prettier-ignore
});
