// Counting one part of an export, in whichever thread: a stretch of a Dominion CSV, some of the files of a Dominion JSON, or a stretch of the
// sessions of one of them. A part that does not read by itself gives no count; then the export is read as a whole, by one thread.
import { basename } from 'node:path';
import type { CardAttribute } from '@opencanvass/evidence/cvr';
import { DominionCsvRows, readDominionJson } from '@opencanvass/evidence/formats/inParts';
import type {
  DominionCsvHead,
  DominionJsonOptions,
  InputFile,
  Refusal,
  Remark,
} from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally/byUnit';
import type { UnitTally } from '@opencanvass/evidence/tally/byUnit';
import { bytesOf, filesOnDisk } from './disk.ts';

/** What all parts have in common. */
export type Job =
  | {
      readonly kind: 'dominion-csv';
      readonly path: string;
      readonly by: readonly CardAttribute[];
      readonly head: DominionCsvHead;
      readonly size: number;
      readonly parts: number;
    }
  | {
      readonly kind: 'dominion-json';
      readonly path: string;
      readonly by: readonly CardAttribute[];
      readonly options: DominionJsonOptions;
      readonly parts: readonly JsonPart[];
    };

/** Names of files of the export; or of one file, on the disk itself, bytes `from` to `to`: sessions, between `before` and `after`. */
export type JsonPart =
  | { readonly names: readonly string[] }
  | {
      readonly name: string;
      readonly path: string;
      readonly before: Uint8Array;
      readonly from: number;
      readonly to: number;
      readonly after: Uint8Array;
    };

export interface PartCount {
  readonly tally: UnitTally;
  readonly records: number;
  readonly sums: number;
  readonly rowsRead: number;
  /** Of a CSV's stretch: how many lines it has. */
  readonly lines: number;
  /** Lines and sessions are counted from the beginning of the part. */
  readonly rowsRefused: readonly Refusal[];
  readonly remarks: readonly Remark[];
}

export const partsOf = (job: Job): number => (job.kind === 'dominion-csv' ? job.parts : job.parts.length);

/** The counts of those parts that no other thread has taken: `next` holds the number of the next one. */
export async function* countParts(
  job: Job,
  next: Int32Array,
): AsyncGenerator<readonly [number, PartCount | undefined]> {
  const count = job.kind === 'dominion-csv' ? countStretch(job) : await countSessions(job);
  for (;;) {
    const part = Atomics.add(next, 0, 1);
    if (part >= partsOf(job)) return;
    const counted = await count(part);
    // One that does not read by itself is enough.
    if (counted === undefined) Atomics.store(next, 0, partsOf(job));
    yield [part, counted];
  }
}

type Count = (part: number) => Promise<PartCount | undefined>;

function countStretch({ path, head, by, size, parts }: Job & { kind: 'dominion-csv' }): Count {
  const begins = (part: number): number =>
    part === 0
      ? head.length
      : afterLineEnd(path, head.length + Math.floor(((size - head.length) * part) / parts), size);
  return async (part) => {
    const rows = new DominionCsvRows(basename(path), head, 0);
    const tallier = new UnitTallier(by);
    tallier.begin(rows.header);
    for (const block of bytesOf(path, begins(part), part + 1 === parts ? size : begins(part + 1))) {
      await rows.push(block, tallier);
      if (rows.stopped) return undefined;
    }
    const reading = await rows.finish(tallier);
    if (!reading.ok) return undefined;
    const { value, rowsRead, rowsRefused, remarks } = reading;
    return { ...value, tally: tallier.tally, lines: rows.lines, rowsRead, rowsRefused, remarks };
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

async function countSessions({ path, by, options, parts }: Job & { kind: 'dominion-json' }): Promise<Count> {
  const opened = await filesOnDisk(path);
  const all = opened.ok ? opened.value : [];
  const exports = new Set(parts.flatMap((part) => ('names' in part ? part.names : [part.name])));
  const manifests = all.filter(({ name }) => !exports.has(name));
  return async (number) => {
    const part = parts[number]!;
    const tallier = new UnitTallier(by);
    const files =
      'names' in part ? all.filter(({ name }) => part.names.includes(name)) : [stretchOfSessions(part)];
    const cut =
      'names' in part || part.after.length === 0 ? options : { ...options, sessionsLast: true as const };
    const reading = await readDominionJson([...manifests, ...files], tallier, cut);
    if (!reading.ok) return undefined;
    const { value, rowsRead, rowsRefused, remarks } = reading;
    return { ...value, tally: tallier.tally, lines: 0, rowsRead, rowsRefused, remarks };
  };
}

const stretchOfSessions = ({
  name,
  path,
  before,
  from,
  to,
  after,
}: Exclude<JsonPart, { names: readonly string[] }>): InputFile => ({
  name,
  bytes: async function* () {
    yield before;
    yield* bytesOf(path, from, to);
    yield after;
  },
});
