// Readings that are put right, batches entered twice, differences that are looked into, seals that replace seals, ties: through the API, and in the
// record that is left, which the verifier's own code reads.
import type { Client, Input, routes } from '@opencanvass/contract';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { publishedFiles } from '@opencanvass/keeper';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { notHeld, published } from './published.ts';
import {
  announce,
  begin,
  boards,
  contest,
  counties,
  manifestCsv,
  paper,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
  totalsCsv,
  type Cast,
  type County,
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

const params = { contest };
const people: [{ name: string; party: string }, { name: string; party: string }] = [
  { name: 'Cy', party: 'Blue' },
  { name: 'Di', party: 'Red' },
];
const votesOn = (unit: string): number[] => {
  const [county, , batch] = unit.split('/');
  const [a, b] = paper[county as County][Number(batch!.slice(1)) - 1]!;
  return [a, b];
};

async function expectVerified(): Promise<void> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(t.desk.keeper)) files.set(path, bytes);
  expect(verify(recordFromMap(files)).record?.faults).toEqual([]);
}

/** A batch comparison, drawn: what each board has to read. */
async function drawn(
  where: string | undefined,
  more: Parameters<typeof announce>[4] = {},
  draws = 12,
): Promise<{ cast: Cast; byCounty: Record<County, Client>; units: string[] }> {
  t = await TestDesk.open(where);
  const cast = await begin(t);
  await sealAll(t, cast, 'totals');
  await announce(t, cast, 'batch comparison', '0.05', more);
  await rollDice(t, cast);
  const { units } = await t.do(cast.state.client, 'draw', { params, body: { draws } });
  return { cast, byCounty: await boards(t, cast), units: units.map((u) => u.id) };
}

type ReadBatch = Input<(typeof routes)['readBatch']>['body'];
const batch = (unit: string, votes: number[], entered?: string): { body: ReadBatch } => ({
  body: { contest, unit, votes, confirmedByBoth: true, ...(entered === undefined ? {} : { entered }) },
});
const countyOf = (unit: string): County => unit.slice(0, unit.indexOf('/')) as County;

const places = [
  { where: 'SQLite', database: () => Promise.resolve(undefined), absent: false },
  { where: 'PostgreSQL', database: () => cluster!.database(), absent: noPostgres() },
];

