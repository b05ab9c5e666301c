// Publishes a record: a folder of static files that any web server or USB stick can hold, or that folder as one zip. What is written is
// exactly what specs/record.md says and nothing else; sealed bodies, and the files that only they name, stay with the keeper.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { equalBytes, fromUtf8, toUtf8 } from '@opencanvass/evidence/bytes';
import { parseCheckpoint } from '@opencanvass/evidence/log';
import { filesNamed, type Entry, type SaltedBody } from '@opencanvass/evidence/record';
import { zipSync } from 'fflate';
import { syncFolder } from './fileStore.ts';
import type { Keeper } from './keeper.ts';
import { GrowingTree, writeTiles } from './log/index.ts';
import type { Storage } from './storage.ts';

export interface PublishedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What a record is read from: a storage, or its keeper. */
export type ReadFrom = Pick<Storage, 'entries' | 'file'>;

/** All files of the published record as it is now: first what the checkpoint vouches for, the checkpoint last. */
export async function* publishedFiles(keeper: Keeper): AsyncGenerator<PublishedFile> {
  const from: ReadFrom = {
    entries: (first, end) => keeper.storedFrom(first, end - first),
    file: (sha256) => keeper.file(sha256),
  };
  yield* publishedAt(from, await keeper.checkpoint());
}

/** The same of the record as far as a checkpoint goes, for whoever has no key to sign one. Throws where the entries are not those that it vouches for. */
export async function* publishedAt(from: ReadFrom, checkpoint: Uint8Array): AsyncGenerator<PublishedFile> {
  const reading = parseCheckpoint(`${fromUtf8(checkpoint)!.split('\n', 3).join('\n')}\n`);
  if (!reading.ok) throw new Error(`not a checkpoint: ${reading.fault.code}`);
  const { size, root } = reading.checkpoint;
  const stored = await from.entries(0, size);
  const leaves = stored.map(({ leaf }) => toUtf8(leaf));
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.append(leaf);
  if (tree.size !== size || !equalBytes(tree.root(), root))
    throw new Error(`the entries that are kept are not those of the checkpoint of ${size} entries`);
  yield* writeTiles(tree, (position) => leaves[position]!);

  const named = new Set<string>();
  const entries = stored.map(({ leaf }) => JSON.parse(leaf) as Entry);
  const isPublic = publicBodies(entries);
  for (const { position, body } of stored) {
    if (!isPublic(position)) continue;
    yield { path: `bodies/${position}.json`, bytes: toUtf8(body) };
    for (const { sha256 } of filesNamed((JSON.parse(body) as SaltedBody).body)) named.add(sha256);
  }
  for (const sha256 of [...named].toSorted()) {
    const bytes = await from.file(sha256);
    if (bytes === undefined) throw new Error(`the file ${sha256} of this record is no longer kept`);
    yield { path: `files/${sha256}`, bytes };
  }
  yield { path: 'checkpoint', bytes: checkpoint };
}

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
    for await (const file of publishedFiles(keeper)) {
      const path = join(fresh, file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.bytes); // not synced one by one: whatever a power cut takes can be published again
      files += 1;
      bytes += file.bytes.length;
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

/** The same folder as one zip. The same record gives the same bytes. */
export async function publishZip(keeper: Keeper): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(keeper)) files.set(path, bytes);
  return zipOf(files);
}

/** A published record's files as one zip. */
export const zipOf = (files: ReadonlyMap<string, Uint8Array>): Uint8Array =>
  // Zip keeps local times; the first that it can express, on every machine.
  zipSync(Object.fromEntries(files), { level: 6, mtime: new Date(1980, 0, 1) });

const absent = (fault: NodeJS.ErrnoException): undefined => {
  if (fault.code !== 'ENOENT') throw fault;
};
