// Cast vote records into a Parquet file, as a reader delivers them: a row group at a time, so that memory stays flat whatever the size. Which
// contests there are, and how many columns each needs, some formats tell only in their last record: so the pages wait in a file beside, and
// the file itself is put together from them at the end. Nothing stands under the file's name until all of it does.
import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { severalUnnamed, voteCodes } from '@opencanvass/evidence/cvr';
import type {
  CardAttribute,
  CvrChunk,
  CvrConsumer,
  CvrContest,
  CvrHeader,
  SummedRow,
} from '@opencanvass/evidence/cvr';
import { codes, contestColumns, metadataKey } from './columns.ts';
import type { ContestColumns, ParquetMeaning } from './columns.ts';
import {
  bigints,
  booleans,
  footer,
  integers,
  magic,
  names,
  nulls,
  rareTexts,
  smallints,
  texts,
} from './parquetFile.ts';
import type { ColumnChunk, ColumnType } from './parquetFile.ts';

const identityTypes: readonly (readonly [string, ColumnType])[] = [
  ['number', 'bigint'],
  ['tabulator', 'text'],
  ['batch', 'text'],
  ['record', 'text'],
  ['imprinted', 'text'],
  ['precinct', 'text'],
  ['style', 'text'],
  ['counting_group', 'text'],
  ['adjudicated', 'boolean'],
  ['weight', 'integer'],
  ['write_ins', 'text'],
];

/** As many rows as DuckDB and others deal with at once. */
const rowsOfGroup = 122_880;

/** A column chunk in the file beside: where its pages stand. */
type Kept = Omit<ColumnChunk, 'bytes'> & { readonly at: number; readonly length: number };

interface Group {
  readonly rows: number;
  readonly identity: readonly Kept[];
  /** By contest as far as they were known then. */
  readonly contests: readonly {
    readonly status: Kept;
    readonly more: readonly Kept[];
    readonly marks: Kept | undefined;
  }[];
}

/** Writes what it takes; `finish` makes the file, `abandon` leaves none. */
export class ParquetWriter implements CvrConsumer {
  readonly #path: string;
  #work: number | undefined;
  #written = 0;
  #header: CvrHeader | undefined;
  #waiting: CvrChunk[] = [];
  #rows = 0;
  readonly #groups: Group[] = [];
  #records = 0;
  readonly #sums: SummedRow[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  begin(header: CvrHeader): void {
    this.#header = header;
    this.#work = openSync(this.#workPath, 'w+');
  }

  take(chunk: CvrChunk): void {
    this.#records += chunk.cards;
    this.#sums.push(...chunk.sums);
    if (chunk.cards === 0) return;
    this.#waiting.push(chunk);
    this.#rows += chunk.cards;
    if (this.#rows >= rowsOfGroup) this.#group();
  }

  /** Makes the file; gives back what its metadata says. */
  finish(): ParquetMeaning {
    const header = this.#header;
    if (header === undefined || this.#work === undefined) throw new RangeError('nothing was begun');
    if (this.#rows > 0) this.#group();
    const contests = contestColumns(header, this.#shapes(header));
    const meaning: ParquetMeaning = {
      election: header.election,
      format: header.format,
      version: header.version ?? '',
      records: this.#records,
      sums: this.#sums.length,
      summed: this.#sums.map(({ line, label, style, votes }) => ({
        line,
        label,
        style,
        votes: votes.flatMap((of, c) =>
          of === undefined ? [] : [{ column: contests[c]!.column, votes: [...of] }],
        ),
      })),
      contests: contests.map(({ contest: { voteFor, ...contest }, column, more, marks }) => ({
        ...contest,
        voteFor: voteFor ?? null,
        column,
        more,
        marks: marks ?? null,
      })),
    };
    const made = `${this.#path}.part`;
    this.#assemble(made, contests, meaning);
    this.abandon();
    renameSync(made, this.#path);
    return meaning;
  }

  /** Closes and removes what was begun. */
  abandon(): void {
    if (this.#work === undefined) return;
    closeSync(this.#work);
    this.#work = undefined;
    rmSync(this.#workPath, { force: true });
  }

  get #workPath(): string {
    return `${this.#path}.work`;
  }

  /** What the votes need besides a column: how many for several votes, and whether one for marks that count for nothing. */
  #shapes(header: CvrHeader): { several: number; marks: boolean }[] {
    return header.contests.map((_, c) => ({
      several: Math.max(0, ...this.#groups.map(({ contests }) => contests[c]?.more.length ?? 0)),
      marks: this.#groups.some(({ contests }) => contests[c]?.marks !== undefined),
    }));
  }

  /** The rows that wait, as a row group. */
  #group(): void {
    const header = this.#header!;
    const chunks = this.#waiting;
    const rows = this.#rows;
    const joined = <A extends Uint8Array | Uint32Array | Float64Array>(
      all: A,
      of: (chunk: CvrChunk) => A | undefined,
    ): A => {
      let at = 0;
      for (const chunk of chunks) {
        const part = of(chunk);
        if (part !== undefined) all.set(part, at);
        at += chunk.cards;
      }
      return all;
    };
    const attribute = (name: CardAttribute): ColumnChunk =>
      names(
        joined(new Uint32Array(rows), (chunk) => chunk.attributes[name]),
        header.names[name],
      );
    const numbered = chunks.every((chunk) => chunk.number !== undefined);
    const identity = [
      bigints(numbered ? joined(new Float64Array(rows), (chunk) => chunk.number) : undefined, rows),
      attribute('tabulator'),
      attribute('batch'),
      texts(chunks.map((chunk) => chunk.record)),
      texts(chunks.map((chunk) => chunk.imprinted)),
      attribute('precinct'),
      attribute('style'),
      attribute('countingGroup'),
      booleans(joined(new Uint8Array(rows), (chunk) => chunk.adjudicated)),
      integers(joined(new Uint32Array(rows).fill(1), (chunk) => chunk.weight)),
      rareTexts(writeInsByRow(chunks), rows),
    ];
    this.#groups.push({
      rows,
      identity: identity.map((chunk) => this.#keep(chunk)),
      contests: header.contests.map((contest, c) => {
        const { status, more, marks } = voteColumns(contest, chunks, c, rows);
        return {
          status: this.#keep(smallints(status, absent)),
          more: more.map((column) => this.#keep(smallints(column, absent))),
          marks: marks === undefined ? undefined : this.#keep(rareTexts(marks, rows)),
        };
      }),
    });
    this.#waiting = [];
    this.#rows = 0;
  }

  #keep({ bytes, ...chunk }: ColumnChunk): Kept {
    writeAll(this.#work!, bytes);
    const at = this.#written;
    this.#written += bytes.length;
    return { ...chunk, at, length: bytes.length };
  }

  #assemble(path: string, contests: readonly ContestColumns[], meaning: ParquetMeaning): void {
    const file = openSync(path, 'w');
    try {
      writeAll(file, magic);
      let at = magic.length;
      const groups = this.#groups.map((group) => {
        const empty = nulls(group.rows);
        const place = (kept: Kept | undefined): Kept => {
          const bytes = kept === undefined ? empty.bytes : this.#kept(kept);
          writeAll(file, bytes);
          const placed = { ...(kept ?? empty), at, length: bytes.length };
          at += bytes.length;
          return placed;
        };
        return [
          ...group.identity.map(place),
          ...contests.flatMap(({ more, marks }, c) => {
            const of = group.contests[c];
            return [
              place(of?.status),
              ...more.map((_, k) => place(of?.more[k])),
              ...(marks === undefined ? [] : [place(of?.marks)]),
            ];
          }),
        ];
      });
      const columns = [
        ...identityTypes.map(([name, type]) => ({ name, type })),
        ...contests.flatMap(({ column, more, marks }) => [
          ...[column, ...more].map((name) => ({ name, type: 'smallint' as const })),
          ...(marks === undefined ? [] : [{ name: marks, type: 'text' as const }]),
        ]),
      ];
      writeAll(file, footer(columns, groups, [[metadataKey, JSON.stringify(meaning)]]));
    } finally {
      closeSync(file);
    }
  }

  #kept({ at, length }: Kept): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let got = 0; got < length;) got += readSync(this.#work!, bytes, got, length - got, at + got);
    return bytes;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** By row: who was written in on it, as `columns.ts` describes it. */
