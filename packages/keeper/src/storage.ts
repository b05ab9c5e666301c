// What a keeper needs of a place to keep a record: one row an entry, in order, on disk before it is acknowledged. SQLite (sqlite.ts) and
// PostgreSQL (postgres.ts) fill it with the same queries (sqlStorage.ts). Tiles and every other table are derived and can be rebuilt.

/** An entry as it is kept: the exact bytes that are hashed, as text, and its body, which may never be published. */
export interface StoredEntry {
  readonly position: number;
  /** Canonical JSON of the Entry: a leaf of the log. */
  readonly leaf: string;
  /** Canonical JSON of the SaltedBody: bodies/<position>.json. */
  readonly body: string;
}

/** A checkpoint that was signed and may have been seen by others: the log must never go back on it. */
export interface StoredCheckpoint {
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly root: string;
  /** The signed note, cosignatures included. */
  readonly note: string;
}

export interface Storage {
  /** How many entries are kept. */
  size(): Promise<number>;
  /** Entries from position `from` up to but not including `to`, in order. */
  entries(from: number, to: number): Promise<StoredEntry[]>;
  /**
   * Appends all of them in one transaction, or none. They must begin at the position that is next; where another process was first and
   * took it, nothing is appended and the answer is 'moved': judge them again after what came between. Resolves once they are on disk.
   */
  append(entries: readonly StoredEntry[]): Promise<'appended' | 'moved'>;
  /**
   * Does some work while no other process does its own: so that many of them need not judge again and again. Appending is right without it.
   * Where a few processes share one machine's database it is simply done at once.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** The largest checkpoint signed so far. */
  lastCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** Keeps a checkpoint, replacing one of the same size and root (a witness has added its cosignature). Resolves once it is on disk. */
  putCheckpoint(checkpoint: StoredCheckpoint): Promise<void>;
  /** Keeps a file under its SHA-256, which it returns as hex. Resolves once it is on disk, so that an entry may name it. */
  putFile(bytes: Uint8Array): Promise<string>;
  /** The same for a file that is not whole in memory. */
  putFilePieces(pieces: AsyncIterable<Uint8Array>): Promise<string>;
  /** The bytes of a kept file, piece by piece. Throws after the last piece where the disk no longer holds what was put there. */
  filePieces(sha256: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The bytes of a file kept under this SHA-256. Throws where the disk no longer holds what was put there. */
  file(sha256: string): Promise<Uint8Array | undefined>;
  /** The SHA-256 of every file that is kept, in byte order. */
  fileNames(): Promise<string[]>;
  close(): Promise<void>;
}
