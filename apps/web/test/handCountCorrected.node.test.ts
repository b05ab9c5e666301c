// A county that reported its hand count in one piece sees every batch as counted, and puts one right, signed, on its page; the contest is assessed again.
import { URI } from 'otpauth';
import { beforeAll, expect, test } from 'vitest';
import { contest, counties, paper } from '../../server/test/testDesk.ts';
import { notHeld } from '../../server/test/published.ts';
import { thePages } from '../built.ts';
import { haveBrowser, launch, openPage, signIn, violations } from './browser.ts';
import { makeKey } from './deskProcess.ts';
import { openTestDesk } from './openDesk.ts';

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
    for (const county of counties)
      await t.do(cast!.managers[county].client, 'handCount', {
        params: { county, contest },
        body: {
          batches: paper[county].map(([a, b, blank], i) => ({
            tabulator: 'T1',
            batch: `B${i + 1}`,
            votes: [a, b],
            blank,
            overvote: 0,
          })),
        },
      });
    // What is reported is no work of the boards any more.
    expect((await t.do(board, 'handCountWork', {})).contests.flatMap((c) => c.batches)).toEqual([]);
    await t.do(state.client, 'assess', { params });

    const { account, password, totp } = await t.do(state.client, 'createAccount', {
      body: { login: 'cleo', name: 'Cleo Clerk', role: 'county manager', jurisdiction: 'bibb' },
    });
    const { page, faults } = await openPage(browser, desk.address);
    page.setDefaultTimeout(20_000);
    t.now += 30_000;
    await signIn(page, { login: 'cleo', password }, URI.parse(totp).generate({ timestamp: t.now }));
    await makeKey(page);
    const { accounts } = await t.do(state.client, 'accounts', {});
    const { keyid } = accounts.find((k) => k.id === account.id)!;
    await t.do(state.client, 'authoriseKey', { params: { account: account.id }, body: { keyid: keyid! } });

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
