// A program writes one object like another: the same keys in the same order, the same blanks, other numbers. So a text that was read once is a
// form, and one that fills it needs no reading again: it is compared with the form, eight bytes at a time, and its numbers are taken. What
// they mean was learned when the form was first read, by whoever reads such objects: from the same text with 0, 1, 2… for its numbers,
// so that what the reader then gives back says which number is what.

/** A form has fewer numbers than this. */
const mostNumbers = 1024;
/** Of the texts between numbers, all forms together. An export whose objects are all different is not worth more. */
const mostTexts = 8192;
/** Ways in which one text may go on. */
const mostWays = 24;
/** Texts that were looked at, whether they gave a form or not. */
const mostLearned = 32_768;

/** A number of more digits is not one that a double holds. */
const mostDigits = 15;

export class Forms<T> {
  /** The numbers of the text that last filled a form, and where it ended. */
  readonly numbers: Float64Array = new Float64Array(mostNumbers);
  end = 0;
  // A tree: each of its nodes is a text between numbers, and one of the ways in which the text before it goes on. Node 0 is what comes before all.
  #nodes = 1;
  #learned = 0;
  readonly #length = new Uint16Array(mostTexts);
  /** Where its bytes begin among `bytes`, and its eights among `eights`: all that there are, and the last eight bytes. */
  readonly #at = new Int32Array(mostTexts);
  readonly #eightsAt = new Int32Array(mostTexts);
  readonly #first = new Int32Array(mostTexts).fill(-1);
  readonly #next = new Int32Array(mostTexts).fill(-1);
  readonly #meanings: (T | undefined)[] = [undefined];
  #bytes = new Uint8Array(4096);
  #bytesUsed = 0;
  /** Eight bytes of text as a double: no ASCII text is NaN or 0, so that equal doubles are equal bytes. */
  #eights = new Float64Array(1024);
  #eightsUsed = 0;

  /** What the text at `at` means, if it fills a form: `numbers` and `end` tell the rest. At least eight bytes come after the last, and a 0 is the first of them. */
  filledAt(bytes: Uint8Array, view: DataView, at: number): T | undefined {
    const [lengths, starts, eightsAt, first, next] = [
      this.#length,
      this.#at,
      this.#eightsAt,
      this.#first,
      this.#next,
    ];
    const [known, eights, numbers] = [this.#bytes, this.#eights, this.numbers];
    let count = 0;
    for (let node = first[0]!; node >= 0;) {
      const length = lengths[node]!;
      let same: boolean;
      if (length >= 8) {
        let e = eightsAt[node]!;
        const last = at + length - 8;
        let place = at;
        while (place < last && view.getFloat64(place, true) === eights[e]) {
          place += 8;
          e += 1;
        }
        same = place >= last && view.getFloat64(last, true) === eights[e];
      } else {
        const start = starts[node]!;
        let i = 0;
        while (i < length && bytes[at + i] === known[start + i]) i += 1;
        same = i === length;
      }
      if (same) {
        const child = first[node]!;
        let place = at + length;
        if (child < 0) {
          this.end = place;
          return this.#meanings[node];
        }
        let digit = bytes[place]! - 48;
        if (digit >= 0 && digit <= 9) {
          let n = 0;
          do {
            n = n * 10 + digit;
            digit = bytes[++place]! - 48;
          } while (digit >= 0 && digit <= 9);
          if (place - at - length > mostDigits) return undefined;
          numbers[count++] = n;
          at = place;
          node = child;
          continue;
        }
      }
      node = next[node]!;
    }
    return undefined;
  }

  /** Keeps the form of a text, an object from brace to brace that was read without fault, or not. `meaning` reads it with its numbers numbered. */
  learn(text: Uint8Array, meaning: (numbered: Uint8Array<ArrayBuffer>) => T): void {
    if (this.#learned++ > mostLearned || text.some((byte) => byte > 126)) return;
    const texts: Uint8Array[] = [];
    const numbered: number[] = [];
    let from = 0;
    for (let at = 0; at < text.length;) {
      if (text[at] === 34) {
        for (at += 1; text[at] !== 34; at += 1) if (text[at] === 92) at += 1;
        at += 1;
      } else if (isDigit(text[at])) {
        for (const byte of text.subarray(from, at)) numbered.push(byte);
        for (const digit of String(texts.length)) numbered.push(digit.charCodeAt(0));
        texts.push(text.subarray(from, at));
        while (isDigit(text[at])) at += 1;
        from = at;
      } else at += 1;
    }
    for (const byte of text.subarray(from)) numbered.push(byte);
    texts.push(text.subarray(from));
    const longest = texts.reduce((n, t) => Math.max(n, t.length), 0);
    if (texts.length > mostNumbers || longest > 0xffff || this.#nodes + texts.length > mostTexts) return;
    let node = 0;
    for (const part of texts) {
      const way = this.#way(node, part);
      if (way === undefined) return;
      node = way;
    }
    this.#meanings[node] = meaning(Uint8Array.from(numbered));
  }

  /** The node of a text that comes after another; undefined: it would be one way too many. */
  #way(node: number, text: Uint8Array): number | undefined {
    let [last, ways] = [-1, 0];
    for (let way = this.#first[node]!; way >= 0; way = this.#next[way]!) {
      const start = this.#at[way]!;
      if (this.#length[way] === text.length && text.every((b, i) => b === this.#bytes[start + i])) return way;
      [last, ways] = [way, ways + 1];
    }
    if (ways === mostWays) return undefined;
    const added = this.#nodes++;
    this.#meanings.push(undefined);
    this.#length[added] = text.length;
    this.#at[added] = this.#bytesUsed;
    this.#eightsAt[added] = this.#eightsUsed;
    this.#keep(text);
    if (last < 0) this.#first[node] = added;
    else this.#next[last] = added;
    return added;
  }

  #keep(text: Uint8Array): void {
    const eights = Math.ceil(text.length / 8);
    if (this.#bytesUsed + text.length > this.#bytes.length) {
      const more = new Uint8Array(2 * this.#bytes.length + text.length);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    if (this.#eightsUsed + eights > this.#eights.length) {
      const more = new Float64Array(2 * this.#eights.length + eights);
      more.set(this.#eights);
      this.#eights = more;
    }
    this.#bytes.set(text, this.#bytesUsed);
    this.#bytesUsed += text.length;
    if (text.length < 8) return;
    const view = new DataView(text.buffer, text.byteOffset, text.length);
    for (let at = 0; at < text.length - 8; at += 8)
      this.#eights[this.#eightsUsed++] = view.getFloat64(at, true);
    this.#eights[this.#eightsUsed++] = view.getFloat64(text.length - 8, true);
  }
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
