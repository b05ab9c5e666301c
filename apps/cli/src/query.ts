// `opencanvass query 'SQL' FILE…`: one SELECT over cast vote records. The SQL may come from anybody: it reads these files and nothing else.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { csvLine } from '@opencanvass/evidence/formats';
import { CvrDatabase, defaultLimits, ParquetWriter, QueryRefused } from '@opencanvass/query';
import type { Answer } from '@opencanvass/query';
import { readCvrsAt, sayRefused } from './cvrFiles.ts';
import { status, Stop } from './status.ts';
import type { Status } from './status.ts';
import type { World } from './world.ts';

interface QueryOptions {
  readonly json?: true;
  readonly rows: string;
  readonly seconds: string;
}

export const queryCommand = (world: World, end: (to: Status) => void): Command =>
  new Command('query')
    .description('Answers a question in SQL over cast vote records.')
    .argument('SQL', 'one SELECT over the tables cards, choices and write_ins')
    .argument('FILE...', 'Parquet made by convert, or exports of cast vote records')
    .option('--rows <N>', 'at most so many rows', String(defaultLimits.rows))
    .option('--seconds <N>', 'at most so long', String(defaultLimits.seconds))
    .option('--json', 'print the answer as JSON; otherwise CSV')
    .addHelpText(
      'after',
      `
Tables:
  cards    a row for each record: file, number, tabulator, batch, record, imprinted, precinct, style, counting_group,
           adjudicated, weight, and a column for each contest (NULL not on the card, 0 blank, 1… the choice, -1 overvoted,
           -2 several votes or a ranking: see its numbered columns, -3 invalid); where such cards are, a column …_marks says
           which choices were marked that count for nothing
  choices  in_file, contest, column_name, vote_for, ranks, choice_number, choice, party, write_in
  write_ins  a row for each name that a voter wrote in: file and the other columns of the card but its votes, contest, column_name,
           choice_number, choice, rank, place, text, status
  sums     rows of the export that are sums of many cards: in_file, line, label, style, column_name, place, votes

Examples:
  opencanvass query "SELECT contest, column_name, choice_number, choice FROM choices" cards.parquet
  opencanvass query "SELECT precinct, count(*) FROM cards WHERE mayor = -1 GROUP BY 1 ORDER BY 2 DESC" cvr-export.csv
`,
    )
    .action(async (sql: string, paths: readonly string[], options: QueryOptions) => {
      const limits = {
        ...defaultLimits,
        rows: positive('--rows', options.rows),
        seconds: positive('--seconds', options.seconds),
      };
      const folder = mkdtempSync(join(tmpdir(), 'opencanvass-query-'));
      try {
        const files: string[] = [];
        for (const [i, path] of paths.entries())
          files.push(await asParquet(world, path, join(folder, `${i}.parquet`)));
        const database = await CvrDatabase.open(files, limits);
        try {
          print(world, await database.ask(sql), options.json === true, limits.rows);
        } finally {
          database.close();
        }
        end(status.holds);
      } catch (error) {
        if (error instanceof QueryRefused) throw new Stop(status.inputRefused, error.message);
        throw error;
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

/** The path of a Parquet file with the records of `path`: itself, or one made for this question. */
async function asParquet(world: World, path: string, made: string): Promise<string> {
  if (world.files.kind(path) === undefined) throw new Stop(status.inputNotFound, `${path} is not there`);
  if (world.files.kind(path) === 'file' && new TextDecoder().decode(world.files.head(path, 4)) === 'PAR1')
    return path;
  const writer = new ParquetWriter(made);
  try {
    sayRefused(world, await readCvrsAt(world, path, writer, {}));
    writer.finish();
  } finally {
    writer.abandon();
  }
  return made;
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new Stop(status.wrongUsage, `${option}: expected a whole number from 1, found ${text}`);
  return Number(text);
}

function print(world: World, { columns, rows, more }: Answer, json: boolean, most: number): void {
  if (json) world.stdout.write(`${JSON.stringify({ columns, rows, more }, null, 2)}\n`);
  else {
    const text = (cell: Answer['rows'][number][number]): string =>
      cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
    for (const row of [columns, ...rows]) world.stdout.write(`${csvLine(row.map(text))}\n`);
  }
  if (more) world.stderr.write(`opencanvass: only the first ${most} rows are shown; --rows shows more\n`);
}
