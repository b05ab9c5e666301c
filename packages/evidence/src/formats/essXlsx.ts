// ES&S cast vote records as a workbook: a row for each ballot (or, with a Count column, for several), a column for each rank of a
// ranked contest ("For Mayor Choice 1 (45)", "1st Choice") or for a contest. A cell holds a name, or says "undervote",
// "overvote", "write-in" in words that the office chose; so does what an empty cell means.
import { ChunkBuilder, cvrContest, emptyNames, isWriteInLine, voteCodes } from '../cvr/index.ts';
import type { CvrConsumer, CvrChunk, GrowingContest } from '../cvr/index.ts';
import { allBytes, type InputFile } from './input.ts';
import { ChoiceNames, markRanking } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal, Remark } from './reading.ts';
import { readXlsxByPieces, type Row } from './xlsx.ts';
import { inMemory } from './zip.ts';

export const essXlsxReader = { reader: 'ess-xlsx', version: '1' } as const;

export interface EssOptions {
  /** Where the columns stand, counted from 1; without it, the titles in row 1 say so. The contest takes `ranks` columns. */
  readonly columns?: {
    readonly firstVote: number;
    readonly ranks: number;
    readonly firstRow: number;
    readonly id?: number;
    readonly precinct?: number;
    readonly batch?: number;
  };
  /** The contest's name where `columns` are stated. */
  readonly contest?: string;
  /** Words in place of a name, compared after trimming; `undefined` in a list is the empty cell. */
  readonly words?: EssWords;
  /** Divides several names in one cell. */
  readonly overvoteDelimiter?: string;
}

export interface EssWords {
  readonly overvote: readonly string[];
  readonly skipped: readonly string[];
  readonly writeIn: readonly string[];
  /** An empty cell is an undeclared write-in (else it is a skipped rank). */
  readonly blankIsWriteIn?: boolean;
}

/** Words met in real files. */
export const essWords: EssWords = {
  overvote: ['overvote'],
  skipped: ['undervote', 'skipped'],
  writeIn: ['UWI', 'write-in', 'Write-in', 'Write-In', 'undeclared write-in'],
};

/** Of a workbook that must be held in memory, because it came over a network or out of an archive. */
const largest = 512 * 1024 * 1024;

export async function readEssXlsx(
  file: InputFile,
  to: CvrConsumer,
  options: EssOptions = {},
): Promise<Reading<CvrReading>> {
  const archive = file.place ?? (await allBytes(file, largest));
  const refuse = (
    code: string,
    expected: string,
    found: string,
    line?: number,
  ): { ok: false; refusals: Refusal[] } => ({
    ok: false,
    refusals: [
      {
        code,
        file: file.name,
        ...(line === undefined ? {} : { line }),
        expected,
        found,
        todo: 'say where the columns stand',
      },
    ],
  });
  if (archive === undefined) return refuse('too-large', `a workbook of at most ${largest} bytes`, 'more');

  const chunks: CvrChunk[] = [];
  const remarks: Remark[] = [];
  let rows: EssRows | undefined;
  let fault: Refusal | undefined;
  if (options.columns !== undefined)
    rows = new EssRows(statedLayout(options.contest ?? file.name, options.columns), options);
  const first = options.columns?.firstRow ?? 2;
  let begun = false;
  const deliver = async (): Promise<void> => {
    if (rows === undefined) return;
    if (!begun) await to.begin(rows.builder.header);
    begun = true;
    for (const chunk of chunks.splice(0)) await to.take(chunk);
  };
  const onRow = (row: Row, number: number): void => {
    if (fault !== undefined) return;
    if (rows === undefined) {
      const layout = titledLayout(row);
      if (layout === undefined) {
        const titles = row.filter((t) => t !== undefined).join(', ');
        const [refusal] = refuse(
          'missing-column',
          'a column of votes, such as "1st Choice"',
          titles,
          number,
        ).refusals;
        fault = refusal;
      } else rows = new EssRows(layout, options);
      return;
    }
    if (number < first) return;
    fault = rows.read(row, number, file.name);
    if (rows.builder.full) chunks.push(rows.builder.take());
  };
  const reading = await readXlsxByPieces(
    archive instanceof Uint8Array ? inMemory(archive) : archive,
    file.name,
    onRow,
    deliver,
    file.inflater,
  );
  if (!reading.ok) return reading;
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  if (rows === undefined) return refuse('empty-file', 'a row of titles', 'none');
  await deliver();
  const records = rows.builder.total;
  await rows.builder.deliver(to);
  if (reading.sheets.length > 1)
    remarks.push({
      code: 'several-sheets',
      file: file.name,
      expected: 'one sheet',
      found: `${reading.sheets.join(', ')}; read: ${reading.sheet}`,
    });
  return {
    ok: true,
    value: { header: rows.builder.header, records, sums: 0 },
    rowsRead: records,
    rowsRefused: [],
    remarks,
  };
}

