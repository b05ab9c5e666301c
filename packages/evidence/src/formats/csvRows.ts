// Rows of a CSV file of any size, as its bytes come: csv.ts reads whole lines, this brings it as many whole lines as there are.
import { eachRow, type CsvRow } from './csv.ts';
import { longestPiece, type InputFile } from './input.ts';
import type { Refusal } from './reading.ts';

/**
 * Calls `visit` with each row and waits for `between` after each stretch of rows. UTF-8, with or without a byte order mark. Stops at the first
 * refusal, its own or the visitor's, and returns it.
 */
export async function eachRowOf(
  file: InputFile,
  visit: (row: CsvRow) => Refusal | undefined,
  between: () => Promise<void>,
): Promise<Refusal | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  /** Whether `rest` ends within quotes. */
  let open = false;
  let line = 0;
  const rows = (text: string): Refusal | undefined => {
    const before = line;
    let visitors: Refusal | undefined;
    const refusal = eachRow(
      file.name,
      text,
      (row) => (visitors = visit({ line: before + row.line, fields: row.fields })),
    );
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
    // The visitor knows the line in the file; csv.ts only that in the stretch.
    if (refusal === undefined || refusal === visitors) return refusal;
    return { ...refusal, line: before + (refusal.line ?? 1) };
  };
  try {
    for await (const block of file.bytes()) {
      const text = decoder.decode(block, { stream: true });
      if (text.includes('\0')) return nulByte(file.name, line + 1);
      // Only what is new is looked through, so that a line without end costs no more than its length.
      const found = lastLineEnd(text, open);
      open = found.open;
      if (found.end === 0 && rest.length + text.length > longestPiece)
        return {
          code: 'line-too-long',
          file: file.name,
          line: line + 1,
          expected: `at most ${longestPiece} characters in a line`,
          found: 'more',
          todo: 'check that this is the right file',
        };
      if (found.end === 0) {
        rest += text;
        continue;
      }
      const refusal = rows(rest + text.slice(0, found.end));
      if (refusal !== undefined) return refusal;
      rest = text.slice(found.end);
      await between();
    }
    rest += decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return {
      code: 'not-utf-8',
      file: file.name,
      line: line + 1,
      expected: 'UTF-8',
      found: 'other bytes after this line',
      todo: 'save the file as UTF-8',
    };
  }
  return rest === '' ? undefined : rows(rest);
}

const nulByte = (file: string, line: number): Refusal => ({
  code: 'nul-byte',
  file,
  line,
  expected: 'text without NUL bytes',
  found: 'a NUL byte in this line or after it',
  todo: 'export the file again as UTF-8 text',
});

/**
 * Where the last row that is whole ends: after a line end with an even number of quotes before it; 0: nowhere. And whether the text ends within
 * quotes. `open`: it begins within them.
 */
function lastLineEnd(text: string, open: boolean): { readonly end: number; readonly open: boolean } {
  if (!text.includes('"')) return { end: open ? 0 : text.lastIndexOf('\n') + 1, open };
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) open = !open;
    else if (c === 10 && !open) end = i + 1;
  }
  return { end, open };
}
