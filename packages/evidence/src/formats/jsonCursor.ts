// JSON read byte by byte, without an object for anything in it: a place in bytes, and the steps that a reader takes from there. Whoever reads says
// what he expects next; what he does not ask for is passed over. Keys are compared where they stand, four bytes at a time.

/** How many bytes the scanner may look beyond the last: the 0, and as many as a word and a boolean have. */
export const beyond = 8;

/** The bytes at hand end within a value. */
export const short = Symbol('short');

/** What is wrong with the bytes; thrown within the scanner only. */
export class Fault {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  constructor(code: string, expected: string, found: string) {
    this.code = code;
    this.expected = expected;
    this.found = found;
  }
}

/** A key of more than 64 bytes with its quotes and colon is met anew each time. */
const wordsOfKey = 16;

/**
 * The keys of one kind of object: those asked for, by number, and others met, which are learned so that they too are passed over fast.
 * Objects of one kind mostly have their keys in one order, so the key that followed last time is tried first, four bytes at a time.
 */
export class KeyList {
  readonly keys: Uint8Array[];
  /** Of every key it and its colon as words, the least byte first: key k has those from k × wordsOfKey, and of its last one only the bytes of its mask. */
  readonly words: Int32Array = new Int32Array(64 * wordsOfKey);
  readonly masks: Int32Array = new Int32Array(64);
  /** By key: its words but the last, and its bytes with the colon. */
  readonly wholeWords: Int32Array = new Int32Array(64);
  readonly lengths: Int32Array = new Int32Array(64);
  readonly asked: number;
  /** By key, the one that came after it last time; the last entry is of the key that came first. */
  readonly after: Int32Array = new Int32Array(65).fill(0);
  last = 64;

  constructor(...names: string[]) {
    this.keys = [];
    this.asked = names.length;
    for (const name of names) this.learn(new TextEncoder().encode(`"${name}"`));
  }

  learn(key: Uint8Array): void {
    const k = this.keys.length;
    const count = Math.ceil((key.length + 1) / 4);
    if (k === 64 || count > wordsOfKey) return;
    this.keys.push(key.slice());
    const padded = new Uint8Array(count * 4);
    padded.set(key);
    padded[key.length] = 58;
    const view = new DataView(padded.buffer);
    for (let w = 0; w < count; w++) this.words[k * wordsOfKey + w] = view.getInt32(4 * w, true);
    this.masks[k] = 0xffffffff >>> (8 * (padded.length - key.length - 1));
    this.wholeWords[k] = count - 1;
    this.lengths[k] = key.length + 1;
  }
}

/** Reads values at a place in bytes. Meets the 0 at the end of the bytes by throwing `short`. */
export class JsonCursor {
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(beyond);
  view: DataView = new DataView(this.bytes.buffer);
  /** The place. */
  p = 0;

  load(block: Uint8Array<ArrayBuffer>, at: number): void {
    if (this.bytes !== block) this.view = new DataView(block.buffer);
    this.bytes = block;
    this.p = at;
  }

  fault(code: string, expected: string): never {
    if (this.bytes[this.p] === 0) throw short;
    throw new Fault(
      code,
      expected,
      new TextDecoder().decode(this.bytes.subarray(this.p, this.p + 40)).replace(/\0.*/s, ''),
    );
  }

  /** The next byte that is no blank. */
  peek(): number {
    let at = this.p;
    let b = this.bytes[at]!;
    while (b === 32 || b === 10 || b === 13 || b === 9) b = this.bytes[++at]!;
    this.p = at;
    return b;
  }

  openObject(): boolean {
    if (this.peek() !== 123) this.fault('not-json', '{');
    this.p += 1;
    if (this.peek() !== 125) return true;
    this.p += 1;
    return false;
  }

  nextInObject(): boolean {
    let b = this.bytes[this.p]!;
    if (b <= 32) b = this.peek();
    this.p += 1;
    if (b === 44) return true;
    if (b === 125) return false;
    this.p -= 1;
    return this.fault('not-json', ', or }');
  }

  /** True if the list is empty, and then it is closed. */
  openList(): boolean {
    if (this.peek() !== 91) this.fault('not-json', '[');
    this.p += 1;
    if (this.peek() !== 93) return false;
    this.p += 1;
    return true;
  }

  /** True if the list is closed. */
  nextInList(): boolean {
    let b = this.bytes[this.p]!;
    if (b <= 32) b = this.peek();
    this.p += 1;
    if (b === 44) return false;
    if (b === 93) return true;
    this.p -= 1;
    return this.fault('not-json', ', or ]');
  }

