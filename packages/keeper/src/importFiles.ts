// Brings files that offices publish into a record: each file as it was received, then what it reports, as a table in the record's own form
// that anybody can make again from the same bytes with the same reader. All files are read before anything is written: one that cannot be
// read keeps all of them out.
import { toHex } from '@opencanvass/evidence/bytes';
import type { Contest, ContestId, Election, Jurisdiction } from '@opencanvass/evidence/election';
import {
  detect,
  headLength,
  open,
  readerOf,
  writeBallotsTable,
  writeHandCountTable,
  writeResultsTable,
  type Opened,
  type Refusal,
  type Remark,
} from '@opencanvass/evidence/formats';
import { sumByType, totalsByJurisdiction, type HandCount } from '@opencanvass/evidence/paper';
import {
  electionOf,
  type Author,
  type Bodies,
  type FileRef,
  type ReadFrom,
} from '@opencanvass/evidence/record';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import { nodeSha256 } from './crypto.ts';
import type { Draft, Keeper, KeeperRefusal } from './keeper.ts';

/** A file as somebody has it, and what they say of where it comes from. */
export interface FileToImport {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Who published it. */
  readonly from?: string;
  /** YYYY-MM-DD. */
  readonly retrieved?: string;
  readonly licence?: string;
  /** Of results that the file itself does not call certified or unofficial. */
  readonly status?: ReportedResults['status'];
}

export interface ImportOptions {
  /** Who imports: the compiler of a reconstructed record. */
  readonly author: Author;
  /** Absent: those that were hand-counted, or all where none was. */
  readonly contests?: readonly ContestId[];
  /** 'type': the batches of a county are added up by type, for a record that stays small. 'batch' where absent. */
  readonly granularity?: 'batch' | 'type';
  /** False: the record names the files by digest and does not hold them. True where absent. */
  readonly holdOriginals?: boolean;
}

export type ImportRefusal = Refusal | KeeperRefusal;
export type Imported =
  | { readonly ok: true; readonly keeper: Keeper; readonly summary: ImportSummary }
  /** Nothing was imported. */
  | { readonly ok: false; readonly refusals: readonly ImportRefusal[] };

export interface ImportSummary {
  readonly files: readonly {
    readonly name: string;
    readonly reader: string;
    readonly rowsRead: number;
    readonly rowsRefused: readonly Refusal[];
    readonly remarks: readonly Remark[];
  }[];
  readonly contests: readonly Contest[];
  /** Contests in the files that were not asked for. */
  readonly contestsLeftOut: number;
  readonly entries: number;
}

/** `keeperFor` opens the record that there is, or begins one of this election. It is called once every file has been read. */
export async function importFiles(
  files: readonly FileToImport[],
  keeperFor: (election: Election) => Promise<Keeper>,
  options: ImportOptions,
): Promise<Imported> {
  const reading = readToImport(files, options);
  if (!reading.ok) return reading;
  const keeper = await keeperFor(reading.election);
  const { drafts } = reading;
  const unknown = await unknownToRecord(keeper, reading.election);
  const answer =
    unknown.length > 0 ? { ok: false as const, refusals: unknown } : await keeper.append(...drafts);
  if (!answer.ok) {
    await keeper.close();
    return answer;
  }
  return { ok: true, keeper, summary: { ...reading.summary, entries: answer.entries.length } };
}

/** What the files amount to: the election that they define, and the acts that bring them into a record. */
export interface ToImport {
  readonly ok: true;
  readonly election: Election;
  readonly drafts: readonly Draft[];
  readonly summary: Omit<ImportSummary, 'entries'>;
}

/** Reads the files and writes nothing: for a record whose beginning and first acts are one append. */
export function readToImport(
  files: readonly FileToImport[],
  options: ImportOptions,
): ToImport | { readonly ok: false; readonly refusals: readonly Refusal[] } {
  const reading = readAll(files);
  if (!reading.ok) return reading;
  const { election, leftOut } = choose(reading.files, options.contests);
  return {
    ok: true,
    election,
    drafts: draftsOf(reading.files, election.contests, options),
    summary: {
      files: reading.files.map(({ file, read, rowsRefused, remarks }) => ({
        name: file.name,
        reader: read.reader,
        rowsRead: read.rowsRead,
        rowsRefused,
        remarks,
      })),
      contests: election.contests,
      contestsLeftOut: leftOut,
    },
  };
}

