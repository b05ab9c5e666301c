// Clear Ballot's cast vote records: one CSV, a row for each card, a column for each choice (ranked: for each choice at each rank), titled
// "Choice_1_1:Democratic Primary:1:Vote For 1:Michael Bennet:Democratic" (ranked, the rank third) or "Choice_1_1:Contest 1:Vote For 1:Choice 1-1:Non-Partisan".
// An empty cell: the contest is not on the card. Remade cards are paper copies of damaged ones: each counts once, and is remarked on.
import { cvrChoice, cvrContest, emptyNames, isWriteInLine } from '../cvr/index.ts';
import type { CvrConsumer, GrowingContest } from '../cvr/index.ts';
import { eachRowOf } from './csvRows.ts';
import { Intake } from './intake.ts';
import type { InputFile } from './input.ts';
import { markRanking } from './rankedMarks.ts';
import { secondHeader } from './refusals.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';

export const clearBallotReader = { reader: 'clear-ballot-csv', version: '1' } as const;

/** Whether a file's first line is that of Clear Ballot. */
export const isClearBallotHead = (firstLine: string): boolean =>
  /^\uFEFF?"?RowNumber"?,"?BoxID"?,"?BoxPosition"?,"?BallotID/.test(firstLine);

export async function readClearBallot(file: InputFile, to: CvrConsumer): Promise<Reading<CvrReading>> {
  let rows: ClearBallotRows | undefined;
  const fault = await eachRowOf(
    file,
    ({ line, fields }) => {
      if (fields.length === 1 && fields[0] === '') return undefined;
      if (rows === undefined) {
        const head = readHead(file.name, fields);
        if ('code' in head) return head;
        rows = new ClearBallotRows(head, file.name, to);
        return undefined;
      }
      if (fields[0] === 'RowNumber') return secondHeader(file.name, line);
      rows.read(fields, line);
      return undefined;
    },
    async () => rows?.intake.deliver(),
  );
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  if (rows !== undefined) return rows.finish();
  const todo = 'ask for the export again';
  return {
    ok: false,
    refusals: [{ code: 'empty-file', file: file.name, expected: 'a header', found: 'no row', todo }],
  };
}

interface Head {
  readonly fields: readonly string[];
  readonly contests: readonly GrowingContest[];
  /** By column: the contest, the choice and the rank (0: not ranked); undefined: no vote. */
  readonly votes: readonly (
    | { readonly c: number; readonly choice: number; readonly rank: number }
    | undefined
  )[];
}

const title = /^Choice_\d+_\d+:(.*?)(?::(\d+))?:Vote For (\d+):(.*):([^:]*)$/s;

function readHead(file: string, fields: readonly string[]): Head | Refusal {
  const refuse = (field: string, expected: string, found: string): Refusal => ({
    code: 'missing-column',
    file,
    line: 1,
    field,
    expected,
    found,
    todo: 'ask for the export as the system wrote it',
  });
  for (const needed of ['BoxID', 'BoxPosition', 'BallotID', 'ScanComputerName'])
    if (!fields.includes(needed)) return refuse(needed, needed, fields.slice(0, 12).join(','));
  const contests: GrowingContest[] = [];
  const choices: Map<string, number>[] = [];
  const votes: { c: number; choice: number; rank: number }[] = [];
  for (const [column, field] of fields.entries()) {
    if (!field.startsWith('Choice_')) continue;
    const match = title.exec(field);
    if (match === null) return refuse(field, 'Choice_1_1:contest:[rank:]Vote For n:choice:party', field);
    const [, name, rankText, voteFor, choiceName, party] = match as unknown as [
      string,
      string,
      string?,
      ...string[],
    ];
    const rank = Number(rankText ?? 0);
    if (rank > 255) return refuse(field, 'a rank up to 255', String(rank));
    let c = contests.findIndex((x) => x.name === name);
    if (c === -1) {
      c = contests.push(cvrContest(name, Number(voteFor), rank === 0 ? 0 : 1)) - 1;
      choices.push(new Map());
    }
    const contest = contests[c]!;
    if ((contest.ranks === 0) !== (rank === 0))
      return refuse(field, 'ranks at all or no choices of a contest', field);
    if (rank > contest.ranks) contests[c] = { ...contest, ranks: rank };
    const known = choices[c]!;
    let choice = known.get(choiceName!);
    if (choice === undefined) {
      choice = known.size;
      known.set(choiceName!, choice);
      contests[c]!.choices.push(
        cvrChoice(choiceName!, {
          ...(party === '' ? {} : { party: party! }),
          ...(isWriteInLine(choiceName!) ? { writeIn: 'line' } : {}),
        }),
      );
    }
    votes[column] = { c, choice, rank };
  }
  return contests.length === 0 ? refuse('Choice_', 'a column of votes', 'none') : { fields, contests, votes };
}

