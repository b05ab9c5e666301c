// Attacks on the order of things, through the API and by hand-made requests: each is refused, leaves the record as it was, and is in the chain of
// attempts, whose head is on the record. The access matrix: every route of the contract, asked by every role.
import { call, roles, routes, type Client, type Role, type Route } from '@opencanvass/contract';
import { generateSigningKey, type Keeper } from '@opencanvass/keeper';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { brokenAt, createApp, handlers } from '../src/index.ts';
import {
  announce,
  begin,
  boards,
  contest,
  counties,
  cvrCsv,
  manifestCsv,
  paper,
  readAll,
  resultsCsv,
  rollDice,
  sealAll,
  TestDesk,
  type Cast,
  type County,
} from './testDesk.ts';

let t: TestDesk;
let cast: Cast;
let board: Record<County, Client>;
let drawnUnits: string[];
beforeAll(async () => {
  t = await TestDesk.open(undefined, { json: 1 << 20, file: 1 << 20, large: 2 << 20, perMinute: 100_000 });
  cast = await begin(t);
  await sealAll(t, cast, 'cvrs');
  await announce(t, cast, 'card comparison');
  await rollDice(t, cast);
  const { units } = await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 8 } });
  drawnUnits = units.map((u) => u.id);
  board = await boards(t, cast);
}, 60_000);
afterAll(() => t.close());

const keeper = (): Keeper => t.desk.keeper;
const raw = async (client: Client, method: string, path: string, more: RequestInit = {}) =>
  t.app.request(path, {
    method,
    ...more,
    headers: { cookie: client.cookie ?? '', 'x-csrf-token': client.csrf ?? '', ...(more.headers as object) },
  });
const said = async (response: Response): Promise<string> =>
  `${response.status} ${((await response.json()) as { code: string }).code}`;

/** The attempt is refused with this answer, nothing is appended, and the attempt is the last of the chain. */
async function expectRefused(attempt: () => Promise<string>, answer: string): Promise<void> {
  const before = (await keeper().entries()).length;
  const rows = (await t.attempts(cast.state)).length;
  expect(await attempt()).toBe(answer);
  expect((await keeper().entries()).length).toBe(before);
  const after = await t.attempts(cast.state);
  expect(after.length).toBe(rows + 1);
  expect(after.at(-1)).toMatchObject({ what: 'refused', detail: { code: answer.slice(4) } });
}

