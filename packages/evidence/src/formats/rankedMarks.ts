// What readers of ranked ballots share: a ranking becomes the marks of a card, and choices that an export names only where somebody
// voted for them are learned on the way.
import { cvrChoice, severalUnnamed, voteCodes } from '../cvr/index.ts';
import type { ChunkBuilder, CvrChoice, GrowingContest } from '../cvr/index.ts';

/** By rank from the first: the choices marked; none: skipped; 'several': overvoted, and the export does not say by whom. */
export type RankedMarks = readonly (readonly number[] | 'several')[];

/** Writes a ranking as the vote of the card at hand in contest `c`. All ranks empty: the contest was left blank. */
export function markRanking(builder: ChunkBuilder, c: number, ranks: RankedMarks): void {
  if (ranks.every((at) => at.length === 0)) {
    builder.vote(c, voteCodes.blank);
    return;
  }
  builder.vote(c, voteCodes.listed);
  ranks.forEach((at, r) => {
    if (at === 'several') builder.mark(c, severalUnnamed, r + 1);
    else for (const choice of at) builder.mark(c, choice, r + 1);
  });
}

/** The index of a choice by the export's name or key for it; a new one is added to the contest. */
export class ChoiceNames {
  readonly #index = new Map<string, number>();
  readonly #contest: GrowingContest;

  constructor(contest: GrowingContest) {
    this.#contest = contest;
  }

  index(key: string, name = key, more?: Omit<CvrChoice, 'id' | 'name'>): number {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const index = this.#contest.choices.length;
    this.#contest.choices.push(cvrChoice(name, more));
    this.#index.set(key, index);
    return index;
  }
}
