// `opencanvass claims RECORD`: what was said about the election, and what the record answers.
import { join } from 'node:path';
import { Command } from 'commander';
import { answerInFull } from '@opencanvass/evidence/sentences';
import type { Answer, Verification } from '@opencanvass/evidence/verify';
import { claimFiles } from './claimPages.ts';
import { statusOf } from './print.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import { verifyRecord } from './verify.ts';
import type { Printer, World } from './world.ts';

interface Options {
  readonly json?: true;
  readonly to?: string;
  readonly url?: string;
  readonly publisher: string;
}

export const claimsCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('claims')
    .description('Answers the claims and official statements of a record by its checks.')
    .argument('RECORD', 'a folder, that folder as one zip, or an http(s) address')
    .option('--json', 'print the answers as schema.org ClaimReview, one a claim')
    .option('--to <FOLDER>', 'write for each claim a page, its ClaimReview and a label to embed')
    .option('--url <ADDRESS>', 'with --to: where that folder will be found on the web')
    .option('--publisher <NAME>', 'with --to and --json: who publishes the answers', 'OpenCanvass')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass claims cases/georgia-2020/record
  opencanvass claims cases/georgia-2020/record --to claims --url https://example.org/claims/
`,
    )
    .action(async (where: string, options: Options) => {
      const verification = await verifyRecord(world, where);
      const { answers } = verification;
      if (answers.length === 0) world.stderr.write(`${where} holds no claims and no statements\n`);
      const base = options.url === undefined ? '' : options.url.replace(/\/?$/, '/');
      const files = claimFiles(verification, { base, publisher: options.publisher });
      if (options.to !== undefined) writeFiles(world, options.to, files);
      else if (options.json === true)
        world.stdout.write(
          `[${files
            .filter((f) => f.path.endsWith('.jsonld'))
            .map((f) => f.text.trimEnd())
            .join(',\n')}]\n`,
        );
      else for (const answer of answers) printAnswer(world.stdout, answer, verification);
      end(endingOf(verification));
    });

/** A record that does not hold answers nothing; a claim that the record contradicts is no exception of the election. */
const endingOf = (verification: Verification): Status => {
  if (statusOf(verification) === status.recordFails) return status.recordFails;
  return verification.answers.length === 0 ? status.nothingTold : status.holds;
};

function writeFiles(world: World, folder: string, files: readonly { path: string; text: string }[]): void {
  if (world.files.kind(folder) === 'file')
    throw new Stop(status.wrongUsage, `--to ${folder}: expected a folder, found a file`);
  for (const { path, text } of files) world.files.write(join(folder, path), text);
  world.stdout.write(`${files.length} files in ${folder}; begin with ${join(folder, 'index.html')}\n`);
}

function printAnswer(to: Printer, answer: Answer, { evidence }: Verification): void {
  const { statement } = answer;
  const full = answerInFull(answer, evidence?.election);
  to.write(`“${statement.words}”\n`);
  to.write(`  ${statement.who}, ${statement.when}; ${statement.where}\n`);
  to.write(`  ${full.word}${full.size === undefined ? '' : `; ${full.size}`}\n`);
  for (const part of full.parts) {
    to.write(`    ${part.word} · ${part.role}: ${part.asks}\n`);
    for (const because of part.because) to.write(`      ${because}\n`);
    if (part.beyond !== undefined) to.write(`      beyond this record: ${part.beyond}\n`);
  }
  for (const figure of full.figures) to.write(`    ${figure}\n`);
  // What lies beyond the record has been said with its part.
  const said = new Set(full.parts.map((p) => p.beyond));
  for (const change of full.change.filter((c) => !said.has(c)))
    to.write(`    ${full.wouldChange}: ${change}\n`);
  to.write('\n');
}
