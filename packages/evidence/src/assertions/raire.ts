// Which assertions prove the winner of an instant runoff with the least work? RAIRE (Blom, Stuckey, Teague 2019, fig. 5): branch and bound over
// the orders of elimination in which somebody else wins, written from the end, so that [b, a] stands for all orders in which a wins
// and b is eliminated last. Every such *suffix* must be ruled out by an assertion; we look for a set whose hardest assertion is as easy as
// can be. The hardest suffix is opened first, and of equals the longest, so that nothing is opened that an optimal answer can close.
//
// Whether the set proves the winner is not taken from here: implied.ts checks it and shares no code with this file.
import type { NebAssorter, NenAssorter } from './assorter.ts';
import { nebAssorter, nenAssorter } from './assorter.ts';
import type { Difficulty } from './difficulty.ts';
import { oneOnMargin } from './difficulty.ts';
import type { RankingCount } from './votes.ts';

export interface RankedElection {
  readonly choices: number;
  readonly winner: number;
  readonly cards: number;
  readonly rankings: readonly RankingCount[];
}

export interface RankedAssertion {
  readonly assorter: NebAssorter | NenAssorter;
  /** Winning tally less losing tally. */
  readonly margin: number;
  readonly difficulty: number;
}

/** How long to look. Both are asked before each suffix is opened. */
export interface Patience {
  readonly suffixes?: number;
  readonly shouldStop?: () => boolean;
}

export type Raire =
  | {
      readonly ok: true;
      readonly assertions: readonly RankedAssertion[];
      readonly difficulty: number;
      /** False where the patience ended first: the set proves the winner, and an easier one may exist. */
      readonly optimal: boolean;
      readonly suffixes: number;
    }
  /** An order of elimination with another winner that no true assertion rules out: a tie, or the winner is another. */
  | { readonly ok: false; readonly code: 'tied'; readonly order: readonly number[] }
  | { readonly ok: false; readonly code: 'gave-up'; readonly suffixes: number };

interface Suffix {
  /** The choice that is eliminated first of these. */
  readonly order: readonly number[];
  /** The easiest assertion that rules out this suffix or one it ends with. */
  readonly best: RankedAssertion | undefined;
}

export function raire(
  election: RankedElection,
  difficulty: Difficulty = oneOnMargin,
  patience: Patience = {},
): Raire {
  const { choices, winner } = election;
  const easiest = assertionsAgainst(election, difficulty);
  const frontier = new Frontier();
  let bound = 0;
  let opened = 0;
  const closed: Suffix[] = [];
  const add = (order: readonly number[], inherited: RankedAssertion | undefined): Suffix | undefined => {
    const suffix = { order, best: easier(inherited, easiest(order)) };
    if (order.length < choices) frontier.push(suffix);
    else if (suffix.best === undefined) return suffix;
    else {
      bound = Math.max(bound, suffix.best.difficulty);
      closed.push(suffix);
    }
    return undefined;
  };
  for (let c = 0; c < choices; c++) if (c !== winner) add([c], undefined);

  let optimal = true;
  for (let hardest = frontier.pop(); hardest !== undefined; hardest = frontier.pop()) {
    closed.push(hardest);
    if (difficultyOf(hardest) <= bound) continue;
    if (opened >= (patience.suffixes ?? Infinity) || patience.shouldStop?.() === true) {
      if (hardest.best === undefined) return { ok: false, code: 'gave-up', suffixes: opened };
      optimal = false;
      bound = hardest.best.difficulty;
      continue;
    }
    closed.pop();
    opened++;
    for (let c = 0; c < choices; c++) {
      if (hardest.order.includes(c)) continue;
      const open = add([c, ...hardest.order], hardest.best);
      if (open !== undefined) return { ok: false, code: 'tied', order: open.order };
    }
  }
  const assertions = withoutRedundant(choices, winner, distinct(closed.map((s) => s.best!)));
  const worst = Math.max(0, ...assertions.map((a) => a.difficulty));
  return { ok: true, assertions, difficulty: worst, optimal, suffixes: opened };
}

const difficultyOf = (suffix: Suffix): number => suffix.best?.difficulty ?? Infinity;

