// How does the desk stand 159 counties and 500 audit boards that enter what they read, at once? Two server processes, one PostgreSQL, and the boards
// themselves, all on this machine.
//
// A board takes five to ten seconds from one card to the next where cards are read one after the other: find the next, read it out, mark it, both
// confirm. That is the pace here (drawn evenly between the two), some 67 acts a second from 500 boards, faster than any real board goes on through
// two minutes. Afterwards the same boards act without a pause, which shows where the desk is full. Every acknowledged entry must be in the record once,
// and the record must verify. `npm run bench desk` takes two minutes, `npm run bench` twenty seconds.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call, routes, type Client } from '@opencanvass/contract';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519, publishedFiles, type StoredEntry } from '@opencanvass/keeper';
import { Client as Postgres } from 'pg';
import { openDesk, type Desk } from '../apps/server/src/index.ts';
import { noPostgres, startCluster } from '../tests/postgres.ts';
import { must, People } from './desk/people.ts';
import type { BenchRow } from './row.ts';

const boardsAtWork = 500;
const countyIds = Array.from({ length: 159 }, (_, i) => `county-${String(i + 1).padStart(3, '0')}`);
const contests = ['Governor', 'Attorney', 'Senator', 'Auditor', 'Treasurer'];
const batchesEach = 120;
const pause = { least: 5000, most: 10_000 };
const door = fileURLToPath(new URL('../apps/cli/bin/opencanvass.js', import.meta.url));

