// What people read on the paper, batch by batch. Columnar, because a state has tens of thousands of batches.
import type { ChoiceId, ContestId, JurisdictionId } from '../election/index.ts';

/** What a column of a hand count counts: votes for a choice, cards with a ranking, or cards that gave none. */
export type TallyColumn =
  | { readonly kind: 'choice'; readonly choice: ChoiceId }
  /** Of a ranked contest: by rank from the first, whoever is marked there; an empty list is a rank left blank. */
  | { readonly kind: 'ranking'; readonly ranks: readonly (readonly ChoiceId[])[] }
  /** 'writeIn': a name that is no choice of the contest, where the count does not say whether it is valid. */
  | { readonly kind: 'writeIn' | 'validWriteIn' | 'invalidWriteIn' | 'blank' | 'overvote' };

/** The batches that one source reports as counted by hand in one contest. */
export interface HandCount {
  readonly contest: ContestId;
  /** 'batch': a row is a batch. 'type': a row is all batches of one type in one jurisdiction, added up; no check of batches can use it. */
  readonly granularity: 'batch' | 'type';
  readonly columns: readonly TallyColumn[];
  readonly jurisdictions: readonly JurisdictionId[];
  /** By batch: index into `jurisdictions`. */
  readonly jurisdictionOf: Uint16Array;
  /** By batch: its name to the byte, blanks kept. */
  readonly names: readonly string[];
  /** By batch: "Absentee By Mail", "Election Day"…, as the source names it; "" where it does not say. */
  readonly types: readonly string[];
  /** By batch and column: tallies[batch * columns.length + column]. */
  readonly tallies: Uint32Array;
}

/** How many rows a hand count has. */
export const rowCount = (h: HandCount): number => h.names.length;

const byJurisdiction = new WeakMap<HandCount, readonly (readonly number[])[]>();

/** The sums of each column by jurisdiction: [jurisdiction][column]. Added up once for a hand count; a dozen checks ask for them. */
export function totalsByJurisdiction(h: HandCount): readonly (readonly number[])[] {
  const known = byJurisdiction.get(h);
  if (known !== undefined) return known;
  const width = h.columns.length;
  const totals = h.jurisdictions.map(() => Array.from<number>({ length: width }).fill(0));
  for (let row = 0; row < h.names.length; row++) {
    const of = totals[h.jurisdictionOf[row]!]!;
    for (let c = 0; c < width; c++) of[c]! += h.tallies[row * width + c]!;
  }
  byJurisdiction.set(h, totals);
  return totals;
}

/** The sum of each column over all rows. */
export const columnTotals = (h: HandCount): number[] =>
  h.columns.map((_, c) => totalsByJurisdiction(h).reduce((n, sums) => n + sums[c]!, 0));

/** The cards of one row: every column counts each card once. */
export function cardsInRow(h: HandCount, row: number): number {
  const width = h.columns.length;
  let cards = 0;
  for (let c = 0; c < width; c++) cards += h.tallies[row * width + c]!;
  return cards;
}

/** A ranking as one word: ranks divided by ">", several at one rank by "=": "ann>bob=cat>>dan" leaves the third rank blank. */
export const rankingWord = (ranks: readonly (readonly string[])[]): string =>
  ranks.map((at) => at.join('=')).join('>');

/** Indices of the columns that count votes for a choice. */
export const choiceColumns = (h: HandCount): number[] =>
  h.columns.flatMap((column, i) => (column.kind === 'choice' ? [i] : []));

/** The same count with a row for each jurisdiction and type instead of each batch: small enough to print, of no use to a check of batches. */
export function sumByType(count: HandCount): HandCount {
  const width = count.columns.length;
  const rows = new Map<
    string,
    { readonly jurisdiction: number; readonly type: string; readonly sums: Float64Array }
  >();
  for (let batch = 0; batch < count.names.length; batch++) {
    const [jurisdiction, type] = [count.jurisdictionOf[batch]!, count.types[batch]!];
    const key = `${jurisdiction} ${type}`;
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = { jurisdiction, type, sums: new Float64Array(width) }));
    for (let c = 0; c < width; c++) row.sums[c]! += count.tallies[batch * width + c]!;
  }
  const list = [...rows.values()];
  if (list.some((r) => r.sums.some((n) => n > 0xffffffff))) throw new RangeError('a sum beyond 32 bits');
  return {
    ...count,
    granularity: 'type',
    jurisdictionOf: Uint16Array.from(list, (r) => r.jurisdiction),
    names: list.map(() => ''),
    types: list.map((r) => r.type),
    tallies: Uint32Array.from(list.flatMap((r) => [...r.sums])),
  };
}
