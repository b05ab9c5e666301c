// `opencanvass import FILE… --to RECORD`: what offices publish becomes entries of a record, each file kept with its digest. All of it is read before
// anything is written. Cast vote records are kept sealed: publishing them is an act of its own (`publish --open-cvrs`).
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { fromUtf8 } from '@opencanvass/evidence/bytes';
import { exposed } from '@opencanvass/evidence/disclosure';
import type { RareStyles } from '@opencanvass/evidence/disclosure';
import type { ContestId } from '@opencanvass/evidence/election';
import { contestId } from '@opencanvass/evidence/election';
import {
  detect,
  detectCountyFile,
  detectCvrs,
  fileInMemory,
  filesOfZip,
  headLength,
  largestFile,
} from '@opencanvass/evidence/formats';
import { createFolder, importFiles, isRecordFolder, openFolder } from '@opencanvass/keeper';
import type { FileToImport, ImportRefusal, Imported, RoundsToImport } from '@opencanvass/keeper';
import { filesOnDisk } from '@opencanvass/query/disk';
import { readRules } from './count.ts';
import { exportsAt } from './exportAt.ts';
import { checkSize, refusalLine, remarkLine } from './looseFiles.ts';
import { startProgress } from './progress.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

interface Options {
  readonly to: string;
  readonly origin?: string;
  readonly as: string;
  readonly contest?: readonly string[];
  readonly jurisdiction?: string;
  readonly election?: string;
  readonly date?: string;
  readonly state?: string;
  readonly from?: string;
  readonly retrieved?: string;
  readonly licence?: string;
  readonly status?: 'certified' | 'unofficial';
  readonly rounds?: string;
  readonly rules?: string;
}

export const importCommand = (world: World, _end: (to: Status) => void): Command =>
  new Command('import')
    .description('Brings the files that offices publish into a record, which it makes if there is none.')
    .argument(
      'FILE...',
      'results, hand counts, ballots cast, in any format that compare reads; ballot manifests and batch totals; exports of cast vote records that count reads: a file, a zip or a folder',
    )
    .requiredOption('--to <RECORD>', 'the folder of the kept record')
    .option('--origin <NAME>', "a new record's name for good: elections.example.gov/2026-general")
    .option('--as <NAME>', 'who imports', 'compiler')
    .option('--contest <NAME...>', 'only these contests; those counted by hand where not given')
    .option(
      '--jurisdiction <COUNTY>',
      'whose the manifest, batch totals and cast vote records are, where the election has several counties',
    )
    .option('--election <NAME>', "a new record's election, where the files name it badly or not at all")
    .option('--date <DATE>', 'the day of that election, YYYY-MM-DD')
    .option('--state <XX>', 'its state, two letters')
    .option('--from <WHO>', 'who published the files')
    .option('--retrieved <DATE>', 'when they were fetched, YYYY-MM-DD')
    .option('--licence <NAME>', 'under which licence they are published')
    .option('--rounds <FILE>', 'the rounds of a ranked contest as reported: RCTab’s summary in JSON')
    .option(
      '--rules <FILE>',
      'the rules of that count as JSON, as `count --rules` takes them; as most single-winner laws where not given',
    )
    .addOption(
      new Option('--status <STATUS>', 'what the results are, where the file does not say').choices([
        'certified',
        'unofficial',
      ]),
    )
    .addHelpText(
      'after',
      `
The record is a reconstructed one: gathered afterwards, and it says so.
Cast vote records are kept, and their digest is public; they themselves stay sealed until
\`publish --open-cvrs\`. How many cards have too few of their kind to hide among is said here.

Examples:
  opencanvass import machine-count.xml audit-report.csv --to kept --origin example.org/georgia-2020
  opencanvass import results.csv manifest.csv CVR_Export.zip --to kept --origin example.org/kern --jurisdiction Kern
  opencanvass publish kept --to public --open-cvrs
  opencanvass verify public
`,
    )
    .action(async (paths: readonly string[], options: Options) => {
      const exists = await isRecordFolder(options.to);
      if (!exists && options.origin === undefined)
        throw new Stop(
          status.wrongUsage,
          `${options.to} holds no record yet; name the new one for good with --origin, such as elections.example.gov/2026-general`,
        );
      if (world.files.kind(options.to) === 'file')
        throw new Stop(status.wrongUsage, `--to ${options.to}: expected a folder, found a file`);
      for (const [option, day] of Object.entries({
        '--date': options.date,
        '--retrieved': options.retrieved,
      }))
        if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day))
          throw new Stop(status.wrongUsage, `${option} ${day}: expected a day such as 2026-11-03`);
      const kinds = await Promise.all(paths.map((path) => kindAt(world, path)));
      const done = startProgress(world, `importing ${paths.length} files`);
      try {
        const imported = await exportsAt(
          world,
          paths.filter((_, i) => kinds[i] === 'export'),
          (exports) =>
            bringIn(
              world,
              paths.filter((_, i) => kinds[i] === 'file'),
              exports.map((e) => ({ ...e, ...provenance(options) })),
              options,
              exists,
            ),
        );
        if (!imported.ok)
          throw new Stop(
            status.inputRefused,
            [...new Set(imported.refusals.map((refusal) => sentence(refusal, options.to)))].join('\n'),
          );
        await imported.keeper.close();
        done();
        report(world, options.to, imported);
      } finally {
        done();
      }
    });

