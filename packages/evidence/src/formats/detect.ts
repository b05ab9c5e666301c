// Which format is this? Told from the content, never from the name: an .xml may be any of a dozen formats, and spreadsheets
// arrive under the name .csv. Looks at the head of the file only, so that a command can decide before it reads 300 MB of junk.
import type { ReportedResults, BallotsCast } from '../counts/index.ts';
import type { Contest, ContestId, Election, Jurisdiction } from '../election/index.ts';
import type { HandCount } from '../paper/index.ts';
import type { StatedAudit } from '../stated/index.ts';
import { auditReportReader, readAuditReport } from './auditReport.ts';
import { shown } from './cells.ts';
import { clarityReader, readClarity, type NotVotes } from './clarity.ts';
import { countyBallotsReader, readCountyBallots } from './countyBallots.ts';
import type { Reading, ReaderName, Refusal } from './reading.ts';
import { looksLikeOpenElections, openElectionsReader, readOpenElections } from './openElections.ts';
import { looksLikeResultsHeader, readResultsCsv, resultsCsvReader } from './resultsCsv.ts';
import { nistResultsReader, readNistResults, type NistResults } from './nistResults.ts';
import { notText } from './text.ts';

/** How much of a file `detect` looks at. */
export const headLength = 64 * 1024;

export type Format =
  | 'audit report'
  | 'clarity detail'
  | 'nist results'
  | 'open elections'
  | 'county ballots'
  | 'results csv';

const readers: Readonly<Record<Format, ReaderName>> = {
  'audit report': auditReportReader,
  'clarity detail': clarityReader,
  'nist results': nistResultsReader,
  'open elections': openElectionsReader,
  'county ballots': countyBallotsReader,
  'results csv': resultsCsvReader,
};

export const readerOf = (format: Format): ReaderName => readers[format];

/** The format of a file by its first bytes, or why none of ours. */
export function detect(file: string, head: Uint8Array): Format | Refusal {
  const bytes = head.subarray(0, headLength);
  const refusal = notText(file, bytes);
  if (refusal !== undefined) return refusal;
  // Windows-1252 maps every byte to a character, so that a head cut within a UTF-8 character is no fault; only ASCII is looked for.
  const text = new TextDecoder('windows-1252').decode(bytes).replace(/^ï»¿/, '').trimStart();
  const firstLine = /^[^\r\n]*/.exec(text)![0];
  if (text.startsWith('###')) return 'audit report';
  if (text.startsWith('<')) {
    if (/<ElectionResult[\s>]/.test(text)) return 'clarity detail';
    if (/<(?:[\w.-]+:)?ElectionReport[\s>]/.test(text)) return 'nist results';
    return unknown(
      file,
      `XML with the element ${/<([A-Za-z_][\w:.-]*)/.exec(text)?.[1] ?? 'that cannot be made out'}`,
    );
  }
  if (text.startsWith('{')) {
    if (/"BC"\s*:/.test(text) && /"TBJ"\s*:/.test(text)) return 'county ballots';
    return unknown(file, 'JSON of a shape that no reader knows');
  }
  const titles = firstLine.split(',').map((f) => f.replaceAll('"', ''));
  if (looksLikeOpenElections(titles)) return 'open elections';
  if (looksLikeResultsHeader(titles)) return 'results csv';
  if (text === '') return unknown(file, 'blank lines only');
  return unknown(file, `a first line ${shown(firstLine)}`);
}

const unknown = (file: string, found: string): Refusal => ({
  code: 'unknown-format',
  file,
  expected:
    'an audit report CSV (sections "######## … ########"), a Clarity detail.xml (element ElectionResult), NIST SP 1500-100 results (element ElectionReport), a county ballots JSON (BC, TBJ, Und, Ovr, Oth), an OpenElections CSV (columns county, office, candidate), or a results CSV (a column jurisdiction or county)',
  found,
  todo: 'give one of these, or bring the figures into the results CSV: jurisdiction,vote type,choice,votes',
});

/** What any file that we read can hold, in one shape. */
export interface Opened {
  readonly format: Format;
  /** Where the file itself defines the election. */
  readonly election?: Election;
  readonly contests: readonly Contest[];
  readonly jurisdictions: readonly Jurisdiction[];
  readonly results: readonly ReportedResults[];
  readonly handCounts: readonly HandCount[];
  readonly notVotes: readonly NotVotes[];
  readonly ballotsCast?: BallotsCast;
  readonly stated?: StatedAudit;
}

/**
 * Reads a file of whichever format it is. `contest` is that of files that do not say (the county ballots, a results CSV): a choice that it does
 * not have is refused.
 */
export function open(file: string, bytes: Uint8Array, contest?: Contest): Reading<Opened> {
  return read(file, bytes, contest);
}

/** The same for one contest of a file that may hold hundreds: the others are passed over, which is most of the work saved. */
export function openContest(file: string, bytes: Uint8Array, contest: Contest): Reading<Opened> {
  return read(file, bytes, contest, contest.id);
}

function read(file: string, bytes: Uint8Array, contest?: Contest, only?: ContestId): Reading<Opened> {
  const format = detect(file, bytes);
  if (typeof format !== 'string') return { ok: false, refusals: [format] };
  const nothing = { contests: [], jurisdictions: [], results: [], handCounts: [], notVotes: [] };
  switch (format) {
    case 'audit report':
      return map(readAuditReport(file, bytes), (value) => ({ ...nothing, format, ...value }));
    case 'clarity detail':
    case 'nist results':
    case 'open elections': {
      const reader = {
        'clarity detail': readClarity,
        'nist results': readNistResults,
        'open elections': readOpenElections,
      }[format];
      const reading: Reading<NistResults> = reader(file, bytes, only);
      return map(reading, ({ election, results, notVotes }) => ({
        ...nothing,
        format,
        election,
        contests: election.contests,
        jurisdictions: election.jurisdictions,
        results,
        notVotes,
      }));
    }
    case 'county ballots':
      return map(readCountyBallots(file, bytes, contest?.id ?? ('' as ContestId)), (value) => ({
        ...nothing,
        format,
        ...value,
      }));
    case 'results csv':
      return map(
        readResultsCsv(file, bytes, contest === undefined ? {} : { contest: contest.name, known: [contest] }),
        (value) => ({ ...nothing, format, ...value }),
      );
  }
}

const map = <A, B>(reading: Reading<A>, f: (value: A) => B): Reading<B> =>
  reading.ok ? { ...reading, value: f(reading.value) } : reading;