export async function run(): Promise<BenchRow[]> {
  if (noPostgres())
    return [{ name: 'the desk under load', value: 0, unit: 'not run', note: 'no PostgreSQL' }];
  const seconds = process.argv.includes('desk') ? 120 : 20;
  const cluster = await startCluster();
  const folder = await mkdtemp(join(tmpdir(), 'bench-desk-'));
  const servers: Server[] = [];
  let desk: Desk | undefined;
  try {
    const database = await cluster.database();
    desk = await openDesk({ folder, origin: 'bench.example/desk', database });
    servers.push(...(await Promise.all([serve(folder, database), serve(folder, database)])));
    const work = await setUp(desk, servers);
    const paced = await enter(work, servers, seconds * 1000, pause);
    const full = await enter(work, servers, (seconds / 4) * 1000, { least: 0, most: 0 });
    const kept = await lookBack(desk, [...paced.acknowledged, ...full.acknowledged]);
    const bare = await bareInserts(database, kept.sample);
    const load = `load average ${loadavg()[0]!.toFixed(1)}`;
    const against = 'one row like an entry inserted in the same database';
    const ms = (name: string, value: number, note?: string): BenchRow => ({
      name,
      value,
      unit: 'ms',
      ratioTo: against,
      ratio: value / bare,
      ...(note === undefined ? {} : { note }),
    });
    return [
      { name: against, value: bare, unit: 'ms', note: `median of 300, committed to disk; ${load}` },
      { name: `${boardsAtWork} boards, an act each 5 to 10 s`, value: paced.perSecond, unit: 'acts/s', note: `${paced.acts} acts in ${paced.seconds.toFixed(1)} s, 2 processes${paced.ranOut ? '; the first board had then read all it had' : ''}` },
      ms('… half within', paced.at(0.5)),
      ms('… 95 of 100 within', paced.at(0.95)),
      ms('… 99 of 100 within', paced.at(0.99), 'asked: under 250 ms'),
      ms('… the slowest', paced.at(1)),
      { name: 'the same boards without a pause', value: full.perSecond, unit: 'acts/s', note: `${full.acts} acts in ${full.seconds.toFixed(1)} s, ${full.ranOut ? 'after which the first board had read all it had' : 'as long as asked'}` },
      ms('… half within', full.at(0.5)),
      ms('… 99 of 100 within', full.at(0.99)),
      { name: 'acknowledged and lost', value: kept.lost, unit: 'acts', note: `of ${kept.acknowledged} acknowledged; ${paced.unanswered + full.unanswered} not answered` },
      { name: 'in the record twice', value: kept.twice, unit: 'acts' },
      { name: 'faults of the record, verified', value: kept.faults, unit: 'faults', note: `${kept.entries} entries` },
    ]; // prettier-ignore
  } finally {
    for (const { process: child } of servers) child.kill('SIGKILL');
    await desk?.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Server {
  readonly process: ChildProcess;
  readonly address: string;
}
function serve(folder: string, database: string): Promise<Server> {
  const child = spawn(process.execPath, [door, 'serve', folder, '--port', '0'], {
    env: { ...process.env, DATABASE_URL: database },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (d: Buffer) => {
      const address = /open at (\S+)/.exec(d.toString())?.[1];
      if (address !== undefined) resolve({ process: child, address });
    });
    child.once('exit', () => reject(new Error('a server ended')));
  });
}

interface Work {
  readonly client: Client;
  /** What this board has to read, none of it anybody else's. */
  readonly units: { readonly contest: string; readonly unit: string }[];
}

/** From the set-up to the draw, through the API; and what each board is to read. */
async function setUp(desk: Desk, [one]: readonly Server[]): Promise<Work[]> {
  const people = new People(desk, (path, init) => fetch(`${one!.address}${path}`, init));
  const state = await people.person('bench-state', 'state administrator');
  const lines = (...of: readonly string[]): Uint8Array => toUtf8(`${of.join('\n')}\n`);
  const votes = (choice: string, b: number): number => (choice === 'Ann' ? 60 : 40) + (b % 3);
  const total = (choice: string): number =>
    Array.from({ length: batchesEach }, (_, b) => votes(choice, b)).reduce((x, y) => x + y);
  await must(state.client, 'setUp', {
    query: { name: 'results.csv', election: 'State Election', date: '2026-11-03' },
    file: lines(
      'contest,jurisdiction,choice,votes',
      ...contests.flatMap((c) =>
        countyIds.flatMap((j) => ['Ann', 'Bob'].map((n) => `${c},${j},${n},${total(n)}`)),
      ),
    ),
  });
  await people.key(state, state);
  const ids = (await must(state.client, 'status', {})).contests.map((c) => c.contest);
  const batches = Array.from({ length: batchesEach }, (_, b) => `B${b + 1}`);
  for (const county of countyIds) {
    const manager = await people.person(`clerk of ${county}`, 'county manager', county);
    await people.key(manager, state);
    const query = { name: 'file.csv' };
    await must(manager.client, 'manifest', {
      params: { county },
      query,
      file: lines('Tabulator,Batch Name,Number of Ballots', ...batches.map((b) => `T1,${b},110`)),
    });
    for (const contest of ids)
      await must(manager.client, 'batchTotals', {
        params: { county, contest },
        query,
        file: lines(
          'Batch Name,Ann,Bob',
          ...batches.map((b, i) => `${b},${votes('Ann', i)},${votes('Bob', i)}`),
        ),
      });
    await people.sign(manager, await must(manager.client, 'seal', { params: { county } }));
  }
  await must(state.client, 'announce', {
    body: {
      contests: ids.map((contest) => ({ contest, method: 'batch comparison' as const, riskLimit: '0.05' })),
    },
  });
  const body = { seed: '31415926535897932384', how: 'twenty dice', witnesses: ['Ona Observer'] };
  await people.sign(state, await must(state.client, 'seed', { body }));
  const boards = await Promise.all(
    Array.from({ length: boardsAtWork }, async (_, i) => {
      const county = countyIds[i % countyIds.length]!;
      return { county, client: await people.board(county, `Board ${i + 1}`), units: [] as Work['units'] };
    }),
  );
  const of = (county: string) => boards.filter((b) => b.county === county);
  const turns = new Map(countyIds.map((c) => [c, 0]));
  for (const contest of ids) {
    const { units } = await must(state.client, 'draw', { params: { contest }, body: { draws: 5000 } });
    for (const { id, jurisdiction } of units) {
      const here = of(jurisdiction);
      const turn = turns.get(jurisdiction)!;
      here[turn % here.length]!.units.push({ contest, unit: id });
      turns.set(jurisdiction, turn + 1);
    }
  }
  return boards;
}

interface Entered {
  /** While every board had something to read: what is measured is this time and no longer. */
  readonly seconds: number;
  readonly ranOut: boolean;
  readonly acts: number;
  readonly perSecond: number;
  /** Milliseconds within which that share was answered. */
  readonly at: (share: number) => number;
  readonly acknowledged: readonly {
    readonly position: number;
    readonly unit: string;
    readonly contest: string;
  }[];
  readonly unanswered: number;
}

/** Every board enters one unit after the other for so long, at its pace. */
async function enter(
  work: readonly Work[],
  servers: readonly Server[],
  forMs: number,
  { least, most }: { readonly least: number; readonly most: number },
): Promise<Entered> {
  const begun = performance.now();
  let end = begun + forMs;
  let ranOut = false;
  const answers: { readonly at: number; readonly took: number }[] = [];
  const acknowledged: Entered['acknowledged'][number][] = [];
  let unanswered = 0;
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const board = async ({ client, units }: Work, who: number): Promise<void> => {
    const { address } = servers[who % servers.length]!;
    const there: Client = { ...client, fetch: (path, init) => fetch(`${address}${path}`, init) };
    await wait(Math.random() * most); // not all in one moment
    while (performance.now() < end) {
      const next = units.pop();
      if (next === undefined) {
        ranOut = true;
        end = Math.min(end, performance.now());
        return;
      }
      const asked = performance.now();
      const answer = await call(there, routes.readBatch, {
        body: { ...next, votes: [61, 41], confirmedByBoth: true },
      }).catch(() => undefined);
      if (answer === undefined) unanswered += 1;
      else if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(answer.problem)}`);
      else {
        const at = performance.now();
        answers.push({ at, took: at - asked });
        acknowledged.push({ ...next, position: answer.value.positions[0]! });
      }
      await wait(least + Math.random() * (most - least));
    }
  };
  await Promise.all(work.map(board));
  const counted = answers.filter((a) => a.at <= end);
  const times = counted.map((a) => a.took).toSorted((a, b) => a - b);
  const seconds = (end - begun) / 1000;
  return {
    seconds,
    ranOut,
    acts: times.length,
    perSecond: times.length / seconds,
    at: (share) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)] ?? Number.NaN,
    acknowledged,
    unanswered,
  };
}

/** What became of what was acknowledged, and what a stranger finds in the record. */
async function lookBack(desk: Desk, acknowledged: Entered['acknowledged']) {
  await desk.state();
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(desk.keeper)) files.set(path, bytes);
  const { record } = verify(recordFromMap(files), { sha256: nodeSha256, verify: nodeVerifyEd25519 });
  const stored = await desk.keeper.stored();
  const read = stored.flatMap((s) => {
    const { act } = JSON.parse(s.leaf) as { act: { kind: string; about: { contest?: string } } };
    if (act.kind !== 'paper interpreted') return [];
    const { body } = JSON.parse(s.body) as { body: { unit: string } };
    return [{ position: s.position, name: `${act.about.contest} ${body.unit}` }];
  });
  const at = new Map(read.map((r) => [r.position, r.name]));
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((a) => at.get(a.position) !== `${a.contest} ${a.unit}`).length,
    twice: read.length - new Set(read.map((r) => r.name)).size,
    faults: record?.faults.length ?? -1,
    entries: stored.length,
    sample: stored.at(-1)!,
  };
}

/** The median time of one row's insert, each committed by itself. */
async function bareInserts(database: string, { leaf, body }: StoredEntry): Promise<number> {
  const client = new Postgres({ connectionString: database });
  await client.connect();
  try {
    await client.query(
      'create table bare (position integer primary key, leaf text not null, body text not null)',
    );
    const times: number[] = [];
    for (let n = 0; n < 300; n++) {
      const begun = performance.now();
      await client.query('insert into bare values ($1, $2, $3)', [n, leaf, body]);
      times.push(performance.now() - begun);
    }
    return times.toSorted((a, b) => a - b)[150]!;
  } finally {
    await client.end();
  }
}
