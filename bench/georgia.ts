// Does the desk stand an election of Georgia's size? The full hand count of November 2020, 41,881 batches in 159 counties, is entered through the API of
// a desk on this machine (its own embedded database), assessed, signed off, published and verified; then every page is asked for, over HTTP and in Chromium.
//
// The manifests are made of the count itself, as the state published none: a batch's size is the sum of its tallies, its tabulator the batch type. Where
// a county has a type and name twice, the later ones get a suffix " (2)", " (3)"; the first row says how many. Write-in votes stand in the sizes and
// not in the reports, which have no column for them. The desk must come to the totals that the state published, or the run stops.
// Client and server share this process: a time holds what the asking cost too. Needs the state's files in ../shared/data.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import type { JurisdictionId } from '@opencanvass/evidence/election';
import { readAuditReport } from '@opencanvass/evidence/formats';
import type { HandCount } from '@opencanvass/evidence/paper';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519, publishedFiles, publishFolder } from '@opencanvass/keeper';
import { chromium } from 'playwright';
import { serveDesk, type Served } from '../apps/server/src/index.ts';
import { chromiumFlags, findChromium } from '../tests/chromium.ts';
import { sharedFile } from '../tests/sharedData.ts';
import { must, People, type Person } from './desk/people.ts';
import type { BenchRow } from './row.ts';

const results = sharedFile('data/georgia-2020/machine-count-detail-2020-11-20.xml');
const report = sharedFile('data/georgia-2020/audit-report-November-3-2020-General-Election-2020-11-19.csv');
const contest = 'president-of-the-united-states';
/** As the state published them on 19 November 2020. */
const published = {
  batches: 41_881,
  counties: 159,
  trump: 2_462_857,
  biden: 2_475_141,
  jorgensen: 62_587,
  sum: 5_000_585,
  margin: 12_284,
};
const target = 1000; // ms
const timesEach = 9;

