// `opencanvass reconcile FILE…`: do cast vote records agree with the manifest, with the reported results, and with themselves? The records
// are laid beside the other files as evidence without a record, and the checks of cast vote records judge it.
import { basename } from 'node:path';
import { Command } from 'commander';
import { cvrChecks } from '@opencanvass/evidence/checks';
import { CvrCollector, Reconciler } from '@opencanvass/evidence/cvr';
import type { Cvrs } from '@opencanvass/evidence/cvr';
import type { Contest } from '@opencanvass/evidence/election';
import { contestId } from '@opencanvass/evidence/election';
import { readManifest, readRoundsReport } from '@opencanvass/evidence/formats';
import type { Refusal } from '@opencanvass/evidence/formats';
import type { BallotManifest } from '@opencanvass/evidence/paper';
import { noEvidenceOf } from '@opencanvass/evidence/record';
import type { Evidence, RoundsCounted, Source, Sourced } from '@opencanvass/evidence/record';
import { ballotsFromCvrs, countRanked, instantRunoffRules, UnitTallier } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';
import { readRules } from './count.ts';
import { readCvrsAt, sayRefused } from './cvrFiles.ts';
import { checkSize, readAnyFile, refusalLine } from './looseFiles.ts';
import { printCheck, printFindings, statusOf, verificationJson } from './print.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import { knownCheck } from './verify.ts';
import type { World } from './world.ts';

interface ReconcileOptions {
  readonly manifest?: string;
  readonly reported?: string;
  readonly rounds?: string;
  readonly rules?: string;
  readonly json?: true;
  readonly check?: string;
}

export const reconcileCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('reconcile')
    .description('Holds cast vote records against the manifest, the reported results, and themselves.')
    .argument('FILE...', 'exports of cast vote records of one county')
    .option('--manifest <FILE>', 'ballot manifest of the county')
    .option(
      '--reported <FILE>',
      'reported results: Clarity detail.xml, NIST SP 1500-100, OpenElections or a results CSV',
    )
    .option('--rounds <FILE>', 'the rounds of a ranked contest as reported: RCTab’s summary in JSON')
    .option(
      '--rules <FILE>',
      'the rules of that count as JSON, as `count --rules` takes them; as most single-winner laws where not given',
    )
    .option('--json', 'print everything as JSON')
    .option('--check <ID>', 'print one check in full, with every unit concerned')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass reconcile cvr-export.csv --manifest manifest.csv
  opencanvass reconcile cvr-export.csv --manifest manifest.csv --check cvrs-equal-manifest
  opencanvass reconcile CVR_Export.zip --manifest manifest.csv --reported results.csv
  opencanvass reconcile CVR_Export.zip --rounds mayor_summary.json --rules rules.json
