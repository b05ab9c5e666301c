import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choiceId, contestId, jurisdictionId, type Contest, type VotingRule } from '../election/index.ts';
import { open, type Opened } from '../formats/index.ts';
import {
  compareCounts,
  countOfHand,
  isBelow,
  largestVariation,
  typeOfBallot,
  type Count,
} from './fullHandCount.ts';
import { pairUp } from './pairing.ts';

const contest = (rule: VotingRule = { kind: 'plurality', voteFor: 1, winners: 1 }): Contest => ({
  id: contestId('Mayor'),
  name: 'Mayor',
  choices: [],
  rule,
});
/** votes: { East: { Mail: [1, 2] } } in the order of the choices. */
const count = (choices: string[], votes: Record<string, Record<string, number[]>>): Count => ({
  contest: contestId('Mayor'),
  choices: choices.map(choiceId),
  votes: new Map(
    Object.entries(votes).map(([j, types]) => [jurisdictionId(j), new Map(Object.entries(types))]),
  ),
  others: [],
});
const reported = count(['Ann', 'Bob', 'Cy'], {
  East: { 'Election Day Votes': [10, 20, 1], 'Absentee by Mail Votes': [30, 15, 2] },
  West: { 'Election Day Votes': [5, 9, 0], 'Absentee by Mail Votes': [0, 0, 0] },
});

