// The files of a published record, wherever they lie: a folder, that folder as one zip, or an address on the web. Reading a record asks
// for files by name and never learns which of the three it was.
import type { InputFile } from '../formats/index.ts';
import { readZip } from '../formats/zip.ts';

export interface RecordFiles {
  /** All paths, in byte order; undefined where nobody can list them (an address on the web). */
  readonly list: () => readonly string[] | undefined;
  readonly read: (path: string) => Uint8Array | undefined;
  /**
   * A file in pieces. Where it is given, exports of cast vote records are read by it and never whole; undefined for a file that is not there.
   */
  readonly stream?: (path: string) => StreamedFile | undefined;
}
/** The bytes throw NotThere where an address has no such file. */
export type StreamedFile = Omit<InputFile, 'name'>;
/** What reading a stream throws where there is no such file at an address. */
export class NotThere extends Error {}

/** How much is taken in before we stop: a record of a state is some 10 MB, its cast vote records some 500. */
export interface Bounds {
  readonly files: number;
  readonly bytes: number;
}
export const usualBounds: Bounds = { files: 200_000, bytes: 2_000_000_000 };

export type Opened =
  | { readonly ok: true; readonly files: RecordFiles }
  /** A fixed word and what was found: 'no-checkpoint', 'too-many-bytes', or why the zip was refused (formats/zip.ts). */
  | { readonly ok: false; readonly code: string; readonly found: string };
/** Files that are already in memory. */
export function recordFromMap(files: ReadonlyMap<string, Uint8Array>): RecordFiles {
  const paths = [...files.keys()].sort((a, b) => (a < b ? -1 : 1));
  return { list: () => paths, read: (path) => files.get(path) };
}

/** Files as somebody picked them: with the name of the folder before every path, or without. */
export function recordFromPicked(picked: ReadonlyMap<string, Uint8Array>): Opened {
  const inside = recordAmong(picked);
  return inside === undefined
    ? { ok: false, code: 'no-checkpoint', found: `${picked.size} files` }
    : { ok: true, files: recordFromMap(inside) };
}

/** What of the picked files is the record, by its paths in it: it begins where `checkpoint` lies. Undefined where that lies nowhere. */
export function recordAmong<T>(picked: ReadonlyMap<string, T>): ReadonlyMap<string, T> | undefined {
  const checkpoints = [...picked.keys()].filter((p) => p === 'checkpoint' || p.endsWith('/checkpoint'));
  const nearest = checkpoints.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
  if (nearest === undefined) return undefined;
  const start = nearest.slice(0, -'checkpoint'.length);
  return new Map(
    [...picked].flatMap(([path, file]) => (path.startsWith(start) ? [[path.slice(start.length), file]] : [])),
  );
}

/** The record in a zip. */
export function recordFromZip(zip: Uint8Array, bounds: Bounds = usualBounds): Opened {
  const read = readZip(zip, 'the archive', {
    entries: bounds.files,
    entryBytes: bounds.bytes,
    totalBytes: bounds.bytes,
  });
  if (!read.ok) return { ok: false, code: read.refusals[0]!.code, found: read.refusals[0]!.found };
  const files = new Map<string, Uint8Array>();
  for (const entry of read.entries) {
    const unpacked = entry.bytes();
    if (!unpacked.ok) return { ok: false, code: unpacked.refusal.code, found: unpacked.refusal.found };
    files.set(entry.name, unpacked.bytes);
  }
  return recordFromPicked(files);
}

/**
 * The record at an address. Which files a record has follows from reading it (the checkpoint says how many entries, the entries name bodies
 * and files), so it is read again and again, each time with the files that the last reading asked for, until it asks for nothing new.
 * `fetchFile` gives undefined for a file that is not there, and keeps to `bounds.bytes` itself for one file. With `stream`, exports of cast vote
 * records are not fetched here.
 */
export async function recordFromAddress(
  fetchFile: (path: string) => Promise<Uint8Array | undefined>,
  readIt: (files: RecordFiles) => void,
  bounds: Bounds = usualBounds,
  stream?: (path: string) => StreamedFile,
): Promise<Opened> {
  const streaming = stream === undefined ? {} : { stream };
  const have = new Map<string, Uint8Array>();
  const absent = new Set<string>();
  let total = 0;
  for (;;) {
    const asked = new Set<string>();
    readIt({
      ...streaming,
      list: () => undefined,
      read: (path) => {
        const bytes = have.get(path);
        if (bytes === undefined && !absent.has(path)) asked.add(path);
        return bytes;
      },
    });
    if (asked.size === 0) break;
    if (have.size + absent.size + asked.size > bounds.files)
      return { ok: false, code: 'too-many-files', found: `more than ${bounds.files}` };
    const queue = [...asked];
    const fetchOne = async (): Promise<void> => {
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
        const bytes = await fetchFile(path);
        if (bytes === undefined) absent.add(path);
        else have.set(path, bytes);
        total += bytes?.length ?? 0;
      }
    };
    await Promise.all(Array.from({ length: 8 }, fetchOne));
    if (total > bounds.bytes) return { ok: false, code: 'too-many-bytes', found: `${total} bytes` };
    if (!have.has('checkpoint') && absent.has('checkpoint'))
      return { ok: false, code: 'no-checkpoint', found: 'no checkpoint at this address' };
  }
  return { ok: true, files: { ...streaming, list: () => undefined, read: (path) => have.get(path) } };
}
