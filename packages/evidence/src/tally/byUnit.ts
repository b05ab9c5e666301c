// How many votes has each choice, in the whole export and in each precinct, batch, tabulator, counting group or style? Walks the columns
// of cast vote records once, chunk by chunk, in integers; needs no more memory than the table it gives.
// For a ranked contest it counts the choices marked alone at the first rank; the rounds are counted elsewhere.
import type {
  CardAttribute,
  ContestColumn,
  CvrChunk,
  CvrConsumer,
  CvrContest,
  CvrHeader,
  WriteIn,
} from '../cvr/index.ts';
import { severalUnnamed, voteCodes } from '../cvr/index.ts';

/** What was counted: for each unit, in the order of first occurrence, each contest. */
export interface UnitTally {
  readonly header: CvrHeader;
  /** What tells units apart; none: everything is one unit. */
  readonly by: readonly CardAttribute[];
  readonly units: readonly TallyOfUnit[];
  /** Rows that were sums of many cards already, by style as written. They are in no unit: the export does not say from which batch they are. */
  readonly sums: readonly SummedVotes[];
  /** Whom voters wrote in, in the whole export, as the export tells it. Their votes stand at the choices above. */
  readonly writeIns: readonly WriteInCount[];
}

/** On how many cards the same name stands in the same way. */
export interface WriteInCount extends Omit<WriteIn, 'record' | 'place'> {
  readonly cards: number;
}

export interface TallyOfUnit {
  /** The names of the unit, one for each attribute of `by`. */
  readonly unit: readonly string[];
  readonly cards: number;
  /** By contest of the header. */
  readonly contests: readonly ContestTally[];
}

export interface ContestTally {
  /** Cards with the contest on them. blank + overvoted + invalid + those with a vote. */
  readonly cards: number;
  /** By choice. Ranked: cards that mark this choice, and no other, at the first rank. */
  readonly votes: readonly number[];
  /** Cards on which nothing in the contest counts because nothing was marked. */
  readonly blank: number;
  readonly overvoted: number;
  /** Cards on which the export says that the contest does not count. */
  readonly invalid: number;
  /** Votes that could have been given and were not: on blank cards all, on others the rest. 0 for ranked contests and where the export states no vote-for. */
  readonly undervotes: number;
}

export interface SummedVotes {
  readonly label: string;
  readonly style: string;
  readonly votes: readonly (readonly number[] | undefined)[];
}

/** Counts as it is given chunks. */
export class UnitTallier implements CvrConsumer {
  readonly #by: readonly CardAttribute[];
  #header: CvrHeader | undefined;
  readonly #unitOf = new Map<string, number>();
  readonly #units: string[][] = [];
  #cards = new Float64Array(16);
  readonly #tables: Table[] = [];
  readonly #sums: SummedVotes[] = [];
  readonly #writeIns = new WriteInCounts();

  constructor(by: readonly CardAttribute[] = []) {
    this.#by = by;
  }

  begin(header: CvrHeader): void {
    this.#header = header;
  }

