// Two server processes of one record on PostgreSQL, as they are started: acts go in through both at once, one is killed, and what was acknowledged
// is there, once.
import { call, routes, type Client } from '@opencanvass/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { serve } from './serveDesk.ts';
import { begin, TestDesk } from './testDesk.ts';

describe.skipIf(noPostgres())('two processes', () => {
  let cluster: Cluster;
  beforeAll(async () => void (cluster = await startCluster()), 60_000);
  afterAll(() => cluster.stop());

  test('two that are started at once on an empty database both find it ready', async () => {
    const database = await cluster.database();
    const both = await Promise.all([TestDesk.open(database), TestDesk.open(database)]);
    for (const t of both) expect((await t.do(t.public, 'status', {})).step).toBe('set up');
    await Promise.all(both.map((t) => t.close()));
  });

  test('nothing acknowledged is lost or there twice when one is killed', { timeout: 90_000 }, async () => {
    const database = await cluster.database();
    const t = await TestDesk.open(database);
    t.now = Date.now(); // the servers go by the real clock
    const { observer } = await begin(t);
    const servers = await Promise.all([serve(t.folder, database), serve(t.folder, database)]);
    const acknowledged = new Map<number, string>();
    let killed = false;
    // Ten people at each address, one objection after the other; those of the killed server go on at the other.
    const insist = async (who: number): Promise<void> => {
      for (let n = 0; n < 12; n++) {
        const words = `objection ${n} of ${who}`;
        const { address } = servers[killed || who % 2 === 1 ? 1 : 0];
        const client: Client = {
          ...observer.client,
          fetch: (path, init) => fetch(`${address}${path}`, init),
        };
        const answer = await call(client, routes.challenge, { body: { words } }).catch(() => undefined);
        if (answer?.ok === true) acknowledged.set(answer.value.positions[0]!, words);
        else expect(answer, JSON.stringify(answer)).toBeUndefined(); // not refused: unanswered
        if (acknowledged.size > 60 && !killed) {
          killed = true;
          servers[0].server.kill('SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, who) => insist(who)));
    expect(killed).toBe(true);
    expect(acknowledged.size).toBeGreaterThan(200);
    await t.desk.state();
    const stored = await t.desk.keeper.stored();
    expect(stored.map((e) => e.position)).toEqual(stored.map((_, i) => i));
    for (const [position, words] of acknowledged) expect(stored[position]!.body).toContain(`"${words}"`);
    servers[1].server.kill('SIGTERM');
    await new Promise((resolve) => servers[1].server.once('exit', resolve));
    await t.close();
  });
});
