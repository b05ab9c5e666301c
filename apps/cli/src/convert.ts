// `opencanvass convert FILE OUT --to parquet|nist-cvr-json`: cast vote records of any format as Parquet, for any engine a state already has, or as
// NIST's common data format.
import { Command, Option } from 'commander';
import { cvrFormats, NistCvrJsonWriter } from '@opencanvass/evidence/formats';
import type { CvrExportOptions, CvrFormat } from '@opencanvass/evidence/formats';
import { ParquetWriter } from '@opencanvass/query';
import { readCvrsAt, sayRefused } from './cvrFiles.ts';
import type { CvrRead } from './cvrFiles.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

interface ConvertOptions {
  readonly to: 'parquet' | 'nist-cvr-json';
  readonly jurisdiction?: string;
  readonly format?: CvrFormat;
  readonly original?: true;
}

export const convertCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('convert')
    .description('Writes cast vote records in another format.')
    .argument('FILE', 'an export of cast vote records: a file, a folder or a zip')
    .argument('OUT', 'the file to write; it must not be there yet')
    .addOption(
      new Option('--to <FORMAT>', 'the format to write')
        .choices(['parquet', 'nist-cvr-json'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--format <FORMAT>', 'the format of FILE, where it cannot be told').choices(cvrFormats),
    )
    .option('--jurisdiction <NAME>', 'whose records they are: NIST’s format wants it said')
    .option('--original', 'as the machine read the cards, before adjudication')
    .addHelpText(
      'after',
      `
The columns of the Parquet file are described in packages/query/src/columns.ts.

Examples:
  opencanvass convert CVR_Export.zip cards.parquet --to parquet
  opencanvass query "SELECT precinct, count(*) FROM cards GROUP BY 1" cards.parquet
`,
    )
    .action(async (path: string, out: string, options: ConvertOptions) => {
      if (world.files.kind(out) !== undefined)
        throw new Stop(status.wrongUsage, `${out} is there already; remove it, or name another file`);
      const reading = {
        ...(options.format === undefined ? {} : { format: options.format }),
        ...(options.original === true ? { version: 'original' as const } : {}),
      };
      const { read, records, leftOut, contests } =
        options.to === 'parquet'
          ? await toParquet(world, path, out, reading)
          : await toNist(world, path, out, reading, options.jurisdiction ?? '');
      sayRefused(world, read);
      const left =
        leftOut === 0
          ? ''
          : `; left out: ${leftOut} ${leftOut === 1 ? 'row that is a sum' : 'rows that are sums'} of many cards`;
      world.stdout.write(`${out}: ${records.toLocaleString('en-US')} records, ${contests} contests${left}\n`);
      end(read.rowsRefused.length > 0 ? status.exceptions : status.holds);
    });

interface Converted {
  readonly read: CvrRead;
  readonly records: number;
  readonly leftOut: number;
  readonly contests: number;
}

async function toParquet(
  world: World,
  path: string,
  out: string,
  options: CvrExportOptions,
): Promise<Converted> {
  const writer = new ParquetWriter(out);
  try {
    const read = await readCvrsAt(world, path, writer, options);
    const { records, contests } = writer.finish();
    // Rows that are sums of many cards stand in the file's metadata.
    return { read, records, leftOut: 0, contests: contests.length };
  } finally {
    writer.abandon();
  }
}

async function toNist(
  world: World,
  path: string,
  out: string,
  options: CvrExportOptions,
  jurisdiction: string,
): Promise<Converted> {
  const file = world.files.writeByPieces(out);
  const about = {
    generated: world.now().toISOString(),
    device: { application: 'opencanvass', manufacturer: 'OpenCanvass' },
    jurisdiction,
  };
  const writer = new NistCvrJsonWriter(about, file.write);
  let read: CvrRead;
  try {
    read = await readCvrsAt(world, path, writer, options);
    writer.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
  return {
    read,
    records: read.value.records,
    leftOut: writer.sums,
    contests: read.value.header.contests.length,
  };
}
