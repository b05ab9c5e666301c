// The ways to sign in, each against the real thing: passkeys in a Chromium with an authenticator of its own, the directory against an OpenID
// provider on this machine; and what changes how one signs in.
import { serve, type ServerType } from '@hono/node-server';
import { call, routes, type Client } from '@opencanvass/contract';
import { URI, type TOTP } from 'otpauth';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromiumFlags, findChromium, holdPasskeys } from '../../../tests/chromium.ts';
import { createApp, handlers, usualBounds, type Outside } from '../src/index.ts';
import { OpenId } from '../src/openId.ts';
import { Directory } from './directory.ts';
import { begin, TestDesk, type Cast, type Person } from './testDesk.ts';

let t: TestDesk;
let cast: Cast;
let server: ServerType | undefined;
beforeEach(async () => {
  t = await TestDesk.open();
  cast = await begin(t);
});
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  await t.close();
});

/** The same desk at a port, as it is reached from outside. */
const listen = (outside: Outside = {}): Promise<number> =>
  new Promise((resolve) => {
    const app = createApp(t.desk, routes, handlers, usualBounds, outside);
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => resolve(port));
  });
const noted = async (): Promise<string[]> =>
  (await t.desk.db.selectFrom('attempts').select('what').orderBy('row').execute()).map((r) => r.what);
const code = (p: Person): string => {
  t.now += 30_000;
  return p.totp.generate({ timestamp: t.now });
};

describe('a password', () => {
  test('is changed with the old one and digits; every other session ends, and the old password is none', async () => {
    const p = cast.observer;
    const other = { ...p.client };
    await t.signIn(p);
    const next = 'a sentence that I remember';
    const wrong = { password: 'guess', code: code(p), next };
    expect(await t.refused(p.client, 'changePassword', { body: wrong })).toBe('403 sign-in-failed');
    const short = { password: p.password, code: code(p), next: 'short' };
    expect(await t.refused(p.client, 'changePassword', { body: short })).toBe('422 wrong-shape');
    const holds = { password: p.password, code: code(p), next: `my login is ${p.login}` };
    expect(await t.refused(p.client, 'changePassword', { body: holds })).toBe('422 password-holds-login');
    const changed = await call(p.client, routes.changePassword, {
      body: { password: p.password, code: code(p), next },
    });
    expect(changed.ok && changed.value.made).toBe(undefined);
    expect(await t.refused(other, 'me', {})).toBe('401 session-over');
    expect(await t.refused(p.client, 'me', {})).toBe('401 session-over');
    const cookie = changed.headers.get('set-cookie')!.split(';')[0]!;
    expect((await t.do({ ...t.public, cookie }, 'me', {})).account.login).toBe('observer');
    const old = { login: p.login, password: p.password, code: code(p) };
    expect(await t.refused(t.public, 'signIn', { body: old })).toBe('401 sign-in-failed');
    await t.signIn({ ...p, password: next });
    expect(await noted()).toContain('password changed');
  });

  test('is made by the desk where none is given', async () => {
    const p = cast.observer;
    const { made } = await t.do(p.client, 'changePassword', {
      body: { password: p.password, code: code(p) },
    });
    await t.signIn({ ...p, password: made! });
  });

  test('recovery codes stand for the digits, each once; a new authenticator ends the old', async () => {
    const p = cast.observer;
    const { codes } = await t.do(p.client, 'recoveryCodes', {
      body: { password: p.password, code: code(p) },
    });
    expect(new Set(codes).size).toBe(10);
    const by = (c: string) => ({ body: { login: p.login, password: p.password, code: c } });
    expect(await t.refused(t.public, 'signIn', by(codes[0]!.toUpperCase()))).toBe('done');
    expect(await t.refused(t.public, 'signIn', by(codes[0]!))).toBe('401 sign-in-failed');
    // Another's codes are not one's own.
    const other = { login: cast.canvass.login, password: cast.canvass.password, code: codes[1]! };
    expect(await t.refused(t.public, 'signIn', { body: other })).toBe('401 sign-in-failed');
    const { totp } = await t.do(p.client, 'newAuthenticator', {
      body: { password: p.password, code: codes[2]! },
    });
    expect((await t.do(p.client, 'me', {})).recoveryCodes).toBe(8);
    expect(await t.refused(t.public, 'signIn', by(code(p)))).toBe('401 sign-in-failed');
    await t.signIn({ ...p, totp: URI.parse(totp) as TOTP });
  });

  test('is reset by the state, not by oneself: all that signed in before does not any more', async () => {
    const p = cast.managers.bibb;
    const { codes } = await t.do(p.client, 'recoveryCodes', {
      body: { password: p.password, code: code(p) },
    });
    const before = { ...p };
    const self = { params: { account: cast.state.id } };
    expect(await t.refused(cast.state.client, 'resetAccount', self)).toBe('409 own-account');
    const { password, totp } = await t.do(cast.state.client, 'resetAccount', { params: { account: p.id } });
    expect(await t.refused(before.client, 'me', {})).toBe('401 session-over');
    const old = { login: p.login, password, code: codes[0]! };
    expect(await t.refused(t.public, 'signIn', { body: old })).toBe('401 sign-in-failed');
    await t.signIn({ ...p, password, totp: URI.parse(totp) as TOTP });
    expect(await noted()).toContain('account reset');
  });
});

