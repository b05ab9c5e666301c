// One door for cast vote records of any format: told from the content, unless it is stated.
import type { CvrConsumer } from '../cvr/index.ts';
import { dominionCsvReader, readDominionCsv } from './dominionCsv.ts';
import { dominionJsonReader, readDominionJson } from './dominionJson.ts';
import { clearBallotReader, isClearBallotHead, readClearBallot } from './clearBallot.ts';
import { essCsvReader, readEssCsv } from './essCsv.ts';
import { essXlsxReader, readEssXlsx } from './essXlsx.ts';
import { hartReader, readHart } from './hart.ts';
import type { InputFile } from './input.ts';
import { nistCvrJsonReader, nistCvrXmlReader, readNistCvrJson, readNistCvrXml } from './nistCvr.ts';
import { raireReader, rankingProfileReader, readRaire, readRankingProfile } from './raire.ts';
import type { CvrReading, ReaderName, Reading, Refusal } from './reading.ts';
import type { VoteFor } from './voteFor.ts';
import { ZipFault } from './zipFiles.ts';

export const cvrFormats = [
  'dominion-json',
  'dominion-csv',
  'ess-xlsx',
  'ess-csv',
  'clear-ballot-csv',
  'hart-xml',
  'nist-cvr-json',
  'nist-cvr-xml',
  'raire',
  'ranking-profile-json',
] as const;
export type CvrFormat = (typeof cvrFormats)[number];

export const cvrReaders: Readonly<Record<CvrFormat, ReaderName>> = {
  'dominion-json': dominionJsonReader,
  'dominion-csv': dominionCsvReader,
  'ess-xlsx': essXlsxReader,
  'ess-csv': essCsvReader,
  'clear-ballot-csv': clearBallotReader,
  'hart-xml': hartReader,
  'nist-cvr-json': nistCvrJsonReader,
  'nist-cvr-xml': nistCvrXmlReader,
  raire: raireReader,
  'ranking-profile-json': rankingProfileReader,
};

export interface CvrExportOptions {
  readonly format?: CvrFormat;
  /** 'original': as the machine read, before adjudication, where the format tells them apart. */
  readonly version?: 'current' | 'original';
  readonly encoding?: 'utf-8' | 'windows-1252';
  /** Of contests of which the export does not say how many votes a voter has. */
  readonly voteFor?: VoteFor;
}

/** Reads one export: a file, or the files of a folder or archive. A zip must be unpacked before, with `filesOfZip`. */
export async function readCvrExport(
  files: readonly InputFile[],
  to: CvrConsumer,
  options: CvrExportOptions = {},
): Promise<Reading<CvrReading>> {
  try {
    const format = options.format ?? (await detectCvrs(files));
    if (typeof format !== 'string') return { ok: false, refusals: [format] };
    return await readAs(format, files, to, options);
  } catch (error) {
    if (error instanceof ZipFault) return { ok: false, refusals: [error.refusal] };
    throw error;
  }
}

async function readAs(
  format: CvrFormat,
  files: readonly InputFile[],
  to: CvrConsumer,
  options: CvrExportOptions,
): Promise<Reading<CvrReading>> {
  if (format === 'dominion-json')
    return readDominionJson(files, to, options.version === undefined ? {} : { version: options.version });
  if (format === 'hart-xml') return readHart(files, to, options.voteFor);
  if (format === 'ess-csv') return readEssCsv(files, to, options.voteFor);
  const [file, ...others] = files;
  if (file === undefined || others.length > 0)
    return { ok: false, refusals: [unknown(file?.name ?? '', `${files.length} files`)] };
  switch (format) {
    case 'dominion-csv':
      return readDominionCsv(file, to, options.encoding === undefined ? {} : { encoding: options.encoding });
    case 'ess-xlsx':
      return readEssXlsx(file, to, options.voteFor === undefined ? {} : { voteFor: options.voteFor });
    case 'clear-ballot-csv':
      return readClearBallot(file, to);
    case 'nist-cvr-json':
      return readNistCvrJson(file, to, options.voteFor);
    case 'nist-cvr-xml':
      return readNistCvrXml(file, to, options.voteFor);
    case 'raire':
      return readRaire(file, to);
    case 'ranking-profile-json':
      return readRankingProfile(file, to);
  }
}

/** How much of a file is looked at: a county's header rows can be half a megabyte. */
const longestHead = 2 * 1024 * 1024;

export async function detectCvrs(files: readonly InputFile[]): Promise<CvrFormat | Refusal> {
  if (files.some((file) => /(^|[/\\!])CvrExport(_\d+)?\.json$/i.test(file.name))) return 'dominion-json';
  // Hart: an XML for each sheet, beside other things (signatures, images, reports).
  const sheet = files.find((file) => /\.xml$/i.test(file.name) && !/\.sig\.xml$/i.test(file.name));
  if (files.length > 1 && sheet !== undefined && told(await head(sheet)) === 'hart-xml') return 'hart-xml';
  const tables = files.filter((file) => /\.csv$/i.test(file.name));
  if (files.length > 1 && tables.length === files.length && told(await head(files[0]!)) === 'ess-csv')
    return 'ess-csv';
  const [file] = files;
  if (file === undefined || files.length > 1)
    return unknown(
      file?.name ?? '',
      `${files.length} files, none of them CvrExport….json, and no Hart sheets`,
    );
  const text = await head(file);
  return told(text) ?? unknown(file.name, JSON.stringify(text.slice(0, 60)));
}

/** The beginning of a file as text, as far as it is needed. */
async function head(file: InputFile): Promise<string> {
  const decoder = new TextDecoder('windows-1252'); // only ASCII is looked for, and no byte is a fault
  let text = '';
  for await (const block of file.bytes()) {
    text += decoder.decode(block.subarray(0, longestHead - text.length), { stream: true });
    if (told(text) !== undefined || text.length >= longestHead) break;
  }
  return text;
}

/** Which format the beginning of a file tells. */
function told(text: string): CvrFormat | undefined {
  const body = text.replace(/^\u00EF\u00BB\u00BF/, '');
  if (body.startsWith('PK')) return 'ess-xlsx';
  if (isClearBallotHead(body)) return 'clear-ballot-csv';
  if (/^\d+\r?\nContest,/.test(body)) return 'raire';
  if (/^\s*</.test(body)) {
    if (body.includes('http://tempuri.org/CVRDesign.xsd')) return 'hart-xml';
    return /<([\w]+:)?CastVoteRecordReport[\s>]/.test(body) ? 'nist-cvr-xml' : undefined;
  }
  if (/^\s*\{/.test(body)) {
    if (/"votes"\s*:\s*\[\s*\{\s*"n"\s*:/.test(body)) return 'ranking-profile-json';
    return /"@type"\s*:\s*"CVR\./.test(body) ? 'nist-cvr-json' : undefined;
  }
  if (/(^|\n)"?Cast Vote Record"?,/.test(body)) return 'ess-csv';
  return /(^|\n)"?CvrNumber"?,/.test(body) ? 'dominion-csv' : undefined;
}

const unknown = (file: string, found: string): Refusal => ({
  code: 'unknown-format',
  file,
  expected:
    'cast vote records of Dominion (CSV; JSON in a folder or zip), ES&S (workbook; CSV with its ballots files), Hart (XML in a folder or zip), Clear Ballot (CSV), NIST SP 1500-103 (JSON, XML; also Unisyn), .raire, or a profile of rankings (JSON)',
  found,
  todo: 'state the format, if it is one of these',
});
