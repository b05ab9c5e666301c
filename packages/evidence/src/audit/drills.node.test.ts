// Attack drills (what a verifier must survive): the reported winner did not win, by one means after another, and every method must confirm him in at
// most a share alpha of 1,000 seeded audits; the bound allows three standard errors. One small election per attack, card by card: what its
// paper says, what the machine recorded, whether it can be found. Each method sees of it what it sees of a real one.
//
// A method that is deaf would pass: so every attack is also run on boards that copy the machine, and must then be confirmed in most runs; and the
// usual ways to break an audit (a phantom counted as half a vote, a sample that avoids the wrong cards, papers in a chosen order) are seen to break it.
// What is no matter of chance (ids twice, another seed, another order of acts) is refused or told by name: tests/attackDrills.node.test.ts says where.
import { describe, expect, test } from 'vitest';
import { assertionsFor, type ContestTally, type OnPaper } from '../assertions/index.ts';
import { choiceId, contestId, type Contest } from '../election/index.ts';
import { simulationRandom, type Random } from '../risk/index.ts';
import { assessBallotPolling, type PollingRule } from './ballotPolling.ts';
import { assessBatchComparison, errorBounds, type BatchRule, type CountedBatch } from './batchComparison.ts';
import { assessBayesian } from './bayesian.ts';
import { assessCardComparison, type CardRecord, type ComparisonRule } from './cardComparison.ts';
import { assessOneAudit } from './oneAudit.ts';
import type { Assessment } from './outcome.ts';
import { assessStratified } from './stratified.ts';

const contest: Contest = {
  id: contestId('Drill'),
  name: 'Drill',
  choices: ['A', 'B'].map((name) => ({ id: choiceId(name), name })),
  rule: { kind: 'plurality', voteFor: 1, winners: 1 },
};
/** The same people ranked: without C the rest of C's cards decide between A and B. */
const ranked: Contest = {
  ...contest,
  choices: ['A', 'B', 'C'].map((name) => ({ id: choiceId(name), name })),
  rule: { kind: 'instantRunoff' },
};
const RUNS = 1000;
const ALPHA = 0.1;
/** alpha and three standard errors of the share. */
const most = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / RUNS);

// ── elections ──

/** A vote or a ranking, a blank, or the contest not on the card. */
type Vote = 'A' | 'B' | 'CA' | 'CB' | '-' | 'absent';
interface Card {
  readonly paper: Vote;
  readonly record: Vote | 'phantom';
  readonly found: boolean;
}
interface Attack {
  readonly name: string;
  /** "paper>record", "lost" after it where nobody can find the paper: how many cards. */
  readonly cards: Readonly<Record<string, number>>;
  /** The wrong cards among all others, or together in the first batches (linked, compared) or the last (pooled, polled). */
  readonly wrong?: 'first' | 'last';
  readonly cardStyles?: boolean;
  /** The first batches are cut in two: the wrong cards in the one half, right ones in the other. */
  readonly split?: boolean;
  readonly ranked?: boolean;
}

