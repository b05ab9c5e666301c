// What is served, and to whom: of a record only the page and the record's own files, only to this machine's own names; of a new folder a desk that
// one can sign in to with what its first start printed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, routes, type Client } from '@opencanvass/contract';
import { URI, type TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordFromMap } from '@opencanvass/evidence/record';
import { run } from '../src/main.ts';
import { servePage } from '../src/servePage.ts';
import { realWorld } from '../src/world.ts';

const ask = (
  address: string,
  path: string,
  options: { host?: string; method?: string } = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port, host } = new URL(address);
    request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: { host: options.host ?? host },
      },
      (response) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve(`${response.statusCode} ${text.trim()}`));
      },
    )
      .on('error', reject)
      .end();
  });

describe('serve', () => {
  test('the page, the files of the record, and nothing else to nobody else', async () => {
    const record = recordFromMap(new Map([['checkpoint', new TextEncoder().encode('signed')]]));
    const { address, close } = await servePage('<p>the page', record, 0);
    try {
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(await ask(address, '/')).toBe('200 <p>the page');
      expect(await ask(address, '/record/checkpoint')).toBe('200 signed');
      for (const path of [
        '/record/other',
        '/record/../../etc/passwd',
        '/record/%2e%2e/package.json',
        '/package.json',
      ])
        expect(await ask(address, path), path).toBe('404 not found');
      expect(await ask(address, '/record/checkpoint', { host: 'attacker.example' })).toBe('403 forbidden');
      expect(await ask(address, '/', { method: 'POST' })).toBe('405 only GET');
    } finally {
      await close();
    }
  });
});

describe('the desk', () => {
  let at: string;
  beforeEach(() => void (at = mkdtempSync(join(tmpdir(), 'serve-'))));
  afterEach(() => rmSync(at, { recursive: true, force: true }));

  /** Runs the command until it is stopped; `open` is called with the address once it is printed. */
  async function start(args: readonly string[], open: (address: string) => Promise<void> = async () => {}) {
    let [out, err] = ['', ''];
    let stop = (): void => {};
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    let opened: Promise<void> | undefined;
    const quiet = { isTerminal: false, columns: 100 };
    const world = {
      ...realWorld(),
      env: {},
      stdout: {
        ...quiet,
        write: (text: string) => {
          out += text;
          const address = /open at (\S+)/.exec(out)?.[1];
          if (address !== undefined) opened ??= open(address).finally(stop);
        },
      },
      stderr: { ...quiet, write: (text: string) => void (err += text) },
      untilStopped: () => stopped,
    };
    const status = await run(['serve', ...args], world);
    await opened;
    return { status, out, err };
  }
  const signIn = (address: string, printed: string) => {
    const [, login, password, totp] =
      /login\s+(\S+)\s+password\s+(\S+)\s+authenticator\s+(\S+)/.exec(printed) ?? [];
    const client: Client = { fetch: (path, init) => fetch(`${address}${path}`, init) };
    const code = (URI.parse(totp!) as TOTP).generate();
    return call(client, routes.signIn, { body: { login: login!, password: password!, code } });
  };

  test(
    'one process, no set-up: the first start says how to sign in, later ones do not',
    { timeout: 120_000 },
    async () => {
      const folder = join(at, 'new', 'desk');
      const first = await start([folder, '--port', '0'], async (address) => {
        expect((await fetch(address)).status).toBe(200);
        const page = await fetch(`${address}/desk`);
        expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(await (await fetch(`${address}/api/status`)).json()).toMatchObject({ step: 'set up' });
      });
      expect(first).toMatchObject({ status: 0, err: '' });
      const again = await start([folder, '--port', '0'], async (address) =>
        expect(await signIn(address, first.out)).toMatchObject({
          ok: true,
          value: { role: 'state administrator' },
        }),
      );
      expect(again.out).toMatch(/^The desk is open at http:\/\/localhost:\d+ \(stop with Ctrl-C\)\n$/);
      // Lost: whoever has the folder makes new ones, and the old are none.
      const renewed = await start([folder, '--new-sign-in', 'state']);
      expect(renewed.status).toBe(0);
      await start([folder, '--port', '0'], async (address) => {
        expect((await signIn(address, first.out)).ok).toBe(false);
        expect((await signIn(address, renewed.out)).ok).toBe(true);
      });
      expect(await start([folder, '--new-sign-in', 'nobody'])).toMatchObject({ status: 66 });
    },
  );

  test('refuses what cannot be meant', async () => {
    writeFileSync(join(at, 'letter.txt'), 'a letter');
    expect(await start([at])).toMatchObject({
      status: 65,
      err: expect.stringContaining('it is left as it is'),
    });
    writeFileSync(join(at, 'log-key'), '');
    writeFileSync(join(at, 'record.sqlite'), '');
    expect(await start([at])).toMatchObject({ status: 65, err: expect.stringContaining('no desk') });
    const fresh = join(at, 'desk');
    expect(await start([fresh, '--host', '0.0.0.0'])).toMatchObject({ status: 64 });
    for (const origin of ['http://audit.example.gov', 'https://audit.example.gov/desk', 'audit.example.gov'])
      expect(await start([fresh, '--origin', origin])).toMatchObject({ status: 64 });
  });
});
