// Ballot polling: cards drawn at random, read by people, and nothing else. Needs no cast vote records; the sample grows with 1/margin^2.
//
//   ALPHA, aGRAPA, Kelly   draw by draw, without replacement (best practice)              risk/alpha.ts, agrapa.ts, kelly.ts
//   BRAVO                  at the end of a round, from the counts (as Arlo runs it)       risk/bravo.ts
//   Minerva, Providence    round by round; Minerva only with a fresh seed each round      risk/minerva.ts
//
// The number of cards is counted in cards. Half the cards of a vote-for-2 contest hold as many votes as the contest has cards, and are
// not a full count (a fault of a deployed tool).
import {
  assertionsFor,
  scoreOnPaper,
  upperBound,
  type Assertion,
  type ContestTally,
  type OnPaper,
} from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import {
  agrapa,
  bravoMeets,
  bravoRisk,
  decide,
  kelly,
  minerva,
  nextRoundSize,
  bravoRoundSize,
  bravoAsn,
  providence,
  ratio,
  reaches,
  testMean,
  truncatedShrinkage,
  type Null,
  type Random,
  type Round,
  type Strategy,
} from '../risk/index.ts';
import { expectedValues, hardest, remaining } from './expectation.ts';
import { isRiskLimit, judge, refuse, settled, worst } from './outcome.ts';
import type { Assessment, AssertionRisk, Size } from './outcome.ts';
import { readSample, type DrawnCards } from './sample.ts';
import { mean, quantile, simulateDraws } from './simulate.ts';

export type PollingRule =
  | { readonly kind: 'ALPHA'; readonly d?: number }
  | { readonly kind: 'aGRAPA' }
  /** The reported result taken for the truth, with at most this share of the fortune at stake (default 0.95). */
  | { readonly kind: 'Kelly'; readonly maxLoss?: number }
  /** Judged at the end of the sample. `rounds`: cumulative cards at the end of each round, for the history alone; absent: one round. */
  | { readonly kind: 'BRAVO'; readonly rounds?: readonly number[] }
  | {
      readonly kind: 'Minerva' | 'Athena' | 'Providence';
      /** Cumulative cards drawn at the end of each round; the last is the sample's length. */
      readonly rounds: readonly number[];
      /** Was each round drawn with a seed of its own, after the round before was over? */
      readonly freshSeedEachRound: boolean;
    };

export interface PollingAudit extends DrawnCards {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly rule?: PollingRule;
  /** With card-style data, a sampled card that should hold the contest and does not is the worst case. */
  readonly cardStyles: boolean;
  /** False for a contest that happens to be on sampled cards. */
  readonly targeted?: boolean;
  /** For the size of the next round. */
  readonly random: Random;
  readonly runs?: number;
}

/** What do these interpretations prove? */
export function assessBallotPolling(audit: PollingAudit): Assessment {
  const { contest, tally, riskLimit, rule = { kind: 'ALPHA' }, targeted = true } = audit;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const sample = readSample(audit, tally.cards, contest.choices.length);
  if (!sample.ok) return sample;
  if (!isSequential(rule) && !found.assertions.every(isPair))
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: rule.kind });
  const papers = sample.cards.map((c) => c.paper);
  const assertions = found.assertions.map((a) => riskOf(a, papers, rule, audit));
  const counts = {
    population: tally.cards,
    drawn: audit.drawn.length,
    interpreted: papers.length,
    pending: sample.pending,
    notFound: sample.notFound,
    phantoms: 0,
  };
  const why = cannotJudge(rule, sample.pending);
  return {
    ok: true,
    audit: {
      contest: contest.id,
      method: 'ballot polling',
      rule: rule.kind,
      riskLimit,
      risk: worst(assertions),
      assertions,
      sample: counts,
      outcome:
        why === undefined
          ? judge({
              assertions,
              sample: counts,
              targeted,
              next: () => nextSize(assertions, papers, rule, audit),
            })
          : { kind: 'insufficientEvidence', why },
    },
  };
}

const isSequential = (rule: PollingRule): boolean =>
  rule.kind === 'ALPHA' || rule.kind === 'aGRAPA' || rule.kind === 'Kelly';

