// Ranked ballots as the RAIRE programs read them (.raire): line 1 the number of contests; for each "Contest,id,n,candidate…[,winner,w]";
// then "contest,ballot,first,second…", a blank ballot without any. And the JSON of its successor raire-rs, a profile
// {"metadata":{"candidates":[…]},"votes":[{"n":11,"prefs":[4,1,2]},…]}: each entry stands for n ballots.
import { cvrChoice, cvrContest, emptyNames } from '../cvr/index.ts';
import type { CvrConsumer, GrowingContest } from '../cvr/index.ts';
import { eachRowOf } from './csvRows.ts';
import type { InputFile } from './input.ts';
import { Intake, RefusedRows } from './intake.ts';
import { readJsonElements } from './jsonElements.ts';
import { markRanking } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';
import { refused } from './refusals.ts';

export const raireReader = { reader: 'raire', version: '1' } as const;
export const rankingProfileReader = { reader: 'ranking-profile-json', version: '1' } as const;

export interface RaireReading extends CvrReading {
  /** By contest: the winner that the file states, by name. */
  readonly winners: readonly (string | undefined)[];
}

export interface RaireOptions {
  /** How many numbers may be held of ballots at a time; for tests. */
  readonly most?: number;
}

/** Eight bytes each, or less: some 100 MB. */
const usualMost = 8_000_000;
/** What a ballot costs besides its numbers, in numbers. */
const perBallot = 24;

/**
 * The lines of one ballot in several contests need not stand together, so ballots are held until the end of the file. What holds more of them than
 * `most` allows is read again as often as it must be: each time those ballots whose id falls to that pass, in the file's order.
 */
export async function readRaire(
  file: InputFile,
  to: CvrConsumer,
  { most = usualMost }: RaireOptions = {},
): Promise<Reading<RaireReading>> {
  const first = new RaireLines(file.name, most, 0, 1);
  const fault = await first.read(file);
  if (fault !== undefined) return refused(fault);
  const format = raireReader.reader;
  const intake = new Intake({ election: '', format, contests: first.contests, names: emptyNames() }, to);
  const passes = first.held > most ? Math.ceil((1.25 * first.held) / most) : 1;
  const rows: Refusal[] = [];
  let untold = 0;
  for (let pass = 0; pass < passes; pass++) {
    const lines = passes === 1 ? first : new RaireLines(file.name, most, pass, passes);
    const again = passes === 1 ? undefined : await lines.read(file);
    if (again !== undefined) return refused(again);
    if (lines.held > most) return refused(tooLarge(file.name, most));
    await deliver(lines, intake);
    rows.push(...lines.refused.rows);
    untold += lines.refused.count - lines.refused.rows.length;
  }
  rows.sort((a, b) => a.line! - b.line!);
  intake.refused.addAll(rows, untold);
  const reading = await intake.finish(file.name);
  return reading.ok ? { ...reading, value: { ...reading.value, winners: first.winners } } : reading;
}

/** Ids that were made to fall together: no election's ballots do. */
const tooLarge = (file: string, most: number): Refusal => ({
  code: 'too-large',
  file,
  expected: `ballots of at most ${most} numbers to be held at a time`,
  found: 'more under ids that cannot be told apart in advance',
  todo: 'give the contests one by one',
});

async function deliver({ ballots }: RaireLines, intake: Intake): Promise<void> {
  const utf8 = new TextEncoder();
  const { builder } = intake;
  for (const [id, votes] of ballots) {
    builder.card();
    const bytes = utf8.encode(id);
    builder.imprinted(bytes, 0, bytes.length);
    for (let at = 0; at < votes.length;) {
      const [c, length] = [votes[at]!, votes[at + 1]!];
      const ranking = votes.slice(at + 2, at + 2 + length);
      markRanking(
        builder,
        c,
        ranking.map((choice) => [choice]),
      );
      at += 2 + length;
    }
    intake.cardDone();
    await intake.deliver();
  }
}

/** One reading of the lines, holding the ballots of one pass. */
class RaireLines {
  readonly contests: GrowingContest[] = [];
  readonly winners: (string | undefined)[] = [];
  /** By ballot: for each contest its index, how many ranks, and the choices. */
  readonly ballots = new Map<string, number[]>();
  readonly refused = new RefusedRows();
  /** How many numbers all ballots of this pass come to, held or not. */
  held = 0;
  readonly #file: string;
  readonly #most: number;
  readonly #pass: number;
  readonly #passes: number;
  readonly #choices: Map<string, number>[] = [];
  readonly #contestOf = new Map<string, number>();
  #expected: number | undefined;

  constructor(file: string, most: number, pass: number, passes: number) {
    this.#file = file;
    this.#most = most;
    this.#pass = pass;
    this.#passes = passes;
  }

