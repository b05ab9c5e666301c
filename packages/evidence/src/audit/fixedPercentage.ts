// Fixed-percentage audits (California's 1 %, Arizona's 2 %, and many more statutes): a share of the precincts or batches, whatever the margin.
// They find faults in equipment and procedure; they limit no risk. So the outcome is always "insufficient evidence: no risk limit", beside
// what was found, and the risk that *can* be measured from the same batches if they were drawn at random, which is often large.
import { assertionsFor, type Assertion } from '../assertions/index.ts';
import { adaptive, testMean } from '../risk/index.ts';
import { batchFault, type BatchAudit, type ReportedBatch } from './batchComparison.ts';
import { refuse, worst } from './outcome.ts';
import type { Assessment, AssertionRisk } from './outcome.ts';

export interface FixedPercentageAudit extends Pick<BatchAudit, 'contest' | 'tally' | 'batches' | 'counted'> {
  /** The batches examined, in the order drawn. */
  readonly draws: readonly string[];
  /** The share the statute names: 0.01. */
  readonly share: number;
  /** Were they drawn at random, each batch with the same chance? Otherwise no risk can be measured. */
  readonly atRandom: boolean;
}

export interface FixedPercentage {
  /** Batches the statute asks for, rounded up, and those examined. */
  readonly due: number;
  readonly examined: number;
  /** Examined batches whose hand count differs, and the votes by which they do, added up without sign. */
  readonly differing: readonly { readonly batch: string; readonly votes: number }[];
}

/** How many batches a share comes to, rounded up. */
export const planFixedPercentage = (batches: number, share: number): number =>
  Math.ceil(batches * share - 1e-9);

export function assessFixedPercentage(
  audit: FixedPercentageAudit,
): (Assessment & { ok: true; found: FixedPercentage }) | Extract<Assessment, { ok: false }> {
  const { contest, tally, batches, counted, draws, share } = audit;
  const found = assertionsFor(contest, tally);
  if (!found.ok) return found;
  const place = new Map(batches.map((b) => [b.name, b]));
  const twice = draws.find((b, i) => draws.indexOf(b) !== i);
  if (twice !== undefined) return refuse({ code: 'card-drawn-twice', card: twice });
  const fault = batchFault(audit, found.assertions);
  if (fault !== undefined) return refuse(fault);
  const examined = draws.filter((b) => counted.has(b));
  const differing = examined.flatMap((name) => {
    const hand = counted.get(name)!;
    const reported = place.get(name)!;
    if (hand.kind === 'notFound') return [{ batch: name, votes: reported.votes.reduce((a, b) => a + b, 0) }];
    const votes = reported.votes.reduce((sum, v, c) => sum + Math.abs(v - (hand.votes[c] ?? 0)), 0);
    return votes === 0 ? [] : [{ batch: name, votes }];
  });
  const assertions = audit.atRandom ? found.assertions.map((a) => measured(a, examined, place, audit)) : [];
  return {
    ok: true,
    found: { due: planFixedPercentage(batches.length, share), examined: examined.length, differing },
    audit: {
      contest: contest.id,
      method: 'fixed percentage',
      rule: 'statute',
      riskLimit: 1,
      risk: worst(assertions),
      assertions,
      sample: {
        population: batches.length,
        drawn: draws.length,
        interpreted: examined.length,
        pending: draws.length - examined.length,
        notFound: examined.filter((b) => counted.get(b)!.kind === 'notFound').length,
        phantoms: 0,
      },
      outcome: { kind: 'insufficientEvidence', why: 'no-risk-limit' },
    },
  };
}

/**
 * Equal chances, without replacement (ALPHA section 4.1): x_b = c - E_b with E_b = reported score - counted score and c the largest E_b
 * there could be; the assertion is false exactly if the mean of x is at most c - V/B.
 */
function measured(
  a: Assertion,
  examined: readonly string[],
  place: ReadonlyMap<string, ReportedBatch>,
  { batches, counted }: FixedPercentageAudit,
): AssertionRisk {
  const { assorter, total } = a;
  const weights = assorter.kind === 'linear' ? assorter.weights : [];
  const scoreOf = (votes: readonly number[]): number =>
    weights.reduce((s, w, c) => s + w * (votes[c] ?? 0), 0);
  const c = Math.max(...batches.map((b) => scoreOf(b.votes) + assorter.half * b.cards));
  const least = Math.min(...batches.map((b) => scoreOf(b.votes) - assorter.top * b.cards));
  const t = c - total / batches.length;
  // A hand count that differs by more than the batch has cards is the worst it could be.
  const error = (name: string): number => {
    const hand = counted.get(name)!;
    const { votes, cards } = place.get(name)!;
    const bound = scoreOf(votes) + assorter.half * cards;
    if (hand.kind === 'notFound') return bound;
    return Math.min(
      bound,
      Math.max(scoreOf(votes) - assorter.top * cards, scoreOf(votes) - scoreOf(hand.votes)),
    );
  };
  const x = examined.map((name) => c - error(name));
  if (!(t > 0))
    return {
      assertion: a,
      p: 1,
      met: false,
      exactly: false,
      statistic: new Float64Array(examined.length).fill(1),
    };
  const { p, statistic } = testMean(
    x,
    { N: batches.length, t, u: c - least },
    adaptive({ noError: c, maxLoss: 0.9 }),
  );
  return { assertion: a, p, met: false, exactly: false, statistic };
}
