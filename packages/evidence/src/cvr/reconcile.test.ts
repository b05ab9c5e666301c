import { describe, expect, test } from 'vitest';
import type { BallotManifest } from '../paper/index.ts';
import { ChunkBuilder, Reconciler, againstManifest, cvrChoice, cvrContest, emptyNames } from './index.ts';
import type { CvrReconciliation, GrowingHeader } from './index.ts';

interface Row {
  readonly tabulator: string;
  readonly batch: string;
  readonly record: string;
  readonly style?: string;
  readonly votes: readonly (number | undefined)[];
}

/** Of the rows of one export, or of several one after the other. */
function reconciled(
  rows: readonly Row[],
  styleContests?: [string, number[]][],
  ...more: (readonly Row[])[]
): CvrReconciliation {
  const to = new Reconciler();
  for (const of of [rows, ...more]) take(to, of, styleContests);
  return to.result();
}

function take(to: Reconciler, rows: readonly Row[], styleContests?: [string, number[]][]): void {
  const contests = ['Mayor', 'Sheriff', 'Clerk'].map((name) => cvrContest(name, 1, 0));
  for (const contest of contests)
    contest.choices.push(...['A', 'B', 'C', 'D'].map((name) => cvrChoice(name)));
  const names = { ...emptyNames(), style: styleContests?.map(([style]) => style) ?? [] };
  const header: GrowingHeader = {
    election: '', format: 'test', contests, names,
    ...(styleContests === undefined ? {} : { styleContests: new Map(styleContests.map(([, of], s) => [s, of])) }),
  }; // oxfmt-ignore
  const b = new ChunkBuilder(header, 64);
  to.begin(header);
  for (const row of rows) {
    if (b.full) to.take(b.take());
    b.card();
    for (const attribute of ['tabulator', 'batch'] as const)
      b.attribute(attribute, b.code(attribute, row[attribute]));
    b.attribute('style', b.code('style', row.style ?? 'S'));
    const bytes = new TextEncoder().encode(row.record);
    b.record(bytes, 0, bytes.length);
    for (const [c, vote] of row.votes.entries()) if (vote !== undefined) b.marked(c, [vote], 1);
  }
  to.take(b.take());
}

/** A county of `n` records, 50 to a batch, whose votes come from a small generator. */
function rows(n: number, seed = 1): Row[] {
  let state = seed;
  const below = (k: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % k;
  };
  return Array.from({ length: n }, (_, i) => ({
    tabulator: 'T',
    batch: String(Math.floor(i / 50)),
    record: String((i % 50) + 1),
    votes: [below(4), below(4), below(4)],
  }));
}

const manifest = (batches: [string, string, number][]): BallotManifest => ({
  counts: 'cards',
  batches: batches.map(([tabulator, name, size], i) => ({
    line: i + 2,
    jurisdiction: '',
    container: '',
    tabulator,
    name,
    size,
    location: '',
  })),
});

