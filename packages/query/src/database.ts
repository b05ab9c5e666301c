// SQL over cast vote records in Parquet, safe for SQL from strangers: it can read these files and nothing else on the machine, cannot
// write, load code, reach the network or change a setting, and ends after a time.
import { DuckDBInstance, StatementType, type DuckDBConnection } from '@duckdb/node-api';
import { realpath } from 'node:fs/promises';
import { countSql, identityColumns, metadataKey, quotedText } from './columns.ts';
import type { ContestColumns, ParquetMeaning } from './columns.ts';

export interface QueryLimits {
  readonly seconds: number;
  readonly rows: number;
  readonly memory: string;
  readonly threads: number;
}
export const defaultLimits: QueryLimits = { seconds: 60, rows: 10_000, memory: '2GB', threads: 2 };

/** Why a question was not answered. */
export class QueryRefused extends Error {
  readonly code: 'not-parquet' | 'not-ours' | 'one-select' | 'sql' | 'too-long';
  constructor(code: QueryRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  /** There were more rows than the limit lets through. */
  readonly more: boolean;
}

/**
 * Files of `writeParquet`, open for questions. Tables: `cards`, a row for each record, with a column `file` (its place in the list,
 * from 1); `choices`, what the numbers in the contests' columns mean; `write_ins`, a row for each name that a voter wrote in.
 */
export class CvrDatabase {
  readonly meanings: readonly ParquetMeaning[];
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #limits: QueryLimits;

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    meanings: readonly ParquetMeaning[],
    limits: QueryLimits,
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.meanings = meanings;
    this.#limits = limits;
  }