/** Reported: A by 80 of 400 cards. True: a tie, which is the hardest to tell, if nothing else is said. */
const attacks: readonly Attack[] = [
  { name: 'votes switched from B to A', cards: { 'A>A': 190, 'B>B': 150, 'B>A': 40, '->-': 20 } },
  { name: 'votes switched in two batches with records', cards: { 'A>A': 190, 'B>B': 150, 'B>A': 40, '->-': 20 }, wrong: 'first' },
  { name: 'votes switched in two pools', cards: { 'A>A': 190, 'B>B': 150, 'B>A': 40, '->-': 20 }, wrong: 'last' },
  { name: 'wrong winner by one vote', cards: { 'A>A': 190, 'B>B': 151, 'B>A': 40, '->-': 19 } },
  { name: 'votes for B recorded as undervotes', cards: { 'A>A': 190, 'B>B': 110, 'B>-': 80, '->-': 20 } },
  { name: 'hidden in undervotes: four batches of B, none of it recorded', cards: { 'A>A': 190, 'B>B': 110, 'B>-': 80, '->-': 20 }, wrong: 'first' },
  { name: 'hidden in another pool: cards of B counted into one that has no vote', cards: { 'A>A': 190, 'B>B': 110, 'B>-': 80, '->-': 20 }, wrong: 'last' },
  { name: 'undervotes recorded as A', cards: { 'A>A': 160, 'B>B': 160, '->A': 80 } },
  // With card styles these are also the cards moved to a style without the contest: an independent number of cards brings them back as phantoms.
  { name: 'records of B deleted or hidden in another group, phantoms in their place', cards: { 'A>A': 190, 'B>B': 110, 'B>phantom lost': 80, '->-': 20 }, cardStyles: true },
  { name: 'too many phantoms: more than the margin', cards: { 'A>A': 190, 'B>B': 110, 'B>phantom lost': 100 } },
  { name: 'hidden in another group: cards of B on styles without the contest, styles not relied on', cards: { 'A>A': 190, 'B>B': 110, 'B>absent': 80, '->-': 20 } },
  { name: 'styles falsely claimed to be exact: the contest is not on cards recorded as A', cards: { 'A>A': 150, 'B>B': 150, 'absent>A': 80, '->-': 20 }, cardStyles: true },
  { name: 'the contest is not on cards recorded as A, styles not relied on', cards: { 'A>A': 150, 'B>B': 150, 'absent>A': 80, '->-': 20 } },
  { name: 'paper of B taken away, recorded as A; or the paper of another card in its place', cards: { 'A>A': 190, 'B>B': 150, 'B>A lost': 40, '->-': 20 } },
  { name: 'whole batches that cannot be found', cards: { 'A>A': 190, 'B>B': 110, 'B>A lost': 40, 'B>B lost': 40, '->-': 20 }, wrong: 'last' },
  { name: 'batches split, all that is wrong in one half', cards: { 'A>A': 190, 'B>B': 150, 'B>A': 40, '->-': 20 }, wrong: 'first', split: true },
  { name: 'the total of one pool or batch changed by one vote', cards: { 'A>A': 190, 'B>B': 190, '->A': 1, '->-': 19 }, wrong: 'last' },
]; // prettier-ignore

/** Reported: C is eliminated first, and A is 80 ahead of B. True: a tie of the two, in the last round alone. */
const rankedAttacks: readonly Attack[] = [
  { name: 'second preferences switched from B to A', cards: { 'A>A': 175, 'B>B': 120, 'CA>CA': 10, 'CB>CA': 40, 'CB>CB': 25, '->-': 30 }, ranked: true },
  { name: 'rankings for B recorded as blank', cards: { 'A>A': 170, 'B>B': 100, 'CA>CA': 30, 'CB>CB': 20, 'CB>-': 40, 'B>-': 40 }, ranked: true },
  { name: 'rankings for B on paper that is gone, recorded for A', cards: { 'A>A': 175, 'B>B': 120, 'CA>CA': 10, 'CB>CA lost': 40, 'CB>CB': 25, '->-': 30 }, ranked: true },
]; // prettier-ignore
const named = (name: string): Attack => attacks.find((a) => a.name === name)!;

interface Election {
  readonly contest: Contest;
  readonly cards: readonly Card[];
  /** By card. */
  readonly batch: readonly string[];
  readonly cardStyles: boolean;
}

