// What an audit of one contest comes to. Not only a number: what the number means for what happens next, in the six words the whole house
// uses, with the history behind it so that a page can draw it. No prose: sentences/audit.ts says it.
import type { Assertion, CannotAudit } from '../assertions/index.ts';
import type { ChoiceId, ContestId } from '../election/index.ts';
import type { Ending } from './fullHandCount.ts';

export type Method =
  | 'ballot polling'
  | 'card comparison'
  | 'batch comparison'
  | 'ONEAudit'
  | 'stratified'
  | 'Bayesian'
  | 'fixed percentage'
  | 'full hand count';

export type Outcome =
  /** Every assertion's p is at most the risk limit. `exactly`: some p was so near that whole numbers settled it. */
  | { readonly kind: 'confirmed'; readonly exactly: boolean }
  /** The next round's size in all, if the paper goes on as reported: on average, and enough in nine of ten cases. */
  | { readonly kind: 'goOn'; readonly to: Size }
  | { readonly kind: 'fullHandCountOrdered'; readonly why: WhyFull }
  | { readonly kind: 'fullHandCountAgrees' }
  | { readonly kind: 'fullHandCountCorrects'; readonly winners: readonly ChoiceId[] }
  | { readonly kind: 'insufficientEvidence'; readonly why: WhyInsufficient };

export type WhyFull =
  /** What was drawn makes the assertion unprovable by any further draw. */
  | 'sample-refutes'
  /** No sample smaller than the whole would be likely to be enough. */
  | 'no-smaller-sample'
  /** Every card is drawn and the assertions are not all true of them. */
  | 'all-drawn';

export type WhyInsufficient =
  /** A risk below the limit is not there, and the contest was not the one sampled for. */
  | 'not-targeted'
  /** Cards of the round are not interpreted yet, and this rule judges whole rounds. */
  | 'pending-cards'
  /** A round-by-round rule with one seed for all rounds is no risk limit (Minerva, Athena). */
  | 'one-seed-for-all-rounds'
  /** The method examines a fixed share and limits no risk. */
  | 'no-risk-limit'
  | 'hand-count-tied'
  | 'hand-count-incomplete';

export interface Size {
  readonly expected: number;
  readonly p90: number;
  readonly unit: 'cards' | 'batches' | 'draws';
}

/** The risk of one assertion, as far as the sample goes. */
export interface AssertionRisk {
  readonly assertion: Assertion;
  readonly p: number;
  readonly met: boolean;
  readonly exactly: boolean;
  /**
   * The statistic T, for a chart, where it may be judged: after each draw by rules that bet draw by draw and by UI-TS (strata in proportion); after each
   * round by rules of rounds (Minerva, Athena, Providence, BRAVO, Bayesian, SUITE), so far as the caller says where rounds end. The last is that of all.
   */
  readonly statistic: Float64Array;
}

export interface ContestAudit {
  readonly contest: ContestId;
  readonly method: Method;
  /** The rule as its paper calls it: 'ALPHA', 'BRAVO', 'Kaplan-Markov super-simple'… */
  readonly rule: string;
  readonly riskLimit: number;
  /** The largest p of all assertions: the contest's measured risk. */
  readonly risk: number;
  readonly assertions: readonly AssertionRisk[];
  readonly sample: SampleCounts;
  readonly outcome: Outcome;
}

export interface SampleCounts {
  /** The whole population: cards, or batches. */
  readonly population: number;
  readonly drawn: number;
  readonly interpreted: number;
  readonly pending: number;
  readonly notFound: number;
  /** Drawn cards that must exist and have no record. */
  readonly phantoms: number;
}

/** Why nothing was assessed. The evidence is in it; the sentence is elsewhere. */
export type AuditRefusal =
  | CannotAudit
  | { readonly code: 'card-drawn-twice' | 'card-never-drawn' | 'card-without-record'; readonly card: string }
  /** With card styles, a card whose record does not hold the contest is none of the contest's. */
  | { readonly code: 'record-without-contest'; readonly card: string }
  | { readonly code: 'unknown-choice'; readonly card: string; readonly choice: number }
  | { readonly code: 'more-drawn-than-cards'; readonly drawn: number; readonly cards: number }
  | { readonly code: 'rule-not-for-this-contest'; readonly contest: ContestId; readonly rule: string }
  | {
      readonly code:
        | 'batch-without-result'
        | 'batch-never-drawn'
        | 'batch-listed-twice'
        | 'count-not-of-every-choice'
        | 'unknown-batch';
      readonly batch: string;
    }
  | {
      readonly code: 'batches-do-not-add-up';
      readonly choice: ChoiceId;
      readonly batches: number;
      readonly reported: number;
    }
  | { readonly code: 'no-risk-limit'; readonly riskLimit: number };

export type Assessment =
  | { readonly ok: true; readonly audit: ContestAudit }
  | { readonly ok: false; readonly refusal: AuditRefusal };

export const refuse = (refusal: AuditRefusal): { readonly ok: false; readonly refusal: AuditRefusal } => ({
  ok: false,
  refusal,
});

/** A risk limit is a share strictly between 0 and 1. */
export const isRiskLimit = (alpha: number): boolean => alpha > 0 && alpha < 1;

/** A full hand count has an outcome of its own, which replaces the reported one where they differ. */
export function outcomeOfFullCount(ending: Ending): Outcome {
  if (ending.kind === 'agrees') return { kind: 'fullHandCountAgrees' };
  if (ending.kind === 'corrects') return { kind: 'fullHandCountCorrects', winners: ending.winners };
  return {
    kind: 'insufficientEvidence',
    why: ending.kind === 'tie' ? 'hand-count-tied' : 'hand-count-incomplete',
  };
}

interface Verdict {
  readonly assertions: readonly AssertionRisk[];
  readonly sample: SampleCounts;
  readonly targeted: boolean;
  /** Asked only if the audit must go on: the size in all that the next round should reach. */
  readonly next: () => Size;
}

/** Confirmed if every assertion is; otherwise what must happen now. */
export function judge({ assertions, sample, targeted, next }: Verdict): Outcome {
  // No assertions prove nothing: an empty list must never pass.
  if (assertions.length > 0 && assertions.every((a) => a.met))
    return { kind: 'confirmed', exactly: assertions.some((a) => a.exactly) };
  if (!targeted) return { kind: 'insufficientEvidence', why: 'not-targeted' };
  if (sample.interpreted >= sample.population) return { kind: 'fullHandCountOrdered', why: 'all-drawn' };
  if (assertions.some((a) => a.statistic.at(-1) === 0))
    return { kind: 'fullHandCountOrdered', why: 'sample-refutes' };
  const to = next();
  return to.p90 >= sample.population && to.unit !== 'draws'
    ? { kind: 'fullHandCountOrdered', why: 'no-smaller-sample' }
    : { kind: 'goOn', to };
}

/**
 * Every card is on the table, so it is no longer a question of risk: the assertion is true of the paper or it is not. (A count is not a
 * confirmation for being complete; a deployed tool reports p = 0 whoever won.)
 */
export const settled = (assertion: Assertion, isTrue: boolean, statistic: Float64Array): AssertionRisk => ({
  assertion,
  p: isTrue ? 0 : 1,
  met: isTrue,
  exactly: true,
  statistic,
});

/** The largest p; 1 where there is none. */
export const worst = (assertions: readonly AssertionRisk[]): number =>
  assertions.length === 0 ? 1 : Math.max(...assertions.map((a) => a.p));
