import { describe, expect, test } from 'vitest';
import { CvrCollector, identityOf, voteOn } from '../cvr/index.ts';
import { detectCvrs, readCvrExport } from './cvrExport.ts';
import { contestId, type Contest } from '../election/index.ts';
import { UnitTallier } from '../tally/index.ts';
import { fileInMemory } from './input.ts';
import { voteForFromJson, voteForOf } from './voteFor.ts';
import type { VoteFor } from './voteFor.ts';

const records = `Cast Vote Record,Precinct,Ballot Style,Mayor,Measure A
1,P1,S1,Ann Lee ,Yes
2,P1,S1,overvote,undervote
3,P2,S2,Write-in,
`;
const ballots = `Ballots,,,,
GEN2111,,,,
"Test County,Test State",,,,
"November 5, 2021",,,,
,,,,
Cast Vote Record,Batch,Reporting Group,Tabulator CVR,Precinct ID
3,BATCH1,Election Day,0002003172,p
1,BATCH1,Election Day,0001013415,p
2,BATCH2,Mail,0001000417,p
Total : 3,,,,
`;

async function read(
  ...contents: string[]
): Promise<{ reading: Awaited<ReturnType<typeof readCvrExport>>; all: CvrCollector }> {
  const all = new CvrCollector();
  const files = contents.map((content, i) => fileInMemory(`${i}.csv`, content));
  return { reading: await readCvrExport(files, all, { format: 'ess-csv' }), all };
}

