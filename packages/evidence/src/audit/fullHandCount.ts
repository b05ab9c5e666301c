// A full hand count beside the count that was reported, contest by contest: does the paper elect who was said to be elected, and
// how far apart are the two counts, in all, by jurisdiction and by type of ballot?
//
// The hand count has an outcome of its own; where it differs, it corrects the reported one. Differences are given as *net* (counted less reported,
// where gains and losses cancel) and *gross* (the sum over jurisdictions and choices of what differs), because net hides gross: in
// Georgia, 2020, ballots cast differed by 374 net and 5,146 gross. A jurisdiction that one side lacks is listed and never taken as zero.
//
// Margin variation of a jurisdiction: |(w − l) counted − (w − l) reported| of the reported votes for all choices, w and l being the
// reported winner and runner-up of the whole contest. It is kept as two integers; with it 103 of Georgia's 159 counties lie under 0.05%, the
// number the state published.
import type { ReportedResults } from '../counts/index.ts';
import type { ChoiceId, Contest, ContestId, JurisdictionId, Share } from '../election/index.ts';
import type { HandCount, TallyColumn } from '../paper/index.ts';
import { byVotes, plurality } from '../tally/plurality.ts';

/** Votes in one contest by jurisdiction and type, from whichever source. */
export interface Count {
  readonly contest: ContestId;
  readonly choices: readonly ChoiceId[];
  /** By jurisdiction and then by type, as the source names it: votes in the order of `choices`. */
  readonly votes: ReadonlyMap<JurisdictionId, ReadonlyMap<string, readonly number[]>>;
  /** Cards or write-ins that are no vote for a choice, where the source counts them. */
  readonly others: readonly {
    readonly kind: Exclude<TallyColumn['kind'], 'choice'>;
    readonly count: number;
  }[];
}

/** Two counts of one contest, `counted` from the paper. */
export interface CountComparison {
  readonly contest: ContestId;
  readonly ending: Ending;
  /** Choices that both sides count, in the reported order: that of every list of votes here. */
  readonly choices: readonly ChoiceId[];
  readonly reported: Side;
  readonly counted: Side;
  /** Reported winner (the last to win a seat) and runner-up: margins are between these two. Absent if nobody lost. */
  readonly between?: { readonly winner: ChoiceId; readonly loser: ChoiceId };
  /** Over the jurisdictions that both sides count. */
  readonly net: number;
  readonly gross: number;
  /** Both sides' jurisdictions, in the reported order. */
  readonly jurisdictions: readonly JurisdictionDifference[];
  readonly units: Units;
  readonly types: readonly TypeDifference[];
  readonly missing: {
    readonly jurisdictionsNotReported: readonly JurisdictionId[];
    readonly jurisdictionsNotCounted: readonly JurisdictionId[];
    readonly choicesNotReported: readonly ChoiceId[];
    readonly choicesNotCounted: readonly ChoiceId[];
    /** Types as their source names them that have no counterpart; their votes are in the totals. */
    readonly typesNotReported: readonly string[];
    readonly typesNotCounted: readonly string[];
  };
}

export type Ending =
  | { readonly kind: 'agrees'; readonly winners: readonly ChoiceId[] }
  | {
      readonly kind: 'corrects';
      readonly winners: readonly ChoiceId[];
      readonly reported: readonly ChoiceId[];
    }
  /** The hand count leaves seats tied. */
  | { readonly kind: 'tie'; readonly winners: readonly ChoiceId[]; readonly tied: readonly ChoiceId[] }
  | { readonly kind: 'cannot tell'; readonly why: 'jurisdictions missing' | 'choices missing' | 'rule' };

/** One side's totals over everything it counts. */
export interface Side {
  readonly totals: readonly number[];
  /** Votes for all of the choices that both sides count. */
  readonly total: number;
  /** Negative where the reported winner is behind. Absent if nobody lost. */
  readonly margin?: number;
  /** By the contest's rule, among all choices of this side. Absent where the rule is not "most votes". */
  readonly outcome?: { readonly winners: readonly ChoiceId[]; readonly tied: readonly ChoiceId[] };
  readonly others: Count['others'];
}

