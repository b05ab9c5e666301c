// `opencanvass count FILE…`: the votes in cast vote records, by contest; with --by, by precinct, batch, tabulator, group, style or file. One file
// of results or of a hand count is added up too (countResults.ts).
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { CvrCollector } from '@opencanvass/evidence/cvr';
import type { CardAttribute, CvrContest, Cvrs } from '@opencanvass/evidence/cvr';
import { cvrFormats, voteForFromJson } from '@opencanvass/evidence/formats';
import type { CvrExportOptions, CvrFormat, VoteFor } from '@opencanvass/evidence/formats';
import {
  addTallies,
  ballotsFromCvrs,
  countRanked,
  rulesFromJson,
  UnitTallier,
} from '@opencanvass/evidence/tally';
import type { ContestTally, RankedResult, RankedRules, UnitTally } from '@opencanvass/evidence/tally';
import { readCvrsAt, sayRefused } from './cvrFiles.ts';
import type { CvrRead } from './cvrFiles.ts';
import { countResults, isResults, resultsUnits } from './countResults.ts';
import { countInParallel } from '@opencanvass/query/parallel';
import { roundsText } from './rounds.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { Printer, World } from './world.ts';

const units: Readonly<Record<string, readonly CardAttribute[]>> = {
  precinct: ['precinct'],
  batch: ['tabulator', 'batch'],
  tabulator: ['tabulator'],
  group: ['countingGroup'],
  style: ['style'],
  file: [],
};

interface CountOptions {
  readonly by?: string;
  readonly contest?: string;
  readonly format?: CvrFormat;
  readonly encoding?: 'utf-8' | 'windows-1252';
  readonly original?: true;
  readonly writeIns?: true;
  readonly rules?: string;
  readonly json?: true;
}

export const countCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('count')
    .description('Counts the votes in cast vote records, or adds up a file of results or of a hand count.')
    .argument(
      'FILE...',
      'exports of cast vote records (a file, a folder or a zip each), or one file of results or of a hand count',
    )
    .addOption(
      new Option(
        '--by <UNIT>',
        `count each of these for itself; of results and hand counts: ${resultsUnits.join(', ')}`,
      ).choices([...new Set([...Object.keys(units), ...resultsUnits])]),
    )
    .option('--contest <TEXT>', 'only contests whose name holds this text')
    .option(
      '--rules <FILE>',
      'rules as JSON: how many votes a voter has ("voteFor"), and how ranked contests are counted, round by round',
    )
    .option('--original', 'as the machine read the cards, before adjudication')
    .option('--write-ins', 'whom voters wrote in, as the export tells it')
    .addOption(new Option('--format <FORMAT>', 'the format, where it cannot be told').choices(cvrFormats))
    .addOption(new Option('--encoding <NAME>', 'of the names in a CSV').choices(['utf-8', 'windows-1252']))
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass count cvr-export.csv
  opencanvass count CVR_Export.zip --by precinct --contest Mayor
  opencanvass count north.csv south.csv --by file --json
  opencanvass count cvr-export.csv --rules rules.json      rules.json: {"voteFor": {"City Council": 3}}
  opencanvass count hart.zip --contest Mayor --write-ins
  opencanvass count detail.xml --by county
`,
    )
    .action(async (paths: readonly string[], options: CountOptions) => {
      const [first] = paths;
      if (paths.length === 1 && options.format === undefined && isResults(world, first!)) {
        refuseUnit(options.by, resultsUnits, 'results and hand counts');
        countResults(world, first!, options);
        end(status.holds);
        return;
      }
      refuseUnit(options.by, Object.keys(units), 'cast vote records');
      const { rules, voteFor } = options.rules === undefined ? {} : readRules(world, options.rules);
      const counted = await count(world, paths, options, rules !== undefined, voteFor);
      const wanted = counted.tally.header.contests.flatMap((contest, c) =>
        contest.name.toLowerCase().includes((options.contest ?? '').toLowerCase()) ? [c] : [],
      );
      if (wanted.length === 0 && options.contest !== undefined)
        throw new Stop(
          status.wrongUsage,
          `no contest's name holds "${options.contest}"; there are ${counted.tally.header.contests.map((c) => c.name).join(', ')}`,
        );
      const ranked = rules === undefined ? [] : rankedResults(counted, wanted, rules);
      if (options.json === true) world.stdout.write(countJson(counted, wanted, ranked));
      else print(world.stdout, counted, wanted, ranked, options.writeIns === true);
      // A count that left rows out is not the count.
      const leftOut = counted.files.some(({ rowsRefused }) => rowsRefused.length > 0);
      end(counted.whole.units.length === 0 ? status.nothingTold : leftOut ? status.exceptions : status.holds);
    });

