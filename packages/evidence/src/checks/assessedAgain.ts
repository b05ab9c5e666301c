// Do the readings give the risk, the ending and the winners that were stated, and does the certificate say so? Every assessment is made again from
// what the record held before it.
import { assertionsFor, type ContestTally, type OnPaper } from '../assertions/index.ts';
import {
  assessBallotPolling,
  assessBatchComparison,
  assessCardComparison,
  assessOneAudit,
  compareCounts,
  countOfHand,
  rankedOutcome,
  rankingsOfHand,
  countOfResults,
  outcomeOfFullCount,
  type Assessment,
  type ComparisonRule,
  type Count,
  type CountedBatch,
} from '../audit/index.ts';
import type { ChoiceId, Contest, JurisdictionId } from '../election/index.ts';
import type { AuditedContest, ConductedAudit, Evidence, PaperReading, Source } from '../record/index.ts';
import { simulationRandom } from '../risk/index.ts';
import { auditCheck, paperKinds } from './auditCheck.ts';
import { reportedFor } from './countsCompared.ts';
import { figure, type UnitConcerned } from './finding.ts';
import { isPaper, isRanked, populationOf, rankingIn, reportedWinners, type Lacking } from './population.ts';
import { ofSample, readingsAt } from './readings.ts';

/** The readings give the risk, the ending and the winners that were stated, round by round. */
export const assessedAgain = auditCheck(
  'assessed-again',
  [...paperKinds, 'round assessed'],
  (contest, audit, evidence) => {
    if (contest.assessments.length === 0) return 'does not apply';
    const units: UnitConcerned[] = [];
    const read: Source[] = [];
    let lacking: Omit<Lacking, 'ok'> | undefined;
    for (const stated of contest.assessments) {
      const name = `entry ${stated.position}`;
      const differs = (code: string, expected: string, found: string): void =>
        void units.push({ name, code, expected, found, figures: [] });
      if (stated.method !== contest.method && stated.method !== 'full hand count')
        differs('another-method', contest.method, stated.method);
      const again =
        stated.method === 'full hand count'
          ? isRanked(contest.contest)
            ? countRankedAgain(evidence, audit, contest, stated)
            : countAgain(evidence, contest, stated)
          : assessAgain(evidence, audit, contest, stated.position);
      if (!again.ok) {
        lacking ??= again;
        continue;
      }
      read.push(...again.read);
      if (!sameRisk(again.risk, stated.risk))
        differs('another-risk', `${again.risk ?? '–'}`, `${stated.risk ?? '–'}`);
      if (again.ending !== stated.ending && !mayOrder(again, stated))
        differs('another-ending', again.ending, stated.ending);
      if (again.winners.toSorted().join() !== stated.winners.toSorted().join())
        differs('other-winners', again.winners.join(', '), stated.winners.join(', '));
    }
    const last = contest.assessments.at(-1)!;
    for (const { position, name } of correctedSince(contest, last))
      if (audit.certificates.length === 0) lacking ??= { code: 'corrected-after-assessment', read: [] };
      else
        units.push({ name: `${name} · entry ${position}`, code: 'corrected-after-assessment', figures: [] });
    return {
      units,
      figures: [
        figure('assessments', contest.assessments.length, 'rounds'),
        figure('differing', units.length, 'rounds'),
      ],
      read,
      ...(lacking === undefined ? {} : { lacking }),
    };
  },
);

/** What was put right after it was assessed: it is assessed again, or nothing follows from it. */
function correctedSince(
  contest: AuditedContest,
  { method, position: assessed }: AuditedContest['assessments'][number],
): readonly { readonly position: number; readonly name: string }[] {
  const told =
    method === 'full hand count'
      ? contest.handCounts.map((h) => ({ ...h, name: h.jurisdiction }))
      : ofSample(contest).map((r) => ({ ...r, name: r.unit }));
  return told.filter(({ position, replaces }) => replaces !== undefined && position > assessed);
}

