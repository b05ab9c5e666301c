// From sealed inputs and a seed to what must be read, and from what was read to what it proves: the methods are those of evidence/audit, the
// draws those of evidence/draw; here they are only given the record's own inputs. Anyone can do the same from the published record once the
// seals are opened.
import { setImmediate } from 'node:timers/promises';
import type { Finding } from '@opencanvass/contract';
import {
  assessBallotPolling,
  assessBatchComparison,
  assessCardComparison,
  assessOneAudit,
  compareCounts,
  countOfHand,
  countOfResults,
  errorBounds,
  outcomeOfFullCount,
  rankedOutcome,
  rankingsOfHand,
  type Assessment,
  type CardRecord,
  type CountedBatch,
  type ReportedBatch,
} from '@opencanvass/evidence/audit';
import {
  assertionsFor,
  rankingOf,
  type ContestTally,
  type OnPaper,
  type RankingCount,
} from '@opencanvass/evidence/assertions';
import { cardIds, readSeed, weightedDraw } from '@opencanvass/evidence/draw';
import type { ChoiceId, Contest, ContestId, JurisdictionId } from '@opencanvass/evidence/election';

import type { HandCount } from '@opencanvass/evidence/paper';
import { simulationRandom } from '@opencanvass/evidence/risk';
import type { AuditState, CardRead, ContestAudit, Method, RoundAssessed, SampleDrawn } from './audit.ts';
import { cardsDrawn } from './cardsDrawn.ts';
import { isRanked, rankingRules } from './cvrs.ts';
import type { Threads } from './threads.ts';
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
  /** What of what was sent: a batch. */
  readonly field?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly problems?: readonly Problem[];
  readonly findings?: readonly Finding[];
}

/** A county as people call it. */
export const countyName = ({ election }: Pick<AuditState, 'election'>, id: string): string =>
  election?.jurisdictions.find((j) => j.id === id)?.name ?? id;

/** What is drawn: batches as a whole, or single cards. */
export const unitOfMethod = (method: Method): 'batch' | 'card' =>
  method === 'batch comparison' ? 'batch' : 'card';

/** Of an audit, what its population depends on. */
export type Planned = Pick<ContestAudit, 'contest' | 'method' | 'cards'>;

/** All that a sample of this contest may be drawn from. */
export interface Population {
  readonly units: readonly Unit[];
  readonly tally: ContestTally;
  /** Of batches, in the order of `units`. */
  readonly batches: readonly ReportedBatch[];
  /** Of cards: what the machine's records say. */
  readonly records: ReadonlyMap<string, CardRecord>;
  /** Of ONEAudit: what the batches without records hold. */
  readonly pools: ReadonlyMap<string, ContestTally>;
  /** Only cards that may hold the contest are among the units. */
  readonly cardStyles: boolean;
}

/** A county's files by their digests. */
export interface CountyFiles {
  readonly manifest: string | undefined;
  readonly totals: (contest: ContestId) => string | undefined;
  readonly cvrs: string | undefined;
}
export type FilesOf = (county: JurisdictionId) => CountyFiles;

export const sealedFiles =
  (state: AuditState): FilesOf =>
  (county) => {
    const sealed = state.sealed.get(county);
    return {
      manifest: sealed?.manifest?.read.file.sha256,
      totals: (contest) => sealed?.totals.get(contest)?.file.sha256,
      cvrs: sealed?.cvrs?.file.sha256,
    };
  };

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
async function lacking(
  state: AuditState,
  { contest, method }: Planned,
  files: KeptFiles,
  filesOf: FilesOf,
): Promise<Problem | undefined> {
  const counties = await countiesOf(state, contest, files);
  if (counties.length === 0) return { code: 'no-results-of-contest', found: contest.name };
  for (const county of counties) {
    const { manifest, totals, cvrs } = filesOf(county);
    const hasTotals = totals(contest.id) !== undefined;
    if (manifest === undefined) return { code: 'county-not-sealed', found: countyName(state, county) };
    if (method === 'batch comparison' && !hasTotals)
      return {
        code: 'county-without-batch-totals',
        expected: contest.name,
        found: countyName(state, county),
      };
    if (method !== 'card comparison' && method !== 'ONEAudit') continue;
    if (cvrs === undefined) {
      if (method === 'ONEAudit' && hasTotals) continue;
      return { code: 'county-without-cvrs', expected: contest.name, found: countyName(state, county) };
    }
    if ((await files.cvrs(cvrs, state.election!.contests)).held(contest.id) === undefined)
      return { code: 'contest-without-records', expected: contest.name, found: countyName(state, county) };
  }
  return undefined;
}

