// Stratified audits: the draw itself was made apart in each county or by each kind of equipment, so that cards of different strata had different
// chances and must not be pooled as if they had the same.
//
//   SUITE   one comparison and one polling stratum, Fisher's combination, whole rounds                          risk/suite.ts
//   UI-TS   any strata, product of martingales, the worst allocation of the tie                                 risk/uits.ts
//
// A card that cannot be found is the worst case in every stratum. (A deployed tool counts it as a card without a vote: 60 for the winner, 32
// for the loser, 8 missing gave p = 0.0156.)
import { assertionsFor, overstatement, scoreOnPaper, scoreTotal } from '../assertions/index.ts';
import type { Assertion, ContestTally, OnPaper } from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import {
  ratio,
  suite,
  suiteMeets,
  unionIntersection,
  unionIntersectionHistory,
  unionIntersectionMeets,
} from '../risk/index.ts';
import type { Discrepancies, Random, Rates, Stratum } from '../risk/index.ts';
import type { CardRecord } from './cardComparison.ts';
import { hardest } from './expectation.ts';
import { isRiskLimit, judge, refuse, worst } from './outcome.ts';
import type { Assessment, AssertionRisk, AuditRefusal, SampleCounts, Size } from './outcome.ts';
import { readSample, type DrawnCards, type ReadSample } from './sample.ts';
import { gameOf, inProportion, pairIn, suiteSize, unionSize, type SuiteStrata } from './stratifiedSize.ts';

/** One stratum: its reported result, its own sample, and the records where it is compared. */
export interface AuditedStratum extends DrawnCards {
  readonly name: string;
  readonly tally: ContestTally;
  /** Present: card comparison. Absent: ballot polling. */
  readonly records?: ReadonlyMap<string, CardRecord>;
}

export interface StratifiedAudit {
  readonly contest: Contest;
  readonly riskLimit: number;
  readonly strata: readonly AuditedStratum[];
  readonly rule?:
    | { readonly kind: 'SUITE' }
    /** `bands` of two strata's line of nulls: more are sharper and slower, any number is valid. Default 100. */
    | { readonly kind: 'UI-TS'; readonly bands?: number };
  readonly cardStyles: boolean;
  readonly targeted?: boolean;
  /** Of SUITE, which judges whole rounds: cumulative cards by stratum at the end of each, for the history alone; absent: one round. */
  readonly rounds?: readonly (readonly number[])[];
  readonly random: Random;
  readonly runs?: number;
}

/** The contest's result: the strata added up. */
export const together = (strata: readonly { readonly tally: ContestTally }[]): ContestTally => ({
  cards: strata.reduce((n, s) => n + s.tally.cards, 0),
  votes: (strata[0]?.tally.votes ?? []).map((_, c) =>
    strata.reduce((n, s) => n + (s.tally.votes[c] ?? 0), 0),
  ),
  ...(strata.length > 0 && strata.every((s) => s.tally.rankings !== undefined)
    ? { rankings: strata.flatMap((s) => s.tally.rankings ?? []) }
    : {}),
});

