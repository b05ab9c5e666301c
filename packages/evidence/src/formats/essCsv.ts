// ES&S cast vote records as CSV: one file of records ("Cast Vote Record,Precinct,Ballot Style,<contest>,…", a cell holds the choice's name, "overvote"
// or "undervote"; empty: the contest is not on the card) and one or more "ballots" files that say which batch and tabulator each is from. They
// are joined on the record's number. How the columns make contests: essColumns.ts.
// Written from a description of the files; no real one was at hand.
import { emptyNames, isWriteInLine } from '../cvr/index.ts';
import type { CardAttribute, CvrConsumer } from '../cvr/index.ts';
import { shown } from './cells.ts';
import { eachRowOf } from './csvRows.ts';
import { essContests, markEss, votesWithoutColumn } from './essColumns.ts';
import type { EssCell, EssContest } from './essColumns.ts';
import type { InputFile } from './input.ts';
import { Intake, RefusedRows } from './intake.ts';
import { ChoiceNames } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';
import type { VoteFor } from './voteFor.ts';
import { secondHeader } from './refusals.ts';

export const essCsvReader = { reader: 'ess-csv', version: '1' } as const;

/** The titles by which the two kinds of file are told apart: both begin with the record's number. */
const firstTitle = 'cast vote record';
const ballotTitles: Readonly<Record<string, CardAttribute | 'tabulatorCvr' | 'machine' | 'writeInType'>> = {
  batch: 'batch',
  'reporting group': 'countingGroup',
  'precinct id': 'precinct',
  'tabulator cvr': 'tabulatorCvr',
  machine: 'machine',
  'write-in type': 'writeInType',
};

type Place = { readonly [K in CardAttribute]?: string } & {
  readonly imprinted: string;
  readonly writeInType: string;
};

/** Reads the files of one export: any number of ballots files, one of records. */
export async function readEssCsv(
  files: readonly InputFile[],
  to: CvrConsumer,
  voteFor?: VoteFor,
): Promise<Reading<CvrReading>> {
  const places = new Map<string, Place>();
  const refused = new RefusedRows();
  const records: InputFile[] = [];
  for (const file of files) {
    const kind = await readBallots(file, places, refused);
    if (kind === 'records') records.push(file);
    else if (kind !== undefined) return { ok: false, refusals: [kind] };
  }
  const [file, ...others] = records;
  if (file === undefined || others.length > 0)
    return {
      ok: false,
      refusals: [
        {
          code: 'one-records-file',
          file: file?.name ?? files[0]?.name ?? '',
          expected: 'one file of records',
          found: `${records.length} (${records.map((f) => f.name).join(', ')})`,
          todo: 'give one file of cast vote records with its ballots files',
        },
      ],
    };
  return readRecords(file, places, refused, to, voteFor);
}

/** Takes in a ballots file, without the rows that it must refuse; 'records' if it is none, or why the file was refused. */
async function readBallots(
  file: InputFile,
  places: Map<string, Place>,
  refused: RefusedRows,
): Promise<'records' | Refusal | undefined> {
  let titles: string[] | undefined;
  let isRecords = false;
  const refuse = (code: string, line: number, expected: string, found: string): Refusal => ({ code, file: file.name, line, expected, found, todo: 'ask for the file again' }); // oxfmt-ignore
  const refusal = await eachRowOf(
    file,
    ({ line, fields }) => {
      if (titles === undefined) {
        // Five rows of metadata may stand before the titles.
        if (fields[0]!.trim().toLowerCase() !== firstTitle)
          return line > 10
            ? refuse('no-header', line, 'the title Cast Vote Record', shown(fields[0]!))
            : undefined;
        titles = fields.map((title) => title.trim().toLowerCase());
        isRecords = !titles.includes('tabulator cvr');
        return isRecords ? refuse('records', line, '', '') : undefined;
      }
      const number = fields[0]!.trim();
      if (number === '' || /^total\s*:/i.test(number)) return undefined;
      const no = (code: string, expected: string, found: string): undefined =>
        refused.add(refuse(code, line, expected, found)) as undefined;
      if (places.has(number)) return no('record-repeated', 'each record once', number);
      const place: { -readonly [K in keyof Place]: Place[K] } = { imprinted: '', writeInType: '' };
      let machine = '';
      for (const [i, title] of titles.entries()) {
        const what = ballotTitles[title];
        const cell = (fields[i] ?? '').trim();
        if (what === 'machine') machine = cell;
        else if (what === 'tabulatorCvr') place.imprinted = cell;
        else if (what === 'writeInType') place.writeInType = cell;
        else if (what !== undefined) place[what] = cell;
      }
      // Ten digits: the first four are the tabulator, zeros and all. Sixteen hexadecimal ones: the machine has a column of its own.
      const tabulator = /^\d{10}$/.test(place.imprinted) ? place.imprinted.slice(0, 4) : machine;
      if (tabulator === '') return no('tabulator', 'ten digits, or a Machine column', shown(place.imprinted));
      place.tabulator = tabulator;
      places.set(number, place);
      return undefined;
    },
    () => Promise.resolve(),
  );
  if (isRecords) return 'records';
  if (titles === undefined && refusal === undefined)
    return refuse('no-header', 1, 'the title Cast Vote Record', 'none');
  return refusal;
}

/** A row of records: "Cast Vote Record, Precinct, Ballot Style", then votes. */
const firstVote = 3;

