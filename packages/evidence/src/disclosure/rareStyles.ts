// Whose vote would be known if these cast vote records were published? A voter whose card stands among few of its kind: who knows that somebody voted
// that ballot in that precinct in that way finds the card. Colorado covers a style of fewer than ten ballots before anybody sees the records
// (C.R.S. 24-72-205.5); others use five, or thirty. Here ten.
//
// Cards are of one kind if they hold the same contests, in the same precinct and counting group. The contests on the card tell styles apart, not their
// label: two labels with the same contests hide each other's voters, and one label with different contests hides nobody. Only cards are counted: that all
// of a larger kind voted alike gives them away too, and that a voter signs a ballot by an odd ranking, and this does not see it.
import type { CvrChunk, CvrConsumer, CvrHeader } from '../cvr/index.ts';

/** Fewer cards of a kind than this are few. */
export const fewCards = 10;

/** A kind of card that there are few of. */
export interface RareKind {
  /** The names of its styles in the export, where it names them, the first that came up. */
  readonly style: string;
  readonly precinct: string;
  readonly countingGroup: string;
  /** 1 to 9. */
  readonly cards: number;
}

export interface RareStyles {
  /** All cards of all exports, rows that are sums of many left out. */
  readonly cards: number;
  readonly kinds: number;
  /** The kinds with few cards, the fewest first. */
  readonly rare: readonly RareKind[];
}

/** How many cards are of a kind with few, and how many of them are the only one of their kind. */
export const exposed = ({ rare }: RareStyles): { readonly cards: number; readonly alone: number } => ({
  cards: rare.reduce((sum, kind) => sum + kind.cards, 0),
  alone: rare.filter((kind) => kind.cards === 1).length,
});

interface Kind {
  readonly style: string;
  readonly precinct: string;
  readonly countingGroup: string;
  cards: number;
}

/** Counts the cards of each kind; several exports may be taken one after the other. */
export class RareStylesFinder implements CvrConsumer {
  readonly #kinds = new Map<string, Kind>();
  readonly #contests = new Map<string, number>();
  /** From a set of contests, by number, to that set and one contest more: after[set][contest]. Set 0 is empty. */
  readonly #after: number[][] = [[]];
  #header: CvrHeader | undefined;
  #cards = 0;

  begin(header: CvrHeader): void {
    this.#header = header;
  }

  take(chunk: CvrChunk): void {
    const header = this.#header!;
    const sets = this.#setsOfContests(header, chunk);
    const { precinct, countingGroup, style } = chunk.attributes;
    const { names } = header;
    // Neighbours are often of one kind.
    let last: Kind | undefined;
    for (let i = 0; i < chunk.cards; i++) {
      const same =
        i > 0 &&
        sets[i] === sets[i - 1] &&
        precinct[i] === precinct[i - 1] &&
        countingGroup[i] === countingGroup[i - 1];
      if (!same || last === undefined) {
        const [p, g] = [names.precinct[precinct[i]!]!, names.countingGroup[countingGroup[i]!]!];
        const key = `${sets[i]}\u0000${p}\u0000${g}`;
        last = this.#kinds.get(key);
        if (last === undefined)
          this.#kinds.set(
            key,
            (last = { style: names.style[style[i]!]!, precinct: p, countingGroup: g, cards: 0 }),
          );
      }
      const weight = chunk.weight?.[i] ?? 1;
      last.cards += weight;
      this.#cards += weight;
    }
  }

  result(): RareStyles {
    const kinds = [...this.#kinds.values()];
    return {
      cards: this.#cards,
      kinds: kinds.length,
      rare: kinds
        .filter((kind) => kind.cards > 0 && kind.cards < fewCards)
        .toSorted((a, b) => a.cards - b.cards),
    };
  }

  /** By card: a number for the set of contests on it, the same number for the same set in every chunk and export. */
  #setsOfContests({ contests }: CvrHeader, chunk: CvrChunk): Uint32Array {
    const sets = new Uint32Array(chunk.cards);
    const order = chunk.contests
      .map((column, c) => ({ column, number: this.#numberOf(contests[c]!.id) }))
      .toSorted((a, b) => a.number - b.number);
    for (const { column, number } of order)
      for (let i = 0; i < chunk.cards; i++) {
        if (column.vote[i] === -1) continue; // not on the card
        const after = this.#after[sets[i]!]!;
        let set = after[number];
        if (set === undefined) after[number] = set = this.#after.push([]) - 1;
        sets[i] = set;
      }
    return sets;
  }

  #numberOf(contest: string): number {
    let number = this.#contests.get(contest);
    if (number === undefined) this.#contests.set(contest, (number = this.#contests.size));
    return number;
  }
}
