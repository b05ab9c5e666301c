// What stands in the cells of a workbook's sheet? Office Open XML (ECMA-376 part 1, 18.3.1 sheets, 18.4 shared strings),
// only values, no formulas, styles or dates: each cell is the text that the file holds, a number as it is written there. One row
// at a time; a large workbook's sheet is unpacked by pieces too, so that a million rows cost no more memory than the texts they share.
import { readXml, readXmlFile, EnoughXml, type XmlEvents } from './xml.ts';
import type { Refusal } from './reading.ts';
import { readZip, type Inflater, type ZipCaps, type ZipEntry, type ZipSource } from './zip.ts';

/** A row's cells by column, the first at 0; a cell that the file leaves out, or leaves empty, is undefined. */
export type Row = readonly (string | undefined)[];

export interface XlsxOptions {
  /** A sheet's name; without it, the workbook's first sheet. */
  readonly sheet?: string;
  /** Every sheet in the workbook's order; `sheet` is not read. */
  readonly every?: boolean;
  readonly caps?: ZipCaps;
}

export type XlsxReading =
  | { readonly ok: true; readonly sheet: string; readonly sheets: readonly string[]; readonly rows: number }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** A workbook grows at most so far: 18.3.1.73 allows 1,048,576 rows and 16,384 columns. */
const maxRows = 1_048_576;
const maxColumns = 16_384;
const xlsxCaps: ZipCaps = { entries: 10_000, entryBytes: 1 << 30, totalBytes: 2 ** 31 };
/** By pieces: time is at stake, no memory. A sheet of all the rows that there can be, with a hundred columns, is some 6 GB. */
const largeCaps: ZipCaps = { entries: 10_000, entryBytes: 2 ** 34, totalBytes: 2 ** 35 };

/** The texts that cells share are held in memory: a workbook whose texts are longer is refused. */
const longestStrings = 2 ** 27;
/** What says which sheets there are. */
const longestPart = 2 ** 24;

/** Calls `onRow` with each row of the sheet in order (`number` as the sheet numbers it, from 1; `sheet` by name). */
export function readXlsx(
  bytes: Uint8Array,
  file: string,
  onRow: (row: Row, number: number, sheet: string) => void,
  options: XlsxOptions = {},
): XlsxReading {
  const workbook = openWorkbook(bytes, file, options);
  if (!workbook.ok) return workbook;
  const strings = new SharedStrings();
  const fault = readEntry(workbook.shared, file, strings.events);
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  let rows = 0;
  for (const { name, entry } of workbook.found) {
    const reader = rowReader(entry, file, strings.all, (row, number) => {
      rows++;
      onRow(row, number, name);
    });
    const fault = readEntry(entry, file, reader.events) ?? reader.fault();
    if (fault !== undefined) return { ok: false, refusals: [fault] };
  }
  return { ok: true, sheet: workbook.found[0]!.name, sheets: workbook.names, rows };
}

/** The same for the first sheet of a workbook of any size, which need not be in memory; waits for `between` after each stretch of rows. */
export async function readXlsxByPieces(
  archive: ZipSource,
  file: string,
  onRow: (row: Row, number: number) => void,
  between: () => Promise<void>,
  inflater?: Inflater,
): Promise<XlsxReading> {
  const workbook = openWorkbook(archive, file, { caps: largeCaps }, inflater);
  if (!workbook.ok) return workbook;
  const strings = new SharedStrings();
  const faultOfStrings =
    workbook.shared && (await readEntryByPieces(workbook.shared, file, strings.events, async () => {}));
  if (faultOfStrings !== undefined) return { ok: false, refusals: [faultOfStrings] };
  const { name, entry } = workbook.found[0]!;
  let rows = 0;
  const reader = rowReader(entry, file, strings.all, (row, number) => {
    rows++;
    onRow(row, number);
  });
  const fault = (await readEntryByPieces(entry, file, reader.events, between)) ?? reader.fault();
  return fault === undefined
    ? { ok: true, sheet: name, sheets: workbook.names, rows }
    : { ok: false, refusals: [fault] };
}

async function readEntryByPieces(
  entry: ZipEntry,
  file: string,
  events: XmlEvents,
  between: () => Promise<void>,
): Promise<Refusal | undefined> {
  let broken: Refusal | undefined;
  const part = {
    name: `${file}!${entry.name}`,
    bytes: async function* () {
      broken = yield* entry.pieces();
    },
  };
  const fault = await readXmlFile(part, events, between);
  // An archive that is broken is blamed before the XML that ends in the middle because of it.
  return broken ?? fault;
}

interface Workbook {
  readonly ok: true;
  /** The sheets asked for. */
  readonly found: readonly { readonly name: string; readonly entry: ZipEntry }[];
  readonly names: readonly string[];
  /** The texts that cells share, if there are any. */
  readonly shared: ZipEntry | undefined;
}

