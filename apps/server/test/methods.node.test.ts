// Each method through the API, on one made-up election of three counties: four contests, one of them for two, one ranked, one on a hundred of the
// 1,200 cards; cast vote records in three forms. What each comes to is known from how the cards were made, not from our own output.
import type { Client, Input, routes } from '@opencanvass/contract';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { fileInMemory, NistCvrJsonWriter, readDominionCsv } from '@opencanvass/evidence/formats';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { publishedFiles } from '@opencanvass/keeper';
import { zipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { noPostgres, startCluster, type Cluster } from '../../../tests/postgres.ts';
import { notHeld } from './published.ts';
import { counties, rollDice, TestDesk, type Cast, type County, type Person } from './testDesk.ts';

let t: TestDesk;
let cluster: Cluster | undefined;
beforeAll(async () => {
  if (!noPostgres()) cluster = await startCluster();
}, 60_000);
afterAll(async () => cluster?.stop());
/** Whatever an audit came to, one who computes it again from its record comes to the same. */
afterEach(async () => {
  expect(await notHeld(t.desk.keeper)).toEqual([]);
  await t.close();
});

// ── the cards ──

const batches = ['B1', 'B2', 'B3', 'B4'] as const;
const inBatch = 100;
/** Choices by id, and 'absent' where the contest is not on the card; of the judge in order of preference. */
interface Card {
  readonly mayor: readonly string[];
  readonly council: readonly string[];
  readonly judge: readonly string[];
  readonly school: readonly string[] | 'absent';
}
function cardAt(county: County, batch: string, n: number): Card {
  const of = <T>(list: readonly T[]): T => list[n % list.length]!;
  return {
    mayor: of([['ann'], ['ann'], ['bob'], ['ann'], ['ann'], ['bob'], ['ann'], ['ann'], ['bob'], []]),
    council: of([['cat', 'dan'], ['cat', 'dan'], ['cat', 'eve'], ['dan'], []]),
    // Ivy leads by first choices; without Kim, Jon has five of nine.
    judge: of([
      ['ivy'],
      ['ivy', 'kim'],
      ['ivy'],
      ['ivy'],
      ['jon', 'kim'],
      ['jon', 'kim'],
      ['jon'],
      ['kim', 'jon'],
      ['kim', 'jon'],
      [],
    ]),
    school: county === 'bibb' && batch === 'B1' ? of([['yes'], ['yes'], ['yes'], ['no']]) : 'absent',
  };
}
const names = {
  mayor: ['Ann', 'Bob'],
  council: ['Cat', 'Dan', 'Eve'],
  judge: ['Ivy', 'Jon', 'Kim'],
  school: ['Yes', 'No'],
} as const;
type ContestName = keyof typeof names;
const title = (c: ContestName): string => c[0]!.toUpperCase() + c.slice(1);
const id = (name: string): string => name.toLowerCase();

const cardsOf = (county: County): { batch: string; n: number; card: Card }[] =>
  batches.flatMap((batch) =>
    Array.from({ length: inBatch }, (_, i) => ({ batch, n: i + 1, card: cardAt(county, batch, i + 1) })),
  );
const votesIn = (county: County, c: ContestName, only?: string): number[] =>
  names[c].map((name) => {
    const said = cardsOf(county).filter(({ batch }) => only === undefined || batch === only);
    return said.filter(({ card }) => {
      const marks = card[c];
      return marks !== 'absent' && (c === 'judge' ? marks[0] === id(name) : marks.includes(id(name)));
    }).length;
  });

const resultsCsv = (): Uint8Array =>
  toUtf8(
    `contest,jurisdiction,choice,votes\n${(Object.keys(names) as ContestName[])
      .flatMap((c) =>
        counties
          .filter((county) => c !== 'school' || county === 'bibb')
          .flatMap((county) =>
            names[c].map((name, i) => `${title(c)},${county},${name},${votesIn(county, c)[i]}`),
          ),
      )
      .join('\n')}\n`,
  );
const manifestCsv = (): Uint8Array =>
  toUtf8(`Tabulator,Batch Name,Number of Ballots\n${batches.map((b) => `T1,${b},${inBatch}`).join('\n')}\n`);
const totalsCsv = (county: County, c: ContestName): Uint8Array =>
  toUtf8(
    `Batch Name,${names[c].join(',')}\n${batches.map((b) => `${b},${votesIn(county, c, b).join(',')}`).join('\n')}\n`,
  );

function dominionCsv(county: County): string {
  const heads = {
    mayor: 'Mayor (Vote For=1)',
    council: 'Council (Vote For=2)',
    judge: '"Judge (Number of positions=1, Number of ranks=3)"',
    school: 'School (Vote For=1)',
  };
  const columns: { c: ContestName; head: string; label: string; name: string; rank: number }[] = [];
  for (const c of Object.keys(names) as ContestName[])
    for (const rank of c === 'judge' ? [1, 2, 3] : [0])
      for (const name of names[c])
        columns.push({
          c,
          head: heads[c],
          label: rank === 0 ? name : `${name}(${rank})`,
          name: id(name),
          rank,
        });
  const rows = cardsOf(county).map(({ batch, n, card }, i) => {
    const marks = columns.map(({ c, name, rank }) => {
      const said = card[c];
      if (said === 'absent') return '';
      return (rank === 0 ? said.includes(name) : said[rank - 1] === name) ? '1' : '0';
    });
    return `${i + 1},T1,${batch},${n},T1-${batch}-${n},Election Day,P1,S1,${marks.join(',')}`;
  });
  const blank = ',,,,,,,,';
  return [
    `Test,5.10.11.24${','.repeat(6 + columns.length)}`,
    `${blank}${columns.map((c) => c.head).join(',')}`,
    `${blank}${columns.map((c) => c.label).join(',')}`,
    `CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType${','.repeat(columns.length)}`,
    ...rows,
    '',
  ].join('\n');
}

/** The same records as another vendor would export them. */
async function cvrFile(county: County): Promise<{ name: string; file: Uint8Array }> {
  const csv = dominionCsv(county);
  if (county === 'bibb') return { name: 'cvr.csv', file: toUtf8(csv) };
  if (county === 'clarke') return { name: 'cvr.zip', file: zipSync({ 'export/cvr.csv': toUtf8(csv) }) };
  const about = {
    generated: '2026-11-04T01:00:00Z',
    device: { application: 'a test', manufacturer: 'nobody' },
    jurisdiction: county,
  };
  let text = '';
  const writer = new NistCvrJsonWriter(about, (piece) => (text += piece));
  const read = await readDominionCsv(fileInMemory('cvr.csv', csv), writer);
  expect(read.ok).toBe(true);
  writer.finish();
  return { name: 'cvr.json', file: toUtf8(text) };
}

// ── the audit ──

type Given = { readonly [C in County]?: 'cvrs' | ContestName };

async function sealed(where: string | undefined, given: Given): Promise<Cast> {
  t = await TestDesk.open(where);
  const state = await t.firstAccount();
  const rules = [
    { contest: 'Council', rule: { kind: 'plurality', voteFor: 2, winners: 2 } },
    { contest: 'judge', rule: { kind: 'instantRunoff', ranks: 3 } },
  ];
  await t.do(state.client, 'setUp', {
    query: {
      name: 'results.csv',
      election: 'City Election',
      date: '2026-11-03',
      state: 'GA',
      rules: JSON.stringify(rules),
    },
    file: resultsCsv(),
  });
  await t.key(state, state);
  const managers = {} as Record<County, Person>;
  for (const county of counties) {
    const manager = (managers[county] = await t.account(state, `${county}-clerk`, 'county manager', county));
    const params = { county };
    await t.do(manager.client, 'manifest', { params, query: { name: 'm.csv' }, file: manifestCsv() });
    const what = given[county];
    if (what === 'cvrs') {
      const { name, file } = await cvrFile(county);
      const { rows } = await t.do(manager.client, 'cvrs', { params, query: { name }, file });
      expect(rows).toBe(batches.length * inBatch);
    } else if (what !== undefined)
      await t.do(manager.client, 'batchTotals', {
        params: { county, contest: what },
        query: { name: 't.csv' },
        file: totalsCsv(county, what),
      });
    const { findings } = await t.do(manager.client, 'checkInputs', { params });
    expect(findings.filter((f) => f.weight === 'stop')).toEqual([]);
    await t.sign(manager, await t.do(manager.client, 'seal', { params }));
  }
  const canvass = await t.account(state, 'canvass', 'canvass board');
  return { state, managers, canvass, observer: canvass };
}

const everywhere: Given = { bibb: 'cvrs', clarke: 'cvrs', dade: 'cvrs' };
type Announced = Input<(typeof routes)['announce']>['body']['contests'][number];
async function announceAll(cast: Cast, contests: Announced[]): Promise<void> {
  await t.do(cast.state.client, 'announce', { body: { contests } });
  await rollDice(t, cast);
}

const draw = (cast: Cast, contest: string, draws: number) =>
  t.do(cast.state.client, 'draw', { params: { contest }, body: { draws } });
const assess = async (cast: Cast, contest: string) =>
  (await t.do(cast.state.client, 'assess', { params: { contest } })).contest;

/** Every board reads what is there to be read, as the cards are. */
async function readCards(
  cast: Cast,
  but: (unit: string, card: Card) => Card = (_, card) => card,
): Promise<void> {
  for (const county of counties) {
    const board: Client = await t.board(cast.managers[county], county);
    for (const unit of (await t.do(board, 'work', {})).units) {
      const open = unit.contests.filter((c) => !c.done);
      if (open.length === 0) continue;
      if (unit.card === undefined) {
        const contest = open[0]!.contest as ContestName;
        const votes = votesIn(county, contest, unit.batch);
        await t.do(board, 'readBatch', { body: { contest, unit: unit.id, votes, confirmedByBoth: true } });
        continue;
      }
      const card = but(unit.id, cardAt(county, unit.batch, unit.card));
      const contests = open.map(({ contest, ranks }) => {
        const said = card[contest as ContestName];
        const reading =
          said === 'absent'
            ? { kind: 'not on ballot' as const }
            : said.length === 0
              ? { kind: 'blank' as const }
              : ranks === undefined
                ? { kind: 'votes' as const, choices: [...said] }
                : { kind: 'ranking' as const, ranks: said.map((c) => [c]) };
        return { contest, reading };
      });
      await t.do(board, 'readCard', { body: { unit: unit.id, contests, confirmedByBoth: true } });
    }
  }
}

async function expectVerified(): Promise<void> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(t.desk.keeper)) files.set(path, bytes);
  expect(verify(recordFromMap(files)).record?.faults).toEqual([]);
}