/** Cast vote records are read where they lie; all else is small. Stops where it is neither. */
async function kindAt(world: World, path: string): Promise<'file' | 'export'> {
  const kind = world.files.kind(path);
  if (kind === undefined) throw new Stop(status.inputNotFound, `${path} is not there`);
  const asResults = kind === 'folder' ? undefined : detect(path, world.files.head(path, headLength));
  if (typeof asResults === 'string' || isCountyFileAt(world, path)) {
    checkSize(world, path);
    return 'file';
  }
  const files =
    world.files.onDisk === true
      ? await filesOnDisk(path)
      : await filesOfZip(fileInMemory(basename(path), world.files.read(path)));
  const asExport = files.ok ? await detectCvrs(files.value) : files.refusals[0]!;
  if (typeof asExport === 'string') return 'export';
  if (kind === 'folder')
    throw new Stop(
      status.inputRefused,
      `${path}: expected a folder with an export of cast vote records, found ${asExport.found}; give its files one by one, or the folder inside it`,
    );
  throw new Stop(
    status.inputRefused,
    `${path}: expected results, a hand count, ballots cast, a ballot manifest, batch totals or an export of cast vote records, found ${asResults?.found ?? asExport.found}; opencanvass count --help and compare --help list the formats`,
  );
}

const isCountyFileAt = (world: World, path: string): boolean =>
  world.files.kind(path) === 'file' &&
  world.files.size(path) <= largestFile &&
  detectCountyFile(world.files.head(path, headLength)) !== undefined;

async function bringIn(
  world: World,
  paths: readonly string[],
  exports: NonNullable<Parameters<typeof importFiles>[0]['exports']>,
  options: Options,
  exists: boolean,
): Promise<Imported> {
  const author = { name: options.as, role: 'compiler' };
  const around = { clock: world.now, random: world.randomBytes };
  const files = paths.map((path): FileToImport => ({
    name: basename(path),
    bytes: world.files.read(path),
    ...provenance(options),
    ...(options.status === undefined ? {} : { status: options.status }),
  }));
  const { contest, jurisdiction, election: name, date, state } = options;
  return importFiles(
    { files, exports, rounds: roundsAt(world, options) },
    exists
      ? await openFolder(options.to, around)
      : (election) =>
          createFolder(options.to, options.origin!, { record: 'reconstructed', election, author }, around),
    {
      author,
      ...(contest === undefined ? {} : { contests: contest.map((c): ContestId => contestId(c)) }),
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
      election: {
        ...(name === undefined ? {} : { name }),
        ...(date === undefined ? {} : { date }),
        ...(state === undefined ? {} : { state }),
      },
    },
  );
}

