// The world as the commands see it: terminal, files, clock, randomness, network. It comes in as an argument, so that a test can hold another.
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';

export interface Printer {
  readonly write: (text: string) => void;
  /** True where a person reads along: colour and progress are for them. */
  readonly isTerminal: boolean;
  readonly columns: number;
}

export interface Files {
  readonly kind: (path: string) => 'file' | 'folder' | undefined;
  readonly size: (path: string) => number;
  readonly read: (path: string) => Uint8Array;
  /** The first bytes of a file, at most `length`. */
  readonly head: (path: string, length: number) => Uint8Array;
  /** True if paths are those of the disk, and a large file may be read as a stream. */
  readonly onDisk?: true;
  /** All files under a folder, as paths relative to it with forward slashes, in byte order. */
  readonly listAll: (folder: string) => readonly string[];
  /** Writes a file, making its folders. */
  readonly write: (path: string, bytes: Uint8Array | string) => void;
  /** Writes a file piece by piece. It is there only after `finish`. */
  readonly writeByPieces: (path: string) => {
    readonly write: (text: string) => void;
    readonly finish: () => void;
    readonly abandon: () => void;
  };
}

export interface World {
  readonly stdout: Printer;
  readonly stderr: Printer;
  readonly files: Files;
  readonly now: () => Date;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly fetch: (address: string, init: { signal: AbortSignal }) => Promise<Response>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the person stops the program (`serve`). */
  readonly untilStopped: () => Promise<void>;
}

const printer = (stream: NodeJS.WriteStream): Printer => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY && process.env['NO_COLOR'] === undefined,
  columns: stream.columns ?? 100,
});

export const diskFiles: Files = {
  kind: (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    return stat.isDirectory() ? 'folder' : 'file';
  },
  size: (path) => statSync(path).size,
  read: (path) => readFileSync(path),
  head: (path, length) => {
    const file = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  },
  onDisk: true,
  listAll: (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(join(folder, '/').length).replaceAll('\\', '/'))
      .sort((a, b) => (a < b ? -1 : 1)),
  write: (path, bytes) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  },
  writeByPieces: (path) => {
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.part`;
    const file = openSync(part, 'w');
    let waiting = '';
    const flush = (): void => {
      writeFileSync(file, waiting);
      waiting = '';
    };
    return {
      write: (text) => {
        waiting += text;
        if (waiting.length > 1 << 20) flush();
      },
      finish: () => {
        flush();
        closeSync(file);
        renameSync(part, path);
      },
      abandon: () => {
        closeSync(file);
        rmSync(part);
      },
    };
  },
};

export const realWorld = (): World => ({
  stdout: printer(process.stdout),
  stderr: printer(process.stderr),
  files: diskFiles,
  now: () => new Date(),
  randomBytes: (length) => new Uint8Array(randomBytes(length)),
  fetch: (address, init) => fetch(address, { ...init, redirect: 'error' }),
  env: process.env,
  untilStopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    }),
});
