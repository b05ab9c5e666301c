// `npm run test:clickhouse`: do the same Parquet and the same SQL give the same counts on ClickHouse, which a state may already run, as on
// DuckDB, and as our own tally? chDB is ClickHouse's engine as an npm package; with 546 MB it is too large to be a dependency of everyone,
// so this is no part of `npm test`, and installs nothing.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CvrConsumer } from '@opencanvass/evidence/cvr';
import { readDominionCsv } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import { contestColumns, countSql, CvrDatabase, ParquetWriter, quotedText } from '@opencanvass/query';
import { county, dominionCsv } from '../bench/generate/county.ts';
import { everyCode } from '../bench/generate/everyCode.ts';

interface ChDb {
  query(sql: string, format: 'CSV'): string;
}

const cards = Number(process.env['OPENCANVASS_BENCH_CARDS'] ?? 500_000);

/** From this repository's node_modules, or from the folder that OPENCANVASS_CHDB names. */
function findChDb(): ChDb | undefined {
  const from = resolve(process.env['OPENCANVASS_CHDB'] ?? '.', 'package.json');
  try {
    return createRequire(from)('chdb') as ChDb;
  } catch {
    return undefined;
  }
}

/** A generated county, one vote a contest, through the reader of Dominion's CSV. */
async function plainCounty(to: CvrConsumer): Promise<void> {
  const made = county({ cards, contests: 20, choices: 4, seed: 1 });
  const read = await readDominionCsv({ name: 'county.csv', bytes: async function* () { yield* dominionCsv(made); } }, to);
  if (!read.ok) throw new Error(read.refusals[0]?.code);
} // oxfmt-ignore

/** Counts every contest of an export by three roads; says where they part. */
async function compare(chdb: ChDb, path: string, make: (to: CvrConsumer) => Promise<void>): Promise<number> {
  const writer = new ParquetWriter(path);
  await make(writer);
  writer.finish();
  const tallier = new UnitTallier();
  await make(tallier);
  const { header, units } = tallier.tally;
  const database = await CvrDatabase.open([path]);
  const [contests, seconds] = [contestColumns(header), { duckdb: 0, clickhouse: 0 }];
  const timed = async <T>(of: keyof typeof seconds, work: () => Promise<T> | T): Promise<T> => {
    const start = performance.now();
    const result = await work();
    seconds[of] += (performance.now() - start) / 1000;
    return result;
  };
  let [rows, differ] = [0, 0];
  for (const [c, contest] of contests.entries()) {
    const duckdb = await timed('duckdb', () => database.count(contest));
    const text = await timed('clickhouse', () =>
      chdb.query(countSql(contest, `file(${quotedText(path)}, Parquet)`), 'CSV'),
    );
    const clickhouse = new Map(
      text.trim().split('\n').map((line) => line.split(',').map(Number) as [number, number]),
    ); // oxfmt-ignore
    const votes = units[0]!.contests[c]!.votes;
    const codes = new Set([...duckdb.keys(), ...clickhouse.keys(), ...votes.map((_, k) => k + 1)]);
    for (const code of codes) {
      rows += 1;
      const [a, b] = [duckdb.get(code) ?? 0, clickhouse.get(code) ?? 0];
      const ours = code > 0 ? votes[code - 1] : a;
      if (a === b && a === ours) continue;
      differ += 1;
      console.log(`${contest.column} ${code}: DuckDB ${a}, ClickHouse ${b}, tally ${ours}`);
    }
  }
  database.close();
  console.log(
    `${units[0]!.cards} cards × ${contests.length} contests, ${(statSync(path).size / 1e6).toFixed(1)} MB of Parquet: ${rows} counts, ${differ} differ; DuckDB ${seconds.duckdb.toFixed(2)} s, ClickHouse ${seconds.clickhouse.toFixed(2)} s`,
  );
  return differ;
}

const chdb = findChDb();
if (chdb === undefined) {
  console.error(
    'chdb is not installed; it takes 546 MB and runs on Linux and macOS. In a folder of its own: npm i --ignore-scripts chdb@3.4.0, then OPENCANVASS_CHDB=THAT-FOLDER npm run test:clickhouse',
  );
  process.exitCode = 66;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'opencanvass-clickhouse-'));
  try {
    console.log(`ClickHouse ${chdb.query('SELECT version()', 'CSV').trim()}`);
    const differ =
      (await compare(chdb, join(folder, 'county.parquet'), plainCounty)) +
      (await compare(chdb, join(folder, 'several.parquet'), (to) => everyCode(to, 20_000)));
    if (process.argv.includes('--plan')) {
      const contest = `EXPLAIN PIPELINE SELECT contest_1_district_0 AS vote, sum(weight) FROM file(${quotedText(join(folder, 'county.parquet'))}, Parquet) WHERE contest_1_district_0 IS NOT NULL GROUP BY 1`;
      console.log(chdb.query(contest, 'CSV').replaceAll('"', ''));
    }
    process.exitCode = differ === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
