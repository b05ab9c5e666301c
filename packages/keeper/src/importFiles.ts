// Brings files that offices publish into a record: each file as it was received, then what it reports, as a table in the record's own form
// that anybody can make again from the same bytes with the same reader. All files are read before anything is written: one that cannot be
// read keeps all of them out.
import { toHex } from '@opencanvass/evidence/bytes';
import { RareStylesFinder, type RareStyles } from '@opencanvass/evidence/disclosure';
import {
  contestId,
  jurisdictionId,
  type Contest,
  type ContestId,
  type Election,
  type Jurisdiction,
} from '@opencanvass/evidence/election';
import {
  detect,
  headLength,
  open,
  readerOf,
  readRoundsReport,
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
  exportIn,
  type Author,
  type Bodies,
  type Entry,
  type FileRef,
  type SaltedBody,
} from '@opencanvass/evidence/record';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import { nodeSha256 } from './crypto.ts';
import {
  countyNamedIn,
  exportSealed,
  isCountyFile,
  isManifest,
  manifestSealed,
  readExport,
  readManifestFile,
  readTotalsFile,
  totalsSealed,
  type ExportRead,
  type ExportToImport,
  type ReadOfFile,
} from './importCounty.ts';
import { Keeper, type Draft, type KeeperRefusal } from './keeper.ts';

/** What somebody says of where a file comes from. */
export interface Provenance {
  /** Who published it. */
  readonly from?: string;
  /** YYYY-MM-DD. */
  readonly retrieved?: string;
  readonly licence?: string;
}

/** A file as somebody has it. */
export interface FileToImport extends Provenance {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of results that the file itself does not call certified or unofficial. */
  readonly status?: ReportedResults['status'];
}

/** Everything that is imported at once. */
export interface ToImportAtOnce {
  /** Results, hand counts, ballots cast; ballot manifests and batch totals of one county. */
  readonly files: readonly FileToImport[];
  /** Exports of cast vote records of that county. */
  readonly exports?: readonly ExportToImport[];
  /** Reports of the rounds of ranked contests. */
  readonly rounds?: readonly RoundsToImport[];
}

/** A report of rounds, and the rules of its count where they are not the usual ones. */
export interface RoundsToImport extends FileToImport {
  readonly rules?: unknown;
}

export interface ImportOptions {
  /** Who imports: the compiler of a reconstructed record. */
  readonly author: Author;
  /** Absent: those that were hand-counted, or all where none was or where there are cast vote records. */
  readonly contests?: readonly ContestId[];
  /** 'type': the batches of a county are added up by type, for a record that stays small. 'batch' where absent. */
  readonly granularity?: 'batch' | 'type';
  /** False: the record names the files by digest and does not hold them. True where absent. */
  readonly holdOriginals?: boolean;
  /** Whose the manifest, batch totals and cast vote records are. Needed only where the election has several counties. */
  readonly jurisdiction?: string;
  /** What a new record's election is called, where the files do not say it or not well. */
  readonly election?: Partial<Pick<Election, 'name' | 'date' | 'state'>>;
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
  /** Of the cast vote records: cards so few of a kind that a vote could be known if they were published. */
  readonly rareStyles?: RareStyles;
  readonly entries: number;
}

