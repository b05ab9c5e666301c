// A desk's backup, taken while it runs: a folder of plain files, from which a desk is made again on either database. It holds everything, sealed bodies,
// secrets of sign-in and the log's key included, and is to be kept as the desk's own folder is.
//
//   log-key                 the log's signing key
//   tables/NAME.jsonl       one row a line; `entries` is the log
//   files/SHA-256           the files that entries name
//   backup.json             all of them with length and SHA-256, the log's size and root; written last: without it a backup is none
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { toHex, toUtf8 } from '@opencanvass/evidence/bytes';
import {
  connectPostgres,
  connectSqlite,
  GrowingTree,
  syncFolder,
  writeDurably,
  type Storage,
  type StoredCheckpoint,
  type StoredEntry,
} from '@opencanvass/keeper';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { storageAt } from './keptAt.ts';
import type { Place } from './open.ts';
import { migrate, type DeskTables } from './tables.ts';

/** The word of why it is not done, and what was found. */
export interface BackupRefusal {
  readonly code: 'not-empty' | 'no-desk' | 'no-backup' | 'digest-differs' | 'log-differs' | 'another-version';
  readonly found: string;
}
export interface BackedUp {
  readonly entries: number;
  /** Of the log, hex. */
  readonly root: string;
  readonly files: number;
  readonly bytes: number;
}
export type BackupAnswer =
  | { readonly ok: true; readonly done: BackedUp }
  | { readonly ok: false; readonly refusal: BackupRefusal };

const listed = z.object({ path: z.string(), bytes: z.int(), sha256: z.string() });
const contents = z.object({
  format: z.literal('opencanvass-backup/1'),
  made: z.string(),
  log: z.object({ size: z.int(), root: z.string() }),
  /** The shape of the tables: names of the migrations that made them. */
  migrations: z.array(z.string()),
  tables: z.array(listed.extend({ table: z.string(), rows: z.int() })),
  files: z.array(listed),
});
type Contents = z.output<typeof contents>;

// oxlint-disable-next-line typescript/no-explicit-any -- tables are copied whole, whatever is in them
type AnyTables = any;
type Rows = Readonly<Record<string, unknown>>[];

/** Copies a desk, as it stands at one moment, into a new folder. */
export async function backUp(place: Place, to: string, now: Date): Promise<BackupAnswer> {
  if (!(await isAbsentOrEmpty(to))) return { ok: false, refusal: { code: 'not-empty', found: to } };
  const key = await readFile(join(place.folder, 'log-key')).catch(() => undefined);
  if (key === undefined) return { ok: false, refusal: { code: 'no-desk', found: place.folder } };
  const { storage, record, desk, close } = await connect(place);
  try {
    await mkdir(join(to, 'tables'), { recursive: true, mode: 0o700 });
    await mkdir(join(to, 'files'), { mode: 0o700 });
    const tree = new GrowingTree();
    const tables: Contents['tables'] = [];
    const keep = async (from: Kysely<AnyTables>, table: string): Promise<void> => {
      const path = `tables/${table}.jsonl`;
      const { rows, ...file } = await writeRows(to, path, pagesOf(from, table), (row) => {
        if (table === 'entries') tree.append(toUtf8((row as unknown as StoredEntry).leaf));
      });
      tables.push({ table, path, rows, ...file });
    };
    // The record before the desk's own tables: the chain of attempts is then never shorter than the record says that it was.
    const migrations: string[] = [];
    await inOneMoment(record, place.database, async (moment) => {
      for (const table of recordTables) await keep(moment, table);
      if (record === desk) for (const table of await deskTables(moment)) await keep(moment, table);
      migrations.push(...(await migrationsOf(moment)));
    });
    if (record !== desk)
      await inOneMoment(desk, place.database, async (moment) => {
        for (const table of await deskTables(moment)) await keep(moment, table);
        migrations.push(...(await migrationsOf(moment)));
      });
    // A file is kept before anything names it, and never changes: those that are there now are all that the rows name, and more.
    const files: Contents['files'] = [];
    for (const sha256 of await storage.fileNames()) {
      const bytes = (await storage.file(sha256))!;
      await writeDurably(join(to, 'files', sha256), bytes, 0o600);
      files.push({ path: `files/${sha256}`, bytes: bytes.length, sha256 });
    }
    await writeDurably(join(to, 'log-key'), key, 0o600);
    files.push({ path: 'log-key', bytes: key.length, sha256: sha256Of(key) });
    const log = { size: tree.size, root: toHex(tree.root()) };
    const made: Contents = {
      format: 'opencanvass-backup/1',
      made: now.toISOString(),
      log,
      migrations,
      tables,
      files,
    };
    for (const folder of ['files', 'tables']) await syncFolder(join(to, folder));
    await writeDurably(join(to, 'backup.json'), `${JSON.stringify(made, undefined, 1)}\n`, 0o600);
    await syncFolder(to);
    return { ok: true, done: summary(made) };
  } finally {
    await close();
  }
}

