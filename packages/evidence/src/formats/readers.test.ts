// What each reader takes and what it must refuse, on small files made here. Figures of real files are in georgia2020.node.test.ts.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contestId, type Contest } from '../election/index.ts';
import { readAuditReport, type AuditReport } from './auditReport.ts';
import { readClarity, type ClarityDetail } from './clarity.ts';
import { readCountyBallots } from './countyBallots.ts';
import { detect, headLength, open } from './detect.ts';
import type { Reading } from './reading.ts';
import { readResultsCsv, writeResultsCsv } from './resultsCsv.ts';
import { largestFile } from './text.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const codes = (reading: Reading<unknown>): string[] =>
  reading.ok ? ['read'] : reading.refusals.map((r) => r.code);
function value<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  return reading.value;
}

// ── the audit report ────────────────────────────────────────────────────────────────────────────────────────────────

const report2020 = `######## ELECTION INFO ########
Organization,Election Name,State
State of Alder,2020 General,AL

######## CONTESTS ########
Contest Name,Targeted?,Number of Winners,Votes Allowed,Total Ballots Cast,Tabulated Votes
Mayor,Targeted,1,1,"1,020",Ann Alder: 500; Bob: Birch: 490; Valid Write-iin: 0; Blank/Undervote: 0

######## AUDIT SETTINGS ########
Audit Name,Audit Type,Audit Math Type,Risk Limit,Random Seed,Online Data Entry?
"November 3, 2020",BALLOT_POLLING,BRAVO,10%,1234,No

######## ROUNDS ########
Round Number,Contest Name,Targeted?,Sample Size,Risk Limit Met?,P-Value,Start Time,End Time,Audited Votes
1,Mayor,Targeted,1020,Yes,0,2020-11-13T14:06:04,2020-11-19T22:25:48,Ann Alder: 1003; Bob: Birch: 7; Valid Write-iin: 1; Blank/Undervote: 2

######## BATCH RESULTS ########
Jurisdiction Name,Batch Name,Batch Type,Ann Alder,Bob: Birch,Valid Write-iin,Blank/Undervote
EAST,"Box 1, left",Election Day,"1,000",4,0,2
EAST, 2 ,Advance,1,2,1,0
WEST,1,Advance,2,1,0,0
`;
const read = (text: string): Reading<AuditReport> => readAuditReport('report.csv', bytes(text));

