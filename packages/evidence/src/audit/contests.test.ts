// Many contests on one sample in one call; and what every method says of input that cannot be.
import { describe, expect, test } from 'vitest';
import type { ContestTally, OnPaper } from '../assertions/index.ts';
import { choiceId, contestId, type Contest } from '../election/index.ts';
import { ratio, simulationRandom, type Ratio } from '../risk/index.ts';
import { assessBallotPolling } from './ballotPolling.ts';
import { assessBatchComparison, errorBounds, type BatchAudit } from './batchComparison.ts';
import { assessBayesian } from './bayesian.ts';
import { assessCardComparison, type CardRecord } from './cardComparison.ts';
import { assessContests, type CardRead, type ContestOnSample, type SharedSample } from './contests.ts';
import { assessFixedPercentage } from './fixedPercentage.ts';
import { assessOneAudit } from './oneAudit.ts';
import { type Assessment, type ContestAudit } from './outcome.ts';
import { assessStratified } from './stratified.ts';
import { assertionsFor } from '../assertions/index.ts';

const contestOf = (
  name: string,
  rule: Contest['rule'] = { kind: 'plurality', voteFor: 1, winners: 1 },
): Contest => ({
  id: contestId(name),
  name,
  choices: ['A', 'B'].map((c) => ({ id: choiceId(c), name: c })),
  rule,
});
const marks = (...m: number[]): OnPaper => ({ kind: 'marks', marks: m });
const ids = (n: number): string[] => Array.from({ length: n }, (_, i) => `c${i}`);
const done = (a: Assessment): ContestAudit => {
  if (!a.ok) throw new Error(JSON.stringify(a.refusal));
  return a.audit;
};

describe('several contests on one sample', () => {
  const [mayor, council, measure] = ['Mayor', 'Council', 'Measure'].map((n) => contestOf(n)) as [Contest, Contest, Contest]; // oxfmt-ignore
  const drawn = ids(100);
  const card = (...found: [Contest, OnPaper][]): CardRead => ({
    kind: 'read',
    contests: new Map(found.map(([c, p]) => [c.id, p])),
  });
  /** Mayor on every card, Council on every other, Measure on every tenth. */
  const read = new Map(
    drawn.map((id, i): [string, CardRead] => [
      id,
      card(
        [mayor, marks(i % 10 < 8 ? 0 : 1)],
        ...(i % 2 === 0 ? ([[council, marks(0)]] as [Contest, OnPaper][]) : []),
        ...(i % 10 === 0 ? ([[measure, marks(0)]] as [Contest, OnPaper][]) : []),
      ),
    ]),
  );
  const records = (contest: Contest): Map<string, CardRecord> =>
    new Map(
      drawn.map((id) => {
        const found = read.get(id)!;
        const paper = found.kind === 'read' ? found.contests.get(contest.id) : undefined;
        return [id, paper?.kind === 'marks' ? paper : { kind: 'contestAbsent' }];
      }),
    );
  const sample: SharedSample = { drawn, read, cardStyles: true, random: simulationRandom(1), runs: 20 };
  const every = (n: number): string[] => drawn.filter((_, i) => i % n === 0);
  const contests: ContestOnSample[] = [
    { contest: mayor, tally: { cards: 2000, votes: [1600, 400] }, riskLimit: 0.05, targeted: true, how: { method: 'ballot polling' } }, // oxfmt-ignore
    { contest: council, tally: { cards: 1000, votes: [600, 400] }, riskLimit: 0.05, targeted: true, mayUse: every(2), how: { method: 'card comparison', records: records(council) } }, // oxfmt-ignore
    { contest: measure, tally: { cards: 200, votes: [104, 96] }, riskLimit: 0.05, targeted: false, mayUse: every(10), how: { method: 'card comparison', records: records(measure) } }, // oxfmt-ignore
  ];
  test('each is what it would be alone, on the cards that it may use', () => {
    const { assessments, done: finished, next } = assessContests(sample, contests);
    const [m, c, o] = assessments.map(done);
    expect([m!.sample.drawn, c!.sample.drawn, o!.sample.drawn]).toEqual([100, 50, 10]);
    const alone = done(
      assessCardComparison({
        contest: council,
        tally: contests[1]!.tally,
        riskLimit: 0.05,
        drawn: every(2),
        interpretations: new Map(every(2).map((id) => [id, marks(0)])),
        records: records(council),
        cardStyles: true,
        random: simulationRandom(1),
      }),
    );
    expect(c!.risk).toBe(alone.risk);
    expect([m!.outcome.kind, c!.outcome.kind]).toEqual(['confirmed', 'confirmed']);
    // Opportunistic: measured, and nothing asked for.
    expect(o!.outcome).toEqual({ kind: 'insufficientEvidence', why: 'not-targeted' });
    expect(o!.risk).toBeLessThan(1);
    expect({ finished, next }).toEqual({ finished: true, next: [] });
  });
  test('one contest goes on while the others are confirmed, and its size is told', () => {
    const half = assessContests(sample, [{ ...contests[1]!, riskLimit: 1e-6 }, contests[0]!]);
    expect(half.done).toBe(false);
    expect(half.next.map((n) => n.contest)).toEqual([council.id]);
    expect(half.next[0]!.to.expected).toBeGreaterThan(50);
  });
  test('a card not found is the worst case in every contest it may hold, one not read yet is pending in each', () => {
    const lost = new Map(read).set('c0', { kind: 'notFound' });
    const found = assessContests({ ...sample, read: lost }, contests).assessments.map(done);
    const before = assessContests(sample, contests).assessments.map(done);
    expect(found.map((a) => a.sample.notFound)).toEqual([1, 1, 1]);
    for (const [i, a] of found.entries()) expect(a.risk, a.contest).toBeGreaterThan(before[i]!.risk);
    const unread = new Map(read);
    unread.delete('c0');
    expect(assessContests({ ...sample, read: unread }, contests).assessments.map((a) => done(a).sample.pending)).toEqual([1, 1, 1]); // oxfmt-ignore
  });
  test('a card nobody drew, or that a contest uses without its being drawn, is refused; another contest is assessed all the same', () => {
    const codes = (s: SharedSample, list: readonly ContestOnSample[]): string[] =>
      assessContests(s, list).assessments.map((a) => (a.ok ? 'assessed' : a.refusal.code));
    expect(codes({ ...sample, read: new Map(read).set('x', { kind: 'notFound' }) }, contests)).toEqual(['card-never-drawn', 'card-never-drawn', 'card-never-drawn']); // oxfmt-ignore
    expect(codes(sample, [contests[0]!, { ...contests[1]!, mayUse: ['x'] }])).toEqual(['assessed', 'card-never-drawn']); // oxfmt-ignore
    const tied = { ...contests[1]!, tally: { cards: 1000, votes: [500, 500] } };
    expect(codes(sample, [contests[0]!, tied])).toEqual(['assessed', 'tied-contest']);
    expect(assessContests(sample, []).done).toBe(false);
  });
});

