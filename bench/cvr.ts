// How fast are cast vote records read and counted? Against what the machine can do at best in the same run: a bare scan for line ends,
// JSON.parse. Exports are made up in a temporary folder. OPENCANVASS_BENCH_CARDS makes them smaller or larger (default 500,000).
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readDominionCsv, readDominionJson } from '@opencanvass/evidence/formats';
import type { InputFile } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';
import { CvrDatabase, metadataKey } from '@opencanvass/query';
import { fileOnDisk } from '@opencanvass/query/disk';
import { countInParallel, type ParallelCount } from '@opencanvass/query/parallel';
import { county, dominionCsv, dominionJson } from './generate/county.ts';
import type { BenchRow } from './row.ts';

const cards = Number(process.env['OPENCANVASS_BENCH_CARDS'] ?? 500_000);
const inMillions = (n: number): string => `${n / 1e6} M`;

export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'opencanvass-bench-'));
  try {
    return [
      ...(await csvRows(folder)),
      ...(await growth()),
      ...(await jsonRows(folder)),
      ...(await parquetRows(folder)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The best of some runs: wall and processor seconds. */
async function best(work: () => Promise<void> | void, runs = 3): Promise<{ wall: number; cpu: number }> {
  let least = { wall: Infinity, cpu: Infinity };
  for (let r = 0; r < runs; r++) {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - start) / 1000;
    if (wall < least.wall) least = { wall, cpu: (user + system) / 1e6 };
  }
  return least;
}

/** Undefined where the export has no two parts to be counted side by side. */
async function inTwoThreads(
  path: string,
  check: (count: ParallelCount) => void,
): Promise<{ wall: number; cpu: number } | undefined> {
  const counted = () => countInParallel(path, [], { threads: 2, leastParts: 2 });
  if ((await counted()) === undefined) return undefined;
  return best(async () => check((await counted())!));
}

const tooSmall = (name: string): BenchRow => ({
  name,
  value: 0,
  unit: 'not run',
  note: 'too small for two threads',
});

async function csvRows(folder: string): Promise<BenchRow[]> {
  const path = join(folder, 'cvr.csv');
  const made = county({ cards, contests: 20, choices: 4, seed: 1 });
  const file = openSync(path, 'w');
  for (const block of dominionCsv(made)) writeSync(file, block);
  closeSync(file);
  const bytes = readFileSync(path);
  const scan = await best(() => {
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1));
  });
  const check = (tally: UnitTally): void => {
    const votes = tally.units[0]!.contests.map((contest) => contest.votes);
    if (JSON.stringify(votes) !== JSON.stringify(made.totals.map((totals) => [...totals])))
      throw new Error('the count is not what was made');
  };
  const one = await best(async () => {
    const tallier = new UnitTallier();
    await readDominionCsv(fileOnDisk(path), tallier);
    check(tallier.tally);
  });
  const all = await inTwoThreads(path, ({ tally }) => check(tally));
  const size = `${(statSync(path).size / 1e6).toFixed(0)} MB, ${inMillions(cards)} cards × 20 × 4`;
  return [
    { name: 'scan for line ends', value: scan.wall, unit: 's', note: size },
    { name: 'Dominion CSV read and tallied, one thread', value: one.wall, unit: 's', ratioTo: 'scan for line ends', ratio: one.wall / scan.wall, note: `${one.cpu.toFixed(2)} s of processor` },
    all === undefined
      ? tooSmall('Dominion CSV read and tallied, two threads')
      : { name: 'Dominion CSV read and tallied, two threads', value: all.wall, unit: 's', ratioTo: 'scan for line ends', ratio: all.wall / scan.wall, note: `${all.cpu.toFixed(2)} s of processor` },
  ]; // oxfmt-ignore
}

/** The same count at three sizes of each kind: what doubles when cards, contests or choices double. */
async function growth(): Promise<BenchRow[]> {
  const unit = Math.max(1000, Math.ceil(cards / 20));
  const base = { cards: unit, contests: 20, choices: 4, seed: 2 };
  const rows: BenchRow[] = [];
  for (const [what, sizes] of [
    ['cards', [base, { ...base, cards: 2 * unit }, { ...base, cards: 4 * unit }]],
    ['contests', [{ ...base, contests: 10 }, base, { ...base, contests: 40 }]],
    ['choices', [{ ...base, choices: 2 }, base, { ...base, choices: 8 }]],
  ] as const) {
    const times: number[] = [];
    for (const size of sizes) {
      const blocks = [...dominionCsv(county(size))];
      const file: InputFile = { name: 'cvr.csv', bytes: async function* () { yield* blocks; } }; // oxfmt-ignore
      const { cpu } = await best(async () => void (await readDominionCsv(file, new UnitTallier())));
      times.push(cpu);
    }
    rows.push({
      name: `twice the ${what}, processor time`,
      value: times[2]! / times[1]!,
      unit: '×',
      note: `${sizes.map((size) => size[what]).join(', ')} ${what}: ${times.map((t) => `${(t * 1000).toFixed(0)} ms`).join(', ')}`,
    });
  }
  return rows;
}

