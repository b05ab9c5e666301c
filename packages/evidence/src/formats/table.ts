// The record's own form of a table: canonical JSON (RFC 8785) {"columns":[…],"rows":[[…],…]}, so that the same counts have the
// same bytes and the same digest, whoever writes them. Three tables:
//
//   results      jurisdiction, [unit,] vote type, then a column for each choice (its id)
//   hand count   batch, type, then a column for each tally column (a choice's id, a ranking as in rankingWord, or writeIn, validWriteIn,
//                invalidWriteIn, blank, overvote); one table holds the batches of one jurisdiction
//   ballots cast jurisdiction, ballots, undervotes, overvotes, votes for choices, other votes (null where the source does not state it)
//
// Rows keep the order of the source. Which contest, choices and columns a table is of stands in the entry that names the file; reading
// compares them. What is not exactly what we would write is refused: a table has one form.
import type { BallotsCast, BallotsCastRow, ReportedResults, ResultsRow } from '../counts/index.ts';
import { canonicalJson, fromUtf8 } from '../bytes/index.ts';
import { ballots, isCount, votes, type JurisdictionId } from '../election/index.ts';
import { rankingWord, type HandCount, type TallyColumn } from '../paper/index.ts';
import { shown } from './cells.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close, openLedger, refused, type Ledger } from './refusals.ts';
import { notText } from './text.ts';

export const tableReader: ReaderName = { reader: 'table', version: '1' };

// ── results ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export function writeResultsTable(results: ReportedResults): Uint8Array {
  const withUnit = results.rows.some((r) => r.unit !== undefined);
  return encode({
    columns: resultsColumns(results, withUnit),
    rows: results.rows.map((r) => [
      r.jurisdiction,
      ...(withUnit ? [r.unit ?? ''] : []),
      r.voteType,
      ...r.votes,
    ]),
  });
}

/** `about`: everything of the results but the rows, as the entry states it. */
export function readResultsTable(
  file: string,
  bytes: Uint8Array,
  about: Omit<ReportedResults, 'rows'>,
): Reading<ReportedResults> {
  return readTable(
    file,
    bytes,
    [resultsColumns(about, false), resultsColumns(about, true)],
    (columns, ledger): Rows<ResultsRow, ReportedResults> => {
      const names = columns[1] === 'unit' ? 3 : 2;
      const keys = new Set<string>();
      const row = (cells: readonly unknown[], index: number): ResultsRow | undefined => {
        if (
          !textCells(ledger, columns, cells, index, names) ||
          !countCells(ledger, columns, cells, index, names)
        )
          return undefined;
        if (!once(ledger, keys, cells.slice(0, names), index)) return undefined;
        const unit = names === 3 ? (cells[1] as string) : '';
        return {
          jurisdiction: cells[0] as JurisdictionId,
          ...(unit === '' ? {} : { unit }),
          voteType: cells[names - 1] as string,
          votes: cells.slice(names).map((n) => votes(n as number)),
        };
      };
      return { row, value: (rows) => ({ ...about, rows }) };
    },
  );
}

const resultsColumns = ({ choices }: Pick<ReportedResults, 'choices'>, withUnit: boolean): string[] => [
  'jurisdiction',
  ...(withUnit ? ['unit'] : []),
  'vote type',
  ...choices,
];

// ── hand count ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** The rows of one jurisdiction of a hand count. */
export function writeHandCountTable(count: HandCount, jurisdiction: JurisdictionId): Uint8Array {
  const index = count.jurisdictions.indexOf(jurisdiction);
  if (index === -1) throw new RangeError(`the hand count has no jurisdiction ${jurisdiction}`);
  const width = count.columns.length;
  const rows: Cell[][] = [];
  for (let b = 0; b < count.names.length; b++)
    if (count.jurisdictionOf[b] === index)
      rows.push([count.names[b]!, count.types[b]!, ...count.tallies.subarray(b * width, (b + 1) * width)]);
  return encode({ columns: handCountColumns(count), rows });
}

/** `about`: what the entry states of the table. A batch's name may come twice: whether it may is for a check to say. */
export function readHandCountTable(
  file: string,
  bytes: Uint8Array,
  about: Pick<HandCount, 'contest' | 'granularity' | 'columns'>,
  jurisdiction: JurisdictionId,
): Reading<HandCount> {
  return readTable(file, bytes, [handCountColumns(about)], (columns, ledger) => ({
    row: (cells, index) =>
      textCells(ledger, columns, cells, index, 2) && countCells(ledger, columns, cells, index, 2, 0xffffffff)
        ? cells
        : undefined,
    value: (rows): HandCount => ({
      contest: about.contest,
      granularity: about.granularity,
      columns: about.columns,
      jurisdictions: [jurisdiction],
      jurisdictionOf: new Uint16Array(rows.length),
      names: rows.map((r) => r[0] as string),
      types: rows.map((r) => r[1] as string),
      tallies: talliesOf(rows, about.columns.length),
    }),
  }));
}