const places = [
  { where: 'SQLite', database: () => Promise.resolve(undefined), absent: false },
  { where: 'PostgreSQL', database: () => cluster!.database(), absent: noPostgres() },
];

describe.each(places)('on $where', ({ database, absent }) => {
  test.skipIf(absent)(
    'card comparison of a vote-for-two, a ranked contest and one on few cards, over three vendors’ records',
    { timeout: 120_000 },
    async () => {
      const cast = await sealed(await database(), everywhere);
      const contests: Announced[] = [
        { contest: 'council', method: 'card comparison', riskLimit: '0.05' },
        { contest: 'judge', method: 'card comparison', riskLimit: '0.05', rule: 'Kelly' },
        { contest: 'school', method: 'card comparison', riskLimit: '0.05', cards: 100 },
      ];
      await announceAll(cast, contests);
      const school = await draw(cast, 'school', 15);
      // Where it is known how many cards hold the contest, no other is drawn.
      expect(new Set(school.units.map((u) => `${u.jurisdiction}/${u.batch}`))).toEqual(new Set(['bibb/B1']));
      await draw(cast, 'council', 40);
      await draw(cast, 'judge', 100);
      await readCards(cast);
      expect(await assess(cast, 'school')).toMatchObject({ ending: 'confirmed', winners: ['yes'] });
      expect(await assess(cast, 'council')).toMatchObject({ ending: 'confirmed', winners: ['cat', 'dan'] });
      // By first choices Ivy leads; the runoff elects Jon.
      expect(await assess(cast, 'judge')).toMatchObject({
        ending: 'confirmed',
        winners: ['jon'],
        ranked: true,
      });
      for (const contest of ['school', 'council', 'judge'])
        expect((await t.do(t.public, 'discrepancies', { params: { contest } })).discrepancies).toEqual([]);
      await t.sign(
        cast.canvass,
        await t.do(cast.canvass.client, 'certify', { body: { words: 'So it is.' } }),
      );
      await expectVerified();
    },
  );
});

