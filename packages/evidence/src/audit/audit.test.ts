// What the methods make of small audits whose answer is known, and the faults of deployed tools, each by name.
import { describe, expect, test } from 'vitest';
import { assertionsFor, type ContestTally, type OnPaper } from '../assertions/index.ts';
import { choiceId, contestId, type Contest } from '../election/index.ts';
import { simulationRandom, superSimpleRisk, testMean, fixedBet } from '../risk/index.ts';
import { assessBallotPolling, planBallotPolling, type PollingAudit } from './ballotPolling.ts';
import {
  assessBatchComparison,
  errorBounds,
  planBatchComparison,
  type BatchAudit,
} from './batchComparison.ts';
import { assessBayesian } from './bayesian.ts';
import {
  assessCardComparison,
  planCardComparison,
  type ComparisonAudit,
  type CardRecord,
} from './cardComparison.ts';
import { assessFixedPercentage, planFixedPercentage } from './fixedPercentage.ts';
import { assessOneAudit } from './oneAudit.ts';
import { judge, outcomeOfFullCount, type Assessment, type ContestAudit } from './outcome.ts';
import { assessStratified, planStratified } from './stratified.ts';

function contestOf(choices: number, voteFor = 1, winners = 1): Contest {
  return {
    id: contestId('Contest'),
    name: 'Contest',
    choices: Array.from({ length: choices }, (_, c) => ({
      id: choiceId(`Choice ${c}`),
      name: `Choice ${c}`,
    })),
    rule: { kind: 'plurality', voteFor, winners },
  };
}
const two = contestOf(2);
const marks = (...m: number[]): OnPaper => ({ kind: 'marks', marks: m });
const notFound: OnPaper = { kind: 'notFound' };
const ids = (n: number): string[] => Array.from({ length: n }, (_, i) => `c${i}`);
const papers = (list: readonly OnPaper[]): Map<string, OnPaper> => new Map(list.map((p, i) => [`c${i}`, p]));
const times = <T>(n: number, x: T): T[] => Array.from({ length: n }, () => x);
const done = (a: Assessment): ContestAudit => {
  if (!a.ok) throw new Error(`refused: ${JSON.stringify(a.refusal)}`);
  return a.audit;
};

const polling = (list: readonly OnPaper[], more: Partial<PollingAudit> = {}): PollingAudit => ({
  contest: two,
  tally: { cards: 1000, votes: [600, 400] },
  riskLimit: 0.05,
  drawn: ids(list.length),
  interpretations: papers(list),
  cardStyles: false,
  random: simulationRandom(1),
  runs: 20,
  ...more,
});

const comparison = (
  list: readonly OnPaper[],
  records: readonly CardRecord[],
  more: Partial<ComparisonAudit> = {},
): ComparisonAudit => ({
  contest: two,
  tally: { cards: 1000, votes: [550, 450] },
  riskLimit: 0.05,
  drawn: ids(list.length),
  interpretations: papers(list),
  records: new Map(records.map((r, i) => [`c${i}`, r])),
  cardStyles: false,
  random: simulationRandom(1),
  runs: 20,
  ...more,
});

describe('ballot polling', () => {
  test('a clear sample confirms, a short one goes on, a sample against refutes nothing but asks for more', () => {
    expect(done(assessBallotPolling(polling(times(60, marks(0))))).outcome).toEqual({
      kind: 'confirmed',
      exactly: false,
    });
    const short = done(assessBallotPolling(polling([marks(0), marks(1), marks(0)]))).outcome;
    expect(short.kind).toBe('goOn');
    expect(done(assessBallotPolling(polling([]))).risk).toBe(1);
  });
  test('a plan: BRAVO at 60 % and 10 % takes 119 ballots on average (Lindeman, Stark, Yates 2012)', () => {
    const tally = { cards: 1_000_000, votes: [600_000, 400_000] };
    const plan = planBallotPolling({
      contest: two,
      tally,
      riskLimit: 0.1,
      rule: { kind: 'BRAVO' },
      random: simulationRandom(1),
    });
    expect(plan.ok && plan.size.expected).toBe(119);
    const alpha = planBallotPolling({ contest: two, tally, riskLimit: 0.1, random: simulationRandom(1) });
    // ALPHA told the true mean is near BRAVO; both see every card here.
    expect(alpha.ok && alpha.size.expected).toBeGreaterThan(80);
    expect(alpha.ok && alpha.size.expected).toBeLessThan(160);
  });
  test('a sequential rule stops at the first pending card, a rule of rounds waits for it', () => {
    const list = times(60, marks(0));
    const interpretations = papers(list);
    interpretations.delete('c5');
    const sequential = done(assessBallotPolling(polling(list, { interpretations })));
    expect(sequential.sample).toMatchObject({ interpreted: 5, pending: 1 });
    expect(sequential.outcome.kind).toBe('goOn');
    const round = done(assessBallotPolling(polling(list, { interpretations, rule: { kind: 'BRAVO' } })));
    expect(round.outcome).toEqual({ kind: 'insufficientEvidence', why: 'pending-cards' });
  });
  test('a contest that was not sampled for is measured, and asks for nothing', () => {
    const audit = done(assessBallotPolling(polling([marks(0)], { targeted: false })));
    expect(audit.outcome).toEqual({ kind: 'insufficientEvidence', why: 'not-targeted' });
    expect(audit.risk).toBeLessThan(1);
  });
});

