// Results by jurisdiction and choice as a plain CSV, in and out: what a clerk can make with any spreadsheet. Two forms, told apart by the
// header (titles without regard to case; columns in any order):
//
//   long   jurisdiction,vote type,choice,votes           one row for each choice
//   wide   jurisdiction,vote type,Ann Alder,Bob Birch    one row for each jurisdiction, a column for each choice
//
// Optional in both: `contest` (absent: the caller names it, else it has no name), `vote type`, `unit` (a precinct). `county` is read as jurisdiction,
// `candidate` as choice, `precinct` as unit. A row whose jurisdiction is "Total" states totals, and so does a column "Total" in the wide form:
// both are compared with their parts and never added. Every choice needs a count in every row: an empty cell is not a zero.
import type { ReportedResults, ResultsRow } from '../counts/index.ts';
import {
  choiceId,
  contestId,
  jurisdictionId,
  votes,
  type Choice,
  type Contest,
  type Jurisdiction,
} from '../election/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import { csvLine } from './csv.ts';
import type { Reading, ReaderName, Refusal } from './reading.ts';
import { close, type Ledger } from './refusals.ts';
import { tableRows } from './tableRows.ts';

export const resultsCsvReader: ReaderName = { reader: 'results CSV', version: '1' };

export interface ResultsCsv {
  readonly contests: readonly Contest[];
  readonly jurisdictions: readonly Jurisdiction[];
  readonly results: readonly ReportedResults[];
}

export interface ResultsCsvOptions {
  /** The contest's name where the file does not say. */
  readonly contest?: string;
  /** The contests that the election defines: a contest or choice that is none of theirs is refused, and they bring their rule. */
  readonly known?: readonly Contest[];
}

export function readResultsCsv(
  file: string,
  bytes: Uint8Array,
  options: ResultsCsvOptions = {},
): Reading<ResultsCsv> {
  const found: Found = { contests: new Map(), jurisdictions: new Map(), rowsRead: 0 };
  let header: Header | undefined;
  const ledger = tableRows(file, bytes, ({ line, fields }, ledger) => {
    if (header === undefined) {
      header = readHeader(ledger, fields, line);
      return header === undefined ? ledger.refusals.at(-1) : undefined;
    }
    return readRow(ledger, header, { line, fields }, found, options);
  });
  if (found.rowsRead === 0 && ledger.refusals.length === 0)
    ledger.refuse(
      'no-rows',
      header === undefined ? {} : { line: header.line },
      'at least one row below the header',
      'none',
      'the file is cut off or was exported empty',
    );
  const results =
    ledger.refusals.length > 0 ? [] : [...found.contests.values()].map((c) => resultsOf(ledger, c));
  return close(
    ledger,
    () => ({
      contests: [...found.contests.values()].map(({ name, id, choices, known }) => ({
        id,
        name,
        choices: [...choices.values()],
        rule: known?.rule ?? { kind: 'plurality', voteFor: 1, winners: 1 },
      })),
      jurisdictions: [...found.jurisdictions.values()],
      results,
    }),
    found.rowsRead,
  );
}

/** The long form: one line for each choice of each row. Reads back to the same results, but for `asOf` and `status`, which it cannot hold. */
export function writeResultsCsv(
  contests: readonly Contest[],
  jurisdictions: readonly Jurisdiction[],
  results: readonly ReportedResults[],
): Uint8Array {
  const names = new Map(jurisdictions.map((j) => [j.id, j.name]));
  const withUnit = results.some((r) => r.rows.some((row) => row.unit !== undefined));
  const line = (
    contest: string,
    place: string,
    unit: string,
    type: string,
    choice: string,
    n: string,
  ): string => csvLine([contest, place, ...(withUnit ? [unit] : []), type, choice, n]);
  const lines = results.flatMap((r) => {
    const contest = contests.find((c) => c.id === r.contest);
    const title = contest?.name ?? r.contest;
    const choice = (i: number): string =>
      contest?.choices.find((c) => c.id === r.choices[i])?.name ?? r.choices[i]!;
    return [
      ...r.rows.flatMap((row) =>
        row.votes.map((n, i) =>
          line(
            title,
            names.get(row.jurisdiction) ?? row.jurisdiction,
            row.unit ?? '',
            row.voteType,
            choice(i),
            String(n),
          ),
        ),
      ),
      ...(r.statedTotals ?? []).map((n, i) => line(title, 'Total', '', '', choice(i), String(n))),
    ];
  });
  return new TextEncoder().encode(
    [line('contest', 'jurisdiction', 'unit', 'vote type', 'choice', 'votes'), ...lines, ''].join('\r\n'),
  );
}