class ClearBallotRows {
  readonly intake: Intake;
  #remade = 0;
  readonly #head: Head;
  readonly #file: string;
  readonly #at: ReadonlyMap<string, number>;
  readonly #utf8 = new TextEncoder();

  constructor(head: Head, file: string, to: CvrConsumer) {
    this.#head = head;
    this.#file = file;
    this.#at = new Map(head.fields.map((field, i) => [field, i]));
    const contests = [...head.contests];
    this.intake = new Intake(
      { election: '', format: clearBallotReader.reader, contests, names: emptyNames() },
      to,
    );
  }

  async finish(): Promise<Reading<CvrReading>> {
    if (this.#remade > 0)
      this.intake.remarks.push({
        code: 'remade-cards',
        file: this.#file,
        field: 'Remade',
        expected: 'original cards',
        found: `${this.#remade} remade ones`,
      });
    return this.intake.finish(this.#file);
  }

  read(fields: readonly string[], line: number): void {
    const { builder } = this.intake;
    const { votes, contests } = this.#head;
    const refuse = (code: string, field: string, expected: string, found: string): void => {
      const todo = 'correct the row, or ask for the export again';
      this.intake.refused.add({ code, file: this.#file, line, field, expected, found, todo });
    };
    if (fields.length !== this.#head.fields.length)
      return refuse('row-length', 'row', `${this.#head.fields.length} cells`, `${fields.length}`);
    builder.card();
    const marked: (number[][] | undefined)[] = contests.map(() => undefined);
    for (let i = 0; i < fields.length; i++) {
      const [vote, cell] = [votes[i], fields[i]!];
      if (vote === undefined || cell === '') continue;
      if (cell !== '0' && cell !== '1') {
        builder.withdraw();
        return refuse('not-a-mark', this.#head.fields[i]!, '0, 1 or an empty cell', cell);
      }
      const at = (marked[vote.c] ??= Array.from({ length: Math.max(1, contests[vote.c]!.ranks) }, () => []));
      if (cell === '1') at[Math.max(1, vote.rank) - 1]!.push(vote.choice);
    }
    marked.forEach((at, c) => {
      if (at === undefined) return;
      if (contests[c]!.ranks > 0) markRanking(builder, c, at);
      else builder.marked(c, at[0]!, at[0]!.length);
    });
    const cell = (name: string): string => fields[this.#at.get(name) ?? -1] ?? '';
    builder.attribute('tabulator', builder.code('tabulator', cell('ScanComputerName')));
    builder.attribute('batch', builder.code('batch', cell('BoxID')));
    builder.attribute('precinct', builder.code('precinct', cell('PrecinctID')));
    builder.attribute('style', builder.code('style', cell('BallotStyleID')));
    const position = this.#utf8.encode(cell('BoxPosition'));
    builder.record(position, 0, position.length);
    const id = this.#utf8.encode(cell('BallotID'));
    builder.imprinted(id, 0, id.length);
    if (cell('Remade') === '1') this.#remade++;
    this.intake.cardDone();
  }
}
