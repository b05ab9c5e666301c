// Acts that come at once are appended together: each is judged after those before it, each is answered once all it rests on is on disk, and one
// that is refused or faulty takes no other with it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRecord, type Appended, type Keeper, type Standing } from '../src/keeper.ts';
import { openSqlite } from '../src/sqlite.ts';
import type { Storage, StoredEntry } from '../src/storage.ts';
import { counted, election, incident, origin, seededKey, state, ticking } from './smallElection.ts';

let folder: string;
let storage: Storage;
let keeper: Keeper;
let appends: number[];
/** What the disk does with the next entries, before it keeps them. */
let before: (entries: readonly StoredEntry[]) => Promise<void>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'together-'));
  storage = await openSqlite(folder);
  appends = [];
  before = () => Promise.resolve();
  const watched: Storage = {
    size: () => storage.size(),
    entries: (from, to) => storage.entries(from, to),
    append: async (entries) => {
      await before(entries);
      appends.push(entries.length);
      return storage.append(entries);
    },
    inTurn: (work) => storage.inTurn(work),
    lastCheckpoint: () => storage.lastCheckpoint(),
    putCheckpoint: (checkpoint) => storage.putCheckpoint(checkpoint),
    putFile: (bytes) => storage.putFile(bytes),
    putFilePieces: (pieces) => storage.putFilePieces(pieces),
    filePieces: (sha256) => storage.filePieces(sha256),
    file: (sha256) => storage.file(sha256),
    fileNames: () => storage.fileNames(),
    close: () => storage.close(),
  };
  const world = {
    storage: watched,
    signer: { name: origin, key: seededKey(1) },
    clock: ticking(),
    random: counted('t'),
  };
  keeper = await createRecord(world, { record: 'conducted', election, author: state });
  appends = [];
});
afterEach(async () => {
  await keeper.close();
  await rm(folder, { recursive: true, force: true });
});

const one = (n: number, seen: Standing[] = []) =>
  keeper.appendBuilt((standing) => {
    seen.push({ ...standing, pending: [...standing.pending] });
    return Promise.resolve([keeper.prepare(incident(n))]);
  });
const positions = (answer: Appended | undefined): number[] =>
  answer?.ok === true ? answer.entries.map((e) => e.position) : [];
const kept = async (): Promise<number[]> => (await keeper.entries()).map((e) => e.position);

describe('at once', () => {
  test('a hundred are two commits, each judged with those before it in sight', async () => {
    const seen: Standing[] = [];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => one(n, seen)));
    expect(answers.flatMap(positions)).toEqual(Array.from({ length: 100 }, (_, n) => n + 2));
    expect(appends.reduce((a, b) => a + b)).toBe(100);
    expect(appends.length).toBeLessThanOrEqual(2);
    for (const [n, { size, pending }] of seen.entries()) expect(size + pending.length).toBe(n + 2);
    expect(await kept()).toEqual(Array.from({ length: 102 }, (_, n) => n));
  });

  test('one refused, with an entry before the refused one; one that makes nothing; one that throws: the others are kept', async () => {
    const bad = { ...incident(1), done: 'tomorrow' };
    const answers = await Promise.allSettled([
      one(0),
      keeper.append(incident(1), bad),
      keeper.appendBuilt(() => Promise.resolve(undefined)),
      keeper.appendBuilt(() => Promise.reject(new Error('a fault of its own'))),
      keeper.append(bad),
      one(2),
      keeper.append(incident(3), incident(4)),
    ]);
    const said = answers.map((a) => (a.status === 'fulfilled' ? a.value : String(a.reason)));
    expect(said[3]).toBe('Error: a fault of its own');
    expect(said[2]).toBeUndefined();
    for (const i of [1, 4])
      expect(said[i]).toMatchObject({ ok: false, refusals: [{ code: 'bad-time', found: 'tomorrow' }] });
    expect([0, 5, 6].flatMap((i) => positions(said[i] as Appended))).toEqual([2, 3, 4, 5]);
    expect(await kept()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('the disk fails: nobody is answered as kept, and what was judged is forgotten', async () => {
    before = () => Promise.reject(new Error('the disk is full'));
    const failed = await Promise.allSettled([
      one(0),
      one(1),
      keeper.appendBuilt(() => Promise.resolve(undefined)),
    ]);
    expect(failed.map((f) => f.status)).toEqual(['rejected', 'rejected', 'rejected']);
    before = () => Promise.resolve();
    const seen: Standing[] = [];
    expect(positions(await one(2, seen))).toEqual([2]);
    expect(seen).toMatchObject([{ size: 2, pending: [], givenUp: 1 }]);
    expect(await kept()).toEqual([0, 1, 2]);
  });

  test('another process was first: all are asked again, after its entry', async () => {
    const other = await openSqlite(folder);
    let once = true;
    before = async (entries) => {
      if (!once) return;
      once = false;
      await other.append([entries[0]!]); // takes the place
    };
    const seen: Standing[] = [];
    const answers = await Promise.all([one(0, seen), one(1, seen)]);
    expect(answers.flatMap(positions)).toEqual([3, 4]);
    expect(seen.map((s) => s.size + s.pending.length).slice(-2)).toEqual([3, 4]);
    expect(await kept()).toEqual([0, 1, 2, 3, 4]);
    await other.close();
  });
});