export function assessStratified(audit: StratifiedAudit): Assessment {
  const { contest, riskLimit, strata, rule = { kind: 'UI-TS' }, targeted = true } = audit;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const bad = strataFault(audit);
  if (bad !== undefined) return refuse(bad);
  const tally = together(strata);
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const samples: ReadSample[] = [];
  for (const s of strata) {
    const withReplacement = s.withReplacement === true || (rule.kind === 'SUITE' && s.records !== undefined);
    const sample = readSample({ ...s, withReplacement }, s.tally.cards, contest.choices.length);
    if (!sample.ok) return sample;
    for (const { card } of s.records === undefined ? [] : sample.cards) {
      const record = s.records!.get(card);
      // A pool is a stratum of its own here, or everything is one draw (oneAudit.ts).
      if (record === undefined || record.kind === 'pooled')
        return refuse({ code: 'card-without-record', card });
      if (record.kind === 'contestAbsent' && audit.cardStyles)
        return refuse({ code: 'record-without-contest', card });
    }
    samples.push(sample);
  }
  if (rule.kind === 'SUITE' && !suits(strata, found.assertions))
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: 'SUITE' });
  const assertions = found.assertions.map((a) =>
    rule.kind === 'SUITE' ? suiteRisk(a, samples, audit) : unionRisk(a, samples, audit),
  );
  const sum = (f: (s: ReadSample) => number): number => samples.reduce((n, s) => n + f(s), 0);
  const counts: SampleCounts = {
    population: tally.cards,
    drawn: strata.reduce((n, s) => n + s.drawn.length, 0),
    interpreted: sum((s) => s.cards.length),
    pending: sum((s) => s.pending),
    notFound: sum((s) => s.notFound),
    phantoms: strata.reduce(
      (n, s, i) => n + samples[i]!.cards.filter((c) => s.records?.get(c.card)?.kind === 'phantom').length,
      0,
    ),
  };
  return {
    ok: true,
    audit: {
      contest: contest.id,
      method: 'stratified',
      rule: rule.kind,
      riskLimit,
      risk: worst(assertions),
      assertions,
      sample: counts,
      outcome:
        counts.pending > 0
          ? { kind: 'insufficientEvidence', why: 'pending-cards' }
          : judge({ assertions, sample: counts, targeted, next: () => nextSize(assertions, samples, audit) }),
    },
  };
}

function strataFault({ contest, strata }: StratifiedAudit): AuditRefusal | undefined {
  const ranked = contest.rule.kind === 'instantRunoff';
  const fits = (s: AuditedStratum): boolean =>
    ranked ? s.tally.rankings !== undefined : s.tally.votes.length === contest.choices.length;
  if (strata.length === 0 || !strata.every(fits))
    return { code: 'rule-not-for-this-contest', contest: contest.id, rule: 'stratified' };
  for (const { tally } of strata) {
    const { cards, cvrs = 0, votes } = tally;
    if (cvrs > cards) return { code: 'more-cvrs-than-cards', contest: contest.id, cvrs, cards };
    const most = Math.max(0, ...votes);
    if (most > cards) return { code: 'more-votes-than-cards', contest: contest.id, votes: most, most: cards };
  }
  return undefined;
}

const suits = (
  strata: readonly { readonly records?: unknown }[],
  assertions: readonly Assertion[],
): boolean =>
  strata.length === 2 &&
  strata.filter((s) => s.records !== undefined).length === 1 &&
  assertions.every((a) => a.claim.kind === 'moreVotes');

function suiteRisk(a: Assertion, samples: readonly ReadSample[], audit: StratifiedAudit): AssertionRisk {
  const { comparison, polling } = suiteStrata(a, samples, audit);
  const { met, exactly } = suiteMeets(comparison, polling, audit.riskLimit);
  const { p } = suite(comparison, polling);
  // p is a bound a millionth above the largest value found; where that is below the limit, so is what p bounds.
  const risk = met ? Math.min(p, audit.riskLimit) : p;
  const before = (audit.rounds ?? [])
    .filter((ends) => samples.some(({ cards }, i) => ends[i]! < cards.length))
    .map((ends) => {
      const then = suiteStrata(a, samples.map((of, i) => ({ ...of, cards: of.cards.slice(0, ends[i]) })), audit); // oxfmt-ignore
      return 1 / suite(then.comparison, then.polling).p;
    });
  return { assertion: a, p: risk, met, exactly, statistic: Float64Array.of(...before, 1 / risk) };
}

