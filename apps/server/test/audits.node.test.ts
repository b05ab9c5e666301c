// Whole audits through the API: what the desk says they came to, and that the record they leave is verified by the code that a stranger runs.
import { call, routes, type Client } from '@opencanvass/contract';
import { recordFromMap, type RecordFiles } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { publishedFiles } from '@opencanvass/keeper';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { notHeld } from './published.ts';
import {
  announce,
  begin,
  boards,
  contest,
  counties,
  handCountAll,
  handCountOf,
  paper,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
  type Cast,
  type Paper,
} from './testDesk.ts';

let t: TestDesk;
let cluster: Cluster | undefined;
beforeAll(async () => {
  if (!noPostgres()) cluster = await startCluster();
}, 60_000);
afterAll(async () => cluster?.stop());
/** Whatever an audit came to, one who computes it again from its record comes to the same. */
afterEach(async () => {
  expect(await notHeld(t.desk.keeper)).toEqual([]);
  await t.close();
});

async function published(): Promise<RecordFiles> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(t.desk.keeper)) files.set(path, bytes);
  return recordFromMap(files);
}

/** The checks of the record itself: none fails. */
async function expectVerified(): Promise<void> {
  const { record } = verify(await published());
  expect(record?.faults).toEqual([]);
  expect(record?.kind).toBe('conducted');
  expect(record?.entries.length).toBe((await t.desk.state()).count);
}

const stateOf = async () => (await t.do(t.public, 'status', {})).contests.find((c) => c.contest === contest)!;

async function certify({ canvass }: Cast): Promise<void> {
  await t.sign(
    canvass,
    await t.do(canvass.client, 'certify', { body: { words: 'We sign what the audit came to.' } }),
  );
}

const places = [
  { where: 'SQLite', database: () => Promise.resolve(undefined), absent: false },
  { where: 'PostgreSQL', database: () => cluster!.database(), absent: noPostgres() },
];

describe.each(places)('on $where', ({ database, absent }) => {
  test.skipIf(absent)('a batch comparison, from sealed inputs to sign-off', { timeout: 60_000 }, async () => {
    t = await TestDesk.open(await database());
    const cast = await begin(t);
    const { state } = cast;
    await sealAll(t, cast, 'totals');
    await announce(t, cast, 'batch comparison');
    await rollDice(t, cast);
    const { units } = await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    expect(units.reduce((n, u) => n + u.draws, 0)).toBe(12);
    expect(await t.refused(state.client, 'assess', { params: { contest } })).toBe('409 paper-not-read');
    await readAll(t, await boards(t, cast));
    const { contest: after } = await t.do(state.client, 'assess', { params: { contest } });
    expect(after).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
    expect(after.rounds[0]!.risk).toBeLessThan(0.05);
    await certify(cast);
    expect((await t.do(t.public, 'status', {})).step).toBe('signed off');
    await expectVerified();
  });
});

test(
  'a card comparison goes on to a second round when cards differ, then confirms',
  { timeout: 60_000 },
  async () => {
    t = await TestDesk.open();
    const cast = await begin(t);
    const { state } = cast;
    await sealAll(t, cast, 'cvrs');
    await announce(t, cast, 'card comparison');
    await rollDice(t, cast);
    const byCounty = await boards(t, cast);
    const first = await t.do(state.client, 'draw', { params: { contest }, body: { draws: 8 } });
    expect(first.units).toHaveLength(8);
    expect(await t.refused(state.client, 'draw', { params: { contest }, body: { draws: 8 } })).toBe(
      '409 round-not-assessed',
    );
    await readAll(t, byCounty);
    const one = await t.do(state.client, 'assess', { params: { contest } });
    expect(one.contest.ending).toBe('go on');
    const second = await t.do(state.client, 'draw', { params: { contest }, body: { draws: 60 } });
    expect(second.units.slice(0, 8).map((u) => u.id)).toEqual(first.units.map((u) => u.id));
    await readAll(t, byCounty);
    const two = await t.do(state.client, 'assess', { params: { contest } });
    expect(two.contest).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
    expect(two.contest.rounds.map((r) => r.outcome)).toEqual(['go on', 'confirmed']);
    await certify(cast);
    await expectVerified();
  },
);

