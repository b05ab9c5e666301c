import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test as plain } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import type { Storage, StoredEntry } from './storage.ts';

let folder: string;
let cluster: Cluster | undefined;
let url: string;
beforeAll(async () => {
  if (!noPostgres()) cluster = await startCluster();
}, 60_000);
afterAll(async () => cluster?.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const databases = [
  { name: 'SQLite', absent: false, begin: () => Promise.resolve(), open: () => openSqlite(folder) },
  {
    name: 'PostgreSQL',
    absent: noPostgres(),
    begin: async () => void (url = await cluster!.database()),
    open: () => openPostgres(url),
  },
];

const entry = (position: number, leaf = `{"position":${position}}`): StoredEntry => ({
  position,
  leaf,
  body: '{}',
});
const upTo = (n: number): StoredEntry[] => Array.from({ length: n }, (_, i) => entry(i));

describe.each(databases)('storage in $name', ({ name, absent, begin, open }) => {
  const test = plain.skipIf(absent);
  beforeEach(async () => {
    if (!absent) await begin();
  });

  test('gives back what was appended, in order, also after it was closed', async () => {
    const storage = await open();
    expect(await storage.size()).toBe(0);
    expect(await storage.append(upTo(2500))).toBe('appended');
    expect(await storage.append([entry(2500)])).toBe('appended');
    await storage.close();
    const again = await open();
    expect(await again.size()).toBe(2501);
    expect(await again.entries(0, Infinity)).toEqual(upTo(2501));
    expect(await again.entries(7, 9)).toEqual([entry(7), entry(8)]);
    await again.close();
  });

  test('a position is taken once: who comes second is told, and nothing of theirs is kept', async () => {
    const one = await open();
    const two = await open();
    expect(await one.append([entry(0)])).toBe('appended');
    expect(await two.append([entry(0, 'x'), entry(1, 'y')])).toBe('moved');
    expect(await two.entries(0, 9)).toEqual([entry(0)]);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : two).append([entry(1, `racer ${i}`)])),
    );
    expect(outcomes.filter((o) => o === 'appended')).toHaveLength(1);
    expect(await one.size()).toBe(2);
    await one.close();
    await two.close();
  });

  test('no position is left out, and a fault in the middle keeps nothing', async () => {
    const storage = await open();
    await expect(storage.append([entry(1)])).rejects.toThrow(/no entry 0/);
    await expect(storage.append([entry(0), entry(2)])).rejects.toThrow(/follow one another/);
    const bad = { position: 1, leaf: null as unknown as string, body: '{}' };
    await expect(storage.append([entry(0), bad])).rejects.toThrow(/not.null/i);
    expect(await storage.size()).toBe(0);
    await storage.close();
  });

  test('a checkpoint may gain a cosignature, never another root', async () => {
    const storage = await open();
    expect(await storage.lastCheckpoint()).toBeUndefined();
    await storage.putCheckpoint({ size: 3, root: 'aa', note: 'n3' });
    await storage.putCheckpoint({ size: 10, root: 'bb', note: 'n10' });
    await storage.putCheckpoint({ size: 10, root: 'bb', note: 'n10 cosigned' });
    expect(await storage.lastCheckpoint()).toEqual({ size: 10, root: 'bb', note: 'n10 cosigned' });
    await expect(storage.putCheckpoint({ size: 10, root: 'cc', note: 'x' })).rejects.toThrow(/another root/);
    expect((await storage.lastCheckpoint())?.root).toBe('bb');
    await storage.close();
  });

  test('files are kept under their SHA-256, once, also the empty one and one in several pieces', async () => {
    const storage: Storage = await open();
    const abc = new TextEncoder().encode('abc');
    // FIPS 180-4, the example of one block.
    const name = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await Promise.all([storage.putFile(abc), storage.putFile(abc)])).toEqual([name, name]);
    expect(new Uint8Array((await storage.file(name))!)).toEqual(abc);
    const long = Uint8Array.from({ length: 9_000_001 }, (_, i) => (i * 31) >> 3);
    for (const bytes of [new Uint8Array(0), long]) {
      const kept = await storage.file(await storage.putFile(bytes));
      expect(Buffer.compare(kept!, bytes)).toBe(0);
    }
    expect(await storage.file('0'.repeat(64))).toBeUndefined();
    await expect(storage.file('../record.sqlite')).rejects.toThrow(/not the name/);
    await storage.close();
  });

  test('a file that comes in pieces is the same file, and is given back in pieces', async () => {
    const storage: Storage = await open();
    const bytes = new Uint8Array(9_500_001).map((_, i) => (i * 7919) >> 3);
    const name = createHash('sha256').update(bytes).digest('hex');
    async function* parts(size: number, of = bytes) {
      for (let at = 0; at < of.length; at += size) yield await Promise.resolve(of.subarray(at, at + size));
    }
    expect(await storage.putFilePieces(parts(1_000_003))).toBe(name);
    // Again, otherwise cut, and whole: it is there once.
    expect(await storage.putFilePieces(parts(4_200_000))).toBe(name);
    expect(await storage.putFile(bytes)).toBe(name);
    expect(await storage.fileNames()).toEqual([name]);
    const back: Uint8Array[] = [];
    for await (const piece of (await storage.filePieces(name))!) back.push(piece);
    expect(back.length).toBeGreaterThan(1);
    expect(Buffer.concat(back).equals(bytes)).toBe(true);
    expect(Buffer.from((await storage.file(name))!).equals(bytes)).toBe(true);
    const empty = createHash('sha256').digest('hex');
    expect(await storage.putFilePieces(parts(1, new Uint8Array()))).toBe(empty);
    expect(new Uint8Array((await storage.file(empty))!)).toEqual(new Uint8Array());
    expect(await storage.filePieces('0'.repeat(64))).toBeUndefined();
    // One that breaks off is not there, under no name.
    const broken = async function* () {
      yield await Promise.resolve(bytes.subarray(0, 10));
      throw new Error('the network dropped');
    };
    await expect(storage.putFilePieces(broken())).rejects.toThrow('the network dropped');
    expect((await storage.fileNames()).toSorted()).toEqual([name, empty].toSorted());
    await storage.close();
  });

  test('turns are taken one after the other, and one that fails lets the next begin', async () => {
    const [one, two] = [await open(), await open()];
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inside -= 1;
    };
    await expect(one.inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : two).inTurn(work)));
    // SQLite has no turns: appending there is cheap to do again.
    expect(most === 1).toBe(name === 'PostgreSQL');
    await one.close();
    await two.close();
  });
});

