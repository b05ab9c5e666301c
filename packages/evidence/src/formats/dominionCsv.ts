// Dominion's CSV export of cast vote records, which is also what counties upload for Colorado's audits: four header rows, then a row
// for each card. Row 1: election, version. Row 2: the contest of each column, "Name (Vote For=2)" or, ranked, "Name (Number of
// positions=1, Number of ranks=3)". Row 3: the choice; ranked "Alice(1)", "Bob(1)", "Alice(2)"… Row 4: titles of the columns that tell
// cards apart, then parties.
// An empty cell says that the contest is not on the card; 0, that it is and the choice was not marked. Nothing else says so.
// Rows "Redacted and Aggregated…" are sums of many cards, and are kept as sums.
//
// The rows can be read from several places at once: `readDominionCsvHead`, then a `DominionCsvRows` for each stretch of the file.
import {
  cardAttributes,
  ChunkBuilder,
  cvrChoice,
  cvrContest,
  emptyNames,
  isWriteInLine,
  voteCodes,
} from '../cvr/index.ts';
import type { CardAttribute, CvrConsumer, GrowingContest, GrowingHeader } from '../cvr/index.ts';
import { ByteNames } from './byteNames.ts';
import { longestPiece } from './input.ts';
import type { InputFile } from './input.ts';
import { RefusedRows } from './intake.ts';
import type { CvrReading, Reading, Refusal, Remark } from './reading.ts';

export const dominionCsvReader = { reader: 'dominion-csv', version: '1' } as const;

export interface DominionCsvOptions {
  /** Of the names. Default 'utf-8', strictly; an export in another encoding is refused until somebody says which. */
  readonly encoding?: 'utf-8' | 'windows-1252';
}

/** Reads an export and hands its records to `to`. */
export async function readDominionCsv(
  file: InputFile,
  to: CvrConsumer,
  options: DominionCsvOptions = {},
): Promise<Reading<CvrReading>> {
  let head = new Uint8Array(0);
  let rows: DominionCsvRows | undefined;
  let remarks: readonly Remark[] = [];
  for await (const block of file.bytes()) {
    if (rows === undefined) {
      head = joined(head, block);
      const read = readDominionCsvHead(file.name, head, false, options);
      if (read === 'more') continue;
      if (!read.ok) return read;
      rows = new DominionCsvRows(file.name, read.value);
      remarks = read.remarks;
      await to.begin(rows.header);
      await rows.push(head.subarray(read.value.length), to);
    } else await rows.push(block, to);
    if (rows.stopped) break;
  }
  if (rows === undefined) {
    const read = readDominionCsvHead(file.name, head, true, options);
    if (read === 'more' || !read.ok) return read === 'more' ? { ok: false, refusals: [] } : read;
    rows = new DominionCsvRows(file.name, read.value);
    remarks = read.remarks;
    await to.begin(rows.header);
    await rows.push(head.subarray(read.value.length), to);
  }
  return rows.finish(to, remarks);
}

// ── the head ──

/** The four header rows, understood. Plain data: it can be sent to a worker. */
export interface DominionCsvHead {
  readonly election: string;
  readonly version: string;
  readonly contests: readonly GrowingContest[];
  /** By column before the first contest: what it is; undefined: nothing we know. */
  readonly identity: readonly (IdentityColumn | undefined)[];
  /** How many columns each contest has. */
  readonly widths: readonly number[];
  /** Length of the header rows in bytes, and in lines. */
  readonly length: number;
  readonly lines: number;
  readonly encoding: 'utf-8' | 'windows-1252';
}

type IdentityColumn = CardAttribute | 'number' | 'record' | 'imprinted';

const identityTitles: Readonly<Record<string, IdentityColumn>> = {
  cvrnumber: 'number',
  tabulatornum: 'tabulator',
  batchid: 'batch',
  recordid: 'record',
  imprintedid: 'imprinted',
  uniquevotingidentifier: 'imprinted',
  countinggroup: 'countingGroup',
  precinctportion: 'precinct',
  ballottype: 'style',
};
/** An index of a choice has fifteen bits. */
const mostColumns = 32_767;
const required: readonly IdentityColumn[] = ['number', 'tabulator', 'batch', 'record'];

