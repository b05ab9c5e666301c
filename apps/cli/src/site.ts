// `opencanvass site RECORD --to FOLDER`: the public site of a published record as static files. Whoever has the record makes the same site.
import { join } from 'node:path';
import { Command } from 'commander';
import type { RecordFiles } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { thePage } from '@opencanvass/offline';
import { wholeSite } from '@opencanvass/server/site';
import { openRecord } from './recordSource.ts';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

export const siteCommand = (world: World): Command =>
  new Command('site')
    .description('Makes the public site of a record: static files that any web server or USB stick can hold.')
    .argument('RECORD', 'a published record: a folder, that folder as one zip, or an http(s) address')
    .requiredOption(
      '--to <FOLDER>',
      'the folder to write the site into; a site that lies there is written over',
    )
    .addHelpText(
      'after',
      `
Every page stands in English and Spanish, and as JSON beside it; the record and the offline verifier lie with them.

Example:
  opencanvass site cases/georgia-2020/record --to public
`,
    )
    .action(async (where: string, { to }: { to: string }) => {
      if (world.files.kind(to) === 'file')
        throw new Stop(
          status.inputRefused,
          `--to ${to}: expected a folder, found a file; it is left as it is`,
        );
      const files = await openRecord(world, where, (asked) => void verify(asked));
      const record = allOf(files);
      let written = 0;
      let bytes = 0;
      for await (const file of wholeSite(record, await thePage())) {
        world.files.write(join(to, file.path), file.bytes);
        written += 1;
        bytes += file.bytes.length;
      }
      world.stdout.write(
        `wrote ${join(to, 'index.html')} and ${(written - 1).toLocaleString('en-US')} files more, ${bytes.toLocaleString('en-US')} bytes\n`,
      );
    });

/** All files; at an address, which cannot be listed, all that reading the record asks for. */
function allOf(files: RecordFiles): Map<string, Uint8Array> {
  const record = new Map<string, Uint8Array>();
  const read = (path: string): Uint8Array | undefined => {
    const bytes = files.read(path);
    if (bytes !== undefined) record.set(path, bytes);
    return bytes;
  };
  const listed = files.list();
  if (listed === undefined) verify({ list: () => undefined, read });
  else for (const path of listed) read(path);
  return record;
}
