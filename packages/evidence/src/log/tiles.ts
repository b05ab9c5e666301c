// Do the published files say one thing? Every bundle is read, every tile is computed again from the entries, and every
// difference is reported with the file's path. What could not be computed, because a bundle is missing or broken, is reported too.
import { equalBytes, sha256 as pureSha256 } from '../bytes/index.ts';
import type { Sha256 } from '../bytes/index.ts';
import { countTiles, tileFiles, tileWidth } from './tilePath.ts';
import type { TileFile } from './tilePath.ts';
import { hashAt, hashLeaf, hashLength, rootOf, treeOf } from './tree.ts';
import type { Tree } from './tree.ts';

/** The files of a published log, by path from its root: 'checkpoint', 'tile/0/000.p/5'… */
export interface LogFiles {
  readonly paths: Iterable<string>;
  read(path: string): Uint8Array | undefined;
}

export type TileFault =
  | { readonly code: 'tile-missing'; readonly path: string }
  /** Under tile/, but not of a log of this size: nothing reads it, so it must not be there. */
  | { readonly code: 'tile-unexpected'; readonly path: string }
  | { readonly code: 'tile-length'; readonly path: string; readonly expected: number; readonly found: number }
  /** `at`: the first hash that differs, counted in the tile; `differing`: how many do. */
  | { readonly code: 'tile-differs'; readonly path: string; readonly at: number; readonly differing: number }
  /** The tile covers entries that could not be read, so nothing can be said of it. */
  | { readonly code: 'tile-unchecked'; readonly path: string }
  /** The bundle ends within an entry that begins at this byte. */
  | { readonly code: 'bundle-truncated'; readonly path: string; readonly at: number }
  /** The bundle holds more or fewer entries than its place in the log asks for. */
  | {
      readonly code: 'bundle-width';
      readonly path: string;
      readonly expected: number;
      readonly found: number;
    }
  /** The size stated needs more files than there are by far: none was read. */
  | { readonly code: 'size-beyond-files'; readonly size: number; readonly files: number };

export interface TilesReport {
  /** By position; undefined where its bundle cannot be read. */
  readonly leaves: readonly (Uint8Array | undefined)[];
  /** Of the leaves, if all could be read. */
  readonly tree?: Tree;
  readonly faults: readonly TileFault[];
}

/** Missing files are reported one by one up to this many; a size that needs more is not believed. */
const mostMissing = 10_000;

export function checkTiles(files: LogFiles, size: number, sha256: Sha256 = pureSha256): TilesReport {
  const published = new Set([...files.paths].filter((path) => path.startsWith('tile/')));
  if (countTiles(size) > published.size + mostMissing)
    return { leaves: [], faults: [{ code: 'size-beyond-files', size, files: published.size }] };

  const faults: TileFault[] = [];
  const present = [...tileFiles(size)].filter(({ path }) => {
    if (!published.has(path)) faults.push({ code: 'tile-missing', path });
    return published.delete(path);
  });
  for (const path of published) faults.push({ code: 'tile-unexpected', path });

  const leaves = readBundles(present, files, size, faults);
  const { tree, isKnown } = hashLeaves(leaves, sha256);
  for (const tile of present)
    if (tile.level !== 'entries') checkTile(tile, files.read(tile.path) ?? nothing, tree, isKnown, faults);
  return { leaves, ...(isKnown(0, size) ? { tree } : {}), faults };
}

const nothing = new Uint8Array(0);

function readBundles(
  present: readonly TileFile[],
  files: LogFiles,
  size: number,
  faults: TileFault[],
): (Uint8Array | undefined)[] {
  const leaves = Array.from<Uint8Array | undefined>({ length: size });
  for (const { level, index, width, path } of present) {
    if (level !== 'entries') continue;
    const bundle = readBundle(files.read(path) ?? nothing);
    if (!bundle.ok) faults.push({ code: 'bundle-truncated', path, at: bundle.at });
    else if (bundle.entries.length !== width)
      faults.push({ code: 'bundle-width', path, expected: width, found: bundle.entries.length });
    else for (const [i, entry] of bundle.entries.entries()) leaves[index * tileWidth + i] = entry;
  }
  return leaves;
}

export type BundleReading =
  | { readonly ok: true; readonly entries: readonly Uint8Array[] }
  | { readonly ok: false; readonly code: 'bundle-truncated'; readonly at: number };

/** Each entry after its length in two bytes, big-endian; to the last byte. */
export function readBundle(bytes: Uint8Array): BundleReading {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + bytes[at]! * 256 + (bytes[at + 1] ?? 0);
    if (at + 2 > bytes.length || end > bytes.length) return { ok: false, code: 'bundle-truncated', at };
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { ok: true, entries };
}

type IsKnown = (from: number, to: number) => boolean;

/** The tree over the leaves; where one is unknown its hash is zero, and `isKnown` says of which ranges nothing can be said. */
function hashLeaves(
  leaves: readonly (Uint8Array | undefined)[],
  sha256: Sha256,
): { readonly tree: Tree; readonly isKnown: IsKnown } {
  const hashes = new Uint8Array(leaves.length * hashLength);
  const unknownBefore = new Float64Array(leaves.length + 1);
  for (const [i, leaf] of leaves.entries()) {
    unknownBefore[i + 1] = unknownBefore[i]! + (leaf === undefined ? 1 : 0);
    if (leaf !== undefined) hashes.set(hashLeaf(leaf, sha256), i * hashLength);
  }
  return { tree: treeOf(hashes, sha256), isKnown: (from, to) => unknownBefore[from] === unknownBefore[to] };
}

function checkTile(
  { level, index, width, path }: TileFile,
  found: Uint8Array,
  tree: Tree,
  isKnown: IsKnown,
  faults: TileFault[],
): void {
  if (found.length !== width * hashLength) {
    faults.push({ code: 'tile-length', path, expected: width * hashLength, found: found.length });
    return;
  }
  // tlog-tiles: the hash i of tile n at level l is MTH(D[(256n + i)·256^l : (256n + i + 1)·256^l]), so level 8l of the tree.
  const hashes = tree.levels[8 * (level as number)]!;
  const leavesEach = tileWidth ** (level as number);
  let at = -1;
  let differing = 0;
  let unchecked = false;
  for (let i = 0; i < width; i++) {
    const place = index * tileWidth + i;
    if (!isKnown(place * leavesEach, (place + 1) * leavesEach)) unchecked = true;
    else if (!equalBytes(hashAt(found, i), hashAt(hashes, place))) {
      if (at < 0) at = i;
      differing++;
    }
  }
  if (differing > 0) faults.push({ code: 'tile-differs', path, at, differing });
  if (unchecked) faults.push({ code: 'tile-unchecked', path });
}

/** The root of the whole tree, as the leaves give it. */
export const rootOfTiles = (report: TilesReport, sha256: Sha256 = pureSha256): Uint8Array | undefined =>
  report.tree === undefined ? undefined : rootOf(report.tree, report.tree.size, sha256);