interface FileRead {
  readonly file: FileToImport;
  readonly ref: FileRef;
  readonly read: Omit<ReadFrom, 'file'>;
  readonly opened: Opened;
  readonly rowsRefused: readonly Refusal[];
  readonly remarks: readonly Remark[];
}

function readAll(
  files: readonly FileToImport[],
): { readonly ok: true; readonly files: FileRead[] } | { readonly ok: false; readonly refusals: Refusal[] } {
  const done = new Map<FileToImport, FileRead>();
  const refusals: Refusal[] = [];
  const readOne = (file: FileToImport, contest?: Contest): void => {
    const format = detect(file.name, file.bytes.subarray(0, headLength));
    const reading = open(file.name, file.bytes, contest);
    if (!reading.ok || typeof format !== 'string') {
      refusals.push(...(reading.ok ? [] : reading.refusals));
      return;
    }
    const { value: opened, rowsRead, rowsRefused, remarks } = reading;
    const ref = { name: file.name, sha256: toHex(nodeSha256(file.bytes)), bytes: file.bytes.length };
    const read = { ...readerOf(format), rowsRead, rowsRefused: rowsRefused.length };
    done.set(file, { file, ref, read, opened, rowsRefused, remarks });
  };

  // The county ballots file does not name its contest: it is read last, as being of the contest that was hand-counted, or of the only one.
  const isNameless = (f: FileToImport): boolean =>
    detect(f.name, f.bytes.subarray(0, headLength)) === 'county ballots';
  for (const file of files) if (!isNameless(file)) readOne(file);
  const counted = [...done.values()].flatMap((f) =>
    f.opened.handCounts.length > 0 ? f.opened.contests : [],
  );
  const contests =
    counted.length > 0 ? counted : electionOf([...done.values()].map((f) => f.opened)).contests;
  for (const file of files.filter(isNameless))
    if (contests.length === 1) readOne(file, contests[0]);
    else
      refusals.push({
        code: 'contest-not-named',
        file: file.name,
        expected: 'beside it, files of one contest, since it does not name its own',
        found: `${contests.length} contests`,
        todo: 'import it together with the hand count or the results of its contest',
      });
  return refusals.length > 0
    ? { ok: false, refusals }
    : { ok: true, files: files.flatMap((f) => done.get(f) ?? []) };
}

function choose(
  files: readonly FileRead[],
  asked: readonly ContestId[] | undefined,
): { readonly election: Election; readonly leftOut: number } {
  const whole = electionOf(files.map((f) => f.opened));
  const counted = files.flatMap((f) => f.opened.handCounts.map((h) => h.contest));
  const wanted = asked ?? (counted.length > 0 ? counted : whole.contests.map((c) => c.id));
  const contests = whole.contests.filter((c) => wanted.includes(c.id));
  return { election: { ...whole, contests }, leftOut: whole.contests.length - contests.length };
}

/** The contests and jurisdictions of these files that the record at hand does not define. */
async function unknownToRecord(
  keeper: Keeper,
  { contests, jurisdictions }: Election,
): Promise<KeeperRefusal[]> {
  const known = await keeper.election();
  const position = (await keeper.entries()).length;
  const lacking = (
    code: 'unknown-contest' | 'unknown-jurisdiction',
    ours: readonly (Contest | Jurisdiction)[],
    theirs: readonly (Contest | Jurisdiction)[],
  ): KeeperRefusal[] =>
    ours
      .filter((o) => !theirs.some((t) => t.id === o.id))
      .map((o) => ({ code, kind: 'file received', position, expected: known.name, found: o.name }));
  return [
    ...lacking('unknown-contest', contests, known.contests),
    ...lacking('unknown-jurisdiction', jurisdictions, known.jurisdictions),
  ];
}

