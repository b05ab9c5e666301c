// From paths on the command line to exports of cast vote records: a file, a folder or a zip is one export each; the files of one
// county's tabulators may be given one by one.
import { basename } from 'node:path';
import type { CvrConsumer } from '@opencanvass/evidence/cvr';
import { filesOfZip, readCvrExport } from '@opencanvass/evidence/formats';
import type { CvrExportOptions, CvrReading, InputFile, Reading } from '@opencanvass/evidence/formats';
import { filesOnDisk } from '@opencanvass/query/disk';
import { refusalLine } from './looseFiles.ts';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

export type CvrRead = Extract<Reading<CvrReading>, { ok: true }> & { readonly name: string };

/** Reads the export at `path`, or stops with every reason why not. */
export async function readCvrsAt(
  world: World,
  path: string,
  to: CvrConsumer,
  options: CvrExportOptions,
): Promise<CvrRead> {
  if (world.files.kind(path) === undefined) throw new Stop(status.inputNotFound, `${path} is not there`);
  const opened = world.files.onDisk === true ? await filesOnDisk(path) : await filesInWorld(world, path);
  if (!opened.ok) throw new Stop(status.inputRefused, opened.refusals.map(refusalLine).join('\n'));
  const files = opened.value;
  if (files.length === 0) throw new Stop(status.inputRefused, `${path} is an empty folder`);
  const reading = await readCvrExport(files, to, options);
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  return { ...reading, name: basename(path) };
}

/** The files of an export in a world without a disk, which gives each of them whole. */
async function filesInWorld(world: World, path: string): Promise<Reading<readonly InputFile[]>> {
  const file = (name: string, at: string): InputFile => ({
    name,
    bytes: async function* () {
      yield world.files.read(at);
    },
  });
  if (world.files.kind(path) === 'file') return filesOfZip(file(basename(path), path));
  const files = world.files.listAll(path).map((inside) => file(inside, `${path}/${inside}`));
  return { ok: true, value: files, rowsRead: files.length, rowsRefused: [], remarks: [] };
}

/** What a reader could not take, on stderr: the first few rows, and how many more. */
export function sayRefused(world: World, { name, rowsRefused, remarks }: CvrRead): void {
  for (const refusal of rowsRefused.slice(0, 5)) world.stderr.write(`opencanvass: ${refusalLine(refusal)}\n`);
  if (rowsRefused.length > 5)
    world.stderr.write(`opencanvass: ${name}: ${rowsRefused.length - 5} more rows refused\n`);
  for (const remark of remarks.slice(0, 5))
    world.stderr.write(`opencanvass: ${refusalLine({ ...remark, todo: '' })} (${remark.code})\n`);
}