interface Layout {
  /** Columns from 0. */
  readonly contests: readonly { readonly contest: GrowingContest; readonly columns: readonly number[] }[];
  readonly id?: number | undefined;
  readonly precinct?: number | undefined;
  readonly batch?: number | undefined;
  readonly style?: number | undefined;
  readonly count?: number | undefined;
}

function statedLayout(name: string, columns: NonNullable<EssOptions['columns']>): Layout {
  const index = (n: number | undefined): number | undefined => (n === undefined ? undefined : n - 1);
  return {
    contests: [
      {
        contest: cvrContest(name, 1, columns.ranks),
        columns: Array.from({ length: columns.ranks }, (_, r) => columns.firstVote - 1 + r),
      },
    ],
    id: index(columns.id),
    precinct: index(columns.precinct),
    batch: index(columns.batch),
  };
}

const titles: Readonly<Record<string, 'id' | 'precinct' | 'batch' | 'style' | 'count'>> = {
  'cast vote record': 'id',
  'ballot #': 'id',
  precinct: 'precinct',
  'precinct id': 'precinct',
  batch: 'batch',
  'ballot style': 'style',
  count: 'count',
};

/** "For Mayor Choice 2 (50)"; "1ST CHOICE MAYOR MINNEAPOLIS"; "2nd Choice". */
function rankIn(title: string): { readonly contest: string; readonly rank: number } | undefined {
  const after = /^(.*?)\s*\bchoice\s+(\d+)\s*(?:\(\d+\))?$/i.exec(title);
  if (after !== null) return { contest: after[1]!, rank: Number(after[2]) };
  const before = /^(\d+)(?:st|nd|rd|th)\s+choice\b\s*(.*)$/i.exec(title);
  return before === null ? undefined : { contest: before[2]!, rank: Number(before[1]) };
}

function titledLayout(row: Row): Layout | undefined {
  const known: Partial<Record<'id' | 'precinct' | 'batch' | 'style' | 'count', number>> = {};
  const byName = new Map<string, { ranked: boolean; columns: number[] }>();
  for (const [column, cell] of row.entries()) {
    const title = cell?.trim() ?? '';
    if (title === '') continue;
    const identity = titles[title.toLowerCase()];
    if (identity !== undefined) known[identity] ??= column;
    else {
      const ranked = rankIn(title);
      const name = ranked?.contest ?? title.replace(/\s*\(\d+\)$/, '');
      const group = byName.get(name) ?? { ranked: ranked !== undefined, columns: [] };
      byName.set(name, group);
      // Ranks that do not come in order, and a contest twice, are no layout that can be trusted.
      if (group.columns.length + 1 !== (ranked?.rank ?? 1)) return undefined;
      group.columns.push(column);
    }
  }
  if (byName.size === 0) return undefined;
  return {
    ...known,
    contests: [...byName].map(([name, { ranked, columns }]) => ({
      contest: cvrContest(name, ranked ? 1 : undefined, ranked ? columns.length : 0),
      columns,
    })),
  };
}