describe('the audit report', () => {
  test('batches, choices, blanks of a name, thousands separators, a colon in a name', () => {
    const { handCounts, jurisdictions, contests, stated } = value(read(report2020));
    expect(handCounts).toHaveLength(1);
    const count = handCounts[0]!;
    expect(count.columns).toEqual([
      { kind: 'choice', choice: 'ann-alder' },
      { kind: 'choice', choice: 'bob-birch' },
      { kind: 'validWriteIn' },
      { kind: 'blank' },
    ]);
    expect(count.jurisdictions).toEqual(['east', 'west']);
    expect(jurisdictions.map((j) => j.name)).toEqual(['EAST', 'WEST']);
    expect([...count.jurisdictionOf]).toEqual([0, 0, 1]);
    expect(count.names).toEqual(['Box 1, left', ' 2 ', '1']);
    expect([...count.tallies]).toEqual([1000, 4, 0, 2, 1, 2, 1, 0, 2, 1, 0, 0]);
    expect(contests[0]!.choices.map((c) => c.name)).toEqual(['Ann Alder', 'Bob: Birch']);
    expect(stated).toMatchObject({ seed: '1234', riskLimit: '10%', contests: [{ totalBallotsCast: 1020 }] });
    expect(stated.rounds[0]!.audited[1]).toEqual({ name: 'Bob: Birch', votes: 7 });
  });

  test('the later titles, padding columns, a repeated header, sections in another order, CRLF, a mark, no last newline', () => {
    const sections = report2020.trimEnd().split('\n\n');
    const later = [sections[4]!, ...sections.slice(0, 4)]
      .join('\n\n')
      .replace('BATCH RESULTS', 'FULL HAND TALLY BATCH RESULTS')
      .replace('Tabulated Votes', 'Vote Totals')
      .replace('WEST,', `${sections[4]!.split('\n')[1]}\nWEST,`)
      .replaceAll('\n', ',,,\r\n');
    const reading = read(`\ufeff${later}`);
    expect(value(reading)).toEqual(value(read(report2020)));
    expect(reading.ok && reading.remarks.map((r) => r.code)).toEqual(['repeated-header']);
  });

  test('a stated total that contradicts its batches is read, and said', () => {
    const reading = read(report2020.replace('Ann Alder: 1003', 'Ann Alder: 1013'));
    expect(reading.ok && reading.remarks).toMatchObject([
      {
        code: 'total-contradicts-parts',
        field: 'Ann Alder',
        expected: '1003, the sum of the batches',
        found: '1013, stated for round 1',
      },
    ]);
    expect(read(report2020)).toMatchObject({ remarks: [] });
  });

  test('several contests: titles are matched with the contests, not split', () => {
    const two = report2020
      .replace(
        '\n\n######## AUDIT',
        '\nCouncil - East,Opportunistic,1,1,20,Cy Cedar: 9; Di Dogwood: 8\n\n######## AUDIT',
      )
      .replace(
        'Ann Alder,Bob: Birch,Valid Write-iin,Blank/Undervote\nEAST',
        'Mayor - Ann Alder,Mayor - Bob: Birch,Council - East - Cy Cedar,Council - East - Di Dogwood\nEAST',
      );
    const { handCounts } = value(read(two));
    expect(
      handCounts.map((h) => [h.contest, ...h.columns.map((c) => (c.kind === 'choice' ? c.choice : c.kind))]),
    ).toEqual([
      ['mayor', 'ann-alder', 'bob-birch'],
      ['council-east', 'cy-cedar', 'di-dogwood'],
    ]);
    expect([...handCounts[1]!.tallies]).toEqual([0, 2, 1, 0, 0, 0]);
  });

  test('a sample is no full hand count: its section is refused by name, what is stated is read', () => {
    const [info, contests, settings, rounds] = report2020.split('\n\n');
    const reading = read(
      [
        info,
        contests,
        settings,
        rounds,
        '######## SAMPLED BATCHES ########\nJurisdiction Name,Batch Name\nEAST,1\n',
      ].join('\n\n'),
    );
    expect(value(reading).handCounts).toEqual([]);
    expect(reading.ok && reading.rowsRefused).toMatchObject([
      { code: 'not-a-full-hand-count', field: 'SAMPLED BATCHES', line: 17 },
    ]);
  });

  const edits: [what: string, code: string, line: number | undefined, text: string][] = [
    ['an empty file', 'empty-file', undefined, ''],
    ['cut in a row', 'truncated', 21, report2020.slice(0, -6)],
    ['cut in a quote', 'unclosed-quote', 19, report2020.slice(0, report2020.indexOf('1, left'))],
    [
      'a missing column',
      'missing-column',
      18,
      report2020.replace('Jurisdiction Name,Batch Name', 'Jurisdiction Name,Batch'),
    ],
    ['no column for a choice', 'missing-column', 18, report2020.replace('Type,Ann Alder', 'Type,Overvote')],
    ['an unknown choice', 'unknown-choice', 18, report2020.replace('Type,Ann Alder', 'Type,Zoe Zelkova')],
    ['a choice twice', 'choice-twice', 18, report2020.replace('Bob: Birch,Valid', 'Ann Alder,Valid')],
    ['a negative count', 'negative-count', 20, report2020.replace('Advance,1,2', 'Advance,-1,2')],
    ['a fractional count', 'fractional-count', 20, report2020.replace('Advance,1,2', 'Advance,1.5,2')],
    ['no count', 'missing-count', 20, report2020.replace('Advance,1,2', 'Advance,,2')],
    ['a count of words', 'not-a-count', 7, report2020.replace('Ann Alder: 500', 'Ann Alder: many')],
    [
      'a count beyond 32 bits',
      'count-too-large',
      20,
      report2020.replace('Advance,1,2', 'Advance,4294967296,2'),
    ],
    ['too few fields', 'too-few-fields', 20, report2020.replace('Advance,1,2', '1,2')],
    ['too many fields', 'too-many-fields', 20, report2020.replace('Advance,1,2', 'Advance,1,2,3')],
    ['a header only', 'no-rows', 18, report2020.slice(0, report2020.indexOf('EAST'))],
    [
      'an unknown section',
      'unknown-section',
      18,
      report2020.replace('\nJurisdiction', '\n######## SURPRISE ########\nJurisdiction'),
    ],
    ['a section twice', 'section-twice', 23, `${report2020}\n######## CONTESTS ########\n`],
    ['no contests', 'missing-section', undefined, report2020.slice(0, 80)],
    ['another CSV', 'no-section', 1, 'a,b\n1,2\n'],
    ['a NUL byte', 'nul-byte', 19, report2020.replace('left', '\0')],
  ];
  test.each(edits)('refuses %s', (_, code, line, text) => {
    const reading = read(text);
    expect(codes(reading)).toContain(code);
    const refusal = reading.ok ? undefined : reading.refusals.find((r) => r.code === code);
    expect(refusal!.line).toBe(line);
    for (const words of [refusal!.file, refusal!.expected, refusal!.found, refusal!.todo])
      expect(words).not.toBe('');
  });

  test('whatever a byte is changed to, there is a reading', () => {
    const original = bytes(report2020);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(original.length),
        (changes, end) => {
          const changed = original.slice(0, end % 3 === 0 ? end : undefined);
          for (const [at, to] of changes) if (at < changed.length) changed[at] = to;
          const reading = readAuditReport('x', changed);
          expect(reading.ok || reading.refusals.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

// ── Clarity ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const state = `<?xml version="1.0"?>
<ElectionResult>
 <Timestamp>11/20/2020 3:37:06 PM EST</Timestamp><ElectionName>General</ElectionName><ElectionDate>11/3/2020</ElectionDate><Region>GA</Region>
 <ElectionVoterTurnout><Counties><County name="East" /><County name="Ben Hill" /></Counties></ElectionVoterTurnout>
 <Contest key="1" text="Mayor" voteFor="1">
  <Choice key="1" text="Ann &quot;&quot;A&quot;&quot; Alder (I) (Rep)" party="NP" totalVotes="10">
   <VoteType name="Election Day" votes="7"><County name="East" votes="3" /><County name="Ben Hill" votes="4" /></VoteType>
   <VoteType name="Mail" votes="3"><County name="East" votes="1" /><County name="Ben Hill" votes="2" /></VoteType>
  </Choice>
  <Choice key="2" text="BOB BIRCH  (DEM)" party="DEM" totalVotes="26">
   <VoteType name="Election Day" votes="11"><County name="East" votes="5" /><County name="Ben Hill" votes="6" /></VoteType>
   <VoteType name="Mail" votes="15"><County name="East" votes="7" /><County name="Ben Hill" votes="8" /></VoteType>
  </Choice>
 </Contest>
</ElectionResult>`;
const county = `<ElectionResult><ElectionName>General</ElectionName><ElectionDate>12/18/2018</ElectionDate><Region>Floyd</Region>
 <VoterTurnout ballotsCast="9"><Precincts><Precinct name="P1" ballotsCast="9" /></Precincts></VoterTurnout>
 <Contest key="1" text="Mayor">
  <VoteType name="Undervotes" votes="4"><Precinct name="P1" votes="4" /></VoteType>
  <Choice key="1" text="Ann" totalVotes="5"><VoteType name="Election Day" votes="5"><Precinct name="P1" votes="5" /></VoteType></Choice>
 </Contest></ElectionResult>`;
const readXml = (text: string): Reading<ClarityDetail> => readClarity('detail.xml', bytes(text));

describe('Clarity detail.xml', () => {
  test('a state file', () => {
    const reading = readXml(state);
    const { election, level, results } = value(reading);
    expect(level).toBe('state');
    expect(election).toMatchObject({ name: 'General', date: '2020-11-03', state: 'GA' });
    expect(election.jurisdictions).toEqual([
      { id: 'east', name: 'East' },
      { id: 'ben-hill', name: 'Ben Hill' },
    ]);
    expect(election.contests[0]!.choices).toEqual([
      { id: 'ann-a-alder', name: 'Ann "A" Alder', party: 'Rep' },
      { id: 'bob-birch', name: 'BOB BIRCH', party: 'DEM' },
    ]);
    expect(results[0]!.rows).toEqual([
      { jurisdiction: 'east', voteType: 'Election Day', votes: [3, 5] },
      { jurisdiction: 'ben-hill', voteType: 'Election Day', votes: [4, 6] },
      { jurisdiction: 'east', voteType: 'Mail', votes: [1, 7] },
      { jurisdiction: 'ben-hill', voteType: 'Mail', votes: [2, 8] },
    ]);
    expect(results[0]!.statedTotals).toEqual([10, 26]);
    expect(reading.ok && reading.remarks).toEqual([]);
  });
  test("a county file: its precincts are units of the one county, and undervotes are nobody's votes", () => {
    const { level, election, results, notVotes } = value(readXml(county));
    expect(level).toBe('county');
    expect(election.jurisdictions).toEqual([{ id: 'floyd', name: 'Floyd' }]);
    expect(results[0]!.rows).toEqual([
      { jurisdiction: 'floyd', unit: 'P1', voteType: 'Election Day', votes: [5] },
    ]);
    expect(notVotes).toEqual([
      { contest: 'mayor', name: 'Undervotes', stated: 4, counts: new Map([['P1', 4]]) },
    ]);
  });
  test('totals that contradict their parts are read, and said, at both levels', () => {
    const reading = readXml(
      state
        .replace('totalVotes="10"', 'totalVotes="11"')
        .replace('name="Mail" votes="15"', 'name="Mail" votes="16"'),
    );
    expect(reading.ok && reading.remarks.map((r) => [r.code, r.line, r.expected, r.found])).toEqual([
      ['total-contradicts-parts', 6, '10, the sum of its parts', '11, stated'],
      ['total-contradicts-parts', 12, '15, the sum of its parts', '16, stated'],
    ]);
  });

  const edits: [what: string, code: string, line: number | undefined, text: string][] = [
    ['a file cut off', 'truncated', undefined, state.slice(0, 900)],
    ['a file cut in a tag', 'truncated', undefined, state.slice(0, state.indexOf('votes="3"'))],
    ['a county twice', 'jurisdiction-twice', 7, state.replace('County name="Ben Hill" votes="4"', 'County name="East" votes="4"')],
    ['a county in two spellings', 'jurisdiction-twice', undefined, state.replace('County name="Ben Hill" votes="8"', 'County name="BEN HILL" votes="8"')],
    ['a county that one choice lacks', 'missing-count', 10, state.replace('<County name="Ben Hill" votes="8" />', '')],
    ['a negative count', 'negative-count', 7, state.replace('votes="3"', 'votes="-3"')],
    ['a fractional count', 'fractional-count', 7, state.replace('votes="3"', 'votes="3.5"')],
    ['no count', 'missing-count', 7, state.replace('name="East" votes="3"', 'name="East"')],
    ['a fractional number of votes', 'fractional-count', 5, state.replace('voteFor="1"', 'voteFor="2.0"')],
    ['a choice without a name', 'missing-name', 10, state.replace('text="BOB BIRCH  (DEM)"', '')],
    ['a choice twice', 'choice-twice', 10, state.replace('BOB BIRCH', 'Ann &quot;A&quot; Alder')],
    ['a vote type twice', 'vote-type-twice', 8, state.replace('"Mail"', '"Election Day"')],
    ['a total beside its parts', 'total-beside-parts', 5, state.replaceAll('"Mail"', '"Total Votes"')],
    ['another date', 'bad-date', undefined, state.replace('11/3/2020', '3.11.2020')],
    ['another XML', 'not-a-detail-file', 1, '<ElectionReport xmlns="x"/>'],
    ['no contest', 'no-rows', undefined, state.replace(/<Contest[^]*<\/Contest>/, '')],
    ['XML that is not well-formed', 'xml-not-well-formed', 5, state.replace('voteFor="1"', 'voteFor=1')],
    ['choices outside contests', 'no-rows', undefined, '<ElectionResult><X><Choice><VoteType name="a"><County name="b" votes="1"/></VoteType></Choice></X></ElectionResult>'],
  ]; // prettier-ignore
  test.each(edits)('refuses %s', (_, code, line, text) => {
    const reading = readXml(text);
    expect(codes(reading)).toContain(code);
    if (line !== undefined && !reading.ok)
      expect(reading.refusals.find((r) => r.code === code)!.line).toBe(line);
  });

  test('an XML bomb is refused within a second', () => {
    const lol = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
      '\n',
    );
    const bomb = `<?xml version="1.0"?><!DOCTYPE ElectionResult [<!ENTITY l0 "lol">${lol}]><ElectionResult>&l30;</ElectionResult>`;
    const long = `<!DOCTYPE ElectionResult [${'<!ENTITY a "x">'.repeat(200_000)}]><ElectionResult/>`;
    const deep = `<ElectionResult>${'<a>'.repeat(1_000_000)}`;
    const before = performance.now();
    expect(codes(readXml(bomb))).toEqual(['xml-doctype']);
    expect(codes(readXml(long))).toEqual(['xml-doctype']);
    expect(codes(readXml(`<!--${' '.repeat(5000)}-->${bomb.slice(21)}`))).toEqual(['xml-doctype']);
    expect(codes(readXml(deep))).toEqual(['xml-too-deep']);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('whatever a byte is changed to, there is a reading', () => {
    const original = bytes(state);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const changed = original.slice();
          for (const [at, to] of changes) changed[at] = to;
          const reading = readClarity('x', changed);
          expect(reading.ok || reading.refusals.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

// ── ballots cast by county ──────────────────────────────────────────────────────────────────────────────────────────

describe('ballots cast by county', () => {
  const file =
    '{\n "East": {"BC": 10, "Oth": 1, "Ovr": 2, "TBJ": 4, "Und": 3},\n "Ben_Hill": {"BC": 5, "Oth": 0, "Ovr": 0, "TBJ": 5, "Und": 0}\n}';
  const readBallots = (text: string): ReturnType<typeof readCountyBallots> =>
    readCountyBallots('b.json', bytes(text), contestId('Mayor'));
  test('is read', () => {
    expect(value(readBallots(file)).ballotsCast).toEqual({
      contest: 'mayor',
      rows: [
        { jurisdiction: 'east', ballots: 10, undervotes: 3, overvotes: 2, votesForChoices: 4, otherVotes: 1 },
        {
          jurisdiction: 'ben-hill',
          ballots: 5,
          undervotes: 0,
          overvotes: 0,
          votesForChoices: 5,
          otherVotes: 0,
        },
      ],
    });
  });
  test('a sum that does not add up is read, and said', () => {
    const reading = readBallots(file.replace('"BC": 10', '"BC": 11'));
    expect(reading.ok && reading.remarks).toMatchObject([
      { code: 'total-contradicts-parts', field: 'East BC' },
    ]);
  });
  test.each([
    ['truncated', file.slice(0, 40)],
    ['not-json', '{a}'],
    ['wrong-shape', '[1]'],
    ['no-rows', '{}'],
    ['jurisdiction-twice', file.replace('Ben_Hill', 'East')],
    ['jurisdiction-twice', file.replace('Ben_Hill', 'EAST')],
    ['jurisdiction-twice', file.replace('"Oth": 1', '"BC": 1')],
    ['missing-count', file.replace('"Oth": 1, ', '')],
    ['negative-count', file.replace('"Oth": 1', '"Oth": -1')],
    ['fractional-count', file.replace('"Oth": 1', '"Oth": 1.5')],
    ['not-a-count', file.replace('"Oth": 1', '"Oth": "1"')],
    ['unknown-field', file.replace('"Oth": 1', '"Oth": 1, "Etc": 3')],
  ])('refuses: %s', (code, text) => expect(codes(readBallots(text))).toContain(code));
});

// ── results CSV ─────────────────────────────────────────────────────────────────────────────────────────────────────

const wide =
  'jurisdiction,vote type,Ann Alder,"Birch, Bob"\nEast,Mail,1,2\nEast,Day,"1,003",4\nWest,Mail,5,6\nWest,Day,7,8\n';
const readCsv = (text: string, known?: readonly Contest[]): ReturnType<typeof readResultsCsv> =>
  readResultsCsv('r.csv', bytes(text), known === undefined ? { contest: 'Mayor' } : { known });

describe('results CSV', () => {
  test('wide and long are the same results', () => {
    const long = `County,Vote Type,Candidate,Votes\r\n${[
      'East,Mail,Ann Alder,1', 'East,Mail,"Birch, Bob",2', 'East,Day,Ann Alder,1003', 'East,Day,"Birch, Bob",4',
      'West,Mail,Ann Alder,5', 'West,Mail,"Birch, Bob",6', 'West,Day,Ann Alder,7', 'West,Day,"Birch, Bob",8',
    ].join('\r\n')}`; // prettier-ignore
    const { results, contests, jurisdictions } = value(readCsv(wide));
    expect(results).toEqual([
      {
        contest: 'mayor',
        choices: ['ann-alder', 'birch-bob'],
        rows: [
          { jurisdiction: 'east', voteType: 'Mail', votes: [1, 2] },
          { jurisdiction: 'east', voteType: 'Day', votes: [1003, 4] },
          { jurisdiction: 'west', voteType: 'Mail', votes: [5, 6] },
          { jurisdiction: 'west', voteType: 'Day', votes: [7, 8] },
        ],
        status: 'not stated',
      },
    ]);
    expect(contests[0]!.choices.map((c) => c.name)).toEqual(['Ann Alder', 'Birch, Bob']);
    expect(jurisdictions.map((j) => j.name)).toEqual(['East', 'West']);
    expect(value(readCsv(long))).toEqual(value(readCsv(wide)));
  });
  test('totals are compared, never added', () => {
    const stated = 'county,A,B,Total\nEast,1,2,3\nWest,3,4,8\nTotal,4,6,10\n';
    const reading = readCsv(stated);
    expect(value(reading).results[0]).toMatchObject({
      rows: [{ votes: [1, 2] }, { votes: [3, 4] }],
      statedTotals: [4, 6],
    });
    expect(reading.ok && reading.remarks.map((r) => [r.code, r.field, r.line])).toEqual([
      ['total-contradicts-parts', 'West', 3],
    ]);
    const wrong = readCsv(stated.replace('Total,4', 'Total,5').replace(',8', ',7'));
    expect(wrong.ok && wrong.remarks.map((r) => [r.code, r.field])).toEqual([
      ['total-contradicts-parts', 'Total'],
      ['total-contradicts-parts', 'A'],
    ]);
  });
  test.each([
    ['no-rows', 'jurisdiction,A,B\n'],
    ['no-rows', '\n\n'],
    ['missing-column', 'jurisdiction,choice\nEast,A\n'],
    ['missing-column', 'place,choice,votes\nEast,A,1\n'],
    ['missing-column', 'jurisdiction,vote type\nEast,Mail\n'],
    ['column-twice', 'jurisdiction,A,a\nEast,1,2\n'],
    ['jurisdiction-twice', 'jurisdiction,A,B\nEast,1,2\nEAST,1,2\n'],
    ['jurisdiction-twice', 'jurisdiction,choice,votes\nEast,A,1\nEast,A,1\n'],
    ['missing-count', 'jurisdiction,choice,votes\nEast,A,1\nWest,A,1\nEast,B,1\n'],
    ['missing-count', wide.replace('5,6', ',6')],
    ['negative-count', wide.replace('5,6', '-5,6')],
    ['fractional-count', wide.replace('5,6', '5.5,6')],
    ['too-many-fields', wide.replace('"1,003"', '1,003')],
    ['too-few-fields', wide.slice(0, -3)],
    ['missing-name', wide.replace('West,Mail', ',Mail')],
    ['total-beside-parts', wide.replace('West,Mail', 'West,Total')],
  ])('refuses: %s', (code, text) => expect(codes(readCsv(text))).toContain(code));
  test('with the election known, a choice or contest that it does not define is refused', () => {
    const { contests } = value(readCsv(wide));
    expect(value(readCsv(wide, contests)).contests).toEqual(contests);
    expect(codes(readCsv(wide.replace('Ann Alder', 'Zoe Zelkova'), contests))).toContain('unknown-choice');
    expect(codes(readCsv('contest,county,A\nSheriff,East,1\n', contests))).toContain('unknown-contest');
    expect(codes(readCsv('county,Ann Alder\nEast,1\n', contests))).toContain('missing-count');
  });
  test('what is written is read again', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter((s) => /^[A-Za-z]+$/.test(s) && !/^totals?$/i.test(s));
    const distinct = fc.uniqueArray(name, { minLength: 1, maxLength: 4, selector: (s) => s.toLowerCase() });
    const n = fc.nat(2 ** 40);
    fc.assert(
      fc.property(
        name,
        distinct,
        distinct,
        fc.boolean(),
        fc.array(n, { minLength: 32, maxLength: 32 }),
        (title, choices, places, units, counts) => {
          const lines = places.flatMap((p, i) =>
            [0, 1].map((t) => [
              p,
              units ? `${p} "1", a` : '',
              ['Mail', 'Day, early'][t]!,
              ...choices.map((_, c) => String(counts[i * 8 + t * 4 + c])),
            ]),
          );
          const quoted = [['county', 'precinct', 'vote type', ...choices.map((c) => `X ${c}`)], ...lines]
            .map((l) => l.map((f) => `"${f.replaceAll('"', '""')}"`).join(','))
            .join('\n');
          const first = value(readResultsCsv('a', bytes(quoted), { contest: title }));
          const again = value(
            readResultsCsv('b', writeResultsCsv(first.contests, first.jurisdictions, first.results)),
          );
          expect(again).toEqual(first);
          expect(first.results[0]!.rows).toHaveLength(places.length * 2);
        },
      ),
    );
  });
});

