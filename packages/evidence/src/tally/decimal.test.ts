import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, units } from './decimal.ts';

test('written without trailing zeros', () => {
  expect([decimal(80_000n, 4), decimal(1_775_192n, 4), decimal(1n, 4), decimal(-5n, 1), decimal(0n, 4), decimal(7n, 0)]).toEqual([
    '8', '177.5192', '0.0001', '-0.5', '0', '7',
  ]); // prettier-ignore
});

test('read back, exactly; anything else is refused', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.integer({ min: 0, max: 20 }), (n, places) => {
      expect(units(decimal(n, places), places)).toBe(n);
    }),
  );
  for (const text of ['', '1.', '.5', '1e3', '1.23456', ' 1', '--1'])
    expect(() => units(text, 4), text).toThrow(RangeError);
});