/** `into` is the record that there is, or begins one of this election; that is asked once every file has been read. The record is closed where nothing comes in. */
export async function importFiles(
  given: ToImportAtOnce,
  into: Keeper | ((election: Election) => Promise<Keeper>),
  options: ImportOptions,
): Promise<Imported> {
  const existing = into instanceof Keeper ? into : undefined;
  const refused = async (refusals: readonly ImportRefusal[]): Promise<Imported> => {
    await existing?.close();
    return { ok: false, refusals };
  };
  const reading = await readEverything(given, await existing?.election(), options);
  if (!reading.ok) return refused(reading.refusals);
  const unfit = existing === undefined ? [] : await unfitFor(existing, reading);
  if (unfit.length > 0) return refused(unfit);
  const keeper = existing ?? (await (into as (election: Election) => Promise<Keeper>)(reading.election));
  for (const { source, ref } of reading.exports)
    if ((await keeper.putFilePieces(source.file.bytes())) !== ref.sha256) {
      await keeper.close();
      return { ok: false, refusals: [changedMeanwhile(ref)] };
    }
  const answer = await keeper.append(...reading.drafts);
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

/** Reads files of results and hand counts, and writes nothing: for a record whose beginning and first acts are one append. */
export function readToImport(
  files: readonly FileToImport[],
  options: ImportOptions,
): ToImport | { readonly ok: false; readonly refusals: readonly Refusal[] } {
  const reading = readAll(files);
  if (!reading.ok) return reading;
  const { election, leftOut } = choose(reading.files, [], options);
  return {
    ok: true,
    election,
    drafts: draftsOf(reading.files, election.contests, options),
    summary: { files: reading.files.map(summaryOf), contests: election.contests, contestsLeftOut: leftOut },
  };
}

/** The same with what a county has beside its results. */
interface Everything extends ToImport {
  readonly exports: readonly ExportRead[];
  /** The contests that results, hand counts or batch totals are of: a record must define these. */
  readonly reported: readonly Contest[];
}

async function readEverything(
  { files, exports: given = [], rounds: reports = [] }: ToImportAtOnce,
  existing: Election | undefined,
  options: ImportOptions,
): Promise<Everything | { readonly ok: false; readonly refusals: readonly Refusal[] }> {
  const refusals: Refusal[] = [];
  const taken = <T>(reading: { ok: true; value: T } | { ok: false; refusals: readonly Refusal[] }): T[] => {
    if (reading.ok) return [reading.value];
    refusals.push(...reading.refusals);
    return [];
  };
  const reading = readAll(files.filter((file) => !isCountyFile(file)));
  if (!reading.ok) refusals.push(...reading.refusals);
  const manifests = files.filter(isManifest).flatMap((file) => taken(readManifestFile(file, refOf(file))));
  const rare = new RareStylesFinder();
  const exports: ExportRead[] = [];
  for (const one of given) exports.push(...taken(await readExport(one, rare)));
  if (!reading.ok || refusals.length > 0) return { ok: false, refusals };

  const { election: found, leftOut } = choose(reading.files, exports, options);
  if (existing === undefined && found.contests.length === 0)
    return { ok: false, refusals: [noContests(files[0]?.name ?? '')] };
  const totals = files
    .filter((file) => isCountyFile(file) && !isManifest(file))
    .flatMap((file) => taken(readTotalsFile(file, refOf(file), existing ?? found)));
  const ofCounty = [...manifests, ...totals, ...exports];
  const known = (existing ?? found).jurisdictions;
  const name =
    options.jurisdiction ??
    manifests.map((m) => countyNamedIn(m.manifest)).find((n) => n !== undefined) ??
    (known.length === 1 ? known[0]!.name : undefined);
  if (ofCounty.length > 0 && name === undefined)
    refusals.push(jurisdictionNotNamed(ofCounty[0]!.ref.name, known));
  if (refusals.length > 0) return { ok: false, refusals };

  const id = jurisdictionId(name ?? '');
  const rounds = reports.map((report) => roundsReported(report, (existing ?? found).contests, options));
  for (const of of rounds) if ('todo' in of) refusals.push(of);
  if (refusals.length > 0) return { ok: false, refusals };
  const isNew = ofCounty.length > 0 && !found.jurisdictions.some((j) => j.id === id);
  const election = isNew ? { ...found, jurisdictions: [...found.jurisdictions, { id, name: name! }] } : found;
  const { author } = options;
  return {
    ok: true,
    election,
    exports,
    reported: [
      ...election.contests.filter((c) =>
        reading.files.some((f) => f.opened.contests.some((theirs) => theirs.id === c.id)),
      ),
      ...totals.flatMap((t) => t.contests),
    ],
    drafts: [
      ...[...manifests, ...totals].map((f) => received({ ...f, file: f.source }, options, [f.source.bytes])),
      // Its name and digest are public, the records are not.
      ...exports.map((e) => received({ ...e, file: e.source, ref: { ...e.ref, held: false } }, options, [])),
      ...rounds.flatMap((of) => ('todo' in of ? [] : [of])),
      ...draftsOf(reading.files, election.contests, options),
      ...manifests.map((m) => manifestSealed(m, id, author)),
      ...totals.flatMap((t) => totalsSealed(t, id, author)),
      ...exports.map((e) => exportSealed(e, id, author)),
    ],
    summary: {
      files: [...reading.files, ...ofCounty].map(summaryOf),
      contests: election.contests,
      contestsLeftOut: leftOut,
      ...(exports.length === 0 ? {} : { rareStyles: rare.result() }),
    },
  };
}

const summaryOf = ({ ref, read, rowsRefused, remarks }: ReadOfFile): ImportSummary['files'][number] => ({
  name: ref.name,
  reader: read.reader,
  rowsRead: read.rowsRead,
  rowsRefused,
  remarks,
});

const refOf = ({ name, bytes }: FileToImport): FileRef => ({
  name,
  sha256: toHex(nodeSha256(bytes)),
  bytes: bytes.length,
});

const noContests = (file: string): Refusal => ({
  code: 'no-contests',
  file,
  expected: 'for a new record, files that name its contests: results, a hand count, or cast vote records',
  found: 'none of these',
  todo: 'import it together with one of them',
});

const jurisdictionNotNamed = (file: string, known: readonly Jurisdiction[]): Refusal => ({
  code: 'jurisdiction-not-named',
  file,
  expected: 'the name of the county whose file this is',
  found: known.length === 0 ? 'none in the files' : `${known.length} counties in this election`,
  todo: 'say it with --jurisdiction NAME',
});

const changedMeanwhile = ({ name }: FileRef): Refusal => ({
  code: 'file-changed',
  file: name,
  expected: 'the same file from beginning to end of the import',
  found: 'another, once it was read',
  todo: 'import it when nobody writes to it',
});

interface FileRead extends ReadOfFile {
  readonly file: FileToImport;
  readonly opened: Opened;
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
    const ref = refOf(file);
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
  exports: readonly ExportRead[],
  { contests: asked, election: stated = {} }: ImportOptions,
): { readonly election: Election; readonly leftOut: number } {
  const whole = electionOf([...files.map((f) => f.opened), ...exports.map(definedIn)]);
  const counted = files.flatMap((f) => f.opened.handCounts.map((h) => h.contest));
  const only = asked ?? (counted.length > 0 && exports.length === 0 ? counted : undefined);
  const ranked = new Map(
    exports.flatMap((e) => e.contests.filter((c) => c.rule.kind !== 'plurality').map((c) => [c.id, c.rule])),
  );
  const contests = whole.contests
    .filter((c) => only === undefined || only.includes(c.id))
    // A file of results has figures for a ranked contest, and says nothing of ranks.
    .map((c) => ({ ...c, rule: ranked.get(c.id) ?? c.rule }));
  return {
    election: { ...whole, ...stated, contests },
    leftOut: whole.contests.length - contests.length,
  };
}

const definedIn = ({ election: name, contests }: ExportRead): Parameters<typeof electionOf>[0][number] => ({
  ...(name === '' ? {} : { election: { name, date: '', jurisdictions: [], contests: [] } }),
  contests,
  jurisdictions: [],
});

/** What of these files the record at hand does not define, or has already. */
async function unfitFor(
  keeper: Keeper,
  { election: { jurisdictions }, reported, exports }: Everything,
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
  const sealed = new Set(
    (await keeper.stored()).flatMap(({ leaf, body }) => {
      const read = exportIn((JSON.parse(leaf) as Entry).act.kind, (JSON.parse(body) as SaltedBody).body);
      return read === undefined ? [] : [read.file.sha256];
    }),
  );
  return [
    ...lacking('unknown-contest', reported, known.contests),
    ...lacking('unknown-jurisdiction', jurisdictions, known.jurisdictions),
    ...exports
      .filter(({ contests }) => !contests.some((c) => known.contests.some((k) => k.id === c.id)))
      .flatMap(({ contests }) => lacking('unknown-contest', contests.slice(0, 3), [])),
    // The same export twice would count every card twice.
    ...exports
      .filter(({ ref }) => sealed.has(ref.sha256))
      .map(({ ref }): KeeperRefusal => ({
        code: 'export-sealed-already',
        kind: 'CVRs sealed',
        position,
        expected: 'each export once',
        found: ref.name,
      })),
  ];
}

/** First every file, then what they report: results, ballots cast, hand counts county by county. */
function draftsOf(files: readonly FileRead[], contests: readonly Contest[], options: ImportOptions): Draft[] {
  const wanted = new Set(contests.map((c) => c.id));
  return [
    ...files.map((f) =>
      received(
        { ...f, ref: named(f, options) },
        options,
        options.holdOriginals === false ? [] : [f.file.bytes],
      ),
    ),
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

function received(
  { file, ref, opened }: Pick<ReadOfFile, 'ref'> & { readonly file: Provenance; readonly opened?: Opened },
  { author }: ImportOptions,
  files: readonly Uint8Array[],
): Draft {
  const { from = author.name, retrieved, licence } = file;
  const body: Bodies['file received'] = {
    file: ref,
    from,
    ...(retrieved === undefined ? {} : { retrieved }),
    ...(licence === undefined ? {} : { licence }),
    ...(opened?.stated === undefined ? {} : { states: opened.stated }),
  };
  return { kind: 'file received', author, body, files };
}

/** A report of rounds is of the ranked contest that it names, or of the only one there is. */
function roundsReported(
  file: RoundsToImport,
  contests: readonly Contest[],
  options: ImportOptions,
): Draft | Refusal {
  const reading = readRoundsReport(file.name, file.bytes);
  if (!reading.ok) return reading.refusals[0]!;
  const ranked = contests.filter(({ rule }) =>
    ['instantRunoff', 'singleTransferableVote'].includes(rule.kind),
  );
  const named = contestId(reading.value.contest);
  const of = ranked.find(({ id }) => id === named) ?? (ranked.length === 1 ? ranked[0] : undefined);
  if (of === undefined)
    return {
      code: 'unknown-contest',
      file: file.name,
      expected: `the rounds of a ranked contest of the record (${ranked.map(({ name }) => name).join(', ') || 'it has none'})`,
      found: reading.value.contest || 'a report that names no contest',
      todo: 'give the report of that contest, with the cast vote records that have it',
    };
  const draft = received({ file, ref: refOf(file) }, options, [file.bytes]);
  const rounds = { contest: of.id, ...(file.rules === undefined ? {} : { rules: file.rules }) };
  return { ...draft, body: { ...(draft.body as Bodies['file received']), rounds } };
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
