// Which files does a zip archive hold, and are they what its directory says? Read from the central directory only (local
// headers may lie), with caps, because an archive comes from strangers: entries, sizes as declared and as found,
// names that climb out of the archive, CRC-32. APPNOTE.TXT 6.3.10 sections 4.3.12 (central directory), 4.3.16 (its end).
//
// For archives that fit in memory (workbooks, Hart's sheets); nothing is unpacked before it is asked for.
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

export interface ZipEntry {
  readonly name: string;
  /** Size unpacked, as the directory declares it. */
  readonly size: number;
  /** The unpacked bytes, checked against the declared size and CRC-32. */
  readonly bytes: () => ZipBytes;
}

export type ZipBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly refusal: Refusal };

export type ZipReading =
  | { readonly ok: true; readonly entries: readonly ZipEntry[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** The archive's entries in the order of its directory; folders are left out. */
export function readZip(archive: Uint8Array, file: string, caps: ZipCaps = defaultZipCaps): ZipReading {
  const refuse = (
    code: string,
    expected: string,
    found: string,
    todo = 'ask for the archive again',
  ): ZipReading => ({
    ok: false,
    refusals: [{ code, file, expected, found, todo }],
  });
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  if (end === undefined)
    return refuse(
      'zip-truncated',
      'a zip archive with its directory at the end',
      `${archive.length} bytes without one`,
    );
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || start === 0xffffffff)
    return refuse(
      'zip64',
      'a zip archive under 4 GB and 65,535 entries',
      'zip64',
      'unpack the archive and give the folder',
    );
  if (count > caps.entries) return refuse('zip-bomb', `at most ${caps.entries} entries`, `${count}`);

  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let total = 0;
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || view.getUint32(at, true) !== 0x02014b50)
      return refuse('zip-truncated', `${count} entries in the directory`, `${i} readable ones`);
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const offset = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
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
    if (offset + 30 > archive.length || view.getUint32(offset, true) !== 0x04034b50)
      return refuse('zip-truncated', `${name} where the directory says`, `nothing at ${offset}`);
    const data = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    if (data + packed > archive.length)
      return refuse('zip-truncated', `${packed} bytes of ${name}`, 'the end of the file');
    entries.push({
      name,
      size,
      bytes: () => unpack(archive.subarray(data, data + packed), { method, size, crc, name, file }),
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

function unpack(
  packed: Uint8Array,
  entry: { method: number; size: number; crc: number; name: string; file: string },
): ZipBytes {
  const refuse = (code: string, expected: string, found: string): ZipBytes => ({
    ok: false,
    refusal: {
      code,
      file: `${entry.file}!${entry.name}`,
      expected,
      found,
      todo: 'ask for the archive again',
    },
  });
  let out: Uint8Array;
  let length = 0;
  if (entry.method === 0) {
    out = packed;
    length = packed.length;
  } else {
    // By pieces, so that a stream which unpacks to more than was declared is stopped at once.
    out = new Uint8Array(entry.size);
    try {
      const inflate = new Inflate((piece) => {
        if (length + piece.length <= out.length) out.set(piece, length);
        length += piece.length;
      });
      for (let at = 0; at < packed.length && length <= out.length; at += 65_536)
        inflate.push(packed.subarray(at, at + 65_536), at + 65_536 >= packed.length);
    } catch (error) {
      return refuse(
        'zip-broken',
        'a whole deflate stream',
        error instanceof Error ? error.message : String(error),
      );
    }
  }
  if (length !== entry.size)
    return refuse('zip-size', `${entry.size} bytes`, length > entry.size ? 'more' : `${length}`);
  const found = crc32(out);
  if (found !== entry.crc) return refuse('zip-crc', `CRC-32 ${entry.crc.toString(16)}`, found.toString(16));
  return { ok: true, bytes: out };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 as zip uses it (ISO 3309, reflected, polynomial 0xEDB88320). */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = crcTable[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
