import { describe, expect, test } from 'vitest';
import { choiceId, contestId, type Contest } from '../election/index.ts';
import { assertionsFor } from '../assertions/index.ts';
import { simulationRandom } from '../risk/index.ts';
import { planBatchComparison } from './batchComparison.ts';
import { planCardComparison } from './cardComparison.ts';
import { planOneAudit, togetherByMean } from './oneAudit.ts';
import { planContest, type ContestPlan, type MethodPlan } from './plan.ts';

const contest: Contest = {
  id: contestId('c'),
  name: 'c',
  choices: ['A', 'B'].map((name) => ({ id: choiceId(name), name })),
  rule: { kind: 'plurality', voteFor: 1, winners: 1 },
};
const none = { o1: 0, o2: 0, u1: 0, u2: 0 };
const some = { o1: 0.002, o2: 0.0005, u1: 0, u2: 0 };
const batches = Array.from({ length: 50 }, (_, i) => ({ name: `b${i}`, cards: 400, votes: [220, 170] }));
const tally = { cards: 20_000, votes: [11_000, 8_500] };

function rowsOf(plan: ContestPlan): readonly MethodPlan[] {
  if (!plan.ok) throw new Error('refused');
  return plan.rows;
}

describe('a plan', () => {
  const plan = planContest({
    contest,
    tally,
    riskLimits: [0.05, 0.1],
    rates: [none, some],
    batches,
    seed: 7,
  });
  const rows = rowsOf(plan);
  const cards = (method: string, rule: string, riskLimit: number, rates?: object): number =>
    rows.find(
      (r) =>
        r.method === method &&
        r.rule === rule &&
        r.riskLimit === riskLimit &&
        (rates === undefined || r.rates === rates),
    )!.cards.expected;

  test('every method that is open is there, and the full count with them', () => {
    expect([...new Set(rows.map((r) => r.method))]).toEqual([
      'ballot polling',
      'card comparison',
      'batch comparison',
      'ONEAudit',
      'full hand count',
    ]);
  });
  test('known sizes: Kaplan-Markov at 12.5 % and 5 %: 2 · 1.03905 · ln 20 / 0.125 = 49.8', () => {
    expect(cards('card comparison', 'Kaplan-Markov', 0.05, none)).toBe(50);
  });
  test('a smaller risk limit and more errors cost more; comparison is cheaper than polling', () => {
    expect(cards('ballot polling', 'BRAVO', 0.05)).toBeGreaterThan(cards('ballot polling', 'BRAVO', 0.1));
    expect(cards('card comparison', 'Kaplan-Markov', 0.05, some)).toBeGreaterThan(
      cards('card comparison', 'Kaplan-Markov', 0.05, none),
    );
    expect(cards('card comparison', 'adaptive', 0.05, none)).toBeLessThan(
      cards('ballot polling', 'ALPHA', 0.05),
    );
    expect(cards('batch comparison', 'MACRO', 0.05, none)).toBeGreaterThan(
      cards('card comparison', 'adaptive', 0.05, none),
    );
    for (const r of rows) expect(r.cards.p90).toBeGreaterThanOrEqual(0.8 * r.cards.expected);
    for (const r of rows) expect(r.cards.p90).toBeLessThanOrEqual(20_000);
  });
  test('the same seed gives the same plan, and a further risk limit changes no figure', () => {
    const again = rowsOf(planContest({ contest, tally, riskLimits: [0.05], rates: [none], seed: 7 }));
    for (const r of again.filter((x) => x.method === 'ballot polling'))
      expect(
        rows.some(
          (x) =>
            x.rule === r.rule &&
            x.riskLimit === r.riskLimit &&
            x.size.expected === r.size.expected &&
            x.size.p90 === r.size.p90,
        ),
      ).toBe(true);
  });
  test('a tie has no plan but a full count, and says so', () => {
    const tied = planContest({
      contest,
      tally: { cards: 100, votes: [50, 50] },
      riskLimits: [0.05],
      rates: [none],
      seed: 1,
    });
    expect(tied.ok ? '' : tied.refusal.code).toBe('tied-contest');
  });
  test('a rule that does not cover the contest is named, the others still planned', () => {
    const majority: Contest = {
      ...contest,
      rule: { kind: 'supermajority', share: { numerator: 1, denominator: 2 } },
    };
    const plan = planContest({ contest: majority, tally, riskLimits: [0.05], rates: [none], seed: 1 });
    expect(plan.ok && plan.refused.map((r) => r.rule)).toContain('BRAVO');
    expect(rowsOf(plan).some((r) => r.rule === 'ALPHA')).toBe(true);
  });
  test('hours: cards and batches at the minutes said; a sample of cards lies in the batches that it is likely to meet', () => {
    const priced = rowsOf(planContest({ contest, tally, riskLimits: [0.05], rates: [none], batches, minutes: { card: 2, batch: 30 }, seed: 7 })); // oxfmt-ignore
    const full = priced.find((r) => r.method === 'full hand count')!;
    // 20,000 cards and 50 batches: 40,000 and 1,500 minutes.
    expect(full).toMatchObject({ batches: 50, hours: { expected: 41_500 / 60, p90: 41_500 / 60 } });
    // 50 cards in 50 equal batches meet 50 (1 - 0.98^50) = 31.8 of them.
    const km = priced.find((r) => r.rule === 'Kaplan-Markov')!;
    expect(km).toMatchObject({ cards: { expected: 50 }, batches: 32 });
    expect(km.hours!.expected).toBeCloseTo((50 * 2 + 32 * 30) / 60, 9);
    for (const r of priced) expect(r.hours!.p90, r.rule).toBeGreaterThanOrEqual(0.9 * r.hours!.expected);
    expect(rows.every((r) => r.hours === undefined)).toBe(true);
  });
  test('batches without replacement: never more than there are, and fewer than MACRO meets where it meets many', () => {
    const close = { cards: 20_000, votes: [10_100, 9_900] };
    const few = batches.map((b) => ({ ...b, votes: [202, 198] }));
    const of = (kind: 'MACRO' | 'without replacement') => {
      const p = planBatchComparison({ contest, tally: close, riskLimit: 0.05, batches: few, rule: { kind }, random: simulationRandom(1), runs: 50 }); // oxfmt-ignore
      if (!p.ok) throw new Error('refused');
      return p;
    };
    expect(of('without replacement').batches).toBeLessThanOrEqual(50);
    expect(of('without replacement').size).toMatchObject({ unit: 'batches' });
    // U = 50 · 404/200 = 101: MACRO takes ln 0.05/ln(1 - 1/101) = 302 draws of 50 batches, and never ends by having counted them all.
    expect(of('MACRO').size.expected).toBe(302);
  });
  test('ONEAudit with more pools than a plan bets on: taken together by their means, the plan is that of all of them', () => {
    const pools = new Map(
      Array.from({ length: 120 }, (_, i) => {
        const a = 30 + (i % 41);
        return [`p${i}`, { cards: 100, votes: [a + 2, 94 - a] }] as const;
      }),
    );
    const sum = (c: number): number => [...pools.values()].reduce((n, p) => n + p.votes[c]!, 0);
    const all = { cards: 12_000, votes: [sum(0), sum(1)] };
    const found = assertionsFor(contest, all);
    if (!found.ok) throw new Error('refused');
    const merged = togetherByMean(found.assertions[0]!, pools);
    expect(merged.size).toBeLessThanOrEqual(40);
    const total = (c: number): number => [...merged.values()].reduce((n, p) => n + p.votes[c]!, 0);
    expect([total(0), total(1), [...merged.values()].reduce((n, p) => n + p.cards, 0)]).toEqual([
      ...all.votes,
      12_000,
    ]);
    const common = { contest, tally: all, riskLimit: 0.05, runs: 120 };
    const one = planOneAudit({ ...common, pools, random: simulationRandom(3) });
    const whole = planCardComparison({ ...common, pools, rule: { kind: 'Kelly', expected: none }, random: simulationRandom(3) }); // oxfmt-ignore
    if (!one.ok || !whole.ok) throw new Error('refused');
    expect(Math.abs(one.size.expected / whole.size.expected - 1)).toBeLessThan(0.25);
  });
  test('ONEAudit with ranked pools', () => {
    const ranked: Contest = { ...contest, choices: ['A', 'B', 'C'].map((name) => ({ id: choiceId(name), name })), rule: { kind: 'instantRunoff' } }; // oxfmt-ignore
    const pool = (a: number, b: number, c: number) => ({
      cards: a + b + c,
      votes: [],
      rankings: [
        { ranking: [0], count: a },
        { ranking: [1, 0], count: b },
        { ranking: [2, 0], count: c },
      ],
    });
    const [one, two] = [pool(500, 300, 100), pool(600, 200, 100)];
    const plan = planOneAudit({
      contest: ranked,
      tally: { cards: 1800, votes: [], rankings: [...one.rankings, ...two.rankings] },
      pools: new Map([['one', one], ['two', two]]), // oxfmt-ignore
      riskLimit: 0.05,
      random: simulationRandom(1),
      runs: 40,
    });
    expect(plan.ok && plan.size.expected).toBeGreaterThan(10);
    expect(plan.ok && plan.size.expected).toBeLessThan(400);
  });
});