function suiteStrata(a: Assertion, samples: readonly ReadSample[], audit: StratifiedAudit): SuiteStrata {
  const at = audit.strata.findIndex((s) => s.records !== undefined);
  const [compared, polled] = [audit.strata[at]!, audit.strata[1 - at]!];
  const scores = samples[1 - at]!.cards.map((c) => scoreOnPaper(a.assorter, c.paper, audit.cardStyles));
  return {
    comparison: {
      cards: compared.tally.cards,
      ...pairIn(a, compared.tally),
      discrepancies: discrepancies(a, samples[at]!, compared, audit.cardStyles),
    },
    polling: {
      cards: polled.tally.cards,
      ...pairIn(a, polled.tally),
      sample: {
        n: scores.length,
        winner: scores.filter((s) => s > 0).length,
        // A card not found has the lowest score.
        loser: scores.filter((s) => s < 0).length,
      },
    },
  };
}

/** Overstated votes of a pair, card by card. */
function discrepancies(
  a: Assertion,
  sample: ReadSample,
  stratum: AuditedStratum,
  cardStyles: boolean,
): Discrepancies {
  const d = { n: sample.cards.length, o1: 0, o2: 0, u1: 0, u2: 0 };
  for (const { card, paper } of sample.cards) {
    const votes = said(a, stratum.records!.get(card)!) - scoreOnPaper(a.assorter, paper, cardStyles);
    if (votes === 1) d.o1++;
    else if (votes === 2) d.o2++;
    else if (votes === -1) d.u1++;
    else if (votes === -2) d.u2++;
  }
  return d;
}

/** The score a record claims; what is withheld claims the best. */
function said(a: Assertion, record: CardRecord): number {
  if (record.kind === 'redacted') return a.assorter.top;
  if (record.kind !== 'marks') return 0;
  const { numerator, denominator } = overstatement(a.assorter, record, { kind: 'marks', marks: [] }, false);
  return (2 * a.assorter.half * numerator) / denominator;
}

function unionRisk(a: Assertion, samples: readonly ReadSample[], audit: StratifiedAudit): AssertionRisk {
  const strata = gameStrata(a, samples, audit);
  const bands = audit.rule?.kind === 'UI-TS' ? audit.rule.bands : undefined;
  const played = unionIntersection(strata, bands);
  const { met, exactly } = unionIntersectionMeets(strata, played, audit.riskLimit);
  return { assertion: a, p: played.p, met, exactly, statistic: unionIntersectionHistory(played) };
}

const gameStrata = (a: Assertion, samples: readonly ReadSample[], audit: StratifiedAudit): Stratum[] =>
  audit.strata.map((s, i) => stratumOf(a, s, samples[i]!.cards, audit.cardStyles));

function stratumOf(
  a: Assertion,
  { tally, records }: AuditedStratum,
  cards: readonly { readonly card: string; readonly paper: OnPaper }[],
  cardStyles: boolean,
): Stratum {
  const { half, top } = a.assorter;
  const game = gameOf(a, { tally, compared: records !== undefined, seen: [] });
  const scores = cards.map((c) => scoreOnPaper(a.assorter, c.paper, cardStyles));
  // Of a compared stratum u + A(paper) - A(record), of a polled one A(paper); times 2 half.
  const x2 = scores.map((s, i) => half + s + (records === undefined ? 0 : top - said(a, records.get(cards[i]!.card)!))); // oxfmt-ignore
  return {
    ...game,
    x: x2.map((x) => x / (2 * half)),
    exact: () => {
      const N = tally.cards;
      const shift = records === undefined ? ratio(0n) : ratio(top * N - scoreTotal(a.assorter, tally), 2 * half * N); // oxfmt-ignore
      return { x: x2.map((x) => ratio(x, 2 * half)), shift, u: ratio(half + top, 2 * half) };
    },
  };
}

export interface StratifiedPlan {
  readonly contest: Contest;
  readonly riskLimit: number;
  /** Reported results; `compared` where cards can be found by their record. */
  readonly strata: readonly {
    readonly name: string;
    readonly tally: ContestTally;
    readonly compared: boolean;
  }[];
  readonly rule?: { readonly kind: 'SUITE' | 'UI-TS' };
  /** Rates at which discrepancies are expected in the compared strata. */
  readonly rates?: Rates;
  readonly random: Random;
  readonly runs?: number;
}

