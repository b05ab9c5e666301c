import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames, voteCodes } from '../cvr/index.ts';
import type { Cvrs } from '../cvr/index.ts';
import { encodeRanks } from '../tally/ballots.ts';
import { nextChoice } from '../tally/nextChoice.ts';
import type { RankingRules } from './index.ts';
import { cardVotesOf, countVotes, rankingOf } from './index.ts';

const rules = (more: Partial<RankingRules> = {}): RankingRules => ({
  overvotes: 'exhaust',
  skippedRanks: 'unlimited',
  duplicates: 'skip',
  maxRankings: 'all',
  ...more,
});

describe('the order of preference in a ranking', () => {
  const ranks = fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.nat(3).map((c) => [c]) },
      { weight: 2, arbitrary: fc.constant<number[]>([]) },
      { weight: 1, arbitrary: fc.subarray([0, 1, 2, 3], { minLength: 2 }) },
      { weight: 1, arbitrary: fc.constant('several' as const) },
    ),
    { maxLength: 6 },
  );
  const anyRules = fc.record({
    overvotes: fc.constantFrom<RankingRules['overvotes']>('exhaust', 'skip'),
    skippedRanks: fc.constantFrom<RankingRules['skippedRanks']>(0, 1, 'unlimited'),
    duplicates: fc.constantFrom<RankingRules['duplicates']>('skip', 'exhaust'),
    maxRankings: fc.constantFrom<RankingRules['maxRankings']>(3, 'all'),
  });
  test('whoever continues, its first of them is whom the count gives the ballot to', () => {
    fc.assert(
      fc.property(
        ranks,
        anyRules,
        fc.array(fc.nat(1), { minLength: 4, maxLength: 4 }),
        (r, rule, standing) => {
          const order = rankingOf(r, rule)!;
          const counted = nextChoice(Uint16Array.from(encodeRanks(r)), Uint8Array.from(standing), {
            overvotes: rule.overvotes,
            skippedRanks: rule.skippedRanks === 'unlimited' ? Infinity : rule.skippedRanks,
            exhaustOnDuplicate: rule.duplicates === 'exhaust',
            maxRankings: rule.maxRankings === 'all' ? Infinity : rule.maxRankings,
          });
          expect(order.find((c) => standing[c] === 1)).toBe(counted < 0 ? undefined : counted);
        },
      ),
      { numRuns: 3000 },
    );
  });
  test('the same card in San Francisco, Maine and Minneapolis', () => {
    // Second rank blank, third too; overvote at the fifth. Two blank ranks end the ballot in Maine, an overvote in both of the first.
    const card = [[0], [], [], [1], [2, 3], [3]];
    expect(rankingOf(card, rules())).toEqual([0, 1]);
    expect(rankingOf(card, rules({ skippedRanks: 1 }))).toEqual([0]);
    expect(rankingOf(card, rules({ overvotes: 'skip' }))).toEqual([0, 1, 3]);
  });
  test('a rule that asks who continues gives no order', () => {
    expect(rankingOf([[0], [1, 2]], rules({ overvotes: 'exhaustIfSeveralContinue' }))).toBeUndefined();
    expect(rankingOf([[0], [1]], rules({ overvotes: 'exhaustIfSeveralContinue' }))).toEqual([0, 1]);
  });
});

describe('cast vote records as columns', () => {
  const contests = [cvrContest('Mayor', 1, 3), cvrContest('Council', 2, 0)];
  for (const c of contests) c.choices.push(...['A', 'B', 'C'].map((n) => cvrChoice(n)));
  const built = (weight?: number): Cvrs => {
    const header = { election: 'Test', format: 'test', contests, names: emptyNames() };
    const b = new ChunkBuilder(header, 2);
    const chunks = [];
    const council = [[0, 2], [0, 1, 2], [1], []];
    for (const marks of council) {
      b.card();
      if (weight !== undefined) b.weight(weight);
      b.marked(1, marks, marks.length);
      b.vote(0, voteCodes.listed);
      b.mark(0, 1, 1);
      b.mark(0, 0, 3);
      if (b.full) chunks.push(b.take());
    }
    b.card(); // neither contest
    if (weight !== undefined) b.weight(weight);
    chunks.push(b.take());
    return { header, chunks };
  };
  test('marks of all chunks; none for an overvote, a blank and a card without the contest', () => {
    const votes = cardVotesOf(built(), 1);
    expect([...votes.starts]).toEqual([0, 2, 2, 3, 3, 3]);
    expect([...votes.marks]).toEqual([0, 2, 1]);
    expect(countVotes(votes, 3, 2)).toEqual([1, 1, 1]);
    const ranked = cardVotesOf(built(), 0, rules({ skippedRanks: 0 }));
    expect([...ranked.marks]).toEqual([1, 1, 1, 1]);
    expect([...cardVotesOf(built(), 0, rules()).marks].slice(0, 2)).toEqual([1, 0]);
  });
  test('what no sample can draw apart is refused', () => {
    expect(() => cardVotesOf(built(3), 1)).toThrow(RangeError);
    expect(cardVotesOf(built(1), 1).cards).toBe(5);
    expect(() => cardVotesOf(built(), 0)).toThrow(TypeError);
  });
});
