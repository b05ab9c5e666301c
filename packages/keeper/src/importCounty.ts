// Reads what a county has beside its results: the ballot manifest, the machines' totals by batch, and exports of cast vote records, which are
// larger than memory and are read where they lie. What they say becomes acts of the record; an export's act is sealed, so that nothing of it is
// published before somebody has said so.
import { toHex } from '@opencanvass/evidence/bytes';
import { contestsIn, type CvrConsumer, type CvrHeader } from '@opencanvass/evidence/cvr';
import type { RareStylesFinder } from '@opencanvass/evidence/disclosure';
import type { Contest, Election, JurisdictionId } from '@opencanvass/evidence/election';
import {
  batchTotalsReader,
  cvrReaders,
  detectCountyFile,
  filesOfZip,
  headLength,
  manifestReader,
  readBatchTotals,
  readCvrExport,
  readManifest,
  type CvrFormat,
  type InputFile,
  type ReaderName,
  type Reading,
  type Refusal,
  type Remark,
} from '@opencanvass/evidence/formats';
import { manifestSize, type BallotManifest } from '@opencanvass/evidence/paper';
import type { Author, ConductedBodies, FileRef, ReadFrom } from '@opencanvass/evidence/record';
import { nodeSha256Stream } from './crypto.ts';
import type { FileToImport, Provenance } from './importFiles.ts';
import type { Draft } from './keeper.ts';

/** An export of cast vote records as somebody has it: one file, or one zip. */
export interface ExportToImport extends Provenance {
  readonly name: string;
  readonly file: InputFile;
}

/** What a reader made of a file, whatever it is. */
export interface ReadOfFile {
  readonly ref: FileRef;
  readonly read: Omit<ReadFrom, 'file'>;
  readonly rowsRefused: readonly Refusal[];
  readonly remarks: readonly Remark[];
}

export interface ExportRead extends ReadOfFile {
  readonly source: ExportToImport;
  readonly contests: readonly Contest[];
  /** The election as the export names it. */
  readonly election: string;
}

export interface ManifestRead extends ReadOfFile {
  readonly source: FileToImport;
  readonly manifest: BallotManifest;
}

export interface TotalsRead extends ReadOfFile {
  readonly source: FileToImport;
  readonly contests: readonly Contest[];
}

export const isCountyFile = ({ bytes }: FileToImport): boolean =>
  detectCountyFile(bytes.subarray(0, headLength)) !== undefined;
export const isManifest = ({ bytes }: FileToImport): boolean =>
  detectCountyFile(bytes.subarray(0, headLength)) === 'manifest';

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

const readBy = (
  { reader, version }: ReaderName,
  reading: Pick<Extract<Reading<unknown>, { ok: true }>, 'rowsRead' | 'rowsRefused' | 'remarks'>,
) => ({
  read: { reader, version, rowsRead: reading.rowsRead, rowsRefused: reading.rowsRefused.length },
  rowsRefused: reading.rowsRefused,
  remarks: reading.remarks,
});

/** Reads an export twice: once for its digest, once by its reader, which needs some hundred bytes for each card. */
export async function readExport(source: ExportToImport, rare: RareStylesFinder): Promise<Read<ExportRead>> {
  const ref = await refOf(source);
  const files = await filesOfZip(source.file);
  if (!files.ok) return files;
  let header: CvrHeader | undefined;
  const taking: CvrConsumer = {
    begin: (h) => {
      header = h;
      rare.begin(h);
    },
    take: (chunk) => rare.take(chunk),
  };
  const reading = await readCvrExport(files.value, taking);
  if (!reading.ok) return reading;
  const found = header ?? reading.value.header;
  return {
    ok: true,
    value: {
      source,
      ref,
      contests: contestsIn([found]),
      election: found.election,
      ...readBy(cvrReaders[found.format as CvrFormat], reading),
    },
  };
}

async function refOf({ name, file }: ExportToImport): Promise<FileRef> {
  const hash = nodeSha256Stream();
  let bytes = 0;
  for await (const piece of file.bytes()) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { name, sha256: toHex(hash.digest()), bytes };
}

export function readManifestFile(source: FileToImport, ref: FileRef): Read<ManifestRead> {
  const reading = readManifest(source.name, source.bytes);
  return reading.ok
    ? { ok: true, value: { source, ref, manifest: reading.value, ...readBy(manifestReader, reading) } }
    : reading;
}

/** Contests' names hold the very mark that divides them from the choices' in a heading: the election's contests tell the columns. */
export function readTotalsFile(source: FileToImport, ref: FileRef, { contests }: Election): Read<TotalsRead> {
  const named = (of: readonly Contest[]) =>
    readBatchTotals(
      source.name,
      source.bytes,
      of.map(({ name, choices }) => ({ name, choices: choices.map((c) => c.name) })),
    );
  let reading = named(contests);
  // A file of one contest has bare choices for headings, whichever of the election's contests it is.
  for (const contest of contests) if (!reading.ok) reading = named([contest]).ok ? named([contest]) : reading;
  if (!reading.ok) return reading;
  const names = new Set(reading.value.map((totals) => totals.contest));
  const one = contests.filter((contest) => names.has(contest.name));
  return {
    ok: true,
    value: { source, ref, contests: one, ...readBy(batchTotalsReader, reading) },
  };
}

/** The county that a manifest names in its own column, if all of its rows name the same. */
export function countyNamedIn({ batches }: BallotManifest): string | undefined {
  const names = new Set(batches.map((batch) => batch.jurisdiction.trim()));
  const [only] = names;
  return names.size === 1 && only !== '' ? only : undefined;
}

export const manifestSealed = (
  { ref, read, manifest }: ManifestRead,
  jurisdiction: JurisdictionId,
  author: Author,
): Draft => {
  const body: ConductedBodies['manifest sealed'] = {
    read: { ...read, file: ref },
    counts: manifest.counts,
    batches: manifest.batches.length,
    size: manifestSize(manifest),
  };
  return { kind: 'manifest sealed', author, about: { jurisdiction }, body };
};

export const totalsSealed = (
  { ref, read, contests }: TotalsRead,
  jurisdiction: JurisdictionId,
  author: Author,
): Draft[] =>
  contests.map(({ id: contest }) => {
    const body: ConductedBodies['CVRs sealed'] = {
      of: 'batch totals',
      contest,
      read: { ...read, file: ref },
    };
    return { kind: 'CVRs sealed', author, about: { contest, jurisdiction }, body };
  });

export const exportSealed = (
  { ref, read }: ExportRead,
  jurisdiction: JurisdictionId,
  author: Author,
): Draft => {
  const body: ConductedBodies['CVRs sealed'] = { of: 'cast vote records', read: { ...read, file: ref } };
  return { kind: 'CVRs sealed', author, about: { jurisdiction }, body, access: 'sealed' };
};