// ── every method, every kind of bad input ────────────────────────────────────────────────────────────────────────────

interface Input {
  readonly tally: ContestTally;
  readonly drawn: readonly string[];
  readonly papers: ReadonlyMap<string, OnPaper>;
  readonly riskLimit: number;
}
const good: Input = {
  tally: { cards: 100, votes: [60, 40] },
  drawn: ['c0', 'c1'],
  papers: new Map([['c0', marks(0)], ['c1', marks(1)]]), // oxfmt-ignore
  riskLimit: 0.05,
};
const contest = contestOf('Contest');
const about = ({ tally, drawn, papers, riskLimit }: Input) => ({
  contest,
  tally,
  drawn,
  interpretations: papers,
  riskLimit,
  cardStyles: false,
  random: simulationRandom(1),
  runs: 5,
});
const recordsOf = ({ drawn }: Input): Map<string, CardRecord> =>
  new Map(drawn.map((c, i) => [c, { kind: 'marks', marks: [i % 2] }]));
const stratified = (kind: 'SUITE' | 'UI-TS') => (i: Input) =>
  assessStratified({
    ...about(i),
    rule: { kind },
    strata: [
      { name: 'polled', ...about(i) },
      { name: 'compared', ...about({ ...good, tally: { cards: i.tally.cards, votes: i.tally.votes }, drawn: ['d0'], papers: new Map([['d0', marks(0)]]) }), records: new Map([['d0', { kind: 'marks', marks: [0] }]]) }, // oxfmt-ignore
    ],
  });
