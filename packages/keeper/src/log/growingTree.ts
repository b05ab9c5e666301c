// The log's tree as its keeper holds it: leaves are appended, nothing is ever changed. Every complete subtree's hash is kept, so
// that appending costs one hash on average and a proof costs a few look-ups.
import { hashLeaf, hashLength, hashNode } from '@opencanvass/evidence/log';
import { nodeSha256 } from '../crypto.ts';

/** Hashes side by side, with room to grow. */
class HashColumn {
  #bytes = new Uint8Array(64 * hashLength);
  #count = 0;
  get count(): number {
    return this.#count;
  }
  push(hash: Uint8Array): void {
    if (this.#count * hashLength === this.#bytes.length) {
      const wider = new Uint8Array(2 * this.#bytes.length);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes.set(hash, this.#count * hashLength);
    this.#count++;
  }
  at(i: number): Uint8Array {
    return this.slice(i, i + 1);
  }
  /** A copy: what was given out never changes. */
  slice(from: number, to: number): Uint8Array {
    if (!(from >= 0 && from <= to && to <= this.#count))
      throw new RangeError(`no hashes ${from} to ${to} of ${this.#count}`);
    return this.#bytes.slice(from * hashLength, to * hashLength);
  }
}

export class GrowingTree {
  /** #levels[k]: the hashes of the complete subtrees of 2^k leaves. */
  readonly #levels: HashColumn[] = [new HashColumn()];

  get size(): number {
    return this.#levels[0]!.count;
  }

  /** Appends a leaf and gives its position. */
  append(leaf: Uint8Array): number {
    return this.appendHash(hashLeaf(leaf, nodeSha256));
  }

  /** Appends a leaf by its stored hash. */
  appendHash(leafHash: Uint8Array): number {
    if (leafHash.length !== hashLength)
      throw new RangeError(`a leaf hash has ${hashLength} bytes, not ${leafHash.length}`);
    this.#levels[0]!.push(leafHash);
    for (let k = 0; this.#levels[k]!.count % 2 === 0; k++) {
      const level = this.#levels[k]!;
      this.#levels[k + 1] ??= new HashColumn();
      this.#levels[k + 1]!.push(hashNode(level.at(level.count - 2), level.at(level.count - 1), nodeSha256));
    }
    return this.size - 1;
  }

  /** Hashes `from` to `to` (exclusive) of the complete subtrees of 2^k leaves, side by side. */
  completeSubtrees(k: number, from: number, to: number): Uint8Array {
    return (this.#levels[k] ?? new HashColumn()).slice(from, to);
  }

  /** MTH(D[from:to]) of RFC 6962 section 2.1, by its recursive definition; `from` a multiple of the subtree's width. */
  hash(from: number, to: number): Uint8Array {
    const width = to - from;
    if (width === 0) return nodeSha256(new Uint8Array(0));
    const k = Math.round(Math.log2(width));
    if (2 ** k === width && from % width === 0) return this.#levels[k]!.at(from / width);
    const split = from + largestPowerOfTwoBelow(width);
    return hashNode(this.hash(from, split), this.hash(split, to), nodeSha256);
  }

  root(size: number = this.size): Uint8Array {
    if (!(size >= 0 && size <= this.size))
      throw new RangeError(`a tree of ${this.size} leaves has no root at ${size}`);
    return this.hash(0, size);
  }
}

/** RFC 6962's k: the largest power of two smaller than n, for n > 1. */
export function largestPowerOfTwoBelow(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}
