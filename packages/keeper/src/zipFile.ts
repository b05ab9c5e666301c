// A zip, piece by piece as its files come (APPNOTE 6.3.10): for a record, or an export, that need not fit in memory. The sizes and CRC of an entry
// stand behind its bytes (4.3.9), because they are known only then; but a file that is an archive itself is stored as it is, after a first pass for its
// CRC, so that a reader may go to any place of it. Entries and archives of 4 GiB and more have zip64's fields (4.5.3).
// The same files give the same bytes with the same version of zlib: the time of every entry is the first that zip can express.
import { Readable } from 'node:stream';
import { constants, crc32, createDeflateRaw } from 'node:zlib';

export interface FileToZip {
  readonly path: string;
  /** How many bytes the pieces come to; thrown at where they come to another number. */
  readonly size: number;
  /** From the beginning, each time it is asked for. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

interface Written {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** What fills a field of four bytes says that the number stands in zip64's. */
const inZip64 = 0xffffffff;

/** `room`: numbers from here on stand in zip64's fields. */
export async function* zipPieces(
  files: AsyncIterable<FileToZip>,
  room: number = inZip64,
): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let at = 0;
  for await (const file of files) {
    const name = Buffer.from(file.path, 'utf8');
    // Deflate makes no more than a sixteenth more of anything.
    const wide = file.size + file.size / 16 + 64 >= room;
    if (await isArchive(file)) {
      const entry = {
        name,
        method: stored,
        crc: await crcOf(file),
        packed: file.size,
        size: file.size,
        offset: at,
      };
      const head = localHeader(entry, wide);
      yield head;
      yield* file.pieces();
      written.push(entry);
      at += head.length + file.size;
      continue;
    }
    const head = localHeader({ name, method: deflated, crc: 0, packed: 0, size: 0 }, wide);
    yield head;
    let [crc, packed, size] = [0, 0, 0];
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of file.pieces()) {
        crc = crc32(piece, crc);
        size += piece.length;
        yield piece;
      }
    };
    const deflate = createDeflateRaw({ level: constants.Z_DEFAULT_COMPRESSION });
    const source = Readable.from(counted());
    source.on('error', (fault) => deflate.destroy(fault));
    for await (const piece of source.pipe(deflate) as AsyncIterable<Uint8Array>) {
      packed += piece.length;
      yield piece;
    }
    if (size !== file.size) throw new Error(`${file.path} came to ${size} bytes, not ${file.size}`);
    const tail = descriptor(crc, packed, size, wide);
    yield tail;
    written.push({ name, method: deflated, crc, packed, size, offset: at });
    at += head.length + packed + tail.length;
  }
  const start = at;
  for (const entry of written) {
    const line = directoryLine(entry, room);
    yield line;
    at += line.length;
  }
  yield ending(written.length, start, at, room);
}

/** 4.4.5. */
const stored = 0;
const deflated = 8;

/** 4.4.4. Bit 3: sizes behind the data; bit 11: the name is UTF-8. */
const flagsOf = (method: number): number => (method === deflated ? 0x0808 : 0x0800);
const firstDay = 0x21; // 1 January 1980

/** Whether the file is a zip by its first bytes. */
async function isArchive({ pieces }: FileToZip): Promise<boolean> {
  for await (const piece of pieces()) if (piece.length > 0) return piece[0] === 0x50 && piece[1] === 0x4b;
  return false;
}

async function crcOf({ path, size, pieces }: FileToZip): Promise<number> {
  let [crc, length] = [0, 0];
  for await (const piece of pieces()) {
    crc = crc32(piece, crc);
    length += piece.length;
  }
  if (length !== size) throw new Error(`${path} came to ${length} bytes, not ${size}`);
  return crc;
}

