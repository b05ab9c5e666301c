// `opencanvass reconcile FILE…`: do cast vote records agree with the manifest, with the reported results, and with themselves?
import { basename } from 'node:path';
import { Command } from 'commander';
import { Reconciler } from '@opencanvass/evidence/cvr';
import { open, readManifest } from '@opencanvass/evidence/formats';
import { addTallies, UnitTallier } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';
import type { BallotManifest } from '@opencanvass/evidence/paper';
import { readCvrsAt, sayRefused } from './cvrFiles.ts';
import { refusalLine } from './looseFiles.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

interface ReconcileOptions {
  readonly manifest?: string;
  readonly reported?: string;
  readonly json?: true;
}

/** What one question came to. The words are those of every finding. */
interface Answer {
  readonly question: string;
  readonly word: 'holds' | 'fails' | 'cannot tell';
  readonly size: string;
  readonly units: readonly unknown[];
  readonly lines: readonly string[];
}

export const reconcileCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('reconcile')
    .description('Holds cast vote records against the manifest, the reported results, and themselves.')
    .argument('FILE...', 'exports of cast vote records of one county')
    .option('--manifest <FILE>', 'ballot manifest of the county')
    .option('--reported <FILE>', 'reported results: Clarity detail.xml, or a results CSV')
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass reconcile cvr-export.csv --manifest manifest.csv
  opencanvass reconcile CVR_Export.zip --manifest manifest.csv --reported results.csv