export async function run(): Promise<BenchRow[]> {
  if (!existsSync(results) || !existsSync(report))
    return [
      { name: 'Georgia 2020 at the desk', value: 0, unit: 'not run', note: `no ${results}, or no report` },
    ];
  const { counties, renamed, writeIns } = readCounties();
  const folder = await mkdtemp(join(tmpdir(), 'bench-georgia-'));
  const open = (): Promise<Served> =>
    serveDesk({ folder: join(folder, 'desk'), log: 'bench.example/georgia', port: 0, perMinute: 1_000_000 });
  let served = await open();
  try {
    const loadBefore = loadavg()[0]!;
    const people = new People(served.desk, (path, init) => fetch(served.address + path, init));
    const entry = await enter(people, counties);
    const memory = process.memoryUsage().rss;
    holdAgainst(entry.said);

    const to = join(folder, 'published');
    const publishing = await timed(async () => {
      const done = await publishFolder(served.desk.keeper, to);
      if (!done.ok) throw new Error(`not published: ${done.found.join(', ')}`);
    });
    const verification = await verified(served);

    // A desk that is started anew has its pages still to make.
    await served.close();
    const starting = await timed(async () => (served = await open()));
    const first = await timed(async () => void (await read(served.address, '/')));
    const largest = counties.toSorted((a, b) => b.batches.length - a.batches.length)[0]!;
    const pages = [
      ...(await overHttp(served.address, entry.state, entry.managers.get(largest.id)!, largest.id)),
      ...(await inChromium(served.address, entry.state, entry.managers.get(largest.id)!, largest.id)),
    ];
    const slow = pages.filter((p) => p.times.at(-1)! >= target);
    const load = `load average ${loadBefore.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after`;
    const seconds = (name: string, ms: number, note?: string): BenchRow => ({
      name,
      value: ms / 1000,
      unit: 's',
      ...(note === undefined ? {} : { note }),
    });
    const each = (name: string, times: readonly number[]): BenchRow => ({
      name,
      value: middle(times),
      unit: 'ms',
      note: `the slowest of ${times.length}: ${Math.round(times.at(-1)!)} ms`,
    });
    return [
      { name: 'batches entered through the API', value: entry.said.batches, unit: 'batches', note: `${entry.said.counties} counties, ${renamed} batches renamed, ${writeIns} write-ins in the sizes alone; ${load}` },
      seconds('all of it entered, from the set-up to the sign-off', entry.took, `${entry.requests} requests, one after the other`),
      each('… a county’s manifest', entry.manifest),
      each('… a county’s seal, signed', entry.seal),
      each('… a county’s hand count', entry.handCount),
      seconds('… the assessment', entry.assess, entry.ending),
      { name: 'memory after the sign-off', value: memory / 2 ** 20, unit: 'MiB', note: 'server and this bench in one process' },
      seconds('published into a folder', publishing, `${verification.entries} entries, ${verification.files} files`),
seconds('verified', verification.took, `the record holds; in the count itself are found: ${verification.found.join(', ')}`),
      seconds('the desk started anew', starting),
      seconds('… and the first public page', first, against(first)),
      ...pages.map(({ name, times, bytes }): BenchRow => ({
        name,
        value: middle(times),
        unit: 'ms',
        note: `the slowest of ${times.length}: ${Math.round(times.at(-1)!)} ms, ${against(times.at(-1)!)}${bytes === undefined ? '' : `; ${Math.round(bytes / 1024)} KiB`}`,
      })),
      { name: 'pages not under 1 s each time', value: slow.length, unit: `of ${pages.length}`, ...(slow.length === 0 ? {} : { note: slow.map((p) => p.name).join(', ') }) },
    ]; // prettier-ignore
  } finally {
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const against = (ms: number): string =>
  ms < target ? 'under 1 s' : `not under 1 s, by ${Math.round(ms - target)} ms`;
const middle = (sorted: readonly number[]): number => sorted[sorted.length >> 1]!;
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

// ── the count, as counties would have it ──

interface County {
  readonly id: JurisdictionId;
  readonly batches: readonly {
    readonly tabulator: string;
    readonly batch: string;
    readonly size: number;
    readonly votes: number[];
    readonly blank: number;
    readonly overvote: number;
  }[];
}

function readCounties(): {
  readonly counties: readonly County[];
  readonly renamed: number;
  readonly writeIns: number;
} {
  const reading = readAuditReport('report.csv', readFileSync(report));
  const [count] = reading.ok ? reading.value.handCounts : [];
  if (count === undefined) throw new Error('the report of Georgia cannot be read');
  const { columns, jurisdictions, names, tallies } = count;
  const seen = new Set<string>();
  let renamed = 0;
  let writeIns = 0;
  const batches = jurisdictions.map((): County['batches'][number][] => []);
  for (const [b, name] of names.entries()) {
    const at = count.jurisdictionOf[b]!;
    const batch = unlikeOthers(count, b, name, seen);
    if (batch !== name.trim()) renamed += 1;
    const row = columns.map((column, c) => ({ column, n: tallies[b * columns.length + c]! }));
    const of = (kind: string): number =>
      row.filter((r) => r.column.kind === kind).reduce((n, r) => n + r.n, 0);
    writeIns += of('invalidWriteIn') + of('validWriteIn');
    batches[at]!.push({
      tabulator: count.types[b]!,
      batch,
      size: row.reduce((n, r) => n + r.n, 0),
      votes: row.filter((r) => r.column.kind === 'choice').map((r) => r.n),
      blank: of('blank'),
      overvote: of('overvote'),
    });
  }
  return { counties: jurisdictions.map((id, j) => ({ id, batches: batches[j]! })), renamed, writeIns };
}

function unlikeOthers({ jurisdictionOf, types }: HandCount, b: number, name: string, seen: Set<string>) {
  const key = (batch: string): string => `${jurisdictionOf[b]}/${types[b]}/${batch}`.toLowerCase();
  let batch = name.trim();
  for (let n = 2; seen.has(key(batch)); n += 1) batch = `${name.trim()} (${n})`;
  seen.add(key(batch));
  return batch;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const manifestOf = ({ batches }: County): Uint8Array =>
  toUtf8(
    [
      'Tabulator,Batch Name,Number of Ballots',
      ...batches.map((b) => `${quoted(b.tabulator)},${quoted(b.batch)},${b.size}`),
      '',
    ].join('\n'),
  );

// ── entering it ──

async function enter(people: People, counties: readonly County[]) {
  const begun = performance.now();
  const state = await people.person('bench-state', 'state administrator');
  await must(state.client, 'setUp', {
    query: { name: 'results.xml', election: 'Georgia 2020', date: '2020-11-03', state: 'GA' },
    file: new Uint8Array(readFileSync(results)),
  });
  await people.key(state, state);
  const managers = new Map<string, Person>();
  const manifest: number[] = [];
  const seal: number[] = [];
  const handCount: number[] = [];
  for (const county of counties) {
    const manager = await people.person(`clerk of ${county.id}`, 'county manager', county.id);
    await people.key(manager, state);
    managers.set(county.id, manager);
    const params = { county: county.id };
    const query = { name: `${county.id} manifest.csv` };
    const file = manifestOf(county);
    manifest.push(await timed(() => must(manager.client, 'manifest', { params, query, file })));
    seal.push(
      await timed(async () => people.sign(manager, await must(manager.client, 'seal', { params }))),
    );
  }
  await must(state.client, 'announce', {
    body: { contests: [{ contest, method: 'full hand count' as const }] },
  });
  const why = 'state law: the paper of every county is counted by hand';
  await must(state.client, 'orderHandCount', { params: { contest }, body: { why } });
  for (const { id, batches } of counties) {
    const body = { batches: batches.map(({ tabulator, batch, votes, blank, overvote }) => ({ tabulator, batch, votes, blank, overvote })) };
    const params = { county: id, contest };
    handCount.push(await timed(() => must(managers.get(id)!.client, 'handCount', { params, body })));
  }
  let ending = '';
  const assess = await timed(async () => {
    ending = (await must(state.client, 'assess', { params: { contest } })).contest.ending;
  });
  const canvass = await people.person('bench-canvass', 'canvass board');
  await people.key(canvass, state);
  const words = 'The hand count of every batch agrees with who won.';
  await people.sign(canvass, await must(canvass.client, 'certify', { body: { words } }));
  for (const times of [manifest, seal, handCount]) times.sort((a, b) => a - b);
  const took = performance.now() - begun;
  const requests = 2 + (counties.length + 2) * 2 + counties.length * 4 + 4;
  return { state, managers, manifest, seal, handCount, assess, ending, took, requests, said: await said(state) };
} // prettier-ignore

/** What the desk now says was counted: the sums of its counties' reports. */
async function said({ client }: Person): Promise<typeof published> {
  const { entries } = await must(client, 'entries', { query: { kinds: 'hand count reported' } });
  const bodies = entries.map((e) => e.body as { totals: readonly number[]; batches: number });
  const total = (column: number): number => bodies.reduce((n, b) => n + b.totals[column]!, 0);
  const [trump, biden, jorgensen] = [total(0), total(1), total(2)];
  return {
    batches: bodies.reduce((n, b) => n + b.batches, 0),
    counties: bodies.length,
    trump,
    biden,
    jorgensen,
    sum: trump + biden + jorgensen,
    margin: biden - trump,
  };
}

function holdAgainst(found: typeof published): void {
  for (const [name, expected] of Object.entries(published)) {
    const is = found[name as keyof typeof published];
    if (is !== expected) throw new Error(`${name}: the desk says ${is}, published were ${expected}`);
  }
}

async function verified({ desk }: Served) {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(desk.keeper)) files.set(path, bytes);
  const begun = performance.now();
  const { record, findings } = verify(recordFromMap(files), {
    sha256: nodeSha256,
    verify: nodeVerifyEd25519,
  });
  const took = performance.now() - begun;
  const fails = findings.filter((f) => f.word === 'fails');
  const broken = fails.filter((f) => f.of === 'record').map((f) => f.check);
  if (record?.faults.length !== 0 || broken.length > 0)
    throw new Error(`the published record does not hold: ${broken.join(', ') || 'faults'}`);
  const found = fails.map((f) => f.check);
  return { took, found, files: files.size, entries: (await desk.state()).count };
}

// ── asking for pages ──

interface Timing {
  readonly name: string;
  /** Milliseconds, the least first. */
  readonly times: readonly number[];
  readonly bytes?: number;
}

async function read(address: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(address + path, { headers });
  const { byteLength } = await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  return byteLength;
}

async function overHttp(address: string, state: Person, manager: Person, county: string): Promise<Timing[]> {
  const last = Math.max(0, (await must(state.client, 'status', {})).entries - 200);
  const by = ({ client }: Person) => ({ cookie: client.cookie! });
  const asked: [path: string, headers?: Record<string, string>][] = [
    ['/api/status'],
    ['/api/entries?from=0'],
    [`/api/entries?from=${last}`],
    ['/api/entries?kinds=hand%20count%20reported'],
    [`/api/contests/${contest}/plan`, by(state)],
    ['/api/board/hand-count', by(manager)],
    [`/api/counties/${county}/inputs`, by(manager)],
    [`/api/counties/${county}/boards`, by(manager)],
    ...[
      '/',
      '/schedule.html',
      '/counties.html',
      `/counties/${county}.html`,
      `/counties/${county}/${contest}-1.html`,
      '/contests.html',
      `/contests/${contest}.html`,
      '/commitments.html',
      '/discrepancies.html',
      '/claims.html',
      '/checks.html',
      '/record.html',
      '/es/counties.html',
    ].map((path): [string] => [path]),
  ];
  const timings: Timing[] = [];
  for (const [path, headers] of asked) {
    const times: number[] = [];
    let bytes = 0;
    for (let n = 0; n < timesEach; n += 1)
      times.push(await timed(async () => (bytes = await read(address, path, headers))));
    timings.push({ name: `GET ${path}`, times: times.toSorted((a, b) => a - b), bytes });
  }
  return timings;
}

/** Until a page's heading stands, and its table where it has one. */
async function inChromium(
  address: string,
  state: Person,
  manager: Person,
  county: string,
): Promise<Timing[]> {
  const executablePath = findChromium();
  if (executablePath === undefined) return [];
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const timings: Timing[] = [];
    const asked: [who: Person | undefined, path: string, stands: string][] = [
      [undefined, '/', 'h1'],
      [undefined, `/counties/${county}/${contest}-1.html`, 'table'],
      [state, '/desk', 'main table'],
      [state, `/desk/contests/${contest}`, 'main [class*="usa-alert"]'],
      [state, '/desk/record', 'main table'],
      [state, '/desk/accounts', 'main table'],
      [manager, '/desk/county', 'main ol li'],
      [manager, '/desk/county/files', 'main section.upload'],
      [manager, '/desk/county/hand-count', 'main table'],
    ];
    for (const [who, path, stands] of asked) {
      const context = await browser.newContext({ locale: 'en-US', baseURL: address });
      if (who !== undefined) {
        const [name, value] = who.client.cookie!.split('=') as [string, string];
        await context.addCookies([
          { name, value, url: address.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Strict' },
        ]); // prettier-ignore
      }
      const page = await context.newPage();
      const times: number[] = [];
      for (let n = 0; n < timesEach; n += 1)
        times.push(
          await timed(async () => {
            await page.goto(path, { waitUntil: 'commit' });
            await page.locator('h1').first().waitFor();
            await page
              .locator(stands)
              .first()
              .waitFor({ timeout: 10_000 })
              .catch(async (fault: unknown) => {
                throw new Error(`${path}: ${await page.locator('body').innerText()}`, { cause: fault });
              });
          }),
        );
      await context.close();
      timings.push({ name: `Chromium ${path}`, times: times.toSorted((a, b) => a - b) });
    }
    return timings;
  } finally {
    await browser.close();
  }
}
