// Bytes as they come: from a disk, a network, a file dropped on a page, or out of an archive. A reader sees no more of the world than this.
import type { Inflater, ZipSource } from './zip.ts';

export interface InputFile {
  /** As a refusal names it: a path, or the path inside an archive. */
  readonly name: string;
  /** The bytes from the beginning; may be asked for again. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** The bytes from any place, where the world can give them: an archive, and so a workbook, is read from its end. */
  readonly place?: ZipSource;
  /** What unpacks, where the world has something faster than JavaScript. */
  readonly inflater?: Inflater;
}

/** A file that is already in memory. */
export const fileInMemory = (name: string, content: Uint8Array | string): InputFile => ({
  name,
  bytes: async function* () {
    yield typeof content === 'string' ? new TextEncoder().encode(content) : content;
  },
});

/** No line and no JSON element of an election's files is longer; a longer one is refused before it fills the memory. */
export const longestPiece = 16 * 1024 * 1024;

/** All bytes of a file that is meant to be small; undefined if it is longer than `limit`. */
export async function allBytes(file: InputFile, limit: number): Promise<Uint8Array | undefined> {
  const blocks: Uint8Array[] = [];
  let length = 0;
  for await (const block of file.bytes()) {
    length += block.length;
    if (length > limit) return undefined;
    blocks.push(block);
  }
  if (blocks.length === 1) return blocks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