describe('bad input is refused by name', () => {
  const code = (a: Assessment): string => (a.ok ? 'assessed' : a.refusal.code);
  const one = [marks(0)];
  test.each([
    ['card-drawn-twice', polling(one, { drawn: ['c0', 'c0'] })],
    ['card-never-drawn', polling(one, { drawn: [] })],
    ['unknown-choice', polling([marks(7)])],
    ['unknown-choice', polling([marks(0.5)])],
    ['more-drawn-than-cards', polling(times(3, marks(0)), { tally: { cards: 2, votes: [2, 0] } })],
    ['tied-contest', polling(one, { tally: { cards: 1000, votes: [500, 500] } })],
    ['contest-without-votes', polling(one, { tally: { cards: 1000, votes: [0, 0] } })],
    ['more-cvrs-than-cards', polling(one, { tally: { cards: 1000, cvrs: 1001, votes: [600, 400] } })],
    ['no-risk-limit', polling(one, { riskLimit: 0 })],
    ['no-risk-limit', polling(one, { riskLimit: 5 })],
  ])('%s', (expected, audit) => expect(code(assessBallotPolling(audit))).toBe(expected));
  test('a card without a record', () =>
    expect(code(assessCardComparison(comparison([marks(0)], [])))).toBe('card-without-record'));
  test('a pool with more votes than the contest', () => {
    const pools = new Map([['p', { cards: 900, votes: [551, 0] }]]);
    expect(code(assessOneAudit(comparison([], [], { pools })))).toBe('batches-do-not-add-up');
  });
  test('a round-by-round rule for a majority contest', () => {
    const majority: Contest = {
      ...two,
      rule: { kind: 'supermajority', share: { numerator: 1, denominator: 2 } },
    };
    expect(code(assessBallotPolling(polling(one, { contest: majority, rule: { kind: 'BRAVO' } })))).toBe(
      'rule-not-for-this-contest',
    );
    expect(assessBallotPolling(polling(one, { contest: majority })).ok).toBe(true);
  });
});

const w: CardRecord = { kind: 'marks', marks: [0] };

describe('card comparison', () => {
  test('without errors: the draws of the closed form ln(1/alpha)/ln(1 + 2 maxLoss (noError - 1/2))', () => {
    // v = 0.1: noError = 1/1.9, (1 + 1.8 (1/1.9 - 1/2))^n >= 20 at n = 65, a little earlier without replacement.
    const right = times(66, w);
    expect(done(assessCardComparison(comparison(times(66, marks(0)), right))).outcome.kind).toBe('confirmed');
    expect(done(assessCardComparison(comparison(times(50, marks(0)), right.slice(0, 50)))).outcome.kind).toBe(
      'goOn',
    );
  });
  test('phantoms, redacted records and cards not found cost, in this order', () => {
    const clean = times(80, marks(0));
    const risk = (paper: OnPaper, record: CardRecord): number =>
      done(assessCardComparison(comparison([paper, ...clean.slice(1)], [record, ...times(79, w)]))).risk;
    const right = risk(marks(0), w);
    const redactedRight = risk(marks(0), { kind: 'redacted' });
    const redactedBlank = risk(marks(), { kind: 'redacted' });
    const phantom = risk(notFound, { kind: 'phantom' });
    const lost = risk(notFound, w);
    expect(redactedRight).toBeCloseTo(right, 12); // the record withheld said what was assumed
    expect(redactedBlank).toBeGreaterThan(right);
    expect(phantom).toBeCloseTo(redactedBlank, 12); // both one vote
    expect(lost).toBeGreaterThan(phantom); // two votes
  });
  test('with card styles a paper without its contest is the worst case, without them it is a blank', () => {
    const list = [{ kind: 'contestAbsent' } as const, ...times(79, marks(0))];
    const risk = (cardStyles: boolean): number =>
      done(assessCardComparison(comparison(list, times(80, w), { cardStyles }))).risk;
    expect(risk(true)).toBeGreaterThan(risk(false));
  });
  test('a plan grows with errors and with a smaller risk limit', () => {
    const size = (riskLimit: number, o2: number): number => {
      const plan = planCardComparison({
        contest: two,
        tally: { cards: 100_000, votes: [52_500, 47_500] },
        riskLimit,
        rates: { o1: 0.001, o2, u1: 0, u2: 0 },
        random: simulationRandom(3),
        runs: 100,
      });
      return plan.ok ? plan.size.p90 : Number.NaN;
    };
    expect(size(0.1, 0)).toBeLessThan(size(0.05, 0));
    expect(size(0.05, 0)).toBeLessThan(size(0.05, 0.002));
  });
});