test(
  'a full hand count that reverses the outcome: the desk says so, and is not made to say anything else',
  { timeout: 60_000 },
  async () => {
    t = await TestDesk.open();
    const cast = await begin(t);
    const { state, managers, canvass } = cast;
    await sealAll(t, cast, 'totals');
    await announce(t, cast, 'batch comparison');
    await rollDice(t, cast);
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    // On the paper the two were the other way round.
    const truth = Object.fromEntries(
      counties.map((c) => [c, paper[c].map(([a, b, blank]) => [b, a, blank] as const)]),
    ) as unknown as Paper;
    await readAll(t, await boards(t, cast), truth);
    const sampled = await t.do(state.client, 'assess', { params: { contest } });
    // No next round would be smaller than the whole: nobody need decide it.
    expect(sampled.contest).toMatchObject({ ending: 'full hand count ordered', rounds: [{ risk: 1 }] });
    expect(sampled.contest.winners).toBeUndefined();
    expect(await t.refused(canvass.client, 'certify', { body: { words: 'complete' } })).toBe(
      '409 audit-not-ended',
    );
    expect(await t.refused(state.client, 'draw', { params: { contest }, body: { draws: 12 } })).toBe(
      '409 contest-is-hand-counted',
    );
    for (const county of counties) {
      expect(await t.refused(state.client, 'assess', { params: { contest } })).toBe('409 county-not-counted');
      const batches = handCountOf(truth, county);
      const params = { county, contest };
      expect(
        await t.refused(managers[county].client, 'handCount', {
          params,
          body: { batches: batches.slice(1) },
        }),
      ).toBe('409 hand-count-does-not-fit-manifest');
      await t.do(managers[county].client, 'handCount', { params, body: { batches } });
    }
    await t.do(state.client, 'assess', { params: { contest } });
    expect(await stateOf()).toMatchObject({ ending: 'full hand count corrects', winners: ['bob'] });
    expect(await t.refused(state.client, 'assess', { params: { contest } })).toBe('409 contest-has-ended');
    await certify(cast);
    const { entries } = await t.do(t.public, 'entries', { query: {} });
    const certificate = entries.find(
      (e) => (e.entry as { act: { kind: string } }).act.kind === 'certificate signed',
    )!;
    expect(certificate.body).toMatchObject({
      contests: [{ contest, ending: 'full hand count corrects', winners: ['bob'] }],
    });
    await expectVerified();
  },
);

test(
  'a contest that is counted in full from the beginning needs no dice and no sample',
  { timeout: 60_000 },
  async () => {
    t = await TestDesk.open();
    const cast = await begin(t);
    await sealAll(t, cast, 'none');
    await announce(t, cast, 'full hand count');
    await t.do(cast.state.client, 'orderHandCount', { params: { contest }, body: { why: 'by law' } });
    await handCountAll(t, cast);
    const { contest: after } = await t.do(cast.state.client, 'assess', { params: { contest } });
    expect(after).toMatchObject({ ending: 'full hand count agrees', winners: ['ann'] });
    await certify(cast);
    await expectVerified();
  },
);

test('a county counts by hand only what it votes on', { timeout: 60_000 }, async () => {
  t = await TestDesk.open();
  const state = await t.firstAccount();
  const rows = (county: string, office: string) => [
    `${county},${office},Ann,30`,
    `${county},${office},Bob,20`,
  ];
  const file = ['county,office,candidate,votes', ...rows('bibb', 'Mayor'), ...rows('dade', 'Mayor'), ...rows('bibb', 'Sheriff')]; // oxfmt-ignore
  await t.do(state.client, 'setUp', {
    query: { name: 'results.csv', election: 'City Election', date: '2026-11-03', state: 'GA' },
    file: new TextEncoder().encode(`${file.join('\n')}\n`),
  });
  await t.key(state, state);
  const batches = [{ tabulator: 'T1', batch: 'B1', votes: [30, 20], blank: 0, overvote: 0 }];
  for (const county of ['bibb', 'dade'] as const) {
    const manager = await t.account(state, `${county}-clerk`, 'county manager', county);
    const params = { county };
    const manifest = new TextEncoder().encode('Tabulator,Batch Name,Number of Ballots\nT1,B1,50\n');
    await t.do(manager.client, 'manifest', { params, query: { name: 'm.csv' }, file: manifest });
    await t.sign(manager, await t.do(manager.client, 'seal', { params }));
    if (county === 'bibb') continue;
    const ofSheriff = { params: { contest: 'sheriff' } };
    await t.do(state.client, 'announce', {
      body: { contests: [{ contest: 'sheriff', method: 'full hand count' }] },
    });
    await t.do(state.client, 'orderHandCount', { ...ofSheriff, body: { why: 'by law' } });
    const report = { params: { county, contest: 'sheriff' }, body: { batches } };
    expect(await t.refused(manager.client, 'handCount', report)).toBe('409 contest-not-in-county');
    expect((await t.do(await t.board(manager, county), 'handCountWork', {})).contests).toEqual([]);
  }
});

