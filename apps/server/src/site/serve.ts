// The public site of a desk, at its root: the same files that are written into a folder, made again when the record has grown. While they are being
// made, the pages of a moment ago are shown; each says from how many entries it was made.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Worker } from 'node:worker_threads';
import { publishedFiles, zipOf } from '@opencanvass/keeper';
import type { Context, Hono } from 'hono';
import type { Desk } from '../desk.ts';
import { emptySite } from './site.ts';
import { assets, isOfRecord } from './wholeSite.ts';

/** Puts the site at the root of the desk. `verifier` gives the offline page. */
export function addSite(app: Hono, desk: Desk, verifier: () => Promise<string>): void {
  const fixed = assets();
  const latest = new LatestSite(desk);
  app.get('/', async (c) => page(c, 'index.html'));
  app.get('/opencanvass.html', async (c) => {
    // Its script is its own: it is saved and opened from the disk, not shown under the desk's policy.
    c.header('content-disposition', 'attachment; filename="opencanvass.html"');
    return give(c, await verifier(), 'text/html; charset=utf-8');
  });
  app.get('/record.zip', async (c) => {
    const site = await latest.site();
    return site === undefined ? c.notFound() : give(c, site.zip(), 'application/zip');
  });
  app.get('/record/*', async (c) => {
    const path = c.req.path.slice('/record/'.length);
    const bytes = isOfRecord(path) ? (await latest.site())?.record.get(path) : undefined;
    return bytes === undefined ? c.notFound() : give(c, bytes, 'application/octet-stream');
  });
  for (const path of ['/site.css', '/fonts/*'])
    app.get(path, (c) => {
      const bytes = fixed.get(c.req.path.slice(1));
      return bytes === undefined ? c.notFound() : give(c, bytes, typeOf(c.req.path));
    });
  for (const path of ['/:page{[a-z]+\\.html}', '/counties/*', '/contests/*', '/data/*', '/es/*', '/es'])
    app.get(path, (c) => page(c, c.req.path.slice(1).replace(/^es\/?$/, 'es/index.html')));

  async function page(c: Context, path: string): Promise<Response> {
    const site = await latest.site();
    const text =
      site === undefined
        ? /^(es\/)?index\.html$/.test(path)
          ? emptySite(path.startsWith('es/') ? 'es' : 'en')
          : undefined
        : site.pages.get(path);
    return text === undefined ? c.notFound() : give(c, text, typeOf(path));
  }
}

const typeOf = (path: string): string =>
  path.endsWith('.html')
    ? 'text/html; charset=utf-8'
    : path.endsWith('.json')
      ? 'application/json'
      : path.endsWith('.css')
        ? 'text/css; charset=utf-8'
        : 'font/woff2';

function give(c: Context, body: string | Uint8Array, type: string): Response {
  const bytes = new Uint8Array(typeof body === 'string' ? Buffer.from(body) : body);
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  c.header('cache-control', 'no-cache');
  c.header('etag', etag);
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('content-type', type);
  if (!/^(text|application\/json)/.test(type) || !/\bgzip\b/.test(c.req.header('accept-encoding') ?? ''))
    return c.body(bytes);
  c.header('vary', 'accept-encoding');
  c.header('content-encoding', 'gzip');
  return c.body(new Uint8Array(gzipSync(bytes)));
}

interface Site {
  /** Entries of the record that it was made from. */
  readonly size: number;
  readonly record: ReadonlyMap<string, Uint8Array>;
  readonly pages: ReadonlyMap<string, string>;
  readonly zip: () => Uint8Array;
}

/** So long, in milliseconds, a reader waits for pages of the record as it is now; who would wait longer is shown those of a moment ago. */
const patience = 500;

class LatestSite {
  readonly #desk: Desk;
  #site: Site | undefined;
  #making: Promise<Site> | undefined;
  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Undefined before there is a record. */
  async site(): Promise<Site | undefined> {
    const { count } = await this.#desk.state();
    if (count === 0 || this.#site?.size === count) return this.#site;
    this.#making ??= this.#make().finally(() => (this.#making = undefined));
    if (this.#site === undefined) return this.#making;
    const old = this.#site;
    let timer: NodeJS.Timeout | undefined;
    const later = new Promise<Site>((resolve) => (timer = setTimeout(() => resolve(old), patience)));
    return Promise.race([this.#making.catch(() => old), later]).finally(() => clearTimeout(timer));
  }

  async #make(): Promise<Site> {
    const record = await this.#published();
    const pages = await new Promise<Map<string, string>>((resolve, reject) => {
      const worker = new Worker(new URL('./pagesInThread.ts', import.meta.url), { workerData: record });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    let zip: Uint8Array | undefined;
    const size = Number(new TextDecoder().decode(record.get('checkpoint')).split('\n')[1]);
    return (this.#site = { size, record, pages, zip: () => (zip ??= zipOf(record)) });
  }

  /** The record as it is published now. It may grow while it is read, and is then read again. */
  async #published(): Promise<Map<string, Uint8Array>> {
    for (let attempt = 1; ; attempt += 1)
      try {
        const files = new Map<string, Uint8Array>();
        for await (const { path, bytes } of publishedFiles(this.#desk.keeper)) files.set(path, bytes);
        return files;
      } catch (fault) {
        if (attempt === 5) throw fault;
      }
  }
}
