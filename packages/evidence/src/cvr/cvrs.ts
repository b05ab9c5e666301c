// What do a county's machines say that each card says? Cast vote records (CVRs), in columns, because there are millions:
// one column of small integers for each contest, one dictionary column for each thing that tells cards apart. The columns come
// in chunks of some thousand cards; whoever counts takes a chunk, adds it up and lets it go, so memory does not grow with the file.
// What is kept is what the file says: a contest that is not on the card is not a blank one, an overvote keeps its marks,
// and rows that are sums of many cards (redacted to protect the secrecy of few) are sums, never cards.
import type { ChoiceId, ContestId } from '../election/index.ts';

/** All cast vote records of one export, held in memory. */
export interface Cvrs {
  readonly header: CvrHeader;
  readonly chunks: readonly CvrChunk[];
}

/**
 * Takes cast vote records as a reader comes upon them: `begin` once, then `take` for each chunk. A reader waits for the promise, if
 * there is one, before it reads on. If the reading is refused in the end, the consumer throws away what it has.
 */
export interface CvrConsumer {
  begin(header: CvrHeader): void | Promise<void>;
  take(chunk: CvrChunk): void | Promise<void>;
}

/**
 * What the columns mean. Formats that name a contest, a choice or a precinct only in the rows that use it are learned while reading:
 * then the lists grow at their end until the reading is over, and an index never changes its meaning.
 */
export interface CvrHeader {
  /** The election as the export names it; "" where it does not. */
  readonly election: string;
  /** 'dominion-csv', 'dominion-json', 'ess-csv'… */
  readonly format: string;
  /** The version of the vendor's software, as the export states it. */
  readonly version?: string;
  readonly contests: readonly CvrContest[];
  readonly names: { readonly [K in CardAttribute]: readonly string[] };
  /** Which contests are on the cards of a style, where the export says it: by index of the style, indexes of contests. */
  readonly styleContests?: ReadonlyMap<number, readonly number[]>;
}

/** What a card can be told apart by, besides its number. All of it as the export writes it. */
export const cardAttributes = ['tabulator', 'batch', 'precinct', 'style', 'countingGroup'] as const;
export type CardAttribute = (typeof cardAttributes)[number];

export interface CvrContest {
  readonly id: ContestId;
  readonly name: string;
  /** The export's own key of the contest ("1"), where it has one besides the name. */
  readonly key?: string;
  /** How many votes a voter has; for a ranked contest how many are elected; undefined where the export does not say. */
  readonly voteFor: number | undefined;
  /** How many ranks the ballot offers; 0 if the contest is not ranked. */
  readonly ranks: number;
  readonly choices: readonly CvrChoice[];
}

export interface CvrChoice {
  /** From the name: several write-in lines of one contest share it. The index in `choices` is what the columns hold. */
  readonly id: ChoiceId;
  readonly name: string;
  readonly key?: string;
  readonly party?: string;
  /** 'line': whoever was written in. 'qualified': a person whose written-in votes count, named by the office. */
  readonly writeIn?: 'line' | 'qualified';
}

/** In a column of votes a number from 0 is the index of the one choice voted for. Below 0: */
export const voteCodes = {
  /** The card has no such contest. No statement of the voter. */
  notOnCard: -1,
  /** The contest is on the card and nothing in it counts. */
  blank: -2,
  /** More choices marked than votes to give (not ranked): nothing counts; the marks are kept. */
  overvoted: -3,
  /** See the marks: more than one vote, or a ranking. */
  listed: -4,
  /** The export says the contest does not count on this card, for another reason than the marks (invalid straight party, spoiled). The marks are kept. */
  invalid: -5,
} as const;

/** In `Marks.choice`: several choices at this rank, and the export does not say which. */
export const severalUnnamed = 0xffff;

