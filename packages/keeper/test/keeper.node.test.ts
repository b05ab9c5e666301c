import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { orderFaults, type OrderCode } from '@opencanvass/evidence/record';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../src/sqlite.ts';
import { createRecord, openRecord, type Draft, type Keeper, type World } from '../src/keeper.ts';
import {
  authoriseState,
  boardKey,
  clarke,
  contest,
  counted,
  election,
  fileRef,
  incident,
  joined,
  origin,
  seededKey,
  state,
  ticking,
} from './smallElection.ts';

let folder: string;
let world: World;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  world = {
    storage: await openSqlite(folder),
    signer: { name: origin, key: seededKey(1) },
    clock: ticking(),
    random: counted(),
  };
});
afterEach(async () => {
  await world.storage.close();
  await rm(folder, { recursive: true, force: true });
});

const begin = (record: 'conducted' | 'reconstructed' = 'conducted'): Promise<Keeper> =>
  createRecord(world, { record, election, author: state });

/** What the keeper says to these drafts, appended together. */
async function codes(keeper: Keeper, ...drafts: Draft[]): Promise<string[]> {
  const before = (await keeper.entries()).length;
  const answer = await keeper.append(...drafts);
  if (answer.ok) return [];
  expect((await keeper.entries()).length, 'a refusal appends nothing').toBe(before);
  return answer.refusals.map((r) => r.code);
}

const table = fileRef('t.json', toUtf8('{}'));
/** The least body of each kind that has a shape. */
const leastBody: Partial<Record<Draft['kind'], unknown>> = {
  'jurisdiction joined': { jurisdiction: { id: clarke, name: 'Clarke' } },
  'election defined': { record: 'conducted', origin, election },
  'results reported': { contest, choices: [], status: 'not stated', table: { ...table, held: false } },
  'hand count reported': {
    contest,
    granularity: 'batch',
    columns: [],
    totals: [],
    batches: 0,
    table: { ...table, held: false },
  },
  'contests and risk limits announced': { contests: [] },
  'seed drawn': { seed: '1', how: 'dice', witnesses: [] },
  'statement made': {
    id: 's',
    kind: 'official statement',
    who: 'w',
    when: '',
    where: '',
    words: '',
    parts: [],
  },
  correction: { reason: 'a slip' },
};
const act = (kind: Draft['kind'], more: Partial<Draft> = {}): Draft => ({
  kind,
  author: state,
  body: leastBody[kind] ?? {},
  ...more,
});
const signed = (kind: Draft['kind'], more: Partial<Draft> = {}): Draft =>
  act(kind, { signers: [boardKey], ...more });

describe('what is acknowledged', () => {
  test('is in the record, in order, for whoever opens it next', async () => {
    const keeper = await begin();
    const answer = await keeper.append(authoriseState(), joined(clarke, 'Clarke'), incident(1));
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
    expect(answer.entries.map((e) => e.position)).toEqual([2, 3, 4]);
    expect(answer.entries[2]!.appended).toBe('2026-11-04T12:00:05.000Z');
    const again = await openRecord(world);
    expect((await again.entries()).map((e) => e.act.kind)).toEqual([
      'election defined',
      'key authorised',
      'key authorised',
      'jurisdiction joined',
      'incident noted',
    ]);
    expect(again.record).toBe('conducted');
  });

  test('two keepers of one record never give two entries one place', async () => {
    const one = await begin();
    const two = await openRecord({ ...world, storage: await openSqlite(folder), random: counted('other') });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? one : two).append(incident(i))),
    );
    expect(answers.every((a) => a.ok)).toBe(true);
    const entries = await one.entries();
    expect(entries.map((e) => e.position)).toEqual(entries.map((_, i) => i));
    expect(entries).toHaveLength(32);
    expect(await two.entries()).toEqual(entries);
    await two.close();
  });

  test('a record is not opened with another key, nor begun where there is one', async () => {
    await begin();
    await expect(begin()).rejects.toThrow(/holds a record already/);
    await expect(openRecord({ ...world, signer: { name: origin, key: seededKey(2) } })).rejects.toThrow(
      /not the key/,
    );
  });
});

