// The public files of a batch-comparison audit run with Arlo, as Georgia publishes them: the sample in the report's section SAMPLED BATCHES, and two
// bundles, a zip that holds a zip and its SHA-256, which holds a folder for each county with its ballot manifest or its totals by batch.
// What the report states besides is read by auditReport.ts.
import { sha256, toHex } from '../bytes/index.ts';
import type { StatedVotes } from '../stated/index.ts';
import { countFaults, parseCount, shown } from './cells.ts';
import { eachRow } from './csv.ts';
import type { Reading, ReaderName } from './reading.ts';
import { close, openLedger, refused } from './refusals.ts';
import { decodeText } from './text.ts';
import type { ZipCaps, ZipEntry } from './zip.ts';
import { readZip } from './zip.ts';

export const sampledBatchesReader: ReaderName = { reader: 'sampled-batches', version: '1' };

/** A batch that was counted by hand: drawn, or counted besides ("EXTRA"), which never enters the risk. */
export interface SampledBatch {
  readonly line: number;
  /** As Arlo names them: what it hashes. */
  readonly jurisdiction: string;
  readonly name: string;
  readonly ballots: number;
  readonly audited: boolean;
  /** As written: the batches it was counted together with; "" mostly. */
  readonly combined: string;
  readonly contests: readonly SampledContest[];
}

export interface SampledContest {
  readonly contest: string;
  /** One for each draw of this batch. */
  readonly tickets: readonly { readonly round: number; readonly ticket: string }[];
  readonly extra: boolean;
  readonly reported: readonly StatedVotes[];
  readonly counted: readonly StatedVotes[];
  /** Whether the report says that the two differ. */
  readonly changed: boolean;
}

export function readSampledBatches(file: string, bytes: Uint8Array): Reading<readonly SampledBatch[]> {
  const decoded = decodeText(file, bytes);
  if ('code' in decoded) return refused(decoded);
  const ledger = openLedger(file, decoded.remarks);
  const batches: SampledBatch[] = [];
  let header: readonly string[] | undefined;
  let inSection = false;
  const fault = eachRow(file, decoded.text, ({ line, fields }) => {
    if (fields[0]!.startsWith('###')) {
      inSection = fields[0]!.includes('SAMPLED BATCHES');
      return undefined;
    }
    if (!inSection || fields.every((f) => f === '')) return undefined;
    if (header === undefined) {
      header = fields;
      for (const needed of ['Jurisdiction Name', 'Batch Name', 'Ballots in Batch'])
        if (!fields.includes(needed))
          ledger.refuse(
            'missing-column',
            { line, field: needed },
            `a column "${needed}"`,
            fields.join(', '),
            'export the report again with all its columns',
          );
      return ledger.refusals[0];
    }
    const cell = (title: string): string => fields[header!.indexOf(title)] ?? '';
    if (cell('Jurisdiction Name') === 'Totals') return undefined; // the last row adds the columns up
    const ballots = parseCount(cell('Ballots in Batch'));
    if (typeof ballots === 'string')
      return ledger.refuse(ballots, { line, field: 'Ballots in Batch' }, 'a count', shown(cell('Ballots in Batch')), countFaults[ballots]); // oxfmt-ignore
    const contests = header.flatMap((title): SampledContest[] => {
      if (!title.startsWith('Ticket Numbers: ')) return [];
      const contest = title.slice('Ticket Numbers: '.length);
      const tickets = readTickets(cell(title));
      const reported = readVotes(cell(`Reported Results: ${contest}`));
      const counted = readVotes(cell(`Audit Results: ${contest}`));
      if (tickets === undefined || reported === undefined || counted === undefined) {
        ledger.refuse(
          'not-a-sample-row',
          { line, field: contest },
          'tickets "Round 1: 0.123, …" or EXTRA, and votes "name: n; name: n"',
          shown(
            [cell(title), cell(`Reported Results: ${contest}`), cell(`Audit Results: ${contest}`)].join(
              ' · ',
            ),
          ),
          'export the report again; a cell that was edited by hand is not read',
        );
        return [];
      }
      const changed = cell(`Change in Results: ${contest}`) !== '';
      return [{ contest, ...tickets, reported, counted, changed }];
    });
    batches.push({
      line,
      jurisdiction: cell('Jurisdiction Name'),
      name: cell('Batch Name'),
      ballots,
      audited: cell('Audited?') === 'Yes',
      combined: cell('Combined Batch'),
      contests,
    });
    return ledger.full() ? ledger.refusals[0] : undefined;
  });
  if (fault !== undefined && !ledger.refusals.includes(fault)) ledger.refusals.push(fault);
  if (header === undefined && ledger.refusals.length === 0)
    ledger.refuse(
      'missing-section',
      { field: 'SAMPLED BATCHES' },
      'a section SAMPLED BATCHES',
      'none',
      'this is not the report of a batch-comparison audit',
    );
  return close(ledger, () => batches, batches.length);
}

