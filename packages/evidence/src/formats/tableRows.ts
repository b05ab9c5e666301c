// The door of the tables that offices write and that fit in memory (manifests, totals, results): bytes into text, text into rows, and a ledger of
// what is wrong with them. Blank rows are passed over.
import { eachRow, type CsvRow } from './csv.ts';
import type { Refusal } from './reading.ts';
import { openLedger, type Ledger } from './refusals.ts';
import { decodeText } from './text.ts';

/** Calls `visit` with each row that says something. What stops the reading, the visitor's refusal or a fault of the file, is in the ledger. */
export function tableRows(
  file: string,
  bytes: Uint8Array,
  visit: (row: CsvRow, ledger: Ledger) => Refusal | undefined,
): Ledger {
  const decoded = decodeText(file, bytes);
  const isText = !('code' in decoded);
  const ledger = openLedger(file, isText ? decoded.remarks : []);
  const fault = isText
    ? eachRow(file, decoded.text, (row) =>
        row.fields.every((field) => field.trim() === '') ? undefined : visit(row, ledger),
      )
    : decoded;
  if (fault !== undefined && !ledger.refusals.includes(fault)) ledger.refusals.push(fault);
  return ledger;
}
