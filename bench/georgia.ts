// Does the desk stand an election of Georgia's size? The full hand count of November 2020, 41,881 batches in 159 counties, is entered through the API of
// a desk on this machine (a process of its own, with its own embedded database), assessed, signed off, published and verified. On the way every page of
// every role is asked for, in a real browser, at the stage at which it has the most to show; at the end every kind of public page, over HTTP and in the browser.
//
// The manifests are made of the count itself, as the state published none: a batch's size is the sum of its tallies, its tabulator the batch type. Where
// a county has a type and name twice, the later ones get a suffix " (2)", " (3)"; the first row says how many. Write-in votes stand in the sizes and
// not in the reports, which have no column for them. The desk must come to the totals that the state published, or the run stops.
//
// What a row of a page says: median, 95 of 100, the slowest. A time holds what else the machine did; how long the desk itself stood still is said besides in
// processor time, which others do not lengthen. Needs the state's files in ../shared/data. OPENCANVASS_SHOTS names a folder for pictures of the pages.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import type { JurisdictionId } from '@opencanvass/evidence/election';
import { readAuditReport } from '@opencanvass/evidence/formats';
import type { HandCount } from '@opencanvass/evidence/paper';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519, publishedFiles, publishFolder } from '@opencanvass/keeper';
import { chromium, type Browser, type Page } from 'playwright';
import { openDesk, type Desk } from '../apps/server/src/index.ts';
import { chromiumFlags, findChromium } from '../tests/chromium.ts';
import { sharedFile } from '../tests/sharedData.ts';
import { must, People, type Person } from './desk/people.ts';
import { startDesk, type Measured } from './desk/process.ts';
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
const timesEach = { http: 20, browser: 7 };

