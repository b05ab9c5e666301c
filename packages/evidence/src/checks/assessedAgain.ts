// Do the readings give the risk, the ending and the winners that were stated, and does the certificate say so? Every assessment is made again from
// what the record held before it.
import type { ContestTally, OnPaper } from '../assertions/index.ts';
import {
  assessBatchComparison,
  assessCardComparison,
  compareCounts,
  countOfHand,
  countOfResults,
  outcomeOfFullCount,
  type Assessment,
  type Count,
  type CountedBatch,
} from '../audit/index.ts';
import type { Contest, JurisdictionId } from '../election/index.ts';
import type { AuditedContest, ConductedAudit, Evidence, PaperReading, Source } from '../record/index.ts';
import { simulationRandom } from '../risk/index.ts';
import { auditCheck, paperKinds } from './auditCheck.ts';
import { reportedFor } from './countsCompared.ts';
import { figure, type UnitConcerned } from './finding.ts';
import { batchesOf, recordsOf, type Lacking } from './population.ts';
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
          ? countAgain(evidence, contest, stated.position)
          : assessAgain(evidence, audit, contest, stated);
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
    for (const { position, replaces, unit } of ofSample(contest))
      if (last.method !== 'full hand count' && replaces !== undefined && position > last.position)
        units.push({ name: `${unit} · entry ${position}`, code: 'corrected-after-assessment', figures: [] });
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
  { position, method }: AuditedContest['assessments'][number],
): Again | Lacking {
  const { contest } = announced;
  const riskLimit = Number(announced.riskLimit);
  const rounds = announced.rounds.filter((r) => r.position < position);
  const draws = rounds.flatMap((r) => r.draws);
  const drawn = new Set(draws);
  const standing = [...readingsAt(announced.readings, position).values()].filter((r) => drawn.has(r.unit));
  // The forecast of the next round is by simulation; with the same beginning it is the same.
  const random = simulationRandom(rounds.length);
  if (method === 'batch comparison') {
    const population = batchesOf(evidence, audit, announced);
    if (!population.ok) return population;
    const { tally, batches, read } = population;
    const counted = new Map<string, CountedBatch>();
    for (const { unit, paper } of standing)
      if ('batch' in paper)
        counted.set(
          unit,
          paper.batch === 'not found' ? { kind: 'notFound' } : { kind: 'counted', votes: paper.batch.votes },
        );
    return asStated(
      assessBatchComparison({ contest, tally, riskLimit, batches, draws, counted, random }),
      contest,
      tally,
      read,
    );
  }
  if (method === 'card comparison') {
    const population = recordsOf(evidence, audit, announced);
    if (!population.ok) return population;
    const { tally, recordOf, read } = population;
    const interpretations = new Map<string, OnPaper>();
    for (const { unit, paper } of standing)
      if ('card' in paper) interpretations.set(unit, onPaper(contest, paper.card));
    const records = new Map(draws.flatMap((card) => { const record = recordOf(card); return record === undefined ? [] : [[card, record] as const]; })); // oxfmt-ignore
    return asStated(
      assessCardComparison({
        contest,
        tally,
        riskLimit,
        drawn: draws,
        interpretations,
        records,
        cardStyles: false,
        random,
      }),
      contest,
      tally,
      read,
    );
  }
  return { ok: false, code: 'method-not-known', read: [] };
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
  const base = { ok: true, risk, winners: mostVotes(contest, tally), read } as const;
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
  position: number,
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
  const { ending } = compareCounts(contest, countOfResults(results.value), counted);
  const outcome = outcomeOfFullCount(ending);
  const read = [
    ...results.sources,
    ...[...last.values()].map((h) => ({ name: 'hand count reported', position: h.position })),
  ];
  if (outcome.kind === 'insufficientEvidence')
    return { ok: true, ending: 'insufficient evidence', winners: [], why: outcome.why, read };
  return {
    ok: true,
    ending: outcome.kind === 'fullHandCountAgrees' ? 'full hand count agrees' : 'full hand count corrects',
    winners: 'winners' in ending ? ending.winners : [],
    read,
  };
}

/** What people saw on a card, in the words of assorters. Blank and overvoted are a vote for nobody. */
function onPaper(
  contest: Contest,
  { kind, choices = [] }: Extract<PaperReading['paper'], { card: unknown }>['card'],
): OnPaper {
  if (kind === 'not found') return { kind: 'notFound' };
  if (kind === 'not on ballot') return { kind: 'contestAbsent' };
  return {
    kind: 'marks',
    marks: kind === 'votes' ? choices.map((c) => contest.choices.findIndex((k) => k.id === c)) : [],
  };
}

/** As many choices as are elected, the most votes first; of equals the first in the contest's order. */
function mostVotes(contest: Contest, { votes }: ContestTally): string[] {
  const seats = 'winners' in contest.rule ? contest.rule.winners : 1;
  return contest.choices
    .map((c, i) => ({ id: c.id as string, votes: votes[i]! }))
    .toSorted((a, b) => b.votes - a.votes)
    .slice(0, seats)
    .map((c) => c.id);
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
  { assessments, ordered }: AuditedContest,
  position: number,
): { readonly ending: string; readonly winners: readonly string[] } {
  const last = assessments.findLast((a) => a.position < position);
  const winners = last?.winners ?? [];
  if (last?.method === 'full hand count') return { ending: last.ending, winners };
  if (ordered !== undefined && ordered < position) return { ending: 'full hand count ordered', winners };
  return { ending: last?.ending ?? 'not begun', winners };
}
