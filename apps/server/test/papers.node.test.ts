// The papers: what is printed is read back, by a program that reads PDFs and by one that reads QR codes, and held against what was drawn.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { call, routes, type Client, type Input } from '@opencanvass/contract';
import jsqr from 'jsqr';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumFlags, findChromium } from '../../../tests/chromium.ts';
import { typeset } from '../src/papers/typeset.ts';
import { paperWords } from '../src/papers/words.ts';
import { announce, begin, contest, counties, rollDice, sealAll, TestDesk, type Cast } from './testDesk.ts';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

// Its types say that the function is `default` of what is imported; Node gives the function.
const jsQR = jsqr as unknown as typeof jsqr.default;

let t: TestDesk;
let cast: Cast;
beforeAll(async () => {
  t = await TestDesk.open();
  cast = await begin(t);
  await sealAll(t, cast, 'totals');
  await announce(t, cast, 'batch comparison');
}, 60_000);
afterAll(() => t.close());

type Asked = Omit<Input<(typeof routes)['papers']>, 'params'>['query'];
const paperFor = async (
  client: Client,
  county: string,
  paper: string,
  query: Asked = {},
): Promise<Uint8Array> => t.do(client, 'papers', { params: { county, paper: paper as 'labels' }, query });

/** The text of each page, and the roles of its tags in the order in which they are read. */
async function readBack(pdf: Uint8Array, tagged = true) {
  const fonts = `${dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))}/standard_fonts/`;
  const document = await getDocument({ data: pdf.slice(), standardFontDataUrl: fonts, verbosity: 0 }).promise;
  const pages: string[] = [];
  const tags: string[] = [];
  const alt: string[] = [];
  interface Tag {
    role?: string;
    alt?: string;
    children?: Tag[];
  }
  const walk = (tag: Tag | null): void => {
    if (tag?.role !== undefined) tags.push(tag.role);
    if (tag?.alt !== undefined) alt.push(tag.alt);
    for (const child of tag?.children ?? []) walk(child);
  };
  for (let n = 1; n <= document.numPages; n++) {
    const page = await document.getPage(n);
    const { items } = await page.getTextContent();
    pages.push(
      items
        .map((i) => ('str' in i ? i.str + (i.hasEOL ? ' ' : '') : ''))
        .join(' ')
        .replaceAll(/\s+/g, ' '),
    );
    if (tagged) walk((await page.getStructTree()) as Tag | null);
  }
  const { info } = await document.getMetadata();
  await document.loadingTask.destroy();
  return { pages, text: pages.join(' '), tags, alt, title: (info as { Title?: string }).Title };
}

test('nothing is printed before it is drawn, and only for those whose county it is', async () => {
  const { managers, state, observer, canvass } = cast;
  const asked = (client: Client, county = 'bibb') =>
    t.refused(client, 'papers', { params: { county, paper: 'retrieval-list' }, query: {} });
  expect(await asked(managers.bibb.client)).toBe('409 nothing-drawn');
  await rollDice(t, cast);
  await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
  expect(await asked(managers.bibb.client, 'clarke')).toBe('403 another-county');
  expect(await asked(state.client, 'nowhere')).toBe('409 unknown-jurisdiction');
  for (const who of [observer, canvass]) expect(await asked(who.client)).toBe('403 role-not-allowed');
  expect(await asked(await t.board(managers.bibb, 'bibb'))).toBe('403 role-not-allowed');
  expect(await asked(t.public)).toBe('401 not-signed-in');
});

test('a retrieval list has every unit drawn in its county and no other, tagged as a table, in both languages', async () => {
  const { units } = await t.do(t.public, 'sample', { params: { contest } });
  for (const county of counties) {
    const here = units.filter((u) => u.jurisdiction === county);
    if (here.length === 0) continue;
    const { text, tags, title } = await readBack(
      await paperFor(cast.managers[county].client, county, 'retrieval-list'),
    );
    const rows = [...text.matchAll(/T1 (B\d+) (\d+) (\d+)/g)].map((m) => [m[1], Number(m[2]), Number(m[3])]);
    const number = (b: string): number => Number(b.slice(1));
    expect(rows).toEqual(
      here.toSorted((a, b) => number(a.batch) - number(b.batch)).map((u) => [u.batch, u.round, u.draws]),
    );
    expect(title).toBe(`Retrieval list: ${county}`);
    expect(tags).toEqual(expect.arrayContaining(['H1', 'H2', 'Table', 'TH', 'TD']));
    const spanish = await readBack(
      await paperFor(cast.managers[county].client, county, 'retrieval-list', { language: 'es' }),
    );
    expect(spanish.title).toBe(`Lista de retiro: ${county}`);
    expect(spanish.text).toContain('Segunda persona');
  }
});