describe('reconciling cast vote records', () => {
  test('with the manifest, batch by batch', () => {
    const to = reconciled(rows(120));
    expect(to.batches.map((b) => b.records)).toEqual([50, 50, 20]);
    expect(againstManifest(to.batches, manifest([['T', '0', 50], ['T ', ' 1', 50], ['T', '2', 20], ['T', 'empty', 0]]))).toEqual([]);
    expect(againstManifest(to.batches, manifest([['T', '0', 51], ['U', '1', 50], ['T', '2', 20]]))).toEqual([
      { tabulator: 'T', batch: '0', inManifest: 51, records: 50 },
      { tabulator: 'U', batch: '1', inManifest: 50, records: undefined },
      { tabulator: 'T', batch: '1', inManifest: undefined, records: 50 },
    ]);
    expect(againstManifest(to.batches, manifest([['', '0', 50], ['', '1', 50], ['', '2', 20]]))).toEqual([]);
  }); // oxfmt-ignore

  test('gaps and repeats in the numbers', () => {
    const all = rows(100);
    const whole = { over: 'batch', series: 2, faults: [], unnumbered: 0 };
    expect(reconciled(all).numbering).toEqual(whole);
    const faulty = all.filter((_, i) => i !== 10 && i !== 11).concat({ ...all[60]!, votes: [0, 0, 0] });
    expect(reconciled(faulty).numbering).toEqual({
      ...whole,
      faults: [
        { tabulator: 'T', batch: '0', missing: [11, 12], missingCount: 2, repeated: [] },
        { tabulator: 'T', batch: '1', missing: [], missingCount: 0, repeated: [11] },
      ],
    });
    expect(reconciled(all.map((row) => ({ ...row, record: 'X' }))).numbering).toBeUndefined();
    expect(reconciled([...all, { ...all[0]!, record: 'X' }]).numbering).toEqual({ ...whole, unnumbered: 1 });
  });

  describe('the series is what the numbers run through', () => {
    const numbered = (n: number, of: (i: number) => Omit<Row, 'votes'>): Row[] =>
      rows(n).map(({ votes }, i) => ({ ...of(i), votes }));
    /** Numbers through the export, cards of four batches mixed as they were scanned. */
    const through = numbered(200, (i) => ({
      tabulator: `T${i % 2}`,
      batch: `B${(i * 7) % 4}`,
      record: String(i + 1),
    }));
    /** Each tabulator numbers what it scans, whatever its batch. */
    const ofTabulators = numbered(200, (i) => ({
      tabulator: `T${i % 2}`,
      batch: `B${(i >> 1) % 4}`,
      record: String((i >> 1) + 1),
    }));
    const without = (all: readonly Row[], ...places: number[]): Row[] =>
      all.filter((_, i) => !places.includes(i));

    test('of the whole export', () => {
      expect(reconciled(through).numbering).toEqual({ over: 'export', series: 1, faults: [], unnumbered: 0 });
      expect(reconciled(without(through, 41, 99, 100)).numbering).toMatchObject({
        over: 'export',
        faults: [{ tabulator: '', batch: '', export: 0, missing: [42, 100, 101], repeated: [] }],
      });
      expect(reconciled([...through, through[60]!]).numbering).toMatchObject({
        over: 'export',
        faults: [{ missing: [], repeated: [61] }],
      });
    });
    test('of each tabulator', () => {
      expect(reconciled(ofTabulators).numbering).toMatchObject({ over: 'tabulator', series: 2, faults: [] });
      expect(reconciled(without(ofTabulators, 21)).numbering).toMatchObject({
        over: 'tabulator',
        faults: [{ tabulator: 'T1', batch: '', missing: [11] }],
      });
    });
    test('of each batch, where they begin again or do not overlap', () => {
      const again = rows(200);
      const apart = numbered(200, (i) => ({ tabulator: 'T', batch: `${i >> 5}`, record: String(i + 100) }));
      for (const all of [again, apart]) {
        expect(reconciled(all).numbering).toMatchObject({ over: 'batch', faults: [] });
        const { numbering } = reconciled(without(all, 70));
        expect(numbering).toMatchObject({ over: 'batch', faults: [{ missingCount: 1 }] });
      }
    });
    test('of each export by itself, and a batch that is in two of them is there twice', () => {
      expect(reconciled(through, undefined, through).numbering).toMatchObject({ over: 'export', series: 2, faults: [] });
      expect(reconciled(rows(50), undefined, rows(50)).numbering).toMatchObject({
        over: 'batch',
        faults: [{ batch: '0', missing: [], repeated: Array.from({ length: 50 }, (_, i) => i + 1) }],
      });
    }); // oxfmt-ignore
    test.each([1, 2, 3])('whatever is taken out, no gap is told that is none (seed %i)', (seed) => {
      let state = seed;
      const out = Array.from({ length: 20 }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return 1 + ((state >>> 16) % 195);
      });
      for (const all of [through, ofTabulators, rows(200)]) {
        const found = reconciled(without(all, ...out)).numbering!;
        expect(found.over).toBe(reconciled(all).numbering!.over);
        // The ends of a series cannot be missed.
        const missing = found.faults.reduce((n, f) => n + f.missingCount, 0);
        expect(missing).toBeLessThanOrEqual(new Set(out).size);
        expect(missing).toBeGreaterThan(new Set(out).size / 2);
      }
    });
  });

  test('the sheets of one ballot share its number; a record that is there twice has its contests twice', () => {
    const sheet = (record: string, votes: Row['votes']): Row => ({ tabulator: 'T', batch: '1', record, votes });
    const [front, back] = [(n: string) => sheet(n, [0, 1]), (n: string) => sheet(n, [undefined, undefined, 2])];
    expect(reconciled([front('1'), back('1'), front('2'), back('2')]).numbering!.faults).toEqual([]);
    expect(reconciled([front('1'), back('1'), front('1')]).numbering!.faults).toMatchObject([{ repeated: [1] }]);
    expect(reconciled([front('1'), front('2'), back('1')]).numbering!.faults).toMatchObject([{ repeated: [1] }]);
    expect(reconciled([sheet('1', []), sheet('1', [])]).numbering!.faults).toMatchObject([{ repeated: [1] }]);
    // Wherever a chunk ends between the sheets: it holds 64.
    const many = Array.from({ length: 65 }, (_, i) => [front(`${i + 1}`), back(`${i + 1}`)]).flat();
    expect(reconciled([front('0'), ...many]).numbering!.faults).toEqual([]);
  }); // oxfmt-ignore

  test('cards outside their style', () => {
    const styled = rows(10).map((row, i) => ({ ...row, style: 'A', votes: [0, 0, i < 2 ? 1 : undefined] }));
    expect(reconciled(styled, [['A', [0, 1]]]).outsideStyle).toEqual([
      { style: 'A', contest: 'Clerk', records: 2 },
    ]);
    expect(reconciled(styled, [['A', [0, 1, 2]]]).outsideStyle).toEqual([]);
    expect(reconciled(styled).outsideStyle).toBeUndefined();
  });

  test('a batch counted twice is found, and chance is not', () => {
    const county = rows(5000);
    const clean = reconciled(county).repeats;
    expect(clean.runs).toEqual([]);
    expect(clean.expectedByChance).toBeLessThan(0.01);
    // 64 equally likely contents: 12,497,500 pairs × (1/64)^L < 0.01 from L = 6 on; the sample is a little less even.
    expect(clean.shortest).toBe(6);
    const twice = [...county, ...county.slice(1000, 1050).map((row) => ({ ...row, batch: 'again' }))];
    expect(reconciled(twice).repeats.runs).toEqual([
      {
        first: 1000,
        second: 5000,
        length: 50,
        batches: [
          { tabulator: 'T', batch: '20', records: 50 },
          { tabulator: 'T', batch: 'again', records: 50 },
        ],
      },
    ]);
    // Equal records one by one are no sign: five in a row are left alone.
    const five = [...county, ...county.slice(1000, 1005)];
    expect(reconciled(five).repeats.runs).toEqual([]);
  });

  test('in an export sorted by its votes nothing is told', () => {
    const sorted = rows(3000).sort((a, b) => (String(a.votes) < String(b.votes) ? -1 : 1));
    expect(reconciled(sorted).repeats).toMatchObject({ sorted: true, runs: [] });
    expect(reconciled(rows(3000)).repeats.sorted).toBe(false);
  });

  test('where all cards are alike, nothing can be told from chance, and nothing is told', () => {
    const alike = rows(300).map((row) => ({ ...row, votes: [1, 1, 1] }));
    expect(reconciled(alike).repeats.runs).toEqual([]);
    expect(reconciled([]).repeats.runs).toEqual([]);
  });
});
