// Alarms, never proofs: batches that look odd, and how many odd ones chance alone would bring. A detector that raises false alarms says how many
// to expect (field guide, 2.2 H and 5.2).
import { cardsInRow, choiceColumns, rowCount, type HandCount } from '../paper/index.ts';
import type { Evidence } from '../record/index.ts';
import { explanationsOf, figure, finding, type Check, type Finding, type UnitConcerned } from './finding.ts';

/** A batch smaller than this is not called unanimous: small ones are so by chance. */
const large = 50;

/** No batch of 50 cards or more has every card for one choice (field guide, H5: the "950 to 0" batch of a mis-keyed tally). */
export const unanimousBatches: Check = {
  id: 'unanimous-batches',
  of: 'election',
  run: (evidence) =>
    forBatches(unanimousBatches, evidence, (hand) => {
      const width = hand.columns.length;
      const choices = choiceColumns(hand);
      const { of, shares } = groupsOf(hand);
      const units: UnitConcerned[] = [];
      let expected = 0;
      for (let row = 0; row < rowCount(hand); row++) {
        const cards = cardsInRow(hand, row);
        if (cards < large) continue;
        const share = shares[of[row]!]!;
        for (const c of choices) expected += (share[c] ?? 0) ** cards;
        if (choices.some((c) => hand.tallies[row * width + c] === cards)) units.push(unit(hand, row, cards));
      }
      return { units, expected };
    }),
};

/** Every batch on the list holds a card. */
export const emptyBatches: Check = {
  id: 'empty-batches',
  of: 'election',
  run: (evidence) =>
    forBatches(emptyBatches, evidence, (hand) => {
      const units: UnitConcerned[] = [];
      for (let row = 0; row < rowCount(hand); row++)
        if (cardsInRow(hand, row) === 0) units.push(unit(hand, row, 0));
      return { units };
    }),
};

/**
 * Batches of one county and type do not have the same tally more often than chance brings.
 *
 * Two batches of n cards, drawn from the same mix of votes, have the same tally with probability Σ P(tally)². The first two choices are taken
 * exactly (a sum over the binomial), the rest as one rare kind of card (Poisson, whose sum of squares is e^(−2λ) I₀(2λ)).
 * A county is named where its pairs exceed the expected number by more than four of its standard deviations and one pair: batches of different
 * precincts have different mixes, so this is a rough null model, and it says so.
 */
export const repeatedTallies: Check = {
  id: 'repeated-tallies',
  of: 'election',
  run: (evidence) =>
    forBatches(repeatedTallies, evidence, (hand) => {
      const { of, shares } = groupsOf(hand);
      const groups = new Map<number, number[]>();
      for (let row = 0; row < rowCount(hand); row++) {
        if (cardsInRow(hand, row) < large) continue;
        const rows = groups.get(of[row]!);
        if (rows === undefined) groups.set(of[row]!, [row]);
        else rows.push(row);
      }
      const units: UnitConcerned[] = [];
      let alarms = 0;
      for (const [group, rows] of groups) {
        const { pairs, cards } = samePairs(hand, rows);
        const expected = expectedPairs(hand, rows, shares[group]!);
        if (expected > 0) alarms += beyondFourDeviations;
        if (pairs > expected + 4 * Math.sqrt(expected) + 1)
          units.push({
            jurisdiction: hand.jurisdictions[hand.jurisdictionOf[rows[0]!]!]!,
            name: hand.types[rows[0]!]!,
            figures: [
              figure('pairs', pairs, 'batches'),
              figure('expected', Math.round(expected * 10) / 10, 'batches'),
              figure('cards', cards, 'cards'),
            ],
          });
      }
      return {
        units: units.toSorted((a, b) => b.figures[0]!.value - a.figures[0]!.value),
        expected: alarms,
      };
    }),
};

/** The upper tail of the normal distribution beyond four standard deviations: how often chance alone names one group. */
const beyondFourDeviations = 3.2e-5;

interface Detected {
  readonly units: readonly UnitConcerned[];
  readonly expected?: number;
}

function forBatches(check: Check, evidence: Evidence, detect: (hand: HandCount) => Detected): Finding[] {
  if (evidence.handCounts.length === 0) return [finding(check, 'cannot tell', { code: 'no-hand-count' })];
  return evidence.handCounts.map(({ value: hand, sources }) => {
    const base = { contest: hand.contest, read: sources };
    if (hand.granularity !== 'batch') return finding(check, 'cannot tell', { ...base, code: 'no-batches' });
    const { units, expected } = detect(hand);
    const parts = {
      ...base,
      figures: [figure('batches', rowCount(hand), 'batches'), figure('found', units.length, 'batches')],
      ...(expected === undefined ? {} : { byChance: { expected, unit: 'batches' as const } }),
    };
    return units.length === 0
      ? finding(check, 'holds', parts)
      : finding(check, 'fails', {
          ...parts,
          code: 'found',
          units,
          explainedBy: explanationsOf(evidence, check.id, hand.contest),
        });
  });
}

