// The ballots of one ranked contest, as counting needs them: each distinct ranking once, with how many ballots have it. A
// million ballots are some ten thousand rankings, and a round of counting touches only the rankings that move.
import {
  severalUnnamed,
  voteCodes,
  voteOn,
  type Cvrs,
  type CvrChoice,
  type CvrHeader,
  type CvrChunk,
} from '../cvr/index.ts';

export interface RankedCandidate {
  /** Unique within the contest: results name candidates by it. */
  readonly name: string;
  /** All those written in whose names were not declared: one heap of votes, and nobody who could be elected. */
  readonly undeclared?: true;
}

/** What a ballot says at each rank, from the first: the candidates marked (none: the rank was skipped), or 'several', unnamed. */
export type Ranks = readonly (readonly number[] | 'several')[];

export interface RankedBallots {
  readonly candidates: readonly RankedCandidate[];
  /** Each distinct ranking, encoded by `encodeRanks`. */
  readonly rankings: readonly Uint16Array[];
  /** By ranking: how many ballots have it. */
  readonly counts: readonly number[];
}

/**
 * Rank, number of candidates, candidates in ascending order; and so on for each rank that is not skipped. Number 0: several candidates
 * whom the file does not name.
 */
export function encodeRanks(ranks: Ranks): number[] {
  const code: number[] = [];
  for (let r = 0; r < ranks.length; r++) {
    const at = ranks[r]!;
    if (at === 'several') code.push(r + 1, 0);
    else if (at.length === 1) code.push(r + 1, 1, at[0]!);
    else if (at.length > 1) {
      const distinct = [...new Set(at)].sort((a, b) => a - b);
      code.push(r + 1, distinct.length, ...distinct);
    }
  }
  return code;
}

/** Collects ballots; identical rankings become one. */
export class BallotBox {
  readonly candidates: readonly RankedCandidate[];
  readonly #index = new Map<string, number>();
  readonly #rankings: Uint16Array[] = [];
  readonly #counts: number[] = [];

  constructor(candidates: readonly RankedCandidate[]) {
    if (candidates.length > 60_000)
      throw new RangeError('more candidates than the code for a ranking has room for');
    this.candidates = candidates;
  }

  add(ranks: Ranks, ballots = 1): void {
    this.addEncoded(String.fromCharCode(...encodeRanks(ranks)), ballots);
  }

  /** The same for a code that is already made, as a string of its numbers. */
  addEncoded(code: string, ballots: number): void {
    const known = this.#index.get(code);
    if (known === undefined) {
      this.#index.set(code, this.#counts.length);
      this.#rankings.push(Uint16Array.from(code, (c) => c.charCodeAt(0)));
      this.#counts.push(ballots);
    } else this.#counts[known]! += ballots;
  }

