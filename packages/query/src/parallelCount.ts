// Counts a large export with all cores: a Dominion CSV by stretches of lines, a Dominion JSON by files or by stretches of one file's sessions.
// Each thread takes the next part that nobody has, so that one which starts late, or is slow, does less. A stretch may begin where it should
// not: at a line end inside a quoted cell, at a session that is none. Then the part before it ends in the middle of something and does not
// read, and the export is left to one thread, which also has the words for what is wrong with it. So the count is the same as that of one
// thread, always.
import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CardAttribute } from '@opencanvass/evidence/cvr';
import { detectCvrs, dominionJsonExports, readDominionCsvHead } from '@opencanvass/evidence/formats';
import type { CvrExportOptions, CvrFormat, CvrReading, Reading } from '@opencanvass/evidence/formats';
import { addTallies } from '@opencanvass/evidence/tally';
import type { UnitTally } from '@opencanvass/evidence/tally';
import { bytesOf, filesOnDisk } from './disk.ts';
import { countParts, partsOf } from './part.ts';
import type { Job, JsonPart, PartCount } from './part.ts';

export interface ParallelCount {
  readonly reading: Extract<Reading<CvrReading>, { ok: true }>;
  readonly tally: UnitTally;
  readonly threads: number;
}

export interface ParallelOptions extends CvrExportOptions {
  readonly threads?: number;
  /** How many bytes a part has at least. */
  readonly leastOfPart?: number;
  /** Of fewer parts one thread counts all. */
  readonly leastParts?: number;
}

/** Smaller parts share the work better and cost more: 3 ms each (measured). */
const usualPart = 8 * 1024 * 1024;
/** A thread costs 0.6 s of processor or more to start and to become fast, in which the first reads this much (measured): of less there is nothing to share. */
const usualLeastParts = { 'dominion-csv': 8, 'dominion-json': 24 } as const;

/** The count, or undefined if the export is too small for several threads, of a format that one thread reads, or to be refused. */
export async function countInParallel(
  path: string,
  by: readonly CardAttribute[] = [],
  options: ParallelOptions = {},
): Promise<ParallelCount | undefined> {
  const { threads = availableParallelism(), leastOfPart = usualPart } = options;
  if (threads < 2) return undefined;
  const job = await jobOf(path, by, options, leastOfPart);
  if (job === undefined || partsOf(job) < (options.leastParts ?? usualLeastParts[job.kind])) return undefined;
  const counts = await countedBy(job, Math.min(threads, partsOf(job)));
  return counts.includes(undefined) ? undefined : joined(job, counts as PartCount[], threads);
}

async function jobOf(
  path: string,
  by: readonly CardAttribute[],
  { format, encoding, version }: CvrExportOptions,
  leastOfPart: number,
): Promise<Job | undefined> {
  const { size } = statSync(path);
  const opened = await filesOnDisk(path);
  if (!opened.ok) return undefined;
  const files = opened.value;
  const is: CvrFormat | object = format ?? (await detectCvrs(files));
  if (is === 'dominion-csv' && files.length === 1 && statSync(path).isFile()) {
    const [block] = bytesOf(path, 0, Math.min(size, 4 << 20));
    const head = block && readDominionCsvHead(path, block, false, encoding === undefined ? {} : { encoding });
    if (head === undefined || head === 'more' || !head.ok) return undefined;
    return { kind: 'dominion-csv', path, by, head: head.value, size, parts: Math.floor(size / leastOfPart) };
  }
  if (is !== 'dominion-json') return undefined;
  const names = dominionJsonExports(files).map((file) => file.name);
  const options = version === undefined ? {} : { version };
  const inFolder = statSync(path).isDirectory();
  const [only] = names;
  if (inFolder && names.length === 1 && only !== undefined) {
    const parts = sessionStretches(only, join(path, only), leastOfPart);
    return parts && { kind: 'dominion-json', path, by, options, parts };
  }
  const bytes = inFolder ? names.reduce((n, name) => n + statSync(join(path, name)).size, 0) : size * 10;
  const groups = Math.min(names.length, Math.floor(bytes / leastOfPart));
  const parts = Array.from({ length: groups }, (_, g) => ({
    names: names.slice(
      Math.floor((g * names.length) / groups),
      Math.floor(((g + 1) * names.length) / groups),
    ),
  }));
  return { kind: 'dominion-json', path, by, options, parts };
}

