// The page as people use it: built, opened from the disk in a real Chromium with the network denied, given a record, read and clicked through.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import { chromium } from 'playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify, verifyWithCvrs } from '@opencanvass/evidence/verify';
import { chromiumFlags, findChromium } from '../../tests/chromium.ts';
import { run } from '../cli/src/main.ts';
import { servePage } from '../cli/src/servePage.ts';
import { testWorld } from '../cli/test/testWorld.ts';
import { buildPage } from './build.ts';
import { pageFile, servedPage } from './page.ts';

const record = fileURLToPath(new URL('../../cases/georgia-2020/record', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const filesOf = (folder: string): Map<string, Uint8Array> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => {
        const path = join(e.parentPath, e.name);
        return [relative(folder, path).replaceAll('\\', '/'), new Uint8Array(readFileSync(path))];
      }),
  );
const zipOf = (files: ReadonlyMap<string, Uint8Array>): Buffer =>
  Buffer.from(zipSync(Object.fromEntries([...files].map(([p, b]) => [`georgia-2020/${p}`, b]))));
const asFile = (name: string, buffer: Buffer): { name: string; mimeType: string; buffer: Buffer } => ({
  name,
  mimeType: 'application/zip',
  buffer,
});

/** Every finding on the page: its check and its word. */
const findingsShown = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('[data-check]')].map((d) => d.dataset.check + ': ' + d.dataset.word).sort()`,
  );

const violations = async (page: Page): Promise<string[]> => {
  // `addScriptTag` is what the page's own policy forbids; evaluating is not.
  await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' ' + (n.failureSummary ?? '')).slice(0, 3).join(' | ')))`);
};

/** A record with an ES&S export, which a manifest agrees with, in `folder`/public and as a zip. */
async function publishedWithCvrs(folder: string, zip: string): Promise<void> {
  const votes = Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 'Birch' : 'Alder'));
  const cvr = ['Cast Vote Record,Precinct,Ballot Style,Mayor', ...votes.map((v, i) => `${i + 1},P,S,${v}`)];
  const ballots = [
    'Cast Vote Record,Batch,Ballot Status,Tabulator CVR,Precinct ID',
    ...votes.map(
      (_, i) => `${i + 1},B${i < 10 ? 1 : 2},Not Reviewed,0002${String(i + 1).padStart(6, '0')},P`,
    ),
  ];
  const [manifest, cvrs, kept] = ['manifest.csv', 'cvrs.zip', 'kept'].map((name) => join(folder, name));
  writeFileSync(manifest!, 'Tabulator,Batch Name,Number of Ballots\n0002,B1,10\n0002,B2,14\n');
  const text = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);
  writeFileSync(cvrs!, zipSync({ 'cvr.csv': text(cvr), 'ballots.csv': text(ballots) }));
  for (const line of [
    ['import', manifest!, cvrs!, '--to', kept!, '--origin', 'example/offline', '--jurisdiction', 'Made-up'],
    ['publish', kept!, '--to', join(folder, 'public'), '--open-cvrs'],
    ['publish', kept!, '--to', zip],
  ]) {
    const { world, stderr } = testWorld();
    expect(await run(line, world), stderr()).toBe(0);
  }
}

