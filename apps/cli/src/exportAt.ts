// An export of cast vote records as one file that a record can hold: a folder is packed into a zip first, on the disk, the same folder into the same zip.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileInMemory } from '@opencanvass/evidence/formats';
import type { InputFile } from '@opencanvass/evidence/formats';
import { zipPieces, type FileToZip } from '@opencanvass/keeper';
import { bytesOf, fileOnDisk } from '@opencanvass/query/disk';
import type { World } from './world.ts';

/** The export at each path, given to `use`; what had to be packed is removed afterwards. */
export async function exportsAt<T>(
  world: World,
  paths: readonly string[],
  use: (exports: readonly { readonly name: string; readonly file: InputFile }[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'opencanvass-export-'));
  try {
    const exports = [];
    for (const [i, path] of paths.entries()) {
      if (world.files.kind(path) === 'file') {
        const file =
          world.files.onDisk === true
            ? fileOnDisk(path)
            : fileInMemory(basename(path), world.files.read(path));
        exports.push({ name: basename(path), file });
        continue;
      }
      const name = `${basename(path)}.zip`;
      const packed = join(folder, `${i}.zip`);
      await pipeline(zipPieces(filesUnder(world, path)), createWriteStream(packed));
      exports.push({ name, file: { ...fileOnDisk(packed), name } });
    }
    return await use(exports);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* filesUnder(world: World, folder: string): AsyncGenerator<FileToZip> {
  for (const path of world.files.listAll(folder)) {
    const at = join(folder, path);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      if (world.files.onDisk === true) yield* bytesOf(at);
      else yield world.files.read(at);
    };
    yield { path, size: world.files.size(at), pieces };
  }
}