/** The four header rows from the beginning of a file; 'more' if they are not all there (and `complete` is false: more may come). */
export function readDominionCsvHead(
  file: string,
  bytes: Uint8Array,
  complete: boolean,
  { encoding = 'utf-8' }: DominionCsvOptions = {},
): Reading<DominionCsvHead> | 'more' {
  const refuse = (
    code: string,
    line: number,
    expected: string,
    found: string,
    todo: string,
    field?: string,
  ): { ok: false; refusals: Refusal[] } => ({
    ok: false,
    refusals: [{ code, file, line, expected, found, todo, ...(field === undefined ? {} : { field }) }],
  });
  const again = 'ask for the CSV export of the cast vote records as the system wrote it';
  if (bytes.includes(0))
    return refuse(
      'nul-byte',
      1,
      'text',
      'a NUL byte: UTF-16 text, or no text',
      'save the export as UTF-8 CSV',
    );
  const records: HeadRecord[] = [];
  let [at, line] = [bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0, 1];
  while (records.length < 4) {
    const record = headRecord(bytes, at, complete, encoding);
    if (record === 'more') {
      if (bytes.length > longestPiece)
        return refuse(
          'line-too-long',
          line,
          `four header rows within ${longestPiece} bytes`,
          'no end of line',
          again,
        );
      if (!complete) return 'more';
      return refuse('no-header', line, 'four header rows', `${records.length} rows`, again);
    }
    if (record === 'not-utf-8')
      return refuse(
        'not-utf-8',
        line,
        encoding,
        `bytes that are not ${encoding}`,
        'state the encoding of the file (windows-1252 is the usual one), or export it again as UTF-8',
      );
    records.push({ ...record, line });
    line += record.lines;
    at = record.next;
  }
  const [first, contestRow, choiceRow, titleRow] = records as [
    HeadRecord,
    HeadRecord,
    HeadRecord,
    HeadRecord,
  ];
  const titles = titleRow.cells.map((title) => title.replace(/[^A-Za-z]/g, '').toLowerCase());
  if (titles[0] !== 'cvrnumber')
    return refuse('no-header', titleRow.line, 'the title CvrNumber', titleRow.cells[0] ?? '', again);

  // Where the contests begin: at the first cell of row 2 that is not empty. Where there is none, all titles are of cards.
  const firstContest = contestRow.cells.findIndex((cell) => cell !== '');
  const fixed = firstContest < 0 ? titleRow.cells.length : firstContest;
  const identity = titles.slice(0, fixed).map((title) => identityTitles[title]);
  const missing = required.find((column) => !identity.includes(column));
  if (missing !== undefined)
    return refuse(
      'missing-column',
      titleRow.line,
      'CvrNumber, TabulatorNum, BatchId, RecordId',
      titleRow.cells.slice(0, fixed).join(', '),
      again,
    );
  const remarks: Remark[] = [];
  titleRow.cells.slice(0, fixed).forEach((title, i) => {
    if (identity[i] === undefined && title !== '')
      remarks.push({
        code: 'unknown-column',
        file,
        line: titleRow.line,
        field: title,
        expected: 'a known title',
        found: title,
      });
  });
  if (firstContest < 0)
    remarks.push({ code: 'no-contests', file, line: contestRow.line, expected: 'contests', found: 'none' });
  for (const cells of [contestRow.cells, choiceRow.cells])
    for (const cell of new Set(cells)) {
      if (looksDoubleEncoded(cell))
        remarks.push({
          code: 'encoded-twice',
          file,
          field: cell,
          expected: 'UTF-8',
          found: 'UTF-8 of UTF-8',
        });
    }

  const contests: GrowingContest[] = [];
  const widths: number[] = [];
  let end = contestRow.cells.length;
  while (end > fixed && contestRow.cells[end - 1] === '' && (choiceRow.cells[end - 1] ?? '') === '') end -= 1;
  for (let from = fixed; from < end;) {
    const cell = contestRow.cells[from]!;
    let to = from + 1;
    while (to < end && contestRow.cells[to] === cell) to += 1;
    const shape = contestShape(cell);
    if (typeof shape === 'string')
      return refuse(shape, contestRow.line, 'Name (Vote For=N), N a whole number from 1', cell, again, cell);
    if (contests.some((contest) => contest.name === shape.name))
      return refuse(
        'contest-repeated',
        contestRow.line,
        'the columns of a contest side by side, under one name',
        `${shape.name} again in column ${from + 1}`,
        again,
        shape.name,
      );
    if (to - from > mostColumns)
      return refuse(
        'too-many-choices',
        contestRow.line,
        `at most ${mostColumns} columns`,
        `${to - from}`,
        again,
        shape.name,
      );
    const contest = cvrContest(shape.name, shape.voteFor, shape.ranks);
    const columns = choiceRow.cells.slice(from, to);
    const parties = titleRow.cells.slice(from, to);
    const choices = shape.ranks > 0 ? rankedChoices(columns, shape.ranks) : columns;
    if ('code' in choices)
      return refuse(choices.code, choiceRow.line, choices.expected, choices.found, again, shape.name);
    let afterWriteIn = false;
    for (const [i, name] of choices.entries()) {
      const isLine = isWriteInLine(name);
      const named = contest.choices.some((choice) => choice.name === name);
      if (name === '' || (named && !isLine))
        return refuse(
          name === '' ? 'choice-without-name' : 'choice-repeated',
          choiceRow.line,
          'each choice once, by name',
          name === '' ? `an empty cell in column ${from + i + 1}` : name,
          again,
          shape.name,
        );
      const party = parties[i] ?? '';
      contest.choices.push(
        cvrChoice(name, {
          ...(party === '' ? {} : { party }),
          // What comes after the write-in line are persons whose written-in votes count (Colorado's order of columns).
          ...(isLine ? { writeIn: 'line' as const } : afterWriteIn ? { writeIn: 'qualified' as const } : {}),
        }),
      );
      afterWriteIn ||= isLine;
    }
    contests.push(contest);
    widths.push(to - from);
    from = to;
  }
  return {
    ok: true,
    value: {
      election: first.cells[0] ?? '',
      version: first.cells[1] ?? '',
      contests,
      identity,
      widths,
      length: at,
      lines: line - 1,
      encoding,
    },
    rowsRead: 4,
    rowsRefused: [],
    remarks,
  };
}

