// ES&S cast vote records as a workbook: a row for each ballot (or, with a Count column, for several), a column for each rank of a
// ranked contest or for each vote (essColumns.ts). A cell holds a name, or says "undervote",
// "overvote", "write-in" in words that the office chose; so does what an empty cell means.
import { cvrContest, emptyNames, isWriteInLine } from '../cvr/index.ts';
import type { CvrConsumer } from '../cvr/index.ts';
import { essContests, markEss, votesWithoutColumn } from './essColumns.ts';
import type { EssCell, EssContest } from './essColumns.ts';
import { allBytes, type InputFile } from './input.ts';
import { Intake } from './intake.ts';
import { ChoiceNames } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';
import type { VoteFor } from './voteFor.ts';
import { refused, secondHeader } from './refusals.ts';
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
  /** How many votes a voter has, where somebody knows. */
  readonly voteFor?: VoteFor;
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

/** Of a workbook that must be held in memory, packed, because it came over a network or out of an archive. */
const largest = 128 * 1024 * 1024;

export async function readEssXlsx(
  file: InputFile,
  to: CvrConsumer,
  options: EssOptions = {},
): Promise<Reading<CvrReading>> {
  const archive = file.place ?? (await allBytes(file, largest));
  const refusal = (code: string, expected: string, found: string): Refusal => ({
    code,
    file: file.name,
    expected,
    found,
    todo: 'say where the columns stand',
  });
  if (archive === undefined)
    return refused({
      ...refusal('too-large', `a workbook of at most ${largest} bytes out of an archive`, 'more'),
      todo: 'unpack the archive, and give the workbook',
    });
  let rows: EssRows | undefined;
  let fault: Refusal | undefined;
  if (options.columns !== undefined)
    rows = new EssRows(statedLayout(options.contest ?? file.name, options.columns), options, file.name, to);
  const first = options.columns?.firstRow ?? 2;
  const onRow = (row: Row, number: number): void => {
    if (fault !== undefined) return;
    if (rows !== undefined) {
      if (number >= first) fault = rows.read(row, number);
      return;
    }
    const layout = titledLayout(row, options.voteFor);
    if (layout !== undefined) rows = new EssRows(layout, options, file.name, to);
    else {
      const titles = row.filter((t) => t !== undefined).join(', ');
      fault = {
        ...refusal('missing-column', 'a column of votes, such as "1st Choice"', titles),
        line: number,
      };
    }
  };
  const reading = await readXlsxByPieces(
    archive instanceof Uint8Array ? inMemory(archive) : archive,
    file.name,
    onRow,
    async () => rows?.intake.deliver(),
    file.inflater,
  );
  if (!reading.ok) return reading;
  if (fault !== undefined) return refused(fault);
  if (rows === undefined) return refused(refusal('empty-file', 'a row of titles', 'none'));
  if (reading.sheets.length > 1)
    rows.intake.remarks.push({
      code: 'several-sheets',
      file: file.name,
      expected: 'one sheet',
      found: `${reading.sheets.join(', ')}; read: ${reading.sheet}`,
    });
  return rows.intake.finish(file.name);
}

interface Layout {
  /** Columns from 0. */
  readonly contests: readonly EssContest[];
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

function titledLayout(row: Row, voteFor: VoteFor | undefined): Layout | undefined {
  const known: Partial<Record<'id' | 'precinct' | 'batch' | 'style' | 'count', number>> = {};
  const votes: [number, string][] = [];
  for (const [column, cell] of row.entries()) {
    const title = cell?.trim() ?? '';
    if (title === '') continue;
    const identity = titles[title.toLowerCase()];
    if (identity === undefined) votes.push([column, title]);
    else known[identity] ??= column;
  }
  const contests = essContests(votes, voteFor);
  return contests === undefined || contests.length === 0 ? undefined : { ...known, contests };
}

class EssRows {
  readonly intake: Intake;
  readonly #file: string;
  readonly #layout: Layout;
  readonly #words: EssWords;
  readonly #delimiter: string | undefined;
  readonly #names: readonly ChoiceNames[];
  readonly #utf8 = new TextEncoder();

  constructor(layout: Layout, options: EssOptions, file: string, to: CvrConsumer) {
    this.#file = file;
    this.#layout = layout;
    this.#words = options.words ?? essWords;
    this.#delimiter = options.overvoteDelimiter;
    const contests = layout.contests.map((c) => c.contest);
    const header = { election: '', format: essXlsxReader.reader, contests, names: emptyNames() };
    this.intake = new Intake(header, to);
    this.intake.remarks.push(...votesWithoutColumn(layout.contests, file));
    this.#names = contests.map((contest) => new ChoiceNames(contest));
  }

  /** Takes a row in; gives back what is wrong with the sheet as a whole. */
  read(row: Row, line: number): Refusal | undefined {
    const { builder } = this.intake;
    const { id, precinct, batch, style, count, contests } = this.#layout;
    const record = id === undefined ? undefined : row[id];
    if (record !== undefined && titles[record.trim().toLowerCase()] === 'id')
      return secondHeader(this.#file, line);
    const cards = count === undefined ? '1' : (row[count] ?? '1');
    if (!/^[1-9]\d{0,8}$/.test(cards)) {
      const todo = 'correct the row; it was left out of every count';
      this.intake.refused.add({ code: 'not-a-count', file: this.#file, line, field: 'Count', expected: 'a count', found: cards, todo }); // oxfmt-ignore
      return undefined;
    }
    builder.card();
    if (count !== undefined) builder.weight(Number(cards));
    for (const [attribute, column] of [
      ['precinct', precinct],
      ['batch', batch],
      ['style', style],
    ] as const) {
      const value = column === undefined ? undefined : row[column]?.trim();
      if (value !== undefined && value !== '') builder.attribute(attribute, builder.code(attribute, value));
    }
    if (record !== undefined) {
      const bytes = this.#utf8.encode(record);
      builder.record(bytes, 0, bytes.length);
    }
    for (const [c, { contest, columns }] of contests.entries()) {
      // A contest with nothing at all in its cells is not on the card: a voter who passed it over has "undervote" there. But a workbook of one
      // ranked contest may leave the cells of skipped ranks empty.
      const empty = columns.every((column) => (row[column]?.trim() ?? '') === '');
      const mayBeSkipped = contests.length === 1 && contest.ranks > 0;
      if (empty && !mayBeSkipped && this.#words.blankIsWriteIn !== true) continue;
      const cells = columns.map((column, r) => this.#cell(c, row[column], contest.ranks > 0 ? r + 1 : 0));
      markEss(builder, c, contest, cells);
    }
    this.intake.cardDone();
    return undefined;
  }

  #cell(c: number, cell: string | undefined, rank: number): EssCell {
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
    this.intake.builder.writeIn({ contest: c, choice, rank, text: '', status });
    return choice;
  }
}