export async function populationOf(
  state: AuditState,
  planned: Planned,
  files: KeptFiles,
  filesOf: FilesOf = sealedFiles(state),
): Promise<Population | Problem> {
  const { contest, method, cards } = planned;
  // A file never changes under its digest: these name all that the population is made of.
  const made = [...state.joined].map((county) => {
    const { manifest, totals, cvrs } = filesOf(county);
    return [county, manifest, totals(contest.id), cvrs].join(' ');
  });
  const reported = state.results.get(contest.id)?.body.table.sha256;
  const key = [contest.id, method, cards, reported, ...made].join('\n');
  return files.population(key, () => makePopulation(state, planned, files, filesOf));
}

/** Why a contest cannot be audited so; undefined: it can. A full hand count draws from nothing: a state's millions of cards are not listed for it. */
export async function impossible(
  state: AuditState,
  planned: Planned,
  files: KeptFiles,
  filesOf: FilesOf = sealedFiles(state),
): Promise<Problem | undefined> {
  if (planned.method === 'full hand count') return lacking(state, planned, files, filesOf);
  const population = await populationOf(state, planned, files, filesOf);
  return 'code' in population ? population : undefined;
}

/** So many cards are listed before others are answered. */
const atOnce = 10_000;

async function makePopulation(
  state: AuditState,
  planned: Planned,
  files: KeptFiles,
  filesOf: FilesOf,
): Promise<Population | Problem> {
  const without = await lacking(state, planned, files, filesOf);
  if (without !== undefined) return without;
  const { contest, method, cards: mostCards } = planned;
  const kind = unitOfMethod(method);
  const units: Unit[] = [];
  const batches: ReportedBatch[] = [];
  const records = new Map<string, CardRecord>();
  const pools = new Map<string, ContestTally>();
  const rankings: RankingCount[] = [];
  const votes = contest.choices.map(() => 0);
  const add = (more: readonly number[]): void => more.forEach((n, c) => (votes[c]! += n));
  let size = 0;
  let held = 0;
  let listed = 0;
  for (const jurisdiction of await countiesOf(state, contest, files)) {
    const given = filesOf(jurisdiction);
    const manifest = await files.manifest(given.manifest!);
    const cvrs =
      (method === 'card comparison' || method === 'ONEAudit') && given.cvrs !== undefined
        ? await files.cvrs(given.cvrs, state.election!.contests)
        : undefined;
    const totals =
      method === 'batch comparison' || (method === 'ONEAudit' && cvrs === undefined)
        ? await files.totals(given.totals(contest.id)!, contest)
        : undefined;
    if (method === 'ballot polling') {
      const results = await files.results(state.results.get(contest.id)!.body);
      add(votesOf(results, contest, jurisdiction)!);
    }
    if (cvrs !== undefined) {
      if (isRanked(contest)) rankings.push(...cvrs.rankings(contest.id));
      else add(cvrs.totals.get(contest.id)!);
      held += cvrs.held(contest.id)!;
    }
    for (const b of manifest.batches) {
      const [tabulator, batch] = [b.tabulator.trim(), b.name.trim()];
      const id = `${jurisdiction}/${tabulator}/${batch}`;
      const place = { jurisdiction, tabulator, batch };
      size += b.size;
      const counted = totals?.get(batch);
      if (counted !== undefined) add(counted);
      if (kind === 'batch') {
        units.push({ id, ...place });
        batches.push({ name: id, cards: b.size, votes: counted! });
        continue;
      }
      if (counted !== undefined) pools.set(id, { cards: b.size, votes: counted });
      const key = cvrs?.keyOf(tabulator, batch);
      for (let card = 1; card <= b.size; card++) {
        if (++listed % atOnce === 0) await setImmediate();
        const said: CardRecord | undefined =
          counted !== undefined
            ? { kind: 'pooled', pool: id }
            : cvrs === undefined
              ? undefined
              : (cvrs.record(key, card, contest.id) ?? { kind: 'phantom' });
        // Where it is known how many cards hold the contest, a card whose record has no such contest is not among them.
        if (mostCards !== undefined && said?.kind === 'contestAbsent') continue;
        units.push({ id: `${id}/${card}`, ...place, card });
        if (said !== undefined) records.set(`${id}/${card}`, said);
      }
    }
  }
  if (mostCards !== undefined) {
    if (held > mostCards) return { code: 'more-cvrs-than-cards', expected: `${mostCards}`, found: `${held}` };
    // Cards that must exist and are not among these: nobody can find them, so each that is drawn is the worst case.
    for (let n = 1; units.length < mostCards; n++) {
      units.push({ id: `${phantom}${n}`, jurisdiction: '' as JurisdictionId, tabulator: '', batch: '' });
      records.set(`${phantom}${n}`, { kind: 'phantom' });
    }
  }
  const cards = kind === 'batch' ? size : units.length;
  const tally: ContestTally = isRanked(contest)
    ? { cards, votes: [], rankings: joined(rankings) }
    : { cards, votes };
  return { units, tally, batches, records, pools, cardStyles: mostCards !== undefined };
}

