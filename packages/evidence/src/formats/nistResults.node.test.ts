// Election results by NIST SP 1500-100: the one real file at hand against the totals that Wyoming published, and a small one edited into
// every fault and every shape that the standard allows and the real file lacks.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { contestId } from '../election/index.ts';
import { detect, headLength, open, openContest } from './detect.ts';
import { readNistResults, type NistResults } from './nistResults.ts';
import type { Reading } from './reading.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): Reading<NistResults> => readNistResults('results.xml', bytes(text));
function value<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  return reading.value;
}
const totals = (of: NistResults, contest: string): Record<string, number> => {
  const found = of.results.find((r) => r.contest === contestId(contest))!;
  return Object.fromEntries(
    found.choices.map((id, i) => [id, found.rows.reduce((n, row) => n + row.votes[i]!, 0)]),
  );
};

// The certified totals of Wyoming's Secretary of State, Statewide Candidates Official Summary, General Election of 3 November 2020.
describe.skipIf(!haveShared())('Wyoming 2020 (shared data)', () => {
  const file = (): Uint8Array => readFileSync(sharedFile('data/results-files/nist_v2_wy20g.xml'));

  test('the votes that Wyoming published, by county', () => {
    const reading = readNistResults('wy', file());
    const wyoming = value(reading);
    expect(totals(wyoming, 'US President (WY)')).toEqual({
      'donald-j-trump': 193_559,
      'joseph-r-biden': 73_491,
      'jo-jorgensen': 5_768,
      'brock-pierce': 2_208,
      'write-ins': 1_739,
    });
    expect(totals(wyoming, 'US Senate (WY)')).toMatchObject({
      'cynthia-m-lummis': 198_100,
      'merav-ben-david': 72_766,
    });
    // All counts of the file, by tr and awk.
    const everything = wyoming.results.flatMap((r) => r.rows).flatMap((row) => row.votes);
    expect(everything).toHaveLength(5_290);
    expect(everything.reduce((a, b) => a + b, 0)).toBe(1_195_138);
    expect(wyoming.election).toMatchObject({ name: '2020 General', date: '' });
    expect(wyoming.election.jurisdictions).toHaveLength(23);
    expect(wyoming.election.jurisdictions[0]).toEqual({ id: 'albany', name: 'Albany County' });
    expect(wyoming.election.contests).toHaveLength(78);
    expect(wyoming.election.contests[0]!.choices[3]).toMatchObject({ name: 'Write-Ins', writeIn: true });
    expect(wyoming.results[0]).toMatchObject({ status: 'unofficial', asOf: '2021-07-10T04:58:51Z' });
    // The program that wrote the file did not know the day of the election.
    expect(reading.ok && reading.remarks.map((r) => [r.code, r.found])).toEqual([
      ['bad-date', '"1900-01-01"'],
    ]);
  });

  test('told from its head, and read for one contest as for all', () => {
    const whole = file();
    expect(detect('results.csv', whole.subarray(0, headLength))).toBe('nist results');
    const all = value(open('wy', whole));
    const contest = all.contests[40]!;
    const one = value(openContest('wy', whole, contest));
    expect(one.contests).toEqual([contest]);
    expect(one.results).toEqual(all.results.filter((r) => r.contest === contest.id));
  });
});

const count = (unit: string, type: string, n: number | string): string =>
  `<VoteCounts><GpUnitId>${unit}</GpUnitId><Type>${type}</Type><Count>${n}</Count></VoteCounts>`;