function refuseUnit(by: string | undefined, known: readonly string[], of: string): void {
  if (by !== undefined && !known.includes(by))
    throw new Stop(status.wrongUsage, `${of} are counted by ${known.join(', ')}, not by ${by}`);
}

interface Counted {
  readonly files: readonly CvrRead[];
  /** All files together, in one unit. */
  readonly whole: UnitTally;
  /** By unit as asked for; the same as `whole` if nothing was. */
  readonly tally: UnitTally;
  readonly unitNames: readonly string[];
  readonly cvrs: readonly Cvrs[];
}

async function count(
  world: World,
  paths: readonly string[],
  options: CountOptions,
  keep: boolean,
  voteFor: VoteFor | undefined,
): Promise<Counted> {
  const by = units[options.by ?? 'file']!;
  const reading: CvrExportOptions = {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
    ...(options.original === true ? { version: 'original' as const } : {}),
    ...(voteFor === undefined ? {} : { voteFor }),
  };
  const files: CvrRead[] = [];
  const parts: UnitTally[] = [];
  const cvrs: Cvrs[] = [];
  for (const path of paths) {
    const large = keep ? undefined : await countLarge(world, path, by, reading);
    if (large !== undefined) {
      sayRefused(world, large.read);
      files.push(large.read);
      parts.push(large.tally);
      continue;
    }
    const tallier = new UnitTallier(by);
    const all = keep ? new CvrCollector() : undefined;
    const read = await readCvrsAt(
      world,
      path,
      {
        begin: (header) => {
          tallier.begin(header);
          all?.begin(header);
        },
        take: (chunk) => {
          tallier.take(chunk);
          all?.take(chunk);
        },
      },
      reading,
    );
    sayRefused(world, read);
    files.push(read);
    if (all?.cvrs !== undefined) cvrs.push(all.cvrs);
    parts.push(tallier.tally);
  }
  const perFile = (part: UnitTally, i: number): UnitTally => ({
    ...part,
    units: part.units.map((unit) => ({ ...unit, unit: [files[i]!.name] })),
  });
  const tally = addTallies(options.by === 'file' ? parts.map(perFile) : parts);
  if (!('units' in tally))
    throw new Stop(
      status.inputRefused,
      `${paths.join(', ')}: the contest ${tally.contest} is described differently: expected ${tally.expected}, found ${tally.found}; give exports of one election`,
    );
  const merged = addTallies(
    tally.units.map((unit) => ({ ...tally, sums: [], writeIns: [], units: [{ ...unit, unit: [] }] })),
  );
  const whole =
    tally.units.length === 0 || !('units' in merged)
      ? { ...tally, units: [] }
      : { ...merged, sums: tally.sums, writeIns: tally.writeIns };
  const unitNames =
    options.by === undefined ? [] : options.by === 'batch' ? ['tabulator', 'batch'] : [options.by];
  return { files, whole, tally, unitNames, cvrs };
}

/** A large export on the disk is counted by all cores; undefined for any other, and for one to be refused. */
async function countLarge(
  world: World,
  path: string,
  by: readonly CardAttribute[],
  reading: CvrExportOptions,
): Promise<{ read: CvrRead; tally: UnitTally } | undefined> {
  if (world.files.onDisk !== true || world.files.kind(path) === undefined) return undefined;
  const counted = await countInParallel(path, by, reading);
  return counted && { read: { ...counted.reading, name: basename(path) }, tally: counted.tally };
}

// ── ranked contests, round by round ──

/**
 * Rules as an object of `RankedRules`, where what is left out is as most single-winner laws have it; and `voteFor`, by name of contest. With
 * `voteFor` alone no rounds are counted.
 */
