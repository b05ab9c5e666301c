// From what a reader comes upon, card by card, to columns. One builder for all formats, so that "not on the card", "blank" and
// "overvoted" mean the same in all of them.
import { choiceId, contestId } from '../election/index.ts';
import { cardAttributes, voteCodes } from './cvrs.ts';
import type {
  CardAttribute,
  ContestColumn,
  CvrChoice,
  CvrChunk,
  CvrConsumer,
  CvrContest,
  CvrHeader,
  SummedRow,
  TextColumn,
  WriteIn,
} from './cvrs.ts';

/** A contest whose choices may still be added to. */
export interface GrowingContest extends CvrContest {
  readonly choices: CvrChoice[];
}

/** A header that may still be added to at its ends. */
export interface GrowingHeader extends CvrHeader {
  readonly contests: GrowingContest[];
  readonly names: { readonly [K in CardAttribute]: string[] };
}

/** A contest from its name as the export writes it. */
export const cvrContest = (
  name: string,
  voteFor: number | undefined,
  ranks: number,
  key?: string,
): GrowingContest => ({
  id: contestId(name),
  name,
  voteFor,
  ranks,
  choices: [],
  ...(key === undefined ? {} : { key }),
});

/** A choice from its name as the export writes it. */
export const cvrChoice = (name: string, more?: Omit<CvrChoice, 'id' | 'name'>): CvrChoice => ({
  id: choiceId(name),
  name,
  ...more,
});

export const emptyNames = (): { [K in CardAttribute]: string[] } => ({
  tabulator: [],
  batch: [],
  precinct: [],
  style: [],
  countingGroup: [],
});

/** "Write-in", "WRITEIN", "Write_in", "writeIn"…: seven spellings have been met. */
export const isWriteInLine = (name: string): boolean =>
  name.replace(/[^A-Za-z]/g, '').toLowerCase() === 'writein';

const chunkCards = 16_384;

/**
 * Builds chunks. For each card: `card`, its texts, then for each contest on it `vote` (one choice or a code) or `marks`.
 * `full` says when a chunk is to be delivered with `deliver`.
 */
export class ChunkBuilder {
  readonly header: GrowingHeader;
  readonly #capacity: number;
  readonly #codes: { readonly [K in CardAttribute]: Map<string, number> };
  #first = 0;
  #cards = 0;
  #attributes: { readonly [K in CardAttribute]: Uint32Array };
  #record = new TextBuilder();
  #imprinted = new TextBuilder();
  #adjudicated: Uint8Array;
  #weight: Uint32Array | undefined;
  #number: Float64Array | undefined;
  #columns: (ColumnBuilder | undefined)[] = [];
  #votes: Int16Array[] = [];
  #writeIns: WriteIn[] = [];
  #sums: SummedRow[] = [];

  constructor(header: GrowingHeader, capacity = chunkCards) {
    this.header = header;
    this.#capacity = capacity;
    this.#attributes = this.#emptyAttributes();
    this.#adjudicated = new Uint8Array(capacity);
    const codes = {} as { [K in CardAttribute]: Map<string, number> };
    for (const a of cardAttributes) codes[a] = new Map(header.names[a].map((name, i) => [name, i]));
    this.#codes = codes;
  }

  /** How many cards have been begun, in all chunks. */
  get total(): number {
    return this.#first + this.#cards;
  }

  /** How many more cards this chunk takes. */
  get room(): number {
    return this.#capacity - this.#cards;
  }

  get full(): boolean {
    return this.#cards === this.#capacity;
  }

  /** Begins a card. All contests are not on it until the reader says otherwise; all attributes are "". */
  card(): void {
    if (this.full) throw new RangeError('a full chunk must be delivered before the next card');
    this.#record.next();
    this.#imprinted.next();
    this.#cards += 1;
  }

  /** The index of a name among those of an attribute; a new one is added. */
  code(attribute: CardAttribute, name: string): number {
    const known = this.#codes[attribute].get(name);
    if (known !== undefined) return known;
    const code = this.header.names[attribute].length;
    this.header.names[attribute].push(name);
    this.#codes[attribute].set(name, code);
    return code;
  }

