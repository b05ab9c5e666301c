// The ranked-choice case suite (RCTab's test data): each folder has a configuration, cast vote records and the report that was expected, round
// by round. This reads a configuration in our words; rankedCases.test.ts compares.
import { existsSync, globSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CvrCollector,
  type CvrChoice,
  type CvrConsumer,
  type Cvrs,
} from '../packages/evidence/src/cvr/index.ts';
import {
  fileInMemory,
  readClearBallot,
  readDominionJson,
  readEssXlsx,
  readGenericRankedCsv,
  readHart,
  readNistCvrJson,
  readNistCvrXml,
  type Reading,
} from '../packages/evidence/src/formats/index.ts';
import { eachRow } from '../packages/evidence/src/formats/csv.ts';
import {
  ballotsFromCvrs,
  decodeRanks,
  undeclaredWriteIns,
  union,
  type Method,
  type RankedBallots,
  type RankedCandidate,
  type RankedResult,
  type RankedRules,
  type TieRule,
} from '../packages/evidence/src/tally/index.ts';

type Value = string | number | boolean | null | undefined;
type Settings = Readonly<Record<string, Value>>;

export interface CaseConfig {
  readonly outputSettings: Settings;
  readonly cvrFileSources: readonly Settings[];
  readonly candidates: readonly {
    readonly name: string;
    readonly code?: string;
    readonly aliases?: readonly string[];
    readonly excluded?: boolean;
  }[];
  readonly rules: Settings;
}

const text = (value: Value): string => (value === undefined || value === null ? '' : String(value));
const stated = (value: Value): number | undefined => (text(value) === '' ? undefined : Number(value));
const isTrue = (value: Value): boolean => value === true || value === 'true';

/** A configuration's rules in our words. Throws for what it does not know. */
export function rulesOf({ rules, candidates }: CaseConfig): RankedRules {
  const known = <T>(name: string, table: Readonly<Record<string, T>>): T => {
    const word = text(rules[name]);
    if (!Object.hasOwn(table, word)) throw new RangeError(`${name}: ${JSON.stringify(word)}`);
    return table[word]!;
  };
  const seed = (): bigint => BigInt(text(rules['randomSeed']));
  const percent = stated(rules['multiSeatBottomsUpPercentageThreshold']);
  const method = known<() => Method>('winnerElectionMode', {
    singleWinnerMajority: () => ({ kind: 'instantRunoff' }),
    multiWinnerAllowMultipleWinnersPerRound: () => ({ kind: 'singleTransferableVote', winnersARound: 'all' }),
    multiWinnerAllowOnlyOneWinnerPerRound: () => ({ kind: 'singleTransferableVote', winnersARound: 'one' }),
    bottomsUp: () => ({ kind: 'bottomsUp' }),
    bottomsUpUsingPercentageThreshold: () => ({
      kind: 'aboveShare',
      share: { numerator: percent!, denominator: 100 },
      cutoff: isTrue(rules['cutoffElimination']),
    }),
    multiPassIrv: () => ({ kind: 'sequential' }),
  })();
  const ties = known<() => TieRule>('tiebreakMode', {
    useCandidateOrder: () => ({ kind: 'order' }),
    random: () => ({ kind: 'random', seed: seed() }),
    generatePermutation: () => ({ kind: 'permutation', seed: seed() }),
    previousRoundCountsThenRandom: () => ({
      kind: 'previousRounds',
      otherwise: { kind: 'random', seed: seed() },
    }),
    previousRoundCountsThenAsk: () => ({ kind: 'previousRounds', otherwise: { kind: 'lots', chosen: [] } }),
    stopCountingAndAsk: () => ({ kind: 'lots', chosen: [] }),
  })();
  const skipped = text(rules['maxSkippedRanksAllowed']);
  const rankings = text(rules['maxRankingsAllowed']);
  const stop = stated(rules['stopTabulationEarlyAfterRound']);
  return {
    method,
    seats: Number(rules['numberOfWinners']),
    overvotes: known('overvoteRule', {
      exhaustImmediately: 'exhaust',
      alwaysSkipToNextRank: 'skip',
      exhaustIfMultipleContinuing: 'exhaustIfSeveralContinue',
    } as const),
    skippedRanks: skipped === 'unlimited' ? 'unlimited' : Number(skipped),
    duplicates: isTrue(rules['exhaustOnDuplicateCandidate']) ? 'exhaust' : 'skip',
    maxRankings: rankings === 'max' ? 'all' : Number(rankings),
    undeclared: 'droppedFirst',
    excluded: candidates.filter((c) => c.excluded).map((c) => c.name),
    minimumVotes: stated(rules['minimumVoteThreshold']) ?? 0,
    batchElimination: isTrue(rules['batchElimination']),
    untilTwo: isTrue(rules['continueUntilTwoCandidatesRemain']) ? 'always' : 'never',
    thresholdFrom: isTrue(rules['doesFirstRoundDetermineThreshold']) ? 'firstRound' : 'eachRound',
    quota: isTrue(rules['hareQuota']) ? 'hare' : 'droop',
    quotaRounding: isTrue(rules['nonIntegerWinningThreshold']) ? 'fractional' : 'whole',
    places: Number(rules['decimalPlacesForVoteArithmetic']),
    ties,
    ...(stop === undefined ? {} : { stopAfterRound: stop }),
  };
}