/** The report of rounds that is to come in, its rules as they are written, once they are known to be rules. */
function roundsAt(world: World, options: Options): readonly RoundsToImport[] {
  const { rounds, rules } = options;
  if (rounds === undefined) {
    if (rules !== undefined)
      throw new Stop(status.wrongUsage, '--rules are those of --rounds, which is not given');
    return [];
  }
  if (world.files.kind(rounds) !== 'file') throw new Stop(status.inputNotFound, `${rounds} is not there`);
  checkSize(world, rounds);
  const file = { name: basename(rounds), bytes: world.files.read(rounds), ...provenance(options) };
  return [{ ...file, ...(rules === undefined ? {} : { rules: rulesWritten(world, rules) }) }];
}

function rulesWritten(world: World, path: string): unknown {
  if (readRules(world, path).rules === undefined)
    throw new Stop(status.inputRefused, `${path}: expected the rules of a ranked contest, found none`);
  const { voteFor: _, ...rules } = JSON.parse(fromUtf8(world.files.read(path))!) as Record<string, unknown>;
  return rules;
}

const provenance = ({ from, retrieved, licence }: Options) => ({
  ...(from === undefined ? {} : { from }),
  ...(retrieved === undefined ? {} : { retrieved }),
  ...(licence === undefined ? {} : { licence }),
});

function report(world: World, to: string, { summary }: Extract<Imported, { ok: true }>): void {
  for (const file of summary.files) {
    world.stdout.write(
      `${file.name}: ${file.rowsRead.toLocaleString('en-US')} rows read by ${file.reader}\n`,
    );
    for (const line of [...file.remarks.map(remarkLine), ...file.rowsRefused.map(refusalLine)].slice(0, 5))
      world.stderr.write(`${line}\n`);
    const more = file.remarks.length + file.rowsRefused.length - 5;
    if (more > 0) world.stderr.write(`${file.name}: ${more.toLocaleString('en-US')} more such lines\n`);
  }
  const { contests, contestsLeftOut, rareStyles } = summary;
  const named = contests.slice(0, 5).map((c) => c.name).join(', '); // oxfmt-ignore
  const others = contests.length > 5 ? ` and ${contests.length - 5} contests more` : '';
  world.stdout.write(
    `${summary.entries} entries in ${to}: ${named}${others}${contestsLeftOut === 0 ? '' : ` (${contestsLeftOut} other contests left out; name them with --contest)`}\n`,
  );
  if (rareStyles !== undefined)
    world.stdout.write(
      `the cast vote records are kept sealed: ${rareSentence(rareStyles)}; \`publish ${to} --open-cvrs\` publishes them\n`,
    );
}

/** What publishing cast vote records would tell of single voters. */
export function rareSentence(styles: RareStyles): string {
  const number = (n: number): string => n.toLocaleString('en-US');
  const { cards, alone } = exposed(styles);
  const all = `${number(styles.cards)} cards`;
  if (cards === 0) return `each of ${all} has nine others or more of its kind to hide among`;
  return `${number(cards)} of ${all} have fewer than ten of their kind (the same contests, precinct and counting group), and ${number(alone)} ${alone === 1 ? 'stands' : 'stand'} alone`;
}

/** A refusal of a reader, or of the keeper. */
function sentence(refusal: ImportRefusal, to: string): string {
  if ('todo' in refusal) return refusalLine(refusal);
  const { code, expected, found } = refusal;
  switch (code) {
    case 'unknown-contest':
    case 'unknown-jurisdiction':
      return `${to} is the record of ${expected || 'an election'}, which has no ${code === 'unknown-contest' ? 'contest' : 'county'} "${found}"; import it into the record of its own election, or choose contests with --contest`;
    case 'export-sealed-already':
      return `${found} is in the record already; a second time every card would count twice`;
    default:
      return `the record refuses it: ${JSON.stringify(refusal)}`;
  }
}
