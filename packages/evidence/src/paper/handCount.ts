// What people read on the paper, batch by batch. Columnar, because a state has tens of thousands of batches.
import type { ChoiceId, ContestId, JurisdictionId } from '../election/index.ts';

/** What a column of a hand count counts: votes for a choice, or cards that gave none. */
export type TallyColumn =
  | { readonly kind: 'choice'; readonly choice: ChoiceId }
  | { readonly kind: 'validWriteIn' | 'invalidWriteIn' | 'blank' | 'overvote' };

/** The batches that one source reports as counted by hand in one contest. */
export interface HandCount {
  readonly contest: ContestId;
  /** 'batch': a row is a batch. 'type': a row is all batches of one type in one jurisdiction, added up; no check of batches can use it. */
  readonly granularity: 'batch' | 'type';
  readonly columns: readonly TallyColumn[];
  readonly jurisdictions: readonly JurisdictionId[];
  /** By batch: index into `jurisdictions`. */
  readonly jurisdictionOf: Uint16Array;
  /** By batch: its name to the byte, blanks kept. */
  readonly names: readonly string[];
  /** By batch: "Absentee By Mail", "Election Day"…, as the source names it; "" where it does not say. */
  readonly types: readonly string[];
  /** By batch and column: tallies[batch * columns.length + column]. */
  readonly tallies: Uint32Array;
}
