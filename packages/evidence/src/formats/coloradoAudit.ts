// The public files of a Colorado risk-limiting audit (the state's RLA software): the seed, a row for each contest and round (contest.csv), the
// measured risks (results report), which card was looked at for which contest (activity report, a workbook with a sheet a contest), both readings of
// it (contestComparison.csv, discrepancy report), what was uploaded when (uploadStatus.csv), and each county's votes (tabulateCounty.csv).
// Columns are found by title; a file of another year with more columns is read the same way.
import { countFaults, parseCount, shown } from './cells.ts';
import { eachRow } from './csv.ts';
import type { Reading, ReaderName } from './reading.ts';
import type { Ledger } from './refusals.ts';
import { close, openLedger, refused } from './refusals.ts';
import { decodeText } from './text.ts';
import type { Stamp } from '../stated/index.ts';
import { parseStamp } from '../stated/index.ts';
import { readXlsx } from './xlsx.ts';

export const coloradoAuditReader: ReaderName = { reader: 'colorado-audit', version: '1' };

export interface ColoradoSeed {
  readonly seed: string;
  /** When it was rolled, where the file has a column "date" or "timestamp": Colorado's has none. */
  readonly drawn?: Stamp;
}

/** seed.csv: a title and one line of digits. */
export function readColoradoSeed(file: string, bytes: Uint8Array): Reading<ColoradoSeed> {
  return readTable(file, bytes, ['seed'], (rows, ledger) => {
    const seed = rows[0]?.text('seed').trim() ?? '';
    if (rows.length !== 1 || !/^\d+$/.test(seed))
      ledger.refuse(
        'not-a-seed',
        { field: 'seed' },
        'one line of digits',
        shown(seed),
        'ask for the file again',
      );
    const written = rows[0]?.text('timestamp').trim() || rows[0]?.text('date').trim();
    if (!written) return { seed };
    const drawn = parseStamp(written);
    if (drawn !== undefined) return { seed, drawn };
    ledger.refuse('not-a-time', { field: 'date' }, 'a time like 2024-11-18 10:00:00', shown(written), 'write it so'); // oxfmt-ignore
    return { seed };
  });
}

/** A contest in one round, as contest.csv states it. */
export interface ColoradoContest {
  readonly contest: string;
  /** 'state_wide_contest' and 'county_wide_contest' are audited to the risk limit; 'opportunistic_benefits' as it comes. */
  readonly reason: string;
  readonly status: string;
  readonly winners: readonly string[];
  /** All cards of the counties concerned: what the margin is diluted by. */
  readonly cards: number;
  readonly margin: number;
  readonly riskLimit: number;
  readonly gamma: number;
  readonly audited: number;
  readonly o1: number;
  readonly o2: number;
  readonly u1: number;
  readonly u2: number;
  /** What the software scales its estimate by: a count of its own, 0 in contests with overstatements too. */
  readonly overstatements: number;
  readonly optimistic: number;
  readonly estimated: number;
}

export function readColoradoContests(file: string, bytes: Uint8Array): Reading<readonly ColoradoContest[]> {
  const needed = [
    'contest_name', 'audit_reason', 'random_audit_status', 'ballot_card_count', 'min_margin', 'risk_limit', 'gamma',
    'audited_sample_count', 'one_vote_over_count', 'two_vote_over_count', 'one_vote_under_count', 'two_vote_under_count', 'overstatements',
    'optimistic_samples_to_audit', 'estimated_samples_to_audit',
  ]; // oxfmt-ignore
  return readTable(file, bytes, needed, (rows) =>
    rows.map((r) => ({
      contest: r.text('contest_name'),
      reason: r.text('audit_reason'),
      status: r.text('random_audit_status'),
      winners: choicesIn(r.text('winners')),
      cards: r.count('ballot_card_count'),
      margin: r.count('min_margin'),
      riskLimit: r.decimal('risk_limit'),
      gamma: r.decimal('gamma'),
      audited: r.count('audited_sample_count'),
      o1: r.count('one_vote_over_count'),
      o2: r.count('two_vote_over_count'),
      u1: r.count('one_vote_under_count'),
      u2: r.count('two_vote_under_count'),
      overstatements: r.count('overstatements'),
      optimistic: r.count('optimistic_samples_to_audit'),
      estimated: r.count('estimated_samples_to_audit'),
    })),
  );
}

/** The risk measured for a contest, as the results report states it. */
export interface ColoradoRisk {
  readonly contest: string;
  readonly targeted: boolean;
  readonly met: boolean;
  /** As written: "2.8". */
  readonly riskPercent: string;
  readonly limitPercent: number;
  readonly gamma: number;
  /** Draws, a card drawn twice counted twice. */
  readonly draws: number;
  readonly cards: number;
  readonly margin: number;
  readonly o1: number;
  readonly o2: number;
  readonly u1: number;
  readonly u2: number;
}

