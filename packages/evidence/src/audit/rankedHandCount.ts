// A ranked contest counted in full by hand. Boards report of each batch how many ballots have each ranking: that adds up over batches and counties, and the
// rounds are then counted once, over all paper, as Maine and Alaska do (21-A M.R.S. § 723-A; AS 15.15.350). A round that is reported batch by batch would
// have to wait for all counties before the next could be begun, and a ballot that was put on the wrong pile in the first would be wrong in all.
//
// A tie in a round is a tie of the outcome only if the ways in which lots could fall elect different people: each is counted. How a ranking with gaps,
// repetitions and overvotes is read: specs/desk.md.
import { rankingOf, type RankingCount } from '../assertions/index.ts';
import type { ChoiceId, Contest } from '../election/index.ts';
import type { HandCount, TallyColumn } from '../paper/index.ts';
import { BallotBox, countRounds, instantRunoffRules, type RankedResult } from '../tally/index.ts';
import type { Count } from './fullHandCount.ts';

export type RankedOutcome =
  | { readonly kind: 'elected'; readonly winners: readonly ChoiceId[]; readonly rounds: RankedResult }
  /** Lots must be drawn, the first among these: who is eliminated ('loser'), or who of the last two is elected ('winner'). */
  | {
      readonly kind: 'tied';
      readonly choosing: 'winner' | 'loser';
      readonly among: readonly ChoiceId[];
      readonly rounds: RankedResult;
    };

/** Whom these rankings elect. `lots`: whom the lots chose so far, in the order of need. */
export function rankedOutcome(
  { rule, choices }: Contest,
  rankings: readonly RankingCount[],
  lots: readonly ChoiceId[] = [],
): RankedOutcome {
  if (rule.kind !== 'instantRunoff') throw new TypeError(`${rule.kind} is not counted by instant runoff`);
  const box = new BallotBox(choices.map((c) => ({ name: c.id })));
  for (const { ranking, count } of rankings)
    box.add(
      ranking.map((c) => [c]),
      count,
    );
  const ballots = box.ballots();
  const count = (chosen: readonly string[]): RankedResult =>
    // Whoever cannot catch up is eliminated together: it elects nobody else, and spares ties among those with hardly a vote.
    countRounds(ballots, { ...instantRunoffRules, batchElimination: true, ties: { kind: 'lots', chosen } });
  const rounds = count(lots);
  if (rounds.undecided === undefined)
    return { kind: 'elected', winners: rounds.winners as ChoiceId[], rounds };
  const elected = new Set<string>();
  let ways = 0;
  const isOpen = (): boolean => elected.size > 1 || ways > mostWays;
  const follow = (result: RankedResult, chosen: readonly string[]): void => {
    if (result.undecided === undefined) {
      for (const w of result.winners) elected.add(w);
      ways += 1;
    }
    for (const one of result.undecided?.among ?? [])
      if (!isOpen()) follow(count([...chosen, one]), [...chosen, one]);
  };
  follow(rounds, lots);
  const { choosing, among } = rounds.undecided;
  return isOpen()
    ? { kind: 'tied', choosing, among: among as ChoiceId[], rounds }
    : { kind: 'elected', winners: [...elected] as ChoiceId[], rounds };
}

/** Ways in which lots could fall that are counted; beyond them lots are drawn. */
const mostWays = 1000;

/** The rankings of a hand count as they count, in the contest's choices. */
export function rankingsOfHand(contest: Contest, hand: HandCount): RankingCount[] {
  const sums = new Map<number, number>();
  const width = hand.columns.length;
  for (let b = 0; b < hand.names.length; b++)
    for (let c = 0; c < width; c++) sums.set(c, (sums.get(c) ?? 0) + hand.tallies[b * width + c]!);
  return hand.columns.flatMap((column, c) =>
    column.kind === 'ranking' ? [{ ranking: rankingIn(contest, column.ranks), count: sums.get(c) ?? 0 }] : [],
  );
}

/** A ranked hand count as votes by choice: the first choices, which is what a results file states of a ranked contest. */
export function firstChoicesOfHand(contest: Contest, hand: HandCount): Count {
  const width = hand.columns.length;
  const first = hand.columns.map((column) => firstChoice(contest, column));
  const votes = new Map(hand.jurisdictions.map((j) => [j, new Map<string, number[]>()] as const));
  for (let b = 0; b < hand.names.length; b++) {
    const types = votes.get(hand.jurisdictions[hand.jurisdictionOf[b]!]!)!;
    const type = hand.types[b]!;
    let row = types.get(type);
    if (row === undefined) types.set(type, (row = contest.choices.map(() => 0)));
    for (const [c, choice] of first.entries())
      if (choice !== undefined) row[choice]! += hand.tallies[b * width + c]!;
  }
  return { contest: hand.contest, choices: contest.choices.map((c) => c.id), votes, others: [] };
}

/** Which choice of the contest a column counts for, in a ranked contest at first: an index. */
export function firstChoice(contest: Contest, column: TallyColumn): number | undefined {
  if (column.kind === 'choice') {
    const at = contest.choices.findIndex((c) => c.id === column.choice);
    return at === -1 ? undefined : at;
  }
  return column.kind === 'ranking' ? rankingIn(contest, column.ranks)[0] : undefined;
}

const rankingIn = ({ rule, choices }: Contest, ranks: readonly (readonly ChoiceId[])[]): readonly number[] =>
  rankingOf(
    ranks.map((at) => at.map((id) => choices.findIndex((c) => c.id === id))),
    { ...instantRunoffRules, maxRankings: rule.kind === 'instantRunoff' ? (rule.ranks ?? 'all') : 'all' },
  ) ?? [];
