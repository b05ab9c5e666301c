// Stratified audits: the draw itself was made apart in each county or by each kind of equipment, so that cards of different strata had different
// chances and must not be pooled as if they had the same.
//
//   SUITE   one comparison and one polling stratum, Fisher's combination, whole rounds                          risk/suite.ts
//   UI-TS   any strata, product of martingales, the worst allocation of the tie                                 risk/uits.ts
//
// A card that cannot be found is the worst case in every stratum. (A deployed tool counts it as a card without a vote: 60 for the winner, 32
// for the loser, 8 missing gave p = 0.0156.)
import { assertionsFor, overstatement, scoreOnPaper, scoreTotal, upperBound } from '../assertions/index.ts';
import type { Assertion, ContestTally, OnPaper } from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import { adaptive, kelly, suite, unionIntersection } from '../risk/index.ts';
import type { ComparisonStratum, Discrepancies, PollingStratum, Random, Stratum } from '../risk/index.ts';
import type { CardRecord } from './cardComparison.ts';
import { expectedValues, hardest } from './expectation.ts';
import { isRiskLimit, judge, refuse, worst } from './outcome.ts';
import type { Assessment, AssertionRisk, AuditRefusal, SampleCounts, Size } from './outcome.ts';
import { readSample, type DrawnCards, type ReadSample } from './sample.ts';

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
  readonly random: Random;
}

/** The contest's result: the strata added up. */
export const together = (strata: readonly { readonly tally: ContestTally }[]): ContestTally => ({
  cards: strata.reduce((n, s) => n + s.tally.cards, 0),
  votes: (strata[0]?.tally.votes ?? []).map((_, c) =>
    strata.reduce((n, s) => n + (s.tally.votes[c] ?? 0), 0),
  ),
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
    const unknown = sample.cards.find((c) => s.records !== undefined && !s.records.has(c.card));
    if (unknown !== undefined) return refuse({ code: 'card-without-record', card: unknown.card });
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
    phantoms: 0,
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
          : judge({ assertions, sample: counts, targeted, next: () => nextSize(assertions, counts, audit) }),
    },
  };
}

function strataFault({ contest, strata }: StratifiedAudit): AuditRefusal | undefined {
  const fits = (s: AuditedStratum): boolean => s.tally.votes.length === contest.choices.length;
  if (strata.length > 0 && strata.every(fits) && contest.rule.kind !== 'instantRunoff') return undefined;
  return { code: 'rule-not-for-this-contest', contest: contest.id, rule: 'stratified' };
}

const suits = (strata: readonly AuditedStratum[], assertions: readonly Assertion[]): boolean =>
  strata.length === 2 &&
  strata.filter((s) => s.records !== undefined).length === 1 &&
  assertions.every((a) => a.claim.kind === 'moreVotes');

/** Votes of the assertion's winner and loser in a stratum. */
function pairIn(a: Assertion, tally: ContestTally): { winner: number; loser: number } {
  if (a.assorter.kind !== 'linear') throw new TypeError('a pair is a plurality assertion');
  const { weights } = a.assorter;
  return {
    winner: tally.votes[weights.indexOf(1)] ?? 0,
    loser: tally.votes[weights.indexOf(-1)] ?? 0,
  };
}

function suiteRisk(a: Assertion, samples: readonly ReadSample[], audit: StratifiedAudit): AssertionRisk {
  const at = audit.strata.findIndex((s) => s.records !== undefined);
  const [compared, polled] = [audit.strata[at]!, audit.strata[1 - at]!];
  const comparison: ComparisonStratum = {
    cards: compared.tally.cards,
    ...pairIn(a, compared.tally),
    discrepancies: discrepancies(a, samples[at]!, compared, audit.cardStyles),
  };
  const scores = samples[1 - at]!.cards.map((c) => scoreOnPaper(a.assorter, c.paper, audit.cardStyles));
  const polling: PollingStratum = {
    cards: polled.tally.cards,
    ...pairIn(a, polled.tally),
    sample: {
      n: scores.length,
      winner: scores.filter((s) => s > 0).length,
      // A card not found has the lowest score.
      loser: scores.filter((s) => s < 0).length,
    },
  };
  const { p } = suite(comparison, polling);
  return { assertion: a, p, met: p <= audit.riskLimit, exactly: false, statistic: Float64Array.of(1 / p) };
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
  const strata = audit.strata.map((s, i) => stratumOf(a, s, samples[i]!.cards, audit.cardStyles));
  const { p, statistic } = unionIntersection(
    strata,
    audit.rule?.kind === 'UI-TS' ? audit.rule.bands : undefined,
  );
  return {
    assertion: a,
    p,
    met: p <= audit.riskLimit,
    exactly: false,
    statistic: Float64Array.of(statistic),
  };
}

