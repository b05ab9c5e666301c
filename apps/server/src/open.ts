// Opens a desk where somebody wants it: in a folder (SQLite), or in a folder and a PostgreSQL database. The folder holds the log's key: each
// server process of one record is given the same.
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  connectPostgres,
  connectSqlite,
  generateSigningKey,
  parseSignerKey,
  signerKeyText,
  syncFolder,
  writeDurably,
  type Signer,
} from '@opencanvass/keeper';
import { Desk } from './desk.ts';
import { storageAt, type KeptAt } from './keptAt.ts';
import type { DeskTables } from './tables.ts';

export interface Place extends KeptAt {
  /** Names the log for good: 'elections.example.gov/2026-general'. Asked for when the folder is new. */
  readonly origin?: string;
  readonly clock?: () => Date;
}

export async function openDesk({ folder, origin, database, clock = () => new Date() }: Place): Promise<Desk> {
  await mkdir(folder, { recursive: true });
  const signer = await keyOf(folder, origin);
  const keptAt: KeptAt = { folder, ...(database === undefined ? {} : { database }) };
  return Desk.open({
    keptAt,
    record: {
      storage: await storageAt(keptAt),
      signer,
      clock,
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
    },
    db:
      database === undefined
        ? connectSqlite<DeskTables>(join(folder, 'desk.sqlite'))
        : connectPostgres<DeskTables>(database),
  });
}

async function keyOf(folder: string, origin: string | undefined): Promise<Signer> {
  const path = join(folder, 'log-key');
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    if (origin === undefined) throw new Error(`${folder} is new: say what its log is to be called (origin)`);
    const signer = { name: origin, key: generateSigningKey() };
    await writeDurably(path, `${signerKeyText(signer, 'ed25519')}\n`, 0o600);
    await syncFolder(folder);
    return signer;
  }
  const parsed = parseSignerKey((await readFile(path, 'utf8')).trim());
  if (parsed?.type !== 'ed25519') throw new Error(`${path} is not the signing key of a log`);
  return parsed.signer;
}