const batch = (name: string, a: number, b: number, cards = a + b) => ({ name, cards, votes: [a, b] });
const batches = [batch('one', 60, 40), batch('two', 55, 45), batch('three', 70, 30), batch('four', 65, 35)];
const batchAudit = (more: Partial<BatchAudit> = {}): BatchAudit => ({
  contest: two,
  tally: { cards: 400, votes: [250, 150] },
  riskLimit: 0.1,
  batches,
  draws: [],
  counted: new Map(),
  random: simulationRandom(5),
  runs: 20,
  ...more,
});
const right = new Map(batches.map((b) => [b.name, { kind: 'counted', votes: b.votes } as const]));

describe('batch comparison', () => {
  test('bounds by hand: u_b = (winner - loser + cards)/margin', () => {
    const found = assertionsFor(two, { cards: 400, votes: [250, 150] });
    if (!found.ok) throw new Error('refused');
    const { bound, sum } = errorBounds(found.assertions, batches);
    expect(bound.map((b) => Number(b.n) / Number(b.d))).toEqual([1.2, 1.1, 1.4, 1.3]);
    expect(Number(sum.n) / Number(sum.d)).toBeCloseTo(5, 12);
  });
  test('each draw without error multiplies by 1 - 1/U: 11 draws for U = 5 and 10 %', () => {
    // (4/5)^11 = 0.0859, (4/5)^10 = 0.107
    const draws = times(11, 'one');
    expect(
      done(assessBatchComparison(batchAudit({ draws, counted: new Map([['one', right.get('one')!]]) }))).risk,
    ).toBeCloseTo(0.8 ** 11, 12);
    const plan = planBatchComparison({ ...batchAudit() });
    expect(plan.ok && plan.size.expected).toBe(11);
    expect(plan.ok && plan.batches).toBeLessThanOrEqual(4);
  });
  test('without replacement it takes three batches of four, where MACRO never ends with so few', () => {
    const draws = ['one', 'two', 'three'];
    const counted = new Map(draws.map((b) => [b, right.get(b)!]));
    const macro = done(assessBatchComparison(batchAudit({ draws, counted })));
    const better = done(
      assessBatchComparison(batchAudit({ draws, counted, rule: { kind: 'without replacement' } })),
    );
    expect(macro.risk).toBeCloseTo(0.8 ** 3, 12);
    expect(better.risk).toBeLessThan(macro.risk);
    const all = done(
      assessBatchComparison(
        batchAudit({ draws: [...draws, 'four'], counted: right, rule: { kind: 'without replacement' } }),
      ),
    );
    expect(all.risk).toBe(0);
  });
  test('pending ballots come off the margin; as many as the margin leave nothing to confirm', () => {
    const draws = times(20, 'one');
    const counted = new Map([['one', right.get('one')!]]);
    const risk = (pending: number): number =>
      done(assessBatchComparison(batchAudit({ draws, counted, pending }))).risk;
    expect(risk(20)).toBeGreaterThan(risk(0));
    expect(done(assessBatchComparison(batchAudit({ draws, counted, pending: 100 }))).outcome).toEqual({
      kind: 'insufficientEvidence',
      why: 'pending-cards',
    });
  });
  test('combined batches: the error of the union against the bound of the part drawn', () => {
    const union = { kind: 'counted', votes: [115, 85] } as const; // one and two, counted together, right
    const draws = ['one'];
    const combined = [['one', 'two']];
    const counted = new Map([
      ['one', union],
      ['two', union],
    ]);
    expect(done(assessBatchComparison(batchAudit({ draws, counted, combined }))).risk).toBeCloseTo(0.8, 12);
    const off = { kind: 'counted', votes: [109, 91] } as const; // 6 votes moved: error 12/100 of the margin, against 1.2
    const wrong = done(
      assessBatchComparison(
        batchAudit({
          draws,
          counted: new Map([
            ['one', off],
            ['two', off],
          ]),
          combined,
        }),
      ),
    );
    expect(wrong.assertions[0]!.statistic[0]).toBeCloseTo((1 - 0.1) / 0.8, 12);
  });
  test('batches must add up, be known, and be drawn', () => {
    const code = (more: Partial<BatchAudit>): string => {
      const a = assessBatchComparison(batchAudit(more));
      return a.ok ? 'assessed' : a.refusal.code;
    };
    expect(code({ batches: batches.slice(1) })).toBe('batches-do-not-add-up');
    expect(code({ draws: ['nine'] })).toBe('unknown-batch');
    expect(code({ counted: right })).toBe('batch-never-drawn');
  });
});