/** The certificate says what each audit came to, and every audit that it signs has come to an end. */
export const certificateSaysOutcome = auditCheck(
  'certificate-says-outcome',
  ['round assessed', 'certificate signed'],
  (contest, { certificates, notUnderstood }) => {
    const certificate = certificates.at(-1);
    const figures = [figure('certificates', certificates.length, 'entries')];
    if (certificate === undefined)
      return notUnderstood.some((u) => u.kind === 'certificate signed')
        ? { units: [], figures }
        : { units: [], figures, lacking: { code: 'not-certified', read: [] } };
    const read = [{ name: 'certificate signed', position: certificate.position }];
    const said = certificate.contests.find((c) => c.contest === contest.contest.id);
    const { ending, winners } = endingAt(contest, certificate.position);
    const name = `entry ${certificate.position}`;
    const units: UnitConcerned[] = [];
    const differs = (code: string, expected: string, found: string): void =>
      void units.push({ name, code, expected, found, figures: [] });
    if (said === undefined) differs('not-certified', ending, '–');
    else {
      if (said.ending !== ending) differs('another-ending', ending, said.ending);
      if (said.winners.toSorted().join() !== winners.toSorted().join())
        differs('other-winners', winners.join(', '), said.winners.join(', '));
      if (!ends.has(ending)) differs('audit-not-ended', [...ends].join(', '), ending);
    }
    return { units, figures, read };
  },
);

// ── assessing again ──

interface Again {
  readonly ok: true;
  readonly ending: string;
  readonly winners: readonly string[];
  readonly risk?: number;
  readonly why?: string;
  readonly read: readonly Source[];
}

function assessAgain(
  evidence: Evidence,
  audit: ConductedAudit,
  announced: AuditedContest,
  position: number,
): Again | Lacking {
  const { contest, method, rule } = announced;
  const population = populationOf(evidence, audit, announced, 'assess');
  if (!population.ok) return population;
  const { tally, batches, records, pools, cardStyles, read } = population;
  const unknown: Lacking = { ok: false, code: 'method-not-known', read };
  const riskLimit = Number(announced.riskLimit);
  const rounds = new Map(
    announced.rounds.filter((r) => r.position < position).map((r) => [r.from, r.draws] as const),
  );
  const drawn = [...rounds.values()].flat();
  const standing = readingsAt(ofSample(announced), position);
  // The forecast of the next round is by simulation; with the same beginning it is the same.
  const random = simulationRandom(rounds.size);
  const said = (assessment: Assessment): Again | Lacking => asStated(assessment, contest, tally, read);
  if (method === 'batch comparison') {
    const counted = new Map<string, CountedBatch>();
    for (const unit of new Set(drawn)) {
      const paper = standing.get(unit)?.paper;
      if (paper !== undefined && 'batch' in paper)
        counted.set(
          unit,
          paper.batch === 'not found'
            ? { kind: 'notFound' }
            : { kind: 'counted', votes: 'votes' in paper.batch ? paper.batch.votes : [] },
        );
    }
    const kind = rule ?? 'MACRO';
    if (kind !== 'MACRO' && kind !== 'without replacement') return unknown;
    return said(assessBatchComparison({ contest, tally, riskLimit, rule: { kind }, batches, draws: drawn, counted, random })); // oxfmt-ignore
  }
  const interpretations = new Map<string, OnPaper>();
  for (const unit of drawn) {
    const paper = standing.get(unit)?.paper;
    if (!isPaper(unit)) interpretations.set(unit, { kind: 'notFound' });
    else if (paper !== undefined && 'card' in paper) interpretations.set(unit, onPaper(contest, paper.card));
  }
  const cards = { contest, tally, riskLimit, drawn, interpretations, cardStyles, random };
  if (method === 'ballot polling') {
    const kind = rule ?? 'ALPHA';
    if (kind !== 'ALPHA' && kind !== 'aGRAPA' && kind !== 'Kelly') return unknown;
    return said(assessBallotPolling({ ...cards, rule: { kind } }));
  }
  const kind = rule ?? (method === 'ONEAudit' ? 'Kelly' : 'adaptive');
  if (kind !== 'adaptive' && kind !== 'Kelly') return unknown;
  const bets: ComparisonRule =
    kind === 'Kelly' ? { kind, expected: { o1: 0, o2: 0, u1: 0, u2: 0 } } : { kind };
  return said(
    method === 'ONEAudit'
      ? assessOneAudit({ ...cards, records, pools, rule: bets })
      : assessCardComparison({ ...cards, records, rule: bets }),
  );
}

