// Several contests on one sample of cards: each has its reported result, risk limit and method, and all of them read the same interpretations. No
// figure needs a correction for their number: each contest's risk limit is its own (SHANGRLA 2020).
//
// With card styles a contest may use the cards of the sample that hold it, in order, up to the first that holds it and is not in the sample
// (draw/sample.ts: Sample.used). A contest that was not sampled for is measured on what it may use, and asks for no further card.
import type { ContestTally, OnPaper } from '../assertions/index.ts';
import type { Contest, ContestId } from '../election/index.ts';
import type { Random } from '../risk/index.ts';
import { assessBallotPolling, type PollingRule } from './ballotPolling.ts';
import { assessBayesian } from './bayesian.ts';
import { assessCardComparison, type CardRecord, type ComparisonRule } from './cardComparison.ts';
import { assessOneAudit } from './oneAudit.ts';
import { refuse, type Assessment, type Size } from './outcome.ts';

/** What people found on one card: in each contest that is on it, or that the card cannot be found. */
export type CardRead =
  | { readonly kind: 'read'; readonly contests: ReadonlyMap<ContestId, OnPaper> }
  | { readonly kind: 'notFound' };

export interface SharedSample {
  /** Ids of all cards in the order drawn. */
  readonly drawn: readonly string[];
  /** A card that is not here yet is pending in every contest. */
  readonly read: ReadonlyMap<string, CardRead>;
  readonly withReplacement?: boolean;
  readonly cardStyles: boolean;
  readonly random: Random;
  readonly runs?: number;
}

export type ContestMethod =
  | { readonly method: 'ballot polling'; readonly rule?: PollingRule }
  | { readonly method: 'Bayesian' }
  | {
      readonly method: 'card comparison' | 'ONEAudit';
      readonly rule?: ComparisonRule;
      readonly records: ReadonlyMap<string, CardRecord>;
      readonly pools?: ReadonlyMap<string, ContestTally>;
    };

export interface ContestOnSample {
  readonly contest: Contest;
  readonly tally: ContestTally;
  readonly riskLimit: number;
  /** False: the contest happens to be on sampled cards. */
  readonly targeted: boolean;
  /** With card styles: the cards of the sample that it may use, in order. Absent: all of them. */
  readonly mayUse?: readonly string[];
  readonly how: ContestMethod;
}

export interface ContestsAssessed {
  /** In the order asked. */
  readonly assessments: readonly Assessment[];
  /** Every contest that was sampled for is confirmed. */
  readonly done: boolean;
  /** What the next round should reach, by contest that goes on. */
  readonly next: readonly { readonly contest: ContestId; readonly to: Size }[];
}

/** All contests of one sample. A fault of one contest is that contest's refusal; the others are assessed all the same. */
export function assessContests(sample: SharedSample, contests: readonly ContestOnSample[]): ContestsAssessed {
  const assessments = contests.map((c) => assessOne(sample, c));
  const targeted = assessments.filter((_, i) => contests[i]!.targeted);
  return {
    assessments,
    done: targeted.length > 0 && targeted.every((a) => a.ok && a.audit.outcome.kind === 'confirmed'),
    next: assessments.flatMap((a) =>
      a.ok && a.audit.outcome.kind === 'goOn' ? [{ contest: a.audit.contest, to: a.audit.outcome.to }] : [],
    ),
  };
}

function assessOne(sample: SharedSample, on: ContestOnSample): Assessment {
  const { how, mayUse: drawn = sample.drawn, ...contest } = on;
  const inSample = new Set(sample.drawn);
  const never = [...sample.read.keys(), ...drawn].find((card) => !inSample.has(card));
  if (never !== undefined) return refuse({ code: 'card-never-drawn', card: never });
  const used = new Set(drawn);
  const interpretations = new Map<string, OnPaper>();
  for (const [card, found] of sample.read)
    // Another contest's card says nothing of this one.
    if (used.has(card)) interpretations.set(card, inContest(found, on.contest.id));
  const { read: _, ...common } = sample;
  const cards = { ...common, ...contest, drawn, interpretations };
  switch (how.method) {
    case 'ballot polling':
      return assessBallotPolling({ ...cards, ...(how.rule === undefined ? {} : { rule: how.rule }) });
    case 'Bayesian':
      return assessBayesian(cards);
    default: {
      const { method, ...records } = how;
      return (method === 'ONEAudit' ? assessOneAudit : assessCardComparison)({ ...cards, ...records });
    }
  }
}

const inContest = (found: CardRead, contest: ContestId): OnPaper =>
  found.kind === 'notFound' ? found : (found.contests.get(contest) ?? { kind: 'contestAbsent' });
