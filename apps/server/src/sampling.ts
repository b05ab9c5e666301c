// From sealed inputs and a seed to what must be read, and from what was read to what it proves: the methods are those of evidence/audit, the
// draws those of evidence/draw; here they are only given the record's own inputs. Anyone can do the same from the published record once the
// seals are opened.
import {
  assessBatchComparison,
  assessCardComparison,
  compareCounts,
  countOfHand,
  countOfResults,
  errorBounds,
  outcomeOfFullCount,
  type Assessment,
  type CardRecord,
  type CountedBatch,
  type ReportedBatch,
} from '@opencanvass/evidence/audit';
import { assertionsFor, type ContestTally, type OnPaper } from '@opencanvass/evidence/assertions';
import { cardIds, drawOrder, readSeed, weightedDraw } from '@opencanvass/evidence/draw';
import type { Contest, JurisdictionId } from '@opencanvass/evidence/election';
import { readHandCountTable } from '@opencanvass/evidence/formats';
import { simulationRandom } from '@opencanvass/evidence/risk';
import type { Keeper } from '@opencanvass/keeper';
import type { AuditState, ContestAudit, Method, RoundAssessed, SampleDrawn } from './audit.ts';
import type { KeptFiles } from './inputs.ts';
import { votesOf } from './inputs.ts';

export interface Unit {
  readonly id: string;
  readonly jurisdiction: JurisdictionId;
  readonly tabulator: string;
  readonly batch: string;
  readonly card?: number;
}

export interface Problem {
  readonly code: string;
  readonly expected?: string;
  readonly found?: string;
}

/** All that a sample of this contest may be drawn from. */
export interface Population {
  readonly units: readonly Unit[];
  readonly tally: ContestTally;
  /** Of batches, in the order of `units`. */
  readonly batches: readonly ReportedBatch[];
  /** Of cards: what the machine's records say. */
  readonly records: ReadonlyMap<string, CardRecord>;
}

/** The counties whose paper has the contest: those with a row in its results. */
export async function countiesOf(
  state: AuditState,
  contest: Contest,
  files: KeptFiles,
): Promise<JurisdictionId[]> {
  const reported = state.results.get(contest.id);
  if (reported === undefined) return [];
  const results = await files.results(reported.body);
  return [...state.joined].filter((j) => votesOf(results, contest, j) !== undefined);
}

/** Which county lacks what this method needs. */
export async function lacking(
  state: AuditState,
  contest: Contest,
  method: Method,
  files: KeptFiles,
): Promise<Problem | undefined> {
  const counties = await countiesOf(state, contest, files);
  if (counties.length === 0) return { code: 'no-results-of-contest', found: contest.name };
  for (const county of counties) {
    const sealed = state.sealed.get(county);
    if (sealed?.manifest === undefined) return { code: 'county-not-sealed', found: county };
    if (method === 'batch comparison' && !sealed.totals.has(contest.id))
      return { code: 'county-without-batch-totals', expected: contest.name, found: county };
    if (method === 'card comparison' && sealed.cvrs === undefined)
      return { code: 'county-without-cvrs', expected: contest.name, found: county };
  }
  return undefined;
}

export async function populationOf(
  state: AuditState,
  contest: Contest,
  unit: 'batch' | 'card',
  files: KeptFiles,
): Promise<Population> {
  const units: Unit[] = [];
  const batches: ReportedBatch[] = [];
  const records = new Map<string, CardRecord>();
  const votes = contest.choices.map(() => 0);
  let cards = 0;
  for (const jurisdiction of await countiesOf(state, contest, files)) {
    const sealed = state.sealed.get(jurisdiction)!;
    const manifest = await files.manifest(sealed.manifest!.read.file.sha256);
    const totals =
      unit === 'batch' ? await files.totals(sealed.totals.get(contest.id)!.file.sha256, contest) : undefined;
    const cvrs =
      unit === 'card' ? await files.cvrs(sealed.cvrs!.file.sha256, state.election!.contests) : undefined;
    for (const b of manifest.batches) {
      const [tabulator, batch] = [b.tabulator.trim(), b.name.trim()];
      cards += b.size;
      if (totals !== undefined) {
        const id = `${jurisdiction}/${tabulator}/${batch}`;
        const counted = totals.get(batch)!;
        units.push({ id, jurisdiction, tabulator, batch });
        batches.push({ name: id, cards: b.size, votes: counted });
        for (const [c, n] of counted.entries()) votes[c]! += n;
      }
      if (cvrs !== undefined)
        for (let card = 1; card <= b.size; card++) {
          const id = `${jurisdiction}/${tabulator}/${batch}/${card}`;
          units.push({ id, jurisdiction, tabulator, batch, card });
          const said = cvrs.records.get(`${tabulator}/${batch}/${card}`);
          records.set(
            id,
            said === undefined ? { kind: 'phantom' } : (said.get(contest.id) ?? { kind: 'contestAbsent' }),
          );
        }
    }
    if (cvrs !== undefined)
      for (const [c, n] of (cvrs.totals.get(contest.id) ?? []).entries()) votes[c]! += n;
  }
  return { units, tally: { cards, votes }, batches, records };
}

