// A reading is put right by the two acts that the desk has for it: by its county, of the two who read the card again, before the round is assessed; and by
// the state, signed and before witnesses, after it.
import type { Page } from 'playwright';
import { beforeAll, expect, test } from 'vitest';
import { boards, contest, paper, readAll, type County } from '../../server/test/testDesk.ts';
import { notHeld } from '../../server/test/published.ts';
import { thePages } from '../built.ts';
import { haveBrowser, launch, look, openPage, signIn } from './browser.ts';
import { newPerson, openTestDesk } from './openDesk.ts';

beforeAll(async () => void (await thePages()), 180_000);

const params = { contest };

test.skipIf(!haveBrowser())(
  'before the assessment, by the county',
  async () => {
    const desk = await openTestDesk('drawn', 'card comparison');
    const browser = await launch();
    try {
      const { t } = desk;
      const byCounty = await boards(t, desk.cast!);
      const clerk = desk.cast!.managers.bibb;
      const ofBibb = (await t.do(byCounty.bibb, 'work', {})).units;
      const { id: unit, batch, card } = ofBibb.find((u) => votedFor('bibb', u.batch, u.card!) === 'ann')!;
      await t.do(byCounty.bibb, 'readCard', {
        body: {
          unit,
          contests: [{ contest, reading: { kind: 'votes', choices: ['bob'] } }],
          confirmedByBoth: true,
        },
      });

      const { page, faults } = await openPage(browser, desk.address);
      await signIn(page, clerk, desk.digits(clerk));
      await page.goto('/desk/county/discrepancies');
      await page.getByText('Put a reading right: Mayor').click();
      // Another county's cards are not offered, and a card that nobody read yet is not read again.
      const pick = page.getByLabel('What is read again');
      await pick.waitFor();
      expect(await pick.locator('option').count()).toBe(ofBibb.length + 1);
      if (ofBibb.length > 1) {
        await pick.selectOption(ofBibb.find((u) => u.id !== unit)!.id);
        await page.getByText('It is not read yet').waitFor();
      }
      await readAll(t, byCounty);
      await page.reload();
      await page.getByText('Put a reading right: Mayor').click();
      await pick.selectOption(unit);
      expect(await pick.locator('option:checked').innerText()).toBe(
        `Tabulator T1, batch ${batch}, Card ${card}`,
      );
      await page.getByText('read by Ada (Blue), Ben (Red): Bob').waitFor();
      const tell = page.getByRole('button', { name: 'Record the correction' });
      await page.locator('label.mark', { hasText: 'Ann' }).click();
      await page.getByLabel('What happened, in words').fill('The mark was taken for the row below.');
      await twoPeople(page, ['Cy', 'Blue'], ['Dot', 'Blue']);
      expect(await tell.isDisabled()).toBe(true);
      await page.getByText('Both had the paper').click();
      await look(page, 'reread-county');
      // Two people of one party are no two people.
      await tell.click();
      await page.getByText(/two people of two parties; both are of/).waitFor();
      await page.getByLabel('Party').last().fill('Red');
      await tell.click();
      await page.getByText('The correction is on the record.').waitFor();
      const { units } = await t.do(t.public, 'readings', { params, query: { unit } });
      expect(units[0]!.told.map((told) => [told.kind, told.reading, told.by[0]!.name])).toEqual([
        ['paper interpreted', { kind: 'votes', choices: ['bob'] }, 'Ada'],
        ['correction', { kind: 'votes', choices: ['ann'] }, 'Cy'],
      ]);
      await t.do(desk.state.client, 'assess', { params });
      expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
      // Once it is assessed the county reads nothing again.
      await page.reload();
      await page.getByText('Nothing that was read here differs.').waitFor();
      expect(await page.getByText('Put a reading right').count()).toBe(0);
      expect(await notHeld(t.desk.keeper)).toEqual([]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await desk.close();
    }
  },
  600_000,
);

test.skipIf(!haveBrowser())(
  'after the assessment, by the state before witnesses; the round is assessed again',
  async () => {
    const desk = await openTestDesk('drawn');
    const browser = await launch();
    try {
      const { t, state } = desk;
      const byCounty = await boards(t, desk.cast!);
      const [drawn] = (await t.do(state.client, 'sample', { params })).units;
      const { id: unit, batch } = drawn!;
      const county = drawn!.jurisdiction as County;
      const [ann, bob, blank] = paper[county][Number(batch.slice(1)) - 1]!;
      await t.do(byCounty[county], 'readBatch', {
        body: { contest, unit, votes: [bob, ann], confirmedByBoth: true },
      });
      await readAll(t, byCounty);
      await t.do(state.client, 'assess', { params });
      const { page, faults } = await newPerson(desk, browser, {
        login: 'sue',
        name: 'Sue State',
        role: 'state administrator',
      });

      await page.goto(`/desk/contests/${contest}`);
      await page.getByText('Put a reading right: Mayor').click();
      await page.getByLabel('What is read again').selectOption(unit);
      await page.getByText(`Ann ${bob}, Bob ${ann}`).waitFor();
      const sign = page.getByRole('button', { name: 'Sign the correction' });
      for (const [label, n] of [
        ['Ann', ann],
        ['Bob', bob],
        ['Another name, written in', 0],
        ['Blank', blank],
        ['Overvoted', 0],
      ] as const)
        await page.getByLabel(label, { exact: true }).fill(String(n));
      await page.getByLabel('Why it is read again').selectOption('entry error');
      await page.getByLabel('What happened, in words').fill('The two piles were swapped.');
      await twoPeople(page, ['Cy', 'Blue'], ['Dot', 'Red']);
      await page.getByText('Both had the paper').click();
      expect(await sign.isDisabled()).toBe(true);
      await page.getByLabel('Witnesses').fill('Ona Observer\n\nPat Press');
      await look(page, 'reread-state');
      await sign.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Ona Observer, Pat Press').waitFor();
      await look(page, 'reread-state-sign');
      await dialog.getByRole('button', { name: /^Sign as/ }).click();
      await page.getByText('What was assessed no longer holds').waitFor();
      const stand = async () => (await t.do(t.public, 'status', {})).contests[0];
      expect(await stand()).toMatchObject({ ending: 'go on', rounds: [{ stale: true }] });
      await page.getByText('the round is to be assessed again.').first().waitFor();
      expect(await page.getByRole('button', { name: /^Draw round/ }).count()).toBe(0);
      await look(page, 'reread-state-stale');
      await page.getByRole('button', { name: 'Assess' }).click();
      await page.getByRole('button', { name: 'Assess' }).waitFor({ state: 'detached' });
      expect(await stand()).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
      expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
      expect(await notHeld(t.desk.keeper)).toEqual([]);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
      await desk.close();
    }
  },
  600_000,
);

/** What the made-up card says. */
function votedFor(county: County, batch: string, card: number): 'ann' | 'bob' | undefined {
  const [ann, bob] = paper[county][Number(batch.slice(1)) - 1]!;
  return card <= ann ? 'ann' : card <= ann + bob ? 'bob' : undefined;
}

async function twoPeople(page: Page, ...people: readonly (readonly [name: string, party: string])[]) {
  for (const [i, [name, party]] of people.entries()) {
    await page.getByLabel('Name, as the public record will show it').nth(i).fill(name);
    await page.getByLabel('Party').nth(i).fill(party);
  }
}