  static async open(paths: readonly string[], limits: QueryLimits = defaultLimits): Promise<CvrDatabase> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(limits.threads),
      memory_limit: limits.memory,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      allow_unsigned_extensions: 'false',
      temp_directory: '',
    });
    const connection = await instance.connect();
    try {
      const real = await Promise.all(paths.map((path) => realpath(path)));
      const meanings: ParquetMeaning[] = [];
      for (const path of real) meanings.push(await meaningOf(connection, path));
      await makeTables(connection, real, meanings);
      const files = `[${real.map(quotedText).join(', ')}]`;
      for (const setting of [
        `allowed_paths = ${files}`,
        'enable_external_access = false',
        'lock_configuration = true',
      ])
        await connection.run(`SET ${setting}`);
      return new CvrDatabase(instance, connection, meanings, limits);
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      throw error;
    }
  }

  /** Answers one SELECT. */
  async ask(sql: string): Promise<Answer> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#connection.interrupt();
    }, this.#limits.seconds * 1000);
    try {
      const statements = await this.#connection.extractStatements(sql);
      if (statements.count !== 1)
        throw new QueryRefused('one-select', `expected one SELECT, found ${statements.count} statements`);
      const statement = await statements.prepare(0);
      if (
        statement.statementType !== StatementType.SELECT &&
        statement.statementType !== StatementType.EXPLAIN
      )
        throw new QueryRefused(
          'one-select',
          `expected a SELECT, found ${StatementType[statement.statementType]}`,
        );
      const reader = await statement.streamAndReadUntil(this.#limits.rows + 1);
      const rows = reader.getRowsJson().slice(0, this.#limits.rows) as Answer['rows'];
      return { columns: reader.columnNames(), rows, more: reader.currentRowCount > this.#limits.rows };
    } catch (error) {
      if (error instanceof QueryRefused) throw error;
      if (late) throw new QueryRefused('too-long', `no answer within ${this.#limits.seconds} seconds`);
      throw new QueryRefused('sql', (error as Error).message.trim());
    } finally {
      clearTimeout(timer);
    }
  }

  /** The votes of a contest by number of choice, as `countSql` counts them: the second road to what the tally of the columns gives. */
  async count(contest: ContestColumns): Promise<ReadonlyMap<number, number>> {
    const result = await this.#connection.runAndReadAll(countSql(contest));
    return new Map(result.getRows().map(([vote, cards]) => [Number(vote), Number(cards)]));
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

async function meaningOf(connection: DuckDBConnection, path: string): Promise<ParquetMeaning> {
  let rows;
  try {
    const found = await connection.runAndReadAll(
      `SELECT decode(value) FROM parquet_kv_metadata(${quotedText(path)}) WHERE decode(key) = ${quotedText(metadataKey)}`,
    );
    rows = found.getRows();
  } catch (error) {
    throw new QueryRefused(
      'not-parquet',
      `${path}: expected Parquet, found ${(error as Error).message.split('\n')[0]}`,
    );
  }
  const [[text] = []] = rows;
  if (typeof text !== 'string')
    throw new QueryRefused(
      'not-ours',
      `${path}: expected Parquet made by opencanvass convert, found no metadata ${metadataKey}`,
    );
  return JSON.parse(text) as ParquetMeaning;
}

async function makeTables(
  connection: DuckDBConnection,
  paths: readonly string[],
  meanings: readonly ParquetMeaning[],
): Promise<void> {
  const selects = paths.map(
    (path, i) => `SELECT ${i + 1}::SMALLINT AS file, * FROM read_parquet(${quotedText(path)})`,
  );
  await connection.run(`CREATE VIEW cards AS ${selects.join(' UNION ALL BY NAME ')}`);
  await connection.run(
    'CREATE TABLE choices (in_file SMALLINT, contest VARCHAR, column_name VARCHAR, vote_for SMALLINT, ranks SMALLINT, choice_number SMALLINT, choice VARCHAR, party VARCHAR, write_in BOOLEAN)',
  );
  const text = (value: string | undefined): string => (value === undefined ? 'NULL' : quotedText(value));
  const values = meanings.flatMap(({ contests }, f) =>
    contests.flatMap((contest) =>
      contest.choices.map(
        (choice, k) =>
          `(${f + 1}, ${text(contest.name)}, ${text(contest.column)}, ${contest.voteFor ?? 'NULL'}, ${contest.ranks}, ${k + 1}, ${text(choice.name)}, ${text(choice.party)}, ${choice.writeIn !== undefined})`,
      ),
    ),
  );
  if (values.length > 0) await connection.run(`INSERT INTO choices VALUES ${values.join(', ')}`);
  await connection.run(
    'CREATE TABLE sums (in_file SMALLINT, line BIGINT, label VARCHAR, style VARCHAR, column_name VARCHAR, place SMALLINT, votes BIGINT)',
  );
  const sums = meanings.flatMap(({ summed }, f) =>
    summed.flatMap(({ line, label, style, votes }) =>
      votes.flatMap((of) =>
        of.votes.map(
          (n, k) => `(${f + 1}, ${line}, ${text(label)}, ${text(style)}, ${text(of.column)}, ${k + 1}, ${n})`,
        ),
      ),
    ),
  );
  if (sums.length > 0) await connection.run(`INSERT INTO sums VALUES ${sums.join(', ')}`);
  await connection.run(
    'CREATE TABLE contests (in_file SMALLINT, contest_number SMALLINT, contest VARCHAR, column_name VARCHAR)',
  );
  const all = meanings.flatMap(({ contests }, f) =>
    contests.map(({ name, column }, c) => `(${f + 1}, ${c + 1}, ${text(name)}, ${text(column)})`),
  );
  if (all.length > 0) await connection.run(`INSERT INTO contests VALUES ${all.join(', ')}`);
  await connection.run(writeInsView);
}

const typeOf: Readonly<Record<string, string>> = {
  number: 'BIGINT',
  adjudicated: 'BOOLEAN',
  weight: 'INTEGER',
};

/** A row for each name that was written in. A file made before they were kept has none, and one made by others may lack any column. */
const writeInsView = `
  CREATE VIEW write_ins AS
  WITH said AS (
    SELECT file, ${identityColumns.filter((column) => column !== 'write_ins').join(', ')}, unnest(from_json(write_ins,
      '[{"contest":"SMALLINT","choice":"SMALLINT","rank":"SMALLINT","place":"SMALLINT","text":"VARCHAR","status":"VARCHAR"}]')) AS w
    FROM (SELECT ${identityColumns.map((column) => `NULL::${typeOf[column] ?? 'VARCHAR'} AS ${column}`).join(', ')} WHERE false UNION ALL BY NAME SELECT * FROM cards)
    WHERE write_ins IS NOT NULL
  )
  SELECT said.* EXCLUDE (w), contests.contest, contests.column_name, w.choice AS choice_number, choices.choice, w.rank AS rank,
    w.place AS place, w.text AS text, w.status AS status
  FROM said
  JOIN contests ON contests.in_file = file AND contest_number = w.contest
  LEFT JOIN choices ON choices.in_file = file AND choices.column_name = contests.column_name AND choice_number = w.choice`;
