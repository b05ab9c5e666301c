// What was said about the election: a claim or an official statement, verbatim, and the parts of it that can be checked.
// The answers are computed in `claims/`; what is kept here is only who said what, and which checks each part is put to.
import type { ContestId } from '../election/index.ts';

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
}

/** One checkable part of a statement. */
export interface StatementPart {
  readonly id: string;
  /** In plain words: what would have to be so. */
  readonly asks: string;
  /** The checks whose findings answer it. Empty where no public record at hand does. */
  readonly checks: readonly string[];
  /** True if the part is right when its checks hold; false if it is right when they fail. */
  readonly rightIf: 'checks hold' | 'checks fail';
  /** What the checks do not reach, and the record that would. */
  readonly beyond?: string;
}
