// Whole audits in a real browser over a real server process, and what strangers make of the record that they leave.
import { readdirSync, readFileSync } from 'node:fs';
import { routes, type Client } from '@opencanvass/contract';
import { contestId, jurisdictionId } from '@opencanvass/evidence/election';
import { readBatchTotals } from '@opencanvass/evidence/formats';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../tests/sharedData.ts';
import {
  manifestCsv,
  resultsCsv,
  counties as threeCounties,
  type Paper,
} from '../../server/test/testDesk.ts';
import { thePages } from '../built.ts';
import { haveBrowser, launch, violations } from './browser.ts';
import { checkedByAnyone } from './checkedByAnyone.ts';
import {
  apiOf,
  compareKey,
  DeskProcess,
  keyShown,
  makeKey,
  newAccount,
  person,
  Remote,
  signBy,
} from './deskProcess.ts';
import { sealByPage, type CountyFile } from './sealByPage.ts';

/** The election and its contests, from the results file. */
async function setUp(page: Page, election: string, results: Uint8Array): Promise<void> {
  await page.goto('/desk');
  await page.getByRole('link', { name: 'Set the audit up' }).click();
  await page.getByLabel('Name of the election').fill(election);
  await page.getByLabel('Election day').fill('2026-11-03');
  await page.getByLabel('State', { exact: true }).selectOption('GA');
  await page
    .getByLabel('Reported results')
    .setInputFiles({ name: 'results.csv', mimeType: 'text/csv', buffer: Buffer.from(results) });
  await page.getByRole('button', { name: 'Begin the record' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Begin the record' }).click();
  await page.getByRole('heading', { name: 'Now: the counties seal their files' }).waitFor();
}

async function announce(page: Page, contest: string, method: string, limit?: string): Promise<void> {
  await page.goto('/desk/announcement');
  await page.locator('label').filter({ hasText: contest }).click();
  await page.locator('.usa-radio label').filter({ hasText: method }).click();
  if (limit !== undefined) await page.getByLabel('Risk limit, in percent').fill(limit);
  await page.getByRole('button', { name: 'Announce 1 contest' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Announce 1 contest' }).click();
  await page.waitForURL(/\/desk\/?$/);
}

const verdict = (page: Page): Promise<string> => page.locator('main .usa-alert').first().innerText();

describe.skipIf(!haveBrowser())('whole audits by the pages', () => {
  let browser: Browser;
  let desk: DeskProcess;
  beforeAll(async () => {
    await thePages();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await desk?.remove();
  });

  test.skipIf(!haveShared())(
    'a batch comparison of five counties, from the results file to the certificate; verify and the offline page hold it',
    { timeout: 600_000 },
    async () => {
      desk = await DeskProcess.start();
      const small = smallElection();
      const state = await person(browser, desk, desk.first);
      await setUp(state.page, 'Small Election', small.results);
      await makeKey(state.page);
      await compareKey(state.page, 'State administrator', await keyShown(state.page).catch(() => ''));

      // Everybody gets an account; the canvass board's and one county's by the page, and their secrets from it.
      const canvassSecrets = await newAccount(state.page, {
        name: 'Cass Canvass',
        login: 'cass',
        role: 'canvass board',
      });
      const canvass = await person(browser, desk, canvassSecrets);
      await makeKey(canvass.page);
      await compareKey(state.page, 'Cass Canvass', await keyShown(canvass.page));
      const api = await apiOf(state.page, desk);
      const managers = new Map<string, Client>();
      const faults: (readonly string[])[] = [state.faults, canvass.faults];
      for (const { title, id } of small.counties) {
        const files = filesOf(small.folder, title);
        if (managers.size === 0) {
          const clerk = await newClerk(state.page, title, id);
          expect(await sealByPage(clerk.page, files)).toContain(files[0].name);
          managers.set(id, await apiOf(clerk.page, desk));
          faults.push(clerk.faults);
          continue;
        }
        const made = await desk.do(api, routes.createAccount, {
          body: { login: id, name: `${title} clerk`, role: 'county manager', jurisdiction: id },
        });
        const manager = await Remote.arrive(desk, { login: id, ...made });
        await desk.do(api, routes.authoriseKey, {
          params: { account: made.account.id },
          body: { keyid: manager.keyid },
        });
        managers.set(id, manager.client);
        const [manifest, totals] = files;
        const params = { county: id };
        await desk.do(manager.client, routes.manifest, {
          params,
          query: { name: manifest.name },
          file: manifest.bytes,
        });
        await desk.do(manager.client, routes.batchTotals, {
          params: { ...params, contest: contestId(smallName) },
          query: { name: totals.name },
          file: totals.bytes,
        });
        await manager.sign(await desk.do(manager.client, routes.seal, { params }));
      }

      await state.page.goto('/desk');
      await state.page.getByRole('heading', { name: 'Now: announce contests and risk limits' }).waitFor();
      expect(await state.page.getByText('5 of 5').first().isVisible()).toBe(true);
      await announce(state.page, small.name, 'batch comparison', '10');

      await state.page.goto('/desk/seed');
      await state.page.getByLabel('Digits').fill('27182818284590452353');
      await state.page.getByLabel('Witnesses').fill('Ona Observer, Blue\nRob Roe, Red');
      expect(await signBy(state.page, 'Sign the seed')).toContain('27182818284590452353');
      await state.page.getByText('There is one seed, and never another.').waitFor();

      const { page } = state;
      await page.goto('/desk');
      await page.getByRole('link', { name: 'Open the contest' }).click();
      for (const round of [1, 2]) {
        await page.getByLabel(`Draws of batches in round ${round}`).fill('10');
        await page.getByRole('button', { name: `Draw round ${round}` }).click();
        await page.getByText(/Audit boards have read \d+ of/).waitFor();
        await readRound(small, managers, round === 1);
        await page.reload();
        await page.getByRole('button', { name: 'Assess' }).click();
        await page.getByRole('cell', { name: round === 1 ? 'Go on' : 'Confirmed' }).waitFor();
      }
      // The specification of the election names Erin George the winner.
      expect(await verdict(page)).toMatch(/confirms the reported outcome of .*: Erin George\..* at most 10%/);

      await canvass.page.goto('/desk/certificate');
      await canvass.page.getByLabel('In your own words').fill('We canvassed the returns and sign them.');
      expect(await signBy(canvass.page, 'Sign the certificate')).toContain('Erin George');
      await canvass.page.getByText('The certificate is on the record, signed.').waitFor();

      // The audits have ended: the seals are opened, one by the page, the others by the API.
      await page.goto('/desk/record');
      await page.getByLabel('Show').selectOption({ label: 'Seals' });
      await page
        .getByRole('button', { name: /^Open the seal of entry/ })
        .first()
        .click();
      await page.getByText('A seal is opened').waitFor();
      const { entries } = await desk.do(api, routes.entries, { query: { kinds: 'CVRs sealed' } });
      for (const { entry, body } of entries)
        if (body === undefined)
          await desk.do(api, routes.openSeal, {
            params: { position: (entry as { position: number }).position },
          });
      expect(faults.flat()).toEqual([]);
      for (const context of browser.contexts()) await context.close();

      const { words, fails, status, verdict: first } = await checkedByAnyone(browser, desk.address);
      expect(fails).toEqual([]);
      for (const check of [
        'log-tree',
        'entries-in-order',
        'sample-drawn-again',
        'assessed-again',
        'certificate-says-outcome',
      ])
        expect(words.get(check), check).toBe('holds');
      expect(status).toBe(0);
      expect(first).toContain('Erin George');
    },
  );

  test(
    'a full hand count that reverses the reported winner: the desk says so, and cannot be made to say anything else',
    { timeout: 600_000 },
    async () => {
      await desk?.remove();
      desk = await DeskProcess.start();
      const reported: Paper = { bibb: [[60, 40, 0]], clarke: [[55, 45, 0]], dade: [[52, 48, 0]] };
      const onPaper: Paper = { bibb: [[45, 55, 0]], clarke: [[45, 55, 0]], dade: [[48, 52, 0]] };
      const state = await person(browser, desk, desk.first);
      const { page } = state;
      await setUp(page, 'City Election', resultsCsv(reported));
      await makeKey(page);
      await compareKey(page, 'State administrator', await keyShown(page).catch(() => ''));
      const secrets = await newAccount(page, { name: 'Cass Canvass', login: 'cass', role: 'canvass board' });
      const canvass = await person(browser, desk, secrets);
      await makeKey(canvass.page);
      await compareKey(page, 'Cass Canvass', await keyShown(canvass.page));
      const api = await apiOf(page, desk);
      const managers: Client[] = [];
      const faults: (readonly string[])[] = [state.faults, canvass.faults];
      for (const county of threeCounties) {
        const bytes = manifestCsv(reported, county);
        if (managers.length === 0) {
          const clerk = await newClerk(page, county, county);
          await sealByPage(clerk.page, [{ title: 'Ballot manifest', name: 'manifest.csv', bytes }]);
          managers.push(await apiOf(clerk.page, desk));
          faults.push(clerk.faults);
          continue;
        }
        const made = await desk.do(api, routes.createAccount, {
          body: { login: county, name: `${county} clerk`, role: 'county manager', jurisdiction: county },
        });
        const manager = await Remote.arrive(desk, { login: county, ...made });
        await desk.do(api, routes.authoriseKey, {
          params: { account: made.account.id },
          body: { keyid: manager.keyid },
        });
        await desk.do(manager.client, routes.manifest, {
          params: { county },
          query: { name: 'manifest.csv' },
          file: bytes,
        });
        await manager.sign(await desk.do(manager.client, routes.seal, { params: { county } }));
        managers.push(manager.client);
      }
      await announce(page, 'Mayor', 'full hand count');
      await page.getByRole('link', { name: 'Open the contest' }).click();
      await page.getByRole('button', { name: 'Order a full hand count' }).click();
      await page.getByRole('dialog').getByLabel('Why').fill('The statute asks for it.');
      await page.getByRole('dialog').getByRole('button', { name: 'Order a full hand count' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      // Not before every county has counted.
      await page.getByRole('button', { name: 'Assess' }).click();
      await page.getByText('has not reported its hand count yet').waitFor();
      await canvass.page.goto('/desk/certificate');
      await canvass.page.getByText('1 contest has not come to an end').waitFor();
      expect(await canvass.page.getByRole('button', { name: 'Sign the certificate' }).count()).toBe(0);
      for (const [i, county] of threeCounties.entries())
        await desk.do(managers[i]!, routes.handCount, {
          params: { county, contest: 'mayor' },
          body: {
            batches: onPaper[county].map(([ann, bob], b) => ({
              tabulator: 'T1',
              batch: `B${b + 1}`,
              votes: [ann, bob],
              blank: 0,
              overvote: 0,
            })),
          },
        });
      await page.reload();
      await page.getByRole('button', { name: 'Assess' }).click();
      await page.getByRole('heading', { name: 'full hand count corrects' }).waitFor();
      expect(await verdict(page)).toContain(
        'it elects Bob, not who was reported. The hand count replaces the report.',
      );
      // Nothing is left on the page that could be done about it, and by hand-made requests it is refused.
      for (const name of ['Assess', 'Order a full hand count', 'Draw round 1'])
        expect(await page.getByRole('button', { name }).count(), name).toBe(0);
      const board = await apiOf(canvass.page, desk);
      const complete = [{ contest: 'mayor', ending: 'confirmed', winners: ['ann'] }];
      const asReported = {
        batches: reported.bibb.map(([ann, bob], b) => ({
          tabulator: 'T1',
          batch: `B${b + 1}`,
          votes: [ann, bob],
          blank: 0,
          overvote: 0,
        })),
      };
      const lot = { winners: ['ann'], how: 'by hand', statute: 'none', witnesses: ['One', 'Two'] };
      const refused = async (
        ...attempts: readonly (readonly [Client, string, object])[]
      ): Promise<string[]> => {
        const answers: string[] = [];
        for (const [client, path, body] of attempts) {
          const { status, said } = await byHand(client, path, body);
          answers.push(`${status} ${said.code ?? 'done'}`);
        }
        return answers;
      };
      expect(
        await refused(
          [api, '/contests/mayor/assessment', { ending: 'confirmed', winners: ['ann'] }],
          [api, '/contests/mayor/full-hand-count', { why: 'Again.' }],
          [api, '/contests/mayor/rounds', { draws: 1 }],
          [api, '/announcement', { contests: [{ contest: 'mayor', method: 'full hand count' }] }],
          [api, '/certificate', { words: 'All is complete.' }],
          [board, '/contests/mayor/lot', lot],
          [managers[0]!, '/counties/bibb/hand-counts/mayor', asReported],
          [managers[0]!, '/counties/clarke/hand-counts/mayor', asReported],
        ),
      ).toEqual([
        '409 contest-has-ended',
        '409 ordered-already',
        '409 sample-before-seed',
        '409 announced-already',
        '403 role-not-allowed',
        '409 no-tie',
        '409 counted-already',
        '403 another-county',
      ]);
      // What is to be signed is what the desk found, whatever is asked for; and a signature of anything else is none.
      const { said } = await byHand(board, '/certificate', { words: 'All is complete.', contests: complete });
      expect(JSON.parse(Buffer.from(said.bodies![0]!, 'base64').toString())).toMatchObject({
        body: { contests: [{ contest: 'mayor', ending: 'full hand count corrects', winners: ['bob'] }] },
      });
      const { keyid } = await desk.do(board, routes.whoAmI, {});
      const sigs = [Buffer.alloc(64).toString('base64')];
      expect(await refused([board, `/prepared/${said.prepared}`, { keyid, sigs }])).toEqual([
        '409 bad-signature',
      ]);

      await canvass.page.reload();
      await canvass.page.getByLabel('In your own words').fill('The audit is complete; all is as reported.');
      const signed = await signBy(canvass.page, 'Sign the certificate');
      expect(signed).toContain('Full hand count corrects');
      expect(signed).toContain('it elects Bob, not who was reported');
      await canvass.page.getByText('The certificate is on the record, signed.').waitFor();
      for (const at of [page, canvass.page]) {
        await at.goto('/desk');
        await at.getByRole('heading', { name: 'The audit is signed off' }).waitFor();
        const text = await at.locator('main').innerText();
        expect(text).toContain('it elects Bob, not who was reported');
        expect(text).not.toMatch(/complete|confirmed|agrees/);
        expect(await violations(at)).toEqual([]);
      }
      const { entries } = await desk.do(api, routes.entries, { query: { kinds: 'certificate signed' } });
      expect(entries[0]!.body).toMatchObject({
        contests: [{ contest: 'mayor', ending: 'full hand count corrects', winners: ['bob'] }],
      });
      expect
        .soft(
          await refused(
            [board, '/certificate', { words: 'All is complete.' }],
            [api, '/contests/mayor/assessment', {}],
            [
              managers[0]!,
              '/counties/bibb/hand-counts/mayor/correction',
              { why: 'misread', words: 'as reported', ...asReported },
            ],
          ),
        )
        .toEqual(['409 after-certificate', '409 after-certificate', '409 after-certificate']);
      expect(faults.flat()).toEqual([]);
      for (const context of browser.contexts()) await context.close();

      // To whoever checks it the record holds, and the election has an exception: exit status 1.
      const { words, fails, status, verdict: first } = await checkedByAnyone(browser, desk.address);
      expect(first).toContain(
        'A full hand count corrects the reported outcome: Bob won by 24 votes, not Ann.',
      );
      expect([...fails].sort()).toEqual([
        'differences-below-margin',
        'equal-counts',
        'margin-variation',
        'same-winner',
      ]);
      for (const check of [
        'log-tree',
        'entries-in-order',
        'acts-signed',
        'assessed-again',
        'certificate-says-outcome',
      ])
        expect(words.get(check), check).toBe('holds');
      expect(status).toBe(1);
    },
  );

  /** A request that no page of the desk makes. */
  async function byHand(client: Client, path: string, body: object) {
    const answer = await fetch(`${desk.address}/api${path}`, {
      method: 'POST',
      headers: { cookie: client.cookie!, 'x-csrf-token': client.csrf!, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = (await answer.json()) as { code?: string; prepared?: string; bodies?: readonly string[] };
    return { status: answer.status, said };
  }

  /** A county's clerk with a key made in the browser, which the state compared. */
  async function newClerk(state: Page, title: string, login: string) {
    const name = `${title} clerk`;
    const secrets = await newAccount(state, { name, login, role: 'county manager', county: title });
    const clerk = await person(browser, desk, secrets);
    await makeKey(clerk.page);
    await compareKey(state, name, await keyShown(clerk.page));
    return clerk;
  }

  /** Boards read what is drawn: the first batch at the screen where `atScreen`, the others by the API. */
  async function readRound(
    { counted }: ReturnType<typeof smallElection>,
    managers: ReadonlyMap<string, Client>,
    atScreen: boolean,
  ): Promise<void> {
    let screen = atScreen;
    const contest = contestId(smallName);
    const { units } = await desk.do(desk.client(), routes.sample, { params: { contest } });
    for (const county of new Set(units.map((u) => u.jurisdiction))) {
      const { code } = await desk.do(managers.get(county)!, routes.createBoard, {
        params: { county },
        body: { name: `Board ${atScreen ? 1 : 2}` },
      });
      if (screen) await readAtScreen(code, (batch) => counted.get(`${county} ${batch}`)!);
      screen = false;
      const members: [{ name: string; party: string }, { name: string; party: string }] = [
        { name: 'Ada', party: 'Blue' },
        { name: 'Ben', party: 'Red' },
      ];
      const begun = await fetch(`${desk.address}/api/board-session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, members }),
      });
      const { csrf } = (await begun.json()) as { csrf: string };
      const board = desk.client({ csrf, cookie: begun.headers.get('set-cookie')!.split(';')[0]! });
      for (const unit of (await desk.do(board, routes.work, {})).units)
        if (!unit.contests[0]!.done)
          await desk.do(board, routes.readBatch, {
            body: {
              contest,
              unit: unit.id,
              votes: [...counted.get(`${county} ${unit.batch}`)!],
              confirmedByBoth: true,
            },
          });
    }
  }

  /** Two people count a batch, each alone, and confirm. */
  async function readAtScreen(code: string, votesOf: (batch: string) => readonly number[]): Promise<void> {
    const context = await browser.newContext({ baseURL: desk.address, locale: 'en-US' });
    const page = await context.newPage();
    await page.goto(`/desk/board#${code}`);
    const given = ['Ada', 'Blue', 'Ben', 'Red'];
    for (const [i, label] of ['Name', 'Party', 'Name', 'Party'].entries())
      await page
        .getByLabel(new RegExp(`^${label}`))
        .nth(i < 2 ? 0 : 1)
        .fill(given[i]!);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('link', { name: 'Count the next batch' }).click();
    const place = await page.locator('.lead').innerText();
    const votes = votesOf(/batch (.+): /.exec(place)![1]!);
    for (const who of ['Ada', 'Ben']) {
      await page.getByRole('heading', { name: `${who} counts` }).waitFor();
      const fields = page.locator('.tally input');
      for (let i = 0; i < (await fields.count()); i++) await fields.nth(i).fill(String(votes[i] ?? 0));
      await page.getByRole('button', { name: `${who} is done` }).click();
    }
    await page.locator('.both-confirm').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.getByText(/tallies left|Everything is read/).waitFor();
    await context.close();
  }
});

const smallName = 'Minister of Farming';

/** A county's manifest and batch totals. */
function filesOf(folder: string, county: string) {
  const file = (title: string, name: string): CountyFile => ({
    title,
    name,
    bytes: new Uint8Array(readFileSync(`${folder}/${name}`)),
  });
  return [
    file('Ballot manifest', `${county} - ballot manifest.csv`),
    file(`Batch totals: ${smallName}`, `${county} - ${smallName} - candidate totals by batch.csv`),
  ] as const;
}

/** The small election that a deployed tool is tested with (shared data); reported is what its batches add up to. */
function smallElection() {
  const folder = sharedFile('data/small-election');
  const titles = readdirSync(folder)
    .filter((f) => f.endsWith('ballot manifest.csv'))
    .map((f) => f.replace(' - ballot manifest.csv', ''));
  const lines = ['contest,jurisdiction,choice,votes'];
  const counted = new Map<string, readonly number[]>();
  for (const county of titles) {
    const bytes = new Uint8Array(
      readFileSync(`${folder}/${county} - ${smallName} - candidate totals by batch.csv`),
    );
    const totals = readBatchTotals('t', bytes);
    if (!totals.ok) throw new Error(JSON.stringify(totals.refusals));
    const { choices, batches, votes } = totals.value[0]!;
    for (const [c, choice] of choices.entries())
      lines.push(
        `${smallName},${county},${choice},${batches.reduce((n, _, b) => n + votes[b * choices.length + c]!, 0)}`,
      );
    for (const [b, batch] of batches.entries())
      counted.set(`${jurisdictionId(county)} ${batch}`, [
        ...votes.subarray(b * choices.length, (b + 1) * choices.length),
      ]);
  }
  return {
    folder,
    name: smallName,
    counties: titles.map((title) => ({ title, id: jurisdictionId(title) })),
    results: new TextEncoder().encode(`${lines.join('\n')}\n`),
    counted,
  };
}
