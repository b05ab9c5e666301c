// The desk's pages, as they were built, under /desk: read into memory once, so that a build that changes under a running server changes nothing.
// Assets are named by their digest and may be kept for good; any other address under /desk is the one page that loads them.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Context, Hono } from 'hono';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};
const isText = new Set(['.html', '.js', '.css', '.json', '.svg']);

interface Built {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped?: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

export function addPages(app: Hono, folder: string): void {
  const files = readAll(folder);
  const index = files.get('index.html');
  if (index === undefined) throw new Error(`${folder} holds no built pages`);
  app.get('/desk', (c) => give(c, index, 'no-cache'));
  app.get('/desk/*', (c) => {
    const path = c.req.path.slice('/desk/'.length);
    const file = files.get(path);
    if (path.startsWith('assets/'))
      return file === undefined ? c.notFound() : give(c, file, 'public, max-age=31536000, immutable');
    return give(c, file ?? index, 'no-cache');
  });
}

function give(c: Context, { bytes, gzipped, type, etag }: Built, keep: string): Response {
  c.header('cache-control', keep);
  c.header('etag', etag);
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('content-type', type);
  if (gzipped !== undefined) c.header('vary', 'accept-encoding');
  if (gzipped !== undefined && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) {
    c.header('content-encoding', 'gzip');
    return c.body(gzipped);
  }
  return c.body(bytes);
}

function readAll(folder: string): Map<string, Built> {
  const files = new Map<string, Built>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const extension = extname(entry.name);
    const bytes = new Uint8Array(readFileSync(path));
    const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
    files.set(relative(folder, path).replaceAll(sep, '/'), {
      bytes,
      ...(isText.has(extension) ? { gzipped: new Uint8Array(gzipSync(bytes)) } : {}),
      type: types[extension] ?? 'application/octet-stream',
      etag,
    });
  }
  return files;
}
