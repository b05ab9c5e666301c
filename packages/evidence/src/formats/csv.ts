// Rows of a CSV file (RFC 4180), read strictly: a quote that does not close is a refusal with its line, never a row that
// swallows the rest of the file. Accepts what real exports do: CRLF or LF, no newline at the end, a byte order mark (text.ts).
//
// Most lines hold no quote; those are split at their commas, which is what makes 41,881 rows take some 20 ms.
import type { Refusal } from './reading.ts';

/** A line longer than this is not a row of a table of results. */
export const longestCsvLine = 2 ** 20;
/**
 * All cells of one file, a row counting as four more: bounds the memory and time that a file of commas or of tiny rows can take. Twelve times
 * the largest report met (41,881 rows of 10); without it 250 MB of "a,b" lines held 2 GB and a minute.
 */
export const mostCells = 8_000_000;

export interface CsvRow {
  /** 1-based line on which the row begins. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Calls `visit` with each row, blank lines too (one empty field). Stops at the first refusal, its own or the visitor's,
 * and returns it.
 */
export function eachRow(
  file: string,
  text: string,
  visit: (row: CsvRow) => Refusal | undefined,
): Refusal | undefined {
  let at = 0;
  let line = 1;
  let cells = 0;
  let quote = nextQuote(text, 0);
  while (at < text.length) {
    let end = text.indexOf('\n', at);
    if (end === -1) end = text.length;
    let fields: string[];
    let next = end + 1;
    let nextLine = line + 1;
    if (end - at > longestCsvLine) return tooLong(file, line, end - at);
    if (quote >= end) {
      fields = text.slice(at, text.charCodeAt(end - 1) === CR && end > at ? end - 1 : end).split(',');
    } else {
      const row = quotedRow(file, text, at, line);
      if ('code' in row) return row;
      ({ fields, next, nextLine } = row);
      quote = nextQuote(text, next);
    }
    cells += fields.length + 4;
    if (cells > mostCells)
      return {
        code: 'too-large',
        file,
        line,
        expected: `at most ${mostCells} cells`,
        found: 'more',
        todo: 'split the file, or check that it is the right one',
      };
    const refusal = visit({ line, fields });
    if (refusal !== undefined) return refusal;
    at = next;
    line = nextLine;
  }
  return undefined;
}

/** One row as a line without its end: fields are quoted where they must be. */
export const csvLine = (fields: readonly string[]): string =>
  // A row of one empty field would be a blank line, and blank lines are not rows to the readers: write its quotes.
  fields.length === 1 && fields[0] === ''
    ? '""'
    : fields.map((f) => (/[",\r\n]/.test(f) ? `"${f.replaceAll('"', '""')}"` : f)).join(',');

const CR = 13;
const LF = 10;
const QUOTE = 34;
const COMMA = 44;

const nextQuote = (text: string, from: number): number => {
  const at = text.indexOf('"', from);
  return at === -1 ? Infinity : at;
};

type QuotedRow = { fields: string[]; next: number; nextLine: number };

/** A row with a quote somewhere in it, character by character. */
function quotedRow(file: string, text: string, start: number, firstLine: number): QuotedRow | Refusal {
  const fields: string[] = [];
  let at = start;
  let line = firstLine;
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const opened = line;
      let value = '';
      let from = at + 1;
      for (;;) {
        const close = text.indexOf('"', from);
        // A quote that never closes must not copy the rest of a large file before it is refused.
        if (close === -1 || close - start > longestCsvLine)
          return {
            code: 'unclosed-quote',
            file,
            line: opened,
            field: `column ${fields.length + 1}`,
            expected: 'a closing quote',
            found:
              close === -1 ? 'the end of the file' : `no closing quote within ${longestCsvLine} characters`,
            todo: 'the file is cut off, or a quote inside a cell is not doubled; export it again',
          };
        value += text.slice(from, close);
        if (text.charCodeAt(close + 1) !== QUOTE) {
          at = close + 1;
          break;
        }
        value += '"';
        from = close + 2;
      }
      for (let i = value.indexOf('\n'); i !== -1; i = value.indexOf('\n', i + 1)) line++;
      fields.push(value);
      if (at < text.length && text.charCodeAt(at) !== COMMA && !isLineEnd(text, at))
        return {
          code: 'text-after-quote',
          file,
          line,
          field: `column ${fields.length}`,
          expected: 'a comma or the end of the line after a closing quote',
          found: text.slice(at, at + 20),
          todo: 'a quote inside a quoted cell must be doubled; export the file again',
        };
    } else {
      const from = at;
      while (at < text.length && text.charCodeAt(at) !== COMMA && !isLineEnd(text, at)) at++;
      fields.push(text.slice(from, at)); // A quote inside an unquoted cell stays as it is: "12" board" is a name, too.
    }
    if (at - start > longestCsvLine) return tooLong(file, firstLine, at - start);
    if (text.charCodeAt(at) === COMMA) {
      at++;
      continue;
    }
    const lineEnd = text.charCodeAt(at) === CR ? 2 : 1;
    return { fields, next: at + lineEnd, nextLine: line + 1 };
  }
}

const isLineEnd = (text: string, at: number): boolean =>
  text.charCodeAt(at) === LF ||
  (text.charCodeAt(at) === CR && (at + 1 === text.length || text.charCodeAt(at + 1) === LF));

const tooLong = (file: string, line: number, length: number): Refusal => ({
  code: 'line-too-long',
  file,
  line,
  expected: `at most ${longestCsvLine} characters in a line`,
  found: `${length} or more`,
  todo: 'check that this is the right file; a table of results has short lines',
});
