// `opencanvass serve RECORD`: the page beside a record, at an address of this machine only. The page is the offline file; it may fetch from here and from nowhere else.
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command, InvalidArgumentError } from 'commander';
import type { RecordFiles } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { servedPage, thePage } from '@opencanvass/offline';
import { openRecord } from './recordSource.ts';
import type { World } from './world.ts';

export const serveCommand = (world: World): Command =>
  new Command('serve')
    .description('Shows a record as a page, at an address of this machine only.')
    .argument('RECORD', 'a folder, that folder as one zip, or an http(s) address')
    .option('--port <PORT>', 'the port to take; a free one where not given', portNumber, 0)
    .addHelpText('after', '\nExample:\n  opencanvass serve cases/georgia-2020/record\n')
    .action(async (where: string, { port }: { port: number }) => {
      const files = await openRecord(world, where, (asked) => void verify(asked));
      const serving = await servePage(servedPage(await thePage()), files, port);
      world.stdout.write(`${where} is open at ${serving.address} (stop with Ctrl-C)\n`);
      await world.untilStopped();
      await serving.close();
    });

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return port;
}

export interface Serving {
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Serves `page` at / and the record under /record/ on 127.0.0.1; port 0 takes a free one. */
export async function servePage(page: string, record: RecordFiles, port: number): Promise<Serving> {
  const server = createServer((request, response) => {
    // A page of some other site must not read the record through a name that it made point here (DNS rebinding).
    const host = request.headers.host?.replace(/:\d+$/, '');
    if (host !== '127.0.0.1' && host !== 'localhost')
      return answer(response, 403, 'text/plain', 'forbidden\n');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(response, 405, 'text/plain', 'only GET\n');
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/') return answer(response, 200, 'text/html; charset=utf-8', page);
    const path = pathname.startsWith('/record/') ? pathname.slice('/record/'.length) : undefined;
    const bytes = path === undefined ? undefined : record.read(path);
    if (bytes === undefined) return answer(response, 404, 'text/plain', 'not found\n');
    return answer(response, 200, 'application/octet-stream', bytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${taken}/`, close: () => closed(server) };
}

function answer(response: ServerResponse, code: number, type: string, body: string | Uint8Array): void {
  response.writeHead(code, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
  response.end(body);
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
