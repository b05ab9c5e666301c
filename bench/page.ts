// How long does the offline page take in a real browser for the whole record of Georgia 2020, 41,881 batches and the state's files, from the
// moment the folder or the zip is chosen until the verdict stands there? Under 6 s.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { buildPage } from '../apps/offline/build.ts';
import { pageFile } from '../apps/offline/page.ts';
import { publishGeorgia2020, zipGeorgia2020 } from '../scripts/make-georgia-2020.ts';
import { chromiumFlags, findChromium } from '../tests/chromium.ts';
import { haveShared } from '../tests/sharedData.ts';
import type { BenchRow } from './row.ts';

export async function run(): Promise<BenchRow[]> {
  const executablePath = findChromium();
  if (!haveShared() || executablePath === undefined)
    return [{ name: 'page: Georgia 2020', value: 0, unit: 'not run', note: 'no shared data or no Chromium' }];
  await buildPage();
  const at = await mkdtemp(join(tmpdir(), 'bench-page-'));
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const folder = join(at, 'record');
    const zip = join(at, 'record.zip');
    await publishGeorgia2020({ granularity: 'batch' }, folder);
    await writeFile(zip, await zipGeorgia2020({ granularity: 'batch' }));
    const open = async (input: string, path: string): Promise<number> => {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(pageFile).href);
      const start = performance.now();
      await page.setInputFiles(input, path);
      await page.waitForSelector('.verdict', { timeout: 120_000 });
      const ms = performance.now() - start;
      const broken = await page.locator('[data-check][data-word=fails] >> text=tables').count();
      if (broken > 0) throw new Error('the record does not hold in the page');
      await page.close();
      return ms;
    };
    return [
      { name: 'page: 41,881 batches from a folder', value: await open('#folder', folder), unit: 'ms', note: 'asked: under 6,000 ms' }, // prettier-ignore
      { name: 'page: the same from a zip', value: await open('#zip', zip), unit: 'ms' },
    ];
  } finally {
    await browser.close();
    await rm(at, { recursive: true, force: true });
  }
}
