// The ballots of one ranked contest, as counting needs them: each distinct ranking once, with how many ballots have it. A
// million ballots are some ten thousand rankings, and a round of counting touches only the rankings that move.
import { voteOn, type Cvrs, type CvrChoice, type CvrHeader, type CvrChunk } from '../cvr/index.ts';

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
    const code = encodeRanks(ranks);
    const key = String.fromCharCode(...code);
    const known = this.#index.get(key);
    if (known === undefined) {
      this.#index.set(key, this.#counts.length);
      this.#rankings.push(Uint16Array.from(code));
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
  for (const chunk of chunks)
    for (let i = 0; i < chunk.cards; i++) {
      const ranks = ranksOn(header, chunk, c, i, map);
      if (ranks === undefined) continue;
      const weight = chunk.weight?.[i] ?? 1;
      all.add(ranks, weight);
      if (options.by === undefined) continue;
      const part = header.names[options.by][chunk.attributes[options.by][i]!]!;
      let box = parts.get(part);
      if (box === undefined) parts.set(part, (box = new BallotBox(candidates)));
      box.add(ranks, weight);
    }
  return { all: all.ballots(), parts: new Map([...parts].map(([name, box]) => [name, box.ballots()])) };
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
  if (vote.kind === 'votes' || vote.kind === 'overvoted') return [candidates(vote.choices)];
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