test('the same record gives the same bytes, at another time', async () => {
  const { client } = cast.managers.bibb;
  const one = await paperFor(client, 'bibb', 'tally-sheets');
  t.now += 1_000_000;
  await t.signIn(cast.managers.bibb);
  expect(Buffer.from(await paperFor(cast.managers.bibb.client, 'bibb', 'tally-sheets')).equals(one)).toBe(
    true,
  );
});

test('no paper says what a machine counted', async () => {
  for (const paper of ['retrieval-list', 'placeholders', 'labels', 'tally-sheets'] as const) {
    const { text } = await readBack(await paperFor(cast.managers.bibb.client, 'bibb', paper));
    // Ann's votes in the batches of Bibb are 60 to 69; the ballots in a batch 94 to 103.
    expect(text, paper).not.toMatch(/\b(6[0-9]|9[4-9]|10[0-3])\b/);
  }
});

test('tally sheets: one for each batch, every choice, both people; for a full hand count every batch of the manifest', async () => {
  const { units } = await t.do(t.public, 'sample', { params: { contest } });
  const drawn = units.filter((u) => u.jurisdiction === 'bibb').length;
  for (const [paper, query, pages] of [
    ['tally-sheets', {}, drawn],
    ['tally-sheets', { way: 'read and mark' }, drawn],
    ['hand-count-sheets', { contest, way: 'sort and stack' }, 10],
  ] as const) {
    const read = await readBack(await paperFor(cast.managers.bibb.client, 'bibb', paper, query));
    expect(read.pages).toHaveLength(pages);
    for (const page of read.pages)
      for (const word of [
        'Mayor',
        'Ann',
        'Bob',
        'Another name, written in',
        'Blank',
        'Overvote',
        'First person',
        'Second person',
        'Counted by',
      ])
        expect(page).toContain(word);
    expect(read.alt).toHaveLength(pages);
  }
});

test('a board’s paper: its own county, its own code, and no address of another kind', async () => {
  const { managers } = cast;
  const { code } = await t.do(managers.bibb.client, 'createBoard', {
    params: { county: 'bibb' },
    body: { name: 'Board 7' },
  });
  const input = (more: object = {}) => ({
    params: { county: 'bibb' },
    body: { code, origin: 'https://desk.example.gov', ...more },
  });
  const { text, alt } = await readBack(await t.do(managers.bibb.client, 'boardPaper', input()));
  for (const part of [code, 'Board 7', 'bibb', 'https://desk.example.gov/desk/board'])
    expect(text).toContain(part);
  expect(alt).toEqual([`QR code: https://desk.example.gov/desk/board#${code}`]);
  expect(await t.refused(managers.bibb.client, 'boardPaper', input({ code: 'abcde-fghjk' }))).toBe(
    '409 unknown-board',
  );
  expect(await t.refused(managers.bibb.client, 'boardPaper', input({ origin: 'javascript:alert(1)' }))).toBe(
    '422 wrong-shape',
  );
  const clarke = { ...input(), params: { county: 'clarke' } };
  expect(await t.refused(managers.clarke.client, 'boardPaper', clarke)).toBe('409 unknown-board');
  expect(await t.refused(cast.state.client, 'boardPaper', input())).toBe('403 role-not-allowed');
});