describe('the address', () => {
  test('only the desk’s own name is answered; a proxy’s word counts only from a proxy', async () => {
    const status = async (outside: Outside, host: string) =>
      (
        await createApp(t.desk, routes, handlers, usualBounds, outside).request('/api/status', {
          headers: { host },
        })
      ).status;
    const origin = 'https://audit.example.gov';
    expect(await status({ origin }, 'audit.example.gov')).toBe(200);
    expect(await status({ origin }, 'evil.example')).toBe(421);
    expect(await status({ origin }, 'localhost')).toBe(421);
    expect(await status({}, 'evil.example')).toBe(421);
    expect(await status({}, 'localhost:8080')).toBe(200);
    const failing = async (outside: Outside) => {
      const port = await listen(outside);
      await fetch(`http://localhost:${port}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9, 198.51.100.7' },
        body: JSON.stringify({ login: 'x', password: 'y', code: '123456' }),
      });
      await new Promise((resolve) => server!.close(resolve));
      return ((await t.attempts(cast.state)).at(-1)!.detail as { address: string }).address;
    };
    expect(await failing({})).toBe('127.0.0.1');
    expect(await failing({ proxies: ['127.0.0.1'] })).toBe('198.51.100.7');
    server = undefined;
  });
  test('where it is a number, or has no TLS, there are no passkeys, and the desk says why', async () => {
    const ways = async (origin: string) =>
      (
        await createApp(t.desk, routes, handlers, usualBounds, { origin }).request('/api/sign-in-ways', {
          headers: { host: new URL(origin).host },
        })
      ).json();
    expect(await ways('https://192.0.2.10')).toEqual({ passkeys: false, whyNot: 'passkeys-need-a-name' });
    expect(await ways('https://[2001:db8::1]')).toEqual({ passkeys: false, whyNot: 'passkeys-need-a-name' });
    expect(await ways('http://audit.example.gov')).toEqual({
      passkeys: false,
      whyNot: 'passkeys-need-https',
    });
    expect(await ways('https://audit.example.gov')).toEqual({ passkeys: true });
    expect(await t.do(t.public, 'signInWays', {})).toEqual({ passkeys: true });
  });
});

describe.skipIf(findChromium() === undefined)('passkeys, in Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let address: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium()!, args: chromiumFlags });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    t.now = Date.now(); // the browser goes by the real clock
    await t.signIn(cast.canvass);
    address = `http://localhost:${await listen()}`;
    context = await browser.newContext();
    page = await context.newPage();
    await holdPasskeys(page);
    await page.goto(`${address}/openapi.json`);
  });
  afterEach(() => context.close());

  /** What the browser's own WebAuthn answers. */
  const answer = (
    what: 'create' | 'get',
    options: object,
  ): Promise<{ id: string; response: Record<string, unknown> }> =>
    page.evaluate(
      `(async () => {
        const publicKey = PublicKeyCredential.${what === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'}(${JSON.stringify(options)});
        return (await navigator.credentials.${what}({ publicKey })).toJSON();
      })()`,
    );
  /** As that page would: from its origin, to the port. */
  const there = (client: Client): Client => ({
    ...client,
    fetch: (path, init) => {
      const headers = new Headers(init.headers);
      headers.set('origin', address);
      return fetch(`${address}${path}`, { ...init, headers });
    },
  });

  test('one is made, signs in without a login, its answer not twice; removed, it does not', async () => {
    const mine = there(cast.canvass.client);
    const asked = await t.do(mine, 'newPasskey', {});
    const made = await answer('create', asked.options);
    // Another's challenge is not answered for them.
    const stolen = { challenge: asked.challenge, name: 'x', credential: made };
    await t.signIn(cast.observer);
    expect(await t.refused(there(cast.observer.client), 'addPasskey', { body: stolen })).toBe(
      '409 challenge-over',
    );
    const { passkeys } = await t.do(mine, 'addPasskey', { body: { ...stolen, name: 'this laptop' } });
    expect(passkeys).toMatchObject([{ id: made.id, name: 'this laptop' }]);

    const enter = await t.do(there(t.public), 'passkeyChallenge', {});
    const credential = await answer('get', enter.options);
    const body = { challenge: enter.challenge, credential };
    const entered = await t.do(there(t.public), 'passkeySignIn', { body });
    expect(entered).toMatchObject({ login: 'canvass', role: 'canvass board' });
    expect(await t.refused(there(t.public), 'passkeySignIn', { body })).toBe('401 challenge-over');

    // An answer to another challenge, and one for another site.
    const second = await t.do(there(t.public), 'passkeyChallenge', {});
    expect(
      await t.refused(there(t.public), 'passkeySignIn', {
        body: { challenge: second.challenge, credential },
      }),
    ).toBe('401 passkey-refused');
    const third = await t.do(there(t.public), 'passkeyChallenge', {});
    const elsewhere = await answer('get', third.options);
    const data = Buffer.from(elsewhere.response['clientDataJSON'] as string, 'base64url').toString();
    elsewhere.response['clientDataJSON'] = Buffer.from(data.replace(address, 'http://evil.example')).toString(
      'base64url',
    );
    expect(
      await t.refused(there(t.public), 'passkeySignIn', {
        body: { challenge: third.challenge, credential: elsewhere },
      }),
    ).toBe('401 passkey-refused');

    await t.do(mine, 'removePasskey', { params: { passkey: made.id } });
    const fourth = await t.do(there(t.public), 'passkeyChallenge', {});
    const removed = await answer('get', fourth.options);
    expect(
      await t.refused(there(t.public), 'passkeySignIn', {
        body: { challenge: fourth.challenge, credential: removed },
      }),
    ).toBe('401 passkey-unknown');
    const what = await noted();
    for (const w of ['passkey added', 'passkey removed']) expect(what).toContain(w);
  });
});

describe('the state’s directory (OpenID Connect)', () => {
  let directory: Directory;
  beforeEach(async () => {
    t.now = Date.now();
    directory = await Directory.open();
    directory.sendsBackTo('http://localhost');
  });
  afterEach(() => directory.close());

  const desk = (given = directory.settings): Client => {
    const app = createApp(t.desk, routes, handlers, usualBounds, { openId: new OpenId(given) });
    return { fetch: (path, init) => app.request(path, init) };
  };

  /** A browser goes there and comes back: with what it is sent back. */
  async function goAndComeBack(address: string): Promise<string> {
    const cookies = new Map<string, string>();
    let at = address;
    for (let hops = 0; hops < 10; hops++) {
      const response = await fetch(at, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; ') },
      });
      for (const set of response.headers.getSetCookie()) {
        const [name, value] = set.split(';')[0]!.split(/=(.*)/s) as [string, string];
        cookies.set(name, value);
      }
      const next = response.headers.get('location');
      if (next === null) throw new Error(`${response.status} ${await response.text()}`);
      at = new URL(next, at).href;
      if (at.startsWith('http://localhost/')) return new URL(at).search;
    }
    throw new Error('sent to and fro');
  }

  test('says who somebody is; groups give role and county, each time anew; nothing is good twice', async () => {
    directory.person = { sub: 'u-17', name: 'Mona Manager', groups: ['staff', 'elections-bibb'] };
    const client = desk();
    expect(await t.do(client, 'signInWays', {})).toMatchObject({ openId: { name: 'the state’s directory' } });
    const { flow, address } = await t.do(client, 'openIdFlow', {});
    const asked = new URL(address).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('response_type')]).toEqual(['S256', 'code']);
    expect(
      Math.min(...['state', 'nonce', 'code_challenge'].map((p) => asked.get(p)!.length)),
    ).toBeGreaterThan(40);
    const query = await goAndComeBack(address);
    const entered = await t.do(client, 'openIdSignIn', { body: { flow, query } });
    expect(entered).toMatchObject({ who: 'Mona Manager', role: 'county manager', jurisdiction: 'bibb' });
    expect(await t.refused(client, 'openIdSignIn', { body: { flow, query } })).toBe('401 challenge-over');

    // Moved to the canvass board: the same account, with the role that it has now.
    directory.person = { ...directory.person, groups: ['canvassers'] };
    const again = await t.do(client, 'openIdFlow', {});
    const moved = await t.do(client, 'openIdSignIn', {
      body: { flow: again.flow, query: await goAndComeBack(again.address) },
    });
    expect(moved.role).toBe('canvass board');
    expect(moved.jurisdiction).toBeUndefined();
    const { accounts } = await t.do(cast.state.client, 'accounts', {}).catch(async () => {
      await t.signIn(cast.state);
      return t.do(cast.state.client, 'accounts', {});
    });
    const theirs = accounts.filter((a) => a.login.startsWith('openid:'));
    expect(theirs.map((a) => a.role)).toEqual(['canvass board']);
    // The desk has no password for them, and gives none.
    const params = { account: theirs[0]!.id };
    expect(await t.refused(cast.state.client, 'resetAccount', { params })).toBe('409 no-password-here');
    const guess = { login: theirs[0]!.login, password: '', code: '000000' };
    expect(await t.refused(t.public, 'signIn', { body: guess })).toBe('401 sign-in-failed');
    // Disabled here, the directory's word does not let them in.
    await t.do(cast.state.client, 'disableAccount', { params });
    const third = await t.do(client, 'openIdFlow', {});
    expect(
      await t.refused(client, 'openIdSignIn', {
        body: { flow: third.flow, query: await goAndComeBack(third.address) },
      }),
    ).toBe('401 account-disabled');
  });

  test('nobody without a group; no forged state, no code of another flow; no directory, no harm', async () => {
    directory.person = { sub: 'u-18', name: 'Ned Nobody', groups: ['staff'] };
    const client = desk();
    const enter = async (change: (query: string) => string): Promise<string> => {
      const { flow, address } = await t.do(client, 'openIdFlow', {});
      return t.refused(client, 'openIdSignIn', {
        body: { flow, query: change(await goAndComeBack(address)) },
      });
    };
    expect(await enter((q) => q)).toBe('401 open-id-no-role');
    directory.person = { ...directory.person, groups: ['canvassers'] };
    expect(await enter((q) => q.replace(/state=[^&]+/, 'state=forged'))).toBe('401 open-id-refused');
    expect(await enter((q) => q.replace(/code=[^&]+/, 'code=forged'))).toBe('401 open-id-refused');
    const one = await t.do(client, 'openIdFlow', {});
    const theirs = await goAndComeBack(one.address);
    const two = await t.do(client, 'openIdFlow', {});
    expect(await t.refused(client, 'openIdSignIn', { body: { flow: two.flow, query: theirs } })).toBe(
      '401 open-id-refused',
    );
    expect(await enter((q) => q)).toBe('done');
    const away = desk({ ...directory.settings, issuer: 'http://127.0.0.1:1' });
    expect(await t.refused(away, 'openIdFlow', {})).toBe('409 directory-away');
    expect(await t.refused(t.public, 'openIdFlow', {})).toBe('404 no-directory');
    const wrong = desk({ ...directory.settings, clientSecret: 'another' });
    const { flow, address } = await t.do(wrong, 'openIdFlow', {});
    const query = await goAndComeBack(address);
    expect(await t.refused(wrong, 'openIdSignIn', { body: { flow, query } })).toBe('401 open-id-refused');
  });
});
