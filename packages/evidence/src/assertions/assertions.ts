// Which assertions together imply the reported outcome? Given a contest's rule and its reported result; if every assertion is true of the paper, the
// outcome is right (SHANGRLA 2; Blom et al. 2021). What cannot be audited this way is refused by name, never with an empty list.
import type { ChoiceId, Contest, ContestId, Share, VotingRule } from '../election/index.ts';
import type { DivisorRule } from '../tally/index.ts';
import { highestAverages } from '../tally/index.ts';
import type { Assorter, Fraction, NebAssorter, NenAssorter } from './assorter.ts';
import {
  aboveShareAssorter,
  averageAssorter,
  belowShareAssorter,
  marginOf,
  pluralityAssorter,
  scoreTotal,
} from './assorter.ts';
import type { Difficulty } from './difficulty.ts';
import type { AverageComparison } from './averages.ts';
import { averageComparisons, seatsWithTies } from './averages.ts';
import { impliesWinner } from './implied.ts';
import type { Patience } from './raire.ts';
import { raire } from './raire.ts';
import type { ContestTally } from './tally.ts';
import type { RankingCount } from './votes.ts';

/** What an assertion says, in choices. */
export type Claim =
  | { readonly kind: 'moreVotes'; readonly winner: ChoiceId; readonly loser: ChoiceId }
  | { readonly kind: 'aboveShare'; readonly choice: ChoiceId; readonly share: Share }
  | { readonly kind: 'belowShare'; readonly choice: ChoiceId; readonly share: Share }
  /** votes(winner) / winnerDivisor > votes(loser) / loserDivisor. */
  | {
      readonly kind: 'higherAverage';
      readonly winner: ChoiceId;
      readonly winnerDivisor: number;
      readonly loser: ChoiceId;
      readonly loserDivisor: number;
    }
  | { readonly kind: 'notEliminatedBefore'; readonly winner: ChoiceId; readonly loser: ChoiceId }
  | {
      readonly kind: 'notEliminatedNext';
      readonly winner: ChoiceId;
      readonly loser: ChoiceId;
      readonly continuing: readonly ChoiceId[];
    };

export interface Assertion {
  readonly contest: ContestId;
  readonly claim: Claim;
  readonly assorter: Assorter;
  /** The sum of scores of the reported result: above 0. */
  readonly total: number;
  /** v = total / (half N). */
  readonly margin: Fraction;
}

/** Why a contest cannot be audited by assertions. */
export type CannotAudit =
  | { readonly code: 'contest-without-votes' | 'uncontested' | 'not-covered'; readonly contest: ContestId }
  | {
      readonly code: 'more-cvrs-than-cards';
      readonly contest: ContestId;
      readonly cvrs: number;
      readonly cards: number;
    }
  | {
      readonly code: 'more-votes-than-cards';
      readonly contest: ContestId;
      readonly votes: number;
      readonly most: number;
    }
  | {
      readonly code: 'choices-and-votes-differ';
      readonly contest: ContestId;
      readonly choices: number;
      readonly votes: number;
    }
  /** The comparisons that are equal; of an instant runoff an order of elimination, winner last, that no true assertion rules out. */
  | {
      readonly code: 'tied-contest';
      readonly contest: ContestId;
      readonly claims: readonly Claim[];
      readonly order?: readonly ChoiceId[];
    }
  | { readonly code: 'no-rankings' | 'gave-up'; readonly contest: ContestId };

export type ContestAssertions =
  | { readonly ok: true; readonly winners: readonly ChoiceId[]; readonly assertions: readonly Assertion[] }
  | { readonly ok: false; readonly refusal: CannotAudit };

interface Draft {
  readonly claim: Claim;
  readonly assorter: Assorter;
}

interface Outcome {
  readonly winners: readonly number[];
  readonly drafts: readonly Draft[];
}

/** For instant runoff: which assertions count as hard, and how long to look for the easiest set. */
export interface RankedOptions {
  readonly difficulty?: Difficulty;
  readonly patience?: Patience;
}

/** The assertions that together imply the reported outcome of a contest, each with its margin; or why there are none. */
export function assertionsFor(
  contest: Contest,
  tally: ContestTally,
  options: RankedOptions = {},
): ContestAssertions {
  const refusal = cannotAudit(contest, tally);
  if (refusal !== undefined) return { ok: false, refusal };
  const outcome = outcomeOf(contest, tally, options);
  if ('code' in outcome) return { ok: false, refusal: outcome };
  const { winners, drafts } = outcome;
  const assertions = drafts.map((d) => withMargin(contest.id, d, tally));
  const tied = assertions.filter((a) => a.total <= 0).map((a) => a.claim);
  if (tied.length > 0)
    return { ok: false, refusal: { code: 'tied-contest', contest: contest.id, claims: tied } };
  if (assertions.length === 0) return { ok: false, refusal: { code: 'uncontested', contest: contest.id } };
  return { ok: true, winners: winners.map((w) => contest.choices[w]!.id), assertions };
}

