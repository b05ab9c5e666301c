// A site as it was made, in one piece of bytes: an index in one line of JSON, then the files, those that people read already compressed. So it
// goes from the thread that made it to the one that serves it, and lies on disk until the next start, without being taken apart.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { toUtf8 } from '@opencanvass/evidence/bytes';

export interface MadeFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: boolean;
  /** Of the bytes before they were compressed. */
  readonly etag: string;
}

interface Index {
  /** The signed checkpoint of the record that it was made from. */
  readonly checkpoint: string;
  /** The record's own files, by their SHA-256: they are kept with the record, not here. */
  readonly named: readonly string[];
  readonly files: Readonly<
    Record<string, readonly [offset: number, length: number, gzipped: 0 | 1, etag: string]>
  >;
}

/** Entries that a checkpoint vouches for. */
export const sizeOf = (checkpoint: string): number => Number(checkpoint.split('\n')[1]);

export const etagOf = (bytes: Uint8Array): string =>
  `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;

/** A zip of more bytes is made when somebody asks for it: the site lies in memory. */
const mostKeptZip = 32 << 20;

/** `pages` are texts by their path, `record` the published record's files, `zip` all of them. */
export function packed(
  pages: ReadonlyMap<string, string>,
  record: ReadonlyMap<string, Uint8Array>,
  zip: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const files: Record<string, [number, number, 0 | 1, string]> = {};
  const named: string[] = [];
  let offset = 0;
  const add = (path: string, bytes: Uint8Array, kept: Uint8Array, gzipped: 0 | 1): void => {
    files[path] = [offset, kept.length, gzipped, etagOf(bytes)];
    pieces.push(kept);
    offset += kept.length;
  };
  for (const [path, text] of pages) {
    const bytes = toUtf8(text);
    add(path, bytes, gzipSync(bytes), 1);
  }
  for (const [path, bytes] of record) {
    const sha256 = /^files\/([0-9a-f]{64})$/.exec(path)?.[1];
    if (sha256 === undefined) add(`record/${path}`, bytes, bytes, 0);
    else named.push(sha256);
  }
  if (zip.length <= mostKeptZip) add('record.zip', zip, zip, 0);
  const checkpoint = new TextDecoder().decode(record.get('checkpoint'));
  const index: Index = { checkpoint, named, files };
  return new Uint8Array(Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...pieces]));
}

export class MadeSite {
  readonly checkpoint: string;
  /** Entries of the record that it was made from. */
  readonly size: number;
  readonly #named: ReadonlySet<string>;
  readonly #files: Index['files'];
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const end = bytes.indexOf(10);
    const { checkpoint, named, files } = JSON.parse(
      new TextDecoder().decode(bytes.subarray(0, end)),
    ) as Index;
    this.checkpoint = checkpoint;
    this.size = sizeOf(checkpoint);
    this.#named = new Set(named);
    this.#files = files;
    this.#bytes = bytes.subarray(end + 1);
  }

  file(path: string): MadeFile | undefined {
    if (!Object.hasOwn(this.#files, path)) return undefined;
    const [offset, length, gzipped, etag] = this.#files[path]!;
    return { bytes: this.#bytes.subarray(offset, offset + length), gzipped: gzipped === 1, etag };
  }

  /** Is it one of the record's files that anyone may have? */
  names(sha256: string): boolean {
    return this.#named.has(sha256);
  }
}
