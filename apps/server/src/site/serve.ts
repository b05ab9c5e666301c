// The public site of a desk, at its root: the same files that are written into a folder. While they are being made anew, the pages of a moment ago
// are shown; each says from how many entries it was made.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Context, Hono } from 'hono';
import type { Desk } from '../desk.ts';
import { LatestSite } from './latestSite.ts';
import { etagOf, type MadeFile } from './madeSite.ts';
import { emptySite } from './site.ts';
import { siteWords } from './words.ts';
import { assets } from './wholeSite.ts';

/** Puts the site at the root of the desk. `verifier` gives the offline page. */
export function addSite(app: Hono, desk: Desk, verifier: () => Promise<string>): void {
  const fixed = new Map([...assets()].map(([path, bytes]) => [path, asItIs(bytes)]));
  const latest = new LatestSite(desk);
  let offline: MadeFile | undefined;
  app.get('/', async (c) => page(c, 'index.html'));
  app.get('/opencanvass.html', async (c) => {
    offline ??= asItIs(Buffer.from(await verifier()));
    // Its script is its own: it is saved and opened from the disk, not shown under the desk's policy.
    c.header('content-disposition', 'attachment; filename="opencanvass.html"');
    return give(c, offline, 'text/html; charset=utf-8');
  });
  app.get('/record.zip', async (c) => {
    const zip = await latest.zip();
    return zip === undefined ? c.notFound() : give(c, asItIs(zip), 'application/zip');
  });
  app.get('/record/*', async (c) => {
    const site = await latest.site();
    if (site === undefined) return c.notFound();
    if (site === 'being made') return beingMade(c, c.req.path.slice(1));
    const path = c.req.path.slice('/record/'.length);
    const sha256 = /^files\/([0-9a-f]{64})$/.exec(path)?.[1];
    const file =
      sha256 === undefined
        ? site.file(`record/${path}`)
        : site.names(sha256)
          ? asItIs((await desk.keeper.file(sha256))!)
          : undefined;
    return file === undefined ? c.notFound() : give(c, file, 'application/octet-stream');
  });
  for (const path of ['/site.css', '/fonts/*'])
    app.get(path, (c) => {
      const file = fixed.get(c.req.path.slice(1));
      return file === undefined ? c.notFound() : give(c, file, typeOf(c.req.path));
    });
  for (const path of ['/:page{[a-z]+\\.html}', '/counties/*', '/contests/*', '/data/*', '/es/*', '/es'])
    app.get(path, (c) => page(c, c.req.path.slice(1).replace(/^es\/?$/, 'es/index.html')));

  async function page(c: Context, path: string): Promise<Response> {
    const site = await latest.site();
    if (site === 'being made') return beingMade(c, path);
    if (site !== undefined) {
      const file = site.file(path);
      return file === undefined ? c.notFound() : give(c, file, typeOf(path));
    }
    if (!/^(es\/)?index\.html$/.test(path)) return c.notFound();
    return give(c, asItIs(Buffer.from(emptySite(languageOf(path)))), typeOf(path));
  }
}

/** There is a record, and no pages of it yet: a browser asks again by itself. */
function beingMade(c: Context, path: string): Response {
  const language = languageOf(path);
  c.header('retry-after', '2');
  return c.html(emptySite(language, siteWords[language].beingMade, { path, againIn: 2 }), 503);
}
const languageOf = (path: string): 'en' | 'es' => (path.startsWith('es/') ? 'es' : 'en');

const typeOf = (path: string): string =>
  path.endsWith('.html')
    ? 'text/html; charset=utf-8'
    : path.endsWith('.json')
      ? 'application/json'
      : path.endsWith('.css')
        ? 'text/css; charset=utf-8'
        : 'font/woff2';

const asItIs = (bytes: Uint8Array): MadeFile => ({
  bytes: new Uint8Array(bytes),
  gzipped: false,
  etag: etagOf(bytes),
});
const unzipped = promisify(gunzip);

async function give(c: Context, { bytes, gzipped, etag }: MadeFile, type: string): Promise<Response> {
  c.header('cache-control', 'no-cache');
  c.header('etag', etag);
  if (gzipped) c.header('vary', 'accept-encoding');
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('content-type', type);
  if (!gzipped) return c.body(bytes);
  if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? ''))
    return c.body(new Uint8Array(await unzipped(bytes)));
  c.header('content-encoding', 'gzip');
  return c.body(bytes);
}
