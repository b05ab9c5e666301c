// Files beside the log, each under its own SHA-256. A file is whole and on disk before its name is: written under another name,
// synced, renamed, and the folder synced. So an entry that names it can be acknowledged, and half a file never has a good name.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Where files are kept: each under its SHA-256, on disk before `put` resolves. */
export interface Files {
  readonly put: (bytes: Uint8Array) => Promise<string>;
  /** Throws where what is kept no longer has that SHA-256. */
  readonly get: (name: string) => Promise<Uint8Array | undefined>;
  /** The same for a file that is not whole in memory. */
  readonly putPieces: (pieces: AsyncIterable<Uint8Array>) => Promise<string>;
  /** Throws at the end where what is kept no longer has that SHA-256. */
  readonly pieces: (name: string) => Promise<AsyncIterable<Uint8Array> | undefined>;
  readonly names: () => Promise<string[]>;
}

export class FileStore implements Files {
  readonly #folder: string;
  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const name = sha256Hex(bytes);
    await mkdir(this.#folder, { recursive: true });
    const target = join(this.#folder, name);
    const kept = await this.#read(name);
    if (kept === undefined || sha256Hex(kept) !== name) {
      // Two processes may put the same file at once: each under a name of its own, and the second rename changes nothing.
      const temporary = `${target}.${randomBytes(8).toString('hex')}.part`;
      try {
        await writeDurably(temporary, bytes);
        await rename(temporary, target);
      } catch (fault) {
        await rm(temporary, { force: true });
        throw fault;
      }
    }
    // Also where the file was there: whoever put it may have died before this.
    await syncFolder(this.#folder);
    return name;
  }

  async get(name: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#read(name);
    if (bytes !== undefined && sha256Hex(bytes) !== name)
      throw new Error(
        `the file kept as ${name} in ${this.#folder} no longer has that SHA-256: the disk has changed it`,
      );
    return bytes;
  }

  async putPieces(pieces: AsyncIterable<Uint8Array>): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = join(this.#folder, `${randomBytes(8).toString('hex')}.part`);
    try {
      const file = await open(temporary, 'wx');
      const hash = createHash('sha256');
      try {
        for await (const piece of pieces) {
          hash.update(piece);
          await file.writeFile(piece);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const name = hash.digest('hex');
      await rename(temporary, join(this.#folder, name));
      await syncFolder(this.#folder);
      return name;
    } catch (fault) {
      await rm(temporary, { force: true });
      throw fault;
    }
  }

  async pieces(name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    refuseOtherNames(name);
    const path = join(this.#folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    return isThere ? unchanged(name, createReadStream(path, { highWaterMark: 1 << 20 })) : undefined;
  }

  async names(): Promise<string[]> {
    const there = await readdir(this.#folder).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ENOENT') return [];
      throw fault;
    });
    return there.filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    refuseOtherNames(name);
    try {
      return await readFile(join(this.#folder, name));
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fault;
    }
  }
}

export function refuseOtherNames(name: string): void {
  if (!/^[0-9a-f]{64}$/.test(name)) throw new Error(`not the name of a kept file: ${JSON.stringify(name)}`);
}

/** The pieces as they come; throws after the last where they are another file than the one of this name. */
export async function* unchanged(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== name)
    throw new Error(`the file kept as ${name} no longer has that SHA-256: what keeps it has changed it`);
}

/** Writes a new file, and returns once its bytes are on disk (its name is only after `syncFolder`). */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Returns once the names in a folder are on disk. Windows has no such call, and writes names through. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
