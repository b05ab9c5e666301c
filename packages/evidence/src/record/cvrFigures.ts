// The exports of cast vote records that a record holds, read once, in pieces, to figures (decisions/0012): a county's records are too many to be
// carried about, and their readers wait for bytes, which folding does not. An export's digest is computed first; what is not the file committed to is
// not read. Whoever leaves this pass out has evidence in which the records are not read, and every check of them says so.
import { sha256Stream, toHex, type NewSha256Stream } from '../bytes/index.ts';
import { Reconciler, type CvrConsumer } from '../cvr/index.ts';
import { RareStylesFinder } from '../disclosure/index.ts';
import type { ContestId, JurisdictionId } from '../election/index.ts';
import { cvrFormats, filesOfZip, readCvrExport, voteForOf } from '../formats/index.ts';
import type { CvrFormat, Refusal, VoteFor } from '../formats/index.ts';
import { countRanked, RankingsCollector, UnitTallier } from '../tally/index.ts';
import type { RankedBallots, UnitTally } from '../tally/index.ts';
import { CardCollector } from './cardsOnRecord.ts';
import type { ConductedAudit, SealedExport } from './conducted.ts';
import type { FileRef, ReadFrom, Sha256Hex } from './entry.ts';
import type {
  CvrFigures,
  CvrsNotRead,
  Evidence,
  RoundsCounted,
  RoundsReported,
  Source,
  Sourced,
} from './evidence.ts';
import type { RecordFacts, RecordFault } from './facts.ts';
import { NotThere, type RecordFiles, type StreamedFile } from './files.ts';
import type { Folded } from './fold.ts';
import { filePath, type RecordRead } from './read.ts';

export interface CvrOptions {
  /** Files larger than this are not read: bytes. */
  readonly largestExport?: number;
  readonly sha256Stream?: NewSha256Stream;
}

/** The largest state's exports of one county are some gigabytes. */
export const usualLargestExport = 8_000_000_000;

/** The same evidence with the cast vote records read, as far as they are there; the same facts with the faults of their files. */
export async function withCvrFigures(
  { evidence, facts }: Folded,
  read: RecordRead,
  files: RecordFiles,
  options: CvrOptions = {},
): Promise<Folded> {
  const audit = evidence?.audit;
  if (audit === undefined || ![...audit.counties.values()].some((c) => c.exports.length > 0))
    return { evidence, facts };
  const { roundsReported = [] } = evidence as Evidence;
  const rankings = new RankingsCollector(roundsReported.map(({ value }) => value.contest));
  const pass = new Pass(read, files, options, voteForOf(evidence?.election.contests ?? []), rankings);
  const cvrs: Sourced<CvrFigures>[] = [];
  const cvrsNotRead: CvrsNotRead[] = [];
  for (const [jurisdiction, { exports }] of audit.counties) {
    if (exports.length === 0) continue;
    const figures = await pass.county(jurisdiction, exports, comparingCards(audit));
    if ('code' in figures) cvrsNotRead.push(figures);
    else cvrs.push(figures);
  }
  const found = pass.facts(facts);
  // Of some counties alone the rounds would be other rounds.
  const rounds = cvrsNotRead.length > 0 ? [] : countedAgain(roundsReported, rankings.result());
  return {
    facts: found,
    evidence: {
      ...(evidence as Evidence),
      record: found,
      cvrs,
      cvrsNotRead,
      ...(rounds.length === 0 ? {} : { rounds }),
    },
  };
}

/** What each report is held against: the one count that its rules make of all ballots. */
const countedAgain = (
  reported: readonly Sourced<RoundsReported>[],
  rankings: ReadonlyMap<ContestId, RankedBallots>,
): Sourced<RoundsCounted>[] =>
  reported.flatMap(({ value: { contest, stated, rules }, sources }) => {
    const ballots = rankings.get(contest);
    const [counted, ...others] = ballots === undefined ? [] : countRanked(ballots, rules);
    return counted === undefined || others.length > 0
      ? []
      : [{ value: { contest, stated, counted }, sources }];
  });

/** The contests whose audit compares cards with their records. */
const comparingCards = ({ contests }: ConductedAudit): ReadonlySet<ContestId> =>
  new Set(
    contests.filter((c) => ['card comparison', 'ONEAudit'].includes(c.method)).map((c) => c.contest.id),
  );

class Pass {
  readonly #read: RecordRead;
  readonly #files: RecordFiles;
  readonly #options: CvrOptions;
  readonly #voteFor: VoteFor;
  readonly #rankings: RankingsCollector;
  readonly #faults: RecordFault[] = [];
  /** Of the files read in pieces: whether each is the one committed to. */
  readonly #same = new Map<Sha256Hex, boolean>();
  #bytes = 0;
  #readAgain = 0;

  constructor(
    read: RecordRead,
    files: RecordFiles,
    options: CvrOptions,
    voteFor: VoteFor,
    rankings: RankingsCollector,
  ) {
    this.#rankings = rankings;
    this.#read = read;
    this.#files = files;
    this.#options = options;
    this.#voteFor = voteFor;
  }

