// A desk with its pages on a loopback port, for tests in a browser and for pictures: the made-up election of apps/server/test/testDesk.ts, brought to a
// stage. The clock stands still unless it is moved, so that an authenticator's digits can be told.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { routes, type Input } from '@opencanvass/contract';
import type { Browser } from 'playwright';
import { URI } from 'otpauth';
import { addPages, createApp, handlers, usualBounds, type Outside } from '../../server/src/index.ts';
import {
  announce,
  begin,
  boards,
  rollDice,
  readAll,
  sealAll,
  TestDesk,
  contest,
  type Cast,
  type Person,
} from '../../server/test/testDesk.ts';
import { thePages } from '../built.ts';
import { openPage, signIn, type Opened } from './browser.ts';
import { makeKey } from './deskProcess.ts';

export const stages = [
  'empty',
  'set up',
  'sealed',
  'announced',
  'seed drawn',
  'drawn',
  'read',
  'assessed',
] as const;
export type Stage = (typeof stages)[number];

export interface OpenDesk {
  readonly t: TestDesk;
  /** http://localhost:PORT */
  readonly address: string;
  /** From the stage 'set up' on. */
  readonly cast: Cast | undefined;
  /** The state administrator. */
  readonly state: Person;
  /** The digits that sign this person in now; the clock moves on, so that they are good. */
  readonly digits: (person: Person) => string;
  readonly close: () => Promise<void>;
}

export async function openTestDesk(
  stage: Stage,
  method: 'batch comparison' | 'card comparison' | 'full hand count' = 'batch comparison',
  outside: Outside = {},
): Promise<OpenDesk> {
  const t = await TestDesk.open();
  const after = (s: Stage): boolean => stages.indexOf(stage) >= stages.indexOf(s);
  const cast = after('set up') ? await begin(t) : undefined;
  const state = cast?.state ?? (await t.firstAccount());
  if (cast !== undefined) {
    const what = method === 'batch comparison' ? 'totals' : method === 'card comparison' ? 'cvrs' : 'none';
    if (after('sealed')) await sealAll(t, cast, what);
    if (after('announced')) await announce(t, cast, method);
    if (after('seed drawn')) await rollDice(t, cast);
    if (after('drawn')) await t.do(state.client, 'draw', { params: { contest }, body: { draws: 12 } });
    if (after('read')) await readAll(t, await boards(t, cast));
    if (after('assessed')) await t.do(state.client, 'assess', { params: { contest } });
  }
  const app = createApp(t.desk, routes, handlers, { ...usualBounds, perMinute: 100_000 }, outside);
  addPages(app, await thePages());
  const server = await new Promise<Server>((resolve) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made as Server));
  });
  return {
    t,
    cast,
    state,
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    digits: (person) => {
      t.now += 30_000;
      return person.totp.generate({ timestamp: t.now });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await t.close();
    },
  };
}

/** Somebody new, at a page of their own: signed in, with a key made there that the state has put on the record. */
export async function newPerson(
  { t, state, address }: OpenDesk,
  browser: Browser,
  body: Input<typeof routes.createAccount>['body'],
): Promise<Opened> {
  const { account, password, totp } = await t.do(state.client, 'createAccount', { body });
  const opened = await openPage(browser, address);
  t.now += 30_000;
  await signIn(opened.page, { login: body.login, password }, URI.parse(totp).generate({ timestamp: t.now }));
  await makeKey(opened.page);
  const { accounts } = await t.do(state.client, 'accounts', {});
  const { keyid } = accounts.find((a) => a.id === account.id)!;
  await t.do(state.client, 'authoriseKey', { params: { account: account.id }, body: { keyid: keyid! } });
  return opened;
}
