// How many ballots, or cards, lie in which batch, and where: the ballot manifest. Counted by people from the containers, independently
// of the machines: what the cast vote records are held against, and what a sample is drawn from.

export interface BallotManifest {
  /** What the sizes count, by the heading of the file. The two differ: Colorado 2024 had 4,746,866 cards of 3,241,120 ballots. */
  readonly counts: 'ballots' | 'cards';
  /** In the order of the file: draws walk it in that order. */
  readonly batches: readonly ManifestBatch[];
}

export interface ManifestBatch {
  readonly line: number;
  /** To the byte, blanks kept, as all names here; "" where the file has no such column. */
  readonly jurisdiction: string;
  readonly container: string;
  readonly tabulator: string;
  readonly name: string;
  /** How many ballots or cards: see `counts`. 0 occurs. */
  readonly size: number;
  readonly location: string;
  /** In a hybrid audit: whether the batch has cast vote records. */
  readonly hasCvrs?: boolean;
}

/** What joins a batch of a manifest with one of an export: tabulator and name, blanks at the ends apart. The name alone repeats between tabulators. */
export const batchKey = (tabulator: string, name: string): string =>
  `${tabulator.trim()}\u0000${name.trim()}`;

/** How many ballots or cards the manifest lists. */
export const manifestSize = ({ batches }: BallotManifest): number =>
  batches.reduce((total, batch) => total + batch.size, 0);