export function readRules(world: World, path: string): { rules?: RankedRules; voteFor?: VoteFor } {
  if (world.files.kind(path) !== 'file') throw new Stop(status.inputNotFound, `${path} is not there`);
  let stated: unknown;
  try {
    stated = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(world.files.read(path)));
  } catch (error) {
    throw new Stop(status.inputRefused, `${path}: expected JSON, found ${(error as Error).message}`);
  }
  const { voteFor: votes, ...others } = (stated ?? {}) as { readonly voteFor?: unknown };
  const voteFor = votes === undefined ? undefined : voteForFromJson(votes);
  if (votes !== undefined && voteFor === undefined)
    throw new Stop(
      status.inputRefused,
      `${path}: voteFor: expected names of contests with whole numbers, such as {"City Council": 3}, found ${JSON.stringify(votes)}`,
    );
  if (voteFor !== undefined && Object.keys(others).length === 0) return { voteFor };
  const rules = rulesFromJson(voteFor === undefined ? stated : others);
  if (!('faults' in rules)) return { rules, ...(voteFor === undefined ? {} : { voteFor }) };
  throw new Stop(
    status.inputRefused,
    rules.faults.map((f) => `${path}: ${f.option}: expected ${f.expected}, found ${f.found}`).join('\n'),
  );
}

interface RankedCount {
  readonly contest: CvrContest;
  /** One count, or of a sequential method one for each seat. */
  readonly results: readonly RankedResult[];
}

function rankedResults(
  { cvrs, files }: Counted,
  wanted: readonly number[],
  rules: RankedRules,
): RankedCount[] {
  if (cvrs.length !== 1)
    throw new Stop(status.wrongUsage, `--rules counts one export; ${files.length} were given`);
  const [only] = cvrs;
  return wanted.flatMap((c) => {
    const contest = only!.header.contests[c]!;
    if (contest.ranks === 0) return [];
    return [{ contest, results: countRanked(ballotsFromCvrs(only!, c).all, rules) }];
  });
}

// ── print ──

const grouped = (n: number): string => n.toLocaleString('en-US');

function print(
  to: Printer,
  counted: Counted,
  wanted: readonly number[],
  ranked: readonly RankedCount[],
  withWriteIns: boolean,
): void {
  const { files, whole, tally, unitNames } = counted;
  const [header, total] = [whole.header, whole.units[0]];
  const records = files.reduce((sum, file) => sum + file.value.records, 0);
  const sums = whole.sums.length;
  to.write(`${header.election === '' ? files.map((f) => f.name).join(', ') : header.election}   `);
  to.write(`${grouped(records)} cast vote records`);
  if (sums > 0)
    to.write(
      ` and ${grouped(sums)} ${sums === 1 ? 'row that is a sum' : 'rows that are sums'} of many cards`,
    );
  to.write(
    ` · ${header.format}${header.version === undefined || header.version === '' ? '' : ` ${header.version}`}\n`,
  );
  for (const c of wanted) {
    const contest = header.contests[c]!;
    const tallied = total?.contests[c];
    const rule =
      contest.ranks > 0
        ? `ranked, up to ${contest.ranks}, ${contest.voteFor} to elect; votes are first choices`
        : contest.voteFor === undefined
          ? 'vote-for not stated'
          : `vote for ${contest.voteFor}`;
    to.write(`\n${contest.name}   ${rule} · on ${grouped(tallied?.cards ?? 0)} cards\n`);
    const fromSums = summed(whole, c);
    const rows = contest.choices.map((choice, k) => [
      choice.name + (choice.writeIn === 'qualified' ? ' (write-in)' : ''),
      grouped((tallied?.votes[k] ?? 0) + (fromSums?.[k] ?? 0)),
      ...(fromSums === undefined ? [] : [`of them ${grouped(fromSums[k]!)} in sums`]),
    ]);
    if (tallied !== undefined)
      for (const what of ['blank', 'overvoted', 'invalid', 'undervotes'] as const)
        if (tallied[what] > 0)
          rows.push([`· ${what === 'undervotes' ? 'votes not given' : what}`, grouped(tallied[what])]);
    table(to, rows);
    if (withWriteIns) printWriteIns(to, whole, c);
    if (unitNames.length > 0) byUnit(to, tally, c, unitNames);
    for (const result of ranked.find((r) => r.contest.name === contest.name)?.results ?? [])
      to.write(`\n${roundsText(result, to.columns)}`);
  }
}