export function readColoradoRisks(file: string, bytes: Uint8Array): Reading<readonly ColoradoRisk[]> {
  const needed = [
    'Contest', 'targeted', 'Risk Limit met?', 'Risk measurement %', 'Audit Risk Limit %', 'disc +2', 'disc +1', 'disc -1', 'disc -2',
    'gamma', 'audited sample count', 'ballot count', 'min margin',
  ]; // oxfmt-ignore
  return readTable(file, bytes, needed, (rows) =>
    rows
      .filter((r) => r.text('Contest') !== 'End of worksheet')
      .map((r) => ({
        contest: r.text('Contest'),
        targeted: r.text('targeted') === 'Yes',
        met: r.text('Risk Limit met?') === 'Yes',
        riskPercent: r.text('Risk measurement %'),
        limitPercent: r.decimal('Audit Risk Limit %'),
        gamma: r.decimal('gamma'),
        draws: r.count('audited sample count'),
        cards: r.count('ballot count'),
        margin: r.count('min margin'),
        o1: r.count('disc +1'),
        o2: r.count('disc +2'),
        u1: r.count('disc -1'),
        u2: r.count('disc -2'),
      })),
  );
}

/** A card that an audit board looked at for a contest. */
export interface ColoradoCard {
  readonly contest: string;
  readonly county: string;
  /** Tabulator, batch and position, joined by hyphens: the number printed on the card. */
  readonly imprinted: string;
  readonly round: number;
}

export function readColoradoActivity(file: string, bytes: Uint8Array): Reading<readonly ColoradoCard[]> {
  const ledger = openLedger(file);
  const cards: ColoradoCard[] = [];
  let [sheet, contest] = ['', ''];
  let columns: Map<string, number> | undefined;
  const reading = readXlsx(
    bytes,
    file,
    (row, number, name) => {
      if (ledger.full()) return;
      if (name !== sheet) {
        [sheet, contest, columns] = [name, row[0] ?? '', undefined]; // the first row names the contest in full
        return;
      }
      if (columns === undefined) {
        columns = new Map(row.map((title, i) => [title ?? '', i]));
        return;
      }
      // The sheet of contents has other columns; a last row says that it is the last.
      const [county, id, round] = ['county', 'imprinted id', 'round'].map((t) => columns!.get(t));
      if (county === undefined || id === undefined || round === undefined || row[0] === 'End of worksheet')
        return;
      const n = parseCount(row[round] ?? '');
      if (typeof n === 'string' || row[county] === undefined || row[id] === undefined)
        ledger.refuse(
          'not-an-activity',
          { line: number, field: sheet },
          'a county, an imprinted id and a round',
          shown(row.slice(0, 7).join(' · ')),
          'ask for the report again',
        );
      else cards.push({ contest, county: row[county], imprinted: row[id], round: n });
    },
    { every: true },
  );
  if (!reading.ok) return refused(...reading.refusals);
  if (cards.length === 0 && ledger.refusals.length === 0)
    ledger.refuse(
      'no-cards',
      {},
      'sheets with the columns county, imprinted id, round',
      reading.sheets.slice(0, 5).join(', '),
      'check that it is the activity report',
    );
  return close(ledger, () => cards, cards.length);
}

/** A card as the machine and as the audit board read it, for one contest. */
export interface ColoradoReading {
  readonly county: string;
  readonly contest: string;
  readonly imprinted: string;
  /** The choices marked; undefined where the contest is not on the card ("N/A"). */
  readonly machine: readonly string[] | undefined;
  readonly board: readonly string[] | undefined;
  /** The board did not agree on what the card says. */
  readonly noConsensus: boolean;
  /** "uploaded" where the card has a cast vote record of its own; other words are not read as votes. */
  readonly recordType: string;
  /** Why the card was looked at for the contest: "COUNTY_WIDE_CONTEST"; "N/A" or nothing if it was drawn for another. */
  readonly reason: string;
  readonly at?: Stamp;
}

/** contestComparison.csv has a row for every card and contest; the discrepancy report the same columns for those that differ, without times. */
export function readColoradoReadings(file: string, bytes: Uint8Array): Reading<readonly ColoradoReading[]> {
  const needed = ['county_name', 'contest_name', 'imprinted_id', 'choice_per_voting_computer', 'audit_board_selection', 'audit_reason']; // oxfmt-ignore
  const marked = (cell: string): readonly string[] | undefined =>
    cell === 'N/A' ? undefined : choicesIn(cell);
  return readTable(file, bytes, needed, (rows) =>
    rows
      .filter((r) => r.text('county_name') !== 'End of worksheet')
      .map((r) => {
        const at = parseStamp(r.text('timestamp'));
        return {
          county: r.text('county_name'),
          contest: r.text('contest_name'),
          imprinted: r.text('imprinted_id'),
          machine: marked(r.text('choice_per_voting_computer')),
          board: marked(r.text('audit_board_selection')),
          noConsensus: r.text('consensus').toUpperCase() === 'NO',
          recordType: r.text('record_type').toLowerCase() || 'uploaded',
          reason: r.text('audit_reason'),
          ...(at === undefined ? {} : { at }),
        };
      }),
  );
}

