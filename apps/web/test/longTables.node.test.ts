// A list of more rows than anybody reads: a county of 340 batches, found by name and turned page by page, by keyboard and in words that a screen reader says.
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { announce, contest, paper, sealAll } from '../../server/test/testDesk.ts';
import { haveBrowser, launch, openPage, signIn, violations } from './browser.ts';
import { openTestDesk } from './openDesk.ts';

test.skipIf(!haveBrowser())(
  'a long list is found through and turned, by keyboard too',
  async () => {
    const desk = await openTestDesk('set up');
    const browser = await launch();
    try {
      const { t, state } = desk;
      const cast = desk.cast!;
      const bibb = Array.from({ length: 340 }, () => [6, 3, 1] as const);
      await sealAll(t, cast, 'none', { ...paper, bibb });
      await announce(t, cast, 'full hand count');
      await t.do(state.client, 'orderHandCount', { params: { contest }, body: { why: 'announced so' } });

      const { page, faults } = await openPage(browser, desk.address);
      const clerk = cast.managers.bibb;
      await signIn(page, clerk, desk.digits(clerk));
      await page.goto('/desk/county/hand-count');
      const said = page.locator('.find [role=status]');
      await said.getByText('Rows 1 to 100 of 340.').waitFor();
      expect(await names(page)).toEqual(bibb.slice(0, 100).map((_, i) => `B${i + 1}`));

      // Every row stands on some page, once.
      const seen = await names(page);
      const turn = page.getByRole('navigation', { name: /^Pages of/ });
      await turn.getByRole('button', { name: 'Next' }).focus();
      await page.keyboard.press('Enter');
      await said.getByText('Rows 101 to 200 of 340.').waitFor();
      // Whoever turned a page reads on at its top.
      expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('region');
      seen.push(...(await names(page)));
      for (const _ of [3, 4]) {
        await turn.getByRole('button', { name: 'Next' }).click();
        seen.push(...(await names(page)));
      }
      await said.getByText('Rows 301 to 340 of 340.').waitFor();
      expect(await turn.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
      expect(seen).toEqual(bibb.map((_, i) => `B${i + 1}`));

      // Found by a part of its name, wherever it stood; what is put in order is the whole list.
      await page.getByLabel(/^Find in/).fill('b33');
      await said.getByText('11 of 340 rows found; 1 to 11 are shown.').waitFor();
      expect(await names(page)).toEqual(['B33', ...Array.from({ length: 10 }, (_, i) => `B33${i}`)]);
      await page.locator('thead button').first().press('Enter');
      await page.locator('thead button').first().press('Enter');
      expect((await names(page))[0]).toBe('B339');
      await page.getByLabel(/^Find in/).fill('no such batch');
      await said.getByText('No row holds that.').waitFor();
      await page.getByLabel(/^Find in/).fill('');
      await said.getByText('Rows 1 to 100 of 340.').waitFor();
      expect((await names(page))[0]).toBe('B340');

      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await violations(page), `at ${width}`).toEqual([]);
        const folder = process.env['OPENCANVASS_SHOTS'];
        if (folder !== undefined)
          await page.screenshot({ path: join(folder, `speed-long-${width}.png`), fullPage: true });
      }
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await desk.close();
    }
  },
  240_000,
);

/** The batches that stand there, in order. */
const names = async (page: Page): Promise<string[]> =>
  (await page.locator('tbody th').allTextContents()).map((text) => /B\d+/.exec(text)![0]);
