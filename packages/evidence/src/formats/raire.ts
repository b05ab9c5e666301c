// Ranked ballots as the RAIRE programs read them (.raire): line 1 the number of contests; for each "Contest,id,n,candidate…[,winner,w]";
// then "contest,ballot,first,second…", a blank ballot without any. And the JSON of its successor raire-rs, a profile
// {"metadata":{"candidates":[…]},"votes":[{"n":11,"prefs":[4,1,2]},…]}: each entry stands for n ballots.
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames } from '../cvr/index.ts';
import type { CvrChunk, CvrConsumer, GrowingContest } from '../cvr/index.ts';
import { eachRowOf } from './csvRows.ts';
import type { InputFile } from './input.ts';
import { readJsonElements } from './jsonElements.ts';
import { markRanking } from './rankedMarks.ts';
import type { CvrReading, Reading, Refusal } from './reading.ts';

export const raireReader = { reader: 'raire', version: '1' } as const;
export const rankingProfileReader = { reader: 'ranking-profile-json', version: '1' } as const;

export interface RaireReading extends CvrReading {
  /** By contest: the winner that the file states, by name. */
  readonly winners: readonly (string | undefined)[];
}

/** Lines of one ballot in several contests need not stand together: a file is held until its end. */
export async function readRaire(file: InputFile, to: CvrConsumer): Promise<Reading<RaireReading>> {
  const contests: GrowingContest[] = [];
  const winners: (string | undefined)[] = [];
  const ballots = new Map<string, (readonly number[] | undefined)[]>();
  const refused: Refusal[] = [];
  let expected: number | undefined;
  const fault = await eachRowOf(
    file,
    ({ line, fields }) => {
      const refuse = (code: string, want: string, found: string): Refusal => ({
        code,
        file: file.name,
        line,
        expected: want,
        found,
        todo: 'correct the line',
      });
      const cells = fields.map((f) => f.trim());
      if (cells.length === 1 && cells[0] === '') return undefined;
      if (expected === undefined) {
        if (!/^[1-9]\d{0,3}$/.test(cells[0]!) || cells.length > 1)
          return refuse('not-raire', 'the number of contests', fields.join(',').slice(0, 40));
        expected = Number(cells[0]);
        return undefined;
      }
      if (contests.length < expected) {
        const [word, id, count] = cells;
        const n = Number(count);
        const names = cells.slice(3, 3 + n);
        const rest = cells.slice(3 + n);
        if (word !== 'Contest' || id === undefined || !Number.isInteger(n) || n < 1 || names.length !== n)
          return refuse('not-raire', 'Contest,id,n and n candidates', cells.slice(0, 4).join(','));
        if (new Set(names).size !== n)
          return refuse('choice-repeated', 'each candidate once', names.join(','));
        const contest = cvrContest(id, 1, Math.min(n, 255));
        contest.choices.push(...names.map((name) => cvrChoice(name)));
        contests.push(contest);
        const winner = rest[rest.indexOf('winner') + 1];
        winners.push(rest.includes('winner') ? winner : undefined);
        return undefined;
      }
      const c = contests.findIndex((x) => x.name === cells[0]);
      const ballot = cells[1];
      if (c === -1 || ballot === undefined)
        return refuse('unknown-contest', 'a contest of this file', cells[0]!);
      const choices = cells.slice(2).filter((name) => name !== '');
      const ranking = choices.map((name) => contests[c]!.choices.findIndex((x) => x.name === name));
      const unknown = ranking.indexOf(-1);
      const votes = ballots.get(ballot) ?? contests.map(() => undefined);
      if (unknown !== -1)
        refused.push(refuse('unknown-choice', 'a candidate of the contest', choices[unknown]!));
      else if (votes[c] !== undefined)
        refused.push(refuse('record-repeated', 'a ballot once in a contest', ballot));
      else {
        votes[c] = ranking;
        ballots.set(ballot, votes);
      }
      return undefined;
    },
    () => Promise.resolve(),
  );
  if (fault !== undefined) return { ok: false, refusals: [fault] };
  if (expected === undefined || contests.length < expected) {
    const found = `${contests.length} contests`;
    const todo = 'ask for the file again';
    return {
      ok: false,
      refusals: [{ code: 'not-raire', file: file.name, expected: 'contests', found, todo }],
    };
  }
  const builder = new ChunkBuilder({ election: '', format: 'raire', contests, names: emptyNames() });
  await to.begin(builder.header);
  const utf8 = new TextEncoder();
  for (const [id, votes] of ballots) {
    builder.card();
    const bytes = utf8.encode(id);
    builder.imprinted(bytes, 0, bytes.length);
    votes.forEach((ranking, c) => {
      if (ranking !== undefined)
        markRanking(
          builder,
          c,
          ranking.map((choice) => [choice]),
        );
    });
    if (builder.full) await builder.deliver(to);
  }
  await builder.deliver(to);
  return {
    ok: true,
    value: { header: builder.header, records: builder.total, sums: 0, winners },
    rowsRead: builder.total,
    rowsRefused: refused,
    remarks: [],
  };
}