describe('a full hand count', () => {
  test('that agrees: net hides what gross shows', () => {
    const counted = count(['Bob', 'Ann', 'Cy'], {
      West: { 'Election Day': [9, 4, 0], Other: [1, 0, 0] },
      East: { 'Election Day': [20, 11, 1], 'Absentee By Mail': [14, 30, 2] },
    });
    const found = compareCounts(contest(), reported, counted);
    expect(found.ending).toEqual({ kind: 'agrees', winners: ['ann'] });
    expect(found.choices).toEqual(['ann', 'bob', 'cy']);
    expect(found.reported).toMatchObject({
      totals: [45, 44, 3],
      total: 92,
      margin: 1,
      outcome: { winners: ['ann'], tied: [] },
    });
    expect(found.counted).toMatchObject({ totals: [45, 44, 3], total: 92, margin: 1 });
    expect(found.between).toEqual({ winner: 'ann', loser: 'bob' });
    expect([found.net, found.gross]).toEqual([0, 4]);
    expect(found.jurisdictions).toEqual([
      {
        jurisdiction: 'east',
        reported: [40, 35, 3],
        counted: [41, 34, 3],
        net: 0,
        gross: 2,
        marginChange: 2,
        marginVariation: { votes: 2, of: 78 },
      },
      {
        jurisdiction: 'west',
        reported: [5, 9, 0],
        counted: [4, 10, 0],
        net: 0,
        gross: 2,
        marginChange: -2,
        marginVariation: { votes: 2, of: 14 },
      },
    ]);
    expect(found.units).toEqual({
      compared: 2,
      differing: 2,
      sameEveryChoice: 0,
      sameTotal: 2,
      sameMargin: 0,
    });
    expect(largestVariation(found)!.jurisdiction).toBe('west');
    expect(found.types).toEqual([
      {
        type: 'election day',
        reported: [15, 29, 1],
        counted: [15, 29, 1],
        net: 0,
        gross: 2,
        differing: 2,
        marginChange: 0,
      },
      {
        type: 'mail',
        reported: [30, 15, 2],
        counted: [30, 14, 2],
        net: -1,
        gross: 1,
        differing: 1,
        marginChange: 1,
      },
    ]);
    expect(found.missing).toMatchObject({
      typesNotReported: ['Other'],
      typesNotCounted: [],
      jurisdictionsNotCounted: [],
    });
  });

  const counting = (east: number[], west: number[], choices = ['Ann', 'Bob', 'Cy']): Count =>
    count(choices, { East: { '': east }, West: { '': west } });
  test('that corrects the winner says who won', () => {
    const found = compareCounts(contest(), reported, counting([40, 37, 3], [5, 9, 0]));
    expect(found.ending).toEqual({ kind: 'corrects', winners: ['bob'], reported: ['ann'] });
    expect(found.counted.margin).toBe(-1);
  });
  test('that ends in a tie picks nobody', () => {
    expect(compareCounts(contest(), reported, counting([40, 36, 3], [5, 9, 0])).ending).toEqual({
      kind: 'tie',
      winners: [],
      tied: ['ann', 'bob'],
    });
  });
  test('for two seats: which two, not in which order', () => {
    const two = contest({ kind: 'plurality', voteFor: 2, winners: 2 });
    const same = compareCounts(two, reported, counting([40, 50, 3], [5, 9, 0]));
    expect(same.ending).toEqual({ kind: 'agrees', winners: ['bob', 'ann'] });
    expect(same.between).toEqual({ winner: 'bob', loser: 'cy' });
    expect(compareCounts(two, reported, counting([40, 0, 3], [5, 0, 0])).ending).toMatchObject({
      kind: 'corrects',
      winners: ['ann', 'cy'],
    });
  });
  test('that lacks a county or a choice cannot tell; nothing missing is zero', () => {
    const without = compareCounts(
      contest(),
      reported,
      count(['Ann', 'Bob', 'Cy'], { East: { '': [40, 35, 3] } }),
    );
    expect(without.ending).toEqual({ kind: 'cannot tell', why: 'jurisdictions missing' });
    expect(without.missing.jurisdictionsNotCounted).toEqual(['west']);
    expect([without.net, without.gross, without.units.compared]).toEqual([0, 0, 1]);
    const more = compareCounts(
      contest(),
      reported,
      count(['Ann', 'Bob', 'Cy'], {
        East: { '': [40, 35, 3] },
        West: { '': [5, 9, 0] },
        North: { '': [1, 1, 1] },
      }),
    );
    expect(more.ending).toEqual({ kind: 'cannot tell', why: 'jurisdictions missing' });
    expect(more.missing.jurisdictionsNotReported).toEqual(['north']);
    const noCy = compareCounts(contest(), reported, counting([40, 35], [5, 9], ['Ann', 'Bob']));
    expect(noCy.ending).toEqual({ kind: 'cannot tell', why: 'choices missing' });
    expect(noCy.missing.choicesNotCounted).toEqual(['cy']);
  });
  test('a choice that only the paper knows can win', () => {
    const found = compareCounts(
      contest(),
      reported,
      counting([40, 35, 3, 50], [5, 9, 0, 0], ['Ann', 'Bob', 'Cy', 'Write Inn']),
    );
    expect(found.ending).toEqual({ kind: 'corrects', winners: ['write-inn'], reported: ['ann'] });
    expect(found.missing.choicesNotReported).toEqual(['write-inn']);
  });
  test('a rule other than most votes is not guessed', () => {
    const rule: VotingRule = { kind: 'supermajority', share: { numerator: 2, denominator: 3 } };
    expect(compareCounts(contest(rule), reported, reported).ending).toEqual({
      kind: 'cannot tell',
      why: 'rule',
    });
  });
  test('an unopposed choice has no margin', () => {
    const alone = count(['Ann'], { East: { '': [3] } });
    const found = compareCounts(contest(), alone, alone);
    expect(found.ending).toEqual({ kind: 'agrees', winners: ['ann'] });
    expect(found.between).toBeUndefined();
    expect(largestVariation(found)).toBeUndefined();
  });

  test('shares are compared by cross-multiplying', () => {
    const share = { numerator: 5, denominator: 10_000 };
    expect(isBelow({ votes: 5, of: 10_000 }, share)).toBe(false);
    expect(isBelow({ votes: 5, of: 10_001 }, share)).toBe(true);
    expect(isBelow({ votes: 0, of: 0 }, share)).toBe(true);
    expect(isBelow({ votes: 1, of: 0 }, share)).toBe(false);
  });
  test('types of ballots by any name', () => {
    const names = { 'Absentee By Mail': 'mail', 'Absentee by Mail Votes': 'mail', Advance: 'advance', 'Advanced Voting Votes': 'advance', 'Advance in Person': 'advance', 'Election Day Votes': 'election day', 'Provisional Votes': 'provisional', Other: undefined, '': undefined }; // prettier-ignore
    for (const [name, type] of Object.entries(names)) expect(typeOfBallot(name), name).toBe(type);
  });

  test('counting the same paper in any order of batches is the same count', () => {
    const batch = fc.tuple(fc.nat(2), fc.nat(1), fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
        const hand = (list: typeof batches): Count =>
          countOfHand({
            contest: contestId('Mayor'),
            granularity: 'batch',
            columns: [
              { kind: 'choice', choice: choiceId('Ann') },
              { kind: 'blank' },
              { kind: 'choice', choice: choiceId('Bob') },
            ],
            jurisdictions: ['East', 'West', 'North'].map(jurisdictionId),
            jurisdictionOf: Uint16Array.from(list.map((b) => b[0])),
            names: list.map((_, i) => String(i)),
            types: list.map((b) => ['Mail', 'Day'][b[1]]!),
            tallies: Uint32Array.from(list.flatMap((b) => b[2])),
          });
        expect(hand(batches.toReversed())).toEqual(hand(batches));
        const found = compareCounts(contest(), hand(batches), hand(batches));
        expect([found.net, found.gross, found.units.differing]).toEqual([0, 0, 0]);
        expect(['agrees', 'tie']).toContain(found.ending.kind);
        const sum = (column: number): number => batches.reduce((n, b) => n + b[2][column]!, 0);
        expect(found.counted.totals).toEqual([sum(0), sum(2)]);
        expect(found.counted.others).toEqual([{ kind: 'blank', count: sum(1) }]);
      }),
    );
  });
});

