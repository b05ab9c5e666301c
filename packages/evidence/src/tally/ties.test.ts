// Ties: who is chosen by each rule, and a count that stops because people must draw a lot.
import { describe, expect, test } from 'vitest';
import { BallotBox, type RankedBallots } from './ballots.ts';
import { instantRunoffRules, type RankedRules, type TieRule } from './rankedRules.ts';
import { countRounds } from './rounds.ts';

const names = ['Cy', 'Ann', 'Bo'];
function ballots(...list: readonly [readonly string[], number][]): RankedBallots {
  const box = new BallotBox(names.map((name) => ({ name })));
  for (const [ranking, n] of list)
    box.add(
      ranking.map((name) => [names.indexOf(name)]),
      n,
    );
  return box.ballots();
}
const rules = (ties: TieRule): RankedRules => ({ ...instantRunoffRules, ties });
const tied = ballots([['Cy'], 3], [['Ann'], 2], [['Bo'], 2]);
const first = (b: RankedBallots, ties: TieRule) => countRounds(b, rules(ties)).rounds[0]!.decisions[0]!;

describe('ties', () => {
  test('the order of the candidates: the later loses, the earlier wins', () => {
    expect(first(tied, { kind: 'order' })).toMatchObject({
      candidate: 'Bo',
      because: 'fewest',
      tie: { among: ['Ann', 'Bo'], chosen: 'Bo', by: 'order' },
    });
    const two = ballots([['Cy'], 3], [['Ann'], 3]);
    expect(countRounds(two, { ...rules({ kind: 'order' }), excluded: ['Bo'] })).toMatchObject({
      winners: ['Cy'],
    });
  });

  test('a seeded draw among the names in alphabetical order: seed 0 draws 0.73, 0.24', () => {
    expect(first(tied, { kind: 'random', seed: 0n }).candidate).toBe('Bo');
    // The second number of seed 0 is below a half: of Ann and Cy, tied in the next round, Ann.
    const next = ballots([['Cy'], 2], [['Ann'], 2], [['Bo'], 2]);
    const { rounds } = countRounds(next, rules({ kind: 'random', seed: 0n }));
    expect(rounds[0]!.decisions[0]!.candidate).toBe('Cy'); // ⌊0.73 × 3⌋ = 2 of Ann, Bo, Cy
    expect(rounds[1]!.decisions[0]).toMatchObject({ candidate: 'Ann', what: 'elected', because: 'lastTwo' });
  });

  test('who had fewer votes in the round before loses', () => {
    const four = new BallotBox([...names, 'Di'].map((name) => ({ name })));
    for (const [ranking, n] of [[[0], 9], [[1], 5], [[2], 4], [[3, 2], 1]] as const) four.add(ranking.map((c) => [c]), n); // prettier-ignore
    const { rounds } = countRounds(
      four.ballots(),
      rules({ kind: 'previousRounds', otherwise: { kind: 'order' } }),
    );
    expect(rounds[1]!.decisions[0]).toMatchObject({
      candidate: 'Bo',
      tie: { among: ['Ann', 'Bo'], by: 'previousRounds' },
    });
    expect(first(tied, { kind: 'previousRounds', otherwise: { kind: 'order' } }).tie?.by).toBe('order');
  });

  test('lots: the count stops and says who is tied, and goes on with the lot that was drawn', () => {
    const stopped = countRounds(tied, rules({ kind: 'lots', chosen: [] }));
    expect(stopped).toMatchObject({ winners: [], undecided: { choosing: 'loser', among: ['Ann', 'Bo'] } });
    expect(stopped.rounds).toHaveLength(1);
    expect(countRounds(tied, rules({ kind: 'lots', chosen: ['Ann'] }))).toMatchObject({ winners: ['Cy'] });
    // A lot for somebody who is not tied decides nothing.
    expect(countRounds(tied, rules({ kind: 'lots', chosen: ['Cy'] })).undecided).toBeDefined();
  });
});
