// A county's cast vote records, as a card comparison wants them: of each card of the manifest, what the machine says of it. Taken from the reader in
// columns, piece by piece, and kept so, with only the columns of this election's contests: a county has half a million cards.
//
// A record's card is found by its batch and its place in the batch. The place is the record number where the numbers of a batch are whole numbers
// from 1, each once; else it is the order of the export: the first record of a batch is its first card. ES&S numbers the records of the whole export
// through: no place in a batch.
import { setImmediate } from 'node:timers/promises';
import { rankingOf } from '@opencanvass/evidence/assertions';
import type { RankingCount } from '@opencanvass/evidence/assertions';
import type { CardRecord } from '@opencanvass/evidence/audit';
import {
  identityOf,
  voteCodes,
  voteOn,
  type CvrChunk,
  type CvrConsumer,
  type CvrHeader,
} from '@opencanvass/evidence/cvr';
import type { Contest, ContestId } from '@opencanvass/evidence/election';
import type { Refusal } from '@opencanvass/evidence/formats';
import { instantRunoffRules } from '@opencanvass/evidence/tally';

/** So many records are placed before others are answered. */
const atOnce = 10_000;

interface Batch {
  /** Indexes of its records, in the order of the export. */
  readonly records: number[];
  readonly numbers: string[];
  /** By place in the batch, from 1. */
  places: ReadonlyMap<number, number>;
}

interface Column {
  readonly contest: Contest;
  /** Its index in the export's header. */
  readonly c: number;
  /** By index of the export's choice: that of the contest's; -1 for a line where anybody may be written in. */
  readonly choice: readonly number[];
}

export class CountyCvrs implements CvrConsumer {
  readonly #contests: readonly Contest[];
  #header: CvrHeader | undefined;
  readonly #chunks: CvrChunk[] = [];
  readonly #batches = new Map<string, Batch>();
  readonly #byName = new Map<string, string | undefined>();
  #columns: ReadonlyMap<ContestId, Column> = new Map();
  readonly #totals = new Map<ContestId, number[]>();
  readonly #held = new Map<ContestId, number>();
  #count = 0;
  #sums = 0;
  #several = false;

  constructor(contests: readonly Contest[]) {
    this.#contests = contests;
  }

  begin(header: CvrHeader): void {
    this.#header = header;
  }

