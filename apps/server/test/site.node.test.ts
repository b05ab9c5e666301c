// The public site: of a desk at every stage, of Georgia 2020's record, and of a record whose names are hostile. What is served is what is written.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serve } from '@hono/node-server';
import { contestId } from '@opencanvass/evidence/election';
import { recordFromMap, recordFromZip } from '@opencanvass/evidence/record';
import { findingInWords, verdictsInWords } from '@opencanvass/evidence/sentences';
import { verify } from '@opencanvass/evidence/verify';
import { publishedFiles } from '@opencanvass/keeper';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { publishGeorgia2020 } from '../../../scripts/make-georgia-2020.ts';
import { chromiumFlags, findChromium } from '../../../tests/chromium.ts';
import { haveShared } from '../../../tests/sharedData.ts';
import { keyboardFaults } from '../../web/test/browser.ts';
import { addSite } from '../src/index.ts';
import { html } from '../src/site/html.ts';
import { fileName } from '../src/site/context.ts';
import { pagesOf, wholeSite } from '../src/site/index.ts';
import {
  handCountAll,
  announce,
  begin,
  boards,
  contest,
  paper,
  readAll,
  rollDice,
  sealAll,
  TestDesk,
  type Cast,
  type Paper,
} from './testDesk.ts';

const georgia = fileURLToPath(new URL('../../../cases/georgia-2020/record', import.meta.url));
const filesOf = (folder: string): Map<string, Uint8Array> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => {
        const path = join(e.parentPath, e.name);
        return [relative(folder, path).replaceAll('\\', '/'), new Uint8Array(readFileSync(path))];
      }),
  );
const verifier = '<!doctype html><title>the offline verifier</title>';

let t: TestDesk | undefined;
afterEach(async () => {
  await t?.close();
  t = undefined;
});

async function openSite(at?: string): Promise<TestDesk> {
  t = await TestDesk.open(undefined, undefined, at);
  addSite(t.app, t.desk, async () => verifier);
  return t;
}
async function published(desk: TestDesk): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of publishedFiles(desk.desk.keeper)) files.set(path, bytes);
  return files;
}
const get = async (desk: TestDesk, path: string): Promise<string> => {
  const answer = await desk.app.request(path);
  expect(answer.status, path).toBe(200);
  return answer.text();
};
/** Once the pages are of the record as it is now. */
async function settled(desk: TestDesk): Promise<void> {
  const { count } = await desk.desk.state();
  await expect.poll(() => get(desk, '/'), { timeout: 120_000 }).toContain(`first ${count} entries`);
}
/** On this paper the two are the other way round. */
const reversed = Object.fromEntries(
  Object.entries(paper).map(([c, batches]) => [c, batches.map(([a, b, n]) => [b, a, n])]),
) as unknown as Paper;
/** What a reader reads: the text between the tags. */
const textOf = (page: string): string =>
  page
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');
const answersOf = (site: ReadonlyMap<string, string>, county: string): Record<string, string> =>
  Object.fromEntries(
    (
      JSON.parse(site.get(`data/counties/${county}.json`)!) as {
        answers: { question: string; answer: string }[];
      }
    ).answers.map((a) => [a.question, a.answer]),
  );

describe('html', () => {
  test('text is text, in text and in attributes; only what a template made is markup', () => {
    const evil = `<script>alert("x")</script>' onclick='&`;
    expect(
      `${html`<p title="${evil}">${evil}${html`<b>${1}</b>`}${false}${undefined}${['<', html`<i></i>`]}</p>`}`,
    ).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; onclick=&#39;&amp;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; onclick=&#39;&amp;<b>1</b>&lt;<i></i></p>',
    );
  });
  test('ids become names of files, no two the same, none that leaves its folder', () => {
    const ids = ['fulton', 'a/b', 'a_2f_b', '../x', 'ñ', 'A', 'a', '.', ''];
    const names = ids.map(fileName);
    expect(new Set(names).size).toBe(ids.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_-]*$/);
  });
});

