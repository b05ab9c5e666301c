// `opencanvass compare REPORTED COUNTED`: what was reported beside what was counted, from two files, without a record.
import { Command } from 'commander';
import { verifyEvidence } from '@opencanvass/evidence/verify';
import { layBeside, readAnyFile } from './looseFiles.ts';
import { printCheck, printVerification, statusOf, verificationJson } from './print.ts';
import { knownCheck } from './verify.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

export const compareCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('compare')
    .description('Lays a count beside the reported results and says where they differ.')
    .argument(
      'REPORTED',
      'results as reported: Clarity detail.xml, NIST SP 1500-100, OpenElections or a results CSV',
    )
    .argument('COUNTED', 'what was counted: an audit report CSV, or a results CSV')
    .argument('[MORE...]', 'more files about the same election: ballots cast by county')
    .option('--json', 'print everything as JSON')
    .option('--check <ID>', 'print one check in full, with every unit concerned')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass compare machine-count-detail.xml audit-report.csv
  opencanvass compare reported.csv hand-count.csv county-ballots.json --json
  opencanvass compare machine-count-detail.xml audit-report.csv --check margin-variation
`,
    )
    .action(
      (
        reportedPath: string,
        countedPath: string,
        morePaths: readonly string[],
        options: { json?: true; check?: string },
      ) => {
        if (options.check !== undefined) knownCheck(options.check);
        const reported = readAnyFile(world, reportedPath);
        const [contest] = reported.value.contests.length === 1 ? reported.value.contests : [];
        const counted = readAnyFile(world, countedPath, contest);
        const [counting] = counted.value.contests;
        const more = morePaths.map((path) => readAnyFile(world, path, contest ?? counting));
        const verification = verifyEvidence(layBeside(reported, counted, more));
        if (options.json === true) world.stdout.write(verificationJson(verification));
        else if (options.check !== undefined) printCheck(world.stdout, options.check, verification);
        else printVerification(world.stdout, verification);
        end(statusOf(verification));
      },
    );
