// The ballot screen of a ranked contest, in a real browser: marks at each rank by keyboard and by touch, a rank left out, two at one rank, blank, more marks
// than a contest allows, a card that is not found, a name written in beside it; read back by rank, confirmed by both, and on the record as it was told.
import { toUtf8 } from '@opencanvass/evidence/bytes';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notHeld } from '../../server/test/published.ts';
import { rollDice, type Cast, type Person } from '../../server/test/testDesk.ts';
import { thePages } from '../built.ts';
import { beginBoard, bothConfirm, unsent } from './boardTable.ts';
import { haveBrowser, launch, openPage, violations, type Opened } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

const choices = ['Ivy', 'Jon', 'Kim'] as const;
type Ranks = readonly (readonly (typeof choices)[number][])[];

/** By the cards of Bibb's only batch: who stands at which rank of the judge's contest, and the mark for mayor. */
const cards: readonly { readonly judge: Ranks; readonly mayor: 'Ann' | 'Bob' | 'written in' }[] = [
  { judge: [['Ivy'], ['Jon'], ['Kim']], mayor: 'Ann' },
  { judge: [[], ['Jon'], ['Kim']], mayor: 'Bob' },
  { judge: [['Ivy', 'Jon'], ['Kim']], mayor: 'Ann' },
  { judge: [], mayor: 'written in' },
  { judge: [['Ivy', 'Jon', 'Kim']], mayor: 'Ann' },
  { judge: [['Kim']], mayor: 'Ann' },
  ...Array.from({ length: 24 }, (_, i) => ({
    judge: i % 3 === 0 ? [['Jon' as const]] : [['Ivy' as const], ['Kim' as const]],
    mayor: i % 4 === 0 ? ('Bob' as const) : ('Ann' as const),
  })),
];
const ids = (ranks: Ranks): string[][] => ranks.map((at) => at.map((name) => name.toLowerCase()));

/** Of the judge's contest first choices: the records alone say whom they elect. */
const results = (): Uint8Array => {
  const rows = [
    ...choices.map((c) => `Judge,Bibb,${c},${cards.filter((card) => card.judge[0]?.includes(c)).length}`),
    ...['Ann', 'Bob'].map((c) => `Mayor,Bibb,${c},${cards.filter((card) => card.mayor === c).length}`),
  ];
  return toUtf8(`contest,jurisdiction,choice,votes\n${rows.join('\n')}\n`);
};
function cvrs(): Uint8Array {
  const ranked = [1, 2, 3].flatMap((rank) => choices.map((name) => ({ rank, name })));
  const rows = cards.map(({ judge, mayor }, i) => {
    const marks = [
      ...ranked.map(({ rank, name }) => judge[rank - 1]?.includes(name) === true),
      mayor === 'Ann',
      mayor === 'Bob',
    ];
    return `${i + 1},T1,B1,${i + 1},T1-B1-${i + 1},Election Day,P1,S1,${marks.map((m) => (m ? 1 : 0)).join(',')}`;
  });
  const heads = [
    ...ranked.map(() => '"Judge (Number of positions=1, Number of ranks=3)"'),
    'Mayor (Vote For=1)',
    'Mayor (Vote For=1)',
  ];
  const labels = [...ranked.map(({ rank, name }) => `${name}(${rank})`), 'Ann', 'Bob'];
  const blank = ',,,,,,,,';
  return toUtf8(
    [
      `Test,5.10.11.24${','.repeat(6 + heads.length)}`,
      `${blank}${heads.join(',')}`,
      `${blank}${labels.join(',')}`,
      `CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType${','.repeat(heads.length)}`,
      ...rows,
      '',
    ].join('\n'),
  );
}

