// Do the batches add up? A total that nobody adds up again can hide anything: a row left out of the export, a figure typed twice.
// (field guide, K3 and K5: reported = sum of batches; rows = header.)
import { choiceId } from '../election/index.ts';
import {
  columnTotals,
  rowCount,
  totalsByJurisdiction,
  type HandCount,
  type TallyColumn,
} from '../paper/index.ts';
import type { StatedRound } from '../stated/index.ts';
import { contradictionsIn } from './contradictions.ts';
import { explanationsOf, figure, finding, type Check, type UnitConcerned } from './finding.ts';

/** The rows of the hand count add up to the totals that the report itself states for the round, choice by choice. */
export const batchesAddUp: Check = {
  id: 'batches-add-up',
  of: 'election',
  run: (evidence) => {
    if (evidence.handCounts.length === 0)
      return [finding(batchesAddUp, 'cannot tell', { code: 'no-hand-count' })];
    return evidence.handCounts.map(({ value: hand, sources }) => {
      const base = { contest: hand.contest, read: sources };
      const contest = evidence.election.contests.find((c) => c.id === hand.contest);
      const stated = evidence.statedAudits
        .flatMap((a) => a.value.rounds)
        .findLast(
          (r) =>
            contest === undefined ||
            r.contest === contest.name ||
            choiceId(r.contest) === choiceId(contest.name),
        );
      const contradictions = contradictionsIn(evidence, sources);
      const audited = stated?.audited ?? [];
      if (audited.length === 0 && contradictions.length === 0)
        return finding(batchesAddUp, 'cannot tell', { ...base, code: 'no-stated-totals' });
      const sumsDiffer = differences(hand, audited);
      const differing = sumsDiffer.length > 0 ? sumsDiffer : contradictions;
      const figures = [
        figure('batches', batchesOf(evidence, hand), 'batches'),
        figure('columns', audited.length === 0 ? hand.columns.length : audited.length, 'choices'),
      ];
      return differing.length === 0
        ? finding(batchesAddUp, 'holds', { ...base, figures })
        : finding(batchesAddUp, 'fails', {
            ...base,
            code: 'sum-differs',
            figures: [...figures, figure('differing', differing.length, 'choices')],
            units: differing,
            explainedBy: explanationsOf(evidence, batchesAddUp.id, hand.contest),
          });
    });
  },
};

/** The rows of each jurisdiction's table add up to the totals that its entry in the record states. */
export const countyTotalsAddUp: Check = {
  id: 'county-totals-add-up',
  of: 'election',
  run: (evidence) => {
    if (evidence.handCountTotals.length === 0)
      return [finding(countyTotalsAddUp, 'does not apply', { code: 'no-entries' })];
    const units: UnitConcerned[] = [];
    for (const { value: hand } of evidence.handCounts) {
      const sums = new Map(totalsByJurisdiction(hand).map((sum, i) => [hand.jurisdictions[i]!, sum]));
      for (const entry of evidence.handCountTotals.filter((t) => t.contest === hand.contest)) {
        const sum = sums.get(entry.jurisdiction) ?? [];
        const off = entry.totals.reduce((total, stated, i) => total + Math.abs(stated - (sum[i] ?? 0)), 0);
        if (off !== 0)
          units.push({ jurisdiction: entry.jurisdiction, figures: [figure('difference', off, 'cards')] });
      }
    }
    const figures = [figure('entries', evidence.handCountTotals.length, 'entries')];
    const read = evidence.handCountTotals.map((t) => t.source);
    return [
      units.length === 0
        ? finding(countyTotalsAddUp, 'holds', { figures, read })
        : finding(countyTotalsAddUp, 'fails', { code: 'sum-differs', figures, units, read }),
    ];
  },
};

function differences(hand: HandCount, audited: StatedRound['audited']): UnitConcerned[] {
  const sums = columnTotals(hand);
  return audited.flatMap(({ name, votes }) => {
    const column = hand.columns.findIndex((c) => isColumn(c, name));
    const sum = column < 0 ? undefined : sums[column];
    return sum === votes
      ? []
      : [
          {
            name,
            figures: [
              figure('stated', votes, 'votes'),
              ...(sum === undefined ? [] : [figure('sum', sum, 'votes')]),
            ],
          },
        ];
  });
}

/** Reports misspell their own titles ("Valid Write-iin"): the words that tell the columns apart are enough. */
function isColumn(column: TallyColumn, title: string): boolean {
  switch (column.kind) {
    case 'choice':
      return column.choice === choiceId(title);
    case 'ranking':
      return false;
    case 'writeIn':
      return /^write/i.test(title);
    case 'validWriteIn':
      return /^valid write/i.test(title);
    case 'invalidWriteIn':
      return /^invalid write/i.test(title);
    case 'blank':
      return /blank|undervote/i.test(title);
    case 'overvote':
      return /^overvote/i.test(title);
  }
}

/** How many batches of paper the count is of, also where its rows are sums of batches. */
export function batchesOf(
  evidence: { readonly handCountTotals: readonly { readonly contest: string; readonly batches: number }[] },
  hand: HandCount,
): number {
  if (hand.granularity === 'batch') return rowCount(hand);
  return evidence.handCountTotals
    .filter((t) => t.contest === hand.contest)
    .reduce((n, t) => n + t.batches, 0);
}