/** Whom voters wrote in, by name; the most first. */
function printWriteIns(to: Printer, { header, writeIns }: UnitTally, c: number): void {
  const contest = header.contests[c]!;
  const rows = writeIns
    .filter((said) => said.contest === c)
    .sort((a, b) => b.cards - a.cards || (a.text < b.text ? -1 : 1))
    .map(({ text, choice, rank, status, cards }) => [
      text === '' ? '(name not in the export)' : text,
      choice === -1 ? 'counted for nobody' : `at ${contest.choices[choice]!.name}`,
      ...(contest.ranks > 0 ? [`rank ${rank}`] : []),
      status,
      grouped(cards),
    ]);
  if (rows.length === 0) return;
  to.write('  written in:\n');
  table(
    to,
    rows.map(([name, ...rest]) => [`  ${name}`, ...rest]),
  );
}

/** Votes by choice in the rows that were sums, undefined if none has the contest. Of a ranked contest only the first rank. */
function summed({ header, sums }: UnitTally, c: number): number[] | undefined {
  const rows = sums.flatMap(({ votes }) => (votes[c] === undefined ? [] : [votes[c]]));
  return rows.length === 0
    ? undefined
    : header.contests[c]!.choices.map((_, k) => rows.reduce((a, row) => a + row[k]!, 0));
}

function byUnit(to: Printer, { units, header }: UnitTally, c: number, names: readonly string[]): void {
  const { choices } = header.contests[c]!;
  const rows = units
    .filter(({ contests }) => contests[c]!.cards > 0)
    .map(({ unit, contests }) => {
      const { votes, blank, overvoted, cards } = contests[c]!;
      return [
        unit.map((name) => name || '(not stated)').join(' · '),
        ...[cards, ...votes, blank, overvoted].map(grouped),
      ];
    });
  to.write('\n');
  table(to, [
    [names.join(' · '), 'cards', ...choices.map((choice) => choice.name), 'blank', 'overvoted'],
    ...rows,
  ]);
}

/** First column to the left, the others to the right. */
function table(to: Printer, rows: readonly (readonly string[])[]): void {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  for (const row of rows)
    to.write(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('   ')}\n`,
    );
}

function countJson(counted: Counted, wanted: readonly number[], ranked: readonly RankedCount[]): string {
  const { files, whole, tally, unitNames } = counted;
  const votesOf = (c: number, { votes, ...rest }: ContestTally): object => ({
    contest: whole.header.contests[c]!.name,
    ...rest,
    votes: whole.header.contests[c]!.choices.map((choice, k) => ({ choice: choice.name, votes: votes[k] })),
  });
  const json = {
    election: whole.header.election,
    files: files.map(({ name, value, rowsRead, rowsRefused, remarks }) => ({
      name,
      format: value.header.format,
      version: value.header.version,
      records: value.records,
      sums: value.sums,
      rowsRead,
      rowsRefused,
      remarks,
    })),
    contests: wanted.map((c) => {
      const { id, name, voteFor, ranks, choices } = whole.header.contests[c]!;
      return { id, name, voteFor, ranks, choices };
    }),
    cards: whole.units[0]?.cards ?? 0,
    totals: whole.units.flatMap(({ contests }) => wanted.map((c) => votesOf(c, contests[c]!))),
    by: unitNames,
    units:
      unitNames.length === 0
        ? undefined
        : tally.units.map(({ unit, cards, contests }) => ({
            unit,
            cards,
            contests: wanted.map((c) => votesOf(c, contests[c]!)),
          })),
    /** Rows that are sums of many cards: in no total and no unit above. */
    sums: whole.sums.map(({ label, style, votes }) => ({
      label,
      style,
      votes: wanted.flatMap((c) =>
        votes[c] === undefined ? [] : [{ contest: whole.header.contests[c]!.name, votes: votes[c] }],
      ),
    })),
    /** Whom voters wrote in; `choice`, under which the votes stand above, null where they count for nobody. */
    writeIns: whole.writeIns
      .filter(({ contest }) => wanted.includes(contest))
      .map(({ contest, choice, rank, text, status, cards }) => ({
        contest: whole.header.contests[contest]!.name,
        choice: whole.header.contests[contest]!.choices[choice]?.name ?? null,
        ...(rank === 0 ? {} : { rank }),
        text,
        status,
        cards,
      })),
    ranked: ranked.flatMap(({ contest, results }) =>
      results.map((result) => ({ contest: contest.name, ...result })),
    ),
  };
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  return `${JSON.stringify(json, plain, 2)}\n`;
}
