// What goes wrong around a desk: a server is killed, the database is killed, the disk is full, a connection breaks in the middle of an upload. Nothing
// acknowledged is lost, nothing is there twice, and work goes on as soon as it can.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve as listen } from '@hono/node-server';
import { call, routes, type Client } from '@opencanvass/contract';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519, publishedFiles } from '@opencanvass/keeper';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { serve } from './serveDesk.ts';
import {
  announce,
  begin,
  boards,
  contest,
  manifestCsv,
  paper,
  rollDice,
  sealAll,
  TestDesk,
  type County,
} from './testDesk.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Which cards were read, and where on the record that stands. */
const readOnRecord = async (t: TestDesk): Promise<(readonly [string, number])[]> =>
  (await t.desk.keeper.stored()).flatMap(({ body: text, position }) => {
    const { body } = JSON.parse(text) as { body: { unit?: string; contests?: unknown } };
    return body.unit === undefined || body.contests === undefined ? [] : [[body.unit, position] as const];
  });

async function faultsOf(t: TestDesk): Promise<unknown> {
  await t.desk.state();
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(t.desk.keeper)) files.set(path, bytes);
  return verify(recordFromMap(files), { sha256: nodeSha256, verify: nodeVerifyEd25519 }).record!.faults;
}

describe.skipIf(noPostgres())('two servers on one PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster.stop());

  test(
    'a server is killed in the middle of entries, then the database: each entry is there once',
    { timeout: 300_000 },
    async () => {
      const database = await cluster.database();
      const t = await TestDesk.open(database);
      t.now = Date.now(); // the servers go by the real clock
      const cast = await begin(t);
      await sealAll(t, cast, 'cvrs');
      await announce(t, cast, 'card comparison');
      await rollDice(t, cast);
      await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 80 } });
      const { units } = await t.do(t.public, 'sample', { params: { contest } });
      const byCounty = await boards(t, cast);
      const servers = await Promise.all([serve(t.folder, database), serve(t.folder, database)]);
      const acknowledged = new Map<string, number>();
      const said = new Set<string>();
      let [killed, crashed] = [false, false];
      let back: Promise<void> | undefined;
      // Each entry has a name, and is sent until it is acknowledged: as the boards' screens do.
      const insist = async (who: number): Promise<void> => {
        for (let unit = units.pop(); unit !== undefined; unit = units.pop()) {
          const reading = { kind: 'blank' as const };
          const body = {
            unit: unit.id,
            contests: [{ contest, reading }],
            confirmedByBoth: true as const,
            entry: randomBytes(16).toString('hex'),
          };
          for (let tries = 0; ; tries += 1) {
            expect(tries).toBeLessThan(400);
            const { address } = servers[killed || who % 2 === 1 ? 1 : 0];
            const client: Client = {
              ...byCounty[unit.jurisdiction as County],
              fetch: (path, init) => fetch(`${address}${path}`, init),
            };
            const answer = await call(client, routes.readCard, { body }).catch(() => undefined);
            if (answer?.ok === true) {
              acknowledged.set(unit.id, answer.value.positions[0]!);
              break;
            }
            said.add(answer === undefined ? 'no answer' : `${answer.status} ${answer.problem.code}`);
            await wait(100);
          }
          if (acknowledged.size > 15 && !killed) {
            killed = true;
            servers[0].server.kill('SIGKILL');
          }
          if (acknowledged.size > 35 && !crashed) {
            crashed = true;
            back = cluster.crash().then(async () => {
              await wait(500);
              await cluster.start();
            });
          }
        }
      };
      await Promise.all(Array.from({ length: 12 }, (_, who) => insist(who)));
      await back;
      expect([killed, crashed]).toEqual([true, true]);
      // While the database was away the other server said so, and came back by itself.
      expect([...said].toSorted()).toEqual(['503 database-away', 'no answer']);
      const again = await TestDesk.open(database, undefined, t.folder);
      await again.desk.state();
      const read = await readOnRecord(again);
      expect(read.length).toBe(acknowledged.size);
      expect(new Map(read)).toEqual(acknowledged);
      expect(await faultsOf(again)).toEqual([]);
      servers[1].server.kill('SIGKILL');
      await again.desk.close();
    },
  );
});