const easier = (
  a: RankedAssertion | undefined,
  b: RankedAssertion | undefined,
): RankedAssertion | undefined =>
  a === undefined || (b !== undefined && b.difficulty < a.difficulty) ? b : a;

/** The easiest true assertion that rules out a suffix by its first choice: the candidates of fig. 5, lines 9-21. */
function assertionsAgainst(
  election: RankedElection,
  difficulty: Difficulty,
): (order: readonly number[]) => RankedAssertion | undefined {
  const { choices, cards } = election;
  const votes = flatten(election.rankings);
  const neb = nebTable(choices, votes, cards, difficulty);
  const continuing = new Uint8Array(choices);
  return (order) => {
    const first = order[0]!;
    let best: RankedAssertion | undefined;
    continuing.fill(0);
    for (const c of order) continuing[c] = 1;
    for (let c = 0; c < choices; c++) {
      if (c === first) continue;
      best = easier(best, continuing[c] === 1 ? neb[first * choices + c] : neb[c * choices + first]);
    }
    if (order.length < 2) return best;
    const tally = firstAmong(votes, continuing);
    let weakest = -1;
    for (const c of order) if (c !== first && (weakest === -1 || tally[c]! < tally[weakest]!)) weakest = c;
    const margin = tally[first]! - tally[weakest]!;
    const hard = difficulty(tally[first]!, tally[weakest]!, cards);
    if (margin <= 0 || (best !== undefined && best.difficulty <= hard)) return best;
    return { assorter: nenAssorter(first, weakest, order), margin, difficulty: hard };
  };
}

/** Rankings one after another in one array: the inner loops of RAIRE read millions of them. */
interface FlatRankings {
  readonly starts: Uint32Array;
  readonly prefs: Uint16Array;
  readonly counts: Float64Array;
}

function flatten(rankings: readonly RankingCount[]): FlatRankings {
  const merged = new Map<string, RankingCount>();
  for (const r of rankings) {
    const key = r.ranking.join(' ');
    merged.set(key, { ranking: r.ranking, count: r.count + (merged.get(key)?.count ?? 0) });
  }
  const all = [...merged.values()];
  const starts = new Uint32Array(all.length + 1);
  for (const [i, r] of all.entries()) starts[i + 1] = starts[i]! + r.ranking.length;
  return {
    starts,
    prefs: Uint16Array.from(all.flatMap((r) => r.ranking)),
    counts: Float64Array.from(all, (r) => r.count),
  };
}

/** By choice: cards on which it is the first of those that continue. */
function firstAmong({ starts, prefs, counts }: FlatRankings, continuing: Uint8Array): Float64Array {
  const tally = new Float64Array(continuing.length);
  for (let r = 0; r < counts.length; r++) {
    const end = starts[r + 1]!;
    for (let i = starts[r]!; i < end; i++) {
      if (continuing[prefs[i]!] === 1) {
        tally[prefs[i]!]! += counts[r]!;
        break;
      }
    }
  }
  return tally;
}

/** neb[w * choices + l]: NEB(w > l) where it is true. First preferences of w against every card that ranks l and not w before it. */
function nebTable(
  choices: number,
  votes: FlatRankings,
  cards: number,
  difficulty: Difficulty,
): (RankedAssertion | undefined)[] {
  const first = firstAmong(votes, new Uint8Array(choices).fill(1));
  const against = new Float64Array(choices * choices);
  const before = new Uint8Array(choices);
  for (let r = 0; r < votes.counts.length; r++) {
    before.fill(0);
    for (let i = votes.starts[r]!; i < votes.starts[r + 1]!; i++) {
      const l = votes.prefs[i]!;
      before[l] = 1;
      for (let w = 0; w < choices; w++) if (before[w] === 0) against[w * choices + l]! += votes.counts[r]!;
    }
  }
  return Array.from({ length: choices * choices }, (_, i) => {
    const w = Math.floor(i / choices);
    const margin = first[w]! - against[i]!;
    return margin <= 0 || w === i % choices
      ? undefined
      : {
          assorter: nebAssorter(w, i % choices),
          margin,
          difficulty: difficulty(first[w]!, against[i]!, cards),
        };
  });
}