describe('attacks on the order of things', () => {
  const file = () => manifestCsv(paper, 'bibb');

  test('1 a manifest is replaced after the seed', () =>
    expectRefused(
      () =>
        t.refused(cast.managers.bibb.client, 'manifest', {
          params: { county: 'bibb' },
          query: { name: 'm.csv' },
          file: file(),
        }),
      '409 sealed-input-changed-after-seed',
    ));
  test('1b a sealed manifest is corrected after the seed', async () => {
    const sealed = (await keeper().entries()).find((e) => e.act.kind === 'manifest sealed')!.position;
    await expectRefused(
      () => t.refused(cast.state.client, 'correct', { body: { entries: [sealed], reason: 'a better one' } }),
      '409 sealed-input-changed-after-seed',
    );
  });
  test('2 a second seed', () =>
    expectRefused(
      () =>
        t.refused(cast.state.client, 'seed', {
          body: { seed: '9'.repeat(20), how: 'again', witnesses: ['x'] },
        }),
      '409 second-seed',
    ));
  test('3 an interpretation of a card that was not drawn', async () => {
    const drawn = new Set((await t.do(t.public, 'sample', { params: { contest } })).units.map((u) => u.id));
    const unit = Array.from({ length: 60 }, (_, i) => `bibb/T1/B1/${i + 1}`).find((u) => !drawn.has(u))!;
    const body = {
      unit,
      contests: [{ contest, reading: { kind: 'blank' as const } }],
      confirmedByBoth: true as const,
    };
    await expectRefused(() => t.refused(board.bibb, 'readCard', { body }), '409 not-drawn');
  });
  test('4 an interpretation of another county’s card, and an upload for another county', async () => {
    const { units } = await t.do(t.public, 'sample', { params: { contest } });
    const unit = units.find((u) => u.jurisdiction !== 'bibb')!.id;
    const body = {
      unit,
      contests: [{ contest, reading: { kind: 'blank' as const } }],
      confirmedByBoth: true as const,
    };
    await expectRefused(() => t.refused(board.bibb, 'readCard', { body }), '403 another-county');
    await expectRefused(
      () =>
        t.refused(cast.managers.bibb.client, 'manifest', {
          params: { county: 'clarke' },
          query: { name: 'm.csv' },
          file: file(),
        }),
      '403 another-county',
    );
  });
  test('5 a board reads the cast vote records', () =>
    expectRefused(
      () => t.refused(board.bibb, 'readCvrs', { params: { county: 'bibb' } }),
      '403 role-not-allowed',
    ));
  test('6 a county opens a seal; and the state before the audits have ended', async () => {
    const sealed = (await keeper().entries()).find((e) => e.act.body.access === 'sealed')!.position;
    await expectRefused(
      () => t.refused(cast.managers.bibb.client, 'openSeal', { params: { position: sealed } }),
      '403 role-not-allowed',
    );
    await expectRefused(
      () => t.refused(cast.state.client, 'openSeal', { params: { position: sealed } }),
      '409 audit-not-ended',
    );
    const { entries } = await t.do(t.public, 'entries', { query: {} });
    expect(entries[sealed]!.body).toBeUndefined();
    const alone = await t.do(t.public, 'entries', { query: { kinds: 'CVRs sealed,seed drawn' } });
    expect(alone.entries.map((e) => 'body' in e)).toEqual([false, false, false, true]);
  });
  test('7 an act that binds, unsigned; signed with another key; signed by somebody else', async () => {
    const drawn = (await keeper().entries()).find((e) => e.act.kind === 'sample drawn')!.position;
    const body = { entries: [drawn], reason: 'a slip of the pen' };
    const prepared = await t.do(cast.state.client, 'correct', { body });
    const params = { prepared: prepared.prepared };
    await expectRefused(
      () => t.refused(cast.state.client, 'sign', { params, body: { keyid: '0'.repeat(64), sigs: ['AAAA'] } }),
      '409 another-key',
    );
    const stranger = t.signaturesFor(generateSigningKey(), prepared);
    const { keyid } = t.signaturesFor(cast.state.key!, prepared);
    await expectRefused(
      () => t.refused(cast.state.client, 'sign', { params, body: { keyid, sigs: stranger.sigs } }),
      '409 bad-signature',
    );
    await expectRefused(
      () =>
        t.refused(cast.managers.bibb.client, 'sign', {
          params,
          body: t.signaturesFor(cast.managers.bibb.key!, prepared),
        }),
      '409 nothing-prepared',
    );
    expect(
      await said(
        await raw(cast.state.client, 'POST', `/api/prepared/${prepared.prepared}`, {
          headers: { 'content-type': 'application/json' },
          body: '{"keyid":"","sigs":[]}',
        }),
      ),
    ).toBe('422 wrong-shape');
    expect((await t.sign(cast.state, prepared)).length).toBe(1);
    await expectRefused(
      () =>
        t.refused(cast.state.client, 'sign', { params, body: t.signaturesFor(cast.state.key!, prepared) }),
      '409 nothing-prepared',
    );
  });
  test('8 a body over the bounds, with a length or without', async () => {
    const headers = { 'content-type': 'application/json' };
    const big = JSON.stringify({ words: 'x'.repeat(2 << 20) });
    await expectRefused(
      async () => said(await raw(cast.observer.client, 'POST', '/api/challenges', { headers, body: big })),
      '413 body-too-big',
    );
    const stream = new ReadableStream({
      pull: (c) => c.enqueue(new Uint8Array(1 << 18)),
    });
    await expectRefused(
      async () =>
        said(
          await raw(cast.observer.client, 'POST', '/api/challenges', {
            headers,
            body: stream,
            duplex: 'half',
          }),
        ),
      '413 body-too-big',
    );
  });
  test('8b cast vote records over the bounds, and an upload that breaks off', async () => {
    const send = (pull: (c: ReadableStreamDefaultController<Uint8Array>) => void) =>
      raw(cast.managers.bibb.client, 'PUT', '/api/counties/bibb/cvrs?name=x.csv', {
        headers: { 'content-type': 'application/octet-stream' },
        body: new ReadableStream({ pull }),
        duplex: 'half',
      });
    let given = 0;
    const endless = (c: ReadableStreamDefaultController<Uint8Array>): void => {
      given += 1 << 18;
      c.enqueue(new Uint8Array(1 << 18));
    };
    await expectRefused(async () => said(await send(endless)), '413 body-too-big');
    expect(given).toBeLessThan(8 << 20); // nobody read on
    const broken = async (): Promise<Response> => send((c) => c.error(new Error('the network dropped')));
    await expectRefused(async () => said(await broken()), '400 body-cut-off');
    // What was uploaded and sealed is still what there is.
    const { base64 } = await t.do(cast.managers.bibb.client, 'readCvrs', { params: { county: 'bibb' } });
    expect(Buffer.from(base64, 'base64').equals(cvrCsv(paper, 'bibb'))).toBe(true);
  });
  test('9 a forged token, and another site’s page', async () => {
    const input = { body: { words: 'I object' } };
    await expectRefused(
      () => t.refused({ ...cast.observer.client, csrf: 'forged' }, 'challenge', input),
      '403 csrf-token-differs',
    );
    const { csrf: _, ...without } = cast.observer.client;
    await expectRefused(() => t.refused(without, 'challenge', input), '403 csrf-token-differs');
    await expectRefused(
      async () =>
        said(
          await raw(cast.observer.client, 'POST', '/api/challenges', {
            headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
            body: '{"words":"x"}',
          }),
        ),
      '403 another-origin',
    );
    await t.do(cast.observer.client, 'challenge', input);
  });
  test('10 a route by another verb, and a route that is not there', async () => {
    await expectRefused(
      async () => said(await raw(cast.state.client, 'DELETE', '/api/seed')),
      '405 method-not-allowed',
    );
    await expectRefused(
      async () => said(await raw(cast.state.client, 'GET', '/api/seed')),
      '405 method-not-allowed',
    );
    await expectRefused(async () => said(await raw(cast.state.client, 'POST', '/api/undo')), '404 not-found');
  });
  describe('on readings, seals and counts', () => {
    let position: number;
    let unit: string;
    const reading = { kind: 'blank' as const };
    const again = {
      why: 'misread' as const,
      words: 'on a second look',
      contests: [{ contest, reading }],
      confirmedByBoth: true as const,
    };
    const people: [{ name: string; party: string }, { name: string; party: string }] = [
      { name: 'Cy', party: 'Blue' },
      { name: 'Di', party: 'Red' },
    ];
    const json = { 'content-type': 'application/json' };
    const read = (client: Client, of: object, to: number) =>
      t.refused(client, 'reRead', { params: { position: to }, body: { ...again, ...of } });
    beforeAll(async () => {
      const county = counties.find((c) => drawnIn(c).length > 0)!;
      function drawnIn(c: County): string[] {
        return drawnUnits.filter((u) => u.startsWith(`${c}/`));
      }
      unit = drawnIn(county)[0]!;
      const body = { unit, contests: [{ contest, reading }], confirmedByBoth: true as const };
      position = (await t.do(board[county], 'readCard', { body })).positions[0]!;
    });
    const mine = (): County => unit.slice(0, unit.indexOf('/')) as County;
    const theirs = (): County => counties.find((c) => c !== mine())!;

    test('13 a seal in the place of a seal, after the seed; records uploaded after it, by a board, by another county', async () => {
      const params = { county: 'bibb' };
      const query = { name: 'cvr.csv' };
      const cvrs = cvrCsv(paper, 'bibb');
      await expectRefused(
        () => t.refused(cast.managers.bibb.client, 'sealAgain', { params, body: { reason: 'better ones' } }),
        '409 sealed-input-changed-after-seed',
      );
      await expectRefused(
        () => t.refused(cast.managers.bibb.client, 'cvrs', { params, query, file: cvrs }),
        '409 sealed-input-changed-after-seed',
      );
      await expectRefused(
        () => t.refused(board.bibb, 'cvrs', { params, query, file: cvrs }),
        '403 role-not-allowed',
      );
      await expectRefused(
        () => t.refused(cast.managers.clarke.client, 'sealAgain', { params, body: { reason: 'theirs' } }),
        '403 another-county',
      );
    });
    test('14 a reading is put right by another county, by nobody’s board, with one party, under a used name', async () => {
      await expectRefused(() => read(board[theirs()], {}, position), '403 another-county');
      await expectRefused(
        () => read(cast.managers[theirs()].client, { by: people }, position),
        '403 another-county',
      );
      await expectRefused(() => read(cast.managers[mine()].client, {}, position), '409 two-people');
      const oneParty = [people[0], { name: 'Di', party: ' blue' }];
      await expectRefused(() => read(board[mine()], { by: oneParty }, position), '409 one-party');
      await expectRefused(() => read(cast.observer.client, {}, position), '403 role-not-allowed');
      const entry = 'a'.repeat(32);
      await t.do(board[mine()], 'reRead', { params: { position }, body: { ...again, entry } });
      await expectRefused(
        () => read(board[mine()], { entry, words: 'another reason' }, position),
        '409 entry-differs',
      );
      await expectRefused(() => read(board[theirs()], { entry }, position), '409 entry-differs');
    });
    test('15 what is no reading is put right as one; a card as a batch, votes as a ranking', async () => {
      await expectRefused(() => read(board[mine()], {}, 0), '409 no-reading');
      await expectRefused(
        () => read(board[mine()], { contests: undefined, batch: { votes: [1, 1] } }, position),
        '409 another-kind-of-reading',
      );
      const ranking = { kind: 'ranking' as const, ranks: [['ann']] };
      await expectRefused(
        () => read(board[mine()], { contests: [{ contest, reading: ranking }] }, position),
        '409 another-kind-of-reading',
      );
      await expectRefused(
        () => read(board[mine()], { contests: [{ contest: 'sheriff', reading }] }, position),
        '409 no-reading',
      );
    });
    test('16 a witnessed correction before anything was assessed; without witnesses; by a county', async () => {
      const path = `/api/readings/${position}/witnessed-correction`;
      const body = { ...again, by: people, witnesses: ['Ona'] };
      await expectRefused(
        () => t.refused(cast.state.client, 'reReadAfterAssessment', { params: { position }, body }),
        '409 not-assessed-yet',
      );
      const without = JSON.stringify({ ...body, witnesses: [] });
      await expectRefused(
        async () => said(await raw(cast.state.client, 'POST', path, { headers: json, body: without })),
        '422 wrong-shape',
      );
      await expectRefused(
        async () =>
          said(
            await raw(cast.managers[mine()].client, 'POST', path, {
              headers: json,
              body: JSON.stringify(body),
            }),
          ),
        '403 role-not-allowed',
      );
    });
    test('17 a board asks what the machine said, or what others read; differences before the assessment', async () => {
      const params = { contest };
      await expectRefused(
        () => t.refused(board[mine()], 'discrepancies', { params }),
        '403 role-not-allowed',
      );
      await expectRefused(
        () => t.refused(board[mine()], 'readings', { params, query: {} }),
        '403 role-not-allowed',
      );
      expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
      const { client } = cast.managers[mine()];
      const county = { county: mine() };
      await expectRefused(
        () => t.refused(client, 'investigate', { params: county, body: { contest, unit, words: 'x' } }),
        '409 round-not-assessed',
      );
      const why = { contest, entries: [position], reason: 'not known' as const, words: 'x' };
      await expectRefused(
        () => t.refused(client, 'explain', { params: county, body: why }),
        '409 round-not-assessed',
      );
    });
    test('18 a hand count that nobody ordered; a lot where nothing ties, and by another than the canvass board', async () => {
      const count = { votes: [1, 1], blank: 0, overvote: 0 };
      const batch = unit.slice(0, unit.lastIndexOf('/'));
      await expectRefused(
        () =>
          t.refused(board[mine()], 'countBatch', {
            body: { contest, unit: batch, count, confirmedByBoth: true },
          }),
        '409 hand-count-before-order',
      );
      const params = { county: mine(), contest };
      await expectRefused(
        () => t.refused(cast.managers[mine()].client, 'reportHandCount', { params }),
        '409 hand-count-does-not-fit-manifest',
      );
      const lot = { winners: ['bob'], how: 'a coin', statute: 'none', witnesses: ['Ona', 'Pat'] };
      await expectRefused(
        () => t.refused(cast.canvass.client, 'drawLot', { params: { contest }, body: lot }),
        '409 no-tie',
      );
      await expectRefused(
        () => t.refused(cast.state.client, 'drawLot', { params: { contest }, body: lot }),
        '403 role-not-allowed',
      );
      await expectRefused(
        async () =>
          said(
            await raw(cast.canvass.client, 'POST', `/api/contests/${contest}/lot`, {
              headers: json,
              body: JSON.stringify({ ...lot, witnesses: ['Ona'] }),
            }),
          ),
        '422 wrong-shape',
      );
    });
    test('19 a card that nobody has is read; a second set-up', async () => {
      const body = { unit: '/phantom/1', contests: [{ contest, reading }], confirmedByBoth: true as const };
      await expectRefused(() => t.refused(board[mine()], 'readCard', { body }), '409 not-drawn');
      const query = { name: 'r.csv', election: 'Another', date: '2026-11-03' };
      await expectRefused(
        () => t.refused(cast.state.client, 'setUp', { query, file: resultsCsv(paper) }),
        '409 second-definition',
      );
    });
  });

  test('11 an old session: ended, left idle, of a disabled account', async () => {
    const guest = await t.account(cast.state, 'guest', 'observer');
    const input = { body: { words: 'late' } };
    const other = guest.client;
    await t.signIn(guest);
    await t.do(guest.client, 'signOut', {});
    await expectRefused(() => t.refused(guest.client, 'challenge', input), '401 session-over');
    await t.do(cast.state.client, 'disableAccount', { params: { account: guest.id } });
    await expectRefused(() => t.refused(other, 'challenge', input), '401 session-over');
    t.now += 31 * 60_000;
    const idle = cast.observer.client;
    await t.signIn(cast.state);
    await expectRefused(() => t.refused(idle, 'challenge', input), '401 session-over');
    for (const p of [cast.observer, cast.canvass, ...Object.values(cast.managers)]) await t.signIn(p);
    board = await boards(t, cast);
  });
  test('12 an edit after sign-off; reading a card twice; assessing and announcing again', async () => {
    await readAll(t, board);
    const { units } = await t.do(board.bibb, 'work', {});
    const [unit] = units;
    const reading = {
      unit: unit!.id,
      contests: [{ contest, reading: { kind: 'blank' as const } }],
      confirmedByBoth: true as const,
    };
    await expectRefused(() => t.refused(board.bibb, 'readCard', { body: reading }), '409 read-already');
    await t.do(cast.state.client, 'assess', { params: { contest } });
    const position = unit!.contests[0]!.position!;
    const again = {
      why: 'misread' as const,
      words: 'now that the machine’s answer is known',
      contests: reading.contests,
      confirmedByBoth: true as const,
    };
    await expectRefused(
      () => t.refused(board.bibb, 'reRead', { params: { position }, body: again }),
      '409 read-again-after-assessment',
    );
    await t.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 60 } });
    await readAll(t, board);
    await t.do(cast.state.client, 'assess', { params: { contest } });
    await t.sign(cast.canvass, await t.do(cast.canvass.client, 'certify', { body: { words: 'so it is' } }));
    await expectRefused(() => t.refused(board.bibb, 'readCard', { body: reading }), '409 after-certificate');
    await expectRefused(
      () => t.refused(board.bibb, 'reRead', { params: { position }, body: again }),
      '409 after-certificate',
    );
    const witnessed = {
      ...again,
      by: [
        { name: 'Cy', party: 'Blue' },
        { name: 'Di', party: 'Red' },
      ] as [{ name: string; party: string }, { name: string; party: string }],
      witnesses: ['Ona'],
    };
    await expectRefused(
      () => t.refused(cast.state.client, 'reReadAfterAssessment', { params: { position }, body: witnessed }),
      '409 after-certificate',
    );
    await expectRefused(
      () => t.refused(cast.state.client, 'assess', { params: { contest } }),
      '409 after-certificate',
    );
    await expectRefused(
      () =>
        t.refused(cast.state.client, 'announce', {
          body: { contests: [{ contest, method: 'card comparison', riskLimit: '0.1' }] },
        }),
      '409 announced-after-seed',
    );
    await expectRefused(
      () => t.refused(cast.state.client, 'orderHandCount', { params: { contest }, body: { why: 'x' } }),
      '409 after-certificate',
    );
  });

  test('the chain of attempts holds, its head is on the record, and a changed row breaks it', async () => {
    const rows = (await t.attempts(cast.state)).map((r) => ({ ...r, detail: JSON.stringify(r.detail) }));
    expect(brokenAt(rows)).toBeUndefined();
    expect(brokenAt(rows.map((r) => (r.row === 3 ? { ...r, detail: '{}' } : r)))).toBe(3);
    expect(brokenAt(rows.filter((r) => r.row !== 5))).toBe(5);
    const { entries } = await t.do(t.public, 'entries', { query: {} });
    const heads = entries.flatMap((e) => {
      const { attempts } = (e.body ?? {}) as { attempts?: { rows: number; hash: string } };
      return attempts === undefined ? [] : [attempts];
    });
    expect(heads.length).toBe(4); // seed, two assessments, certificate
    for (const { rows: n, hash } of heads) expect(rows[n - 1]?.hash).toBe(hash);
  });
});

