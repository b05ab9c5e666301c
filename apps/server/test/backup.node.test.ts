// A backup taken while people work, restored onto the same database and onto the other: the same record under the same root, the same people sign
// in, the audit goes on; and a backup in which one byte is another is not restored.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519, publishedFiles } from '@opencanvass/keeper';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { attemptsFrom, backUp, brokenAt, restore, type BackedUp, type BackupAnswer } from '../src/index.ts';
import {
  announce,
  begin,
  boards,
  contest,
  paper,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
  type Cast,
} from './testDesk.ts';

let at: string;
beforeEach(async () => void (at = await mkdtemp(join(tmpdir(), 'backup-'))));
afterEach(() => rm(at, { recursive: true, force: true }));

const now = new Date('2026-11-10T12:00:00Z');
const doneOf = (answer: BackupAnswer): BackedUp => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
  return answer.done;
};
const refusedAs = (answer: BackupAnswer): string => (answer.ok ? 'done' : answer.refusal.code);

/** Half an audit: sealed, drawn, some of it read. */
async function halfAnAudit(t: TestDesk): Promise<Cast> {
  const cast = await begin(t);
  await sealAll(t, cast, 'totals');
  await announce(t, cast, 'batch comparison');
  await rollDice(t, cast);
  await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 6 } });
  return cast;
}

/** The record as it would be published, and what a stranger finds in it. */
async function published(t: TestDesk) {
  await t.desk.state();
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(t.desk.keeper)) files.set(path, bytes);
  const { record } = verify(recordFromMap(files), { sha256: nodeSha256, verify: nodeVerifyEd25519 });
  return { faults: record!.faults, files };
}

describe.skipIf(noPostgres())('backup and restore', () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster.stop());

  const databases = ['SQLite', 'PostgreSQL'] as const;
  const ways = databases.flatMap((from) => databases.map((to) => [from, to] as const));
  test.each(ways)('from %s to %s, in the middle of the readings', { timeout: 120_000 }, async (from, to) => {
    const one = from === 'SQLite' ? undefined : await cluster.database();
    const t = await TestDesk.open(one);
    const cast = await halfAnAudit(t);
    const byCounty = await boards(t, cast);
    // Taken while people object: each objection is in it or comes later, whole.
    const to1 = join(at, 'backup');
    const place = { folder: t.folder, ...(one === undefined ? {} : { database: one }) };
    const object = async (): Promise<void> => {
      for (let n = 0; n < 40; n++)
        await t.do(cast.observer.client, 'challenge', { body: { words: `objection ${n}` } });
    };
    const [answer] = await Promise.all([backUp(place, to1, now), object()]);
    const backup = doneOf(answer);
    expect(backup.files).toBeGreaterThan(6);

    const two = to === 'SQLite' ? undefined : await cluster.database();
    const folder = join(at, 'restored');
    const other = { folder, ...(two === undefined ? {} : { database: two }) };
    expect(doneOf(await restore(to1, other))).toEqual(backup);
    const r = await TestDesk.open(two, undefined, folder);
    r.now = t.now;
    const before = await published(r);
    expect(before.faults).toEqual([]);
    const [, size, root] = Buffer.from(before.files.get('checkpoint')!).toString().split('\n');
    expect([Number(size), Buffer.from(root!, 'base64').toString('hex')]).toEqual([
      backup.entries,
      backup.root,
    ]);
    // What was published of the desk before is what is published of this one, entry for entry.
    const entries = await t.desk.keeper.stored();
    expect(await r.desk.keeper.stored()).toEqual(entries.slice(0, backup.entries));
    expect(brokenAt(await attemptsFrom(r.desk.db, 0))).toBeUndefined();

    // The people are who they were, with the sessions that they had, and the audit goes on to its end.
    const there = (client: typeof cast.state.client) => ({ ...client, fetch: r.public.fetch });
    for (const c of Object.keys(byCounty) as (keyof typeof byCounty)[]) byCounty[c] = there(byCounty[c]);
    for (const p of [cast.state, cast.canvass]) p.client = there(p.client);
    await readAll(r, byCounty, paper);
    await r.do(cast.state.client, 'assess', { params: { contest } });
    expect((await published(r)).faults).toEqual([]);
    await r.signIn(cast.state);
    // Not over a desk that is there.
    expect(refusedAs(await restore(to1, other))).toBe('not-empty');
    if (two !== undefined)
      expect(refusedAs(await restore(to1, { folder: join(at, 'third'), database: two }))).toBe('not-empty');
    expect(refusedAs(await backUp(place, to1, now))).toBe('not-empty');
    expect((await readdir(at)).toSorted()).toEqual(['backup', 'restored']);
    await Promise.all([t.close(), r.close()]);
  });
});

test('a byte changed, a line changed with its digest, a file gone, an unfinished backup: nothing is restored', async () => {
  const t = await TestDesk.open();
  await halfAnAudit(t);
  const from = join(at, 'backup');
  doneOf(await backUp({ folder: t.folder }, from, now));
  await t.close();
  const folder = join(at, 'restored');
  const attempt = async (): Promise<string> => refusedAs(await restore(from, { folder }));
  const around = async (path: string, change: (text: string) => string | undefined): Promise<string> => {
    const whole = await readFile(join(from, path));
    const changed = change(whole.toString());
    if (changed === undefined) await rm(join(from, path));
    else await writeFile(join(from, path), changed);
    const answer = await attempt();
    await writeFile(join(from, path), whole);
    return answer;
  };
  const files = await readdir(join(from, 'files'));
  for (const path of ['log-key', 'tables/entries.jsonl', 'tables/attempts.jsonl', `files/${files[0]}`])
    expect(
      await around(path, (text) => `${text.slice(0, -2)}${text.at(-2) === 'x' ? 'y' : 'x'}${text.at(-1)}`),
      path,
    ).toBe('digest-differs');
  expect(await around(`files/${files[1]}`, () => undefined)).toBe('digest-differs');
  expect(await around('backup.json', () => undefined)).toBe('no-backup');
  expect(await around('backup.json', (text) => text.slice(0, 300))).toBe('no-backup');
  expect(await around('backup.json', (text) => text.replace('0001-desk', '0009-desk'))).toBe(
    'another-version',
  );
  // Somebody who changes an entry and makes its digest right is told by the log's root.
  const entries = await readFile(join(from, 'tables/entries.jsonl'), 'utf8');
  const forged = entries
    .replace('twenty ten-sided dice', 'twenty two-sided dice')
    .replace('state administrator', 'State administrator');
  expect(forged).not.toBe(entries);
  await writeFile(join(from, 'tables/entries.jsonl'), forged);
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  expect(await around('backup.json', (text) => text.replace(sha(entries), sha(forged)))).toBe('log-differs');
  await writeFile(join(from, 'tables/entries.jsonl'), entries);
  expect((await readdir(at)).toSorted()).toEqual(['backup']);
  expect(await attempt()).toBe('done');
});