describe.each(places)('on $where', ({ database, absent }) => {
  test.skipIf(absent)(
    'a misread batch is read again before the assessment: the last reading counts, all stand',
    { timeout: 60_000 },
    async () => {
      const { cast, byCounty, units } = await drawn(await database());
      const [unit] = units;
      const county = countyOf(unit!);
      const truth = votesOn(unit!);
      const { positions } = await t.do(byCounty[county], 'readBatch', batch(unit!, [truth[1]!, truth[0]!]));
      await readAll(t, byCounty);
      const position = positions[0]!;
      const again = {
        why: 'misread' as const,
        words: 'the two piles were swapped',
        batch: { votes: truth },
        confirmedByBoth: true as const,
      };
      const other = byCounty[counties.find((c) => c !== county)!];
      expect(await t.refused(other, 'reRead', { params: { position }, body: again })).toBe(
        '403 another-county',
      );
      expect(
        await t.refused(byCounty[county], 'reRead', { params: { position: position + 999 }, body: again }),
      ).toBe('409 no-reading');
      expect(
        await t.refused(byCounty[county], 'reRead', {
          params: { position },
          body: { ...again, batch: { votes: [1] } },
        }),
      ).toBe('409 choices');
      expect(
        await t.refused(cast.managers[county].client, 'reRead', { params: { position }, body: again }),
      ).toBe('409 two-people');
      const entry = '0'.repeat(31) + '1';
      const first = await t.do(byCounty[county], 'reRead', {
        params: { position },
        body: { ...again, entry },
      });
      expect(
        await t.do(byCounty[county], 'reRead', { params: { position }, body: { ...again, entry } }),
      ).toEqual(first);
      const { units: history } = await t.do(t.public, 'readings', { params, query: { unit: unit! } });
      expect(history[0]).toMatchObject({
        state: 'read',
        told: [
          { kind: 'paper interpreted', position, batch: { votes: [truth[1], truth[0]] } },
          {
            kind: 'correction',
            why: 'misread',
            words: 'the two piles were swapped',
            batch: { votes: truth },
          },
        ],
      });
      const { contest: after } = await t.do(cast.state.client, 'assess', { params });
      expect(after).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
      expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
      expect(await t.refused(byCounty[county], 'reRead', { params: { position }, body: again })).toBe(
        '409 read-again-after-assessment',
      );
      await expectVerified();
    },
  );

  test.skipIf(absent)(
    'batches entered twice: what differs is counted again, what agrees counts',
    { timeout: 60_000 },
    async () => {
      const { cast, byCounty, units } = await drawn(await database(), { doubleEntry: true });
      const [unit] = units;
      const county = countyOf(unit!);
      const truth = votesOn(unit!);
      const client = byCounty[county];
      expect(await t.refused(client, 'readBatch', batch(unit!, truth))).toBe('409 who-enters');
      expect(await t.refused(client, 'readBatch', batch(unit!, truth, 'Zoe'))).toBe('409 who-enters');
      const first = await t.do(client, 'readBatch', batch(unit!, [99, 1], 'Ada'));
      expect(first.state).toBe('entered once');
      // Nobody is shown what the second is to be held against: not at the desk, and not in the published record.
      const isPublished = async (position: number): Promise<boolean> =>
        (await published(t.desk.keeper)).has(`bodies/${position}.json`);
      expect(await isPublished(first.positions[0]!)).toBe(false);
      const { entries } = await t.do(t.public, 'entries', { query: { from: first.positions[0]! } });
      expect(entries[0]!.body).toBeUndefined();
      expect(JSON.stringify(await t.do(t.public, 'readings', { params, query: {} }))).not.toContain('99');
      expect(JSON.stringify(await t.do(client, 'work', {}))).not.toContain('99');
      expect(await t.refused(client, 'readBatch', batch(unit!, [99, 1], ' ada'))).toBe(
        '409 entered-by-one-person',
      );
      expect((await t.do(client, 'readBatch', batch(unit!, truth, 'Ben'))).state).toBe('entries differ');
      expect(await isPublished(first.positions[0]!)).toBe(true);
      expect((await t.do(client, 'work', {})).units.find((u) => u.id === unit)!.contests[0]).toMatchObject({
        done: false,
        entries: 0,
        differed: 1,
      });
      expect((await t.do(client, 'readBatch', batch(unit!, truth, 'Ben'))).state).toBe('entered once');
      const last = await t.do(client, 'readBatch', batch(unit!, truth, 'Ada'));
      expect(last.state).toBe('read');
      expect(await t.refused(client, 'readBatch', batch(unit!, truth, 'Ben'))).toBe('409 read-already');
      for (const c of counties)
        for (const { id, contests } of (await t.do(byCounty[c], 'work', {})).units)
          if (!contests[0]!.done)
            for (const who of ['Ada', 'Ben'])
              await t.do(byCounty[c], 'readBatch', batch(id, votesOn(id), who));
      const body = {
        why: 'entry error' as const,
        words: 'two digits',
        batch: { votes: [truth[0]!, truth[1]! + 1] },
        confirmedByBoth: true as const,
      };
      await t.do(client, 'reRead', { params: { position: last.positions[0]! }, body });
      const { entry } = (
        await t.do(t.public, 'entries', { query: { from: (await t.do(t.public, 'status', {})).entries - 1 } })
      ).entries[0]!;
      expect((entry as { act: { about: object } }).act.about).toMatchObject({
        entries: [last.positions[0]! - 1, last.positions[0]!],
      });
      await t.do(cast.state.client, 'assess', { params });
      expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toMatchObject([
        {
          unit,
          machine: truth,
          paper: body.batch.votes,
          votes: 1,
          direction: 'for the reported outcome',
          status: 'open',
        },
      ]);
      await expectVerified();
    },
  );

  test.skipIf(absent)(
    'a full hand count by the boards that ties: a lot decides, before witnesses',
    { timeout: 120_000 },
    async () => {
      t = await TestDesk.open(await database());
      const reported = Object.fromEntries(counties.map((c) => [c, paper[c].slice(0, 2)])) as unknown as Paper;
      const cast = await begin(t, reported);
      await sealAll(t, cast, 'none', reported);
      await announce(t, cast, 'full hand count', '', { doubleEntry: true });
      const byCounty = await boards(t, cast);
      const unit = 'bibb/T1/B1';
      const count = { votes: [30, 30], blank: 0, overvote: 0 };
      const entry = (u: string, entered: string) => ({
        body: { contest, unit: u, count, entered, confirmedByBoth: true as const },
      });
      expect(await t.refused(byCounty.bibb, 'countBatch', entry(unit, 'Ada'))).toBe(
        '409 hand-count-before-order',
      );
      await t.do(cast.state.client, 'orderHandCount', { params, body: { why: 'by law' } });
      expect(await t.refused(byCounty.bibb, 'countBatch', entry('bibb/T1/B9', 'Ada'))).toBe(
        '409 batch-not-in-manifest',
      );
      expect(
        await t.refused(byCounty.bibb, 'countBatch', {
          body: { ...entry(unit, 'Ada').body, count: { votes: [90, 30], blank: 0, overvote: 0 } },
        }),
      ).toBe('409 more-counted-than-manifest');
      for (const county of counties) {
        const { client } = cast.managers[county];
        const ofCounty = { params: { county, contest } };
        expect(await t.refused(client, 'reportHandCount', ofCounty)).toBe(
          '409 hand-count-does-not-fit-manifest',
        );
        const [work] = (await t.do(byCounty[county], 'handCountWork', {})).contests;
        for (const { unit: u } of work!.batches)
          for (const who of ['Ada', 'Ben']) await t.do(byCounty[county], 'countBatch', entry(u, who));
        const batches = work!.batches.map((b) => ({
          tabulator: b.tabulator,
          batch: b.batch,
          votes: [30, 30],
          blank: 0,
          overvote: 0,
        }));
        expect(await t.refused(client, 'handCount', { ...ofCounty, body: { batches } })).toBe(
          '409 entered-once',
        );
        await t.do(client, 'reportHandCount', ofCounty);
      }
      const lot = {
        winners: ['bob'],
        how: 'one of two slips, drawn from a hat',
        statute: 'O.C.G.A. 21-2-501',
        witnesses: ['Ona', 'Pat'],
      };
      expect(await t.refused(cast.canvass.client, 'drawLot', { params, body: lot })).toBe('409 no-tie');
      const { contest: tied } = await t.do(cast.state.client, 'assess', { params });
      expect(tied).toMatchObject({ ending: 'insufficient evidence', tied: ['ann', 'bob'] });
      // A count that is put right, from the boards' entries: what was assessed of the old one is nothing any more.
      const { client: clerk } = cast.managers.bibb;
      const ofBibb = { county: 'bibb', contest };
      const why = { why: 'misread' as const, words: 'one ballot lay in the wrong pile' };
      const row = { tabulator: 'T1', batch: 'B1', ...count };
      expect(
        await t.refused(clerk, 'correctHandCount', { params: ofBibb, body: { ...why, batches: [row] } }),
      ).toBe('409 entered-once');
      expect(await t.refused(clerk, 'correctHandCount', { params: ofBibb, body: why })).toBe(
        '409 nothing-changed',
      );
      for (const votes of [
        [31, 29],
        [30, 30],
      ]) {
        const { position } = (await t.do(byCounty.bibb, 'handCountWork', {})).contests[0]!.batches[0]!;
        await t.do(byCounty.bibb, 'reRead', {
          params: { position: position! },
          body: { ...why, batch: { ...count, votes }, confirmedByBoth: true },
        });
        await t.sign(
          cast.managers.bibb,
          await t.do(clerk, 'correctHandCount', { params: ofBibb, body: why }),
        );
        expect(await t.refused(cast.canvass.client, 'drawLot', { params, body: lot })).toBe('409 no-tie');
        const { contest: again } = await t.do(cast.state.client, 'assess', { params });
        expect(again).toMatchObject(votes[0] === 31 ? { winners: ['ann'] } : { tied: ['ann', 'bob'] });
      }
      expect(await t.refused(cast.canvass.client, 'certify', { body: { words: 'done' } })).toBe(
        '409 audit-not-ended',
      );
      expect(await t.refused(cast.state.client, 'drawLot', { params, body: lot })).toBe(
        '403 role-not-allowed',
      );
      expect(
        await t.refused(cast.canvass.client, 'drawLot', { params, body: { ...lot, winners: ['zed'] } }),
      ).toBe('409 not-among-the-tied');
      expect(
        await t.refused(cast.canvass.client, 'drawLot', {
          params,
          body: { ...lot, winners: ['ann', 'bob'] },
        }),
      ).toBe('409 seats');
      await t.sign(cast.canvass, await t.do(cast.canvass.client, 'drawLot', { params, body: lot }));
      const [after] = (await t.do(t.public, 'status', {})).contests;
      expect(after).toMatchObject({ ending: 'full hand count corrects', winners: ['bob'] });
      await t.sign(
        cast.canvass,
        await t.do(cast.canvass.client, 'certify', { body: { words: 'So it is.' } }),
      );
      await expectVerified();
    },
  );
});