// ── which format ────────────────────────────────────────────────────────────────────────────────────────────────────

describe('which format', () => {
  test('whatever a byte of any of them is changed to, there is a reading', () => {
    const ballots =
      '{"East":{"BC":10,"Oth":1,"Ovr":2,"TBJ":4,"Und":3},"West":{"BC":5,"Oth":0,"Ovr":0,"TBJ":5,"Und":0}}';
    const originals = [
      wide,
      ballots,
      county,
      'contest,county,choice,votes\nMayor,East,Ann,1\nMayor,East,Bob,2\n',
    ].map(bytes);
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(),
        (original, changes, cut) => {
          const changed = original.slice(0, cut % 2 === 0 ? undefined : cut % original.length);
          for (const [at, to] of changes) if (changed.length > 0) changed[at % changed.length] = to;
          const reading = open('x', changed);
          expect(reading.ok || reading.refusals.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
  test('is told from the content', () => {
    expect(detect('a.csv', bytes(`\ufeff${report2020}`))).toBe('audit report');
    expect(detect('a.csv', bytes(state))).toBe('clarity detail');
    expect(detect('a', bytes('{"A":{"BC":1,"TBJ":1,"Und":0,"Ovr":0,"Oth":0}}'))).toBe('county ballots');
    expect(detect('a.txt', bytes(wide))).toBe('results csv');
    expect(value(open('a', bytes(wide))).format).toBe('results csv');
    expect(value(open('a', bytes(report2020))).handCounts).toHaveLength(1);
    expect(value(open('a', bytes(state))).election?.name).toBe('General');
  });
  test.each([
    ['unknown-format', 'XML with the element ElectionReport', '<?xml version="1.0"?><ElectionReport/>'],
    ['unknown-format', 'a first line "hello"', 'hello\nworld'],
    ['unknown-format', 'JSON of a shape that no reader knows', '{"a":1}'],
    ['unknown-format', 'blank lines only', '\n\n'],
    ['empty-file', '0 bytes', ''],
    ['spreadsheet', 'a zip, which an Excel workbook (.xlsx) is too', 'PK\u0003\u0004'],
  ])('%s: %s', (code, found, text) => {
    expect(detect('a', bytes(text))).toMatchObject({ code, found });
    expect(codes(open('a', bytes(text)))).toEqual([code]);
  });
  test('300 MB of junk are told by their head, and no reader takes them', () => {
    const junk = new Uint8Array(300 * 2 ** 20).fill(0x78);
    const before = performance.now();
    expect(detect('junk', junk.subarray(0, headLength))).toMatchObject({ code: 'unknown-format' });
    expect(junk.length).toBeGreaterThan(largestFile);
    for (const reading of [readAuditReport('j', junk), readClarity('j', junk), readResultsCsv('j', junk)])
      expect(codes(reading)).toEqual(['too-large']);
    expect(codes(open('j', junk))).toEqual(['unknown-format']);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
