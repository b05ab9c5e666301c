// Folding: the entries of a record, in order, become evidence. Nothing is judged here but that what the entries say can be read at all;
// a table that cannot be read is a fault of the record, and its rows are then missing from the evidence.
//
// Tables are also held against the original files: the reader that made them is run again, and must give the same rows.
import { canonicalJson, toHex } from '../bytes/index.ts';
import type { BallotsCast, ReportedResults } from '../counts/index.ts';
import type { Contest, Election, JurisdictionId } from '../election/index.ts';
import {
  joinHandCounts,
  open,
  openContest,
  readBallotsTable,
  readHandCountTable,
  readResultsTable,
  readRoundsReport,
  type Opened,
  type Reading,
  type Remark,
} from '../formats/index.ts';
import { sumByType, type HandCount } from '../paper/index.ts';
import { rulesFromJson } from '../tally/index.ts';
import type { Statement } from './claim.ts';
import { ConductedFold, type ConductedAudit } from './conducted.ts';
import type { Bodies, Entry, FileRef, ReadFrom, Sha256Hex } from './entry.ts';
import type {
  CvrsNotRead,
  Evidence,
  Explanation,
  HandCountTotals,
  RoundsReported,
  Source,
  Sourced,
} from './evidence.ts';
import type { RecordFacts, RecordFault } from './facts.ts';
import type { RecordRead } from './read.ts';
import { bodyShapes } from './shapes.ts';

export interface Folded {
  readonly evidence: Evidence | undefined;
  readonly facts: RecordFacts;
}

/** Evidence from a record that was read; undefined where not even the election could be read from it. */
export function foldRecord(read: RecordRead): Folded {
  const fold = new Fold(read);
  for (const entry of read.facts.entries) fold.take(entry);
  return fold.result();
}

class Fold {
  readonly #read: RecordRead;
  readonly #corrected: ReadonlyMap<number, unknown>;
  readonly #faults: RecordFault[] = [];
  readonly #summed = new Map<HandCount, HandCount>();
  readonly #originals = new Map<string, Reading<Opened> | undefined>();
  readonly #rows = new Map<HandCount, readonly (readonly number[])[]>();
  readonly #remarks: Sourced<Remark>[] = [];
  #tablesReadAgain = 0;
  #tables = 0;

  #election: Election | undefined;
  readonly #results: Sourced<ReportedResults>[] = [];
  readonly #handCounts = new Map<string, { parts: HandCount[]; sources: Source[] }>();
  /** By position: of which county. */
  readonly #reportsOfHandCounts = new Map<number, JurisdictionId>();
  readonly #totals: HandCountTotals[] = [];
  readonly #ballotsCast: Sourced<BallotsCast>[] = [];
  readonly #statedAudits: Evidence['statedAudits'][number][] = [];
  readonly #rounds: Sourced<RoundsReported>[] = [];
  readonly #statements: Sourced<Statement>[] = [];
  readonly #explanations: Explanation[] = [];
  readonly #conducted: ConductedFold;

  constructor(read: RecordRead) {
    this.#read = read;
    const { standing, faults } = corrections(read);
    this.#corrected = standing;
    this.#faults.push(...faults);
    this.#conducted = new ConductedFold(read.files, read.facts.kind);
  }