test(
  'after the assessment only the state puts a reading right, before witnesses, and the round is assessed again',
  { timeout: 60_000 },
  async () => {
    const { cast, byCounty, units } = await drawn(undefined);
    const [unit] = units;
    const county = countyOf(unit!);
    const truth = votesOn(unit!);
    const { positions } = await t.do(
      byCounty[county],
      'readBatch',
      batch(unit!, [truth[0]! - 20, truth[1]! + 20]),
    );
    await readAll(t, byCounty);
    const position = positions[0]!;
    const body = {
      why: 'adjudicated with the paper at hand' as const,
      words: 'twenty ballots lay in the wrong pile',
      batch: { votes: truth },
      by: people,
      witnesses: ['Ona Observer'],
      confirmedByBoth: true as const,
    };
    const correct = () =>
      t.refused(cast.state.client, 'reReadAfterAssessment', { params: { position }, body });
    expect(await correct()).toBe('409 not-assessed-yet');
    expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
    const { contest: one } = await t.do(cast.state.client, 'assess', { params });
    expect(one.ending).toBe('go on');
    const { margin, discrepancies } = await t.do(t.public, 'discrepancies', { params });
    const [ann, bob] = [0, 1].map((i) => counties.flatMap((c) => paper[c]).reduce((n, b) => n + b[i]!, 0));
    expect(margin).toBe(ann! - bob!);
    expect(discrepancies).toMatchObject([
      { unit, position, votes: 40, direction: 'for the reported outcome', status: 'open', round: 1 },
    ]);
    const prepared = await t.do(cast.state.client, 'reReadAfterAssessment', { params: { position }, body });
    await t.sign(cast.state, prepared);
    const [stale] = (await t.do(t.public, 'status', {})).contests;
    expect(stale).toMatchObject({ ending: 'go on', rounds: [{ stale: true }] });
    expect(await t.refused(cast.state.client, 'draw', { params, body: { draws: 1 } })).toBe(
      '409 round-not-assessed',
    );
    const { contest: two } = await t.do(cast.state.client, 'assess', { params });
    expect(two).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
    expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
    expect(await t.refused(cast.state.client, 'assess', { params })).toBe('409 contest-has-ended');
    await expectVerified();
  },
);

