// OpenElections' CSV: a real county file against sums made without this program, and a small one with the quirks of others.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { contestId } from '../election/index.ts';
import { detect, open } from './detect.ts';
import { readOpenElections, type OpenElections } from './openElections.ts';
import type { Reading } from './reading.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): Reading<OpenElections> => readOpenElections('file.csv', bytes(text));
function value<T>(reading: Reading<T>): T {
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  return reading.value;
}
const totals = ({ results }: OpenElections, contest: string): Record<string, number> => {
  const found = results.find((r) => r.contest === contestId(contest))!;
  return Object.fromEntries(
    found.choices.map((id, i) => [id, found.rows.reduce((n, row) => n + row.votes[i]!, 0)]),
  );
};

test.skipIf(!haveShared())('Georgia 2024 by county (shared data)', () => {
  const file = readFileSync(sharedFile('data/results-files/20241105__ga__general__county-level.csv'));
  expect(detect('x.xml', file)).toBe('open elections');
  const reading = readOpenElections('ga', file);
  const georgia = value(reading);
  // By awk -F, over the last four columns where the third is President; Trump and Harris are the state's certified totals.
  expect(totals(georgia, 'President')).toEqual({
    'donald-j-trump': 2_663_117,
    'kamala-d-harris': 2_548_017,
    'chase-oliver': 20_684,
    'jill-stein': 18_229,
    'claudia-de-la-cruz': 13,
    'cornel-west': 6,
  });
  // By Python's csv module, as are the number of contests and the sum of all votes.
  expect(totals(georgia, 'U.S. House, District 3')).toEqual({
    'maura-keller': 138_749,
    'brian-jack': 273_036,
  });
  expect(georgia.election.contests).toHaveLength(293);
  expect(georgia.election.jurisdictions).toHaveLength(159);
  const all = georgia.results.flatMap((r) => r.rows);
  expect(all.flatMap((r) => r.votes).reduce((a, b) => a + b, 0)).toBe(23_800_293);
  expect(all.every((r) => r.unit === undefined)).toBe(true);
  expect(reading).toMatchObject({ rowsRead: 1_979 });
  // Two write-in candidates have a row in one county each.
  expect(reading.ok && reading.remarks.map((r) => [r.code, r.field, r.found])).toEqual([
    ['no-row', 'President, Claudia De la Cruz', 'none in 158; read as no votes there'],
    ['no-row', 'President, Cornel West', 'none in 158; read as no votes there'],
  ]);
});

const precincts = `county,precinct,office,district,party,candidate,votes,election_day,mail,winner
Ash,P-1,Registered Voters,,,,30,,,
Ash,P-1,Governor,,ARB,Ann Alder (I) (Arb),9,4,5,
Ash,P-1,Governor,,,Write-ins,1,1,0,
Ash,P-1,Governor,,,Under Votes,2,2,0,
Ash,P-1,Governor,,,Over Votes,1,0,1,
Ash,P-2,Governor,,ARB,Ann Alder,7,,,
Ash,P-2,Governor,,,Write-ins,0,,,
Ash,Total,Governor,,ARB,Ann Alder,17,,,
Beech,P-1,Governor,,ARB,Ann Alder,"1,003",3,1000,
Beech,P-1,Governor,,,Write-ins,0,0,0,
Beech,P-1,State House,07,,"Bob ""B"" Birch",5,5,0,
`;

test('precincts, modes beside their total, and what is nobody’s vote', () => {
  const reading = read(precincts);
  const { election, results, notVotes } = value(reading);
  expect(election.contests.map((c) => c.name)).toEqual(['Governor', 'State House, District 7']);
  expect(election.contests[0]!.choices).toEqual([
    { id: 'ann-alder', name: 'Ann Alder (I) (Arb)', party: 'ARB' },
    { id: 'write-ins', name: 'Write-ins', writeIn: true },
  ]);
  expect(results[0]!.rows).toEqual([
    { jurisdiction: 'ash', unit: 'P-1', voteType: 'election_day', votes: [4, 1] },
    { jurisdiction: 'ash', unit: 'P-1', voteType: 'mail', votes: [5, 0] },
    { jurisdiction: 'ash', unit: 'P-2', voteType: 'votes', votes: [7, 0] },
    { jurisdiction: 'beech', unit: 'P-1', voteType: 'election_day', votes: [3, 0] },
    { jurisdiction: 'beech', unit: 'P-1', voteType: 'mail', votes: [1000, 0] },
  ]);
  expect(notVotes).toEqual([
    { contest: 'governor', name: 'Under Votes', counts: new Map([['Ash, P-1', 2]]) },
    { contest: 'governor', name: 'Over Votes', counts: new Map([['Ash, P-1', 1]]) },
  ]);
  expect(reading.ok && reading.remarks.map((r) => [r.code, r.found])).toEqual([
    ['unknown-column', '"winner", passed over'],
    ['passed-over', '1 rows of "Registered Voters"'],
    ['total-contradicts-parts', '17, stated'],
  ]);
  expect(value(open('a', bytes(precincts))).format).toBe('open elections');
});

test('modes that do not add up to the stated total: the total is read, and it is said', () => {
  const reading = read(precincts.replace(',9,4,5,', ',9,4,4,'));
  expect(value(reading).results[0]!.rows[0]).toMatchObject({ voteType: 'votes', votes: [9, 1] });
  expect(reading.ok && reading.remarks.find((r) => r.code === 'total-contradicts-parts')).toMatchObject({
    expected: '8, the sum of its parts',
    found: '9, stated and read',
  });
});

describe('refuses', () => {
  const faults: [what: string, code: string, text: string][] = [
    ['no column of votes', 'missing-column', precincts.replace('votes,election_day,mail', 'a,b,c')],
    ['no column of offices', 'missing-column', precincts.replace('office', 'contest')],
    ['a column twice', 'column-twice', precincts.replace('winner', 'mail')],
    ['two columns of totals', 'ambiguous-column', precincts.replace('winner', 'total_votes')],
    ['a row that is short', 'too-few-fields', precincts.replace(',9,4,5,', ',9,4')],
    ['a row that is long', 'too-many-fields', precincts.replace('"1,003"', '1,003')],
    ['a negative count', 'negative-count', precincts.replace(',9,4,5,', ',9,-4,5,')],
    ['no count at all', 'missing-count', precincts.replace('Alder,7,,,', 'Alder,,,,')],
    ['no candidate', 'missing-name', precincts.replace('Ann Alder,7', ',7')],
    ['a candidate twice in a precinct', 'jurisdiction-twice', precincts.replace('Write-ins,0,,,', 'ann alder,0,,,')],
    ['only a header', 'no-rows', precincts.split('\n')[0]!],
    ['a file cut within a quote', 'unclosed-quote', precincts.slice(0, precincts.indexOf('"1,003"') + 3)],
  ]; // prettier-ignore
  test.each(faults)('%s', (_, code, text) => {
    const reading = read(text);
    expect(reading.ok ? [] : reading.refusals.map((r) => r.code)).toContain(code);
  });
});