  /** Past a string; gives back whether it holds an escape. */
  skipString(): boolean {
    const here = this.bytes;
    let escaped = false;
    let at = this.p + 1;
    for (let b = here[at]!; b !== 34; b = here[++at]!) {
      if (b === 92) {
        escaped = true;
        at += 1;
        if (here[at] === 0) throw short;
      } else if (b < 32) {
        this.p = at;
        this.fault('not-json', 'a string without control characters');
      }
    }
    this.p = at + 1;
    return escaped;
  }

  /** Past any value. */
  skip(): void {
    const here = this.bytes;
    let first = here[this.p]!;
    if (first <= 32) first = this.peek();
    if (first === 34) {
      this.skipString();
      return;
    }
    if (first !== 123 && first !== 91) {
      const from = this.p;
      let at = from;
      for (let b = first; b !== 44 && b !== 125 && b !== 93 && b > 32; b = here[++at]!);
      if (here[at] === 0) throw short;
      if (at === from) this.fault('not-json', 'a value');
      this.p = at;
      return;
    }
    let depth = 0;
    let at = this.p;
    do {
      const b = here[at]!;
      if (b === 34) {
        this.p = at;
        this.skipString();
        at = this.p;
        continue;
      }
      if (b === 123 || b === 91) depth += 1;
      else if (b === 125 || b === 93) depth -= 1;
      else if (b === 0) throw short;
      at += 1;
    } while (depth > 0);
    this.p = at;
  }

  /** The number of a key in the list, −1 if it is another. Leaves `p` after the colon. */
  key(list: KeyList): number {
    if (this.bytes[this.p] !== 34 && this.peek() !== 34) this.fault('not-json', 'a key');
    // The key that followed last time, and its colon: almost always.
    const guess = list.after[list.last]!;
    const words = list.words;
    let w = guess * wordsOfKey;
    const last = w + list.wholeWords[guess]!;
    let at = this.p;
    while (w < last && this.view.getInt32(at, true) === words[w]) {
      at += 4;
      w += 1;
    }
    if (w === last && (this.view.getInt32(at, true) & list.masks[guess]!) === words[w]) {
      this.p += list.lengths[guess]!;
      list.last = guess;
      return guess < list.asked ? guess : -1;
    }
    const here = this.bytes;
    const from = this.p;
    const escaped = this.skipString();
    const found = list.keys.findIndex(
      (k) => k.length === this.p - from && k.every((b, j) => b === here[from + j]),
    );
    if (found < 0) {
      if (escaped) this.fault('escaped-key', 'keys in plain letters');
      list.learn(here.subarray(from, this.p));
    } else {
      list.after[list.last] = found;
      list.last = found;
    }
    if (this.peek() !== 58) this.fault('not-json', ':');
    this.p += 1;
    return found < list.asked ? found : -1;
  }

  int(): number {
    const here = this.bytes;
    let b = here[this.p]!;
    if (b <= 32) b = this.peek();
    const from = this.p;
    let at = from;
    let n = 0;
    while (b >= 48 && b <= 57) {
      n = n * 10 + b - 48;
      b = here[++at]!;
    }
    if (b === 0) throw short;
    if (at === from || at - from > 15 || b === 46 || b === 101 || b === 69)
      this.fault('not-a-number', 'a whole number');
    this.p = at;
    return n;
  }

  bool(): boolean {
    if (this.bytes[this.p]! <= 32) this.peek();
    const word = this.view.getInt32(this.p, true);
    if (word === 0x65757274) {
      this.p += 4; // "true"
      return true;
    }
    if (word === 0x736c6166 && this.bytes[this.p + 4] === 101) {
      this.p += 5; // "fals", "e"
      return false;
    }
    for (let i = this.p; i < this.p + 5; i++) if (this.bytes[i] === 0) throw short;
    return this.fault('not-a-boolean', 'true or false');
  }

  /** A string; "" for any other value. */
  text(): string {
    if (this.peek() !== 34) {
      this.skip();
      return '';
    }
    const from = this.p;
    this.skipString();
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(this.bytes.subarray(from, this.p));
    } catch {
      this.p = from;
      return this.fault('not-utf-8', 'a string in UTF-8');
    }
    try {
      return JSON.parse(text) as string;
    } catch {
      this.p = from;
      return this.fault('not-json', 'a string with known escapes');
    }
  }

  onlyBlanks(): void {
    if (this.peek() === 0) throw short;
    this.fault('not-json', 'nothing after the closing brace');
  }
}