/** Draws `from` + 1 to `to` of a contest under a seed. */
export function drawUnits(
  contest: Contest,
  population: Population,
  seedText: string,
  from: number,
  to: number,
): { readonly ok: true; readonly sample: SampleDrawn } | { readonly ok: false; readonly problem: Problem } {
  const bad = (problem: Problem) => ({ ok: false, problem }) as const;
  const seed = readSeed(seedText);
  if (!seed.ok) return bad({ code: seed.code, found: seed.found });
  const { units, batches, tally } = population;
  if (batches.length > 0) {
    const found = assertionsFor(contest, tally);
    if (!found.ok) return bad({ code: found.refusal.code });
    const { bound } = errorBounds(found.assertions, batches);
    // Weights in whole numbers: every bound over one denominator.
    const denominators = [...new Set(bound.map((b) => b.d))];
    const common = denominators.reduce((product, d) => product * d, 1n);
    const weights = bound.map((b, i) => ({
      id: units[i]!.id,
      weight: b.n <= 0n ? 0n : b.n * (common / b.d),
    }));
    const draw = weightedDraw(seed.seed, weights, from, to);
    if (!draw.ok) return bad({ code: draw.code });
    return { ok: true, sample: { unit: 'batch', from, to, draws: draw.draws.map((d) => units[d]!.id) } };
  }
  if (to > units.length)
    return bad({ code: 'more-drawn-than-cards', expected: `${units.length}`, found: `${to}` });
  const ordering = drawOrder(seed.seed, cardIds(units.map((u) => u.id)));
  if (!ordering.ok) return bad({ code: ordering.code });
  const draws = Array.from({ length: to - from }, (_, i) => units[ordering.order.cardAt(from + i)]!.id);
  return { ok: true, sample: { unit: 'card', from, to, draws } };
}

/** What the rounds so far prove. */
export async function assessSample(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
): Promise<RoundAssessed | Problem> {
  const { contest, riskLimit } = audit;
  const unit = audit.method === 'batch comparison' ? 'batch' : 'card';
  const { tally, batches, records } = await populationOf(state, contest, unit, files);
  const random = simulationRandom(audit.rounds.length);
  const draws = audit.rounds.flatMap((r) => r.draws);
  let assessment: Assessment;
  if (unit === 'batch') {
    const counted = new Map<string, CountedBatch>();
    for (const [id, { paper }] of audit.read)
      if ('batch' in paper)
        counted.set(
          id,
          paper.batch === 'not found' ? { kind: 'notFound' } : { kind: 'counted', votes: paper.batch.votes },
        );
    assessment = assessBatchComparison({ contest, tally, riskLimit, batches, draws, counted, random });
  } else {
    const interpretations = new Map<string, OnPaper>();
    for (const [id, { paper }] of audit.read)
      if ('contests' in paper) interpretations.set(id, onPaper(contest, paper));
    assessment = assessCardComparison({
      contest,
      tally,
      riskLimit,
      drawn: draws,
      interpretations,
      records,
      cardStyles: false,
      random,
    });
  }
  if (!assessment.ok) return { code: assessment.refusal.code, found: JSON.stringify(assessment.refusal) };
  const { outcome, risk } = assessment.audit;
  const reported = assertionWinners(contest, tally);
  const base = { method: audit.method, risk, winners: reported };
  switch (outcome.kind) {
    case 'confirmed':
      return { ...base, ending: 'confirmed' };
    case 'goOn':
      return { ...base, ending: 'go on', next: outcome.to };
    case 'fullHandCountOrdered':
      return { ...base, ending: 'full hand count ordered', why: outcome.why };
    case 'insufficientEvidence':
      return { ...base, ending: 'insufficient evidence', why: outcome.why };
    default:
      throw new Error(`a sample came to ${outcome.kind}`);
  }
}

function onPaper(
  contest: Contest,
  paper: {
    readonly contests: readonly { contest: string; reading: { kind: string; choices?: readonly string[] } }[];
  },
): OnPaper {
  const said = paper.contests.find((c) => c.contest === contest.id)!.reading;
  switch (said.kind) {
    case 'not found':
      return { kind: 'notFound' };
    case 'not on ballot':
      return { kind: 'contestAbsent' };
    case 'votes':
      return { kind: 'marks', marks: said.choices!.map((c) => contest.choices.findIndex((k) => k.id === c)) };
    default:
      return { kind: 'marks', marks: [] }; // blank, overvote: a vote for nobody
  }
}

/** The choices with the most votes, as many as are elected. */
function assertionWinners(contest: Contest, { votes }: ContestTally): string[] {
  const seats = 'winners' in contest.rule ? contest.rule.winners : 1;
  return contest.choices
    .map((c, i) => ({ id: c.id as string, n: votes[i]! }))
    .toSorted((a, b) => b.n - a.n)
    .slice(0, seats)
    .map((c) => c.id);
}

/** What the full hand count says, beside the reported result. Every county of the contest must have counted. */
export async function assessHandCount(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
  keeper: Keeper,
): Promise<RoundAssessed | Problem> {
  const { contest } = audit;
  const counties = await countiesOf(state, contest, files);
  const missing = counties.find((c) => !audit.handCounts.has(c));
  if (missing !== undefined) return { code: 'county-not-counted', found: missing };
  const votes = new Map();
  for (const county of counties) {
    const { body } = audit.handCounts.get(county)!;
    const bytes = await keeper.file(body.table.sha256);
    const table = readHandCountTable(body.table.name, bytes!, body, county);
    if (!table.ok) throw new Error('a hand count table of the record cannot be read');
    for (const [j, types] of countOfHand(table.value).votes) votes.set(j, types);
  }
  const counted = { contest: contest.id, choices: contest.choices.map((c) => c.id), votes, others: [] };
  const reported = countOfResults(await files.results(state.results.get(contest.id)!.body));
  const { ending } = compareCounts(contest, reported, counted);
  const outcome = outcomeOfFullCount(ending);
  const method = 'full hand count';
  if (outcome.kind === 'insufficientEvidence')
    return { method, ending: 'insufficient evidence', winners: [], why: outcome.why };
  const winners = 'winners' in ending ? [...ending.winners] : [];
  return {
    method,
    ending: outcome.kind === 'fullHandCountAgrees' ? 'full hand count agrees' : 'full hand count corrects',
    winners,
  };
}