async function jsonRows(within: string): Promise<BenchRow[]> {
  const folder = join(within, 'json');
  mkdirSync(folder);
  const made = county({ cards: Math.ceil(cards / 20), contests: 20, choices: 4, seed: 3 });
  const files = dominionJson(made).map(({ name, bytes }) => {
    const blocks = [...bytes()];
    const file = openSync(join(folder, name), 'w');
    for (const block of blocks) writeSync(file, block);
    closeSync(file);
    return { name, blocks, length: blocks.reduce((n, b) => n + b.length, 0) };
  });
  const sessions = files.at(-1)!;
  const megabytes = sessions.length / 1e6;
  const inputs: InputFile[] = files.map(({ name, blocks }) => ({
    name,
    bytes: async function* () {
      yield* blocks;
    },
  }));
  const text = Buffer.concat(sessions.blocks).toString();
  const parse = await best(() => void JSON.parse(text));
  const read = await best(async () => {
    const reading = await readDominionJson(inputs, new UnitTallier());
    if (!reading.ok || reading.value.records !== made.size.cards)
      throw new Error('not all sessions were read');
  });
  const all = await inTwoThreads(folder, ({ reading }) => {
    if (reading.value.records !== made.size.cards) throw new Error('not all sessions were read');
  });
  return [
    { name: 'JSON.parse', value: megabytes / parse.cpu, unit: 'MB/s of processor', note: `${megabytes.toFixed(0)} MB of sessions` },
    { name: 'Dominion JSON read and tallied', value: megabytes / read.cpu, unit: 'MB/s of processor', ratioTo: 'JSON.parse', ratio: parse.cpu / read.cpu },
    all === undefined
      ? tooSmall('Dominion JSON read and tallied, two threads')
      : { name: 'Dominion JSON read and tallied, two threads', value: megabytes / all.wall, unit: 'MB/s', ratioTo: 'JSON.parse', ratio: parse.wall / all.wall, note: `from the disk; ${all.cpu.toFixed(2)} s of processor, ${all.wall.toFixed(2)} s` },
  ]; // oxfmt-ignore
}

async function parquetRows(folder: string): Promise<BenchRow[]> {
  const path = join(folder, 'cards.parquet');
  const rows = 10 * cards;
  const columns = Array.from({ length: 20 }, (_, c) => `contest_${c + 1}`);
  const meaning = {
    election: '', format: '', version: '', records: rows, sums: 0,
    summed: [],
    contests: columns.map((column) => ({ id: column, name: column, voteFor: 1, ranks: 0, choices: [], column, more: [], marks: null })),
  }; // oxfmt-ignore
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT i AS number, '' AS precinct, 1::INTEGER AS weight, ${columns.map((column, c) => `(hash(i * 31 + ${c}) % 5)::SMALLINT AS ${column}`).join(', ')} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet, COMPRESSION zstd, KV_METADATA {'${metadataKey}': '${JSON.stringify(meaning)}'})`,
  );
  connection.closeSync();
  instance.closeSync();
  const database = await CvrDatabase.open([path]);
  let most = 0;
  const count = await best(async () => {
    for (const { column, voteFor, ...contest } of database.meanings[0]!.contests) {
      const votes = await database.count({
        contest: { ...contest, voteFor: voteFor ?? undefined },
        column,
        more: [],
        marks: undefined,
      });
      if ([...votes.values()].reduce((a, b) => a + b) !== rows) throw new Error('not all cards were counted');
      most = Math.max(most, process.memoryUsage.rss());
    }
  }, 2);
  database.close();
  return [
    { name: 'tallied from Parquet', value: count.wall, unit: 's', note: `${inMillions(rows)} cards × 20 contests, ${(statSync(path).size / 1e6).toFixed(0)} MB, ${(most / 1e6).toFixed(0)} MB resident, ${count.cpu.toFixed(2)} s of processor` },
  ]; // oxfmt-ignore
}
