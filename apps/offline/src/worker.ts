// In the worker: files in, verification out.
import type { ZipSource } from '@opencanvass/evidence/formats';
import { verify, verifyWithCvrs } from '@opencanvass/evidence/verify';
import type { Verification } from '@opencanvass/evidence/verify';
import {
  ArchiveFault,
  NotThere,
  readRecord,
  recordAmong,
  recordFromAddress,
  recordFromZip,
  usualBounds,
} from '@opencanvass/evidence/record';
import type { Opened, RecordFiles, StreamedFile } from '@opencanvass/evidence/record';

/** What somebody opened: a zip, the files of a folder with their paths, or the address that the page was served with. */
export type Asked =
  | { readonly kind: 'zip'; readonly zip: Blob }
  | { readonly kind: 'picked'; readonly files: ReadonlyMap<string, Blob> }
  | { readonly kind: 'address'; readonly address: string };

export type Answered =
  | { readonly ok: true; readonly verification: Verification }
  | { readonly ok: false; readonly code: string; readonly found: string };

export async function answer(asked: Asked): Promise<Answered> {
  const opened = await open(asked);
  if (!opened.ok) return opened;
  try {
    return { ok: true, verification: await verifyWithCvrs(opened.files) };
  } catch (fault) {
    if (fault instanceof ArchiveFault) return { ok: false, code: fault.code, found: fault.found };
    throw fault;
  }
}

function open(asked: Asked): Opened | Promise<Opened> {
  switch (asked.kind) {
    case 'zip':
      return fromZip(asked.zip);
    case 'picked':
      return fromPicked(asked.files);
    case 'address': {
      const at = (path: string): Promise<Response> => fetch(new URL(path, asked.address));
      return recordFromAddress(
        async (path) => {
          const response = await at(path);
          return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
        },
        (files) => void verify(files),
        usualBounds,
        (path) => ({
          bytes: async function* () {
            const { ok, body } = await at(path);
            if (!ok || body === null) throw new NotThere(path);
            yield* piecesOf(body);
          },
        }),
      );
    }
  }
}

/** Of the archive only the directory is read, and each file when it is asked for; where no place of it can be read, all of it. */
const fromZip = async (zip: Blob): Promise<Opened> =>
  recordFromZip(inPieces(zip).place ?? new Uint8Array(await zip.arrayBuffer()));

/** A file of the record larger than this, in bytes, is taken into memory only if it must be read whole. */
const largeFile = 32_000_000;

/** The files of a folder: small ones in memory; a large one in pieces, and whole only where reading the record asks for it. */
async function fromPicked(picked: ReadonlyMap<string, Blob>): Promise<Opened> {
  const files = recordAmong(picked);
  if (files === undefined) return { ok: false, code: 'no-checkpoint', found: `${picked.size} files` };
  const paths = [...files.keys()].sort((a, b) => (a < b ? -1 : 1));
  const held = new Map<string, Uint8Array>();
  const hold = (some: Iterable<string>): Promise<unknown> =>
    Promise.all(
      [...some].map(async (path) => held.set(path, new Uint8Array(await files.get(path)!.arrayBuffer()))),
    );
  await hold(paths.filter((path) => files.get(path)!.size <= largeFile));
  const asked = new Set<string>();
  const record: RecordFiles = {
    list: () => paths,
    read: (path) => {
      if (files.has(path) && !held.has(path)) asked.add(path);
      return held.get(path);
    },
    stream: (path) => (files.has(path) ? inPieces(files.get(path)!) : undefined),
  };
  while (held.size < paths.length) {
    asked.clear();
    readRecord(record);
    if (asked.size === 0) break;
    await hold(asked);
  }
  return { ok: true, files: record };
}

/** Only a worker has it: it lets an archive be unpacked where it lies. */
declare const FileReaderSync: undefined | (new () => { readAsArrayBuffer: (blob: Blob) => ArrayBuffer });

const inPieces = (file: Blob): StreamedFile => ({
  bytes: () => piecesOf(file.stream()),
  ...(typeof FileReaderSync === 'undefined'
    ? {}
    : {
        place: placeIn(file, (part) => new FileReaderSync().readAsArrayBuffer(part)),
      }),
});

const windowBytes = 1 << 20;

/** What is asked for next mostly lies beside what was asked for, and each reading of a file costs a turn. */
function placeIn(file: Blob, readNow: (part: Blob) => ArrayBuffer): ZipSource {
  let [start, window] = [0, new Uint8Array(0)];
  return {
    length: file.size,
    at: (from, to) => {
      if (to - from > windowBytes) return new Uint8Array(readNow(file.slice(from, to)));
      if (from < start || to > start + window.length)
        [start, window] = [from, new Uint8Array(readNow(file.slice(from, from + windowBytes)))];
      return window.subarray(from - start, to - start);
    },
  };
}

/** Not every browser lets a stream be walked with `for await`. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

export function startWorker(): void {
  const scope = globalThis as unknown as {
    onmessage: ((event: MessageEvent<Asked>) => void) | null;
    postMessage: (message: Answered) => void;
  };
  scope.onmessage = ({ data }) => {
    void answer(data).then(
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
      (answered) => scope.postMessage(answered),
      (fault: unknown) => {
        // A fault in us is a crash, and is seen: it reaches the page as the worker's error.
        setTimeout(() => {
          throw fault;
        });
      },
    );
  };
}

/** Asks a worker made from `script`, or answers here where no worker can be made. */
export function askWorker(script: string, asked: Asked): Promise<Answered> {
  let worker: Worker;
  try {
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    worker = new Worker(address);
  } catch {
    return answer(asked);
  }
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(asked);
  });
}
