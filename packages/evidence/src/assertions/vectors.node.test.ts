// Assorters, overstatements and assertions against published numbers. Which file pins down what, and whose it is: the head of each test.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import type { Contest, VotingRule } from '../election/index.ts';
import { choiceId, contestId } from '../election/index.ts';
import { highestAverages } from '../tally/index.ts';
import type { Claim, Difficulty, Marks, OnPaper, OnRecord, RankingCount } from './index.ts';
import {
  aboveShareAssorter,
  assertionsFor,
  assorterValue,
  bravoDifficulty,
  impliesWinner,
  kaplanMarkovDifficulty,
  marginOf,
  nebAssorter,
  nenAssorter,
  noError,
  oneOnMargin,
  overstatement,
  overstatementValue,
  pluralityAssorter,
  raire,
  score,
  scoreTotal,
  toNumber,
  upperBound,
} from './index.ts';

const json = (path: string): any => JSON.parse(readFileSync(sharedFile(path), 'utf8'));
const contest = (choices: readonly string[], rule: VotingRule): Contest => ({
  id: contestId('contest'),
  name: 'contest',
  choices: choices.map((name) => ({ id: choiceId(name), name })),
  rule,
});

describe.skipIf(!haveShared())("SHANGRLA's unit cases (Stark's tests at 9d5db92)", () => {
  const cases: any[] = haveShared() ? json('vectors/shangrla_unit_cases.json').cases : [];
  const one = (id: string): any => {
    const found = cases.find((c) => c.id === id);
    if (found === undefined) throw new Error(`the vector file has no case ${id}`);
    return found;
  };
  const people = ['Alice', 'Bob', 'Candy', 'Dan'];
  const marks = (...names: string[]): number[] => names.map((n) => people.indexOf(n));

  test('every case is read by a test of ours, here or in risk/', () => {
    const here = [
      'plurality_assorter', 'supermajority_f_2_3', 'overstatement_plurality_AvB', 'overstatement_assorter',
      'overstatement_assorter_mean', 'margin_from_tally', 'irv_NEB_5_v_47', 'irv_NEN_5_v_3_elim_1_6_47', 'irv_NEB_28_v_50',
      'irv_NEN_27_v_26_elim_28_50', 'oneaudit_pool_means',
    ]; // oxfmt-ignore
    const risk = [
      'sjm_wr', 'sjm_wor', 'kaplan_markov', 'kaplan_wald', 'sample_size_alpha_fixed', 'sample_size_kaplan_wald_g.1',
      'betting_fixed_constant', 'lam_eta',
    ]; // oxfmt-ignore
    expect(new Set(cases.map((c) => c.id))).toEqual(new Set([...here, ...risk]));
  });
  test('plurality', () => {
    for (const [who, expected] of [
      ['Alice', one('plurality_assorter').votes_for_alice],
      ['Dan', one('plurality_assorter').votes_for_dan],
    ]) {
      expect(Object.keys(expected)).toHaveLength(4);
      for (const [pair, value] of Object.entries(expected)) {
        const [w, l] = pair.split(' v ') as [string, string];
        const a = pluralityAssorter(4, people.indexOf(w), people.indexOf(l), 2);
        expect(assorterValue(a, marks(who))).toBe(value);
      }
    }
  });
  test('supermajority of 2/3', () => {
    const { cases: votes, valid_candidates: valid } = one('supermajority_f_2_3');
    const a = aboveShareAssorter(4, 0, { numerator: 2, denominator: 3 }, (c) => valid.includes(people[c]));
    expect(votes).toHaveLength(5);
    for (const { vote, A } of votes) expect(assorterValue(a, marks(...vote)), vote).toBe(A);
    expect(upperBound(a)).toBe(3 / 4);
  });
  test('overstatements, with and without card styles', () => {
    const a = pluralityAssorter(4, 0, 1, 1);
    const record = (said: string): OnRecord =>
      said === 'phantom'
        ? { kind: 'phantom' }
        : said === 'contest absent'
          ? { kind: 'contestAbsent' }
          : { kind: 'marks', marks: marks(said) };
    const paper = (found: string): OnPaper =>
      found === 'phantom'
        ? { kind: 'notFound' }
        : found === 'contest absent'
          ? { kind: 'contestAbsent' }
          : { kind: 'marks', marks: found === 'blank' ? [] : marks(found) };
    expect(one('overstatement_plurality_AvB').cases).toHaveLength(13);
    for (const [mvr, cvr, styles, omega] of one('overstatement_plurality_AvB').cases) {
      const found = (): number => toNumber(overstatement(a, record(cvr), paper(mvr), styles));
      if (omega === 'error') expect(found).toThrow(RangeError);
      else expect(found(), `${mvr} ${cvr} ${styles}`).toBe(omega);
    }
    for (const { v, mvr, cvr, B } of one('overstatement_assorter').cases) {
      const omega = overstatement(a, record(cvr), paper(mvr), true);
      expect(overstatementValue(a, omega, 100 * v, 100)).toBeCloseTo(B, 15);
    }
  });
  test('the mean of the overstatement assorter by rates of one- and two-vote overstatements', () => {
    const a = pluralityAssorter(2, 0, 1, 1);
    const { v, cases: rates } = one('overstatement_assorter_mean');
    expect(rates).toHaveLength(4);
    for (const { r1, r2, mean } of rates) {
      const value = (omega: number): number =>
        overstatementValue(a, { numerator: omega, denominator: 2 }, 100 * v, 100);
      expect((1 - r1 - r2) * value(0) + r1 * value(1) + r2 * value(2)).toBeCloseTo(mean, 15);
    }
  });
  test('margins from a tally', () => {
    const { cards, tally, margins } = one('margin_from_tally');
    const votes = Object.values<number>(tally);
    expect(Object.keys(margins)).toHaveLength(2);
    for (const [pair, margin] of Object.entries<number>(margins)) {
      const [w, l] = pair.split(' v ').map((n) => Object.keys(tally).indexOf(n)) as [number, number];
      const a = pluralityAssorter(3, w, l, 1);
      expect(toNumber(marginOf(a, scoreTotal(a, { cards, votes }), cards))).toBe(margin);
    }
  });
  test.each([
    ['irv_NEB_5_v_47', ['1', '3', '5', '6', '47'], '5', '47', undefined],
    ['irv_NEN_5_v_3_elim_1_6_47', ['1', '3', '5', '6', '47'], '5', '3', ['1', '6', '47']],
    ['irv_NEB_28_v_50', ['26', '27', '28', '50'], '28', '50', undefined],
    ['irv_NEN_27_v_26_elim_28_50', ['26', '27', '28', '50'], '27', '26', ['28', '50']],
  ])('%s', (id, names, winner, loser, eliminated) => {
    const index = (n: string): number => names.indexOf(n);
    const standing = names.filter((n) => !(eliminated ?? []).includes(n)).map(index);
    const a =
      eliminated === undefined
        ? nebAssorter(index(winner), index(loser))
        : nenAssorter(index(winner), index(loser), standing);
    expect(one(id).cases.length).toBeGreaterThan(4);
    for (const [ranking, value] of one(id).cases)
      expect(assorterValue(a, ranking.map(index)), ranking.join()).toBe(value);
  });
  test('the means of pools', () => {
    const { pools, means_contests_added_to_every_card: all, means_only_cards_with_contest: holding } =
      one('oneaudit_pool_means'); // oxfmt-ignore
    const a = pluralityAssorter(4, 0, 1, 1);
    for (const pool of ['1', '2']) {
      const scores = pools[pool].map((v: string) => (v === 'no AvB' ? 0 : score(a, marks(v))));
      const total = scores.reduce((x: number, y: number) => x + y, 0);
      const held = pools[pool].filter((v: string) => v !== 'no AvB').length;
      const mean = (cards: number): number =>
        toNumber(overstatement(a, { kind: 'pool', total, cards }, { kind: 'marks', marks: [] }, false)) +
        1 / 2;
      expect(mean(scores.length)).toBeCloseTo(all[pool], 15);
      expect(mean(held)).toBe(holding[pool]);
    }
  });
});