function withMargin(contest: ContestId, { claim, assorter }: Draft, tally: ContestTally): Assertion {
  const total = scoreTotal(assorter, tally);
  return { contest, claim, assorter, total, margin: marginOf(assorter, total, tally.cards) };
}

/** Votes a card may give in a contest of this rule; of a ranked one, in any round. */
function votesAllowed(contest: Contest): number {
  const { rule } = contest;
  if (rule.kind === 'plurality') return rule.voteFor;
  return rule.kind === 'approval' ? contest.choices.length : 1;
}

function cannotAudit(contest: Contest, tally: ContestTally): CannotAudit | undefined {
  const { id, choices, rule } = contest;
  const ranked = rule.kind === 'instantRunoff';
  if (rule.kind === 'singleTransferableVote') return { code: 'not-covered', contest: id };
  if (ranked && tally.rankings === undefined) return { code: 'no-rankings', contest: id };
  if (!ranked && tally.votes.length !== choices.length)
    return {
      code: 'choices-and-votes-differ',
      contest: id,
      choices: choices.length,
      votes: tally.votes.length,
    };
  if (tally.cvrs !== undefined && tally.cvrs > tally.cards)
    return { code: 'more-cvrs-than-cards', contest: id, cvrs: tally.cvrs, cards: tally.cards };
  const given = ranked ? tally.rankings!.map((r) => (r.ranking.length > 0 ? r.count : 0)) : tally.votes;
  const votes = given.reduce((a, b) => a + b, 0);
  if (votes === 0) return { code: 'contest-without-votes', contest: id };
  const most = tally.cards * votesAllowed(contest);
  if (votes > most || (!ranked && tally.votes.some((v) => v > tally.cards)))
    return { code: 'more-votes-than-cards', contest: id, votes, most };
  return undefined;
}

function outcomeOf(contest: Contest, tally: ContestTally, options: RankedOptions): Outcome | CannotAudit {
  const { rule } = contest;
  switch (rule.kind) {
    case 'plurality':
      return mostVotes(contest, tally, rule.winners, rule.voteFor);
    case 'approval':
      return mostVotes(contest, tally, rule.winners, contest.choices.length);
    case 'supermajority':
    case 'threshold':
      return sharePassed(contest, tally, rule.share);
    case 'topTwoRunoff':
      return topTwoRunoff(contest, tally);
    case 'dhondt':
    case 'sainteLague':
      return seats(contest, tally, rule);
    case 'instantRunoff':
      return instantRunoff(contest, tally, options);
    case 'singleTransferableVote':
    default:
      return { code: 'not-covered', contest: contest.id };
  }
}

/** Choices by votes, most first; of equal ones the earlier on the ballot. A tie that matters shows as a margin of 0. */
const byVotes = (tally: ContestTally): number[] =>
  tally.votes.map((_, c) => c).toSorted((a, b) => tally.votes[b]! - tally.votes[a]! || a - b);

function mostVotes(contest: Contest, tally: ContestTally, seatsToFill: number, voteFor: number): Outcome {
  const order = byVotes(tally);
  const winners = order.slice(0, seatsToFill);
  const losers = order.slice(seatsToFill);
  return { winners, drafts: winners.flatMap((w) => losers.map((l) => moreVotes(contest, w, l, voteFor))) };
}

/** Every choice is above the share or below it, and each is asserted: a measure of one choice that fails is an outcome as well. */
function sharePassed(contest: Contest, tally: ContestTally, share: Share): Outcome {
  const valid = tally.votes.reduce((a, b) => a + b, 0);
  const passes = (c: number): boolean => tally.votes[c]! * share.denominator > valid * share.numerator;
  const winners = byVotes(tally).filter(passes);
  // Above one half nobody else can be: the others' assertions would follow from the winner's.
  const single = winners.length === 1 && 2 * share.numerator >= share.denominator;
  const losers = single ? [] : byVotes(tally).filter((c) => !passes(c));
  return {
    winners,
    drafts: [
      ...winners.map((w) => aboveShare(contest, w, share)),
      ...losers.map((l) => belowShare(contest, l, share)),
    ],
  };
}

/** One above half of the votes; or the first two ahead of everybody else and neither of them above half. */
function topTwoRunoff(contest: Contest, tally: ContestTally): Outcome {
  const half = { numerator: 1, denominator: 2 };
  const valid = tally.votes.reduce((a, b) => a + b, 0);
  const [first, second, ...rest] = byVotes(tally);
  if (first === undefined || second === undefined) return { winners: [first ?? 0], drafts: [] };
  if (2 * tally.votes[first]! > valid)
    return { winners: [first], drafts: [aboveShare(contest, first, half)] };
  const advancing = [first, second];
  return {
    winners: advancing,
    drafts: [
      ...advancing.flatMap((w) => rest.map((l) => moreVotes(contest, w, l, 1))),
      ...advancing.map((w) => belowShare(contest, w, half)),
    ],
  };
}

