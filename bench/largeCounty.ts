// Does the desk stand a large county? One of 500,000 cards and 20 contests uploads the cast vote records as its vendor exports them, is checked, seals, and is
// audited by comparing cards: announcement, seed, a round drawn, read and assessed. Through the API of a desk on this machine, a process of its own with
// its own embedded database. Of each act: how long it takes, how long another visitor waits meanwhile, and how long the desk stood still, in processor
// time, which others do not lengthen. OPENCANVASS_BENCH_CARDS makes the county smaller or larger.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { contestId, choiceId } from '@opencanvass/evidence/election';
import { openDesk } from '../apps/server/src/index.ts';
import { must, People } from './desk/people.ts';
import { startDesk, type DeskProcess } from './desk/process.ts';
import { county, csv, dominionCsv } from './generate/county.ts';
import type { BenchRow } from './row.ts';

const cards = Number(process.env['OPENCANVASS_BENCH_CARDS'] ?? 500_000);
const draws = 60;

export async function run(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-large-county-'));
  const at = join(folder, 'desk');
  const server = await startDesk(at, 'bench.example/large-county');
  const desk = await openDesk({ folder: at });
  try {
    return await audited(server, new People(desk, (path, init) => fetch(server.address + path, init)));
  } finally {
    await server.end();
    await desk.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function audited(server: DeskProcess, people: People): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  /** One act, and what another visitor sees of it. */
  const act = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    await server.measure();
    let done = false;
    const begun = performance.now();
    const waiting = longestWait(server, () => done);
    const result = await work().finally(() => (done = true));
    const took = performance.now() - begun;
    const others = await waiting;
    const { longest, memory } = await server.measure();
    rows.push({
      name,
      value: took / 1000,
      unit: 's',
      note: `others were answered within ${Math.round(others)} ms; the desk stood still for ${Math.round(longest.processor)} ms of processor time at most; ${Math.round(memory / 2 ** 20)} MiB`,
    });
    return result;
  };

  const made = exported();
  const state = await people.person('bench-state', 'state administrator');
  await must(state.client, 'setUp', { query: { name: 'results.csv', election: 'Made-up county', date: '2026-11-03', state: 'GA' }, file: made.results }); // oxfmt-ignore
  await people.key(state, state);
  const manager = await people.person('bench-clerk', 'county manager', 'kern');
  await people.key(manager, state);
  const params = { county: 'kern' };
  const { client } = manager;

  await act('the manifest uploaded', () => must(client, 'manifest', { params, query: { name: 'manifest.csv' }, file: made.manifest })); // oxfmt-ignore
  await act('the cast vote records uploaded and read', () => must(client, 'cvrs', { params, query: { name: 'cvr.csv' }, file: made.cvrs })); // oxfmt-ignore
  const { findings } = await act('held against manifest and results', () => must(client, 'checkInputs', { params })); // oxfmt-ignore
  const stops = findings.filter((f) => f.weight === 'stop');
  if (stops.length > 0) throw new Error(`the made-up files do not agree: ${JSON.stringify(stops)}`);
  const seal = await act('prepared to be sealed', () => must(client, 'seal', { params }));
  await act('sealed', () => people.sign(manager, seal));
  await act('announced', () => must(state.client, 'announce', { body: { contests: [{ contest: made.contest, method: 'card comparison', riskLimit: '0.05' }] } })); // oxfmt-ignore
  const body = { seed: '31415926535897932384', how: 'dice', witnesses: ['Ona Observer'] };
  await people.sign(state, await must(state.client, 'seed', { body }));
  const drawn = await act(`${draws} cards drawn`, () => must(state.client, 'draw', { params: { contest: made.contest }, body: { draws } })); // oxfmt-ignore
  const board = await people.board('kern', 'Board 1');
  await act('the board’s list', () => must(board, 'work', {}));
  await act(`${drawn.units.length} cards read by a board`, async () => {
    for (const { id } of drawn.units)
      await must(board, 'readCard', { body: { unit: id, contests: [{ contest: made.contest, reading: made.onPaper(id) }], confirmedByBoth: true } }); // oxfmt-ignore
  });
  const { contest } = await act('assessed', () => must(state.client, 'assess', { params: { contest: made.contest } })); // oxfmt-ignore
  if (contest.ending !== 'confirmed') throw new Error(`the audit came to: ${contest.ending}`);
  await act('the audit shown', () => must(state.client, 'status', {}));
  await act('the discrepancies shown', () =>
    must(client, 'discrepancies', { params: { contest: made.contest } }),
  );
  const { mostMemory } = await server.measure();
  const size = `${(made.cvrs.length / 1e6).toFixed(0)} MB, ${cards / 1e6} M cards × 20 × 4`;
  const load = `load average ${loadavg()[0]!.toFixed(1)}, ${availableParallelism()} processors`;
  return [
    { name: 'memory of the desk, at most', value: mostMemory / 2 ** 20, unit: 'MiB', note: `its threads included; ${size}; ${load}` },
    ...rows,
  ]; // oxfmt-ignore
}

/** How long the slowest of the answers takes that somebody else is given meanwhile, in milliseconds. */
async function longestWait(server: DeskProcess, done: () => boolean): Promise<number> {
  let longest = 0;
  while (!done()) {
    const begun = performance.now();
    // A connection that was idle while the desk stood still may be closed as it is used: a browser asks again, and so does this.
    for (let answered = false; !answered;)
      answered = await fetch(`${server.address}/api/session`).then(
        async (answer) => (await answer.arrayBuffer()).byteLength > 0,
        () => false,
      );
    longest = Math.max(longest, performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return longest;
}

/** The county's files, and what is on the paper. */
function exported() {
  const blocks: Uint8Array[] = [];
  const of = county({ cards, contests: 20, choices: 4, seed: 1 });
  for (const block of dominionCsv(of)) blocks.push(block.slice());
  // The same county again, for what each card says in the first contest.
  const again = county({ cards, contests: 20, choices: 4, seed: 1 });
  const first = new Int8Array(cards);
  const votes = new Int8Array(20);
  for (let card = 0; card < cards; card++) {
    again.next(votes);
    first[card] = votes[0]!;
  }
  const { batch: inBatch } = of.size;
  const batches = Array.from({ length: Math.ceil(cards / inBatch) }, (_, b) => `${1 + (b % 8)},${b},${Math.min(inBatch, cards - b * inBatch)}`); // oxfmt-ignore
  const results = of.contests.flatMap((name, c) =>
    [...of.totals[c]!].map((n, k) => `Kern,${csv(name)},${of.choice(c, k)},${n}`),
  );
  return {
    contest: contestId(of.contests[0]!),
    cvrs: new Uint8Array(Buffer.concat(blocks)),
    manifest: toUtf8(['Tabulator,Batch Name,Number of Ballots', ...batches, ''].join('\n')),
    results: toUtf8(['jurisdiction,contest,choice,votes', ...results, ''].join('\n')),
    onPaper: (unit: string) => {
      const [, , batch, card] = unit.split('/');
      const said = first[Number(batch) * inBatch + Number(card) - 1]!;
      return said >= 0
        ? { kind: 'votes' as const, choices: [choiceId(of.choice(0, said))] }
        : { kind: said === -1 ? ('blank' as const) : ('overvote' as const) };
    },
  };
}
