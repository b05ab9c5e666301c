// A county manager at the browser: files that do not fit are told apart with what to do, files that do are seen sealed, a board is
// made and its paper printed, a difference is explained. axe on each page, in both languages, at a phone's width too.
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  announce,
  boards,
  contest,
  counties,
  cvrCsv,
  manifestCsv,
  paper,
  readAll,
  rollDice,
  totalsCsv,
  type Paper,
} from '../../server/test/testDesk.ts';
import { englishIn, haveBrowser, launch, openPage, signIn, violations } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

const file = (name: string, bytes: Uint8Array | string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(bytes),
});

describe.skipIf(!haveBrowser())('a county manager', () => {
  let browser: Browser;
  let desk: OpenDesk;
  let page: Page;
  let faults: string[];
  beforeAll(async () => {
    desk = await openTestDesk('set up');
    browser = await launch();
    const opened = await openPage(browser, desk.address);
    page = opened.page;
    ({ faults } = opened);
    const person = desk.cast!.managers.bibb;
    await signIn(page, person, desk.digits(person));
  });
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });

  const go = async (path: string, heading: string | RegExp): Promise<void> => {
    await page.goto(`/desk/county${path}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  };
  const give = (title: string, of: ReturnType<typeof file>) =>
    page.getByRole('region', { name: title }).locator('input[type=file]').setInputFiles(of);

  test('is told what does not fit, by batch and by line, and seals what does', async () => {
    await go('/files', 'Files and seal');
    await give('Ballot manifest', file('m.csv', 'Tabulator,Batch Name,Number of Ballots\nT1,B1,ten\n'));
    await page.getByText(/m\.csv, line 2/).waitFor();
    await give(
      'Ballot manifest',
      file('m.csv', 'Tabulator,Batch Name,Number of Ballots\nT1,B1,10\nT1,B2,20\n'),
    );
    await page.getByText('2 rows read').waitFor();
    await give('Batch totals: Mayor', file('t.csv', 'Batch Name,Ann,Bob\nB1,9,2\nB3,1,1\n'));
    await page
      .getByRole('alert')
      .getByText('Batch B3 is in the totals of Mayor, but not in the manifest.')
      .waitFor();
    await page.getByRole('alert').getByText('Batch B2 of the manifest has no totals in Mayor.').waitFor();
    expect(await page.getByRole('button', { name: 'Seal these files' }).isDisabled()).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Español' }).click();
    await page.getByText('El lote B3 está en los totales de Mayor').waitFor();
    expect(await englishIn(page)).toEqual([]);
    // Why a file was not read, and what was seen in one that was.
    const manifest = (text: string) => give('Manifiesto de boletas', file('m.csv', text));
    await manifest('Tabulator,Batch Name,Number of Ballots\nT1,B1,ten\n');
    await page
      .getByText('m.csv, línea 2: Se esperaba una cantidad; se encontró "ten". Revise la celda')
      .waitFor();
    expect(await englishIn(page)).toEqual([]);
    await manifest('Tabulator,Batch Name,Number of Ballots,Colour\nT1,B1,10,red\nT1,B2,20,red\n');
    await page.getByText('1 observación sobre el archivo').click();
    await page
      .getByText('m.csv, línea 1: Se esperaba un encabezado conocido; se encontró "Colour".')
      .waitFor();
    // Every other thing that totals or records can be found with: too few and too many, names nobody knows, a number beyond the batch.
    const findings = page.getByRole('region', { name: 'Lo que se encontró' });
    const found = async (...sentences: readonly string[]) => {
      for (const words of sentences) await findings.getByText(words).waitFor();
      expect(await englishIn(page)).toEqual([]);
    };
    await found('en su papel caben 10 como máximo', 'El lote B2 del manifiesto no tiene totales');
    await found('Mayor: los totales por lote no son el resultado informado. Informado: Ann 645, Bob 300.');
    await give(
      'Manifiesto de boletas',
      file('m.csv', 'Tabulator,Batch Name,Number of Ballots\nT1,B1,10\nT2,B1,20\n'),
    );
    await found('Dos lotes se llaman B1; el segundo está en la línea 3.');
    const cvrs = (...records: readonly string[]) =>
      `Test,5.10.11.24,,,,,,,,\n,,,,,,,,Mayor (Vote For=1),Mayor (Vote For=1)\n,,,,,,,,Ann,Bob\nCvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,\n${records
        .map((r, i) => `${i + 1},${r},x${i},Election Day,P1,S1,${i % 2},${(i + 1) % 2}`)
        .join('\n')}\n`;
    await give(
      'Registros de votos emitidos',
      file('c.csv', cvrs('T1,B1,1', 'T1,B1,2', 'T1,B1,11', 'T3,B9,1')),
    );
    await found('Un registro del lote T1/B1 lleva el número 11', 'El lote T3/B9 tiene 1 registro,');
    await found(
      'El lote T2/B1 tiene 20 hojas y solo 0 registros.',
      'Mayor: los registros de votos emitidos no suman',
    );
    await give('Manifiesto de boletas', file('m.csv', 'Tabulator,Batch Name,Number of Ballots\nT1,B1,2\n'));
    await found('El lote T1/B1 tiene 3 registros; el manifiesto le da 2 hojas.');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.getByRole('button', { name: 'English' }).click();

    await give('Ballot manifest', file('m.csv', manifestCsv(paper, 'bibb')));
    await give('Batch totals: Mayor', file('t.csv', totalsCsv(paper, 'bibb')));
    await give('Cast vote records', file('c.csv', cvrCsv(paper, 'bibb')));
    await page.getByText('The files agree with each other').waitFor();
    const { t, cast } = desk;
    const { bibb } = cast!.managers;
    await t.sign(bibb, await t.do(bibb.client, 'seal', { params: { county: 'bibb' } }));
    await page.reload();
    await page.getByText('These files are sealed.').waitFor();
    await go('', /bibb: what is to be done/);
    await page.getByText('Sealed: 10 batches, 985 ballots or cards.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('makes a board, whose code is shown once and opens its screen', async () => {
    await go('/boards', 'Boards and papers');
    await page.getByLabel('Name of the board').fill('Board 7');
    await page.getByRole('button', { name: 'Make the board' }).click();
    const code = await page.locator('.board-code').textContent();
    expect(await violations(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Print the board’s paper' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Board 7.pdf');
    await page.reload();
    await page.getByRole('listitem').getByText('Board 7').waitFor();
    expect(await page.content()).not.toContain(code);
    const answer = await fetch(`${desk.address}/api/board-session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code,
        members: [
          { name: 'Ada', party: 'Blue' },
          { name: 'Ben', party: 'Red' },
        ],
      }),
    });
    expect(answer.status).toBe(200);
  });

  test('sees what differs once a round is assessed, and explains it on the record', async () => {
    const { t, cast, state } = desk;
    for (const county of counties.filter((c) => c !== 'bibb')) {
      const { client } = cast!.managers[county];
      const query = { name: 'x.csv' };
      await t.do(client, 'manifest', { params: { county }, query, file: manifestCsv(paper, county) });
      await t.do(client, 'batchTotals', {
        params: { county, contest },
        query,
        file: totalsCsv(paper, county),
      });
      await t.sign(cast!.managers[county], await t.do(client, 'seal', { params: { county } }));
    }
    await announce(t, cast!, 'batch comparison');
    await rollDice(t, cast!);
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    await go('/discrepancies', 'Where paper and machine differ');
    await page.getByText('No round is assessed yet').waitFor();
    // One vote less for Ann in each of Bibb's batches than the machine had.
    const found: Paper = {
      ...paper,
      bibb: paper.bibb.map(([a, b, blank]) => [a - 1, b, blank + 1] as const),
    };
    await readAll(t, await boards(t, cast!), found);
    await t.do(state.client, 'assess', { params: { contest } });
    await go('/discrepancies', 'Where paper and machine differ');
    const first = page.locator('article.difference').first();
    await first.getByText('not explained').waitFor();
    expect(await violations(page)).toEqual([]);
    await first.getByText('Write down what you found').click();
    await first.getByLabel('Why they differ').selectOption('tallied wrongly by hand');
    await first.getByLabel('In words').fill('Two ballots stuck together.');
    await first.getByRole('button', { name: 'Record a note only' }).click();
    await first.getByText('Looked at by').waitFor();
    await first.getByLabel('In words').fill('The pile was counted again with a witness.');
    await first.getByRole('button', { name: 'Record this explanation' }).click();
    await first.locator('strong', { hasText: 'It was tallied wrongly by hand' }).waitFor();
    await first.getByText('Everything that was read here').click();
    await first.getByText('read by Ada (Blue), Ben (Red)').waitFor();
    expect(await violations(page)).toEqual([]);
    const { discrepancies } = await t.do(t.public, 'discrepancies', { params: { contest } });
    expect(discrepancies.filter((d) => d.status === 'explained')).toMatchObject([
      {
        jurisdiction: 'bibb',
        reasons: [{ reason: 'tallied wrongly by hand', words: 'The pile was counted again with a witness.' }],
        notes: [{ words: 'Two ballots stuck together.' }],
      },
    ]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Español' }).click();
    await page.getByText('sin explicar').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});
