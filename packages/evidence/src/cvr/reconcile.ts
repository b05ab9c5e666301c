// Do the cast vote records agree with what else is known: as many in each batch as the manifest lists, each number once, each card of its
// style, no stretch of records twice? Takes records chunk by chunk and keeps some twenty bytes of each. Says what it found as data;
// whether that is a fault, people judge: a gap in the numbers may be a card that was rescanned under the next one.
import { batchKey } from '../paper/index.ts';
import type { BallotManifest } from '../paper/index.ts';
import { textAt, voteCodes } from './cvrs.ts';
import type { CvrChunk, CvrConsumer, CvrHeader } from './cvrs.ts';
import { anotherSheet, numberingOf, type Numbering } from './numbering.ts';

export interface BatchCount {
  readonly tabulator: string;
  readonly batch: string;
  readonly records: number;
}

/** A batch for which manifest and records differ; a side that does not know it has undefined. */
export interface BatchDifference {
  readonly tabulator: string;
  readonly batch: string;
  readonly inManifest: number | undefined;
  readonly records: number | undefined;
}

export interface OutsideStyle {
  readonly style: string;
  readonly contest: string;
  readonly records: number;
}

/** `length` records from place `first` that stand again, vote for vote, from place `second` (places count from 0 in the order of the export). */
export interface RepeatedRun {
  readonly first: number;
  readonly second: number;
  readonly length: number;
  readonly batches: readonly [BatchCount, BatchCount];
}

export interface RepeatedRuns {
  readonly runs: readonly RepeatedRun[];
  /** Only runs at least so long are told. */
  readonly shortest: number;
  /** How many pairs of places would begin such a run by chance, if neighbours were independent and all cards of the most uniform style: an upper bound for most counties. */
  readonly expectedByChance: number;
  /**
   * True if neighbours are equal far more often than chance has it: the export was sorted by its votes (Bellingen's was), stretches repeat
   * because of that, and none are told.
   */
  readonly sorted: boolean;
}

/** What reconciling came to: figures, so that the records themselves can be let go. */
export interface CvrReconciliation {
  readonly records: number;
  /** In the order of the export. */
  readonly batches: readonly BatchCount[];
  /** Undefined if the export took the numbers out. */
  readonly numbering: Numbering | undefined;
  /** Rows that are sums of many cards, whose numbers they do not tell. */
  readonly sums: number;
  /** Contests on cards whose style does not have them; undefined if the export does not say which contests a style has. */
  readonly outsideStyle: readonly OutsideStyle[] | undefined;
  readonly repeats: RepeatedRuns;
}

/** Several exports of one county may be taken one after the other: a batch that stands in two of them is found. */
export class Reconciler implements CvrConsumer {
  #header: CvrHeader | undefined;
  #saysStyles = false;
  readonly #batchOf = new Map<string, number>();
  readonly #batches: { tabulator: string; batch: string; records: number }[] = [];
  readonly #hashes = new Grower();
  readonly #styles = new Grower();
  readonly #inBatch = new Grower();
  /** The record's number; NaN where it is none, or stands for another sheet of the ballot before. */
  readonly #numbers = new Grower();
  readonly #exportsFrom: number[] = [];
  #sums = 0;
  /** The ballot of the last record; its contests only where they were needed, or the next record is in another chunk. */
  #ballot:
    | { readonly number: number; readonly batch: number; contests: readonly number[] | undefined }
    | undefined;
  readonly #outside = new Map<string, OutsideStyle & { records: number }>();

  begin(header: CvrHeader): void {
    this.#header = header;
    this.#exportsFrom.push(this.#hashes.length);
    this.#ballot = undefined;
    if (header.styleContests !== undefined) this.#saysStyles = true;
  }

  take(chunk: CvrChunk): void {
    const header = this.#header!;
    const hashes = contentHashes(chunk);
    for (let i = 0; i < chunk.cards; i++) {
      const tabulator = header.names.tabulator[chunk.attributes.tabulator[i]!]!;
      const batch = header.names.batch[chunk.attributes.batch[i]!]!;
      const key = `${tabulator}\u0000${batch}`;
      let b = this.#batchOf.get(key);
      if (b === undefined) {
        b = this.#batches.push({ tabulator, batch, records: 0 }) - 1;
        this.#batchOf.set(key, b);
      }
      this.#batches[b]!.records += chunk.weight?.[i] ?? 1;
      this.#numbers.push(this.#numberOf(chunk, i, b));
      this.#inBatch.push(b);
      this.#styles.push(chunk.attributes.style[i]!);
      this.#hashes.push(hashes[i]!);
    }
    if (this.#ballot !== undefined && chunk.cards > 0)
      this.#ballot.contests ??= contestsOn(chunk, chunk.cards - 1);
    this.#sums += chunk.sums.length;
    this.#checkStyles(header, chunk);
  }

  /**
   * The sheets of one ballot stand one after the other under one number, each with contests of its own (a ballot marking device's session);
   * a record that is there twice has the same contests twice.
   */
  #numberOf(chunk: CvrChunk, i: number, batch: number): number {
    const record = textAt(chunk.record, i);
    const number = /^\d{1,15}$/.test(record) ? Number(record) : Number.NaN;
    const before = this.#ballot;
    if (before?.number === number && before.batch === batch) {
      const sheet = contestsOn(chunk, i);
      const contests = before.contests ?? contestsOn(chunk, i - 1);
      if (sheet.length > 0 && !sheet.some((c) => contests.includes(c))) {
        before.contests = [...contests, ...sheet];
        return anotherSheet;
      }
    }
    this.#ballot = { number, batch, contests: undefined };
    return number;
  }

