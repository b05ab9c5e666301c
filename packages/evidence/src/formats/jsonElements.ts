// A JSON file of any size whose root is an object with one long list: the other values whole, the list's elements one by one, each parsed by
// itself. For reports of cast vote records, whose definitions may stand before the records or after them, and for profiles of rankings.
import { longestPiece, type InputFile } from './input.ts';
import type { Refusal } from './reading.ts';

/** The values beside the list are held in memory all together. */
const longestRest = 64 * 1024 * 1024;

/**
 * Calls `element` with the text of each element of the root's list `key`, and waits for `between` after each block. Gives back the other values
 * of the root, or why the file was refused. UTF-8, with or without a byte order mark.
 */
export async function readJsonElements(
  file: InputFile,
  key: string,
  element: (text: string, index: number) => void,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly rest: Readonly<Record<string, unknown>> } | Refusal> {
  const splitter = new Splitter(file.name, key, element);
  for await (const block of file.bytes()) {
    splitter.push(block);
    if (splitter.refusal !== undefined) return splitter.refusal;
    await between();
  }
  return splitter.end();
}

/** Where in the root we are. */
type State =
  | 'root'
  | 'key or end'
  | 'key'
  | 'colon'
  | 'value'
  | 'element or end'
  | 'element'
  | 'after element'
  | 'after value'
  | 'done';

class Splitter {
  refusal: Refusal | undefined;
  readonly #file: string;
  readonly #list: string;
  readonly #element: (text: string, index: number) => void;
  readonly #rest = Object.create(null) as Record<string, unknown>;
  #restLength = 0;
  #state: State = 'root';
  #key = '';
  #count = 0;
  /** The value at hand as far as it came in blocks before. */
  #held: Uint8Array[] = [];
  #heldLength = 0;
  // Within a value: how deep, whether in a string, whether after a backslash, whether it is a number or a word.
  #depth = 0;
  #string = false;
  #escaped = false;
  #open = false;
  #begun = false;

  constructor(file: string, list: string, element: (text: string, index: number) => void) {
    this.#file = file;
    this.#list = list;
    this.#element = element;
  }

  push(block: Uint8Array): void {
    if (!this.#begun && block.length > 0) {
      this.#begun = true;
      if (block[0] === 0xff || block[0] === 0xfe)
        return this.#refuse('utf-16', 'UTF-8', 'a byte order mark of UTF-16');
      if (block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf) block = block.subarray(3);
    }
    if (block.includes(0)) return this.#refuse('nul-byte', 'JSON text', 'a NUL byte');
    for (let at = 0; at < block.length && this.refusal === undefined;) at = this.#step(block, at);
  }

  end(): { rest: Readonly<Record<string, unknown>> } | Refusal {
    if (this.#state !== 'done')
      this.#refuse(
        this.#begun ? 'not-json' : 'empty-file',
        'an object to its closing brace',
        'the end of the file',
      );
    return this.refusal ?? { rest: this.#rest };
  }

  /** Reads on from `at`; gives back where it stopped. */
  #step(block: Uint8Array, at: number): number {
    if (this.#open) return this.#value(block, at);
    const byte = block[at]!;
    if (byte === 32 || byte === 10 || byte === 13 || byte === 9) return at + 1;
    const is = (text: string): boolean => byte === text.charCodeAt(0);
    switch (this.#state) {
      case 'root':
        return is('{') ? this.#to('key or end', at) : this.#wrong('{', block, at, 'wrong-shape');
      case 'key or end':
        if (is('}')) return this.#to('done', at);
        return is('"') ? this.#begin('key', at) : this.#wrong('a key', block, at);
      case 'key':
        return is('"') ? this.#begin('key', at) : this.#wrong('a key', block, at);
      case 'colon':
        return is(':') ? this.#to('value', at) : this.#wrong(':', block, at);
      case 'value':
        return is('[') && this.#key === this.#list
          ? this.#to('element or end', at)
          : this.#begin('value', at);
      case 'element or end':
        return is(']') ? this.#to('after value', at) : this.#begin('element', at);
      case 'element':
        return this.#begin('element', at);
      case 'after element':
        if (is(']')) return this.#to('after value', at);
        return is(',') ? this.#to('element', at) : this.#wrong(', or ]', block, at);
      case 'after value':
        if (is('}')) return this.#to('done', at);
        return is(',') ? this.#to('key', at) : this.#wrong(', or }', block, at);
      case 'done':
        return this.#wrong('nothing after the closing brace', block, at);
    }
  }

  #to(state: State, at: number): number {
    this.#state = state;
    return at + 1;
  }

