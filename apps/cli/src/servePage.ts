// The page beside a record, at an address of this machine only. The page is the offline file; it may fetch from here and from nowhere else.
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordFiles } from '@opencanvass/evidence/record';

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