describe('records in some counties only', () => {
  const half = { cards: 10_000, votes: [5_500, 4_250] };
  const strata = [
    { name: 'with', tally: half, compared: true },
    { name: 'without', tally: half, compared: false },
  ];
  const request = { contest, tally, riskLimits: [0.05], rates: [none], seed: 7 };
  const rows = rowsOf(planContest({ ...request, strata }));
  const of = (rule: string): MethodPlan => rows.find((r) => r.rule === rule)!;

  test('two strata drawn apart and ONEAudit over both stand beside polling; cards are not compared everywhere', () => {
    expect(rows.map((r) => `${r.method}, ${r.rule}`)).toEqual([
      'ballot polling, ALPHA',
      'ballot polling, BRAVO',
      'ballot polling, Minerva',
      'ballot polling, Providence',
      'stratified, SUITE',
      'stratified, UI-TS',
      'ONEAudit, Kelly',
      'full hand count, every card',
    ]);
  });
  test('records of half the cards cost more than of all; each stratum has its share', () => {
    const compared = rowsOf(planContest(request)).find((r) => r.rule === 'Kaplan-Markov')!.cards.expected;
    for (const rule of ['SUITE', 'UI-TS']) {
      expect(of(rule).cards.expected).toBeGreaterThan(compared);
      expect(of(rule).byStratum).toEqual([1, 1].map(() => Math.ceil(of(rule).size.expected / 2)));
    }
  });
  test('SUITE is refused where no stratum is compared, UI-TS is not', () => {
    const plan = planContest({ ...request, strata: strata.map((s) => ({ ...s, compared: false })) });
    expect(plan.ok && plan.refused).toMatchObject([{ rule: 'SUITE', refusal: { code: 'rule-not-for-this-contest' } }]); // oxfmt-ignore
    expect(rowsOf(plan).map((r) => r.rule)).toContain('UI-TS');
  });
});