async function readRecords(
  file: InputFile,
  places: ReadonlyMap<string, Place>,
  refused: RefusedRows,
  to: CvrConsumer,
  voteFor: VoteFor | undefined,
): Promise<Reading<CvrReading>> {
  let rows: EssCsvRows | undefined;
  const fault = await eachRowOf(
    file,
    ({ line, fields }) => {
      const number = fields[0]!.trim();
      if (rows !== undefined) {
        if (number.toLowerCase() === firstTitle) return secondHeader(file.name, line);
        if (number !== '' && !/^total\s*:/i.test(number)) rows.read(fields, line);
        return undefined;
      }
      const titles = fields.map((title) => title.trim());
      const contests = essContests([...titles.entries()].slice(firstVote), voteFor);
      if (contests === undefined || contests.length === 0)
        return { code: 'no-header', file: file.name, line, expected: 'Cast Vote Record, Precinct, Ballot Style, contests with their ranks in order', found: titles.join(', '), todo: 'ask for the file again' }; // oxfmt-ignore
      rows = new EssCsvRows(file.name, titles.length, contests, places, to);
      rows.intake.refused.addAll(refused.rows, refused.count - refused.rows.length);
      return undefined;
    },
    async () => rows?.intake.deliver(),
  );
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  if (rows === undefined)
    return { ok: false, refusals: [{ code: 'no-header', file: file.name, expected: 'Cast Vote Record, Precinct, Ballot Style, contests', found: 'nothing', todo: 'ask for the file again' }] }; // oxfmt-ignore
  return rows.finish();
}

class EssCsvRows {
  readonly intake: Intake;
  readonly #file: string;
  readonly #width: number;
  readonly #contests: readonly EssContest[];
  readonly #names: readonly ChoiceNames[];
  readonly #places: ReadonlyMap<string, Place>;
  readonly #seen = new Set<string>();
  readonly #utf8 = new TextEncoder();

  constructor(
    file: string,
    width: number,
    contests: readonly EssContest[],
    places: ReadonlyMap<string, Place>,
    to: CvrConsumer,
  ) {
    this.#file = file;
    this.#width = width;
    this.#contests = contests;
    this.#places = places;
    const all = contests.map(({ contest }) => contest);
    this.#names = all.map((contest) => new ChoiceNames(contest));
    const header = { election: '', format: essCsvReader.reader, contests: all, names: emptyNames() };
    this.intake = new Intake(header, to);
    this.intake.remarks.push(...votesWithoutColumn(contests, file));
  }

  read(fields: readonly string[], line: number): void {
    const refuse = (code: string, expected: string, found: string): void => {
      const todo = 'look at the row; it was left out of every count';
      this.intake.refused.add({ code, file: this.#file, line, expected, found, todo });
    };
    const number = fields[0]!.trim();
    const place = this.#places.get(number);
    if (fields.length !== this.#width)
      return refuse('row-length', `${this.#width} cells`, `${fields.length}`);
    if (this.#places.size > 0 && place === undefined)
      return refuse('not-in-ballots', 'a row in a ballots file', number);
    if (this.#seen.has(number)) return refuse('record-repeated', 'each record once', number);
    this.#seen.add(number);
    const { builder } = this.intake;
    builder.card();
    const say = (attribute: CardAttribute, text: string | undefined): void => {
      if (text !== undefined) builder.attribute(attribute, builder.code(attribute, text));
    };
    for (const attribute of ['tabulator', 'batch', 'countingGroup'] as const)
      say(attribute, place?.[attribute]);
    say('precinct', fields[1]!.trim() === '' ? place?.precinct : fields[1]!.trim());
    say('style', fields[2]!.trim());
    const [record, imprinted] = [this.#utf8.encode(number), this.#utf8.encode(place?.imprinted ?? '')];
    builder.record(record, 0, record.length);
    builder.imprinted(imprinted, 0, imprinted.length);
    for (const [c, { contest, columns }] of this.#contests.entries()) {
      // Nothing at all in its cells: the contest is not on the card.
      if (columns.every((column) => fields[column]!.trim() === '')) continue;
      const cells = columns.map((column, r) =>
        this.#cell(c, fields[column]!.trim(), contest.ranks > 0 ? r + 1 : 0, place?.writeInType ?? ''),
      );
      markEss(builder, c, contest, cells);
    }
    this.intake.cardDone();
  }

  #cell(c: number, cell: string, rank: number, writeInType: string): EssCell {
    const word = cell.toLowerCase();
    if (word === '' || word === 'undervote') return [];
    if (word === 'overvote') return 'several';
    if (!isWriteInLine(cell)) return [this.#names[c]!.index(cell)];
    const choice = this.#names[c]!.index(cell, cell, { writeIn: 'line' });
    this.intake.builder.writeIn({ contest: c, choice, rank, text: '', status: writeInType });
    return [choice];
  }

  async finish(): Promise<Reading<CvrReading>> {
    // Ballots without a record: the files are not of one export, or one was cut off.
    const missing = [...this.#places.keys()].filter((number) => !this.#seen.has(number)).length;
    if (missing > 0)
      this.intake.remarks.push({
        code: 'ballots-without-record',
        file: this.#file,
        expected: `${this.#places.size} records`,
        found: `${missing} ballots without one`,
      });
    return this.intake.finish(this.#file);
  }
}