/**
 * Seats by highest averages. Among lists above the threshold: last seats against first missed seats. A seated list is asserted above the
 * threshold. A list below it gets whichever is easier: that it is below, or that it would win no seat anyway.
 */
function seats(
  contest: Contest,
  tally: ContestTally,
  rule: Extract<VotingRule, { kind: DivisorRule }>,
): Outcome {
  const { kind, threshold } = rule;
  const result = highestAverages(tally.votes, rule.seats, kind, threshold);
  const won = seatsWithTies(result);
  const lists = tally.votes.map((_, list) => list);
  const average = (c: AverageComparison): Draft => higherAverage(contest, c);
  const above = lists.filter((l) => !result.excluded.includes(l));
  const drafts = averageComparisons(won, kind, above).map(average);
  if (threshold !== undefined) {
    for (const l of lists) {
      if (won[l]! > 0) drafts.push(aboveShare(contest, l, threshold));
      if (!result.excluded.includes(l)) continue;
      const below = [belowShare(contest, l, threshold)];
      const anyway = averageComparisons(won, kind, [l]).map(average);
      drafts.push(...(hardest(anyway, tally) > hardest(below, tally) ? anyway : below));
    }
  }
  return { winners: lists.filter((l) => won[l]! > 0), drafts };
}

/** How hard a set of assertions is: the smallest v/u, on which a comparison audit's sample size depends. */
const hardest = (drafts: readonly Draft[], tally: ContestTally): number =>
  Math.min(...drafts.map(({ assorter: a }) => scoreTotal(a, tally) / (a.half + a.top)));

/** RAIRE's assertions for the choice the count leaves standing, checked to imply it before anybody relies on them. */
function instantRunoff(contest: Contest, tally: ContestTally, options: RankedOptions): Outcome | CannotAudit {
  const rankings = tally.rankings ?? [];
  const choices = contest.choices.length;
  const winner = lastStanding(rankings, choices);
  const found = raire(
    { choices, winner, cards: tally.cards, rankings },
    options.difficulty,
    options.patience,
  );
  const id = (c: number): ChoiceId => contest.choices[c]!.id;
  if (!found.ok)
    return found.code === 'tied'
      ? { code: 'tied-contest', contest: contest.id, claims: [], order: found.order.map(id) }
      : { code: 'gave-up', contest: contest.id };
  const assorters = found.assertions.map((a) => a.assorter);
  if (choices > 1 && impliesWinner(assorters, choices, winner).implied !== true)
    return { code: 'gave-up', contest: contest.id };
  return {
    winners: [winner],
    drafts: assorters.map((assorter) => ({ claim: rankedClaim(assorter, id), assorter })),
  };
}

function rankedClaim(a: NebAssorter | NenAssorter, id: (choice: number) => ChoiceId): Claim {
  const names = { winner: id(a.winner), loser: id(a.loser) };
  return a.kind === 'NEB'
    ? { kind: 'notEliminatedBefore', ...names }
    : { kind: 'notEliminatedNext', ...names, continuing: a.continuing.map(id) };
}

/** The choice left when the one with the fewest votes goes, again and again. Ties go either way: the assertions find out if that matters. */
function lastStanding(rankings: readonly RankingCount[], choices: number): number {
  const standing = new Set(Array.from({ length: choices }, (_, c) => c));
  while (standing.size > 1) {
    const votes = new Map([...standing].map((c) => [c, 0]));
    for (const { ranking, count } of rankings) {
      const first = ranking.find((c) => standing.has(c));
      if (first !== undefined) votes.set(first, votes.get(first)! + count);
    }
    const [weakest] = [...votes].reduce((a, b) => (b[1] < a[1] ? b : a));
    standing.delete(weakest);
  }
  return [...standing][0] ?? 0;
}

function moreVotes(contest: Contest, winner: number, loser: number, voteFor: number): Draft {
  return {
    claim: { kind: 'moreVotes', winner: contest.choices[winner]!.id, loser: contest.choices[loser]!.id },
    assorter: pluralityAssorter(contest.choices.length, winner, loser, voteFor),
  };
}

function aboveShare(contest: Contest, choice: number, share: Share): Draft {
  return {
    claim: { kind: 'aboveShare', choice: contest.choices[choice]!.id, share },
    assorter: aboveShareAssorter(contest.choices.length, choice, share),
  };
}

function belowShare(contest: Contest, choice: number, share: Share): Draft {
  return {
    claim: { kind: 'belowShare', choice: contest.choices[choice]!.id, share },
    assorter: belowShareAssorter(contest.choices.length, choice, share),
  };
}

function higherAverage(contest: Contest, c: AverageComparison): Draft {
  const { winner, winnerDivisor, loser, loserDivisor } = c;
  return {
    claim: {
      kind: 'higherAverage',
      winner: contest.choices[winner]!.id,
      winnerDivisor,
      loser: contest.choices[loser]!.id,
      loserDivisor,
    },
    assorter: averageAssorter(contest.choices.length, winner, winnerDivisor, loser, loserDivisor),
  };
}