  /** Says an attribute of the card at hand, or of the last `back` cards. */
  attribute(attribute: CardAttribute, code: number, back = 1): void {
    const column = this.#attributes[attribute];
    for (let i = this.#cards - back; i < this.#cards; i++) column[i] = code + 1;
  }

  record(bytes: Uint8Array, from: number, to: number): void {
    this.#record.append(bytes, from, to);
  }

  imprinted(bytes: Uint8Array, from: number, to: number): void {
    this.#imprinted.append(bytes, from, to);
  }

  adjudicated(back = 1): void {
    this.#adjudicated.fill(1, this.#cards - back, this.#cards);
  }

  /** The running number of the card at hand in the export. A format that has it says it of every card. */
  number(n: number): void {
    this.#number ??= new Float64Array(this.#capacity);
    this.#number[this.#cards - 1] = n;
  }

  weight(cards: number): void {
    this.#weight ??= new Uint32Array(this.#capacity).fill(1);
    this.#weight[this.#cards - 1] = cards;
  }

  /** One choice, or a code, in contest `c`. */
  vote(c: number, choiceOrCode: number): void {
    (this.#columns[c] ?? this.#column(c)).vote[this.#cards - 1] = choiceOrCode;
  }

  /** The votes of the chunk by contest of the header, and the place of the card at hand: a reader of many cards may write one choice there itself. */
  get voteColumns(): readonly Int16Array[] {
    const contests = this.header.contests.length;
    while (this.#votes.length < contests)
      this.#votes.push((this.#columns[this.#votes.length] ?? this.#column(this.#votes.length)).vote);
    return this.#votes;
  }

  get place(): number {
    return this.#cards - 1;
  }

  /** True if a vote was said in contest `c` on the card at hand. */
  has(c: number): boolean {
    const column = this.#columns[c];
    return column !== undefined && column.vote[this.#cards - 1] !== voteCodes.notOnCard;
  }

  /** A mark of the card at hand, whose vote in contest `c` is listed, overvoted or invalid. Marks come in order of rank. */
  mark(c: number, choice: number, rank: number): void {
    (this.#columns[c] ?? this.#column(c)).mark(this.#cards - 1, choice, rank);
  }

  /**
   * The votes in a contest that is not ranked, from the choices marked on the card at hand: the rule that is the same in
   * every format. More marks than votes is an overvote; where the export does not say how many votes there are, only it can call one.
   */
  marked(c: number, choices: ArrayLike<number>, count: number): void {
    const voteFor = this.header.contests[c]!.voteFor;
    if (count === 0) this.vote(c, voteCodes.blank);
    else if (count === 1) this.vote(c, choices[0]!);
    else {
      this.vote(c, voteFor !== undefined && count > voteFor ? voteCodes.overvoted : voteCodes.listed);
      for (let i = 0; i < count; i++) this.mark(c, choices[i]!, 0);
    }
  }

  /** Whom the voter wrote in on the card at hand. */
  writeIn(said: Omit<WriteIn, 'record'>): void {
    this.#writeIns.push({ record: this.#cards - 1, ...said });
  }

  sum(row: SummedRow): void {
    this.#sums.push(row);
  }

  /** Takes back the card at hand: its row was refused. */
  withdraw(): void {
    this.#cards -= 1;
    this.#record.withdraw();
    this.#imprinted.withdraw();
    for (const a of cardAttributes) this.#attributes[a][this.#cards] = 0;
    this.#adjudicated[this.#cards] = 0;
    if (this.#weight !== undefined) this.#weight[this.#cards] = 1;
    for (const column of this.#columns) column?.withdraw(this.#cards);
    while (this.#writeIns.at(-1)?.record === this.#cards) this.#writeIns.pop();
  }

  /** Hands over what there is and begins a new chunk. */
  async deliver(to: CvrConsumer): Promise<void> {
    const chunk = this.take();
    if (chunk.cards > 0 || chunk.sums.length > 0) await to.take(chunk);
  }

  /** The chunk as it stands; the builder begins a new one. */
  take(): CvrChunk {
    const n = this.#cards;
    const attributes = {} as { [K in CardAttribute]: Uint32Array };
    for (const a of cardAttributes) {
      const column = this.#attributes[a].subarray(0, n);
      // 0 is "not said": it becomes the index of "".
      const unsaid = column.includes(0) ? this.code(a, '') : 0;
      for (let i = 0; i < n; i++) column[i] = column[i] === 0 ? unsaid : column[i]! - 1;
      attributes[a] = column;
    }
    const chunk: CvrChunk = {
      first: this.#first,
      cards: n,
      attributes,
      record: this.#record.finish(),
      imprinted: this.#imprinted.finish(),
      adjudicated: this.#adjudicated.subarray(0, n),
      ...(this.#weight === undefined ? {} : { weight: this.#weight.subarray(0, n) }),
      ...(this.#number === undefined ? {} : { number: this.#number.subarray(0, n) }),
      contests: this.header.contests.map((_, c) => (this.#columns[c] ?? this.#column(c)).finish(n)),
      writeIns: this.#writeIns,
      sums: this.#sums,
    };
    this.#first += n;
    this.#cards = 0;
    this.#attributes = this.#emptyAttributes();
    this.#record = new TextBuilder();
    this.#imprinted = new TextBuilder();
    this.#adjudicated = new Uint8Array(this.#capacity);
    this.#weight = undefined;
    this.#number = undefined;
    this.#columns = [];
    this.#votes = [];
    this.#writeIns = [];
    this.#sums = [];
    return chunk;
  }

  #column(c: number): ColumnBuilder {
    const column = new ColumnBuilder(this.#capacity);
    this.#columns[c] = column;
    return column;
  }

  #emptyAttributes(): { readonly [K in CardAttribute]: Uint32Array } {
    const column = (): Uint32Array => new Uint32Array(this.#capacity);
    return {
      tabulator: column(),
      batch: column(),
      precinct: column(),
      style: column(),
      countingGroup: column(),
    };
  }
}

class ColumnBuilder {
  readonly vote: Int16Array;
  #count = 0;
  #record = new Uint32Array(64);
  #choice = new Uint16Array(64);
  #rank = new Uint8Array(64);

  constructor(capacity: number) {
    this.vote = new Int16Array(capacity).fill(voteCodes.notOnCard);
  }

  mark(record: number, choice: number, rank: number): void {
    if (this.#count === this.#record.length) this.#grow();
    this.#record[this.#count] = record;
    this.#choice[this.#count] = choice;
    this.#rank[this.#count] = rank;
    this.#count += 1;
  }

  withdraw(record: number): void {
    this.vote[record] = voteCodes.notOnCard;
    while (this.#count > 0 && this.#record[this.#count - 1] === record) this.#count -= 1;
  }

  finish(cards: number): ContestColumn {
    const n = this.#count;
    return {
      vote: this.vote.subarray(0, cards),
      marks: {
        record: this.#record.subarray(0, n),
        choice: this.#choice.subarray(0, n),
        rank: this.#rank.subarray(0, n),
      },
    };
  }

  #grow(): void {
    const more = this.#record.length * 4;
    const [record, choice, rank] = [new Uint32Array(more), new Uint16Array(more), new Uint8Array(more)];
    record.set(this.#record);
    choice.set(this.#choice);
    rank.set(this.#rank);
    [this.#record, this.#choice, this.#rank] = [record, choice, rank];
  }
}

class TextBuilder {
  #bytes = new Uint8Array(1024);
  #offsets = new Uint32Array(256);
  #texts = 0;
  #length = 0;

  /** Begins the next text, empty until appended to. */
  next(): void {
    if (this.#texts + 1 >= this.#offsets.length) {
      const offsets = new Uint32Array(this.#offsets.length * 4);
      offsets.set(this.#offsets);
      this.#offsets = offsets;
    }
    this.#offsets[this.#texts] = this.#length;
    this.#texts += 1;
  }

  append(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (this.#length + length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#bytes.length * 4, this.#length + length));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    const [bytes, at] = [this.#bytes, this.#length];
    for (let i = 0; i < length; i++) bytes[at + i] = source[from + i]!;
    this.#length += length;
  }

  withdraw(): void {
    this.#texts -= 1;
    this.#length = this.#offsets[this.#texts]!;
  }

  finish(): TextColumn {
    this.#offsets[this.#texts] = this.#length;
    return {
      bytes: this.#bytes.subarray(0, this.#length),
      offsets: this.#offsets.subarray(0, this.#texts + 1),
    };
  }
}
