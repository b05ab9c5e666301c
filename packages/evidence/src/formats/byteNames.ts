// Which of the names met so far are these bytes? A table keyed by bytes, so that a reader of millions of rows decodes each
// precinct's name once and not each time.

export class ByteNames {
  readonly #codeOf: (bytes: Uint8Array, from: number, to: number) => number;
  #slots = new Int32Array(256).fill(-1);
  #bytes = new Uint8Array(4096);
  #length = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];
  readonly #codes: number[] = [];
  #last = -1;

  /** `codeOf` gives the code of a name at its first occurrence. */
  constructor(codeOf: (bytes: Uint8Array, from: number, to: number) => number) {
    this.#codeOf = codeOf;
  }

  code(bytes: Uint8Array, from: number, to: number): number {
    // Neighbours in an export are mostly from one batch and one precinct.
    if (this.#last >= 0 && this.#equals(this.#last, bytes, from, to)) return this.#codes[this.#last]!;
    let hash = 0x811c9dc5; // FNV-1a
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot]! >= 0; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]!;
      if (this.#hashes[entry] === hash && this.#equals(entry, bytes, from, to)) {
        this.#last = entry;
        return this.#codes[entry]!;
      }
    }
    return this.#add(bytes, from, to, hash, slot);
  }

  #equals(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[entry]!;
    if (this.#ends[entry]! - start !== to - from) return false;
    for (let i = from, j = start; i < to; i++, j++) if (bytes[i] !== this.#bytes[j]) return false;
    return true;
  }

  #add(bytes: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const code = this.#codeOf(bytes, from, to);
    const entry = this.#codes.length;
    if (this.#length + to - from > this.#bytes.length) {
      const more = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + to - from));
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes.set(bytes.subarray(from, to), this.#length);
    this.#starts.push(this.#length);
    this.#length += to - from;
    this.#ends.push(this.#length);
    this.#hashes.push(hash);
    this.#codes.push(code);
    this.#slots[slot] = entry;
    this.#last = entry;
    if (this.#codes.length * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#codes.length; entry++) {
      let slot = this.#hashes[entry]! & mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
    }
  }
}