`,
    )
    .action(async (paths: readonly string[], options: ReconcileOptions) => {
      const reconciler = new Reconciler();
      const tallies: UnitTally[] = [];
      let refused = 0;
      for (const path of paths) {
        const tallier = new UnitTallier();
        const read = await readCvrsAt(
          world,
          path,
          {
            begin: (header) => {
              reconciler.begin(header);
              tallier.begin(header);
            },
            take: (chunk) => {
              reconciler.take(chunk);
              tallier.take(chunk);
            },
          },
          {},
        );
        sayRefused(world, read);
        refused += read.rowsRefused.length;
        tallies.push(tallier.tally);
      }
      const tally = addTallies(tallies);
      if (!('units' in tally))
        throw new Stop(
          status.inputRefused,
          `the contest ${tally.contest} is described differently: ${tally.expected}, ${tally.found}`,
        );
      const answers = [
        everyRow(refused, reconciler.records),
        withManifest(
          reconciler,
          options.manifest === undefined ? undefined : manifestAt(world, options.manifest),
        ),
        ...withReported(world, tally, options.reported),
        numbering(reconciler),
        repeats(reconciler),
        styles(reconciler),
      ];
      if (options.json === true)
        world.stdout.write(
          `${JSON.stringify(
            answers.map(({ question, word, size, units }) => ({ question, word, size, units })),
            null,
            2,
          )}\n`,
        );
      else {
        const width = Math.max(...answers.map((answer) => answer.question.length));
        for (const { word, question, size, lines } of answers) {
          world.stdout.write(`${word.padEnd(11)}  ${question.padEnd(width)}   ${size}\n`);
          for (const line of lines.slice(0, 10)) world.stdout.write(`${' '.repeat(13)}${line}\n`);
          if (lines.length > 10)
            world.stdout.write(`${' '.repeat(13)}… and ${lines.length - 10} more (--json)\n`);
        }
      }
      const words = new Set(answers.map((answer) => answer.word));
      end(words.has('fails') ? status.exceptions : words.has('holds') ? status.holds : status.nothingTold);
    });

const grouped = (n: number): string => n.toLocaleString('en-US');

function everyRow(refused: number, records: number): Answer {
  const size = `${grouped(records)} records, ${grouped(refused)} rows refused`;
  return {
    question: 'every row of the export was read',
    word: refused === 0 ? 'holds' : 'fails',
    size,
    units: [],
    lines: [],
  };
}

function manifestAt(world: World, path: string): BallotManifest {
  if (world.files.kind(path) !== 'file') throw new Stop(status.inputNotFound, `${path} is not there`);
  const reading = readManifest(basename(path), world.files.read(path));
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  return reading.value;
}

function withManifest(reconciler: Reconciler, manifest: BallotManifest | undefined): Answer {
  const question = 'each batch has as many records as the manifest lists';
  if (manifest === undefined)
    return { question, word: 'cannot tell', size: 'no manifest', units: [], lines: [] };
  const differ = reconciler.againstManifest(manifest);
  const lines = differ.map(
    ({ tabulator, batch, inManifest, records }) =>
      `${[tabulator, batch].filter((s) => s !== '').join(' · ')}: manifest ${inManifest ?? 'has no such batch'}, records ${records ?? 'none'}`,
  );
  return {
    question,
    word: differ.length === 0 ? 'holds' : 'fails',
    size: `${grouped(manifest.batches.length)} batches of ${manifest.counts}, ${grouped(differ.length)} differ`,
    units: differ,
    lines,
  };
}

function withReported(world: World, tally: UnitTally, path: string | undefined): Answer[] {
  const question = 'the records add up to the reported results';
  if (path === undefined)
    return [{ question, word: 'cannot tell', size: 'no reported results', units: [], lines: [] }];
  if (world.files.kind(path) !== 'file') throw new Stop(status.inputNotFound, `${path} is not there`);
  const { contests } = tally.header;
  const only = contests.length === 1 ? contests[0] : undefined;
  const reading = open(
    basename(path),
    world.files.read(path),
    only && {
      id: only.id,
      name: only.name,
      choices: only.choices.map(({ id, name }) => ({ id, name })),
      rule: { kind: 'plurality', voteFor: 1, winners: 1 },
    },
  );
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  const answers = reading.value.results.flatMap((results): Answer[] => {
    const c = contests.findIndex((contest) => contest.id === results.contest);
    if (c < 0) return [];
    const differ = results.choices.flatMap((choice, k) => {
      const reported = results.rows.reduce((sum, row) => sum + row.votes[k]!, 0);
      const counted = contests[c]!.choices.reduce((sum, of, i) => {
        if (of.id !== choice) return sum;
        const fromSums = tally.sums.reduce((n, { votes }) => n + (votes[c]?.[i] ?? 0), 0);
        return sum + (tally.units[0]?.contests[c]!.votes[i] ?? 0) + fromSums;
      }, 0);
      return reported === counted ? [] : [{ choice, reported, records: counted }];
    });
    return [
      {
        question: `${question}: ${contests[c]!.name}`,
        word: differ.length === 0 ? 'holds' : 'fails',
        size: `${results.choices.length} choices, ${differ.length} differ`,
        units: differ,
        lines: differ.map(
          (d) => `${d.choice}: reported ${grouped(d.reported)}, records ${grouped(d.records)}`,
        ),
      },
    ];
  });
  return answers.length > 0
    ? answers
    : [{ question, word: 'cannot tell', size: 'no contest is in both', units: [], lines: [] }];
}

function numbering(reconciler: Reconciler): Answer {
  const question = 'the records of each batch are numbered without gap or repeat';
  const faults = reconciler.numbering();
  if (faults === undefined)
    return { question, word: 'cannot tell', size: 'the export took the numbers out', units: [], lines: [] };
  const list = (numbers: readonly number[]): string =>
    `${numbers.slice(0, 5).join(', ')}${numbers.length > 5 ? ' …' : ''}`;
  return {
    question,
    word: faults.length === 0 ? 'holds' : 'fails',
    size: `${grouped(reconciler.batches.length)} batches, ${grouped(faults.length)} with gaps or repeats`,
    units: faults,
    lines: faults.map(({ tabulator, batch, missing, missingCount, repeated }) => {
      const gaps = missingCount === 0 ? [] : [`${missingCount} missing (${list(missing)})`];
      const twice = repeated.length === 0 ? [] : [`repeated ${list(repeated)}`];
      return `${tabulator} · ${batch}: ${[...gaps, ...twice].join('; ')}`;
    }),
  };
}

function repeats(reconciler: Reconciler): Answer {
  const question = 'no stretch of records occurs twice';
  const { runs, shortest, expectedByChance, sorted } = reconciler.repeatedRuns();
  if (sorted)
    return { question, word: 'cannot tell', size: 'the export is sorted by its votes', units: [], lines: [] };
  if (shortest > reconciler.records)
    return {
      question,
      word: 'cannot tell',
      size: 'too few or too uniform records to tell a repeat from chance',
      units: [],
      lines: [],
    };
  const where = ({ tabulator, batch }: { tabulator: string; batch: string }): string =>
    `${tabulator} · ${batch}`;
  return {
    question,
    word: runs.length === 0 ? 'holds' : 'fails',
    size: `${grouped(runs.length)} stretches of ${shortest} records or more, ${expectedByChance.toPrecision(1)} expected by chance`,
    units: runs,
    lines: runs.map(
      ({ first, second, length, batches: [a, b] }) =>
        `${length} records from ${grouped(first + 1)} (${where(a)}) again from ${grouped(second + 1)} (${where(b)})`,
    ),
  };
}

function styles(reconciler: Reconciler): Answer {
  const question = 'every card has only contests of its style';
  const outside = reconciler.outsideStyle();
  if (outside === undefined)
    return {
      question,
      word: 'cannot tell',
      size: 'the export does not say which contests a style has',
      units: [],
      lines: [],
    };
  return {
    question,
    word: outside.length === 0 ? 'holds' : 'fails',
    size: `${grouped(outside.length)} contests on cards of another style`,
    units: outside,
    lines: outside.map(
      ({ style, contest, records }) => `${contest} on ${grouped(records)} cards of style ${style}`,
    ),
  };
}
