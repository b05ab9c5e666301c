// Signing in by every way and changing how one signs in, through the pages: passkeys with Chromium's own authenticator, the directory against an OpenID
// provider on this machine, recovery codes from their sheet; WCAG 2.2 AA by axe, wide and narrow, in both languages.
import { URI, type TOTP } from 'otpauth';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OpenId } from '../../server/src/index.ts';
import { Directory } from '../../server/test/directory.ts';
import { holdPasskeys } from '../../../tests/chromium.ts';
import { thePages } from '../built.ts';
import { haveBrowser, launch, look, openPage, signIn, keyboardFaults, violations } from './browser.ts';
import { compareKey, keyShown } from './deskProcess.ts';
import { newPerson, openTestDesk, type OpenDesk } from './openDesk.ts';

describe.skipIf(!haveBrowser())('one’s own account', () => {
  let browser: Browser;
  let desk: OpenDesk;
  beforeAll(async () => {
    await thePages();
    browser = await launch();
  });
  afterEach(() => desk.close());
  afterAll(() => browser.close());

  test('a passkey is made under a name, signs in without a login, and removed it does not', async () => {
    desk = await openTestDesk('set up');
    desk.t.now = Date.now(); // the browser goes by the real clock
    const person = desk.cast!.canvass;
    const { page, faults } = await openPage(browser, desk.address);
    await holdPasskeys(page);
    await signIn(page, person, desk.digits(person));
    await page.getByRole('link', { name: 'My account' }).click();
    await page.getByText('You have none at this desk.').waitFor();
    await page.getByLabel('Name of a new passkey').fill('laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('rowheader', { name: 'laptop' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await keyboardFaults(page)).toEqual([]);
    // The same device has one for this account: the browser says so.
    await page.getByLabel('Name of a new passkey').fill('again');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('This passkey is kept already.').waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.locator('.who').getByText('canvass board').waitFor();
    await page.getByRole('link', { name: 'My account' }).click();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('You have none at this desk.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('This desk does not know that passkey').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('at an address of numbers there is no button for it, and the page says why', async () => {
    desk = await openTestDesk('set up');
    const { page, faults } = await openPage(browser, desk.address.replace('localhost', '127.0.0.1'));
    await page.goto('/desk/sign-in');
    await page.getByText('Passkeys work at a name, not at a number').waitFor();
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('password, recovery codes and authenticator are changed, and each signs in as it should', async () => {
    desk = await openTestDesk('set up');
    const person = desk.cast!.observer;
    const { page, faults } = await openPage(browser, desk.address);
    await signIn(page, person, desk.digits(person));
    await page.goto('/desk/account');
    const prove = async (title: string, password: string, code: string): Promise<void> => {
      const form = page.locator('details').filter({ hasText: title });
      if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
      await form.getByLabel('Your password now').fill(password);
      await form.getByLabel('Six digits or a recovery code').fill(code);
      await form.getByRole('button', { name: title }).click();
    };
    await page.getByText('You have 0 left.').waitFor();
    await prove('Make ten new codes', 'a guess', desk.digits(person));
    await page.getByText('Login, password or digits are wrong.').waitFor();
    await prove('Make ten new codes', person.password, desk.digits(person));
    const sheet = page.getByRole('dialog', { name: `Recovery codes of ${person.login}` });
    await sheet.waitFor();
    const codes = await sheet.locator('[data-secret=recovery]').allTextContents();
    expect(new Set(codes).size).toBe(10);
    expect(await violations(page)).toEqual([]);
    // What is printed is the sheet, without the page below it and without buttons.
    await page.emulateMedia({ media: 'print' });
    expect(await sheet.getByText(codes[0]!).isVisible()).toBe(true);
    expect(await sheet.getByText('Print').isVisible()).toBe(false);
    expect(await page.getByRole('heading', { name: 'My account' }).isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
    await sheet.getByRole('button', { name: 'It is written down' }).click();
    await page.getByText('You have 10 left.').waitFor();

    // The first code stands for the digits while the password is changed; the session goes on, with the new one.
    await page.getByText('Change the password').first().click();
    await page.getByLabel('New password').fill('a sentence that I remember');
    await prove('Change the password', person.password, codes[0]!);
    await page.getByText('The password is changed.').waitFor();
    const next = { login: person.login, password: 'a sentence that I remember' };
    await page.getByText('You have 9 left.').waitFor();
    await prove('Set up a new authenticator', next.password, desk.digits(person));
    const shown = page.getByRole('dialog', { name: 'The key of your new authenticator' });
    const secret = (await shown.locator('[data-secret=totp]').textContent())!.replaceAll(' ', '');
    expect(await violations(page)).toEqual([]);
    await shown.getByRole('button', { name: 'My authenticator has it' }).click();
    const totp = URI.parse(`otpauth://totp/desk?secret=${secret}`) as TOTP;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.getByLabel('Login').fill(next.login);
    await page.getByLabel('Password').fill(next.password);
    await page.getByLabel('Six digits').fill(desk.digits(person));
    await page.keyboard.press('Enter');
    await page.getByText('Login, password or digits are wrong.').waitFor();
    await signIn(page, next, desk.digits({ ...person, totp }));
    await page.getByRole('button', { name: 'Sign out' }).click();
    const byCode = async (code: string): Promise<void> => {
      await page.getByRole('button', { name: 'I have a recovery code instead' }).click();
      await page.getByLabel('Login').fill(next.login);
      await page.getByLabel('Password').fill(next.password);
      await page.getByLabel('Recovery code').fill(code);
      await page.keyboard.press('Enter');
    };
    await byCode(codes[1]!);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await byCode(codes[1]!);
    await page.getByText('Login, password or digits are wrong.').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('by the state’s directory and back; the account says where its password is; a way back without a way there is none', async () => {
    const directory = await Directory.open();
    desk = await openTestDesk('set up', undefined, { openId: new OpenId(directory.settings) });
    desk.t.now = Date.now();
    directory.sendsBackTo(desk.address);
    directory.person = { sub: 'u-17', name: 'Cora Canvasser', groups: ['canvassers'] };
    const { page, faults } = await openPage(browser, desk.address);
    await page.goto('/desk/sign-in');
    await page.getByRole('button', { name: 'Sign in by the state’s directory' }).click();
    await page.getByText('Cora Canvasser, canvass board').waitFor();
    const back = faults.filter((f) => !f.startsWith(`asked: ${directory.settings.issuer}`));
    expect(back).toEqual([]);
    await page.getByRole('link', { name: 'My account' }).click();
    await page.getByText('You sign in by the state’s directory').waitFor();
    expect(await page.getByText('Recovery codes').count()).toBe(0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goto('/desk/sign-in/open-id?code=x&state=y');
    await page.getByText('This was answered already').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
    await directory.close();
  });

  test('a lost key is withdrawn, and another is made and compared', async () => {
    desk = await openTestDesk('set up');
    const { page: clerk, faults } = await newPerson(desk, browser, {
      login: 'cleo',
      name: 'Cleo Clerk',
      role: 'county manager',
      jurisdiction: 'bibb',
    });
    const lost = await keyShown(clerk);
    const { page } = await openPage(browser, desk.address);
    await signIn(page, desk.state, desk.digits(desk.state));
    await page.goto('/desk/accounts');
    const row = page.getByRole('row', { name: 'Cleo Clerk' });
    await row.getByRole('button', { name: 'Withdraw the key' }).click();
    const dialog = page.getByRole('dialog');
    const withdraw = dialog.getByRole('button', { name: 'Withdraw it' });
    expect(await withdraw.isDisabled()).toBe(true);
    await dialog.getByLabel('Why').selectOption('in other hands');
    await dialog.getByLabel('What happened, in words').fill('The laptop was taken from the office.');
    await look(page, 'key-withdraw');
    await withdraw.click();
    await row.getByText('withdrawn; a new one is to be made').waitFor();
    expect(await row.getByRole('button', { name: 'Withdraw the key' }).count()).toBe(0);

    await clerk.reload();
    await clerk.getByText('Your key was withdrawn.').waitFor();
    await look(clerk, 'key-withdrawn');
    await clerk.getByRole('button', { name: 'Make the key without a file' }).click();
    await clerk.getByText('waits for the state administrator').waitFor();
    const made = await keyShown(clerk);
    expect(made).not.toBe(lost);
    await compareKey(page, 'Cleo Clerk', made);
    await page.goto('/desk/record');
    const entry = page.getByRole('row', { name: 'A key is withdrawn' });
    await entry.locator('summary').click();
    await entry.getByText('The laptop was taken from the office.').waitFor();
    await look(page, 'record-key-withdrawn');
    expect(faults).toEqual([]);
    await clerk.context().close();
    await page.context().close();
  });

  test('in Spanish on a telephone', async () => {
    desk = await openTestDesk('set up');
    const person = desk.cast!.canvass;
    const { page, faults } = await openPage(browser, desk.address, {
      viewport: { width: 390, height: 844 },
      locale: 'es-US',
    });
    await page.goto('/desk/sign-in');
    await page.getByRole('button', { name: 'Entrar con una llave de acceso' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await signIn(page, person, desk.digits(person));
    await page.goto('/desk/account');
    await page.getByRole('heading', { name: 'Códigos de recuperación' }).waitFor();
    for (const details of await page.locator('main details').all())
      await details.evaluate((d) => d.setAttribute('open', ''));
    expect(await violations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