function writeInsByRow(chunks: readonly CvrChunk[]): ReadonlyMap<number, string> {
  const said = new Map<number, string>();
  let first = 0;
  for (const { cards, writeIns } of chunks) {
    for (let from = 0; from < writeIns.length;) {
      const { record } = writeIns[from]!;
      let to = from + 1;
      while (writeIns[to]?.record === record) to += 1;
      const row = writeIns.slice(from, to).map(({ contest, choice, rank, place, text, status }) => ({
        contest: contest + 1,
        choice: choice + 1,
        rank,
        place: place ?? null,
        text,
        status,
      }));
      said.set(first + record, JSON.stringify(row));
      from = to;
    }
    first += cards;
  }
  return said;
}

/** In a column of votes: NULL. */
const absent = -32_768;

/** A contest's column, those of several votes or of its ranks, and, where marks count for nothing or are several at a rank, which they are. */
function voteColumns(
  contest: CvrContest,
  chunks: readonly CvrChunk[],
  c: number,
  rows: number,
): { status: Int16Array; more: Int16Array[]; marks: ReadonlyMap<number, string> | undefined } {
  const status = new Int16Array(rows).fill(absent);
  const more: Int16Array[] = [];
  let texts: Map<number, string> | undefined;
  let first = 0;
  for (const chunk of chunks) {
    const column = chunk.contests[c];
    if (column !== undefined) {
      const { vote, marks } = column;
      for (let i = 0; i < chunk.cards; i++) {
        const code = vote[i]!;
        if (code >= 0) status[first + i] = code + 1;
        else if (code !== voteCodes.notOnCard) status[first + i] = statusOf(code);
      }
      for (let m = 0; m < marks.record.length;) {
        const i = marks.record[m]!;
        let end = m;
        while (marks.record[end] === i) end += 1;
        let untold = vote[i] !== voteCodes.listed;
        for (let k = m; k < end && vote[i] === voteCodes.listed; k++) {
          const at = contest.ranks > 0 ? marks.rank[k]! - 1 : k - m;
          while (more.length <= at) more.push(new Int16Array(rows).fill(absent));
          const to = more[at]!;
          const several = to[first + i] !== absent || marks.choice[k] === severalUnnamed;
          to[first + i] = several ? codes.overvoted : marks.choice[k]! + 1;
          untold ||= several;
        }
        if (untold) {
          texts ??= new Map();
          const said: string[] = [];
          for (let k = m; k < end; k++) {
            const which = marks.choice[k] === severalUnnamed ? '?' : String(marks.choice[k]! + 1);
            said.push(contest.ranks > 0 ? `${which}@${marks.rank[k]}` : which);
          }
          texts.set(first + i, said.join(' '));
        }
        m = end;
      }
    }
    first += chunk.cards;
  }
  return { status, more, marks: texts };
}

function statusOf(code: number): number {
  switch (code) {
    case voteCodes.blank:
      return codes.blank;
    case voteCodes.overvoted:
      return codes.overvoted;
    case voteCodes.listed:
      return codes.listed;
    case voteCodes.invalid:
      return codes.invalid;
    default:
      throw new RangeError(`${code} is no code of a vote`);
  }
}