const test = plain;
describe('SQLite', () => {
  test('the database itself refuses to change or remove an entry, and is set to sync every commit', async () => {
    const storage = await openSqlite(folder);
    await storage.append([entry(0)]);
    const raw = new Database(join(folder, 'record.sqlite'));
    expect(() => raw.exec(`update entries set leaf = 'x'`)).toThrow('an entry is never changed');
    expect(() => raw.exec('delete from entries')).toThrow('an entry is never removed');
    expect(() => raw.exec(`insert into entries values ('a', 'b', 'c')`)).toThrow();
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal');
    raw.close();
    await storage.close();
  });

  test('files are kept under their SHA-256, once, with no half-written file left', async () => {
    const storage = await openSqlite(folder);
    const abc = new TextEncoder().encode('abc');
    // FIPS 180-4, the example of one block.
    const name = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await Promise.all([storage.putFile(abc), storage.putFile(abc)])).toEqual([name, name]);
    expect(await readdir(join(folder, 'files'))).toEqual([name]);
    expect(new Uint8Array((await storage.file(name))!)).toEqual(abc);
    expect(await storage.file('0'.repeat(64))).toBeUndefined();
    await expect(storage.file('../record.sqlite')).rejects.toThrow(/not the name/);
    await storage.close();
  });

  test('a file that the disk has changed is not handed out, and is written anew when it is put again', async () => {
    const storage = await openSqlite(folder);
    const bytes = new TextEncoder().encode('a county’s batches');
    const name = await storage.putFile(bytes);
    await writeFile(join(folder, 'files', name), 'something else');
    await expect(storage.file(name)).rejects.toThrow(/disk has changed it/);
    const readAll = async () => {
      for await (const _ of (await storage.filePieces(name))!);
    };
    await expect(readAll()).rejects.toThrow(/has changed it/);
    await storage.putFile(bytes);
    expect(new Uint8Array((await storage.file(name))!)).toEqual(bytes);
    await storage.close();
  });
});

describe('PostgreSQL', () => {
  const test = plain.skipIf(noPostgres());
  const refused = async (statement: string): Promise<string> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    const fault = await client.query(statement).then(
      () => 'done',
      (f: Error) => f.message,
    );
    await client.end();
    return fault;
  };

  test('the database itself refuses to change, remove or empty entries', async () => {
    url = await cluster!.database();
    const storage = await openPostgres(url);
    await storage.append([entry(0)]);
    for (const statement of [`update entries set leaf = 'x'`, 'delete from entries', 'truncate entries'])
      expect(await refused(statement)).toBe('an entry is never changed or removed');
    await storage.close();
  });

  test('a file that the database has changed is not handed out', async () => {
    url = await cluster!.database();
    const storage = await openPostgres(url);
    const name = await storage.putFile(new TextEncoder().encode('a county’s batches'));
    expect(await refused(`update file_pieces set bytes = 'x'`)).toBe('done');
    await expect(storage.file(name)).rejects.toThrow(/database has changed it/);
    await storage.close();
  });

  test('two processes that open an empty database at once both find it ready', async () => {
    url = await cluster!.database();
    const both = await Promise.all([openPostgres(url), openPostgres(url)]);
    expect(await Promise.all(both.map((s) => s.append([entry(0)])))).toEqual(
      expect.arrayContaining(['appended', 'moved']),
    );
    await Promise.all(both.map((s) => s.close()));
  });
});
