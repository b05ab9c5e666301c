// What goes wrong while a state audits, by the pages: a county is late, its clerk has lost the signing key, a wrong file is found too late to be replaced, a board leaves in the middle of a batch, a
// batch is not in its container and turns up afterwards. Each time it can be seen who is waited for, the others go on, and nothing is undone; the record
// that it leaves verifies.
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notHeld } from '../../server/test/published.ts';
import {
  announce,
  contest,
  manifestCsv,
  paper,
  rollDice,
  sealAll,
  totalsCsv,
  type Cast,
} from '../../server/test/testDesk.ts';
import { thePages } from '../built.ts';
import { beginBoard, bothConfirm, newBoard, typeCounts, unitAt, unsent } from './boardTable.ts';
import { haveBrowser, launch, openPage, signIn } from './browser.ts';
import { compareKey, keyShown, signBy } from './deskProcess.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

let browser: Browser;
let desk: OpenDesk;
let cast: Cast;
beforeAll(async () => {
  await thePages();
  if (!haveBrowser()) return;
  browser = await launch();
  desk = await openTestDesk('set up');
  cast = desk.cast!;
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

test.skipIf(!haveBrowser())('a state’s hard days', async () => {
  const { t } = desk;
  const params = { contest };
  const faults: (readonly string[])[] = [];
  const arrive = async (who: Cast['state']): Promise<Page> => {
    const opened = await openPage(browser, desk.address);
    faults.push(opened.faults);
    await signIn(opened.page, who, desk.digits(who));
    return opened.page;
  };

  // Two counties have sealed; the third is late, and the state sees which.
  await sealAll(t, cast, 'totals', paper, ['bibb', 'clarke']);
  const state = await arrive(cast.state);
  await state.goto('/desk');
  await state.getByText('1 county has not sealed: dade.').waitFor();
  const announcement = { contests: [{ contest, method: 'batch comparison' as const, riskLimit: '0.05' }] };
  expect(await t.refused(cast.state.client, 'announce', { body: announcement })).toBe(
    '409 county-not-sealed',
  );

  // Its clerk's device, and the key in it, are gone. The state withdraws the key, with the reason; on a new device another one is made, compared, and seals.
  const { dade } = cast.managers;
  const query = { name: 'dade.csv' };
  const ofDade = { county: 'dade' };
  await t.do(dade.client, 'manifest', { params: ofDade, query, file: manifestCsv(paper, 'dade') });
  await t.do(dade.client, 'batchTotals', {
    params: { ...ofDade, contest },
    query,
    file: totalsCsv(paper, 'dade'),
  });
  const prepared = await t.do(dade.client, 'seal', { params: ofDade });
  const byLostKey = t.signaturesFor(dade.key!, prepared);
  await state.goto('/desk/accounts');
  const row = state.getByRole('row', { name: 'dade-clerk person' });
  await row.getByRole('button', { name: 'Withdraw the key' }).click();
  const dialog = state.getByRole('dialog');
  await dialog.getByLabel('Why').selectOption('lost');
  await dialog.getByLabel('What happened, in words').fill('The laptop fell into the river.');
  await dialog.getByRole('button', { name: 'Withdraw it' }).click();
  await row.getByText('withdrawn; a new one is to be made').waitFor();
  const byHand = (sent: typeof byLostKey) =>
    t.refused(dade.client, 'sign', { params: { prepared: prepared.prepared }, body: sent });
  expect(await byHand(byLostKey)).toBe('409 unauthorised-key');
  const clerk = await arrive(dade);
  await clerk.goto('/desk/key');
  await clerk.getByRole('button', { name: 'Make the key without a file' }).click();
  await clerk.locator('.key-id').waitFor();
  const made = await keyShown(clerk);
  await clerk.goto('/desk/county/files');
  await clerk.getByRole('button', { name: 'Seal these files' }).waitFor();
  expect(await clerk.getByRole('button', { name: 'Seal these files' }).isDisabled()).toBe(true);
  await compareKey(state, 'dade-clerk person', made);
  // Neither does the old key sign under the new one's id.
  expect(await byHand({ ...byLostKey, keyid: made })).toBe('409 bad-signature');
  await clerk.reload();
  await signBy(clerk, 'Seal these files');
  await clerk.getByText('These files are sealed.').waitFor();
  await clerk.context().close();
  await state.goto('/desk');
  await state.getByRole('heading', { name: 'Now: announce contests and risk limits' }).waitFor();

  // A wrong file that is found after the dice were thrown stays what it is, and is not hidden.
  await announce(t, cast, 'batch comparison');
  await rollDice(t, cast);
  expect(
    await t.refused(cast.managers.bibb.client, 'manifest', {
      params: { county: 'bibb' },
      query,
      file: manifestCsv(paper, 'dade'),
    }),
  ).toBe('409 sealed-input-changed-after-seed');

  // A board counts half a batch, by one of its two, and leaves. Another one of the county takes the batch over.
  await t.do(cast.state.client, 'draw', { params, body: { draws: 14 } });
  const atTable = async (name: string, members?: readonly [string, string]): Promise<Page> => {
    const opened = await openPage(browser, desk.address);
    faults.push(opened.faults);
    await beginBoard(opened.page, await newBoard(desk, name), members);
    await opened.page.getByRole('link', { name: 'Count the next batch' }).click();
    await opened.page.locator('form.tally').waitFor();
    return opened.page;
  };
  const left = await atTable('Morning');
  const halfCounted = unitAt(left);
  await typeCounts(left, 'Ada', [1, 2, 0, 3, 0]);
  await left.getByRole('heading', { name: 'Ben counts' }).waitFor();
  const took = await atTable('Afternoon', ['Cal', 'Dan']);
  expect(unitAt(took)).toBe(halfCounted);
  const onPaper = (unit: string): readonly [number, number, number] =>
    paper.bibb[Number(/B(\d+)$/.exec(unit)![1]) - 1]!;
  const [ann, bob, blank] = onPaper(halfCounted);
  for (const who of ['Cal', 'Dan']) await typeCounts(took, who, [ann, bob, 0, blank, 0]);
  await bothConfirm(took);
  await unsent(took, 0);
  // The others come back: what they had begun is done, by others, and they are not asked for the rest of it.
  await left.reload();
  await left.getByText('This was read before').waitFor();
  await left.goto('/desk/board');
  await left.getByRole('link', { name: 'Count the next batch' }).click();
  expect(unitAt(left)).not.toBe(halfCounted);

  // The next batch is not in its container.
  const lost = unitAt(left);
  await left.getByRole('button', { name: 'The batch cannot be found' }).click();
  await bothConfirm(left);
  await unsent(left, 0);
  const told = async (unit: string) =>
    (await t.do(t.public, 'readings', { params, query: { unit } })).units[0]!.told;
  expect(await told(halfCounted)).toMatchObject([{ by: [{ name: 'Cal' }, { name: 'Dan' }] }]);
  expect(await told(lost)).toMatchObject([{ batch: 'not found' }]);

  // Bibb and Clarke go on to the end of their lists; Dade has not begun, and everybody sees it.
  for (const county of ['bibb', 'clarke'] as const) await readAll(county);
  await state.goto('/desk');
  await state.getByText(/still to be read in dade\./).waitFor();
  expect(await t.refused(cast.state.client, 'assess', { params })).toBe('409 paper-not-read');
  await readAll('dade');

  // Before anybody has assessed, the lost one is found on another shelf: the board puts its own reading right, and says so.
  const [a, b, none] = onPaper(lost);
  await left.goto(`/desk/board/count?unit=${encodeURIComponent(lost)}&contest=${contest}`);
  await left.getByText('This was read before').waitFor();
  await left.getByLabel('Why it is read again').selectOption({ label: 'It was found after all' });
  await left.getByLabel('What happened, in words').fill('It stood on the shelf of the next precinct.');
  for (const who of ['Ada', 'Ben']) await typeCounts(left, who, [a, b, 0, none, 0]);
  await bothConfirm(left);
  await unsent(left, 0);
  expect(await told(lost)).toMatchObject([
    { batch: 'not found' },
    { batch: { votes: [a, b] }, words: 'It stood on the shelf of the next precinct.' },
  ]);
  const { contest: assessed } = await t.do(cast.state.client, 'assess', { params });
  expect(assessed).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
  expect((await t.do(t.public, 'discrepancies', { params })).discrepancies).toEqual([]);
  expect(faults.flat()).toEqual([]);
  expect(await notHeld(t.desk.keeper)).toEqual([]);

  async function readAll(county: 'bibb' | 'clarke' | 'dade'): Promise<void> {
    const board = await t.board(cast.managers[county], county);
    for (const unit of (await t.do(board, 'work', {})).units) {
      if (unit.contests.every((c) => c.done)) continue;
      const [votesAnn, votesBob] = paper[county][Number(unit.batch.slice(1)) - 1]!;
      await t.do(board, 'readBatch', {
        body: { contest, unit: unit.id, votes: [votesAnn, votesBob], confirmedByBoth: true },
      });
    }
  }
});