function openWorkbook(
  archive: Uint8Array | ZipSource,
  file: string,
  options: XlsxOptions,
  inflater?: Inflater,
): Workbook | Exclude<XlsxReading, { ok: true }> {
  const zip = readZip(archive, file, options.caps ?? xlsxCaps, inflater);
  if (!zip.ok) return zip;
  const entries = new Map(zip.entries.map((entry) => [entry.name.toLowerCase(), entry]));
  const refuse = (code: string, expected: string, found: string): Exclude<XlsxReading, { ok: true }> => ({
    ok: false,
    refusals: [{ code, file, expected, found, todo: 'save the workbook again as .xlsx' }],
  });

  const workbook = entries.get('xl/workbook.xml');
  if (workbook === undefined) return refuse('not-a-workbook', 'xl/workbook.xml in the archive', 'none');
  for (const part of [workbook, entries.get('xl/_rels/workbook.xml.rels')])
    if (part !== undefined && part.size > longestPart)
      return refuse('too-large', `${part.name} of at most ${longestPart} bytes`, `${part.size}`);
  const sheets: { name: string; id: string }[] = [];
  const targets = new Map<string, string>();
  const fault =
    readEntry(workbook, file, {
      open(name, attributes) {
        if (name === 'sheet') sheets.push({ name: attributes['name'] ?? '', id: attributes['id'] ?? '' });
      },
    }) ??
    readEntry(entries.get('xl/_rels/workbook.xml.rels'), file, {
      open(name, attributes) {
        if (name === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '');
      },
    });
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  const names = sheets.map((s) => s.name);
  const asked =
    options.sheet === undefined ? sheets.slice(0, 1) : sheets.filter((s) => s.name === options.sheet);
  const chosen = options.every === true ? sheets : asked.slice(0, 1);
  if (chosen.length === 0)
    return refuse(
      'no-such-sheet',
      options.sheet ?? 'a sheet',
      names.length === 0 ? 'none' : names.join(', '),
    );
  const found: { name: string; entry: ZipEntry }[] = [];
  for (const { name, id } of chosen) {
    const target = targets.get(id) ?? '';
    const entry = entries.get((target.startsWith('/') ? target.slice(1) : `xl/${target}`).toLowerCase());
    if (entry === undefined)
      return refuse('no-such-sheet', `the sheet ${name} at ${target}`, 'nothing there');
    found.push({ name, entry });
  }

  const shared = entries.get('xl/sharedstrings.xml');
  if (shared !== undefined && shared.size > longestStrings)
    return refuse('too-large', `shared texts of at most ${longestStrings} bytes`, `${shared.size}`);
  return { ok: true, found, names, shared };
}

function readEntry(
  entry: ZipEntry | undefined,
  file: string,
  events: Parameters<typeof readXml>[2],
): Refusal | undefined {
  if (entry === undefined) return undefined;
  const unpacked = entry.bytes();
  return unpacked.ok ? readXml(unpacked.bytes, `${file}!${entry.name}`, events) : unpacked.refusal;
}

/** 18.4.8 si: the text runs joined; phonetic runs (rPh) are readings of the text, not text. */
class SharedStrings {
  readonly all: string[] = [];
  #text = '';
  #inText = false;
  #inReading = false;
  readonly events: XmlEvents = {
    open: (name) => {
      if (name === 'si') this.#text = '';
      else if (name === 'rPh') this.#inReading = true;
      else if (name === 't') this.#inText = !this.#inReading;
    },
    text: (part) => {
      if (this.#inText) this.#text += part;
    },
    close: (name) => {
      if (name === 't') this.#inText = false;
      else if (name === 'rPh') this.#inReading = false;
      else if (name === 'si') this.all.push(unescape(this.#text));
    },
  };
}

/** What to do with the sheet's XML, and after it the fault that ended it, if one did. */
function rowReader(
  entry: ZipEntry,
  file: string,
  strings: readonly string[],
  onRow: (row: Row, number: number) => void,
): { events: XmlEvents; fault: () => Refusal | undefined } {
  const where = `${file}!${entry.name}`;
  let refusal: Refusal | undefined;
  let over = false;
  let number = 0;
  let row: (string | undefined)[] = [];
  let column = -1;
  let type = '';
  let text = '';
  let taking = false;
  let inReading = false;
  const refuse = (code: string, expected: string, found: string): never => {
    refusal = { code, file: where, line: number, expected, found, todo: 'save the workbook again as .xlsx' };
    throw new EnoughXml();
  };
  const events: XmlEvents = {
    open(name, attributes) {
      // What follows the rows is read to the end, so that the archive's checksum is.
      if (over) return;
      switch (name) {
        case 'row': {
          const stated = attributes['r'];
          const next = stated === undefined ? number + 1 : Number(stated);
          if (!Number.isInteger(next) || next <= number || next > maxRows)
            refuse('xlsx-row-number', `a row number after ${number}, at most ${maxRows}`, String(stated));
          number = next;
          row = [];
          column = -1;
          break;
        }
        case 'c': {
          const next = attributes['r'] === undefined ? column + 1 : columnOf(attributes['r']);
          if (next <= column || next >= maxColumns)
            refuse('xlsx-cell-reference', 'cells from left to right', String(attributes['r']));
          column = next;
          type = attributes['t'] ?? 'n';
          text = '';
          break;
        }
        case 'rPh':
          inReading = true;
          break;
        case 'v':
        case 't':
          taking = !inReading;
          break;
        default:
      }
    },
    text(part) {
      if (taking) text += part;
    },
    close(name) {
      if (over) return;
      if (name === 'v' || name === 't') taking = false;
      else if (name === 'rPh') inReading = false;
      else if (name === 'c') {
        let value: string | undefined = text;
        if (type === 's' && text !== '') {
          value = strings[Number(text)];
          if (value === undefined)
            refuse('xlsx-shared-string', `one of ${strings.length} shared strings`, text);
        } else if (type === 'e') refuse('xlsx-error-cell', 'a value', text);
        else if (type === 'b') value = text === '1' ? 'TRUE' : 'FALSE';
        else if (type !== 'n') value = unescape(text);
        if (value !== '') row[column] = value;
      } else if (name === 'row') onRow(row, number);
      else if (name === 'sheetData') over = true;
    },
  };
  return { events, fault: () => refusal };
}

/** "A1" is column 0, "AB7" column 27. -1 if it is no cell reference. */
function columnOf(reference: string): number {
  let column = 0;
  let at = 0;
  for (; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return at === 0 || at > 3 ? -1 : column - 1;
}

/** 22.9.2.19 ST_Xstring: a character that XML cannot hold is written _x000D_. */
const unescape = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