let desk: OpenDesk;
let browser: Browser;
let manager: Person;
beforeAll(async () => {
  await thePages();
  if (!haveBrowser()) return;
  browser = await launch();
  desk = await openTestDesk('empty');
  const { t, state } = desk;
  await t.do(state.client, 'setUp', {
    query: {
      name: 'results.csv',
      election: 'City Election',
      date: '2026-11-03',
      state: 'GA',
      rules: JSON.stringify([{ contest: 'Judge', rule: { kind: 'instantRunoff', ranks: 3 } }]),
    },
    file: results(),
  });
  await t.key(state, state);
  manager = await t.account(state, 'bibb-clerk', 'county manager', 'bibb');
  const params = { county: 'bibb' };
  const manifest = toUtf8(`Tabulator,Batch Name,Number of Ballots\nT1,B1,${cards.length}\n`);
  await t.do(manager.client, 'manifest', { params, query: { name: 'm.csv' }, file: manifest });
  await t.do(manager.client, 'cvrs', { params, query: { name: 'c.csv' }, file: cvrs() });
  await t.sign(manager, await t.do(manager.client, 'seal', { params }));
  await t.do(state.client, 'announce', {
    body: {
      contests: ['judge', 'mayor'].map((contest) => ({
        contest,
        method: 'card comparison' as const,
        riskLimit: '0.05',
      })),
    },
  });
  await rollDice(t, { state } as Cast);
  for (const contest of ['judge', 'mayor'])
    await t.do(state.client, 'draw', { params: { contest }, body: { draws: cards.length } });
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

test.skipIf(!haveBrowser())('every kind of ranking is read, by keyboard and by touch', async () => {
  const { t, state } = desk;
  const { code } = await t.do(manager.client, 'createBoard', {
    params: { county: 'bibb' },
    body: { name: 'Board 1' },
  });
  const opened: Opened[] = [];
  const sitDown = async (options: Parameters<typeof openPage>[2]): Promise<Page> => {
    const table = await openPage(browser, desk.address, options);
    opened.push(table);
    await beginBoard(table.page, code);
    await table.page.getByRole('link', { name: 'Read the next card' }).click();
    return table.page;
  };
  const shows = async (page: Page, n: number): Promise<void> =>
    page.getByRole('heading', { name: `Card ${n}`, exact: true }).waitFor();
  const said = (page: Page, contest: string): Promise<string[]> =>
    page
      .locator('.read-contest', { has: page.getByRole('heading', { name: contest }) })
      .locator('.said')
      .allTextContents();

  // By keyboard: the first mark has the focus, arrows go from mark to mark, Enter to the next contest and to what is read back.
  const keys = await sitDown({});
  const press = async (...all: readonly string[]): Promise<void> => {
    for (const key of all) await keys.keyboard.press(key);
  };
  await shows(keys, 1);
  await keys.getByLabel('Ivy, rank 1').and(keys.locator(':focus')).waitFor();
  const right = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown'];
  await press('Space', ...right, 'Space', ...right, 'Space'); // Ivy 1, Jon 2, Kim 3: along the diagonal
  await press('Enter', '1', 'Enter');
  expect(await said(keys, 'Judge')).toEqual(['1. Ivy', '2. Jon', '3. Kim']);
  expect(await said(keys, 'Mayor')).toEqual(['Ann']);
  expect(await violations(keys)).toEqual([]);
  await bothConfirm(keys);

  await shows(keys, 2);
  await press(...right, 'Space', ...right, 'ArrowUp', 'Space'); // Jon 2, then one too far back: Kim 2
  await press('ArrowDown', 'Space', 'ArrowUp', 'Space'); // Kim 3, and Kim 2 taken away
  await press('Enter', '2', 'Enter');
  expect(await said(keys, 'Judge')).toEqual(['1. nobody', '2. Jon', '3. Kim']);
  await press('Escape'); // Changed, and read back again: what was marked is still there.
  await keys.getByLabel('Jon, rank 2').and(keys.locator(':checked')).waitFor();
  await keys.getByRole('button', { name: 'Read it back' }).click();
  await bothConfirm(keys);

  await shows(keys, 3);
  await press('Space', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Space'); // Ivy 1 and Jon 1
  await keys.getByLabel('Kim, rank 2').focus();
  await press('Space', 'Enter', '1', 'Enter');
  expect(await said(keys, 'Judge')).toEqual(['1. Ivy, Jon', '2. Kim']);
  await bothConfirm(keys);
  await shows(keys, 4);
  await unsent(keys, 0);

  // By touch, on a telephone.
  const touch = await sitDown({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });
  await shows(touch, 4);
  expect(await violations(touch)).toEqual([]);
  const contest = (name: string) => touch.getByRole('group', { name });
  const confirm = async (): Promise<void> => {
    const before = touch.url();
    await touch.getByRole('button', { name: /I have read it aloud/ }).tap();
    await touch.getByRole('button', { name: /the paper says the same/ }).tap();
    await touch.waitForURL((url) => url.href !== before);
  };
  // A rank is marked and then it is seen that there is none: one mark takes the others away.
  await contest('Judge').getByLabel('Kim, rank 1').tap();
  await contest('Judge').getByText('Blank: no mark').tap();
  expect(await contest('Judge').getByLabel('Kim, rank 1').isChecked()).toBe(false);
  await contest('Mayor').getByText('Another name, written in').tap();
  expect(await touch.getByRole('button', { name: 'Read it back' }).isDisabled()).toBe(true);
  await touch.getByLabel('The name as it is written').fill('Carla Diaz');
  await touch.getByRole('button', { name: 'Read it back' }).tap();
  expect(await said(touch, 'Mayor')).toEqual(['written in: Carla Diaz']);
  await confirm();

  await shows(touch, 5);
  await contest('Judge').getByText('Overvote: more marks than allowed').tap();
  await contest('Mayor').getByText('Ann', { exact: true }).tap();
  await touch.getByRole('button', { name: 'Read it back' }).tap();
  await confirm();

  await shows(touch, 6);
  await touch.getByRole('button', { name: 'The card cannot be found' }).tap();
  await touch.getByRole('button', { name: 'Read it back' }).tap();
  await confirm();
  await shows(touch, 7);
  await unsent(touch, 0);
  for (const { page, faults } of opened) {
    expect(faults).toEqual([]);
    await page.context().close();
  }

  const { entries } = await t.do(t.public, 'entries', { query: { kinds: 'paper interpreted' } });
  const told = entries.map(({ body }) =>
    Object.fromEntries(
      (body as { contests: { contest: string; reading: object }[] }).contests.map((c) => [
        c.contest,
        c.reading,
      ]),
    ),
  );
  const ranking = (n: number) => ({ kind: 'ranking', ranks: ids(cards[n - 1]!.judge) });
  const ann = { kind: 'votes', choices: ['ann'] };
  expect(told).toEqual([
    { judge: ranking(1), mayor: ann },
    { judge: ranking(2), mayor: { kind: 'votes', choices: ['bob'] } },
    { judge: ranking(3), mayor: ann },
    { judge: { kind: 'blank' }, mayor: { kind: 'votes', choices: [], writeIns: ['Carla Diaz'] } },
    { judge: { kind: 'overvote' }, mayor: ann },
    { judge: { kind: 'not found' }, mayor: { kind: 'not found' } },
  ]);

  // The other cards as they are; of all of them only the one that was not found differs from its record.
  const board = await t.board(manager, 'bibb');
  for (const { id, card } of (await t.do(board, 'work', {})).units.filter((u) => u.card! > 6)) {
    const { judge, mayor } = cards[card! - 1]!;
    await t.do(board, 'readCard', {
      body: {
        unit: id,
        contests: [
          { contest: 'judge', reading: { kind: 'ranking', ranks: ids(judge) } },
          { contest: 'mayor', reading: { kind: 'votes', choices: [mayor.toLowerCase()] } },
        ],
        confirmedByBoth: true,
      },
    });
  }
  for (const params of [{ contest: 'judge' }, { contest: 'mayor' }]) {
    const assessed = await t.do(state.client, 'assess', { params });
    expect(assessed.contest.rounds).toHaveLength(1);
    const { discrepancies } = await t.do(t.public, 'discrepancies', { params });
    expect(discrepancies.map((d) => [d.unit, d.paperSays])).toEqual([['bibb/T1/B1/6', 'not found']]);
  }
  expect(await notHeld(t.desk.keeper)).toEqual([]);
});
