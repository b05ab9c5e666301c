import { describe, expect, test } from 'vitest';
import { ballots, choiceId, contestId, jurisdictionId, votes } from '../election/index.ts';
import type { BallotsCast, ReportedResults } from '../counts/index.ts';
import type { HandCount } from '../paper/index.ts';
import {
  joinHandCounts,
  readBallotsTable,
  readHandCountTable,
  readResultsTable,
  writeBallotsTable,
  writeHandCountTable,
  writeResultsTable,
} from './table.ts';

const contest = contestId('Mayor');
const [ann, bob] = [choiceId('Ann'), choiceId('Bob')];
const [east, west] = [jurisdictionId('East'), jurisdictionId('West')];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (table: Uint8Array): string => new TextDecoder().decode(table);

const results: ReportedResults = {
  contest,
  choices: [ann, bob],
  rows: [
    { jurisdiction: east, voteType: 'Mail', votes: [votes(1), votes(2)] },
    { jurisdiction: west, voteType: 'Mail', votes: [votes(3), votes(0)] },
  ],
  statedTotals: [votes(4), votes(2)],
  status: 'certified',
};
const { rows: _, ...about } = results;
const handCount: HandCount = {
  contest,
  granularity: 'batch',
  columns: [{ kind: 'choice', choice: ann }, { kind: 'blank' }],
  jurisdictions: [east, west],
  jurisdictionOf: Uint16Array.from([0, 1, 0]),
  names: ['1', '1', ' é"'],
  types: ['Mail', '', 'Mail'],
  tallies: Uint32Array.from([1, 2, 3, 4, 5, 4294967295]),
};
const cast: BallotsCast = {
  contest,
  rows: [
    { jurisdiction: east, ballots: ballots(9), undervotes: ballots(1) },
    {
      jurisdiction: west,
      ballots: ballots(0),
      overvotes: ballots(2),
      votesForChoices: votes(3),
      otherVotes: votes(4),
    },
  ],
};

describe('tables of the record', () => {
  test('their bytes', () => {
    expect(text(writeResultsTable(results))).toBe(
      '{"columns":["jurisdiction","vote type","ann","bob"],"rows":[["east","Mail",1,2],["west","Mail",3,0]]}',
    );
    expect(text(writeHandCountTable(handCount, east))).toBe(
      '{"columns":["batch","type","ann","blank"],"rows":[["1","Mail",1,2],[" é\\"","Mail",5,4294967295]]}',
    );
    expect(text(writeBallotsTable(cast))).toBe(
      '{"columns":["jurisdiction","ballots","undervotes","overvotes","votes for choices","other votes"],"rows":[["east",9,1,null,null,null],["west",0,null,2,3,4]]}',
    );
  });

  test('what is written is read again', () => {
    expect(readResultsTable('t', writeResultsTable(results), about)).toMatchObject({
      ok: true,
      value: results,
      rowsRead: 2,
    });
    const units = {
      ...results,
      rows: results.rows.map((r, i) => ({ ...r, unit: `P${i}`, jurisdiction: east })),
    };
    expect(readResultsTable('t', writeResultsTable(units), about)).toMatchObject({ ok: true, value: units });
    expect(readBallotsTable('t', writeBallotsTable(cast), contest)).toMatchObject({ ok: true, value: cast });
    const parts = [east, west].map((j) => {
      const reading = readHandCountTable('t', writeHandCountTable(handCount, j), handCount, j);
      if (!reading.ok) throw new Error(reading.refusals[0]!.code);
      return reading.value;
    });
    expect(joinHandCounts(parts)).toEqual({
      ...handCount,
      jurisdictionOf: Uint16Array.from([0, 0, 1]),
      names: ['1', ' é"', '1'],
      types: ['Mail', 'Mail', ''],
      tallies: Uint32Array.from([1, 2, 5, 4294967295, 3, 4]),
    });
    expect(() =>
      joinHandCounts([handCount, { ...handCount, columns: [{ kind: 'blank' }, { kind: 'overvote' }] }]),
    ).toThrow(RangeError);
  });

  const table = text(writeResultsTable(results));
  test.each([
    ['empty-file', ''],
    ['not-json', table.slice(0, -1)],
    ['not-canonical', table.replace(',', ', ')],
    ['not-canonical', `${table}\n`],
    ['not-canonical', table.replace('3,0', '3,0.0')],
    ['not-canonical', table.replace('Mail', '\\u004dail')],
    ['wrong-shape', '[]'],
    ['wrong-shape', table.replace('"rows":[[', '"rows":[1,[')],
    ['wrong-shape', table.replace('}', ',"x":1}')],
    ['wrong-columns', table.replace('"ann","bob"', '"bob","ann"')],
    ['wrong-columns', table.replace('"ann","bob"', '"ann","bob","cy"')],
    ['wrong-width', table.replace('1,2]', '1]')],
    ['negative-count', table.replace('1,2]', '1,-2]')],
    ['fractional-count', table.replace('1,2]', '1,2.5]')],
    ['not-a-count', table.replace('1,2]', '1,"2"]')],
    ['not-a-count', table.replace('1,2]', '1,null]')],
    ['count-too-large', table.replace('1,2]', '1,9007199254740992]')],
    ['not-text', table.replace('"east"', '7')],
    ['row-twice', table.replace('"west"', '"east"')],
  ])('refuses: %s', (code, changed) => {
    const reading = readResultsTable('t', bytes(changed), about);
    expect(reading.ok ? 'read' : reading.refusals.map((r) => r.code)).toContain(code);
  });
  test('a batch cannot hold more than 32 bits, nor a county come twice', () => {
    const over = text(writeHandCountTable(handCount, east)).replace('4294967295', '4294967296');
    expect(readHandCountTable('t', bytes(over), handCount, east)).toMatchObject({
      refusals: [{ code: 'count-too-large', field: 'row 2, blank' }],
    });
    const twice = text(writeBallotsTable(cast)).replace('west', 'east');
    expect(readBallotsTable('t', bytes(twice), contest)).toMatchObject({ refusals: [{ code: 'row-twice' }] });
    const missing = text(writeBallotsTable(cast)).replace('9,1', 'null,1');
    expect(readBallotsTable('t', bytes(missing), contest)).toMatchObject({
      refusals: [{ code: 'not-a-count' }],
    });
  });
});