describe('fixed percentage', () => {
  test('reported for what it is: no risk limit, and the risk that was measured', () => {
    expect(planFixedPercentage(250, 0.01)).toBe(3);
    expect(planFixedPercentage(300, 0.01)).toBe(3);
    const one = new Map([['one', { kind: 'counted', votes: [58, 42] } as const]]);
    const a = assessFixedPercentage({
      ...batchAudit(),
      draws: ['one'],
      counted: one,
      share: 0.01,
      atRandom: true,
    });
    if (!a.ok) throw new Error('refused');
    expect(a.audit.outcome).toEqual({ kind: 'insufficientEvidence', why: 'no-risk-limit' });
    expect(a.found).toEqual({ due: 1, examined: 1, differing: [{ batch: 'one', votes: 4 }] });
    expect(a.audit.risk).toBeGreaterThan(0.05);
  });
});

describe('faults of deployed tools are not ours', () => {
  test('1: a taint of 1 or more proves nothing, and p never leaves [0, 1] or falls as an error grows', () => {
    const draws = times(30, 'one');
    const combined = [['one', 'two', 'three', 'four']];
    let last = 0;
    for (let moved = 0; moved <= 250; moved += 10) {
      const votes = { kind: 'counted', votes: [250 - moved, 150 + moved] } as const;
      const counted = new Map(['one', 'two', 'three', 'four'].map((b) => [b, votes]));
      const audit = done(assessBatchComparison(batchAudit({ draws, counted, combined })));
      expect(audit.risk).toBeGreaterThanOrEqual(last);
      expect(audit.risk).toBeLessThanOrEqual(1);
      last = audit.risk;
      // 60 votes moved are 120 of a bound of 120.
      if (moved >= 60) expect(audit.outcome).toEqual({ kind: 'fullHandCountOrdered', why: 'sample-refutes' });
    }
    expect(last).toBe(1);
  });
  test("2: a card's error is the largest share of a margin, over all pairs: p = 0.0655, not 0.0351", () => {
    const three = contestOf(3);
    const tally = { cards: 100_000, votes: [40_000, 39_000, 10_000] };
    const list = [marks(2), ...times(700, marks(0))];
    const drawn = ids(701);
    const audit = done(
      assessCardComparison({
        ...comparison(list, times(701, w)),
        contest: three,
        tally,
        drawn,
        riskLimit: 0.05,
        rule: { kind: 'Kaplan-Markov', perCard: true },
      }),
    );
    // The last statistic, which is what the deployed tool reports; the largest came just before the end.
    expect(1 / audit.assertions[0]!.statistic.at(-1)!).toBeCloseTo(0.0655, 4);
    expect(audit.outcome.kind).toBe('goOn');
    // The same card in the counts' form: a one-vote overstatement of the closest pair is a two-vote one of the contest's widest.
    expect(
      superSimpleRisk({ margin: 1000, cards: 100_000 }, { n: 701, o1: 1, o2: 0, u1: 0, u2: 0 }),
    ).toBeCloseTo(0.0655, 4);
  });
  test('3: a full count does not confirm by being complete', () => {
    // The machine said 600 to 400; the paper says 450 to 550.
    const list = [...times(450, marks(0)), ...times(550, marks(1))];
    for (const rule of [{ kind: 'ALPHA' }, { kind: 'BRAVO' }] as const) {
      const audit = done(assessBallotPolling(polling(list, { rule })));
      expect(audit.risk, rule.kind).toBeGreaterThan(0.05);
      expect(audit.outcome, rule.kind).toEqual({ kind: 'fullHandCountOrdered', why: 'all-drawn' });
    }
  });
  test('3: what a full hand count comes to is its own outcome', () => {
    const winner = [choiceId('Choice 1')];
    expect(outcomeOfFullCount({ kind: 'agrees', winners: winner })).toEqual({ kind: 'fullHandCountAgrees' });
    expect(
      outcomeOfFullCount({ kind: 'corrects', winners: winner, reported: [choiceId('Choice 0')] }),
    ).toEqual({
      kind: 'fullHandCountCorrects',
      winners: winner,
    });
    expect(outcomeOfFullCount({ kind: 'cannot tell', why: 'jurisdictions missing' }).kind).toBe(
      'insufficientEvidence',
    );
  });
  test('4: votes seen are not ballots seen: half the cards of a vote-for-two contest are not a full count', () => {
    const tally = { cards: 1000, votes: [700, 690, 610] };
    // 500 cards with two votes each, 1000 votes: a near tie between the second winner and the loser.
    const list = Array.from({ length: 500 }, (_, i) => [marks(0, 1), marks(1, 2), marks(0, 2)][i % 3]!);
    const audit = done(assessBallotPolling(polling(list, { contest: contestOf(3, 2, 2), tally })));
    expect(audit.sample.interpreted).toBe(500);
    expect(audit.outcome.kind).not.toBe('confirmed');
    expect(audit.risk).toBeGreaterThan(0.05);
  });
  test('5: an overvote on paper is no vote for anyone', () => {
    const risk = (paper: OnPaper): number =>
      done(assessBallotPolling(polling([...times(40, marks(0)), paper]))).assertions[0]!.statistic.at(-1)!;
    expect(risk(marks(0, 1))).toBe(risk(marks()));
    expect(risk(marks(0, 1))).not.toBe(risk(marks(0)));
  });
  test('6: a card that cannot be found is the worst case in every method and stratum', () => {
    const list = [...times(60, marks(0)), ...times(32, marks(1)), ...times(8, notFound)];
    const worse = [...times(60, marks(0)), ...times(40, marks(1))];
    for (const rule of [{ kind: 'ALPHA' }, { kind: 'aGRAPA' }, { kind: 'Kelly' }, { kind: 'BRAVO' }] as const)
      expect(done(assessBallotPolling(polling(list, { rule }))).risk, rule.kind).toBe(
        done(assessBallotPolling(polling(worse, { rule }))).risk,
      );
    for (const kind of ['Minerva', 'Athena', 'Providence'] as const) {
      const rule = { kind, rounds: [100], freshSeedEachRound: true };
      expect(done(assessBallotPolling(polling(list, { rule }))).risk, kind).toBe(
        done(assessBallotPolling(polling(worse, { rule }))).risk,
      );
    }
    const bayes = (list: readonly OnPaper[]): number => done(assessBayesian(polling(list))).risk;
    expect(bayes(list)).toBe(bayes(worse));
    // Two strata: 100 cards polled, of which 8 are missing, and some compared.
    for (const kind of ['SUITE', 'UI-TS'] as const) {
      const risk = (list: readonly OnPaper[]): number =>
        1 /
        done(
          assessStratified({
            contest: two,
            riskLimit: 0.05,
            rule: { kind },
            cardStyles: false,
            random: simulationRandom(1),
            strata: [
              {
                name: 'polled',
                tally: { cards: 500, votes: [280, 170] },
                drawn: ids(list.length),
                interpretations: papers(list),
              },
              {
                name: 'compared',
                tally: { cards: 500, votes: [260, 240] },
                drawn: ids(50),
                interpretations: papers(times(50, marks(0))),
                records: new Map(times(50, w).map((r, i) => [`c${i}`, r])),
              },
            ],
          }),
        ).assertions[0]!.statistic.at(-1)!;
      expect(risk(list), kind).toBe(risk(worse));
      expect(risk(list), kind).toBeGreaterThan(
        risk([...times(60, marks(0)), ...times(32, marks(1)), ...times(8, marks())]),
      );
    }
    expect(
      done(
        assessBatchComparison(
          batchAudit({ draws: ['one'], counted: new Map([['one', { kind: 'notFound' }]]) }),
        ),
      ).outcome,
    ).toEqual({
      kind: 'fullHandCountOrdered',
      why: 'sample-refutes',
    });
  });
  test('7: every draw counts: 138 tickets on 134 batches are 138 factors', () => {
    const many = Array.from({ length: 134 }, (_, i) => batch(`b${i}`, 51, 49));
    const tally = { cards: 13_400, votes: [134 * 51, 134 * 49] };
    const draws = [...many.map((b) => b.name), 'b0', 'b1', 'b2', 'b3'];
    const counted = new Map(many.map((b) => [b.name, { kind: 'counted', votes: b.votes } as const]));
    // u_b = 102/268, U = 51
    expect(
      done(assessBatchComparison(batchAudit({ batches: many, tally, draws, counted }))).risk,
    ).toBeCloseTo((1 - 1 / 51) ** 138, 12);
  });
  test("8: Wald's test is one product: p = 0.3099, not 0.0108", () => {
    // (1.2)^-? by hand: 7 of 7 for the winner at eta = 0.6 is 1.2^7; the doubly cumulated product of the first k is 1.2^(k (k+1)/2).
    const { statistic } = testMean(times(7, 1), { N: Infinity, t: 1 / 2, u: 1 }, fixedBet(0.4));
    expect(statistic[6]).toBeCloseTo(1.2 ** 7, 9);
    expect(statistic[6]).toBeLessThan(1.2 ** 28);
  });
  test('10: what is missing never becomes a margin of 0, a p of 0 or an empty list that passes', () => {
    const sample = { population: 10, drawn: 0, interpreted: 0, pending: 0, notFound: 0, phantoms: 0 };
    const next = () => ({ expected: 5, p90: 8, unit: 'cards' }) as const;
    expect(judge({ assertions: [], sample, targeted: true, next }).kind).toBe('goOn');
    expect(done(assessCardComparison(comparison([], []))).risk).toBe(1);
    expect(done(assessBatchComparison(batchAudit())).risk).toBe(1);
    const none: ContestTally = { cards: 0, votes: [0, 0] };
    expect(assessBallotPolling(polling([], { tally: none })).ok).toBe(false);
    expect(assessBallotPolling(polling([], { tally: { cards: 10, votes: [] } })).ok).toBe(false);
    expect(
      planStratified({ contest: two, riskLimit: 0.05, strata: [], random: simulationRandom(1) }).ok,
    ).toBe(false);
  });
  test('11: Minerva with one seed for all rounds is no risk limit', () => {
    const list = times(100, marks(0));
    const outcome = (kind: 'Minerva' | 'Athena' | 'Providence', freshSeedEachRound: boolean) =>
      done(assessBallotPolling(polling(list, { rule: { kind, rounds: [50, 100], freshSeedEachRound } })))
        .outcome;
    for (const kind of ['Minerva', 'Athena'] as const) {
      expect(outcome(kind, false)).toEqual({ kind: 'insufficientEvidence', why: 'one-seed-for-all-rounds' });
      expect(outcome(kind, true).kind).toBe('confirmed');
    }
    expect(outcome('Providence', false).kind).toBe('confirmed');
    const first = done(
      assessBallotPolling(
        polling(list, { rule: { kind: 'Minerva', rounds: [100], freshSeedEachRound: false } }),
      ),
    );
    expect(first.outcome.kind).toBe('confirmed');
  });
});

