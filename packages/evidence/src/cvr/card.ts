// One card at a time: for ballot comparison, for ranked ballots, and for people. Counting does not go this way: it walks the columns.
import { severalUnnamed, textAt, voteCodes } from './cvrs.ts';
import type { CardAttribute, CvrChunk, CvrHeader, Cvrs, WriteIn } from './cvrs.ts';

/** What one card says in one contest. `choices` are indexes into the contest's choices. */
export type CardVote =
  | { readonly kind: 'notOnCard' | 'blank' }
  | { readonly kind: 'votes' | 'overvoted' | 'invalid'; readonly choices: readonly number[] }
  /** By rank, from the first: the choices marked at it. None: skipped. More than one, or 'several' (the export does not say which): overvoted there. */
  | { readonly kind: 'ranking' | 'invalid'; readonly ranks: readonly (readonly number[] | 'several')[] };

/** What record `i` of a chunk says in contest `c`. */
export function voteOn(header: CvrHeader, chunk: CvrChunk, c: number, i: number): CardVote {
  const column = chunk.contests[c];
  const code = column?.vote[i] ?? voteCodes.notOnCard;
  if (column === undefined || code === voteCodes.notOnCard) return { kind: 'notOnCard' };
  if (code === voteCodes.blank) return { kind: 'blank' };
  if (code >= 0) return { kind: 'votes', choices: [code] };
  const { record, choice, rank } = column.marks;
  const choices: number[] = [];
  const ranks: (number[] | 'several')[] = [];
  for (let m = firstMark(record, i); record[m] === i; m++) {
    const [at, which] = [rank[m]!, choice[m]!];
    choices.push(which);
    while (ranks.length < at) ranks.push([]);
    if (at === 0) continue;
    if (which === severalUnnamed) ranks[at - 1] = 'several';
    else if (ranks[at - 1] !== 'several') (ranks[at - 1] as number[]).push(which);
  }
  const ranked = (header.contests[c]?.ranks ?? 0) > 0;
  if (code === voteCodes.invalid) return ranked ? { kind: 'invalid', ranks } : { kind: 'invalid', choices };
  if (code === voteCodes.overvoted) return { kind: 'overvoted', choices };
  return ranked ? { kind: 'ranking', ranks } : { kind: 'votes', choices };
}

/** What was written in on record `i` of a chunk. */
export function writeInsOn({ writeIns }: CvrChunk, i: number): readonly WriteIn[] {
  const from = firstNotBelow(i, writeIns.length, (w) => writeIns[w]!.record);
  let to = from;
  while (writeIns[to]?.record === i) to += 1;
  return writeIns.slice(from, to);
}

/** The first mark of record `i`, or where it would be: marks are in order of record. */
const firstMark = (record: Uint32Array, i: number): number =>
  firstNotBelow(i, record.length, (m) => record[m]!);

function firstNotBelow(i: number, length: number, recordAt: (k: number) => number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (recordAt(middle) < i) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a card is kept and what it is called. */
export interface CardIdentity {
  readonly tabulator: string;
  readonly batch: string;
  readonly record: string;
  readonly imprinted: string;
  readonly precinct: string;
  readonly style: string;
  readonly countingGroup: string;
}

export function identityOf(header: CvrHeader, chunk: CvrChunk, i: number): CardIdentity {
  const name = (attribute: CardAttribute): string =>
    header.names[attribute][chunk.attributes[attribute][i]!]!;
  return {
    tabulator: name('tabulator'),
    batch: name('batch'),
    record: textAt(chunk.record, i),
    imprinted: textAt(chunk.imprinted, i),
    precinct: name('precinct'),
    style: name('style'),
    countingGroup: name('countingGroup'),
  };
}

/** All cards on which contest `c` stands, in order, each with the number of cards it is. */
export function* cardsWith(
  { header, chunks }: Cvrs,
  c: number,
): Generator<{
  readonly chunk: CvrChunk;
  readonly i: number;
  readonly vote: CardVote;
  readonly weight: number;
}> {
  for (const chunk of chunks)
    for (let i = 0; i < chunk.cards; i++) {
      const vote = voteOn(header, chunk, c, i);
      if (vote.kind !== 'notOnCard') yield { chunk, i, vote, weight: chunk.weight?.[i] ?? 1 };
    }
}
