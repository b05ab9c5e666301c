import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plurality } from './plurality.ts';

describe('plurality', () => {
  test("the most votes win; a tie for the last seat is nobody's", () => {
    expect(plurality([3, 5, 1], 1)).toEqual({ winners: [1], tied: [], seatsTied: 0 });
    expect(plurality([3, 5, 1], 2)).toEqual({ winners: [1, 0], tied: [], seatsTied: 0 });
    expect(plurality([5, 5, 1], 1)).toEqual({ winners: [], tied: [0, 1], seatsTied: 1 });
    expect(plurality([7, 5, 5, 5], 3)).toEqual({ winners: [0], tied: [1, 2, 3], seatsTied: 2 });
    // A tie above the last seat decides nothing.
    expect(plurality([5, 5, 1], 2)).toEqual({ winners: [0, 1], tied: [], seatsTied: 0 });
    expect(plurality([0, 0], 1)).toEqual({ winners: [], tied: [0, 1], seatsTied: 1 });
    expect(plurality([0], 1)).toEqual({ winners: [0], tied: [], seatsTied: 0 });
    expect(() => plurality([1], 0)).toThrow(RangeError);
  });
  const contest = fc.record({
    votes: fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }),
    seats: fc.integer({ min: 1, max: 4 }),
  });
  test('every seat is filled or tied, and no one left out has more votes than one let in', () => {
    fc.assert(
      fc.property(contest, ({ votes, seats }) => {
        const { winners, tied, seatsTied } = plurality(votes, seats);
        expect(winners.length + seatsTied).toBe(Math.min(seats, votes.length));
        if (tied.length > 0) expect(tied.length).toBeGreaterThan(seatsTied);
        const inside = new Set([...winners, ...tied]);
        votes.forEach((n, i) => {
          if (!inside.has(i)) for (const j of inside) expect(n).toBeLessThan(votes[j]!);
        });
      }),
    );
  });
  test('renaming the choices renames the winners', () => {
    fc.assert(
      fc.property(contest, ({ votes, seats }) => {
        const n = votes.length - 1;
        const mirrored = plurality(votes.toReversed(), seats);
        const { winners, tied } = plurality(votes, seats);
        expect(new Set(mirrored.winners.map((i) => n - i))).toEqual(new Set(winners));
        expect(new Set(mirrored.tied.map((i) => n - i))).toEqual(new Set(tied));
      }),
    );
  });
});
