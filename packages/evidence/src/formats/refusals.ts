// How a reader gathers what is wrong: every faulty row of a file is told, up to a number that a person can still read, and then
// there is no value. Half an election is worse than none.
import type { Reading, Refusal, Remark } from './reading.ts';

/** After this many faults a reader stops looking. */
export const mostRefusals = 20;

export type Place = Pick<Refusal, 'line' | 'field'>;

export interface Ledger {
  readonly file: string;
  readonly refusals: Refusal[];
  readonly remarks: Remark[];
  /** Writes a refusal down and gives it back. */
  refuse(code: string, place: Place, expected: string, found: string, todo: string): Refusal;
  remark(code: string, place: Place, expected: string, found: string): void;
  full(): boolean;
}

export function openLedger(file: string, remarks: readonly Remark[] = []): Ledger {
  const ledger: Ledger = {
    file,
    refusals: [],
    remarks: [...remarks],
    refuse(code, place, expected, found, todo) {
      const refusal = { code, file, ...place, expected, found, todo };
      ledger.refusals.push(refusal);
      return refusal;
    },
    remark(code, place, expected, found) {
      ledger.remarks.push({ code, file, ...place, expected, found });
    },
    full: () => ledger.refusals.length >= mostRefusals,
  };
  return ledger;
}

/** A row of titles among the rows: an export pasted after another, perhaps of another election. */
export const secondHeader = (file: string, line: number): Refusal => ({
  code: 'second-header',
  file,
  line,
  expected: 'one row of titles, at the beginning',
  found: 'another: two exports in one file',
  todo: 'ask for the export as the system wrote it',
});

/** A reading without a value. */
export const refused = (...refusals: readonly Refusal[]): Reading<never> => ({ ok: false, refusals });

/** The value, if nothing was refused. */
export const close = <T>(
  ledger: Ledger,
  value: () => T,
  rowsRead: number,
  rowsRefused: readonly Refusal[] = [],
): Reading<T> =>
  ledger.refusals.length > 0
    ? { ok: false, refusals: ledger.refusals }
    : { ok: true, value: value(), rowsRead, rowsRefused, remarks: ledger.remarks };
