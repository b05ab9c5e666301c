// Highest averages and shares, against tables that others have printed.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { highestAverages } from './highestAverages.ts';
import { approval, supermajority, threshold, topTwoRunoff } from './shares.ts';

describe('highest averages', () => {
  // Wikipedia, "D'Hondt method" and "Sainte-Laguë method": the worked example of eight seats.
  const example = [100_000, 80_000, 30_000, 20_000];
  test('the worked example of eight seats', () => {
    expect(highestAverages(example, 8, 'dhondt').seats).toEqual([4, 3, 1, 0]);
    expect(highestAverages(example, 8, 'sainteLague').seats).toEqual([3, 3, 1, 1]);
  });
  test("7 seats of 53,000, 24,000 and 23,000 votes: 4, 2 and 1 by D'Hondt, 3, 2 and 2 by Sainte-Laguë", () => {
    // Wikipedia, "Sainte-Laguë method", comparison of methods.
    const votes = [53_000, 24_000, 23_000];
    expect(highestAverages(votes, 7, 'sainteLague').seats).toEqual([3, 2, 2]);
    expect(highestAverages(votes, 7, 'dhondt').seats).toEqual([4, 2, 1]);
  });
  test('seat by seat, with who came next', () => {
    // 100, 80, 50, 40, 33.3, 30, 26.7, 25 thousand; then 20.
    expect(highestAverages(example, 8, 'dhondt').given.map((g) => [g.list, g.divisor])).toEqual([
      [0, 1], [1, 1], [0, 2], [1, 2], [0, 3], [2, 1], [1, 3], [0, 4],
    ]); // prettier-ignore
    expect(highestAverages(example, 8, 'dhondt').given.at(-1)?.next).toEqual({ list: 1, divisor: 4 });
  });
  test('a list on the threshold is out, one vote above it is in', () => {
    const five = { numerator: 5, denominator: 100 };
    expect(highestAverages([950, 50], 20, 'dhondt', five)).toMatchObject({ seats: [20, 0], excluded: [1] });
    expect(highestAverages([949, 51], 20, 'dhondt', five).seats).toEqual([19, 1]);
  });
  test('equal averages for the last seat are tied, for earlier seats they are not', () => {
    expect(highestAverages([60, 30, 30], 2, 'dhondt')).toMatchObject({
      seats: [1, 0, 0],
      tied: [0, 1, 2],
      seatsTied: 1,
    });
    expect(highestAverages([60, 30, 30], 4, 'dhondt')).toMatchObject({
      seats: [2, 1, 1],
      tied: [],
      seatsTied: 0,
    });
    expect(highestAverages([0, 0], 2, 'dhondt').seats).toEqual([0, 0]);
  });
  test('no seat could go to another list at a higher average, whatever the votes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('dhondt', 'sainteLague'),
        (votes, seats, rule) => {
          const result = highestAverages(votes, seats, rule);
          const divisor = (k: number): number => (rule === 'dhondt' ? k : 2 * k - 1);
          votes.forEach((_, w) =>
            votes.forEach((_, l) => {
              const [won, lost] = [result.seats[w]!, result.seats[l]! + 1];
              if (won > 0) expect(votes[w]! * divisor(lost)).toBeGreaterThanOrEqual(votes[l]! * divisor(won));
            }),
          );
          if (votes.some((v) => v > 0)) expect(result.given.length + result.seatsTied).toBe(seats);
        },
      ),
    );
  });
});

describe('shares', () => {
  test('exactly two thirds is not more than two thirds', () => {
    const share = { numerator: 2, denominator: 3 };
    expect(supermajority([200, 100], share)).toMatchObject({ winners: [], needed: 201 });
    expect(supermajority([201, 99], share)).toMatchObject({ winners: [0], needed: 201 });
    expect(() => supermajority([1, 2], { numerator: 1, denominator: 3 })).toThrow(RangeError);
  });
  test('numbers whose products are beyond 2^53', () => {
    const half = 4_503_599_627_370_496; // 2^52
    expect(supermajority([half, half - 1], { numerator: 1, denominator: 2 }).winners).toEqual([0]);
  });
  test('all above the threshold, most votes first', () => {
    expect(threshold([10, 50, 40], { numerator: 1, denominator: 10 }).winners).toEqual([1, 2]);
  });
  test('more than half, or the first two', () => {
    expect(topTwoRunoff([51, 30, 19])).toMatchObject({ winners: [0], runoff: [] });
    expect(topTwoRunoff([50, 30, 20])).toMatchObject({ winners: [], runoff: [0, 1], tied: [] });
    expect(topTwoRunoff([40, 30, 30])).toMatchObject({ runoff: [0], tied: [1, 2], seatsTied: 1 });
  });
  test('approval', () => {
    expect(approval([70, 80, 60], 2)).toEqual({ winners: [1, 0], tied: [], seatsTied: 0 });
  });
});