function talliesOf(rows: readonly (readonly unknown[])[], width: number): Uint32Array {
  const tallies = new Uint32Array(rows.length * width);
  for (const [b, row] of rows.entries())
    for (let c = 0; c < width; c++) tallies[b * width + c] = row[c + 2] as number;
  return tallies;
}

/**
 * Hand counts of one contest as one, in the order given. Throws where they are not of the same contest and columns; rankings apart, for each county has
 * those that its voters made.
 */
export function joinHandCounts(given: readonly HandCount[]): HandCount {
  const parts = withAllRankings(given);
  const [first] = parts;
  if (first === undefined) throw new RangeError('no hand count to join');
  const same = JSON.stringify([first.contest, first.granularity, first.columns]);
  if (parts.some((p) => JSON.stringify([p.contest, p.granularity, p.columns]) !== same))
    throw new RangeError('hand counts of different contests or columns cannot be joined');
  const jurisdictions = [...new Set(parts.flatMap((p) => p.jurisdictions))];
  const at = new Map(jurisdictions.map((j, i) => [j, i]));
  const batches = parts.reduce((n, p) => n + p.names.length, 0);
  const jurisdictionOf = new Uint16Array(batches);
  const tallies = new Uint32Array(batches * first.columns.length);
  let from = 0;
  for (const p of parts) {
    for (let b = 0; b < p.names.length; b++)
      jurisdictionOf[from + b] = at.get(p.jurisdictions[p.jurisdictionOf[b]!]!)!;
    tallies.set(p.tallies, from * first.columns.length);
    from += p.names.length;
  }
  return {
    ...first,
    jurisdictions,
    jurisdictionOf,
    names: parts.flatMap((p) => p.names),
    types: parts.flatMap((p) => p.types),
    tallies,
  };
}

/** Each count with the rankings of all of them, before its other columns. */
function withAllRankings(parts: readonly HandCount[]): readonly HandCount[] {
  const isRanking = (c: TallyColumn): boolean => c.kind === 'ranking';
  const all = new Map(parts.flatMap((p) => p.columns.filter(isRanking)).map((c) => [columnTitle(c), c]));
  if (all.size === 0) return parts;
  const titles = [...all.keys()].sort();
  return parts.map((p) => {
    const others = p.columns.filter((c) => !isRanking(c));
    const columns = [...titles.map((title) => all.get(title)!), ...others];
    const at = new Map(p.columns.map((c, i) => [columnTitle(c), i]));
    const from = columns.map((c) => at.get(columnTitle(c)));
    const tallies = new Uint32Array(p.names.length * columns.length);
    for (let b = 0; b < p.names.length; b++)
      for (const [c, old] of from.entries())
        if (old !== undefined) tallies[b * columns.length + c] = p.tallies[b * p.columns.length + old]!;
    return { ...p, columns, tallies };
  });
}

const columnTitle = (c: TallyColumn): string => {
  if (c.kind === 'choice') return c.choice;
  return c.kind === 'ranking' ? `ranking ${rankingWord(c.ranks)}` : c.kind;
};
const handCountColumns = ({ columns }: Pick<HandCount, 'columns'>): string[] => [
  'batch',
  'type',
  ...columns.map(columnTitle),
];

// ── ballots cast ────────────────────────────────────────────────────────────────────────────────────────────────────

const ballotsColumns = [
  'jurisdiction',
  'ballots',
  'undervotes',
  'overvotes',
  'votes for choices',
  'other votes',
];

export const writeBallotsTable = ({ rows }: BallotsCast): Uint8Array =>
  encode({
    columns: ballotsColumns,
    rows: rows.map((r) => [
      r.jurisdiction,
      r.ballots,
      r.undervotes ?? null,
      r.overvotes ?? null,
      r.votesForChoices ?? null,
      r.otherVotes ?? null,
    ]),
  });

export function readBallotsTable(
  file: string,
  bytes: Uint8Array,
  contest: BallotsCast['contest'],
): Reading<BallotsCast> {
  return readTable(file, bytes, [ballotsColumns], (columns, ledger): Rows<BallotsCastRow, BallotsCast> => {
    const keys = new Set<string>();
    const row = (cells: readonly unknown[], index: number): BallotsCastRow | undefined => {
      const stated = cells.map((c, i) => (c === null && i > 1 ? 0 : c));
      if (!textCells(ledger, columns, cells, index, 1) || !countCells(ledger, columns, stated, index, 1))
        return undefined;
      if (!once(ledger, keys, cells.slice(0, 1), index)) return undefined;
      const [jurisdiction, all, under, over, forChoices, others] = cells as [
        JurisdictionId,
        number,
        ...(number | null)[],
      ];
      return {
        jurisdiction,
        ballots: ballots(all),
        ...(typeof under === 'number' ? { undervotes: ballots(under) } : {}),
        ...(typeof over === 'number' ? { overvotes: ballots(over) } : {}),
        ...(typeof forChoices === 'number' ? { votesForChoices: votes(forChoices) } : {}),
        ...(typeof others === 'number' ? { otherVotes: votes(others) } : {}),
      };
    };
    return { row, value: (rows) => ({ contest, rows }) };
  });
}

