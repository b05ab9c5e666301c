// A ranked contest on the pages: its rule is set at set-up, its full hand count announced with whom the reported result elects, a batch counted by ranking,
// each of the two alone; and a tie in a round, for a lot to say who is eliminated.
import type { Page } from 'playwright';
import { beforeAll, expect, test } from 'vitest';
import {
  batches,
  contest,
  counted,
  results,
  sealManifests,
  type Paper,
} from '../../server/test/rankedElection.ts';
import { counties } from '../../server/test/testDesk.ts';
import { thePages } from '../built.ts';
import { beginBoard, bothConfirm, unsent } from './boardTable.ts';
import { haveBrowser, launch, openPage, signIn, violations } from './browser.ts';
import { newPerson, openTestDesk } from './openDesk.ts';

beforeAll(async () => void (await thePages()), 180_000);

/** Jon and Kim tie for the last place, and each one's voters prefer the other. */
const tied: Paper = { 'ivy jon': 30, 'jon kim': 25, 'kim jon': 25 };

test.skipIf(!haveBrowser())(
  'a ranked contest from its rule to the lot',
  async () => {
    const desk = await openTestDesk('empty');
    const browser = await launch();
    const { t, state } = desk;
    const { page, faults } = await openPage(browser, desk.address);
    page.setDefaultTimeout(20_000);
    const narrow = async (of: Page): Promise<void> => {
      await of.setViewportSize({ width: 390, height: 844 });
      expect(await violations(of)).toEqual([]);
      await of.setViewportSize({ width: 1280, height: 720 });
      expect(await violations(of)).toEqual([]);
    };

    await signIn(page, state, desk.digits(state));
    await page.goto('/desk/set-up');
    await page.getByLabel('Name of the election').fill('City Election');
    await page.getByLabel('Election day').fill('2026-11-03');
    const file = { name: 'results.csv', mimeType: 'text/csv', buffer: Buffer.from(results()) };
    await page.locator('input[type=file]').setInputFiles(file);
    const judge = page.getByRole('region', { name: 'Judge' });
    await judge.getByText('Ivy · Jon · Kim').waitFor();
    await judge.getByLabel('Votes a ballot may have').fill('9');
    await judge.getByText('A whole number from 1 to 3.').waitFor();
    expect(await page.getByRole('button', { name: 'Begin the record' }).isDisabled()).toBe(true);
    await judge.getByLabel('Rule').selectOption('instantRunoff');
    await judge.getByLabel('Ranks on the ballot').fill('3');
    await narrow(page);
    await page.getByRole('button', { name: 'Begin the record' }).click();
    await page.getByRole('dialog').getByText('Judge: ranked, 3 ranks').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Begin the record' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/set-up'));
    await t.key(state, state);
    const managers = await sealManifests(t, state);

    await page.goto('/desk/announcement');
    await page.locator('label').filter({ hasText: 'Judge' }).click();
    await page
      .locator('.usa-radio label')
      .filter({ hasText: /^full hand count/i })
      .click();
    const announce = page.getByRole('button', { name: 'Announce 1 contest' });
    expect(await announce.isDisabled()).toBe(true);
    await page.getByLabel('Elected by the reported result').selectOption('Kim');
    await narrow(page);
    await announce.click();
    await page.getByRole('dialog').getByText('reported as elected: Kim').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Announce 1 contest' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/announcement'));
    const params = { contest };
    await t.do(state.client, 'orderHandCount', { params, body: { why: 'by law' } });

    // The board: Ada by keys and piles, Ben by the grid, one ballot wrong.
    const { code } = await t.do(managers.bibb.client, 'createBoard', {
      params: { county: 'bibb' },
      body: { name: 'Board 1' },
    });
    const { page: table, faults: atTable } = await openPage(browser, desk.address);
    table.setDefaultTimeout(20_000);
    await beginBoard(table, code);
    await table.getByRole('link', { name: 'Count the next batch' }).click();
    const next = table.getByRole('region', { name: 'The next ballot, or pile' });
    await table.getByRole('heading', { name: 'Ada counts' }).waitFor();
    // A ballot by keys: Ivy first, Jon second.
    await table.keyboard.press('1');
    await table.keyboard.press('2');
    await table.keyboard.press('Enter');
    await table.getByLabel('Ivy › Jon').waitFor();
    const pile = async (marks: readonly string[], ballots: number): Promise<void> => {
      for (const mark of marks) await next.getByLabel(mark, { exact: true }).check();
      await next.getByLabel('Ballots with this ranking').fill(String(ballots));
      await next.getByRole('button', { name: 'Add' }).click();
    };
    await pile(['Ivy, rank 1', 'Jon, rank 2'], 29);
    await pile(['Jon, rank 1', 'Kim, rank 2'], 25);
    await pile(['Kim, rank 1', 'Jon, rank 2'], 25);
    await table.getByLabel('Blank', { exact: true }).fill('8');
    // What she has counted so far outlives a reload.
    await table.reload();
    expect(await table.getByLabel('Kim › Jon').inputValue()).toBe('25');
    await next.getByRole('button', { name: 'One with only other names' }).click();
    await next.getByRole('button', { name: 'One with only other names' }).click();
    await table.getByText('90 of 100 ballots').waitFor();
    await narrow(table);
    await table.getByRole('button', { name: 'Ada is done' }).click();
    await table.getByRole('heading', { name: 'Ben counts' }).waitFor();
    await table.reload();
    await table.getByRole('heading', { name: 'Ben counts' }).waitFor();
    expect(await table.locator('.lines input').count()).toBe(2);
    await pile(['Ivy, rank 1', 'Jon, rank 2'], 31);
    await pile(['Jon, rank 1', 'Kim, rank 2'], 24);
    await pile(['Kim, rank 1', 'Jon, rank 2'], 25);
    await table.getByLabel('Blank', { exact: true }).fill('8');
    await table.getByLabel('Only other names, written in').fill('2');
    await table.getByRole('button', { name: 'Ben is done' }).click();
    await table.getByRole('heading', { name: 'Your counts differ in 2 lines' }).waitFor();
    for (const who of ['Ada', 'Ben']) {
      await table.reload();
      await table.getByRole('heading', { name: `${who} counts these again` }).waitFor();
      expect(await table.locator('.lines .what').allTextContents()).toEqual(['Ivy › Jon', 'Jon › Kim']);
      await table.getByLabel('Ivy › Jon').fill('30');
      await table.getByLabel('Jon › Kim').fill('25');
      await table.getByRole('button', { name: `${who} is done` }).click();
    }
    await table.locator('.both-confirm').waitFor();
    await narrow(table);
    await bothConfirm(table);
    await unsent(table, 0);
    const { units } = await t.do(t.public, 'readings', { params, query: { unit: 'bibb/T1/B1' } });
    const rankings = (paper: Paper) =>
      counted(paper).rankings.toSorted((a, b) => (a.ranks.join() < b.ranks.join() ? -1 : 1));
    expect(units).toMatchObject([
      { state: 'read', told: [{ batch: { rankings: rankings(tied), blank: 8, writeIns: 2 } }] },
    ]);

    // The rest through the API, and a tie that the canvass board’s lot decides.
    const one = { confirmedByBoth: true as const, count: counted(tied) };
    const board = await t.board(managers.bibb, 'bibb');
    await t.do(board, 'countBatch', { body: { contest, unit: 'bibb/T1/B2', ...one } });
    await t.do(managers.bibb.client, 'reportHandCount', { params: { county: 'bibb', contest } });
    for (const county of counties.slice(1))
      await t.do(managers[county].client, 'handCount', {
        params: { county, contest },
        body: { batches: batches.map((batch) => ({ tabulator: 'T1', batch, ...counted(tied) })) },
      });
    await t.do(state.client, 'assess', { params });
    const { page: canvass, faults: ofCanvass } = await newPerson(desk, browser, {
      login: 'cass',
      name: 'Cass Canvass',
      role: 'canvass board',
    });
    canvass.setDefaultTimeout(20_000);
    await canvass.goto(`/desk/contests/${contest}`);
    await canvass.getByText('Eliminated by the lot: one').waitFor();
    await canvass.locator('fieldset').getByText('Jon', { exact: true }).click();
    await canvass.getByLabel('How it was drawn').fill('one of two slips, drawn from a hat');
    await canvass.getByLabel('The statute that says so').fill('21-A M.R.S. § 732');
    await canvass.getByLabel('Witnesses').fill('Ona, Blue\nPat, Red');
    await narrow(canvass);
    await canvass.getByRole('button', { name: 'Sign what the lot decided' }).click();
    await canvass.getByRole('dialog').getByRole('button', { name: 'Sign as Cass Canvass' }).click();
    await canvass.getByRole('heading', { name: 'full hand count agrees' }).waitFor();
    const [ended] = (await t.do(t.public, 'status', {})).contests;
    expect(ended).toMatchObject({ ending: 'full hand count agrees', winners: ['kim'] });
    expect([...faults, ...atTable, ...ofCanvass]).toEqual([]);
    await browser.close();
    await desk.close();
  },
  240_000,
);
