// Cast vote records as the columns that assorters read, and the order of preference in a ranking with gaps, repetitions and overvotes. The rule for those is
// applied here, once and by name, before any assorter: states differ, and an assorter that settles it for itself audits another election.
import type { Cvrs } from '../cvr/index.ts';
import { voteCodes, voteOn } from '../cvr/index.ts';
import type { Ranks, RankedRules } from '../tally/index.ts';
import type { CardVotes } from './votes.ts';

export type RankingRules = Pick<RankedRules, 'overvotes' | 'skippedRanks' | 'duplicates' | 'maxRankings'>;

/**
 * The order in which a card prefers the choices, whoever is still in the count. Where the rule for an overvote asks who is
 * ('exhaustIfSeveralContinue') there is no such order: undefined if the card has one.
 */
export function rankingOf(ranks: Ranks, rules: RankingRules): number[] | undefined {
  const order: number[] = [];
  const marked = new Set<number>();
  let blank = 0;
  for (const at of rules.maxRankings === 'all' ? ranks : ranks.slice(0, rules.maxRankings)) {
    if (at.length === 0) {
      blank++;
      continue;
    }
    if (rules.skippedRanks !== 'unlimited' && blank > rules.skippedRanks) return order;
    blank = 0;
    const choices = at === 'several' ? [] : [...new Set(at)];
    if (rules.duplicates === 'exhaust' && choices.some((c) => marked.has(c))) return order;
    const overvoted = choices.length !== 1;
    if (overvoted && rules.overvotes === 'exhaust') return order;
    if (overvoted && rules.overvotes === 'exhaustIfSeveralContinue') return undefined;
    if (!overvoted && !order.includes(choices[0]!)) order.push(choices[0]!);
    for (const c of choices) marked.add(c);
  }
  return order;
}

/**
 * The votes in contest `c` of all records. A record without the contest, with a blank, overvoted or invalid one has none. Throws RangeError where a
 * record stands for several cards, which no sample can tell apart, or a ranking has no order under the rules.
 */
export function cardVotesOf({ header, chunks }: Cvrs, c: number, rules?: RankingRules): CardVotes {
  const cards = chunks.reduce((n, chunk) => n + chunk.cards, 0);
  const starts = new Uint32Array(cards + 1);
  let marks = new Uint16Array(Math.max(16, cards));
  let [card, end] = [0, 0];
  const add = (choice: number): void => {
    if (end === marks.length) {
      const longer = new Uint16Array(2 * end);
      longer.set(marks);
      marks = longer;
    }
    marks[end++] = choice;
  };
  for (const chunk of chunks) {
    if (chunk.weight?.some((w) => w !== 1) === true)
      throw new RangeError('a record that stands for several cards');
    const column = chunk.contests[c]?.vote;
    for (let i = 0; i < chunk.cards; i++) {
      const code = column?.[i] ?? voteCodes.notOnCard;
      if (code >= 0) add(code);
      else if (code === voteCodes.listed) {
        const vote = voteOn(header, chunk, c, i);
        if (vote.kind === 'votes') vote.choices.forEach(add);
        else if (vote.kind === 'ranking') {
          if (rules === undefined) throw new TypeError('a ranked contest is read by rules');
          const order = rankingOf(vote.ranks, rules);
          if (order === undefined)
            throw new RangeError(`record ${card + 1}: no order of preference under these rules`);
          order.forEach(add);
        }
      }
      starts[++card] = end;
    }
  }
  return { cards, starts, marks: marks.subarray(0, end) };
}
