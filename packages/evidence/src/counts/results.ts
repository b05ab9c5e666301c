// What offices report: votes by choice, jurisdiction and vote type, and how many ballots were cast.
import type { Ballots, ChoiceId, ContestId, JurisdictionId, Votes } from '../election/index.ts';

/** The results of one contest as one source states them at one time. */
export interface ReportedResults {
  readonly contest: ContestId;
  /** The order of `votes` in every row. */
  readonly choices: readonly ChoiceId[];
  /** One row for each jurisdiction and vote type ("Election Day Votes", "Total Votes"), in the source's order. */
  readonly rows: readonly ResultsRow[];
  /** The totals that the source itself states by choice; a check compares them with the rows. Absent where it states none. */
  readonly statedTotals?: readonly Votes[];
  /** The time of the count as the source writes it; sources seldom state an offset from UTC. */
  readonly asOf?: string;
  readonly status: 'certified' | 'unofficial' | 'not stated';
}

export interface ResultsRow {
  readonly jurisdiction: JurisdictionId;
  /** A precinct or other part of the jurisdiction, as the source names it; absent where the row is of the whole jurisdiction. */
  readonly unit?: string;
  /** As the source names it; "" where it does not divide. */
  readonly voteType: string;
  readonly votes: readonly Votes[];
}

/** How many ballots a jurisdiction says it counted, and what became of those without a vote in the contest. */
export interface BallotsCast {
  readonly contest: ContestId;
  readonly rows: readonly BallotsCastRow[];
}

export interface BallotsCastRow {
  readonly jurisdiction: JurisdictionId;
  readonly ballots: Ballots;
  readonly undervotes?: Ballots;
  readonly overvotes?: Ballots;
  /** Votes for the choices of the contest, and for others (write-ins), where the source states them. */
  readonly votesForChoices?: Votes;
  readonly otherVotes?: Votes;
}
