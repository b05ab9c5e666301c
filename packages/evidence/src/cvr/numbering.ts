// Is a number missing among the records of an export, or there twice? Through what the numbers run, vendors decide: Dominion begins each batch at 1,
// a tabulator may number all it scans, ES&S numbers the whole export, its batches mixed. No format says which, so the records do: the series is
// the one with the fewest missing and repeated numbers, and of equals the narrowest. Batches whose numbers do not overlap are thus looked at
// batch by batch. Several exports of one county are each judged by themselves; what they add up to chooses.

export const numberedOver = ['batch', 'tabulator', 'export'] as const;
export type NumberedOver = (typeof numberedOver)[number];

export interface Numbering {
  readonly over: NumberedOver;
  /** How many batches, tabulators or exports were looked at. */
  readonly series: number;
  readonly faults: readonly NumberingFault[];
  /** Records without a number of their own. */
  readonly unnumbered: number;
}

/** What is wrong in one series; the names it does not have are "". */
export interface NumberingFault {
  readonly tabulator: string;
  readonly batch: string;
  /** The place of the export among those taken, where the series runs over it. */
  readonly export?: number;
  /** Numbers between the lowest and the highest that no record has; at most 100 are listed. */
  readonly missing: readonly number[];
  readonly missingCount: number;
  /** Numbers that more than one record has. */
  readonly repeated: readonly number[];
}

/** In the place of a number: the sheet has that of the sheet before, with which it is one ballot. */
export const anotherSheet = -1;

export interface NumberedRecords {
  /** By record: its number; NaN where it has none, or `anotherSheet`. */
  readonly numbers: Float64Array;
  /** By record: its place in `batches`. */
  readonly inBatch: Float64Array;
  readonly batches: readonly { readonly tabulator: string; readonly batch: string }[];
  /** By export: how many records came before it. */
  readonly exportsFrom: readonly number[];
}

/** The series that the records show, and what is wrong in it; undefined if no record has a number. */
export function numberingOf(records: NumberedRecords): Numbering | undefined {
  const { numbers, exportsFrom } = records;
  const unnumbered = numbers.reduce((n, number) => n + (Number.isNaN(number) ? 1 : 0), 0);
  if (!numbers.some((number) => number >= 0)) return undefined;
  const each = numberedOver.map((over) => seriesOf(records, over));
  const faultsIn = ({ of, count }: Series): number => {
    let faults = 0;
    for (const [e, from] of exportsFrom.entries())
      for (const series of inSeries(numbers, of, count, from, exportsFrom[e + 1] ?? numbers.length))
        faults += faultsAmong(series);
    return faults;
  };
  const faults = each.map(faultsIn);
  const series = each[faults.indexOf(Math.min(...faults))]!;
  const sorted = inSeries(numbers, series.of, series.count, 0, numbers.length);
  return {
    over: series.over,
    series: sorted.filter((of) => of.length > 0).length,
    faults: sorted.flatMap((of, s) =>
      faultsAmong(of) === 0 ? [] : [{ ...series.named(s), ...missingAndRepeated(of) }],
    ),
    unnumbered,
  };
}

interface Series {
  readonly over: NumberedOver;
  readonly count: number;
  /** By record: the series it is of. */
  readonly of: Float64Array;
  readonly named: (series: number) => Pick<NumberingFault, 'tabulator' | 'batch' | 'export'>;
}

function seriesOf({ numbers, inBatch, batches, exportsFrom }: NumberedRecords, over: NumberedOver): Series {
  if (over === 'batch')
    return { over, count: batches.length, of: inBatch, named: (b) => ({ tabulator: batches[b]!.tabulator, batch: batches[b]!.batch }) }; // oxfmt-ignore
  if (over === 'tabulator') {
    const tabulators = [...new Set(batches.map(({ tabulator }) => tabulator))];
    const place = new Map(tabulators.map((tabulator, t) => [tabulator, t]));
    const ofBatch = batches.map(({ tabulator }) => place.get(tabulator)!);
    const of = inBatch.map((b) => ofBatch[b]!);
    return { over, count: tabulators.length, of, named: (t) => ({ tabulator: tabulators[t]!, batch: '' }) };
  }
  const of = new Float64Array(numbers.length);
  for (const [e, from] of exportsFrom.entries()) of.fill(e, from);
  return { over, count: exportsFrom.length, of, named: (e) => ({ tabulator: '', batch: '', export: e }) };
}

/** The numbers of the records from one place to another, series by series, in order. */
function inSeries(
  numbers: Float64Array,
  seriesOf: Float64Array,
  count: number,
  from: number,
  to: number,
): Float64Array[] {
  const ends = new Float64Array(count);
  for (let i = from; i < to; i++) if (numbers[i]! >= 0) ends[seriesOf[i]!]! += 1;
  const series = Array.from(ends, (length) => new Float64Array(length));
  ends.fill(0);
  for (let i = from; i < to; i++) {
    const s = seriesOf[i]!;
    if (numbers[i]! >= 0) series[s]![ends[s]!++] = numbers[i]!;
  }
  for (const of of series) of.sort();
  return series;
}

/** How many numbers are missing or there too often. */
function faultsAmong(sorted: Float64Array): number {
  let faults = 0;
  for (let i = 1; i < sorted.length; i++) {
    const step = sorted[i]! - sorted[i - 1]!;
    faults += step === 0 ? 1 : step - 1;
  }
  return faults;
}

function missingAndRepeated(
  sorted: Float64Array,
): Pick<NumberingFault, 'missing' | 'missingCount' | 'repeated'> {
  const missing: number[] = [];
  const repeated: number[] = [];
  let missingCount = 0;
  for (let i = 1; i < sorted.length; i++) {
    const [before, n] = [sorted[i - 1]!, sorted[i]!];
    if (n === before && repeated.at(-1) !== n) repeated.push(n);
    missingCount += Math.max(0, n - before - 1);
    for (let gap = before + 1; gap < n && missing.length < 100; gap++) missing.push(gap);
  }
  return { missing, missingCount, repeated };
}
