// Which files does a zip archive hold, and are they what its directory says? Read from the central directory only (local
// headers may lie), with caps, because an archive comes from strangers: entries, sizes as declared and as found,
// names that climb out of the archive, CRC-32. APPNOTE.TXT 6.3.10 sections 4.3.12 (central directory), 4.3.16 (its end).
//
// The archive is bytes in memory or a source that gives any stretch of them (a file on disk); nothing is unpacked before it is asked for,
// and then by pieces if the reader takes pieces. What unpacks comes in as an argument: this file's own runs everywhere, Node's is faster.
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

/** Where entries are taken by pieces, no memory is at stake but time. */
export const streamedZipCaps: ZipCaps = {
  entries: 1_000_000,
  entryBytes: 64 * 2 ** 30,
  totalBytes: 64 * 2 ** 30,
};

/** Unpacks raw deflate streams (RFC 1951), and adds up CRC-32 (ISO 3309). */
export interface Inflater {
  /** Throws a `RangeError` where the stream unpacks to more than `most` bytes, and any other error where it is broken. */
  readonly whole: (packed: Uint8Array, most: number) => Uint8Array;
  /** Piece by piece; throws where the stream is broken. */
  readonly pieces: (packed: Iterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** The CRC of bytes that come after those whose CRC is `before` (0: none). */
  readonly crc32: (bytes: Uint8Array, before: number) => number;
}

/** An archive that need not be in memory. */
export interface ZipSource {
  readonly length: number;
  /** The bytes from `from` up to, not including, `to`. */
  readonly at: (from: number, to: number) => Uint8Array;
}

/** An archive that is in memory. */
export const inMemory = (archive: Uint8Array): ZipSource => ({
  length: archive.length,
  at: (from, to) => archive.subarray(from, to),
});

const longestDirectory = 2 ** 28;

export interface ZipEntry {
  readonly name: string;
  /** Size unpacked, as the directory declares it. */
  readonly size: number;
  /**
   * When it was last changed, by the clock of whoever packed it, in no time zone: 2025-11-17T18:43:10. Absent where the packer wrote the format's
   * zero, the first moment of 1980, or no date at all.
   */
  readonly modified?: string;
  /** The unpacked bytes, checked against the declared size and CRC-32. */
  readonly bytes: () => ZipBytes;
  /** The same piece by piece. What is wrong is known, and returned, only at the end: then all that was taken is thrown away. */
  readonly pieces: () => AsyncGenerator<Uint8Array, Refusal | undefined>;
  /** Of an entry that is stored as it is: any stretch of it, which nothing here checks. Undefined where it is not where the directory says. */
  readonly place?: () => ZipSource | undefined;
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
  inflater: Inflater = inflaterInJavaScript,
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
  const until = source.length - tail.byteLength + end;
  const directoryAt = placeOfDirectory(source, tail, end, until);
  if (directoryAt === undefined)
    return refuse('zip-truncated', 'the place of a zip64 directory', 'none that is in the file');
  const { count, start } = directoryAt;
  if (count > caps.entries) return refuse('zip-bomb', `at most ${caps.entries} entries`, `${count}`);
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
    const modified = dosTime(view.getUint16(at + 14, true), view.getUint16(at + 12, true));
    const crc = view.getUint32(at + 16, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    const sizes = sizesOf(view, at, at + 46 + nameLength, extraLength);
    if (sizes === undefined)
      return refuse('zip-truncated', `the sizes of ${name} in its zip64 field`, 'none');
    const { packed, size, offset } = sizes;
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
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
    if (offset + 30 + packed > start)
      return refuse('zip-truncated', `${packed} bytes of ${name} before the directory`, `${start - offset}`);
    const entry = { method, packed, size, crc, name, file, offset };
    entries.push({
      name,
      size,
      ...(modified === undefined ? {} : { modified }),
      bytes: () => unpack(source, entry, inflater),
      pieces: () => unpackPieces(source, entry, inflater),
      ...(method === 0 && packed === size ? { place: () => placeOf(source, entry) } : {}),
    });
  }
  return { ok: true, entries };
}

/** Where the end-of-central-directory record begins: the last signature with a comment that reaches the end of the file. */
/** MS-DOS date and time (APPNOTE 4.4.6): seven bits of years since 1980, month, day; hours, minutes, seconds by twos. */
function dosTime(date: number, time: number): string | undefined {
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  if (month === 0 || day === 0 || (year === 1980 && month === 1 && day === 1 && time === 0)) return undefined;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(time >> 11)}:${two((time >> 5) & 63)}:${two(2 * (time & 31))}`;
}

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

/** How many entries there are and where the directory begins; 4.3.14 and 4.3.15 where the plain record has no room for it (zip64). */
function placeOfDirectory(
  source: ZipSource,
  tail: DataView,
  end: number,
  until: number,
): { count: number; start: number } | undefined {
  const count = tail.getUint16(end + 10, true);
  const start = tail.getUint32(end + 16, true);
  if (count !== 0xffff && start !== 0xffffffff) return { count, start };
  const locator = until - 20;
  if (locator < 0) return undefined;
  const pointer = viewOf(source.at(locator, until));
  // An archive with 65,535 entries exactly needs no zip64.
  if (pointer.getUint32(0, true) !== 0x07064b50) return start === 0xffffffff ? undefined : { count, start };
  const at = whole64(pointer, 8);
  if (at === undefined || at + 56 > locator) return undefined;
  const record = viewOf(source.at(at, at + 56));
  if (record.getUint32(0, true) !== 0x06064b50) return undefined;
  const [count64, start64] = [whole64(record, 32), whole64(record, 48)];
  return count64 === undefined || start64 === undefined || start64 > at
    ? undefined
    : { count: count64, start: start64 };
}

/** Sizes and place of the entry at `at`; 4.5.3 where they are in its zip64 field, in this order, those only that have no room. */
function sizesOf(
  view: DataView,
  at: number,
  extra: number,
  extraLength: number,
): { size: number; packed: number; offset: number } | undefined {
  const stated = [24, 20, 42].map((place) => view.getUint32(at + place, true));
  let field = 0;
  for (let f = extra; f + 4 <= extra + extraLength; f += 4 + view.getUint16(f + 2, true))
    if (view.getUint16(f, true) === 1) field = f + 4;
  const read = stated.map((n) => {
    if (n !== 0xffffffff) return n;
    if (field === 0 || field + 8 > Math.min(extra + extraLength, view.byteLength)) return undefined;
    field += 8;
    return whole64(view, field - 8);
  });
  const [size, packed, offset] = read;
  return size === undefined || packed === undefined || offset === undefined
    ? undefined
    : { size, packed, offset };
}

/** A number of eight bytes; undefined if it is beyond what is exact. */
function whole64(view: DataView, at: number): number | undefined {
  const n = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(n) ? n : undefined;
}

interface Declared {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly name: string;
  readonly file: string;
  readonly offset: number;
}

const refusalOf = (entry: Declared, code: string, expected: string, found: string): Refusal => ({
  code,
  file: `${entry.file}!${entry.name}`,
  expected,
  found,
  todo: 'ask for the archive again',
});

const broken = (entry: Declared, error: unknown): Refusal =>
  refusalOf(
    entry,
    'zip-broken',
    'a whole deflate stream',
    error instanceof Error ? error.message : String(error),
  );

/** Where the entry's packed bytes begin: after its local header (4.3.7), whose name may be of another length. */
function dataOf(source: ZipSource, entry: Declared): number | Refusal {
  const local = viewOf(source.at(entry.offset, Math.min(entry.offset + 30, source.length)));
  if (local.byteLength < 30 || local.getUint32(0, true) !== 0x04034b50)
    return refusalOf(
      entry,
      'zip-truncated',
      'an entry where the directory says',
      `nothing at ${entry.offset}`,
    );
  const data = entry.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  return data + entry.packed > source.length
    ? refusalOf(entry, 'zip-truncated', `${entry.packed} bytes`, 'the end of the file')
    : data;
}

function placeOf(source: ZipSource, entry: Declared): ZipSource | undefined {
  const start = dataOf(source, entry);
  if (typeof start !== 'number') return undefined;
  const within = (at: number): number => start + Math.min(at, entry.size);
  return { length: entry.size, at: (from, to) => source.at(within(from), within(to)) };
}

function unpack(source: ZipSource, entry: Declared, inflater: Inflater): ZipBytes {
  const data = dataOf(source, entry);
  if (typeof data !== 'number') return { ok: false, refusal: data };
  const packed = source.at(data, data + entry.packed);
  let bytes: Uint8Array;
  try {
    bytes = entry.method === 0 ? packed : inflater.whole(packed, entry.size);
  } catch (error) {
    const more = error instanceof RangeError;
    const refusal = more ? refusalOf(entry, 'zip-size', `${entry.size} bytes`, 'more') : broken(entry, error);
    return { ok: false, refusal };
  }
  const refusal = notAsDeclared(entry, bytes.length, inflater.crc32(bytes, 0));
  return refusal === undefined ? { ok: true, bytes } : { ok: false, refusal };
}

/** Never gives more than was declared: a stream which unpacks to more is stopped at once. */
async function* unpackPieces(
  source: ZipSource,
  entry: Declared,
  inflater: Inflater,
): AsyncGenerator<Uint8Array, Refusal | undefined> {
  const data = dataOf(source, entry);
  if (typeof data !== 'number') return data;
  const packed = stretches(source, data, data + entry.packed);
  let length = 0;
  let crc = 0;
  try {
    for await (const piece of entry.method === 0 ? packed : inflater.pieces(packed)) {
      length += piece.length;
      if (length > entry.size) break;
      crc = inflater.crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    return broken(entry, error);
  }
  return notAsDeclared(entry, length, crc);
}

function notAsDeclared(entry: Declared, length: number, crc: number): Refusal | undefined {
  if (length !== entry.size)
    return refusalOf(entry, 'zip-size', `${entry.size} bytes`, length > entry.size ? 'more' : `${length}`);
  return crc === entry.crc
    ? undefined
    : refusalOf(entry, 'zip-crc', `CRC-32 ${entry.crc.toString(16)}`, crc.toString(16));
}

function* stretches(source: ZipSource, from: number, to: number): Generator<Uint8Array> {
  for (let at = from; at < to; at += 65_536) yield source.at(at, Math.min(at + 65_536, to));
}

/** Runs wherever JavaScript does. */
export const inflaterInJavaScript: Inflater = {
  whole: (packed, most) => {
    const out = new Uint8Array(most);
    let length = 0;
    const inflate = new Inflate((piece) => {
      if (length + piece.length > most) throw new RangeError(`more than ${most} bytes`);
      out.set(piece, length);
      length += piece.length;
    });
    // By stretches: a stream that unpacks to more than it should is stopped early.
    for (let at = 0; at < packed.length || at === 0; at += 65_536)
      inflate.push(packed.subarray(at, at + 65_536), at + 65_536 >= packed.length);
    return out.subarray(0, length);
  },
  pieces: async function* (packed) {
    const ready: Uint8Array[] = [];
    const inflate = new Inflate((piece) => ready.push(piece));
    for (const piece of packed) {
      inflate.push(piece);
      yield* ready.splice(0);
    }
    inflate.push(new Uint8Array(0), true);
    yield* ready;
  },
  crc32: (bytes, before) => (crcOn(before ^ 0xffffffff, bytes) ^ 0xffffffff) >>> 0,
};

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** Reflected, polynomial 0xEDB88320. */
function crcOn(before: number, bytes: Uint8Array): number {
  let c = before;
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return c;
}