const methods: [string, (i: Input) => Assessment][] = [
  ...(['ALPHA', 'aGRAPA', 'Kelly', 'BRAVO'] as const).map((kind): [string, (i: Input) => Assessment] => [
    kind,
    (i) => assessBallotPolling({ ...about(i), rule: { kind } }),
  ]),
  ...(['Minerva', 'Athena', 'Providence'] as const).map((kind): [string, (i: Input) => Assessment] => [
    kind,
    (i) =>
      assessBallotPolling({
        ...about(i),
        rule: { kind, rounds: [i.drawn.length], freshSeedEachRound: true },
      }),
  ]),
  ['Bayesian', (i) => assessBayesian(about(i))],
  ['adaptive', (i) => assessCardComparison({ ...about(i), records: recordsOf(i) })],
  ['COBRA', (i) => assessCardComparison({ ...about(i), rule: { kind: 'COBRA', p2: 0.001 }, records: recordsOf(i) })], // oxfmt-ignore
  ['Kaplan-Markov', (i) => assessCardComparison({ ...about(i), rule: { kind: 'Kaplan-Markov' }, records: recordsOf(i) })], // oxfmt-ignore
  ['ONEAudit', (i) => assessOneAudit({ ...about(i), records: recordsOf(i) })],
  ['SUITE', stratified('SUITE')],
  ['UI-TS', stratified('UI-TS')],
];
const withReplacement = new Set(['Kaplan-Markov']);

describe('bad input is refused by name, in every method that reads cards', () => {
  const code = (a: Assessment): string => (a.ok ? 'assessed' : a.refusal.code);
  const bad: [string, Partial<Input>][] = [
    ['tied-contest', { tally: { cards: 100, votes: [50, 50] } }],
    ['contest-without-votes', { tally: { cards: 100, votes: [0, 0] } }],
    ['card-drawn-twice', { drawn: ['c0', 'c1', 'c0'] }],
    ['card-never-drawn', { papers: new Map(good.papers).set('c9', marks(0)) }],
    ['unknown-choice', { papers: new Map(good.papers).set('c0', marks(2)) }],
    ['unknown-choice', { papers: new Map(good.papers).set('c0', marks(-1)) }],
    ['no-risk-limit', { riskLimit: 0 }],
    ['no-risk-limit', { riskLimit: 1 }],
    ['no-risk-limit', { riskLimit: Number.NaN }],
    ['more-votes-than-cards', { tally: { cards: 50, votes: [40, 30] } }],
  ];
  describe.each(methods)('%s', (name, assess) => {
    test('good input is assessed', () => expect(code(assess(good))).toBe('assessed'));
    test.each(bad)('%s', (expected, more) => {
      // A draw with replacement may meet a card twice.
      const allowed = expected === 'card-drawn-twice' && withReplacement.has(name);
      expect(code(assess({ ...good, ...more }))).toBe(allowed ? 'assessed' : expected);
    });
    test('more machine records than cards', () => {
      if (name === 'SUITE' || name === 'UI-TS') return; // below, by stratum
      expect(code(assess({ ...good, tally: { ...good.tally, cvrs: 101 } }))).toBe('more-cvrs-than-cards');
    });
    test('every assertion has a history to draw', () => {
      const audit = done(assess(good));
      expect(audit.assertions.length).toBeGreaterThan(0);
      for (const r of audit.assertions) {
        expect(r.statistic.length, 'a history to draw').toBeGreaterThan(0);
        expect(1 / Math.max(1, ...r.statistic)).toBeLessThanOrEqual(r.p * (1 + 1e-9));
      }
    });
  });
  test.each(['SUITE', 'UI-TS'] as const)('%s: more records than cards in one stratum', (kind) => {
    const a = assessStratified({
      ...about(good),
      rule: { kind },
      strata: [
        { name: 'polled', ...about({ ...good, tally: { ...good.tally, cvrs: 101 } }) },
        { name: 'compared', ...about({ ...good, drawn: [], papers: new Map() }), records: new Map() },
      ],
    });
    expect(code(a)).toBe('more-cvrs-than-cards');
  });
  test('a record that does not hold the contest is outside its population where there are card styles', () => {
    const records = new Map<string, CardRecord>([['c0', { kind: 'contestAbsent' }], ['c1', { kind: 'phantom' }]]); // oxfmt-ignore
    for (const assess of [assessCardComparison, assessOneAudit])
      expect(code(assess({ ...about(good), cardStyles: true, records }))).toBe('record-without-contest');
  });
});

const batches = [['one', 60, 40], ['two', 55, 45], ['three', 70, 30]].map(([name, a, b]) => ({ name: name as string, cards: 100, votes: [a as number, b as number] })); // oxfmt-ignore
const batchAudit = (more: Partial<BatchAudit> = {}): BatchAudit => ({
  contest,
  tally: { cards: 300, votes: [185, 115] },
  riskLimit: 0.1,
  batches,
  draws: ['one', 'two', 'one'],
  counted: new Map(batches.slice(0, 2).map((b) => [b.name, { kind: 'counted', votes: b.votes }])),
  random: simulationRandom(5),
  runs: 5,
  ...more,
});

