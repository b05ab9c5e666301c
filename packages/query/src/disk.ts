// Exports of cast vote records where they lie on the disk: a file, a folder, or a zip of which only the directory and the piece that is
// unpacked are in memory. Node's zlib unpacks.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { filesOfZip } from '@opencanvass/evidence/formats/inParts';
import type { Inflater, InputFile, Reading, ZipSource } from '@opencanvass/evidence/formats';

const blockBytes = 1 << 20;

/** The files of the export at `path`: of a folder those under it in byte order, of an archive its entries, else the file itself. */
export async function filesOnDisk(path: string): Promise<Reading<readonly InputFile[]>> {
  if (!statSync(path).isDirectory()) return filesOfZip(fileOnDisk(path));
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((at) => ({ ...fileOnDisk(at), name: at.slice(join(path, '/').length).replaceAll('\\', '/') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ok: true, value: files, rowsRead: files.length, rowsRefused: [], remarks: [] };
}

/** A file of the disk under its own name. */
export const fileOnDisk = (path: string): InputFile => ({
  name: basename(path),
  bytes: async function* () {
    yield* bytesOf(path);
  },
  place: placeOnDisk(path),
  inflater: inflaterOfNode,
});

/** Bytes `from` to `to` of a file, in blocks. */
export function* bytesOf(path: string, from = 0, to = statSync(path).size): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (let at = from; at < to;) {
      const block = new Uint8Array(Math.min(blockBytes, to - at));
      const read = readSync(file, block, 0, block.length, at);
      if (read === 0) return;
      yield block.subarray(0, read);
      at += read;
    }
  } finally {
    closeSync(file);
  }
}

const placeOnDisk = (path: string): ZipSource => ({
  get length() {
    return statSync(path).size;
  },
  at: (from, to) => {
    const bytes = new Uint8Array(Math.max(0, to - from));
    const file = openSync(path, 'r');
    try {
      let got = 0;
      for (let n = 1; n > 0 && got < bytes.length; got += n)
        n = readSync(file, bytes, got, bytes.length - got, from + got);
      return bytes.subarray(0, got);
    } finally {
      closeSync(file);
    }
  },
});

/** zlib throws a RangeError of its own where more comes than `maxOutputLength`. */
export const inflaterOfNode: Inflater = {
  whole: (packed, most) => inflateRawSync(packed, { maxOutputLength: Math.max(most, 1) }),
  pieces: async function* (packed) {
    const inflate = createInflateRaw({ chunkSize: 1 << 18 });
    // The pieces are asked for below; a fault on either side ends both.
    pipeline(Readable.from(packed), inflate, () => {});
    yield* inflate;
  },
  crc32,
};
