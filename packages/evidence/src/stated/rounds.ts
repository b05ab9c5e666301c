// The rounds of a ranked contest as somebody reports them, with the names of candidates as the report writes them.

export interface StatedRounds {
  /** As the report names it. */
  readonly contest: string;
  readonly rounds: readonly RoundStated[];
}

export interface RoundStated {
  /** Votes of those continuing and those elected: "8", "177.5192". */
  readonly votes: readonly { readonly candidate: string; readonly votes: string }[];
  readonly elected: readonly string[];
  readonly eliminated: readonly string[];
}