export async function run(): Promise<BenchRow[]> {
  if (!existsSync(results) || !existsSync(report))
    return [
      { name: 'Georgia 2020 at the desk', value: 0, unit: 'not run', note: `no ${results}, or no report` },
    ];
  const { counties, renamed, writeIns } = readCounties();
  const folder = await mkdtemp(join(tmpdir(), 'bench-georgia-'));
  const at = join(folder, 'desk');
  const log = 'bench.example/georgia';
  let server = await startDesk(at, log);
  // The same database, from here: for accounts, and to publish.
  const desk = await openDesk({ folder: at });
  const executablePath = findChromium();
  const browser =
    executablePath === undefined ? undefined : await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const before = loadavg()[0]!;
    const people = new People(desk, (path, init) => fetch(server.address + path, init));
    const visit = async (who: Person | undefined, paths: readonly Asked[]): Promise<Timing[]> =>
      browser === undefined ? [] : inBrowser(browser, server.address, who, paths);
    const entry = await enter(people, counties, visit);
    const entering = await server.measure();
    holdAgainst(entry.said);

    await desk.state(); // the record that the other process began
    const to = join(folder, 'published');
    const publishing = await timed(async () => {
      const done = await publishFolder(desk.keeper, to);
      if (!done.ok) throw new Error(`not published: ${done.found.join(', ')}`);
    });
    const verification = await verified(desk);

    await server.end();
    server = await startDesk(at, log);
    const first = await timed(() => read(server.address, '/'));
    const ofNow = await timed(() => current(server.address, verification.entries));
    const making = await server.measure();

    const county = counties.toSorted((a, b) => b.batches.length - a.batches.length)[0]!.id;
    const manager = entry.managers.get(county)!;
    const { state } = entry;
    const answers = await overHttp(server.address, state, manager, county);
    const pages = [
      ...entry.pages,
      ...(await visit(undefined, publicPages(county).map((path): Asked => [path, 'h1']))),
      ...(await visit(state, [
        ['/desk', 'main table'],
        [`/desk/contests/${contest}`, 'main [class*="usa-alert"]'],
        ['/desk/record', 'main table'],
        ['/desk/accounts', 'main table'],
        ['/desk/attempts', 'h1'],
        ['/desk/account', 'h1'],
      ])),
      ...(await visit(manager, [
        ['/desk/county', 'main ol li'],
        ['/desk/county/hand-count', 'main table'],
        ['/desk/county/discrepancies', 'h1'],
      ])),
      ...(await visit(entry.canvass, [['/desk', 'main table'], ['/desk/certificate', 'h1']])),
      ...(await visit(await people.person('bench-observer', 'observer'), [['/desk', 'main table'], ['/desk/observe', 'h1']])),
    ]; // prettier-ignore
    const asking = await server.measure();

    const all = [...answers, ...pages];
    const slow = all.filter((p) => p.times.at(-1)! >= target);
    const slowest = all.toSorted((a, b) => b.times.at(-1)! - a.times.at(-1)!)[0]!;
    const load = `load average ${before.toFixed(1)} at the start, ${loadavg()[0]!.toFixed(1)} at the end, ${availableParallelism()} processors`;
    const row = (name: string, value: number, unit: string, note?: string): BenchRow => ({
      name,
      value,
      unit,
      ...(note === undefined ? {} : { note }),
    });
    const seconds = (name: string, ms: number, note?: string): BenchRow => row(name, ms / 1000, 's', note);
    const mib = (bytes: number): number => bytes / 2 ** 20;
    const stood = (when: string, { longest, processor }: Measured): BenchRow =>
      row(`the desk stood still, at most, ${when}`, longest.processor, 'ms of processor time', `${Math.round(longest.wall)} ms by the clock; ${(processor / 1000).toFixed(1)} s of processor time in all`); // prettier-ignore
    const spread = ({ name, times, bytes }: Timing): BenchRow =>
      row(name, within(times, 0.5), 'ms', `95 of 100 within ${Math.round(within(times, 0.95))}, the slowest of ${times.length} ${Math.round(times.at(-1)!)}: ${against(times.at(-1)!)}${bytes === undefined ? '' : `; ${Math.round(bytes / 1024)} KiB`}`); // prettier-ignore
    return [
      row('batches entered through the API', entry.said.batches, 'batches', `${entry.said.counties} counties, ${renamed} batches renamed, ${writeIns} write-ins in the sizes alone; ${load}`),
      seconds('all of it entered, from the set-up to the sign-off', entry.took, `${entry.requests} requests, one after the other, and the pages of this stage in between`),
      spread({ name: '… a county’s manifest', times: entry.manifest }),
      spread({ name: '… a county’s seal, signed', times: entry.seal }),
      spread({ name: '… a county’s hand count', times: entry.handCount }),
      seconds('… the assessment', entry.assess, entry.ending),
      seconds('… a plan of so close a contest, simulated', entry.plan.computed, `first answer after ${Math.round(entry.plan.first)} ms; meanwhile others were answered within ${Math.round(entry.plan.others)} ms`),
      stood('while all was entered', entering),
      row('memory of the desk after the sign-off', mib(entering.memory), 'MiB', `at most ${Math.round(mib(entering.mostMemory))} MiB, the thread that makes the pages included`),
      seconds('published into a folder', publishing, `${verification.entries} entries, ${verification.files} files`),
      seconds('verified', verification.took, `the record holds; in the count itself are found: ${verification.found.join(', ')}`),
      seconds('the desk started anew', server.starting, 'until it listened'),
      seconds('… and the first public page', first, against(first)),
      seconds('… and the pages of the record as it is now', ofNow, 'made in a thread; until then those that were made before are shown'),
      stood('at the start and while it made its pages', making),
      row('memory of the desk, started anew', mib(making.memory), 'MiB', `at most ${Math.round(mib(making.mostMemory))} MiB`),
      ...all.map(spread),
      spread({ name: 'all pages in the browser together', times: sortedTimes(pages) }),
      spread({ name: 'all answers over HTTP together', times: sortedTimes(answers) }),
      stood('while all these were asked for', asking),
      row('pages and answers not under 1 s each time', slow.length, `of ${all.length}`, slow.length === 0 ? `the slowest: ${slowest.name}, ${Math.round(slowest.times.at(-1)!)} ms` : slow.map((p) => `${p.name}: ${Math.round(p.times.at(-1)!)} ms`).join(', ')),
      ...(browser === undefined ? [row('pages in a browser', 0, 'not run', 'no Chromium')] : []),
    ]; // prettier-ignore
  } finally {
    await browser?.close();
    await server.end();
    await desk.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const against = (ms: number): string =>
  ms < target ? 'under 1 s' : `not under 1 s, by ${Math.round(ms - target)} ms`;
/** Of sorted times the one within which that share stays. */
const within = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
const sortedTimes = (timings: readonly Timing[]): number[] =>
  timings.flatMap((t) => t.times).toSorted((a, b) => a - b);
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

type Visit = (who: Person | undefined, paths: readonly Asked[]) => Promise<Timing[]>;

async function enter(people: People, counties: readonly County[], visit: Visit) {
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
  const largest = counties.toSorted((a, b) => b.batches.length - a.batches.length)[0]!;
  const { tabulator, batch } = largest.batches[0]!;
  const manager = managers.get(largest.id)!;
  const pages = [
    ...(await visit(manager, [
      ['/desk/county/files', 'main section.upload'],
      ['/desk/county/boards', 'main h2'],
      ['/desk/key', 'h1'],
    ])),
    // A contest is chosen, and what each method would cost is asked for.
    ...(await visit(state, [['/desk/announcement', '.usa-checkbox label', async (page) => page.locator('.usa-checkbox label').first().click()]])),
  ];
  const plan = await planOf(state);
  await must(state.client, 'announce', {
    body: { contests: [{ contest, method: 'full hand count' as const }] },
  });
  const why = 'state law: the paper of every county is counted by hand';
  await must(state.client, 'orderHandCount', { params: { contest }, body: { why } });
  const board = await people.board(largest.id, 'Board 1');
  pages.push(
    ...(await visit({ ...manager, client: board }, [['/desk/board', 'main section.container'], [`/desk/board/count?unit=${encodeURIComponent(`${largest.id}/${tabulator}/${batch}`)}&contest=${contest}`, 'form.tally']])),
    ...(await visit(manager, [['/desk/county/hand-count', 'main table']])),
  );
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
  return { state, managers, canvass, pages, plan, manifest, seal, handCount, assess, ending, took, requests, said: await said(state) };
} // prettier-ignore

/** How long the plan takes, and how long others wait meanwhile. */
async function planOf({ client }: Person) {
  const begun = performance.now();
  const ask = () => must(client, 'plan', { params: { contest }, query: { riskLimit: 0.04 } });
  let { computing } = await ask();
  const first = performance.now() - begun;
  let others = 0;
  while (computing) {
    others = Math.max(others, await timed(() => must(client, 'status', {})));
    await new Promise((resolve) => setTimeout(resolve, 100));
    ({ computing } = await ask());
  }
  return { first, computed: performance.now() - begun, others };
}

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

async function verified(desk: Desk) {
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

/** Until the public pages are of so many entries. */
async function current(address: string, entries: number): Promise<void> {
  const said = `first ${entries.toLocaleString('en-US')} entries`;
  while (!(await (await fetch(address)).text()).includes(said))
    await new Promise((resolve) => setTimeout(resolve, 100));
}

/** One of each kind. */
const publicPages = (county: string): string[] => [
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
];

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
    ...publicPages(county).map((path): [string] => [path]),
    ['/record.zip'],
  ];
  const timings: Timing[] = [];
  for (const [path, headers] of asked) {
    const times: number[] = [];
    let bytes = 0;
    for (let n = 0; n < timesEach.http; n += 1)
      times.push(await timed(async () => (bytes = await read(address, path, headers))));
    timings.push({ name: `GET ${path}`, times: times.toSorted((a, b) => a - b), bytes });
  }
  return timings;
}