describe('when the disk is full', () => {
  test.each(['append', 'putFile'] as const)(
    '%s throws: nothing is acknowledged, and the keeper goes on',
    async (where) => {
      let full = false;
      const { storage } = world;
      const failing: World['storage'] = new Proxy(storage, {
        get: (target, name: keyof World['storage']) =>
          full && name === where
            ? () => Promise.reject(new Error('ENOSPC'))
            : (target[name] as (...args: unknown[]) => unknown).bind(target),
      });
      world = { ...world, storage: failing };
      const keeper = await begin();
      const bytes = toUtf8('a file');
      const received = act('file received', {
        body: { file: fileRef('f', bytes), from: 'x' },
        files: [bytes],
      });
      full = true;
      await expect(keeper.append(received)).rejects.toThrow('ENOSPC');
      full = false;
      expect((await keeper.entries()).length).toBe(2);
      const answer = await keeper.append(received);
      expect(answer.ok ? answer.entries.map((e) => e.position) : answer).toEqual([2]);
    },
  );
});

describe('what is refused, by name', () => {
  test('signatures', async () => {
    const keeper = await begin();
    expect(await codes(keeper, signed('statement made'))).toEqual(['unauthorised-key']);
    await keeper.append(authoriseState());
    expect(await codes(keeper, act('statement made'))).toEqual(['signature-missing']);
    expect(await codes(keeper, act('statement made', { signers: [seededKey(9)] }))).toEqual([
      'unauthorised-key',
    ]);
    expect(await codes(keeper, act('incident noted', { signers: [boardKey] }))).toEqual(['unauthorised-key']);
    const prepared = keeper.prepare(signed('statement made'));
    const [signature] = prepared.signatures;
    const moved = await keeper.appendPrepared([
      { ...keeper.prepare(act('statement made')), signatures: [signature!] },
    ]);
    expect(moved.ok ? [] : moved.refusals.map((r) => r.code)).toEqual(['bad-signature']);
    const twice = await keeper.appendPrepared([{ ...prepared, signatures: [signature!, signature!] }]);
    expect(twice.ok ? [] : twice.refusals.map((r) => [r.code, r.expected])).toEqual([
      ['bad-signature', 'signature-repeated'],
    ]);
    expect((await keeper.appendPrepared([prepared])).ok).toBe(true);
    expect(await codes(keeper, authoriseState())).toEqual(['bad-key']);
  });

  test('bodies, times, files', async () => {
    const keeper = await begin('reconstructed');
    const bytes = toUtf8('a,b\n1,2\n');
    const file = fileRef('t.csv', bytes);
    const received = act('file received', { body: { file, from: 'the clerk' } });
    expect(await codes(keeper, received)).toEqual(['file-missing']);
    const longer = { ...file, bytes: 9 };
    expect(
      await codes(keeper, { ...received, body: { file: longer, from: 'the clerk' }, files: [bytes] }),
    ).toEqual(['file-length-differs']);
    expect(await codes(keeper, { ...received, files: [bytes] })).toEqual([]);
    expect(await codes(keeper, received), 'kept already').toEqual([]);
    expect(await codes(keeper, act('key authorised', { access: 'sealed' }))).toContain('must-be-open');
    const refused = await keeper.append(
      act('seed drawn', { body: { seed: '1', how: 'dice', witnesses: 'two' } }),
    );
    expect(refused.ok ? [] : refused.refusals).toMatchObject([
      { code: 'wrong-shape', found: 'body.witnesses' },
    ]);
    const nobody = { name: 'x' } as unknown as Draft['author'];
    expect(await codes(keeper, act('incident noted', { author: nobody }))).toEqual(['wrong-shape']);
    expect(await codes(keeper, act('incident noted', { body: { words: 'x'.repeat(1 << 20) } }))).toEqual([
      'body-too-big',
    ]);
    expect(
      await codes(keeper, act('incident noted', { author: { name: 'x'.repeat(65_535), role: 'y' } })),
    ).toEqual(['entry-too-big']);
    expect(await codes(keeper, act('incident noted', { done: 'yesterday' }))).toEqual(['bad-time']);
    expect(await codes(keeper, act('incident noted', { done: '2020-11-20T15:37:00' })), 'no offset').toEqual([
      'bad-time',
    ]);
    expect(await codes(keeper, act('incident noted', { done: '2020-11-20T15:37:00-05:00' }))).toEqual([]);
    const prepared = keeper.prepare(incident(1));
    const other = await keeper.appendPrepared([
      { ...prepared, salted: { ...prepared.salted, body: { words: 'other' } } },
    ]);
    expect(other.ok ? [] : other.refusals.map((r) => r.code)).toEqual(['body-differs']);
  });

  test('one refused act of several keeps all of them out, and each is judged after those before it', async () => {
    const keeper = await begin();
    expect(await codes(keeper, authoriseState(), joined(clarke, 'Clarke'), act('sample drawn'))).toEqual([
      'sample-before-seed',
    ]);
    expect(
      await codes(
        keeper,
        authoriseState(),
        joined(clarke, 'Clarke'),
        signed('manifest sealed', { about: { jurisdiction: clarke } }),
      ),
    ).toEqual([]);
  });

  test('order: in a conducted record every fault of the table is refused', async () => {
    const keeper = await begin();
    const refused = new Set<string>();
    const tryIt = async (draft: Draft): Promise<void> => {
      for (const code of await codes(keeper, draft)) refused.add(code);
    };
    const accept = async (...drafts: Draft[]): Promise<void> =>
      expect(await codes(keeper, ...drafts)).toEqual([]);

    await tryIt(act('election defined'));
    await tryIt(act('incident noted', { about: { jurisdiction: clarke } }));
    await tryIt(act('contests and risk limits announced'));
    await accept(authoriseState(), joined(clarke, 'Clarke'));
    await tryIt(signed('seed drawn'));
    await tryIt(signed('correction'));
    await tryIt(act('sample drawn'));
    await tryIt(act('paper interpreted'));
    await tryIt(act('round assessed'));
    await tryIt(act('hand count reported'));
    await tryIt(signed('certificate signed'));
    await tryIt(act('seal opened', { about: { entries: [0] } }));
    await accept(
      signed('manifest sealed', { access: 'sealed' }),
      act('results reported'),
      act('contests and risk limits announced'),
    );
    await accept(signed('seed drawn'));
    await tryIt(signed('seed drawn'));
    await tryIt(signed('manifest sealed'));
    await tryIt(act('contests and risk limits announced'));
    await accept(
      act('sample drawn'),
      act('paper interpreted'),
      act('round assessed'),
      signed('certificate signed'),
    );
    await tryIt(act('paper interpreted'));
    await accept(act('seal opened', { about: { entries: [4] } }));

    // 'before-definition' cannot be reached through a keeper, whose records begin with their definition; orderFaults refuses it.
    const nothing = {
      count: 0,
      has: () => false,
      isSealed: () => false,
      kindAt: () => undefined,
      hasJoined: () => false,
    };
    for (const { code } of orderFaults(nothing, { kind: 'incident noted', about: {} }, 'conducted'))
      refused.add(code);
    const all: Record<OrderCode, true> = {
      'before-definition': true,
      'second-definition': true,
      'sealed-input-changed-after-seed': true,
      'announced-before-results': true,
      'announced-after-seed': true,
      'seed-before-seal': true,
      'seed-before-announcement': true,
      'second-seed': true,
      'sample-before-seed': true,
      'paper-before-sample': true,
      'assessed-before-paper': true,
      'hand-count-before-order': true,
      'certified-before-result': true,
      'opened-before-sealed': true,
      'names-no-earlier-entry': true,
      'before-jurisdiction-joined': true,
      'after-certificate': true,
    };
    expect([...refused].toSorted()).toEqual(Object.keys(all).toSorted());
  });
});
