// `opencanvass replay FOLDER`: an audit run with another tool, computed again from its public files.
import { Command } from 'commander';
import { replay } from '@opencanvass/evidence/audit';
import type { Replay, ReplayWord } from '@opencanvass/evidence/audit';
import { largestFile } from '@opencanvass/evidence/formats';
import { replayItemInWords, replayUnitInWords } from '@opencanvass/evidence/sentences';
import { refusalLine } from './looseFiles.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

export const replayCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('replay')
    .description(
      'Computes an audit again from its public files: sample sizes, draw, tickets, discrepancies, risk.',
    )
    .argument(
      'FOLDER',
      'the files as published: audit report, bundles, manifests, seed, contest files, activity report',
    )
    .option('--json', 'print everything as JSON')
    .option('--all', 'list every part that could not be reproduced, not the first five')
    .addHelpText(
      'after',
      `
Examples:
  opencanvass replay georgia-2025
  opencanvass replay colorado-2024 --json
`,
    )
    .action((folder: string, options: { json?: true; all?: true }) => {
      const result = replay(filesIn(world, folder));
      if (result.items.length === 0)
        throw new Stop(
          result.refusals.length > 0 ? status.inputRefused : status.nothingTold,
          [
            `${folder}: expected an audit report or a Colorado audit's files, found ${result.notRead.slice(0, 3).join(', ') || 'none that could be read'}`,
            ...result.refusals.map(refusalLine),
          ].join('\n'),
        );
      if (options.json === true) world.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      else print(world, result, options.all === true);
      end(statusOf(result));
    });

/** A file refused is told, and does not pass for a file that was not there. */
function statusOf({ items, refusals }: Replay): Status {
  if (items.some((i) => i.word === 'differs')) return status.exceptions;
  if (refusals.length > 0) return status.inputRefused;
  return items.some((i) => i.word === 'reproduced') ? status.holds : status.nothingTold;
}

function filesIn(world: World, folder: string): { name: string; bytes: Uint8Array }[] {
  const kind = world.files.kind(folder);
  if (kind === undefined) throw new Stop(status.inputNotFound, `${folder} is not there`);
  if (kind === 'file')
    throw new Stop(status.inputRefused, `${folder} is a file; expected a folder of an audit's files`);
  return world.files.listAll(folder).map((name) => {
    const path = `${folder}/${name}`;
    const size = world.files.size(path);
    if (size > largestFile)
      throw new Stop(
        status.inputRefused,
        `${path}: expected a file of at most ${largestFile} bytes, found ${size}`,
      );
    return { name, bytes: world.files.read(path) };
  });
}

const order: readonly ReplayWord[] = ['differs', 'missing input', 'cannot tell', 'reproduced'];

function print({ stdout }: World, result: Replay, all: boolean): void {
  const lines = result.items
    .toSorted((a, b) => order.indexOf(a.word) - order.indexOf(b.word))
    .map((item) => ({ item, ...replayItemInWords(item) }));
  const wordWidth = Math.max(...lines.map((l) => l.word.length));
  const width = Math.max(...lines.map((l) => l.statement.length));
  for (const { item, word, statement, size } of lines) {
    stdout.write(`  ${word.padEnd(wordWidth)}  ${statement.padEnd(width)}   ${size}`.trimEnd().concat('\n'));
    if (item.word === 'reproduced') continue;
    const shown = all ? item.units : item.units.slice(0, 5);
    for (const unit of shown)
      stdout.write(`  ${' '.repeat(wordWidth)}    ${replayUnitInWords(unit, item)}\n`);
    if (shown.length < item.units.length)
      stdout.write(`  ${' '.repeat(wordWidth)}    … and ${item.units.length - shown.length} more (--all)\n`);
  }
  if (result.notRead.length > 0) stdout.write(`\n  not needed or not known: ${result.notRead.join(', ')}\n`);
  for (const refusal of result.refusals) stdout.write(`  refused: ${refusalLine(refusal)}\n`);
}
