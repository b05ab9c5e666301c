// A ranked contest counted in full by hand, through the API: boards report of each batch how many ballots have each ranking, the rounds are counted over all
// counties, and a stranger counts them again from the record. Whom the paper elects is known from how the ballots were made.
import type { Client, Input, routes } from '@opencanvass/contract';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { notHeld, published, rewritten } from './published.ts';
import {
  batches,
  contest,
  counted,
  jonWins,
  ranksOf,
  results,
  sealManifests,
  type OnPaper,
  type Paper,
} from './rankedElection.ts';
import { counties, TestDesk, type County, type Person } from './testDesk.ts';

let t: TestDesk;
let state: Person;
let canvass: Person;
let managers: Record<County, Person>;

beforeEach(async () => {
  t = await TestDesk.open();
  state = await t.firstAccount();
  await t.do(state.client, 'setUp', {
    query: {
      name: 'results.csv',
      election: 'City Election',
      date: '2026-11-03',
      rules: JSON.stringify([{ contest, rule: { kind: 'instantRunoff', ranks: 3 } }]),
    },
    file: results(),
  });
  await t.key(state, state);
  canvass = await t.account(state, 'canvass', 'canvass board');
  managers = await sealManifests(t, state);
});
/** Whatever it came to, one who computes it again from its record comes to the same. */
afterEach(async () => {
  expect(await notHeld(t.desk.keeper)).toEqual([]);
  await t.close();
});

type Announced = Input<typeof routes.announce>['body']['contests'][number];
async function ordered(more: Partial<Announced> = {}): Promise<void> {
  const one = { contest, method: 'full hand count' as const, reported: ['jon'], ...more };
  await t.do(state.client, 'announce', { body: { contests: [one] } });
  await t.do(state.client, 'orderHandCount', { params: { contest }, body: { why: 'by law' } });
}
const count = (board: Client, county: County, batch: string, paper: Paper, more: object = {}) =>
  t.do(board, 'countBatch', {
    body: { contest, unit: `${county}/T1/${batch}`, count: counted(paper), confirmedByBoth: true, ...more },
  });
async function byBoards(on: OnPaper): Promise<void> {
  for (const county of counties) {
    const board = await t.board(managers[county], county);
    for (const batch of batches) await count(board, county, batch, on(county, batch));
    await t.do(managers[county].client, 'reportHandCount', { params: { county, contest } });
  }
}
const inOnePiece = (county: County, on: OnPaper) => ({
  params: { county, contest },
  body: { batches: batches.map((batch) => ({ tabulator: 'T1', batch, ...counted(on(county, batch)) })) },
});
const assess = async () => (await t.do(state.client, 'assess', { params: { contest } })).contest;
const certify = async () =>
  t.sign(canvass, await t.do(canvass.client, 'certify', { body: { words: 'So it is.' } }));
const lot = { how: 'a slip from a hat', statute: '21-A M.R.S. § 732', witnesses: ['Ona', 'Pat'] };

test('boards count by ranking, and the rounds elect whom the first choices did not', async () => {
  await ordered();
  const board = await t.board(managers.bibb, 'bibb');
  const [work] = (await t.do(board, 'handCountWork', {})).contests;
  expect(work).toMatchObject({ contest, ranks: 3 });
  const query = { contest, language: 'es' as const };
  const sheets = await t.do(managers.bibb.client, 'papers', {
    params: { county: 'bibb', paper: 'hand-count-sheets' },
    query,
  });
  expect(Buffer.from(sheets.subarray(0, 5)).toString()).toBe('%PDF-');
  await byBoards(jonWins);
  expect(await assess()).toMatchObject({ ending: 'full hand count agrees', winners: ['jon'] });
  await certify();
  const files = await published(t.desk.keeper);
  const { record, findings } = verify(recordFromMap(files));
  expect(record?.faults).toEqual([]);
  const said = (check: string) => findings.find((f) => f.check === check)?.word;
  expect(said('assessed-again')).toBe('holds');
  expect(said('certificate-says-outcome')).toBe('holds');
  // First choices beside the reported ones: the same in every county.
  expect(said('equal-counts')).toBe('holds');

  // A keeper who says that another was elected is found out.
  const cheated = rewritten(files, ({ act }, body) =>
    act.kind === 'round assessed' ? { ...(body as object), winners: ['ivy'] } : undefined,
  );
  expect(verify(recordFromMap(cheated)).findings.find((f) => f.check === 'assessed-again')).toMatchObject({
    word: 'fails',
    units: [{ code: 'other-winners', expected: 'jon', found: 'ivy' }],
  });
});

test('the paper elects another than reported: corrected, by counties that enter it in one piece', async () => {
  await ordered({ reported: ['ivy'] });
  for (const county of counties)
    await t.do(managers[county].client, 'handCount', inOnePiece(county, jonWins));
  expect(await assess()).toMatchObject({ ending: 'full hand count corrects', winners: ['jon'] });
  await certify();

  // A county that counted a batch wrong puts it right no more once it is signed off.
  const more = { why: 'entry error' as const, words: 'typed wrong' };
  const { params, body } = inOnePiece('bibb', () => ({ ivy: 90 }));
  expect(
    await t.refused(managers.bibb.client, 'correctHandCount', { params, body: { ...more, ...body } }),
  ).toBe('409 after-certificate');
});

