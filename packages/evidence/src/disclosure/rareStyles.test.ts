import { describe, expect, test } from 'vitest';
import { fileInMemory, readCvrExport } from '../formats/index.ts';
import { exposed, RareStylesFinder, type RareStyles } from './rareStyles.ts';

/** Rows of "precinct,group,style" and one cell for each of two contests of one choice each: 1, 0 or nothing. */
const exportOf = (rows: readonly string[]): string =>
  [
    'Election,5.2',
    ',,,,,,,,Mayor (Vote For=1),School (Vote For=1)',
    ',,,,,,,,Ann,Bea',
    'CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,',
    ...rows.map((row, i) => {
      const [precinct, group, style, ...votes] = row.split(',');
      return `${i + 1},1,1,${i + 1},1-1-${i + 1},${group},${precinct},${style},${votes.join(',')}`;
    }),
    '',
  ].join('\n');

async function foundIn(...exports: readonly (readonly string[])[]): Promise<RareStyles> {
  const finder = new RareStylesFinder();
  for (const rows of exports) {
    const reading = await readCvrExport([fileInMemory('cvr.csv', exportOf(rows))], finder);
    if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  }
  return finder.result();
}
const times = (n: number, row: string): string[] => Array.from({ length: n }, () => row);

describe('cards of which there are few of a kind', () => {
  test('nine are few, ten are not', async () => {
    expect((await foundIn(times(10, 'P1,Mail,A,1,0'))).rare).toEqual([]);
    expect((await foundIn(times(9, 'P1,Mail,A,1,0'))).rare).toEqual([
      { precinct: 'P1', countingGroup: 'Mail', style: 'A', cards: 9 },
    ]);
  });

  test('the contests on the card make the kind, not the label of its style, and not how it was voted', async () => {
    const oneLabel = await foundIn([...times(10, 'P1,Mail,A,1,0'), 'P1,Mail,A,1,']);
    expect(oneLabel.rare).toEqual([{ precinct: 'P1', countingGroup: 'Mail', style: 'A', cards: 1 }]);
    const twoLabels = await foundIn([...times(5, 'P1,Mail,A,1,0'), ...times(5, 'P1,Mail,B,0,1')]);
    expect(twoLabels.rare).toEqual([]);
  });

  test('precinct and counting group tell cards apart; the fewest stand first', async () => {
    const found = await foundIn([
      ...times(12, 'P1,Mail,A,1,0'),
      ...times(3, 'P2,Mail,A,1,0'),
      'P1,Polls,A,1,0',
      ...times(12, 'P1,Mail,A,1,0'),
    ]);
    expect(found.rare.map((k) => [k.precinct, k.countingGroup, k.cards])).toEqual([
      ['P1', 'Polls', 1],
      ['P2', 'Mail', 3],
    ]);
    expect([found.cards, found.kinds, exposed(found)]).toEqual([28, 3, { cards: 4, alone: 1 }]);
  });

  test('the cards of several exports are counted together', async () => {
    const found = await foundIn(times(6, 'P1,Mail,A,1,0'), times(6, 'P1,Mail,A,0,1'));
    expect([found.cards, found.rare]).toEqual([12, []]);
  });
});
