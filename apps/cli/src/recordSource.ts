// Where a record lies: a folder, that folder as one zip, or an address. Only what the user names is read, and from an address only what the
// reading of the record asks for.
import { join } from 'node:path';
import { concatBytes } from '@opencanvass/evidence/bytes';
import {
  ArchiveFault,
  NotThere,
  recordFromAddress,
  recordFromZip,
  usualBounds,
  usualLargestExport,
} from '@opencanvass/evidence/record';
import type { Opened, RecordFiles, StreamedFile } from '@opencanvass/evidence/record';
import { fileInMemory, inMemory } from '@opencanvass/evidence/formats';
import { fileOnDisk } from '@opencanvass/query/disk';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

const mostBytesOfOneFile = 1_000_000_000;
const patience = 60_000;
const patienceWithLarge = 3_600_000;

export const isAddress = (where: string): boolean => /^https?:\/\//i.test(where);

/** The files of the record. `readIt` reads it, so that what lies at an address can be asked for; it may be called several times. */
export async function openRecord(
  world: World,
  where: string,
  readIt: (files: RecordFiles) => void,
  /** 'in pieces': what reads the record asks for large files by `stream`, so that they are not fetched whole. */
  large: 'whole' | 'in pieces' = 'whole',
): Promise<RecordFiles> {
  if (isAddress(where)) return fromAddress(world, where, readIt, large);
  const kind = world.files.kind(where);
  if (kind === undefined)
    throw new Stop(
      status.inputNotFound,
      `${where} is not there; give the folder of a published record, that folder as one zip, or its http(s) address`,
    );
  return kind === 'folder' ? fromFolder(world, where) : fromZip(where, onDisk(world, where));
}

function fromFolder(world: World, folder: string): RecordFiles {
  if (world.files.kind(join(folder, 'checkpoint')) !== 'file')
    throw new Stop(
      status.inputNotFound,
      `${folder} holds no file named checkpoint; a published record has one at its top: give the folder that holds it`,
    );
  const paths = world.files.listAll(folder);
  const known = new Set(paths);
  return {
    list: () => paths,
    // Only what the listing holds is read: an entry cannot name its way out of the folder.
    read: (path) => (known.has(path) ? world.files.read(join(folder, path)) : undefined),
    stream: (path) => (known.has(path) ? onDisk(world, join(folder, path)) : undefined),
  };
}

/** A world without a disk gives its files whole. */
function onDisk(world: World, path: string): StreamedFile {
  if (world.files.onDisk === true) return fileOnDisk(path);
  const bytes = world.files.read(path);
  return { ...fileInMemory(path, bytes), place: inMemory(bytes) };
}

async function fromAddress(
  world: World,
  where: string,
  readIt: (files: RecordFiles) => void,
  large: 'whole' | 'in pieces',
): Promise<RecordFiles> {
  if (/\.zip$/i.test(new URL(where).pathname)) {
    const zip = await fetchFile(world, where);
    if (zip === undefined) throw new Stop(status.inputNotFound, `${where} is not there (HTTP 404)`);
    return fromZip(where, { place: inMemory(zip) });
  }
  const base = where.endsWith('/') ? where : `${where}/`;
  const stream = (path: string): StreamedFile => ({ bytes: () => pieces(world, base + path) });
  const fetchOne = (path: string) => fetchFile(world, base + path);
  const opened = recordFromAddress(fetchOne, readIt, usualBounds, large === 'in pieces' ? stream : undefined);
  return taken(where, await opened);
}

/** Of the archive only the directory is read, and each file when it is asked for. */
function fromZip(where: string, { place, inflater }: Pick<StreamedFile, 'place' | 'inflater'>): RecordFiles {
  const files = taken(where, recordFromZip(place!, usualBounds, inflater));
  const orStop = (fault: unknown): never => {
    if (fault instanceof ArchiveFault) taken(where, { ok: false, code: fault.code, found: fault.found });
    throw fault;
  };
  return {
    list: files.list,
    read: (path) => {
      try {
        return files.read(path);
      } catch (fault) {
        return orStop(fault);
      }
    },
    stream: (path) => {
      const file = files.stream!(path);
      return (
        file && {
          ...file,
          bytes: async function* () {
            try {
              yield* file.bytes();
            } catch (fault) {
              orStop(fault);
            }
          },
        }
      );
    },
  };
}

function taken(where: string, opened: Opened): RecordFiles {
  if (opened.ok) return opened.files;
  if (opened.code === 'no-checkpoint')
    throw new Stop(
      status.inputNotFound,
      `${where}: expected a published record with a file named checkpoint at its top, found ${opened.found}; give the record itself`,
    );
  throw new Stop(
    status.inputRefused,
    `${where}: expected a published record as one zip of at most ${usualBounds.bytes} bytes, found ${opened.found} (${opened.code}); fetch it again, or give the folder`,
  );
}

/** One file of the web, or undefined where there is none. */
async function fetchFile(world: World, address: string): Promise<Uint8Array | undefined> {
  const response = await answered(world, address, patience);
  if (response === undefined) return undefined;
  const got: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response) {
    length += piece.length;
    if (length > mostBytesOfOneFile)
      throw new Stop(status.inputRefused, `${address} is larger than ${mostBytesOfOneFile} bytes`);
    got.push(piece);
  }
  return concatBytes(...got);
}

/** One file of the web as it comes. */
async function* pieces(world: World, address: string): AsyncGenerator<Uint8Array> {
  const response = await answered(world, address, patienceWithLarge);
  if (response === undefined) throw new NotThere(address);
  let length = 0;
  for await (const piece of response) {
    length += piece.length;
    if (length > usualLargestExport)
      throw new Stop(status.inputRefused, `${address} is larger than ${usualLargestExport} bytes`);
    yield piece;
  }
}

/** What an address answers, or undefined where nothing is there. Anything else than the file or its absence stops. */
async function answered(
  world: World,
  address: string,
  atMost: number,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  let response: Response;
  try {
    response = await world.fetch(address, { signal: AbortSignal.timeout(atMost) });
  } catch (e) {
    throw new Stop(
      status.inputNotFound,
      `${address} could not be fetched: ${reason(e)}; try again, or fetch the record as a zip`,
    );
  }
  if (response.status === 404 || response.status === 410) return undefined;
  if (!response.ok || response.body === null)
    throw new Stop(
      status.inputNotFound,
      `${address} answered HTTP ${response.status} where 200 was expected`,
    );
  return response.body;
}

const reason = (e: unknown): string => {
  if (!(e instanceof Error)) return String(e);
  return e.cause instanceof Error ? e.cause.message : e.message;
};