test('a county’s count is put right before the sign-off, and the rounds are counted again', async () => {
  await ordered();
  for (const county of counties)
    await t.do(
      managers[county].client,
      'handCount',
      inOnePiece(county, county === 'dade' ? () => ({ ivy: 90 }) : jonWins),
    );
  expect(await assess()).toMatchObject({ ending: 'full hand count corrects', winners: ['ivy'] });
  const { params, body } = inOnePiece('dade', jonWins);
  const right = { ...body, why: 'entry error' as const, words: 'the piles were taken for one' };
  await t.sign(managers.dade, await t.do(managers.dade.client, 'correctHandCount', { params, body: right }));
  expect(await assess()).toMatchObject({ ending: 'full hand count agrees', winners: ['jon'] });
});

test('two who enter the same piles in another order agree', async () => {
  await ordered({ doubleEntry: true });
  const board = await t.board(managers.bibb, 'bibb');
  const paper = jonWins('bibb', 'B1');
  const turned = Object.fromEntries(
    Object.entries(paper)
      .toReversed()
      .map(([word, n]) => [word.replace('ivy=jon', 'jon=ivy'), n]),
  );
  expect((await count(board, 'bibb', 'B1', paper, { entered: 'Ada' })).state).toBe('entered once');
  expect((await count(board, 'bibb', 'B1', turned, { entered: 'Ben' })).state).toBe('read');
  await count(board, 'bibb', 'B2', paper, { entered: 'Ada' });
  expect((await count(board, 'bibb', 'B2', { ...paper, jon: 11, ivy: 29 }, { entered: 'Ben' })).state).toBe(
    'entries differ',
  );
});

test('a tie that elects the same whoever goes needs no lot', async () => {
  await ordered({ reported: ['ivy'] });
  // Jon and Kim tie for the last place; Ivy has more than half of what is left either way.
  await byBoards(() => ({ ivy: 40, jon: 25, kim: 25 }));
  expect(await assess()).toMatchObject({ ending: 'full hand count agrees', winners: ['ivy'] });
});

test('a tie in a round is for a lot to decide, and the count goes on from there', async () => {
  await ordered({ reported: ['kim'] });
  // Jon and Kim tie for the last place: Jon’s voters prefer Kim, Kim’s prefer Jon. Whoever stays, wins.
  await byBoards(() => ({ 'ivy jon': 30, 'jon kim': 25, 'kim jon': 25 }));
  expect(await assess()).toMatchObject({
    ending: 'insufficient evidence',
    tied: ['jon', 'kim'],
    choosing: 'loser',
  });
  const params = { contest };
  const refused = (body: Input<typeof routes.drawLot>['body']) =>
    t.refused(canvass.client, 'drawLot', { params, body });
  expect(await refused({ ...lot, winners: ['jon'] })).toBe('409 lot-of-another-kind');
  expect(await refused({ ...lot, eliminated: 'ivy' })).toBe('409 not-among-the-tied');
  await t.sign(
    canvass,
    await t.do(canvass.client, 'drawLot', { params, body: { ...lot, eliminated: 'jon' } }),
  );
  const [ended] = (await t.do(t.public, 'status', {})).contests;
  expect(ended).toMatchObject({ ending: 'full hand count agrees', winners: ['kim'] });
  await certify();

  const files = await published(t.desk.keeper);
  const other = rewritten(files, ({ act }, body) => {
    const { lot: drawn } = body as { lot?: object };
    return act.kind === 'round assessed' && drawn !== undefined
      ? { ...(body as object), lot: { ...drawn, eliminated: 'kim' } }
      : undefined;
  });
  expect(verify(recordFromMap(other)).findings.find((f) => f.check === 'assessed-again')?.word).toBe('fails');
});

test('what cannot be a count of a ranked contest is refused by name', async () => {
  const announce = (one: Omit<Announced, 'contest'>) =>
    t.refused(state.client, 'announce', { body: { contests: [{ contest, ...one }] } });
  expect(await announce({ method: 'full hand count' })).toBe('409 reported-winner-not-named');
  expect(await announce({ method: 'full hand count', reported: ['ivy', 'jon'] })).toBe(
    '409 reported-winner-not-named',
  );
  expect(await announce({ method: 'full hand count', reported: ['nobody'] })).toBe('409 unknown-choice');
  expect(await announce({ method: 'ballot polling', riskLimit: '0.1' })).toBe('409 rule-not-for-this-method');
  await ordered();
  const board = await t.board(managers.bibb, 'bibb');
  const refused = (given: Input<typeof routes.countBatch>['body']['count']) =>
    t.refused(board, 'countBatch', {
      body: { contest, unit: 'bibb/T1/B1', count: given, confirmedByBoth: true },
    });
  const of = (word: string, ballots: number, blank?: number) => ({
    rankings: [{ ranks: ranksOf(word), ballots }],
    ...(blank === undefined ? {} : { blank }),
  });
  expect(await refused({ votes: [1, 2, 3], blank: 0, overvote: 0 })).toBe('409 another-kind-of-reading');
  expect(await refused(of('ivy', 10))).toBe('409 blank-and-overvote');
  expect(await refused(of('ivy', 99, 2))).toBe('409 more-counted-than-manifest');
  expect(await refused(of('eve', 1, 0))).toBe('409 unknown-choice');
  expect(await refused({ rankings: [{ ranks: [[], []], ballots: 3 }], blank: 0 })).toBe('409 choices');
  expect(await refused(of('ivy', 98, 2))).toBe('done');
  const { params } = inOnePiece('clarke', jonWins);
  const votes = { tabulator: 'T1', batch: 'B1', votes: [1, 2, 3], blank: 0, overvote: 0 };
  expect(await t.refused(managers.clarke.client, 'handCount', { params, body: { batches: [votes] } })).toBe(
    '409 hand-count-does-not-fit-manifest',
  );
});