describe('two files', () => {
  const file = (name: string, text: string): { name: string; opened: Opened } => {
    const reading = open(name, new TextEncoder().encode(text));
    if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
    return { name, opened: reading.value };
  };
  const report = file(
    'report.csv',
    [
      '######## CONTESTS ########',
      'Contest Name,Targeted?,Number of Winners,Votes Allowed,Total Ballots Cast,Vote Totals',
      'Mayor,Targeted,1,1,100,Ann: 5; Bob: 4',
      '######## BATCH RESULTS ########',
      'Jurisdiction Name,Batch Name,Batch Type,Ann,Bob',
      'EAST,1,Mail,3,4',
      'WEST,1,Mail,2,1',
    ].join('\n'),
  );
  const results = file(
    'results.csv',
    'contest,county,Ann (I) (Rep),Bob (Dem)\nMayor,East,3,3\nMayor,West,2,1\nSheriff,East,1,1\n',
  );

  test('the hand count is the counted side in whichever order they come', () => {
    for (const [first, second, swapped] of [
      [results, report, false],
      [report, results, true],
    ] as const) {
      const pairs = pairUp(first, second);
      if ('code' in pairs) throw new Error(pairs.found);
      expect(pairs).toHaveLength(1);
      const { contest, reported, counted, jurisdictions } = pairs[0]!;
      expect(pairs[0]).toMatchObject({ swapped, matchedBy: 'name' });
      expect(jurisdictions.map((j) => j.name)).toEqual(['East', 'West']);
      const found = compareCounts(contest, reported, counted);
      expect(found.reported.totals).toEqual([5, 4]);
      expect(found.ending).toEqual({ kind: 'tie', winners: [], tied: ['ann', 'bob'] });
    }
  });
  test('a contest without a name is known by its choices', () => {
    const unnamed = file('unnamed.csv', 'county,Ann,Bob\nEast,3,3\nWest,2,1\n');
    const mayor = file('mayor.csv', 'contest,county,Ann,Bob\nMayor,East,3,3\nMayor,West,2,1\n');
    for (const pairs of [pairUp(unnamed, report), pairUp(mayor, unnamed)])
      expect(pairs).toMatchObject([{ contest: { name: 'Mayor' }, matchedBy: 'choices' }]);
    // Mayor and Sheriff of results.csv have the same choices: nobody can say which is meant.
    expect(pairUp(results, unnamed)).toMatchObject({ code: 'no-common-contest' });
  });
  test('two files of results: the first was reported, the second counted', () => {
    const recount = file('recount.csv', 'contest,county,Ann,Bob\nMayor,East,3,9\nMayor,West,2,1\n');
    const pairs = pairUp(results, recount);
    if ('code' in pairs) throw new Error(pairs.found);
    expect(compareCounts(pairs[0]!.contest, pairs[0]!.reported, pairs[0]!.counted).ending).toMatchObject({
      kind: 'corrects',
      winners: ['bob'],
    });
  });
  test('nothing in common, and nothing to compare, are refused', () => {
    const other = file('other.csv', 'contest,county,Zoe,Yan\nCouncil,East,1,2\n');
    expect(pairUp(other, report)).toMatchObject({
      code: 'no-common-contest',
      expected: 'a contest of other.csv: Council',
      found: 'Mayor',
    });
    const ballotsOnly = file('b.json', '{"East":{"BC":1,"TBJ":1,"Und":0,"Ovr":0,"Oth":0}}');
    expect(pairUp(results, ballotsOnly)).toMatchObject({ code: 'no-counts', file: 'b.json' });
  });
});
