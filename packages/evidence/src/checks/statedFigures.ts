// Do the figures that were published about this election come out when they are computed again? A stated figure is never taken for a count of ours:
// it is repeated as stated, with what comes out beside it, or with what is missing.
import { choiceId, contestId } from '../election/index.ts';
import { columnTotals } from '../paper/index.ts';
import type { Evidence, StatedFigure, Statement } from '../record/index.ts';
import { marginVariation } from './countsCompared.ts';
import { figure, finding, type Check, type Figure, type UnitConcerned } from './finding.ts';

export const statedFigures: Check = {
  id: 'stated-figures',
  of: 'election',
  run: (evidence) => {
    const stated = evidence.statements.flatMap(({ value, sources }) =>
      (value.figures ?? []).map((f) => ({ f, value, sources, computed: computedFigure(f, value, evidence) })),
    );
    if (stated.length === 0) return [finding(statedFigures, 'does not apply', { code: 'no-stated-figures' })];
    const units: UnitConcerned[] = stated.map(({ f, value, computed }) => ({
      name: f.of,
      expected: f.value,
      ...(computed === undefined ? { code: 'figure-not-at-hand' } : { found: computed }),
      figures: computed === undefined ? nearestFigures(f, value, evidence) : [],
    }));
    const come = stated.filter(({ f, computed }) => computed === f.value).length;
    const wrong = stated.filter(({ f, computed }) => computed !== undefined && computed !== f.value).length;
    const base = {
      read: stated.flatMap((s) => s.sources),
      figures: [figure('reproduced', come, 'rows'), figure('stated', stated.length, 'rows')],
      units,
    };
    if (wrong > 0) return [finding(statedFigures, 'fails', { ...base, code: 'differs' })];
    return [
      come === stated.length
        ? finding(statedFigures, 'holds', base)
        : finding(statedFigures, 'cannot tell', { ...base, code: 'inputs-not-at-hand' }),
    ];
  },
};

/**
 * What the files at hand give in place of a figure that was made from others. Of Georgia's total as first reported, and its change in the hand
 * count: the total that the audit's report took for reported, the hand count's, and the change from one to the other.
 */
function nearestFigures({ name }: StatedFigure, statement: Statement, evidence: Evidence): Figure[] {
  if (name !== 'first-total' && name !== 'total-variation') return [];
  const { hand, tabulated } = countsNamed(statement, evidence);
  if (hand === undefined || tabulated === undefined) return [];
  const isVote = (choice: string): boolean =>
    hand.columns.some((c) => c.kind === 'choice' && c.choice === choiceId(choice));
  const thenTotal = tabulated.filter((t) => isVote(t.name)).reduce((n, t) => n + t.votes, 0);
  const handTotal = columnTotals(hand)
    .filter((_, c) => hand.columns[c]!.kind === 'choice')
    .reduce((a, b) => a + b, 0);
  return [
    figure('reportedThen', thenTotal, 'votes'),
    figure('hand', handTotal, 'votes'),
    ...(thenTotal === 0
      ? []
      : [figure('variation', (100 * Math.abs(handTotal - thenTotal)) / thenTotal, 'percent')]),
  ];
}

/** The hand count of the statement's contest, and the votes that the audit's report takes for reported, the most first. */
function countsNamed({ contest }: Pick<Statement, 'contest'>, evidence: Evidence) {
  const ours = (of: { readonly contest: string }): boolean => contest === undefined || of.contest === contest;
  return {
    ours,
    hand: evidence.handCounts.find((h) => ours(h.value))?.value,
    tabulated: evidence.statedAudits
      .flatMap((a) => a.value.contests)
      .find((c) => ours({ contest: contestId(c.contest) }))
      ?.tabulated.toSorted((a, b) => b.votes - a.votes),
  };
}

/** The figure as our evidence gives it, written as it was published; undefined where an input is not at hand. */
export function computedFigure(
  { name, value }: StatedFigure,
  statement: Pick<Statement, 'contest'>,
  evidence: Evidence,
): string | undefined {
  const { ours, hand, tabulated } = countsNamed(statement, evidence);
  if (hand === undefined) return undefined;
  const votes = columnTotals(hand)
    .filter((_, c) => hand.columns[c]!.kind === 'choice')
    .toSorted((a, b) => b - a);
  const handTotal = votes.reduce((a, b) => a + b, 0);
  const handMargin = votes[0]! - (votes[1] ?? 0);
  const marginThen =
    tabulated === undefined || tabulated.length < 2 ? undefined : tabulated[0]!.votes - tabulated[1]!.votes;
  const counties = marginVariation
    .run(evidence)
    .find((f) => f.contest !== undefined && ours({ contest: f.contest }));
  const of = (figureName: string): number | undefined =>
    counties?.figures.find((f) => f.name === figureName)?.value;
  const [largest, largestOf, below] = [of('largestVotes'), of('largestOf'), of('below')];
  switch (name) {
    case 'hand-margin':
      return grouped(handMargin);
    case 'hand-total':
      return grouped(handTotal);
    case 'margin-then':
      return marginThen === undefined ? undefined : grouped(marginThen);
    case 'margin-variation-of-all-votes':
      // 496 of 5,000,585 (hand total); of the first total, 4,995,323, it is the same to four places.
      return marginThen === undefined
        ? undefined
        : percent(Math.abs(marginThen - handMargin), handTotal, decimalsOf(value));
    // Both are of the certified count; the report's own county summary mixes dates.
    case 'counties-under-0.05%':
      return below === undefined ? undefined : grouped(below);
    case 'largest-county':
      return largest === undefined || largestOf === undefined || largestOf === 0
        ? undefined
        : percent(largest, largestOf, decimalsOf(value));
    default:
      return undefined;
  }
}

const grouped = (n: number): string => `${n}`.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A percentage rounded half up in integers, to as many places as were published. */
function percent(part: number, whole: number, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const units = (BigInt(part) * 200n * scale + BigInt(whole)) / (2n * BigInt(whole));
  return decimals === 0 ? `${units}%` : `${units / scale}.${`${units % scale}`.padStart(decimals, '0')}%`;
}

const decimalsOf = (value: string): number => /\.(\d+)/.exec(value)?.[1]?.length ?? 0;
