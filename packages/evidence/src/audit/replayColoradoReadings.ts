// Are the stated discrepancies those that the two readings of each card give? For a card, the largest change of any winner's lead over any loser:
// (machine's winner - loser) - (board's winner - loser), from -2 to 2 (Stark 2010, super-simple: o1, o2 where it is 1, 2; u1, u2 where -1, -2).
// A contest that is not on a card has no votes there; where the board did not agree, the paper counts as the worst it could say.
import type { ColoradoReading } from '../formats/coloradoAudit.ts';
import type { ReplayItem, ReplayUnit } from './replay.ts';
import type { ColoradoDraws } from './replayColoradoDraws.ts';
import type { ColoradoFiles } from './replayColorado.ts';

interface Counts {
  readonly o1: number;
  readonly o2: number;
  readonly u1: number;
  readonly u2: number;
}

export function discrepancies(files: ColoradoFiles, timesDrawn: ColoradoDraws['timesDrawn']): ReplayItem[] {
  const readings = files.readings.flatMap((r) => r.value);
  const stated = statedCounts(files);
  if (readings.length === 0)
    return stated.length === 0 ? [] : [{ of: 'discrepancies', word: 'missing input', code: 'both-readings', units: [] }]; // oxfmt-ignore
  const winners = new Map(files.contests.flatMap((c) => c.value).map((c) => [c.contest, c.winners]));
  const choices = choicesOf(files, readings);
  const key = (r: { contest: string; county: string; imprinted: string }): string =>
    `${r.contest}\u0000${r.county}\u0000${r.imprinted}`;
  const activity = new Set(files.activity.flatMap((a) => a.value).map(key));
  return stated.map(({ file, contests, round }) => {
    const units = contests.flatMap(({ contest, counts }): ReplayUnit[] => {
      // A card drawn for another contest was looked at all the same, and is no part of this one's sample. The activity report, where there is one,
      // is of the results report's own round; contest.csv counts all rounds.
      const rows = readings.filter(
        (r) =>
          r.contest === contest && (round && activity.size > 0 ? activity.has(key(r)) : activity.has(key(r)) || isDrawnFor(r)), // oxfmt-ignore
      );
      return compared(contest, counts, rows, winners.get(contest) ?? [], choices.get(contest), timesDrawn);
    });
    const word = units.some((u) => u.code === undefined) ? 'differs' : units.length > 0 ? 'cannot tell' : 'reproduced'; // oxfmt-ignore
    return { of: 'discrepancies', word, stated: file, same: contests.length - units.length, all: contests.length, units }; // oxfmt-ignore
  });
}

const isDrawnFor = ({ reason }: ColoradoReading): boolean => reason.trim() !== '' && reason !== 'N/A';

interface StatedCounts {
  readonly file: string;
  /** Of one round, not of all. */
  readonly round: boolean;
  readonly contests: readonly { readonly contest: string; readonly counts: Counts }[];
}

/** Of the rounds' contest.csv the one with the most cards audited; and each results report, of the contests audited to their limit. */
function statedCounts({ contests, risks }: ColoradoFiles): StatedCounts[] {
  const audited = contests.map((c) => ({ ...c, n: c.value.reduce((n, x) => n + x.audited, 0) }));
  const last = audited.toSorted((a, b) => b.n - a.n)[0];
  const counts = ({ contest, o1, o2, u1, u2 }: Counts & { contest: string }): StatedCounts['contests'][number] => ({ contest, counts: { o1, o2, u1, u2 } }); // oxfmt-ignore
  return [
    ...(last === undefined || last.n === 0
      ? []
      : [{ file: last.name, round: false, contests: last.value.filter((c) => c.audited > 0).map(counts) }]),
    ...risks.map(({ name, value }) => ({ file: name, round: true, contests: value.filter((r) => r.targeted && r.draws > 0).map(counts) })), // oxfmt-ignore
  ];
}

/** By contest all choices: from the counties' votes, or undefined where they are not at hand. */
function choicesOf({ votes }: ColoradoFiles, readings: readonly ColoradoReading[]): Choices {
  const listed = new Map<string, Set<string>>();
  for (const { contest, choice } of votes.flatMap((v) => v.value))
    listed.set(contest, (listed.get(contest) ?? new Set()).add(choice));
  return {
    get: (contest) => {
      const seen = new Set(readings.flatMap((r) => r.contest === contest ? [...(r.machine ?? []), ...(r.board ?? [])] : [])); // oxfmt-ignore
      return { names: new Set([...seen, ...(listed.get(contest) ?? [])]), listed: listed.has(contest) };
    },
  };
}

interface Choices {
  get(contest: string): { readonly names: ReadonlySet<string>; readonly listed: boolean };
}

function compared(
  contest: string,
  stated: Counts,
  rows: readonly ColoradoReading[],
  winners: readonly string[],
  choices: ReturnType<Choices['get']>,
  timesDrawn: ColoradoDraws['timesDrawn'],
): ReplayUnit[] {
  const found = { o1: 0, o2: 0, u1: 0, u2: 0 };
  const losers = [...choices.names].filter((c) => !winners.includes(c));
  for (const row of rows) {
    const by = overstatement(row, winners, losers);
    // A card counts as often as it was drawn; where that is not known, once.
    const times = timesDrawn(contest, row.county, row.imprinted) ?? 1;
    if (by >= 1) found[by === 1 ? 'o1' : 'o2'] += times;
    if (by <= -1) found[by === -1 ? 'u1' : 'u2'] += times;
  }
  const text = (c: Counts): string => `o2 ${c.o2}, o1 ${c.o1}, u1 ${c.u1}, u2 ${c.u2}`;
  if (text(found) === text(stated)) return [];
  const unit = { name: contest, stated: text(stated), recomputed: text(found) };
  if (rows.some((r) => r.recordType !== 'uploaded')) return [{ ...unit, code: 'no-record-of-the-card' }];
  if (!choices.listed) return [{ ...unit, code: 'choices-not-listed' }];
  // The readings have a row for a card however often it was drawn; the statement counts draws.
  const repeats = (['o1', 'o2', 'u1', 'u2'] as const).every((k) => stated[k] >= found[k] && (found[k] > 0 || stated[k] === 0)); // oxfmt-ignore
  const known = rows.every((r) => timesDrawn(contest, r.county, r.imprinted) !== undefined);
  return [repeats && !known ? { ...unit, code: 'drawn-more-than-once' } : unit];
}

function overstatement(row: ColoradoReading, winners: readonly string[], losers: readonly string[]): number {
  const marks = (on: readonly string[] | undefined, choice: string): number =>
    on?.includes(choice) === true ? 1 : 0;
  const changes = winners.flatMap((w) =>
    losers.map((l) => {
      const machine = marks(row.machine, w) - marks(row.machine, l);
      return machine - (row.noConsensus ? -1 : marks(row.board, w) - marks(row.board, l));
    }),
  );
  return changes.length === 0 ? 0 : Math.max(...changes);
}
