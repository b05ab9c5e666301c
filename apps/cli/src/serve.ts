// `opencanvass serve`: the desk, in a folder of its own; or, of a published record, the page beside it.
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { servedPage, thePage } from '@opencanvass/offline';
import { verify } from '@opencanvass/evidence/verify';
import type { Secrets } from '@opencanvass/server';
import { openRecord } from './recordSource.ts';
import { servePage } from './servePage.ts';
import { status, Stop } from './status.ts';
import type { World } from './world.ts';

interface Options {
  readonly port?: number;
  readonly host?: string;
  readonly origin?: string;
  readonly log?: string;
  readonly trustProxy?: readonly string[];
  readonly openId?: string;
  readonly newSignIn?: string;
}

export const serveCommand = (world: World): Command =>
  new Command('serve')
    .description(
      'Starts the desk, at which officials conduct an audit; or shows a published record as a page.',
    )
    .argument(
      '[FOLDER]',
      'the desk’s folder, made where it is not there; or a published record: folder, zip, address',
      'desk',
    )
    .option(
      '--port <PORT>',
      'the port to take; 8080, and for a record a free one, where not given',
      portNumber,
    )
    .option(
      '--origin <URL>',
      'where browsers find the desk: https://audit.example.gov, in front of which a proxy has TLS',
      originUrl,
    )
    .option('--host <ADDRESS>', 'the address to listen at; 127.0.0.1 where not given')
    .option('--trust-proxy <ADDRESS...>', 'proxies whose X-Forwarded-For says who asks')
    .option(
      '--open-id <FILE>',
      'the state’s own directory to sign in by: apps/server/README.md says what stands in it',
    )
    .option(
      '--log <NAME>',
      'what the log of a new desk is called for good: elections.example.gov/2026-general',
    )
    .option(
      '--new-sign-in <LOGIN>',
      'gives an account a new password and authenticator, prints them, and ends',
    )
    .addHelpText(
      'after',
      `
With DATABASE_URL set the record is in that PostgreSQL database, and as many processes as wanted serve it, each with the same log-key in its folder.

Examples:
  opencanvass serve 2026-general
  opencanvass serve 2026-general --origin https://audit.example.gov --trust-proxy 127.0.0.1
  opencanvass serve cases/georgia-2020/record
`,
    )
    .action(async (where: string, options: Options) =>
      isPublished(world, where)
        ? servePublished(world, where, options.port ?? 0)
        : desk(world, where, options),
    );

async function servePublished(world: World, where: string, port: number): Promise<void> {
  const files = await openRecord(world, where, (asked) => void verify(asked));
  const serving = await servePage(servedPage(await thePage()), files, port);
  world.stdout.write(`${where} is open at ${serving.address} (stop with Ctrl-C)\n`);
  await world.untilStopped();
  await serving.close();
}

async function desk(world: World, folder: string, options: Options): Promise<void> {
  mayBeDesk(world, folder);
  const { host, log, origin, trustProxy = [] } = options;
  if (host !== undefined && origin === undefined)
    throw new Stop(status.wrongUsage, '--host needs --origin: only the desk’s own name is answered');
  const { OpenId, newSignIn, readOpenIdSettings, serveDesk } = await import('@opencanvass/server');
  const url = world.env['DATABASE_URL'];
  const place = { folder, ...(url === undefined || url === '' ? {} : { database: url }) };
  if (options.newSignIn !== undefined) {
    const secrets = await newSignIn(place, options.newSignIn);
    if (secrets === undefined)
      throw new Stop(
        status.inputNotFound,
        `${folder}: no account ${options.newSignIn} that has a password here`,
      );
    world.stdout.write(await shown(world, secrets));
    return;
  }
  const openId =
    options.openId === undefined ? undefined : new OpenId(await readOpenIdSettings(options.openId));
  const served = await serveDesk({
    ...place,
    port: options.port ?? 8080,
    clock: world.now,
    ...(host === undefined ? {} : { host }),
    ...(log === undefined ? {} : { log }),
    outside: {
      proxies: trustProxy,
      ...(origin === undefined ? {} : { origin }),
      ...(openId === undefined ? {} : { openId }),
    },
  }).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'EADDRINUSE')
      throw new Stop(status.inputRefused, `port ${options.port ?? 8080} is taken; give another with --port`);
    throw fault;
  });
  if (served.first !== undefined) world.stdout.write(await shown(world, served.first));
  world.stdout.write(`The desk is open at ${served.address} (stop with Ctrl-C)\n`);
  await world.untilStopped();
  await served.close();
}

/** The secrets of an account, as they are shown this once. */
async function shown(world: World, { login, password, totp }: Secrets): Promise<string> {
  const code = world.stdout.isTerminal
    ? `${await (await import('@opencanvass/server')).terminalQr(totp)}\n`
    : '';
  return `Sign in with these and the six digits that an authenticator shows. They are shown this once.

  login          ${login}
  password       ${password}
  authenticator  ${totp}

${code}`;
}

/** An address, a file (a zip), or a folder that a record was published into. */
const isPublished = (world: World, where: string): boolean =>
  /^https?:\/\//.test(where) ||
  world.files.kind(where) === 'file' ||
  world.files.kind(join(where, 'checkpoint')) === 'file';

function mayBeDesk(world: World, folder: string): void {
  if (world.files.kind(folder) === undefined || world.files.listAll(folder).length === 0) return;
  const has = (name: string): boolean => world.files.kind(join(folder, name)) === 'file';
  if (has('desk.sqlite') || (has('log-key') && !has('record.sqlite'))) return;
  throw new Stop(
    status.inputRefused,
    has('record.sqlite')
      ? `${folder} holds a kept record and no desk; publish it (opencanvass publish) and serve what is published`
      : `${folder}: expected a desk’s folder, a published record (with a file named checkpoint), or no folder yet; it is left as it is`,
  );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return port;
}

/** Scheme and host alone. Without TLS a browser keeps no session, but on this machine. */
function originUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.origin !== text.replace(/\/$/, ''))
    throw new InvalidArgumentError(
      'expected an address as https://audit.example.gov, with nothing behind it.',
    );
  if (url.protocol !== 'https:' && url.hostname !== 'localhost')
    throw new InvalidArgumentError('expected https: without it no browser keeps a session.');
  return url.origin;
}
