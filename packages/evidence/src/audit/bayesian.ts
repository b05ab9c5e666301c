// Bayesian risk-limiting ballot polling (Vora 2019) for one pair at a time: half of the prior on the tie. The published rule compares the
// upset probability with the limit; what that guarantees over many elections is alpha/(1 - alpha) (risk/bayesian.ts), so that we confirm by
// the p-value 1/T, which guarantees alpha, and report both.
import { assertionsFor, scoreOnPaper, type Assertion, type ContestTally } from '../assertions/index.ts';
import type { Contest } from '../election/index.ts';
import { binomialTail, brla, brlaMeets } from '../risk/index.ts';
import { hardest } from './expectation.ts';
import { isRiskLimit, judge, refuse, settled, worst } from './outcome.ts';
import type { Assessment, AssertionRisk, Size } from './outcome.ts';
import { readSample, type DrawnCards } from './sample.ts';

export interface BayesianAudit extends DrawnCards {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  readonly cardStyles: boolean;
  readonly targeted?: boolean;
  /** Cumulative cards at the end of each round, for the history alone (T is a martingale: any time is valid); absent: one round. */
  readonly rounds?: readonly number[];
}

/** The assessment, and the upset probability of each assertion as the paper's rule reports it. */
export function assessBayesian(
  audit: BayesianAudit,
): (Assessment & { ok: true; upsets: readonly number[] }) | Extract<Assessment, { ok: false }> {
  const { contest, tally, riskLimit, targeted = true } = audit;
  if (!isRiskLimit(riskLimit)) return refuse({ code: 'no-risk-limit', riskLimit });
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  if (!found.assertions.every((a) => a.claim.kind === 'moreVotes'))
    return refuse({ code: 'rule-not-for-this-contest', contest: contest.id, rule: 'Bayesian' });
  const sample = readSample(audit, tally.cards, contest.choices.length);
  if (!sample.ok) return sample;
  const upsets: number[] = [];
  const assertions = found.assertions.map((a): AssertionRisk => {
    const scores = sample.cards.map((c) => scoreOnPaper(a.assorter, c.paper, audit.cardStyles));
    const { N, n, k } = seen(a, scores, tally);
    const { p, upset, odds } = brla(N, n, k);
    upsets.push(upset);
    const ends = (audit.rounds ?? []).filter((cards) => cards < scores.length);
    const before = ends.map((cards) => {
      const then = votesIn(scores.slice(0, cards));
      return brla(N, then.n, then.k).odds;
    });
    const statistic = Float64Array.of(...before, odds);
    if (scores.length === tally.cards)
      return settled(a, scores.reduce((sum, s) => sum + s, 0) > 0, statistic);
    return { assertion: a, p, ...brlaMeets(N, n, k, riskLimit), statistic };
  });
  const counts = {
    population: tally.cards,
    drawn: audit.drawn.length,
    interpreted: sample.cards.length,
    pending: sample.pending,
    notFound: sample.notFound,
    phantoms: 0,
  };
  return {
    ok: true,
    upsets,
    audit: {
      contest: contest.id,
      method: 'Bayesian',
      rule: 'BRLA',
      riskLimit,
      risk: worst(assertions),
      assertions,
      sample: counts,
      outcome:
        sample.pending > 0
          ? { kind: 'insufficientEvidence', why: 'pending-cards' }
          : judge({
              assertions,
              sample: counts,
              targeted,
              next: () => size(found.assertions, tally, riskLimit),
            }),
    },
  };
}

/**
 * Ballots for either of the two, and for the winner. The count of such ballots is the reported one; cards not found count for the loser. Where
 * more were drawn than are reported the larger number stands.
 */
function seen(
  a: Assertion,
  scores: readonly number[],
  tally: ContestTally,
): { N: number; n: number; k: number } {
  const { n, k } = votesIn(scores);
  return { N: Math.max(n, pairBallots(a, tally).both), n, k };
}

/** Cards with a vote for either of the two, and those for the winner among them. */
function votesIn(scores: readonly number[]): { n: number; k: number } {
  const k = scores.filter((s) => s > 0).length;
  return { n: k + scores.filter((s) => s < 0).length, k };
}

function pairBallots({ assorter }: Assertion, tally: ContestTally): { winner: number; both: number } {
  if (assorter.kind !== 'linear') throw new TypeError('a pair is a plurality assertion');
  const winner = tally.votes[assorter.weights.indexOf(1)] ?? 0;
  return { winner, both: winner + (tally.votes[assorter.weights.indexOf(-1)] ?? 0) };
}

export interface BayesianPlan {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
}

export function planBayesian(
  plan: BayesianPlan,
): { readonly ok: true; readonly size: Size } | Extract<Assessment, { ok: false }> {
  const found = assertionsFor(plan.contest, plan.tally);
  if (!found.ok) return found;
  if (!found.assertions.every((a) => a.claim.kind === 'moreVotes'))
    return refuse({ code: 'rule-not-for-this-contest', contest: plan.contest.id, rule: 'Bayesian' });
  return { ok: true, size: size(found.assertions, plan.tally, plan.riskLimit) };
}

/** One round large enough to end in half of all cases, and in nine of ten. */
function size(assertions: readonly Assertion[], tally: ContestTally, alpha: number): Size {
  const { winner, both } = pairBallots(hardest(assertions), tally);
  const p1 = winner / both;
  const least = (q: number): number => {
    const ends = (n: number): boolean => binomialTail(n, p1, kmin(both, n, alpha)) >= q;
    let [low, high] = [0, 16];
    while (high < both && !ends(high)) [low, high] = [high, 2 * high];
    high = Math.min(high, both);
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (ends(middle)) high = middle;
      else low = middle;
    }
    return Math.min(tally.cards, Math.ceil((high * tally.cards) / both));
  };
  return { expected: least(0.5), p90: least(0.9), unit: 'cards' };
}

/** The least votes for the winner among n with p at most alpha. */
function kmin(N: number, n: number, alpha: number): number {
  let [low, high] = [-1, n + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (brla(N, n, middle).p <= alpha) high = middle;
    else low = middle;
  }
  return high > n ? Infinity : high;
}