/** A profile: as many records as it has entries, each for `n` ballots. */
export async function readRankingProfile(file: InputFile, to: CvrConsumer): Promise<Reading<CvrReading>> {
  const refuse = (code: string, expected: string, found: string): { ok: false; refusals: Refusal[] } => ({
    ok: false,
    refusals: [{ code, file: file.name, expected, found, todo: 'ask for the file again' }],
  });
  // Twice, because the names of the candidates may stand after the votes.
  const read = await readJsonElements(file, 'votes', (text) => void JSON.parse(text));
  if ('code' in read) return { ok: false, refusals: [read] };
  const profile = read.rest as { metadata?: { candidates?: unknown; contest?: unknown }; votes?: unknown };
  const candidates = profile.metadata?.candidates;
  if (!isNames(candidates))
    return refuse('missing-field', 'metadata.candidates, names', JSON.stringify(candidates) ?? 'none');
  if (!Array.isArray(profile.votes)) return refuse('missing-field', 'votes, a list', typeof profile.votes);
  const name = profile.metadata?.contest;
  const contest = cvrContest(
    typeof name === 'string' ? name : file.name,
    1,
    Math.min(candidates.length, 255),
  );
  contest.choices.push(...candidates.map((c) => cvrChoice(c)));
  const builder = new ChunkBuilder({
    election: '',
    format: 'ranking-profile-json',
    contests: [contest],
    names: emptyNames(),
  });
  await to.begin(builder.header);
  const chunks: CvrChunk[] = [];
  let fault: ReturnType<typeof refuse> | undefined;
  const again = await readJsonElements(
    file,
    'votes',
    (text, i) => {
      if (fault !== undefined) return;
      const { n, prefs } = ((JSON.parse(text) as unknown) ?? {}) as { n?: unknown; prefs?: unknown };
      const counts = typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= 0xffffffff;
      const ranks =
        Array.isArray(prefs) &&
        prefs.length <= 255 &&
        prefs.every((p) => Number.isInteger(p) && p >= 0 && p < candidates.length);
      if (!counts || !ranks) {
        fault = refuse('not-a-ranking', `votes[${i}]: n and prefs, indexes of candidates`, text.slice(0, 80));
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
      if (builder.full) chunks.push(builder.take());
    },
    async () => {
      for (const chunk of chunks.splice(0)) await to.take(chunk);
    },
  );
  if ('code' in again) return { ok: false, refusals: [again] };
  if (fault !== undefined) return fault;
  await builder.deliver(to);
  return {
    ok: true,
    value: { header: builder.header, records: builder.total, sums: 0 },
    rowsRead: builder.total,
    rowsRefused: [],
    remarks: [],
  };
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === 'string');