describe('bad input is refused by name, in every method that reads batches', () => {
  const code = (a: Assessment): string => (a.ok ? 'assessed' : a.refusal.code);
  const count = (name: string, ...votes: number[]) => ({ counted: new Map(batchAudit().counted).set(name, { kind: 'counted', votes }) }); // oxfmt-ignore
  const bad: [string, Partial<BatchAudit>][] = [
    ['tied-contest', { tally: { cards: 300, votes: [150, 150] } }],
    ['contest-without-votes', { tally: { cards: 300, votes: [0, 0] } }],
    ['more-cvrs-than-cards', { tally: { cards: 300, cvrs: 301, votes: [185, 115] } }],
    ['batches-do-not-add-up', { batches: batches.slice(1), draws: ['two'], counted: new Map([['two', { kind: 'counted', votes: [55, 45] }]]) }], // oxfmt-ignore
    ['batch-listed-twice', { batches: [...batches, batches[0]!] }],
    ['unknown-batch', { draws: ['one', 'two', 'nine'] }],
    ['batch-never-drawn', count('three', 70, 30)],
    ['unknown-choice', count('one', 60, 40, 1)],
    ['count-not-of-every-choice', count('one', 60)],
    ['count-not-of-every-choice', count('one', 60.5, 40)],
    ['count-not-of-every-choice', count('one', 60, -1)],
    ['more-drawn-than-cards', { tally: { cards: 250, votes: [185, 60] }, batches: batches.map((b, i) => ({ ...b, votes: [b.votes[0]!, [20, 20, 20][i]!] })), draws: [], counted: new Map() }], // oxfmt-ignore
  ];
  const how: [string, (a: BatchAudit) => Assessment][] = [
    ['MACRO', assessBatchComparison],
    ['without replacement', (a) => assessBatchComparison({ ...a, rule: { kind: 'without replacement' } })],
    ['fixed percentage', (a) => assessFixedPercentage({ ...a, draws: [...new Set(a.draws)], share: 0.5, atRandom: true })], // oxfmt-ignore
  ];
  describe.each(how)('%s', (name, assess) => {
    test('good input is assessed', () => {
      const audit = done(assess(batchAudit()));
      for (const r of audit.assertions) expect(r.statistic.length).toBeGreaterThan(0);
    });
    test.each(bad)('%s', (expected, more) => expect(code(assess(batchAudit(more)))).toBe(expected));
    test('no risk limit', () => {
      if (name !== 'fixed percentage')
        expect(code(assess(batchAudit({ riskLimit: 0 })))).toBe('no-risk-limit');
    });
  });
  test('a fixed share drawn twice', () =>
    expect(code(assessFixedPercentage({ ...batchAudit(), share: 0.5, atRandom: true }))).toBe(
      'card-drawn-twice',
    ));
});

describe('batches drawn for another contest', () => {
  const found = assertionsFor(contest, { cards: 300, votes: [185, 115] });
  if (!found.ok) throw new Error('refused');
  const own = errorBounds(found.assertions, batches).bound;
  const risk = (drawnBy?: readonly Ratio[]): number =>
    done(assessBatchComparison(batchAudit(drawnBy === undefined ? {} : { drawnBy }))).risk;
  test('by its own bounds, or any multiple of them, it is the same risk', () => {
    expect(risk(own)).toBeCloseTo(risk(), 12);
    expect(risk(own.map((u) => ratio(7n * u.n, u.d)))).toBeCloseTo(risk(), 12);
  });
  test('by other bounds the risk is larger, by hand: equal chances, U = 3 · max u_b', () => {
    // u = 120/70, 110/70, 140/70: pi = 1/3 each, U = 3 · 2 = 6; three draws without error.
    expect(risk([ratio(1), ratio(1), ratio(1)])).toBeCloseTo((1 - 1 / 6) ** 3, 12);
  });
  test('a batch that could not have been drawn may hold any error: nothing is confirmed', () => {
    const audit = done(assessBatchComparison(batchAudit({ drawnBy: [ratio(1), ratio(1), ratio(0)] })));
    expect(audit.outcome).toEqual({ kind: 'insufficientEvidence', why: 'not-targeted' });
    expect(audit.risk).toBe(1);
  });
});
