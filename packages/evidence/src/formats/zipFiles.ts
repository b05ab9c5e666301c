// An archive as the files in it, whoever reads them.
import { allBytes } from './input.ts';
import type { InputFile } from './input.ts';
import type { Reading, Refusal } from './reading.ts';
import { defaultZipCaps, readZip, streamedZipCaps } from './zip.ts';

const isZip = (head: ArrayLike<number>): boolean => head[0] === 0x50 && head[1] === 0x4b;

const largestZip = 2 ** 31 - 1;
const wholeEntry = 2 ** 26;

/**
 * The files of a zip archive, or the file itself if it is no archive, or a workbook. `unpackedBytes` is how much it may come to in all. An
 * archive larger than memory is read where the file gives its bytes from any place.
 */
export async function filesOfZip(
  file: InputFile,
  unpackedBytes?: number,
): Promise<Reading<readonly InputFile[]>> {
  const whole = (files: readonly InputFile[]): Reading<readonly InputFile[]> => ({
    ok: true,
    value: files,
    rowsRead: files.length,
    rowsRefused: [],
    remarks: [],
  });
  for await (const block of file.bytes()) {
    if (block.length === 0) continue;
    if (!isZip(block)) return whole([file]);
    break;
  }
  const archive = file.place ?? (await allBytes(file, largestZip));
  if (archive === undefined)
    return { ok: false, refusals: [{ code: 'too-large', file: file.name, expected: `at most ${largestZip} bytes`, found: 'more', todo: 'unpack the archive and give the folder' }] }; // oxfmt-ignore
  const caps = file.place === undefined ? defaultZipCaps : streamedZipCaps;
  const zip = readZip(
    archive,
    file.name,
    { ...caps, totalBytes: unpackedBytes ?? caps.totalBytes },
    file.inflater,
  );
  if (!zip.ok) return zip;
  if (zip.entries.some((entry) => entry.name === 'xl/workbook.xml')) return whole([file]);
  return whole(
    zip.entries.map((entry) => ({
      name: `${file.name}!${entry.name}`,
      bytes: async function* () {
        // A small entry is checked before anybody reads of it, so that the archive is blamed and not its content.
        if (entry.size <= wholeEntry) {
          const content = entry.bytes();
          if (!content.ok) throw new ZipFault(content.refusal);
          yield content.bytes;
          return;
        }
        const refusal = yield* entry.pieces();
        if (refusal !== undefined) throw new ZipFault(refusal);
      },
    })),
  );
}

/** Bytes of an archive that turned out broken while they were read: thrown through a reader, caught at the door above. */
export class ZipFault extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}
