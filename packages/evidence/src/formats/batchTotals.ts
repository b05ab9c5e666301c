// What the machines counted in each batch: the "candidate totals by batch" that Arlo takes for batch-comparison audits. "Batch Name", then a
// column for each choice; where the file is of several contests a column is "Contest - Choice". Contests' names hold " - " too, so columns are
// matched with the contests that the caller knows and never split.
import { countFaults, parseCount, shown } from './cells.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close } from './refusals.ts';
import { tableRows } from './tableRows.ts';

export const batchTotalsReader: ReaderName = { reader: 'batch-totals', version: '1' };

export interface BatchTotals {
  /** As the caller names it; undefined if the caller named no contest. */
  readonly contest: string | undefined;
  readonly choices: readonly string[];
  /** By batch, in the order of the file: its name, to the byte. */
  readonly batches: readonly string[];
  /** votes[batch * choices.length + choice] */
  readonly votes: Uint32Array;
}

/** The totals of each contest of the file. `contests` must be given if the file is of more than one. */
export function readBatchTotals(
  file: string,
  bytes: Uint8Array,
  contests: readonly { readonly name: string; readonly choices: readonly string[] }[] = [],
): Reading<readonly BatchTotals[]> {
  const batches: string[] = [];
  const seen = new Set<string>();
  let found: readonly {
    contest: string | undefined;
    choices: string[];
    columns: number[];
    votes: number[];
  }[] = [];
  let width = 0;
  const ledger = tableRows(file, bytes, ({ line, fields }, ledger) => {
    if (width === 0) {
      width = fields.length;
      while (width > 1 && fields[width - 1]!.trim() === '') width -= 1; // one county of 159 has a comma too many on every line
      const titles = fields.slice(0, width).map((title) => title.trim());
      if (titles[0]!.toLowerCase() !== 'batch name' || width < 2 || titles.includes(''))
        return ledger.refuse(
          'batch-totals-heading',
          { line },
          'Batch Name, then the choices',
          shown(titles.join(',')),
          'check that it is the right file',
        );
      const columns = assign(titles.slice(1), contests);
      if (typeof columns === 'string')
        return ledger.refuse(
          'unknown-choice',
          { line, field: columns },
          'a choice of a contest of this election',
          shown(columns),
          'name the contests and choices as the file does',
        );
      found = columns.map((c) => Object.assign(c, { votes: [] }));
      return undefined;
    }
    const name = fields[0]!;
    const counts = fields.slice(1, width).map((cell) => parseCount(cell, 0xffffffff));
    const wrong = counts.findIndex((n) => typeof n === 'string');
    const problem = counts[wrong];
    if (fields.length < width || fields.slice(width).some((cell) => cell.trim() !== ''))
      ledger.refuse(
        'row-length',
        { line },
        `${width} cells`,
        `${fields.length}`,
        'a comma in a cell wants quotes around it',
      );
    else if (typeof problem === 'string')
      ledger.refuse(
        problem,
        { line, field: `column ${wrong + 2}` },
        'a count',
        shown(fields[wrong + 1]!),
        countFaults[problem],
      );
    else if (name.trim() === '' || seen.has(name.trim()))
      ledger.refuse(
        'batch-repeated',
        { line },
        'each batch once, by name',
        shown(name),
        'two rows of one batch cannot be told from a double count',
      );
    else {
      seen.add(name.trim());
      batches.push(name);
      for (const { columns, votes } of found) for (const c of columns) votes.push(counts[c] as number);
    }
    return undefined;
  });
  if (batches.length === 0 && ledger.refusals.length === 0)
    ledger.refuse('no-batches', {}, 'a row for each batch', 'none', 'check that it is the right file');
  const value = (): BatchTotals[] =>
    found.map(({ contest, choices, votes }) => ({
      contest,
      choices,
      batches,
      votes: Uint32Array.from(votes),
    }));
  return close(ledger, value, batches.length);
}

/** Which contest and choice each column is; or the column that is none. */
function assign(
  titles: readonly string[],
  contests: readonly { readonly name: string; readonly choices: readonly string[] }[],
): { contest: string | undefined; choices: string[]; columns: number[] }[] | string {
  if (contests.length === 0)
    return [{ contest: undefined, choices: [...titles], columns: titles.map((_, i) => i) }];
  const places = titles.map((title) => {
    for (const { name, choices } of contests)
      for (const choice of choices)
        if (title === `${name} - ${choice}` || (contests.length === 1 && title === choice))
          return { name, choice };
    return undefined;
  });
  const unknown = places.indexOf(undefined);
  if (unknown >= 0) return titles[unknown]!;
  return contests.flatMap(({ name }) => {
    const columns = places.flatMap((place, i) => (place!.name === name ? [i] : []));
    return columns.length === 0
      ? []
      : [{ contest: name, choices: columns.map((i) => places[i]!.choice), columns }];
  });
}
