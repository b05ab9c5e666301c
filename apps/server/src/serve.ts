// Starts the desk: its API, its pages and the public's at one port, over the record in a folder (or in a folder and a PostgreSQL database). Where nobody
// has an account yet it makes the first, whose secrets are given out this once.
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { createAdaptorServer } from '@hono/node-server';
import { routes } from '@opencanvass/contract';
import { thePage } from '@opencanvass/offline';
import { thePages } from '@opencanvass/web';
import QRCode from 'qrcode';
import { createApp, usualBounds, type Outside } from './app.ts';
import { note } from './attempts.ts';
import type { Desk } from './desk.ts';
import { handlers } from './handlers.ts';
import { openDesk } from './open.ts';
import { addPages } from './pages.ts';
import { createAccount, resetAccount } from './signIn.ts';
import { addSite } from './site/serve.ts';

export interface Serving {
  readonly folder: string;
  /** A PostgreSQL connection string; absent: SQLite in the folder. */
  readonly database?: string;
  /** Names the log for good, where the folder is new. */
  readonly log?: string;
  /** The address to listen at; this machine's own where absent. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly outside?: Outside;
  readonly clock?: () => Date;
  /** Requests in a minute from one address or session. */
  readonly perMinute?: number;
}

export interface Secrets {
  readonly login: string;
  readonly password: string;
  /** otpauth://…: what an authenticator reads as a QR code. */
  readonly totp: string;
}

/** A QR code in a terminal's characters and colours. */
export const terminalQr = async (text: string): Promise<string> =>
  QRCode.toString(text, { type: 'terminal', small: true });

export interface Served {
  readonly desk: Desk;
  /** Where a browser on this machine finds it; behind a proxy, where everybody does. */
  readonly address: string;
  /** The first account's, where this start made it. */
  readonly first: Secrets | undefined;
  readonly close: () => Promise<void>;
}

export async function serveDesk(serving: Serving): Promise<Served> {
  const { folder, database, clock, host = '127.0.0.1', port, outside = {} } = serving;
  const where = outside.origin === undefined ? 'localhost' : new URL(outside.origin).hostname;
  const desk = await openDesk({
    folder,
    origin: serving.log ?? `${where}/${randomBytes(4).toString('hex')}`,
    ...(database === undefined ? {} : { database }),
    ...(clock === undefined ? {} : { clock }),
  });
  try {
    await desk.warm(); // a record that another key signs is refused here, not at the first request
    const first = await firstAccount(desk);
    const bounds = { ...usualBounds, perMinute: serving.perMinute ?? usualBounds.perMinute };
    const app = createApp(desk, routes, handlers, bounds, outside);
    addSite(app, desk, thePage);
    addPages(app, await thePages());
    const server = createAdaptorServer({ fetch: app.fetch });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    const taken = (server.address() as AddressInfo).port;
    return {
      desk,
      address: outside.origin ?? `http://localhost:${taken}`,
      first,
      close: async () => {
        // What is being answered is answered; a browser that merely holds its connection open holds up nobody.
        const closed = new Promise((resolve) => server.close(resolve));
        if ('closeIdleConnections' in server) server.closeIdleConnections();
        await closed;
        await desk.close();
      },
    };
  } catch (fault) {
    await desk.close();
    throw fault;
  }
}

/** Of several processes that start at once on an empty database one makes it. */
async function firstAccount(desk: Desk): Promise<Secrets | undefined> {
  const others = await desk.db.selectFrom('accounts').select('id').limit(1).execute();
  if (others.length > 0) return undefined;
  const login = 'state';
  const made = await createAccount(desk.db, {
    login,
    name: 'State administrator',
    role: 'state administrator',
  });
  if (made === undefined) return undefined;
  await note(desk.db, desk.now(), 'account created', { by: 'the first start', login });
  return { login, ...made };
}

/** New secrets for an account, for whoever has the desk's folder: they could read the database anyway. */
export async function newSignIn(
  place: Pick<Serving, 'folder' | 'database'>,
  login: string,
): Promise<Secrets | undefined> {
  const desk = await openDesk(place);
  try {
    const account = await desk.db
      .selectFrom('accounts')
      .selectAll()
      .where('login', '=', login)
      .executeTakeFirst();
    if (account === undefined || account.password === '') return undefined;
    const secrets = await resetAccount(desk.db, account);
    await note(desk.db, desk.now(), 'account reset', { by: 'the folder’s holder', account: account.id });
    return { login, ...secrets };
  } finally {
    await desk.close();
  }
}