/** First every file, then what they report: results, ballots cast, hand counts county by county. */
function draftsOf(files: readonly FileRead[], contests: readonly Contest[], options: ImportOptions): Draft[] {
  const wanted = new Set(contests.map((c) => c.id));
  return [
    ...files.map((f) => received(f, options)),
    ...files.flatMap((f) =>
      f.opened.results.filter((r) => wanted.has(r.contest)).map((r) => resultsReported(f, r, options)),
    ),
    ...files.flatMap((f) => countsReported(f, options)),
    ...files.flatMap((f) =>
      f.opened.handCounts
        .filter((h) => wanted.has(h.contest))
        .flatMap((h) => handCountsReported(f, h, options)),
    ),
  ];
}

const named = ({ ref }: FileRead, { holdOriginals = true }: ImportOptions): FileRef =>
  holdOriginals ? ref : { ...ref, held: false };

function received(f: FileRead, options: ImportOptions): Draft {
  const { from = options.author.name, retrieved, licence, bytes } = f.file;
  const body: Bodies['file received'] = {
    file: named(f, options),
    from,
    ...(retrieved === undefined ? {} : { retrieved }),
    ...(licence === undefined ? {} : { licence }),
    ...(f.opened.stated === undefined ? {} : { states: f.opened.stated }),
  };
  return {
    kind: 'file received',
    author: options.author,
    body,
    files: options.holdOriginals === false ? [] : [bytes],
  };
}

function resultsReported(f: FileRead, results: ReportedResults, options: ImportOptions): Draft {
  const { contest, choices, asOf, statedTotals } = results;
  const bytes = writeResultsTable(results);
  const body: Bodies['results reported'] = {
    contest,
    choices,
    status: results.status === 'not stated' ? (f.file.status ?? 'not stated') : results.status,
    ...(asOf === undefined ? {} : { asOf }),
    ...(statedTotals === undefined ? {} : { statedTotals }),
    read: { ...f.read, file: named(f, options) },
    table: table(`results-${contest}.json`, bytes),
  };
  return { kind: 'results reported', author: options.author, about: { contest }, body, files: [bytes] };
}

function countsReported(f: FileRead, options: ImportOptions): Draft[] {
  const cast = f.opened.ballotsCast;
  if (cast === undefined) return [];
  const bytes = writeBallotsTable(cast);
  const body: Bodies['counts reported'] = {
    contest: cast.contest,
    read: { ...f.read, file: named(f, options) },
    table: table(`ballots-cast-${cast.contest}.json`, bytes),
  };
  return [
    {
      kind: 'counts reported',
      author: options.author,
      about: { contest: cast.contest },
      body,
      files: [bytes],
    },
  ];
}

/** One act, one entry: a county's report of all its batches. */
function handCountsReported(f: FileRead, whole: HandCount, options: ImportOptions): Draft[] {
  const { granularity = 'batch' } = options;
  const { contest, columns } = whole;
  const count = granularity === 'type' ? sumByType(whole) : whole;
  const totals = totalsByJurisdiction(whole);
  const batches = whole.jurisdictions.map(() => 0);
  for (const j of whole.jurisdictionOf) batches[j]! += 1;
  return whole.jurisdictions.map((jurisdiction, j): Draft => {
    const bytes = writeHandCountTable(count, jurisdiction);
    const body: Bodies['hand count reported'] = {
      contest,
      granularity,
      columns,
      totals: totals[j]!,
      batches: batches[j]!,
      read: { ...f.read, file: named(f, options) },
      table: table(`hand-count-${jurisdiction}.json`, bytes),
    };
    const about = { contest, jurisdiction };
    return { kind: 'hand count reported', author: options.author, about, body, files: [bytes] };
  });
}

const table = (name: string, bytes: Uint8Array): FileRef => ({
  name,
  sha256: toHex(nodeSha256(bytes)),
  bytes: bytes.length,
});