  #begin(state: State, at: number): number {
    this.#state = state;
    this.#open = true;
    this.#depth = 0;
    this.#string = false;
    this.#escaped = false;
    return at;
  }

  /** On within a value. Whether it is well-formed JSON.parse says in the end; here only where it ends. */
  #value(block: Uint8Array, from: number): number {
    let at = from;
    for (; at < block.length; at++) {
      const byte = block[at]!;
      if (this.#string) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === 92) this.#escaped = true;
        else if (byte === 34) {
          this.#string = false;
          if (this.#depth === 0) return this.#finish(block.subarray(from, at + 1), at + 1);
        }
      } else if (byte === 34) this.#string = true;
      else if (byte === 123 || byte === 91) this.#depth += 1;
      else if (byte === 125 || byte === 93) {
        if (this.#depth === 0) return this.#finish(block.subarray(from, at), at);
        this.#depth -= 1;
        if (this.#depth === 0) return this.#finish(block.subarray(from, at + 1), at + 1);
      } else if (this.#depth === 0 && (byte === 44 || byte <= 32))
        return this.#finish(block.subarray(from, at), at);
    }
    this.#held.push(block.slice(from));
    this.#heldLength += at - from;
    const longest = this.#state === 'value' ? longestRest : longestPiece;
    if (this.#heldLength > longest)
      this.#refuse('element-too-long', `a value within ${longest} bytes`, 'a longer one');
    return at;
  }

  #finish(last: Uint8Array, at: number): number {
    let bytes = last;
    if (this.#held.length > 0) {
      bytes = new Uint8Array(this.#heldLength + last.length);
      let to = 0;
      for (const part of [...this.#held, last]) {
        bytes.set(part, to);
        to += part.length;
      }
      this.#held = [];
      this.#heldLength = 0;
    }
    this.#open = false;
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      this.#refuse('not-utf-8', 'UTF-8', 'other bytes');
      return at;
    }
    try {
      this.#take(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#refuse('not-json', 'JSON', error.message);
    }
    return at;
  }

  #take(text: string): void {
    switch (this.#state) {
      case 'key':
        this.#key = JSON.parse(text) as string;
        if (Object.hasOwn(this.#rest, this.#key))
          return this.#refuse('key-repeated', 'each key once', this.#key);
        this.#rest[this.#key] = [];
        this.#state = 'colon';
        return;
      case 'element':
        this.#element(text, this.#count++);
        this.#state = 'after element';
        return;
      default:
        this.#restLength += text.length;
        if (this.#restLength > longestRest)
          return this.#refuse('too-large', `definitions of at most ${longestRest} characters`, 'more');
        this.#rest[this.#key] = JSON.parse(text) as unknown;
        this.#state = 'after value';
    }
  }

  #wrong(expected: string, block: Uint8Array, at: number, code = 'not-json'): number {
    this.#refuse(code, expected, new TextDecoder().decode(block.subarray(at, at + 40)));
    return at;
  }

  #refuse(code: string, expected: string, found: string): void {
    const field =
      this.#key === ''
        ? {}
        : { field: this.#key === this.#list ? `${this.#key}[${this.#count}]` : this.#key };
    this.refusal ??= { code, file: this.#file, ...field, expected, found, todo: 'ask for the file again' };
  }
}