describe('of cards whose records have the number that the scanner printed', () => {
  let other: TestDesk;
  let people: Cast;
  let cards: { batch: string; card: number; round: number; draws: number }[];
  beforeAll(async () => {
    other = await TestDesk.open();
    people = await begin(other);
    await sealAll(other, people, 'cvrs');
    await announce(other, people, 'card comparison');
    await rollDice(other, people);
    await other.do(people.state.client, 'draw', { params: { contest }, body: { draws: 40 } });
    const { units } = await other.do(other.public, 'sample', { params: { contest } });
    const number = (b: string): number => Number(b.slice(1));
    cards = units
      .filter((u) => u.jurisdiction === 'bibb')
      .map(({ batch, card, round, draws }) => ({ batch, card: card!, round, draws }))
      .toSorted((a, b) => number(a.batch) - number(b.batch) || a.card - b.card);
  }, 60_000);
  afterAll(() => other.close());
  const made = (paper: 'retrieval-list' | 'labels' | 'placeholders', language: 'en' | 'es' = 'en') =>
    other.do(people.managers.bibb.client, 'papers', {
      params: { county: 'bibb', paper },
      query: { language },
    });

  test('it stands on the list, the labels and the placeholders, each beside its own card', async () => {
    expect(cards.length).toBeGreaterThan(5);
    const list = await readBack(await made('retrieval-list'));
    const rows = [...list.text.matchAll(/T1 (B\d+) (\d+) (T1-B\d+-\d+) (\d+) (\d+)/g)].map((m) => m.slice(1));
    expect(rows).toEqual(
      cards.map((c) => [c.batch, `${c.card}`, `T1-${c.batch}-${c.card}`, `${c.round}`, `${c.draws}`]),
    );
    for (const paper of ['labels', 'placeholders'] as const) {
      const { text } = await readBack(await made(paper));
      const found = [...text.matchAll(/(B\d+) \/ (\d+) .*?(?:Scanner’s number|№) (T1-B\d+-\d+)/g)].map((m) =>
        m.slice(1),
      );
      expect(found, paper).toEqual(cards.map((c) => [c.batch, `${c.card}`, `T1-${c.batch}-${c.card}`]));
    }
    expect((await readBack(await made('retrieval-list', 'es'))).text).toContain('Número del escáner');
  });

  test('and nothing else of the records: no choice, no word for a vote', async () => {
    for (const paper of ['retrieval-list', 'labels', 'placeholders'] as const)
      expect((await readBack(await made(paper))).text, paper).not.toMatch(/Ann\b|Bob\b|vote/i);
  });

  test('a board is told it with its work, and the public sample says nothing of it', async () => {
    const board = await other.board(people.managers.bibb, 'bibb');
    const { units } = await other.do(board, 'work', {});
    expect(units).toHaveLength(cards.length);
    for (const u of units) expect(u.imprinted).toBe(`T1-${u.batch}-${u.card}`);
    const sample = await other.do(other.public, 'sample', { params: { contest } });
    expect(JSON.stringify(sample)).not.toContain('imprinted');
  });

  test('without records, or of batches, there is none', async () => {
    const { text } = await readBack(await paperFor(cast.managers.bibb.client, 'bibb', 'retrieval-list'));
    expect(text).not.toContain('Scanner’s number');
  });
});

const job = (names: readonly string[]) => ({
  paper: 'retrieval-list' as const,
  made: '2026-11-05T15:00:00Z',
  data: {
    language: 'en',
    words: paperWords.en,
    title: 'Retrieval list',
    made: 'test',
    intro: '',
    facts: [],
    cards: false,
    imprints: false,
    places: [
      {
        name: 'Box 1',
        rows: names.map((batch, n) => ({
          n,
          tabulator: 'T1',
          batch,
          card: '',
          imprinted: '',
          round: 1,
          draws: 1,
        })),
      },
    ],
  },
});

test('names are never Typst, and letters that no font has are printed by their number', async () => {
  const hostile = [
    '#panic("x")',
    '*b* _i_ $x$ `r` @ref <l> \\ //',
    '"] + read("sheet.typ") + ["',
    '日本',
    'ab\u0007',
    '"}',
  ];
  const done = await typeset(job(hostile));
  const { text } = await readBack((done as { pdf: Uint8Array }).pdf);
  for (const name of hostile.slice(0, 3)) expect(text).toContain(name);
  expect(text).toContain('[U+65E5][U+672C]');
  expect(text).toContain('ab[U+0007]');
});