test(
  'a ranked contest goes from its sample to the full hand count, and the machines’ rankings say whom it confirms',
  { timeout: 60_000 },
  async () => {
    const cast = await sealed(undefined, everywhere);
    await announceAll(cast, [{ contest: 'judge', method: 'card comparison', riskLimit: '0.05' }]);
    await draw(cast, 'judge', 10);
    const params = { contest: 'judge' };
    await t.do(cast.state.client, 'orderHandCount', { params, body: { why: 'so the court decided' } });
    for (const county of counties) {
      const counted = batches.map((batch) => {
        const said = cardsOf(county).filter((c) => c.batch === batch);
        const rankings = said
          .filter(({ card }) => card.judge.length > 0)
          .map(({ card }) => ({ ranks: card.judge.map((c) => [c]), ballots: 1 }));
        return { tabulator: 'T1', batch, rankings, blank: said.length - rankings.length };
      });
      await t.do(cast.managers[county].client, 'handCount', {
        params: { county, contest: 'judge' },
        body: { batches: counted },
      });
    }
    expect(await assess(cast, 'judge')).toMatchObject({ ending: 'full hand count agrees', winners: ['jon'] });
  },
);

test(
  'a ranking that differs is a discrepancy, and a card of a known style without the contest is the worst case',
  { timeout: 60_000 },
  async () => {
    const cast = await sealed(undefined, everywhere);
    await announceAll(cast, [
      { contest: 'judge', method: 'card comparison', riskLimit: '0.05' },
      { contest: 'school', method: 'card comparison', riskLimit: '0.05', cards: 100 },
    ]);
    const { units } = await draw(cast, 'judge', 30);
    const { units: ofSchool } = await draw(cast, 'school', 30);
    const jonOn = units.find(
      (u) => cardAt(u.jurisdiction as County, u.batch, u.card!).judge[0] === 'jon',
    )!.id;
    await readCards(cast, (unit, card) => ({
      ...card,
      judge: unit === jonOn ? ['ivy'] : card.judge,
      school: unit === ofSchool[0]!.id ? 'absent' : card.school,
    }));
    await assess(cast, 'judge');
    expect(
      (await t.do(t.public, 'discrepancies', { params: { contest: 'judge' } })).discrepancies,
    ).toMatchObject([
      { unit: jonOn, machineSays: 'ranking', paperSays: 'ranking', direction: 'for the reported outcome' },
    ]);
    const { ending, rounds } = await assess(cast, 'school');
    const [found] = (await t.do(t.public, 'discrepancies', { params: { contest: 'school' } })).discrepancies;
    expect(found).toMatchObject({
      unit: ofSchool[0]!.id,
      paperSays: 'not on ballot',
      direction: 'for the reported outcome',
    });
    expect(found!.votes).toBeGreaterThan(0);
    expect(ending).not.toBe('not begun');
    expect(rounds[0]!.risk).toBeGreaterThan(0.01);
  },
);

