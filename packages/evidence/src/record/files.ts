// The files of a published record, wherever they lie: a folder, that folder as one zip, or an address on the web. Reading a record asks
// for files by name and never learns which of the three it was.
import { readZip } from '../formats/zip.ts';

export interface RecordFiles {
  /** All paths, in byte order; undefined where nobody can list them (an address on the web). */
  readonly list: () => readonly string[] | undefined;
  readonly read: (path: string) => Uint8Array | undefined;
}

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

/** Files as somebody picked them: with the name of the folder before every path, or without. The record begins where `checkpoint` lies. */
export function recordFromPicked(picked: ReadonlyMap<string, Uint8Array>): Opened {
  const checkpoints = [...picked.keys()].filter((p) => p === 'checkpoint' || p.endsWith('/checkpoint'));
  const nearest = checkpoints.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
  if (nearest === undefined) return { ok: false, code: 'no-checkpoint', found: `${picked.size} files` };
  const start = nearest.slice(0, -'checkpoint'.length);
  const inside = [...picked].filter(([path]) => path.startsWith(start));
  return { ok: true, files: recordFromMap(new Map(inside.map(([p, b]) => [p.slice(start.length), b]))) };
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
 * `fetchFile` gives undefined for a file that is not there, and keeps to `bounds.bytes` itself for one file.
 */
export async function recordFromAddress(
  fetchFile: (path: string) => Promise<Uint8Array | undefined>,
  readIt: (files: RecordFiles) => void,
  bounds: Bounds = usualBounds,
): Promise<Opened> {
  const have = new Map<string, Uint8Array>();
  const absent = new Set<string>();
  let total = 0;
  for (;;) {
    const asked = new Set<string>();
    readIt({
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
  return { ok: true, files: { list: () => undefined, read: (path) => have.get(path) } };
}