export interface JurisdictionDifference {
  readonly jurisdiction: JurisdictionId;
  readonly reported: readonly number[];
  readonly counted: readonly number[];
  readonly net: number;
  readonly gross: number;
  /** Counted margin less reported margin: positive where the paper adds to the reported winner's lead. */
  readonly marginChange?: number;
  readonly marginVariation?: MarginVariation;
}

/** A fraction, never divided: `votes` of `of` reported votes. */
export interface MarginVariation {
  readonly votes: number;
  readonly of: number;
}

export interface Units {
  readonly compared: number;
  /** Jurisdictions where any choice differs. */
  readonly differing: number;
  readonly sameEveryChoice: number;
  readonly sameTotal: number;
  readonly sameMargin?: number;
}

/** One kind of ballot on both sides, over the jurisdictions that both count. */
export interface TypeDifference {
  readonly type: TypeOfBallot;
  readonly reported: readonly number[];
  readonly counted: readonly number[];
  readonly net: number;
  /** The sum of what differs over jurisdictions and choices within this type. */
  readonly gross: number;
  /** Jurisdictions where any choice differs within this type. */
  readonly differing: number;
  /** As in a jurisdiction's difference. */
  readonly marginChange?: number;
}

export function compareCounts(contest: Contest, reported: Count, counted: Count): CountComparison {
  const choices = reported.choices.filter((c) => counted.choices.includes(c));
  const [a, b] = [inOrder(reported, choices), inOrder(counted, choices)];
  const common = [...a.keys()].filter((j) => b.has(j));
  const [totalsA, totalsB] = [add([...a.values()], choices.length), add([...b.values()], choices.length)];
  const seats = 'winners' in contest.rule ? contest.rule.winners : 1;
  const order = byVotes(totalsA);
  const pair = order.length > seats ? { winner: order[seats - 1]!, loser: order[seats]! } : undefined;
  const margin = (votes: readonly number[]): number => votes[pair!.winner]! - votes[pair!.loser]!;

  const jurisdictions = common.map((jurisdiction): JurisdictionDifference => {
    const [was, is] = [a.get(jurisdiction)!, b.get(jurisdiction)!];
    const changed = { jurisdiction, reported: was, counted: is, ...difference(was, is) };
    if (pair === undefined) return changed;
    const marginChange = margin(is) - margin(was);
    return { ...changed, marginChange, marginVariation: { votes: Math.abs(marginChange), of: sumOf(was) } };
  });
  const side = (count: Count, totals: readonly number[]): Side => {
    const outcome = outcomeOf(contest, count);
    return {
      totals,
      total: sumOf(totals),
      ...(pair === undefined ? {} : { margin: margin(totals) }),
      ...(outcome === undefined ? {} : { outcome }),
      others: count.others,
    };
  };
  const types = compareTypes(choices, common, reported, counted, pair === undefined ? undefined : margin);
  const missing = {
    jurisdictionsNotReported: [...b.keys()].filter((j) => !a.has(j)),
    jurisdictionsNotCounted: [...a.keys()].filter((j) => !b.has(j)),
    choicesNotReported: counted.choices.filter((c) => !choices.includes(c)),
    choicesNotCounted: reported.choices.filter((c) => !choices.includes(c)),
    typesNotReported: types.notReported,
    typesNotCounted: types.notCounted,
  };
  const sides = { reported: side(reported, totalsA), counted: side(counted, totalsB) };
  return {
    contest: contest.id,
    ending: endingOf(sides.reported, sides.counted, missing),
    choices,
    ...sides,
    ...(pair === undefined
      ? {}
      : { between: { winner: choices[pair.winner]!, loser: choices[pair.loser]! } }),
    net: jurisdictions.reduce((n, j) => n + j.net, 0),
    gross: jurisdictions.reduce((n, j) => n + j.gross, 0),
    jurisdictions,
    units: {
      compared: jurisdictions.length,
      differing: jurisdictions.filter((j) => j.gross > 0).length,
      sameEveryChoice: jurisdictions.filter((j) => j.gross === 0).length,
      sameTotal: jurisdictions.filter((j) => j.net === 0).length,
      ...(pair === undefined ? {} : { sameMargin: jurisdictions.filter((j) => j.marginChange === 0).length }),
    },
    types: types.compared,
    missing,
  };
}

