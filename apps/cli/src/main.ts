// `opencanvass`: the command line. `run` is the whole program with the world as an argument; `main` gives it the real one.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { claimsCommand } from './claims.ts';
import { compareCommand } from './compare.ts';
import { convertCommand } from './convert.ts';
import { countCommand } from './count.ts';
import { importCommand } from './import.ts';
import { publishCommand } from './publish.ts';
import { queryCommand } from './query.ts';
import { serveCommand } from './serve.ts';
import { status, Stop, exitStatusHelp } from './status.ts';
import type { Status } from './status.ts';
import { verifyCommand } from './verify.ts';
import { realWorld } from './world.ts';
import type { World } from './world.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Runs the command that `argv` names and gives the exit status. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  let ending: Status = status.holds;
  const program = theProgram(world, (to) => (ending = to));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return ending;
  } catch (e) {
    if (e instanceof CommanderError) return e.exitCode === 0 ? 0 : status.wrongUsage;
    if (!(e instanceof Stop)) throw e;
    world.stderr.write(`opencanvass: ${e.message}\n`);
    return e.status;
  }
}

export async function main(): Promise<void> {
  process.stdout.on('error', (e: NodeJS.ErrnoException) => {
    if (e.code === 'EPIPE') process.exit(); // `opencanvass … | head` is not a fault
    throw e;
  });
  process.exitCode = await run(process.argv.slice(2), realWorld());
}

function theProgram(world: World, end: (to: Status) => void): Command {
  const program = new Command('opencanvass')
    .description('Shows whether an election was counted right, and lets anyone check it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', `${exitStatusHelp}${examples}`);
  for (const make of commands) program.addCommand(make(world, end));
  if (program.commands.length === 0) program.action(() => program.help({ error: true }));
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      getOutHelpWidth: () => world.stdout.columns,
      getErrHelpWidth: () => world.stderr.columns,
      getOutHasColors: () => world.stdout.isTerminal,
      getErrHasColors: () => world.stderr.isTerminal,
      outputError: (text, write) => write(text.replace(/^error: /, 'opencanvass: ')),
    });
  return program;
}

const examples = `
Examples:
  opencanvass verify cases/georgia-2020/record
  opencanvass compare machine-count.xml hand-count.csv
  opencanvass claims cases/georgia-2020/record --to pages
`;

type MakeCommand = (world: World, end: (to: Status) => void) => Command;
const commands: readonly MakeCommand[] = [
  verifyCommand,
  compareCommand,
  claimsCommand,
  importCommand,
  publishCommand,
  serveCommand,
  countCommand,
  convertCommand,
  queryCommand,
];