function contestShape(cell: string): { name: string; voteFor: number; ranks: number } | string {
  const ranked = /^(.*?)\s*\(Number of positions=([^,)]*), *Number of ranks=([^)]*)\)$/is.exec(cell);
  const plain = /^(.*?)\s*\(Vote For=([^)]*)\)$/is.exec(cell);
  const match = ranked ?? plain;
  if (match === null) return cell === '' ? 'contest-without-name' : 'vote-for-missing';
  const [name, voteFor, ranks] = [match[1]!, match[2]!, match[3] ?? '0'];
  if (!/^[1-9]\d{0,2}$/.test(voteFor) || (ranked !== null && !/^[1-9]\d{0,1}$/.test(ranks)))
    return 'vote-for-not-a-whole-number';
  return name === '' ? 'contest-without-name' : { name, voteFor: Number(voteFor), ranks: Number(ranks) };
}

/** The choices of a ranked contest from "Alice(1)", "Bob(1)", "Alice(2)"…: all of them at each rank, in one order. */
function rankedChoices(
  columns: readonly string[],
  ranks: number,
): string[] | { code: string; expected: string; found: string } {
  const byRank: string[][] = Array.from({ length: ranks }, () => []);
  for (const column of columns) {
    const [, name, rank] = /^(.*)\((\d{1,3})\)$/s.exec(column) ?? [];
    if (name === undefined || Number(rank) < 1 || Number(rank) > ranks)
      return { code: 'rank-missing', expected: `Name(rank), rank from 1 to ${ranks}`, found: column };
    const names = byRank[Number(rank) - 1]!;
    if (names.includes(name))
      return { code: 'ranked-choice-repeated', expected: `${column} once`, found: `${column} twice` };
    names.push(name);
  }
  const most = byRank.reduce((a, b) => (b.length > a.length ? b : a));
  for (const [r, names] of byRank.entries()) {
    const lacks = most.find((name) => !names.includes(name));
    if (lacks === undefined) continue;
    const other = names.find((name) => !most.includes(name));
    return other === undefined
      ? { code: 'rank-lacks-choice', expected: `${lacks}(${r + 1})`, found: 'no such column' }
      : { code: 'ranks-name-different-choices', expected: `${lacks}(${r + 1})`, found: `${other}(${r + 1})` };
  }
  const inOrder = byRank.flatMap((names, r) => names.map((name) => `${name}(${r + 1})`));
  const wrong = columns.findIndex((column, i) => column !== inOrder[i]);
  const shuffled = byRank.findIndex((names) => names.some((name, i) => name !== byRank[0]![i]));
  if (wrong >= 0 || shuffled >= 0)
    return {
      code: 'ranks-shuffled',
      expected: 'the choices in one order at every rank, rank after rank',
      found: wrong >= 0 ? columns[wrong]! : byRank[shuffled]!.join(', '),
    };
  return byRank[0]!;
}

