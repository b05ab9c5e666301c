// `opencanvass backup` and `restore`: a desk as a folder of plain files, taken while it runs, and a desk made of it again, on either database.
import { Command } from 'commander';
import type { BackupAnswer, BackupRefusal } from '@opencanvass/server';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

const database = [
  '--database <URL>',
  'a PostgreSQL database; DATABASE_URL, or SQLite in the folder, where not given',
] as const;

export const backupCommand = (world: World): Command =>
  new Command('backup')
    .description('Copies a desk, while it runs, into a new folder of plain files with their digests.')
    .argument('FOLDER', 'the desk’s folder')
    .argument('TO', 'a folder that is not there yet, or empty')
    .option(...database)
    .addHelpText(
      'after',
      `
What is sealed, what people sign in with and the log's secret key are in it too: keep it as you keep the desk's own folder.

Examples:
  opencanvass backup 2026-general backups/2026-11-10
`,
    )
    .action(async (folder: string, to: string, given: { database?: string }) => {
      const { backUp } = await import('@opencanvass/server');
      tell(world, `backed up to ${to}`, await backUp({ folder, ...urlOf(world, given) }, to, world.now()));
    });

export const restoreCommand = (world: World): Command =>
  new Command('restore')
    .description('Makes a desk of a backup, once all of it is found to be what was backed up.')
    .argument('BACKUP', 'the folder of a backup')
    .argument('FOLDER', 'the desk’s folder: not there yet, or empty')
    .option(...database)
    .addHelpText(
      'after',
      `
Examples:
  opencanvass restore backups/2026-11-10 2026-general
  opencanvass restore backups/2026-11-10 2026-general --database postgresql:///audit
`,
    )
    .action(async (from: string, folder: string, given: { database?: string }) => {
      const { restore } = await import('@opencanvass/server');
      tell(world, `restored to ${folder}`, await restore(from, { folder, ...urlOf(world, given) }));
    });

const urlOf = (world: World, given: { readonly database?: string }): { readonly database?: string } => {
  const url = given.database ?? world.env['DATABASE_URL'] ?? '';
  return url === '' ? {} : { database: url };
};

function tell(world: World, what: string, answer: BackupAnswer): void {
  if (!answer.ok) throw new Stop(status.inputRefused, why(answer.refusal));
  const { entries, root, files, bytes } = answer.done;
  const n = (x: number): string => x.toLocaleString('en-US');
  world.stdout.write(
    `${what}: ${n(entries)} entries, ${n(files)} files, ${n(bytes)} bytes\nthe log's root is ${root}\n`,
  );
}

function why({ code, found }: BackupRefusal): string {
  switch (code) {
    case 'not-empty':
      return `${found}: expected nothing there yet; it is left as it is`;
    case 'no-desk':
      return `${found}: expected a desk's folder, with its log-key; found none`;
    case 'no-backup':
      return `${found}: expected a backup, with its backup.json; found none, or one that was not finished`;
    case 'digest-differs':
      return `${found} of the backup is not what was backed up; nothing is restored`;
    case 'log-differs':
      return `the entries of the backup are not the log that was backed up (${found}); nothing is restored`;
    case 'another-version':
      return `the backup is of another version of OpenCanvass (${found}); restore it with that, then start this one`;
  }
}
