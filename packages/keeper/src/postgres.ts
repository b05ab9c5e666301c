// A record's storage for several server processes, on one machine or many: a PostgreSQL database holds the entries and the files. The
// queries are those of SQLite (sqlStorage.ts); here is what PostgreSQL says in its own words, and files in pieces, since the processes
// share no disk.
//
// One sequence for all: a position is the primary key, so that no two entries can ever have one place, and a turn (an advisory lock of the
// database) lets one process after the other judge and append, so that none judges against entries that are no longer the last ones.
import { createHash, randomBytes } from 'node:crypto';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Client, Pool, types } from 'pg';
import { refuseOtherNames, unchanged, type Files } from './fileStore.ts';
import { type DialectWords, SqlStorage, type Tables, type Turns } from './sqlStorage.ts';
import type { Storage } from './storage.ts';

/** Any number, the same in all processes. Two records are two databases (or two schemas), never two numbers. */
const turnLock = 5_202_011;
const migrationTurn = turnLock + 1;

/** pg gives 64-bit integers as text: ours are counts and milliseconds, and far from 2^53. */
const numbers = (oid: number, format?: 'text' | 'binary'): unknown =>
  oid === 20 ? Number : types.getTypeParser(oid, format);

/** A connection begun while the server dies may never be answered. */
const connectionTimeoutMillis = 10_000;

const words: DialectWords = {
  strict: '',
  refuseRewriting: [
    `create function entry_is_fixed() returns trigger language plpgsql as
     $$ begin raise exception 'an entry is never changed or removed'; end $$`,
    `create trigger entries_are_fixed before update or delete on entries for each row execute function entry_is_fixed()`,
    `create trigger entries_are_not_emptied before truncate on entries for each statement execute function entry_is_fixed()`,
    `create table file_pieces (sha256 text not null, piece integer not null, bytes bytea not null, primary key (sha256, piece))`,
  ],
  // unique_violation
  isTaken: (fault) => (fault as { code?: unknown }).code === '23505',
};

/** A database, for the record or for what a server keeps besides (accounts, sessions). */
export function connectPostgres<T>(url: string): Kysely<T> {
  // A commit is acknowledged once it is on disk, whatever the server's configuration says.
  const pool = new Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis,
    types: { getTypeParser: numbers as typeof types.getTypeParser },
    options: '-c synchronous_commit=on',
  });
  // A connection that breaks (the server was killed) is replaced at the next query; without these lines it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<T>({ dialect: new PostgresDialect({ pool }) });
}

/** Opens the storage at a connection string. Any number of processes may have it open at once. */
export async function openPostgres(url: string): Promise<Storage> {
  const db = connectPostgres<Tables & PieceTable>(url);
  const turns = turnsOf(url, turnLock);
  const migrating = turnsOf(url, migrationTurn);
  try {
    await refuseForgetful(db);
    return await migrating.take(() =>
      SqlStorage.open(db as unknown as Kysely<Tables>, words, pieces(db), turns),
    );
  } catch (fault) {
    await db.destroy();
    await turns.close();
    throw fault;
  } finally {
    await migrating.close();
  }
}

/** A cluster that acknowledges what is not on disk cannot hold a record. */
async function refuseForgetful(db: Kysely<Tables & PieceTable>): Promise<void> {
  const { rows } = await sql<{ fsync: string; pages: string }>`
    select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages`.execute(db);
  if (rows[0]?.fsync !== 'on' || rows[0].pages !== 'on')
    throw new Error(
      'this PostgreSQL runs with fsync or full_page_writes off: it may lose what it acknowledges',
    );
}

/**
 * The lock lives in a connection of its own and dies with it: a killed process holds up nobody. If the connection breaks while the work goes
 * on, another process may begin its turn; then the primary key still gives each place once, and one of the two judges again.
 */