  /** What is wrong with the file as a whole, or undefined. */
  async read(file: InputFile): Promise<Refusal | undefined> {
    const fault = await eachRowOf(
      file,
      ({ line, fields }) => {
        const cells = fields.map((f) => f.trim());
        if (cells.length === 1 && cells[0] === '') return undefined;
        if (this.#expected === undefined) return this.#count(cells, line);
        if (this.contests.length < this.#expected) return this.#contest(cells, line);
        return this.#ballot(cells, line);
      },
      () => Promise.resolve(),
    );
    if (fault !== undefined) return fault;
    if (this.#expected !== undefined && this.contests.length === this.#expected) return undefined;
    return { code: 'not-raire', file: this.#file, expected: 'contests', found: `${this.contests.length} contests`, todo: 'ask for the file again' }; // oxfmt-ignore
  }

  #refuse(code: string, line: number, expected: string, found: string): Refusal {
    return { code, file: this.#file, line, expected, found, todo: 'correct the line' };
  }

  #count(cells: readonly string[], line: number): Refusal | undefined {
    if (!/^[1-9]\d{0,3}$/.test(cells[0]!) || cells.length > 1)
      return this.#refuse('not-raire', line, 'the number of contests', cells.join(',').slice(0, 40));
    this.#expected = Number(cells[0]);
    return undefined;
  }

  #contest(cells: readonly string[], line: number): Refusal | undefined {
    const [word, id, count] = cells;
    const n = Number(count);
    const names = cells.slice(3, 3 + n);
    const rest = cells.slice(3 + n);
    if (word !== 'Contest' || id === undefined || !Number.isInteger(n) || n < 1 || names.length !== n)
      return this.#refuse('not-raire', line, 'Contest,id,n and n candidates', cells.slice(0, 4).join(','));
    if (new Set(names).size !== n)
      return this.#refuse('choice-repeated', line, 'each candidate once', names.join(','));
    const contest = cvrContest(id, 1, Math.min(n, 255));
    contest.choices.push(...names.map((name) => cvrChoice(name)));
    if (!this.#contestOf.has(id)) this.#contestOf.set(id, this.contests.length);
    this.contests.push(contest);
    this.#choices.push(new Map(names.map((name, i) => [name, i])));
    this.winners.push(rest.includes('winner') ? rest[rest.indexOf('winner') + 1] : undefined);
    return undefined;
  }

  #ballot([contest, id, ...rest]: readonly string[], line: number): Refusal | undefined {
    const c = this.#contestOf.get(contest!);
    if (c === undefined || id === undefined)
      return this.#refuse('unknown-contest', line, 'a contest of this file', contest!);
    if (this.#passes > 1 && hashOf(id) % this.#passes !== this.#pass) return undefined;
    const names = rest.filter((name) => name !== '');
    const numbers = [c, names.length];
    for (const name of names) {
      const choice = this.#choices[c]!.get(name);
      if (choice === undefined) {
        this.refused.add(this.#refuse('unknown-choice', line, 'a candidate of the contest', name));
        return undefined;
      }
      numbers.push(choice);
    }
    const votes = this.ballots.get(id);
    this.held += numbers.length + (votes === undefined ? perBallot + id.length / 8 : 0);
    if (this.held > this.#most) this.ballots.clear();
    else if (votes === undefined) this.ballots.set(id, numbers);
    else if (holds(votes, c))
      this.refused.add(this.#refuse('record-repeated', line, 'a ballot once in a contest', id));
    else votes.push(...numbers);
    return undefined;
  }
}

function holds(votes: readonly number[], c: number): boolean {
  for (let at = 0; at < votes.length; at += 2 + votes[at + 1]!) if (votes[at] === c) return true;
  return false;
}

/** FNV-1a, 32 bits. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A profile: as many records as it has entries, each for `n` ballots. */
export async function readRankingProfile(file: InputFile, to: CvrConsumer): Promise<Reading<CvrReading>> {
  const refuse = (code: string, expected: string, found: string): Refusal => ({
    code,
    file: file.name,
    expected,
    found,
    todo: 'ask for the file again',
  });
  // Twice, because the names of the candidates may stand after the votes.
  const read = await readJsonElements(file, 'votes', (text) => void JSON.parse(text));
  if ('code' in read) return refused(read);
  const profile = read.rest as { metadata?: { candidates?: unknown; contest?: unknown }; votes?: unknown };
  const candidates = profile.metadata?.candidates;
  if (!isNames(candidates))
    return refused(
      refuse('missing-field', 'metadata.candidates, names', JSON.stringify(candidates) ?? 'none'),
    );
  if (!Array.isArray(profile.votes))
    return refused(refuse('missing-field', 'votes, a list', typeof profile.votes));
  const name = profile.metadata?.contest;
  const ranks = Math.min(candidates.length, 255);
  const contest = cvrContest(typeof name === 'string' ? name : file.name, 1, ranks);
  contest.choices.push(...candidates.map((c) => cvrChoice(c)));
  const format = rankingProfileReader.reader;
  const intake = new Intake({ election: '', format, contests: [contest], names: emptyNames() }, to);
  const { builder } = intake;
  const again = await readJsonElements(
    file,
    'votes',
    (text, i) => {
      const { n, prefs } = ((JSON.parse(text) as unknown) ?? {}) as { n?: unknown; prefs?: unknown };
      const counts = typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= 0xffffffff;
      const ranking =
        Array.isArray(prefs) &&
        prefs.length <= 255 &&
        prefs.every((p) => Number.isInteger(p) && p >= 0 && p < candidates.length);
      if (!counts || !ranking) {
        const expected = 'n and prefs, indexes of candidates';
        intake.refused.add({ ...refuse('not-a-ranking', expected, text.slice(0, 80)), field: `votes[${i}]` });
        return;
      }
      if (n === 0) return;
      builder.card();
      builder.weight(n);
      markRanking(
        builder,
        0,
        (prefs as number[]).map((p) => [p]),
      );
      intake.cardDone();
    },
    () => intake.deliver(),
  );
  return 'code' in again ? refused(again) : intake.finish(file.name);
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === 'string');