  /** To be asked when the last chunk was taken. */
  result(): CvrReconciliation {
    return {
      records: this.#hashes.length,
      batches: this.#batches,
      numbering: numberingOf({
        numbers: this.#numbers.values,
        inBatch: this.#inBatch.values,
        batches: this.#batches,
        exportsFrom: this.#exportsFrom,
      }),
      sums: this.#sums,
      outsideStyle: this.#saysStyles ? [...this.#outside.values()] : undefined,
      repeats: this.#repeatedRuns(),
    };
  }

  /**
   * Stretches of records that occur twice, vote for vote: the mark of a batch counted twice. Single equal records are everywhere and say
   * nothing, so only runs so long are told that fewer than `falseAlarms` are expected by chance.
   */
  #repeatedRuns(falseAlarms = 0.01): RepeatedRuns {
    const hashes = this.#hashes.values;
    const n = hashes.length;
    const same = this.#collision();
    const pairs = (n * (n - 1)) / 2;
    // pairs × same^L < falseAlarms. If all cards are alike nothing can be told from chance.
    const shortest =
      same >= 1 || n < 2 ? n + 1 : Math.max(3, Math.ceil(Math.log(falseAlarms / pairs) / Math.log(same)));
    const expectedByChance = shortest > n ? 0 : pairs * same ** shortest;
    let neighbours = 0;
    for (let i = 1; i < n; i++) if (hashes[i] === hashes[i - 1]) neighbours += 1;
    if (neighbours > 2 * same * n + 10) return { runs: [], shortest, expectedByChance, sorted: true };
    const at = (place: number): BatchCount => this.#batches[this.#inBatch.values[place]!]!;
    const runs: RepeatedRun[] = [];
    const firstPlace = new Map<number, number>();
    // Two rolling hashes of the last `shortest` records, modulo a prime below 2^26 so that products stay exact: together 52 bits.
    const windows = [1_000_003, 48_271].map((base) => new RollingHash(base, Math.min(shortest, n)));
    let until = 0;
    for (let end = 0; end < n; end++) {
      let rolling = 0;
      for (const window of windows)
        rolling =
          rolling * 2 ** 26 +
          window.roll(hashes[end]!, end >= shortest ? hashes[end - shortest]! : undefined);
      const start = end - shortest + 1;
      if (start < 0) continue;
      const before = firstPlace.get(rolling);
      if (before === undefined) {
        firstPlace.set(rolling, start);
        continue;
      }
      if (start < until || before + shortest > start || !equal(hashes, before, start, shortest)) continue;
      let length = shortest;
      while (
        start + length < n &&
        before + length < start &&
        hashes[before + length] === hashes[start + length]
      )
        length += 1;
      runs.push({ first: before, second: start, length, batches: [at(before), at(start)] });
      until = start + length;
    }
    return { runs, shortest, expectedByChance, sorted: false };
  }

  /** How likely two cards of one style say the same, in the style where that is likeliest (of those with a hundred cards, or of all cards). */
  #collision(): number {
    const [hashes, styles] = [this.#hashes.values, this.#styles.values];
    const ofStyle = new Map<number, Map<number, number>>();
    const all = new Map<number, number>();
    for (let i = 0; i < hashes.length; i++) {
      let counts = ofStyle.get(styles[i]!);
      if (counts === undefined) ofStyle.set(styles[i]!, (counts = new Map()));
      counts.set(hashes[i]!, (counts.get(hashes[i]!) ?? 0) + 1);
      all.set(hashes[i]!, (all.get(hashes[i]!) ?? 0) + 1);
    }
    const likelihood = (counts: ReadonlyMap<number, number>): [number, number] => {
      let [total, squares] = [0, 0];
      for (const c of counts.values()) {
        total += c;
        squares += c * c;
      }
      return [total, squares / (total * total)];
    };
    let most = all.size === 0 ? 0 : likelihood(all)[1];
    for (const counts of ofStyle.values()) {
      const [total, same] = likelihood(counts);
      if (total >= 100) most = Math.max(most, same);
    }
    return most;
  }

  #checkStyles(header: CvrHeader, chunk: CvrChunk): void {
    if (header.styleContests === undefined) return;
    for (const [c, { vote }] of chunk.contests.entries())
      for (let i = 0; i < chunk.cards; i++) {
        if (vote[i] === -1) continue; // not on the card
        const s = chunk.attributes.style[i]!;
        if (header.styleContests.get(s)?.includes(c) === true) continue;
        const [style, contest] = [header.names.style[s]!, header.contests[c]!.name];
        const key = `${style}\u0000${contest}`;
        const found = this.#outside.get(key);
        if (found === undefined) this.#outside.set(key, { style, contest, records: 1 });
        else found.records += 1;
      }
  }
}