/** "GarcÃ­a": UTF-8 that was taken for Latin-1 and written as UTF-8 again. */
function looksDoubleEncoded(text: string): boolean {
  if (!/[\u00c2-\u00f4][\u0080-\u00bf]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return false; // oxlint-disable-line no-control-regex
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(text, (c) => c.charCodeAt(0)));
    return true;
  } catch {
    return false;
  }
}

interface HeadRecord {
  readonly cells: string[];
  readonly line: number;
}

/** One CSV record as texts: quoted cells may hold commas, line ends (one blank here) and doubled quotes; ="1" is Excel's way to write 1. */
function headRecord(
  bytes: Uint8Array,
  from: number,
  complete: boolean,
  encoding: string,
): { cells: string[]; next: number; lines: number } | 'more' | 'not-utf-8' {
  const end = recordEnd(bytes, from, bytes.length);
  if (end < 0 && (!complete || from >= bytes.length)) return 'more';
  const to = end < 0 ? bytes.length : end;
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(from, to));
  } catch {
    return 'not-utf-8';
  }
  const cells: string[] = [];
  const record = text.replace(/[\r\n]+$/, '');
  for (let i = 0; i <= record.length; i++) {
    let cell = '';
    if (record.startsWith('="', i)) i += 1;
    if (record[i] === '"') {
      for (i += 1; i < record.length; i++) {
        if (record[i] === '"' && record[i + 1] !== '"') break;
        if (record[i] === '"') i += 1;
        cell += record[i];
      }
      i += 1;
    }
    const comma = record.indexOf(',', i);
    const end = comma < 0 ? record.length : comma;
    cells.push(tidy(cell + record.slice(i, end)));
    i = end;
  }
  let lines = 0;
  for (let i = from; i < to; i++) if (bytes[i] === 10) lines += 1;
  return { cells, next: to, lines: Math.max(lines, 1) };
}

const tidy = (cell: string): string => cell.replace(/\s*[\r\n]+\s*/g, ' ').trim();

/** The place after the line end that closes the record which begins at `from`; -1 if there is none before `limit`. */
function recordEnd(bytes: Uint8Array, from: number, limit: number): number {
  let quoted = false;
  for (let i = from; i < limit; i++) {
    if (bytes[i] === 34) quoted = !quoted;
    else if (bytes[i] === 10 && !quoted) return i + 1;
  }
  return -1;
}

// ── the rows ──

