// Counting one stretch of a Dominion CSV, in whichever thread.
import { closeSync, openSync, readSync } from 'node:fs';
import type { CardAttribute } from '@opencanvass/evidence/cvr';
import { DominionCsvRows } from '@opencanvass/evidence/formats';
import type { DominionCsvHead, Refusal } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';

/** Bytes `from` to `to` of the file: whole rows, if no cell holds a line end just there. */
export interface Stretch {
  readonly path: string;
  readonly head: DominionCsvHead;
  readonly from: number;
  readonly to: number;
  readonly by: readonly CardAttribute[];
}

export interface StretchCount {
  readonly tally: UnitTally;
  readonly records: number;
  readonly sums: number;
  readonly lines: number;
  /** Lines are counted from the beginning of the stretch. */
  readonly rowsRefused: readonly Refusal[];
}

/** The count, or undefined if the stretch does not read as rows of its own. */
export async function countStretch({ path, head, from, to, by }: Stretch): Promise<StretchCount | undefined> {
  const rows = new DominionCsvRows(path, head, 0);
  const tallier = new UnitTallier(by);
  tallier.begin(rows.header);
  for (const block of bytesOf(path, from, to)) {
    await rows.push(block, tallier);
    if (rows.stopped) return undefined;
  }
  const reading = await rows.finish(tallier);
  if (!reading.ok) return undefined;
  const { records, sums } = reading.value;
  return { tally: tallier.tally, records, sums, lines: rows.lines, rowsRefused: reading.rowsRefused };
}

export const blockBytes = 1 << 20;

export function* bytesOf(path: string, from: number, to: number): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (let at = from; at < to;) {
      const block = new Uint8Array(Math.min(blockBytes, to - at));
      const read = readSync(file, block, 0, block.length, at);
      if (read === 0) return;
      yield block.subarray(0, read);
      at += read;
    }
  } finally {
    closeSync(file);
  }
}