class EssRows {
  readonly builder: ChunkBuilder;
  readonly #layout: Layout;
  readonly #words: EssWords;
  readonly #delimiter: string | undefined;
  readonly #names: readonly ChoiceNames[];
  readonly #utf8 = new TextEncoder();

  constructor(layout: Layout, options: EssOptions) {
    this.#layout = layout;
    this.#words = options.words ?? essWords;
    this.#delimiter = options.overvoteDelimiter;
    const contests = layout.contests.map((c) => c.contest);
    this.builder = new ChunkBuilder({ election: '', format: 'ess-xlsx', contests, names: emptyNames() });
    this.#names = contests.map((contest) => new ChoiceNames(contest));
  }

  read(row: Row, line: number, file: string): Refusal | undefined {
    const { builder } = this;
    const { id, precinct, batch, style, count, contests } = this.#layout;
    builder.card();
    for (const [attribute, column] of [
      ['precinct', precinct],
      ['batch', batch],
      ['style', style],
    ] as const) {
      const value = column === undefined ? undefined : row[column]?.trim();
      if (value !== undefined && value !== '') builder.attribute(attribute, builder.code(attribute, value));
    }
    const record = id === undefined ? undefined : row[id];
    if (record !== undefined && titles[record.trim().toLowerCase()] === 'id')
      return {
        code: 'second-header',
        file,
        line,
        expected: 'one row of titles',
        found: 'another: two exports in one sheet',
        todo: 'ask for the export as the system wrote it',
      };
    if (record !== undefined) {
      const bytes = this.#utf8.encode(record);
      builder.record(bytes, 0, bytes.length);
    }
    if (count !== undefined) {
      const text = row[count] ?? '1';
      if (!/^[1-9]\d{0,8}$/.test(text))
        return {
          code: 'not-a-count',
          file,
          line,
          field: 'Count',
          expected: 'a count',
          found: text,
          todo: 'correct the row',
        };
      builder.weight(Number(text));
    }
    for (const [c, { contest, columns }] of contests.entries()) {
      // A contest with nothing at all in its cells is not on the card: a voter who passed it over has "undervote" there. But a workbook of one
      // ranked contest may leave the cells of skipped ranks empty.
      const empty = columns.every((column) => (row[column]?.trim() ?? '') === '');
      const mayBeSkipped = contests.length === 1 && contest.ranks > 0;
      if (empty && !mayBeSkipped && this.#words.blankIsWriteIn !== true) continue;
      const cells = columns.map((column, r) => this.#cell(c, row[column], contest.ranks > 0 ? r + 1 : 0));
      if (contest.ranks > 0) markRanking(builder, c, cells);
      else if (cells[0] === 'several') builder.vote(c, voteCodes.overvoted);
      else builder.marked(c, cells[0]!, cells[0]!.length);
    }
    return undefined;
  }

  #cell(c: number, cell: string | undefined, rank: number): readonly number[] | 'several' {
    const text = cell?.trim() ?? '';
    const words = this.#words;
    if (text === '') return words.blankIsWriteIn === true ? [this.#writeIn(c, rank, text)] : [];
    if (words.skipped.includes(text)) return [];
    if (words.overvote.includes(text)) return 'several';
    if (words.writeIn.includes(text)) return [this.#writeIn(c, rank, text)];
    const names =
      this.#delimiter === undefined ? [text] : text.split(this.#delimiter).map((name) => name.trim());
    return names.map((name) =>
      words.writeIn.includes(name) || isWriteInLine(name)
        ? this.#writeIn(c, rank, name)
        : this.#names[c]!.index(name),
    );
  }

  /** The cell says of what kind the write-in is ("UWI", "write-in"), not whom it names. */
  #writeIn(c: number, rank: number, status: string): number {
    const choice = this.#names[c]!.index('write-in', 'Write-in', { writeIn: 'line' });
    this.builder.writeIn({ contest: c, choice, rank, text: '', status });
    return choice;
  }
}
