// The queries of a Storage, in the SQL that SQLite and PostgreSQL share: text and integers, no casts, no blobs (what is kept is canonical
// JSON, which is text). A database is given its tables by numbered migrations and never by hand.
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Files } from './fileStore.ts';
import type { Storage, StoredCheckpoint, StoredEntry } from './storage.ts';

export interface Tables {
  entries: StoredEntry;
  checkpoints: StoredCheckpoint;
}

/** What a dialect must say in its own words: how a table is strict, how it refuses to rewrite the past, how it says that a key is taken. */
export interface DialectWords {
  readonly strict: string;
  readonly refuseRewriting: readonly string[];
  readonly isTaken: (fault: unknown) => boolean;
}

const migrations = (words: DialectWords): Record<string, Migration> => ({
  '0001-entries-and-checkpoints': {
    up: async (db) => {
      await db.schema
        .createTable('entries')
        .addColumn('position', 'integer', (c) => c.primaryKey().notNull())
        .addColumn('leaf', 'text', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .modifyEnd(sql.raw(words.strict))
        .execute();
      await db.schema
        .createTable('checkpoints')
        .addColumn('size', 'integer', (c) => c.primaryKey().notNull())
        .addColumn('root', 'text', (c) => c.notNull())
        .addColumn('note', 'text', (c) => c.notNull())
        .modifyEnd(sql.raw(words.strict))
        .execute();
      for (const statement of words.refuseRewriting) await sql.raw(statement).execute(db);
    },
  },
});

/** One process's work after the other's. */
export interface Turns {
  readonly take: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The largest integer of PostgreSQL. */
const largestPosition = 2 ** 31 - 1;

/** Three parameters a row, and SQLite takes 32,766 in a statement. */
const mostAtOnce = 10_000;

export class SqlStorage implements Storage {
  readonly #db: Kysely<Tables>;
  readonly #words: DialectWords;
  readonly #files: Files;
  readonly #turns: Turns;
  /** So many entries were there once. */
  #seen = 0;

  private constructor(db: Kysely<Tables>, words: DialectWords, files: Files, turns: Turns) {
    this.#db = db;
    this.#words = words;
    this.#files = files;
    this.#turns = turns;
  }

  /** Brings the database's tables up to date, and is then its storage. */
  static async open(
    db: Kysely<Tables>,
    words: DialectWords,
    files: Files,
    turns: Turns = { take: (work) => work(), close: () => Promise.resolve() },
  ): Promise<SqlStorage> {
    const provider = { getMigrations: () => Promise.resolve(migrations(words)) };
    const { error } = await new Migrator({ db, provider }).migrateToLatest();
    if (error !== undefined) throw error;
    return new SqlStorage(db, words, files, turns);
  }

  async size(): Promise<number> {
    const last = await this.#db
      .selectFrom('entries')
      .select(({ fn }) => fn.max('position').as('last'))
      .executeTakeFirst();
    return last?.last === null || last === undefined ? 0 : last.last + 1;
  }

  async entries(from: number, to: number): Promise<StoredEntry[]> {
    const found = await this.#db
      .selectFrom('entries')
      .selectAll()
      .where('position', '>=', from)
      .where('position', '<', Math.min(to, largestPosition))
      .orderBy('position')
      .execute();
    this.#seen = Math.max(this.#seen, (found.at(-1)?.position ?? -1) + 1);
    return found;
  }

  async append(entries: readonly StoredEntry[]): Promise<'appended' | 'moved'> {
    const [first, ...others] = entries;
    if (first === undefined) return 'appended';
    if (others.some((e, i) => e.position !== first.position + 1 + i))
      throw new Error('entries to append must follow one another');
    if (entries.length > mostAtOnce) throw new Error(`at most ${mostAtOnce} entries are appended at once`);
    // Entries are never removed: what was there once is there now, and what is there now is there below.
    if (first.position > this.#seen && (await this.entries(first.position - 1, first.position)).length === 0)
      throw new Error(`there is no entry ${first.position - 1} to append after`);
    try {
      // One statement is one transaction. It is not spread over several: another connection of this process would wait for the lock
      // without ever letting the holder go on.
      await this.#db.insertInto('entries').values(entries).execute();
      this.#seen = first.position + entries.length;
      return 'appended';
    } catch (fault) {
      if (this.#words.isTaken(fault)) return 'moved';
      throw fault;
    }
  }

  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work);
  }

  async lastCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return this.#db.selectFrom('checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst();
  }

  async putCheckpoint(checkpoint: StoredCheckpoint): Promise<void> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('checkpoints')
      .values(checkpoint)
      .onConflict((c) =>
        c
          .column('size')
          .doUpdateSet({ note: checkpoint.note })
          .where('checkpoints.root', '=', checkpoint.root),
      )
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows !== 1n)
      throw new Error(`a checkpoint of ${checkpoint.size} entries with another root was signed before`);
  }

  async putFile(bytes: Uint8Array): Promise<string> {
    return this.#files.put(bytes);
  }

  async putFilePieces(pieces: AsyncIterable<Uint8Array>): Promise<string> {
    return this.#files.putPieces(pieces);
  }

  async filePieces(sha256: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#files.pieces(sha256);
  }

  async file(sha256: string): Promise<Uint8Array | undefined> {
    return this.#files.get(sha256);
  }

  async fileNames(): Promise<string[]> {
    return (await this.#files.names()).toSorted();
  }

  async close(): Promise<void> {
    await this.#turns.close();
    await this.#db.destroy();
  }
}