/** The cards from one stretch of an export, in its order. */
export interface CvrChunk {
  /** How many records came before this chunk. */
  readonly first: number;
  /** How many records it holds; every column has as many. */
  readonly cards: number;
  /** By record: index into `header.names[attribute]`. "" has an index too: the export does not say. */
  readonly attributes: { readonly [K in CardAttribute]: Uint32Array };
  /** By record: its running number in the export ("CvrNumber"). Absent: the format has none. */
  readonly number?: Float64Array;
  /** The vendor's number of the record within its batch, as written ("17"; "X" where it was taken out). */
  readonly record: TextColumn;
  /** The number printed on the paper: what an audit board looks for. */
  readonly imprinted: TextColumn;
  /** By record: 1 if a person changed what the machine read, and these are the changed votes. */
  readonly adjudicated: Uint8Array;
  /** By record: for how many cards it stands, where the export says so (a "Count" column). Absent: each is one card. */
  readonly weight?: Uint32Array;
  /** By contest. A contest that first occurs later has no column here and is on none of these cards. */
  readonly contests: readonly ContestColumn[];
  /** What was written in on these cards, in order of record. Few cards have any, so they stand beside the columns. */
  readonly writeIns: readonly WriteIn[];
  /** Rows of this stretch that are sums of many cards. */
  readonly sums: readonly SummedRow[];
}

/** A name that a voter wrote in, as the export tells it. The vote itself stands in the columns: this says whom it names. */
export interface WriteIn {
  /** Index of the record in its chunk. */
  readonly record: number;
  readonly contest: number;
  /** Index of the choice under which the export has it, mostly a write-in line; -1: under none. */
  readonly choice: number;
  /** From 1; 0 where the contest is not ranked. */
  readonly rank: number;
  /** The name as somebody read it; "": the export says only that there is one. */
  readonly text: string;
  /** What was decided on it, in the export's own word ("Unresolved", "needs-adjudication"); "": it does not say. */
  readonly status: string;
  /** Which of the contest's places for a name, as the export numbers them. */
  readonly place?: number;
}

/** What the cards say in one contest. */
export interface ContestColumn {
  /** By record: index of a choice, or one of `voteCodes`. */
  readonly vote: Int16Array;
  /** Marks of the records whose vote is listed, overvoted or invalid: by mark, in order of record and then rank. */
  readonly marks: Marks;
}

export interface Marks {
  readonly record: Uint32Array;
  readonly choice: Uint16Array;
  /** From 1; 0 where the contest is not ranked. A rank twice on a record is an overvote at that rank; a missing one was skipped. */
  readonly rank: Uint8Array;
}

/** Cards whose votes were added up before publication, because so few voters had the style. How many cards, the row does not say. */
export interface SummedRow {
  readonly line: number;
  /** As the row says: "Redacted and Aggregated - A cards". */
  readonly label: string;
  /** "02 & 32": two styles in one. */
  readonly style: string;
  /** By contest: the votes by choice, or undefined if the contest is on none of the cards. Ranked contests: votes by column of the header. */
  readonly votes: readonly (Uint32Array | undefined)[];
}

/** Short texts, one for each record, as bytes: half a million JavaScript strings would cost more than all the votes. */
export interface TextColumn {
  readonly bytes: Uint8Array;
  /** Text i is bytes offsets[i] to offsets[i + 1]. */
  readonly offsets: Uint32Array;
}

const utf8 = new TextDecoder();

/** The text of record `i`. */
export const textAt = (column: TextColumn, i: number): string =>
  utf8.decode(column.bytes.subarray(column.offsets[i], column.offsets[i + 1]));

/** A consumer that keeps everything, for files that fit in memory. */
export class CvrCollector implements CvrConsumer {
  #header: CvrHeader | undefined;
  readonly #chunks: CvrChunk[] = [];

  begin(header: CvrHeader): void {
    this.#header = header;
  }

  take(chunk: CvrChunk): void {
    this.#chunks.push(chunk);
  }

  /** What was taken; undefined if the reader never came to the records. */
  get cvrs(): Cvrs | undefined {
    return this.#header === undefined ? undefined : { header: this.#header, chunks: this.#chunks };
  }
}