/** A small disk of its own, where this system lets us have one. */
function smallDisk(megabytes: number): { readonly path: string; readonly remove: () => void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', path], {
      stdio: 'ignore',
    });
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    remove: () => {
      // Lazily: also where something that failed holds a file there open.
      execFileSync('umount', ['--lazy', path]);
      rmSync(path, { recursive: true });
    },
  };
}

/** Takes what room there is on a disk; whoever calls what it returns gives it back. */
function fill(path: string): () => void {
  const filler = join(path, 'filler');
  const file = openSync(filler, 'w');
  for (let size = 1 << 20; size >= 512;)
    try {
      writeSync(file, new Uint8Array(size));
    } catch {
      size >>= 1;
    }
  closeSync(file);
  return () => rmSync(filler);
}

describe('a full disk', () => {
  let disk: ReturnType<typeof smallDisk>;
  beforeAll(() => void (disk = smallDisk(6)));
  afterAll(() => disk?.remove());

  test('is said; reading goes on; with room again so does work, and nothing is lost or half there', async ({
    skip,
  }) => {
    if (disk === undefined) skip('no small disk can be mounted here: it takes root');
    const t = await TestDesk.open(undefined, undefined, join(disk!.path, 'desk'));
    const cast = await begin(t);
    const object = (n: number): Promise<string> =>
      t.refused(cast.observer.client, 'challenge', { body: { words: `objection ${n} ${'x'.repeat(3000)}` } });
    expect(await object(0)).toBe('done');
    const empty = fill(disk!.path);
    const answers: string[] = [];
    for (let n = 1; n < 200 && answers.at(-1) !== '507 disk-full'; n++) answers.push(await object(n));
    const kept = answers.filter((a) => a === 'done').length + 1;
    expect(new Set(answers.slice(-1))).toEqual(new Set(['507 disk-full']));
    const manifest = {
      params: { county: 'bibb' },
      query: { name: 'm.csv' },
      file: manifestCsv({ ...paper, bibb: Array.from({ length: 20_000 }, () => [1, 1, 1] as const) }, 'bibb'),
    };
    expect(await t.refused(cast.managers.bibb.client, 'manifest', manifest)).toBe('507 disk-full');
    // What is there can be read, by everybody, also after a minute, when a session would be noted as seen.
    t.now += 120_000;
    const entries = await t.do(t.public, 'entries', { query: {} });
    expect(await t.do(cast.observer.client, 'whoAmI', {})).toMatchObject({ role: 'observer' });
    expect(await t.refused(t.public, 'challenge', { body: { words: 'x' } })).toBe('401 not-signed-in');

    empty();
    expect(await object(1000)).toBe('done');
    expect(await t.refused(cast.managers.bibb.client, 'manifest', manifest)).toBe('done');
    const after = await t.do(t.public, 'entries', { query: {} });
    expect(after.size).toBe(entries.size + 1);
    expect(JSON.stringify(after.entries).match(/"objection \d+ /g)).toHaveLength(kept + 1);
    expect(await faultsOf(t)).toEqual([]);
    await t.close();
  });
});

describe.skipIf(noPostgres())('the full disk of a PostgreSQL', () => {
  let disk: ReturnType<typeof smallDisk>;
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    disk = smallDisk(160);
    if (disk !== undefined) cluster = await startCluster(disk.path);
  }, 60_000);
  afterAll(async () => {
    await cluster?.stop();
    disk?.remove();
  });

  test('is said to boards that enter; what was acknowledged is there, and with room again the rest goes in, each once', async ({
    skip,
  }) => {
    if (disk === undefined) skip('no small disk can be mounted here: it takes root');
    const t = await TestDesk.open(await cluster!.database());
    const cast = await begin(t);
    await sealAll(t, cast, 'cvrs');
    await announce(t, cast, 'card comparison');
    await rollDice(t, cast);
    await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 200 } });
    const { units } = await t.do(t.public, 'sample', { params: { contest } });
    const byCounty = await boards(t, cast);
    const acknowledged = new Map<string, number>();
    const said = new Set<string>();
    let empty: (() => void) | undefined;
    let refusals = 0;
    // Each entry has a name, and is sent until it is acknowledged: as the boards' screens do.
    const insist = async (): Promise<void> => {
      for (let unit = units.pop(); unit !== undefined; unit = units.pop()) {
        const body = {
          unit: unit.id,
          contests: [{ contest, reading: { kind: 'blank' as const } }],
          confirmedByBoth: true as const,
          entry: randomBytes(16).toString('hex'),
        };
        for (let tries = 0; ; tries += 1) {
          expect(tries).toBeLessThan(600);
          const answer = await call(byCounty[unit.jurisdiction as County], routes.readCard, { body });
          if (answer.ok) {
            acknowledged.set(unit.id, answer.value.positions[0]!);
            break;
          }
          refusals += 1;
          said.add(`${answer.status} ${answer.problem.code}`);
          await wait(100);
        }
        if (acknowledged.size > 20) empty ??= fill(disk!.path);
      }
    };
    const boardsEnter = Promise.all(Array.from({ length: 6 }, insist));
    const until = async (so: () => boolean): Promise<void> => {
      while (!so()) await Promise.race([wait(50), boardsEnter]);
    };
    await until(() => refusals > 60);
    expect([...said]).toEqual(['507 disk-full']);
    expect(units.length).toBeGreaterThan(0);
    // What is there can be read meanwhile, and nobody is signed out.
    expect((await t.do(t.public, 'entries', { query: {} })).size).toBe((await t.desk.state()).count);
    expect(await t.do(cast.observer.client, 'whoAmI', {})).toMatchObject({ role: 'observer' });
    // Then the database's own journal has no room either, and it goes down.
    for (let n = 0; n < 20 && !said.has('503 database-away'); n += 1) {
      await sql`select pg_switch_wal()`.execute(t.desk.db).catch(() => undefined);
      await wait(100);
    }
    await until(() => said.has('503 database-away'));
    empty!();
    await cluster!.start();
    await boardsEnter;
    expect([...said]).toEqual(['507 disk-full', '503 database-away']);
    await t.desk.state();
    const read = await readOnRecord(t);
    expect(read.length).toBe(acknowledged.size);
    expect(new Map(read)).toEqual(acknowledged);
    expect(await faultsOf(t)).toEqual([]);
    await t.close();
  });
});