describe('two strata', () => {
  const strata = [
    { name: 'compared', tally: { cards: 70_000, votes: [36_050, 33_950] }, compared: true },
    { name: 'polled', tally: { cards: 30_000, votes: [15_450, 14_550] }, compared: false },
  ];
  const planned = (kind: 'SUITE' | 'UI-TS', more: object = {}) => {
    const plan = planStratified({
      contest: two,
      riskLimit: 0.1,
      strata,
      rule: { kind },
      random: simulationRandom(4),
      ...more,
    });
    if (!plan.ok) throw new Error(plan.refusal.code);
    return plan;
  };
  test.each(['SUITE', 'UI-TS'] as const)(
    '%s: the sizes planned end that share of simulated audits',
    (kind) => {
      const { size } = planned(kind, kind === 'UI-TS' ? { runs: 20 } : {});
      expect(size.p90).toBeGreaterThan(size.expected);
      const random = simulationRandom(99);
      const ended = (n: number, runs: number): number => {
        let confirmed = 0;
        for (let run = 0; run < runs; run++) {
          const [n1, n2] = [Math.ceil(0.7 * n), Math.ceil(0.3 * n)];
          const a = ids(n1);
          const b = Array.from({ length: n2 }, (_, i) => `p${i}`);
          const votes = b.map(() => marks(random() < 0.515 ? 0 : 1));
          const outcome = done(
            assessStratified({
              contest: two,
              riskLimit: 0.1,
              rule: kind === 'SUITE' ? { kind } : { kind, bands: 20 },
              cardStyles: false,
              targeted: false,
              random,
              strata: [
                { name: 'compared', tally: strata[0]!.tally, drawn: a, interpretations: papers(times(n1, marks(0))), records: new Map(a.map((c) => [c, w])) }, // oxfmt-ignore
                { name: 'polled', tally: strata[1]!.tally, drawn: b, interpretations: new Map(b.map((c, i) => [c, votes[i]!])) }, // oxfmt-ignore
              ],
            }),
          ).outcome;
          if (outcome.kind === 'confirmed') confirmed++;
        }
        return confirmed / runs;
      };
      const runs = kind === 'SUITE' ? 150 : 20;
      const most = kind === 'SUITE' ? 0.08 : 0.3; // three standard errors, and what twenty runs of a plan leave open
      expect(ended(size.p90, runs)).toBeGreaterThan(0.9 - most);
      expect(Math.abs(ended(size.expected, runs) - 0.5)).toBeLessThan(0.05 + most);
    },
  );
  test('errors expected cost more cards, and the same seed gives the same plan', () => {
    const errors = { o1: 0.002, o2: 0, u1: 0, u2: 0 };
    expect(planned('SUITE', { rates: errors }).size.p90).toBeGreaterThan(planned('SUITE').size.p90);
    expect(planned('SUITE')).toEqual(planned('SUITE'));
    const { size, byStratum } = planned('SUITE');
    expect(byStratum).toEqual([Math.ceil(0.7 * size.expected), Math.ceil(0.3 * size.expected)]);
  });
  test('a round that is not enough is followed by one of a size that takes what was seen into account', () => {
    const next = (kind: 'SUITE' | 'UI-TS', overstated: number) => {
      const drawn = ids(700);
      const polled = Array.from({ length: 300 }, (_, i) => `p${i}`);
      const outcome = done(
        assessStratified({
          contest: two,
          riskLimit: 0.01,
          rule: { kind },
          cardStyles: false,
          random: simulationRandom(5),
          runs: kind === 'SUITE' ? 100 : 4,
          strata: [
            {
              name: 'compared',
              tally: strata[0]!.tally,
              drawn,
              interpretations: papers([...times(overstated, marks()), ...times(700 - overstated, marks(0))]),
              records: new Map(drawn.map((c) => [c, w])),
            },
            {
              name: 'polled',
              tally: strata[1]!.tally,
              drawn: polled,
              interpretations: new Map(polled.map((c, i) => [c, marks(i % 100 < 52 ? 0 : 1)])),
            },
          ],
        }),
      ).outcome;
      if (outcome.kind !== 'goOn') throw new Error(JSON.stringify(outcome));
      return outcome.to;
    };
    for (const kind of ['SUITE', 'UI-TS'] as const) {
      expect(next(kind, 0).expected, kind).toBeGreaterThan(1000);
      expect(next(kind, 3).expected, kind).toBeGreaterThan(next(kind, 0).expected);
    }
  });
  test('phantoms among the compared cards are counted, and cost', () => {
    const assess = (record: CardRecord) =>
      done(
        assessStratified({
          contest: two,
          riskLimit: 0.05,
          cardStyles: false,
          targeted: false,
          random: simulationRandom(1),
          strata: [
            { name: 'compared', tally: strata[0]!.tally, drawn: ids(50), interpretations: papers(times(50, record.kind === 'phantom' ? notFound : marks(0))), records: new Map(ids(50).map((c, i) => [c, i === 0 ? record : w])) }, // oxfmt-ignore
            { name: 'polled', tally: strata[1]!.tally, drawn: [], interpretations: new Map() },
          ],
        }),
      );
    expect(assess({ kind: 'phantom' }).sample.phantoms).toBe(1);
    expect(assess(w).sample.phantoms).toBe(0);
  });
  test('an instant runoff in strata: every assertion confirmed, and not with the papers turned', () => {
    const ranked: Contest = { ...contestOf(3), rule: { kind: 'instantRunoff' } };
    const tally = (n: number) => ({
      cards: n,
      votes: [],
      rankings: [
        { ranking: [0, 1], count: 0.55 * n },
        { ranking: [1, 0], count: 0.3 * n },
        { ranking: [2, 1], count: 0.15 * n },
      ],
    });
    const assess = (turned: boolean) =>
      done(
        assessStratified({
          contest: ranked,
          riskLimit: 0.05,
          cardStyles: false,
          targeted: false,
          random: simulationRandom(1),
          strata: [
            { name: 'a', tally: tally(1000), drawn: ids(200), interpretations: papers(Array.from({ length: 200 }, (_, i) => marks(...(turned ? [1, 0] : [[0, 1], [0, 1], [1, 0], [0, 1], [1, 0]][i % 5]!)))), records: new Map(ids(200).map((c, i) => [c, { kind: 'marks', marks: [[0, 1], [0, 1], [1, 0], [0, 1], [1, 0]][i % 5]! }])) }, // oxfmt-ignore
            { name: 'b', tally: tally(1000), drawn: ids(300), interpretations: papers(Array.from({ length: 300 }, (_, i) => marks(...(i % 20 < 11 ? [0, 1] : i % 20 < 17 ? [1, 0] : [2, 1])))) }, // oxfmt-ignore
          ],
        }),
      );
    expect(assess(false).outcome.kind).toBe('confirmed');
    expect(assess(true).outcome.kind).not.toBe('confirmed');
  });
});

