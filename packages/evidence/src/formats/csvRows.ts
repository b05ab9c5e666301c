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
      rest += decoder.decode(block, { stream: true });
      const end = lastLineEnd(rest);
      if (end === 0 && rest.length > longestPiece)
        return {
          code: 'line-too-long',
          file: file.name,
          line: line + 1,
          expected: `at most ${longestPiece} characters in a line`,
          found: 'more',
          todo: 'check that this is the right file',
        };
      if (end === 0) continue;
      const refusal = rows(rest.slice(0, end));
      if (refusal !== undefined) return refusal;
      rest = rest.slice(end);
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

/** Where the last row that is whole ends: after a line end with an even number of quotes before it. 0: nowhere. */
function lastLineEnd(text: string): number {
  if (!text.includes('"')) return text.lastIndexOf('\n') + 1;
  let end = 0;
  let open = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) open = !open;
    else if (c === 10 && !open) end = i + 1;
  }
  return end;
}
