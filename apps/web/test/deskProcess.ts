// A desk as an office starts it: `opencanvass serve` in a process of its own, in a temporary folder; and people who sign in, make keys and act in a
// browser, or, where there is much of the same, through the API with a key of their own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call, routes, type Client, type Input, type Output, type Route } from '@opencanvass/contract';
import { fromBase64, toBase64, toUtf8 } from '@opencanvass/evidence/bytes';
import { preAuthEncoding } from '@opencanvass/evidence/log';
import { generateSigningKey, nodeSha256, signEd25519, type SigningKey } from '@opencanvass/keeper';
import jsqr from 'jsqr';
import { URI, type TOTP } from 'otpauth';
import type { Browser, BrowserContextOptions, Page } from 'playwright';
import { openPage, signIn } from './browser.ts';

const command = fileURLToPath(new URL('../../cli/bin/opencanvass.js', import.meta.url));

export interface Secrets {
  readonly login: string;
  readonly password: string;
  readonly totp: string;
}

export class DeskProcess {
  readonly folder: string;
  readonly address: string;
  readonly first: Secrets;
  readonly #child: ChildProcess;

  private constructor(folder: string, address: string, first: Secrets, child: ChildProcess) {
    this.folder = folder;
    this.address = address;
    this.first = first;
    this.#child = child;
  }

  static async start(): Promise<DeskProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'desk-process-'));
    const child = spawn(process.execPath, [command, 'serve', folder, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DATABASE_URL: '' },
    });
    const said = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('The desk is open at')) resolve(text);
      });
      child.stderr.on('data', (chunk: Buffer) => void (text += chunk.toString()));
      child.once('exit', () => reject(new Error(`the desk did not open: ${text}`)));
    });
    const part = (pattern: RegExp): string => pattern.exec(said)![1]!;
    return new DeskProcess(
      folder,
      part(/open at (\S+)/),
      {
        login: part(/login\s+(\S+)/),
        password: part(/password\s+(\S+)/),
        totp: part(/(otpauth:\S+)/),
      },
      child,
    );
  }

  /** Ends the process; the folder stays. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  client = (more: Partial<Client> = {}): Client => ({
    fetch: (path, init) => fetch(this.address + path, init),
    ...more,
  });

  async do<R extends Route>(client: Client, route: R, input: Input<R>): Promise<Output<R>> {
    const answer = await call(client, route, input);
    if (!answer.ok) throw new Error(`${route.path}: ${answer.status} ${JSON.stringify(answer.problem)}`);
    return answer.value;
  }

  /** Somebody signed in through the API. */
  async signIn({ login, password, totp }: Secrets): Promise<Client> {
    const body = { login, password, code: digitsOf(totp) };
    const answer = await call(this.client(), routes.signIn, { body });
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    return this.client({
      csrf: answer.value.csrf,
      cookie: answer.headers.get('set-cookie')!.split(';')[0]!,
    });
  }
}

/** The digits an authenticator shows at this moment. */
const digitsOf = (totp: string): string => (URI.parse(totp) as TOTP).generate();

/** A person at a browser, signed in. */
export async function person(
  browser: Browser,
  desk: DeskProcess,
  secrets: Secrets,
  options: BrowserContextOptions = {},
) {
  const opened = await openPage(browser, desk.address, options);
  await signIn(opened.page, secrets, digitsOf(secrets.totp));
  return opened;
}

/** The session of a page, for what is too long to click. */
export async function apiOf(page: Page, desk: DeskProcess): Promise<Client> {
  const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
  const { csrf } = await desk.do(desk.client({ cookie }), routes.whoAmI, {});
  return desk.client({ cookie, csrf });
}

export async function makeKey(page: Page): Promise<void> {
  await page.goto('/desk/key');
  await page.getByRole('button', { name: 'Make the key without a file' }).click();
  await page.locator('.key-id').waitFor();
}

/** The state administrator compares a key with what its holder reads out, and puts it on the record. */
export async function compareKey(page: Page, name: string, readOut: string): Promise<void> {
  await page.goto('/desk/accounts');
  await page.getByRole('row', { name }).getByRole('button', { name: 'Compare the key' }).click();
  const dialog = page.getByRole('dialog');
  if ((await dialog.locator('.key-id').innerText()).replaceAll(/\s/g, '') !== readOut)
    throw new Error('the desk shows another key');
  await dialog.getByRole('button', { name: 'It is the same' }).click();
  await page.getByRole('row', { name }).getByText('on the record').waitFor();
}

export const keyShown = async (page: Page): Promise<string> =>
  (await page.locator('.key-id').innerText()).replaceAll(/\s/g, '');

/** Makes an account by the page; its secrets as they are handed over, the authenticator's key out of the QR code. */
export async function newAccount(
  page: Page,
  { name, login, role, county }: { name: string; login: string; role: string; county?: string },
): Promise<Secrets> {
  await page.goto('/desk/accounts');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Role').selectOption({ label: role });
  if (county !== undefined) await page.getByLabel('County').selectOption({ label: county });
  await page.getByRole('button', { name: 'Create the account' }).click();
  const dialog = page.getByRole('dialog');
  const password = await dialog.locator('[data-secret=password]').innerText();
  const totp = await readQr(page);
  await dialog.getByRole('button', { name: 'It is handed over' }).click();
  return { login, password, totp };
}

/** What a telephone reads from the picture on the page. */
async function readQr(page: Page): Promise<string> {
  const { data, size } = await page.evaluate<{ data: number[]; size: number }>(`(async () => {
    const img = document.querySelector('dialog img');
    await img.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 480;
    const context = canvas.getContext('2d');
    context.drawImage(img, 0, 0, 480, 480);
    return { data: [...context.getImageData(0, 0, 480, 480).data], size: 480 };
  })()`);
  const read = (jsqr as unknown as typeof jsqr.default)(new Uint8ClampedArray(data), size, size);
  if (read === null) throw new Error('the QR code cannot be read');
  return read.data;
}

/** Signs by the page what a button prepares. */
export async function signBy(page: Page, button: string): Promise<string> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  const words = await dialog.innerText();
  await dialog.getByRole('button', { name: /^Sign as / }).click();
  await dialog.waitFor({ state: 'detached' });
  return words;
}

/** A person whose key and acts are not in a browser. */
export class Remote {
  readonly client: Client;
  readonly #key: SigningKey;
  readonly #desk: DeskProcess;
  readonly keyid: string;

  private constructor(desk: DeskProcess, client: Client, key: SigningKey, keyid: string) {
    [this.#desk, this.client, this.#key, this.keyid] = [desk, client, key, keyid];
  }

  static async arrive(desk: DeskProcess, secrets: Secrets): Promise<Remote> {
    const client = await desk.signIn(secrets);
    const key = generateSigningKey();
    const body = {
      publicKey: toBase64(key.publicKey),
      proof: toBase64(signEd25519(key, toUtf8(`opencanvass key of ${secrets.login}`))),
    };
    const { keyid } = await desk.do(client, routes.tellKey, { body });
    return new Remote(desk, client, key, keyid);
  }

  async sign({ prepared, payloads, payloadType }: Output<typeof routes.seal>): Promise<void> {
    const sigs = payloads.map((p) =>
      toBase64(signEd25519(this.#key, preAuthEncoding(payloadType, fromBase64(p)!))),
    );
    const keyid = Buffer.from(nodeSha256(this.#key.publicKey)).toString('hex');
    await this.#desk.do(this.client, routes.sign, { params: { prepared }, body: { keyid, sigs } });
  }
}