  take(entry: Entry): void {
    const committed = this.#read.bodies.get(entry.position);
    const body = this.#corrected.get(entry.position) ?? committed;
    this.#conducted.take(entry, body, committed, this.#election);
    if (body === undefined) return;
    switch (entry.act.kind) {
      case 'election defined':
        this.#election = (body as Bodies['election defined']).election;
        break;
      case 'file received': {
        const { file, states, rounds } = body as Bodies['file received'];
        if (states !== undefined)
          this.#statedAudits.push({ value: states, sources: [sourceOf(entry, file)] });
        if (rounds !== undefined) this.#takeRounds(entry, file, rounds);
        break;
      }
      case 'results reported':
        this.#takeResults(entry, body as Bodies['results reported']);
        break;
      case 'hand count reported':
        this.#takeHandCount(
          entry,
          body as Bodies['hand count reported'],
          committed as Bodies['hand count reported'] | undefined,
        );
        break;
      case 'correction':
        this.#correctHandCounts(entry, body as Bodies['correction']);
        break;
      case 'counts reported':
        this.#takeCounts(entry, body as Bodies['counts reported']);
        break;
      case 'statement made':
      case 'claim registered':
        this.#statements.push({
          value: body as Statement,
          sources: [{ name: entry.act.kind, position: entry.position }],
        });
        break;
      case 'discrepancy explained': {
        const { contest, jurisdiction } = entry.act.about;
        this.#explanations.push({
          ...(body as Bodies['discrepancy explained']),
          position: entry.position,
          ...(contest === undefined ? {} : { contest }),
          ...(jurisdiction === undefined ? {} : { jurisdiction }),
        });
        break;
      }
      default:
        break;
    }
  }

  #takeRounds(
    entry: Entry,
    file: FileRef,
    { contest, rules: stated }: NonNullable<Bodies['file received']['rounds']>,
  ): void {
    const rules = rulesFromJson(stated ?? {});
    const bytes = this.#read.files.get(file.sha256);
    if (bytes === undefined || 'faults' in rules) return; // a fault of the files, or of the body, already
    const reading = readRoundsReport(file.name, bytes);
    if (reading.ok)
      this.#rounds.push({
        value: { contest, stated: reading.value, rules },
        sources: [sourceOf(entry, file)],
      });
    else
      this.#faults.push({
        check: 'tables-read-again',
        code: 'original-unreadable',
        path: `files/${file.sha256}`,
        position: entry.position,
        expected: file.name,
        found: reading.refusals[0]!.code,
      });
  }

  #takeResults(entry: Entry, body: Bodies['results reported']): void {
    const { table, read, status, asOf, statedTotals, contest, choices } = body;
    const about = {
      contest,
      choices,
      status,
      ...(asOf === undefined ? {} : { asOf }),
      ...(statedTotals === undefined
        ? {}
        : { statedTotals: statedTotals as NonNullable<ReportedResults['statedTotals']> }),
    };
    const value = this.#table(entry, table, (bytes) => readResultsTable(table.name, bytes, about));
    if (value === undefined) return;
    this.#results.push({ value, sources: [sourceOf(entry, read?.file ?? table)] });
    this.#readAgain(entry, table, read, (original) => {
      const same = original.results.find((r) => r.contest === contest);
      return (
        same !== undefined &&
        same.choices.join('\n') === choices.join('\n') &&
        equalRows(same.rows, value.rows)
      );
    });
  }

  #takeHandCount(
    entry: Entry,
    body: Bodies['hand count reported'],
    committed: Bodies['hand count reported'] | undefined,
  ): void {
    const { table, read, contest, columns, granularity, totals, batches } = body;
    const jurisdiction = entry.act.about.jurisdiction;
    if (jurisdiction === undefined) {
      this.#faults.push({ check: 'tables-read-again', code: 'no-jurisdiction', position: entry.position });
      return;
    }
    this.#reportsOfHandCounts.set(entry.position, jurisdiction);
    const value = this.#handCountTable(entry, body, jurisdiction);
    // What was assessed before a correction was assessed on the count as it was reported.
    const first =
      body === committed || committed === undefined
        ? value
        : this.#handCountTable(entry, committed, jurisdiction);
    if (first !== undefined)
      this.#conducted.handCount({ position: entry.position, jurisdiction, count: first });
    if (value === undefined) return;
    const source = sourceOf(entry, read?.file ?? table);
    // Of a ranked contest each county has the rankings that its voters made.
    const key = JSON.stringify([contest, granularity, columns.filter((c) => c.kind !== 'ranking')]);
    const group = this.#handCounts.get(key);
    if (group === undefined) this.#handCounts.set(key, { parts: [value], sources: [source] });
    else {
      group.parts.push(value);
      if (!group.sources.some((s) => s.sha256 === source.sha256)) group.sources.push(source);
    }
    this.#totals.push({ contest, jurisdiction, totals, batches, source: sourceOf(entry, table) });
    this.#readAgain(entry, table, read, (original) => {
      const same = original.handCounts.find((h) => h.contest === contest);
      return same !== undefined && this.#equalCounts(this.#asTable(same, granularity), jurisdiction, value);
    });
  }

  #handCountTable(
    entry: Entry,
    { table, contest, columns, granularity }: Bodies['hand count reported'],
    jurisdiction: JurisdictionId,
  ): HandCount | undefined {
    return this.#table(entry, table, (bytes) =>
      readHandCountTable(table.name, bytes, { contest, columns, granularity }, jurisdiction),
    );
  }

  /** A count in the place of one that was reported: of the audit from here on. */
  #correctHandCounts(entry: Entry, { replacement }: Bodies['correction']): void {
    if (replacement === undefined || bodyShapes['hand count reported'](replacement, '') !== undefined) return;
    for (const replaces of entry.act.about.entries ?? []) {
      const jurisdiction = this.#reportsOfHandCounts.get(replaces);
      if (jurisdiction === undefined) continue;
      const count = this.#handCountTable(entry, replacement as Bodies['hand count reported'], jurisdiction);
      if (count !== undefined)
        this.#conducted.handCount({ position: entry.position, replaces, jurisdiction, count });
    }
  }

  #takeCounts(entry: Entry, { table, read, contest }: Bodies['counts reported']): void {
    const value = this.#table(entry, table, (bytes) => readBallotsTable(table.name, bytes, contest));
    if (value === undefined) return;
    this.#ballotsCast.push({ value, sources: [sourceOf(entry, read?.file ?? table)] });
    this.#readAgain(entry, table, read, (original) =>
      equalRows(original.ballotsCast?.rows ?? [], value.rows),
    );
  }

  #table<T>(entry: Entry, table: FileRef, readIt: (bytes: Uint8Array) => Reading<T>): T | undefined {
    this.#tables += 1;
    const bytes = this.#read.files.get(table.sha256);
    if (bytes === undefined) return undefined; // missing or changed: a fault of the files already
    const reading = readIt(bytes);
    if (reading.ok) return reading.value;
    const [refusal] = reading.refusals;
    this.#faults.push({
      check: 'tables-read-again',
      code: 'table-unreadable',
      path: `files/${table.sha256}`,
      position: entry.position,
      ...(refusal === undefined
        ? {}
        : { expected: refusal.expected, found: `${refusal.code}: ${refusal.found}` }),
    });
    return undefined;
  }

  /** Runs the reader over the original file, once, and asks whether the table is what it gives. */
  #readAgain(
    entry: Entry,
    table: FileRef,
    read: ReadFrom | undefined,
    isSame: (original: Opened) => boolean,
  ): void {
    if (read === undefined || read.file.held === false) return;
    const bytes = this.#read.files.get(read.file.sha256);
    if (bytes === undefined) return;
    const contest = this.#election?.contests.find((c) => c.id === entry.act.about.contest);
    const { sha256 } = read.file;
    const key = `${sha256} ${contest?.id ?? ''}`;
    let original = this.#originals.get(sha256) ?? this.#originals.get(key);
    if (original === undefined) {
      const one =
        contest !== undefined && this.#election?.contests.length === 1
          ? openContest(read.file.name, bytes, contest)
          : undefined;
      original = one?.ok === true ? one : openNamed(read.file.name, bytes, contest);
      if (original.ok)
        for (const value of original.remarks)
          this.#remarks.push({ value, sources: [sourceOf(entry, read.file)] });
      // A file that names its own contests is read once; one that does not is read for the contest it is said to be of.
      this.#originals.set(original.ok && namesItsContests(original.value) ? sha256 : key, original);
    }
    this.#tablesReadAgain += 1;
    const place = {
      check: 'tables-read-again',
      path: `files/${table.sha256}`,
      position: entry.position,
      expected: read.file.name,
    };
    if (!original.ok)
      this.#faults.push({ ...place, code: 'original-unreadable', found: original.refusals[0]?.code ?? '' });
    else if (!isSame(original.value))
      this.#faults.push({ ...place, code: 'table-differs-from-original', found: table.name });
  }

  /** The original added up by type where the table is; once for all its counties. */
  #asTable(original: HandCount, granularity: 'batch' | 'type'): HandCount {
    if (granularity === 'batch') return original;
    let summed = this.#summed.get(original);
    if (summed === undefined) this.#summed.set(original, (summed = sumByType(original)));
    return summed;
  }

  /** True if the rows of one jurisdiction in the original are those of the table. */
  #equalCounts(original: HandCount, jurisdiction: JurisdictionId, table: HandCount): boolean {
    const index = original.jurisdictions.indexOf(jurisdiction);
    if (index < 0 || !equalColumns(original.columns, table.columns)) return false;
    const rows = this.#rowsOf(original)[index]!;
    const width = table.columns.length;
    return (
      rows.length === table.names.length &&
      rows.every((i, row) => {
        if (original.names[i] !== table.names[row] || original.types[i] !== table.types[row]) return false;
        for (let c = 0; c < width; c++)
          if (original.tallies[i * width + c] !== table.tallies[row * width + c]) return false;
        return true;
      })
    );
  }

  /** The rows of each jurisdiction of an original, found in one pass for all its tables. */
  #rowsOf(original: HandCount): readonly (readonly number[])[] {
    let rows = this.#rows.get(original);
    if (rows === undefined) {
      const of: number[][] = original.jurisdictions.map(() => []);
      for (let i = 0; i < original.names.length; i++) of[original.jurisdictionOf[i]!]!.push(i);
      this.#rows.set(original, (rows = of));
    }
    return rows;
  }

  result(): Folded {
    const { facts: before, streamed } = this.#read;
    const untold = [
      ...(this.#tablesReadAgain === 0 && this.#tables > 0
        ? [{ check: 'tables-read-again', code: 'no-original-files' }]
        : []),
      ...(streamed.size > 0 ? [{ check: 'files-match', code: 'cvrs-not-read' }] : []),
    ];
    const facts: RecordFacts = {
      ...before,
      faults: [...before.faults, ...this.#faults],
      untold: [...before.untold, ...untold],
      read: { ...before.read, tablesReadAgain: this.#tablesReadAgain },
    };
    if (this.#election === undefined) return { evidence: undefined, facts };
    const audit = this.#conducted.result();
    return {
      facts,
      evidence: {
        record: facts,
        election: this.#election,
        results: this.#results,
        handCounts: [...this.#handCounts.values()].map(({ parts, sources }) => ({
          value: joinHandCounts(parts),
          sources,
        })),
        handCountTotals: this.#totals,
        ballotsCast: this.#ballotsCast,
        ...(this.#rounds.length === 0 ? {} : { roundsReported: this.#rounds }),
        statedAudits: this.#statedAudits,
        statements: this.#statements,
        explanations: this.#explanations,
        remarks: this.#remarks,
        manifests: this.#conducted.manifests(),
        ...(audit === undefined ? {} : { audit, cvrsNotRead: notRead(audit) }),
      },
    };
  }
}

/** The bodies that later entries put in the place of earlier ones; the last correction stands. One of another shape is a fault, and is not taken. */
function corrections({ facts, bodies }: RecordRead): {
  readonly standing: ReadonlyMap<number, unknown>;
  readonly faults: readonly RecordFault[];
} {
  const standing = new Map<number, unknown>();
  const faults: RecordFault[] = [];
  const kinds = new Map(facts.entries.map((e) => [e.position, e.act.kind]));
  for (const { act, position } of facts.entries) {
    const replacement =
      act.kind === 'correction'
        ? (bodies.get(position) as Bodies['correction'] | undefined)?.replacement
        : undefined;
    if (replacement === undefined) continue;
    for (const corrects of act.about.entries ?? []) {
      const kind = kinds.get(corrects);
      if (kind === undefined || corrects >= position) continue; // a fault of the order already
      const at = bodyShapes[kind](replacement, kind);
      if (at === undefined) standing.set(corrects, replacement);
      else
        faults.push({
          check: 'bodies-match',
          code: 'replacement-of-another-shape',
          path: `bodies/${position}.json`,
          position,
          expected: kind,
          found: at,
        });
    }
  }
  return { standing, faults };
}

/** A file that names its contests is read as it is; one that does not, as being of this contest. */
function openNamed(name: string, bytes: Uint8Array, contest: Contest | undefined): Reading<Opened> {
  const asItIs = open(name, bytes);
  const isNamed = asItIs.ok && asItIs.value.contests.some((c) => c.id === contest?.id);
  return isNamed || contest === undefined ? asItIs : open(name, bytes, contest);
}

/** A file of several contests tells them apart. */
const namesItsContests = ({ format, contests }: Opened): boolean =>
  format === 'audit report' ||
  format === 'clarity detail' ||
  format === 'nist results' ||
  format === 'open elections' ||
  contests.length > 1;

/** The exports of cast vote records, all of them: withCvrFigures reads them. */
const notRead = (audit: ConductedAudit): CvrsNotRead[] =>
  [...audit.counties].flatMap(([jurisdiction, { exports }]) =>
    exports.map(({ read: { source, ...read } }) => ({
      jurisdiction,
      code: read.ok ? 'cvrs-not-read' : read.code,
      source,
    })),
  );

const sourceOf = (entry: Entry, file: { name: string; sha256: Sha256Hex }): Source => ({
  name: file.name,
  sha256: file.sha256,
  position: entry.position,
});

const equalRows = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((row, i) => JSON.stringify(row) === JSON.stringify(b[i]));

/** By what they count: the members of a column that was read from a body stand in another order. */
const equalColumns = (a: HandCount['columns'], b: HandCount['columns']): boolean =>
  a.length === b.length &&
  a.every((column, i) => toHex(canonicalJson(column)) === toHex(canonicalJson(b[i])));
