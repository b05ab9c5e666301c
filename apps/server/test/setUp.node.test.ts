// The set-up is one act: a server that is killed while it is done leaves all of it, or nothing and a desk on which it can be done.
import { call, routes, type Client } from '@opencanvass/contract';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { expect, test } from 'vitest';
import { serve } from './serveDesk.ts';
import { TestDesk } from './testDesk.ts';

const counties = Array.from({ length: 159 }, (_, i) => `county-${i + 1}`);
const file = toUtf8(
  `contest,jurisdiction,choice,votes\n${['Mayor', 'Judge', 'Council']
    .flatMap((c) => counties.flatMap((j) => [`${c},${j},Ann,${j.length}`, `${c},${j},Bob,1`]))
    .join('\n')}\n`,
);
const input = { query: { name: 'results.csv', election: 'City Election', date: '2026-11-03' }, file };

/** Killed so many milliseconds after the request went out; or as soon as the record has an entry. */
const moments = ['at the first entry', 0, 'at the first entry', 15, 60, 'at the first entry'] as const;

test(
  `killed while it is set up, ${moments.length} times: all of it is there, or nothing`,
  { timeout: 180_000 },
  async () => {
    for (const moment of moments) {
      const t = await TestDesk.open();
      try {
        t.now = Date.now(); // the server goes by the real clock
        const state = await t.firstAccount();
        const { server, address } = await serve(t.folder);
        const client: Client = { ...state.client, fetch: (path, init) => fetch(`${address}${path}`, init) };
        const gone = new Promise((resolve) => server.once('exit', resolve));
        const answered = call(client, routes.setUp, input).catch(() => undefined);
        if (typeof moment === 'number') await new Promise((resolve) => setTimeout(resolve, moment));
        else while ((await t.desk.state()).count === 0) await new Promise((resolve) => setImmediate(resolve));
        server.kill('SIGKILL');
        await gone;
        const answer = await answered;
        const { count, joined } = await t.desk.state();
        if (answer?.ok === true) expect(count).toBeGreaterThan(0);
        if (count === 0) await t.do(state.client, 'setUp', input);
        else expect(joined.size).toBe(counties.length);
        expect(await t.refused(state.client, 'setUp', input)).toBe('409 second-definition');
        const { step, counties: there } = await t.do(t.public, 'status', {});
        expect([step, there.length]).toEqual(['seal the inputs', counties.length]);
      } finally {
        await t.close();
      }
    }
  },
);

test('of two who set up at once one is told that there is a record', { timeout: 60_000 }, async () => {
  const t = await TestDesk.open();
  try {
    const state = await t.firstAccount();
    const answers = await Promise.all([0, 1].map(() => t.refused(state.client, 'setUp', input)));
    expect(answers.toSorted()).toEqual(['409 second-definition', 'done']);
    expect((await t.desk.state()).joined.size).toBe(counties.length);
  } finally {
    await t.close();
  }
});

test('how contests are counted is said in the set-up where the file does not, and of no contest that is not there', async () => {
  const t = await TestDesk.open();
  try {
    const state = await t.firstAccount();
    const setUp = (rules: unknown) =>
      t.refused(state.client, 'setUp', { ...input, query: { ...input.query, rules: JSON.stringify(rules) } });
    const two = { kind: 'plurality', voteFor: 2, winners: 2 };
    expect(await setUp([{ contest: 'Sheriff', rule: two }])).toBe('422 unknown-contest');
    expect(await setUp([{ contest: 'Mayor', rule: { ...two, winners: 9 } }])).toBe('422 seats');
    expect(await setUp([{ contest: 'Mayor', rule: { kind: 'dice' } }])).toBe('422 wrong-shape');
    expect(
      await setUp([
        { contest: 'Mayor', rule: two },
        { contest: 'judge', rule: { kind: 'instantRunoff' } },
      ]),
    ).toBe('done');
    expect((await t.desk.state()).election!.contests.map((c) => c.rule)).toEqual([
      two,
      { kind: 'instantRunoff' },
      { kind: 'plurality', voteFor: 1, winners: 1 },
    ]);
  } finally {
    await t.close();
  }
});
