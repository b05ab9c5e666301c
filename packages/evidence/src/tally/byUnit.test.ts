import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames, voteCodes, voteOn } from '../cvr/index.ts';
import type { CvrChunk, GrowingHeader } from '../cvr/index.ts';
import { UnitTallier, addTallies } from './byUnit.ts';
import type { ContestTally, UnitTally } from './byUnit.ts';

const header = (): GrowingHeader => {
  const contests = [cvrContest('Mayor', 1, 0), cvrContest('Council', 3, 0), cvrContest('Sheriff', 1, 3)];
  for (const contest of contests)
    contest.choices.push(...['A', 'B', 'C', 'D'].map((name) => cvrChoice(name)));
  return { election: '', format: 'test', contests, names: emptyNames() };
};

interface Card {
  readonly precinct: string;
  readonly weight: number;
  /** By contest: undefined, not on the card; else marked choices, for the ranked contest with their ranks. */
  readonly marks: readonly (readonly (readonly [choice: number, rank: number])[] | undefined)[];
}

const anyMarks = fc.option(
  fc.uniqueArray(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })), { selector: ([k]) => k, maxLength: 4 }),
  { nil: undefined },
);
const anyCards: fc.Arbitrary<Card[]> = fc.array(
  fc.record({
    precinct: fc.constantFrom('P1', 'P2', 'P3'),
    weight: fc.constantFrom(1, 1, 1, 5),
    marks: fc.tuple(anyMarks, anyMarks, anyMarks),
  }),
  { maxLength: 25 },
);

function chunksOf(cards: readonly Card[], of: GrowingHeader, capacity = 7): CvrChunk[] {
  const b = new ChunkBuilder(of, capacity);
  const chunks: CvrChunk[] = [];
  for (const card of cards) {
    if (b.full) chunks.push(b.take());
    b.card();
    b.attribute('precinct', b.code('precinct', card.precinct));
    if (card.weight !== 1) b.weight(card.weight);
    for (const [c, marks] of card.marks.entries()) {
      if (marks === undefined) continue;
      if (c < 2)
        b.marked(
          c,
          marks.map(([k]) => k),
          marks.length,
        );
      else {
        b.vote(c, marks.length === 0 ? voteCodes.blank : voteCodes.listed);
        for (const [k, rank] of [...marks].sort((x, y) => x[1] - y[1])) b.mark(c, k, rank);
      }
    }
  }
  chunks.push(b.take());
  return chunks;
}

function tally(cards: readonly Card[], by: 'precinct'[] = [], capacity?: number): UnitTally {
  const of = header();
  const tallier = new UnitTallier(by);
  tallier.begin(of);
  for (const chunk of chunksOf(cards, of, capacity)) tallier.take(chunk);
  return tallier.tally;
}

/** The other road: card by card, as one would count by hand. */
function byHand(cards: readonly Card[], c: number): ContestTally {
  const of = header();
  const [chunk] = chunksOf(cards, of, 1000);
  const sum = { cards: 0, votes: [0, 0, 0, 0], blank: 0, overvoted: 0, invalid: 0, undervotes: 0 };
  for (const [i, { weight }] of cards.entries()) {
    const vote = voteOn(of, chunk!, c, i);
    if (vote.kind === 'notOnCard') continue;
    sum.cards += weight;
    const voteFor = [1, 3, 0][c]!;
    if (vote.kind === 'blank') {
      sum.blank += weight;
      sum.undervotes += voteFor * weight;
    } else if (vote.kind === 'overvoted') sum.overvoted += weight;
    else if (vote.kind === 'votes') {
      for (const k of vote.choices) sum.votes[k]! += weight;
      sum.undervotes += (voteFor - vote.choices.length) * weight;
    } else if (vote.kind === 'ranking') {
      const first = vote.ranks[0]!;
      if (first !== 'several' && first.length === 1) sum.votes[first[0]!]! += weight;
    }
  }
  return sum;
}

describe('counting by unit', () => {
  test('is what counting card by card gives', () => {
    fc.assert(
      fc.property(anyCards, (cards) => {
        const [unit] = tally(cards).units;
        for (const c of [0, 1, 2]) expect(unit!.contests[c]).toEqual(byHand(cards, c));
        expect(unit!.cards).toBe(cards.reduce((sum, card) => sum + card.weight, 0));
      }),
    );
  });

  test('precincts add up to the whole, in any order and any chunks', () => {
    fc.assert(
      fc.property(anyCards, fc.integer({ min: 1, max: 9 }), (cards, capacity) => {
        const precincts = tally(cards, ['precinct'], capacity);
        for (const { unit, contests } of precincts.units) {
          const own = cards.filter((card) => card.precinct === unit[0]);
          expect(contests).toEqual([0, 1, 2].map((c) => byHand(own, c)));
        }
        const reversed = tally([...cards].reverse());
        expect(reversed.units).toEqual(tally(cards).units);
      }),
    );
  });

  test('the tally of a union is the sum of the tallies', () => {
    fc.assert(
      fc.property(anyCards, anyCards, (a, b) => {
        const sum = addTallies([tally(a, ['precinct']), tally(b, ['precinct'])]);
        const whole = tally([...a, ...b], ['precinct']);
        expect(sum).toMatchObject({ by: ['precinct'], units: whole.units });
      }),
    );
  });

  test('names written in are counted by what the export says of them, and their choices joined by name', () => {
    const part = (turn: boolean, ...said: [text: string, cards: number][]): UnitTally => {
      const of = header();
      if (turn) of.contests[0]!.choices.reverse();
      const b = new ChunkBuilder(of);
      const tallier = new UnitTallier();
      tallier.begin(of);
      for (const [text, cards] of said) {
        b.card();
        b.weight(cards);
        b.vote(0, turn ? 0 : 3);
        b.writeIn({ contest: 0, choice: turn ? 0 : 3, rank: 0, text, status: 'Unresolved' });
      }
      b.card();
      b.writeIn({ contest: 0, choice: 3, rank: 0, text: 'taken back', status: '' });
      b.withdraw();
      tallier.take(b.take());
      return tallier.tally;
    };
    const sum = addTallies([part(false, ['Ann', 1], ['Bo', 4], ['Ann', 2]), part(true, ['Bo', 1])]);
    expect('writeIns' in sum && sum.writeIns).toEqual([
      { contest: 0, choice: 3, rank: 0, text: 'Ann', status: 'Unresolved', cards: 3 },
      { contest: 0, choice: 3, rank: 0, text: 'Bo', status: 'Unresolved', cards: 5 },
    ]);
  });

  test('choices in another order are joined by name; another vote-for is not added up', () => {
    const turned = header();
    for (const contest of turned.contests) contest.choices.reverse();
    const tallier = new UnitTallier();
    tallier.begin(turned);
    const card: Card = { precinct: 'P', weight: 1, marks: [[[0, 1]], [], undefined] };
    for (const chunk of chunksOf([card], turned)) tallier.take(chunk);
    const sum = addTallies([tally([card]), tallier.tally]);
    expect('units' in sum && sum.units[0]!.contests[0]!.votes).toEqual([1, 0, 0, 1]);
    const two = tally([card]);
    const other = {
      ...two,
      header: { ...two.header, contests: [{ ...two.header.contests[0]!, voteFor: 2 }] },
    };
    expect(addTallies([two, other])).toEqual({
      contest: 'Mayor',
      expected: 'vote for 1',
      found: 'vote for 2',
    });
  });
});
