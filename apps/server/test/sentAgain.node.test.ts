// A board's device does not know whether its entry arrived: it sends it again, once the network is back, perhaps twice at once, perhaps to another
// process. It is on the record once, as it was first confirmed, and the answer is the first one's.
import { call, routes, type Client } from '@opencanvass/contract';
import { afterEach, expect, test } from 'vitest';
import { announce, begin, boards, contest, rollDice, sealAll, TestDesk, type County } from './testDesk.ts';

let t: TestDesk;
afterEach(() => t.close());

const entry = (n: number): string => n.toString(16).padStart(32, '0');
const unsent = { kind: 'votes' as const, choices: ['ann'] };

async function drawn(): Promise<{ unit: string; board: Client; other: Client }> {
  t = await TestDesk.open();
  const cast = await begin(t);
  await sealAll(t, cast, 'cvrs');
  await announce(t, cast, 'card comparison');
  await rollDice(t, cast);
  const byCounty = await boards(t, cast);
  const { units } = await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 6 } });
  const unit = units[0]!;
  const county = unit.jurisdiction as County;
  return { unit: unit.id, board: byCounty[county], other: byCounty[county === 'bibb' ? 'dade' : 'bibb'] };
}
const readings = async () =>
  (await t.do(t.public, 'entries', { query: { from: 0 } })).entries.filter(
    (e) => (e.entry as { act: { kind: string } }).act.kind === 'paper interpreted',
  );

test('ten times at once is once, with one answer for all', { timeout: 60_000 }, async () => {
  const { unit, board } = await drawn();
  const body = {
    unit,
    contests: [{ contest, reading: unsent }],
    confirmedByBoth: true as const,
    entry: entry(1),
    done: '2026-11-05T14:58:00-05:00',
  };
  const answers = await Promise.all(Array.from({ length: 10 }, () => t.do(board, 'readCard', { body })));
  expect(new Set(answers.map((a) => a.positions.join())).size).toBe(1);
  const [one, ...more] = await readings();
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    entry: { position: answers[0]!.positions[0], act: { done: '2026-11-05T14:58:00-05:00' } },
    body: { unit, entry: entry(1), by: [{ name: 'Ada' }, { name: 'Ben' }] },
  });
  // Without a name it is another act, and the card is read already.
  const { entry: _, ...unnamed } = body;
  expect(await t.refused(board, 'readCard', { body: unnamed })).toBe('409 read-already');
});

test(
  'a name is good for one act: not for other content, not for another county',
  { timeout: 60_000 },
  async () => {
    const { unit, board, other } = await drawn();
    const body = {
      unit,
      contests: [{ contest, reading: unsent }],
      confirmedByBoth: true as const,
      entry: entry(2),
    };
    await t.do(board, 'readCard', { body });
    const changed = { ...body, contests: [{ contest, reading: { kind: 'blank' as const } }] };
    expect(await t.refused(board, 'readCard', { body: changed })).toBe('409 entry-differs');
    expect(await t.refused(other, 'readCard', { body })).toBe('409 entry-differs');
    expect(await readings()).toHaveLength(1);
  },
);

test('what was refused is not done: the same name goes on being free', { timeout: 60_000 }, async () => {
  const { unit, board } = await drawn();
  const body = {
    unit,
    contests: [{ contest, reading: unsent }],
    confirmedByBoth: true as const,
    entry: entry(3),
  };
  const wrong = {
    ...body,
    contests: [{ contest, reading: { kind: 'votes' as const, choices: ['ann', 'bob'] } }],
  };
  expect(await t.refused(board, 'readCard', { body: wrong })).toBe('409 choices');
  expect(await t.refused(board, 'readCard', { body })).toBe('done');
});

test(
  'others may send it after a shift; it stays with the two who read, of two parties',
  { timeout: 60_000 },
  async () => {
    const { unit, board } = await drawn();
    const by = [
      { name: 'Cleo', party: 'Blue' },
      { name: 'Dan', party: 'Red' },
    ] as [{ name: string; party: string }, { name: string; party: string }];
    const body = {
      unit,
      contests: [{ contest, reading: unsent }],
      confirmedByBoth: true as const,
      entry: entry(4),
      by,
    };
    const party = [by[0], { name: 'Dan', party: 'blue' }] as typeof by;
    expect(await t.refused(board, 'readCard', { body: { ...body, by: party } })).toBe('409 one-party');
    await t.do(board, 'readCard', { body });
    expect((await readings())[0]!.body).toMatchObject({ by });
  },
);

test('not a name', { timeout: 60_000 }, async () => {
  const { unit, board } = await drawn();
  const body = { unit, contests: [{ contest, reading: unsent }], confirmedByBoth: true as const, entry: 'x' };
  const answer = await call(board, routes.readCard, { body });
  expect(answer).toMatchObject({ ok: false, status: 422, problem: { code: 'wrong-shape' } });
});
