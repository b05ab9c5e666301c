// What every reader of cast vote records does with what it has read, and with what it could not. One rule for all of them (README.md, "What
// is refused"): a row that does not read is left out and told; the rest is read. A file that is not whole, or not of this election, gives
// nothing, and neither does one of which no row reads.
import { ChunkBuilder } from '../cvr/index.ts';
import type { CvrChunk, CvrConsumer, GrowingHeader } from '../cvr/index.ts';
import type { CvrReading, Reading, Refusal, Remark } from './reading.ts';
import { mostRefusals } from './refusals.ts';

/** More are counted, not kept: a file of which nothing reads must not fill the memory with reasons. */
const mostRowsRefused = 1000;

/** The rows of an export that were left out. */
export class RefusedRows {
  readonly rows: Refusal[] = [];
  #count = 0;

  add(refusal: Refusal): void {
    this.#count += 1;
    if (this.rows.length < mostRowsRefused) this.rows.push(refusal);
  }

  get count(): number {
    return this.#count;
  }

  /** Rows refused elsewhere, of which `more` are not kept. */
  addAll(rows: readonly Refusal[], more: number): void {
    for (const refusal of rows) this.add(refusal);
    this.#count += more;
  }

  /** The reading of an export from which `rowsRead` rows were taken. */
  reading<T>(file: string, value: T, rowsRead: number, remarks: readonly Remark[] = []): Reading<T> {
    if (rowsRead === 0 && this.#count > 0) {
      const [expected, found] = ['a row that reads', `none of ${this.#count}`];
      const none = { code: 'no-row-reads', file, expected, found, todo: 'ask for the export again' };
      return { ok: false, refusals: [none, ...this.rows.slice(0, mostRefusals - 1)] };
    }
    const more: Remark[] =
      this.#count > this.rows.length
        ? [{ code: 'more-rows-refused', file, expected: '0', found: String(this.#count) }]
        : [];
    return { ok: true, value, rowsRead, rowsRefused: this.rows, remarks: [...remarks, ...more] };
  }
}

/**
 * Takes the cards of a reader and hands them on by chunks. Most readers come upon cards where they cannot wait (within an event of XML, a
 * row of a stretch): there `cardDone`; and between stretches `deliver`.
 */
export class Intake {
  readonly builder: ChunkBuilder;
  readonly remarks: Remark[] = [];
  readonly #to: CvrConsumer;
  /** Rows that are left out. If a card was begun with one, it has been withdrawn. */
  readonly refused = new RefusedRows();
  #waiting: CvrChunk[] = [];
  #begun = false;

  constructor(header: GrowingHeader, to: CvrConsumer) {
    this.builder = new ChunkBuilder(header);
    this.#to = to;
  }

  /** A card is whole: makes room for the next. */
  cardDone(): void {
    if (this.builder.full) this.#waiting.push(this.builder.take());
  }

  /** Hands on what waits. */
  async deliver(): Promise<void> {
    if (!this.#begun) await this.#to.begin(this.builder.header);
    this.#begun = true;
    const chunks = this.#waiting;
    this.#waiting = [];
    for (const chunk of chunks) await this.#to.take(chunk);
  }

  /** Hands on all there is; the reading of the export named `file`. */
  async finish(file: string): Promise<Reading<CvrReading>> {
    await this.deliver();
    const { builder } = this;
    const records = builder.total;
    await builder.deliver(this.#to);
    return this.refused.reading(file, { header: builder.header, records, sums: 0 }, records, this.remarks);
  }
}