/** Two counties, one of them with two precincts; the state, the county and the precincts are all counted, and so are parts and total. */
const report = `<?xml version="1.0"?>
<e:ElectionReport xmlns:e="http://itl.nist.gov/ns/voting/1500-100/v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<e:Election>
<Candidate ObjectId="c1"><BallotName><Text Language="es">Ana</Text><Text Language="en-US">Ann Alder</Text></BallotName><PartyId>p1</PartyId></Candidate>
<Candidate ObjectId="c2"><BallotName><Text Language="en">Bob Birch</Text></BallotName></Candidate>
<Contest ObjectId="k1" xsi:type="e:CandidateContest">
<ContestSelection ObjectId="s1" xsi:type="e:CandidateSelection">
${count('a1', 'election-day', 3)}${count('a1', 'early', '4.0')}${count('a1', 'total', 7)}${count('a2', 'total', 5)}${count('a', 'total', 12)}${count('b', 'total', 8)}${count('wy', 'total', 20)}
<CandidateIds>c1</CandidateIds></ContestSelection>
<ContestSelection ObjectId="s2" xsi:type="e:CandidateSelection">
${count('a1', 'election-day', 1)}${count('a1', 'early', 1)}${count('a1', 'total', 2)}${count('a2', 'total', 6)}${count('a', 'total', 8)}${count('b', 'total', 9)}${count('wy', 'total', 17)}
<CandidateIds>c2</CandidateIds></ContestSelection>
<ContestSelection ObjectId="s3" xsi:type="e:CandidateSelection">
${count('a1', 'election-day', 0)}${count('a1', 'early', 0)}${count('a1', 'total', 0)}${count('a2', 'total', 1)}${count('a', 'total', 1)}${count('b', 'total', 0)}${count('wy', 'total', 1)}
<IsWriteIn>true</IsWriteIn></ContestSelection>
<ElectionDistrictId>wy</ElectionDistrictId><Name>Council</Name>
<OtherCounts><GpUnitId>a1</GpUnitId><Overvotes>1</Overvotes><Undervotes>2</Undervotes></OtherCounts>
<NumberElected>1</NumberElected><VotesAllowed>2</VotesAllowed></Contest>
<Contest ObjectId="k2" xsi:type="BallotMeasureContest">
<ContestSelection ObjectId="s4" xsi:type="BallotMeasureSelection">${count('b', 'total', 4)}<Selection><Text Language="en">Yes</Text></Selection></ContestSelection>
<ContestSelection ObjectId="s5" xsi:type="BallotMeasureSelection">${count('b', 'total', 3)}<Selection><Text Language="en">No</Text></Selection></ContestSelection>
<ElectionDistrictId>b</ElectionDistrictId><Name>Measure 1</Name></Contest>
<Contest ObjectId="k3" xsi:type="PartyContest">
<ContestSelection ObjectId="s6" xsi:type="PartySelection">${count('b', 'total', 6)}<PartyIds>p1</PartyIds></ContestSelection>
<ElectionDistrictId>b</ElectionDistrictId><Name>Straight Party</Name></Contest>
<ElectionScopeId>wy</ElectionScopeId><Name><Text Language="en">General</Text></Name><StartDate>2026-11-03</StartDate></e:Election>
<GeneratedDate>2026-11-20T10:00:00Z</GeneratedDate>
<GpUnit ObjectId="wy" xsi:type="ReportingUnit"><ComposingGpUnitIds>a b</ComposingGpUnitIds><Name><Text Language="en">State</Text></Name><Type>state</Type></GpUnit>
<GpUnit ObjectId="a" xsi:type="ReportingUnit"><ComposingGpUnitIds>a1</ComposingGpUnitIds><Name><Text Language="en">State;Ash County</Text></Name><Type>county</Type></GpUnit>
<GpUnit ObjectId="a1" xsi:type="ReportingUnit"><Name><Text Language="en">P-1</Text></Name><Type>precinct</Type></GpUnit>
<GpUnit ObjectId="a2" xsi:type="ReportingUnit"><Name><Text Language="en">State;Ash County;P-2</Text></Name><Type>split-precinct</Type></GpUnit>
<GpUnit ObjectId="b" xsi:type="ReportingUnit"><Name><Text Language="en">State;Beech County</Text></Name><Type>county</Type></GpUnit>
<Party ObjectId="p1"><Name><Text Language="en">Arbor</Text></Name></Party>
<Status>certified</Status></e:ElectionReport>`;

test('what is counted at several levels is counted once', () => {
  const reading = read(report);
  const { election, results, notVotes } = value(reading);
  expect(election).toEqual({
    name: 'General',
    date: '2026-11-03',
    jurisdictions: [
      { id: 'ash', name: 'Ash County' },
      { id: 'beech', name: 'Beech County' },
    ],
    contests: [
      {
        id: 'council',
        name: 'Council',
        choices: [
          { id: 'ann-alder', name: 'Ann Alder', party: 'Arbor' },
          { id: 'bob-birch', name: 'Bob Birch' },
          { id: 'write-in', name: 'Write-in', writeIn: true },
        ],
        rule: { kind: 'plurality', voteFor: 2, winners: 1 },
      },
      {
        id: 'measure-1',
        name: 'Measure 1',
        choices: [
          { id: 'yes', name: 'Yes' },
          { id: 'no', name: 'No' },
        ],
        rule: { kind: 'plurality', voteFor: 1, winners: 1 },
      },
      {
        id: 'straight-party',
        name: 'Straight Party',
        choices: [{ id: 'arbor', name: 'Arbor' }],
        rule: { kind: 'plurality', voteFor: 1, winners: 1 },
      },
    ],
  });
  expect(results[0]).toEqual({
    contest: 'council',
    choices: ['ann-alder', 'bob-birch', 'write-in'],
    rows: [
      { jurisdiction: 'ash', unit: 'P-1', voteType: 'election-day', votes: [3, 1, 0] },
      { jurisdiction: 'ash', unit: 'P-1', voteType: 'early', votes: [4, 1, 0] },
      { jurisdiction: 'ash', unit: 'P-2', voteType: 'total', votes: [5, 6, 1] },
      { jurisdiction: 'beech', voteType: 'total', votes: [8, 9, 0] },
    ],
    statedTotals: [20, 17, 1],
    asOf: '2026-11-20T10:00:00Z',
    status: 'certified',
  });
  expect(notVotes).toEqual([
    { contest: 'council', name: 'Overvotes', counts: new Map([['Ash County, P-1', 1]]) },
    { contest: 'council', name: 'Undervotes', counts: new Map([['Ash County, P-1', 2]]) },
  ]);
  expect(reading.ok && reading.remarks).toEqual([]);
});