function turnsOf(url: string, lock: number): Turns {
  let client: Client | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const connected = async (): Promise<Client> => {
    if (client !== undefined) return client;
    const fresh = new Client({ connectionString: url, connectionTimeoutMillis });
    fresh.on('error', () => {
      if (client === fresh) client = undefined;
    });
    await fresh.connect();
    return (client = fresh);
  };
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const holder = await connected();
    await holder.query('select pg_advisory_lock($1)', [lock]);
    try {
      return await work();
    } finally {
      // Not awaited: nobody waits for an answer longer because of it, and the next turn of this process asks behind it on the same connection.
      holder.query('select pg_advisory_unlock($1)', [lock]).catch(() => {
        if (client === holder) client = undefined;
        holder.end().catch(() => undefined); // on a broken connection it may never resolve. The server frees the lock with it.
      });
    }
  };
  return {
    take: (work) => {
      const turn = queue.then(() => inTurn(work));
      queue = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      await queue;
      await client?.end();
      client = undefined;
    },
  };
}

interface PieceTable {
  file_pieces: { sha256: string; piece: number; bytes: Uint8Array };
}

/** PostgreSQL takes a gigabyte in a field; a file of cast vote records may be more, and is sent piece by piece. */
const pieceBytes = 4 * 1024 * 1024;

/** Files in the database: all pieces of one, or none. */
function pieces(db: Kysely<Tables & PieceTable>): Files {
  return {
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await db.transaction().execute(async (transaction) => {
        for (let at = 0; at === 0 || at < bytes.length; at += pieceBytes)
          await transaction
            .insertInto('file_pieces')
            .values({
              sha256,
              piece: at / pieceBytes,
              bytes: Buffer.from(bytes.subarray(at, at + pieceBytes)),
            })
            .onConflict((c) => c.columns(['sha256', 'piece']).doNothing())
            .execute();
      });
      return sha256;
    },
    putPieces: async (given) => {
      const hash = createHash('sha256');
      // Under a name of its own until it is known which it is; nobody sees it before the transaction ends.
      const temporary = `part ${randomBytes(16).toString('hex')}`;
      return db.transaction().execute(async (transaction) => {
        let piece = 0;
        const keep = (bytes: Buffer) =>
          transaction
            .insertInto('file_pieces')
            .values({ sha256: temporary, piece: piece++, bytes })
            .execute();
        // Cut where `put` cuts: the same file is the same pieces, however it came.
        let waiting = Buffer.alloc(pieceBytes);
        let length = 0;
        for await (const part of given) {
          hash.update(part);
          for (let at = 0; at < part.length;) {
            const n = Math.min(part.length - at, pieceBytes - length);
            waiting.set(part.subarray(at, at + n), length);
            [at, length] = [at + n, length + n];
            if (length < pieceBytes) continue;
            await keep(waiting);
            [waiting, length] = [Buffer.alloc(pieceBytes), 0];
          }
        }
        if (length > 0 || piece === 0) await keep(waiting.subarray(0, length));
        const sha256 = hash.digest('hex');
        const there = await transaction
          .selectFrom('file_pieces')
          .select('piece')
          .where('sha256', '=', sha256)
          .limit(1)
          .execute();
        if (there.length > 0)
          await transaction.deleteFrom('file_pieces').where('sha256', '=', temporary).execute();
        else
          await transaction
            .updateTable('file_pieces')
            .set({ sha256 })
            .where('sha256', '=', temporary)
            .execute();
        return sha256;
      });
    },
    pieces: async (sha256) => {
      refuseOtherNames(sha256);
      const one = (piece: number) =>
        db
          .selectFrom('file_pieces')
          .select('bytes')
          .where('sha256', '=', sha256)
          .where('piece', '=', piece)
          .executeTakeFirst();
      const first = await one(0);
      if (first === undefined) return undefined;
      return unchanged(
        sha256,
        (async function* () {
          for (
            let piece = 0, row: typeof first | undefined = first;
            row !== undefined;
            row = await one((piece += 1))
          )
            yield new Uint8Array(row.bytes);
        })(),
      );
    },
    names: async () => {
      const rows = await db.selectFrom('file_pieces').select('sha256').where('piece', '=', 0).execute();
      return rows.map((r) => r.sha256);
    },
    get: async (sha256) => {
      refuseOtherNames(sha256);
      const rows = await db
        .selectFrom('file_pieces')
        .select('bytes')
        .where('sha256', '=', sha256)
        .orderBy('piece')
        .execute();
      if (rows.length === 0) return undefined;
      const whole = Buffer.concat(rows.map((r) => r.bytes));
      if (createHash('sha256').update(whole).digest('hex') !== sha256)
        throw new Error(`the file kept as ${sha256} no longer has that SHA-256: the database has changed it`);
      return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
    },
  };
}
