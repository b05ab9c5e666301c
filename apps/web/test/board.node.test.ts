// The boards' ballot screen in a real browser over a real server: by keyboard alone, each kind of reading, with the network gone, the page loaded again, the
// session over, and an entry that the desk does not take.
import { routes } from '@opencanvass/contract';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contest } from '../../server/test/testDesk.ts';
import { haveBrowser, launch, openPage, slow, keyboardFaults, violations, type Opened } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

interface Read {
  readonly position: number;
  readonly done?: string;
  readonly body: {
    readonly unit: string;
    readonly entry: string;
    readonly by: readonly { readonly name: string }[];
    readonly contests: readonly { readonly reading: { readonly kind: string } }[];
  };
}

const askedByABoard = [
  '/api/board-session',
  '/api/board/hand-count',
  '/api/board/work',
  '/api/session',
  '/api/status',
];
const saidOfAContest = [
  'choices',
  'contest',
  'differed',
  'done',
  'doubleEntry',
  'entries',
  'name',
  'position', // of the board's own reading
  'told', // what a board read
  'voteFor',
];

describe.skipIf(!haveBrowser())('the ballot screen', () => {
  let browser: Browser;
  let desk: OpenDesk;
  beforeAll(async () => {
    desk = await openTestDesk('seed drawn', 'card comparison');
    const { t, state } = desk;
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: 60 } });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });

  const newCode = async (name: string): Promise<string> =>
    (
      await desk.t.do((await signedIn()).client, 'createBoard', {
        params: { county: 'bibb' },
        body: { name },
      })
    ).code;

  /** What stands on the record of what boards read, from a position on. */
  async function readings(from = 0): Promise<Read[]> {
    const found: Read[] = [];
    for (let at = from; ;) {
      const { entries, size } = await desk.t.do(desk.t.public, 'entries', { query: { from: at } });
      for (const { entry, body } of entries) {
        const { position, act } = entry as { position: number; act: { kind: string; done?: string } };
        at = position + 1;
        if (act.kind === 'paper interpreted')
          found.push({
            position,
            ...(act.done === undefined ? {} : { done: act.done }),
            body: body as Read['body'],
          });
      }
      if (at >= size) return found;
    }
  }

  /** Opens the board's page as its QR does, and begins by keyboard. */
  async function begin(code: string, options: Parameters<typeof openPage>[2] = {}): Promise<Opened> {
    const opened = await openPage(browser, desk.address, options);
    const { page } = opened;
    await page.goto(`/desk/board#${code}`);
    await page.getByRole('heading', { name: 'An audit board begins its work' }).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await page.getByLabel('Code of the board').focus();
    for (const word of ['Ada Alvarez', 'Blue', 'Ben Brown', 'Red']) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(word);
    }
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Read the next card' }).waitFor();
    return opened;
  }
  const shownCard = (page: Page): Promise<string | null> => page.locator('h1').textContent();
  /** The two confirm what is read back, and the next card comes. */
  async function confirm(page: Page): Promise<void> {
    const before = page.url();
    await page.keyboard.press('Enter');
    await page.locator('.read-back').waitFor();
    await page.keyboard.press('2'); // the second cannot confirm before the first
    await page.keyboard.press('1');
    await page
      .getByRole('button', { name: 'Ben Brown: the paper says the same' })
      .and(page.locator(':enabled'))
      .waitFor();
    await page.keyboard.press('2');
    await page.waitForURL((url) => url.href !== before);
  }
  const unsent = (page: Page, n: number): Promise<void> => page.locator(`[data-unsent="${n}"]`).waitFor();

  test('by keyboard alone: each kind of reading, as it is told is as it stands on the record', async () => {
    const { page, faults } = await begin(await newCode('Keyboard'));
    expect(await violations(page)).toEqual([]);
    expect(await keyboardFaults(page)).toEqual([]);
    const from = (await desk.t.do(desk.t.public, 'status', {})).entries;
    await page.getByRole('link', { name: 'Read the next card' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('fieldset.contest').waitFor();
    expect(await violations(page)).toEqual([]);
    const [, ...named] = new URL(page.url()).searchParams.get('unit')!.split('/');
    expect(await page.locator('.imprinted strong').textContent()).toBe(named.join('-'));

    const expected: unknown[] = [];
    const card = async (reading: unknown, ...keys: string[]) => {
      await page.locator('fieldset.contest').waitFor();
      for (const key of keys)
        await (key.length > 1 && key.includes(' ') ? page.keyboard.type(key) : page.keyboard.press(key));
      await confirm(page);
      expected.push(reading);
    };
    await card({ kind: 'votes', choices: ['ann'] }, '1');
    await card({ kind: 'votes', choices: ['bob'] }, 'ArrowDown', 'Space');
    await card({ kind: 'blank' }, '1', 'b'); // changed before anybody confirmed
    await card({ kind: 'overvote' }, 'o');
    await card({ kind: 'not on ballot' }, 'n');
    await page.keyboard.press('w');
    await page.locator('[data-write-in]').waitFor();
    await card({ kind: 'votes', choices: [], writeIns: ['Carla Diaz'] }, 'Carla Diaz');
    await page.locator('fieldset.contest').waitFor();
    await page.getByRole('button', { name: 'The card cannot be found' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Read it back' }).focus();
    await confirm(page);
    expected.push({ kind: 'not found' });

    await unsent(page, 0);
    const told = await readings(from);
    expect(told.map((r) => r.body.contests[0]!.reading)).toEqual(expected);
    expect(new Set(told.map((r) => r.body.unit)).size).toBe(expected.length);
    expect(told[0]!.body.by.map((m) => m.name)).toEqual(['Ada Alvarez', 'Ben Brown']);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('nothing that it is sent of its work says what a machine read', async () => {
    const { page } = await openPage(browser, desk.address);
    const works: { units: Record<string, unknown>[] }[] = [];
    page.on('response', (r) => {
      if (r.url().endsWith(routes.work.path) && r.ok())
        void r.json().then(
          (work) => works.push(work),
          () => undefined,
        );
    });
    const asked: string[] = [];
    page.on('request', (r) => asked.push(new URL(r.url()).pathname));
    await page.goto(`/desk/board#${await newCode('Ears')}`);
    await page.getByLabel('Name, as the public').first().fill('Ada');
    await page.getByLabel('Party').first().fill('Blue');
    await page.getByLabel('Name, as the public').last().fill('Ben');
    await page.getByLabel('Party').last().fill('Red');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    expect([...new Set(asked.filter((path) => path.startsWith('/api/')))].sort()).toEqual(askedByABoard);
    const names = new Set(works.flatMap(({ units }) => units.flatMap((u) => Object.keys(u))));
    expect([...names].sort()).toEqual([
      'batch',
      'card',
      'contests',
      'draws',
      'id',
      'imprinted',
      'jurisdiction',
      'round',
      'size',
      'tabulator',
    ]);
    const ofContests = works.flatMap(({ units }) =>
      units.flatMap((u) => (u['contests'] as object[]).flatMap((c) => Object.keys(c))),
    );
    expect([...new Set(ofContests)].sort()).toEqual(saidOfAContest);
    await page.context().close();
  });

  test('with the network gone it goes on, is loaded again, and sends everything once, in order', async () => {
    const { page } = await begin(await newCode('Offline'));
    const from = (await desk.t.do(desk.t.public, 'status', {})).entries;
    await page.evaluate('navigator.serviceWorker.ready');
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    await page.context().setOffline(true);
    await page.keyboard.press('1');
    await confirm(page);
    await unsent(page, 1);
    await page.keyboard.press('2');
    await confirm(page);
    await unsent(page, 2);
    expect(await page.locator('.outbox').textContent()).toContain(
      '2 entries wait on this device for the network',
    );
    // A tablet that is switched off and on, still without a network.
    await page.reload();
    await page.locator('fieldset.contest').waitFor();
    await unsent(page, 2);
    const third = await shownCard(page);
    await page.keyboard.press('b');
    await confirm(page);
    await unsent(page, 3);
    expect(await violations(page)).toEqual([]);
    expect(await shownCard(page)).not.toBe(third);
    expect(await readings(from)).toEqual([]);
    await page.context().setOffline(false);
    await unsent(page, 0);
    const told = await readings(from);
    expect(told.map((r) => r.body.contests[0]!.reading.kind)).toEqual(['votes', 'votes', 'blank']);
    expect(new Set(told.map((r) => r.body.entry)).size).toBe(3);
    const times = told.map((r) => Date.parse(r.done!));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await page.context().close();
  });

  test('who comes to it through the browser’s history goes on without the network as well', async () => {
    const { page } = await begin(await newCode('Back again'));
    const from = (await desk.t.do(desk.t.public, 'status', {})).entries;
    await page.getByRole('link', { name: 'OpenCanvass' }).click();
    await page.waitForURL(/\/desk\/?$/);
    await page.reload(); // the document is now one of another page of the desk
    await page.goBack();
    await page.getByRole('link', { name: 'Read the next card' }).waitFor();
    const held = () => page.evaluate('navigator.serviceWorker.controller !== null');
    await expect.poll(held, { timeout: slow }).toBe(true);
    await page.context().setOffline(true);
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    await page.keyboard.press('1');
    await confirm(page);
    await unsent(page, 1);
    await page.reload();
    await page.locator('fieldset.contest').waitFor();
    await page.keyboard.press('b');
    await confirm(page);
    await unsent(page, 2);
    await page.context().setOffline(false);
    await unsent(page, 0);
    expect((await readings(from)).map((r) => r.body.contests[0]!.reading.kind)).toEqual(['votes', 'blank']);
    await page.context().close();
  });

  test('an answer that is lost on its way back: the entry is sent again and stands once', async () => {
    const { page } = await begin(await newCode('Lost answers'));
    const from = (await desk.t.do(desk.t.public, 'status', {})).entries;
    let lost = 0;
    await page.route('**/api/board/cards', async (route) => {
      await route.fetch(); // the desk takes it, and the line goes dead before it can say so
      lost += 1;
      if (lost <= 2) return route.abort('connectionreset');
      return route.continue();
    });
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    await page.keyboard.press('1');
    await confirm(page);
    await unsent(page, 1);
    await unsent(page, 0);
    expect(lost).toBe(3);
    expect(await readings(from)).toHaveLength(1);
    // Nor does the desk take the second for another reading of the same card, and refuse it.
    await page.goto('/desk/board');
    await page.getByText('Everything you confirmed is with the desk.').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.context().close();
  });

  test('a session that comes back while an entry is on its way without it: the entry is sent again', async () => {
    const { page } = await begin(await newCode('Late token'));
    const from = (await desk.t.do(desk.t.public, 'status', {})).entries;
    let tries = 0;
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/board/cards', async (route) => {
      tries += 1;
      if (tries > 1) return route.continue();
      await held;
      return route.fulfill({ status: 403, json: { code: 'csrf-token-differs' } });
    });
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    await page.keyboard.press('1');
    await confirm(page);
    await expect.poll(() => tries, { timeout: slow }).toBe(1);
    await page.evaluate("dispatchEvent(new Event('online'))"); // what the page does once it has its session
    answer();
    await unsent(page, 0);
    expect(tries).toBe(2);
    expect(await readings(from)).toHaveLength(1);
    await page.context().close();
  });

  test('a session that is over asks for the code beside the work, and keeps what waits', async () => {
    const code = await newCode('Long day');
    const { page } = await begin(code);
    const from = (await desk.t.do(desk.t.public, 'status', {})).entries;
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    desk.t.now += 13 * 3_600_000;
    await page.keyboard.press('2');
    await confirm(page);
    await page.getByRole('heading', { name: 'Please enter the board’s code again' }).waitFor();
    await unsent(page, 1);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Code of the board').fill(code.toUpperCase());
    await page.keyboard.press('Enter');
    await unsent(page, 0);
    await page
      .getByRole('heading', { name: 'Please enter the board’s code again' })
      .waitFor({ state: 'detached' });
    const [told, ...more] = await readings(from);
    expect(more).toEqual([]);
    expect(told!.body.contests[0]!.reading).toEqual({ kind: 'votes', choices: ['bob'] });
    await page.context().close();
  });

  test('what the desk does not take is shown with its reason, and taken off by hand only', async () => {
    const { page } = await begin(await newCode('Too late'), { viewport: { width: 390, height: 844 } });
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
    const unit = new URL(page.url()).searchParams.get('unit')!;
    await page.context().setOffline(true);
    await page.getByText('Ann', { exact: true }).click();
    await page.getByRole('button', { name: 'Read it back' }).click();
    await page.getByRole('button', { name: 'Ada Alvarez: I have read it aloud' }).click();
    await page.getByRole('button', { name: 'Ben Brown: the paper says the same' }).click();
    await unsent(page, 1);
    // Meanwhile another board of the county reads the same card.
    const other = await desk.t.board(await signedIn(), 'bibb');
    await desk.t.do(other, 'readCard', {
      body: { unit, contests: [{ contest, reading: { kind: 'blank' } }], confirmedByBoth: true },
    });
    await page.context().setOffline(false);
    await unsent(page, 0);
    await page.goto('/desk/board');
    const alert = page.getByRole('alert');
    await alert.getByText('is read already').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Español' }).click();
    await page.getByRole('heading', { name: /lo que hay que leer/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await alert.waitFor();
    await page.getByRole('button', { name: 'Quitarla de esta lista' }).click();
    await alert.waitFor({ state: 'detached' });
    await page.context().close();
  });

  /** Bibb's manager, signed in now: the clock has been moved. */
  async function signedIn() {
    const person = desk.cast!.managers.bibb;
    await desk.t.signIn(person);
    return person;
  }
});
