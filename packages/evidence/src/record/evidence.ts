// Evidence: what a record amounts to when it is folded, or what loose files amount to when they are laid side by side. Checks take this and
// nothing else, so that a published record and two files on somebody's desk are judged by the same code.
import type { ContestId, Election, JurisdictionId } from '../election/index.ts';
import type { BallotsCast, ReportedResults } from '../counts/index.ts';
import type { CvrReconciliation } from '../cvr/index.ts';
import type { Refusal } from '../formats/index.ts';
import type { RareStyles } from '../disclosure/index.ts';
import type { BallotManifest, HandCount } from '../paper/index.ts';
import type { Remark } from '../formats/index.ts';
import type { StatedAudit, StatedRounds } from '../stated/index.ts';
import type { RankedResult, RankedRules, UnitTally } from '../tally/index.ts';
import type { Statement } from './claim.ts';
import type { CardsOnRecord } from './cardsOnRecord.ts';
import type { ConductedAudit, InputLacking } from './conducted.ts';
import type { RecordFacts } from './facts.ts';

/** Where a figure comes from. */
export interface Source {
  readonly name: string;
  readonly sha256?: string;
  /** The entry that carries it. */
  readonly position?: number;
}

export interface Sourced<T> {
  readonly value: T;
  readonly sources: readonly Source[];
}

/** Something that stands beside a failure: the entry 'discrepancy explained'. */
export interface Explanation {
  readonly position: number;
  readonly check: string;
  readonly contest?: ContestId;
  readonly jurisdiction?: JurisdictionId;
  readonly words: string;
  /** How much of the difference it accounts for, where it is counted. */
  readonly accountsFor?: { readonly value: number; readonly unit: 'votes' | 'ballots' | 'cards' };
  readonly by: readonly string[];
}

/** How many batches of paper the county says its hand count was of, and the totals that the entry states: a check adds the rows up again. */
export interface HandCountTotals {
  readonly contest: ContestId;
  readonly jurisdiction: JurisdictionId;
  readonly totals: readonly number[];
  readonly batches: number;
  readonly source: Source;
}

/** A jurisdiction's cast vote records as figures: the cards themselves are too many to be carried about. */
export interface CvrFigures {
  /** Absent for loose files: of the one jurisdiction there is. */
  readonly jurisdiction?: JurisdictionId;
  /** Of all exports together, in their order. */
  readonly reconciliation: CvrReconciliation;
  /** One for each export, by precinct: exports that describe a contest differently cannot be added up. */
  readonly tallies: readonly UnitTally[];
  readonly rowsRefused: readonly Refusal[];
  /** Cards so few of a kind that a vote could be known. Absent for loose files, which nobody publishes. */
  readonly rareStyles?: RareStyles;
  /** Card by card, in the contests whose audit compares cards. */
  readonly cards?: CardsOnRecord;
}

/** A ranked contest's rounds as they were reported, and the rules by which they were counted. */
export interface RoundsReported {
  readonly contest: ContestId;
  readonly stated: StatedRounds;
  readonly rules: RankedRules;
}

/** A ranked contest's rounds as they were reported, and as its cast vote records come to. */
export interface RoundsCounted {
  readonly contest: ContestId;
  readonly stated: StatedRounds;
  readonly counted: RankedResult;
}

/** Cast vote records that the record names and that are not figures here, and why. */
export interface CvrsNotRead {
  readonly jurisdiction: JurisdictionId;
  readonly code: InputLacking | CvrsLacking;
  readonly source: Source;
}
export type CvrsLacking =
  /** This verifier reads no cast vote records. */
  | 'cvrs-not-read'
  /** They are more than it was told to read. */
  | 'cvrs-too-large';

/** What the containers of a jurisdiction hold, as people listed it. */
export interface JurisdictionManifest {
  readonly jurisdiction?: JurisdictionId;
  readonly manifest: BallotManifest;
}

export interface Evidence {
  /** Absent for loose files: there is no record whose integrity could be checked. */
  readonly record?: RecordFacts;
  readonly election: Election;
  readonly results: readonly Sourced<ReportedResults>[];
  readonly handCounts: readonly Sourced<HandCount>[];
  readonly handCountTotals: readonly HandCountTotals[];
  readonly ballotsCast: readonly Sourced<BallotsCast>[];
  readonly statedAudits: readonly Sourced<StatedAudit>[];
  readonly statements: readonly Sourced<Statement>[];
  readonly explanations: readonly Explanation[];
  /** What the readers wanted seen in the files they read: a total that contradicts its parts. */
  readonly remarks?: readonly Sourced<Remark>[];
  /** Absent, as in records that were folded without them: there are none. */
  readonly cvrs?: readonly Sourced<CvrFigures>[];
  readonly cvrsNotRead?: readonly CvrsNotRead[];
  /** What a record holds of reported rounds; they are counted again once all cast vote records are read. */
  readonly roundsReported?: readonly Sourced<RoundsReported>[];
  /** Absent: nobody reported rounds, or they could not be counted again. */
  readonly rounds?: readonly Sourced<RoundsCounted>[];
  readonly manifests?: readonly Sourced<JurisdictionManifest>[];
  /** An audit that officials conducted on this record. Absent: there is none. */
  readonly audit?: ConductedAudit;
}

/** Evidence of which only the election is known: what is at hand is added to it. */
export const noEvidenceOf = (election: Election): Evidence => ({
  election,
  results: [],
  handCounts: [],
  handCountTotals: [],
  ballotsCast: [],
  statedAudits: [],
  statements: [],
  explanations: [],
});
