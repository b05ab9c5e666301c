// A real Chromium for tests of the pages: pages that tell what went wrong in them, signing in as people do, and axe for what WCAG asks.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { chromiumFlags, findChromium } from '../../../tests/chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const haveBrowser = (): boolean => findChromium() !== undefined;

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });

/** How long something may take to be shown, in milliseconds: a busy machine is no fault of the pages. */
export const slow = 90_000;

export interface Opened {
  readonly page: Page;
  /** What the page itself complained of: errors, policy violations, failed loads. Empty is what is wanted. */
  readonly faults: string[];
}

/** A new page in a context of its own: its own cookies, its own store of keys. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ locale: 'en-US', baseURL: address, ...options });
  context.setDefaultTimeout(slow);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (e) => faults.push(`error: ${e.message}`));
  page.on('console', (m) => {
    // A refusal of the desk is an answer, and Chromium calls every such answer an error.
    if (m.type() === 'error' && !m.text().startsWith('Failed to load resource: the server responded'))
      faults.push(`console: ${m.text()}`);
  });
  page.on('request', (r) => {
    if (!r.url().startsWith(address) && !/^(?:data|blob):/.test(r.url())) faults.push(`asked: ${r.url()}`);
  });
  return { page, faults };
}

export interface Login {
  readonly login: string;
  readonly password: string;
}

/** Signs in by the page, with the digits given. */
export async function signIn(page: Page, { login, password }: Login, digits: string): Promise<void> {
  await page.goto('/desk/sign-in');
  await page.getByLabel(/^(?:Login|Usuario)$/).fill(login);
  await page.getByLabel(/^(?:Password|Contraseña)$/).fill(password);
  await page.getByLabel(/^(?:Six digits|Seis dígitos)$/).fill(digits);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

/** What axe finds against WCAG 2.2 AA, in words; and whatever is wider than the page. */
export async function violations(page: Page): Promise<string[]> {
  // `addScriptTag` is what the page's own policy forbids; evaluating is not.
  await page.evaluate(axe);
  const found: string[] = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ') + ' ' + (n.failureSummary ?? '')).slice(0, 3).join(' | ')))`,
  );
  const [wide, window] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, window.innerWidth]',
  );
  return wide > window ? [...found, `wider than the window: ${wide} of ${window}`] : found;
}

/** More controls than this are rows of a long table, each like the one before. */
const enough = 70;

/**
 * What is wrong for whoever has a keyboard alone, in words: Tab goes from the first control of the page to the last, in the order in which they stand, none left
 * out and none caught in; where the focus is, is seen. Of radio buttons one group is one stop.
 */
export async function keyboardFaults(page: Page): Promise<string[]> {
  await page.evaluate(`(() => {
    const isShown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.closest('[inert]') === null;
    const groups = new Set();
    window.stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((e) => {
      if (e.disabled === true || e.tabIndex < 0 || e.type === 'hidden' || !isShown(e)) return false;
      if (e.type !== 'radio') return true;
      const group = [...document.getElementsByName(e.name)].filter((r) => !r.disabled);
      const stop = group.find((r) => r.checked) ?? group[0];
      return stop === e && !groups.has(e.name) && groups.add(e.name);
    });
    window.stops[0]?.focus();
  })()`);
  const stops: number = await page.evaluate('window.stops.length');
  const faults: string[] = [];
  for (let i = 0; i < Math.min(stops, enough); i++) {
    const fault: string = await page.evaluate(`((i) => {
      const at = document.activeElement;
      const named = (e) => e === null || e === undefined ? 'nothing' : e.tagName.toLowerCase() + ' “' + (e.getAttribute('aria-label') ?? e.textContent ?? '').trim().slice(0, 40) + '”';
      if (at !== window.stops[i]) return 'stop ' + (i + 1) + ' is ' + named(at) + ', and ' + named(window.stops[i]) + ' stands there';
      const drawn = (e, part) => {
        if (e === null || e === undefined) return false;
        const s = getComputedStyle(e, part);
        return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none';
      };
      // A check box is drawn by its label, a file’s field by the area around it.
      const label = at.labels?.[0];
      return drawn(at) || drawn(label) || drawn(label, '::before') ? '' : 'the focus is not seen at ' + named(at);
    })(${i})`);
    if (fault !== '') faults.push(fault);
    // One out of its order puts all that follow out of theirs.
    if (fault.startsWith('stop')) break;
    // A date is several stops of one field.
    do await page.keyboard.press('Tab');
    while (
      await page.evaluate(
        `document.activeElement === window.stops[${i}] && window.stops[${i}].type === 'date'`,
      )
    );
  }
  return faults;
}

/** Words of English that Spanish does not have, and that no sentence of English does without. */
const ofEnglish =
  /\b(?:the|and|of|is|are|was|were|has|have|been|not|none|with|without|from|for|its|it|this|that|there|at most|expected|found|batch|county|vote|votes)\b/i;

/** Pieces of the page's text that are English and not marked as such: what a Spanish page must have none of. */
export async function englishIn(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`
    [...document.querySelectorAll('body *')].flatMap((e) =>
      e.closest('[lang]').lang !== 'es' || e.closest('script, noscript, style, svg, code')
        ? []
        : [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent.trim()),
    )`);
  return texts.filter((text) => ofEnglish.test(text));
}

/** Nothing for axe to find, at both widths; and a picture of each where OPENCANVASS_SHOTS names a folder. */
export async function look(page: Page, name: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const found = await violations(page);
    if (found.length > 0) throw new Error(`${name} at ${width}: ${found.join('\n')}`);
    const folder = process.env['OPENCANVASS_SHOTS'];
    if (folder !== undefined)
      await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
}
