import { expect, test } from 'vitest';
import { isBefore, parseStamp } from './index.ts';

const before = (a: string, b: string): boolean | undefined => isBefore(parseStamp(a)!, parseStamp(b)!);

test('stamps of one kind compare by what they say', () => {
  expect(before('2024-11-15 23:33:06.669893', '2024-11-15 23:33:06.669894')).toBe(true);
  expect(before('2024-11-15 23:33:06.669894', '2024-11-15 23:33:06.669893')).toBe(false);
  expect(before('2024-11-15 23:33', '2024-11-15 23:33:20')).toBe(undefined);
  expect(before('2024-11-15 23:33:06', '2024-11-16')).toBe(true);
  expect(before('2024-11-16 00:00:00.5', '2024-11-16')).toBe(undefined);
  expect(before('2024-11-17', '2024-11-16')).toBe(false);
});
test('zones count where both have one; with one zone unknown, a day may not be enough', () => {
  expect(before('2025-11-12T20:00:00+00:00', '2025-11-12T14:00:00-07:00')).toBe(true);
  expect(before('2025-11-12T20:00:00+0530', '2025-11-12T14:00:00-07')).toBe(true);
  expect(before('2025-11-12T22:00:00Z', '2025-11-12T14:00:00-07:00')).toBe(false);
  expect(before('2025-11-12 20:00:00', '2025-11-13T02:00:00Z')).toBe(undefined);
  expect(before('2025-11-12 20:00:00', '2025-11-13T11:00:00Z')).toBe(true);
});
test('what is no time is none', () => {
  for (const text of ['', '11/15/2024', '2024-02-30', '2024-13-01 10:00:00', '2024-11-15 25:00:00', 'soon'])
    expect(parseStamp(text)).toBe(undefined);
});