describe('ES&S CSV', () => {
  test('records and ballots are joined, whatever their order', async () => {
    const { reading, all } = await read(ballots, records);
    expect(reading).toMatchObject({ ok: true, value: { records: 3 }, rowsRefused: [], remarks: [] });
    const { header, chunks } = all.cvrs!;
    expect(identityOf(header, chunks[0]!, 0)).toEqual({ tabulator: '0001', batch: 'BATCH1', record: '1', imprinted: '0001013415', precinct: 'P1', style: 'S1', countingGroup: 'Election Day' }); // oxfmt-ignore
    const votes = [0, 1, 2].map((i) => [0, 1].map((c) => voteOn(header, chunks[0]!, c, i)));
    expect(votes).toEqual([
      [{ kind: 'votes', choices: [0] }, { kind: 'votes', choices: [0] }],
      [{ kind: 'overvoted', choices: [] }, { kind: 'blank' }],
      [{ kind: 'votes', choices: [1] }, { kind: 'notOnCard' }],
    ]); // oxfmt-ignore
    expect(header.contests[0]!.choices.map((c) => [c.name, c.writeIn])).toEqual([['Ann Lee', undefined], ['Write-in', 'line']]); // oxfmt-ignore
  });

  test('of a write-in the ballots file says the kind', async () => {
    const typed = ballots
      .replace('Cast Vote Record,Batch', 'Cast Vote Record,Write-in Type,Batch')
      .replace('3,BATCH1', '3,R,BATCH1')
      .replace('1,BATCH1', '1,N,BATCH1')
      .replace('2,BATCH2', '2,N,BATCH2');
    const { all } = await read(typed, records);
    expect(all.cvrs!.chunks[0]!.writeIns).toEqual([
      { record: 2, contest: 0, choice: 1, rank: 0, text: '', status: 'R' },
    ]);
  });

  test('is known by its titles', async () => {
    const files = [ballots, records].map((content, i) => fileInMemory(`${i}.csv`, content));
    expect(await detectCvrs(files)).toBe('ess-csv');
    expect(await detectCvrs([files[1]!])).toBe('ess-csv');
  });

  test('columns of one title are the votes of one contest; a rule says what one column does not', async () => {
    const table = `Cast Vote Record,Precinct,Ballot Style,Council,Council,Council,Mayor,Board
1,P,S,Ann,Bo,undervote,Cy,Eve
2,P,S,Ann,Ann,overvote,Cy,overvote
3,P,S,,,,Cy,undervote
4,P,S,Ann,,,Dee,Eve
5,P,S,undervote,undervote,undervote,undervote,
`;
    const given = new Map([
      [contestId('Council'), 1],
      [contestId('Board'), 2],
    ]);
    const tally = async (voteFor?: VoteFor): Promise<unknown> => {
      const tallier = new UnitTallier();
      const options = voteFor === undefined ? {} : { voteFor };
      const reading = await readCvrExport([fileInMemory('x.csv', table)], tallier, options);
      const { header, units } = tallier.tally;
      return [
        reading.ok && reading.remarks.map((r) => `${r.code} ${r.field}: ${r.found} of ${r.expected}`),
        ...header.contests.map(({ name, voteFor: votes, choices }, c) => {
          const { votes: counts, blank, overvoted, undervotes } = units[0]!.contests[c]!;
          const said = choices.map((choice, k) => `${choice.name} ${counts[k]}`).join(' ');
          return `${name} ${votes}: ${said}, blank ${blank}, overvoted ${overvoted}, undervotes ${undervotes}`;
        }),
      ];
    };
    expect(await tally()).toEqual([
      [],
      'Council 3: Ann 2 Bo 1, blank 1, overvoted 1, undervotes 6',
      'Mayor undefined: Cy 3 Dee 1, blank 1, overvoted 0, undervotes 0',
      'Board undefined: Eve 2, blank 1, overvoted 1, undervotes 0',
    ]);
    expect(await tally(given)).toEqual([
      ['votes-without-column Board: 1 of 2 columns, one for each vote'],
      'Council 1: Ann 1 Bo 0, blank 1, overvoted 2, undervotes 1',
      'Mayor undefined: Cy 3 Dee 1, blank 1, overvoted 0, undervotes 0',
      'Board 2: Eve 2, blank 1, overvoted 1, undervotes 4',
    ]);
  });

  test('what is refused', async () => {
    const code = async (...contents: string[]): Promise<string | undefined> => {
      const { reading } = await read(...contents);
      return reading.ok
        ? [...new Set([...reading.rowsRefused, ...reading.remarks].map((r) => r.code))].join()
        : reading.refusals[0]!.code;
    };
    expect(await code(records, records)).toBe('one-records-file');
    expect(await code(ballots)).toBe('one-records-file');
    expect(await code(ballots, records.replace('3,P2', '4,P2'))).toBe(
      'not-in-ballots,ballots-without-record',
    );
    expect(await code(ballots, records.replace('3,P2', '2,P2'))).toBe(
      'record-repeated,ballots-without-record',
    );
    expect(await code(ballots, records.replace(',Yes', ''))).toBe('row-length,ballots-without-record');
    expect(await code(ballots.replace('0001000417', 'ab'), records)).toBe('tabulator,not-in-ballots');
    expect(await code(ballots.replace('2,BATCH2', '1,BATCH2'), records)).toBe(
      'record-repeated,not-in-ballots',
    );
    expect(await code(ballots, records.replace(/3,P2.*\n/, ''))).toBe('ballots-without-record');
    expect(await code('a\n'.repeat(20), records)).toBe('no-header');
  });
});

test('how many votes a voter has, by the rules of contests and from a file', () => {
  const contest = (name: string, rule: Contest['rule']): Contest => ({
    id: contestId(name),
    name,
    choices: [],
    rule,
  });
  const contests = [
    contest('Council', { kind: 'plurality', voteFor: 3, winners: 3 }),
    contest('Bond', { kind: 'supermajority', share: { numerator: 2, denominator: 3 } }),
    contest('Mayor', { kind: 'instantRunoff' }),
    contest('Board', { kind: 'approval', winners: 2 }),
  ];
  expect([...voteForOf(contests)]).toEqual([
    ['council', 3],
    ['bond', 1],
  ]);
  expect([...voteForFromJson({ 'City Council': 3 })!]).toEqual([['city-council', 3]]);
  for (const no of [null, [], 'x', { a: 0 }, { a: 1.5 }, { a: '1' }])
    expect(voteForFromJson(no)).toBeUndefined();
});