describe('the history of a rule of rounds is what each round alone came to', () => {
  const list = Array.from({ length: 90 }, (_, i) => marks(i % 5 < 3 ? 0 : 1));
  const rounds = [30, 60, 90];
  const histories: [string, (cards: number, rounds?: readonly number[]) => Assessment][] = [
    ['BRAVO', (n, r) => assessBallotPolling(polling(list.slice(0, n), { rule: { kind: 'BRAVO', ...(r && { rounds: r }) } }))],
    ['Bayesian', (n, r) => assessBayesian({ ...polling(list.slice(0, n)), ...(r && { rounds: r }) })],
    ['Minerva', (n, r) => assessBallotPolling(polling(list.slice(0, n), { rule: { kind: 'Minerva', rounds: r ?? [n], freshSeedEachRound: true } }))],
    ['SUITE', (n, r) => {
      const a = ids(n);
      const b = a.map((c) => `p${c}`);
      return assessStratified({
        contest: two, riskLimit: 0.05, rule: { kind: 'SUITE' }, cardStyles: false, random: simulationRandom(1), targeted: false,
        strata: [
          { name: 'compared', tally: { cards: 500, votes: [300, 200] }, drawn: a, interpretations: papers(list.slice(0, n)), records: new Map(a.map((c, i) => [c, list[i] as CardRecord])) },
          { name: 'polled', tally: { cards: 500, votes: [300, 200] }, drawn: b, interpretations: new Map(b.map((c, i) => [c, list[i]!])) },
        ],
        ...(r && { rounds: r.map((k) => [k, k]) }),
      });
    }],
  ]; // oxfmt-ignore
  test.each(histories)('%s', (name, assess) => {
    const { statistic, p } = done(assess(90, rounds)).assertions[0]!;
    expect(statistic).toHaveLength(3);
    expect(1 / statistic[2]!).toBeCloseTo(p, 12);
    // Of Minerva a later round depends on those before it; the first does not.
    for (const [i, n] of rounds.entries())
      if (i === 0 || name !== 'Minerva') expect(statistic[i]).toBe(done(assess(n)).assertions[0]!.statistic.at(-1)); // oxfmt-ignore
    expect(statistic[2]).toBeGreaterThan(statistic[0]!);
    // Rounds not yet drawn, or said to end where the sample does, add nothing.
    expect(done(assess(60, rounds.slice(0, 2))).assertions[0]!.statistic).toHaveLength(2);
  });
});
