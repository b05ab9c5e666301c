// Counting batches in a real browser: each of the two alone, what disagrees counted again, the sum beside the manifest; entries kept twice where the audit
// asks for it; a correction of what was read before; and a full hand count that the county reports.
import type { Browser, Page } from 'playwright';
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest';
import { contest, paper, rollDice, type County } from '../../server/test/testDesk.ts';
import { haveBrowser, launch, openPage, signIn, keyboardFaults, violations } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

describe.skipIf(!haveBrowser())('counting', () => {
  let browser: Browser;
  let desk: OpenDesk;
  beforeAll(async () => void (browser = await launch()), 60_000);
  afterAll(() => browser.close());
  afterEach(() => desk.close());

  async function begin(): Promise<Page> {
    const { t, cast } = desk;
    const { client } = cast!.managers.bibb;
    const { code } = await t.do(client, 'createBoard', {
      params: { county: 'bibb' },
      body: { name: 'Board 1' },
    });
    const { page } = await openPage(browser, desk.address);
    await page.goto(`/desk/board#${code}`);
    await page.getByLabel('Name, as the public').first().fill('Ada');
    await page.getByLabel('Party').first().fill('Blue');
    await page.getByLabel('Name, as the public').last().fill('Ben');
    await page.getByLabel('Party').last().fill('Red');
    await page.getByRole('button', { name: 'Begin' }).click();
    return page;
  }
  /** Types what one counted, line by line, and is done. */
  async function type(page: Page, who: string, figures: readonly number[]): Promise<void> {
    await page.getByRole('heading', { name: new RegExp(`^${who} counts`) }).waitFor();
    const fields = page.locator('.lines input');
    for (const [i, n] of figures.entries()) await fields.nth(i).fill(String(n));
    await page.getByRole('button', { name: `${who} is done` }).click();
  }
  async function confirm(page: Page): Promise<void> {
    const before = page.url();
    await page.locator('.both-confirm').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.waitForURL((url) => url.href !== before);
  }
  const onPaper = (page: Page): readonly [number, number, number] => {
    const [county, , batch] = new URL(page.url()).searchParams.get('unit')!.split('/');
    return paper[county as County][Number(batch!.slice(1)) - 1]!;
  };
  const unitAt = (page: Page): string => new URL(page.url()).searchParams.get('unit')!;
  const told = async (unit: string) => {
    const query = { unit };
    const { units } = await desk.t.do(desk.t.public, 'readings', { params: { contest }, query });
    return units;
  };

  test('two counts that differ are counted again in what differs; a correction says why', async () => {
    desk = await openTestDesk('drawn', 'batch comparison');
    const page = await begin();
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    await page.locator('form.tally').waitFor();
    const unit = unitAt(page);
    const [a, b, blank] = onPaper(page);
    // More than the manifest has is not taken.
    const fields = page.locator('.lines input');
    for (const [i, n] of [a, b, 0, blank, 1].entries()) await fields.nth(i).fill(String(n));
    await page.getByText('That is more than the manifest has.').waitFor();
    expect(await page.getByRole('button', { name: 'Ada is done' }).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(await keyboardFaults(page)).toEqual([]);
    await type(page, 'Ada', [a, b, 0, blank, 0]);
    await page.getByRole('heading', { name: 'Ben counts' }).waitFor();
    for (const field of await fields.all()) expect(await field.inputValue()).toBe('');
    await type(page, 'Ben', [a - 1, b, 1, blank, 0]);
    await page.getByRole('heading', { name: 'Your counts differ in 2 lines' }).waitFor();
    expect(await page.locator('.lines .what').allTextContents()).toEqual(['Ann', 'Another name, written in']);
    expect(await violations(page)).toEqual([]);
    await type(page, 'Ada', [a - 1, 1]);
    await type(page, 'Ben', [a - 1, 1]);
    await confirm(page);
    await page.locator('[data-unsent="0"]').waitFor();
    expect(await told(unit)).toMatchObject([
      { state: 'read', told: [{ batch: { votes: [a - 1, b], writeIns: 1, blank, overvote: 0 } }] },
    ]);

    // Read again, with a reason.
    await page.goto(`/desk/board/count?unit=${encodeURIComponent(unit)}&contest=${contest}`);
    await page.getByText('This was read before').waitFor();
    await page.getByText(`Ann ${a - 1}, Bob ${b}, Another name, written in 1`).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Why it is read again').selectOption('entry error');
    await page.getByLabel('What happened, in words').fill('A pile was laid on the wrong side.');
    for (const who of ['Ada', 'Ben']) await type(page, who, [a - 2, b + 2, 0, blank, 0]);
    await confirm(page);
    await page.locator('[data-unsent="0"]').waitFor();
    expect(await told(unit)).toMatchObject([
      {
        told: [
          { kind: 'paper interpreted', batch: { votes: [a - 1, b] } },
          {
            kind: 'correction',
            why: 'entry error',
            words: 'A pile was laid on the wrong side.',
            batch: { votes: [a - 2, b + 2] },
          },
        ],
      },
    ]);
    await page.context().close();
  });

  test('where entries are kept twice, both stand on the record, those that differ too', async () => {
    desk = await openTestDesk('sealed', 'batch comparison');
    const { t, cast, state } = desk;
    await t.do(state.client, 'announce', {
      body: { contests: [{ contest, method: 'batch comparison', riskLimit: '0.05', doubleEntry: true }] },
    });
    await rollDice(t, cast!);
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    const page = await begin();
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    await page.locator('form.tally').waitFor();
    const unit = unitAt(page);
    const [a, b, blank] = onPaper(page);
    await page.context().setOffline(true);
    await type(page, 'Ada', [a, b, 0, blank, 0]);
    await type(page, 'Ben', [a, b - 1, 0, blank, 0]);
    await type(page, 'Ada', [b]);
    await type(page, 'Ben', [b]);
    await page.locator('[data-unsent="4"]').waitFor();
    await page.context().setOffline(false);
    await page.locator('[data-unsent="0"]').waitFor();
    const [one] = await told(unit);
    expect(one!.state).toBe('read');
    expect(one!.told.map((x) => [x.entered, (x.batch as { votes: number[] }).votes])).toEqual([
      ['Ada', [a, b]],
      ['Ben', [a, b - 1]],
      ['Ada', [a, b]],
      ['Ben', [a, b]],
    ]);
    await page.context().close();
  });

  test('a full hand count: every batch of the manifest, marked and stacked, then reported by the county', async () => {
    desk = await openTestDesk('announced', 'full hand count');
    const { t, cast, state } = desk;
    await t.do(state.client, 'orderHandCount', { params: { contest }, body: { why: 'announced so' } });
    const page = await begin();
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    await page.locator('form.tally').waitFor();
    // The first ballots of the first batch are read and marked; the others come from their piles.
    await page.getByRole('button', { name: 'Read and mark' }).click();
    await page.keyboard.press('1');
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.keyboard.press('Backspace');
    expect(await page.locator('.tally-mark .n').allTextContents()).toEqual(['2', '0', '0', '0', '0']);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sort and stack' }).click();
    for (let n = 0; n < paper.bibb.length; n++) {
      await page.locator('form.tally').waitFor();
      const [a, b, blank] = onPaper(page);
      for (const who of ['Ada', 'Ben']) await type(page, who, [a, b, 0, blank, 0]);
      await confirm(page);
    }
    await page.getByText('Everything is read.').waitFor();
    await page.locator('[data-unsent="0"]').waitFor();
    await page.context().close();

    const { page: clerk } = await openPage(browser, desk.address);
    const { bibb } = cast!.managers;
    await signIn(clerk, bibb, desk.digits(bibb));
    await clerk.goto('/desk/county/hand-count');
    await clerk.getByText('10 of 10').waitFor();
    await clerk.getByRole('button', { name: 'Report the county’s count' }).click();
    await clerk.getByText('The county’s count is on the record.').waitFor();
    expect(await violations(clerk)).toEqual([]);
    const { counties } = await t.do(t.public, 'status', {});
    expect(counties.find((c) => c.jurisdiction === 'bibb')!.handCounts).toEqual([contest]);
    await clerk.context().close();
  });
});
