// What java.util.Random gives, as printed in countless answers about seeds 0 and 42.
import { expect, test } from 'vitest';
import { JavaRandom } from './javaRandom.ts';

test('doubles of seeds 0 and 42', () => {
  const zero = new JavaRandom(0n);
  expect([zero.nextDouble(), zero.nextDouble(), zero.nextDouble()]).toEqual([
    0.730967787376657, 0.24053641567148587, 0.6374174253501083,
  ]);
  expect(new JavaRandom(42n).nextDouble()).toBe(0.7275636800328681);
});

test('integers below 10 of seed 42', () => {
  const ten = new JavaRandom(42n);
  expect(Array.from({ length: 5 }, () => ten.nextInt(10))).toEqual([0, 3, 8, 4, 0]);
});

// The suite of ranked-choice cases shuffles four names with seed 12345 (tests/rankedCases.test.ts).
test('a shuffle is a permutation, the same for one seed', () => {
  const list = ['a', 'b', 'c', 'd', 'e'];
  const shuffled = new JavaRandom(7n).shuffle(list);
  expect(shuffled.toSorted()).toEqual(list);
  expect(new JavaRandom(7n).shuffle(list)).toEqual(shuffled);
});
