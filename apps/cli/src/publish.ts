// `opencanvass publish RECORD --to FOLDER`: what may be public of a kept record, as a folder of static files or as one zip.
import { Command } from 'commander';
import { isRecordFolder, openFolder, publishFolder, publishZip } from '@opencanvass/keeper';
import type { Keeper } from '@opencanvass/keeper';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

export const publishCommand = (world: World, _end: (to: Status) => void): Command =>
  new Command('publish')
    .description('Publishes a kept record as static files: any web server or USB stick can hold them.')
    .argument('RECORD', 'the folder of a kept record, as `import` makes it')
    .requiredOption('--to <FOLDER>', 'the folder to publish into, or a file that ends in .zip')
    .addHelpText(
      'after',
      `
What is sealed stays with the keeper; so does the log's secret key.

Examples:
  opencanvass publish kept --to public/2026-general
  opencanvass publish kept --to 2026-general.zip
`,
    )
    .action(async (where: string, { to }: { to: string }) => {
      const keeper = await openKept(world, where);
      try {
        if (/\.zip$/i.test(to)) {
          const zip = await publishZip(keeper);
          world.files.write(to, zip);
          world.stdout.write(`published ${to}, ${zip.length.toLocaleString('en-US')} bytes\n`);
          return;
        }
        const published = await publishFolder(keeper, to);
        if (!published.ok)
          throw new Stop(
            status.inputRefused,
            `--to ${to}: expected an empty folder or a published record, found ${published.found.slice(0, 3).join(', ')}; it is left as it is`,
          );
        world.stdout.write(
          `published ${to}: ${published.files.toLocaleString('en-US')} files, ${published.bytes.toLocaleString('en-US')} bytes\n`,
        );
      } finally {
        await keeper.close();
      }
    });

/** The keeper of a kept record, or a sentence why there is none. */
export async function openKept(world: World, folder: string): Promise<Keeper> {
  if (world.files.kind(folder) === undefined) throw new Stop(status.inputNotFound, `${folder} is not there`);
  if (!(await isRecordFolder(folder)))
    throw new Stop(
      status.inputRefused,
      `${folder}: expected the folder of a kept record, with record.sqlite and log-key; found none; make one with opencanvass import FILE --to ${folder}`,
    );
  return openFolder(folder, { clock: world.now, random: world.randomBytes });
}
