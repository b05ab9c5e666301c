// By how much did the machine's reading favour an assertion beyond what the paper says? (SHANGRLA 3.2; More style, less work, sec. 7; phantoms
// to zombies, Bañuelos and Stark 2012; ONEAudit, Stark 2023, sec. 2.)
//
// omega = A(cvr) - A(paper), and the overstatement assorter B = (1 - omega/u) / (2 - v/u) has mean above 1/2 exactly if A has, provided v is
// the margin of the *same* values A(cvr), over the same N the sample is drawn from. In the integers of assorter.ts, with U = half + top:
//     B = N (U - O) / (2 (U N - T))       O = score(cvr) - score(paper), T = sum of the scores of the cvrs.
// What cannot be found or matched is always the value worst for the assertion.
import type { Assorter, Fraction } from './assorter.ts';
import { score } from './assorter.ts';
import type { Marks } from './votes.ts';

/** What people found for a sampled card. A card whose paper carries another card's id is not found. */
export type OnPaper =
  | { readonly kind: 'marks'; readonly marks: Marks }
  /** The paper was found and the contest is not on it. */
  | { readonly kind: 'contestAbsent' }
  | { readonly kind: 'notFound' };

/** What the machine's record says of it. */
export type OnRecord =
  | { readonly kind: 'marks'; readonly marks: Marks }
  | { readonly kind: 'contestAbsent' }
  /** A card that must exist and has no cast vote record. */
  | { readonly kind: 'phantom' }
  /** ONEAudit: a card of a pool of which only the sum of scores is known. */
  | { readonly kind: 'pool'; readonly total: number; readonly cards: number };

/** The score of a card's paper: 0 stands for A = 1/2, -half for A = 0. With card styles a paper that lacks its contest is the worst case. */
export function scoreOnPaper(assorter: Assorter, paper: OnPaper, cardStyles: boolean): number {
  if (paper.kind === 'marks') return score(assorter, paper.marks);
  return paper.kind === 'contestAbsent' && !cardStyles ? 0 : -assorter.half;
}

/** The score the record claims. A record without the contest is outside the population where there are card styles: RangeError. */
export function scoreOnRecord(assorter: Assorter, record: OnRecord, cardStyles: boolean): Fraction {
  if (record.kind === 'marks') return { numerator: score(assorter, record.marks), denominator: 1 };
  if (record.kind === 'pool') {
    if (record.cards <= 0) throw new RangeError('a pool of no cards has no mean');
    return { numerator: record.total, denominator: record.cards };
  }
  if (record.kind === 'contestAbsent' && cardStyles)
    throw new RangeError('with card styles, a record without the contest is not in its population');
  return { numerator: 0, denominator: 1 };
}

/** omega = A(cvr) - A(paper), exact. */
export function overstatement(
  assorter: Assorter,
  record: OnRecord,
  paper: OnPaper,
  cardStyles: boolean,
): Fraction {
  const said = scoreOnRecord(assorter, record, cardStyles);
  return {
    numerator: said.numerator - scoreOnPaper(assorter, paper, cardStyles) * said.denominator,
    denominator: 2 * assorter.half * said.denominator,
  };
}

/** B without error: 1 / (2 - v/u). `total` is the sum of scores of the records (scoreTotal), `cards` is N. */
export const noError = (assorter: Assorter, total: number, cards: number): number =>
  overstatementValue(assorter, { numerator: 0, denominator: 1 }, total, cards);

/** B = (1 - omega/u) / (2 - v/u), one rounding. */
export function overstatementValue(
  assorter: Assorter,
  omega: Fraction,
  total: number,
  cards: number,
): number {
  const highest = assorter.half + assorter.top;
  if (highest * cards <= total) throw new RangeError('the records score more than their cards can');
  // O = 2 half omega
  const kept = highest * omega.denominator - 2 * assorter.half * omega.numerator;
  return (cards * kept) / (2 * omega.denominator * (highest * cards - total));
}

/** The largest value of B: 2 / (2 - v/u), as omega is never below -u. */
export const overstatementBound = (assorter: Assorter, total: number, cards: number): number =>
  2 * noError(assorter, total, cards);
