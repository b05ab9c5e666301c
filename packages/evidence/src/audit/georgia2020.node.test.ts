// Georgia's full hand count of November 2020 beside the certified machine count. The state published 103 of 159 counties under 0.05% and 0.73% as
// the highest; the county figures were computed from the same two files by somebody else's program.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { open } from '../formats/index.ts';
import { compareCounts, isBelow, largestVariation, type CountComparison } from './fullHandCount.ts';
import { pairUp, type NamedFile } from './pairing.ts';

const load = (path: string): NamedFile => {
  const reading = open(path, readFileSync(sharedFile(`data/georgia-2020/${path}`)));
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  return { name: path, opened: reading.value };
};

describe.skipIf(!haveShared())('Georgia, President, 2020 (shared data)', () => {
  let found: CountComparison;
  beforeAll(() => {
    const machine = load('machine-count-detail-2020-11-20.xml');
    const report = load('audit-report-November-3-2020-General-Election-2020-11-19.csv');
    const pairs = pairUp(machine, report);
    if ('code' in pairs) throw new Error(pairs.found);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]!.contest.name).toBe('President of the United States');
    expect(pairs[0]!.jurisdictions.find((j) => j.id === 'ben-hill')!.name).toBe('Ben Hill');
    found = compareCounts(pairs[0]!.contest, pairs[0]!.reported, pairs[0]!.counted);
    const other = pairUp(report, machine);
    if ('code' in other) throw new Error(other.found);
    expect(compareCounts(other[0]!.contest, other[0]!.reported, other[0]!.counted)).toEqual(found);
  });

  test('the paper elects who was reported elected', () => {
    expect(found.ending).toEqual({ kind: 'agrees', winners: ['joseph-r-biden'] });
    expect(found.between).toEqual({ winner: 'joseph-r-biden', loser: 'donald-j-trump' });
    expect(found.choices).toEqual(['donald-j-trump', 'joseph-r-biden', 'jo-jorgensen']);
    expect(found.reported).toMatchObject({ totals: [2_461_837, 2_474_507, 62_138], margin: 12_670 });
    expect(found.counted).toMatchObject({
      totals: [2_462_857, 2_475_141, 62_587],
      total: 5_000_585,
      margin: 12_284,
    });
    // 0.0421% of the total, 386 votes and 0.0077% in the margin, against the certified count.
    expect(found.net).toBe(5_000_585 - 4_998_482);
    expect(((found.net / found.reported.total) * 100).toFixed(4)).toBe('0.0421');
    expect(found.reported.margin! - found.counted.margin!).toBe(386);
    expect(found.missing).toEqual({
      jurisdictionsNotReported: [], jurisdictionsNotCounted: [], choicesNotReported: [], choicesNotCounted: [],
      typesNotReported: ['Other'], typesNotCounted: [],
    }); // prettier-ignore
  });

  test('counties: 103 of 159 under 0.05%, Calhoun the highest', () => {
    const half = { numerator: 5, denominator: 10_000 };
    expect(found.jurisdictions).toHaveLength(159);
    expect(found.jurisdictions.filter((j) => isBelow(j.marginVariation!, half))).toHaveLength(103);
    const highest = largestVariation(found)!;
    expect([highest.jurisdiction, highest.marginVariation]).toEqual(['calhoun', { votes: 16, of: 2_194 }]);
    expect(found.units).toMatchObject({
      compared: 159,
      sameMargin: 42,
      sameTotal: 54,
      sameEveryChoice: 40,
      differing: 119,
    });
    expect(found.jurisdictions.filter((j) => Math.abs(j.marginChange!) < 10)).toHaveLength(111);
    expect(
      found.jurisdictions.filter((j) => Math.abs(j.net) * 10_000 < 5 * j.marginVariation!.of),
    ).toHaveLength(118);
  });

  test.each([
    ['gwinnett', [167_361, 242_490, 5_656], [166_413, 241_827, 5_625], 1_642, -285, '0.0689'],
    ['fulton', [137_620, 381_179, 6_494], [137_240, 381_144, 6_275], 634, -345, '0.0658'],
    ['dekalb', [58_438, 308_769, 4_236], [58_373, 308_227, 4_204], 639, 477, '0.1286'],
    ['cobb', [165_114, 221_816, 6_515], [165_459, 221_846, 6_441], -301, 315, '0.0800'],
    ['rockdale', [13_129, 31_120, 431], [13_012, 31_244, 430], -6, -241, '0.5393'],
    ['floyd', [28_687, 11_853, 512], [29_123, 12_008, 517], -596, 281, '0.6747'],
    ['clayton', [15_714, 95_232, 1_038], [15_813, 95_476, 1_055], -360, -145, '0.1291'],
    ['pike', [9_127, 1_504, 88], [9_127, 1_505, 88], -1, -1, '0.0093'],
  ])('%s', (county, hand, machine, net, change, percent) => {
    const one = found.jurisdictions.find((j) => j.jurisdiction === county)!;
    expect(one).toMatchObject({ counted: hand, reported: machine, net, marginChange: change });
    expect(((one.marginVariation!.votes / one.marginVariation!.of) * 100).toFixed(4)).toBe(percent);
  });

  test('by type of ballot, the parts and what has no counterpart add up to the totals', () => {
    expect(found.types.map((t) => t.type)).toEqual(['election day', 'advance', 'mail', 'provisional']);
    const reported = found.choices.map((_, i) => found.types.reduce((n, t) => n + t.reported[i]!, 0));
    expect(reported).toEqual([2_461_837, 2_474_507, 62_138]);
    expect(found.types[0]!.reported[0]).toBe(587_697); // the file's own <VoteType name="Election Day Votes" votes="587697">
  });
});
