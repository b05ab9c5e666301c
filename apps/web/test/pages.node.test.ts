// Every page of the state, the counties, the canvass board and the observers, at several stages of an audit, wide and narrow, in both languages: WCAG 2.2 AA by axe, nothing wider
// than the window, nothing that the browser complains of; every control reached by Tab, in order and seen; and the way from the head of a page to its act by keyboard alone.
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitOf } from '../src/riskLimit.ts';
import { thePages } from '../built.ts';
import { englishIn, haveBrowser, keyboardFaults, launch, openPage, signIn, violations } from './browser.ts';
import { openTestDesk, type OpenDesk, type Stage } from './openDesk.ts';

type Who = 'state' | 'canvass' | 'observer' | 'county';
const seen: readonly (readonly [Stage, Who, readonly string[]])[] = [
  ['empty', 'state', ['', 'set-up']],
  ['sealed', 'state', ['', 'accounts', 'announcement', 'key']],
  ['announced', 'state', ['seed', 'contests/mayor', 'nowhere']],
  ['assessed', 'state', ['', 'contests/mayor', 'record', 'attempts']],
  ['assessed', 'canvass', ['certificate']],
  ['assessed', 'observer', ['observe']],
  [
    'assessed',
    'county',
    ['county', 'county/files', 'county/boards', 'county/discrepancies', 'county/hand-count', 'account'],
  ],
];

/** Pages that want a board at its table or somebody who is not signed in: axe looks at them in the test that brings them about. */
const elsewhere: Readonly<Record<string, string>> = {
  board: 'board.node.test.ts',
  'board/read': 'board.node.test.ts',
  'board/count': 'counting.node.test.ts',
  'sign-in': 'account.node.test.ts',
  'sign-in/open-id': 'account.node.test.ts',
};

test('every page of the desk is looked at: one that is added to the router is missed by nobody', () => {
  const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const routes = [...text('../src/router.tsx').matchAll(/(?:page\(|\n\s+path: )'\/([^']*)'/g)].map(
    (m) => m[1]!,
  );
  expect(routes.length).toBeGreaterThan(20);
  const looked = new Set(
    seen.flatMap(([, , paths]) => paths.map((p) => p.replace(/^contests\/.*/, 'contests/$contest'))),
  );
  expect(routes.filter((r) => !looked.has(r) && !(r in elsewhere))).toEqual([]);
  for (const [page, file] of Object.entries(elsewhere)) {
    expect(routes, page).toContain(page);
    expect(text(file), page).toContain('violations(');
    expect(text(file), page).toContain('keyboardFaults(');
  }
});

describe.skipIf(!haveBrowser())('the pages', () => {
  let browser: Browser;
  beforeAll(async () => {
    await thePages();
    browser = await launch();
  });
  afterAll(() => browser.close());

  const at = async (stage: Stage): Promise<OpenDesk> => openTestDesk(stage);
  const of = (desk: OpenDesk, who: Who) =>
    who === 'state' ? desk.state : who === 'county' ? desk.cast!.managers.bibb : desk.cast![who];

  for (const [stage, who, paths] of seen)
    test(`${stage}, ${who}: ${paths.map((p) => `/desk/${p}`).join(', ')}`, async () => {
      const desk = await at(stage);
      const person = of(desk, who);
      for (const [width, locale] of [
        [1280, 'en-US'],
        [390, 'es-US'],
      ] as const) {
        const { page, faults } = await openPage(browser, desk.address, {
          viewport: { width, height: 900 },
          locale,
        });
        await signIn(page, person, desk.digits(person));
        for (const path of paths) {
          await page.goto(`/desk/${path}`);
          await page.locator('h1').waitFor();
          await page
            .getByText(/^(?:Loading…|Cargando…)$/)
            .first()
            .waitFor({ state: 'detached' });
          if (path === 'announcement') await page.locator('.usa-checkbox label').first().click();
          for (const details of await page.locator('main details').all())
            await details.evaluate((d) => d.setAttribute('open', ''));
          expect(await violations(page), `${path} at ${width}`).toEqual([]);
          if (width === 1280) expect(await keyboardFaults(page), `${path} by keyboard`).toEqual([]);
          if (locale === 'es-US') expect(await englishIn(page), path).toEqual([]);
        }
        expect(faults).toEqual([]);
        await page.context().close();
      }
      await desk.close();
    });

  test('by keyboard alone: past the head, a contest chosen and announced', async () => {
    const desk = await at('sealed');
    const { page, faults } = await openPage(browser, desk.address);
    await signIn(page, desk.state, desk.digits(desk.state));
    await page.goto('/desk/announcement');
    await page.getByRole('checkbox').waitFor({ state: 'attached' });
    expect(await keyboardFaults(page)).toEqual([]);
    // What is wrong is told: a focus that nobody sees, an order that is none.
    await page.evaluate(`document.querySelector('header a[href]').style.outline = 'none'`);
    expect(await keyboardFaults(page)).toEqual([
      expect.stringContaining('the focus is not seen at a “OpenCanvass”'),
    ]);
    await page.evaluate(`document.querySelector('main input[type=checkbox]').tabIndex = 1`);
    expect((await keyboardFaults(page)).at(-1)).toMatch(/^stop \d+ is .*stands there$/);
    await page.goto('/desk/announcement');
    await page.getByRole('checkbox').waitFor({ state: 'attached' });
    // A page opens at its heading; from the head of the page one link leads past it.
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.locator('.usa-skipnav').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.type')).toBe('checkbox');
    await page.keyboard.press('Space');
    await page.getByText(/^Every card: 2,410\.$/).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.type')).toBe('radio');
    await page.keyboard.press('Space');
    const button = page.getByRole('button', { name: 'Announce 1 contest' });
    for (let i = 0; i < 6 && !(await button.evaluate((b) => b === b.ownerDocument.activeElement)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Announce 1 contest' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Now: throw the dice in public' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
    await desk.close();
  });
});

test('a risk limit as typed is the share that is meant, by its decimals', () => {
  expect(['5', '2.5', '10', '0,01', '12.3456'].map(limitOf)).toEqual([
    '0.05',
    '0.025',
    '0.1',
    '0.0001',
    '0.123456',
  ]);
  for (const wrong of ['', '0', '100', '5%', '-1', 'five', '1e1', '0.00'])
    expect(limitOf(wrong), wrong).toBeUndefined();
});