describe('signing in', () => {
  const login = (person: { login: string; password: string }, code: string) => ({
    body: { login: person.login, password: person.password, code },
  });

  test('takes password and digits, and no digits twice', async () => {
    const p = cast.observer;
    t.now += 30_000;
    const code = p.totp.generate({ timestamp: t.now });
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await t.refused(t.public, 'signIn', login(p, wrong))).toBe('401 sign-in-failed');
    expect(await t.refused(t.public, 'signIn', login({ ...p, password: 'guess' }, code))).toBe(
      '401 sign-in-failed',
    );
    expect(await t.refused(t.public, 'signIn', login({ ...p, login: 'nobody' }, code))).toBe(
      '401 sign-in-failed',
    );
    expect(await t.refused(t.public, 'signIn', login(p, code))).toBe('done');
    expect(await t.refused(t.public, 'signIn', login(p, code))).toBe('401 sign-in-failed');
  });
  test('after ten failures not even the right digits are heard, until a quarter of an hour is over', async () => {
    t.now += 16 * 60_000;
    const p = cast.canvass;
    for (let i = 0; i < 10; i++)
      await t.refused(t.public, 'signIn', login({ ...p, password: `guess ${i}` }, '123456'));
    const code = () => p.totp.generate({ timestamp: t.now });
    expect(await t.refused(t.public, 'signIn', login(p, code()))).toBe('429 too-many-failures');
    t.now += 16 * 60_000;
    expect(await t.refused(t.public, 'signIn', login(p, code()))).toBe('done');
  });
  test('a board is two people of two parties', async () => {
    await t.signIn(cast.managers.bibb);
    const { code } = await t.do(cast.managers.bibb.client, 'createBoard', {
      params: { county: 'bibb' },
      body: { name: 'B' },
    });
    const as = (a: string, b: string, p: string, q: string, c = code) =>
      t.refused(t.public, 'boardSignIn', {
        body: {
          code: c,
          members: [
            { name: a, party: p },
            { name: b, party: q },
          ],
        },
      });
    expect(await as('Ada', 'Ben', 'Red', 'red')).toBe('422 one-party');
    expect(await as('Ada', 'ada', 'Red', 'Blue')).toBe('422 one-person');
    expect(await as('Ada', 'Ben', 'Red', 'Blue', 'wrong')).toBe('401 sign-in-failed');
    expect(await as('Ada', 'Ben', 'Red', 'Blue', code.toUpperCase().replaceAll('-', ' '))).toBe('done');
  });
  test('neither passwords nor tokens lie in the database', async () => {
    const all = JSON.stringify([
      await t.desk.db.selectFrom('accounts').selectAll().execute(),
      await t.desk.db.selectFrom('sessions').selectAll().execute(),
      await t.desk.db.selectFrom('attempts').selectAll().execute(),
    ]);
    for (const p of [cast.state, cast.canvass]) {
      expect(all).not.toContain(p.password);
      expect(all).not.toContain(p.client.cookie!.split('=')[1]!);
    }
  });
  test('every answer carries the headers, the cookie its attributes', async () => {
    const answer = await t.app.request('/api/status');
    for (const name of [
      'content-security-policy',
      'strict-transport-security',
      'x-content-type-options',
      'referrer-policy',
    ])
      expect(answer.headers.get(name), name).not.toBeNull();
    t.now += 30_000;
    const p = cast.observer;
    const signedIn = await call(t.public, routes.signIn, login(p, p.totp.generate({ timestamp: t.now })));
    expect(signedIn.headers.get('set-cookie')).toMatch(
      /^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });
  test('a flood is cut off', async () => {
    const small = createApp(t.desk, routes, handlers, { json: 1000, file: 1000, perMinute: 5 });
    const answers = await Promise.all(Array.from({ length: 8 }, async () => small.request('/api/status')));
    expect(answers.filter((a) => a.status === 429)).toHaveLength(3);
  });
});

