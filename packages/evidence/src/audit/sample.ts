// The drawn cards of one contest and what people found on them, checked at the door.
//
// A card drawn and not yet interpreted is pending. It may not be skipped (somebody could choose which to look at), so a sequential rule
// reads the sample up to the first pending card. A card that cannot be found is not pending: it is the worst case.
import type { OnPaper } from '../assertions/index.ts';
import type { AuditRefusal } from './outcome.ts';

export interface DrawnCards {
  /** Card ids in the order drawn. With card-style data: those that hold this contest. */
  readonly drawn: readonly string[];
  readonly interpretations: ReadonlyMap<string, OnPaper>;
  /** Draws with replacement may repeat a card; others may not. */
  readonly withReplacement?: boolean;
}

export interface ReadSample {
  readonly ok: true;
  /** In draw order, up to the first pending card. */
  readonly cards: readonly { readonly card: string; readonly paper: OnPaper }[];
  readonly pending: number;
  readonly notFound: number;
}

export function readSample(
  { drawn, interpretations, withReplacement = false }: DrawnCards,
  population: number,
  choices: number,
): ReadSample | { readonly ok: false; readonly refusal: AuditRefusal } {
  const bad = (refusal: AuditRefusal) => ({ ok: false, refusal }) as const;
  const ids = new Set<string>();
  for (const card of drawn) {
    const before = ids.size;
    ids.add(card);
    if (ids.size === before && !withReplacement) return bad({ code: 'card-drawn-twice', card });
  }
  if (!withReplacement && drawn.length > population)
    return bad({ code: 'more-drawn-than-cards', drawn: drawn.length, cards: population });
  for (const [card, paper] of interpretations) {
    if (!ids.has(card)) return bad({ code: 'card-never-drawn', card });
    if (paper.kind !== 'marks') continue;
    for (const choice of paper.marks)
      if (!Number.isInteger(choice) || choice < 0 || choice >= choices)
        return bad({ code: 'unknown-choice', card, choice });
  }
  const cards: { card: string; paper: OnPaper }[] = [];
  let pending = 0;
  let notFound = 0;
  for (const card of drawn) {
    const paper = interpretations.get(card);
    if (paper === undefined) pending++;
    else if (pending === 0) {
      cards.push({ card, paper });
      if (paper.kind === 'notFound') notFound++;
    }
  }
  return { ok: true, cards, pending, notFound };
}
