// A file too large for memory, on this machine's disk while it is looked at: an upload before it is kept, or a kept file while it is read. Gone afterwards.
import { createHash } from 'node:crypto';
import { createReadStream, readSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputFile } from '@opencanvass/evidence/formats';

export interface FileOnDisk {
  readonly sha256: string;
  readonly bytes: number;
  readonly pieces: () => AsyncIterable<Uint8Array>;
  /** As readers take it, with its bytes from any place: an archive is read where it lies. */
  readonly named: (name: string) => InputFile;
}

/** Writes the pieces to a file, lets `work` look at it, and removes it. More than so many bytes are 'too big', and nobody reads on. */
export async function onDisk<T>(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
  work: (file: FileOnDisk) => Promise<T>,
): Promise<T | 'too big'> {
  const folder = await mkdtemp(join(tmpdir(), 'desk-file-'));
  const path = join(folder, 'file');
  const file = await open(path, 'wx+', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > most) return 'too big';
      hash.update(piece);
      await file.writeFile(piece);
    }
    const read = (): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: 1 << 20 });
    const at = (from: number, to: number): Uint8Array => {
      const part = new Uint8Array(to - from);
      let done = 0;
      while (done < part.length) {
        const n = readSync(file.fd, part, done, part.length - done, from + done);
        if (n === 0) break;
        done += n;
      }
      return part.subarray(0, done);
    };
    return await work({
      sha256: hash.digest('hex'),
      bytes,
      pieces: read,
      named: (name) => ({ name, bytes: read, place: { length: bytes, at } }),
    });
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}