function unit(hand: HandCount, row: number, cards: number): UnitConcerned {
  return {
    jurisdiction: hand.jurisdictions[hand.jurisdictionOf[row]!]!,
    name: hand.names[row]!,
    figures: [figure('cards', cards, 'cards')],
  };
}

interface Groups {
  /** By row: which group it is in. */
  readonly of: Uint32Array;
  /** By group: the share of each column among all its cards. */
  readonly shares: readonly (readonly number[])[];
}

/** Batches are compared within a county and batch type: mail and election day differ. */
function groupsOf(hand: HandCount): Groups {
  const width = hand.columns.length;
  const types = new Map<string, number>();
  const indices = new Map<number, number>();
  const of = new Uint32Array(rowCount(hand));
  const sums: number[][] = [];
  for (let row = 0; row < of.length; row++) {
    let type = types.get(hand.types[row]!);
    if (type === undefined) types.set(hand.types[row]!, (type = types.size));
    const key = type * 65_536 + hand.jurisdictionOf[row]!;
    let group = indices.get(key);
    if (group === undefined) {
      indices.set(key, (group = indices.size));
      sums.push(Array.from<number>({ length: width }).fill(0));
    }
    of[row] = group;
    const sum = sums[group]!;
    for (let c = 0; c < width; c++) sum[c]! += hand.tallies[row * width + c]!;
  }
  for (const sum of sums) {
    const cards = sum.reduce((a, b) => a + b, 0);
    if (cards > 0) for (let c = 0; c < width; c++) sum[c]! /= cards;
  }
  return { of, shares: sums };
}

/** Pairs of batches with the same figure in every column, and the cards in the later ones. */
function samePairs(hand: HandCount, rows: readonly number[]): { pairs: number; cards: number } {
  const width = hand.columns.length;
  const seen = new Map<string, number>();
  let pairs = 0;
  let cards = 0;
  for (const row of rows) {
    let key = '';
    for (let c = 0; c < width; c++) key += `${hand.tallies[row * width + c]!},`;
    const before = seen.get(key) ?? 0;
    if (before > 0) cards += cardsInRow(hand, row);
    pairs += before;
    seen.set(key, before + 1);
  }
  return { pairs, cards };
}

function expectedPairs(hand: HandCount, rows: readonly number[], share: readonly number[]): number {
  const bySize = new Map<number, number>();
  for (const row of rows) {
    const cards = cardsInRow(hand, row);
    bySize.set(cards, (bySize.get(cards) ?? 0) + 1);
  }
  const [first = 0, second = 0] = share.toSorted((a, b) => b - a);
  const rest = Math.max(0, 1 - first - second);
  let expected = 0;
  for (const [n, batches] of bySize) {
    if (batches < 2) continue;
    expected +=
      ((batches * (batches - 1)) / 2) *
      sameSplit(Math.round(n * (1 - rest)), first / (first + second)) *
      sameRare(n * rest);
  }
  return expected;
}

/** Σ Bin(k; n, p)²: the probability that two groups of n cards split alike between two choices. */
function sameSplit(n: number, p: number): number {
  if (!(p > 0 && p < 1)) return 1;
  // From the mode outwards, so that nothing underflows: probabilities relative to the mode's, then normalised.
  const mode = Math.min(n, Math.floor((n + 1) * p));
  let total = 1;
  let squares = 1;
  for (let k = mode, term = 1; k < n; k++) {
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
    if (term < 1e-12) break;
    total += term;
    squares += term * term;
  }
  for (let k = mode, term = 1; k > 0; k--) {
    term *= (k / (n - k + 1)) * ((1 - p) / p);
    if (term < 1e-12) break;
    total += term;
    squares += term * term;
  }
  return squares / (total * total);
}

/** Σ Poisson(k; λ)² = e^(−2λ) I₀(2λ), by the series of I₀ with the factor drawn in. */
function sameRare(lambda: number): number {
  let term = Math.exp(-2 * lambda);
  let sum = term;
  for (let k = 1; k < 1000 && term > 0; k++) {
    term *= (lambda / k) ** 2;
    sum += term;
    if (k > lambda && term < sum * 1e-12) break;
  }
  return sum;
}