/** "Round 1: 0.41, 0.52, Round 2: 0.9" or "Round 1: EXTRA"; empty where the batch is not in the contest's sample. */
function readTickets(cell: string): Pick<SampledContest, 'tickets' | 'extra'> | undefined {
  const tickets: { round: number; ticket: string }[] = [];
  let extra = false;
  let round = 0;
  for (const part of cell.split(/[,;]\s*/)) {
    const match = /^(?:Round (\d+): )?(0\.\d+|EXTRA|)$/.exec(part.trim());
    if (match === null) return undefined;
    if (match[1] !== undefined) round = Number(match[1]);
    if (match[2] === 'EXTRA') extra = true;
    else if (match[2] !== '') tickets.push({ round, ticket: match[2]! });
  }
  return { tickets, extra };
}

/** "name: n; name: n"; a name may hold a colon. */
function readVotes(cell: string): StatedVotes[] | undefined {
  const votes: StatedVotes[] = [];
  for (const part of cell.split(/;\s*/)) {
    if (part === '') continue;
    const colon = part.lastIndexOf(': ');
    const n = parseCount(part.slice(colon + 2));
    if (colon === -1 || typeof n === 'string') return undefined;
    votes.push({ name: part.slice(0, colon).trim(), votes: n });
  }
  return votes;
}

/** A file of a bundle, by the county that sent it. */
export interface BundledFile {
  /** The folder's name: the file's own is whatever the county called it. */
  readonly jurisdiction: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Bundle {
  readonly files: readonly BundledFile[];
  /** The SHA-256 the bundle states of its inner archive, and the one it has; absent where none is stated. */
  readonly digest?: { readonly stated: string; readonly found: string };
}

/** What a county's files may come to, unpacked: a hundred times the largest met. */
export const bundleCaps: ZipCaps = { entries: 20_000, entryBytes: 64 << 20, totalBytes: 512 << 20 };

/** The counties' files: from an archive of folders, or an archive that holds one such archive and its digest. */
export function readCountyBundle(file: string, bytes: Uint8Array): Reading<Bundle> {
  const outer = readZip(bytes, file, bundleCaps);
  if (!outer.ok) return refused(...outer.refusals);
  const inner = outer.entries.filter((e) => e.name.toLowerCase().endsWith('.zip'));
  if (inner.length === 0) return unpack(file, outer.entries, undefined);
  const ledger = openLedger(file);
  if (inner.length > 1)
    return refused(
      ledger.refuse(
        'several-archives',
        {},
        'one archive within the bundle',
        `${inner.length}`,
        'give them one by one',
      ),
    );
  const packed = inner[0]!.bytes();
  if (!packed.ok) return refused(packed.refusal);
  const sum = outer.entries.find((e) => e.name === `${inner[0]!.name}.sha256sum`)?.bytes();
  const stated =
    sum?.ok === true ? /^[0-9a-f]{64}/.exec(new TextDecoder().decode(sum.bytes))?.[0] : undefined;
  const digest = stated === undefined ? undefined : { stated, found: toHex(sha256(packed.bytes)) };
  const within = readZip(packed.bytes, inner[0]!.name, bundleCaps);
  return within.ok ? unpack(inner[0]!.name, within.entries, digest) : refused(...within.refusals);
}

function unpack(file: string, entries: readonly ZipEntry[], digest: Bundle['digest']): Reading<Bundle> {
  const ledger = openLedger(file);
  const files: BundledFile[] = [];
  for (const entry of entries) {
    const slash = entry.name.indexOf('/');
    if (slash === -1) {
      ledger.remark('no-folder', { field: entry.name }, 'a folder for each county', shown(entry.name));
      continue;
    }
    const unpacked = entry.bytes();
    if (!unpacked.ok) return refused(unpacked.refusal);
    files.push({
      jurisdiction: entry.name.slice(0, slash),
      name: entry.name.slice(slash + 1),
      bytes: unpacked.bytes,
    });
  }
  if (files.length === 0)
    ledger.refuse(
      'empty-bundle',
      {},
      'a folder for each county',
      'none',
      'check that it is the right archive',
    );
  return close(ledger, () => ({ files, ...(digest === undefined ? {} : { digest }) }), files.length);
}
