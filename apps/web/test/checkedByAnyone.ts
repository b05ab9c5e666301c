// What a stranger makes of a desk's record: the zip that its public site gives out, by `opencanvass verify` as anybody runs it, and by the offline page
// opened from the disk in a browser without a network. The two say the same of every check, or it throws.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { thePage } from '@opencanvass/offline';
import type { Browser } from 'playwright';
import { expect } from 'vitest';
import { slow } from './browser.ts';

const command = fileURLToPath(new URL('../../cli/bin/opencanvass.js', import.meta.url));

export interface Checked {
  /** By check: holds, fails, cannot tell, does not apply. */
  readonly words: ReadonlyMap<string, string>;
  /** Those that do not hold. */
  readonly fails: readonly string[];
  /** The exit status of `opencanvass verify`. */
  readonly status: number | null;
  /** What the offline page says first. */
  readonly verdict: string;
}

export async function checkedByAnyone(browser: Browser, address: string): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), 'checked-'));
  try {
    const answer = await fetch(`${address}/record.zip`);
    expect(answer.status).toBe(200);
    const [zip, html] = [join(folder, 'record.zip'), join(folder, 'opencanvass.html')];
    writeFileSync(zip, new Uint8Array(await answer.arrayBuffer()));
    writeFileSync(html, await thePage());

    const verified = spawnSync(process.execPath, [command, 'verify', zip, '--json'], { encoding: 'utf8' });
    expect(verified.stderr).toBe('');
    const { findings } = JSON.parse(verified.stdout) as { findings: { check: string; word: string }[] };
    expect(findings.length).toBeGreaterThan(10);

    const page = await browser.newPage({ offline: true, locale: 'en-US' });
    page.setDefaultTimeout(slow);
    await page.goto(pathToFileURL(html).href);
    await page.setInputFiles('#zip', zip);
    await page.waitForSelector('.verdict');
    const shown = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-check]')].map((d) => d.dataset.check + ': ' + d.dataset.word).sort()`,
    );
    expect(shown).toEqual(findings.map((f) => `${f.check}: ${f.word}`).sort());
    const verdict = (await page.locator('main .verdict').allInnerTexts()).join('\n');
    await page.context().close();
    return {
      words: new Map(findings.map((f) => [f.check, f.word])),
      fails: findings.filter((f) => f.word === 'fails').map((f) => f.check),
      status: verified.status,
      verdict,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
