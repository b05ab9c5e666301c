// Keepers on PostgreSQL: several processes append at once, are killed, the database itself is killed. No place twice, nothing acknowledged lost.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { createRecord, openRecord, type World } from '../src/keeper.ts';
import { openPostgres } from '../src/postgres.ts';
import { counted, election, incident, origin, seededKey, state, ticking } from './smallElection.ts';

const child = fileURLToPath(new URL('appendOnPostgres.ts', import.meta.url));

interface Appender {
  readonly process: ChildProcess;
  /** Whole lines that it said. */
  readonly said: () => string[];
  readonly complained: () => string;
  readonly ended: Promise<void>;
}

function startAppender(url: string, who: number): Appender {
  const appending = spawn(process.execPath, [child, url, String(who)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [said, complained] = ['', ''];
  appending.stdout.on('data', (d: Buffer) => (said += d.toString()));
  appending.stderr.on('data', (d: Buffer) => (complained += d.toString()));
  return {
    process: appending,
    said: () => said.split('\n').slice(0, -1),
    complained: () => complained,
    ended: new Promise((resolve) => appending.once('close', () => resolve())),
  };
}

const until = async (so: () => boolean, what: string, appenders: readonly Appender[] = []): Promise<void> => {
  for (let tries = 0; !so(); tries += 1) {
    if (tries > 1500)
      throw new Error(`waited in vain until ${what}; ${appenders.map((a) => a.complained()).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe.skipIf(noPostgres())('keepers on PostgreSQL', () => {
  let cluster: Cluster;
  let url: string;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster.stop());

  const world = async (salt: string): Promise<World> => ({
    storage: await openPostgres(url),
    signer: { name: origin, key: seededKey(1) },
    clock: ticking(),
    random: counted(salt),
  });
  beforeEach(async () => {
    url = await cluster.database();
    await (
      await createRecord(await world('begin'), { record: 'conducted', election, author: state })
    ).close();
  });

  /** Each line is "position digest"; each must be so, and no place be said twice. */
  async function expectKept(lines: readonly string[]): Promise<number> {
    const keeper = await openRecord(await world('look'));
    const entries = await keeper.entries();
    expect(entries.map((e) => e.position)).toEqual(entries.map((_, i) => i));
    for (const line of lines) {
      const [position, digest] = line.split(' ');
      expect(entries[Number(position)]?.act.body.digest, line).toBe(digest);
    }
    expect(new Set(lines.map((l) => l.split(' ')[0])).size).toBe(lines.length);
    await keeper.close();
    return entries.length;
  }

  test('many appends of two keepers at once: each gets its place', async () => {
    const keepers = await Promise.all(['a', 'b'].map(async (salt) => openRecord(await world(salt))));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => keepers[i % 2]!.append(incident(i))),
    );
    const lines = answers.flatMap((a) =>
      a.ok ? a.entries.map((e) => `${e.position} ${e.act.body.digest}`) : [],
    );
    expect(lines).toHaveLength(200);
    await Promise.all(keepers.map((k) => k.close()));
    expect(await expectKept(lines)).toBe(202);
  });

  test(
    'three processes append at once and are killed with -9, again and again',
    { timeout: 120_000 },
    async () => {
      const all: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const appenders = [0, 1, 2].map((i) => startAppender(url, 3 * round + i));
        await until(
          () => appenders.every((a) => a.said().length > 15),
          appenders.map((a) => a.complained()).join() || 'all appended',
        );
        for (const [i, a] of appenders.entries()) {
          await new Promise((resolve) => setTimeout(resolve, 7 * ((round + i) % 4)));
          a.process.kill('SIGKILL');
          // Whoever held the turn is dead; the others must go on.
          const others = appenders.slice(i + 1);
          const before = others.map((o) => o.said().length);
          await until(
            () => others.every((o, k) => o.said().length > before[k]!),
            'the others go on after a kill',
          );
        }
        await Promise.all(appenders.map((a) => a.ended));
        all.push(...appenders.flatMap((a) => a.said()));
      }
      expect(all.length).toBeGreaterThan(140);
      expect(await expectKept(all)).toBeGreaterThanOrEqual(all.length + 2);
    },
  );

  test(
    'the database is killed while two processes append: they go on when it is back',
    { timeout: 120_000 },
    async () => {
      const appenders = [0, 1].map((i) => startAppender(url, i));
      await until(() => appenders.every((a) => a.said().length > 15), 'both appended');
      await cluster.crash();
      const before = appenders.map((a) => a.said().length);
      await cluster.start();
      await until(() => appenders.every((a, i) => a.said().length > before[i]! + 5), 'both go on', appenders);
      for (const a of appenders) a.process.kill('SIGKILL');
      await Promise.all(appenders.map((a) => a.ended));
      await expectKept(appenders.flatMap((a) => a.said()));
    },
  );
});