/** An assessment in the words of specs/desk.md. */
function asStated(
  assessment: Assessment,
  contest: Contest,
  tally: ContestTally,
  read: readonly Source[],
): Again | Lacking {
  if (!assessment.ok) return { ok: false, code: 'not-assessed-again', read };
  const { risk, outcome } = assessment.audit;
  const found = assertionsFor(contest, tally);
  const base = { ok: true, risk, winners: found.ok ? found.winners : [], read } as const;
  switch (outcome.kind) {
    case 'confirmed':
      return { ...base, ending: 'confirmed' };
    case 'goOn':
      return { ...base, ending: 'go on' };
    case 'fullHandCountOrdered':
      return { ...base, ending: 'full hand count ordered', why: outcome.why };
    default:
      return { ...base, ending: 'insufficient evidence' };
  }
}

/** The counties' hand counts together, beside the reported results. */
function countAgain(
  evidence: Evidence,
  { contest, handCounts }: AuditedContest,
  { position, lot }: AuditedContest['assessments'][number],
): Again | Lacking {
  const results = reportedFor(evidence, contest.id);
  if (results === undefined) return { ok: false, code: 'no-results', read: [] };
  const last = new Map(handCounts.filter((h) => h.position < position).map((h) => [h.jurisdiction, h]));
  const votes = new Map<JurisdictionId, ReadonlyMap<string, readonly number[]>>();
  const counts = [...last.values()].map(({ count }) => countOfHand(count));
  const choices = contest.choices
    .map((c) => c.id)
    .filter((c) => counts.every((count) => count.choices.includes(c)));
  for (const count of counts) {
    const at = choices.map((c) => count.choices.indexOf(c));
    for (const [county, types] of count.votes)
      votes.set(county, new Map([...types].map(([type, of]) => [type, at.map((i) => of[i]!)])));
  }
  const counted: Count = { contest: contest.id, choices, votes, others: [] };
  const { ending, reported } = compareCounts(contest, countOfResults(results.value), counted);
  const outcome = outcomeOfFullCount(ending);
  const read = [
    ...results.sources,
    ...[...last.values()].map((h) => ({ name: 'hand count reported', position: h.position })),
  ];
  if (ending.kind === 'tie') {
    if (lot === undefined)
      return { ok: true, ending: 'insufficient evidence', winners: ending.winners, read };
    // A lot among the tied, for the seats that the count leaves.
    const chosen = 'winners' in lot ? lot.winners : [];
    const winners = [...ending.winners, ...chosen.filter((w) => ending.tied.some((t) => t === w))];
    const elected: readonly string[] = reported.outcome?.winners ?? [];
    const agrees = elected.length === winners.length && winners.every((w) => elected.includes(w));
    return {
      ok: true,
      ending: agrees ? 'full hand count agrees' : 'full hand count corrects',
      winners,
      read,
    };
  }
  if (outcome.kind === 'insufficientEvidence')
    return { ok: true, ending: 'insufficient evidence', winners: [], why: outcome.why, read };
  return {
    ok: true,
    ending: outcome.kind === 'fullHandCountAgrees' ? 'full hand count agrees' : 'full hand count corrects',
    winners: 'winners' in ending ? ending.winners : [],
    read,
  };
}