/** The ballots of a case, all and by part. */
export async function ballotsOf(
  folder: string,
  config: CaseConfig,
  by?: 'precinct' | 'batch',
): Promise<{ readonly all: RankedBallots; readonly parts: ReadonlyMap<string, RankedBallots> }> {
  const labels = config.cvrFileSources.map((s) => text(s['undeclaredWriteInLabel'])).filter((l) => l !== '');
  const candidates: RankedCandidate[] = config.candidates.map(({ name }) => ({ name }));
  if (labels.length > 0) candidates.push({ name: undeclaredWriteIns, undeclared: true });
  const byName = new Map<string, number>();
  config.candidates.forEach(({ name, code, aliases }, i) => {
    for (const word of [name, ...(code === undefined ? [] : [code]), ...(aliases ?? [])])
      byName.set(word.trim(), i);
  });
  const candidateOf = (choice: CvrChoice): number => {
    const named = byName.get(choice.key ?? choice.name) ?? byName.get(choice.name.trim());
    if (named !== undefined) return named;
    if (labels.length > 0 && (choice.writeIn === 'line' || labels.includes(choice.key ?? choice.name)))
      return candidates.length - 1;
    // A choice that nobody voted for may be anybody.
    strangers.push(choice.name);
    return candidates.length + strangers.length - 1;
  };
  const strangers: string[] = [];
  const sources = [];
  for (const source of config.cvrFileSources) {
    const cvrs = await read(folder, source, config);
    const wanted = text(source['contestId']);
    const c =
      wanted === '' ? 0 : cvrs.header.contests.findIndex((x) => x.key === wanted || x.name === wanted);
    if (c === -1) throw new RangeError(`no contest ${wanted}`);
    sources.push(ballotsFromCvrs(cvrs, c, { candidates, candidateOf, ...(by === undefined ? {} : { by }) }));
  }
  const parts = new Map<string, RankedBallots>();
  for (const source of sources)
    for (const [name, part] of source.parts) {
      const known = parts.get(name);
      parts.set(name, known === undefined ? part : union([known, part]));
    }
  const all = union(sources.map((s) => s.all));
  for (const ranking of all.rankings)
    for (const at of decodeRanks(ranking))
      for (const c of at === 'several' ? [] : at)
        if (c >= candidates.length) throw new RangeError(`no candidate ${strangers[c - candidates.length]}`);
  return { all, parts };
}

type Reader = (
  path: string,
  source: Settings,
  config: CaseConfig,
  to: CvrConsumer,
) => Promise<Reading<unknown>>;

const fileAt = (path: string) => fileInMemory(path, readFileSync(path));

/** The files of a folder, as if it were an archive. */
export const filesIn = (path: string) =>
  readdirSync(path)
    .filter((name) => statSync(join(path, name)).isFile())
    .sort()
    .map((name) => fileInMemory(name, readFileSync(join(path, name))));

const columnsOf = (source: Settings, ranks: number) => {
  const [id, precinct, batch] = ['idColumnIndex', 'precinctColumnIndex', 'batchColumnIndex'].map((n) =>
    stated(source[n]),
  );
  return {
    firstVote: Number(source['firstVoteColumnIndex']),
    firstRow: Number(source['firstVoteRowIndex']),
    ranks,
    ...(id === undefined ? {} : { id }),
    ...(precinct === undefined ? {} : { precinct }),
    ...(batch === undefined ? {} : { batch }),
  };
};

