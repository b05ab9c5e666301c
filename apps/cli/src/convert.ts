// `opencanvass convert FILE --to parquet OUT`: cast vote records of any format as Parquet, for any engine a state already has.
import { Command, Option } from 'commander';
import { cvrFormats } from '@opencanvass/evidence/formats';
import type { CvrFormat } from '@opencanvass/evidence/formats';
import { ParquetWriter } from '@opencanvass/query';
import { readCvrsAt, sayRefused } from './cvrFiles.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

interface ConvertOptions {
  readonly to: 'parquet';
  readonly format?: CvrFormat;
  readonly original?: true;
}

export const convertCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('convert')
    .description('Writes cast vote records in another format.')
    .argument('FILE', 'an export of cast vote records: a file, a folder or a zip')
    .argument('OUT', 'the file to write; it must not be there yet')
    .addOption(new Option('--to <FORMAT>', 'the format to write').choices(['parquet']).makeOptionMandatory())
    .addOption(
      new Option('--format <FORMAT>', 'the format of FILE, where it cannot be told').choices(cvrFormats),
    )
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
      const writer = new ParquetWriter(out);
      try {
        const read = await readCvrsAt(world, path, writer, {
          ...(options.format === undefined ? {} : { format: options.format }),
          ...(options.original === true ? { version: 'original' as const } : {}),
        });
        sayRefused(world, read);
        const { records, sums, contests } = await writer.finish();
        world.stdout.write(
          `${out}: ${records.toLocaleString('en-US')} records, ${contests.length} contests${sums === 0 ? '' : `; left out: ${sums} rows that are sums of many cards`}\n`,
        );
        end(read.rowsRefused.length > 0 ? status.exceptions : status.holds);
      } finally {
        await writer.abandon();
      }
    });
