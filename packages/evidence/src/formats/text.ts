// Bytes into text, the first door every text format passes: how large, which encoding, and is it text at all?
// A spreadsheet renamed .csv, a zip and a file with NUL bytes stop here, with the reason.
import type { Refusal, Remark } from './reading.ts';

/** No reader takes more: the largest real results file seen is below 100 MB, and text of this size still fits a string. */
export const largestFile = 256 * 2 ** 20;

export interface Text {
  readonly text: string;
  readonly remarks: readonly Remark[];
}

/** The text of a file, without its byte order mark, or why it is none. */
export function decodeText(file: string, bytes: Uint8Array): Text | Refusal {
  const refusal = notText(file, bytes);
  if (refusal !== undefined) return refusal;
  const utf8 = decode('utf-8', bytes);
  if (utf8 !== undefined) return { text: utf8, remarks: [] };
  const at = firstNotUtf8(bytes);
  const place = { file, line: lineOf(bytes, at), field: 'encoding' };
  const undefinedByte = bytes.findIndex((b) => inNoWindows1252.has(b));
  const windows = undefinedByte === -1 ? decode('windows-1252', bytes) : undefined;
  if (windows === undefined)
    return {
      ...place,
      code: 'unknown-encoding',
      expected: 'UTF-8 or Windows-1252',
      found: `byte 0x${hex(bytes[undefinedByte === -1 ? at : undefinedByte]!)}, which is in neither`,
      todo: 'export the file again as UTF-8',
    };
  return {
    text: windows,
    remarks: [
      {
        ...place,
        code: 'windows-1252',
        expected: 'UTF-8',
        found: `byte 0x${hex(bytes[at]!)}; the whole file was read as Windows-1252`,
      },
    ],
  };
}

/** Why these bytes, or the head of a file, are not text that we read; undefined if they may be. */
export function notText(file: string, bytes: Uint8Array): Refusal | undefined {
  const refuse = (code: string, expected: string, found: string, todo: string): Refusal => ({
    code,
    file,
    expected,
    found,
    todo,
  });
  if (bytes.length === 0)
    return refuse('empty-file', 'a file with content', '0 bytes', 'fetch or export the file again');
  if (bytes.length > largestFile)
    return refuse(
      'too-large',
      `at most ${largestFile} bytes`,
      `${bytes.length} bytes`,
      'split the file, or check that it is the right one',
    );
  const magic = magics.find(({ start }) => start.every((b, i) => bytes[i] === b));
  if (magic !== undefined) return refuse(magic.code, 'text (CSV, XML or JSON)', magic.is, magic.todo);
  const nul = bytes.indexOf(0);
  if (nul === -1) return undefined;
  return {
    ...refuse(
      'nul-byte',
      'text without NUL bytes',
      `a NUL byte at offset ${nul}`,
      'export the file again as UTF-8 text',
    ),
    line: lineOf(bytes, nul),
  };
}

const saveAsCsv =
  'open it in the spreadsheet program and save it as CSV (UTF-8); renaming does not convert it';
const magics = [
  { start: [0xd0, 0xcf, 0x11, 0xe0], code: 'spreadsheet', is: 'an old Excel workbook (OLE2)', todo: saveAsCsv },
  { start: [0x50, 0x4b, 0x03, 0x04], code: 'spreadsheet', is: 'a zip, which an Excel workbook (.xlsx) is too', todo: `unpack it, or ${saveAsCsv}` },
  { start: [0x09, 0x08], code: 'spreadsheet', is: 'a very old Excel workbook (BIFF)', todo: saveAsCsv },
  { start: [0x25, 0x50, 0x44, 0x46], code: 'not-text', is: 'a PDF', todo: 'ask the office for the data as CSV or XML' },
  { start: [0x1f, 0x8b], code: 'not-text', is: 'a gzip archive', todo: 'unpack it first' },
  { start: [0xff, 0xfe], code: 'utf-16', is: 'UTF-16 text', todo: 'save it as UTF-8' },
  { start: [0xfe, 0xff], code: 'utf-16', is: 'UTF-16 text', todo: 'save it as UTF-8' },
] as const; // prettier-ignore

/** Windows-1252 leaves these undefined; the web's decoder passes them on as control characters, which we do not want. */
const inNoWindows1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

function decode(encoding: 'utf-8' | 'windows-1252', bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Where the bytes stop being UTF-8. Decodes ever smaller halves: only run on files already known to be wrong. */
function firstNotUtf8(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8Start(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** True if these bytes could begin a UTF-8 text: a character cut off at the end is no fault. */
function isUtf8Start(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = bytes.indexOf(10); i !== -1 && i < offset; i = bytes.indexOf(10, i + 1)) line++;
  return line;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