const isPair = ({ claim }: Assertion): boolean => claim.kind === 'moreVotes';

function cannotJudge(
  rule: PollingRule,
  pending: number,
): 'pending-cards' | 'one-seed-for-all-rounds' | undefined {
  if (isSequential(rule)) return undefined;
  if (pending > 0) return 'pending-cards';
  if (rule.kind !== 'Minerva' && rule.kind !== 'Athena') return undefined;
  return rule.rounds.length > 1 && !rule.freshSeedEachRound ? 'one-seed-for-all-rounds' : undefined;
}

/** How ALPHA and its kin bet on this assertion. */
export function pollingStrategy(assertion: Assertion, tally: ContestTally, rule: PollingRule): Strategy {
  const { margin } = assertion;
  const eta0 = (1 + margin.numerator / margin.denominator) / 2;
  switch (rule.kind) {
    case 'aGRAPA':
      return agrapa({ lambda1: 2 * (2 * eta0 - 1), c0: 0.5, cMax: 0.99, grow: 1 });
    case 'Kelly': {
      const { values, counts } = expectedValues(assertion, tally);
      return kelly({ values, weights: counts }, rule.maxLoss ?? 0.95);
    }
    case 'ALPHA':
      return truncatedShrinkage({ eta0, d: rule.d ?? 100 });
    default:
      throw new TypeError(`${rule.kind} does not bet draw by draw`);
  }
}

function riskOf(
  a: Assertion,
  papers: readonly OnPaper[],
  rule: PollingRule,
  audit: PollingAudit,
): AssertionRisk {
  const { tally, riskLimit: alpha, cardStyles } = audit;
  const scores = papers.map((p) => scoreOnPaper(a.assorter, p, cardStyles));
  const complete = papers.length === tally.cards && audit.withReplacement !== true;
  const isTrue = scores.reduce((sum, s) => sum + s, 0) > 0;
  if (isSequential(rule)) {
    const { half, top } = a.assorter;
    const h: Null = {
      N: audit.withReplacement === true ? Infinity : tally.cards,
      t: 1 / 2,
      u: upperBound(a.assorter),
    };
    const x = scores.map((s) => (half + s) / (2 * half));
    const { statistic, bets, p } = testMean(x, h, pollingStrategy(a, tally, rule));
    if (complete) return settled(a, isTrue, statistic);
    const { met, exactly } = decide(p, alpha, () =>
      reaches(
        scores.map((s) => ratio(half + s, 2 * half)),
        { N: h.N, t: ratio(1, 2), u: ratio(half + top, 2 * half) },
        bets,
        alpha,
      ),
    );
    return { assertion: a, p, met, exactly, statistic };
  }
  if (complete) return settled(a, isTrue, new Float64Array());
  const pair = pairOf(a, tally);
  if (rule.kind === 'BRAVO') {
    const seen = pairCounts(scores);
    const p = bravoRisk(pair, seen);
    const ends = (rule.rounds ?? []).filter((n) => n < scores.length);
    const statistic = Float64Array.from([...ends, scores.length], (n) => 1 / bravoRisk(pair, pairCounts(scores.slice(0, n)))); // oxfmt-ignore
    return { assertion: a, p, ...bravoMeets(pair, seen, alpha), statistic };
  }
  const rounds = roundsOf(scores, rule);
  const results = roundResults(rule, pair, alpha, rounds);
  const last = results.at(-1);
  return {
    assertion: a,
    p: last?.p ?? 1,
    met: last?.met ?? false,
    exactly: last?.exactly ?? false,
    statistic: Float64Array.from(results, (r) => 1 / r.p),
  };
}

/** The reported votes of the assertion's winner and loser. */
function pairOf({ assorter }: Assertion, tally: ContestTally): { winner: number; loser: number } {
  if (assorter.kind !== 'linear') throw new TypeError('a pair is a plurality assertion');
  const votes = (sign: number): number => tally.votes[assorter.weights.findIndex((w) => w === sign)] ?? 0;
  return { winner: votes(1), loser: votes(-1) };
}

