// By which rule do votes in a contest become winners? The rule is data; `tally/` counts by it and `assertions/` audits it.

/** A share of the valid votes as a fraction of integers, so that it is compared by cross-multiplying, never by quotients. */
export interface Share {
  readonly numerator: number;
  readonly denominator: number;
}

export type VotingRule =
  /** The `winners` choices with the most votes; each voter has `voteFor` votes. Vote-for-n and multi-winner are this. */
  | { readonly kind: 'plurality'; readonly voteFor: number; readonly winners: number }
  /** One choice wins if it has more than `share` of the valid votes (2/3, 3/5); otherwise nobody does. */
  | { readonly kind: 'supermajority'; readonly share: Share }
  /** Every choice above `share` of the valid votes passes. */
  | { readonly kind: 'threshold'; readonly share: Share }
  /** More than half wins outright; otherwise the first two go to a runoff. */
  | { readonly kind: 'topTwoRunoff' }
  | { readonly kind: 'approval'; readonly winners: number }
  /** Ranked, single winner. `ranks` is how many choices a voter may rank, where the ballot limits it. */
  | { readonly kind: 'instantRunoff'; readonly ranks?: number }
  /** Ranked, several winners. */
  | { readonly kind: 'singleTransferableVote'; readonly winners: number; readonly ranks?: number }
  /** Highest averages over lists, divisors 1, 2, 3, … */
  | { readonly kind: 'dhondt'; readonly seats: number; readonly threshold?: Share }
  /** Highest averages over lists, divisors 1, 3, 5, … */
  | { readonly kind: 'sainteLague'; readonly seats: number; readonly threshold?: Share };
