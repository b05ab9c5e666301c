import { describe, expect, test } from 'vitest';
import { choiceId, contestId, type Contest } from '../election/index.ts';
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
});