`,
    )
    .action(async (paths: readonly string[], options: ReconcileOptions) => {
      if (options.check !== undefined) knownCheck(options.check, cvrChecks);
      const evidence = await evidenceAt(world, paths, options);
      const findings = cvrChecks.flatMap((check) => check.run(evidence));
      const verification = { record: undefined, evidence, findings, answers: [] };
      if (options.json === true) world.stdout.write(verificationJson(verification));
      else if (options.check !== undefined) printCheck(world.stdout, options.check, verification);
      else
        printFindings(
          world.stdout,
          findings.filter((f) => f.word !== 'does not apply'),
          verification,
        );
      end(statusOf(verification));
    });

async function evidenceAt(
  world: World,
  paths: readonly string[],
  options: ReconcileOptions,
): Promise<Evidence> {
  const manifest = options.manifest === undefined ? undefined : manifestAt(world, options.manifest);
  const reconciler = new Reconciler();
  const tallies: UnitTally[] = [];
  const rowsRefused: Refusal[] = [];
  const sources: Source[] = [];
  const kept: Cvrs[] = [];
  for (const path of paths) {
    const tallier = new UnitTallier(['precinct']);
    const all = options.rounds === undefined ? undefined : new CvrCollector();
    const read = await readCvrsAt(
      world,
      path,
      {
        begin: (header) => {
          reconciler.begin(header);
          tallier.begin(header);
          all?.begin(header);
        },
        take: (chunk) => {
          reconciler.take(chunk);
          tallier.take(chunk);
          all?.take(chunk);
        },
      },
      {},
    );
    sayRefused(world, read);
    rowsRefused.push(...read.rowsRefused);
    tallies.push(tallier.tally);
    if (all?.cvrs !== undefined) kept.push(all.cvrs);
    sources.push({ name: read.name });
  }
  const contests = contestsOf(tallies);
  // Results that do not name their contest are taken for that of the records, if they have one only.
  const reported =
    options.reported === undefined
      ? undefined
      : readAnyFile(world, options.reported, contests.length === 1 ? contests[0] : undefined);
  const known = new Set(contests.map((contest) => contest.id));
  return {
    ...noEvidenceOf({
      name: tallies[0]!.header.election,
      date: '',
      jurisdictions: [],
      contests: [...contests, ...(reported?.value.contests ?? []).filter(({ id }) => !known.has(id))],
    }),
    results: reported?.value.results.map((value) => ({ value, sources: [reported.source] })) ?? [],
    cvrs: [{ value: { reconciliation: reconciler.result(), tallies, rowsRefused }, sources }],
    ...(options.rounds === undefined
      ? {}
      : { rounds: [roundsAt(world, options.rounds, options.rules, kept)] }),
    manifests: manifest === undefined ? [] : [{ ...manifest, value: { manifest: manifest.value } }],
  };
}

/** The reported rounds, and those of the one export's contest that they are of: of its only ranked one, or the one of that name. */
function roundsAt(
  world: World,
  path: string,
  rulesPath: string | undefined,
  exports: readonly Cvrs[],
): Sourced<RoundsCounted> {
  checkSize(world, path);
  const reading = readRoundsReport(basename(path), world.files.read(path));
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  const stated = reading.value;
  const [cvrs, ...others] = exports;
  if (cvrs === undefined || others.length > 0)
    throw new Stop(status.wrongUsage, `--rounds counts one export; ${exports.length} were given`);
  const ranked = cvrs.header.contests.flatMap((contest, c) => (contest.ranks > 0 ? [{ contest, c }] : []));
  const named = ranked.find(({ contest }) => contest.id === contestId(stated.contest));
  const of = named ?? (ranked.length === 1 ? ranked[0] : undefined);
  if (of === undefined)
    throw new Stop(
      status.inputRefused,
      `${path}: expected the rounds of a ranked contest of the records (${ranked.map(({ contest }) => contest.name).join(', ') || 'they have none'}), found "${stated.contest}"`,
    );
  const rules =
    (rulesPath === undefined ? undefined : readRules(world, rulesPath).rules) ?? instantRunoffRules;
  const results = countRanked(ballotsFromCvrs(cvrs, of.c).all, rules);
  if (results.length !== 1)
    throw new Stop(
      status.wrongUsage,
      `--rounds compares one count; these rules make ${results.length}, one for each seat`,
    );
  return {
    value: { contest: of.contest.id, stated, counted: results[0]! },
    sources: [{ name: basename(path) }],
  };
}

function manifestAt(world: World, path: string): Sourced<BallotManifest> {
  checkSize(world, path);
  const reading = readManifest(basename(path), world.files.read(path));
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  return { value: reading.value, sources: [{ name: basename(path) }] };
}

/** The contests of the records by their names; the rule is the plainest that their ballots allow, for no check of records asks it. */
function contestsOf(tallies: readonly UnitTally[]): Contest[] {
  const all = new Map<string, Contest>();
  for (const { header } of tallies)
    for (const { id, name, choices, voteFor, ranks } of header.contests)
      if (!all.has(id))
        all.set(id, {
          id,
          name,
          choices: choices.map((choice) => ({ id: choice.id, name: choice.name })),
          rule:
            ranks > 0 ? { kind: 'instantRunoff' } : { kind: 'plurality', voteFor: voteFor ?? 1, winners: 1 },
        });
  return [...all.values()];
}