test('two thousand rows in one list', { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 2000 }, (_, i) => `Absentee by mail ${i}`);
  const done = await typeset(job(names));
  const { text, pages } = await readBack((done as { pdf: Uint8Array }).pdf, false);
  expect(pages.length).toBeGreaterThan(40);
  expect(names.filter((name) => !text.includes(`${name} 1 1`))).toEqual([]);
});

describe.skipIf(findChromium() === undefined)('as pictures', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });
  });
  afterAll(() => browser.close());

  /** The first page as Chromium paints it: RGBA. */
  async function picture(
    pdf: Uint8Array,
    name: string,
  ): Promise<{ data: Uint8ClampedArray; width: number; height: number }> {
    const page = await browser.newPage();
    const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
    await page.route('http://papers.test/**', (route) => {
      const { pathname } = new URL(route.request().url());
      return pathname === '/'
        ? route.fulfill({ body: '<!doctype html>', contentType: 'text/html' })
        : route.fulfill({ path: root + pathname });
    });
    await page.goto('http://papers.test/');
    const painted = (await page.evaluate(`(async () => {
      const pdfjs = await import('/build/pdf.mjs');
      pdfjs.GlobalWorkerOptions.workerSrc = '/build/pdf.worker.mjs';
      const data = Uint8Array.from(atob(${JSON.stringify(Buffer.from(pdf).toString('base64'))}), (c) => c.charCodeAt(0));
      const first = await (await pdfjs.getDocument({ data }).promise).getPage(1);
      const viewport = first.getViewport({ scale: 1.5 });
      const canvas = Object.assign(document.createElement('canvas'), { width: viewport.width, height: viewport.height });
      const context = canvas.getContext('2d');
      await first.render({ canvas, viewport }).promise;
      const { data: rgba } = context.getImageData(0, 0, canvas.width, canvas.height);
      let rgbaText = '';
      for (let i = 0; i < rgba.length; i += 30000) rgbaText += String.fromCharCode(...rgba.subarray(i, i + 30000));
      return { rgba: btoa(rgbaText), width: canvas.width, height: canvas.height, png: canvas.toDataURL('image/png').split(',')[1] };
    })()`)) as { rgba: string; width: number; height: number; png: string };
    await page.close();
    const folder = process.env['OPENCANVASS_SHOTS'];
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}/${name}.png`, Buffer.from(painted.png, 'base64'));
    }
    const data = new Uint8ClampedArray(Buffer.from(painted.rgba, 'base64'));
    return { data, width: painted.width, height: painted.height };
  }

  test('QR codes are read back from the painted paper', { timeout: 60_000 }, async () => {
    const { managers } = cast;
    const { client } = managers.bibb;
    const { code } = await t.do(client, 'createBoard', {
      params: { county: 'bibb' },
      body: { name: 'Board 8' },
    });
    const body = { code, origin: 'https://desk.example.gov', language: 'es' as const };
    const credential = await picture(
      await t.do(client, 'boardPaper', { params: { county: 'bibb' }, body }),
      'credential',
    );
    expect(jsQR(credential.data, credential.width, credential.height)?.data).toBe(
      `https://desk.example.gov/desk/board#${code}`,
    );

    const { units } = await t.do(t.public, 'sample', { params: { contest } });
    const first = units
      .filter((u) => u.jurisdiction === 'bibb')
      .toSorted((a, b) => Number(a.batch.slice(1)) - Number(b.batch.slice(1)))[0]!;
    const tally = await picture(await paperFor(client, 'bibb', 'tally-sheets'), 'tally');
    expect(jsQR(tally.data, tally.width, tally.height)?.data).toBe(first.id);
    await picture(await paperFor(client, 'bibb', 'tally-sheets', { way: 'read and mark' }), 'tally-marks');
    await picture(await paperFor(client, 'bibb', 'retrieval-list', { language: 'es' }), 'retrieval');
    await picture(await paperFor(client, 'bibb', 'placeholders'), 'placeholders');
    await picture(await paperFor(client, 'bibb', 'labels'), 'labels');
  });
});

test('what the papers’ routes answer is a PDF', async () => {
  const answer = await call(cast.managers.bibb.client, routes.papers, {
    params: { county: 'bibb', paper: 'labels' },
    query: {},
  });
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="labels.pdf"');
});
