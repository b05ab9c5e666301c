import { describe, expect, test } from 'vitest';
import { BallotBox, countRounds, instantRunoffRules, type RankedRules } from '../tally/index.ts';
import { roundsInWords, tallyInWords, votesText } from './tally.ts';

const box = new BallotBox([
  ...['Ann', 'Bo', 'Cy', 'Di'].map((name) => ({ name })),
  { name: 'Write-ins', undeclared: true },
]);
box.add([[0]], 4000);
box.add([[1], [0]], 3000);
box.add([[1]], 1500);
box.add([[2], [1]], 5);
box.add([[3], [1]], 5);
box.add([[4], [0]], 2);
const count = (more: Partial<RankedRules>) => countRounds(box.ballots(), { ...instantRunoffRules, ...more });

describe('a ranked count in words', () => {
  test('English', () => {
    const result = count({ ties: { kind: 'order' } });
    expect(roundsInWords(result)).toEqual([
      {
        title: 'Round 1',
        sentences: [
          'Write-ins (2 votes) are eliminated first: they are not one person, and cannot be elected.',
          'Votes of Write-ins: 2 to Ann.',
        ],
      },
      { title: 'Round 2', sentences: ['Bo is elected with 4,500 votes; 4,257 are needed.'] },
    ]);
    expect(tallyInWords(result)).toBe('Elected: Bo.');
  });

  test('Spanish; a tie that nobody has drawn a lot for', () => {
    const result = count({ excluded: ['Bo'], undeclared: 'oneCandidate', untilTwo: 'always' });
    expect(roundsInWords(result, 'es').flatMap((r) => r.sentences)).toEqual([
      'Ann resulta elegido con 7,000 votos; se necesitan 3,507.',
      'Write-ins queda eliminado con el menor número de votos, 2.',
      'Votos de Write-ins: 2 a Ann.',
    ]);
    expect(tallyInWords(result, 'es')).toBe(
      'El recuento se detiene: Cy y Di están empatados y hay que echar a suertes quién queda eliminado.',
    );
    expect(tallyInWords(result)).toBe(
      'The count stops: Cy and Di are tied, and a lot must be drawn for who is eliminated.',
    );
  });

  test('those eliminated together, a tie with its rule, votes that go to nobody', () => {
    const [, , third] = roundsInWords(
      count({
        excluded: ['Bo'],
        batchElimination: true,
        untilTwo: 'always',
        ties: { kind: 'random', seed: 1n },
      }),
    );
    expect(third!.sentences[0]).toMatch(/^(Cy|Di) is eliminated with the fewest votes, 5\.$/);
    expect(third!.sentences[1]).toBe('Tied: Cy and Di. A random number from the announced seed decided.');
    expect(third!.sentences[2]).toMatch(/^Votes of (Cy|Di): 5 to nobody, with no further choice\.$/);
  });

  test('every reason has words in both languages', () => {
    const methods: Partial<RankedRules>[] = [
      { method: { kind: 'bottomsUp' }, seats: 2 },
      { method: { kind: 'aboveShare', share: { numerator: 15, denominator: 100 }, cutoff: true } },
      { method: { kind: 'singleTransferableVote', winnersARound: 'all' }, seats: 2, minimumVotes: 10 },
      { batchElimination: true, untilTwo: 'always' },
    ];
    for (const more of methods)
      for (const language of ['en', 'es'] as const) {
        const sentences = roundsInWords(count({ ...more, ties: { kind: 'order' } }), language).flatMap(
          (r) => r.sentences,
        );
        expect(sentences.length).toBeGreaterThan(2);
        for (const sentence of sentences) expect(sentence).not.toMatch(/undefined|NaN|\[object/);
      }
  });

  test('a name that ends in a full stop', () => {
    const junior = new BallotBox([{ name: 'Ann, Jr.' }]);
    junior.add([[0]]);
    expect(tallyInWords(countRounds(junior.ballots(), instantRunoffRules))).toBe('Elected: Ann, Jr.');
  });

  test('numbers', () => {
    expect(['0', '999', '14866.5192', '1234567'].map(votesText)).toEqual([
      '0',
      '999',
      '14,866.5192',
      '1,234,567',
    ]);
  });
});
