// Does an audit that was run with another tool come out the same, computed again from its public files? Whoever has the files puts them in a
// folder; each is known by what is in it, not by its name. What the files allow is computed: sizes of samples, draws, tickets, discrepancies, risks;
// each comes out *reproduced*, *differs*, or lacks an input, which is named. Another year's or state's files of the same shape are read the same way.
import { readAuditReport } from '../formats/auditReport.ts';
import { readCountyBundle, readSampledBatches } from '../formats/arloBatchAudit.ts';
import {
  readColoradoActivity,
  readColoradoContests,
  readColoradoCountyContests,
  readColoradoReadings,
  readColoradoRisks,
  readColoradoSeed,
  readColoradoUploads,
  readColoradoVotes,
} from '../formats/coloradoAudit.ts';
import { manifestColumn } from '../formats/manifest.ts';
import type { Reading, Refusal } from '../formats/reading.ts';
import { readZip } from '../formats/zip.ts';
import type { StatedAudit } from '../stated/index.ts';
import { replayBatchComparison } from './replayBatches.ts';
import { replayCards } from './replayCards.ts';
import { replayPolling } from './replayPolling.ts';
import { replayColorado } from './replayColorado.ts';
import { coloradoSeal, noInputTimes } from './replaySeal.ts';

export interface ReplayFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type ReplayWord = 'reproduced' | 'differs' | 'missing input' | 'cannot tell';

/** One thing that the audit states, computed again. */
export interface ReplayItem {
  readonly of:
    | 'digest'
    | 'totals'
    | 'batches'
    | 'sample-size'
    | 'draw'
    | 'tickets'
    | 'discrepancies'
    | 'risk'
    | 'sealed-before-seed';
  readonly contest?: string;
  readonly jurisdiction?: string;
  readonly word: ReplayWord;
  /** What is missing, or why it cannot be told: a fixed word. */
  readonly code?: string;
  readonly stated?: string;
  readonly recomputed?: string;
  /** Of `all` parts (draws, batches, contests) `same` came out the same. */
  readonly same?: number;
  readonly all?: number;
  /** The parts that did not, by name. */
  readonly units: readonly ReplayUnit[];
}

export interface ReplayUnit {
  readonly name: string;
  readonly code?: string;
  readonly stated?: string;
  readonly recomputed?: string;
}

export interface Replay {
  /** How the audit was run, as far as the files say. */
  readonly method: 'ballot polling' | 'batch comparison' | 'card comparison' | 'unknown';
  readonly items: readonly ReplayItem[];
  readonly read: readonly string[];
  /** Files that no replay needs, or that we do not know. */
  readonly notRead: readonly string[];
  readonly refusals: readonly Refusal[];
}

/** Everything that these files let us compute again. */
export function replay(files: readonly ReplayFile[]): Replay {
  const known = files.map((file) => ({ file, kind: kindOf(file) }));
  const refusals: Refusal[] = [];
  const all = <T>(kind: Kind, read: (name: string, bytes: Uint8Array) => Reading<T>): Named<T>[] =>
    known
      .filter((k) => k.kind === kind)
      .flatMap(({ file }) => {
        const reading = read(file.name, file.bytes);
        if (reading.ok) return [{ name: file.name, value: reading.value }];
        refusals.push(...reading.refusals);
        return [];
      });
  const reports = all('report', readAuditReport);
  const samples = all('report', readSampledBatches);
  const bundles = all('bundle', readCountyBundle);
  const seeds = all('seed', readColoradoSeed);
  const contests = all('contests', readColoradoContests);
  const risks = all('risks', readColoradoRisks);
  const activity = all('activity', readColoradoActivity);
  const readings = all('readings', readColoradoReadings);
  const uploads = all('uploads', readColoradoUploads);
  const votes = all('votes', readColoradoVotes);
  const countyContests = all('county contests', readColoradoCountyContests);
  const manifests = known.filter((k) => k.kind === 'manifest').map((k) => k.file);

  const isColorado = seeds.length + contests.length + risks.length + activity.length > 0;
  const colorado = { seeds, contests, risks, activity, readings, uploads, votes, countyContests, manifests };
  const items = [
    ...reports.flatMap((report) =>
      (byType[report.value.stated.auditType ?? ''] ?? replayBatchComparison)(
        report.value.stated,
        samples.find((s) => s.name === report.name)?.value,
        bundles,
        refusals,
      ),
    ),
    ...(isColorado ? replayColorado(colorado, refusals) : []),
  ];
  const seal = isColorado
    ? coloradoSeal(colorado)
    : [noInputTimes(known.filter((k) => k.kind === 'bundle').map((k) => k.file))];
  return {
    method:
      reports.length > 0 ? methodOf(reports[0]!.value.stated) : isColorado ? 'card comparison' : 'unknown',
    items: items.length === 0 ? [] : [...items, ...seal],
    read: known.filter((k) => k.kind !== 'other').map((k) => k.file.name),
    notRead: known.filter((k) => k.kind === 'other').map((k) => k.file.name),
    refusals,
  };
}

/** Where the report's own sections are all there is; others are replayed as batch comparisons, which name what they cannot read. */
const byType: Readonly<Record<string, (stated: StatedAudit) => ReplayItem[]>> = {
  BALLOT_POLLING: replayPolling,
  BALLOT_COMPARISON: replayCards,
};

const methodOf = ({ auditType }: StatedAudit): Replay['method'] =>
  auditType === 'BALLOT_POLLING' ? 'ballot polling' : auditType === 'BATCH_COMPARISON' ? 'batch comparison' : auditType === 'BALLOT_COMPARISON' ? 'card comparison' : 'unknown'; // oxfmt-ignore

export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

type Kind = 'report' | 'bundle' | 'seed' | 'contests' | 'risks' | 'activity' | 'readings' | 'uploads' | 'votes' | 'county contests' | 'manifest' | 'other'; // oxfmt-ignore

function kindOf({ name, bytes }: ReplayFile): Kind {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const zip = readZip(bytes, name);
    return zip.ok && zip.entries.some((e) => e.name === 'xl/workbook.xml') ? 'activity' : 'bundle';
  }
  const head = new TextDecoder().decode(bytes.subarray(0, 4096)).replace(/^\uFEFF/, '');
  if (head.startsWith('########')) return 'report';
  const lines = head.split(/\r?\n/).slice(0, 3);
  if (lines[0]!.split(',')[0]!.trim() === 'seed') return 'seed';
  if (lines[0]!.includes('optimistic_samples_to_audit')) return 'contests';
  if (lines.some((line) => line.includes('Risk measurement %'))) return 'risks';
  if (lines.some((line) => line.includes('audit_board_selection'))) return 'readings';
  if (lines[0]!.includes('submitted_hash')) return 'uploads';
  if (/^"?county_id"?,"?county_name"?,"?contest_name/.test(lines[0]!)) return 'county contests';
  if (/^"?county_name"?,"?contest_name"?,"?choice"?,"?votes/.test(lines[0]!)) return 'votes';
  const columns = new Set(lines[0]!.split(',').map((title) => manifestColumn(title.replaceAll('"', ''))));
  return columns.has('name') && columns.has('size') ? 'manifest' : 'other';
}

/** An item of parts each of which is the same or is not. */
export function partsItem(
  of: ReplayItem['of'],
  about: Pick<ReplayItem, 'contest' | 'jurisdiction'>,
  all: number,
  units: readonly ReplayUnit[],
): ReplayItem {
  return {
    of,
    ...about,
    word: units.length === 0 ? 'reproduced' : 'differs',
    same: all - units.length,
    all,
    units,
  };
}