  /** Of all exports together, or why the first that is not read is not. */
  async county(
    jurisdiction: JurisdictionId,
    exports: readonly SealedExport[],
    comparing: ReadonlySet<ContestId>,
  ): Promise<Sourced<CvrFigures> | CvrsNotRead> {
    const reconciler = new Reconciler();
    const cards = new CardCollector(comparing);
    const rareStyles = new RareStylesFinder();
    const tallies: UnitTally[] = [];
    const rowsRefused: Refusal[] = [];
    const sources: Source[] = [];
    for (const { read, position } of exports) {
      const { source } = read;
      const not = (code: CvrsNotRead['code']): CvrsNotRead => ({ jurisdiction, code, source });
      if (!read.ok) return not(read.code);
      if (read.value.file.bytes > (this.#options.largestExport ?? usualLargestExport))
        return not('cvrs-too-large');
      const file = await this.#file(read.value.file);
      if (file === undefined) return not('file-not-at-hand');
      const tallier = new UnitTallier(['precinct']);
      const consumers = [reconciler, tallier, cards, rareStyles, this.#rankings];
      const refused = await this.#export(read.value, position, file, together(consumers));
      if (refused === undefined) return not('file-not-read');
      rowsRefused.push(...refused);
      tallies.push(tallier.tally);
      sources.push(source);
    }
    return {
      value: {
        jurisdiction,
        reconciliation: reconciler.result(),
        tallies,
        rowsRefused,
        rareStyles: rareStyles.result(),
        cards: cards.result(),
      },
      sources,
    };
  }

  /** Reads an export and compares how many rows it has with what the entry says; gives the rows refused. */
  async #export(
    { file, reader, rowsRead, rowsRefused }: ReadFrom,
    position: number,
    streamed: StreamedFile,
    to: CvrConsumer,
  ): Promise<readonly Refusal[] | undefined> {
    const place = { check: 'tables-read-again', path: filePath(file.sha256), position };
    this.#readAgain += 1;
    const opened = await filesOfZip({ ...streamed, name: file.name }, this.#options.largestExport);
    const format = cvrFormats.find((f): f is CvrFormat => f === reader);
    const reading = opened.ok
      ? await readCvrExport(opened.value, to, {
          voteFor: this.#voteFor,
          ...(format === undefined ? {} : { format }),
        })
      : opened;
    if (!reading.ok) {
      const [refusal] = reading.refusals;
      this.#faults.push({
        ...place,
        code: 'original-unreadable',
        expected: file.name,
        found: refusal?.code ?? '',
      });
      return undefined;
    }
    const found = [reading.rowsRead, reading.rowsRefused.length];
    if (found[0] !== rowsRead || found[1] !== rowsRefused)
      this.#faults.push({
        ...place,
        code: 'rows-differ',
        expected: `${rowsRead} read, ${rowsRefused} refused`,
        found: `${found[0]} read, ${found[1]} refused`,
      });
    return reading.rowsRefused;
  }

  /** The file, if it is there and is the one committed to. */
  async #file(ref: FileRef): Promise<StreamedFile | undefined> {
    const whole = this.#read.files.get(ref.sha256);
    if (whole !== undefined)
      return {
        bytes: async function* () {
          yield whole;
        },
      };
    if (!this.#read.streamed.has(ref.sha256)) return undefined; // missing or changed: a fault of the files already
    const path = filePath(ref.sha256);
    const file = this.#files.stream!(path);
    if (file === undefined) return undefined;
    let same = this.#same.get(ref.sha256);
    if (same === undefined) this.#same.set(ref.sha256, (same = await this.#isSame(ref, path, file)));
    return same ? file : undefined;
  }

  async #isSame(ref: FileRef, path: string, { bytes }: StreamedFile): Promise<boolean> {
    const hash = (this.#options.sha256Stream ?? sha256Stream)();
    let length = 0;
    const differs = (code: string, found: Omit<RecordFault, 'check' | 'code'>): false => {
      this.#faults.push({ check: 'files-match', code, path, ...found });
      return false;
    };
    try {
      for await (const piece of bytes()) {
        hash.update(piece);
        length += piece.length;
        this.#bytes += piece.length;
      }
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
      return differs('file-missing', { found: ref.name });
    }
    const digest = toHex(hash.digest());
    if (digest !== ref.sha256) return differs('file-differs', { expected: ref.sha256, found: digest });
    return length === ref.bytes || differs('file-length', { expected: `${ref.bytes}`, found: `${length}` });
  }

  /** The facts, with what the pass found; the files that it did not read are still not compared. */
  facts(before: RecordFacts): RecordFacts {
    const left = [...this.#read.streamed.keys()].some((sha256) => !this.#same.has(sha256));
    return {
      ...before,
      faults: [...before.faults, ...this.#faults],
      untold: before.untold.filter(
        (u) =>
          !(u.code === 'cvrs-not-read' && !left) && !(u.code === 'no-original-files' && this.#readAgain > 0),
      ),
      read: {
        ...before.read,
        files: before.read.files + this.#same.size,
        bytes: before.read.bytes + this.#bytes,
        tablesReadAgain: before.read.tablesReadAgain + this.#readAgain,
      },
    };
  }
}

/** One reading for several consumers, each waited for. */
const together = (consumers: readonly CvrConsumer[]): CvrConsumer => ({
  begin: async (header) => {
    for (const consumer of consumers) await consumer.begin(header);
  },
  take: async (chunk) => {
    for (const consumer of consumers) await consumer.take(chunk);
  },
});
