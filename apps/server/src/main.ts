// Starts the desk.
//
//   node apps/server/src/main.ts serve FOLDER [--origin NAME] [--port 8080]          with DATABASE_URL: on PostgreSQL
//   node apps/server/src/main.ts first-account FOLDER LOGIN NAME [--origin NAME]     the state administrator's; shown this once
import { parseArgs } from 'node:util';
import { routes } from '@opencanvass/contract';
import { serve } from '@hono/node-server';
import { thePages } from '@opencanvass/web';
import { createApp } from './app.ts';
import { handlers } from './handlers.ts';
import { openDesk } from './open.ts';
import { addPages } from './pages.ts';
import { createAccount } from './signIn.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { origin: { type: 'string' }, port: { type: 'string', default: '8080' } },
});
const [command, folder, login, name] = positionals;
const database = process.env['DATABASE_URL'];
const isUsage =
  folder !== undefined && (command === 'serve' || (command === 'first-account' && name !== undefined));
if (!isUsage) {
  console.error('usage: main.ts serve FOLDER | first-account FOLDER LOGIN NAME   [--origin NAME] [--port N]');
  process.exit(64);
}
const desk = await openDesk({
  folder,
  ...(values.origin === undefined ? {} : { origin: values.origin }),
  ...(database === undefined ? {} : { database }),
});

if (command === 'first-account') {
  const others = await desk.db.selectFrom('accounts').select('id').limit(1).execute();
  const made =
    others.length > 0
      ? undefined
      : await createAccount(desk.db, { login: login!, name: name!, role: 'state administrator' });
  if (made === undefined) console.error('there are accounts already; a state administrator makes the others');
  else console.log(`password ${made.password}\nauthenticator ${made.totp}`);
  await desk.close();
  process.exitCode = made === undefined ? 1 : 0;
} else {
  const app = createApp(desk, routes, handlers);
  addPages(app, await thePages());
  const server = serve({ fetch: app.fetch, port: Number(values.port), hostname: '127.0.0.1' }, ({ port }) =>
    console.log(`the desk is at http://localhost:${port}`),
  );
  const stop = (): void => void server.close(() => void desk.close());
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