// ── the header ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Header {
  readonly line: number;
  readonly titles: readonly string[];
  readonly jurisdiction: number;
  readonly contest: number;
  readonly voteType: number;
  readonly unit: number;
  /** Long: where choice and votes stand. Wide: undefined. */
  readonly long?: { readonly choice: number; readonly votes: number };
  /** Wide: the columns of choices, and of the row's total. */
  readonly choices: readonly number[];
  readonly total: number;
}

const titlesOf = {
  jurisdiction: ['jurisdiction', 'county'],
  contest: ['contest'],
  voteType: ['vote type'],
  unit: ['unit', 'precinct'],
  choice: ['choice', 'candidate'],
  votes: ['votes'],
  total: ['total', 'total votes'],
} as const;

/** True if a first line could be the header of this format. */
export const looksLikeResultsHeader = (fields: readonly string[]): boolean =>
  fields.some((f) => (titlesOf.jurisdiction as readonly string[]).includes(f.trim().toLowerCase()));

function readHeader(ledger: Ledger, fields: readonly string[], line: number): Header | undefined {
  const titles = fields.map((f) => f.trim());
  while (titles.at(-1) === '') titles.pop();
  const find = (names: readonly string[]): number => titles.findIndex((t) => names.includes(t.toLowerCase()));
  const twice = titles.find((t, i) => titles.findIndex((o) => o.toLowerCase() === t.toLowerCase()) < i);
  if (twice !== undefined)
    ledger.refuse(
      'column-twice',
      { line, field: twice },
      'each column once',
      `${shown(twice)} again`,
      'rename or remove one of the two',
    );
  const empty = titles.indexOf('');
  if (empty !== -1)
    ledger.refuse(
      'missing-name',
      { line, field: `column ${empty + 1}` },
      'a title for each column',
      'an empty one',
      'give the column a title or remove it',
    );
  const at = {
    jurisdiction: find(titlesOf.jurisdiction),
    contest: find(titlesOf.contest),
    voteType: find(titlesOf.voteType),
    unit: find(titlesOf.unit),
  };
  const missing = (title: string): void => {
    ledger.refuse(
      'missing-column',
      { line, field: title },
      `a column "${title}"`,
      shown(titles.join(',')),
      'the first line must be "jurisdiction,vote type,choice,votes", or "jurisdiction,vote type," and a column for each choice',
    );
  };
  if (at.jurisdiction === -1) missing('jurisdiction');
  const choice = find(titlesOf.choice);
  const count = find(titlesOf.votes);
  if (choice !== -1 || count !== -1) {
    if (choice === -1) missing('choice');
    if (count === -1) missing('votes');
    if (ledger.refusals.length > 0) return undefined;
    return { line, titles, ...at, long: { choice, votes: count }, choices: [], total: -1 };
  }
  const total = find(titlesOf.total);
  const choices = titles.map((_, i) => i).filter((i) => i !== total && !Object.values(at).includes(i));
  if (choices.length === 0) missing('choice');
  return ledger.refusals.length > 0 ? undefined : { line, titles, ...at, choices, total };
}

// ── the rows ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface FoundRow {
  readonly line: number;
  readonly jurisdiction: Jurisdiction;
  readonly unit: string;
  readonly voteType: string;
  readonly votes: Map<string, number>;
}
interface FoundContest {
  readonly name: string;
  readonly id: Contest['id'];
  readonly known: Contest | undefined;
  readonly choices: Map<string, Choice>;
  readonly rows: Map<string, FoundRow>;
  readonly totals: Map<string, number>;
}
interface Found {
  readonly contests: Map<string, FoundContest>;
  readonly jurisdictions: Map<string, Jurisdiction>;
  rowsRead: number;
}