/** 20 batches of 20 cards, the first ten with records that can be found. */
function electionOf({
  cards,
  wrong,
  cardStyles = false,
  split = false,
  ranked: isRanked = false,
}: Attack): Election {
  const kinds = Object.entries(cards).map(([key, n]) => {
    const [, paper, record, lost] = /^(\S+)>(\S+)( lost)?$/.exec(key)!;
    const card = { paper: paper as Vote, record: record as Card['record'], found: lost === undefined };
    return { card, n, isWrong: isWrong(card) };
  });
  const all = kinds.flatMap(
    ({ card, n, isWrong: bad }) =>
    Array.from({ length: n }, (_, k) => ({ card, at: (k + 0.5) / n + (bad && wrong !== undefined ? (wrong === 'first' ? -2 : 2) : 0) })), // prettier-ignore
  );
  const placed = all.toSorted((a, b) => a.at - b.at).map((c) => c.card);
  const batch = placed.map((_, i) => `${Math.floor(i / 20)}${split && i < 80 && i % 20 < 10 ? 'a' : ''}`);
  return { contest: isRanked ? ranked : contest, cards: placed, batch, cardStyles };
}
const isWrong = (c: Card): boolean => c.paper !== c.record || !c.found;

const reported = (cards: readonly Card[], of: Contest): ContestTally => ({
  cards: cards.length,
  ...(of === ranked
    ? { votes: [], rankings: (['A', 'B', 'CA', 'CB'] as const).map((v) => ({ ranking: marks(v), count: recordedAs(cards, v) })) }
    : { votes: (['A', 'B'] as const).map((v) => recordedAs(cards, v)) }),
}); // prettier-ignore
const recordedAs = (cards: readonly Card[], v: Vote): number => cards.filter((c) => c.record === v).length;
const marks = (v: Vote): readonly number[] =>
  v === '-' || v === 'absent' ? [] : v.split('').map((letter) => 'ABC'.indexOf(letter));

// ── how it is audited ──

/** How the audit is conducted: honestly, or by one of the faults that make any method worthless. */
type How =
  | 'honestly'
  /** What the machine says is taken for what the paper says. */
  | 'machine copied'
  /** A card that cannot be found counts as a card without a vote. */
  | 'lost counted as half'
  /** The inputs were chosen, or the seed searched for, after it was known which cards it draws. */
  | 'wrong cards not drawn'
  /** What speaks against the report is held back: cards for B, batches in which the count differs. */
  | 'contrary readings held back'
  /** The first paper for A and the first for B are told of each other's card. */
  | 'two readings exchanged'
  /** The reading order is chosen: what is right first. */
  | 'in a chosen order'
  /** Only the first third of what was drawn is handed in. */
  | 'a third of the sample';

function onPaper({ paper, record, found }: Card, how: How): OnPaper | undefined {
  if (how === 'machine copied') return { kind: 'marks', marks: record === 'phantom' ? [] : marks(record) };
  if (!found) return how === 'lost counted as half' ? { kind: 'marks', marks: [] } : { kind: 'notFound' };
  if (how === 'contrary readings held back' && paper === 'B') return undefined;
  return paper === 'absent' ? { kind: 'contestAbsent' } : { kind: 'marks', marks: marks(paper) };
}
const recordOf = ({ record }: Card): CardRecord =>
  record === 'phantom'
    ? { kind: 'phantom' }
    : record === 'absent'
      ? { kind: 'contestAbsent' }
      : { kind: 'marks', marks: marks(record) };

interface Sample {
  readonly drawn: readonly string[];
  readonly interpretations: ReadonlyMap<string, OnPaper>;
}

