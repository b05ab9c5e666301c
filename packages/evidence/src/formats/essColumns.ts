// What ES&S's two exports, workbook and CSV, have in common: a column for each vote that a voter may give, titled with its contest. A ranked contest
// has a column for each rank ("For Mayor Choice 1 (45)", "1st Choice"); one for several votes has as many columns of its title. Of a contest
// with one column nothing says how many votes a voter has: whoever knows the contest's rules says it.
import { cvrContest, voteCodes } from '../cvr/index.ts';
import type { ChunkBuilder, CvrContest, GrowingContest } from '../cvr/index.ts';
import { markRanking } from './rankedMarks.ts';
import type { Remark } from './reading.ts';
import type { VoteFor } from './voteFor.ts';

export interface EssContest {
  readonly contest: GrowingContest;
  readonly columns: readonly number[];
}

/** "For Mayor Choice 2 (50)"; "1ST CHOICE MAYOR MINNEAPOLIS"; "2nd Choice". */
function rankIn(title: string): { readonly contest: string; readonly rank: number } | undefined {
  const after = /^(.*?)\s*\bchoice\s+(\d+)\s*(?:\(\d+\))?$/i.exec(title);
  if (after !== null) return { contest: after[1]!, rank: Number(after[2]) };
  const before = /^(\d+)(?:st|nd|rd|th)\s+choice\b\s*(.*)$/i.exec(title);
  return before === null ? undefined : { contest: before[2]!, rank: Number(before[1]) };
}

/** The contests of columns by title; undefined if ranks do not come in order, or a contest is ranked in some columns only. */
export function essContests(
  titles: Iterable<readonly [column: number, title: string]>,
  voteFor?: VoteFor,
): EssContest[] | undefined {
  const byName = new Map<string, { ranked: boolean; columns: number[] }>();
  for (const [column, title] of titles) {
    const ranked = rankIn(title);
    const name = ranked?.contest ?? title.replace(/\s*\(\d+\)$/, '');
    const group = byName.get(name) ?? { ranked: ranked !== undefined, columns: [] };
    byName.set(name, group);
    if (group.ranked !== (ranked !== undefined)) return undefined;
    if (ranked !== undefined && group.columns.length + 1 !== ranked.rank) return undefined;
    group.columns.push(column);
  }
  return [...byName].map(([name, { ranked, columns }]) => {
    const contest = cvrContest(name, undefined, ranked ? columns.length : 0);
    const several = columns.length > 1 ? columns.length : undefined;
    return { contest: { ...contest, voteFor: ranked ? 1 : (voteFor?.get(contest.id) ?? several) }, columns };
  });
}

/** Contests whose rules give more votes than the export has columns: it cannot hold them all. */
export const votesWithoutColumn = (contests: readonly EssContest[], file: string): Remark[] =>
  contests.flatMap(({ contest: { name, ranks, voteFor = 1 }, columns }) =>
    ranks > 0 || voteFor <= columns.length
      ? []
      : [
          {
            code: 'votes-without-column',
            file,
            field: name,
            expected: `${voteFor} columns, one for each vote`,
            found: String(columns.length),
          },
        ],
  );

/** Choices that a cell names; 'several': it says that it is overvoted. */
export type EssCell = readonly number[] | 'several';

/** The vote of the card at hand from a contest's cells. */
export function markEss(
  builder: ChunkBuilder,
  c: number,
  { ranks }: CvrContest,
  cells: readonly EssCell[],
): void {
  if (ranks > 0) return markRanking(builder, c, cells);
  if (cells.includes('several')) return builder.vote(c, voteCodes.overvoted);
  const choices = [...new Set((cells as readonly (readonly number[])[]).flat())];
  builder.marked(c, choices, choices.length);
}
