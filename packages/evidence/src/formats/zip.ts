// Which files does a zip archive hold, and are they what its directory says? Read from the central directory only (local
// headers may lie), with caps, because an archive comes from strangers: entries, sizes as declared and as found,
// names that climb out of the archive, CRC-32. APPNOTE.TXT 6.3.10 sections 4.3.12 (central directory), 4.3.16 (its end).
//
// The archive is bytes in memory or a source that gives any stretch of them (a file on disk); nothing is unpacked before it is asked for,
// and then by pieces if the reader takes pieces.
import { Inflate } from 'fflate';
import type { Refusal } from './reading.ts';

export interface ZipCaps {
  readonly entries: number;
  /** Bytes of one entry, unpacked. */
  readonly entryBytes: number;
  /** Bytes of all entries together, unpacked. */
  readonly totalBytes: number;
}

export const defaultZipCaps: ZipCaps = { entries: 200_000, entryBytes: 1 << 30, totalBytes: 4 * 2 ** 30 };

/** Where entries are taken by pieces, no memory is at stake but time. An entry of 4 GB or more would be zip64. */
export const streamedZipCaps: ZipCaps = {
  entries: 200_000,
  entryBytes: 4 * 2 ** 30,
  totalBytes: 64 * 2 ** 30,
};

/** An archive that need not be in memory. */
export interface ZipSource {
  readonly length: number;
  /** The bytes from `from` up to, not including, `to`. */
  readonly at: (from: number, to: number) => Uint8Array;
}

const inMemory = (archive: Uint8Array): ZipSource => ({
  length: archive.length,
  at: (from, to) => archive.subarray(from, to),
});

const longestDirectory = 2 ** 28;

export interface ZipEntry {
  readonly name: string;
  /** Size unpacked, as the directory declares it. */
  readonly size: number;
  /** The unpacked bytes, checked against the declared size and CRC-32. */
  readonly bytes: () => ZipBytes;
  /** The same piece by piece. What is wrong is known, and returned, only at the end: then all that was taken is thrown away. */
  readonly pieces: () => Generator<Uint8Array, Refusal | undefined>;
}

export type ZipBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly refusal: Refusal };

export type ZipReading =
  | { readonly ok: true; readonly entries: readonly ZipEntry[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** The archive's entries in the order of its directory; folders are left out. */
export function readZip(
  archive: Uint8Array | ZipSource,
  file: string,
  caps: ZipCaps = defaultZipCaps,
): ZipReading {
  const source = archive instanceof Uint8Array ? inMemory(archive) : archive;
  const refuse = (
    code: string,
    expected: string,
    found: string,
    todo = 'ask for the archive again',
  ): ZipReading => ({
    ok: false,
    refusals: [{ code, file, expected, found, todo }],
  });
  const tail = viewOf(source.at(Math.max(0, source.length - 22 - 0xffff), source.length));
  const end = findEnd(tail);
  if (end === undefined)
    return refuse(
      'zip-truncated',
      'a zip archive with its directory at the end',
      `${source.length} bytes without one`,
    );
  const count = tail.getUint16(end + 10, true);
  const start = tail.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff)
    return refuse(
      'zip64',
      'a zip archive under 4 GB and 65,535 entries',
      'zip64',
      'unpack the archive and give the folder',
    );
  if (count > caps.entries) return refuse('zip-bomb', `at most ${caps.entries} entries`, `${count}`);

  const until = source.length - tail.byteLength + end;
  if (until - start > longestDirectory)
    return refuse('zip-bomb', `a directory of at most ${longestDirectory} bytes`, `${until - start}`);
  const directory = source.at(Math.min(start, until), until);
  const view = viewOf(directory);

  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let total = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
      return refuse('zip-truncated', `${count} entries in the directory`, `${i} readable ones`);
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const offset = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (climbs(name)) return refuse('zip-path', 'names inside the archive', JSON.stringify(name));
    if (name.endsWith('/')) continue;
    if (names.has(name)) return refuse('zip-repeated-name', 'each name once', JSON.stringify(name));
    names.add(name);
    if ((flags & 1) !== 0)
      return refuse('zip-encrypted', 'an archive without a password', name, 'unpack it and give the folder');
    if (method !== 0 && method !== 8)
      return refuse('zip-method', 'stored or deflated entries', `method ${method} of ${name}`);
    total += size;
    if (size > caps.entryBytes || total > caps.totalBytes)
      return refuse(
        'zip-bomb',
        `at most ${caps.entryBytes} bytes an entry, ${caps.totalBytes} in all`,
        `${name}: ${size}`,
      );
    const local = viewOf(source.at(offset, Math.min(offset + 30, source.length)));
    if (local.byteLength < 30 || local.getUint32(0, true) !== 0x04034b50)
      return refuse('zip-truncated', `${name} where the directory says`, `nothing at ${offset}`);
    const data = offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    if (data + packed > source.length)
      return refuse('zip-truncated', `${packed} bytes of ${name}`, 'the end of the file');
    const entry = { method, size, crc, name, file };
    entries.push({
      name,
      size,
      bytes: () => unpack(source.at(data, data + packed), entry),
      pieces: () => unpackPieces(source, data, data + packed, entry),
    });
  }
  return { ok: true, entries };
}