/** Draws n of the cards at each call, each once, or as often as it comes; and what is read on them. */
function sampling(cards: readonly Card[], n: number, how: How, again = false): (random: Random) => Sample {
  const ids = cards.map((_, i) => `${i}`);
  const papers = cards.map((c) => onPaper(c, how));
  const may = [...cards.keys()];
  // Shuffled on from where the last draw left them: as good as from any other order.
  const order = how === 'wrong cards not drawn' ? may.filter((i) => !isWrong(cards[i]!)) : may;
  const of = order.length;
  return (random) => {
    const places: number[] = [];
    for (let i = 0; i < n; i++) {
      const j = again ? Math.floor(random() * of) : i + Math.floor(random() * (of - i));
      places.push(order[j]!);
      if (!again) [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const read = inOrder(places, cards, how);
    const interpretations = new Map<string, OnPaper>();
    for (const i of read) if (papers[i] !== undefined) interpretations.set(ids[i]!, papers[i]);
    const a = read.find((i) => cards[i]!.paper === 'A');
    const b = read.find((i) => cards[i]!.paper === 'B');
    if (how === 'two readings exchanged' && a !== undefined && b !== undefined)
      interpretations.set(ids[a]!, papers[b]!).set(ids[b]!, papers[a]!);
    return { drawn: read.map((i) => ids[i]!), interpretations };
  };
}
function inOrder(sample: number[], cards: readonly Card[], how: How): number[] {
  if (how === 'a third of the sample') return sample.slice(0, Math.ceil(sample.length / 3));
  if (how !== 'in a chosen order') return sample;
  const against = (i: number): number => Number(cards[i]!.paper === 'B') + 2 * Number(isWrong(cards[i]!));
  return sample.toSorted((a, b) => against(a) - against(b));
}

const common = { riskLimit: ALPHA, runs: 1 } as const;

type Audit = (random: Random) => Assessment;
interface Drilled {
  readonly method: string;
  readonly rule: string;
  readonly kind: 'polling' | 'comparison' | 'ONEAudit' | 'batches' | 'stratified';
  /** What is drawn is judged card by card (draw by draw), so that one may stop at any time. */
  readonly anyTime: boolean;
  /** Not targeted: whether it is confirmed is the question, and the size of a next round is not asked. */
  readonly audit: (election: Election, how: How, targeted?: boolean) => Audit;
}

const polling = (rule: PollingRule | { readonly kind: 'Bayesian' }, n: number): Drilled => ({
  method: 'ballot polling',
  rule: rule.kind,
  kind: 'polling',
  anyTime: rule.kind === 'ALPHA' || rule.kind === 'aGRAPA' || rule.kind === 'Kelly',
  audit: ({ contest: of, cards, cardStyles }, how, targeted = false) => {
    const tally = reported(cards, of);
    const sample = sampling(cards, n, how);
    return (random) => {
      const audit = { ...common, contest: of, targeted, ...sample(random), tally, cardStyles, random };
      return rule.kind === 'Bayesian' ? assessBayesian(audit) : assessBallotPolling({ ...audit, rule });
    };
  },
});

const comparison = (rule: ComparisonRule, n: number, name: string = rule.kind): Drilled => ({
  method: 'card comparison',
  rule: name,
  kind: 'comparison',
  anyTime: rule.kind !== 'Kaplan-Markov',
  audit: ({ contest: of, cards, cardStyles }, how, targeted = false) => {
    const tally = reported(cards, of);
    const records = new Map(cards.map((c, i) => [`${i}`, recordOf(c)]));
    const sample = sampling(cards, n, how, rule.kind === 'Kaplan-Markov');
    return (random) =>
      assessCardComparison({ ...common, contest: of, targeted, ...sample(random), tally, records, rule, cardStyles, random }); // oxfmt-ignore
  },
});

const oneAudit = (rule: ComparisonRule, n: number): Drilled => ({
  method: 'ONEAudit',
  rule: rule.kind,
  kind: 'ONEAudit',
  anyTime: true,
  audit: ({ contest: of, cards, cardStyles }, how, targeted = false) => {
    const tally = reported(cards, of);
    const isPooled = (i: number): boolean => i >= 200;
    const poolOf = (i: number): string => `${Math.floor(i / 50)}`;
    const pooled = Map.groupBy([...cards.keys()].filter(isPooled), poolOf);
    const pools = new Map(
      [...pooled].map(([p, inPool]) => [
        p,
        reported(
          inPool.map((i) => cards[i]!),
          of,
        ),
      ]),
    );
    const records = new Map(
      cards.map((c, i) => [
        `${i}`,
        isPooled(i) ? ({ kind: 'pooled', pool: poolOf(i) } as const) : recordOf(c),
      ]),
    );
    const sample = sampling(cards, n, how);
    return (random) =>
      assessOneAudit({ ...common, contest: of, targeted, ...sample(random), tally, records, pools, rule, cardStyles, random }); // oxfmt-ignore
  },
});

const batchComparison = (rule: BatchRule, n: number, name: string = rule.kind): Drilled => ({
  method: 'batch comparison',
  rule: name,
  kind: 'batches',
  anyTime: true,
  audit: ({ contest: of, cards, batch }, how, targeted = false) => {
    const tally = reported(cards, of);
    const byBatch = Map.groupBy(cards.keys(), (i) => batch[i]!);
    const all = [...byBatch].map(([b, in_]) => {
      const here = in_.map((i) => cards[i]!);
      const votes = ['A', 'B'].map((v) => here.filter((c) => (how === 'machine copied' ? c.record : c.paper) === v).length); // prettier-ignore
      const lost = how !== 'machine copied' && here.every((c) => !c.found);
      const count: CountedBatch =
        lost && how !== 'lost counted as half' ? { kind: 'notFound' } : { kind: 'counted', votes };
      const told = { name: b, ...reported(here, of) };
      return { told, count, differs: lost || votes.some((v, c) => v !== told.votes[c]) };
    });
    const batches = all.map((b) => b.told);
    const found = assertionsFor(of, tally);
    if (!found.ok) throw new Error(found.refusal.code);
    const bound = errorBounds(found.assertions, batches).bound.map((u) => Number(u.n) / Number(u.d));
    const from = all.map((b, i) => ({ ...b, u: Math.max(0, bound[i]!) }));
    const may = how === 'wrong cards not drawn' ? from.filter((b) => !b.differs) : from;
    const U = may.reduce((sum, b) => sum + b.u, 0);
    return (random) => {
      const draws = Array.from({ length: n }, () => {
        let at = random() * U;
        let i = 0;
        while (i < may.length - 1 && at >= may[i]!.u) at -= may[i++]!.u;
        return may[i]!;
      });
      if (how === 'in a chosen order') draws.sort((a, b) => Number(a.differs) - Number(b.differs));
      if (how === 'a third of the sample') draws.length = Math.ceil(n / 3);
      const counted = new Map(
        draws
          .filter((b) => how !== 'contrary readings held back' || !b.differs)
          .map((b) => [b.told.name, b.count]),
      );
      return assessBatchComparison({ ...common, contest: of, targeted, tally, rule, batches, draws: draws.map((b) => b.told.name), counted, random }); // prettier-ignore
    };
  },
});

const stratified = (kind: 'SUITE' | 'UI-TS', n: readonly [number, number]): Drilled => ({
  method: 'stratified',
  rule: kind,
  kind: 'stratified',
  anyTime: false,
  audit: ({ contest: of, cards, cardStyles }, how, targeted = false) => {
    const halves = [cards.slice(0, 200), cards.slice(200)] as const;
    const tallies = halves.map((half) => reported(half, of));
    const records = new Map(halves[0].map((c, i) => [`${i}`, recordOf(c)]));
    const rule = kind === 'SUITE' ? { kind } : { kind, bands: 6 };
    const samples = halves.map((half, s) => sampling(half, n[s]!, how, kind === 'SUITE' && s === 0));
    return (random) => {
      const [compared, polled] = samples.map((sample, s) => ({ name: `${s}`, tally: tallies[s]!, ...sample(random) })); // oxfmt-ignore
      return assessStratified({ ...common, contest: of, targeted, rule, strata: [{ ...compared!, records }, polled!], cardStyles, random }); // prettier-ignore
    };
  },
});

const no = { o1: 0, o2: 0, u1: 0, u2: 0 };
/** With samples about as large as an honest report of this margin needs. */
const methods: readonly Drilled[] = [
  polling({ kind: 'ALPHA' }, 110),
  polling({ kind: 'aGRAPA' }, 110),
  polling({ kind: 'Kelly' }, 110),
  polling({ kind: 'BRAVO' }, 110),
  polling({ kind: 'Minerva', rounds: [55, 110], freshSeedEachRound: true }, 110),
  polling({ kind: 'Athena', rounds: [55, 110], freshSeedEachRound: true }, 110),
  polling({ kind: 'Providence', rounds: [55, 110], freshSeedEachRound: false }, 110),
  // Its published rule limits another risk: that of an upset, on average over a prior. We confirm by 1/T, and that keeps alpha whatever is true.
  polling({ kind: 'Bayesian' }, 110),
  comparison({ kind: 'adaptive' }, 27),
  comparison({ kind: 'adaptive', maxLoss: 1 }, 24, 'adaptive, all at stake'),
  comparison({ kind: 'COBRA', p2: 0.001 }, 24),
  comparison({ kind: 'Kelly', expected: { ...no, o1: 0.001, o2: 0.001 } }, 26),
  comparison({ kind: 'Kaplan-Markov' }, 26),
  comparison({ kind: 'Kaplan-Markov', perCard: true }, 26, 'Kaplan-Markov by card'),
  oneAudit({ kind: 'Kelly', expected: no }, 70),
  oneAudit({ kind: 'adaptive' }, 90),
  batchComparison({ kind: 'MACRO' }, 15),
  batchComparison({ kind: 'without replacement' }, 15),
  batchComparison({ kind: 'without replacement', maxLoss: 1 }, 14, 'without replacement, all at stake'),
  stratified('SUITE', [40, 70]),
  stratified('UI-TS', [35, 60]),
];

const nowhere = 'Draws cards one by one from all: where the wrong ones lie makes no difference';
/** Attacks that a kind of method cannot meet, and why; where it is the same drill as another one, which. */
const doesNotApply: readonly (readonly [kind: Drilled['kind'], attack: string, why: string])[] = [
  ...(['polling', 'comparison'] as const).flatMap((kind) => [
    [kind, 'votes switched in two batches with records', `${nowhere}: votes switched from B to A`] as const,
    [kind, 'votes switched in two pools', `${nowhere}: votes switched from B to A`] as const,
    [kind, 'batches split, all that is wrong in one half', `${nowhere}: votes switched from B to A`] as const,
    [kind, 'hidden in undervotes: four batches of B, none of it recorded', `${nowhere}: votes for B recorded as undervotes`] as const,
    [kind, 'hidden in another pool: cards of B counted into one that has no vote', `${nowhere}: votes for B recorded as undervotes`] as const,
  ]),
  ['stratified', 'batches split, all that is wrong in one half', 'Strata know no batches: votes switched in two batches with records'],
  ['batches', 'paper of B taken away, recorded as A; or the paper of another card in its place', 'A count by hand sees the paper that is in the batch: that it holds fewer cards than the manifest says is told by hand-counted-cards. A batch not found: below'],
  ['ONEAudit', 'batches split, all that is wrong in one half', 'Here the first batches have records: votes switched in two batches with records'],
  ['polling', 'hidden in another group: cards of B on styles without the contest, styles not relied on', 'Sees no records: votes for B recorded as undervotes'],
  ['batches', 'styles falsely claimed to be exact: the contest is not on cards recorded as A', 'A batch total knows no card styles'],
]; // prettier-ignore
const applies = ({ kind }: Drilled, { name }: Attack): boolean =>
  !doesNotApply.some(([k, a]) => k === kind && a === name);
const pairs = attacks.flatMap((attack) =>
  methods
    .filter((m) => applies(m, attack))
    .map((m) => ({ attack: attack.name, method: m.method, rule: m.rule, of: attack, by: m })),
);

function share(audit: Audit, runs: number, seed: number): number {
  const random = simulationRandom(seed);
  let confirmed = 0;
  for (let i = 0; i < runs; i++) {
    const a = audit(random);
    if (!a.ok) throw new Error(`refused: ${a.refusal.code}`);
    if (a.audit.outcome.kind === 'confirmed') confirmed++;
  }
  return confirmed / runs;
}

describe('a wrong outcome is confirmed in at most a share alpha', () => {
  test.each(pairs)('$attack: $method, $rule', ({ of, by }) => {
    expect(share(by.audit(electionOf(of), 'honestly'), RUNS, 11)).toBeLessThanOrEqual(most);
  });
});

/** Rules of pairs and of batch totals have no assertions of rankings. */
const takesRankings = (m: Drilled): boolean =>
  !['BRAVO', 'Minerva', 'Athena', 'Providence', 'Bayesian', 'Kaplan-Markov', 'Kaplan-Markov by card', 'SUITE'].includes(m.rule) && m.kind !== 'batches'; // oxfmt-ignore

describe('an instant runoff', () => {
  const rankedPairs = rankedAttacks.flatMap((attack) => methods.filter(takesRankings).map((by) => ({ attack: attack.name, ...by, of: attack, by }))); // oxfmt-ignore
  test.each(rankedPairs)(
    'a wrong winner is confirmed in at most a share alpha: $attack: $method, $rule',
    ({ of, by }) => {
      expect(share(by.audit(electionOf(of), 'honestly'), RUNS, 21)).toBeLessThanOrEqual(most);
    },
  );
  test.each(rankedPairs)('boards that copy the machine confirm it: $attack: $method, $rule', ({ of, by }) => {
    expect(share(by.audit(electionOf(of), 'machine copied'), 40, 22)).toBeGreaterThan(often);
  });
  test.each(methods.filter((m) => !takesRankings(m) && m.kind !== 'batches'))(
    'is refused by $method, $rule',
    (by) => {
      expect(by.audit(electionOf(rankedAttacks[0]!), 'honestly')(simulationRandom(23))).toMatchObject({
        ok: false,
        refusal: { code: 'rule-not-for-this-contest' },
      });
    },
  );
});

/** Far more often than alpha: the drill would notice. */
const often = 2 * most;

describe('the drills are not deaf', () => {
  test.each(pairs.filter(({ of }) => of.cards['->A'] !== 1))(
    'boards that copy the machine confirm it: $attack: $method, $rule',
    ({ of, by }) => {
      expect(share(by.audit(electionOf(of), 'machine copied'), 40, 12)).toBeGreaterThan(often);
    },
  );
  test.each(methods.filter((m) => m.kind !== 'batches'))(
    'a phantom counted as half a vote is told: $method, $rule',
    (by) => {
      const phantoms = electionOf(
        named('records of B deleted or hidden in another group, phantoms in their place'),
      );
      expect(share(by.audit(phantoms, 'lost counted as half'), 60, 13)).toBeGreaterThan(often);
    },
  );
  test.each(methods)('a draw that avoids the wrong cards is told: $method, $rule', (by) => {
    const hidden = electionOf(named('hidden in undervotes: four batches of B, none of it recorded'));
    expect(share(by.audit(hidden, 'wrong cards not drawn'), 60, 14)).toBeGreaterThan(often);
  });
  // Which is why the order is the seed's (sampleFaults, sample-drawn-again). A rule that judges the whole round does not hang on it.
  test.each(methods.filter((m) => m.anyTime && m.kind !== 'batches'))(
    'papers in a chosen order are told: $method, $rule',
    (by) => {
      const tie = electionOf(named('wrong winner by one vote'));
      expect(share(by.audit(tie, 'in a chosen order'), 60, 15)).toBeGreaterThan(often);
    },
  );
});

describe('readings that are not handed in', () => {
  const tie = electionOf(named('wrong winner by one vote'));
  test.each(methods)('what speaks against the report held back: $method, $rule', (by) => {
    // A rule that judges whole rounds judges nothing while readings are pending.
    const runs = by.anyTime ? RUNS : 50;
    expect(share(by.audit(tie, 'contrary readings held back'), runs, 16)).toBeLessThanOrEqual(
      by.anyTime ? most : 0,
    );
  });
  test.each(
    methods.filter((m) => !m.rule.startsWith('Minerva') && m.rule !== 'Athena' && m.rule !== 'Providence'),
  )('a truncated sample: $method, $rule', (by) => {
    expect(share(by.audit(tie, 'a third of the sample'), RUNS, 17)).toBeLessThanOrEqual(most);
  });
});

/** What this method says of one sample, and what it says with its first paper for A and its first for B told of each other. */
function bothWays(by: Drilled, seed: number): readonly [honest: number, swapped: number] {
  const honest = electionOf({ name: 'no error', cards: { 'A>A': 230, 'B>B': 150, '->-': 20 } });
  const risk = (how: How): number => {
    const a = by.audit(honest, how)(simulationRandom(seed));
    return a.ok ? a.audit.risk : Number.NaN;
  };
  return [risk('honestly'), risk('two readings exchanged')];
}
describe('two readings exchanged between cards', () => {
  test.each(methods.filter((m) => m.kind === 'comparison'))('are two discrepancies: $method, $rule', (by) => {
    for (const seed of [24, 25, 26]) {
      const [honest, swapped] = bothWays(by, seed);
      expect(swapped).toBeGreaterThan(honest);
    }
  });
  // A rule of counts judges what a round holds, not what came first.
  test.each(methods.filter((m) => m.kind === 'polling' && !m.anyTime))(
    'change no risk: $method, $rule',
    (by) => {
      for (const seed of [24, 25, 26]) {
        const [honest, swapped] = bothWays(by, seed);
        expect(swapped).toBe(honest);
      }
    },
  );
});

describe('cards left out of the number of cards', () => {
  // The records of 80 cards for B are deleted and the number of cards lowered with them. No draw can meet these cards: every method confirms. With the
  // number from elsewhere (voters credited, check-ins) they come back as phantoms, a drill above.
  test.each(methods)('no sample shows it, only an independent number: $method, $rule', (by) => {
    const whole = named('records of B deleted or hidden in another group, phantoms in their place');
    const lowered = electionOf({ ...whole, cards: { 'A>A': 190, 'B>B': 110, '->-': 20 } });
    expect(share(by.audit(lowered, 'honestly'), 60, 18)).toBeGreaterThan(often);
  });
  test('more records than that number are refused', () => {
    const tally = { cards: 320, cvrs: 321, votes: [190, 110] };
    expect(assertionsFor(contest, tally)).toMatchObject({
      ok: false,
      refusal: { code: 'more-cvrs-than-cards' },
    });
  });
});

test.each([
  polling({ kind: 'ALPHA' }, 400),
  comparison({ kind: 'adaptive' }, 400),
  comparison({ kind: 'COBRA', p2: 0.001 }, 400),
  oneAudit({ kind: 'adaptive' }, 400),
])('more phantoms than the margin: a full hand count in the end: $method, $rule', (by) => {
  const election = electionOf(named('too many phantoms: more than the margin'));
  const a = by.audit(election, 'honestly', true)(simulationRandom(19));
  expect(a).toMatchObject({
    ok: true,
    audit: { risk: 1, outcome: { kind: 'fullHandCountOrdered', why: 'all-drawn' } },
  });
});

test('every exception names a drill there is', () => {
  for (const [kind, attack] of doesNotApply) {
    expect(methods.map((m) => m.kind)).toContain(kind);
    expect(attacks.map((a) => a.name)).toContain(attack);
  }
});
