// A keeper's own folder: record.sqlite, files/, and the log's secret key. Not for publication: it holds sealed bodies and the key.
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSigningKey, type SigningKey } from './crypto.ts';
import { syncFolder, writeDurably } from './fileStore.ts';
import { createRecord, openRecord, type Beginning, type Keeper, type World } from './keeper.ts';
import { parseSignerKey, signerKeyText, type Signer } from './log/index.ts';
import { openSqlite } from './sqlite.ts';

const keyFile = 'log-key';

/** What a test or a repeatable script may want to fix; the machine's own where absent. */
export interface Surroundings {
  readonly clock?: () => Date;
  readonly random?: (bytes: number) => Uint8Array;
  readonly key?: SigningKey;
}

/** True if the folder holds a record, or the beginning of one. */
export const isRecordFolder = async (folder: string): Promise<boolean> =>
  access(join(folder, keyFile)).then(
    () => true,
    () => false,
  );

/** Makes a record in a new folder, with a new key for its log. `origin` names the log for good: 'elections.example.gov/2026-general'. */
export async function createFolder(
  folder: string,
  origin: string,
  beginning: Beginning,
  around: Surroundings = {},
): Promise<Keeper> {
  await mkdir(folder, { recursive: true });
  const signer = { name: origin, key: around.key ?? generateSigningKey() };
  // Owner only. It is on disk before the first entry is signed for: a log whose key is lost can never grow.
  await writeDurably(join(folder, keyFile), `${signerKeyText(signer, 'ed25519')}\n`, 0o600);
  await syncFolder(folder);
  return createRecord(await worldOf(folder, signer, around), beginning);
}

export async function openFolder(folder: string, around: Surroundings = {}): Promise<Keeper> {
  const text = await readFile(join(folder, keyFile), 'utf8');
  const parsed = parseSignerKey(text.trim());
  if (parsed?.type !== 'ed25519') throw new Error(`${join(folder, keyFile)} is not the signing key of a log`);
  return openRecord(await worldOf(folder, parsed.signer, around));
}

const worldOf = async (folder: string, signer: Signer, around: Surroundings): Promise<World> => ({
  storage: await openSqlite(folder),
  signer,
  clock: around.clock ?? (() => new Date()),
  random: around.random ?? ((bytes) => new Uint8Array(randomBytes(bytes))),
});
