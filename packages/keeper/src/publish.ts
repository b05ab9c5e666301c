// Publishes a record: a folder of static files that any web server or USB stick can hold, or that folder as one zip. What is written is
// exactly what specs/record.md says and nothing else; sealed bodies, and the files that only they name, stay with the keeper.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { equalBytes, fromUtf8, toUtf8 } from '@opencanvass/evidence/bytes';
import { parseCheckpoint } from '@opencanvass/evidence/log';
import { filesNamed, type Entry, type FileRef, type SaltedBody } from '@opencanvass/evidence/record';
import { zipSync } from 'fflate';
import { syncFolder } from './fileStore.ts';
import type { Keeper } from './keeper.ts';
import { GrowingTree, writeTiles } from './log/index.ts';
import type { Storage } from './storage.ts';
import { zipPieces, type FileToZip } from './zipFile.ts';

export interface PublishedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a record is read from: a storage, or its keeper. */
export type ReadFrom = Pick<Storage, 'entries' | 'filePieces'>;

/** All files of the published record as it is now: first what the checkpoint vouches for, the checkpoint last. */
export async function* publishedFiles(keeper: Keeper): AsyncGenerator<PublishedFile> {
  yield* wholeFiles(filesToPublish(keeper));
}

/** The same of the record as far as a checkpoint goes, for whoever has no key to sign one. Throws where the entries are not those that it vouches for. */
export const publishedAt = (from: ReadFrom, checkpoint: Uint8Array): AsyncGenerator<PublishedFile> =>
  wholeFiles(filesAt(from, checkpoint));

async function* wholeFiles(files: AsyncIterable<FileToZip>): AsyncGenerator<PublishedFile> {
  for await (const { path, size, pieces } of files) {
    const bytes = new Uint8Array(size);
    let at = 0;
    for await (const piece of pieces()) {
      bytes.set(piece, at);
      at += piece.length;
    }
    yield { path, bytes };
  }
}

/** The same, none of them in memory: an export of cast vote records may be larger. */
async function* filesToPublish(keeper: Keeper): AsyncGenerator<FileToZip> {
  const from: ReadFrom = {
    entries: (first, end) => keeper.storedFrom(first, end - first),
    filePieces: (sha256) => keeper.filePieces(sha256),
  };
  yield* filesAt(from, await keeper.checkpoint());
}

async function* filesAt(from: ReadFrom, checkpoint: Uint8Array): AsyncGenerator<FileToZip> {
  const reading = parseCheckpoint(`${fromUtf8(checkpoint)!.split('\n', 3).join('\n')}\n`);
  if (!reading.ok) throw new Error(`not a checkpoint: ${reading.fault.code}`);
  const { size, root } = reading.checkpoint;
  const stored = await from.entries(0, size);
  const leaves = stored.map(({ leaf }) => toUtf8(leaf));
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.append(leaf);
  if (tree.size !== size || !equalBytes(tree.root(), root))
    throw new Error(`the entries that are kept are not those of the checkpoint of ${size} entries`);
  for (const { path, bytes } of writeTiles(tree, (position) => leaves[position]!))
    yield inMemory(path, bytes);

  const named = new Map<string, FileRef>();
  const entries = stored.map(({ leaf }) => JSON.parse(leaf) as Entry);
  const isPublic = publicBodies(entries);
  for (const { position, body } of stored) {
    if (!isPublic(position)) continue;
    yield inMemory(`bodies/${position}.json`, toUtf8(body));
    for (const file of filesNamed((JSON.parse(body) as SaltedBody).body)) named.set(file.sha256, file);
  }
  for (const { sha256, bytes } of [...named.values()].toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1))) {
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      const kept = await from.filePieces(sha256);
      if (kept === undefined) throw new Error(`the file ${sha256} of this record is no longer kept`);
      yield* kept;
    };
    yield { path: `files/${sha256}`, size: bytes, pieces };
  }
  yield inMemory('checkpoint', checkpoint);
}

const inMemory = (path: string, bytes: Uint8Array): FileToZip => ({
  path,
  size: bytes.length,
  pieces: async function* () {
    yield bytes;
  },
});

/** Open from the beginning, or opened by an entry 'seal opened'. */
function publicBodies(entries: readonly Entry[]): (position: number) => boolean {
  const opened = new Set(
    entries.filter((e) => e.act.kind === 'seal opened').flatMap((e) => e.act.about.entries ?? []),
  );
  return (position) => entries[position]!.act.body.access === 'open' || opened.has(position);
}

export type Publication =
  | { readonly ok: true; readonly files: number; readonly bytes: number }
  /** The folder holds something that is no published record; it is left alone. */
  | { readonly ok: false; readonly code: 'not-a-record-folder'; readonly found: readonly string[] };

/**
 * Writes the record into `folder`, replacing the record that is there. It is written beside it and then takes its name, so that whoever
 * reads the folder finds the old record or the new one, never half of one.
 */
export async function publishFolder(keeper: Keeper, folder: string): Promise<Publication> {
  const target = resolve(folder);
  const there = await readdir(target).catch(absent);
  if (there !== undefined && there.length > 0 && !there.includes('checkpoint'))
    return { ok: false, code: 'not-a-record-folder', found: there };
  await mkdir(dirname(target), { recursive: true });
  const unique = randomBytes(6).toString('hex');
  const [fresh, old] = [`${target}.new-${unique}`, `${target}.old-${unique}`];
  let files = 0;
  let bytes = 0;
  try {
    for await (const file of filesToPublish(keeper)) {
      const path = join(fresh, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.pieces()); // not synced one by one: whatever a power cut takes can be published again
      files += 1;
      bytes += file.size;
    }
    if (there !== undefined) await rename(target, old);
    await rename(fresh, target);
    await syncFolder(dirname(target));
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  return { ok: true, files, bytes };
}

/** The same folder as one zip, piece by piece. The same record gives the same bytes. */
export const publishZip = (keeper: Keeper): AsyncGenerator<Uint8Array> => zipPieces(filesToPublish(keeper));

/** A published record's files as one zip. */
export const zipOf = (files: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  // Zip keeps local times; the first that it can express, on every machine.
  zipSync(Object.fromEntries(files), { level: 6, mtime: new Date(1980, 0, 1) });

const absent = (fault: NodeJS.ErrnoException): undefined => {
  if (fault.code !== 'ENOENT') throw fault;
};
