// Which cards are in the sample of a round, when several contests are audited on one order of cards? Consistent sampling (Glazer,
// Spertus, Stark, More style, less work, 2021, sec. 7): for each contest the first n of the cards that hold it. The union is the sample, a contest
// may use all of the sample's cards that hold it up to the first card that holds it and is not in the sample, and a later round with
// larger n contains the earlier ones: it continues, and never begins again.
import type { DrawOrder } from './order.ts';

export interface Sample {
  /** The cards wanted by contest. */
  readonly wanted: readonly number[];
  /** The cards of the sample in the order drawn, each once. */
  readonly cards: readonly number[];
  /** By contest: how many of them it uses, from its first in order. At least what is wanted, unless there are not so many. */
  readonly used: readonly number[];
}

/** The contests on a card, as indices. With no card styles: all of them on every card. */
export type ContestsOn = (card: number) => readonly number[];

/** The sample in which contest c has its first wanted[c] cards. */
export function consistentSample(
  order: DrawOrder,
  contestsOn: ContestsOn,
  wanted: readonly number[],
): Sample {
  for (const n of wanted)
    if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`a sample of ${n} cards`);
  const cards: number[] = [];
  const used = wanted.map(() => 0);
  const closed = wanted.map(() => false);
  let open = wanted.filter((n) => n > 0).length;
  for (let place = 0; place < order.cards && open > 0; place++) {
    const card = order.cardAt(place);
    const contests = contestsOn(card);
    const taken = contests.some((c) => used[c]! < wanted[c]!);
    if (taken) cards.push(card);
    for (const c of contests) {
      if (!taken) closed[c] = true;
      else if (closed[c] === false) {
        used[c]!++;
        if (used[c] === wanted[c]) open--;
      }
    }
  }
  return { wanted, cards, used };
}

export interface NextRound extends Sample {
  /** The cards not in the rounds before, in the order drawn: what is to be retrieved now. */
  readonly added: readonly number[];
}

/** The next round: the same order, walked further. Throws RangeError where a contest would want fewer cards than before. */
export function nextRound(
  order: DrawOrder,
  contestsOn: ContestsOn,
  before: Sample,
  wanted: readonly number[],
): NextRound {
  if (wanted.length < before.wanted.length || before.wanted.some((n, c) => wanted[c]! < n))
    throw new RangeError(`a round cannot want fewer cards than the one before: ${wanted.join()} after ${before.wanted.join()}`); // oxfmt-ignore
  const sample = consistentSample(order, contestsOn, wanted);
  const earlier = new Set(before.cards);
  return { ...sample, added: sample.cards.filter((card) => !earlier.has(card)) };
}

export type SampleFault =
  /** In the stated sample and not in the one the seed gives. */
  | { readonly code: 'not-drawn'; readonly card: number }
  /** Drawn by the seed and left out. */
  | { readonly code: 'left-out'; readonly card: number }
  | { readonly code: 'twice'; readonly card: number }
  /** Card of the stated sample at `position`, where the seed puts another. */
  | { readonly code: 'out-of-order'; readonly position: number; readonly card: number };

/** Where a stated sample differs from the one the seed gives. None: it is the same, card by card. */
export function sampleFaults(stated: readonly number[], drawn: readonly number[]): SampleFault[] {
  const faults: SampleFault[] = [];
  const inDrawn = new Set(drawn);
  const seen = new Set<number>();
  for (const card of stated) {
    if (seen.has(card)) faults.push({ code: 'twice', card });
    else if (!inDrawn.has(card)) faults.push({ code: 'not-drawn', card });
    seen.add(card);
  }
  for (const card of drawn) if (!seen.has(card)) faults.push({ code: 'left-out', card });
  if (faults.length > 0) return faults;
  for (const [position, card] of stated.entries())
    if (card !== drawn[position]) faults.push({ code: 'out-of-order', position, card });
  return faults;
}
