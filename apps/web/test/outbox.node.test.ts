// What waits on a board's device: in its order, each once, whatever goes wrong between the device and the desk; and never in another board's name.
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contest } from '../../server/test/testDesk.ts';
import { beginBoard, newBoard, unitAt, unsent } from './boardTable.ts';
import { haveBrowser, launch, openPage, violations } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

interface Told {
  readonly unit: string;
  readonly entry: string;
  readonly by: readonly { readonly name: string }[];
}

describe.skipIf(!haveBrowser())('what waits on a device', () => {
  let browser: Browser;
  let desk: OpenDesk;
  beforeAll(async () => {
    desk = await openTestDesk('seed drawn', 'card comparison');
    const { t, state } = desk;
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: 150 } });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });

  /** A board at its first card, on a device whose browser holds the screen's files. */
  async function atFirstCard(name: string): Promise<{ page: Page; code: string; from: number }> {
    const code = await newBoard(desk, name);
    const { page } = await openPage(browser, desk.address);
    await beginBoard(page, code);
    await page.evaluate('navigator.serviceWorker.ready');
    await next(page);
    return { page, code, from: (await desk.t.do(desk.t.public, 'status', {})).entries };
  }
  const next = async (page: Page): Promise<void> => {
    await page.getByRole('link', { name: 'Read the next card' }).click();
    await page.locator('fieldset.contest').waitFor();
  };
  async function mark(page: Page): Promise<void> {
    await page.locator('fieldset.contest').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.locator('.read-back').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('2');
  }
  /** Marks the first choice of the card that is shown, and both confirm; its unit. */
  async function read(page: Page): Promise<string> {
    await page.locator('fieldset.contest').waitFor();
    const [unit, before] = [unitAt(page), page.url()];
    await mark(page);
    await page.waitForURL((url) => url.href !== before);
    return unit;
  }
  /** Until the page is loaded again, or `makeRoom()` is called in it. */
  const noRoom = (page: Page): Promise<unknown> =>
    page.evaluate(`{
      const { add } = IDBObjectStore.prototype;
      globalThis.makeRoom = () => (IDBObjectStore.prototype.add = add);
      IDBObjectStore.prototype.add = () => { throw new DOMException('no room', 'QuotaExceededError'); };
    }`);
  const onRecord = async (from: number): Promise<Told[]> =>
    (await desk.t.do(desk.t.public, 'entries', { query: { from, kinds: 'paper interpreted' } })).entries.map(
      ({ body }) => body as Told,
    );
  const units = async (from: number): Promise<string[]> => (await onRecord(from)).map((told) => told.unit);
  const isEntry = (url: URL): boolean => url.pathname === '/api/board/cards';
  /** The cards that the desk was sent, each time that it answered. */
  function sentBy(...pages: readonly Page[]): string[] {
    const sent: string[] = [];
    for (const page of pages)
      page.on('response', (r) => {
        if (isEntry(new URL(r.url()))) sent.push((r.request().postDataJSON() as Told).unit);
      });
    return sent;
  }

  test('a tab that is closed: the next one sends what it left, in its order, once', async () => {
    const { page, from } = await atFirstCard('Closed tab');
    const context = page.context();
    await context.setOffline(true);
    const told = [await read(page), await read(page), await read(page)];
    await unsent(page, 3);
    await page.close();
    const again = await context.newPage();
    await again.goto('/desk/board');
    await unsent(again, 3);
    expect(await units(from)).toEqual([]);
    await context.setOffline(false);
    await unsent(again, 0);
    expect(await units(from)).toEqual(told);
    await context.close();
  });

  test('two windows of one board: one of them sends', async () => {
    const { page, from } = await atFirstCard('Two windows');
    const context = page.context();
    const other = await context.newPage();
    await other.goto('/desk/board');
    await unsent(other, 0);
    await context.setOffline(true);
    const told = [await read(page), await read(page), await read(page)];
    const sent = sentBy(page, other);
    await context.setOffline(false);
    await Promise.all([unsent(page, 0), unsent(other, 0)]);
    expect(sent).toEqual(told);
    expect(await units(from)).toEqual(told);
    await context.close();
  });

  test('a desk that cannot take the first one now: none overtakes it', async () => {
    const { page, from } = await atFirstCard('Busy desk');
    let refused = 0;
    await page.route(isEntry, (route) => {
      refused += 1;
      return refused <= 2 ? route.fulfill({ status: 507, json: { code: 'disk-full' } }) : route.continue();
    });
    const told = [await read(page), await read(page)];
    await page.locator('.outbox').getByText('the desk does not answer now').waitFor();
    await unsent(page, 0);
    expect(await units(from)).toEqual(told);
    await page.context().close();
  });

  test('what the desk refuses is sent once and no more, and holds up nothing behind it', async () => {
    const { page, from } = await atFirstCard('Refused');
    const sent = sentBy(page);
    await page.context().setOffline(true);
    const [refused, taken] = [await read(page), await read(page)];
    const other = await desk.t.board(desk.cast!.managers.bibb, 'bibb');
    await desk.t.do(other, 'readCard', {
      body: { unit: refused, contests: [{ contest, reading: { kind: 'blank' } }], confirmedByBoth: true },
    });
    await page.context().setOffline(false);
    await unsent(page, 0);
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.goto('/desk/board');
    await page.getByRole('alert').getByText('is read already').waitFor();
    // Entered again on a device without room: what was refused is not gone while nothing stands in its place.
    await page.getByRole('link', { name: 'Enter it again' }).click();
    await noRoom(page);
    await mark(page);
    await page.getByRole('alert').getByText('could not store what you confirmed').waitFor();
    await page.goto('/desk/board');
    await page.getByRole('alert').getByText('is read already').waitFor();
    await page.getByRole('button', { name: 'Take it off this list' }).click();
    await next(page);
    const third = await read(page);
    await unsent(page, 0);
    expect(sent).toEqual([refused, taken, third]);
    expect(await units(from)).toEqual([refused, taken, third]);
    await page.context().close();
  });

  test('who signs out while entries wait is asked; another board sends none of them, and they go in under their own names', async () => {
    const { page, code, from } = await atFirstCard('Morning');
    await page.route(isEntry, (route) => route.abort('connectionreset'));
    const told = [await read(page), await read(page)];
    await unsent(page, 2);
    const signOut = page.getByRole('button', { name: 'Sign out', exact: true });
    await signOut.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: '2 entries are not sent yet' }).waitFor();
    // Dark on white: axe let white on white pass here.
    const colour = await page.evaluate("getComputedStyle(document.querySelector('dialog h2')).color");
    expect(colour).toBe('rgb(27, 27, 27)');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    // Without the network nobody is signed out, and nobody is told so.
    await page.context().setOffline(true);
    await signOut.click();
    await dialog.getByRole('button', { name: 'Sign out, they stay here' }).click();
    await dialog.getByRole('alert').waitFor();
    await page.context().setOffline(false);
    await dialog.getByRole('button', { name: 'Sign out, they stay here' }).click();
    await page.waitForURL(/sign-in/);
    await page.unroute(isEntry);

    const sent = sentBy(page);
    await page.goto('/desk/board');
    await unsent(page, 2);
    await page.evaluate("dispatchEvent(new Event('online'))");
    await beginBoard(page, await newBoard(desk, 'Afternoon'), ['Cal', 'Dan']);
    await page.getByText('2 entries of Morning still lie on this device').waitFor();
    await next(page);
    const ofAfternoon = await read(page);
    await unsent(page, 0);
    expect(sent).toEqual([ofAfternoon]);
    await page.context().clearCookies();
    await beginBoard(page, code);
    await unsent(page, 0);
    await expect.poll(() => units(from)).toEqual([ofAfternoon, ...told]);
    const names = (await onRecord(from)).map((r) => r.by.map((m) => m.name).join());
    expect(names).toEqual(['Cal,Dan', 'Ada,Ben', 'Ada,Ben']);
    await page.context().close();
  });

  test('a device that cannot store what was confirmed says so, and the screen stays where it is', async () => {
    const { page, from } = await atFirstCard('No room');
    await noRoom(page);
    const unit = unitAt(page);
    await mark(page);
    await page.getByRole('alert').getByText('could not store what you confirmed').waitFor();
    expect(unitAt(page)).toBe(unit);
    expect(await violations(page)).toEqual([]);
    await page.evaluate('makeRoom()');
    await page.getByRole('button', { name: /the paper says the same/ }).click();
    await page.waitForURL((url) => url.searchParams.get('unit') !== unit);
    await unsent(page, 0);
    expect(await units(from)).toEqual([unit]);
    await page.context().close();
  });
});
