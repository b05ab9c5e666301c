// Do the figures that were published about this election come out when they are computed again? A stated figure is never taken for a count of ours:
// it is repeated as stated, with what comes out beside it, or with what is missing.
import { columnTotals } from '../paper/index.ts';
import type { Evidence, StatedFigure } from '../record/index.ts';
import { figure, finding, type Check, type UnitConcerned } from './finding.ts';

export const statedFigures: Check = {
  id: 'stated-figures',
  of: 'election',
  run: (evidence) => {
    const stated = evidence.statements.flatMap(({ value, sources }) =>
      (value.figures ?? []).map((f) => ({ f, sources })),
    );
    if (stated.length === 0) return [finding(statedFigures, 'does not apply', { code: 'no-stated-figures' })];
    const answers = stated.map(({ f }) => ({ f, computed: compute(f, evidence) }));
    const units: UnitConcerned[] = answers.map(({ f, computed }) => ({
      name: f.of,
      expected: f.value,
      ...(computed === undefined ? { code: 'inputs-of-another-date' } : { found: computed }),
      figures: [],
    }));
    const come = answers.filter(({ f, computed }) => computed === f.value).length;
    const wrong = answers.filter(({ f, computed }) => computed !== undefined && computed !== f.value).length;
    const base = {
      read: stated.flatMap((s) => s.sources),
      figures: [figure('reproduced', come, 'rows'), figure('stated', stated.length, 'rows')],
      units,
    };
    if (wrong > 0) return [finding(statedFigures, 'fails', { ...base, code: 'differs' })];
    return [
      come === stated.length
        ? finding(statedFigures, 'holds', base)
        : finding(statedFigures, 'cannot tell', { ...base, code: 'inputs-of-another-date' }),
    ];
  },
};

/** The figure as our evidence gives it, written as it was published; undefined where an input is not at hand. */
function compute({ name }: StatedFigure, evidence: Evidence): string | undefined {
  const hand = evidence.handCounts[0]?.value;
  const audit = evidence.statedAudits[0]?.value;
  const then = audit?.contests[0]?.tabulated.toSorted((a, b) => b.votes - a.votes);
  if (hand === undefined || then === undefined || then.length < 2) return undefined;
  const votes = columnTotals(hand)
    .filter((_, c) => hand.columns[c]!.kind === 'choice')
    .toSorted((a, b) => b - a);
  const handTotal = votes.reduce((a, b) => a + b, 0);
  const handMargin = votes[0]! - votes[1]!;
  const marginThen = then[0]!.votes - then[1]!.votes;
  switch (name) {
    case 'margin-then':
      return grouped(marginThen);
    case 'hand-margin':
      return grouped(handMargin);
    case 'hand-total':
      return grouped(handTotal);
    case 'margin-variation-of-all-votes':
      // 496 of 5,000,585 (hand total); of the first total, 4,995,323, it is the same to four places.
      return percent(marginThen - handMargin, handTotal);
    default:
      return undefined;
  }
}

const grouped = (n: number): string => `${n}`.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A percentage to four places, rounded half up, in integers. */
function percent(part: number, whole: number): string {
  const tenThousandths = (BigInt(part) * 2_000_000n + BigInt(whole)) / (2n * BigInt(whole));
  const digits = `${tenThousandths}`.padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}%`;
}