/** Cards for the winner and for the loser. A card not found has the lowest score, and so counts for the loser. */
const pairCounts = (scores: readonly number[]): { winner: number; loser: number } => ({
  winner: scores.filter((s) => s > 0).length,
  loser: scores.filter((s) => s < 0).length,
});

type RoundByRound = Extract<PollingRule, { freshSeedEachRound: boolean }>;

function roundsOf(scores: readonly number[], rule: PollingRule): Round[] {
  return (rule as RoundByRound).rounds.map((n) => {
    const { winner, loser } = pairCounts(scores.slice(0, n));
    return { n: winner + loser, k: winner };
  });
}

function roundResults(
  rule: PollingRule,
  pair: { winner: number; loser: number },
  alpha: number,
  rounds: readonly Round[],
) {
  const p1 = pair.winner / (pair.winner + pair.loser);
  const told = { p1, alpha, reported: pair };
  if (rule.kind === 'Providence') return providence(told, rounds);
  return minerva(rule.kind === 'Athena' ? { ...told, delta: 1 } : told, rounds);
}

function nextSize(
  assertions: readonly AssertionRisk[],
  papers: readonly OnPaper[],
  rule: PollingRule,
  audit: PollingAudit,
): Size {
  const { tally, riskLimit: alpha, random, runs = 200, cardStyles } = audit;
  const open = assertions.filter((a) => !a.met).map((a) => a.assertion);
  const a = hardest(open);
  if (isSequential(rule)) {
    const { half } = a.assorter;
    const seen = papers.map((p) => (half + scoreOnPaper(a.assorter, p, cardStyles)) / (2 * half));
    const draws = simulateDraws({
      h: { N: tally.cards, t: 1 / 2, u: upperBound(a.assorter) },
      strategy: pollingStrategy(a, tally, rule),
      population: remaining(expectedValues(a, tally), seen),
      alpha,
      random,
      runs,
      seen,
    });
    return { expected: Math.ceil(mean(draws)), p90: quantile(draws, 0.9), unit: 'cards' };
  }
  const pair = pairOf(a, tally);
  const share = (pair.winner + pair.loser) / tally.cards;
  const inCards = (ballots: number): number =>
    Math.min(tally.cards, papers.length + Math.ceil(Math.min(ballots, tally.cards) / share));
  if (rule.kind === 'BRAVO') {
    // From the statistic so far: the limit that is left to reach.
    const left = Math.min(
      1,
      alpha / bravoRisk(pair, pairCounts(papers.map((p) => scoreOnPaper(a.assorter, p, cardStyles)))),
    );
    return {
      expected: inCards(bravoAsn(pair, left)),
      p90: inCards(bravoRoundSize(pair, left, 0.9)),
      unit: 'cards',
    };
  }
  const rounds = roundsOf(
    papers.map((p) => scoreOnPaper(a.assorter, p, cardStyles)),
    rule,
  );
  const size = (q: number): number =>
    nextRoundSize(
      { p1: pair.winner / (pair.winner + pair.loser), alpha },
      rule.kind === 'Providence' ? 'providence' : 'minerva',
      rounds,
      q,
    );
  return { expected: inCards(size(0.5)), p90: inCards(size(0.9)), unit: 'cards' };
}

export interface PollingPlan {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly rule?: PollingRule;
  readonly random: Random;
  readonly runs?: number;
}

/** How many cards will it take, if the reported result is right? */
export function planBallotPolling(
  plan: PollingPlan,
): { ok: true; size: Size } | Extract<Assessment, { ok: false }> {
  const { contest, tally, riskLimit, rule = { kind: 'ALPHA' } } = plan;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  if (!isSequential(rule) && !found.assertions.every(isPair))
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: rule.kind });
  const none = found.assertions.map((assertion) => ({
    assertion,
    p: 1,
    met: false,
    exactly: false,
    statistic: new Float64Array(),
  }));
  const first = 'rounds' in rule ? { ...rule, rounds: [] } : rule;
  return {
    ok: true,
    size: nextSize(none, [], first, { ...plan, drawn: [], interpretations: new Map(), cardStyles: false }),
  };
}
