// Attack drills (what a verifier must survive): the reported winner did not win, by one means after another, and the audit must confirm him in at
// most a share alpha of the runs. 1,000 seeded runs each; the bound allows three standard errors. And to show that the methods are not just
// deaf, the same audits with an honest report must confirm it in most runs.
import { describe, expect, test } from 'vitest';
import type { OnPaper } from '../assertions/index.ts';
import { choiceId, contestId, type Contest } from '../election/index.ts';
import { simulationRandom, type Random } from '../risk/index.ts';
import { assessBallotPolling, type PollingRule } from './ballotPolling.ts';
import { assessBatchComparison, errorBounds, type BatchRule, type ReportedBatch } from './batchComparison.ts';
import { assessBayesian } from './bayesian.ts';
import { assessCardComparison, type CardRecord, type ComparisonRule } from './cardComparison.ts';
import { assessOneAudit } from './oneAudit.ts';
import type { Assessment } from './outcome.ts';
import { assessStratified } from './stratified.ts';
import { assertionsFor } from '../assertions/index.ts';

const contest: Contest = {
  id: contestId('Drill'),
  name: 'Drill',
  choices: ['A', 'B'].map((name) => ({ id: choiceId(name), name })),
  rule: { kind: 'plurality', voteFor: 1, winners: 1 },
};

const RUNS = 1000;
const ALPHA = 0.1;
/** alpha and three standard errors of the share. */
const most = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS);

type Card = 'A' | 'B' | '-' | 'lost';
const paperOf = (c: Card): OnPaper =>
  c === 'lost' ? { kind: 'notFound' } : { kind: 'marks', marks: c === 'A' ? [0] : c === 'B' ? [1] : [] };
const recordOf = (c: Card | 'phantom'): CardRecord =>
  c === 'phantom' || c === 'lost'
    ? { kind: 'phantom' }
    : { kind: 'marks', marks: c === 'A' ? [0] : c === 'B' ? [1] : [] };
const count = (cards: readonly string[], c: string): number => cards.filter((x) => x === c).length;
const tallyOf = (cards: readonly string[]) => ({
  cards: cards.length,
  votes: [count(cards, 'A'), count(cards, 'B')],
});
const cardsOf = (A: number, B: number, blank = 0): Card[] => [
  ...Array.from({ length: A }, () => 'A' as const),
  ...Array.from({ length: B }, () => 'B' as const),
  ...Array.from({ length: blank }, () => '-' as const),
];

