// Cast vote records into a Parquet file, as a reader delivers them. The rows go through a database on disk beside the file, so that
// memory stays flat whatever the size; nothing stands under the file's name until all of it does.
import { rm, rename } from 'node:fs/promises';
import {
  BIGINT,
  BOOLEAN,
  DuckDBDataChunk,
  DuckDBInstance,
  INTEGER,
  SMALLINT,
  VARCHAR,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
} from '@duckdb/node-api';
import { severalUnnamed, textAt, voteCodes } from '@opencanvass/evidence/cvr';
import type { CvrChunk, CvrConsumer, CvrHeader } from '@opencanvass/evidence/cvr';
import { codes, contestColumns, metadataKey, quoted, quotedText } from './columns.ts';
import type { ContestColumns, ParquetMeaning } from './columns.ts';

const identityTypes: readonly (readonly [string, DuckDBType])[] = [
  ['number', BIGINT],
  ['tabulator', VARCHAR],
  ['batch', VARCHAR],
  ['record', VARCHAR],
  ['imprinted', VARCHAR],
  ['precinct', VARCHAR],
  ['style', VARCHAR],
  ['counting_group', VARCHAR],
  ['adjudicated', BOOLEAN],
  ['weight', INTEGER],
];

/** DuckDB's own size of a chunk. */
const rowsAtOnce = 2048;

/** Writes what it takes; `finish` makes the file, `abandon` leaves none. */
export class ParquetWriter implements CvrConsumer {
  readonly #path: string;
  #instance: DuckDBInstance | undefined;
  #connection: DuckDBConnection | undefined;
  #appender: DuckDBAppender | undefined;
  #header: CvrHeader | undefined;
  #contests: readonly ContestColumns[] = [];
  #types: DuckDBType[] = [];
  #records = 0;
  #sums = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async begin(header: CvrHeader): Promise<void> {
    this.#header = header;
    this.#contests = contestColumns(header);
    await this.#removeWork();
    this.#instance = await DuckDBInstance.create(this.#database, { threads: '2' });
    this.#connection = await this.#instance.connect();
    const votes = this.#contests.flatMap(({ column, more }) => [column, ...more]);
    this.#types = [...identityTypes.map(([, type]) => type), ...votes.map(() => SMALLINT)];
    const columns = [
      ...identityTypes.map(([name, type]) => `${name} ${type.toString()}`),
      ...votes.map((name) => `${quoted(name)} SMALLINT`),
    ];
    await this.#connection.run(`CREATE TABLE cards (${columns.join(', ')})`);
    this.#appender = await this.#connection.createAppender('cards');
  }

  take(chunk: CvrChunk): void {
    const header = this.#header!;
    if (header.contests.length !== this.#contests.length)
      throw new RangeError('a contest was learned after the columns were made; collect the export first');
    this.#records += chunk.cards;
    this.#sums += chunk.sums.length;
    const votes = this.#contests.flatMap((contest, c) => voteColumns(contest, chunk, c));
    const names = (attribute: keyof CvrChunk['attributes']): ((i: number) => string) => {
      const [column, of] = [chunk.attributes[attribute], header.names[attribute]];
      return (i) => of[column[i]!]!;
    };
    const identity: ((i: number) => bigint | string | boolean | number | null)[] = [
      (i) => (chunk.number === undefined ? null : BigInt(chunk.number[i]!)),
      names('tabulator'),
      names('batch'),
      (i) => textAt(chunk.record, i),
      (i) => textAt(chunk.imprinted, i),
      names('precinct'),
      names('style'),
      names('countingGroup'),
      (i) => chunk.adjudicated[i] === 1,
      (i) => chunk.weight?.[i] ?? 1,
    ];
    for (let from = 0; from < chunk.cards; from += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, chunk.cards - from);
      const block = DuckDBDataChunk.create(this.#types, rows);
      for (const [k, value] of identity.entries())
        block.setColumnValues(
          k,
          Array.from({ length: rows }, (_, i) => value(from + i)),
        );
      for (const [k, column] of votes.entries())
        block.setColumnValues(
          identity.length + k,
          Array.from({ length: rows }, (_, i) => (column[from + i] === absent ? null : column[from + i]!)),
        );
      this.#appender!.appendDataChunk(block);
    }
  }

  /** Makes the file; gives back what its metadata says. */
  async finish(): Promise<ParquetMeaning> {
    const header = this.#header;
    if (header === undefined || this.#connection === undefined) throw new RangeError('nothing was begun');
    this.#appender!.closeSync();
    const meaning: ParquetMeaning = {
      election: header.election,
      format: header.format,
      version: header.version ?? '',
      records: this.#records,
      sums: this.#sums,
      contests: this.#contests.map(({ contest: { voteFor, ...contest }, column, more }) => ({
        ...contest,
        voteFor: voteFor ?? null,
        column,
        more,
      })),
    };
    const made = `${this.#path}.part`;
    await this.#connection.run(
      `COPY cards TO ${quotedText(made)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, KV_METADATA {${quotedText(metadataKey)}: ${quotedText(JSON.stringify(meaning))}})`,
    );
    await this.abandon();
    await rename(made, this.#path);
    return meaning;
  }

  /** Closes and removes what was begun. */
  async abandon(): Promise<void> {
    this.#connection?.closeSync();
    this.#instance?.closeSync();
    this.#connection = undefined;
    this.#instance = undefined;
    await this.#removeWork();
  }

  get #database(): string {
    return `${this.#path}.work`;
  }

  async #removeWork(): Promise<void> {
    for (const path of [this.#database, `${this.#database}.wal`]) await rm(path, { force: true });
  }
}

/** In a column of votes: NULL. */
const absent = -32_768;

/** A contest's column and those that follow it, for the records of a chunk. */
function voteColumns({ contest, more }: ContestColumns, chunk: CvrChunk, c: number): Int16Array[] {
  const column = chunk.contests[c];
  const status = new Int16Array(chunk.cards).fill(absent);
  const listed = more.map(() => new Int16Array(chunk.cards).fill(absent));
  if (column === undefined) return [status, ...listed];
  const { vote, marks } = column;
  for (let i = 0; i < chunk.cards; i++) {
    const code = vote[i]!;
    if (code >= 0) status[i] = code + 1;
    else if (code === voteCodes.blank) status[i] = codes.blank;
    else if (code === voteCodes.overvoted) status[i] = codes.overvoted;
    else if (code === voteCodes.listed) status[i] = codes.listed;
    else if (code === voteCodes.invalid) status[i] = codes.invalid;
  }
  let seat = 0;
  for (let m = 0; m < marks.record.length; m++) {
    const i = marks.record[m]!;
    seat = m > 0 && marks.record[m - 1] === i ? seat + 1 : 0;
    if (vote[i] !== voteCodes.listed) continue;
    const to = listed[contest.ranks > 0 ? marks.rank[m]! - 1 : seat];
    if (to === undefined) throw new RangeError(`${contest.name}: more marks than columns for them`);
    const several = to[i] !== absent || marks.choice[m] === severalUnnamed;
    to[i] = several ? codes.overvoted : marks.choice[m]! + 1;
  }
  return [status, ...listed];
}
