// `opencanvass`: the command line. `run` is the whole program with the world as an argument; `main` gives it the real one.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { status, Stop, exitStatusHelp } from './status.ts';
import type { Status } from './status.ts';
import { realWorld } from './world.ts';
import type { World } from './world.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Runs the command that `argv` names and gives the exit status. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  let ending: Status = status.holds;
  const program = theProgram();
  try {
    for (const make of await commandsFor(argv)) program.addCommand(make(world, (to) => (ending = to)));
    for (const command of [program, ...program.commands]) speaksTo(world, command);
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

/** The command that was asked for; all of them for the help, and where there is no such command. */
function commandsFor(argv: readonly string[]): Promise<MakeCommand[]> {
  const [asked] = argv;
  if (asked === '--version' || asked === '-V') return Promise.resolve([]);
  const load = asked === undefined ? undefined : commands[asked];
  return Promise.all((load === undefined ? Object.values(commands) : [load]).map((l) => l()));
}

function theProgram(): Command {
  return new Command('opencanvass')
    .description('Shows whether an election was counted right, and lets anyone check it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', `${exitStatusHelp}${examples}`);
}

/** Commander writes to the world it is given, and ends by throwing. */
function speaksTo(world: World, command: Command): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => world.stdout.write(text),
    writeErr: (text) => world.stderr.write(text),
    getOutHelpWidth: () => world.stdout.columns,
    getErrHelpWidth: () => world.stderr.columns,
    getOutHasColors: () => world.stdout.isTerminal,
    getErrHasColors: () => world.stderr.isTerminal,
    outputError: (text, write) => write(text.replace(/^error: /, 'opencanvass: ')),
  });
}

const examples = `
Examples:
  opencanvass verify cases/georgia-2020/record
  opencanvass compare machine-count.xml hand-count.csv
  opencanvass claims cases/georgia-2020/record --to pages
`;

type MakeCommand = (world: World, end: (to: Status) => void) => Command;
/** Each command's own file, read when it is asked for: DuckDB and SQLite take longer to load than a small record to verify. */
const commands: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  verify: async () => (await import('./verify.ts')).verifyCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  claims: async () => (await import('./claims.ts')).claimsCommand,
  import: async () => (await import('./import.ts')).importCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  site: async () => (await import('./site.ts')).siteCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./backup.ts')).restoreCommand,
  count: async () => (await import('./count.ts')).countCommand,
  convert: async () => (await import('./convert.ts')).convertCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  query: async () => (await import('./query.ts')).queryCommand,
  reconcile: async () => (await import('./reconcile.ts')).reconcileCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
};