/**
 * Batches whose numbers of records differ from the manifest's, or that one side does not have. Joined by tabulator and name; by name alone
 * if the manifest names no tabulators.
 */
export function againstManifest(batches: readonly BatchCount[], manifest: BallotManifest): BatchDifference[] {
  const byName = manifest.batches.every((batch) => batch.tabulator.trim() === '');
  const rows = new Map<string, Mutable<BatchDifference>>();
  const row = (tabulator: string, batch: string): Mutable<BatchDifference> => {
    const key = byName ? batch.trim() : batchKey(tabulator, batch);
    let found = rows.get(key);
    if (found === undefined) {
      found = { tabulator: tabulator.trim(), batch: batch.trim(), inManifest: undefined, records: undefined };
      rows.set(key, found);
    }
    return found;
  };
  for (const { tabulator, name, size } of manifest.batches) {
    const found = row(tabulator, name);
    found.inManifest = (found.inManifest ?? 0) + size;
  }
  for (const { tabulator, batch, records } of batches) {
    const found = row(tabulator, batch);
    found.records = (found.records ?? 0) + records;
  }
  // A batch without ballots has no records, and that is no difference.
  return [...rows.values()].filter(({ inManifest, records }) => (inManifest ?? 0) !== (records ?? 0));
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const prime = 67_108_859;

/** A polynomial hash of the last so many numbers (Karp and Rabin 1987). */
class RollingHash {
  readonly #base: number;
  #power = 1;
  #value = 0;

  constructor(base: number, length: number) {
    this.#base = base;
    for (let i = 1; i < length; i++) this.#power = (this.#power * base) % prime;
  }

  /** Takes a number in, and the oldest out where the window is full. */
  roll(taken: number, left: number | undefined): number {
    if (left !== undefined)
      this.#value = (this.#value + prime - (((left % prime) * this.#power) % prime)) % prime;
    this.#value = (this.#value * this.#base + (taken % prime)) % prime;
    return this.#value;
  }
}

function equal(hashes: Float64Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (hashes[a + i] !== hashes[b + i]) return false;
  return true;
}

function contestsOn({ contests }: CvrChunk, i: number): number[] {
  const on: number[] = [];
  for (const [c, { vote }] of contests.entries()) if (vote[i] !== voteCodes.notOnCard) on.push(c);
  return on;
}

/** A number below 2^52 for each record that is the same for records that say the same in every contest. */
function contentHashes(chunk: CvrChunk): Float64Array {
  const [high, low] = [
    new Uint32Array(chunk.cards).fill(0x811c9dc5),
    new Uint32Array(chunk.cards).fill(0x9e3779b9),
  ];
  const mix = (i: number, value: number): void => {
    high[i] = Math.imul(high[i]! ^ value, 0x01000193);
    low[i] = Math.imul((low[i]! << 5) | (low[i]! >>> 27), 0x85ebca6b) ^ value;
  };
  for (const [c, { vote, marks }] of chunk.contests.entries()) {
    for (let i = 0; i < chunk.cards; i++) if (vote[i] !== -1) mix(i, (c << 16) ^ (vote[i]! & 0xffff));
    for (let m = 0; m < marks.record.length; m++)
      mix(marks.record[m]!, (marks.choice[m]! << 8) ^ marks.rank[m]!);
  }
  return Float64Array.from(high, (h, i) => (h >>> 6) * 2 ** 26 + (low[i]! >>> 6));
}

/** Numbers as they come. */
class Grower {
  #values = new Float64Array(1024);
  length = 0;
  push(value: number): void {
    if (this.length === this.#values.length) {
      const more = new Float64Array(this.length * 2);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.length++] = value;
  }
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }
}