  take(chunk: CvrChunk): void {
    const header = this.#header!;
    const units = this.#unitsOf(header, chunk);
    for (let i = 0; i < chunk.cards; i++) this.#cards[units?.[i] ?? 0]! += chunk.weight?.[i] ?? 1;
    for (const [c, column] of chunk.contests.entries()) {
      const table = (this.#tables[c] ??= new Table());
      table.reach(this.#units.length, header.contests[c]!.choices.length);
      count(table, header.contests[c]!, column, units, chunk.weight);
    }
    for (const said of chunk.writeIns) this.#writeIns.add(said, chunk.weight?.[said.record] ?? 1);
    for (const { label, style, votes } of chunk.sums)
      this.#sums.push({ label, style, votes: votes.map((v) => v && Array.from(v)) });
  }

  get tally(): UnitTally {
    const header = this.#header;
    if (header === undefined) throw new RangeError('no cast vote records were read');
    const units = this.#units.map((unit, u) => ({
      unit,
      cards: this.#cards[u]!,
      contests: header.contests.map((contest, c) => contestTally(contest, this.#tables[c], u)),
    }));
    return { header, by: this.#by, units, sums: this.#sums, writeIns: this.#writeIns.all };
  }

  /** The unit of each card; undefined if there is one unit only. */
  #unitsOf(header: CvrHeader, chunk: CvrChunk): Uint32Array | undefined {
    if (this.#by.length === 0) {
      this.#unit([]);
      return undefined;
    }
    const columns = this.#by.map((attribute) => chunk.attributes[attribute]);
    const names = this.#by.map((attribute) => header.names[attribute]);
    const units = new Uint32Array(chunk.cards);
    for (let i = 0; i < chunk.cards; i++) {
      const same = i > 0 && columns.every((column) => column[i] === column[i - 1]);
      units[i] = same ? units[i - 1]! : this.#unit(columns.map((column, a) => names[a]![column[i]!]!));
    }
    return units;
  }

  #unit(names: string[]): number {
    const key = names.join('\u0000');
    const known = this.#unitOf.get(key);
    if (known !== undefined) return known;
    const unit = this.#units.push(names) - 1;
    this.#unitOf.set(key, unit);
    if (unit >= this.#cards.length) {
      const more = new Float64Array(this.#cards.length * 2);
      more.set(this.#cards);
      this.#cards = more;
    }
    return unit;
  }
}

class WriteInCounts {
  readonly #counts = new Map<string, { -readonly [K in keyof WriteInCount]: WriteInCount[K] }>();

  add({ contest, choice, rank, text, status }: Omit<WriteInCount, 'cards'>, cards: number): void {
    const key = `${contest} ${choice} ${rank} ${status}\u0000${text}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { contest, choice, rank, text, status, cards });
    else known.cards += cards;
  }

  get all(): WriteInCount[] {
    return [...this.#counts.values()];
  }
}

// A row of a table: first a place for each code of a vote (−1 … −5), one for votes not given on cards with a vote, one for how many
// of the choices' votes came from marks; then the choices.
const notGiven = 5;
const fromMarks = 6;
const fixed = 7;

/** For one contest, a row of numbers for each unit. Grows with units and choices. */
class Table {
  width = 0;
  n = new Float64Array(0);
  #rows = 0;

  reach(rows: number, choices: number): void {
    if (rows <= this.#rows && fixed + choices <= this.width) return;
    const [oldWidth, oldRows, old] = [this.width, this.#rows, this.n];
    this.width = Math.max(oldWidth, fixed + choices);
    this.#rows = rows <= oldRows ? oldRows : Math.max(rows, oldRows * 2);
    this.n = new Float64Array(this.width * this.#rows);
    for (let r = 0; r < oldRows; r++)
      this.n.set(old.subarray(r * oldWidth, (r + 1) * oldWidth), r * this.width);
  }
}

function count(
  table: Table,
  contest: CvrContest,
  { vote, marks }: ContestColumn,
  units: Uint32Array | undefined,
  weight: Uint32Array | undefined,
): void {
  const { n, width } = table;
  if (units === undefined && weight === undefined)
    for (let i = 0; i < vote.length; i++) {
      const code = vote[i]!;
      n[code < 0 ? -1 - code : fixed + code]! += 1;
    }
  else
    for (let i = 0; i < vote.length; i++) {
      const code = vote[i]!;
      n[(units?.[i] ?? 0) * width + (code < 0 ? -1 - code : fixed + code)]! += weight?.[i] ?? 1;
    }
  // One vote of several: the rest was not given. Only where it matters is the column walked again.
  const voteFor = contest.ranks > 0 ? 1 : (contest.voteFor ?? 1);
  if (voteFor > 1)
    for (let i = 0; i < vote.length; i++)
      if (vote[i]! >= 0) n[(units?.[i] ?? 0) * width + notGiven]! += (voteFor - 1) * (weight?.[i] ?? 1);
  const { record, choice, rank } = marks;
  for (let m = 0; m < record.length;) {
    const i = record[m]!;
    const row = (units?.[i] ?? 0) * width;
    const w = weight?.[i] ?? 1;
    let end = m + 1;
    while (record[end] === i) end += 1;
    if (vote[i] === voteCodes.listed) {
      if (contest.ranks === 0) {
        for (let k = m; k < end; k++) n[row + fixed + choice[k]!]! += w;
        n[row + fromMarks]! += (end - m) * w;
        n[row + notGiven]! += Math.max(0, voteFor - (end - m)) * w;
      } else if (rank[m] === 1 && (m + 1 === end || rank[m + 1] !== 1) && choice[m] !== severalUnnamed) {
        n[row + fixed + choice[m]!]! += w;
        n[row + fromMarks]! += w;
      }
    }
    m = end;
  }
}

function contestTally(contest: CvrContest, table: Table | undefined, u: number): ContestTally {
  const at = (place: number): number => table?.n[u * table.width + place] ?? 0;
  const code = (c: number): number => at(-1 - c);
  const votes = contest.choices.map((_, k) => at(fixed + k));
  const [blank, overvoted, invalid] = [
    code(voteCodes.blank),
    code(voteCodes.overvoted),
    code(voteCodes.invalid),
  ];
  const oneVote = votes.reduce((a, b) => a + b, 0) - at(fromMarks);
  const cards = blank + overvoted + invalid + code(voteCodes.listed) + oneVote;
  const voteFor = contest.ranks > 0 ? undefined : contest.voteFor;
  const undervotes = voteFor === undefined ? 0 : blank * voteFor + at(notGiven);
  return { cards, votes, blank, overvoted, invalid, undervotes };
}

// ── tallies of parts ──

/** Two exports describe a contest differently: they are not of one election, or one of them is wrong. */
export interface ContestDiffers {
  readonly contest: string;
  readonly expected: string;
  readonly found: string;
}

/**
 * The tally of a whole from those of its parts: stretches of a file, or the files of several counties. Contests and choices are joined by
 * their names (write-in lines of one name in order). A contest that is described differently is not added up.
 */
export function addTallies(parts: readonly UnitTally[]): UnitTally | ContestDiffers {
  const first = parts[0];
  if (first === undefined) throw new RangeError('no tallies to add');
  const contests: { -readonly [K in keyof CvrContest]: CvrContest[K] }[] = [];
  const placeOf = new Map<string, number>();
  /** By part and its contest: where contest and choices are in the sum. */
  const places: { c: number; choices: number[] }[][] = [];
  for (const { header } of parts) {
    const of: { c: number; choices: number[] }[] = [];
    for (const contest of header.contests) {
      let c = placeOf.get(contest.name);
      if (c === undefined) {
        c = contests.push({ ...contest, choices: [] }) - 1;
        placeOf.set(contest.name, c);
      }
      const sum = contests[c]!;
      if (sum.ranks !== contest.ranks || sum.voteFor !== contest.voteFor)
        return { contest: contest.name, expected: shapeOf(sum), found: shapeOf(contest) };
      const choices = [...sum.choices];
      const taken = new Set<number>();
      const at = contest.choices.map((choice) => {
        let k = choices.findIndex((known, i) => known.name === choice.name && !taken.has(i));
        if (k < 0) k = choices.push(choice) - 1;
        taken.add(k);
        return k;
      });
      sum.choices = choices;
      of.push({ c, choices: at });
    }
    places.push(of);
  }
  const units = new Map<string, { unit: readonly string[]; cards: number; contests: Sum[] }>();
  const sums: SummedVotes[] = [];
  const writeIns = new WriteInCounts();
  for (const [p, part] of parts.entries()) {
    for (const said of part.writeIns) {
      const { c, choices } = places[p]![said.contest]!;
      writeIns.add({ ...said, contest: c, choice: choices[said.choice] ?? -1 }, said.cards);
    }
    for (const { unit, cards, contests: tallies } of part.units) {
      const key = unit.join('\u0000');
      let into = units.get(key);
      if (into === undefined) {
        into = { unit, cards: 0, contests: contests.map(({ choices }) => emptySum(choices.length)) };
        units.set(key, into);
      }
      into.cards += cards;
      for (const [i, tally] of tallies.entries()) {
        const { c, choices } = places[p]![i]!;
        const sum = into.contests[c]!;
        for (const field of sumFields) sum[field] += tally[field];
        for (const [k, votes] of tally.votes.entries()) sum.votes[choices[k]!]! += votes;
      }
    }
    for (const row of part.sums) {
      const votes: (number[] | undefined)[] = contests.map(() => undefined);
      for (const [i, found] of row.votes.entries()) {
        if (found === undefined) continue;
        const { c, choices } = places[p]![i]!;
        const width = contests[c]!.choices.length;
        // A ranked contest's row goes rank by rank.
        const to = Array.from({ length: width * Math.max(1, contests[c]!.ranks) }, () => 0);
        for (const [j, n] of found.entries())
          to[Math.trunc(j / choices.length) * width + choices[j % choices.length]!]! += n;
        votes[c] = to;
      }
      sums.push({ label: row.label, style: row.style, votes });
    }
  }
  return {
    header: { ...first.header, contests },
    by: first.by,
    units: [...units.values()],
    sums,
    writeIns: writeIns.all,
  };
}

type Sum = { -readonly [K in keyof ContestTally]: ContestTally[K] } & { votes: number[] };
const sumFields = ['cards', 'blank', 'overvoted', 'invalid', 'undervotes'] as const;
const emptySum = (choices: number): Sum => ({
  cards: 0,
  votes: Array.from({ length: choices }, () => 0),
  blank: 0,
  overvoted: 0,
  invalid: 0,
  undervotes: 0,
});
const shapeOf = ({ voteFor, ranks }: CvrContest): string =>
  ranks > 0 ? `${ranks} ranks, ${voteFor} to elect` : `vote for ${voteFor ?? 'an unknown number'}`;