test(
  'a difference is open until somebody says why; a note explains nothing',
  { timeout: 60_000 },
  async () => {
    const { cast, byCounty, units } = await drawn(undefined);
    const [unit] = units;
    const county = countyOf(unit!);
    const truth = votesOn(unit!);
    const { positions } = await t.do(byCounty[county], 'readBatch', batch(unit!, [truth[0]! + 1, truth[1]!]));
    await readAll(t, byCounty);
    const { client } = cast.managers[county];
    const note = { params: { county }, body: { contest, unit: unit!, words: 'the scanner’s log was read' } };
    const why = {
      params: { county },
      body: {
        contest,
        entries: positions,
        reason: 'duplicated or adjudicated ballot' as const,
        words: 'ballot 17',
      },
    };
    expect(await t.refused(client, 'investigate', note)).toBe('409 round-not-assessed');
    expect(await t.refused(client, 'explain', why)).toBe('409 round-not-assessed');
    expect(await t.refused(byCounty[county], 'discrepancies', { params })).toBe('403 role-not-allowed');
    await t.do(cast.state.client, 'assess', { params });
    await t.do(client, 'investigate', note);
    const one = async () => (await t.do(t.public, 'discrepancies', { params })).discrepancies[0]!;
    expect(await one()).toMatchObject({
      votes: -1,
      direction: 'against the reported outcome',
      status: 'open',
      notes: [{ words: note.body.words }],
    });
    const stranger = counties.find((c) => c !== county)!;
    expect(
      await t.refused(cast.managers[stranger].client, 'explain', { ...why, params: { county: stranger } }),
    ).toBe('403 another-county');
    await t.do(client, 'explain', why);
    expect(await one()).toMatchObject({
      status: 'explained',
      reasons: [{ reason: 'duplicated or adjudicated ballot', words: 'ballot 17' }],
    });
    await expectVerified();
  },
);