test(
  'cards that must exist and that nobody can find are drawn as the worst case; too many records are refused',
  { timeout: 60_000 },
  async () => {
    const cast = await sealed(undefined, everywhere);
    const announce = (cards: number) =>
      t.refused(cast.state.client, 'announce', {
        body: { contests: [{ contest: 'school', method: 'card comparison', riskLimit: '0.05', cards }] },
      });
    expect(await announce(99)).toBe('409 more-cvrs-than-cards');
    expect(await announce(160)).toBe('done');
    await rollDice(t, cast);
    const { units } = await draw(cast, 'school', 60);
    const missing = 60 - units.length;
    expect(missing).toBeGreaterThan(0);
    expect(
      (await t.do(t.public, 'sample', { params: { contest: 'school' } })).units.every(
        (u) => u.jurisdiction === 'bibb',
      ),
    ).toBe(true);
    await readCards(cast);
    const { rounds, ending } = await assess(cast, 'school');
    // Sixty of 160 cards nobody has, and the margin is fifty: they could have turned the outcome, and no sample may confirm it.
    expect(rounds[0]!.risk).toBeGreaterThan(0.05);
    expect(ending).not.toBe('confirmed');
    await expectVerified();
  },
);

test(
  'ballot polling needs manifests alone, and confirms what the paper says',
  { timeout: 120_000 },
  async () => {
    const cast = await sealed(undefined, {});
    const refused = (contest: string, method: Announced['method'], more: Partial<Announced> = {}) =>
      t.refused(cast.state.client, 'announce', {
        body: { contests: [{ contest, method, riskLimit: '0.1', ...more }] },
      });
    expect(await refused('mayor', 'card comparison')).toBe('409 county-without-cvrs');
    expect(await refused('mayor', 'ONEAudit')).toBe('409 county-without-cvrs');
    expect(await refused('judge', 'ballot polling')).toBe('409 rule-not-for-this-method');
    expect(await refused('mayor', 'ballot polling', { rule: 'MACRO' })).toBe('409 rule-not-for-this-method');
    expect(await refused('mayor', 'ballot polling', { cards: 1200 })).toBe('409 cards-need-records');
    await announceAll(cast, [
      { contest: 'mayor', method: 'ballot polling', riskLimit: '0.1', rule: 'ALPHA' },
      { contest: 'council', method: 'ballot polling', riskLimit: '0.1', rule: 'Kelly' },
    ]);
    await draw(cast, 'mayor', 120);
    await draw(cast, 'council', 120);
    await readCards(cast);
    expect(await assess(cast, 'mayor')).toMatchObject({
      ending: 'confirmed',
      winners: ['ann'],
      rule: 'ALPHA',
    });
    expect(await assess(cast, 'council')).toMatchObject({ ending: 'confirmed', winners: ['cat', 'dan'] });
    expect(await t.do(t.public, 'discrepancies', { params: { contest: 'mayor' } })).toEqual({
      units: 120,
      discrepancies: [],
    });
    await expectVerified();
  },
);

test(
  'ONEAudit: cards with records in one county, batch totals in the others',
  { timeout: 120_000 },
  async () => {
    const cast = await sealed(undefined, { bibb: 'cvrs', clarke: 'mayor', dade: 'mayor' });
    await announceAll(cast, [{ contest: 'mayor', method: 'ONEAudit', riskLimit: '0.1' }]);
    await draw(cast, 'mayor', 150);
    await readCards(cast);
    expect(await assess(cast, 'mayor')).toMatchObject({ ending: 'confirmed', winners: ['ann'] });
    await expectVerified();
  },
);

test('batch comparison by betting without replacement', { timeout: 60_000 }, async () => {
  const cast = await sealed(undefined, { bibb: 'mayor', clarke: 'mayor', dade: 'mayor' });
  await announceAll(cast, [
    { contest: 'mayor', method: 'batch comparison', riskLimit: '0.2', rule: 'without replacement' },
  ]);
  await draw(cast, 'mayor', 12);
  await readCards(cast);
  expect(await assess(cast, 'mayor')).toMatchObject({
    ending: 'confirmed',
    winners: ['ann'],
    rule: 'without replacement',
  });
});