/** The rows of an export, or of a stretch of it that begins and ends with a row. Push blocks as they come, then finish. */
export class DominionCsvRows {
  readonly header: GrowingHeader;
  readonly #file: string;
  readonly #head: DominionCsvHead;
  readonly #builder: ChunkBuilder;
  /** By identity column. */
  readonly #names: readonly (ByteNames | undefined)[];
  readonly #widths: Uint32Array;
  readonly #ranks: Uint8Array;
  readonly #refused = new RefusedRows();
  readonly #marked = new Uint16Array(mostColumns + 1);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #fatal: Refusal | undefined;
  #carry = new Uint8Array(0);
  #line: number;
  #sums = 0;

  /** `line`: how many lines of the file come before the stretch. */
  constructor(file: string, head: DominionCsvHead, line = head.lines) {
    this.#file = file;
    this.#head = head;
    this.#line = line;
    this.header = {
      election: head.election,
      format: dominionCsvReader.reader,
      version: head.version,
      contests: head.contests.map((contest) => ({ ...contest, choices: [...contest.choices] })),
      names: emptyNames(),
    };
    this.#builder = new ChunkBuilder(this.header);
    const decoder = new TextDecoder(head.encoding, { fatal: true });
    const names = (attribute: CardAttribute): ByteNames =>
      new ByteNames((bytes, from, to) => {
        let name: string;
        try {
          name = decoder.decode(bytes.subarray(from, to));
        } catch {
          return -1;
        }
        return this.#builder.code(attribute, name.trim().replaceAll('""', '"'));
      });
    this.#names = head.identity.map((column) =>
      cardAttributes.some((a) => a === column) ? names(column as CardAttribute) : undefined,
    );
    this.#widths = Uint32Array.from(head.widths);
    this.#ranks = Uint8Array.from(head.contests, (contest) => contest.ranks);
  }

  /** How many lines were read, with those said to the constructor. */
  get lines(): number {
    return this.#line;
  }

  /** True if the file as a whole was refused: no need to read on. */
  get stopped(): boolean {
    return this.#fatal !== undefined;
  }

  /** Reads the rows of a block; what is left of the last one waits for the next block. */
  async push(block: Uint8Array, to: CvrConsumer): Promise<void> {
    if (this.stopped) return;
    if (block.includes(0)) return this.#stop('nul-byte', 'text', 'a NUL byte');
    let bytes = block;
    // The row that was begun in the block before is read with few others, so that no block is copied; twice as many bytes each time, if
    // it has many lines.
    while (this.#carry.length > 0 && bytes.length > 0 && !this.stopped) {
      const end = bytes.indexOf(10, this.#carry.length) + 1;
      const row = joined(this.#carry, end === 0 ? bytes : bytes.subarray(0, end));
      bytes = end === 0 ? bytes.subarray(bytes.length) : bytes.subarray(end);
      this.#carry = end === 0 ? row : row.subarray(await this.#rows(row, row.length, to));
      if (this.#tooLong()) return;
    }
    if (bytes.length === 0 || this.stopped) return;
    this.#carry = bytes.slice(await this.#rows(bytes, bytes.lastIndexOf(10) + 1, to));
    this.#tooLong();
  }

  #tooLong(): boolean {
    const { length } = this.#carry;
    if (length > longestPiece)
      this.#stop(
        'line-too-long',
        `a line of at most ${longestPiece} bytes`,
        `${length} bytes without an end`,
      );
    return length > longestPiece;
  }

  async finish(to: CvrConsumer, remarks: readonly Remark[] = []): Promise<Reading<CvrReading>> {
    if (!this.stopped && this.#carry.length > 0) {
      const last = joined(this.#carry, Uint8Array.of(10));
      if ((await this.#rows(last, last.length, to)) < last.length && !this.stopped)
        this.#stop('unclosed-quote', 'a closing quote', 'the end of the file');
    }
    if (this.#fatal !== undefined) return { ok: false, refusals: [this.#fatal] };
    await this.#builder.deliver(to);
    const records = this.#builder.total;
    const value = { header: this.header, records, sums: this.#sums };
    return this.#refused.reading(this.#file, value, records + this.#sums, remarks);
  }

  #stop(code: string, expected: string, found: string): void {
    const todo = 'get the export again from whoever published it; nothing of this file was used';
    this.#fatal = { code, file: this.#file, line: this.#line + 1, expected, found, todo };
  }

  /** Reads all rows that end before `limit` (which stands after a line end); gives back where it stopped. */
  async #rows(bytes: Uint8Array, limit: number, to: CvrConsumer): Promise<number> {
    let at = 0;
    this.#view = new DataView(bytes.buffer);
    while (at < limit && !this.stopped) {
      if (this.#builder.full) await this.#builder.deliver(to);
      const next = this.#row(bytes, at, limit);
      if (next < 0) break;
      at = next;
    }
    return at;
  }

  /** Reads the row at `from`; gives back where the next begins, or -1 if it does not end before `limit`. */
  #row(bytes: Uint8Array, from: number, limit: number): number {
    if (bytes[from] === 10 || (bytes[from] === 13 && bytes[from + 1] === 10)) {
      this.#line += 1;
      return from + (bytes[from] === 10 ? 1 : 2);
    }
    const first = bytes[from]!;
    const begins = first === 61 ? bytes[from + 2]! : first === 34 ? bytes[from + 1]! : first;
    if (begins < 48 || begins > 57) return this.#otherRow(bytes, from, limit);
    const builder = this.#builder;
    this.#why = undefined;
    builder.card();
    let at = this.#identity(bytes, from, limit);
    if (at > 0) at = this.#votes(bytes, at, limit);
    if (at > 0) {
      this.#line += 1;
      return at;
    }
    builder.withdraw();
    return this.#refuseRow(bytes, from, limit);
  }

  #why: { code: string; expected: string; found: string; field?: string } | undefined;

  /** Keeps the reason and skips to the next row; -1 if the row has no end yet. */
  #refuseRow(bytes: Uint8Array, from: number, limit: number): number {
    const end = recordEnd(bytes, from, limit);
    if (end < 0) return -1;
    const why = this.#why ?? { code: 'row', expected: 'a row of the export', found: 'something else' };
    const todo = 'look at the row; it was left out of every count';
    this.#refused.add({ ...why, file: this.#file, line: this.#line + 1, todo });
    for (let i = from; i < end; i++) if (bytes[i] === 10) this.#line += 1;
    this.#why = undefined;
    return end;
  }

  /** The cells before the first contest. Gives back where the votes begin, or -1. */
  #identity(bytes: Uint8Array, from: number, limit: number): number {
    const builder = this.#builder;
    const columns = this.#head.identity;
    const names = this.#names;
    const last = columns.length - 1;
    let at = from;
    for (let f = 0; f <= last; f++) {
      let start = at;
      let end = at;
      let b = bytes[at]!;
      const equals = b === 61 && bytes[at + 1] === 34 ? 1 : 0;
      if (b === 34 || equals === 1) {
        start = at + equals + 1;
        end = start;
        while (end < limit && (bytes[end] !== 34 || bytes[end + 1] === 34)) end += bytes[end] === 34 ? 2 : 1;
        if (end >= limit) return -1;
        at = end + 1;
      } else {
        // Letters and digits come after the comma in ASCII, so that one comparison passes most bytes.
        while (b > 44 || (b !== 44 && b !== 10 && b !== 13)) b = bytes[++end]!;
        at = end;
      }
      const column = columns[f];
      if (column === 'number') {
        let n = 0;
        for (let i = start; i < end; i++) {
          const digit = bytes[i]! - 48;
          if (digit < 0 || digit > 9)
            return this.#wrong('cvr-number', 'a number', this.#text(bytes, start, end), 'CvrNumber');
          n = n * 10 + digit;
        }
        builder.number(n);
      } else if (column === 'record') builder.record(bytes, start, end);
      else if (column === 'imprinted') builder.imprinted(bytes, start, end);
      else if (column !== undefined) {
        const code = names[f]!.code(bytes, start, end);
        if (code < 0) {
          const { encoding } = this.#head;
          this.#stop('not-utf-8', encoding, `bytes that are not ${encoding} in column ${f + 1}`);
          return -1;
        }
        builder.attribute(column, code);
      }
      if (bytes[at] === 44) at += 1;
      else if (f < last || this.#widths.length > 0)
        return this.#wrong('row-length', `${this.#width} cells`, `${f + 1} cells`);
    }
    return at;
  }

  /** The cells of the contests. Gives back where the next row begins, or -1. */
  #votes(bytes: Uint8Array, from: number, limit: number): number {
    // Of four bytes, read with the least first, those that are the same whatever is marked: 0,0, and "0",
    const twoCells = 0x2c302c30;
    const twoCellsMask = ~0x00010001;
    const quotedCell = 0x2c223022;
    const quotedCellMask = ~0x00000100;
    const fourEmpty = 0x2c2c2c2c;
    const view = this.#view;
    const base = bytes.byteOffset;
    const widths = this.#widths;
    const builder = this.#builder;
    const columns = builder.voteColumns;
    const card = builder.place;
    const marked = this.#marked;
    const lastWord = limit - 4;
    let at = from;
    let ended = false;
    for (let c = 0; c < widths.length; c++) {
      const width = widths[c]!;
      let count = 0;
      let empty = 0;
      let j = 0;
      // Four bytes at a time, as far as they are cells as nearly all are.
      while (j < width && at <= lastWord) {
        const word = view.getUint32(base + at, true);
        if ((word & twoCellsMask) === twoCells && j + 1 < width) {
          marked[count] = j;
          count += word & 1;
          marked[count] = j + 1;
          count += (word >>> 16) & 1;
          j += 2;
        } else if ((word & quotedCellMask) === quotedCell) {
          marked[count] = j;
          count += (word >>> 8) & 1;
          j += 1;
        } else if (word === fourEmpty && j + 3 < width) {
          empty += 4;
          j += 4;
        } else break;
        at += 4;
      }
      for (; j < width; j++) {
        const byte = bytes[at];
        const after = bytes[at + 1];
        if (after === 44 && byte === 48) at += 2;
        else if (after === 44 && byte === 49) {
          marked[count++] = j;
          at += 2;
        } else if (byte === 44) {
          empty += 1;
          at += 1;
        } else {
          // The last cell of the row, a cell in quotes, or something that is no mark.
          if (ended) return this.#wrong('row-length', `${this.#width} cells`, 'fewer');
          let end = at;
          const equals = byte === 61 && after === 34 ? 1 : 0;
          const quote = byte === 34 || equals === 1;
          if (quote) {
            at += 1 + equals;
            end = bytes.indexOf(34, at);
            if (end < 0 || end >= limit) return -1;
          } else while (bytes[end] !== 44 && bytes[end] !== 10 && bytes[end] !== 13) end += 1;
          if (end === at) empty += 1;
          else if (end === at + 1 && bytes[at] === 49) marked[count++] = j;
          else if (end !== at + 1 || bytes[at] !== 48)
            return this.#wrong('not-a-mark', '0, 1 or nothing', this.#text(bytes, at, end), this.#contest(c));
          at = quote ? end + 1 : end;
          if (bytes[at] === 44) at += 1;
          else if (bytes[at] === 10 || bytes[at] === 13) ended = true;
          else return this.#wrong('not-a-mark', 'a comma', this.#text(bytes, at, at + 1), this.#contest(c));
        }
      }
      if (count === 1 && empty === 0 && this.#ranks[c] === 0) columns[c]![card] = marked[0]!;
      else if (empty === 0) this.#several(c, count);
      else if (empty < width)
        return this.#wrong(
          'contest-half-empty',
          'all cells of a contest, or none',
          `${empty} of ${width} empty`,
          this.#contest(c),
        );
    }
    return this.#endOfRow(bytes, at);
  }

  #several(c: number, count: number): void {
    const builder = this.#builder;
    const marked = this.#marked;
    if (this.#ranks[c] === 0) builder.marked(c, marked, count);
    else if (count === 0) builder.vote(c, voteCodes.blank);
    else {
      const choices = this.header.contests[c]!.choices.length;
      builder.vote(c, voteCodes.listed);
      for (let m = 0; m < count; m++)
        builder.mark(c, marked[m]! % choices, 1 + Math.trunc(marked[m]! / choices));
    }
  }

  #contest(c: number): string {
    return this.header.contests[c]!.name;
  }

  /** The line end, after empty cells at most. */
  #endOfRow(bytes: Uint8Array, from: number): number {
    let at = from;
    while (bytes[at] === 44) at += 1;
    if (bytes[at] === 13) at += 1;
    return bytes[at] === 10 ? at + 1 : this.#wrong('row-length', `${this.#width} cells`, 'more');
  }

  /** A row that does not begin with a number: a sum of many cards, a second header, or something to refuse. */
  #otherRow(bytes: Uint8Array, from: number, limit: number): number {
    const end = recordEnd(bytes, from, limit);
    if (end < 0) return -1;
    const record = headRecord(bytes.subarray(from, end), 0, true, this.#head.encoding);
    const fixed = this.#head.identity.length;
    if (record === 'not-utf-8' || record === 'more') {
      this.#stop('not-utf-8', this.#head.encoding, `bytes that are not ${this.#head.encoding}`);
      return end;
    }
    const { cells, lines } = record;
    if (
      cells[0] === 'CvrNumber' ||
      (cells[0] === '' &&
        cells
          .slice(fixed)
          .some((cell) => contestShape(cell) !== 'vote-for-missing' && cell !== '' && !/^\d+$/.test(cell)))
    ) {
      const old = this.header.contests.map((contest) => contest.name);
      const found = cells
        .slice(fixed)
        .find((cell) => cell !== '' && !old.some((name) => cell.startsWith(name)));
      this.#stop(
        'second-header',
        'one header, at the beginning of the file',
        found ?? 'the same header again',
      );
      return end;
    }
    if (!/redact|aggregat/i.test(cells[0]!)) {
      this.#why = {
        code: 'cvr-number',
        field: 'CvrNumber',
        expected: 'a number, or "Redacted and Aggregated"',
        found: cells[0]!,
      };
      return this.#refuseRow(bytes, from, limit);
    }
    const styleColumn = this.#head.identity.indexOf('style');
    const votes: (Uint32Array | undefined)[] = [];
    let column = fixed;
    for (const width of this.#head.widths) {
      const part = cells.slice(column, column + width);
      column += width;
      if (part.every((cell) => cell === '')) votes.push(undefined);
      else if (part.length === width && part.every((cell) => /^\d{0,9}$/.test(cell)))
        votes.push(Uint32Array.from(part, Number));
      else {
        this.#why = {
          code: 'sum',
          expected: 'whole numbers',
          found: part.join(','),
          field: this.header.contests[votes.length]!.name,
        };
        return this.#refuseRow(bytes, from, limit);
      }
    }
    this.#builder.sum({
      line: this.#line + 1,
      label: cells[0]!,
      style: styleColumn < 0 ? '' : cells[styleColumn]!,
      votes,
    });
    this.#sums += 1;
    this.#line += lines;
    return end;
  }

  #wrong(code: string, expected: string, found: string, field?: string): -1 {
    this.#why = { code, expected, found, ...(field === undefined ? {} : { field }) };
    return -1;
  }

  get #width(): number {
    return this.#head.widths.reduce((a, b) => a + b, this.#head.identity.length);
  }

  #text(bytes: Uint8Array, from: number, to: number): string {
    return new TextDecoder().decode(bytes.subarray(from, Math.min(to, from + 80)));
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
