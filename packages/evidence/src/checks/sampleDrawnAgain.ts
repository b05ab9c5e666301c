// Is the sample the one that the seed gives? Drawn again from the published inputs, by specs/draw.md and specs/desk.md.
import { assertionsFor } from '../assertions/index.ts';
import { errorBounds } from '../audit/index.ts';
import { cardIds, drawOrder, readSeed, weightedDraw } from '../draw/index.ts';
import type { AuditedContest, ConductedAudit, Evidence, Source } from '../record/index.ts';
import { auditCheck, type Said } from './auditCheck.ts';
import { figure, type UnitConcerned } from './finding.ts';
import { populationOf, type Lacking } from './population.ts';

/** The sample is the one that seed, manifests and totals give, draw by draw. */
export const sampleDrawnAgain = auditCheck(
  'sample-drawn-again',
  ['sample drawn'],
  (contest, audit, evidence) => {
    if (contest.rounds.length === 0) return 'does not apply';
    const draws = contest.rounds.flatMap((r) => r.draws);
    const figures = [
      figure('draws', draws.length, 'draws'),
      figure('rounds', contest.rounds.length, 'rounds'),
    ];
    const cannot = (lacking: Omit<Lacking, 'ok'>): Said => ({ lacking, units: [], figures });
    if (audit.seed === undefined) return cannot({ code: 'no-seed', read: [] });
    const to = contest.rounds.reduce((most, r) => Math.max(most, r.to), 0);
    const again = drawAgain(evidence, audit, contest, audit.seed.seed, to);
    if (!again.ok) return cannot(again);
    const units: UnitConcerned[] = [];
    let place = 0;
    for (const { from, to: end, draws: stated, position } of contest.rounds) {
      if (from !== place || stated.length !== end - from)
        units.push({
          name: `entry ${position}`,
          code: 'not-the-next-draws',
          expected: `${place + 1} to ${place + stated.length}`,
          found: `${from + 1} to ${end}`,
          figures: [],
        });
      for (const [i, found] of stated.entries()) {
        const expected = again.draws[from + i] ?? '';
        if (expected !== found)
          units.push({
            name: found,
            code: 'another-was-drawn',
            expected,
            found,
            figures: [figure('draw', from + i + 1, 'draws')],
          });
      }
      place = end;
    }
    return { units, figures: [...figures, figure('differing', units.length, 'draws')], read: again.read };
  },
);

function drawAgain(
  evidence: Evidence,
  audit: ConductedAudit,
  contest: AuditedContest,
  seedText: string,
  to: number,
): { readonly ok: true; readonly draws: readonly string[]; readonly read: readonly Source[] } | Lacking {
  const seed = readSeed(seedText);
  if (!seed.ok) return { ok: false, code: 'seed-too-weak', read: [] };
  const population = populationOf(evidence, audit, contest, 'draw');
  if (!population.ok) return population;
  const { units, batches, tally, read } = population;
  const unit = batches.length > 0 ? 'batch' : 'card';
  if (contest.rounds.some((r) => r.unit !== unit)) return { ok: false, code: 'units-mixed', read };
  if (unit === 'batch') {
    const assertions = assertionsFor(contest.contest, tally);
    if (!assertions.ok) return { ok: false, code: 'contest-not-auditable', read };
    const { bound } = errorBounds(assertions.assertions, batches);
    const common = [...new Set(bound.map((b) => b.d))].reduce((product, d) => product * d, 1n);
    const weighted = bound.map(({ n, d }, i) => ({
      id: units[i]!,
      weight: n <= 0n ? 0n : n * (common / d),
    }));
    const drawn = weightedDraw(seed.seed, weighted, 0, to);
    if (!drawn.ok) return { ok: false, code: 'cannot-be-drawn', read };
    return { ok: true, draws: drawn.draws.map((d) => units[d]!), read };
  }
  const ordering = drawOrder(seed.seed, cardIds(units));
  if (!ordering.ok) return { ok: false, code: 'cannot-be-drawn', read };
  const most = Math.min(to, units.length);
  return { ok: true, draws: Array.from({ length: most }, (_, k) => units[ordering.order.cardAt(k)]!), read };
}
