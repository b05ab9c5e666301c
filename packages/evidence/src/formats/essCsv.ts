// ES&S cast vote records as CSV: one file of records ("Cast Vote Record,Precinct,Ballot Style,<contest>,…", a cell holds the choice's name, "overvote"
// or "undervote"; empty: the contest is not on the card) and one or more "ballots" files that say which batch and tabulator each is from. They
// are joined on the record's number. A vote for several is not recoverable from this format: each contest is read as vote for one.
// Written from a description of the files; no real one was at hand.
import { ChunkBuilder, cvrContest, emptyNames, isWriteInLine, voteCodes } from '../cvr/index.ts';
import type { CardAttribute, CvrChunk, CvrConsumer, GrowingContest } from '../cvr/index.ts';
import { shown } from './cells.ts';
import { eachRowOf } from './csvRows.ts';
import type { InputFile } from './input.ts';
import { ChoiceNames } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';

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
export async function readEssCsv(files: readonly InputFile[], to: CvrConsumer): Promise<Reading<CvrReading>> {
  const places = new Map<string, Place>();
  const records: InputFile[] = [];
  for (const file of files) {
    const kind = await readBallots(file, places);
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
  return readRecords(file, places, to);
}

/** Takes in a ballots file; 'records' if it is none, or why it was refused. */
async function readBallots(
  file: InputFile,
  places: Map<string, Place>,
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
      if (places.has(number)) return refuse('record-repeated', line, 'each record once', number);
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
      if (tabulator === '')
        return refuse('tabulator', line, 'ten digits, or a Machine column', shown(place.imprinted));
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

async function readRecords(
  file: InputFile,
  places: ReadonlyMap<string, Place>,
  to: CvrConsumer,
): Promise<Reading<CvrReading>> {
  const contests: GrowingContest[] = [];
  const builder = new ChunkBuilder({
    election: '',
    format: essCsvReader.reader,
    contests,
    names: emptyNames(),
  });
  const chunks: CvrChunk[] = [];
  const names: ChoiceNames[] = [];
  const refused: Refusal[] = [];
  const seen = new Set<string>();
  let titles: string[] | undefined;
  let begun = false;
  const encoder = new TextEncoder();
  const deliver = async (): Promise<void> => {
    if (titles === undefined) return;
    if (!begun) await to.begin(builder.header);
    begun = true;
    for (const chunk of chunks.splice(0)) await to.take(chunk);
  };
  const fault = await eachRowOf(
    file,
    ({ line, fields }) => {
      const no = (code: string, expected: string, found: string, field?: string): undefined => {
        refused.push({ code, file: file.name, line, expected, found, todo: 'look at the row; it was left out of every count', ...(field === undefined ? {} : { field }) }); // oxfmt-ignore
      };
      if (titles === undefined) {
        titles = fields.map((title) => title.trim());
        for (const title of titles.slice(3)) {
          const contest = cvrContest(title, 1, 0);
          contests.push(contest);
          names.push(new ChoiceNames(contest));
        }
        return undefined;
      }
      const number = fields[0]!.trim();
      if (number === '' || /^total\s*:/i.test(number)) return undefined;
      if (number.toLowerCase() === firstTitle)
        return {
          code: 'second-header',
          file: file.name,
          line,
          expected: 'one header',
          found: 'another: two exports in one file',
          todo: 'ask for the export as the system wrote it',
        };
      if (fields.length !== titles.length)
        return no('row-length', `${titles.length} cells`, `${fields.length}`);
      const place = places.get(number);
      if (places.size > 0 && place === undefined)
        return no('not-in-ballots', 'a row in a ballots file', number);
      if (seen.has(number)) return no('record-repeated', 'each record once', number);
      seen.add(number);
      if (builder.full) chunks.push(builder.take());
      builder.card();
      const say = (attribute: CardAttribute, text: string | undefined): void => {
        if (text !== undefined) builder.attribute(attribute, builder.code(attribute, text));
      };
      for (const attribute of ['tabulator', 'batch', 'countingGroup'] as const)
        say(attribute, place?.[attribute]);
      say('precinct', fields[1]!.trim() === '' ? place?.precinct : fields[1]!.trim());
      say('style', fields[2]!.trim());
      const [record, imprinted] = [encoder.encode(number), encoder.encode(place?.imprinted ?? '')];
      builder.record(record, 0, record.length);
      builder.imprinted(imprinted, 0, imprinted.length);
      for (let c = 0; c < contests.length; c++) {
        const cell = fields[c + 3]!.trim();
        if (cell === '') continue;
        const word = cell.toLowerCase();
        if (word === 'undervote') builder.vote(c, voteCodes.blank);
        else if (word === 'overvote') builder.vote(c, voteCodes.overvoted);
        else if (isWriteInLine(cell)) {
          const choice = names[c]!.index(cell, cell, { writeIn: 'line' });
          builder.vote(c, choice);
          builder.writeIn({ contest: c, choice, rank: 0, text: '', status: place?.writeInType ?? '' });
        } else builder.vote(c, names[c]!.index(cell));
      }
      return undefined;
    },
    deliver,
  );
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  if (titles === undefined || contests.length === 0)
    return { ok: false, refusals: [{ code: 'no-header', file: file.name, expected: 'Cast Vote Record, Precinct, Ballot Style, contests', found: titles?.join(', ') ?? 'nothing', todo: 'ask for the file again' }] }; // oxfmt-ignore
  chunks.push(builder.take());
  await deliver();
  // Ballots without a record: the files are not of one export, or one was cut off.
  const missing = [...places.keys()].filter((number) => !seen.has(number));
  return {
    ok: true,
    value: { header: builder.header, records: builder.total, sums: 0 },
    rowsRead: builder.total,
    rowsRefused: refused,
    remarks:
      missing.length === 0
        ? []
        : [
            {
              code: 'ballots-without-record',
              file: file.name,
              expected: `${places.size} records`,
              found: `${missing.length} ballots without one`,
            },
          ],
  };
}
