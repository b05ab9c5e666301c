// What the desk plans before anything is announced: of the right contest, refused before the seals, and enough in the audit that follows.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@opencanvass/contract';
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

/** What is told once it is computed. */
const plan = async (t: TestDesk, client: Client, riskLimit: number) => {
  const input = { params: { contest }, query: { riskLimit } };
  await expect
    .poll(async () => (await t.do(client, 'plan', input)).computing, { timeout: 20_000 })
    .toBe(false);
  return t.do(client, 'plan', input);
};

test('a plan is told once the counties have sealed, and the draws it names confirm a right result', async () => {
  const t = await TestDesk.open();
  const cast = await begin(t);
  const { client } = cast.state;
  const input = { params: { contest }, query: { riskLimit: 0.1 } };
  expect(await t.refused(client, 'plan', input)).toBe('409 county-not-sealed');
  expect(await t.refused(cast.managers.bibb.client, 'plan', input)).toBe('403 role-not-allowed');
  await sealAll(t, cast, 'totals');
  // What was reported is told at once.
  expect((await t.do(client, 'plan', input)).reported).toEqual([1545, 795]);
  const { reported, cards, methods } = await plan(t, client, 0.1);
  // 10 batches each: Ann 60 to 69, 50, 40; Bob 30, 25 to 34, 20; blank 4, 3, 0.
  expect(reported).toEqual([645 + 500 + 400, 300 + 295 + 200]);
  expect(cards).toBe(645 + 500 + 400 + 300 + 295 + 200 + 40 + 30);
  const of = Object.fromEntries(methods.map((m) => [m.method, m]));
  expect(of['card comparison']!.problem?.code).toBe('county-without-cvrs');
  expect(of['full hand count']!.cards).toBe(cards);
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
  const { client } = cast.state;
  await sealAll(t, cast, 'none');
  const before = await plan(t, client, 0.1);
  expect(await plan(t, client, 0.1)).toEqual(before);
  expect(await plan(t, client, 0.01)).not.toEqual(before);
  const { bibb } = cast.managers;
  const params = { county: 'bibb' };
  const more = { ...paper, bibb: paper.bibb.map(([a, b, blank]) => [a, b, blank + 1] as const) };
  const file = manifestCsv(more, 'bibb');
  await t.do(bibb.client, 'manifest', { params, query: { name: 'found.csv' }, file });
  await t.sign(bibb, await t.do(bibb.client, 'sealAgain', { params, body: { reason: 'more paper' } }));
  expect((await plan(t, client, 0.1)).cards).toBe(before.cards + paper.bibb.length);
  await t.close();
}, 60_000);

test('a plan is simulated once, whoever asks at once, and told at once by a desk that is started again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plans-'));
  try {
    const first = await TestDesk.open(undefined, undefined, folder);
    const cast = await begin(first);
    const { client } = cast.state;
    await sealAll(first, cast, 'totals');
    const told = await Promise.all([0.1, 0.05, 0.1, 0.05].map((limit) => plan(first, client, limit)));
    expect(told[2]).toEqual(told[0]);
    expect(told[3]).toEqual(told[1]);
    const kept = await first.desk.db.selectFrom('plans').select('methods').execute();
    expect(kept).toHaveLength(2);
    await first.desk.close();

    const again = await TestDesk.open(undefined, undefined, folder);
    again.now = first.now;
    await again.desk.threads.close(); // nothing can be simulated here
    const asked = { ...client, fetch: again.public.fetch };
    expect(await again.do(asked, 'plan', { params: { contest }, query: { riskLimit: 0.1 } })).toEqual(
      told[0],
    );
    await again.desk.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