/** A unit that stands for a card nobody has: no county's id is empty. */
const phantom = '/phantom/';
/** Is there paper to be read? */
export const isPaper = (unit: string): boolean => !unit.startsWith(phantom);

function joined(rankings: readonly RankingCount[]): RankingCount[] {
  const counts = new Map<string, RankingCount>();
  for (const { ranking, count } of rankings) {
    const key = ranking.join();
    counts.set(key, { ranking, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()];
}

/** Draws `from` + 1 to `to` of a contest under a seed. */
export async function drawUnits(
  contest: Contest,
  population: Population,
  seedText: string,
  from: number,
  to: number,
  threads: Threads,
): Promise<
  { readonly ok: true; readonly sample: SampleDrawn } | { readonly ok: false; readonly problem: Problem }
> {
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
  const ids = cardIds(units.map((u) => u.id));
  const drawn = await cardsDrawn({ seed: seed.seed, ids, from, to }, threads);
  if (!drawn.ok) return bad({ code: drawn.code });
  const draws = drawn.places.map((place) => units[place]!.id);
  return { ok: true, sample: { unit: 'card', from, to, draws } };
}

/** What the rounds so far prove. */
export async function assessSample(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
): Promise<RoundAssessed | Problem> {
  const { contest } = audit;
  const population = await populationOf(state, audit, files);
  if ('code' in population) return population;
  const assessment = assessed(audit, population);
  if (!assessment.ok) return { code: assessment.refusal.code, found: JSON.stringify(assessment.refusal) };
  const { outcome, risk } = assessment.audit;
  const found = assertionsFor(contest, population.tally);
  const base = { method: audit.method, risk, winners: found.ok ? found.winners : [] };
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

function assessed(audit: ContestAudit, population: Population): Assessment {
  const { contest, riskLimit } = audit;
  const { tally, batches, records, pools, cardStyles } = population;
  const random = simulationRandom(audit.rounds.length);
  const draws = audit.rounds.flatMap((r) => r.draws);
  if (audit.method === 'batch comparison') {
    const rule =
      audit.rule === 'without replacement'
        ? ({ kind: 'without replacement' } as const)
        : ({ kind: 'MACRO' } as const);
    const counted = new Map<string, CountedBatch>();
    for (const [id, { paper }] of audit.read)
      if ('batch' in paper)
        counted.set(
          id,
          paper.batch === 'not found'
            ? { kind: 'notFound' }
            : { kind: 'counted', votes: 'votes' in paper.batch ? paper.batch.votes : [] },
        );
    return assessBatchComparison({ contest, tally, riskLimit, rule, batches, draws, counted, random });
  }
  const interpretations = new Map<string, OnPaper>();
  for (const unit of draws) {
    const paper = audit.read.get(unit)?.paper;
    if (!isPaper(unit)) interpretations.set(unit, { kind: 'notFound' });
    else if (paper !== undefined && 'contests' in paper) interpretations.set(unit, onPaper(contest, paper));
  }
  const common = { contest, tally, riskLimit, drawn: draws, interpretations, cardStyles, random };
  if (audit.method === 'ballot polling') {
    const rule = { kind: (audit.rule ?? 'ALPHA') as 'ALPHA' | 'aGRAPA' | 'Kelly' };
    return assessBallotPolling({ ...common, rule });
  }
  const kelly = { kind: 'Kelly', expected: { o1: 0, o2: 0, u1: 0, u2: 0 } } as const;
  const adaptive = { kind: 'adaptive' } as const;
  if (audit.method === 'ONEAudit')
    return assessOneAudit({
      ...common,
      records,
      pools,
      rule: audit.rule === 'adaptive' ? adaptive : kelly,
    });
  return assessCardComparison({ ...common, records, rule: audit.rule === 'Kelly' ? kelly : adaptive });
}

export function onPaper(contest: Contest, paper: CardRead): OnPaper {
  const indexes = (choices: readonly string[]): number[] =>
    choices.map((c) => contest.choices.findIndex((k) => k.id === c));
  const said = paper.contests.find((c) => c.contest === contest.id)!.reading;
  switch (said.kind) {
    case 'not found':
      return { kind: 'notFound' };
    case 'not on ballot':
      return { kind: 'contestAbsent' };
    case 'votes':
      return { kind: 'marks', marks: indexes(said.choices) };
    case 'ranking':
      return { kind: 'marks', marks: rankingOf(said.ranks.map(indexes), rankingRules(contest)) ?? [] };
    default:
      return { kind: 'marks', marks: [] }; // blank, overvote: a vote for nobody
  }
}

export const seatsOf = ({ rule }: Contest): number => ('winners' in rule ? rule.winners : 1);

/** What the full hand count says, beside the reported result. Every county of the contest must have counted. `lots`: of a ranked contest, drawn so far. */
export async function assessHandCount(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
  lots: readonly string[] = [],
): Promise<RoundAssessed | Problem> {
  const { contest } = audit;
  const counties = await countiesOf(state, contest, files);
  const missing = counties.find((c) => !audit.handCounts.has(c));
  if (missing !== undefined) return { code: 'county-not-counted', found: countyName(state, missing) };
  const tables = await Promise.all(
    counties.map(async (county) => files.handCount(audit.handCounts.get(county)!.body, county)),
  );
  if (isRanked(contest)) return assessRankings(state, audit, files, tables, lots);
  const votes = new Map(tables.flatMap((table) => [...countOfHand(table).votes]));
  const counted = { contest: contest.id, choices: contest.choices.map((c) => c.id), votes, others: [] };
  const reported = countOfResults(await files.results(state.results.get(contest.id)!.body));
  const { ending, reported: sides } = compareCounts(contest, reported, counted);
  const outcome = outcomeOfFullCount(ending);
  const method = 'full hand count';
  if (ending.kind === 'tie') {
    const { winners, tied } = ending;
    const elected = sides.outcome?.winners ?? [];
    return {
      method,
      ending: 'insufficient evidence',
      winners,
      tied,
      reported: elected,
      why: 'hand-count-tied',
    };
  }
  if (outcome.kind === 'insufficientEvidence')
    return { method, ending: 'insufficient evidence', winners: [], why: outcome.why };
  const winners = 'winners' in ending ? [...ending.winners] : [];
  return {
    method,
    ending: outcome.kind === 'fullHandCountAgrees' ? 'full hand count agrees' : 'full hand count corrects',
    winners,
  };
}

/** All counties' rankings, counted round by round. */
async function assessRankings(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
  tables: readonly HandCount[],
  lots: readonly string[],
): Promise<RoundAssessed | Problem> {
  const { contest } = audit;
  const method = 'full hand count';
  const reported = await reportedWinners(state, audit, files);
  if ('code' in reported) return reported;
  const rankings = tables.flatMap((table) => rankingsOfHand(contest, table));
  const outcome = rankedOutcome(contest, rankings, lots as ChoiceId[]);
  if (outcome.kind === 'tied') {
    const { among, choosing } = outcome;
    return {
      method,
      ending: 'insufficient evidence',
      winners: [],
      tied: among,
      choosing,
      reported,
      why: 'hand-count-tied',
    };
  }
  const { winners } = outcome;
  const agrees = winners.length === reported.length && winners.every((w) => reported.includes(w));
  return { method, ending: agrees ? 'full hand count agrees' : 'full hand count corrects', winners };
}

/** Whom the reported result of a ranked contest elects: as announced, or by the machines' rankings. */
async function reportedWinners(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
): Promise<readonly string[] | Problem> {
  if (audit.reported !== undefined) return audit.reported;
  const population = await populationOf(state, audit, files);
  if ('code' in population) return population;
  const found = assertionsFor(audit.contest, population.tally);
  return found.ok ? found.winners : { code: found.refusal.code };
}