describe('a desk’s site', () => {
  test('before there is a record it says so, in both languages, and nothing else is there', async () => {
    const desk = await openSite();
    expect(textOf(await get(desk, '/'))).toContain('No election has been set up here yet');
    expect(textOf(await get(desk, '/es/index.html'))).toContain(
      'Aquí todavía no se ha preparado ninguna elección',
    );
    for (const path of ['/checks.html', '/record/checkpoint', '/record.zip', '/data/index.json', '/nothing'])
      expect((await desk.app.request(path)).status, path).toBe(404);
  });

  test(
    'through a batch comparison: the steps, the six answers, the seed, the risk',
    { timeout: 300_000 },
    async () => {
      const desk = await openSite();
      const cast = await begin(desk);
      const now = async () => pagesOf(await published(desk));
      const open = (site: ReadonlyMap<string, string>): string =>
        (JSON.parse(site.get('data/index.json')!) as { steps: { step: string; state: string }[] }).steps.find(
          (s) => s.state === 'open',
        )?.step ?? 'all done';

      let site = await now();
      expect(open(site)).toBe('seal');
      expect(answersOf(site, 'bibb')).toEqual({
        listed: 'not yet',
        sealed: 'not yet',
        looked: 'not yet',
        agrees: 'not yet',
        explained: 'not yet',
        stands: 'not yet',
      });

      await sealAll(desk, cast, 'totals');
      site = await now();
      expect(open(site)).toBe('announce');
      expect(answersOf(site, 'bibb')).toMatchObject({ listed: 'yes', sealed: 'yes', looked: 'not yet' });

      await announce(desk, cast, 'batch comparison');
      await desk.do(cast.state.client, 'preview', {
        body: { seed: '12345678901234567890', contest, draws: 3 },
      });
      site = await now();
      expect(open(site)).toBe('seed');
      const commitments = textOf(site.get('commitments.html')!);
      expect(commitments).toContain('preview, not the seed 12345678901234567890');
      expect(commitments).toContain('The seed is not drawn yet');
      // Every digest that was sealed stands there, whole.
      const { entries } = verify(recordFromMap(await published(desk))).record!;
      const sealed = entries.filter((e) => e.act.kind === 'manifest sealed' || e.act.kind === 'CVRs sealed');
      expect(sealed).toHaveLength(6);
      for (const e of sealed) expect(commitments).toContain(e.act.body.digest);

      await rollDice(desk, cast);
      await desk.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 12 } });
      site = await now();
      expect(open(site)).toBe('read');
      expect(textOf(site.get('commitments.html')!)).toContain('31415 92653 58979 32384');
      expect(textOf(site.get('commitments.html')!)).toContain('Ona Observer');

      await readAll(desk, await boards(desk, cast));
      const { contest: after } = await desk.do(cast.state.client, 'assess', { params: { contest } });
      site = await now();
      const page = JSON.parse(site.get('data/contests/mayor.json')!) as {
        rounds: { risk: number; draws: number }[];
        limit: number;
      };
      expect(page.rounds).toMatchObject([{ draws: 12, risk: after.rounds[0]!.risk }]);
      expect(page.limit).toBe(0.05);
      expect(site.get('contests/mayor.html')).toContain('<circle class="risk-point"');
      expect(textOf(site.get('contests/mayor.html')!)).toContain(
        'The paper confirms the reported outcome of Mayor: Ann.',
      );
      expect(textOf(site.get('es/contests/mayor.html')!)).toContain(
        'la probabilidad de que esta auditoría no lo hubiera mostrado es de 5% como máximo',
      );
      // The machines' files are sealed still: what the record states of the audit cannot be computed again yet, and the site says so.
      expect(textOf(site.get('contests/mayor.html')!)).toContain('cannot be computed again');
      // What people read stands there batch by batch, for whoever watched and kept a tally.
      const bibb = JSON.parse(site.get('data/counties/bibb/mayor-1.json')!) as {
        rows: { name: string; votes: number[] }[];
      };
      expect(bibb.rows.length).toBeGreaterThan(0);
      for (const { name, votes } of bibb.rows)
        expect(votes).toEqual(paper.bibb[Number(name.slice('T1/B'.length)) - 1]!.slice(0, 2));
      // What the machines said stays sealed, and the site says that it cannot tell.
      const { units } = await desk.do(desk.public, 'sample', { params: { contest } });
      for (const county of ['bibb', 'clarke', 'dade'])
        expect(answersOf(site, county)).toMatchObject(
          units.some((u) => u.jurisdiction === county)
            ? { looked: 'yes', agrees: 'cannot tell', stands: 'yes' }
            : { looked: 'no', stands: 'yes' },
        );

      // A reading is put right before witnesses: what was assessed before no longer counts, and both assessments are told.
      const { discrepancies } = await desk.do(desk.public, 'discrepancies', { params: { contest } });
      expect(discrepancies).toEqual([]);
      const [read] = (await desk.do(cast.observer.client, 'readings', { params: { contest }, query: {} }))
        .units;
      await desk.sign(
        cast.state,
        await desk.do(cast.state.client, 'reReadAfterAssessment', {
          params: { position: read!.told[0]!.position },
          body: {
            why: 'misread',
            words: 'Two ballots stuck together; the tally is the same.',
            batch: read!.told[0]!.batch!,
            by: [
              { name: 'Cal', party: 'Blue' },
              { name: 'Dot', party: 'Red' },
            ],
            witnesses: ['Ona Observer'],
            confirmedByBoth: true,
          },
        }),
      );
      expect(textOf((await now()).get('contests/mayor.html')!)).toContain(
        'no longer counts: a reading was put right, and the round is to be assessed again',
      );
      await desk.do(cast.state.client, 'assess', { params: { contest } });
      site = await now();
      expect(textOf(site.get('contests/mayor.html')!)).toMatch(
        /entry \d+: Confirmed, 3\.87%; no longer counts/,
      );
      expect(textOf(site.get('es/discrepancies.html')!)).toMatch(
        /Se corrigió una lectura después de la evaluación, ante testigos : \S+\. Por qué: se leyó mal\. Two ballots .* Testigos: Ona Observer\./,
      );

      const { positions } = await desk.do(cast.observer.client, 'challenge', {
        body: { words: 'A seal was loose.' },
      });
      await desk.sign(
        cast.state,
        await desk.do(cast.state.client, 'correct', {
          body: { entries: positions, reason: 'The name was wrong.' },
        }),
      );
      await desk.sign(
        cast.canvass,
        await desk.do(cast.canvass.client, 'certify', { body: { words: 'We sign.' } }),
      );
      site = await now();
      expect(open(site)).toBe('all done');
      const said = textOf(site.get('discrepancies.html')!);
      expect(said).toContain('A seal was loose.');
      expect(said).toContain(`corrects entry ${positions[0]} A correction was made . The name was wrong.`);
      expect(textOf(site.get('counties/bibb.html')!)).toContain('Signed by canvass person');

      // Once the seals are opened the fourth question is answered by what lay under them.
      const { entries: all } = verify(recordFromMap(await published(desk))).record!;
      for (const { act, position } of all)
        if (act.body.access === 'sealed')
          await desk.do(cast.state.client, 'openSeal', { params: { position } });
      site = await now();
      for (const county of new Set(units.map((u) => u.jurisdiction))) {
        expect(answersOf(site, county)).toMatchObject({ agrees: 'yes' });
        expect(textOf(site.get(`counties/${county}.html`)!)).toContain('say what the machines said');
      }
      expect(textOf(site.get('contests/mayor.html')!)).not.toContain('cannot be computed again');
    },
  );

  test(
    'a full hand count that reverses the outcome says so wherever the outcome stands',
    { timeout: 300_000 },
    async () => {
      const desk = await openSite();
      const cast = await begin(desk);
      await sealAll(desk, cast, 'totals');
      await announce(desk, cast, 'batch comparison');
      await rollDice(desk, cast);
      await desk.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 12 } });
      await readAll(desk, await boards(desk, cast), reversed);
      await desk.do(cast.state.client, 'assess', { params: { contest } });
      await handCountAll(desk, cast, reversed);
      await desk.do(cast.state.client, 'assess', { params: { contest } });
      const site = await pagesOf(await published(desk));
      for (const path of ['index.html', 'contests.html', 'contests/mayor.html', 'counties/dade.html'])
        expect(textOf(site.get(path)!), path).toContain(
          'A full hand count corrects the reported outcome: Bob won by',
        );
      expect(textOf(site.get('es/index.html')!)).toContain(
        'corrige el resultado informado: ganó Bob por 750 votos, no Ann',
      );
      expect(answersOf(site, 'dade')).toMatchObject({ looked: 'yes', agrees: 'not exactly', stands: 'no' });
    },
  );

  test(
    'what is served is what is written, file by file, and the record beside it verifies',
    { timeout: 300_000 },
    async () => {
      const desk = await openSite();
      const cast = await begin(desk);
      await sealAll(desk, cast, 'totals');
      await settled(desk);
      let files = 0;
      for await (const { path, bytes } of wholeSite(await published(desk), verifier)) {
        const answer = await desk.app.request(`/${path}`);
        expect(answer.status, path).toBe(200);
        expect(Buffer.from(await answer.arrayBuffer()).equals(bytes), path).toBe(true);
        expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
        files += 1;
      }
      expect(files).toBeGreaterThan(60);
      const zip = new Uint8Array(await (await desk.app.request('/record.zip')).arrayBuffer());
      const opened = recordFromZip(zip);
      expect(opened.ok && verify(opened.files).record?.faults).toEqual([]);
      // Nothing that a county sealed lies there, and nobody climbs out of the folder.
      const closed = (await desk.desk.state()).sealedBodies;
      expect(closed.size).toBeGreaterThan(0);
      for (const position of closed)
        expect((await desk.app.request(`/record/bodies/${position}.json`)).status).toBe(404);
      for (const path of ['/record/../log-key', '/record/%2e%2e/log-key', '/data/../../log-key'])
        expect((await desk.app.request(path)).status).toBe(404);
    },
  );

  test(
    'a page that has not changed is not sent again; the next act makes it new',
    { timeout: 300_000 },
    async () => {
      const desk = await openSite();
      const cast = await begin(desk);
      await settled(desk);
      const first = await desk.app.request('/');
      const etag = first.headers.get('etag')!;
      expect((await desk.app.request('/', { headers: { 'if-none-match': etag } })).status).toBe(304);
      await desk.do(cast.observer.client, 'challenge', { body: { words: 'One more entry.' } });
      await settled(desk);
      expect((await desk.app.request('/', { headers: { 'if-none-match': etag } })).status).toBe(200);
      expect(textOf(await get(desk, '/discrepancies.html'))).toContain('One more entry.');
    },
  );

  test(
    'a desk that is started again shows at once what it last made, of its own record and no other',
    { timeout: 300_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'site-'));
      const stop = async (): Promise<void> => {
        await t!.desk.close();
        t = undefined;
      };
      try {
        const desk = await openSite(join(folder, 'one'));
        const cast = await begin(desk);
        await sealAll(desk, cast, 'totals');
        await settled(desk);
        const home = await get(desk, '/');
        await expect.poll(() => readdirSync(join(folder, 'one/site')).length, { timeout: 60_000 }).toBe(1);
        await stop();

        // Without the files that the record names no page can be made: what is shown now was made before.
        await rename(join(folder, 'one/files'), join(folder, 'away'));
        expect(await get(await openSite(join(folder, 'one')), '/')).toBe(home);
        await stop();

        const other = await openSite(join(folder, 'two'));
        await begin(other);
        await stop();
        await rm(join(folder, 'two/site'), { recursive: true, force: true });
        await rename(join(folder, 'one/site'), join(folder, 'two/site'));
        await rm(join(folder, 'two/files'), { recursive: true, force: true });
        const another = await openSite(join(folder, 'two'));
        for (const [path, style] of [
          ['/counties/bibb.html', '../site.css'],
          ['/es', '../site.css'],
          ['/', 'site.css'],
        ] as const) {
          const answer = await another.app.request(path);
          expect(answer.status, path).toBe(503);
          expect(answer.headers.get('retry-after')).toBe('2');
          const text = await answer.text();
          expect(textOf(text)).toContain(
            path === '/es' ? 'En un momento estarán aquí' : 'They will be here in a moment',
          );
          expect(text).toContain(`href="${style}"`);
          expect(text).toContain('http-equiv="refresh"');
        }
        // The desk itself goes on.
        expect((await another.do(another.public, 'status', {})).counties).toHaveLength(3);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  test('a desk that is closed while its pages are made does not say that they failed', async () => {
    const said: string[] = [];
    const hear = (warning: Error): void => void said.push(warning.message);
    process.on('warning', hear);
    const desk = await openSite();
    await begin(desk);
    expect((await desk.app.request('/')).status).toBe(503); // a thread is at it
    await desk.close();
    t = undefined;
    await setImmediate();
    process.off('warning', hear);
    expect(said.filter((words) => words.includes('public pages'))).toEqual([]);
  });
});

