// A record's storage on one machine: an SQLite database and a folder of files beside it. What is acknowledged is on disk: the write-ahead
// log is synced at every commit (synchronous=FULL; with WAL the default NORMAL would lose the last commits to a power cut).
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { FileStore, syncFolder } from './fileStore.ts';
import { type DialectWords, SqlStorage, type Tables } from './sqlStorage.ts';
import type { Storage } from './storage.ts';

const words: DialectWords = {
  strict: 'strict',
  refuseRewriting: [
    `create trigger entries_are_not_changed before update on entries begin select raise(abort, 'an entry is never changed'); end`,
    `create trigger entries_are_not_removed before delete on entries begin select raise(abort, 'an entry is never removed'); end`,
  ],
  isTaken: (fault) => fault instanceof Database.SqliteError && fault.code === 'SQLITE_CONSTRAINT_PRIMARYKEY',
};

/** A database of its own beside the record, for what a server keeps besides (accounts, sessions). */
export function connectSqlite<T>(file: string): Kysely<T> {
  const database = new Database(file, { timeout: 10_000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  return new Kysely<T>({ dialect: new SqliteDialect({ database }) });
}

/** Opens the storage in a folder, or makes it. Two processes may have it open at once. */
export async function openSqlite(folder: string): Promise<Storage> {
  await mkdir(folder, { recursive: true });
  const database = new Database(join(folder, 'record.sqlite'), { timeout: 10_000 });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const storage = await SqlStorage.open(
    new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }),
    words,
    new FileStore(join(folder, 'files')),
  );
  await syncFolder(folder);
  return storage;
}
