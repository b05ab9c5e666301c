// Counts a large Dominion CSV with all cores: each thread takes a stretch of the file that begins and ends at a line end. A line end may stand
// inside a quoted cell; then the stretch before it ends in an open quote, its thread says so, and the file is counted in one thread. So
// the count is the same as that of one thread, always.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CardAttribute } from '@opencanvass/evidence/cvr';
import { readDominionCsv, readDominionCsvHead } from '@opencanvass/evidence/formats';
import type { CvrReading, DominionCsvOptions, Reading } from '@opencanvass/evidence/formats';
import { addTallies, UnitTallier } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';
import { blockBytes, bytesOf, countStretch } from './stretch.ts';
import type { Stretch, StretchCount } from './stretch.ts';

export interface ParallelCount {
  readonly reading: Reading<CvrReading>;
  /** Undefined if the file was refused. */
  readonly tally: UnitTally | undefined;
  readonly threads: number;
}

/** Below this a second thread costs more than it saves (0.1 s to start one, measured). */
const worthAThread = 16 * 1024 * 1024;

export async function countDominionCsv(
  path: string,
  by: readonly CardAttribute[] = [],
  options: DominionCsvOptions = {},
  threads = availableParallelism(),
  leastOfThread = worthAThread,
): Promise<ParallelCount> {
  const size = statSync(path).size;
  const several = Math.min(threads, Math.floor(size / leastOfThread));
  const split = several > 1 ? await inStretches(path, size, by, options, several) : undefined;
  return split ?? inOne(path, size, by, options);
}

async function inOne(
  path: string,
  size: number,
  by: readonly CardAttribute[],
  options: DominionCsvOptions,
): Promise<ParallelCount> {
  const tallier = new UnitTallier(by);
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield* bytesOf(path, 0, size);
  };
  const reading = await readDominionCsv({ name: path, bytes }, tallier, options);
  return { reading, tally: reading.ok ? tallier.tally : undefined, threads: 1 };
}

async function inStretches(
  path: string,
  size: number,
  by: readonly CardAttribute[],
  options: DominionCsvOptions,
  threads: number,
): Promise<ParallelCount | undefined> {
  const [block] = bytesOf(path, 0, 4 * blockBytes);
  const head = readDominionCsvHead(path, block!, false, options);
  if (head === 'more' || !head.ok) return undefined;
  const begins = Array.from({ length: threads }, (_, t) =>
    t === 0
      ? head.value.length
      : afterLineEnd(path, head.value.length + Math.floor(((size - head.value.length) * t) / threads), size),
  );
  const stretches = begins.map((from, t): Stretch => ({
    path,
    head: head.value,
    from,
    to: begins[t + 1] ?? size,
    by,
  }));
  const elsewhere = stretches.slice(1).map(inThread);
  const counts = [await countStretch(stretches[0]!), ...(await Promise.all(elsewhere))];
  if (counts.includes(undefined)) return undefined;
  const parts = counts as StretchCount[];
  const tally = addTallies(parts.map((part) => part.tally));
  if (!('units' in tally)) return undefined;
  let lines = head.value.lines;
  const rowsRefused = parts.flatMap((part) => {
    const before = lines;
    lines += part.lines;
    return part.rowsRefused.map((refusal) => ({ ...refusal, line: (refusal.line ?? 0) + before }));
  });
  const records = parts.reduce((n, part) => n + part.records, 0);
  const sums = parts.reduce((n, part) => n + part.sums, 0);
  return {
    reading: {
      ok: true,
      value: { header: tally.header, records, sums },
      rowsRead: records + sums,
      rowsRefused,
      remarks: head.remarks,
    },
    tally,
    threads,
  };
}

/** The place after the first line end at or after `at`. */
function afterLineEnd(path: string, at: number, size: number): number {
  for (const block of bytesOf(path, at, size)) {
    const end = block.indexOf(10);
    if (end >= 0) return at + end + 1;
    at += block.length;
  }
  return size;
}

function inThread(stretch: Stretch): Promise<StretchCount | undefined> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./stretchWorker.ts', import.meta.url), { workerData: stretch });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