function readRow(
  ledger: Ledger,
  header: Header,
  { line, fields }: { line: number; fields: readonly string[] },
  found: Found,
  options: ResultsCsvOptions,
): Refusal | undefined {
  const width = header.titles.length;
  const over = fields.findIndex((f, i) => i >= width && f.trim() !== '');
  if (fields.length < width)
    ledger.refuse(
      'too-few-fields',
      { line, field: header.titles[fields.length]! },
      `${width} fields`,
      `${fields.length}`,
      'a separator is missing, or the file is cut off here',
    );
  else if (over !== -1)
    ledger.refuse(
      'too-many-fields',
      { line, field: `column ${over + 1}` },
      `${width} fields`,
      shown(fields[over]!),
      'a cell with a comma must be quoted, and so must a number with a comma between thousands',
    );
  else if (!fields.every((f, i) => f.trim().toLowerCase() === (header.titles[i] ?? '').toLowerCase()))
    readCells(ledger, header, line, fields, found, options);
  else ledger.remark('repeated-header', { line }, 'the header once', 'the header again; skipped');
  return ledger.full() ? ledger.refusals.at(-1) : undefined;
}

function readCells(
  ledger: Ledger,
  header: Header,
  line: number,
  fields: readonly string[],
  found: Found,
  options: ResultsCsvOptions,
): void {
  const cell = (at: number): string => (at === -1 ? '' : fields[at]!.trim());
  const contest = contestNamed(
    ledger,
    line,
    header.contest === -1 ? (options.contest ?? '') : cell(header.contest),
    found,
    options,
  );
  const name = cell(header.jurisdiction);
  const id = jurisdictionId(name);
  if ((id as string) === '')
    ledger.refuse(
      'missing-name',
      { line, field: header.titles[header.jurisdiction]! },
      'the name of a jurisdiction',
      shown(name),
      'fill it in; a total is a row whose jurisdiction is "Total"',
    );
  if (contest === undefined || (id as string) === '') return;
  found.rowsRead++;
  const isTotal = /^totals?$/i.test(name);
  const jurisdiction = found.jurisdictions.get(id) ?? { id, name };
  if (!isTotal) found.jurisdictions.set(id, jurisdiction);
  const [unit, voteType] = [cell(header.unit), cell(header.voteType)];
  const key = JSON.stringify([id, unit, voteType]);
  const row = contest.rows.get(key) ?? {
    line,
    jurisdiction,
    unit,
    voteType,
    votes: new Map<string, number>(),
  };
  if (!isTotal) contest.rows.set(key, row);

  const put = (choiceName: string, at: number): number => {
    const choice = choiceNamed(ledger, line, choiceName, contest);
    const n = parseCount(fields[at]!);
    if (typeof n !== 'number')
      ledger.refuse(n, { line, field: header.titles[at]! }, 'a count', shown(fields[at]!), countFaults[n]);
    if (choice === undefined || typeof n !== 'number') return 0;
    const into = isTotal ? contest.totals : row.votes;
    // Totals by vote type add up to the total; anything else that comes twice is a fault.
    if (into.has(choice) && !(isTotal && voteType !== ''))
      ledger.refuse(
        'jurisdiction-twice',
        { line, field: choiceName },
        'each jurisdiction, unit, vote type and choice once',
        `${shown([name, unit, voteType].filter((t) => t !== '').join(', '))} again, first in line ${row.line}`,
        'one of the two is wrong or they belong together; ask the office',
      );
    into.set(choice, (isTotal ? (into.get(choice) ?? 0) : 0) + n);
    return n;
  };
  if (header.long !== undefined) {
    put(cell(header.long.choice), header.long.votes);
    return;
  }
  let sum = 0;
  for (const at of header.choices) sum += put(header.titles[at]!, at);
  if (header.total === -1 || ledger.refusals.length > 0) return;
  const stated = parseCount(fields[header.total]!);
  if (typeof stated !== 'number')
    ledger.refuse(
      stated,
      { line, field: header.titles[header.total]! },
      'a count',
      shown(fields[header.total]!),
      countFaults[stated],
    );
  else if (stated !== sum)
    ledger.remark(
      'total-contradicts-parts',
      { line, field: name },
      `${sum}, the sum of its parts`,
      `${stated}, stated`,
    );
}