const edit = (from: string, to: string): string => {
  expect(report).toContain(from);
  return report.replace(from, to);
};
const said = (reading: Reading<unknown>): unknown =>
  reading.ok ? reading.remarks.map((r) => [r.code, r.expected, r.found]) : reading.refusals;

test('a total beside parts that do not add up to it is read, and a total of a county that its precincts contradict is said', () => {
  const parts = read(edit(count('a1', 'early', '4.0'), count('a1', 'early', 3)));
  expect(said(parts)).toEqual([['total-contradicts-parts', '6, the sum of its parts', '7, stated and read']]);
  expect(value(parts).results[0]!.rows[0]).toMatchObject({ voteType: 'total', votes: [7, 2, 0] });
  const lacking = value(read(edit(count('a1', 'early', 1), '')));
  expect(lacking.results[0]!.rows[0]).toMatchObject({ voteType: 'total', votes: [7, 2, 0] });
  const county = read(edit(count('a', 'total', 12), count('a', 'total', 13)));
  expect(said(county)).toEqual([['total-contradicts-parts', '12, the sum of its parts', '13, stated']]);
  expect(totals(value(county), 'Council')).toMatchObject({ 'ann-alder': 20 });
});

test('ranked contests, rounds, rules that are not told, and names that only the district tells apart', () => {
  const ranked = edit('<VotesAllowed>2', '<VoteVariation>rcv</VoteVariation><VotesAllowed>2').replace(
    count('b', 'total', 9),
    `${count('b', 'total', 9)}<VoteCounts><GpUnitId>b</GpUnitId><Round>2</Round><Type>total</Type><Count>10</Count></VoteCounts>`,
  );
  const reading = read(ranked);
  expect(value(reading).election.contests[0]!.rule).toEqual({ kind: 'instantRunoff' });
  expect(totals(value(reading), 'Council')).toMatchObject({ 'bob-birch': 17 });
  expect(said(reading)).toMatchObject(
    [['rounds-passed-over', {}, {}]].map(([code]) => [code, expect.any(String), expect.any(String)]),
  );
  const other = edit('<VotesAllowed>2', '<VoteVariation>cumulative</VoteVariation><VotesAllowed>2');
  expect(said(read(other))).toEqual([
    ['rule-not-read', 'plurality, n-of-m, approval or rcv', '"cumulative"; read as plurality'],
  ]);
  const twins = value(read(edit('<Name>Measure 1<', '<Name>Council<')));
  expect(twins.election.contests.map((c) => c.name)).toEqual([
    'Council, State',
    'Council, Beech County',
    'Straight Party',
  ]);
});

test("a county's own file, and a town's", () => {
  const own = report
    .replaceAll('>a b<', '><')
    .replace('<ElectionScopeId>wy<', '<ElectionScopeId>b<')
    .replaceAll(/<VoteCounts><GpUnitId>(a|wy)<.*?<\/VoteCounts>/g, '')
    .replaceAll(/<ComposingGpUnitIds>a1<\/ComposingGpUnitIds>/g, '')
    .replaceAll('State;Ash County;P-2', 'P-2')
    .replaceAll(
      /<VoteCounts><GpUnitId>b<\/GpUnitId><Type>total<\/Type><Count>(8|9|0)<\/Count><\/VoteCounts>/g,
      '',
    );
  const county = value(read(own));
  expect(county.results[0]!.rows.map((r) => [r.jurisdiction, r.unit])).toEqual([
    ['beech', 'P-1'],
    ['beech', 'P-1'],
    ['beech', 'P-2'],
  ]);
  expect(value(read(report.replaceAll('>county<', '>town<'))).election.jurisdictions).toHaveLength(2);
});