test('a preview is a preview for good, and its seed can never be the seed', { timeout: 60_000 }, async () => {
  t = await TestDesk.open();
  const cast = await begin(t);
  await sealAll(t, cast, 'totals');
  await announce(t, cast, 'batch comparison');
  const made = '1'.repeat(20);
  const { position, units } = await t.do(cast.state.client, 'preview', {
    body: { seed: made, contest, draws: 5 },
  });
  expect(units.reduce((n, u) => n + u.draws, 0)).toBe(5);
  expect((await t.do(t.public, 'status', {})).previews).toEqual([{ position, seed: made }]);
  expect(
    await t.refused(cast.state.client, 'seed', { body: { seed: made, how: 'dice', witnesses: ['x'] } }),
  ).toBe('409 seed-was-previewed');
  await rollDice(t, cast);
  expect(await t.refused(cast.state.client, 'preview', { body: { seed: made, contest, draws: 5 } })).toBe(
    '409 preview-after-seed',
  );
});

test(
  'files that do not fit are named before anything is sealed, and cannot be sealed',
  { timeout: 60_000 },
  async () => {
    t = await TestDesk.open();
    const { managers } = await begin(t);
    const { client } = managers.bibb;
    const text = (s: string) => new TextEncoder().encode(s);
    const params = { county: 'bibb' };
    const query = { name: 'x.csv' };
    expect(await t.refused(client, 'seal', { params })).toBe('409 inputs-do-not-fit');
    await t.do(client, 'manifest', {
      params,
      query,
      file: text('Tabulator,Batch Name,Number of Ballots\nT1,B1,10\nT1,B2,20\n'),
    });
    const { findings } = await t.do(client, 'batchTotals', {
      params: { county: 'bibb', contest },
      query,
      file: text('Batch Name,Ann,Bob\nB1,9,2\nB3,1,1\n'),
    });
    expect(findings.map((f) => f.code)).toEqual([
      'more-votes-than-ballots',
      'batch-not-in-manifest',
      'batch-without-totals',
      'totals-differ-from-results',
    ]);
    expect(await t.refused(client, 'seal', { params })).toBe('409 inputs-do-not-fit');
    expect(await t.refused(client, 'manifest', { params, query, file: text('a,b\n1,2\n') })).toBe(
      '422 file-refused',
    );
    // To whoever asks for Spanish first it is said in Spanish; the code is the same.
    const said = async (language: string) => {
      const fetch: Client['fetch'] = (path, init) => {
        const headers = new Headers(init.headers);
        headers.set('accept-language', language);
        return client.fetch(path, { ...init, headers });
      };
      const given = { params, query, file: text('Batch Name,Ballots\nB1,-3\n') };
      const answer = await call({ ...client, fetch }, routes.manifest, given);
      return answer.ok ? undefined : answer.problem.problems![0];
    };
    const problem = { code: 'negative-count', file: 'x.csv', line: 2, found: '"-3"' };
    expect(await said('es-MX,es;q=0.9,en;q=0.8')).toMatchObject({ ...problem, expected: 'una cantidad' });
    expect(await said('en-US,es;q=0.5')).toMatchObject({ ...problem, expected: 'a count' });
  },
);