/** Choices are quoted once more within the cell, their own quotes as they are: "A","Robert "Bob" Lucero". */
const choicesIn = (cell: string): readonly string[] => {
  const text = cell.trim();
  if (text === '') return [];
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).split(/"\s*,\s*"/) : [text];
};

/** A file that a county uploaded, with its digest as the county submitted and as the software computed it. */
export interface ColoradoUpload {
  readonly county: string;
  readonly filename: string;
  /** "manifest" or "cvr…", as written. */
  readonly type: string;
  readonly status: string;
  readonly at: Stamp;
  /** Lower-case SHA-256, or empty. */
  readonly computed: string;
  readonly submitted: string;
}

export function readColoradoUploads(file: string, bytes: Uint8Array): Reading<readonly ColoradoUpload[]> {
  const needed = ['name', 'filename', 'type', 'status', 'timestamp', 'computed_hash', 'submitted_hash'];
  return readTable(file, bytes, needed, (rows, ledger) =>
    rows.flatMap((r) => {
      const at = parseStamp(r.text('timestamp'));
      const [computed, submitted] = ['computed_hash', 'submitted_hash'].map((t) =>
        r.text(t).trim().toLowerCase(),
      );
      if (at === undefined) {
        ledger.refuse('not-a-time', { field: 'timestamp' }, 'a time like 2024-11-15 23:33:06', shown(r.text('timestamp')), 'check the cell'); // oxfmt-ignore
        return [];
      }
      return [{ county: r.text('name'), filename: r.text('filename'), type: r.text('type').toLowerCase(), status: r.text('status'), at, computed: computed!, submitted: submitted! }]; // oxfmt-ignore
    }),
  );
}

/** tabulateCounty.csv: the machines' votes for each choice in each county. */
export interface ColoradoVotes {
  readonly county: string;
  readonly contest: string;
  readonly choice: string;
  readonly votes: number;
}

export const readColoradoVotes = (file: string, bytes: Uint8Array): Reading<readonly ColoradoVotes[]> =>
  readTable(
    file,
    bytes,
    ['county_name', 'contest_name', 'choice', 'votes'],
    (rows) =>
    rows.map((r) => ({ county: r.text('county_name'), contest: r.text('contest_name'), choice: r.text('choice'), votes: r.count('votes') })), // oxfmt-ignore
  );

/** contestsByCounty.csv: which counties a contest is in, and their numbers, which order the joined manifests. */
export interface ColoradoCountyContest {
  readonly number: number;
  readonly county: string;
  readonly contest: string;
}

export const readColoradoCountyContests = (
  file: string,
  bytes: Uint8Array,
): Reading<readonly ColoradoCountyContest[]> =>
  readTable(
    file,
    bytes,
    ['county_id', 'county_name', 'contest_name'],
    (rows) =>
    rows.map((r) => ({ number: r.count('county_id'), county: r.text('county_name'), contest: r.text('contest_name') })), // oxfmt-ignore
  );

interface TitledRow {
  text(title: string): string;
  count(title: string): number;
  decimal(title: string): number;
}

/** A CSV by its titles, which may stand below a line that is a heading of the whole. */
function readTable<T>(
  file: string,
  bytes: Uint8Array,
  needed: readonly string[],
  value: (rows: readonly TitledRow[], ledger: Ledger) => T,
): Reading<T> {
  const decoded = decodeText(file, bytes);
  if ('code' in decoded) return refused(decoded);
  const ledger = openLedger(file, decoded.remarks);
  const rows: TitledRow[] = [];
  let titles: Map<string, number> | undefined;
  let first: readonly string[] | undefined;
  const fault = eachRow(file, decoded.text, ({ line, fields }) => {
    if (fields.every((f) => f.trim() === '')) return undefined;
    first ??= fields;
    if (titles === undefined) {
      const found = new Map(fields.map((t, i) => [t.trim(), i]));
      if (needed.every((t) => found.has(t))) titles = found;
      return undefined;
    }
    const text = (title: string): string => fields[titles!.get(title)!] ?? '';
    const number = (title: string, pattern: RegExp): number => {
      const cell = text(title).trim();
      if (pattern.test(cell)) return Number(cell);
      ledger.refuse(
        'not-a-number',
        { line, field: title },
        'a decimal number',
        shown(cell),
        'check the cell',
      );
      return 0;
    };
    rows.push({
      text,
      count(title) {
        const n = parseCount(text(title));
        if (typeof n === 'number') return n;
        ledger.refuse(n, { line, field: title }, 'a count', shown(text(title)), countFaults[n]);
        return 0;
      },
      decimal: (title) => number(title, /^\d+(\.\d+)?$/),
    });
    return undefined;
  });
  if (fault !== undefined) return refused(fault);
  if (titles === undefined)
    return refused(
      ledger.refuse(
        'missing-column',
        { line: 1 },
        `the columns ${needed.join(', ')}`,
        shown((first ?? []).join(', ')),
        'check that it is the right file',
      ),
    );
  if (rows.length === 0) ledger.refuse('no-rows', {}, 'a row at least', 'none', 'ask for the file again');
  const result = value(rows, ledger);
  return close(ledger, () => result, rows.length);
}