test(
  'files are replaced before the seal; after it with a reason, by a seal that names the old one; after the seed never',
  { timeout: 60_000 },
  async () => {
    t = await TestDesk.open();
    const cast = await begin(t);
    const { client } = cast.managers.bibb;
    const ofBibb = { county: 'bibb' };
    const wrong = { ...paper, bibb: paper.bibb.map(([a, b, blank]) => [a, b, blank + 9] as const) };
    const give = (of: Paper) =>
      t.refused(client, 'manifest', {
        params: ofBibb,
        query: { name: 'm.csv' },
        file: manifestCsv(of, 'bibb'),
      });
    expect(await give(wrong)).toBe('done');
    expect(await give(paper)).toBe('done');
    expect(await give(wrong)).toBe('done');
    await t.do(client, 'batchTotals', {
      params: { county: 'bibb', contest },
      query: { name: 't.csv' },
      file: totalsCsv(paper, 'bibb'),
    });
    const again = () =>
      t.refused(client, 'sealAgain', {
        params: ofBibb,
        body: { reason: 'nine blank sheets were counted in' },
      });
    expect(await again()).toBe('409 not-sealed');
    const old = await t.sign(cast.managers.bibb, await t.do(client, 'seal', { params: ofBibb }));
    expect(await t.refused(client, 'seal', { params: ofBibb })).toBe('409 sealed-already');
    expect(await again()).toBe('409 nothing-changed');
    await sealAll(t, cast, 'totals', paper, ['clarke', 'dade']);
    await announce(t, cast, 'batch comparison');
    expect(await give(paper)).toBe('done');
    const size = async () =>
      (await t.do(t.public, 'status', {})).counties.find((c) => c.jurisdiction === 'bibb')!.manifest!.size;
    const right = paper.bibb.reduce((n, b) => n + b[0] + b[1] + b[2], 0);
    expect(await size()).toBe(right + 90);
    const prepared = await t.do(client, 'sealAgain', {
      params: ofBibb,
      body: { reason: 'nine blank sheets were counted in' },
    });
    const positions = await t.sign(cast.managers.bibb, prepared);
    expect(await size()).toBe(right);
    const { entries } = await t.do(t.public, 'entries', { query: { from: positions[0]! } });
    expect(entries.map((e) => (e.entry as { act: { kind: string } }).act.kind)).toEqual([
      'correction',
      'manifest sealed',
      'CVRs sealed',
    ]);
    expect((entries[0]!.entry as { act: { about: { entries: number[] } } }).act.about.entries).toEqual(old);
    await give(wrong);
    const late = await t.do(client, 'sealAgain', { params: ofBibb, body: { reason: 'once more' } });
    await rollDice(t, cast);
    expect(await give(paper)).toBe('409 sealed-input-changed-after-seed');
    expect(await again()).toBe('409 sealed-input-changed-after-seed');
    const signed = {
      params: { prepared: late.prepared },
      body: t.signaturesFor(cast.managers.bibb.key!, late),
    };
    expect(await t.refused(client, 'sign', signed)).toBe('409 sealed-input-changed-after-seed');
    const { units } = await t.do(cast.state.client, 'draw', { params, body: { draws: 12 } });
    await readAll(t, await boards(t, cast));
    expect((await t.do(cast.state.client, 'assess', { params })).contest.ending).toBe('confirmed');
    expect(units.length).toBeGreaterThan(5);
    await expectVerified();
  },
);
