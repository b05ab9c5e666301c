// A name written in that is no choice of the contest is a vote, for none of them: it counts towards "vote for", and a machine that gave that card
// to the winner overstated by one, as it would have if the card were blank.
import type { Client } from '@opencanvass/contract';
import { afterEach, expect, test } from 'vitest';
import { notHeld } from './published.ts';
import {
  announce,
  begin,
  boards,
  contest,
  paper,
  rollDice,
  sealAll,
  TestDesk,
  type County,
} from './testDesk.ts';

let t: TestDesk;
/** Whatever an audit came to, one who computes it again from its record comes to the same. */
afterEach(async () => {
  expect(await notHeld(t.desk.keeper)).toEqual([]);
  await t.close();
});

type Read = { kind: 'votes'; choices: string[]; writeIns?: string[] } | { kind: 'blank' };

/** Twenty cards, each read as it is; the first of Ann's cards as `first` reads it. What is the risk then? */
async function risk(first: (board: Client, unit: string) => Promise<Read>): Promise<number> {
  t = await TestDesk.open();
  const cast = await begin(t);
  await sealAll(t, cast, 'cvrs');
  await announce(t, cast, 'card comparison');
  await rollDice(t, cast);
  const byCounty = await boards(t, cast);
  const { units } = await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 20 } });
  let isFirst = true;
  for (const { id, jurisdiction, batch, card } of units) {
    const [a, b] = paper[jurisdiction as County][Number(batch.slice(1)) - 1]!;
    const board = byCounty[jurisdiction as County];
    let reading: Read =
      card! > a + b ? { kind: 'blank' } : { kind: 'votes', choices: [card! <= a ? 'ann' : 'bob'] };
    if (isFirst && card! <= a) {
      reading = await first(board, id);
      isFirst = false;
    }
    await t.do(board, 'readCard', body(id, reading));
  }
  expect(isFirst).toBe(false);
  const { contest: after } = await t.do(cast.state.client, 'assess', { params: { contest } });
  return after.rounds[0]!.risk!;
}
const body = (unit: string, reading: Read) => ({
  body: { unit, contests: [{ contest, reading }], confirmedByBoth: true as const },
});

test('a name written in is a vote for nobody of the contest', { timeout: 60_000 }, async () => {
  const votes = (choices: string[], writeIns?: string[]): Read => ({
    kind: 'votes',
    choices,
    ...(writeIns === undefined ? {} : { writeIns }),
  });
  const written = await risk(async (board, unit) => {
    expect(await t.refused(board, 'readCard', body(unit, votes(['ann'], ['Carla Diaz'])))).toBe(
      '409 choices',
    );
    expect(await t.refused(board, 'readCard', body(unit, votes([])))).toBe('409 choices');
    expect(await t.refused(board, 'readCard', body(unit, votes([], [' '])))).toBe('422 wrong-shape');
    return votes([], ['Carla Diaz']);
  });
  await t.close();
  const blank = await risk(() => Promise.resolve({ kind: 'blank' }));
  await t.close();
  const asReported = await risk(() => Promise.resolve(votes(['ann'])));
  expect(written).toBe(blank);
  expect(written).toBeGreaterThan(asReported);
});