const words = (label: Value): readonly string[] => (text(label) === '' ? [] : [text(label)]);

const readers: Readonly<Record<string, Reader>> = {
  ess: (path, source, config, to) => {
    const most = text(config.rules['maxRankingsAllowed']);
    return readEssXlsx(fileAt(path), to, {
      columns: columnsOf(source, most === 'max' ? config.candidates.length : Number(most)),
      words: {
        overvote: words(source['overvoteLabel']),
        skipped: words(source['skippedRankLabel']),
        writeIn: words(source['undeclaredWriteInLabel']),
        blankIsWriteIn: isTrue(source['treatBlankAsUndeclaredWriteIn']),
      },
      ...(text(source['overvoteDelimiter']) === ''
        ? {}
        : { overvoteDelimiter: text(source['overvoteDelimiter']) }),
    });
  },
  cdf: (path, _source, _config, to) =>
    path.endsWith('.xml') ? readNistCvrXml(fileAt(path), to) : readNistCvrJson(fileAt(path), to),
  clearBallot: (path, _source, _config, to) => readClearBallot(fileAt(path), to),
  genericCsv: (path, source, config, to) =>
    readGenericRankedCsv(fileAt(path), to, {
      columns: columnsOf(source, config.candidates.length),
      writeIn: words(source['undeclaredWriteInLabel']),
    }),
  dominion: (path, _source, _config, to) => readDominionJson(filesIn(path), to),
  hart: (path, _source, _config, to) => readHart(filesIn(path), to),
};

async function read(folder: string, source: Settings, config: CaseConfig): Promise<Cvrs> {
  const reader = readers[text(source['provider'])];
  if (reader === undefined) throw new RangeError(`no reader for ${text(source['provider'])}`);
  const collector = new CvrCollector();
  const reading = await reader(join(folder, text(source['filePath'])), source, config, collector);
  if (!reading.ok) throw new RangeError(JSON.stringify(reading.refusals));
  if (reading.rowsRefused.length > 0) throw new RangeError(JSON.stringify(reading.rowsRefused));
  return collector.cvrs!;
}

// ── the expected reports ──

export interface ExpectedReport {
  readonly results: readonly {
    readonly threshold: string;
    readonly tally: Readonly<Record<string, string>>;
    readonly inactiveBallots: Readonly<Record<string, string>>;
    readonly tallyResults: readonly {
      readonly elected?: string;
      readonly eliminated?: string;
      readonly transfers: Readonly<Record<string, string>>;
    }[];
  }[];
  readonly summary: {
    readonly numCandidates: number;
    readonly totalNumBallots: string;
    readonly undervotes: number;
    readonly finalThreshold: string;
  };
}

/** "8.0000" and "8" are one number: how many zeros a report writes depends on the way it was computed. */
const plain = (n: string): string => (n.includes('.') ? n.replace(/\.?0+$/, '') : n);
const noZeros = (votes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(votes)
      .map(([k, v]) => [k, plain(v)] as const)
      .filter(([, v]) => v !== '0'),
  );

/** An expected report in a form that ours can be compared with. */
export const expectedForm = ({ results, summary }: ExpectedReport) => ({
  ballots: Number(summary.totalNumBallots),
  undervotes: summary.undervotes,
  candidates: summary.numCandidates,
  finalThreshold: plain(summary.finalThreshold),
  rounds: results.map((round) => ({
    threshold: plain(round.threshold),
    tally: Object.fromEntries(Object.entries(round.tally).map(([name, n]) => [name, plain(n)])),
    inactive: noZeros(round.inactiveBallots),
    decisions: Object.fromEntries(
      round.tallyResults.map(({ elected, eliminated, transfers }) => [
        elected === undefined ? `eliminated ${eliminated}` : `elected ${elected}`,
        noZeros(transfers),
      ]),
    ),
  })),
});