  ballots(): RankedBallots {
    return { candidates: this.candidates, rankings: [...this.#rankings], counts: [...this.#counts] };
  }
}

/** The ballots of several counts together: a county from its precincts. All must name the same candidates in the same order. */
export function union(parts: readonly RankedBallots[]): RankedBallots {
  const box = new BallotBox(parts[0]?.candidates ?? []);
  for (const part of parts) {
    if (part.candidates.some((c, i) => c.name !== box.candidates[i]?.name))
      throw new RangeError('ballots of different candidates do not add');
    part.rankings.forEach((ranking, i) => box.add(decodeRanks(ranking), part.counts[i]));
  }
  return box.ballots();
}

export function decodeRanks(code: Uint16Array): Ranks {
  const ranks: (readonly number[] | 'several')[] = [];
  for (let i = 0; i < code.length; i += 2 + code[i + 1]!) {
    while (ranks.length < code[i]! - 1) ranks.push([]);
    ranks.push(code[i + 1] === 0 ? 'several' : [...code.subarray(i + 2, i + 2 + code[i + 1]!)]);
  }
  return ranks;
}

export interface FromCvrs {
  /**
   * The candidates, and which of them a choice of the export is: an index, or undefined if its marks do not count at all. Without
   * it, each choice is a candidate and all write-in lines are one undeclared candidate.
   */
  readonly candidates?: readonly RankedCandidate[];
  readonly candidateOf?: (choice: CvrChoice, index: number) => number | undefined;
  /** Divides the ballots: by precinct, by batch. "" is a part too: the export does not say. */
  readonly by?: 'precinct' | 'batch' | 'tabulator' | 'style' | 'countingGroup';
}

export interface CvrBallots {
  readonly all: RankedBallots;
  readonly parts: ReadonlyMap<string, RankedBallots>;
}

/** The ballots of contest `c` of an export. A contest that an export calls invalid on a card counts as left blank there. */
export function ballotsFromCvrs({ header, chunks }: Cvrs, c: number, options: FromCvrs = {}): CvrBallots {
  const choices = header.contests[c]!.choices;
  const candidates = options.candidates ?? candidatesOf(choices);
  const candidateOf =
    options.candidateOf ??
    ((choice) =>
      candidates.findIndex((x) => (choice.writeIn === 'line' ? x.undeclared : x.name === choice.name)));
  const map = choices.map((choice, i) => candidateOf(choice, i));
  const all = new BallotBox(candidates);
  const parts = new Map<string, BallotBox>();
  const ranked = header.contests[c]!.ranks > 0;
  for (const chunk of chunks) {
    const code = ranked ? codesOf(chunk, c, map) : undefined;
    for (let i = 0; i < chunk.cards; i++) {
      let ranking = code?.(i);
      if (ranking === undefined) {
        const ranks = ranksOn(header, chunk, c, i, map);
        if (ranks === undefined) continue;
        ranking = String.fromCharCode(...encodeRanks(ranks));
      }
      const weight = chunk.weight?.[i] ?? 1;
      all.addEncoded(ranking, weight);
      if (options.by === undefined) continue;
      const part = header.names[options.by][chunk.attributes[options.by][i]!]!;
      let box = parts.get(part);
      if (box === undefined) parts.set(part, (box = new BallotBox(candidates)));
      box.addEncoded(ranking, weight);
    }
  }
  return { all: all.ballots(), parts: new Map([...parts].map(([name, box]) => [name, box.ballots()])) };
}

/**
 * The codes of the records of a chunk, asked for in order, straight from the columns: for a ranked ballot with at most one candidate at
 * each rank, which nearly all are (half the time of going by way of `voteOn`, measured on a million ballots). Undefined: go that way.
 */
function codesOf(
  chunk: CvrChunk,
  c: number,
  map: readonly (number | undefined)[],
): ((i: number) => string | undefined) | undefined {
  const column = chunk.contests[c];
  if (column === undefined) return undefined;
  const { record, choice, rank } = column.marks;
  const cells = new Map<number, string>();
  let m = 0;
  return (i) => {
    while (m < record.length && record[m]! < i) m++;
    if (column.vote[i] !== voteCodes.listed) return undefined;
    let code = '';
    let last = 0;
    for (let k = m; record[k] === i; k++) {
      const [at, which] = [rank[k]!, choice[k]!];
      if (at <= last || which === severalUnnamed) return undefined;
      last = at;
      const candidate = map[which];
      if (candidate === undefined) continue;
      const cell = at * 0x10000 + candidate;
      let text = cells.get(cell);
      if (text === undefined) cells.set(cell, (text = String.fromCharCode(at, 1, candidate)));
      code += text;
    }
    return code;
  };
}

function ranksOn(
  header: CvrHeader,
  chunk: CvrChunk,
  c: number,
  i: number,
  map: readonly (number | undefined)[],
): Ranks | undefined {
  const vote = voteOn(header, chunk, c, i);
  if (vote.kind === 'notOnCard') return undefined;
  const candidates = (choices: readonly number[]): readonly number[] =>
    choices.map((choice) => map[choice]).filter((c) => c !== undefined);
  // Marks of a contest without ranks all stand at the first.
  if (vote.kind === 'votes') return [candidates(vote.choices)];
  if (vote.kind === 'overvoted') {
    const marked = [...new Set(candidates(vote.choices))];
    return [marked.length > 1 ? marked : 'several'];
  }
  if (vote.kind !== 'ranking') return [];
  return vote.ranks.map((at) => (at === 'several' ? at : candidates(at)));
}

function candidatesOf(choices: readonly CvrChoice[]): RankedCandidate[] {
  const named = choices.filter((c) => c.writeIn !== 'line').map((c) => ({ name: c.name }));
  return choices.some((c) => c.writeIn === 'line')
    ? [...named, { name: undeclaredWriteIns, undeclared: true }]
    : named;
}

export const undeclaredWriteIns = 'Undeclared Write-ins';
