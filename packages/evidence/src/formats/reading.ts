// What a reader gives back. A reader turns bytes into the words of the rooms above, strictly, once; what it cannot read it refuses with
// the place and the reason, as data: a code, and what was expected and found, in English (sentences/refusals.ts says it in Spanish).
// Nothing is half-read: one refusal that concerns the file as a whole, and there is no value.
import type { CvrHeader } from '../cvr/index.ts';

/** Why a file, or a row of it, was not read. */
export interface Refusal {
  /** A fixed word for the kind of fault, as specs/formats.md lists them: 'empty-file', 'missing-column', 'negative-count'… */
  readonly code: string;
  readonly file: string;
  /** 1-based line of the file, where there is one. */
  readonly line?: number;
  /** The column's title, the element's or field's name. */
  readonly field?: string;
  readonly expected: string;
  readonly found: string;
  /** What the person at the keyboard can do about it. */
  readonly todo: string;
}

/** Something in the file that is read, but that the reader wants seen: a total that contradicts its parts, a repeated header. */
export interface Remark {
  readonly code: string;
  readonly file: string;
  readonly line?: number;
  readonly field?: string;
  readonly expected: string;
  readonly found: string;
}

/** What reading cast vote records gives, besides the records themselves. */
export interface CvrReading {
  readonly header: CvrHeader;
  readonly records: number;
  /** Rows that were sums of many cards. */
  readonly sums: number;
}

export type Reading<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly rowsRead: number;
      readonly rowsRefused: readonly Refusal[];
      readonly remarks: readonly Remark[];
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** A reader's name and version, as a record keeps them: whoever reads the same bytes with it gets the same. */
export interface ReaderName {
  readonly reader: string;
  readonly version: string;
}
