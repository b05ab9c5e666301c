// Whom rankings counted by hand elect: rounds and ties worked out on paper.
import { describe, expect, test } from 'vitest';
import { readHandCountTable, joinHandCounts, writeHandCountTable } from '../formats/index.ts';
import type { ChoiceId, Contest, ContestId, JurisdictionId } from '../election/index.ts';
import type { HandCount } from '../paper/index.ts';
import { firstChoicesOfHand, rankedOutcome, rankingsOfHand } from './rankedHandCount.ts';

const id = (of: string): ChoiceId => of as ChoiceId;
const contest: Contest = {
  id: 'judge' as ContestId,
  name: 'Judge',
  choices: ['a', 'b', 'c', 'd'].map((c) => ({ id: id(c), name: c })),
  rule: { kind: 'instantRunoff', ranks: 3 },
};
const [a, b, c, d] = [0, 1, 2, 3];
const of = (...rankings: [number[], number][]) => rankings.map(([ranking, count]) => ({ ranking, count }));

describe('whom rankings elect', () => {
  test('the last goes, and its ballots to the next choice', () => {
    // a 4, b 3, c 2 with b next: b has 5 of 9.
    expect(rankedOutcome(contest, of([[a], 4], [[b], 3], [[c, b], 2]))).toMatchObject({
      kind: 'elected',
      winners: ['b'],
    });
  });

  test('a tie that changes nobody is no tie, and one that does asks who is eliminated', () => {
    expect(rankedOutcome(contest, of([[a], 5], [[b], 2], [[c], 2], [[d], 2]))).toMatchObject({
      kind: 'elected',
      winners: ['a'],
    });
    const tied = of([[a], 4], [[b, c], 3], [[c, b], 3]);
    expect(rankedOutcome(contest, tied)).toMatchObject({
      kind: 'tied',
      choosing: 'loser',
      among: ['b', 'c'],
    });
    expect(rankedOutcome(contest, tied, [id('b')])).toMatchObject({ kind: 'elected', winners: ['c'] });
    expect(rankedOutcome(contest, tied, [id('c')])).toMatchObject({ kind: 'elected', winners: ['b'] });
  });

  test('the last two tie: who is elected is for a lot', () => {
    expect(rankedOutcome(contest, of([[a], 3], [[b], 3]))).toMatchObject({
      kind: 'tied',
      choosing: 'winner',
      among: ['a', 'b'],
    });
  });

  test('one lot may lead to another', () => {
    // b, c and d tie; without d, b and c still do.
    const tied = of([[a], 4], [[b, c, d], 3], [[c, b, d], 3], [[d], 3]);
    expect(rankedOutcome(contest, tied)).toMatchObject({ kind: 'tied', among: ['b', 'c', 'd'] });
    expect(rankedOutcome(contest, tied, [id('d')])).toMatchObject({ kind: 'tied', among: ['b', 'c'] });
    expect(rankedOutcome(contest, tied, [id('d'), id('c')])).toMatchObject({
      kind: 'elected',
      winners: ['b'],
    });
  });
});

describe('counties with different rankings', () => {
  const part = (county: string, rankings: Readonly<Record<string, number>>, blank: number): HandCount => ({
    contest: contest.id,
    granularity: 'batch',
    columns: [
      ...Object.keys(rankings).map((r) => ({
        kind: 'ranking' as const,
        ranks: r.split('>').map((at) => (at === '' ? [] : at.split('=').map(id))),
      })),
      { kind: 'blank' },
    ],
    jurisdictions: [county as JurisdictionId],
    jurisdictionOf: new Uint16Array(1),
    names: ['T1/B1'],
    types: [''],
    tallies: Uint32Array.from([...Object.values(rankings), blank]),
  });
  const east = part('east', { 'a>b': 5, '>b': 1, 'a=b>c': 2 }, 3);
  const west = part('west', { 'b>a': 4, 'a>b': 2 }, 0);

  test('are one count: a blank rank is passed over, several at one rank end a ranking', () => {
    const both = joinHandCounts([east, west]);
    expect(
      firstChoicesOfHand(contest, both)
        .votes.get('east' as JurisdictionId)
        ?.get(''),
    ).toEqual([5, 1, 0, 0]);
    expect(
      firstChoicesOfHand(contest, both)
        .votes.get('west' as JurisdictionId)
        ?.get(''),
    ).toEqual([2, 4, 0, 0]);
    const sum = (ranking: number[]): number =>
      rankingsOfHand(contest, both)
        .filter((r) => r.ranking.join() === ranking.join())
        .reduce((n, r) => n + r.count, 0);
    expect([sum([a, b]), sum([b]), sum([b, a]), sum([])]).toEqual([7, 1, 4, 2]);
  });

  test('and a table of rankings is read as it was written', () => {
    const [county] = east.jurisdictions;
    const read = readHandCountTable('t', writeHandCountTable(east, county!), east, county!);
    expect(read.ok && read.value).toEqual(east);
    expect(readHandCountTable('t', writeHandCountTable(east, county!), west, county!).ok).toBe(false);
  });
});
