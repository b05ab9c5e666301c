// A full hand count that ties, in a real browser: the page says so to everybody, and the canvass board signs whom the lot chose and who saw it.
import { beforeAll, expect, test } from 'vitest';
import { contest, handCountAll, paper, type Paper } from '../../server/test/testDesk.ts';
import { thePages } from '../built.ts';
import { haveBrowser, launch, violations } from './browser.ts';
import { newPerson, openTestDesk } from './openDesk.ts';

beforeAll(async () => void (await thePages()), 180_000);

const half = [30, 30, 0] as const;
const tied: Paper = {
  bibb: paper.bibb.map(() => half),
  clarke: paper.clarke.map(() => half),
  dade: paper.dade.map(() => half),
};

test.skipIf(!haveBrowser())(
  'a lot decides a tie',
  async () => {
    const desk = await openTestDesk('announced', 'full hand count');
    const browser = await launch();
    const { t, cast, state } = desk;
    const params = { contest };
    await t.do(state.client, 'orderHandCount', { params, body: { why: 'by law' } });
    await handCountAll(t, cast!, tied);
    await t.do(state.client, 'assess', { params });

    const { page, faults } = await newPerson(desk, browser, {
      login: 'cass',
      name: 'Cass Canvass',
      role: 'canvass board',
    });
    page.setDefaultTimeout(20_000);

    await page.goto(`/desk/contests/${contest}`);
    await page.getByRole('heading', { name: 'A tie, for a lot to decide' }).waitFor();
    const sign = page.getByRole('button', { name: 'Sign what the lot decided' });
    await page.getByText('Bob', { exact: true }).first().click();
    await page.getByLabel('How it was drawn').fill('one of two slips, drawn from a hat');
    await page.getByLabel('The statute that says so').fill('O.C.G.A. 21-2-501');
    await page.getByLabel('Witnesses').fill('Ona, Blue');
    expect(await sign.isDisabled()).toBe(true);
    await page.getByLabel('Witnesses').fill('Ona, Blue\nPat, Red');
    expect(await violations(page)).toEqual([]);
    await sign.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('one of two slips, drawn from a hat').waitFor();
    await dialog.getByRole('button', { name: 'Sign as Cass Canvass' }).click();
    await page.getByRole('heading', { name: 'full hand count corrects' }).waitFor();
    expect(await page.getByText('A tie, for a lot to decide').count()).toBe(0);
    const { contests } = await t.do(t.public, 'status', {});
    expect(contests[0]).toMatchObject({ ending: 'full hand count corrects', winners: ['bob'] });
    expect(faults).toEqual([]);
    await browser.close();
    await desk.close();
  },
  120_000,
);
