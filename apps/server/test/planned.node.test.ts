// What the desk plans before anything is announced: of the right contest, refused before the seals, and enough in the audit that follows.
import { expect, test } from 'vitest';
import {
  announce,
  begin,
  boards,
  contest,
  manifestCsv,
  paper,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
} from './testDesk.ts';

test('a plan is told once the counties have sealed, and the draws it names confirm a right result', async () => {
  const t = await TestDesk.open();
  const cast = await begin(t);
  const { client } = cast.state;
  const input = { params: { contest }, query: { riskLimit: 0.1 } };
  expect(await t.refused(client, 'plan', input)).toBe('409 county-not-sealed');
  expect(await t.refused(cast.managers.bibb.client, 'plan', input)).toBe('403 role-not-allowed');
  await sealAll(t, cast, 'totals');
  const plan = await t.do(client, 'plan', input);
  // 10 batches each: Ann 60 to 69, 50, 40; Bob 30, 25 to 34, 20; blank 4, 3, 0.
  expect(plan.reported).toEqual([645 + 500 + 400, 300 + 295 + 200]);
  expect(plan.cards).toBe(645 + 500 + 400 + 300 + 295 + 200 + 40 + 30);
  const of = Object.fromEntries(plan.methods.map((m) => [m.method, m]));
  expect(of['card comparison']!.problem?.code).toBe('county-without-cvrs');
  expect(of['full hand count']!.cards).toBe(plan.cards);
  const { size } = of['batch comparison']!;
  expect(size!.unit).toBe('draws');
  await announce(t, cast, 'batch comparison', '0.1');
  await rollDice(t, cast);
  await t.do(client, 'draw', { params: { contest }, body: { draws: Math.ceil(size!.p90) } });
  await readAll(t, await boards(t, cast));
  const { contest: after } = await t.do(client, 'assess', { params: { contest } });
  expect(after).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
  await t.close();
}, 60_000);

test('a plan is of the files as they are sealed now, and of the risk limit that is asked', async () => {
  const t = await TestDesk.open();
  const cast = await begin(t);
  const plan = async (riskLimit: number) =>
    t.do(cast.state.client, 'plan', { params: { contest }, query: { riskLimit } });
  await sealAll(t, cast, 'none');
  const before = await plan(0.1);
  expect(await plan(0.1)).toEqual(before);
  expect(await plan(0.01)).not.toEqual(before);
  const { bibb } = cast.managers;
  const params = { county: 'bibb' };
  const more = { ...paper, bibb: paper.bibb.map(([a, b, blank]) => [a, b, blank + 1] as const) };
  const file = manifestCsv(more, 'bibb');
  await t.do(bibb.client, 'manifest', { params, query: { name: 'found.csv' }, file });
  await t.sign(bibb, await t.do(bibb.client, 'sealAgain', { params, body: { reason: 'more paper' } }));
  expect((await plan(0.1)).cards).toBe(before.cards + paper.bibb.length);
  await t.close();
}, 60_000);