/** The first n of a shuffle. */
function drawn(N: number, n: number, random: Random): number[] {
  const order = Array.from({ length: N }, (_, i) => i);
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(random() * (N - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.slice(0, n);
}

function share(runs: number, seed: number, run: (random: Random) => Assessment): number {
  const random = simulationRandom(seed);
  let confirmed = 0;
  for (let i = 0; i < runs; i++) {
    const a = run(random);
    if (!a.ok) throw new Error(`refused: ${a.refusal.code}`);
    if (a.audit.outcome.kind === 'confirmed') confirmed++;
  }
  return confirmed / runs;
}

const common = { contest, riskLimit: ALPHA, cardStyles: false, runs: 1, targeted: false } as const;

describe('ballot polling', () => {
  const poll =
    (paper: readonly Card[], reported: readonly Card[], n: number, rule: PollingRule) => (random: Random) => {
      const cards = drawn(paper.length, n, random).map(String);
      return assessBallotPolling({
        ...common,
        tally: tallyOf(reported),
        rule,
        drawn: cards,
        interpretations: new Map(cards.map((c) => [c, paperOf(paper[Number(c)]!)])),
        random,
      });
    };
  const rules: PollingRule[] = [
    { kind: 'ALPHA' },
    { kind: 'aGRAPA' },
    { kind: 'Kelly' },
    { kind: 'BRAVO' },
    { kind: 'Minerva', rounds: [60, 120], freshSeedEachRound: true },
    { kind: 'Athena', rounds: [60, 120], freshSeedEachRound: true },
    { kind: 'Providence', rounds: [60, 120], freshSeedEachRound: false },
  ];
  const reported = cardsOf(220, 160, 20);
  const attacks: [string, Card[]][] = [
    ['a tie reported as a win', cardsOf(190, 190, 20)],
    ['wrong winner by one vote', cardsOf(190, 191, 19)],
    ['votes hidden as undervotes', cardsOf(160, 160, 80)],
    [
      'cards that cannot be found',
      [...cardsOf(220, 160), ...Array.from({ length: 60 }, () => 'lost' as const)],
    ],
  ];
  for (const [name, paper] of attacks)
    test.each(rules)(`${name}: $kind`, (rule) => {
      expect(
        share(RUNS, 11, poll(paper, name.includes('found') ? cardsOf(270, 165, 5) : reported, 120, rule)),
      ).toBeLessThanOrEqual(most);
    });
  test.each(rules)('an honest report is confirmed: $kind', (rule) => {
    expect(share(100, 12, poll(cardsOf(260, 120, 20), cardsOf(260, 120, 20), 120, rule))).toBeGreaterThan(
      0.7,
    );
  });
  test('Bayesian', () => {
    const bayes = (paper: readonly Card[], reported: readonly Card[]) => (random: Random) => {
      const cards = drawn(paper.length, 120, random).map(String);
      return assessBayesian({
        ...common,
        tally: tallyOf(reported),
        drawn: cards,
        interpretations: new Map(cards.map((c) => [c, paperOf(paper[Number(c)]!)])),
      });
    };
    expect(share(RUNS, 13, bayes(cardsOf(200, 200), cardsOf(230, 170)))).toBeLessThanOrEqual(most);
    expect(share(100, 13, bayes(cardsOf(260, 140), cardsOf(260, 140)))).toBeGreaterThan(0.7);
  });
});

describe('card comparison', () => {
  const compare =
    (
      paper: readonly Card[],
      records: readonly (Card | 'phantom')[],
      n: number,
      rule: ComparisonRule,
      cardStyles = false,
    ) =>
    (random: Random) => {
      const repeated = rule.kind === 'Kaplan-Markov';
      const indices = repeated
        ? Array.from({ length: n }, () => Math.floor(random() * paper.length))
        : drawn(paper.length, n, random);
      const cards = indices.map(String);
      return assessCardComparison({
        ...common,
        cardStyles,
        tally: tallyOf(records),
        rule,
        drawn: cards,
        interpretations: new Map(cards.map((c) => [c, paperOf(paper[Number(c)]!)])),
        records: new Map(cards.map((c) => [c, recordOf(records[Number(c)]!)])),
        random,
      });
    };
  const rules: ComparisonRule[] = [
    { kind: 'adaptive' },
    { kind: 'adaptive', maxLoss: 1 },
    { kind: 'COBRA', p2: 0.001 },
    { kind: 'Kelly', expected: { o1: 0.001, o2: 0.001, u1: 0, u2: 0 } },
    { kind: 'Kaplan-Markov' },
    { kind: 'Kaplan-Markov', perCard: true },
  ];
  const swap = (
    cards: readonly Card[],
    from: Card,
    to: Card | 'phantom',
    n: number,
  ): (Card | 'phantom')[] => {
    let left = n;
    return cards.map((c) => (c === from && left-- > 0 ? to : c));
  };
  const tie = cardsOf(190, 190, 20);
  const attacks: [string, readonly Card[], readonly (Card | 'phantom')[]][] = [
    ['votes switched from B to A', tie, swap(tie, 'B', 'A', 12)],
    ['votes for B switched to undervotes', tie, swap(tie, 'B', '-', 24)],
    ['undervotes switched to A', cardsOf(180, 180, 40), swap(cardsOf(180, 180, 40), '-', 'A', 24)],
    ['wrong winner by one vote', cardsOf(190, 191, 19), swap(cardsOf(190, 191, 19), 'B', 'A', 12)],
    ['records of B deleted, phantoms in their place', tie, swap(tie, 'B', 'phantom', 24)],
    [
      'cards for B taken away, their records kept as A',
      [...cardsOf(190, 178, 20), ...Array.from({ length: 12 }, () => 'lost' as const)],
      [...cardsOf(190, 178, 20), ...cardsOf(12, 0)],
    ],
  ];
  for (const [name, paper, records] of attacks)
    test.each(rules)(`${name}: $kind`, (rule) => {
      expect(share(RUNS, 21, compare(paper, records, 80, rule))).toBeLessThanOrEqual(most);
    });
  test.each(rules)('an honest report is confirmed: $kind', (rule) => {
    expect(share(100, 22, compare(cardsOf(210, 170, 20), cardsOf(210, 170, 20), 80, rule))).toBeGreaterThan(
      0.7,
    );
  });
  test('cards swapped in the stack: paper of another card is a card not found', () => {
    // Every record right, every paper right, but 40 pairs lie in each other's place and the board says so: worst case, no confirmation.
    const paper: Card[] = cardsOf(210, 170, 20).map((c, i) => (i % 10 < 2 ? 'lost' : c));
    expect(
      share(200, 23, compare(paper, cardsOf(210, 170, 20), 80, { kind: 'adaptive' })),
    ).toBeLessThanOrEqual(0.1);
  });
});

describe('ONEAudit', () => {
  /** 200 linked cards, and two pools of 100 with reported tallies. */
  const one =
    (paper: readonly Card[], linked: readonly Card[], pools: readonly { votes: [number, number] }[]) =>
    (random: Random) => {
      const cards = drawn(400, 110, random).map(String);
      const where = (i: number): CardRecord =>
        i < 200 ? recordOf(linked[i]!) : { kind: 'pooled', pool: i < 300 ? 'p' : 'q' };
      const votes = [0, 1].map((c) => count(linked, 'AB'[c]!) + pools[0]!.votes[c]! + pools[1]!.votes[c]!);
      return assessOneAudit({
        ...common,
        tally: { cards: 400, votes },
        drawn: cards,
        interpretations: new Map(cards.map((c) => [c, paperOf(paper[Number(c)]!)])),
        records: new Map(cards.map((c) => [c, where(Number(c))])),
        pools: new Map([
          ['p', { cards: 100, votes: pools[0]!.votes }],
          ['q', { cards: 100, votes: pools[1]!.votes }],
        ]),
        random,
      });
    };
  const linked = cardsOf(100, 100);
  const paper = [...linked, ...cardsOf(60, 40), ...cardsOf(40, 60)];
  test('a pool total raised', () => {
    expect(
      share(RUNS, 31, one(paper, linked, [{ votes: [80, 20] }, { votes: [40, 60] }])),
    ).toBeLessThanOrEqual(most);
  });
  test('votes hidden in the other pool', () => {
    expect(
      share(RUNS, 32, one(paper, linked, [{ votes: [70, 30] }, { votes: [50, 50] }])),
    ).toBeLessThanOrEqual(most);
  });
  test('linked records switched', () => {
    const wrong = cardsOf(118, 82);
    expect(
      share(RUNS, 33, one(paper, wrong, [{ votes: [60, 40] }, { votes: [40, 60] }])),
    ).toBeLessThanOrEqual(most);
  });
  test('an honest report is confirmed', () => {
    const honest = [...cardsOf(130, 70), ...cardsOf(70, 30), ...cardsOf(60, 40)];
    expect(
      share(100, 34, one(honest, cardsOf(130, 70), [{ votes: [70, 30] }, { votes: [60, 40] }])),
    ).toBeGreaterThan(0.7);
  });
});

describe('batch comparison', () => {
  /** 40 batches of 20 to 59 cards; `truth` by batch, and what was reported. */
  const audit = (
    truth: readonly ReportedBatch[],
    reported: readonly ReportedBatch[],
    n: number,
    rule: BatchRule,
  ) => {
    const tally = {
      cards: reported.reduce((s, b) => s + b.cards, 0),
      votes: [0, 1].map((c) => reported.reduce((s, b) => s + b.votes[c]!, 0)),
    };
    const found = assertionsFor(contest, tally);
    if (!found.ok) throw new Error('refused');
    const us = errorBounds(found.assertions, reported).bound.map((u) => Number(u.n) / Number(u.d));
    const U = us.reduce((a, b) => a + b, 0);
    return (random: Random) => {
      const draws = Array.from({ length: n }, () => {
        let at = random() * U;
        let i = 0;
        while (i < us.length - 1 && at >= us[i]!) at -= us[i++]!;
        return reported[i]!.name;
      });
      const counted = new Map(
        draws.map((d) => [d, { kind: 'counted', votes: truth.find((b) => b.name === d)!.votes } as const]),
      );
      return assessBatchComparison({ ...common, tally, rule, batches: reported, draws, counted, random });
    };
  };
  const batches = (gain: (i: number) => number): ReportedBatch[] =>
    Array.from({ length: 40 }, (_, i) => {
      const cards = 20 + 2 * (i % 20);
      return { name: `b${i}`, cards, votes: [cards / 2 + gain(i), cards / 2 - gain(i)] };
    });
  const tie = batches(() => 0);
  const attacks: [string, ReportedBatch[]][] = [
    ['one vote in every batch', batches(() => 2)],
    ['whole batches turned', batches((i) => (i % 5 === 0 ? 8 : 0))],
    ['one batch wholly wrong', batches((i) => (i === 19 ? 29 : 0))],
  ];
  for (const [name, reported] of attacks)
    test.each([
      { kind: 'MACRO' },
      { kind: 'without replacement' },
      { kind: 'without replacement', maxLoss: 1 },
    ] as BatchRule[])(`${name}: $kind`, (rule) => {
      expect(share(RUNS, 41, audit(tie, reported, 30, rule))).toBeLessThanOrEqual(most);
    });
  test('a batch split in two keeps its errors', () => {
    const split = (b: ReportedBatch, votes: readonly number[]): ReportedBatch[] => [
      { name: `${b.name}-1`, cards: b.cards / 2, votes: votes.map((v) => Math.floor(v / 2)) },
      { name: `${b.name}-2`, cards: b.cards / 2, votes: votes.map((v) => Math.ceil(v / 2)) },
    ];
    const reported = batches((i) => (i % 5 === 0 ? 8 : 0));
    const truth = tie.flatMap((b) => (b.name === 'b5' ? split(b, b.votes) : [b]));
    const told = reported.flatMap((b) => (b.name === 'b5' ? split(b, b.votes) : [b]));
    expect(share(RUNS, 42, audit(truth, told, 30, { kind: 'MACRO' }))).toBeLessThanOrEqual(most);
  });
  test.each([{ kind: 'MACRO' }, { kind: 'without replacement' }] as BatchRule[])(
    'an honest report is confirmed: $kind',
    (rule) => {
      const honest = batches((i) => 3 + (i % 3));
      expect(share(50, 43, audit(honest, honest, 30, rule))).toBeGreaterThan(0.9);
    },
  );
});

describe('stratified', () => {
  const strata =
    (
      kind: 'SUITE' | 'UI-TS',
      papers: readonly [Card[], Card[]],
      reported: readonly [Card[], Card[]],
      n: readonly [number, number],
    ) =>
    (random: Random) => {
      const [a, b] = papers.map((p, s) =>
        (kind === 'SUITE' && s === 0
          ? Array.from({ length: n[0] }, () => Math.floor(random() * p.length))
          : drawn(p.length, n[s]!, random)
        ).map(String),
      ) as [string[], string[]];
      const seen = (cards: readonly string[], s: 0 | 1) =>
        new Map(cards.map((c) => [c, paperOf(papers[s][Number(c)]!)]));
      return assessStratified({
        ...common,
        rule: kind === 'SUITE' ? { kind } : { kind, bands: 12 },
        random,
        strata: [
          {
            name: 'compared',
            tally: tallyOf(reported[0]),
            drawn: a,
            interpretations: seen(a, 0),
            records: new Map(a.map((c) => [c, recordOf(reported[0][Number(c)]!)])),
          },
          { name: 'polled', tally: tallyOf(reported[1]), drawn: b, interpretations: seen(b, 1) },
        ],
      });
    };
  const claims: readonly [Card[], Card[]] = [cardsOf(180, 120), cardsOf(110, 80, 10)];
  for (const kind of ['SUITE', 'UI-TS'] as const) {
    test(`wrong in the compared stratum: ${kind}`, () => {
      // Margin 90 reported; the compared stratum holds 90 fewer, card for card at the same places.
      const papers: [Card[], Card[]] = [[...cardsOf(135, 45), ...cardsOf(0, 120)], claims[1]];
      expect(share(RUNS, 51, strata(kind, papers, claims, [60, 60]))).toBeLessThanOrEqual(most);
    });
    test(`wrong in the polled stratum: ${kind}`, () => {
      const papers: [Card[], Card[]] = [claims[0], cardsOf(65, 125, 10)];
      expect(share(RUNS, 52, strata(kind, papers, claims, [60, 60]))).toBeLessThanOrEqual(most);
    });
    test(`wrong in both: ${kind}`, () => {
      const papers: [Card[], Card[]] = [[...cardsOf(155, 25), ...cardsOf(0, 120)], cardsOf(85, 105, 10)];
      expect(share(RUNS, 53, strata(kind, papers, claims, [60, 60]))).toBeLessThanOrEqual(most);
    });
    test(`an honest report is confirmed: ${kind}`, () => {
      const honest: [Card[], Card[]] = [cardsOf(220, 80), cardsOf(140, 50, 10)];
      expect(share(50, 54, strata(kind, honest, honest, [100, 100]))).toBeGreaterThan(0.7);
    });
  }
});
