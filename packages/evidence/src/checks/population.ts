// What a contest's sample was drawn from: the batches or cards of its counties, from the sealed inputs as the record publishes them (specs/desk.md,
// "Ids, and the draw"). The desk that drew has code of its own for this: the two share that page and nothing else (decisions/0014).
import type { CardRecord, ReportedBatch } from '../audit/index.ts';
import type { ContestTally } from '../assertions/index.ts';
import type { JurisdictionId } from '../election/index.ts';
import type { BallotManifest } from '../paper/index.ts';
import type { AuditedContest, ConductedAudit, CvrFigures, Evidence, Input, Source } from '../record/index.ts';
import { reportedFor } from './countsCompared.ts';

/** What is missing, and where. */
export interface Lacking {
  readonly ok: false;
  readonly code: string;
  readonly jurisdiction?: JurisdictionId;
  readonly read: readonly Source[];
}
export interface Batches {
  readonly ok: true;
  readonly tally: ContestTally;
  readonly batches: readonly ReportedBatch[];
  readonly read: readonly Source[];
}
export interface Cards {
  readonly ok: true;
  readonly ids: readonly string[];
  readonly read: readonly Source[];
}
export interface CardsOnRecord {
  readonly ok: true;
  readonly tally: ContestTally;
  /** What the machines' records say of a drawn card; undefined where its number stands twice. */
  readonly recordOf: (card: string) => CardRecord | undefined;
  readonly read: readonly Source[];
}

/** The batches of the contest's counties, each with its cards and the machine's votes. */
export function batchesOf(
  evidence: Evidence,
  audit: ConductedAudit,
  contest: AuditedContest,
): Batches | Lacking {
  const counties = manifestsOf(evidence, audit, contest);
  if (!counties.ok) return counties;
  const batches: ReportedBatch[] = [];
  const read = [...counties.read];
  for (const [jurisdiction, manifest] of counties.value) {
    const totals = audit.counties.get(jurisdiction)?.totals.get(contest.contest.id);
    if (totals === undefined) return { ok: false, code: 'no-batch-totals', jurisdiction, read };
    if (!totals.ok) return { ok: false, code: totals.code, jurisdiction, read: [totals.source] };
    read.push(totals.source);
    for (const { tabulator, name, size } of manifest.batches) {
      const votes = totals.value.get(name.trim());
      if (votes === undefined)
        return { ok: false, code: 'batch-without-totals', jurisdiction, read: [totals.source] };
      batches.push({ name: batchId(jurisdiction, tabulator, name), cards: size, votes });
    }
  }
  const cards = batches.reduce((n, b) => n + b.cards, 0);
  const votes = contest.contest.choices.map((_, c) => batches.reduce((n, b) => n + b.votes[c]!, 0));
  return { ok: true, tally: { cards, votes }, batches, read };
}

/** The ids of all cards of the contest's counties: no cast vote record is needed to draw. */
export function cardsOf(evidence: Evidence, audit: ConductedAudit, contest: AuditedContest): Cards | Lacking {
  const counties = manifestsOf(evidence, audit, contest);
  if (!counties.ok) return counties;
  const ids = [...counties.value].flatMap(([jurisdiction, manifest]) =>
    manifest.batches.flatMap(({ tabulator, name, size }) =>
      Array.from({ length: size }, (_, n) => `${batchId(jurisdiction, tabulator, name)}/${n + 1}`),
    ),
  );
  return { ok: true, ids, read: counties.read };
}

/** What the machines' records say: the contest's totals, and each drawn card. */
export function recordsOf(
  evidence: Evidence,
  audit: ConductedAudit,
  contest: AuditedContest,
): CardsOnRecord | Lacking {
  const counties = manifestsOf(evidence, audit, contest);
  if (!counties.ok) return counties;
  const { id, choices } = contest.contest;
  const votes = choices.map(() => 0);
  const said = new Map<string, CvrFigures>();
  const read = [...counties.read];
  let cards = 0;
  for (const [jurisdiction, manifest] of counties.value) {
    const cvrs = evidence.cvrs?.find((c) => c.value.jurisdiction === jurisdiction);
    const not = evidence.cvrsNotRead?.find((c) => c.jurisdiction === jurisdiction);
    if (cvrs === undefined)
      return {
        ok: false,
        code: not?.code ?? 'no-cvrs',
        jurisdiction,
        read: not === undefined ? read : [not.source],
      };
    read.push(...cvrs.sources);
    said.set(jurisdiction, cvrs.value);
    for (const { size } of manifest.batches) cards += size;
    for (const { header, units } of cvrs.value.tallies)
      for (const [c, { id: of, choices: their }] of header.contests.entries())
        if (of === id)
          for (const [k, choice] of their.entries()) {
            const at = choices.findIndex((known) => known.id === choice.id);
            const n = units.reduce((sum, unit) => sum + unit.contests[c]!.votes[k]!, 0);
            if (at >= 0) votes[at]! += n;
            else if (n > 0) return { ok: false, code: 'unknown-choice', jurisdiction, read: cvrs.sources };
          }
  }
  const recordOf = (card: string): CardRecord | undefined => {
    const slash = card.indexOf('/');
    const records = said.get(card.slice(0, slash))?.cards?.get(card.slice(slash + 1)) ?? [];
    if (records.length === 0) return { kind: 'phantom' };
    if (records.length > 1) return undefined;
    const marks = records[0]!.get(id)?.choices.map((c) => choices.findIndex((known) => known.id === c));
    return marks === undefined ? { kind: 'contestAbsent' } : { kind: 'marks', marks };
  };
  return { ok: true, tally: { cards, votes }, recordOf, read };
}

const batchId = (jurisdiction: JurisdictionId, tabulator: string, name: string): string =>
  `${jurisdiction}/${tabulator.trim()}/${name.trim()}`;

/** The manifests of the counties with a row in the contest's results. */
function manifestsOf(
  evidence: Evidence,
  audit: ConductedAudit,
  { contest }: AuditedContest,
):
  | {
      readonly ok: true;
      readonly value: ReadonlyMap<JurisdictionId, BallotManifest>;
      readonly read: readonly Source[];
    }
  | Lacking {
  const results = reportedFor(evidence, contest.id);
  if (results === undefined) return { ok: false, code: 'no-results', read: [] };
  const value = new Map<JurisdictionId, BallotManifest>();
  const read = [...results.sources];
  for (const jurisdiction of new Set(results.value.rows.map((r) => r.jurisdiction))) {
    const manifest: Input<BallotManifest> | undefined = audit.counties.get(jurisdiction)?.manifest;
    if (manifest === undefined) return { ok: false, code: 'no-manifest', jurisdiction, read };
    if (!manifest.ok) return { ok: false, code: manifest.code, jurisdiction, read: [manifest.source] };
    value.set(jurisdiction, manifest.value);
    read.push(manifest.source);
  }
  return { ok: true, value, read };
}