  take(chunk: CvrChunk): void {
    const header = this.#header!;
    this.#sums += chunk.sums.length;
    this.#several ||= chunk.weight?.some((w) => w !== 1) === true;
    for (let i = 0; i < chunk.cards; i++) {
      const { tabulator, batch, record } = identityOf(header, chunk, i);
      const key = `${tabulator.trim()}/${batch.trim()}`;
      let known = this.#batches.get(key);
      if (known === undefined) {
        this.#batches.set(key, (known = { records: [], numbers: [], places: new Map() }));
        this.#byName.set(batch.trim(), this.#byName.has(batch.trim()) ? undefined : key);
      }
      known.records.push(this.#count + i);
      known.numbers.push(record.trim());
    }
    const wanted = new Set(this.#contests.map((c) => c.id));
    const contests = chunk.contests.map((column, c) =>
      wanted.has(header.contests[c]!.id) ? column : undefined,
    ) as CvrChunk['contests'];
    this.#chunks.push({ ...chunk, first: this.#count, contests });
    this.#count += chunk.cards;
  }

  /** Once all of it is read: is it what an audit can be made of? The records in the words of the election, its choices in its order. */
  async end(file: string): Promise<Refusal | undefined> {
    const header = this.#header;
    if (header === undefined || this.#count === 0)
      return {
        code: 'no-records',
        file,
        expected: 'cast vote records',
        found: 'none',
        todo: 'export them again',
      };
    if (this.#sums > 0 || this.#several)
      return {
        code: 'records-added-up',
        file,
        expected: 'a record for every card',
        found: this.#several
          ? 'records that stand for several cards'
          : `${this.#sums} rows that are sums of cards`,
        todo: 'export the records as they are: the desk keeps them sealed, and publishes none of few voters',
      };
    const columns = new Map<ContestId, Column>();
    for (const [c, { id, choices }] of header.contests.entries()) {
      const contest = this.#contests.find((k) => k.id === id);
      if (contest === undefined) continue; // a contest that this election record does not define is not audited here
      const choice = choices.map((k) => contest.choices.findIndex((known) => known.id === k.id));
      const unknown = choices.findIndex((k, i) => choice[i] === -1 && k.writeIn !== 'line');
      if (unknown !== -1)
        return {
          code: 'unknown-choice',
          file,
          field: contest.name,
          expected: contest.name,
          found: choices[unknown]!.name,
          todo: 'name the choices in both exports alike',
        };
      columns.set(contest.id, { contest, c, choice });
    }
    this.#columns = columns;
    let placed = 0;
    for (const [key, batch] of this.#batches) {
      // Others are answered every so many records.
      const turn = Math.floor(placed / atOnce);
      placed += batch.records.length;
      if (Math.floor(placed / atOnce) > turn) await setImmediate();
      const numbers = batch.numbers.map(Number);
      const numbered =
        !header.format.startsWith('ess-') && numbers.every((n) => Number.isInteger(n) && n > 0);
      if (numbered && new Set(numbers).size < numbers.length) {
        const again = batch.numbers.find((n, i) => batch.numbers.indexOf(n) < i);
        return {
          code: 'record-repeated',
          file,
          expected: 'each tabulator, batch and record number once',
          found: `${key}/${again}`,
          todo: 'export the records once; a batch scanned twice must be taken out of one of its two places',
        };
      }
      batch.places = new Map(batch.records.map((r, i) => [numbered ? numbers[i]! : i + 1, r]));
    }
    await this.#addUp();
    return undefined;
  }

  async #addUp(): Promise<void> {
    for (const [id, column] of this.#columns) {
      const { c, choice, contest } = column;
      const votes = contest.choices.map(() => 0);
      let held = 0;
      for (const chunk of this.#chunks) {
        const vote = chunk.contests[c]?.vote ?? [];
        for (let i = 0; i < vote.length; i++) {
          const code = vote[i]!;
          if (code === voteCodes.notOnCard) continue;
          if (code === voteCodes.blank) held += 1;
          else if (code >= 0) {
            // One choice, which nearly all cards have: no object is made for it.
            held += 1;
            if (choice[code]! >= 0) votes[choice[code]!]! += 1;
          } else {
            const said = this.#said(column, chunk.first + i);
            if (said.kind !== 'marks') continue;
            held += 1;
            // Of a ranked card its first choice, which is what a results file states.
            for (const m of isRanked(contest) ? said.marks.slice(0, 1) : said.marks) votes[m]! += 1;
          }
        }
      }
      this.#totals.set(id, votes);
      this.#held.set(id, held);
      await setImmediate();
    }
  }

  #said({ contest, c, choice }: Column, record: number): CardRecord {
    const chunk = this.#chunkOf(record);
    const vote = voteOn(this.#header!, chunk, c, record - chunk.first);
    const known = (choices: readonly number[]): number[] =>
      choices.map((k) => choice[k]!).filter((k) => k >= 0);
    if (vote.kind === 'notOnCard') return { kind: 'contestAbsent' };
    if (vote.kind === 'votes') return { kind: 'marks', marks: known(vote.choices) };
    if (vote.kind !== 'ranking') return { kind: 'marks', marks: [] };
    const ranks = vote.ranks.map((at) => (at === 'several' ? at : known(at)));
    return { kind: 'marks', marks: rankingOf(ranks, rankingRules(contest)) ?? [] };
  }

  #chunkOf(record: number): CvrChunk {
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#chunks[middle]!.first <= record) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low]!;
  }

  /** The reader's name for the format. */
  get format(): string {
    return this.#header!.format;
  }

  /** By 'tabulator/batch': how many records. */
  *batches(): Generator<[string, number]> {
    for (const [key, { records }] of this.#batches) yield [key, records.length];
  }

  /** The export's name of a batch of the manifest: exactly, or by the batch alone where an export or a manifest names no tabulator. */
  keyOf(tabulator: string, batch: string): string | undefined {
    const key = `${tabulator.trim()}/${batch.trim()}`;
    if (this.#batches.has(key)) return key;
    const alone = this.#byName.get(batch.trim());
    return alone !== undefined && (tabulator.trim() === '' || alone.startsWith('/')) ? alone : undefined;
  }

  /** Places of a batch that have a record, beyond its size too. */
  placesOf(key: string): Iterable<number> {
    return this.#batches.get(key)?.places.keys() ?? [];
  }

  /** What the machine says of a card; undefined where it has no record. */
  record(key: string | undefined, place: number, contest: ContestId): CardRecord | undefined {
    const record = key === undefined ? undefined : this.#batches.get(key)?.places.get(place);
    if (record === undefined) return undefined;
    const column = this.#columns.get(contest);
    return column === undefined ? { kind: 'contestAbsent' } : this.#said(column, record);
  }

  /** The number printed on the card, where the export has one: what people look for in the batch. */
  imprinted(key: string | undefined, place: number): string | undefined {
    const record = key === undefined ? undefined : this.#batches.get(key)?.places.get(place);
    if (record === undefined) return undefined;
    const chunk = this.#chunkOf(record);
    return identityOf(this.#header!, chunk, record - chunk.first).imprinted || undefined;
  }

  /** By contest, votes by choice (of ranked cards first choices), for the contests that the export has. */
  get totals(): ReadonlyMap<ContestId, readonly number[]> {
    return this.#totals;
  }

  /** On how many records a contest stands; undefined where the export does not have it. */
  held(contest: ContestId): number | undefined {
    return this.#held.get(contest);
  }

  /** The rankings of a ranked contest, each with its number of cards. */
  rankings(contest: ContestId): RankingCount[] {
    const column = this.#columns.get(contest);
    const counts = new Map<string, { readonly ranking: readonly number[]; count: number }>();
    if (column === undefined) return [];
    for (let r = 0; r < this.#count; r++) {
      const said = this.#said(column, r);
      if (said.kind !== 'marks') continue;
      const known = counts.get(said.marks.join());
      if (known === undefined) counts.set(said.marks.join(), { ranking: said.marks, count: 1 });
      else known.count += 1;
    }
    return [...counts.values()];
  }
}

export const isRanked = ({ rule }: Contest): boolean => rule.kind === 'instantRunoff';

/** How many ranks the ballot offers. */
export const ranksOf = ({ rule, choices }: Contest): number =>
  rule.kind === 'instantRunoff' ? (rule.ranks ?? choices.length) : 0;

/** How a ranking with gaps, repetitions and overvotes is read: specs/desk.md. */
export const rankingRules = ({ rule }: Contest): typeof instantRunoffRules => ({
  ...instantRunoffRules,
  maxRankings: rule.kind === 'instantRunoff' ? (rule.ranks ?? 'all') : 'all',
});