describe('refuses', () => {
  const faults: [what: string, code: string, text: () => string][] = [
    ['version 1', 'not-an-election-report', () => edit('1500-100/v2', '1500-100/v1')],
    ['cast vote records', 'not-an-election-report', () => '<CastVoteRecordReport/>'],
    ['a file cut off', 'truncated', () => report.slice(0, 3000)],
    ['a document type', 'xml-doctype', () => report.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>')],
    ['a negative count', 'negative-count', () => edit('<Count>12<', '<Count>-12<')],
    ['half a vote', 'fractional-count', () => edit('<Count>12<', '<Count>12.5<')],
    ['no count', 'missing-count', () => edit('<Count>12</Count>', '')],
    ['a choice not counted where others are', 'missing-count', () => edit(count('b', 'total', 9), '')],
    ['a type that one choice lacks, with no total', 'missing-count', () => edit(count('a1', 'early', 1), '').replaceAll(/<VoteCounts><GpUnitId>a1<\/GpUnitId><Type>total<.*?<\/VoteCounts>/g, '')],
    ['a count twice', 'jurisdiction-twice', () => edit(count('b', 'total', 9), count('b', 'total', 9).repeat(2))],
    ['a count of no unit', 'missing-name', () => edit('<GpUnitId>a2</GpUnitId>', '')],
    ['a count of no type', 'missing-name', () => edit('<GpUnitId>a2</GpUnitId><Type>total</Type>', '<GpUnitId>a2</GpUnitId>')],
    ['a unit that is not there', 'unknown-reference', () => edit('<GpUnitId>a2<', '<GpUnitId>zz<')],
    ['a candidate who is not there', 'unknown-reference', () => edit('<CandidateIds>c2<', '<CandidateIds>c9<')],
    ['an id twice', 'id-twice', () => edit('ObjectId="c2"', 'ObjectId="c1"')],
    ['a contest without a name', 'missing-name', () => edit('<Name>Council</Name>', '')],
    ['a choice without a name', 'missing-name', () => edit('<CandidateIds>c2</CandidateIds>', '')],
    ['a choice twice', 'choice-twice', () => edit('<CandidateIds>c2<', '<CandidateIds>c1<')],
    ['a contest twice', 'contest-twice', () => edit('<Name>Measure 1<', '<Name>Straight Party<')],
    ['counts by device', 'counts-by-device', () => edit('<GpUnitId>a2<', '<DeviceClass><Type>dre</Type></DeviceClass><GpUnitId>a2<')],
    ['a count kept back', 'count-suppressed', () => edit('<GpUnitId>a2</GpUnitId>', '<GpUnitId>a2</GpUnitId><IsSuppressedForPrivacy>true</IsSuppressedForPrivacy>')],
    ['a district in no county', 'unit-without-county', () => report.replaceAll(/>county</g, '>congressional<')],
    ['precincts beside polling places', 'mixed-places', () => edit('>split-precinct<', '>polling-place<')],
    ['two counties of one name', 'jurisdiction-twice', () => edit('State;Beech County', 'State;ASH')],
    ['two elections', 'several-elections', () => edit('</e:Election>', '</e:Election><Election/>')],
    ['nothing counted', 'no-rows', () => report.replaceAll(/<VoteCounts>.*?<\/VoteCounts>/g, '')],
    ['votes allowed that are no number', 'not-a-count', () => edit('<VotesAllowed>2<', '<VotesAllowed>two<')],
  ]; // prettier-ignore
  test.each(faults)('%s', (_, code, text) => {
    const reading = read(text());
    expect(reading.ok ? [] : reading.refusals.map((r) => r.code)).toContain(code);
  });

  test('units that lie in a circle, or in more than a tree has, in bounded time', () => {
    const codes = (reading: Reading<unknown>): unknown =>
      reading.ok ? [] : reading.refusals.map((r) => r.code);
    const circle = edit(
      'ObjectId="a1" xsi:type="ReportingUnit">',
      'ObjectId="a1"><ComposingGpUnitIds>wy</ComposingGpUnitIds>',
    );
    expect(codes(read(circle))).toContain('units-not-a-tree');
    const ids = Array.from({ length: 1500 }, (_, i) => `u${i}`);
    const many = ids.map(
      (id) =>
        `<GpUnit ObjectId="${id}"><ComposingGpUnitIds>${ids.join(' ')} a2</ComposingGpUnitIds><Type>other</Type></GpUnit>`,
    );
    const reading = read(edit('<GpUnit ObjectId="wy"', `${many.join('')}<GpUnit ObjectId="wy"`));
    expect(codes(reading)).toContain('units-not-a-tree');
  });
});