export const ourForm = (result: RankedResult): ReturnType<typeof expectedForm> => ({
  ballots: result.ballots,
  undervotes: result.undervotes,
  candidates: result.candidates.length,
  finalThreshold: result.rounds.at(-1)!.threshold,
  rounds: result.rounds.map((round) => ({
    threshold: round.threshold,
    tally: Object.fromEntries(round.tally.map((v) => [v.candidate, v.votes])),
    inactive: noZeros({ ...round.inactive, finalRoundSurplus: round.finalRoundSurplus ?? '0' }),
    decisions: Object.fromEntries(
      round.decisions.map((d) => [
        `${d.what} ${d.candidate}`,
        noZeros({
          ...Object.fromEntries(d.transfers.map((v) => [v.candidate, v.votes])),
          exhausted: d.exhausted,
          'residual surplus': d.residual,
        }),
      ]),
    ),
  })),
});

/** What a report in CSV says of a part: by round the votes of all who have any, and the inactive ballots. */
export function expectedCsv(content: string): CsvForm {
  const rows: (readonly string[])[] = [];
  eachRow('report.csv', content, ({ fields }) => void rows.push(fields));
  const at = rows.findIndex(([first]) => first === 'Rounds');
  const rounds = rows[at]!.filter((title) => /^Round \d+ Votes$/.test(title)).length;
  const value = (title: string): string => rows.find(([first]) => first === title)![1]!;
  const active = rows.findIndex(([first]) => first === 'Active Ballots');
  const named = rows.slice(at + 1, active).filter(([first]) => !/^(Elected|Eliminated)†?$/.test(first!));
  const inRound = (r: number, list: readonly (readonly string[])[]): Record<string, string> =>
    noZeros(Object.fromEntries(list.map((row) => [row[0]!, row[1 + 3 * r]!])));
  const inactive = rows
    .slice(active + 1)
    .filter(([first]) => first!.startsWith('Inactive Ballots by '))
    .map(([first, ...rest]) => [first!.slice('Inactive Ballots by '.length), ...rest]);
  return {
    ballots: Number(value('Total Number of Ballots')),
    undervotes: Number(value('Number of Undervotes (No Rankings)')),
    rounds: Array.from({ length: rounds }, (_, r) => ({
      tally: inRound(r, named),
      inactive: inRound(r, inactive),
    })),
  };
}

interface CsvForm {
  readonly ballots: number;
  readonly undervotes: number;
  readonly rounds: readonly {
    readonly tally: Record<string, string>;
    readonly inactive: Record<string, string>;
  }[];
}

export const ourCsvForm = ({ ballots, undervotes, rounds }: RankedResult): CsvForm => ({
  ballots,
  undervotes,
  rounds: rounds.map(({ tally, inactive }) => ({
    tally: noZeros(Object.fromEntries(tally.map((v) => [v.candidate, v.votes]))),
    inactive: noZeros({
      Overvotes: inactive.overvotes,
      'Skipped Rankings': inactive.skippedRankings,
      'Exhausted Choices': inactive.exhaustedChoices,
      'Repeated Rankings': inactive.repeatedRankings,
    }),
  })),
});

// ── the folders ──

export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly config: CaseConfig;
  /** The report of each pass. */
  readonly expected: readonly ExpectedReport[];
  /** Reports of parts that are given as JSON, and as CSV. */
  readonly slices: readonly {
    readonly by: 'precinct' | 'batch';
    readonly part: string;
    readonly path: string;
  }[];
}

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Every folder of the suite that has a report to equal. */
export function casesIn(root: string): Case[] {
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, `${name}_config.json`)))
    .map((name): Case => {
      const folder = join(root, name);
      const reports = globSync(`${name}*_expected_detailed_report.json`, { cwd: folder }).sort();
      const slices = globSync('Tabulate by */*_detailed_report.*', { cwd: folder }).flatMap((path) => {
        const found =
          /^Tabulate by (Precinct|Batch)\/(.*)_expected_(.*)_(?:precinct|batch)_detailed_report/.exec(path);
        const by = found?.[1]?.toLowerCase() as 'precinct' | 'batch' | undefined;
        return found === null || by === undefined ? [] : [{ by, part: found[3]!, path: join(folder, path) }];
      });
      return {
        name,
        folder,
        config: json(join(folder, `${name}_config.json`)) as CaseConfig,
        expected: reports.map((r) => json(join(folder, r)) as ExpectedReport),
        slices: slices.sort((a, b) => (a.path < b.path ? -1 : 1)),
      };
    })
    .filter((c) => c.expected.length > 0);
}