/** Suffixes, the hardest on top and of equals the longest: a binary heap. */
class Frontier {
  readonly #heap: Suffix[] = [];

  push(suffix: Suffix): void {
    const heap = this.#heap;
    let i = heap.push(suffix) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!harder(suffix, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = suffix;
  }

  pop(): Suffix | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && harder(heap[child + 1]!, heap[child]!)) child++;
      if (!harder(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function harder(a: Suffix, b: Suffix): boolean {
  const [x, y] = [difficultyOf(a), difficultyOf(b)];
  return x > y || (x === y && a.order.length > b.order.length);
}

const keyOf = ({ assorter: a }: RankedAssertion): string =>
  `${a.kind} ${a.winner} ${a.loser} ${a.kind === 'NEN' ? a.continuing.join(' ') : ''}`;

const distinct = (assertions: readonly RankedAssertion[]): RankedAssertion[] => [
  ...new Map(assertions.map((a) => [keyOf(a), a])).values(),
];

/**
 * Leaves out assertions that the others make superfluous, the hardest first: one can go if every suffix that it alone rules out falls to
 * the others further down (Aspen 2009: 188 become 83). Few suffixes are touched by each, which is what makes this quick; after `work` of
 * them the rest stay as they are.
 */
function withoutRedundant(
  choices: number,
  winner: number,
  assertions: readonly RankedAssertion[],
  work = 300_000,
): RankedAssertion[] {
  interface Leaf {
    readonly order: readonly number[];
    readonly against: readonly RankedAssertion[];
  }
  const longer = (order: readonly number[]): number[][] =>
    Array.from({ length: choices }, (_, c) => c).flatMap((c) =>
      order.includes(c) ? [] : [[c].concat(order)],
    );
  const needed = new Set(assertions);
  const byFirst = Array.from({ length: choices }, (_, c) =>
    assertions.filter(({ assorter: a }) => a.winner === c || (a.kind === 'NEB' && a.loser === c)),
  );
  let visited = 0;
  /** Where the assertions still needed close the tree below a suffix; undefined if an order escapes them. */
  const close = (order: readonly number[]): Leaf[] | undefined => {
    visited++;
    const against = byFirst[order[0]!]!.filter((a) => needed.has(a) && rulesOut(a, order));
    if (against.length > 0) return [{ order, against }];
    if (order.length === choices) return undefined;
    const leaves: Leaf[] = [];
    for (const next of longer(order)) {
      const below = close(next);
      if (below === undefined) return undefined;
      leaves.push(...below);
    }
    return leaves;
  };
  const leavesOf = new Map<RankedAssertion, Leaf[]>(assertions.map((a) => [a, []]));
  const keep = (leaves: readonly Leaf[]): void => {
    for (const leaf of leaves) for (const a of leaf.against) leavesOf.get(a)!.push(leaf);
  };
  for (let c = 0; c < choices; c++) if (c !== winner) keep(close([c])!);
  for (const a of assertions.toSorted((x, y) => y.difficulty - x.difficulty)) {
    if (visited > work) break;
    needed.delete(a);
    const reopened: (Leaf[] | undefined)[] = [];
    for (const { order, against } of leavesOf.get(a)!) {
      if (against.some((x) => needed.has(x))) continue;
      reopened.push(close(order));
      if (reopened.at(-1) === undefined) break;
    }
    if (reopened.includes(undefined)) needed.add(a);
    else keep(reopened.flatMap((l) => l!));
  }
  return assertions.filter((a) => needed.has(a)).toSorted((a, b) => a.difficulty - b.difficulty);
}

/** True if an assertion contradicts a suffix whose shorter forms it does not contradict. */
function rulesOut({ assorter: a }: RankedAssertion, order: readonly number[]): boolean {
  if (a.kind === 'NEN')
    return (
      order[0] === a.winner &&
      order.length === a.continuing.length &&
      a.continuing.every((c) => order.includes(c))
    );
  return order[0] === a.loser ? !order.includes(a.winner) : order[0] === a.winner && order.includes(a.loser);
}
