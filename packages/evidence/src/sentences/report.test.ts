// Who leads, as a verdict says it: by how many votes, and of a contest with one choice that there was no other.
import { expect, test } from 'vitest';
import { winnerOf, type Sides } from '../checks/index.ts';
import { choiceId, contestId } from '../election/index.ts';
import { leaderInWords, verdictsTogether, type Verdict } from './report.ts';

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

test('contests that are only reported are one line, after those that somebody looked at, and are not mixed with those that cannot be told', () => {
  const only = (contest: string, who: string): Verdict => ({
    contest,
    kind: 'tell',
    sentence: `Reported: ${who}. There is no hand count of the paper in this record.`,
    reportedOnly: true,
  });
  const few = [only('Sheriff', 'Ann by 3 votes'), only('Coroner', 'Bob by 9 votes')];
  const three = [...few, only('Surveyor', 'Ann, the only choice')];
  const mayor: Verdict = {
    contest: 'Mayor',
    kind: 'holds',
    sentence: 'A full hand count agrees: Ann by 3 votes.',
  };
  const judges = ['Judge 1', 'Judge 2', 'Judge 3'].map((contest): Verdict => ({
    contest,
    kind: 'tell',
    sentence: 'There are no results to compare in this record.',
  }));
  expect(verdictsTogether([three[0]!, mayor, ...three.slice(1), ...judges])).toEqual([
    { ...mayor, contests: [] },
    { ...judges[0], contest: '3 contests', contests: ['Judge 1', 'Judge 2', 'Judge 3'] },
    {
      ...three[0],
      contest: '3 contests',
      contests: ['Sheriff', 'Coroner', 'Surveyor'],
      sentence: 'Reported only: this record has no audit of them and no hand count of their paper.',
    },
  ]);
  // Of a few each says who leads.
  expect(verdictsTogether([...few, mayor]).map((v) => v.sentence)).toEqual([
    mayor.sentence,
    few[0]!.sentence,
    few[1]!.sentence,
  ]);
});
