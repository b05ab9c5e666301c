// `opencanvass count` on a file of results or of a hand count: the totals that the file's own rows add up to, by contest, and by county,
// precinct or type of ballot. A total that the file states itself is shown beside them where it differs.
import { detect, headLength } from '@opencanvass/evidence/formats';
import type { Opened } from '@opencanvass/evidence/formats';
import { rankingWord } from '@opencanvass/evidence/paper';
import { readAnyFile } from './looseFiles.ts';
import { status, Stop } from './status.ts';
import type { Printer, World } from './world.ts';

/** What rows of results can be told apart by. */
export const resultsUnits = ['county', 'precinct', 'type'] as const;
type Unit = (typeof resultsUnits)[number];

export interface ResultsOptions {
  readonly by?: string;
  readonly contest?: string;
  readonly json?: true;
}

/** Is this one file of results or of a hand count, by its first bytes? Then it holds no cast vote records. */
export function isResults(world: World, path: string): boolean {
  if (world.files.kind(path) !== 'file') return false;
  return typeof detect(path, world.files.head(path, headLength)) === 'string';
}

interface Row {
  readonly county: string;
  readonly precinct: string;
  readonly type: string;
  readonly votes: readonly number[];
}
/** One contest as one source counted it. */
interface Counted {
  readonly contest: string;
  readonly of: 'reported results' | 'hand count';
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** As the file itself states them. */
  readonly stated?: readonly number[];
}

/** Prints the file's totals. Stops where it is refused, or has nothing of what was asked for. */
export function countResults(world: World, path: string, options: ResultsOptions): void {
  const { value } = readAnyFile(world, path);
  const all = [...reported(value), ...byHand(value)];
  const wanted = all.filter(({ contest }) =>
    contest.toLowerCase().includes((options.contest ?? '').toLowerCase()),
  );
  if (wanted.length === 0)
    throw all.length === 0
      ? new Stop(
          status.nothingTold,
          `${path}: expected results or a hand count, found ${value.format} without votes by choice; give it to compare as a third file`,
        )
      : new Stop(
          status.wrongUsage,
          `no contest's name holds "${options.contest}"; there are ${all.map((c) => c.contest).join(', ')}`,
        );
  const by = options.by as Unit | undefined;
  if (options.json === true)
    world.stdout.write(`${JSON.stringify(asJson(value.format, wanted, by), null, 2)}\n`);
  else for (const counted of wanted) print(world.stdout, counted, by);
}

function reported({ contests, jurisdictions, results }: Opened): Counted[] {
  const county = new Map<string, string>(jurisdictions.map(({ id, name }) => [id, name]));
  return results.map(({ contest, choices, rows, statedTotals }) => {
    const described = contests.find(({ id }) => id === contest);
    const names = new Map<string, string>(described?.choices.map(({ id, name }) => [id, name]));
    return {
      contest: described?.name ?? contest,
      of: 'reported results',
      columns: choices.map((id) => names.get(id) ?? id),
      rows: rows.map(({ jurisdiction, unit, voteType, votes }) => ({
        county: county.get(jurisdiction) ?? jurisdiction,
        precinct: unit ?? '',
        type: voteType,
        votes,
      })),
      ...(statedTotals === undefined ? {} : { stated: statedTotals }),
    };
  });
}

const otherColumn = {
  writeIn: 'write-in',
  validWriteIn: 'write-in, valid',
  invalidWriteIn: 'write-in, invalid',
  blank: 'blank',
  overvote: 'overvoted',
} as const;

function byHand({ contests, jurisdictions, handCounts }: Opened): Counted[] {
  const county = new Map<string, string>(jurisdictions.map(({ id, name }) => [id, name]));
  return handCounts.map((count) => {
    const described = contests.find(({ id }) => id === count.contest);
    const names = new Map<string, string>(described?.choices.map(({ id, name }) => [id, name]));
    const width = count.columns.length;
    return {
      contest: described?.name ?? count.contest,
      of: 'hand count',
      columns: count.columns.map((column) => {
        if (column.kind === 'choice') return names.get(column.choice) ?? column.choice;
        return column.kind === 'ranking' ? rankingWord(column.ranks) : otherColumn[column.kind];
      }),
      rows: count.names.map((name, row) => {
        const of = count.jurisdictions[count.jurisdictionOf[row]!]!;
        return {
          county: county.get(of) ?? of,
          precinct: count.granularity === 'batch' ? name : '',
          type: count.types[row]!,
          votes: [...count.tallies.subarray(row * width, (row + 1) * width)],
        };
      }),
    };
  });
}

/** The sums of the rows by unit, in the order in which the file names them; of all of them if no unit is given. */
function sums({ columns, rows }: Counted, by?: Unit): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const row of rows) {
    const unit =
      by === undefined ? '' : by === 'precinct' ? `${row.county} · ${row.precinct || '(whole)'}` : row[by];
    let sum = found.get(unit);
    if (sum === undefined) found.set(unit, (sum = columns.map(() => 0)));
    for (const [c, votes] of row.votes.entries()) sum[c]! += votes;
  }
  return found;
}

const grouped = (n: number): string => n.toLocaleString('en-US');

function print(to: Printer, counted: Counted, by?: Unit): void {
  const { contest, of, columns, rows, stated } = counted;
  const total = sums(counted).get('') ?? columns.map(() => 0);
  const counties = new Set(rows.map(({ county }) => county)).size;
  to.write(
    `${contest || '(contest not named)'}   ${of} · ${grouped(rows.length)} rows, ${grouped(counties)} counties\n`,
  );
  const widest = Math.max(0, ...columns.map((name) => name.length));
  const right = Math.max(0, ...total.map((n) => grouped(n).length));
  for (const [c, name] of columns.entries()) {
    const differs = stated !== undefined && stated[c] !== total[c];
    to.write(
      `  ${name.padEnd(widest)}   ${grouped(total[c]!).padStart(right)}${differs ? `   the file states ${grouped(stated[c]!)}` : ''}\n`,
    );
  }
  if (by !== undefined) {
    const lines = [
      [by, ...columns],
      ...[...sums(counted, by)].map(([unit, votes]) => [unit || '(not stated)', ...votes.map(grouped)]),
    ];
    const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
    to.write('\n');
    for (const line of lines)
      to.write(
        `  ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!))).join('   ')}\n`,
      );
  }
  to.write('\n');
}

const asJson = (format: string, wanted: readonly Counted[], by?: Unit): object => ({
  format,
  contests: wanted.map((counted) => ({
    contest: counted.contest,
    of: counted.of,
    rows: counted.rows.length,
    votes: counted.columns.map((choice, c) => ({
      choice,
      votes: sums(counted).get('')?.[c] ?? 0,
      ...(counted.stated === undefined ? {} : { stated: counted.stated[c] }),
    })),
    ...(by === undefined
      ? {}
      : { by, units: [...sums(counted, by)].map(([unit, votes]) => ({ unit, votes })) }),
  })),
});