describe.skipIf(!haveShared())(
  "Belgium 2024: D'Hondt with a threshold of 5% in six districts (official results)",
  () => {
    const districts: any[] = haveShared() ? json('vectors/dhondt_belgium2024.json').districts : [];
    test('there are six', () => expect(districts).toHaveLength(6));
    test.each(districts.map((d) => [d.district as string, d]))('%s', (_, d) => {
      const lists = Object.keys(d.votes);
      const votes = Object.values<number>(d.votes);
      const threshold = { numerator: 1, denominator: 20 };
      const { seats, excluded } = highestAverages(votes, d.seats, 'dhondt', threshold);
      expect(Object.fromEntries(lists.map((l, i) => [l, seats[i]]).filter(([, n]) => n !== 0))).toEqual(
        d.seats_by_list,
      );

      const made = assertionsFor(contest(lists, { kind: 'dhondt', seats: d.seats, threshold }), {
        cards: d.valid,
        votes,
      });
      if (!made.ok) throw new Error(made.refusal.code);
      // The published count has one for each list below the threshold, where ours compares it with every seated list; and it asserts
      // "above the threshold" also of lists that win no seat, which is no part of who won.
      const seated = made.winners.length;
      const higher = made.assertions.filter((a) => a.claim.kind === 'higherAverage').length;
      const rivals = lists.length - excluded.length;
      const anyway = (higher - seated * (rivals - 1)) / seated;
      const seatless = rivals - seated;
      expect(made.assertions.length + seatless - anyway * (seated - 1)).toBe(d.min.n_assertions);

      const hardness = (a: (typeof made.assertions)[number]): number => noError(a.assorter, a.total, d.valid);
      const hardest = made.assertions.reduce((a, b) => (hardness(b) < hardness(a) ? b : a));
      expect(hardness(hardest)).toBeCloseTo(d.min.noerror, 13);
      expect(toNumber(hardest.margin)).toBeCloseTo(d.min.margin, 13);
      expect((toNumber(hardest.margin) + 1) / 2).toBeCloseTo(d.min.mean, 13);
      expect(upperBound(hardest.assorter)).toBeCloseTo(d.min.upper, 13);
      const [kind, who] = d.min.assorter.split(/ (.*)/) as [string, string];
      const claim: Claim = hardest.claim;
      if (kind === 'DHondt')
        expect(claim).toMatchObject({
          kind: 'higherAverage',
          winner: choiceId(who.split('/')[0]!),
          loser: choiceId(who.split('/')[1]!),
        });
      else expect(claim).toMatchObject({ kind: 'belowShare', choice: choiceId(who) });
    });
  },
);

