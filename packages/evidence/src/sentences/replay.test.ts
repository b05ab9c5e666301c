import { expect, test } from 'vitest';
import { replayCodes, replayItemInWords, replayUnitInWords } from './index.ts';

test('a replayed item in words', () => {
  expect(
    replayItemInWords({ of: 'draw', jurisdiction: 'Adams', word: 'missing input', code: 'drawn-statewide', same: 194, all: 1231, units: [] }), // oxfmt-ignore
  ).toEqual({
    word: 'missing input',
    statement: 'the draw from the seed, Adams',
    size: '194 of 1,231; drawn for contests of several counties, the sizes of whose manifests are not all known',
  });
  expect(replayItemInWords({ of: 'risk', contest: 'Mayor', word: 'differs', stated: '0.03', recomputed: '0.04', units: [] }).size).toBe('stated 0.03, found 0.04'); // oxfmt-ignore
  expect(replayItemInWords({ of: 'risk', contest: 'Mayor', word: 'reproduced', stated: '0.03', recomputed: '0.03', units: [] }, 'es')).toEqual({ word: 'reproducido', statement: 'el riesgo medido, Mayor', size: '0.03' }); // oxfmt-ignore
  expect(replayUnitInWords({ name: '1-2-3', code: 'left-out' })).toBe(
    '1-2-3 · drawn by the seed and not in the sample',
  );
});

test('every code has words in both languages', () => {
  expect(replayCodes.length).toBeGreaterThan(15);
  for (const code of replayCodes)
    for (const language of ['en', 'es'] as const)
      expect(replayItemInWords({ of: 'draw', word: 'differs', code, units: [] }, language).size).not.toBe(code === 'seed' ? '' : code); // oxfmt-ignore
});
