// The files of a log of one size: C2SP tlog-tiles. Full tiles never change again; of partial ones only those of this size are
// written, and a later publication replaces them.
import { concatBytes } from '@opencanvass/evidence/bytes';
import { maxEntryBytes, tileFiles, tileWidth } from '@opencanvass/evidence/log';
import type { GrowingTree } from './growingTree.ts';

export interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** `leafAt` gives the entries' bytes by position; `from`: positions below it are published, so full tiles of them are left out. */
export function* writeTiles(
  tree: GrowingTree,
  leafAt: (position: number) => Uint8Array,
  from = 0,
): Generator<LogFile> {
  for (const { level, index, width, path } of tileFiles(tree.size)) {
    const first = index * tileWidth;
    const leavesEach = level === 'entries' ? 1 : tileWidth ** level;
    if (width === tileWidth && (first + width) * leavesEach <= from) continue;
    const bytes =
      level === 'entries'
        ? writeBundle(Array.from({ length: width }, (_, i) => leafAt(first + i)))
        : tree.completeSubtrees(8 * level, first, first + width);
    yield { path, bytes };
  }
}

/** Each entry after its length in two bytes, big-endian. Throws RangeError on an entry that `checkEntryLength` refuses. */
export function writeBundle(entries: readonly Uint8Array[]): Uint8Array {
  for (const entry of entries)
    if (checkEntryLength(entry) !== undefined)
      throw new RangeError(`an entry of ${entry.length} bytes has no place in a bundle`);
  return concatBytes(...entries.flatMap((e) => [new Uint8Array([e.length >> 8, e.length & 255]), e]));
}

export interface EntryTooLong {
  readonly code: 'entry-too-long';
  readonly bytes: number;
  readonly limit: number;
}

/** To be asked before an entry is accepted: an entry that no bundle can hold must never get a position. */
export const checkEntryLength = (entry: Uint8Array): EntryTooLong | undefined =>
  entry.length > maxEntryBytes
    ? { code: 'entry-too-long', bytes: entry.length, limit: maxEntryBytes }
    : undefined;
