// By which rules is a ranked contest counted? Every choice that a statute, an ordinance or an office must make is an option here, with
// one that makes it. Where no source is named, the words are those of the configuration of RCTab 1.3 and 2.0 (the tabulator that
// most offices in the United States use), whose published cases the tests reproduce.
import type { Share } from '../election/index.ts';

export interface RankedRules {
  readonly method: Method;
  /** How many are to be elected. Not read by 'aboveShare', where the share decides. */
  readonly seats: number;

  /**
   * More than one candidate marked at one rank. 'exhaust': the ballot is out (Maine, 21-A M.R.S. § 723-A(1)(D); Alaska, AS 15.15.350;
   * San Francisco Charter § 13.102). 'skip': the rank is passed over. 'exhaustIfSeveralContinue': out if two or more of them are still
   * in the count; the one of them that is; passed over if none is.
   */
  readonly overvotes: 'exhaust' | 'skip' | 'exhaustIfSeveralContinue';
  /**
   * How many ranks in a row may be left blank before the ballot is out. Two or more blank ones end a ballot in Maine and Alaska: 1.
   * Where blank ranks never matter (San Francisco, New York City): 'unlimited'.
   */
  readonly skippedRanks: number | 'unlimited';
  /** A candidate who was ranked already. 'skip': passed over. 'exhaust': the ballot is out. */
  readonly duplicates: 'skip' | 'exhaust';
  /** Ranks beyond this one are not read. 'all': as many as there are candidates with a name. */
  readonly maxRankings: number | 'all';

  /**
   * 'droppedFirst': while votes for undeclared write-ins are held, nobody is elected, and they are eliminated first and alone; they can never win.
   * 'oneCandidate': counted as if they were one person who cannot be elected but is eliminated in turn.
   */
  readonly undeclared: 'droppedFirst' | 'oneCandidate';
  /** Not in the count from the start (withdrawn, deceased, elected before): ballots pass over them. By name. */
  readonly excluded: readonly string[];
  /** Fewer votes than this when the first elimination comes, and the candidate is eliminated with it. 0: no such rule. */
  readonly minimumVotes: number;
  /**
   * All those are eliminated at once who could not equal the next above them even if every vote of theirs and of those below went to one of
   * them ("mathematically impossible to be elected", Minneapolis Code § 167.20; San Francisco Charter § 13.102). Maine had the rule until
   * 2024, and there it was enough not to surpass the next. One winner only.
   */
  readonly batchElimination: boolean;
  /**
   * Whether counting goes on after somebody has more than half. 'never': they are elected and it ends. 'always': until two are left (New York City
   * Charter § 1057-g). 'unlessFirstChoices': until two are left, unless somebody has more than half of the first choices (Alaska, AS 15.15.350(d);
   * Maine, 29-250 C.M.R. ch. 535 § 4). One winner only.
   */
  readonly untilTwo: 'never' | 'always' | 'unlessFirstChoices';

  /**
   * Of which votes is the threshold taken? 'eachRound': those still active. 'firstRound': those of the first round, for good. For several
   * seats it is always the first round (Minneapolis Code § 167.20).
   */
  readonly thresholdFrom: 'eachRound' | 'firstRound';
  /** Votes ÷ (seats + 1), or votes ÷ seats. For one winner always the first: more than half. */
  readonly quota: 'droop' | 'hare';
  /**
   * 'whole': the quotient without its fraction, plus 1 (Minneapolis Code § 167.20). 'fractional': the quotient cut off after `places`, plus one
   * unit of the last place (Hagenbach-Bischoff). Only for several seats.
   */
  readonly quotaRounding: 'whole' | 'fractional';
  /** Places after the point in a surplus fraction and in a transferred vote; what is beyond is cut off (four: Minneapolis Code § 167.20). */
  readonly places: number;

  readonly ties: TieRule;
  /** Counting stops after this round, whoever has won. */
  readonly stopAfterRound?: number;
}

export type Method =
  /** Instant runoff, one winner. */
  | { readonly kind: 'instantRunoff' }
  /** Single transferable vote. `winnersARound` 'one': of several above the threshold only the first is elected in the round. */
  | { readonly kind: 'singleTransferableVote'; readonly winnersARound: 'all' | 'one' }
  /** The last is eliminated until as many are left as there are seats; no surplus is passed on. */
  | { readonly kind: 'bottomsUp' }
  /** Eliminates until all who are left hold the share of the active votes; `cutoff`: all below it at once. (Democratic Party primaries, 15 %.) */
  | { readonly kind: 'aboveShare'; readonly share: Share; readonly cutoff: boolean }
  /** An instant runoff for each seat, those elected before excluded. */
  | { readonly kind: 'sequential' };

/** Who goes, or who wins, if several have the same number of votes. */
export type TieRule =
  /** The order of `candidates` in the ballots: the earlier wins, the later loses. */
  | { readonly kind: 'order' }
  /** Sorted by name, java.util.Random(seed).nextDouble() × number of the tied, cut off, is the one chosen (to win or to lose). */
  | { readonly kind: 'random'; readonly seed: bigint }
  /** java.util.Collections.shuffle, seeded, of the sorted names is the order. */
  | { readonly kind: 'permutation'; readonly seed: bigint }
  /** Fewest votes in the round before loses, most wins; if equal there too, the round before that; then the other rule. */
  | { readonly kind: 'previousRounds'; readonly otherwise: TieRule }
  /** Lots drawn by people, in the order of need: the one chosen. When they run out the count stops and says who is tied. */
  | { readonly kind: 'lots'; readonly chosen: readonly string[] };

/** What most single-winner rules share; state the rest. */
export const instantRunoffRules: RankedRules = {
  method: { kind: 'instantRunoff' },
  seats: 1,
  overvotes: 'exhaust',
  skippedRanks: 'unlimited',
  duplicates: 'skip',
  maxRankings: 'all',
  undeclared: 'droppedFirst',
  excluded: [],
  minimumVotes: 0,
  batchElimination: false,
  untilTwo: 'never',
  thresholdFrom: 'eachRound',
  quota: 'droop',
  quotaRounding: 'whole',
  places: 4,
  ties: { kind: 'lots', chosen: [] },
};