/** How far from a place the beginning of the next session is looked for. */
const longestSession = 1 << 20;

/** Where one file of sessions can be cut: between a session and the next, whose first key is always the same. */
function sessionStretches(name: string, path: string, leastOfPart: number): JsonPart[] | undefined {
  const { size } = statSync(path);
  const [head] = bytesOf(path, 0, Math.min(size, longestSession));
  const opening = /^[^[\]]*?"Sessions"\s*:\s*\[/.exec(latin1(head ?? new Uint8Array(0)))?.[0].length;
  if (opening === undefined) return undefined;
  const cuts: { end: number; begin: number }[] = [];
  const parts = Math.floor((size - opening) / leastOfPart);
  for (let p = 1; p < parts; p++) {
    const at = opening + Math.floor(((size - opening) * p) / parts);
    const [near] = bytesOf(path, at, Math.min(size, at + longestSession));
    const found = near && /\}(\s*,\s*)\{\s*"TabulatorId"\s*:/.exec(latin1(near));
    if (!found) continue;
    const end = at + found.index + 1;
    cuts.push({ end, begin: end + found[1]!.length });
  }
  const before = head!.slice(0, opening);
  const after = new TextEncoder().encode(']}');
  return [{ begin: opening }, ...cuts].map(({ begin }, i) => {
    const cut = cuts[i];
    return cut === undefined
      ? { name, path, before, from: begin, to: size, after: new Uint8Array(0) }
      : { name, path, before, from: begin, to: cut.end, after };
  });
}

const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

/** All parts counted, by this thread and others: in the order of the parts; undefined for one that does not read, and those never come to. */
async function countedBy(job: Job, threads: number): Promise<(PartCount | undefined)[]> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const counts: (PartCount | undefined)[] = Array.from({ length: partsOf(job) }, () => undefined);
  const others = Array.from(
    { length: threads - 1 },
    () =>
      new Promise<void>((resolve, reject) => {
        const worker = new Worker(new URL('./partWorker.ts', import.meta.url), { workerData: { job, next } });
        worker.on('message', ([part, counted]: readonly [number, PartCount | undefined]) => {
          counts[part] = counted;
        });
        worker.once('error', reject);
        worker.once('exit', () => resolve());
      }),
  );
  for await (const [part, counted] of countParts(job, next)) counts[part] = counted;
  await Promise.all(others);
  return counts;
}

/** One reading of the readings of the parts, or undefined if they are not of one export. */
function joined(job: Job, parts: readonly PartCount[], threads: number): ParallelCount | undefined {
  const [first] = parts;
  const { election, version } = first!.tally.header;
  const tally = addTallies(parts.map((part) => part.tally));
  if (
    !('units' in tally) ||
    parts.some(({ tally: { header } }) => header.election !== election || header.version !== version)
  )
    return undefined;
  const sum = (of: (part: PartCount) => number): number => parts.reduce((n, part) => n + of(part), 0);
  let rowsBefore = 0;
  let lines = job.kind === 'dominion-csv' ? job.head.lines : 0;
  const rowsRefused = parts.flatMap((part, p) => {
    const [rows, line] = [rowsBefore, lines];
    rowsBefore += part.rowsRead + part.rowsRefused.length;
    lines += part.lines;
    return part.rowsRefused.map((refusal) =>
      job.kind === 'dominion-csv'
        ? { ...refusal, line: (refusal.line ?? 0) + line }
        : 'names' in job.parts[p]!
          ? refusal
          : {
              ...refusal,
              field: refusal.field!.replace(/\d+/, (n) => String(Number(n) + rows)),
            },
    );
  });
  const remarks = parts.flatMap((part) => part.remarks);
  return {
    reading: {
      ok: true,
      value: { header: tally.header, records: sum((p) => p.records), sums: sum((p) => p.sums) },
      rowsRead: sum((p) => p.rowsRead),
      rowsRefused,
      remarks: remarks.filter(
        (r, i) => remarks.findIndex((s) => JSON.stringify(s) === JSON.stringify(r)) === i,
      ),
    },
    tally,
    threads,
  };
}
