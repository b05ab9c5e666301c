// Is each batch counted once, under a name of its own? (field guide, F2 and K4.) In Fulton County's hand count of 2020 workers who could
// not tell whether an entry had been saved made it again, under a name that differs by a blank or a capital.
import { cardsInRow, rowCount, type HandCount } from '../paper/index.ts';
import type { Evidence } from '../record/index.ts';
import { explanationsOf, figure, finding, type Check, type Finding, type UnitConcerned } from './finding.ts';

/** No two batches of a jurisdiction have the same name to the byte. */
export const batchNamesExact: Check = {
  id: 'batch-names-exact',
  of: 'election',
  run: (evidence) => forBatches(batchNamesExact, evidence, (hand) => repeatedNames(hand, (name) => name)),
};

/** No two batches of a jurisdiction have the same name once blanks and capitals are set aside. */
export const batchNamesFolded: Check = {
  id: 'batch-names-folded',
  of: 'election',
  run: (evidence) =>
    forBatches(batchNamesFolded, evidence, (hand) =>
      repeatedNames(hand, (name) => name.trim().toLowerCase()),
    ),
};

/** No batch whose name says that it holds batches a to b stands beside one of them, or beside another range that overlaps. */
export const batchRangesApart: Check = {
  id: 'batch-ranges-apart',
  of: 'election',
  run: (evidence) => forBatches(batchRangesApart, evidence, overlappingRanges),
};

/** Runs a detector over every hand count that has batches; one whose rows are sums of batches cannot tell. */
function forBatches(
  check: Check,
  evidence: Evidence,
  detect: (hand: HandCount) => UnitConcerned[],
): Finding[] {
  if (evidence.handCounts.length === 0) return [finding(check, 'cannot tell', { code: 'no-hand-count' })];
  return evidence.handCounts.map(({ value: hand, sources }) => {
    const base = { contest: hand.contest, read: sources };
    if (hand.granularity !== 'batch') return finding(check, 'cannot tell', { ...base, code: 'no-batches' });
    const units = detect(hand);
    const figures = [
      figure('batches', rowCount(hand), 'batches'),
      figure('found', units.length, 'batches'),
      figure(
        'repeatedCards',
        units.reduce((n, u) => n + u.figures[0]!.value, 0),
        'cards',
      ),
    ];
    if (units.length === 0) return finding(check, 'holds', { ...base, figures });
    return finding(check, 'fails', {
      ...base,
      code: 'repeated',
      figures,
      units,
      explainedBy: explanationsOf(evidence, check.id, hand.contest),
    });
  });
}

/** Every folded name that several batches share: as they are written, how many, the cards of all but the first, and whether the tallies are alike. */
function repeatedNames(hand: HandCount, fold: (name: string) => string): UnitConcerned[] {
  // By jurisdiction: the first row of each name, and all rows of the names that come again.
  const first = hand.jurisdictions.map(() => new Map<string, number>());
  const again = new Map<number, number[]>();
  for (let row = 0; row < rowCount(hand); row++) {
    const names = first[hand.jurisdictionOf[row]!]!;
    const name = fold(hand.names[row]!);
    const earlier = names.get(name);
    if (earlier === undefined) names.set(name, row);
    else again.set(earlier, [...(again.get(earlier) ?? [earlier]), row]);
  }
  return [...again.values()].map((rows) => sharing(hand, rows)).toSorted(byCards);
}

interface NamedRange {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** "…Batch 174- 178": a name is a range only where the word batch stands before it; "Pembroke 10-12" is a date. */
const rangePattern = /^(.*batch(?:es)?)(\d{1,6})(?:-(\d{1,6}))?$/;

function overlappingRanges(hand: HandCount): UnitConcerned[] {
  const series = new Map<string, NamedRange[]>();
  for (let row = 0; row < rowCount(hand); row++) {
    if (!/batch/i.test(hand.names[row]!)) continue;
    const match = rangePattern.exec(hand.names[row]!.replace(/\s+/g, '').toLowerCase().replaceAll('–', '-'));
    if (match === null) continue;
    const from = Number(match[2]);
    const to = Number(match[3] ?? match[2]);
    if (to < from) continue;
    const key = `${hand.jurisdictionOf[row]}\n${match[1]!.replace(/batches$/, 'batch')}`;
    const of = series.get(key);
    if (of === undefined) series.set(key, [{ row, from, to }]);
    else of.push({ row, from, to });
  }
  const units: UnitConcerned[] = [];
  for (const ranges of series.values()) {
    const sorted = ranges.toSorted((a, b) => a.from - b.from || b.to - a.to);
    // `open` holds the ranges that may still reach the next one; singles that repeat are the names' check, not this one's.
    let open: NamedRange[] = [];
    for (const range of sorted) {
      open = open.filter((o) => o.to >= range.from);
      for (const o of open)
        if (o.from < o.to || range.from < range.to) units.push(sharing(hand, [o.row, range.row]));
      open.push(range);
    }
  }
  return units.toSorted(byCards);
}

/** Batches that may be the same paper: the first, and those that may repeat it. */
function sharing(hand: HandCount, rows: readonly number[]): UnitConcerned {
  const [first, ...later] = rows as [number, ...number[]];
  const alike = (only: (column: number) => boolean): boolean =>
    later.some((row) =>
      hand.columns.every((_, c) => !only(c) || cell(hand, row, c) === cell(hand, first, c)),
    );
  const isChoice = (c: number): boolean => hand.columns[c]!.kind === 'choice';
  return {
    jurisdiction: hand.jurisdictions[hand.jurisdictionOf[first]!]!,
    name: rows.map((row) => `“${hand.names[row]!}”`).join(' · '),
    code: alike(() => true) ? 'same-tally' : alike(isChoice) ? 'same-votes' : 'different-tally',
    figures: [
      figure(
        'cards',
        later.reduce((n, row) => n + cardsInRow(hand, row), 0),
        'cards',
      ),
      figure('times', rows.length, 'batches'),
    ],
  };
}

const cell = (hand: HandCount, row: number, column: number): number =>
  hand.tallies[row * hand.columns.length + column]!;
const byCards = (a: UnitConcerned, b: UnitConcerned): number => b.figures[0]!.value - a.figures[0]!.value;
