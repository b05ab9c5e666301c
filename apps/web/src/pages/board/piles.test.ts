import { describe, expect, test } from 'vitest';
import { added, again, ballotsIn, batchOf, counted, isWhole, noPiles, pilesThatDiffer } from './piles.ts';

const some = added(added(noPiles, [['ivy'], ['jon']], 3), [['jon', 'ivy']], 1);

describe('piles of a ranked contest', () => {
  test('ballots of one ranking are one pile, in whatever order those at one rank were marked', () => {
    const more = added(added(some, [['ivy'], ['jon']], 2), [['ivy', 'jon']], 1);
    expect(batchOf(more)).toEqual({
      rankings: [
        { ranks: [['ivy'], ['jon']], ballots: 5 },
        { ranks: [['jon', 'ivy']], ballots: 2 },
      ],
      blank: 0,
      writeIns: 0,
    });
    expect(ballotsIn(counted(more, 'blank', 4))).toBe(11);
  });

  test('a blank rank makes another ranking', () => {
    expect(pilesThatDiffer(some, added(some, [[], ['ivy'], ['jon']], 1)).map((p) => p.ranks)).toEqual([
      [[], ['ivy'], ['jon']],
    ]);
  });

  test('what differs is counted again, what agrees stays; a pile that is not there has none', () => {
    const other = added(counted(some, 'blank', 2), [['kim']], 1);
    const differ = pilesThatDiffer(some, other);
    expect(differ.map((p) => p.key)).toEqual(['blank', 'ranking kim']);
    const anew = again(some, differ);
    expect(isWhole(anew)).toBe(false);
    expect(ballotsIn(anew)).toBe(4);
    const done = counted(counted(anew, 'blank', 1), 'ranking kim', 0);
    expect(batchOf(done)).toMatchObject({ rankings: [{ ballots: 3 }, { ballots: 1 }], blank: 1 });
    expect(pilesThatDiffer(done, counted(some, 'blank', 1))).toEqual([]);
  });
});
