// `opencanvass publish RECORD --to FOLDER`: what may be public of a kept record, as a folder of static files or as one zip. Cast vote records that
// were imported are published when somebody says so, and those that could give a voter away when that is said too.
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { exposed } from '@opencanvass/evidence/disclosure';
import {
  isRecordFolder,
  openFolder,
  openSealedCvrs,
  publishFolder,
  publishZip,
  sealedCvrs,
} from '@opencanvass/keeper';
import type { Keeper, SealedCvrs } from '@opencanvass/keeper';
import { fileOnDisk } from '@opencanvass/query/disk';
import { rareSentence } from './import.ts';
import { startProgress } from './progress.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

export const publishCommand = (world: World, _end: (to: Status) => void): Command =>
  new Command('publish')
    .description('Publishes a kept record as static files: any web server or USB stick can hold them.')
    .argument('RECORD', 'the folder of a kept record, as `import` makes it')
    .requiredOption('--to <FOLDER>', 'the folder to publish into, or a file that ends in .zip')
    .option('--open-cvrs', 'publish the cast vote records that were imported, for good')
    .option('--rare-styles-too', 'even where cards have fewer than ten of their kind to hide among')
    .option('--as <NAME>', 'who opens them', 'compiler')
    .addHelpText(
      'after',
      `
What is sealed stays with the keeper; so does the log's secret key. Whoever opens cast vote records
stands in the log, and so does when. It cannot be taken back.

Examples:
  opencanvass publish kept --to public/2026-general
  opencanvass publish kept --to 2026-general.zip
  opencanvass publish kept --to public/2026-general --open-cvrs
`,
    )
    .action(async (where: string, { to, ...options }: Options) => {
      const keeper = await openKept(world, where);
      const done = startProgress(world, `publishing ${where}`);
      try {
        await openCvrs(world, where, keeper, options);
        if (/\.zip$/i.test(to)) {
          world.stdout.write(`published ${to}, ${(await zipTo(keeper, to)).toLocaleString('en-US')} bytes\n`);
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
        done();
        await keeper.close();
      }
    });

interface Options {
  readonly to: string;
  readonly openCvrs?: true;
  readonly rareStylesToo?: true;
  readonly as: string;
}

/** Opens what was imported sealed, if that was asked for and gives nobody away; else says that it stays. */
async function openCvrs(
  world: World,
  where: string,
  keeper: Keeper,
  options: Omit<Options, 'to'>,
): Promise<void> {
  const sealed = keeper.record === 'reconstructed' ? await sealedCvrs(keeper) : [];
  if (sealed.length === 0) return;
  const exports = sealed.map((s) => s.name).join(', ');
  if (options.openCvrs !== true) {
    world.stderr.write(`${exports}: sealed, and left out; --open-cvrs publishes the cast vote records\n`);
    return;
  }
  const by = { name: options.as, role: 'compiler' };
  const kept = ({ name, sha256 }: SealedCvrs) => ({ ...fileOnDisk(join(where, 'files', sha256)), name });
  const opened = await openSealedCvrs(keeper, sealed, by, kept, (styles) => {
    const few = exposed(styles).cards > 0;
    if (few && options.rareStylesToo !== true)
      throw new Stop(
        status.inputRefused,
        `${exports}: ${rareSentence(styles)}: whoever knows that somebody voted so and there could find the vote; publish an export in which such rows are added up, or say --rare-styles-too (where the office has published this very file, say)`,
      );
    if (few) world.stderr.write(`${exports}: ${rareSentence(styles)}\n`);
  });
  if (!opened.ok)
    throw new Stop(status.inputRefused, `${exports} cannot be opened: ${JSON.stringify(opened.refusals)}`);
}

/** Writes the zip beside its place and then gives it its name; how many bytes it has. */
async function zipTo(keeper: Keeper, to: string): Promise<number> {
  await mkdir(dirname(to), { recursive: true });
  const part = `${to}.part`;
  let bytes = 0;
  try {
    await pipeline(
      publishZip(keeper),
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          bytes += piece.length;
          yield piece;
        }
      },
      createWriteStream(part),
    );
    await rename(part, to);
  } finally {
    await rm(part, { force: true });
  }
  return bytes;
}

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
