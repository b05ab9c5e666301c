// The frame of the desk's pages in a real browser: signing in and out, a key that is made and signs, the language, the policy, the address of assets.
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveBrowser, launch, openPage, signIn, violations } from './browser.ts';
import { openTestDesk, type OpenDesk } from './openDesk.ts';

describe.skipIf(!haveBrowser())('the desk’s pages', () => {
  let browser: Browser;
  let desk: OpenDesk;
  beforeAll(async () => {
    desk = await openTestDesk('set up');
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });

  test('signs in, makes a key that the desk takes, changes the language for good, signs out', async () => {
    const { page, faults } = await openPage(browser, desk.address);
    await page.goto('/desk');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Login').fill('state');
    await page.getByLabel('Password').fill('not it');
    await page.getByLabel('Six digits').fill('123456');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Login, password or digits are wrong.').waitFor();
    const person = desk.cast!.canvass;
    await signIn(page, person, desk.digits(person));
    await page.getByRole('link', { name: 'My key' }).click();
    await page.getByText('but not in this browser').waitFor();
    await page.getByRole('button', { name: 'Español' }).click();
    await page.getByRole('heading', { name: 'Mi clave de firma' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Mi clave de firma' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('es');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Salir' }).click();
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    await page.goto('/desk/key');
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('assets are kept for good, the page is not, and a missing asset is missing', async () => {
    const index = await fetch(`${desk.address}/desk/anything/below`);
    expect(index.headers.get('cache-control')).toBe('no-cache');
    expect(index.headers.get('content-security-policy')).not.toMatch(/unsafe|\*/);
    const html = await index.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|style="/);
    const asset = /src="(\/desk\/assets\/[^"]+)"/.exec(html)![1]!;
    const script = await fetch(desk.address + asset);
    expect([script.status, script.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
    const etag = script.headers.get('etag')!;
    const again = await fetch(desk.address + asset, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect((await fetch(`${desk.address}/desk/assets/none.js`)).status).toBe(404);
    expect(
      (await fetch(`${desk.address}/desk/..%2f..%2fpackage.json`)).headers.get('content-type'),
    ).toContain('text/html');
  });
});
