// A table of ranked ballots as survey tools write it: a row for each ballot, a column for each candidate, in the cell the rank
// that the voter gave; empty: none. The file holds one contest and does not name it.
import { cvrChoice, cvrContest, emptyNames, isWriteInLine } from '../cvr/index.ts';
import type { CvrConsumer } from '../cvr/index.ts';
import { eachRowOf } from './csvRows.ts';
import type { InputFile } from './input.ts';
import { Intake } from './intake.ts';
import { markRanking } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';

export const genericRankedCsvReader = { reader: 'generic-ranked-csv', version: '1' } as const;

export interface GenericCsvOptions {
  /** Counted from 1. All columns from the first vote to the last are candidates. */
  readonly columns: {
    readonly firstVote: number;
    readonly firstRow: number;
    readonly id?: number;
    readonly precinct?: number;
    readonly batch?: number;
  };
  readonly contest?: string;
  /** Titles of columns that are write-in lines, besides those that say so themselves. */
  readonly writeIn?: readonly string[];
}

export async function readGenericRankedCsv(
  file: InputFile,
  to: CvrConsumer,
  { columns, contest: name = file.name, writeIn = [] }: GenericCsvOptions,
): Promise<Reading<CvrReading>> {
  const utf8 = new TextEncoder();
  const refuse = (code: string, line: number, field: string, expected: string, found: string): Refusal => ({
    code,
    file: file.name,
    line,
    field,
    expected,
    found,
    todo: 'correct the row, or say where the columns stand',
  });
  let intake: Intake | undefined;
  let titles: readonly string[] = [];
  const begin = (fields: readonly string[]): Intake => {
    titles = fields;
    const choices = fields
      .slice(columns.firstVote - 1)
      .map((title) =>
        cvrChoice(title, writeIn.includes(title) || isWriteInLine(title) ? { writeIn: 'line' } : {}),
      );
    const contest = cvrContest(name, 1, Math.min(choices.length, 255));
    contest.choices.push(...choices);
    const format = genericRankedCsvReader.reader;
    return new Intake({ election: '', format, contests: [contest], names: emptyNames() }, to);
  };
  const read = (into: Intake, fields: readonly string[], line: number): Refusal | undefined => {
    if (fields.length !== titles.length)
      return refuse('row-length', line, 'row', `${titles.length} cells`, `${fields.length}`);
    const ranks: number[][] = [];
    for (const [choice, cell] of fields.slice(columns.firstVote - 1).entries()) {
      const text = cell.trim();
      if (text === '') continue;
      if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > 255)
        return refuse('not-a-rank', line, titles[columns.firstVote - 1 + choice]!, 'a rank from 1', cell);
      while (ranks.length < Number(text)) ranks.push([]);
      ranks[Number(text) - 1]!.push(choice);
    }
    const { builder } = into;
    builder.card();
    markRanking(builder, 0, ranks);
    for (const attribute of ['precinct', 'batch'] as const) {
      const value = fields[(columns[attribute] ?? 0) - 1];
      if (value !== undefined && value !== '') builder.attribute(attribute, builder.code(attribute, value));
    }
    const id = utf8.encode(fields[(columns.id ?? 0) - 1] ?? '');
    builder.record(id, 0, id.length);
    into.cardDone();
    return undefined;
  };
  const fault = await eachRowOf(
    file,
    ({ line, fields }) => {
      if (fields.length === 1 && fields[0] === '') return undefined;
      if (intake === undefined) {
        const least = columns.firstVote;
        if (fields.length < least)
          return refuse('missing-column', line, 'header', `${least} columns or more`, `${fields.length}`);
        intake = begin(fields);
      }
      if (line < columns.firstRow) return undefined;
      const refused = read(intake, fields, line);
      if (refused !== undefined) intake.refused.add(refused);
      return undefined;
    },
    async () => intake?.deliver(),
  );
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  if (intake !== undefined) return intake.finish(file.name);
  return { ok: false, refusals: [refuse('empty-file', 1, 'header', 'a row of titles', 'none')] };
}
