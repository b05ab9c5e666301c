// Which files make up a log of a given size, and what they are called: C2SP tlog-tiles. A tile holds 256 hashes; the
// tile of level l + 1 holds the roots of full tiles of level l. An entry bundle holds the 256 leaves of a tile of level 0.

export const tileWidth = 256;

/** A bundle gives each entry's length in two bytes. */
export const maxEntryBytes = 65_535;

export interface TileName {
  readonly level: number | 'entries';
  readonly index: number;
  /** 256, or fewer for the partial tile at the right edge. */
  readonly width: number;
}

/** tile/0/x001/x234/067 is the 1,234,067th tile of level 0; tile/entries/000.p/3 a bundle of three. */
export function tilePath({ level, index, width }: TileName): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g)!;
  const folders = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group));
  return `tile/${level}/${folders.join('/')}${width === tileWidth ? '' : `.p/${width}`}`;
}

/** How many files a log of this size has, not counting the checkpoint. */
export function countTiles(size: number): number {
  let files = Math.ceil(size / tileWidth);
  for (let count = size; count > 0; count = Math.floor(count / tileWidth))
    files += Math.ceil(count / tileWidth);
  return files;
}

export interface TileFile extends TileName {
  readonly path: string;
}

/** All files of a log of this size: bundles first, then tiles level by level. Partial ones of this size only. */
export function* tileFiles(size: number): Generator<TileFile> {
  yield* tilesOfLevel('entries', size);
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / tileWidth))
    yield* tilesOfLevel(level, count);
}

function* tilesOfLevel(level: TileName['level'], count: number): Generator<TileFile> {
  for (let index = 0; index * tileWidth < count; index++) {
    const width = Math.min(tileWidth, count - index * tileWidth);
    yield { level, index, width, path: tilePath({ level, index, width }) };
  }
}
