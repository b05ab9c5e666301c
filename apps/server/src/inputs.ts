// A county's files: read as they are, held against each other and against the reported results before anything is sealed, and turned into the
// batches and cards that a sample is drawn from. What is wrong comes with what a clerk can do about it.
import type { Finding } from '@opencanvass/contract';
import type { Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';
import {
  batchTotalsReader,
  cvrReaders,
  filesOfZip,
  manifestReader,
  readBatchTotals,
  readCvrExport,
  readHandCountTable,
  readManifest,
  readResultsTable,
  voteForOf,
  type InputFile,
  type Reading,
  type ReaderName,
  type Refusal,
} from '@opencanvass/evidence/formats';
import { manifestSize, type BallotManifest, type HandCount } from '@opencanvass/evidence/paper';
import type { ReportedResults } from '@opencanvass/evidence/counts';
import type { Bodies } from '@opencanvass/evidence/record';
import type { Keeper } from '@opencanvass/keeper';
import { choiceNames } from './audit.ts';
import { CountyCvrs, isRanked } from './cvrs.ts';
import { onDisk } from './onDisk.ts';
import type { Population, Problem } from './sampling.ts';

/** Votes by batch name, in the order of the contest's choices. */
export type TotalsByBatch = ReadonlyMap<string, readonly number[]>;

export const readers = {
  manifest: (): ReaderName => manifestReader,
  totals: (): ReaderName => batchTotalsReader,
  cvrs: ({ format }: CountyCvrs): ReaderName => readerNamed(format),
};

/** The reader of that name, with its version. */
export function readerNamed(reader: string): ReaderName {
  const named = [manifestReader, batchTotalsReader, ...Object.values(cvrReaders)].find(
    (r) => r.reader === reader,
  );
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
  const reading = await readCvrExport(files.value, cvrs, { voteFor: voteForOf(contests) });
  if (!reading.ok) return reading;
  const refusal = await cvrs.end(file.name);
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
): Finding[] {
  const findings: Finding[] = [];
  if (manifest === undefined) {
    stop('no-manifest', {});
    return findings;
  }
  const keys = new Set<string>();
  const sizes = new Map<string, number>();
  for (const { tabulator, name, size, line } of manifest.batches) {
    const key = batchKey(tabulator, name);
    const alone = name.trim();
    if (keys.has(key)) stop('batch-repeated', { batch: key, line });
    keys.add(key);
    // Batch totals name batches alone, without their tabulator.
    if (sizes.has(alone) && totals.size > 0) stop('batch-name-repeated', { batch: alone, line });
    sizes.set(alone, size);
  }
  for (const [id, byBatch] of totals) {
    const contest = contests.find((c) => c.id === id)!;
    const most = 'voteFor' in contest.rule ? contest.rule.voteFor : 1;
    for (const [batch, votes] of byBatch) {
      const size = sizes.get(batch);
      const sum = sumOf(votes);
      if (size === undefined) stop('batch-not-in-manifest', { batch, contest: contest.name });
      else if (sum > size * most)
        stop('more-votes-than-ballots', { batch, contest: contest.name, most: size * most, votes: sum });
    }
    for (const batch of sizes.keys())
      if (!byBatch.has(batch)) stop('batch-without-totals', { batch, contest: contest.name });
    againstResults(
      'totals',
      contest,
      contest.choices.map((_, c) => [...byBatch.values()].reduce((n, v) => n + v[c]!, 0)),
    );
  }
  if (cvrs !== undefined) {
    const inBatch = new Map(cvrs.batches());
    for (const { tabulator, name, size: cards } of manifest.batches) {
      const key = cvrs.keyOf(tabulator, name);
      const batch = batchKey(tabulator, name);
      const records = key === undefined ? 0 : (inBatch.get(key) ?? 0);
      if (key !== undefined) inBatch.delete(key);
      const beyond = key === undefined ? undefined : [...cvrs.placesOf(key)].find((place) => place > cards);
      if (records > cards) stop('more-records-than-cards', { batch, cards, records });
      else if (beyond !== undefined) stop('record-number', { batch, cards, number: beyond });
      else if (records < cards) look('cards-without-record', { batch, cards, records });
    }
    for (const [batch, records] of inBatch) stop('records-not-in-manifest', { batch, records });
    for (const contest of contests)
      if (
        cvrs.held(contest.id) === undefined &&
        votesOf(results.get(contest.id), contest, county) !== undefined
      )
        look('contest-without-records', { contest: contest.name });
    for (const [id, votes] of cvrs.totals)
      againstResults(
        'records',
        contests.find((c) => c.id === id)!,
        votes,
      );
  }
  return findings;

  function stop<C extends Finding['code']>(code: C, values: Extract<Finding, { code: C }>['values']): void {
    findings.push({ code, weight: 'stop', values } as Finding);
  }
  function look<C extends Finding['code']>(code: C, values: Extract<Finding, { code: C }>['values']): void {
    findings.push({ code, weight: 'look', values } as Finding);
  }

  function againstResults(what: 'totals' | 'records', contest: Contest, votes: readonly number[]): void {
    // A results file of a ranked contest may state another round than the first choices.
    const find = isRanked(contest) ? look : stop;
    const reported = votesOf(results.get(contest.id), contest, county);
    if (reported === undefined) {
      if (sumOf(votes) > 0) find(`${what}-without-results`, { contest: contest.name, votes: sumOf(votes) });
      return;
    }
    const differing = contest.choices.map((_, c) => c).filter((c) => reported[c] !== votes[c]);
    const tally = (of: readonly number[]) =>
      differing.map((c) => ({ choice: contest.choices[c]!.name, votes: of[c]! }));
    if (differing.length > 0)
      find(`${what}-differ-from-results`, {
        contest: contest.name,
        reported: tally(reported),
        found: tally(votes),
      });
  }
}

const sumOf = (votes: readonly number[]): number => votes.reduce((a, b) => a + b, 0);

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

  /** Batches of a manifest in the order of their names, a number within a name as a number: batch 2 before batch 10. */
  batches = async (sha256: string): Promise<BallotManifest['batches']> =>
    this.#shared(`${sha256} batches`, async () => {
      const { batches } = await this.manifest(sha256);
      return batches.toSorted(
        (a, b) => names.compare(a.tabulator, b.tabulator) || names.compare(a.name, b.name),
      );
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
  handCount = async (body: Bodies['hand count reported'], county: JurisdictionId): Promise<HandCount> =>
    this.#once(`${body.table.sha256} ${body.contest} ${county}`, body.table.sha256, (bytes) =>
      readHandCountTable(body.table.name, bytes, body, county),
    );
}

const names = new Intl.Collator('en', { numeric: true });

export { manifestSize, readManifest };
