// What was said about the election: a claim or an official statement, verbatim, and the parts of it that can be checked.
// The answers are computed in `claims/`; what is kept here is only who said what, and which checks each part is put to.
import type { ContestId, JurisdictionId } from '../election/index.ts';

export interface Statement {
  /** A short fixed name, used in addresses: 'votes-switched-by-machines'. */
  readonly id: string;
  readonly kind: 'claim' | 'official statement';
  /** As the public record names them; an office, or "widely shared, no single author". */
  readonly who: string;
  /** YYYY-MM-DD, or as precisely as it is known. */
  readonly when: string;
  /** Where it was said or printed: a publication, an address. */
  readonly where: string;
  /** The exact words. */
  readonly words: string;
  /** True where `words` is a summary of what many said and nobody's exact words. */
  readonly summarised?: boolean;
  readonly contest?: ContestId;
  readonly parts: readonly StatementPart[];
  /** Figures that it states, and what comes out when they are computed from the records at hand. */
  readonly figures?: readonly StatedFigure[];
}

/** A figure as published: kept as stated, never taken for a count of ours. */
export interface StatedFigure {
  /** A fixed name that checks/statedFigures.ts knows how to compute, or any other for a figure that cannot be. */
  readonly name: string;
  /** As published: "0.1053%", "4,995,323". */
  readonly value: string;
  /** What it is a figure of, in plain words. */
  readonly of: string;
  /** What else is known of it. */
  readonly note?: string;
  /** The same in Spanish. */
  readonly spanish?: { readonly of: string; readonly note?: string };
}

/** One checkable part of a statement. */
export interface StatementPart {
  readonly id: string;
  /** In plain words: what would have to be so for this part to be right. */
  readonly asks: string;
  /** The kernel is what the statement starts from; the conclusion is what it draws from it. */
  readonly role: 'kernel' | 'conclusion';
  /** The part is right if every test comes out as named, wrong if one comes out the other way. Empty: no public record at hand answers it. */
  readonly tests: readonly StatementTest[];
  /** What the tests do not reach, and the record that would. */
  readonly beyond?: string;
  /** The same in Spanish: what was said stays in the language it was said in, what is asked of it is asked in both. */
  readonly spanish?: { readonly asks: string; readonly beyond?: string };
}

/** A check put to a part: right if the finding has this word; with a jurisdiction, right if 'fails' concerns it (or 'holds' leaves it out). */
export interface StatementTest {
  readonly check: string;
  readonly word: 'holds' | 'fails';
  readonly jurisdiction?: JurisdictionId;
}