/** Where the end-of-central-directory record begins: the last signature with a comment that reaches the end of the file. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - 22;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--)
    if (
      view.getUint32(at, true) === 0x06054b50 &&
      at + 22 + view.getUint16(at + 20, true) === view.byteLength
    )
      return at;
  return undefined;
}

const climbs = (name: string): boolean =>
  name === '' || name.includes('\0') || /^([/\\]|[A-Za-z]:)/.test(name) || name.split(/[/\\]/).includes('..');

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface Declared {
  readonly method: number;
  readonly size: number;
  readonly crc: number;
  readonly name: string;
  readonly file: string;
}

function unpack(packed: Uint8Array, entry: Declared): ZipBytes {
  const pieces = unpackPieces(inMemory(packed), 0, packed.length, entry);
  const out = new Uint8Array(entry.size);
  let length = 0;
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) return value === undefined ? { ok: true, bytes: out } : { ok: false, refusal: value };
    out.set(value, length);
    length += value.length;
  }
}

/** Never gives more than was declared: a stream which unpacks to more is stopped at once. */
function* unpackPieces(
  source: ZipSource,
  from: number,
  to: number,
  entry: Declared,
): Generator<Uint8Array, Refusal | undefined> {
  const refuse = (code: string, expected: string, found: string): Refusal => ({
    code,
    file: `${entry.file}!${entry.name}`,
    expected,
    found,
    todo: 'ask for the archive again',
  });
  let [length, crc] = [0, 0xffffffff];
  let ready: Uint8Array[] = [];
  const inflate = new Inflate((piece) => ready.push(piece));
  for (let at = from; at < to; at += 65_536) {
    const packed = source.at(at, Math.min(at + 65_536, to));
    if (entry.method === 0) ready.push(packed);
    else
      try {
        inflate.push(packed, at + 65_536 >= to);
      } catch (error) {
        return refuse(
          'zip-broken',
          'a whole deflate stream',
          error instanceof Error ? error.message : String(error),
        );
      }
    for (const piece of ready) {
      length += piece.length;
      if (length > entry.size) return refuse('zip-size', `${entry.size} bytes`, 'more');
      crc = crcOn(crc, piece);
      yield piece;
    }
    ready = [];
  }
  if (length !== entry.size) return refuse('zip-size', `${entry.size} bytes`, `${length}`);
  const found = (crc ^ 0xffffffff) >>> 0;
  return found === entry.crc
    ? undefined
    : refuse('zip-crc', `CRC-32 ${entry.crc.toString(16)}`, found.toString(16));
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as zip uses it (ISO 3309, reflected, polynomial 0xEDB88320). */
export const crc32 = (bytes: Uint8Array): number => (crcOn(0xffffffff, bytes) ^ 0xffffffff) >>> 0;

function crcOn(before: number, bytes: Uint8Array): number {
  let c = before;
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return c;
}
