// A county's files: read as they are, held against each other and against the reported results before anything is sealed, and turned into the
// batches and cards that a sample is drawn from. What is wrong comes with what a clerk can do about it.
import type { Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import {
  batchTotalsReader,
  clearBallotReader,
  dominionCsvReader,
  dominionJsonReader,
  essCsvReader,
  essXlsxReader,
  filesOfZip,
  hartReader,
  manifestReader,
  nistCvrJsonReader,
  nistCvrXmlReader,
  raireReader,
  rankingProfileReader,
  readBatchTotals,
  readCvrExport,
  readManifest,
  readResultsTable,
  type InputFile,
  type Reading,
  type ReaderName,
  type Refusal,
} from '@opencanvass/evidence/formats';
import { manifestSize, type BallotManifest } from '@opencanvass/evidence/paper';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import type { Bodies } from '@opencanvass/evidence/record';
import type { Keeper } from '@opencanvass/keeper';
import { choiceNames } from './audit.ts';
import { CountyCvrs, isRanked } from './cvrs.ts';
import { onDisk } from './onDisk.ts';
import type { Population, Problem } from './sampling.ts';

export interface InputFinding {
  readonly code: string;
  readonly weight: 'stop' | 'look';
  readonly expected: string;
  readonly found: string;
  readonly todo: string;
}

/** Votes by batch name, in the order of the contest's choices. */
export type TotalsByBatch = ReadonlyMap<string, readonly number[]>;

const cvrReaders: readonly ReaderName[] = [
  clearBallotReader,
  dominionCsvReader,
  dominionJsonReader,
  essCsvReader,
  essXlsxReader,
  hartReader,
  nistCvrJsonReader,
  nistCvrXmlReader,
  raireReader,
  rankingProfileReader,
];

export const readers = {
  manifest: (): ReaderName => manifestReader,
  totals: (): ReaderName => batchTotalsReader,
  cvrs: ({ format }: CountyCvrs): ReaderName => readerNamed(format),
};

/** The reader of that name, with its version. */
export function readerNamed(reader: string): ReaderName {
  const named = [manifestReader, batchTotalsReader, ...cvrReaders].find((r) => r.reader === reader);
  if (named === undefined) throw new Error(`no reader ${reader}`);
  return named;
}

export const readTotals = (name: string, bytes: Uint8Array, contest: Contest): Reading<TotalsByBatch> => {
  const reading = readBatchTotals(name, bytes, [{ name: contest.name, choices: choiceNames(contest) }]);
  if (!reading.ok) return reading;
  const [totals] = reading.value;
  const width = totals?.choices.length ?? 0;
  const column = contest.choices.map((c) => totals?.choices.indexOf(c.name) ?? -1);
  const lacking = contest.choices.find((_, i) => column[i] === -1);
  if (totals === undefined || lacking !== undefined)
    return refused({
      code: 'choice-missing',
      file: name,
      expected: 'a column for every choice of the contest',
      found: `none for ${lacking?.name ?? contest.name}`,
      todo: 'export the totals of all choices, those with no votes too',
    });
  const value = new Map(
    totals.batches.map((batch, b) => [batch.trim(), column.map((c) => totals.votes[b * width + c]!)]),
  );
  return { ...reading, value };
};

const refused = (refusal: Refusal): { readonly ok: false; readonly refusals: readonly Refusal[] } => ({
  ok: false,
  refusals: [refusal],
});

/** The records of an export of any vendor, from one file or the files of a zip. */
export async function readCvrs(file: InputFile, contests: readonly Contest[]): Promise<Reading<CountyCvrs>> {
  const files = await filesOfZip(file);
  if (!files.ok) return files;
  const cvrs = new CountyCvrs(contests);
  const reading = await readCvrExport(files.value, cvrs);
  if (!reading.ok) return reading;
  const refusal = cvrs.end(file.name);
  return refusal === undefined ? { ...reading, value: cvrs } : refused(refusal);
}

/** All that is known of one county's files. */
export interface CountyInputs {
  readonly manifest: BallotManifest | undefined;
  readonly totals: ReadonlyMap<ContestId, TotalsByBatch>;
  readonly cvrs: CountyCvrs | undefined;
}

export function checkInputs(
  county: JurisdictionId,
  { manifest, totals, cvrs }: CountyInputs,
  contests: readonly Contest[],
  results: ReadonlyMap<ContestId, ReportedResults>,
): InputFinding[] {
  const findings: InputFinding[] = [];
  const find = (
    weight: InputFinding['weight'],
    code: string,
    expected: string,
    found: string,
    todo: string,
  ): void => void findings.push({ code, weight, expected, found, todo });
  if (manifest === undefined) {
    find('stop', 'no-manifest', 'a ballot manifest', 'none', 'upload the county’s ballot manifest');
    return findings;
  }
  const keys = new Set<string>();
  const sizes = new Map<string, number>();
  for (const { tabulator, name, size, line } of manifest.batches) {
    const key = `${tabulator.trim()}/${name.trim()}`;
    if (keys.has(key))
      find(
        'stop',
        'batch-repeated',
        'each batch of a tabulator once',
        `${key} again on line ${line}`,
        'name the batches so that each name is one container of paper',
      );
    keys.add(key);
    if (sizes.has(name.trim()) && totals.size > 0)
      find(
        'stop',
        'batch-name-repeated',
        'batch totals name batches alone: each name once',
        `${name} on line ${line} again`,
        'give the batches names of their own, in manifest and totals',
      );
    sizes.set(name.trim(), size);
  }
  for (const [id, byBatch] of totals) {
    const contest = contests.find((c) => c.id === id)!;
    const most = 'voteFor' in contest.rule ? contest.rule.voteFor : 1;
    for (const [name, votes] of byBatch) {
      const size = sizes.get(name);
      const sum = votes.reduce((a, b) => a + b, 0);
      if (size === undefined)
        find(
          'stop',
          'batch-not-in-manifest',
          'the batches of the manifest',
          `${name} in the totals of ${contest.name}`,
          'add the batch to the manifest, or correct its name in one of the two files',
        );
      else if (sum > size * most)
        find(
          'stop',
          'more-votes-than-ballots',
          `at most ${size * most} votes in ${name}`,
          `${sum} in ${contest.name}`,
          'count the paper of this batch, or look for totals of two batches under one name',
        );
    }
    for (const name of sizes.keys())
      if (!byBatch.has(name))
        find(
          'stop',
          'batch-without-totals',
          'totals for every batch of the manifest',
          `none for ${name} in ${contest.name}`,
          'export the totals of this batch; where the contest is on none of its ballots, with 0 for every choice',
        );
    againstResults(
      'batch totals',
      contest,
      contest.choices.map((_, c) => [...byBatch.values()].reduce((n, v) => n + v[c]!, 0)),
    );
  }
  if (cvrs !== undefined) {
    const inBatch = new Map(cvrs.batches());
    for (const { tabulator, name, size } of manifest.batches) {
      const key = cvrs.keyOf(tabulator, name);
      const batch = `${tabulator.trim()}/${name.trim()}`;
      const n = key === undefined ? 0 : (inBatch.get(key) ?? 0);
      if (key !== undefined) inBatch.delete(key);
      const beyond = key === undefined ? undefined : [...cvrs.placesOf(key)].find((place) => place > size);
      if (n > size)
        find(
          'stop',
          'more-records-than-cards',
          `at most ${size} records in ${batch}`,
          `${n}`,
          'count the paper again: every record needs a card',
        );
      else if (beyond !== undefined)
        find(
          'stop',
          'record-number',
          `record numbers up to ${size}, the cards of ${batch}`,
          `${beyond}`,
          'export the records with the numbers of their cards in the batch, or count the paper again',
        );
      else if (n < size)
        find(
          'look',
          'cards-without-record',
          `${size} records in ${batch}`,
          `${n}`,
          'each card without a record counts against the outcome if it is drawn; find out why',
        );
    }
    for (const [key, n] of inBatch)
      find(
        'stop',
        'batch-not-in-manifest',
        'the batches of the manifest',
        `${key}, ${n} records`,
        'add the batch to the manifest, or correct its tabulator or name in one of the two files',
      );
    for (const contest of contests)
      if (
        cvrs.held(contest.id) === undefined &&
        votesOf(results.get(contest.id), contest, county) !== undefined
      )
        find(
          'look',
          'contest-without-records',
          `${contest.name}, of which the county reported results`,
          'no such contest in the records',
          'name the contest in both exports alike, or it cannot be audited card by card',
        );
    for (const [id, votes] of cvrs.totals)
      againstResults(
        'cast vote records',
        contests.find((c) => c.id === id)!,
        votes,
      );
  }
  return findings;

  function againstResults(what: string, contest: Contest, votes: readonly number[]): void {
    const reported = votesOf(results.get(contest.id), contest, county);
    if (reported === undefined && votes.every((n) => n === 0)) return;
    if (reported?.join() !== votes.join())
      find(
        // A results file of a ranked contest may state another round than the first choices.
        isRanked(contest) ? 'look' : 'stop',
        'differs-from-results',
        `${contest.name}: ${reported?.join(', ') ?? 'no results of this county'} as reported`,
        `${votes.join(', ')} in the ${what}`,
        'export both again from the same, final state of the system; the audit is of the reported result',
      );
  }
}

/** A county's votes in a contest as reported, in the order of its choices; undefined if the results have no row of it. */
export function votesOf(
  results: ReportedResults | undefined,
  contest: Contest,
  county: JurisdictionId,
): number[] | undefined {
  const rows = results?.rows.filter((r) => r.jurisdiction === county) ?? [];
  if (results === undefined || rows.length === 0) return undefined;
  return contest.choices.map((choice) => {
    const at = results.choices.indexOf(choice.id);
    return rows.reduce((n, r) => n + (r.votes[at] ?? 0), 0);
  });
}

/** A batch as a unit's id names it, after its county. */
export const batchKey = (tabulator: string, batch: string): string => `${tabulator.trim()}/${batch.trim()}`;

/** One may hold a record of every card of a state. */
const mostPopulations = 3;

/** Files that are kept, read once: a file never changes under its digest. */
export class KeptFiles {
  readonly #keeper: () => Keeper;
  readonly #read = new Map<string, Promise<unknown>>();
  readonly #populations = new Map<string, Promise<Population | Problem>>();
  constructor(keeper: () => Keeper) {
    this.#keeper = keeper;
  }

  async #once<T>(
    key: string,
    sha256: string,
    read: (bytes: Uint8Array) => Reading<T> | Promise<Reading<T>>,
  ): Promise<T> {
    return this.#shared(key, async () => {
      const bytes = await this.#keeper().file(sha256);
      if (bytes === undefined) throw new Error(`the file ${sha256} is no longer kept`);
      const reading = await read(bytes);
      if (!reading.ok) throw new Error(`the file ${sha256} was read before and cannot be read now`);
      return reading.value;
    });
  }

  /** The promise is kept: who asks while it is made waits for the same. */
  async #shared<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#read.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    if (this.#read.size > 2000) this.#read.clear();
    const making = make();
    this.#read.set(key, making);
    making.catch(() => this.#read.delete(key));
    return making;
  }

  /** What takes long to work out of kept files, once: `key` names all that it is made of. */
  workedOut = async <T>(key: string, make: () => Promise<T>): Promise<T> => this.#shared(key, make);

  /** What a sample is drawn from, kept for the few contests asked of last: `key` names all that it is made of. */
  population = async (
    key: string,
    make: () => Promise<Population | Problem>,
  ): Promise<Population | Problem> => {
    const known = this.#populations.get(key);
    this.#populations.delete(key);
    const making = known ?? make();
    this.#populations.set(key, making);
    if (known !== undefined) return known;
    const forget = (): void => void this.#populations.delete(key);
    making.then((made) => ('code' in made ? forget() : undefined), forget);
    const [oldest] = this.#populations.keys();
    if (this.#populations.size > mostPopulations) this.#populations.delete(oldest!);
    return making;
  };

  /** Cards or ballots in each batch of a manifest, by 'tabulator/batch'. */
  sizes = async (sha256: string): Promise<ReadonlyMap<string, number>> =>
    this.#shared(`${sha256} sizes`, async () => {
      const { batches } = await this.manifest(sha256);
      return new Map(batches.map((b) => [batchKey(b.tabulator, b.name), b.size]));
    });

  manifest = async (sha256: string): Promise<BallotManifest> =>
    this.#once(sha256, sha256, (bytes) => readManifest('manifest', bytes));
  totals = async (sha256: string, contest: Contest): Promise<TotalsByBatch> =>
    this.#once(`${sha256} ${contest.id}`, sha256, (bytes) => readTotals('totals', bytes, contest));
  cvrs = async (sha256: string, contests: readonly Contest[]): Promise<CountyCvrs> => {
    return this.#shared(`${sha256} cvrs`, () => this.#cvrs(sha256, contests));
  };
  async #cvrs(sha256: string, contests: readonly Contest[]): Promise<CountyCvrs> {
    const pieces = await this.#keeper().filePieces(sha256);
    if (pieces === undefined) throw new Error(`the file ${sha256} is no longer kept`);
    const reading = await onDisk(pieces, Infinity, (file) => readCvrs(file.named('cvrs'), contests));
    if (reading === 'too big' || !reading.ok)
      throw new Error(`the file ${sha256} was read before and cannot be read now`);
    return reading.value;
  }
  results = async (body: Bodies['results reported']): Promise<ReportedResults> =>
    this.#once(`${body.table.sha256} ${body.contest}`, body.table.sha256, (bytes) =>
      readResultsTable(body.table.name, bytes, {
        contest: body.contest,
        choices: body.choices,
        status: body.status,
      }),
    );
}

export { manifestSize, readManifest };
