// Two people of a board at a table, for tests in a browser: they begin with their code, each types what they counted, both confirm.
import type { Page } from 'playwright';
import type { OpenDesk } from './openDesk.ts';

/** The code of a new board of Bibb's. */
export async function newBoard(desk: OpenDesk, name = 'Board 1'): Promise<string> {
  const { client } = desk.cast!.managers.bibb;
  return (await desk.t.do(client, 'createBoard', { params: { county: 'bibb' }, body: { name } })).code;
}

export async function beginBoard(
  page: Page,
  code: string,
  [one, two]: readonly [string, string] = ['Ada', 'Ben'],
): Promise<void> {
  await page.goto(`/desk/board#${code}`);
  await page.getByLabel('Name, as the public').first().fill(one);
  await page.getByLabel('Party').first().fill('Blue');
  await page.getByLabel('Name, as the public').last().fill(two);
  await page.getByLabel('Party').last().fill('Red');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('heading', { name: 'what is to be read' }).waitFor();
}

/** Types what one counted, line by line, and is done. */
export async function typeCounts(page: Page, who: string, figures: readonly number[]): Promise<void> {
  await page.getByRole('heading', { name: new RegExp(`^${who} counts`) }).waitFor();
  const fields = page.locator('.lines input');
  for (const [i, n] of figures.entries()) await fields.nth(i).fill(String(n));
  await page.getByRole('button', { name: `${who} is done` }).click();
}

/** Both confirm what is read back, and the next batch comes. */
export async function bothConfirm(page: Page): Promise<void> {
  const before = page.url();
  await page.locator('.both-confirm').waitFor();
  await page.keyboard.press('1');
  await page.keyboard.press('2');
  await page.waitForURL((url) => url.href !== before);
}

export const unitAt = (page: Page): string => new URL(page.url()).searchParams.get('unit')!;
export const unsent = (page: Page, n: number): Promise<void> =>
  page.locator(`[data-unsent="${n}"]`).waitFor();
