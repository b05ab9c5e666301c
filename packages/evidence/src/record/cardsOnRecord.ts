// What the machines' records say of each card of a county, in the contests whose audit compares cards: in columns, some bytes a card, and plain
// data, so that it can be handed on. A card is found by its batch and its place in it (specs/desk.md, "Ids, and the draw").
import {
  textAt,
  voteCodes,
  voteOn,
  type CardVote,
  type CvrChunk,
  type CvrConsumer,
  type CvrContest,
  type CvrHeader,
} from '../cvr/index.ts';
import type { ContestId } from '../election/index.ts';

export interface CardsOnRecord {
  /** By `tabulator/batch`, blanks at the ends of both apart. */
  readonly batches: ReadonlyMap<string, BatchOnRecord>;
  readonly contests: ReadonlyMap<ContestId, ContestOnRecord>;
  /** True if some rows stand for several cards: then no card can be told from another. */
  readonly addedUp: boolean;
}

export interface BatchOnRecord {
  /** The places of its records in the columns, in the order of the export. */
  readonly records: readonly number[];
  /** The vendor's numbers of them within the batch; 0 where it is no whole number from 1. */
  readonly numbers: readonly number[];
}

/** The contest as the export has it, and by record one choice or a code; what is listed stands in `listed`. */
export interface ContestOnRecord {
  readonly contest: CvrContest;
  readonly vote: Int16Array;
  readonly listed: ReadonlyMap<number, CardVote>;
}

/** Takes all exports of one county, one after the other. */
export class CardCollector implements CvrConsumer {
  readonly #wanted: ReadonlySet<ContestId>;
  readonly #batches = new Map<string, { records: number[]; numbers: number[] }>();
  readonly #columns = new Map<
    ContestId,
    { contest: CvrContest; votes: Int16Array[]; listed: Map<number, CardVote> }
  >();
  #header: CvrHeader | undefined;
  #count = 0;
  #addedUp = false;

  constructor(wanted: ReadonlySet<ContestId>) {
    this.#wanted = wanted;
  }

  begin(header: CvrHeader): void {
    this.#header = header;
  }

  take(chunk: CvrChunk): void {
    if (this.#wanted.size === 0) return;
    const header = this.#header!;
    this.#addedUp ||= chunk.sums.length > 0 || chunk.weight?.some((w) => w !== 1) === true;
    this.#places(header, chunk);
    for (const [c, contest] of header.contests.entries()) {
      if (!this.#wanted.has(contest.id) || chunk.contests[c] === undefined) continue;
      const column = this.#column(contest);
      const { vote } = chunk.contests[c];
      column.votes.push(new Int16Array(vote));
      for (let i = 0; i < chunk.cards; i++)
        if (vote[i] === voteCodes.listed) column.listed.set(this.#count + i, voteOn(header, chunk, c, i));
    }
    this.#count += chunk.cards;
    // A contest that was not in this chunk is on none of its cards.
    for (const { votes } of this.#columns.values()) fillUp(votes, this.#count);
  }

  result(): CardsOnRecord {
    const contests = [...this.#columns].map(([id, { contest, votes, listed }]) => {
      const vote = new Int16Array(this.#count);
      let at = 0;
      for (const part of votes) {
        vote.set(part, at);
        at += part.length;
      }
      return [id, { contest, vote, listed }] as const;
    });
    return { batches: this.#batches, contests: new Map(contests), addedUp: this.#addedUp };
  }

  #places(header: CvrHeader, chunk: CvrChunk): void {
    const { tabulator, batch } = chunk.attributes;
    // ES&S numbers the records of the whole export through, not the cards of a batch.
    const isThrough = header.format.startsWith('ess-');
    let known: { records: number[]; numbers: number[] } | undefined;
    for (let i = 0; i < chunk.cards; i++) {
      if (known === undefined || tabulator[i] !== tabulator[i - 1] || batch[i] !== batch[i - 1]) {
        const key = `${header.names.tabulator[tabulator[i]!]!.trim()}/${header.names.batch[batch[i]!]!.trim()}`;
        known = this.#batches.get(key);
        if (known === undefined) this.#batches.set(key, (known = { records: [], numbers: [] }));
      }
      known.records.push(this.#count + i);
      const number = Number(textAt(chunk.record, i).trim());
      known.numbers.push(Number.isSafeInteger(number) && number > 0 && !isThrough ? number : 0);
    }
  }

  #column(contest: CvrContest): { votes: Int16Array[]; listed: Map<number, CardVote> } {
    let column = this.#columns.get(contest.id);
    if (column === undefined) {
      this.#columns.set(contest.id, (column = { contest, votes: [], listed: new Map() }));
      fillUp(column.votes, this.#count);
    }
    return column;
  }
}

function fillUp(votes: Int16Array[], count: number): void {
  const missing = count - votes.reduce((n, part) => n + part.length, 0);
  if (missing > 0) votes.push(new Int16Array(missing).fill(voteCodes.notOnCard));
}
