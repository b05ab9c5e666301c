// A batch of which one of the two has made their count, and then the page is loaded again, the network goes, a second device comes, or other people sit
// down: nothing is counted anew that was counted, nothing is told twice, and the second never sees the first one's figures.
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contest, rollDice } from '../../server/test/testDesk.ts';
import { beginBoard, bothConfirm, newBoard, typeCounts, unitAt, unsent } from './boardTable.ts';
import { haveBrowser, launch, openPage, violations } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

// Bibb's batches have 94 ballots or more; none of these figures stands anywhere else on the pages.
const ofAda = [51, 23, 0, 17, 0];
const ofBen = [51, 22, 0, 18, 0];

describe.skipIf(!haveBrowser())('one of the two has counted', () => {
  let browser: Browser;
  let desk: OpenDesk;
  beforeAll(async () => void (browser = await launch()), 60_000);
  afterAll(() => browser.close());
  afterEach(() => desk.close());

  async function drawn(doubleEntry: boolean): Promise<void> {
    desk = await openTestDesk('sealed', 'batch comparison');
    const { t, cast, state } = desk;
    const announced = { contest, method: 'batch comparison' as const, riskLimit: '0.05', doubleEntry };
    await t.do(state.client, 'announce', { body: { contests: [announced] } });
    await rollDice(t, cast!);
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
  }
  /** A device at which the board sits, with the first batch open. */
  async function atBatch(code: string, members?: readonly [string, string]): Promise<Page> {
    const { page } = await openPage(browser, desk.address);
    await beginBoard(page, code, members);
    await page.evaluate('navigator.serviceWorker.ready');
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    await page.locator('form.tally').waitFor();
    return page;
  }
  /** No figure of Ada's stands on the page or in a field of it. */
  async function hidesAda(page: Page): Promise<void> {
    const fields = await page
      .locator('input')
      .evaluateAll((all) => all.map((f) => (f as { value?: string }).value));
    const seen = `${await page.locator('body').innerText()} ${fields.join(' ')}`;
    expect(seen).not.toMatch(/\b(?:51|23|17)\b/);
  }
  const told = async (unit: string) =>
    (await desk.t.do(desk.t.public, 'readings', { params: { contest }, query: { unit } })).units;

  test('loaded again without a network, it is the other one’s turn; both counts wait for both to confirm', async () => {
    await drawn(false);
    const page = await atBatch(await newBoard(desk));
    const unit = unitAt(page);
    await page.context().setOffline(true);
    await page.locator('.lines input').first().fill('51');
    await page.reload();
    const fields = page.locator('.lines input');
    await fields.first().waitFor();
    expect(await fields.evaluateAll((all) => all.map((f) => (f as { value?: string }).value))).toEqual([
      '51', '', '', '', '',
    ]); // prettier-ignore
    await typeCounts(page, 'Ada', ofAda);
    await page.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await hidesAda(page);
    expect(await violations(page)).toEqual([]);
    // Another way to it: by the list, and past the next batch.
    await page.goto('/desk/board');
    await page.getByRole('link', { name: 'Count the next batch' }).waitFor();
    await hidesAda(page);
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    await hidesAda(page);
    await typeCounts(page, 'Ben', ofBen);
    await page.getByRole('heading', { name: 'Your counts differ in 2 lines' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Your counts differ in 2 lines' }).waitFor();
    expect(await page.locator('.lines .what').allTextContents()).toEqual(['Bob', 'Blank']);
    await typeCounts(page, 'Ada', [22, 18]);
    await page.reload();
    await typeCounts(page, 'Ben', [22, 18]);
    await page.locator('.both-confirm').waitFor();
    await page.reload();
    await page.locator('.both-confirm').waitFor();
    expect(await page.locator('.agreed dd').allTextContents()).toEqual(['51', '22', '0', '18', '0']);
    await bothConfirm(page);
    await unsent(page, 1);
    await page.context().setOffline(false);
    await unsent(page, 0);
    expect(await told(unit)).toMatchObject([
      {
        state: 'read',
        told: [{ kind: 'paper interpreted', batch: { votes: [51, 22], blank: 18, overvote: 0 } }],
      },
    ]);
    // It is over: what is counted there now is a correction, from its beginning.
    await page.goto(`/desk/board/count?unit=${encodeURIComponent(unit)}&contest=${contest}`);
    await page.getByText('This was read before').waitFor();
    await page.getByLabel('What happened, in words').fill('A pile was laid on the wrong side.');
    await typeCounts(page, 'Ada', [50, 23, 0, 18, 0]);
    await page.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await page.reload();
    await typeCounts(page, 'Ben', [50, 23, 0, 18, 0]);
    await bothConfirm(page);
    await unsent(page, 0);
    const [corrected] = await told(unit);
    expect(corrected!.told.map((x) => x.words)).toEqual([undefined, 'A pile was laid on the wrong side.']);
    await page.context().close();
  });

  test('of two entries each is told when it is made, and a reload without a network loses neither', async () => {
    await drawn(true);
    const page = await atBatch(await newBoard(desk));
    const unit = unitAt(page);
    await page.context().setOffline(true);
    await typeCounts(page, 'Ada', ofAda);
    await unsent(page, 1);
    await page.reload();
    await unsent(page, 1);
    await page.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await hidesAda(page);
    await page.goto('/desk/board');
    await page.getByText('entered once').waitFor();
    await hidesAda(page);
    await page.goBack();
    await typeCounts(page, 'Ben', ofBen);
    await unsent(page, 2);
    await page.reload();
    await page.getByRole('heading', { name: 'Your counts differ in 2 lines' }).waitFor();
    await typeCounts(page, 'Ada', [22, 18]);
    await page.reload();
    await typeCounts(page, 'Ben', [22, 18]);
    await page.waitForURL((url) => url.searchParams.get('unit') !== unit);
    await unsent(page, 4);
    await page.context().setOffline(false);
    await unsent(page, 0);
    const [one] = await told(unit);
    expect(one!.state).toBe('read');
    expect(one!.told.map((x) => [x.entered, (x.batch as { votes: number[] }).votes])).toEqual([
      ['Ada', [51, 23]],
      ['Ben', [51, 22]],
      ['Ada', [51, 22]],
      ['Ben', [51, 22]],
    ]);
    await page.context().close();
  });

  test('on two devices: the other one’s entry is asked for on either, and is taken once', async () => {
    await drawn(true);
    const code = await newBoard(desk);
    const left = await atBatch(code);
    const unit = unitAt(left);
    await typeCounts(left, 'Ada', ofAda);
    await left.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await unsent(left, 0);
    const works: string[] = [];
    const { page: right } = await openPage(browser, desk.address);
    right.on('response', (r) => {
      if (r.url().endsWith('/api/board/work'))
        void r.text().then(
          (text) => works.push(text),
          () => undefined,
        );
    });
    await beginBoard(right, code);
    await right.getByText('entered once').waitFor();
    await right.evaluate('navigator.serviceWorker.ready');
    await right.goto(`/desk/board/count?unit=${encodeURIComponent(unit)}&contest=${contest}`);
    // Ada’s name is known, and no figure of hers: neither shown nor sent.
    await right.getByText('Somebody has entered this batch already.').waitFor();
    await right.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await hidesAda(right);
    expect(works.length).toBeGreaterThan(0);
    for (const work of works) expect(work).not.toMatch(/\b(?:51|23|17)\b/);

    // Both devices have his turn. The network of the right one goes; he enters at the left, and at the right too.
    await right.context().setOffline(true);
    await typeCounts(right, 'Ben', ofAda);
    await unsent(right, 1);
    await typeCounts(left, 'Ben', ofAda);
    await left.waitForURL((url) => url.searchParams.get('unit') !== unit);
    await unsent(left, 0);
    expect(await told(unit)).toMatchObject([
      { state: 'read', told: [{ entered: 'Ada' }, { entered: 'Ben' }] },
    ]);
    await right.context().setOffline(false);
    await unsent(right, 0);
    await right.goto('/desk/board');
    await right.getByRole('alert').getByText('This is read already').waitFor();
    expect((await told(unit))[0]!.told).toHaveLength(2);
    await left.context().close();
    await right.context().close();
  });

  test('when the other device has done it, nobody goes on with half a count; other people begin from the first line', async () => {
    await drawn(true);
    const code = await newBoard(desk);
    const left = await atBatch(code);
    const unit = unitAt(left);
    const right = await atBatch(code);
    await typeCounts(left, 'Ada', ofAda);
    await unsent(left, 0);
    await right.reload();
    await typeCounts(right, 'Ben', ofBen);
    await right.waitForURL((url) => url.searchParams.get('unit') !== unit);
    await unsent(right, 0);
    // The two differ, and the left device, where Ben’s turn was, asks for both again.
    await left.reload();
    await left.getByText('Two counts of this batch differed').waitFor();
    await left.getByRole('heading', { name: 'Ada counts' }).waitFor();
    await hidesAda(left);
    await typeCounts(left, 'Ada', ofAda);
    await unsent(left, 0);
    await right.goto(`/desk/board/count?unit=${encodeURIComponent(unit)}&contest=${contest}`);
    await typeCounts(right, 'Ben', ofAda);
    await unsent(right, 0);
    await left.reload();
    await left.getByText('This was read before').waitFor();
    expect((await told(unit))[0]).toMatchObject({ state: 'read', told: [{}, {}, {}, {}] });
    await left.context().close();
    await right.context().close();

    await desk.close();
    await drawn(false);
    const again = await newBoard(desk);
    const page = await atBatch(again);
    await typeCounts(page, 'Ada', ofAda);
    await page.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await page.context().clearCookies();
    await beginBoard(page, again, ['Cal', 'Dan']);
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    await page.getByRole('heading', { name: 'Cal counts' }).waitFor();
    await hidesAda(page);
    await page.context().close();
  });
});