describe('access', () => {
  test(
    'every route, asked by every role: only those it names get past the door',
    { timeout: 60_000 },
    async () => {
      t.now += 60_000;
      const clients: Record<Role, Client> = {
        'state administrator': await t.signIn(cast.state),
        'county manager': await t.signIn(cast.managers.bibb),
        'audit board': await t.board(cast.managers.bibb, 'bibb'),
        'canvass board': await t.signIn(cast.canvass),
        observer: await t.signIn(cast.observer),
        public: t.public,
      };
      const seen: string[] = [];
      for (const [name, route] of Object.entries(routes as Readonly<Record<string, Route>>))
        for (const role of roles) {
          if (name === 'signOut') continue; // it would end the session of those after it; tried above
          const path = route.path
            .replace('{county}', 'bibb')
            .replace('{contest}', contest)
            .replace(/\{\w+\}/, '99999');
          const answer = await raw(clients[role], route.method, path);
          const { code } = (await answer.json()) as { code?: string };
          const stopped = code === 'role-not-allowed' || code === 'not-signed-in';
          if (stopped === route.roles.includes(role)) seen.push(`${role} ${name}: ${answer.status} ${code}`);
        }
      expect(seen).toEqual([]);
    },
  );
  test('a route without a role, or with no handler, keeps the server from starting', () => {
    const route = { method: 'GET', path: '/api/x', summary: '', roles: [], response: z.object({}) } as const;
    const handler = { x: async () => ({}) };
    expect(() => createApp(t.desk, { x: route }, handler)).toThrow(/names no role/);
    expect(() => createApp(t.desk, { x: { ...route, roles: ['king' as never] } }, handler)).toThrow(
      /unknown role/,
    );
    expect(() => createApp(t.desk, { x: { ...route, roles: ['public'] } }, {} as never)).toThrow(
      /no handler/,
    );
    expect(() => createApp(t.desk, { x: { ...route, roles: ['public'] } }, handler)).not.toThrow();
  });
  test('the API describes itself', async () => {
    const document = (await (await t.app.request('/openapi.json')).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/api/seed');
  });
});
