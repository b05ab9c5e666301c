// The files of a published record, wherever they lie: a folder, that folder as one zip, or an address on the web. Reading a record asks
// for files by name and never learns which of the three it was.
import { unzipSync } from 'fflate';

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
  | { readonly ok: false; readonly code: OpeningFault; readonly found: string };
export type OpeningFault =
  | 'not-a-zip'
  | 'unsafe-path'
  | 'path-twice'
  | 'too-many-files'
  | 'too-many-bytes'
  | 'no-checkpoint';

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

/** The record in a zip. The sizes that the zip's directory states bound what is unpacked: fflate never writes more than was stated. */
export function recordFromZip(zip: Uint8Array, bounds: Bounds = usualBounds): Opened {
  let count = 0;
  let total = 0;
  let refused: { code: OpeningFault; found: string } | undefined;
  const seen = new Set<string>();
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (refused !== undefined || name.endsWith('/')) return false;
        count += 1;
        total += originalSize;
        if (/(^|\/)\.\.?(\/|$)|^\/|\\|^[a-z]:/i.test(name)) refused = { code: 'unsafe-path', found: name };
        else if (seen.has(name)) refused = { code: 'path-twice', found: name };
        else if (count > bounds.files)
          refused = { code: 'too-many-files', found: `more than ${bounds.files}` };
        else if (total > bounds.bytes) refused = { code: 'too-many-bytes', found: `${total} bytes` };
        seen.add(name);
        return refused === undefined;
      },
    });
  } catch {
    return { ok: false, code: 'not-a-zip', found: `${zip.length} bytes that are no complete zip` };
  }
  if (refused !== undefined) return { ok: false, ...refused };
  return recordFromPicked(new Map(Object.entries(unpacked)));
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