// ── the form that all three share ───────────────────────────────────────────────────────────────────────────────────

type Cell = string | number | null;
interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const encode = (table: Table): Uint8Array => canonicalJson(table);

interface Rows<Row, T> {
  readonly row: (cells: readonly unknown[], index: number) => Row | undefined;
  readonly value: (rows: readonly Row[]) => T;
}

function readTable<Row, T>(
  file: string,
  bytes: Uint8Array,
  expected: readonly (readonly string[])[],
  reader: (columns: readonly string[], ledger: Ledger) => Rows<Row, T>,
): Reading<T> {
  const fault = notText(file, bytes);
  if (fault !== undefined) return refused(fault);
  const ledger = openLedger(file);
  const todo =
    'a table of a record is written by the program that made the record; this one was changed or damaged';
  const fail = (code: string, field: string, wanted: string, found: string): Reading<T> =>
    refused(ledger.refuse(code, { field }, wanted, found, todo));
  const text = fromUtf8(bytes);
  if (text === undefined) return fail('not-utf8', 'table', 'UTF-8', 'other bytes');
  let table: unknown;
  try {
    table = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return fail('not-json', 'table', 'JSON', error.message);
  }
  if (!isTable(table)) return fail('wrong-shape', 'table', '{"columns":[…],"rows":[[…],…]}', 'another value');
  const columns = expected.find((e) => JSON.stringify(e) === JSON.stringify(table.columns));
  if (columns === undefined)
    return fail(
      'wrong-columns',
      'columns',
      expected.map((e) => e.join(', ')).join(', or '),
      table.columns.join(', '),
    );
  const { row, value } = reader(columns, ledger);
  const rows: Row[] = [];
  for (const [index, cells] of table.rows.entries()) {
    if (ledger.full()) break;
    if (cells.length !== columns.length)
      ledger.refuse(
        'wrong-width',
        { field: `row ${index + 1}` },
        `${columns.length} cells`,
        `${cells.length}`,
        todo,
      );
    else {
      const read = row(cells, index);
      if (read !== undefined) rows.push(read);
    }
  }
  if (ledger.refusals.length === 0 && canonicalTable(columns, table.rows as Cell[][]) !== text)
    return fail('not-canonical', 'table', 'canonical JSON (RFC 8785)', 'the same table in another form');
  return close(ledger, () => value(rows), rows.length);
}

/**
 * Of a table whose cells are well-formed texts, integers and null, the engine's own serialisation is the canonical one (RFC 8785 is defined by
 * it, and "columns" stands before "rows"); it takes a third of the time of the general function.
 */
const canonicalTable = (columns: readonly string[], rows: Table['rows']): string =>
  JSON.stringify({ columns, rows });

function isTable(value: unknown): value is { columns: unknown[]; rows: unknown[][] } {
  if (typeof value !== 'object' || value === null) return false;
  const { columns, rows } = value as { columns?: unknown; rows?: unknown };
  return (
    Object.keys(value).length === 2 &&
    Array.isArray(columns) &&
    Array.isArray(rows) &&
    rows.every((r) => Array.isArray(r))
  );
}

const todoTable =
  'the record that this table is of was not made by this program, or was changed; ask its publisher';

function textCells(
  ledger: Ledger,
  columns: readonly string[],
  cells: readonly unknown[],
  index: number,
  names: number,
): boolean {
  let at = 0;
  while (at < names && typeof cells[at] === 'string' && (cells[at] as string).isWellFormed()) at++;
  if (at === names) return true;
  ledger.refuse(
    'not-text',
    { field: `row ${index + 1}, ${columns[at]}` },
    'a text',
    shown(JSON.stringify(cells[at])),
    todoTable,
  );
  return false;
}

function countCells(
  ledger: Ledger,
  columns: readonly string[],
  cells: readonly unknown[],
  index: number,
  from: number,
  largest = Number.MAX_SAFE_INTEGER,
): boolean {
  let at = from;
  while (at < cells.length && isCount(cells[at]) && (cells[at] as number) <= largest) at++;
  if (at === cells.length) return true;
  const cell = cells[at];
  const code =
    typeof cell !== 'number' ? 'not-a-count'
    : cell < 0 ? 'negative-count'
    : Number.isInteger(cell) ? 'count-too-large'
    : 'fractional-count'; // prettier-ignore
  ledger.refuse(
    code,
    { field: `row ${index + 1}, ${columns[at]}` },
    'a count',
    shown(JSON.stringify(cell)),
    todoTable,
  );
  return false;
}

function once(ledger: Ledger, keys: Set<string>, names: readonly unknown[], index: number): boolean {
  const key = JSON.stringify(names);
  if (keys.has(key)) {
    ledger.refuse(
      'row-twice',
      { field: `row ${index + 1}` },
      'each row once',
      shown(names.join(', ')),
      todoTable,
    );
    return false;
  }
  keys.add(key);
  return true;
}
