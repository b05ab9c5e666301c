// What a check says. These four words, everywhere; what was computed, how big it is, which units it concerns, what was read. No prose:
// a finding is data, and `sentences/` says it in English and Spanish.
import type { ContestId, JurisdictionId } from '../election/index.ts';
import type { Evidence, Source } from '../record/index.ts';

export type Word = 'holds' | 'fails' | 'cannot tell' | 'does not apply';

/** One number of a finding, with its unit. */
export interface Figure {
  /** A fixed key that `sentences/` can put into words: 'batches', 'margin', 'largest'. */
  readonly name: string;
  readonly value: number;
  readonly unit: FigureUnit;
}
export type FigureUnit =
  | 'votes'
  | 'ballots'
  | 'cards'
  | 'batches'
  | 'jurisdictions'
  | 'files'
  | 'entries'
  | 'signatures'
  | 'choices'
  | 'rows'
  | 'percent'
  | 'digits'
  | 'bytes'
  | 'contests'
  | 'draws'
  | 'readings'
  | 'rounds'
  | 'series';

/** A place that a finding is about: a county, a batch, a file, an entry. */
export interface UnitConcerned {
  readonly jurisdiction?: JurisdictionId;
  /** The batch's, file's or choice's name as the source writes it. */
  readonly name?: string;
  /** Which fault it is, where a check knows several. */
  readonly code?: string;
  readonly figures: readonly Figure[];
  /** For a fault of the record: what had to stand there, and what does. */
  readonly expected?: string;
  readonly found?: string;
}

export interface Finding {
  readonly check: string;
  /** Whether the record itself holds together, or what it shows about the election. The two are never mixed. */
  readonly of: 'record' | 'election';
  readonly contest?: ContestId;
  readonly word: Word;
  /** Which fault, for 'fails'; what is missing, for 'cannot tell'; why, for 'does not apply'; how, where a check holds in several ways. A fixed word. */
  readonly code?: string;
  readonly figures: readonly Figure[];
  /** The units concerned, the largest first; all of them, not a sample. */
  readonly units: readonly UnitConcerned[];
  /** How many alarms chance alone would raise, for a check that can raise a false one. */
  readonly byChance?: { readonly expected: number; readonly unit: FigureUnit };
  /** What was read to say this. */
  readonly read: readonly Source[];
  /** Entries that explain a failure. They stand beside it and never hide it. */
  readonly explainedBy: readonly number[];
}

/** A named check: a question that evidence answers. */
export interface Check {
  readonly id: string;
  readonly of: 'record' | 'election';
  /** One finding, or one for each contest; never none. */
  readonly run: (evidence: Evidence) => readonly Finding[];
}

/** A finding with what it has; the rest is empty. */
export function finding(
  check: Pick<Check, 'id' | 'of'>,
  word: Word,
  parts: Partial<Omit<Finding, 'check' | 'of' | 'word'>> = {},
): Finding {
  return { check: check.id, of: check.of, word, figures: [], units: [], read: [], explainedBy: [], ...parts };
}

export const figure = (name: string, value: number, unit: FigureUnit): Figure => ({ name, value, unit });

/** The explanations on record for a failure of this check in this contest. */
export function explanationsOf(evidence: Evidence, check: string, contest?: ContestId): number[] {
  return evidence.explanations
    .filter(
      (e) => e.check === check && (contest === undefined || e.contest === undefined || e.contest === contest),
    )
    .map((e) => e.position);
}
