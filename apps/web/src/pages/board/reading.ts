// What two people read of one contest on one card, while they read it, and as the desk is told it.
import type { Input, routes } from '@opencanvass/contract';
import type { Words } from '../../words.tsx';
import type { OnBallot } from './standing.ts';

export type BatchCount = Input<typeof routes.countBatch>['body']['count'];
export type Reading = Input<typeof routes.readCard>['body']['contests'][number]['reading'];

export const otherMarks = ['blank', 'overvote', 'not on ballot'] as const;
export type OtherMark = (typeof otherMarks)[number];

export interface Marks {
  readonly choices: readonly string[];
  /** A name written in that is no choice; undefined where none is, '' while it is not yet typed. */
  readonly writeIn: string | undefined;
  readonly other: OtherMark | undefined;
  /** Of a ranked contest: by rank from the first, whoever is marked there. */
  readonly ranks: readonly (readonly string[])[];
}
export const noMarks: Marks = { choices: [], writeIn: undefined, other: undefined, ranks: [] };

/** Marks a choice, or takes the mark away. One more than may be marked replaces the only one, and changes nothing where there are several. */
export function mark(marks: Marks, { voteFor }: OnBallot, choice: string): Marks {
  if (marks.choices.includes(choice)) return { ...marks, choices: marks.choices.filter((c) => c !== choice) };
  if (voteFor === 1) return { ...noMarks, choices: [choice] };
  if (marked(marks) >= voteFor) return marks;
  return { ...marks, other: undefined, choices: [...marks.choices, choice] };
}

export function writeIn(marks: Marks, { voteFor }: OnBallot, name: string | undefined): Marks {
  if (name === undefined || marks.writeIn !== undefined) return { ...marks, writeIn: name };
  if (voteFor === 1) return { ...noMarks, writeIn: name };
  return marked(marks) >= voteFor ? marks : { ...marks, other: undefined, writeIn: name };
}

export const setOther = (marks: Marks, other: OtherMark): Marks =>
  marks.other === other ? noMarks : { ...noMarks, other };

export function rank(marks: Marks, at: number, choice: string): Marks {
  const ranks = Array.from({ length: Math.max(at + 1, marks.ranks.length) }, (_, r) => marks.ranks[r] ?? []);
  const here = ranks[at]!;
  ranks[at] = here.includes(choice) ? here.filter((c) => c !== choice) : [...here, choice];
  while (ranks.length > 0 && ranks.at(-1)!.length === 0) ranks.pop();
  return { ...noMarks, ranks };
}

const marked = ({ choices, writeIn: name }: Marks): number => choices.length + (name === undefined ? 0 : 1);

/** What is told to the desk; undefined while nothing is marked, or a name is still to be typed. */
export function readingOf({ choices, writeIn: name, other, ranks }: Marks): Reading | undefined {
  if (other !== undefined) return { kind: other };
  if (ranks.length > 0) return { kind: 'ranking', ranks: ranks.map((r) => [...r]) };
  if (choices.length === 0 && name === undefined) return undefined;
  const written = name?.trim();
  if (written === '') return undefined;
  return { kind: 'votes', choices: [...choices], ...(written === undefined ? {} : { writeIns: [written] }) };
}

/** A ranking as people say it: by rank, whoever is marked there. */
export const rankingInWords = (
  ranks: readonly (readonly string[])[],
  named: (id: string) => string,
): string => ranks.map((at) => at.map(named).join(' = ') || '–').join(' › ');

/** A batch as it was counted. */
export function countInWords(
  count: Exclude<BatchCount, 'not found'>,
  choices: OnBallot['choices'],
  { say, number }: Pick<Words, 'say' | 'number'>,
): string {
  const named = (id: string): string => choices.find((c) => c.id === id)?.name ?? id;
  const counted: [string, number | undefined][] =
    'votes' in count
      ? choices.map((c, i): [string, number] => [c.name, count.votes[i] ?? 0])
      : count.rankings.map(({ ranks, ballots }) => [rankingInWords(ranks, named), ballots]);
  counted.push([say('count.writeIns'), count.writeIns], [say('count.blank'), count.blank]);
  if ('votes' in count) counted.push([say('count.overvote'), count.overvote]);
  return counted.flatMap(([what, n]) => (n === undefined ? [] : [`${what} ${number(n)}`])).join(', ');
}

/** A reading as it is read aloud. */
export function inWords(reading: Reading, { choices }: OnBallot, { say }: Pick<Words, 'say'>): string[] {
  const named = (id: string): string => choices.find((c) => c.id === id)?.name ?? id;
  if (reading.kind === 'votes')
    return [
      ...choices.filter((c) => reading.choices.includes(c.id)).map((c) => c.name),
      ...(reading.writeIns ?? []).map((name) => say('read.writtenIn', { name })),
    ];
  if (reading.kind === 'ranking')
    return reading.ranks.map((at, r) =>
      say('read.rank', { rank: r + 1, names: at.map(named).join(', ') || say('read.rankBlank') }),
    );
  return [say(`read.${reading.kind}`)];
}