// ── the ending ──────────────────────────────────────────────────────────────────────────────────────────────────────

function endingOf(reported: Side, counted: Side, missing: CountComparison['missing']): Ending {
  if (counted.outcome === undefined || reported.outcome === undefined)
    return { kind: 'cannot tell', why: 'rule' };
  if (missing.jurisdictionsNotCounted.length > 0 || missing.jurisdictionsNotReported.length > 0)
    return { kind: 'cannot tell', why: 'jurisdictions missing' };
  // A choice that only the hand count knows may win by it; one that it did not count may not be taken as having none.
  if (missing.choicesNotCounted.length > 0) return { kind: 'cannot tell', why: 'choices missing' };
  const { winners, tied } = counted.outcome;
  if (tied.length > 0) return { kind: 'tie', winners, tied };
  const said = new Set(reported.outcome.winners);
  return said.size === winners.length && winners.every((w) => said.has(w))
    ? { kind: 'agrees', winners }
    : { kind: 'corrects', winners, reported: [...said] };
}

function outcomeOf(contest: Contest, count: Count): Side['outcome'] | undefined {
  if (contest.rule.kind !== 'plurality' && contest.rule.kind !== 'approval') return undefined;
  const totals = add([...inOrder(count, count.choices).values()], count.choices.length);
  const { winners, tied } = plurality(totals, contest.rule.winners);
  return { winners: winners.map((i) => count.choices[i]!), tied: tied.map((i) => count.choices[i]!) };
}

// ── margin variation ────────────────────────────────────────────────────────────────────────────────────────────────

/** True if the variation is below a share. No change is below every share, also where nobody voted. */
export const isBelow = ({ votes, of }: MarginVariation, share: Share): boolean =>
  votes === 0 || BigInt(votes) * BigInt(share.denominator) < BigInt(share.numerator) * BigInt(of);

/** The jurisdiction with the largest margin variation, the first of equals. */
export function largestVariation(comparison: CountComparison): JurisdictionDifference | undefined {
  let largest: JurisdictionDifference | undefined;
  for (const one of comparison.jurisdictions) {
    const [v, best] = [one.marginVariation, largest?.marginVariation];
    if (
      v !== undefined &&
      (best === undefined || BigInt(v.votes) * BigInt(best.of) > BigInt(best.votes) * BigInt(v.of))
    )
      largest = one;
  }
  return largest;
}

// ── by type of ballot ───────────────────────────────────────────────────────────────────────────────────────────────

export type TypeOfBallot = 'election day' | 'advance' | 'mail' | 'provisional';

/** "Absentee by Mail Votes" and "Absentee By Mail" are one type; a name that says none of the four has no counterpart. */
export function typeOfBallot(name: string): TypeOfBallot | undefined {
  const said = name.toLowerCase();
  if (/provisional/.test(said)) return 'provisional';
  if (/advance|early/.test(said)) return 'advance';
  if (/election day/.test(said)) return 'election day';
  return /absentee|mail/.test(said) ? 'mail' : undefined;
}

function compareTypes(
  choices: readonly ChoiceId[],
  common: readonly JurisdictionId[],
  reported: Count,
  counted: Count,
  margin: ((votes: readonly number[]) => number) | undefined,
): { compared: TypeDifference[]; notReported: string[]; notCounted: string[] } {
  const types: readonly TypeOfBallot[] = ['election day', 'advance', 'mail', 'provisional'];
  const [namesA, namesB] = [typeNames(reported), typeNames(counted)];
  const has = (names: readonly string[], type: TypeOfBallot): boolean =>
    names.some((n) => typeOfBallot(n) === type);
  const both = types.filter((t) => has(namesA, t) && has(namesB, t));
  const compared = both.map((type): TypeDifference => {
    const [a, b] = [reported, counted].map((c) => inOrder(c, choices, (name) => typeOfBallot(name) === type));
    const rows = common.map((j) => [a!.get(j)!, b!.get(j)!] as const);
    const [was, is] = [
      add(
        rows.map((r) => r[0]),
        choices.length,
      ),
      add(
        rows.map((r) => r[1]),
        choices.length,
      ),
    ];
    return {
      type,
      reported: was,
      counted: is,
      net: difference(was, is).net,
      gross: rows.reduce((n, [x, y]) => n + difference(x, y).gross, 0),
      differing: rows.filter(([x, y]) => difference(x, y).gross > 0).length,
      ...(margin === undefined ? {} : { marginChange: margin(is) - margin(was) }),
    };
  });
  const without = (names: readonly string[]): string[] =>
    names.filter((n) => !both.some((t) => typeOfBallot(n) === t));
  return { compared, notReported: without(namesB), notCounted: without(namesA) };
}

