// Sign-ins and refused attempts. They name people and addresses, so they are not published; but each row holds the hash of the one before,
// and the head of the chain is put on the record at every step that binds: a row can then neither go nor change unseen. decisions/0010 says why.
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DeskTables } from './tables.ts';

export interface AttemptRow {
  readonly row: number;
  readonly at: string;
  readonly what: string;
  readonly detail: string;
  readonly hash: string;
}

const zero = '0'.repeat(64);

const hashOf = (before: string, { row, at, what, detail }: Omit<AttemptRow, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify([before, row, at, what, detail]))
    .digest('hex');

const last = async (db: Kysely<DeskTables>): Promise<AttemptRow | undefined> => {
  const found = await db
    .selectFrom('attempts')
    .selectAll()
    .orderBy('row', 'desc')
    .limit(1)
    .executeTakeFirst();
  return found === undefined ? undefined : found;
};

/** Adds a row at the end of the chain. Where another process took its place, after that one. */
export async function note(db: Kysely<DeskTables>, at: Date, what: string, detail: object): Promise<void> {
  for (;;) {
    const before = await last(db);
    const row = { row: (before?.row ?? -1) + 1, at: at.toISOString(), what, detail: JSON.stringify(detail) };
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('attempts')
      .values({ ...row, hash: hashOf(before?.hash ?? zero, row) })
      .onConflict((c) => c.column('row').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) return;
  }
}

/** Where the chain ends: what goes on the record. */
export async function head(
  db: Kysely<DeskTables>,
): Promise<{ readonly rows: number; readonly hash: string }> {
  const end = await last(db);
  return { rows: (end?.row ?? -1) + 1, hash: end?.hash ?? zero };
}

export async function attemptsFrom(db: Kysely<DeskTables>, from: number): Promise<AttemptRow[]> {
  const rows = await db
    .selectFrom('attempts')
    .selectAll()
    .where('row', '>=', from)
    .orderBy('row')
    .limit(1000)
    .execute();
  return rows.map((r) => r);
}

/** The first row that does not follow from the one before; undefined if all do. */
export function brokenAt(rows: readonly AttemptRow[]): number | undefined {
  let before = zero;
  for (const [i, row] of rows.entries()) {
    if (row.row !== i || row.hash !== hashOf(before, row)) return i;
    before = row.hash;
  }
  return undefined;
}
