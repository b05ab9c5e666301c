import { expect, test } from 'vitest';
import { choiceId, contestId, jurisdictionId } from '../election/index.ts';
import { sumByType, type HandCount } from './handCount.ts';

test('batches of one jurisdiction and type are added up, in the order in which they first come', () => {
  const count: HandCount = {
    contest: contestId('Mayor'),
    granularity: 'batch',
    columns: [{ kind: 'choice', choice: choiceId('Ann') }, { kind: 'blank' }],
    jurisdictions: [jurisdictionId('East'), jurisdictionId('West')],
    jurisdictionOf: Uint16Array.from([0, 1, 0, 0]),
    names: ['1', '1', '2', '3'],
    types: ['Mail', 'Mail', 'Day', 'Mail'],
    tallies: Uint32Array.from([1, 2, 3, 4, 5, 6, 7, 8]),
  };
  expect(sumByType(count)).toEqual({
    ...count,
    granularity: 'type',
    jurisdictionOf: Uint16Array.from([0, 1, 0]),
    names: ['', '', ''],
    types: ['Mail', 'Mail', 'Day'],
    tallies: Uint32Array.from([8, 10, 3, 4, 5, 6]),
  });
  const full = { ...count, tallies: Uint32Array.from([0xffffffff, 0, 0, 0, 0, 0, 1, 0]) };
  expect(() => sumByType(full)).toThrow(RangeError);
});
