// From paths on the command line to exports of cast vote records: a file, a folder or a zip is one export each; the files of one
// county's tabulators may be given one by one.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { CvrConsumer } from '@opencanvass/evidence/cvr';
import { filesOfZip, readCvrExport } from '@opencanvass/evidence/formats';
import type {
  CvrExportOptions,
  CvrReading,
  InputFile,
  Reading,
  ZipSource,
} from '@opencanvass/evidence/formats';
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
  const kind = world.files.kind(path);
  if (kind === undefined) throw new Stop(status.inputNotFound, `${path} is not there`);
  const file = (name: string, at: string): InputFile => ({ name, bytes: () => blocks(world, at) });
  let files: readonly InputFile[];
  if (kind === 'folder') {
    files = world.files.listAll(path).map((inside) => file(inside, `${path}/${inside}`));
    if (files.length === 0) throw new Stop(status.inputRefused, `${path} is an empty folder`);
  } else {
    const opened = await filesOfZip(
      file(basename(path), path),
      undefined,
      world.files.onDisk === true ? zipOnDisk(path) : undefined,
    );
    if (!opened.ok) throw new Stop(status.inputRefused, opened.refusals.map(refusalLine).join('\n'));
    files = opened.value;
  }
  const reading = await readCvrExport(files, to, options);
  if (!reading.ok) throw new Stop(status.inputRefused, reading.refusals.map(refusalLine).join('\n'));
  return { ...reading, name: basename(path) };
}

/** An archive that is read where it lies: only its directory and the piece that is unpacked are in memory. */
function zipOnDisk(path: string): ZipSource {
  const at = (from: number, to: number): Uint8Array => {
    const bytes = new Uint8Array(to - from);
    const file = openSync(path, 'r');
    try {
      let got = 0;
      for (let n = 1; n > 0 && got < bytes.length; got += n)
        n = readSync(file, bytes, got, bytes.length - got, from + got);
      return bytes.subarray(0, got);
    } finally {
      closeSync(file);
    }
  };
  return { length: statSync(path).size, at };
}

/** A file in blocks, so that a county's gigabytes never lie in memory. A world without a disk gives its files whole. */
export function blocks(world: World, path: string): AsyncIterable<Uint8Array> {
  if (world.files.onDisk === true) return createReadStream(path, { highWaterMark: 1 << 20 });
  return (async function* () {
    yield world.files.read(path);
  })();
}

/** What a reader could not take, on stderr: the first few rows, and how many more. */
export function sayRefused(world: World, { name, rowsRefused, remarks }: CvrRead): void {
  for (const refusal of rowsRefused.slice(0, 5)) world.stderr.write(`opencanvass: ${refusalLine(refusal)}\n`);
  if (rowsRefused.length > 5)
    world.stderr.write(`opencanvass: ${name}: ${rowsRefused.length - 5} more rows refused\n`);
  for (const remark of remarks.slice(0, 5))
    world.stderr.write(`opencanvass: ${refusalLine({ ...remark, todo: '' })} (${remark.code})\n`);
}
