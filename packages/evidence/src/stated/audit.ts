// What another tool's report says of its own audit. We do not believe it yet: checks recompute what can be recomputed.

export interface StatedAudit {
  readonly organization?: string;
  readonly election?: string;
  readonly state?: string;
  readonly auditName?: string;
  /** "BALLOT_POLLING", "BATCH_COMPARISON"… as the report writes it. */
  readonly auditType?: string;
  /** "BRAVO", "MACRO"… as the report writes it. */
  readonly auditMath?: string;
  /** As the report writes it: "10%". */
  readonly riskLimit?: string;
  readonly seed?: string;
  readonly contests: readonly StatedContest[];
  readonly rounds: readonly StatedRound[];
}

export interface StatedContest {
  readonly contest: string;
  readonly targeted: boolean;
  readonly winners?: number;
  readonly votesAllowed?: number;
  readonly totalBallotsCast?: number;
  /** Ballots not yet counted when the audit began: each could still go against the outcome. */
  readonly pendingBallots?: number;
  /** Votes before the audit, in the report's order and names. */
  readonly tabulated: readonly StatedVotes[];
}

export interface StatedVotes {
  readonly name: string;
  readonly votes: number;
}

export interface StatedRound {
  readonly round: number;
  readonly contest: string;
  readonly sampleSize?: number;
  readonly riskLimitMet?: boolean;
  /** As the report writes it. */
  readonly pValue?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly audited: readonly StatedVotes[];
}