/** Makes a desk of a backup, in a folder (and a database) that holds none. Everything is checked before anything is written. */
export async function restore(from: string, place: Place): Promise<BackupAnswer> {
  const read = await readContents(from);
  if (read === undefined) return { ok: false, refusal: { code: 'no-backup', found: from } };
  if (!(await isAbsentOrEmpty(place.folder)))
    return { ok: false, refusal: { code: 'not-empty', found: place.folder } };
  for (const { path, bytes, sha256 } of [...read.tables, ...read.files]) {
    const there = await digestOf(join(from, path));
    if (there?.sha256 !== sha256 || there.bytes !== bytes)
      return { ok: false, refusal: { code: 'digest-differs', found: path } };
  }
  const tree = new GrowingTree();
  for await (const page of readRows<StoredEntry>(from, 'entries'))
    for (const { leaf } of page) tree.append(toUtf8(leaf));
  if (tree.size !== read.log.size || toHex(tree.root()) !== read.log.root)
    return { ok: false, refusal: { code: 'log-differs', found: `${tree.size} entries` } };

  // Beside its place, and then renamed: a restore that is interrupted leaves no half desk in a folder.
  const folder = `${resolve(place.folder)}.restoring`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const refusal = await fill({ ...place, folder }, from, read);
    if (refusal !== undefined) return { ok: false, refusal };
    await rm(place.folder, { recursive: true, force: true }); // empty, if it is there
    await rename(folder, place.folder);
    await syncFolder(dirname(resolve(place.folder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { ok: true, done: summary(read) };
}

/** Writes the rows and files of a backup into a place that has none. */
async function fill(place: Place, from: string, read: Contents): Promise<BackupRefusal | undefined> {
  const { storage, record, desk, close } = await connect(place);
  try {
    const there = await storage.size();
    const accounts = await desk.selectFrom('accounts').select('id').limit(1).execute();
    if (there > 0 || accounts.length > 0)
      return { code: 'not-empty', found: `the database, with ${there} entries` };
    const migrations = [
      ...(await migrationsOf(record)),
      ...(record === desk ? [] : await migrationsOf(desk)),
    ];
    if (migrations.join() !== read.migrations.join())
      return {
        code: 'another-version',
        found: read.migrations.filter((m) => !migrations.includes(m)).join(', '),
      };
    for (const { path, sha256 } of read.files)
      if (path.startsWith('files/') && (await storage.putFile(await readFile(join(from, path)))) !== sha256)
        throw new Error(`${path} has changed while it was being restored`);
    await desk.transaction().execute(async (whole) => {
      for (const { table } of read.tables)
        if (!recordTables.includes(table))
          for await (const page of readRows(from, table))
            await whole
              .insertInto(table as never)
              .values(page)
              .execute();
    });
    for await (const page of readRows<StoredEntry>(from, 'entries')) await storage.append(page);
    for await (const page of readRows<StoredCheckpoint>(from, 'checkpoints'))
      for (const checkpoint of page) await storage.putCheckpoint(checkpoint);
    await writeDurably(join(place.folder, 'log-key'), await readFile(join(from, 'log-key')), 0o600);
  } finally {
    await close();
  }
}

const summary = ({ log, tables, files }: Contents): BackedUp => ({
  entries: log.size,
  root: log.root,
  files: files.length - 1, // the key apart
  bytes: [...tables, ...files].reduce((n, f) => n + f.bytes, 0),
});

// ── the databases ──

/** Entries and checkpoints are the record's own; its files have a way of their own on each database. All other tables are the desk's. */
const recordTables: readonly string[] = ['entries', 'checkpoints'];
const isMigration = (name: string): boolean => name.includes('_migration');

async function connect(place: Place): Promise<{
  readonly storage: Storage;
  readonly record: Kysely<AnyTables>;
  readonly desk: Kysely<DeskTables>;
  readonly close: () => Promise<void>;
}> {
  const { folder, database } = place;
  const storage = await storageAt(place);
  const desk =
    database === undefined
      ? connectSqlite<DeskTables>(join(folder, 'desk.sqlite'))
      : connectPostgres<DeskTables>(database);
  await storage.inTurn(() => migrate(desk));
  const record = database === undefined ? connectSqlite<AnyTables>(join(folder, 'record.sqlite')) : desk;
  return {
    storage,
    record,
    desk,
    close: async () => {
      await storage.close();
      if (record !== desk) await record.destroy();
      await desk.destroy();
    },
  };
}

/** All that is read sees the database as it stood when the first was. */
const inOneMoment = (
  db: Kysely<AnyTables>,
  database: string | undefined,
  read: (moment: Transaction<AnyTables>) => Promise<void>,
): Promise<void> =>
  (database === undefined ? db.transaction() : db.transaction().setIsolationLevel('repeatable read')).execute(
    read,
  );

async function deskTables(db: Kysely<AnyTables>): Promise<string[]> {
  const tables = await db.introspection.getTables();
  return tables
    .map((t) => t.name)
    .filter((name) => !recordTables.includes(name) && name !== 'file_pieces' && !isMigration(name))
    .toSorted();
}

/** On PostgreSQL both in one database; the order is the record's, then the desk's. */
async function migrationsOf(db: Kysely<AnyTables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const names: string[] = [];
  for (const table of ['kysely_migration', 'desk_migration'])
    if (tables.some((t) => t.name === table)) {
      const rows = (await db.selectFrom(table).select('name').orderBy('name').execute()) as {
        name: string;
      }[];
      names.push(...rows.map((r) => r.name));
    }
  return names;
}

const pageRows = 500;

/** The log page by page; the desk's tables are small. */
async function* pagesOf(db: Kysely<AnyTables>, table: string): AsyncGenerator<Rows> {
  if (table !== 'entries') yield await db.selectFrom(table).selectAll().execute();
  else
    for (let at = 0; ; at += pageRows) {
      const page = await db
        .selectFrom(table)
        .selectAll()
        .where('position', '>=', at)
        .orderBy('position')
        .limit(pageRows)
        .execute();
      yield page;
      if (page.length < pageRows) return;
    }
}

// ── the files ──

async function writeRows(
  to: string,
  path: string,
  pages: AsyncGenerator<Rows>,
  see: (row: Rows[number]) => void,
): Promise<{ readonly rows: number; readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  const file = await open(join(to, path), 'wx', 0o600);
  let [rows, bytes] = [0, 0];
  try {
    for await (const page of pages) {
      for (const row of page) see(row);
      const lines = toUtf8(page.map((row) => `${JSON.stringify(row)}\n`).join(''));
      hash.update(lines);
      await file.write(lines);
      rows += page.length;
      bytes += lines.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { rows, bytes, sha256: hash.digest('hex') };
}

async function* readRows<T = Rows[number]>(from: string, table: string): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const line of createInterface({
    input: createReadStream(join(from, 'tables', `${table}.jsonl`)),
  })) {
    page.push(JSON.parse(line) as T);
    if (page.length === pageRows) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function readContents(from: string): Promise<Contents | undefined> {
  const text = await readFile(join(from, 'backup.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return contents.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function digestOf(
  path: string,
): Promise<{ readonly bytes: number; readonly sha256: string } | undefined> {
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (!there) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isAbsentOrEmpty = async (folder: string): Promise<boolean> =>
  readdir(folder).then(
    (names) => names.length === 0,
    (fault: NodeJS.ErrnoException) => fault.code === 'ENOENT',
  );