const typeNames = (count: Count): string[] => [
  ...new Set([...count.votes.values()].flatMap((types) => [...types.keys()])),
];

// ── counts from what was read ───────────────────────────────────────────────────────────────────────────────────────

/** Results as reported; the rows of a jurisdiction's precincts are added up. */
export function countOfResults(results: ReportedResults): Count {
  const votes = new Map<JurisdictionId, Map<string, number[]>>();
  for (const row of results.rows) {
    const into = rowFor(votes, row.jurisdiction, row.voteType, results.choices.length);
    for (let i = 0; i < into.length; i++) into[i]! += row.votes[i]!;
  }
  return { contest: results.contest, choices: results.choices, votes, others: [] };
}

/** What people read on the paper. */
export function countOfHand(hand: HandCount): Count {
  const votes = new Map<JurisdictionId, Map<string, number[]>>();
  const width = hand.columns.length;
  const at = hand.columns.flatMap((c, i) => (c.kind === 'choice' ? [i] : []));
  const sums = hand.columns.map(() => 0);
  for (let batch = 0; batch < hand.names.length; batch++) {
    const into = rowFor(
      votes,
      hand.jurisdictions[hand.jurisdictionOf[batch]!]!,
      hand.types[batch]!,
      at.length,
    );
    for (const [i, column] of at.entries()) into[i]! += hand.tallies[batch * width + column]!;
    for (let column = 0; column < width; column++) sums[column]! += hand.tallies[batch * width + column]!;
  }
  return {
    contest: hand.contest,
    choices: hand.columns.flatMap((c) => (c.kind === 'choice' ? [c.choice] : [])),
    votes,
    others: hand.columns.flatMap((c, i) => (c.kind === 'choice' ? [] : [{ kind: c.kind, count: sums[i]! }])),
  };
}

function rowFor(
  votes: Map<JurisdictionId, Map<string, number[]>>,
  jurisdiction: JurisdictionId,
  type: string,
  width: number,
): number[] {
  let types = votes.get(jurisdiction);
  if (types === undefined) votes.set(jurisdiction, (types = new Map<string, number[]>()));
  let row = types.get(type);
  if (row === undefined) types.set(type, (row = Array<number>(width).fill(0)));
  return row;
}

/** Votes by jurisdiction over its types, in the order of the given choices. */
function inOrder(
  count: Count,
  choices: readonly ChoiceId[],
  wanted: (type: string) => boolean = () => true,
): Map<JurisdictionId, number[]> {
  const at = choices.map((c) => count.choices.indexOf(c));
  const rows = new Map<JurisdictionId, number[]>();
  for (const [jurisdiction, types] of count.votes) {
    const row = Array<number>(choices.length).fill(0);
    for (const [type, votes] of types)
      if (wanted(type)) for (let i = 0; i < row.length; i++) row[i]! += votes[at[i]!]!;
    rows.set(jurisdiction, row);
  }
  return rows;
}

const sumOf = (votes: readonly number[]): number => votes.reduce((a, b) => a + b, 0);

function add(rows: readonly (readonly number[])[], width: number): number[] {
  const total = Array<number>(width).fill(0);
  for (const row of rows) for (let i = 0; i < width; i++) total[i]! += row[i]!;
  return total;
}

const difference = (was: readonly number[], is: readonly number[]): { net: number; gross: number } => ({
  net: is.reduce((n, votes, i) => n + votes - was[i]!, 0),
  gross: is.reduce((n, votes, i) => n + Math.abs(votes - was[i]!), 0),
});
