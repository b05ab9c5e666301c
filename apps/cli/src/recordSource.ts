// Where a record lies: a folder, that folder as one zip, or an address. Only what the user names is read, and from an address only what the
// reading of the record asks for.
import { join } from 'node:path';
import { recordFromAddress, recordFromZip, usualBounds } from '@opencanvass/evidence/record';
import type { Opened, RecordFiles } from '@opencanvass/evidence/record';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

const mostBytesOfOneFile = 1_000_000_000;
const patience = 60_000;

export const isAddress = (where: string): boolean => /^https?:\/\//i.test(where);

/** The files of the record. `readIt` reads it, so that what lies at an address can be asked for; it may be called several times. */
export async function openRecord(
  world: World,
  where: string,
  readIt: (files: RecordFiles) => void,
): Promise<RecordFiles> {
  if (isAddress(where)) return fromAddress(world, where, readIt);
  const kind = world.files.kind(where);
  if (kind === undefined)
    throw new Stop(
      status.inputNotFound,
      `${where} is not there; give the folder of a published record, that folder as one zip, or its http(s) address`,
    );
  return kind === 'folder' ? fromFolder(world, where) : taken(where, recordFromZip(world.files.read(where)));
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
  };
}

async function fromAddress(
  world: World,
  where: string,
  readIt: (files: RecordFiles) => void,
): Promise<RecordFiles> {
  if (/\.zip$/i.test(new URL(where).pathname)) {
    const zip = await fetchFile(world, where);
    if (zip === undefined) throw new Stop(status.inputNotFound, `${where} is not there (HTTP 404)`);
    return taken(where, recordFromZip(zip));
  }
  const base = where.endsWith('/') ? where : `${where}/`;
  return taken(where, await recordFromAddress((path) => fetchFile(world, base + path), readIt));
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

/** One file of the web, or undefined where there is none. Anything else than the file or its absence stops. */
async function fetchFile(world: World, address: string): Promise<Uint8Array | undefined> {
  let response: Response;
  try {
    response = await world.fetch(address, { signal: AbortSignal.timeout(patience) });
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
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > mostBytesOfOneFile)
      throw new Stop(status.inputRefused, `${address} is larger than ${mostBytesOfOneFile} bytes`);
    pieces.push(piece);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const reason = (e: unknown): string => {
  if (!(e instanceof Error)) return String(e);
  return e.cause instanceof Error ? e.cause.message : e.message;
};