/** 4.3.7. Of a deflated entry nothing is known yet. */
function localHeader({ name, method, crc, size }: Omit<Written, 'offset'>, wide: boolean): Buffer {
  const head = Buffer.alloc(30 + name.length + (wide ? 20 : 0));
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(wide ? 45 : 20, 4);
  head.writeUInt16LE(flagsOf(method), 6);
  head.writeUInt16LE(method, 8);
  head.writeUInt16LE(firstDay, 12);
  head.writeUInt32LE(crc, 14);
  head.writeUInt32LE(wide ? inZip64 : size, 18);
  head.writeUInt32LE(wide ? inZip64 : size, 22);
  head.writeUInt16LE(name.length, 26);
  head.writeUInt16LE(wide ? 20 : 0, 28);
  name.copy(head, 30);
  if (wide) {
    head.writeUInt16LE(1, 30 + name.length);
    head.writeUInt16LE(16, 32 + name.length);
    head.writeBigUInt64LE(BigInt(size), 34 + name.length);
    head.writeBigUInt64LE(BigInt(size), 42 + name.length);
  }
  return head;
}

function descriptor(crc: number, packed: number, size: number, wide: boolean): Buffer {
  const tail = Buffer.alloc(wide ? 24 : 16);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(crc, 4);
  if (wide) {
    tail.writeBigUInt64LE(BigInt(packed), 8);
    tail.writeBigUInt64LE(BigInt(size), 16);
  } else {
    tail.writeUInt32LE(packed, 8);
    tail.writeUInt32LE(size, 12);
  }
  return tail;
}

/** 4.3.12: a number that has no room stands in the zip64 field, in this order. */
function directoryLine({ name, method, crc, packed, size, offset }: Written, room: number): Buffer {
  const wide = [size, packed, offset].filter((n) => n >= room);
  const line = Buffer.alloc(46 + name.length + (wide.length > 0 ? 4 + 8 * wide.length : 0));
  const short = (n: number): number => (n >= room ? inZip64 : n);
  line.writeUInt32LE(0x02014b50, 0);
  line.writeUInt16LE(45, 4);
  line.writeUInt16LE(wide.length > 0 ? 45 : 20, 6);
  line.writeUInt16LE(flagsOf(method), 8);
  line.writeUInt16LE(method, 10);
  line.writeUInt16LE(firstDay, 14);
  line.writeUInt32LE(crc, 16);
  line.writeUInt32LE(short(packed), 20);
  line.writeUInt32LE(short(size), 24);
  line.writeUInt16LE(name.length, 28);
  line.writeUInt16LE(line.length - 46 - name.length, 30);
  line.writeUInt32LE(short(offset), 42);
  name.copy(line, 46);
  if (wide.length > 0) {
    line.writeUInt16LE(1, 46 + name.length);
    line.writeUInt16LE(8 * wide.length, 48 + name.length);
    for (const [i, n] of wide.entries()) line.writeBigUInt64LE(BigInt(n), 50 + name.length + 8 * i);
  }
  return line;
}

/** 4.3.16, and 4.3.14 and 4.3.15 before it where it has no room. */
function ending(entries: number, start: number, end: number, room: number): Buffer {
  const wide = entries >= 0xffff || start >= room || end - start >= room;
  const out = Buffer.alloc((wide ? 76 : 0) + 22);
  let at = 0;
  if (wide) {
    out.writeUInt32LE(0x06064b50, 0);
    out.writeBigUInt64LE(44n, 4);
    out.writeUInt16LE(45, 12);
    out.writeUInt16LE(45, 14);
    out.writeBigUInt64LE(BigInt(entries), 24);
    out.writeBigUInt64LE(BigInt(entries), 32);
    out.writeBigUInt64LE(BigInt(end - start), 40);
    out.writeBigUInt64LE(BigInt(start), 48);
    out.writeUInt32LE(0x07064b50, 56);
    out.writeBigUInt64LE(BigInt(end), 64);
    out.writeUInt32LE(1, 72);
    at = 76;
  }
  out.writeUInt32LE(0x06054b50, at);
  out.writeUInt16LE(Math.min(entries, 0xffff), at + 8);
  out.writeUInt16LE(Math.min(entries, 0xffff), at + 10);
  out.writeUInt32LE(wide ? inZip64 : end - start, at + 12);
  out.writeUInt32LE(wide ? inZip64 : start, at + 16);
  return out;
}
