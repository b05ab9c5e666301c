// A whole card comparison of three counties over a server process of its own, as an office starts it: a county seals with a key made in its browser, and again
// with another file and a reason; its board reads cards of every kind on the ballot screen, the network goes and comes back, the first round says go on and the second confirms, the canvass
// board signs. What is published then passes `opencanvass verify` and the offline file.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { URI, type TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  announce,
  begin,
  contest,
  cvrCsv,
  manifestCsv,
  readAll,
  rollDice,
  TestDesk,
  paper as smallPaper,
  type Cast,
  type County,
  type Paper,
  type Person,
} from '../../server/test/testDesk.ts';
import { haveBrowser, launch, openPage, signIn, violations } from './browser.ts';
import { checkedByAnyone } from './checkedByAnyone.ts';
import { sealByPage, type CountyFile } from './sealByPage.ts';

const command = fileURLToPath(new URL('../../cli/bin/opencanvass.js', import.meta.url));

/** Of Bibb's ballots one in five has no vote for either: left blank, overvoted, with another name, or without the contest. */
const paper: Paper = { ...smallPaper, bibb: smallPaper.bibb.map(([a, b]) => [a, b, 24] as const) };

describe.skipIf(!haveBrowser())('a card comparison of two rounds', () => {
  let browser: Browser;
  let server: ChildProcess;
  let folder: string;
  let address: string;
  let t: TestDesk;
  let first: Person;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'card-comparison-'));
    server = spawn(process.execPath, [
      command,
      'serve',
      join(folder, 'desk'),
      '--port',
      '0',
      '--log',
      'test/2026',
    ]);
    const said = await new Promise<string>((resolve, reject) => {
      let text = '';
      server.stdout!.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (/open at \S+/.test(text)) resolve(text);
      });
      let faults = '';
      server.stderr!.on('data', (piece: Buffer) => (faults += piece.toString()));
      server.once('exit', (status) => reject(new Error(`the server ended with ${status}: ${faults}`)));
    });
    const after = (name: RegExp): string => name.exec(said)![1]!;
    address = after(/open at (\S+)/);
    t = await TestDesk.open();
    t.public = { fetch: (path, init) => fetch(address + path, init) };
    // The real clock: whoever signs in by the API takes the digits before the present ones, the browser the present ones.
    Object.defineProperty(t, 'now', { get: () => Date.now() - 30_000, set() {} });
    first = {
      login: after(/^ *login +(\S+)/m),
      password: after(/^ *password +(\S+)/m),
      totp: URI.parse(after(/^ *authenticator +(\S+)/m)) as TOTP,
      id: '',
      client: t.public,
    };
    t.firstAccount = async () => {
      await t.signIn(first);
      const { accounts } = await t.do(first.client, 'accounts', {});
      return (first = Object.assign(first, { id: accounts[0]!.id }));
    };
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await t.close();
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test('from the seal to the certificate, and to whoever checks it', async () => {
    const cast = await begin(t, paper);
    await sealByApi(cast, 'clarke');
    await sealByApi(cast, 'dade');
    await sealInTheBrowser(cast);
    await announce(t, cast, 'card comparison');
    await rollDice(t, cast);

    // Round 1: Bibb's board reads all of its cards at the screen; the others are read by the API.
    const { state, canvass } = cast;
    const params = { contest };
    await t.do(state.client, 'draw', { params, body: { draws: 8 } });
    const others = {
      clarke: await t.board(cast.managers.clarke, 'clarke'),
      dade: await t.board(cast.managers.dade, 'dade'),
    };
    const { client: bibb } = cast.managers.bibb;
    const { code } = await t.do(bibb, 'createBoard', {
      params: { county: 'bibb' },
      body: { name: 'Board 1' },
    });
    const { page, faults } = await openPage(browser, address);
    await beginBoard(page, code);
    const kinds: string[] = [];
    await readCards(page, kinds);
    const bibbByApi = await t.board(cast.managers.bibb, 'bibb');
    await readAll(t, { ...others, bibb: bibbByApi }, paper);
    const one = await t.do(state.client, 'assess', { params });
    expect(one.contest.ending).toBe('go on');
    expect(await violations(page)).toEqual([]);

    // Round 2: one card is not found; the network goes in the middle of it.
    await t.do(state.client, 'draw', { params, body: { draws: 140 } });
    await page.getByRole('link', { name: 'Read the next card' }).waitFor({ timeout: 40_000 });
    await page.evaluate('navigator.serviceWorker.ready');
    await readCards(page, kinds, 4);
    await readCard(page, 'not found', kinds);
    await page.context().setOffline(true);
    await readCards(page, kinds, 5, () => new Set(kinds).size < 7);
    const unsent = Number(await page.locator('[data-unsent]').getAttribute('data-unsent'));
    expect(unsent).toBeGreaterThanOrEqual(5);
    const before = (await t.do(t.public, 'status', {})).entries;
    await page.reload();
    await page.locator(`[data-unsent="${unsent}"]`).waitFor();
    expect((await t.do(t.public, 'status', {})).entries).toBe(before);
    await page.context().setOffline(false);
    await page.locator('[data-unsent="0"]').waitFor();
    expect((await t.do(t.public, 'status', {})).entries).toBe(before + unsent);
    expect([...new Set(kinds)].sort()).toEqual([
      'ann',
      'blank',
      'bob',
      'not found',
      'not on ballot',
      'overvote',
      'write-in',
    ]);
    expect(faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f))).toEqual([]);
    await readAll(t, { ...others, bibb: bibbByApi }, paper);
    const two = await t.do(state.client, 'assess', { params });
    expect(two.contest).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
    expect(two.contest.rounds.map((r) => r.outcome)).toEqual(['go on', 'confirmed']);
    expect(two.contest.rounds[1]!.risk).toBeLessThan(0.05);

    // What differs is told: the card that was not found, and the one without the contest, of which the machine has a record; no vote hangs on that.
    const { discrepancies } = await t.do(t.public, 'discrepancies', { params });
    const differ = new Map(discrepancies.map((d) => [d.paperSays, d.votes]));
    expect([...differ.keys()].sort()).toEqual(['not found', 'not on ballot']);
    expect(differ.get('not on ballot')).toBe(0);
    expect(differ.get('not found')).toBeGreaterThan(0);

    await t.sign(
      canvass,
      await t.do(canvass.client, 'certify', { body: { words: 'We sign what it came to.' } }),
    );
    for (const sealed of await sealedPositions())
      await t.do(state.client, 'openSeal', { params: { position: sealed } });

    const { fails, status, verdict } = await checkedByAnyone(browser, address);
    expect(fails).toEqual([]);
    expect(status).toBe(0);
    expect(verdict).toContain('Ann');
  });

  // ── the counties' files ──

  async function sealByApi({ managers }: Cast, county: County): Promise<void> {
    const { client } = managers[county];
    const params = { county };
    await t.do(client, 'manifest', { params, query: { name: 'm.csv' }, file: manifestCsv(paper, county) });
    await t.do(client, 'cvrs', { params, query: { name: 'c.csv' }, file: cvrCsv(paper, county) });
    await t.sign(managers[county], await t.do(client, 'seal', { params }));
  }

  /** Bibb's second manager has no key yet: it is made in the browser, read out, put on the record, and seals; then seals again what was wrong. */
  async function sealInTheBrowser({ state }: Cast): Promise<void> {
    const body = {
      login: 'bibb-2',
      name: 'Cora Clerk',
      role: 'county manager' as const,
      jurisdiction: 'bibb',
    };
    const made = await t.do(state.client, 'createAccount', { body });
    const { page, faults } = await openPage(browser, address);
    const totp = URI.parse(made.totp) as TOTP;
    await signIn(page, { login: 'bibb-2', password: made.password }, totp.generate());
    await page.goto('/desk/key');
    await page.getByRole('button', { name: 'Make the key without a file' }).click();
    await page.getByText('Read the id out').waitFor();
    const { accounts } = await t.do(state.client, 'accounts', {});
    const { id, keyid } = accounts.find((a) => a.login === 'bibb-2')!;
    await t.do(state.client, 'authoriseKey', { params: { account: id }, body: { keyid: keyid! } });
    const cvrs = (name: string, of: Paper): CountyFile => ({
      title: 'Cast vote records',
      name,
      bytes: cvrCsv(of, 'bibb'),
    });
    const manifest = {
      title: 'Ballot manifest',
      name: 'bibb manifest.csv',
      bytes: manifestCsv(paper, 'bibb'),
    };
    // An export of which nothing but the paper could tell that two votes are in the wrong batches; then the right one, by a correction.
    const wrong = paper.bibb.map(
      ([a, b, none], i) => [a + ([-1, 1][i] ?? 0), b + ([1, -1][i] ?? 0), none] as const,
    );
    await sealByPage(page, [manifest, cvrs('bibb cvrs.csv', { ...paper, bibb: wrong })]);
    const words = await sealByPage(
      page,
      [cvrs('bibb cvrs, second export.csv', paper)],
      'The first export was not the final one.',
    );
    expect(words).toContain('The first export was not the final one.');
    expect(words).toContain('bibb cvrs, second export.csv');
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }

  async function sealedPositions(): Promise<number[]> {
    const found: number[] = [];
    for (let from = 0; ;) {
      const { entries, size } = await t.do(t.public, 'entries', { query: { from } });
      for (const { entry } of entries) {
        const { position, act } = entry as { position: number; act: { body: { access: string } } };
        from = position + 1;
        if (act.body.access === 'sealed') found.push(position);
      }
      if (from >= size) return found;
    }
  }

  // ── the ballot screen ──

  async function beginBoard(page: Page, code: string): Promise<void> {
    await page.goto(`/desk/board#${code}`);
    await page.getByLabel('Name, as the public').first().fill('Ada Alvarez');
    await page.getByLabel('Party').first().fill('Blue');
    await page.getByLabel('Name, as the public').last().fill('Ben Brown');
    await page.getByLabel('Party').last().fill('Red');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('In the order of the retrieval list.').waitFor();
  }

  /** Reads cards as they are on the paper, at most so many, while there are any and there is more to see. */
  async function readCards(
    page: Page,
    kinds: string[],
    most = Infinity,
    more = (): boolean => false,
  ): Promise<void> {
    for (let n = 0; n < most || more(); n++) {
      if (!page.url().includes('/board/read')) {
        const next = page.getByRole('link', { name: 'Read the next card' });
        const done = page.getByText('Everything is read.');
        await next.or(done).waitFor();
        if (await done.isVisible()) return;
        await next.click();
      }
      await page.locator('fieldset.contest').waitFor();
      const unit = new URL(page.url()).searchParams.get('unit')!;
      await readCard(page, onPaper(unit, kinds), kinds);
    }
  }

  /** What stands on this card; of those with no vote for either, each kind in turn. */
  function onPaper(unit: string, kinds: readonly string[]): string {
    const [, , batch, card] = unit.split('/');
    const [a, b] = paper.bibb[Number(batch!.slice(1)) - 1]!;
    if (Number(card) <= a) return 'ann';
    if (Number(card) <= a + b) return 'bob';
    const without = ['blank', 'overvote', 'not on ballot', 'write-in'];
    return without.find((k) => !kinds.includes(k)) ?? 'blank';
  }

  const keys: Readonly<Record<string, string>> = {
    ann: '1',
    bob: '2',
    blank: 'b',
    overvote: 'o',
    'not on ballot': 'n',
    'write-in': 'w',
  };
  async function readCard(page: Page, kind: string, kinds: string[]): Promise<void> {
    await page.locator('fieldset.contest').waitFor();
    const before = page.url();
    if (kind === 'not found') {
      await page.getByRole('button', { name: 'The card cannot be found' }).click();
      await page.getByRole('button', { name: 'Read it back' }).click();
    } else {
      await page.keyboard.press(keys[kind]!);
      if (kind === 'write-in') {
        await page.locator('[data-write-in]').waitFor();
        await page.keyboard.type('Carla Diaz');
      }
      await page.keyboard.press('Enter');
    }
    await page.locator('.read-back').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.waitForURL((url) => url.href !== before);
    kinds.push(kind);
  }
});
