import { describe, expect, test } from 'vitest';
import { cards, choiceId, jurisdictionId, sum, votes } from './index.ts';

describe('names become ids', () => {
  test('spellings of a county are one', () => {
    const spellings = ['BEN HILL', 'Ben Hill', 'BEN-HILL', 'ben hill ', 'Ben Hill County'];
    expect(new Set(spellings.map(jurisdictionId))).toEqual(new Set(['ben-hill']));
    expect(jurisdictionId('Jeff Davis')).not.toBe(jurisdictionId('Davis'));
  });
  test('marks of incumbency and party are not part of a choice', () => {
    expect(choiceId('Donald J. Trump (I) (Rep)')).toBe(choiceId('Donald J. Trump'));
    expect(choiceId('Óscar Núñez')).toBe('oscar-nunez');
    expect(choiceId('王小明')).toBe('王小明');
  });
});

describe('counts', () => {
  test('what is no count is refused', () => {
    for (const n of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) expect(() => votes(n)).toThrow(RangeError);
    expect(() => sum([votes(2 ** 53 - 1), votes(1)])).toThrow(RangeError);
  });
  test('votes and cards do not add', () => {
    expect(sum([votes(2), votes(3)])).toBe(5);
    // @ts-expect-error: a vote is not a card
    void (() => sum([votes(1), cards(1)]));
  });
});