describe.skipIf(findChromium() === undefined)('the page, in Chromium', () => {
  let browser: Browser;
  let html: string;
  const asked: string[] = [];

  beforeAll(async () => {
    html = await buildPage();
    browser = await chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });
  }, 120_000);
  afterAll(() => browser.close());

  /** The page from the disk; whatever it asks of a network is noted and refused. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ offline: true, locale: 'en-US', ...options });
    await context.route(/^(?!file:|blob:|data:)/, (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    const page = await context.newPage();
    page.on('pageerror', (e) => asked.push(`page error: ${e.message}`));
    await page.goto(pathToFileURL(pageFile).href);
    return page;
  }
  async function openWithRecord(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await open(options);
    await page.setInputFiles('#folder', record);
    await page.waitForSelector('.verdict');
    return page;
  }

  test('is one file under 1 MB that names no other', () => {
    expect(html.length).toBeLessThan(1_000_000);
    expect(html.match(/<(?:link|img|iframe|script [^>]*src)[^>]*>/g)).toBeNull();
    expect(html).toContain("default-src 'none'");
    expect(html).toContain("connect-src 'none'");
    expect(/unsafe-|https?:\/\/(?!www\.w3\.org|schema\.org)[a-z]/.exec(html.slice(0, 1500))).toBeNull();
  });

  test('a folder: shows what verify finds, the verdict first, and asks nothing of the network', async () => {
    const page = await openWithRecord();
    const expected = verify(recordFromMap(filesOf(record)))
      .findings.map((f) => `${f.check}: ${f.word}`)
      .sort();
    expect(expected.length).toBeGreaterThan(25);
    expect(await findingsShown(page)).toEqual(expected);
    expect(await page.textContent('main .verdict >> nth=0')).toContain(
      'A full hand count agrees: Joseph R. Biden by 12,284 votes.',
    );
    const totals = (await page.textContent('table.totals'))!;
    for (const figure of [
      '2,461,837',
      '2,474,507',
      '62,138',
      '2,462,857',
      '2,475,141',
      '62,587',
      '12,670',
      '12,284',
    ])
      expect(totals).toContain(figure);
    expect(await page.locator('.map path[role=button]').count()).toBe(159);
    expect(asked).toEqual([]);
    await page.context().close();
  });

  test('a zip, chosen or dropped: the same', async () => {
    const files = filesOf(record);
    const page = await open();
    await page.setInputFiles('#zip', asFile('georgia-2020.zip', zipOf(files)));
    await page.waitForSelector('.verdict');
    const chosen = await findingsShown(page);
    expect(chosen.length).toBeGreaterThan(25);

    const dropped = await open();
    const drop = await dropped.evaluateHandle(
      `(() => { const bytes = Uint8Array.from(atob('${zipOf(files).toString('base64')}'), (c) => c.charCodeAt(0));
        const data = new DataTransfer(); data.items.add(new File([bytes], 'georgia-2020.zip')); return data; })()`,
    );
    await dropped.dispatchEvent('.drop', 'drop', { dataTransfer: drop });
    await dropped.waitForSelector('.verdict');
    expect(await findingsShown(dropped)).toEqual(chosen);
    await page.context().close();
    await dropped.context().close();
  });

  test('cast vote records in a record: their checks run here too, from a folder and from a zip', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offline-cvrs-'));
    try {
      const zip = join(folder, 'record.zip');
      await publishedWithCvrs(folder, zip);
      const expected = (await verifyWithCvrs(recordFromMap(filesOf(join(folder, 'public'))))).findings;
      expect(expected.find((f) => f.check === 'cvrs-equal-manifest')!.word).toBe('holds');
      for (const [input, path] of [
        ['#folder', join(folder, 'public')],
        ['#zip', zip],
      ] as const) {
        const page = await open();
        await page.setInputFiles(input, path);
        await page.waitForSelector('.verdict');
        expect(await findingsShown(page), input).toEqual(expected.map((f) => `${f.check}: ${f.word}`).sort());
        await page.context().close();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a record with one changed byte: said first, and the finding named', async () => {
    const files = filesOf(record);
    const [path] = [...files.keys()].filter((p) => p.startsWith('files/')).sort();
    files.get(path!)![40]! ^= 1;
    const page = await open();
    await page.setInputFiles('#zip', asFile('changed.zip', zipOf(files)));
    await page.waitForSelector('.verdict');
    expect(await page.textContent('.verdict >> nth=0')).toContain('This record does not hold');
    expect(await findingsShown(page)).toContain('files-match: fails');
    await page.context().close();
  });

  test('what is no record is refused with a sentence, and another can be opened', async () => {
    const page = await open();
    await page.setInputFiles('#zip', asFile('results.zip', Buffer.from('County,Votes\n')));
    await page.waitForSelector('[role=alert]');
    expect(await page.textContent('[role=alert]')).toContain('not a complete zip file');
    await page.setInputFiles(
      '#zip',
      asFile('other.zip', Buffer.from(zipSync({ 'a.txt': new Uint8Array(3) }))),
    );
    await page.waitForSelector('text=no file named');
    await page.setInputFiles('#folder', record);
    await page.waitForSelector('.verdict');
    await page.context().close();
  });

  test('its own policy refuses every connection', async () => {
    const page = await open({ offline: false });
    const blocked = await page.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (e) => resolve(e.effectiveDirective));
      fetch('https://example.org/').catch(() => {});
    })`);
    expect(blocked).toBe('connect-src');
    await page.context().close();
  });

  test('served beside a record it opens that record by itself', async () => {
    const serving = await servePage(servedPage(html), recordFromMap(filesOf(record)), 0);
    const page = await browser.newPage();
    await page.goto(serving.address);
    await page.waitForSelector('.verdict');
    expect((await findingsShown(page)).length).toBeGreaterThan(25);
    await page.close();
    await serving.close();
  });

  test('a changed file of a served record is found too', async () => {
    const files = filesOf(record);
    files.get('bodies/0.json')![90]! ^= 1;
    const serving = await servePage(servedPage(html), recordFromMap(files), 0);
    const page = await browser.newPage();
    await page.goto(serving.address);
    await page.waitForSelector('.verdict');
    expect(await findingsShown(page)).toContain('bodies-match: fails');
    await page.close();
    await serving.close();
  });

  test('the keyboard reaches the language, the counties, the findings and the order of a table', async () => {
    const page = await openWithRecord();
    await page.focus('.map path[tabindex="0"]');
    const before = await page.textContent('.county-panel h3');
    await page.keyboard.press('ArrowRight');
    const after = await page.textContent('.county-panel h3');
    expect(after).not.toBe(before);
    expect(await page.locator('.map path[aria-pressed=true]').getAttribute('aria-label')).toContain(after!);

    await page.selectOption('select', { label: 'Calhoun' });
    expect(await page.textContent('.county-panel')).toContain('16 towards Joseph R. Biden, 0.7293%');

    await page.focus('[data-check=margin-variation] summary');
    await page.keyboard.press('Enter');
    const units = page.locator('[data-check=margin-variation] table');
    await units.waitFor();
    const places = (): Promise<string[]> => units.locator('tbody th').allTextContents();
    const asFound = await places();
    expect(asFound[0]).toBe('Calhoun');
    await units.locator('thead button').first().focus();
    await page.keyboard.press('Enter');
    const sorted = await places();
    expect(sorted).not.toEqual(asFound);
    expect(sorted).toEqual([...sorted].sort());
    expect(await units.locator('thead th').first().getAttribute('aria-sort')).toBe('ascending');

    await page.focus('#language');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('html', 'lang')).toBe('es');
    expect(await page.textContent('.verdict >> nth=0')).toContain('Un conteo completo a mano coincide');
    await page.context().close();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 360])
      test(`WCAG 2.2 AA by axe, ${colorScheme}, ${width} px wide: the start and the report`, async () => {
        const page = await open({ colorScheme, viewport: { width, height: 800 } });
        expect(await violations(page)).toEqual([]);
        await page.setInputFiles('#folder', record);
        await page.waitForSelector('.verdict');
        await page.evaluate(`document.querySelectorAll('details').forEach((d) => { d.open = true; })`);
        await page.waitForFunction(`document.querySelector('[data-check=margin-variation] table') !== null`);
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.context().close();
      }, 60_000);

  test('the test of accessibility can fail', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opencanvass-page-'));
    const file = join(folder, 'bad.html');
    writeFileSync(
      file,
      '<!doctype html><html><body><input><p style="color:#ccc;background:#fff">some pale words</p></body></html>',
    );
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const ids = (await violations(page)).map((v) => v.split(':')[0]);
    expect(ids).toEqual(expect.arrayContaining(['label', 'color-contrast', 'html-has-lang']));
    await page.close();
    rmSync(folder, { recursive: true });
  });
});