type RankedAssorter = ReturnType<typeof nebAssorter> | ReturnType<typeof nenAssorter>;

describe.skipIf(!haveShared())('instant runoff', () => {
  const vectors: any = haveShared() ? json('vectors/irv_raire.json') : undefined;
  const difficulty = (audit: any): Difficulty =>
    audit.type === 'BRAVO'
      ? bravoDifficulty(audit.confidence)
      : audit.type === 'MACRO'
        ? kaplanMarkovDifficulty(audit.confidence, audit.error_inflation_factor)
        : oneOnMargin;

  /** A .raire file: a line with the number of contests, a line for each, then contest, ballot, preferences. */
  const raireFile = (name: string): { choices: string[]; winner: string; rankings: RankingCount[] } => {
    const [, head, ...rows] = readFileSync(sharedFile(`data/raire/${name}.raire`), 'utf8')
      .trim()
      .split(/\r?\n/);
    const fields = head!.split(',');
    const choices = fields.slice(3, 3 + Number(fields[2]));
    const rankings = rows.map((r) => ({ ranking: r.split(',').slice(2).map((c) => choices.indexOf(c)), count: 1 })); // oxfmt-ignore
    if (rankings.some((r) => r.ranking.includes(-1))) throw new Error('a preference for nobody');
    return { choices, winner: fields.at(-1)!, rankings };
  };

  /**
   * A set from which none can be spared, made by leaving out what can: with any one of it removed, whichever, the check refuses, and names an order of
   * elimination, with another winner, that all the rest allow.
   */
  const oneRemoved = (set: readonly RankedAssorter[], candidates: number, winner: number): void => {
    const implied = (of: readonly RankedAssorter[]) => impliesWinner(of, candidates, winner);
    const minimal = set.reduceRight((kept, a) => {
      const without = kept.filter((k) => k !== a);
      return implied(without).implied === true ? without : kept;
    }, set);
    expect(implied(minimal).implied).toBe(true);
    expect(minimal.length).toBeGreaterThan(0);
    for (const a of minimal) {
      const without = implied(minimal.filter((k) => k !== a));
      if (without.implied !== false) throw new Error(`${JSON.stringify(a)} can be spared`);
      expect(without.order.at(-1)).not.toBe(winner);
      expect(without.order.toSorted((x, y) => x - y)).toEqual(
        Array.from({ length: candidates }, (_, c) => c),
      );
      expect(minimal.filter((m) => rulesOut(m, without.order))).toEqual([a]);
    }
  };
  /** Said again, of a whole order of elimination, the winner last. */
  const rulesOut = (a: RankedAssorter, order: readonly number[]): boolean =>
    a.kind === 'NEB'
      ? order.indexOf(a.winner) < order.indexOf(a.loser)
      : order[candidatesOut(a, order)] === a.winner &&
        a.continuing.every((c) => order.indexOf(c) >= candidatesOut(a, order));
  const candidatesOut = (a: { continuing: readonly number[] }, order: readonly number[]): number =>
    order.length - a.continuing.length;

  const here: any[] = (vectors?.us_elections ?? []).filter((e: any) => /^(Aspen|Berkeley)_/.test(e.contest));
  test('six elections, three measures of difficulty each', () => expect(here).toHaveLength(18));
  test.each(here.map((e) => [e.contest as string, e.audit.type as string, e]))('%s by %s', (name, _, e) => {
    const { choices, winner, rankings } = raireFile(name);
    expect(rankings).toHaveLength(e.ballots);
    expect(winner).toBe(e.winner);
    const made = assertionsFor(
      contest(choices, { kind: 'instantRunoff' }),
      { cards: e.audit.total_auditable_ballots, votes: [], rankings },
      { difficulty: difficulty(e.audit) },
    );
    if (!made.ok) throw new Error(made.refusal.code);
    expect(made.winners).toEqual([choiceId(winner)]);
    const index = choices.indexOf(winner);
    const found = raire(
      { choices: choices.length, winner: index, cards: e.audit.total_auditable_ballots, rankings },
      difficulty(e.audit),
    );
    if (!found.ok) throw new Error(found.code);
    expect(found.optimal).toBe(true);
    expect(Math.abs(found.difficulty / e.difficulty - 1)).toBeLessThan(1e-12);
    expect(found.assertions.length).toBeLessThanOrEqual(e.n_assertions);
    expect(impliesWinner(found.assertions.map((a) => a.assorter), choices.length, index).implied).toBe(true); // oxfmt-ignore
  });

  test.each(here.filter((e) => e.audit.type === 'OneOnMargin').map((e) => [e.contest as string]))(
    'any one assertion removed, whichever, is refused: %s',
    (name) => {
      const { choices, winner: elected, rankings } = raireFile(name);
      const winner = choices.indexOf(elected);
      const found = raire({ choices: choices.length, winner, cards: rankings.length, rankings });
      if (!found.ok) throw new Error(found.code);
      oneRemoved(found.assertions.map((a) => a.assorter), choices.length, winner); // oxfmt-ignore
    },
  );

  test('what the file pins down without its inputs: five published sets, checked sufficient by another program', () => {
    const named = vectors.shangrla_published_sets.map((e: any) => `${e.file.split('/').at(-1)} ${e.contest ?? ''}`.trim()); // oxfmt-ignore
    expect(named).toEqual([
      'SF2019Nov8Assertions.json 339',
      'SFDA2019_PrelimReport12VBMJustDASheetsAssertions.json',
      '334_361_vbm.json 334',
      '334_361_vbm.json 361',
      'albury.json',
    ]);
  });

  const nsw: any[] = vectors?.nsw2021_mayoral ?? [];
  test('sixteen mayors of New South Wales 2021', () => expect(nsw).toHaveLength(16));
  test.each(nsw.map((e) => [e.contest as string, e]))('%s', (name, e) => {
    const election = json(`data/nsw-2021/aggregated/${name}.json`);
    const published = json(`data/nsw-2021/aggregated/${name}_out.json`).solution.Ok;
    const rankings: RankingCount[] = election.votes.map((v: any) => ({ ranking: v.prefs, count: v.n }));
    const ours = {
      choices: e.candidates,
      winner: published.winner,
      cards: e.total_auditable_ballots,
      rankings,
    };

    // The published assertions: each margin from the rankings, and all together they imply the published winner.
    const assorters = published.assertions.map(({ assertion: a, margin, difficulty: hard }: any) => {
      const assorter =
        a.type === 'NEB' ? nebAssorter(a.winner, a.loser) : nenAssorter(a.winner, a.loser, a.continuing);
      expect(scoreTotal(assorter, { cards: ours.cards, votes: [], rankings })).toBe(margin);
      expect(ours.cards / margin).toBe(hard);
      return assorter;
    });
    expect(assorters).toHaveLength(e.n_assertions);
    expect(impliesWinner(assorters, e.candidates, e.winner_index).implied).toBe(true);

    // And ours.
    const found = raire(ours);
    if (!found.ok) throw new Error(found.code);
    expect(found.difficulty).toBe(e.difficulty);
    expect(found.assertions.length).toBeLessThanOrEqual(e.n_assertions);
    expect(impliesWinner(found.assertions.map((a) => a.assorter), e.candidates, e.winner_index).implied).toBe(true); // oxfmt-ignore
  });

  test.each(nsw.map((e) => [e.contest as string, e]))(
    'any one assertion removed, whichever, is refused: %s',
    (name, { candidates, winner_index: winner, total_auditable_ballots: cards }) => {
      const { votes } = json(`data/nsw-2021/aggregated/${name}.json`);
      const rankings: RankingCount[] = votes.map((v: any) => ({ ranking: v.prefs, count: v.n }));
      const found = raire({ choices: candidates, winner, cards, rankings });
      if (!found.ok) throw new Error(found.code);
      oneRemoved(found.assertions.map((a) => a.assorter), candidates, winner); // oxfmt-ignore
    },
  );

  describe('the examples of the paper and of the guide', () => {
    const examples: any = vectors?.paper_and_guide_examples;
    const rankings = (e: any): RankingCount[] => e.votes.map(([count, ranking]: [number, Marks]) => ({ ranking, count })); // oxfmt-ignore
    const hardness = (e: any, a: RankedAssorter, how: Difficulty) => {
      let [w, l] = [0, 0];
      for (const { ranking, count } of rankings(e)) {
        if (score(a, ranking) > 0) w += count;
        if (score(a, ranking) < 0) l += count;
      }
      return how(w, l, e.N);
    };
    const bravo = bravoDifficulty(0.05);
    const macro = kaplanMarkovDifficulty(0.05, 1.1);
    const all = [0, 1, 2, 3, 4];

    test('table 1', () => {
      const e = examples.table1;
      const near = (found: number, printed: number): void =>
        expect(Math.abs(found - printed)).toBeLessThan(e.tol);
      const weakest = (loser: number, among: number[], how: Difficulty): number =>
        Math.max(
          ...among.filter((w) => w !== loser).map((w) => hardness(e, nenAssorter(w, loser, among), how)),
        );
      near(weakest(2, [0, 1, 2, 3], bravo), e.bravo_a05['loser 2 among 0123']);
      near(weakest(1, [0, 1, 3], bravo), e.bravo_a05['loser 1 among 013']);
      near(weakest(0, [0, 3], bravo), e.bravo_a05['loser 0 among 03 (all 60000 ballots)']);
      near(weakest(2, [0, 1, 2, 3], macro), e.macro_a05_g1_1['loser 2 among 0123']);
      near(weakest(1, [0, 1, 3], macro), e.macro_a05_g1_1['loser 1 among 013']);
      near(weakest(0, [0, 3], macro), e.macro_a05_g1_1['loser 0 among 03']);
    });
    test('examples 5 to 10, the corrected figures where the paper misprints', () => {
      const e = examples.example5_7_8;
      expect(hardness(e, nenAssorter(3, 4, all), bravo)).toBeCloseTo(e.bravo['only 4 loses among 01234'], -1);
      expect(hardness(e, nenAssorter(0, 2, [0, 1, 2]), macro)).toBeLessThan(e.macro['2 among 012']);
      expect(hardness(e, nenAssorter(1, 2, [0, 1, 2]), macro)).toBeCloseTo(e.macro['2 among 012'], 0);
      expect(hardness(e, nenAssorter(1, 2, [0, 1, 2]), bravo)).toBeCloseTo(e.bravo['2 loses among 012'], 1);
      expect(hardness(e, nenAssorter(0, 1, [0, 1]), macro)).toBeCloseTo(e.macro['1 among 01'], 0);
      const nine = examples.example9_10_11;
      expect(hardness(nine, nebAssorter(0, 1), bravo)).toBeCloseTo(nine.bravo['NEB 0>1'], 0);
      expect(hardness(nine, nebAssorter(0, 2), bravo)).toBeCloseTo(nine.bravo['NEB 0>2'], 0);
      expect(hardness(nine, nebAssorter(0, 1), macro)).toBeCloseTo(nine.macro['NEB 0>1'], 0);
    });
    test('example 12 and chapter 6 of the guide', () => {
      const e = examples.example12;
      const election = (x: any) => ({
        choices: x.candidates,
        winner: x.winner,
        cards: x.N,
        rankings: rankings(x),
      });
      const find = (x: any, how: Difficulty): number => {
        const found = raire(election(x), how);
        if (!found.ok) throw new Error(found.code);
        return found.difficulty;
      };
      expect(find(e, bravo)).toBeCloseTo(e.raire_bravo_difficulty, 1);
      expect(find(e, macro)).toBeCloseTo(e.raire_macro_difficulty, 1);
      const guide = examples.guide_ch6;
      const found = raire(election(guide));
      expect(found).toMatchObject({ ok: true, difficulty: guide.raire_difficulty, optimal: true });
      expect(found.ok && found.assertions.length).toBe(guide.raire_assertions);
      expect(hardness(guide, nebAssorter(2, 1), oneOnMargin)).toBe(guide.neb_difficulty['C>B']);
    });
  });
});
