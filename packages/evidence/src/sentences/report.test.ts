// Who leads, as a verdict says it: by how many votes, and of a contest with one choice that there was no other.
import { expect, test } from 'vitest';
import { winnerOf, type Sides } from '../checks/index.ts';
import { choiceId, contestId } from '../election/index.ts';
import { leaderInWords } from './report.ts';

const sides = (...names: readonly string[]): Sides => {
  const choices = names.map((name) => ({ id: choiceId(name), name }));
  const contest = { id: contestId('Sheriff'), name: 'Sheriff', choices };
  return {
    contest: { ...contest, rule: { kind: 'plurality', voteFor: 1, winners: 1 } },
    choices,
    counties: [],
    reported: undefined,
    counted: undefined,
    types: [],
  };
};

test('the leader of a count is told with the margin', () => {
  expect(leaderInWords(winnerOf(sides('Ann', 'Bob'), [1_200, 100]))).toBe('Ann by 1,100 votes');
  expect(leaderInWords(winnerOf(sides('Ann', 'Bob'), [1, 9]), 'es')).toBe('Bob por 8 votos');
});

test('who stands alone leads nobody', () => {
  expect(leaderInWords(winnerOf(sides('Ann'), [1_200]))).toBe('Ann, the only choice');
  expect(leaderInWords(winnerOf(sides('Ann'), [0]), 'es')).toBe('Ann, la única opción');
});
