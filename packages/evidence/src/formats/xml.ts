// XML from strangers, as a stream of events: well-formed or refused, no document type (so no entities that grow), bounded
// depth. Names come without their namespace prefix, because vendors use any ("cdf:CVR", "CVR").
import { SaxesParser } from 'saxes';
import { shown } from './cells.ts';
import { longestPiece, type InputFile } from './input.ts';
import type { Refusal } from './reading.ts';

export interface XmlEvents {
  /** `attributes` by local name. */
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>, line: number) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** Thrown by a handler that has seen enough: reading ends there without a refusal. */
export class EnoughXml extends Error {}

const maxDepth = 64;
const chunk = 1 << 20;

/** Reads the whole document; the first fault ends it and is returned. UTF-8 (with or without a mark) or UTF-16 with a mark. */
export function readXml(bytes: Uint8Array, file: string, events: XmlEvents): Refusal | undefined {
  const reader = new XmlReader(file, events);
  for (let at = 0; at < bytes.length && !reader.done; at += chunk)
    reader.push(bytes.subarray(at, at + chunk));
  return reader.end();
}

/** The same for a file that comes in blocks, waiting for `between` after each. */
export async function readXmlFile(
  file: InputFile,
  events: XmlEvents,
  between?: () => Promise<void>,
): Promise<Refusal | undefined> {
  const reader = new XmlReader(file.name, events);
  for await (const block of file.bytes()) {
    for (let at = 0; at < block.length && !reader.done; at += chunk) {
      reader.push(block.subarray(at, at + chunk));
      await between?.();
    }
    if (reader.done) break;
  }
  return reader.end();
}

/**
 * A results export declares no document type. The reader below refuses one too and never expands an entity, but only after
 * reading all of its declarations, of which there may be megabytes; this looks at the head alone.
 */
export function documentType(file: string, bytes: Uint8Array): Refusal | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 4096));
  const at = head.search(/<!DOCTYPE/i);
  if (at === -1) return undefined;
  return {
    code: 'xml-doctype',
    file,
    line: head.slice(0, at).split('\n').length,
    expected: 'no document type declaration',
    found: shown(head.slice(at, at + 40)),
    todo: 'a results export has none; do not trust this file, and fetch it again from the office',
  };
}

class XmlReader {
  /** True once nothing more will be read: a fault, or a handler has seen enough. */
  done = false;
  readonly #file: string;
  readonly #parser: SaxesParser;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #refusal: Refusal | undefined;
  #depth = 0;
  /** Characters since the last tag: a text without end is refused before it fills the memory. */
  #sinceTag = 0;

  constructor(file: string, events: XmlEvents) {
    this.#file = file;
    const parser = new SaxesParser({ xmlns: false });
    this.#parser = parser;
    const fault = (code: string, expected: string, found: string): XmlFault =>
      new XmlFault({ code, file, line: parser.line, expected, found, todo: 'ask for the file again' });
    parser.on('error', (error) => {
      throw fault('xml-not-well-formed', 'well-formed XML', error.message.replace(/^.*?\d+:\d+:\s*/, ''));
    });
    parser.on('doctype', () => {
      throw fault('xml-doctype', 'no document type declaration', 'one');
    });
    parser.on('opentag', (tag) => {
      this.#sinceTag = 0;
      if (++this.#depth > maxDepth) throw fault('xml-too-deep', `at most ${maxDepth} levels`, 'more');
      events.open?.(local(tag.name), localKeys(tag.attributes), parser.line);
    });
    parser.on('closetag', (tag) => {
      this.#sinceTag = 0;
      this.#depth--;
      events.close?.(local(tag.name));
    });
    const text = events.text;
    if (text !== undefined) {
      parser.on('text', text);
      parser.on('cdata', text);
    }
  }

  push(bytes: Uint8Array): void {
    if (this.done) return;
    this.#attempt(() => {
      this.#decoder ??= new TextDecoder(encodingOf(bytes), { fatal: true });
      const text = this.#decoder.decode(bytes, { stream: true });
      this.#sinceTag += text.length;
      this.#parser.write(text);
      if (this.#sinceTag > longestPiece)
        throw new XmlFault({
          code: 'xml-too-long',
          file: this.#file,
          line: this.#parser.line,
          expected: `a tag within ${longestPiece} characters`,
          found: 'none',
          todo: 'check that this is the right file',
        });
    });
  }

  end(): Refusal | undefined {
    if (!this.done)
      this.#attempt(() => {
        this.#parser.write(this.#decoder?.decode() ?? '');
        this.#parser.close();
      });
    return this.#refusal;
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.done = true;
      if (error instanceof EnoughXml) return;
      if (error instanceof XmlFault) this.#refusal = error.refusal;
      else if (error instanceof TypeError) {
        const todo = 'ask for the file in UTF-8';
        this.#refusal = {
          code: 'not-utf-8',
          file: this.#file,
          expected: 'UTF-8',
          found: 'other bytes',
          todo,
        };
      } else throw error;
    }
  }
}

class XmlFault extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const encodingOf = (b: Uint8Array): string =>
  b[0] === 0xff && b[1] === 0xfe ? 'utf-16le' : b[0] === 0xfe && b[1] === 0xff ? 'utf-16be' : 'utf-8';

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function localKeys(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const key in attributes) {
    if (key.includes(':'))
      return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), value]));
  }
  return attributes;
}
