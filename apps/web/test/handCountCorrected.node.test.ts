// A county that reported its hand count in one piece sees every batch as counted, and puts one right, signed, on its page; the contest is assessed again.
import { beforeAll, expect, test } from 'vitest';
import { contest, handCountAll, paper } from '../../server/test/testDesk.ts';
import { notHeld } from '../../server/test/published.ts';
import { thePages } from '../built.ts';
import { haveBrowser, launch, violations } from './browser.ts';
import { newPerson, openTestDesk } from './openDesk.ts';

beforeAll(async () => void (await thePages()), 180_000);

test.skipIf(!haveBrowser())(
  'a reported hand count is put right',
  async () => {
    const desk = await openTestDesk('announced', 'full hand count');
    const browser = await launch();
    const { t, cast, state } = desk;
    const params = { contest };
    await t.do(state.client, 'orderHandCount', { params, body: { why: 'by law' } });
    const board = await t.board(cast!.managers.bibb, 'bibb');
    await handCountAll(t, cast!);
    // What is reported is no work of the boards any more.
    expect((await t.do(board, 'handCountWork', {})).contests.flatMap((c) => c.batches)).toEqual([]);
    await t.do(state.client, 'assess', { params });

    const { page, faults } = await newPerson(desk, browser, {
      login: 'cleo',
      name: 'Cleo Clerk',
      role: 'county manager',
      jurisdiction: 'bibb',
    });
    page.setDefaultTimeout(20_000);

    await page.goto('/desk/county/hand-count');
    await page.getByText('10 of 10').waitFor();
    expect(await page.getByText('to do', { exact: true }).count()).toBe(0);
    await page.getByText('Put the reported count right').click();
    const sign = page.getByRole('button', { name: 'Sign the correction' });
    await page.getByLabel('Batch to be put right').selectOption({ index: 1 });
    const [a, b, blank] = paper.bibb[0]!;
    expect(await page.getByLabel('Ann', { exact: true }).inputValue()).toBe(String(a));
    await page.getByLabel('Ann', { exact: true }).fill(String(a - 3));
    await page.getByLabel('Another name, written in').fill('3');
    await page.getByText(`Ann ${a - 3}, Bob ${b}, Another name, written in 3, Blank ${blank}`).waitFor();
    expect(await sign.isDisabled()).toBe(true);
    await page.getByLabel('What happened, in words').fill('Three write-ins lay on the wrong pile.');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);
    await sign.click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Sign as/ })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const ended = async () => (await t.do(t.public, 'status', {})).contests[0];
    expect(await ended()).toMatchObject({ ending: 'full hand count ordered' });
    await t.do(state.client, 'assess', { params });
    expect(await ended()).toMatchObject({ ending: 'full hand count agrees', winners: ['ann'] });
    expect(await notHeld(t.desk.keeper)).toEqual([]);
    expect(faults).toEqual([]);
    await browser.close();
    await desk.close();
  },
  180_000,
);