export interface StratifiedSize {
  readonly size: Size;
  /** Cards by stratum, in proportion to their cards, at the size expected. */
  readonly byStratum: readonly number[];
}

const none: Rates = { o1: 0, o2: 0, u1: 0, u2: 0 };

/** How many cards, the strata sampled in proportion, if the reported results are right? */
export function planStratified(
  plan: StratifiedPlan,
): ({ readonly ok: true } & StratifiedSize) | Extract<Assessment, { ok: false }> {
  const { contest, riskLimit, strata, rule = { kind: 'UI-TS' }, rates = none, random } = plan;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const found = assertionsFor(contest, together(strata));
  if (!found.ok) return found;
  const a = hardest(found.assertions);
  const tallies = strata.map((s) => s.tally);
  const sized = (size: Size) =>
    ({ ok: true, size, byStratum: inProportion(tallies, size.expected) }) as const;
  if (rule.kind === 'UI-TS') {
    const game = strata.map((s) => ({ ...s, seen: [] }));
    return sized(unionSize(a, game, { riskLimit, rates, random, runs: plan.runs ?? 20 }));
  }
  const [compared, polled] = [strata.find((s) => s.compared), strata.find((s) => !s.compared)];
  const pairs = found.assertions.every((x) => x.claim.kind === 'moreVotes');
  if (strata.length !== 2 || compared === undefined || polled === undefined || !pairs)
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: 'SUITE' });
  const empty = {
    comparison: {
      cards: compared.tally.cards,
      ...pairIn(a, compared.tally),
      discrepancies: { n: 0, o1: 0, o2: 0, u1: 0, u2: 0 },
    },
    polling: { cards: polled.tally.cards, ...pairIn(a, polled.tally), sample: { n: 0, winner: 0, loser: 0 } },
  };
  return sized(suiteSize(empty, { riskLimit, rates, random, runs: plan.runs ?? 300 }));
}

/** The cards in all that the next round should reach, if errors go on as they came and the rest is as reported. */
function nextSize(
  assertions: readonly AssertionRisk[],
  samples: readonly ReadSample[],
  audit: StratifiedAudit,
): Size {
  const { riskLimit, random, strata } = audit;
  const a = hardest(assertions.filter((r) => !r.met).map((r) => r.assertion));
  if (audit.rule?.kind === 'SUITE') {
    const pair = suiteStrata(a, samples, audit);
    const { n, o1, o2, u1, u2 } = pair.comparison.discrepancies;
    const rates = n === 0 ? none : { o1: o1 / n, o2: o2 / n, u1: u1 / n, u2: u2 / n };
    return suiteSize(pair, { riskLimit, rates, random, runs: audit.runs ?? 200 });
  }
  const games = gameStrata(a, samples, audit);
  const seen = games.map((g, i) => ({
    tally: strata[i]!.tally,
    compared: strata[i]!.records !== undefined,
    seen: [...(g.x as readonly number[])],
  }));
  return unionSize(a, seen, { riskLimit, rates: ratesSeen(games, seen), random, runs: audit.runs ?? 20 });
}

/** Shares of the compared cards so far with each discrepancy: u without error, half a vote's worth either way, or more. */
function ratesSeen(
  games: readonly Stratum[],
  seen: readonly { compared: boolean; seen: readonly number[] }[],
): Rates {
  const off = seen.flatMap((s, i) => (s.compared ? s.seen.map((x) => x - games[i]!.u) : []));
  const share = (test: (d: number) => boolean): number =>
    off.length === 0 ? 0 : off.filter(test).length / off.length;
  return {
    o2: share((d) => d < -3 / 4),
    o1: share((d) => d < -1e-9 && d >= -3 / 4),
    u1: share((d) => d > 1e-9 && d <= 3 / 4),
    u2: share((d) => d > 3 / 4),
  };
}
