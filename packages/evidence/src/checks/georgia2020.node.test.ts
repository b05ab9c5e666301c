// The whole of Georgia's hand count of November 2020, 41,881 batches, put to every check. The expected figures are the state's (audit report,
// certified detail.xml), the field guide's and, for the repeated names, an independent count with another program.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { contestId, type Contest } from '../election/index.ts';
import { open, openContest } from '../formats/index.ts';
import { evidenceOf } from '../../test/filesAtHand.ts';
import { checkEvidence, type Finding } from './index.ts';

const files = [
  'audit-report-November-3-2020-General-Election-2020-11-19.csv',
  'machine-count-detail-2020-11-20.xml',
  'county-undervotes-overvotes.json',
];

describe.skipIf(!haveShared())('Georgia 2020', () => {
  const president = contestId('President of the United States');
  let findings: readonly Finding[];
  beforeAll(() => {
    let contest: Contest | undefined;
    const opened = files.map((name) => {
      const reading = open(name, readFileSync(sharedFile(`data/georgia-2020/${name}`)), contest);
      if (!reading.ok) throw new Error(JSON.stringify(reading.refusals[0]));
      contest ??= reading.value.contests.find((c) => c.id === president);
      return { source: { name }, opened: reading.value };
    });
    findings = checkEvidence(evidenceOf(opened));
  });
  const find = (check: string): Finding =>
    findings.find((f) => f.check === check && (f.contest === undefined || f.contest === president))!;
  const figures = (check: string): Record<string, number> =>
    Object.fromEntries(find(check).figures.map((f) => [f.name, f.value]));

  test('the hand count names the winner that was reported', () => {
    expect(find('same-winner').word).toBe('holds');
    expect(figures('same-winner')).toMatchObject({
      reportedMargin: 12_670, handMargin: 12_284,
      'reported donald-j-trump': 2_461_837, 'reported joseph-r-biden': 2_474_507, 'reported jo-jorgensen': 62_138,
      'hand donald-j-trump': 2_462_857, 'hand joseph-r-biden': 2_475_141, 'hand jo-jorgensen': 62_587,
    }); // prettier-ignore
  });
  test('the margin, county by county', () => {
    expect(figures('margin-variation')).toMatchObject({
      unchanged: 42,
      below: 103,
      jurisdictions: 159,
      largestVotes: 16,
      largestOf: 2_194,
    });
    expect(find('margin-variation').units[0]).toMatchObject({ jurisdiction: 'calhoun' });
    expect(figures('margin-variation')['largest']).toBeCloseTo(0.7293, 4);
  });
  test('one contest read alone is that contest of the whole file', () => {
    const name = files[1]!;
    const bytes = readFileSync(sharedFile(`data/georgia-2020/${name}`));
    const whole = open(name, bytes);
    if (!whole.ok) throw new Error('the file does not read');
    const contest = whole.value.contests.find((c) => c.id === president)!;
    const alone = openContest(name, bytes, contest);
    if (!alone.ok) throw new Error('the contest does not read');
    expect(whole.value.results.length).toBeGreaterThan(100);
    expect(alone.value.results).toEqual(whole.value.results.filter((r) => r.contest === president));
    expect(alone.value.contests).toEqual([contest]);
    expect(alone.value.jurisdictions).toEqual(whole.value.jurisdictions);
  });
  test('40 counties have all three figures the same', () => {
    expect(figures('equal-counts')).toMatchObject({
      units: 119,
      jurisdictions: 159,
      net: 5_000_585 - 4_998_482,
      margin: 12_670,
    });
  });
  test('all batches are there and add up', () => {
    expect(find('batches-add-up').word).toBe('holds');
    expect(figures('batches-add-up')).toEqual({ batches: 41_881, columns: 7 });
    expect(find('every-jurisdiction-counted').word).toBe('holds');
    expect(find('results-add-up').word).toBe('holds');
  });
  test('names repeat once blanks and capitals are set aside: 32, 28 of them in Fulton', () => {
    expect(find('batch-names-exact').word).toBe('holds');
    const { units } = find('batch-names-folded');
    expect([units.length, units.filter((u) => u.jurisdiction === 'fulton').length]).toEqual([32, 28]);
  });
  test('a bundle entered beside its own batches, with the same votes', () => {
    const overlaps = find('batch-ranges-apart').units.filter((u) => u.name!.includes('174- 178'));
    expect(new Set(overlaps.map((u) => u.code))).toEqual(new Set(['same-tally', 'same-votes']));
  });
  test('cards and ballots: Gwinnett’s second cards', () => {
    expect(find('hand-counted-cards').units[0]).toMatchObject({
      jurisdiction: 'gwinnett',
      code: 'second-cards',
    });
    expect(figures('hand-counted-cards')).toMatchObject({
      counted: 5_145_771,
      ballots: 5_026_684,
      equal: 65,
    });
  });
  test('empty and unanimous batches', () => {
    expect(figures('empty-batches')['found']).toBe(108);
    // An independent count over the same file: 359 batches of 50 cards or more with every card for one choice.
    expect(figures('unanimous-batches')['found']).toBe(359);
  });
  test('the audit’s form, seed and starting point', () => {
    expect(find('audit-is-what-it-says').code).toBe('full-count-on-sampling-form');
    expect(find('seed-without-pattern').code).toBe('repeats');
    expect(figures('audit-started-from-certified')).toMatchObject({
      marginThen: 12_780,
      marginCertified: 12_670,
    });
    expect(find('sealed-before-seed').word).toBe('cannot tell');
  });
});