/** A page, what stands on it once it is there, and what is done then. */
type Asked = readonly [path: string, stands: string, then?: (page: Page) => Promise<void>];

/** Until a page's heading and what is asked of it stand, in a browser that has the scripts already. */
async function inBrowser(
  browser: Browser,
  address: string,
  who: Person | undefined,
  asked: readonly Asked[],
): Promise<Timing[]> {
  const context = await browser.newContext({ locale: 'en-US', baseURL: address, viewport: { width: 1280, height: 900 } });
  if (who !== undefined) {
    const [name, value] = who.client.cookie!.split('=') as [string, string];
    await context.addCookies([
      { name, value, url: address.replace('http:', 'https:'), secure: true, httpOnly: true, sameSite: 'Strict' },
    ]);
  }
  const timings: Timing[] = [];
  const page = await context.newPage();
  const open = async (path: string, stands: string): Promise<void> => {
    await page.goto(path, { waitUntil: 'commit' });
    await page.locator('h1').first().waitFor();
    await page
      .locator(stands)
      .first()
      .waitFor({ timeout: 60_000 })
      .catch(async (fault: unknown) => {
        throw new Error(`${path}: ${await page.locator('body').innerText()}`, { cause: fault });
      });
  };
  for (const [path, stands, then] of asked) {
    await open(path, stands);
    const times: number[] = [];
    for (let n = 0; n < timesEach.browser; n += 1) times.push(await timed(() => open(path, stands)));
    timings.push({ name: `browser ${path}`, times: times.toSorted((a, b) => a - b) });
    await then?.(page);
    await picture(page, `${who?.login ?? 'public'}${path}`);
  }
  await context.close();
  return timings;
} // prettier-ignore

/** How it looks, wide and narrow. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['OPENCANVASS_SHOTS'];
  if (folder === undefined) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const path = join(folder, `georgia-${name.replaceAll(/\W+/g, '-')}-${width}.png`);
    await page.screenshot({ path, clip: { x: 0, y: 0, width, height: 4000 }, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}