describe('Georgia 2020', async () => {
  const record = filesOf(georgia);
  const site = await pagesOf(record);
  const verification = verify(recordFromMap(record));

  test('says what verify says: every verdict, every finding, its word and its size, in both languages', () => {
    for (const language of ['en', 'es'] as const) {
      const folder = language === 'es' ? 'es/' : '';
      const home = textOf(site.get(`${folder}index.html`)!);
      for (const { sentence } of verdictsInWords(verification, language)) expect(home).toContain(sentence);
      const checks = textOf(site.get(`${folder}checks.html`)!);
      for (const f of verification.findings) {
        const { word, statement, size } = findingInWords(f, verification.evidence!.election, language);
        expect(checks).toContain(`${word} ${statement}`.replaceAll(/\s+/g, ' '));
        expect(checks).toContain(size.replaceAll(/\s+/g, ' '));
      }
    }
  });

  test('a page for each of 159 counties in each language, each with six answers; links lead somewhere', () => {
    const counties = [...site.keys()].filter((p) => p.startsWith('counties/'));
    expect(counties).toHaveLength(159);
    for (const path of counties) {
      expect(site.get(path)!.match(/<p class="answer">/g), path).toHaveLength(6);
      expect(site.has(`es/${path}`)).toBe(true);
    }
    const elsewhere = new Set([
      'site.css',
      'record.zip',
      'opencanvass.html',
      ...[...record.keys()].map((p) => `record/${p}`),
    ]);
    for (const [path, text] of site) {
      if (!path.endsWith('.html')) continue;
      const ids = new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), (m) => m[1]));
      for (const [, to] of text.matchAll(/ href="([^"]*)"/g)) {
        if (/^(?:https?|data):/.test(to!)) continue;
        const target = new URL(to!, `http://site/${path}`);
        const reached = target.pathname.slice(1);
        expect(site.has(reached) || elsewhere.has(reached), `${path} → ${to}`).toBe(true);
        if (target.hash !== '') expect(ids.has(target.hash.slice(1)), `${path} → ${to}`).toBe(true);
      }
    }
  });

  test('what a county’s page says of Calhoun is what the check says is largest', () => {
    // README: “largest in Calhoun, 16 of 2,194 votes”.
    expect(textOf(site.get('counties/calhoun.html')!)).toMatch(
      /The margin moved by 16 towards .*, of 2,194 votes here\./,
    );
    expect(answersOf(site, 'calhoun')).toMatchObject({
      listed: 'cannot tell',
      sealed: 'cannot tell',
      looked: 'yes',
      agrees: 'not exactly',
      stands: 'yes',
    });
  });

  test('every claim on record, in its own words', () => {
    const text = textOf(site.get('claims.html')!);
    expect(verification.answers.length).toBeGreaterThan(10);
    for (const { statement } of verification.answers)
      expect(text).toContain(statement.words.replaceAll(/\s+/g, ' '));
  });

  test('a record that was tampered with is said to fail before anything that it shows', async () => {
    const [name, bytes] = [...record].find(([p]) => p.startsWith('bodies/'))!;
    const tampered = new Map(record).set(
      name,
      Buffer.from(Buffer.from(bytes).toString().replace('"body"', '"b0dy"')),
    );
    const home = textOf((await pagesOf(tampered)).get('index.html')!);
    const [first] = verdictsInWords(verify(recordFromMap(tampered)));
    expect(first!.sentence).toContain('does not hold');
    expect(home).toContain(first!.sentence);
  });
});