/** The counties' rankings together, counted round by round, beside whom the reported result elects. */
function countRankedAgain(
  evidence: Evidence,
  audit: ConductedAudit,
  announced: AuditedContest,
  { position }: AuditedContest['assessments'][number],
): Again | Lacking {
  const { contest, handCounts, assessments } = announced;
  const results = reportedFor(evidence, contest.id);
  if (results === undefined) return { ok: false, code: 'no-results', read: [] };
  const elects = reportedWinners(evidence, audit, announced);
  if (!elects.ok) return elects;
  const last = new Map(handCounts.filter((h) => h.position < position).map((h) => [h.jurisdiction, h]));
  const read = [
    ...results.sources,
    ...[...last.values()].map((h) => ({ name: 'hand count reported', position: h.position })),
  ];
  const counties = new Set(results.value.rows.map((r) => r.jurisdiction));
  if ([...counties].some((c) => !last.has(c)))
    return { ok: true, ending: 'insufficient evidence', winners: [], why: 'hand-count-incomplete', read };
  const rankings = [...last.values()].flatMap((h) => rankingsOfHand(contest, h.count));
  // Lots hold for the count that tied: those since the last assessment that was none.
  const before = assessments.filter((a) => a.position <= position);
  const anew = before.findLastIndex((a) => a.lot === undefined);
  const lots = before.slice(anew + 1).flatMap(({ lot }) => (lot !== undefined && 'eliminated' in lot ? [lot.eliminated] : lot?.winners ?? [])); // oxfmt-ignore
  const outcome = rankedOutcome(contest, rankings, lots as ChoiceId[]);
  if (outcome.kind === 'tied') return { ok: true, ending: 'insufficient evidence', winners: [], read };
  const { winners } = outcome;
  const agrees = elects.winners.length === winners.length && winners.every((w) => elects.winners.includes(w));
  return { ok: true, ending: agrees ? 'full hand count agrees' : 'full hand count corrects', winners, read };
}

/** What people saw on a card, in the words of assorters. Blank and overvoted are a vote for nobody. */
export function onPaper(
  contest: Contest,
  { kind, choices = [], ranks = [] }: Extract<PaperReading['paper'], { card: unknown }>['card'],
): OnPaper {
  if (kind === 'not found') return { kind: 'notFound' };
  if (kind === 'not on ballot') return { kind: 'contestAbsent' };
  const indexes = (of: readonly string[]): number[] =>
    of.map((c) => contest.choices.findIndex((k) => k.id === c));
  if (kind === 'ranking') return { kind: 'marks', marks: rankingIn(ranks.map(indexes), contest) };
  return { kind: 'marks', marks: kind === 'votes' ? indexes(choices) : [] };
}

/** Risks are products of floating-point numbers, and machines may differ in their last digits: one part in a thousand million. */
const sameRisk = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Math.abs(a - b) <= 1e-9 * Math.max(a, b);

/** Whether a smaller sample would do is a forecast by simulation: to count in full rather than to go on is then no fault. */
const mayOrder = (again: Again, stated: { readonly ending: string; readonly why?: string }): boolean =>
  (again.ending === 'go on' &&
    stated.ending === 'full hand count ordered' &&
    stated.why === 'no-smaller-sample') ||
  (again.ending === 'full hand count ordered' &&
    again.why === 'no-smaller-sample' &&
    stated.ending === 'go on');

// ── the end ──

const ends = new Set(['confirmed', 'full hand count agrees', 'full hand count corrects']);

/** What the audit had come to: a full hand count that was ordered takes the place of whatever was assessed before (specs/desk.md). */
function endingAt(
  contest: AuditedContest,
  position: number,
): { readonly ending: string; readonly winners: readonly string[] } {
  const { assessments, ordered } = contest;
  const last = assessments.findLast((a) => a.position < position);
  const winners = last?.winners ?? [];
  const stale = last !== undefined && correctedSince(contest, last).some((c) => c.position < position);
  if (last?.method === 'full hand count' && !stale) return { ending: last.ending, winners };
  if (ordered !== undefined && ordered < position) return { ending: 'full hand count ordered', winners };
  return { ending: last?.ending ?? 'not begun', winners };
}
