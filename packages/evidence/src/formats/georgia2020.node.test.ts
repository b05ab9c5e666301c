// The readers meet the public files of Georgia. Expected figures: the report's own totals, the state's certified totals, and the
// counts that others measured in the same files (number of batches, types, zero batches, second totals).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { contestId } from '../election/index.ts';
import { readAuditReport } from './auditReport.ts';
import { readClarity } from './clarity.ts';
import { readCountyBallots } from './countyBallots.ts';
import { detect, headLength, type Format } from './detect.ts';
import type { Reading } from './reading.ts';

const file = (path: string): Uint8Array => readFileSync(sharedFile(`data/${path}`));
const report = 'georgia-2020/audit-report-November-3-2020-General-Election-2020-11-19.csv';
const machine = 'georgia-2020/machine-count-detail-2020-11-20.xml';
function value<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  return reading.value;
}

describe.skipIf(!haveShared())('public files of Georgia (shared data)', () => {
  test('the full hand count of November 2020', () => {
    const reading = readAuditReport('report', file(report));
    const { handCounts, stated, jurisdictions } = value(reading);
    expect(reading).toMatchObject({ rowsRead: 41_881, rowsRefused: [], remarks: [] });
    const count = handCounts[0]!;
    expect(jurisdictions).toHaveLength(159);
    const width = count.columns.length;
    const sums = count.columns.map((_, c) =>
      count.names.reduce((n, __, b) => n + count.tallies[b * width + c]!, 0),
    );
    expect(sums.slice(0, 3)).toEqual([2_462_857, 2_475_141, 62_587]);
    expect(sums.slice(0, 3).reduce((a, b) => a + b)).toBe(5_000_585);
    expect(Object.groupBy(count.types, (t) => t)).toMatchObject({
      'Absentee By Mail': { length: 28_378 },
      Advance: { length: 8_066 },
      'Election Day': { length: 5_043 },
      Provisional: { length: 323 },
      Other: { length: 71 },
    });
    const cards = count.names.map((_, b) =>
      count.tallies.subarray(b * width, (b + 1) * width).reduce((x, y) => x + y, 0),
    );
    expect(cards.filter((n) => n === 0)).toHaveLength(108);
    const largest = Math.max(...cards);
    expect(largest).toBe(10_328);
    expect(count.jurisdictions[count.jurisdictionOf[cards.indexOf(largest)]!]).toBe('glynn');
    expect(cards.reduce((a, b) => a + b)).toBe(5_145_771);
    expect(count.names.filter((n) => n.includes(','))).toHaveLength(5_351);
    expect(count.names.filter((n) => n !== n.trim())).toHaveLength(328);

    expect(stated).toMatchObject({
      auditType: 'BALLOT_POLLING',
      auditMath: 'BRAVO',
      riskLimit: '10%',
      seed: '12345123451234512345',
    });
    expect(stated.rounds[0]).toMatchObject({ sampleSize: 5_023_513, pValue: '0', riskLimitMet: true });
    const before = stated.contests[0]!;
    expect(before.totalBallotsCast).toBe(5_023_513);
    expect(before.tabulated[1]!.votes - before.tabulated[0]!.votes).toBe(12_780);
  });

  test('the certified machine count', () => {
    const reading = readClarity('detail', file(machine));
    const { election, results } = value(reading);
    expect(reading).toMatchObject({ remarks: [] });
    expect(election.jurisdictions).toHaveLength(159);
    expect(election.contests).toHaveLength(298);
    const president = results.find((r) => r.contest === contestId('President of the United States'))!;
    expect(president.statedTotals).toEqual([2_461_837, 2_474_507, 62_138]);
    expect(president.rows).toHaveLength(159 * 4);
    expect(president.choices.map((_, i) => president.rows.reduce((n, r) => n + r.votes[i]!, 0))).toEqual([
      2_461_837, 2_474_507, 62_138,
    ]);
    expect(president.asOf).toBe('11/20/2020 3:37:06 PM EST');
  });

  test('ballots cast by county', () => {
    const reading = readCountyBallots(
      'counties',
      file('georgia-2020/county-undervotes-overvotes.json'),
      contestId('President'),
    );
    const { rows } = value(reading).ballotsCast;
    expect(reading).toMatchObject({ rowsRead: 159, remarks: [] });
    expect(rows.reduce((n, r) => n + r.ballots, 0)).toBe(5_026_684);
  });

  test('a county file of 2018 and a runoff of 2018', () => {
    const floyd = value(readClarity('floyd', file('results-files/detail_floyd.xml')));
    expect(floyd.level).toBe('county');
    expect(floyd.election).toMatchObject({ date: '2018-12-18', jurisdictions: [{ id: 'floyd' }] });
    expect(floyd.results[0]!.statedTotals).toEqual([262, 46, 138, 18]);
    expect(new Set(floyd.results[0]!.rows.map((r) => r.unit)).size).toBe(5);
    expect(floyd.notVotes.map((n) => n.name)).toEqual([
      'Number of Precincts for Race',
      'Number of Precincts Reporting',
    ]);
    const runoff = value(readClarity('runoff', file('results-files/20180724__ga__primary__runoff.xml')));
    expect(runoff.results[0]!.statedTotals).toEqual([179_712, 408_595]);
    expect(runoff.election.contests[0]!.choices[0]).toEqual({
      id: 'ls-casey-cagle',
      name: 'L.S. "CASEY" CAGLE',
      party: 'REP',
    });
  });

  test('the batch comparison of 2025: what it states is read, its sample is refused by name', () => {
    const reading = readAuditReport('report', file('georgia-2025/final_audit_report.csv'));
    expect(reading).toMatchObject({
      value: {
        handCounts: [],
        stated: {
          auditType: 'BATCH_COMPARISON',
          auditMath: 'MACRO',
          seed: '34363370190391208563',
          rounds: [{ pValue: '0.034476286' }],
        },
      },
      rowsRefused: [{ code: 'not-a-full-hand-count', line: 17 }],
    });
    expect(value(reading).stated.contests[0]!.tabulated.map((v) => v.votes)).toEqual([582_403, 980_470]);
  });

  test('which is which, by their heads', () => {
    const formats: Record<string, Format | 'unknown-format' | 'spreadsheet'> = {
      [report]: 'audit report',
      [machine]: 'clarity detail',
      'georgia-2020/county-undervotes-overvotes.json': 'county ballots',
      'georgia-2020/counties.json': 'unknown-format',
      'results-files/detail_floyd.xml': 'clarity detail',
      'results-files/nist_v2_wy20g.xml': 'nist results',
      'georgia-2025/final_audit_report.csv': 'audit report',
      'georgia-2025/manifests_bundle.zip': 'spreadsheet',
      'colorado-2024/tabulateCounty.csv': 'unknown-format',
    };
    for (const [path, expected] of Object.entries(formats)) {
      const found = detect(path, file(path).subarray(0, headLength));
      expect(typeof found === 'string' ? found : found.code, path).toBe(expected);
    }
  });

  test('reading 41,881 batches takes a few times what merely splitting the text takes', () => {
    const bytes = file(report);
    // The least of several: the others measure what else the machine was doing.
    const least = (work: () => unknown): number =>
      Math.min(
        ...Array.from({ length: 7 }, () => {
          const before = performance.now();
          work();
          return performance.now() - before;
        }),
      );
    const splitting = least(() =>
      new TextDecoder()
        .decode(bytes)
        .split('\n')
        .map((line) => line.split(',')),
    );
    const reading = least(() => readAuditReport('report', bytes));
    expect(reading / splitting).toBeLessThan(8); // measured: 2.5
  });
});