test.skipIf(!haveShared())(
  'all of Georgia’s 41,881 batches, five hundred to a page',
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'georgia-'));
    try {
      await publishGeorgia2020({ granularity: 'batch' }, join(folder, 'record'));
      const site = await pagesOf(filesOf(join(folder, 'record')));
      const pages = [...site].filter(([path]) => /^data\/counties\/[^/]+\/.*-\d+\.json$/.test(path));
      const rows = pages.flatMap(([, text]) => (JSON.parse(text) as { rows: { votes: number[] }[] }).rows);
      expect(rows).toHaveLength(41_881);
      // README: the full hand count.
      expect([0, 1, 2].map((k) => rows.reduce((n, r) => n + r.votes[k]!, 0))).toEqual([
        2_462_857, 2_475_141, 62_587,
      ]);
      for (const [path, text] of site) expect(text.length, path).toBeLessThan(200_000);
      // Each of them is reached from its county's page.
      for (const [path] of pages) {
        const [, county, page] = /^data\/counties\/([^/]+)\/(.*)\.json$/.exec(path)!;
        expect(site.get(`counties/${county}.html`)).toContain(`href="../counties/${county}/${page}.html"`);
      }
      expect(textOf(site.get('counties/fulton.html')!)).toContain(
        'All of it: 1,916 batches were counted by hand.',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

describe('hostile names', () => {
  const evil = `<img src=x onerror=alert(1)>"'&amp;</script>`;
  const results = (): Uint8Array =>
    Buffer.from(
      [
        'contest,jurisdiction,choice,votes',
        ...['one', 'two'].flatMap((c) => [
          `"${evil.replaceAll('"', '""')}",${c},<b>Ann</b>,60`,
          `"${evil.replaceAll('"', '""')}",${c},Bob,40`,
        ]),
      ].join('\n'),
    );

  test('stay text on every page and in every attribute', { timeout: 300_000 }, async () => {
    const desk = await openSite();
    const state = await desk.firstAccount();
    await desk.do(state.client, 'setUp', {
      query: { name: 'results.csv', election: `Election ${evil}`, date: '2026-11-03' },
      file: results(),
    });
    const site = await pagesOf(await published(desk));
    expect(site.has(`contests/${fileName(contestId(evil))}.html`)).toBe(true);
    let seen = 0;
    for (const [path, text] of site) {
      if (!path.endsWith('.html')) continue;
      expect(text, path).not.toMatch(/<img|<b>Ann|<\/script/);
      if (textOf(text).includes(evil)) seen += 1;
    }
    expect(seen).toBeGreaterThan(10);
  });
});

describe.skipIf(findChromium() === undefined)('in Chromium, without JavaScript', () => {
  let browser: Browser;
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });
  });
  afterAll(() => browser.close());

  /** Faults of accessibility, and of the width: nothing may be wider than the screen. */
  async function faults(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')))
      .then((all) => document.documentElement.scrollWidth > document.documentElement.clientWidth ? [...all, 'wider than the screen'] : all)`);
  }
  const kinds = (county: string, of: string): string[] => [
    'index.html', 'schedule.html', 'counties.html', `counties/${county}.html`, 'contests.html', `contests/${of}.html`,
    'commitments.html', 'discrepancies.html', 'claims.html', 'checks.html', 'record.html', `es/counties/${county}.html`, 'es/index.html',
  ]; // prettier-ignore

  test(
    'the exported site opens from the disk, styled, and every kind of page meets WCAG 2.2 AA at both widths',
    { timeout: 300_000 },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'site-'));
      try {
        for await (const { path, bytes } of wholeSite(filesOf(georgia), verifier)) {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), bytes);
        }
        for (const width of [1280, 390]) {
          const context = await browser.newContext({ viewport: { width, height: 900 }, offline: true });
          const page = await context.newPage();
          for (const path of kinds('fulton', 'president-of-the-united-states')) {
            await page.goto(pathToFileURL(join(folder, path)).href);
            expect(await faults(page), `${path} at ${width}`).toEqual([]);
          }
          expect(await page.evaluate(`getComputedStyle(document.querySelector('nav')).backgroundColor`)).toBe(
            'rgb(22, 46, 81)',
          );
          await context.close();
        }
        const still = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
        await still.goto(pathToFileURL(join(folder, 'index.html')).href);
        await still.getByRole('link', { name: 'Fulton' }).click();
        await still.getByRole('link', { name: 'Español' }).click();
        expect(await still.getByRole('heading', { level: 1 }).textContent()).toBe(
          'Fulton: ¿se comprobó el conteo?',
        );
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );

  test('a desk’s site in the middle of an audit, under its own policy', { timeout: 300_000 }, async () => {
    const desk = await openSite();
    const cast: Cast = await begin(desk);
    await sealAll(desk, cast, 'totals');
    await announce(desk, cast, 'batch comparison');
    await desk.do(cast.state.client, 'preview', {
      body: { seed: '12345678901234567890', contest, draws: 3 },
    });
    await rollDice(desk, cast);
    await desk.do(cast.state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    await readAll(desk, await boards(desk, cast), reversed);
    await desk.do(cast.state.client, 'assess', { params: { contest } });
    await desk.do(cast.observer.client, 'challenge', { body: { words: 'A seal was loose.' } });
    await settled(desk);
    const server = await new Promise<Server>((resolve) => {
      const made = serve({ fetch: desk.app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
        resolve(made as Server),
      );
    });
    try {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      for (const width of [1280, 390]) {
        const context = await browser.newContext({ viewport: { width, height: 900 } });
        const page = await context.newPage();
        const said: string[] = [];
        page.on('console', (m) => said.push(m.text()));
        for (const path of kinds('bibb', 'mayor')) {
          await page.goto(`${address}/${path}`);
          expect(await faults(page), `${path} at ${width}`).toEqual([]);
          if (width === 1280) expect(await keyboardFaults(page), `${path} by keyboard`).toEqual([]);
          const folder = process.env['OPENCANVASS_SHOTS'];
          if (folder !== undefined)
            await page.screenshot({
              path: join(folder, `desk-${path.replaceAll(/\W/g, '_')}-${width}.png`),
              fullPage: true,
            });
        }
        expect(
          await page.evaluate(
            `document.fonts.ready.then(() => [...document.fonts].some((f) => f.status === 'loaded'))`,
          ),
        ).toBe(true);
        expect(said).toEqual([]);
        await context.close();
      }
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