test('the connection breaks in the middle of an upload: nothing of it is kept, and the same upload again is', async () => {
  const t = await TestDesk.open();
  const { managers } = await begin(t);
  const { client } = managers.bibb;
  const server = listen({ fetch: t.app.fetch, port: 0, hostname: '127.0.0.1' });
  const port = await new Promise<number>((resolve) =>
    server.once('listening', () => resolve((server.address() as { port: number }).port)),
  );
  const file = manifestCsv(paper, 'bibb');
  const filesThere = (): string[] => readdirSync(join(t.folder, 'files')).toSorted();
  const before = filesThere();
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        [
          'PUT /api/counties/bibb/manifest?name=m.csv HTTP/1.1',
          `host: localhost:${port}`,
          `cookie: ${client.cookie}`,
          `x-csrf-token: ${client.csrf}`,
          'content-type: application/octet-stream',
          `content-length: ${file.length}`,
          '',
          '',
        ].join('\r\n'),
      );
      socket.write(file.subarray(0, file.length >> 1));
      setTimeout(() => socket.destroy(), 100);
    });
    socket.on('close', () => resolve());
  });
  const noted = async () =>
    (await t.desk.db.selectFrom('attempts').selectAll().orderBy('row', 'desc').execute())[0]!;
  for (let tries = 0; tries < 50 && !(await noted()).detail.includes('body-cut-off'); tries += 1)
    await wait(50);
  expect((await noted()).detail).toContain('body-cut-off');
  expect(filesThere()).toEqual(before);
  expect(await t.desk.db.selectFrom('uploads').selectAll().execute()).toEqual([]);
  await t.do(client, 'manifest', { params: { county: 'bibb' }, query: { name: 'm.csv' }, file });
  expect(filesThere().length).toBe(before.length + 1);
  await new Promise((resolve) => server.close(resolve));
  await t.close();
});