/** A stratum as a game: A(paper) where it is polled, u + A(paper) - A(record) where it is compared. */
function stratumOf(
  a: Assertion,
  s: AuditedStratum,
  cards: readonly { readonly card: string; readonly paper: OnPaper }[],
  cardStyles: boolean,
): Stratum {
  const { half } = a.assorter;
  const u = upperBound(a.assorter);
  const N = s.tally.cards;
  const reported = 1 / 2 + scoreTotal(a.assorter, s.tally) / (2 * half * N);
  if (s.records === undefined) {
    const x = cards.map((c) => (half + scoreOnPaper(a.assorter, c.paper, cardStyles)) / (2 * half));
    const { values, counts } = expectedValues(a, s.tally);
    return { N, x, upper: u, u, shift: 0, strategy: kelly({ values, weights: counts }) };
  }
  const x = cards.map((c) => {
    const paper = (half + scoreOnPaper(a.assorter, c.paper, cardStyles)) / (2 * half);
    return u + paper - (half + said(a, s.records!.get(c.card)!)) / (2 * half);
  });
  return { N, x, upper: 2 * u, u, shift: u - reported, strategy: adaptive({ noError: u, maxLoss: 0.9 }) };
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
  readonly rule?: { readonly kind: 'SUITE' };
}

export interface StratifiedSize {
  readonly size: Size;
  /** Cards by stratum, in proportion to their cards. */
  readonly byStratum: readonly number[];
}

/** How many cards, if every sample is exactly as reported? By SUITE, the strata sampled in proportion. */
export function planStratified(
  plan: StratifiedPlan,
): ({ readonly ok: true } & StratifiedSize) | Extract<Assessment, { ok: false }> {
  const { contest, riskLimit, strata } = plan;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const tally = together(strata);
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const compared = strata.find((s) => s.compared);
  const polled = strata.find((s) => !s.compared);
  if (strata.length !== 2 || compared === undefined || polled === undefined)
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: 'SUITE' });
  const N = tally.cards;
  const risk = (n: number): number => {
    const [n1, n2] = [Math.ceil((n * compared.tally.cards) / N), Math.ceil((n * polled.tally.cards) / N)];
    return Math.max(
      ...found.assertions.map((a) => {
        const p2 = pairIn(a, polled.tally);
        const seen = (votes: number): number => Math.floor((votes * n2) / polled.tally.cards);
        // What rounding leaves over goes to the loser.
        const winner = seen(p2.winner);
        const loser = n2 - winner - seen(polled.tally.cards - p2.winner - p2.loser);
        return suite(
          {
            cards: compared.tally.cards,
            ...pairIn(a, compared.tally),
            discrepancies: { n: n1, o1: 0, o2: 0, u1: 0, u2: 0 },
          },
          {
            cards: polled.tally.cards,
            ...p2,
            sample: { n: n2, winner, loser },
          },
        ).p;
      }),
    );
  };
  let [low, high] = [0, 64];
  while (high < N && risk(high) > riskLimit) [low, high] = [high, 2 * high];
  high = Math.min(high, N);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (risk(middle) <= riskLimit) high = middle;
    else low = middle;
  }
  return {
    ok: true,
    size: { expected: high, p90: Math.min(N, Math.ceil(1.5 * high)), unit: 'cards' },
    byStratum: strata.map((s) => Math.ceil((high * s.tally.cards) / N)),
  };
}

/** If what was seen goes on: ln T grows in proportion to the cards. */
function nextSize(assertions: readonly AssertionRisk[], counts: SampleCounts, audit: StratifiedAudit): Size {
  const a = hardest(assertions.filter((r) => !r.met).map((r) => r.assertion));
  const risk = assertions.find((r) => r.assertion === a)!;
  const grown = Math.log(risk.statistic.at(-1) ?? 1);
  const goal = Math.log(1 / audit.riskLimit);
  const n = grown <= 0 ? counts.population : Math.ceil((counts.interpreted * goal) / grown);
  const expected = Math.min(counts.population, Math.max(n, counts.interpreted + 1));
  return { expected, p90: Math.min(counts.population, Math.ceil(1.5 * expected)), unit: 'cards' };
}
