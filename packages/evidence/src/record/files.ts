// The files of a published record, wherever they lie: a folder, that folder as one zip, or an address on the web. Reading a record asks
// for files by name and never learns which of the three it was.
import type { Inflater, InputFile, Refusal, ZipEntry, ZipSource } from '../formats/index.ts';
import { inflaterInJavaScript, readZip, streamedZipCaps } from '../formats/zip.ts';

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

/** What reading from an archive throws where an entry is not what the archive's directory says of it, or more is asked for than is taken in. */
export class ArchiveFault extends Error {
  readonly code: string;
  readonly found: string;
  constructor({ code, found }: Pick<Refusal, 'code' | 'found'>) {
    super(`${code}: ${found}`);
    [this.code, this.found] = [code, found];
  }
}

/**
 * The record in a zip, of which only the directory is read here: a file is unpacked when it is asked for, and throws an ArchiveFault where it is
 * not what the directory says. `bounds.bytes` is how much of it is read whole; exports of cast vote records come in pieces.
 */
export function recordFromZip(
  zip: Uint8Array | ZipSource,
  bounds: Bounds = usualBounds,
  inflater: Inflater = inflaterInJavaScript,
): Opened {
  const caps = { ...streamedZipCaps, entries: bounds.files };
  const read = readZip(zip, 'the archive', caps, inflater);
  if (!read.ok) return { ok: false, code: read.refusals[0]!.code, found: read.refusals[0]!.found };
  const entries = recordAmong(new Map(read.entries.map((entry) => [entry.name, entry])));
  if (entries === undefined)
    return { ok: false, code: 'no-checkpoint', found: `${read.entries.length} files` };
  const paths = [...entries.keys()].sort((a, b) => (a < b ? -1 : 1));
  const taken = new Set<string>();
  let bytes = 0;
  /** The last one read, for a body is asked for twice. */
  let last: { readonly path: string; readonly bytes: Uint8Array } | undefined;
  const unpacked = (path: string): Uint8Array | undefined => {
    const entry = entries.get(path);
    if (entry === undefined || last?.path === path) return last?.path === path ? last.bytes : undefined;
    if (!taken.has(path)) bytes += entry.size;
    taken.add(path);
    if (bytes > bounds.bytes) throw new ArchiveFault({ code: 'zip-bomb', found: `${bytes}` });
    const content = entry.bytes();
    if (!content.ok) throw new ArchiveFault(content.refusal);
    last = { path, bytes: content.bytes };
    return content.bytes;
  };
  return {
    ok: true,
    files: {
      list: () => paths,
      read: unpacked,
      stream: (path) => {
        const entry = entries.get(path);
        if (entry === undefined) return undefined;
        // What is stored as it is may be an archive itself, and is read by its directory too.
        const place = entry.place?.();
        return { bytes: () => piecesOf(entry), inflater, ...(place === undefined ? {} : { place }) };
      },
    },
  };
}

async function* piecesOf(entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const fault = yield* entry.pieces();
  if (fault !== undefined) throw new ArchiveFault(fault);
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