function contestNamed(
  ledger: Ledger,
  line: number,
  name: string,
  found: Found,
  { known }: ResultsCsvOptions,
): FoundContest | undefined {
  const id = contestId(name);
  const definition =
    known?.find((c) => c.id === id) ?? (known?.length === 1 && name === '' ? known[0] : undefined);
  if (known !== undefined && definition === undefined) {
    ledger.refuse(
      'unknown-contest',
      { line, field: 'contest' },
      known.map((c) => c.name).join(' or '),
      shown(name),
      'correct the name, or define the contest first',
    );
    return undefined;
  }
  const contest: FoundContest = found.contests.get(id) ?? {
    name: definition?.name ?? name,
    id: definition?.id ?? id,
    known: definition,
    choices: new Map(definition?.choices.map((c) => [c.id, c])),
    rows: new Map(),
    totals: new Map(),
  };
  found.contests.set(id, contest);
  return contest;
}

function choiceNamed(ledger: Ledger, line: number, name: string, contest: FoundContest): string | undefined {
  const id = choiceId(name);
  if ((id as string) === '') {
    ledger.refuse('missing-name', { line, field: 'choice' }, 'the name of a choice', 'nothing', 'fill it in');
    return undefined;
  }
  if (!contest.choices.has(id)) {
    if (contest.known !== undefined) {
      ledger.refuse(
        'unknown-choice',
        { line, field: 'choice' },
        contest.known.choices.map((c) => c.name).join(', '),
        shown(name),
        'correct the name, or add the choice where the contest is defined: the reported results',
      );
      return undefined;
    }
    contest.choices.set(id, { id, name });
  }
  return id;
}

function resultsOf(ledger: Ledger, contest: FoundContest): ReportedResults {
  const choices = [...contest.choices.values()];
  const found = [...contest.rows.values()];
  const isTotalType = (r: FoundRow): boolean => /^total\b/i.test(r.voteType);
  const whole = found.find(isTotalType);
  if (whole !== undefined && !found.every(isTotalType))
    ledger.refuse(
      'total-beside-parts',
      { line: whole.line, field: 'vote type' },
      'vote types that can be added up',
      shown(whole.voteType),
      'leave the rows of totals out, or give only them',
    );
  const rows = found.map((row): ResultsRow => ({
    jurisdiction: row.jurisdiction.id,
    ...(row.unit === '' ? {} : { unit: row.unit }),
    voteType: row.voteType,
    votes: choices.map(({ id, name }) => {
      const n = row.votes.get(id);
      if (n === undefined && !ledger.full())
        ledger.refuse(
          'missing-count',
          { line: row.line, field: name },
          `a count for each choice in ${shown(row.jurisdiction.name)}`,
          'none',
          countFaults['missing-count'],
        );
      return votes(n ?? 0);
    }),
  }));
  for (const [i, { id, name }] of choices.entries()) {
    const stated = contest.totals.get(id);
    const sum = rows.reduce((n, row) => n + row.votes[i]!, 0);
    if (stated !== undefined && stated !== sum)
      ledger.remark(
        'total-contradicts-parts',
        { field: name },
        `${sum}, the sum of its parts`,
        `${stated}, stated`,
      );
  }
  return {
    contest: contest.id,
    choices: choices.map((c) => c.id),
    rows,
    ...(contest.totals.size === choices.length
      ? { statedTotals: choices.map((c) => votes(contest.totals.get(c.id)!)) }
      : {}),
    status: 'not stated',
  };
}
