// `opencanvass import FILE… --to RECORD`: the files that offices publish become entries of a record, each file kept with its digest. All of
// them are read before anything is written.
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import type { ContestId } from '@opencanvass/evidence/election';
import { contestId } from '@opencanvass/evidence/election';
import { createFolder, importFiles, isRecordFolder, openFolder } from '@opencanvass/keeper';
import type { ImportRefusal } from '@opencanvass/keeper';
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
  readonly from?: string;
  readonly retrieved?: string;
  readonly licence?: string;
  readonly status?: 'certified' | 'unofficial';
}

export const importCommand = (world: World, _end: (to: Status) => void): Command =>
  new Command('import')
    .description('Brings the files that offices publish into a record, which it makes if there is none.')
    .argument('FILE...', 'results, hand counts, ballots cast, in any format that compare reads')
    .requiredOption('--to <RECORD>', 'the folder of the kept record')
    .option('--origin <NAME>', "a new record's name for good: elections.example.gov/2026-general")
    .option('--as <NAME>', 'who imports', 'compiler')
    .option('--contest <NAME...>', 'only these contests; those counted by hand where not given')
    .option('--from <WHO>', 'who published the files')
    .option('--retrieved <DATE>', 'when they were fetched, YYYY-MM-DD')
    .option('--licence <NAME>', 'under which licence they are published')
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

Examples:
  opencanvass import machine-count.xml audit-report.csv --to kept --origin example.org/georgia-2020
  opencanvass publish kept --to georgia-2020
  opencanvass verify georgia-2020
`,
    )
    .action(async (paths: readonly string[], options: Options) => {
      for (const path of paths) checkSize(world, path);
      const exists = await isRecordFolder(options.to);
      if (!exists && options.origin === undefined)
        throw new Stop(
          status.wrongUsage,
          `${options.to} holds no record yet; name the new one for good with --origin, such as elections.example.gov/2026-general`,
        );
      const author = { name: options.as, role: 'compiler' };
      const around = { clock: world.now, random: world.randomBytes };
      const done = startProgress(world, `importing ${paths.length} files`);
      const imported = await importFiles(
        paths.map((path) => ({
          name: basename(path),
          bytes: world.files.read(path),
          ...(options.from === undefined ? {} : { from: options.from }),
          ...(options.retrieved === undefined ? {} : { retrieved: options.retrieved }),
          ...(options.licence === undefined ? {} : { licence: options.licence }),
          ...(options.status === undefined ? {} : { status: options.status }),
        })),
        (election) =>
          exists
            ? openFolder(options.to, around)
            : createFolder(
                options.to,
                options.origin!,
                { record: 'reconstructed', election, author },
                around,
              ),
        {
          author,
          ...(options.contest === undefined
            ? {}
            : { contests: options.contest.map((c): ContestId => contestId(c)) }),
        },
      );
      done();
      if (!imported.ok) throw new Stop(status.inputRefused, imported.refusals.map(sentence).join('\n'));
      const { keeper, summary } = imported;
      await keeper.close();
      for (const file of summary.files) {
        world.stdout.write(
          `${file.name}: ${file.rowsRead.toLocaleString('en-US')} rows read by ${file.reader}\n`,
        );
        for (const remark of file.remarks) world.stderr.write(`${remarkLine(remark)}\n`);
        for (const refusal of file.rowsRefused) world.stderr.write(`${refusalLine(refusal)}\n`);
      }
      world.stdout.write(
        `${summary.entries} entries in ${options.to}: ${summary.contests.map((c) => c.name).join(', ')}${summary.contestsLeftOut === 0 ? '' : ` (${summary.contestsLeftOut} other contests left out; name them with --contest)`}\n`,
      );
    });

/** A refusal of a reader, or of the keeper. */
const sentence = (refusal: ImportRefusal): string =>
  'todo' in refusal ? refusalLine(refusal) : `the record refuses it: ${JSON.stringify(refusal)}`;
