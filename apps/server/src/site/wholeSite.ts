// Everything that lies on the public site: the pages, what they need to be shown, the record as a folder and as one zip, and the offline verifier
// beside it. All addresses are relative: the same files work from any web server and from a disk.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { states, stateMap } from '@opencanvass/offline/maps';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { recordFromMap } from '@opencanvass/evidence/record';
import { nodeSha256, nodeVerifyEd25519, zipOf } from '@opencanvass/keeper';
import type { CountyShapes } from './pages/home.ts';
import { siteOf } from './site.ts';

/** The pages of a record, with the maps and the fast hashing of this machine. */
export const pagesOf = (record: ReadonlyMap<string, Uint8Array>): Promise<Map<string, string>> =>
  siteOf(recordFromMap(record), { read: { sha256: nodeSha256, verify: nodeVerifyEd25519 }, shapesOf });

function shapesOf(state: string): CountyShapes | undefined {
  return states.includes(state) ? stateMap(state) : undefined;
}

/** The style sheet and its typeface; without the typeface, which is a package of its own, the reader's is used. */
export function assets(): Map<string, Uint8Array> {
  const files = new Map([['site.css', new Uint8Array(readFileSync(new URL('./site.css', import.meta.url)))]]);
  for (const name of ['PublicSans-Regular.woff2', 'PublicSans-Bold.woff2']) {
    const font = fontFile(name);
    if (font !== undefined) files.set(`fonts/${name}`, new Uint8Array(readFileSync(font)));
  }
  return files;
}

function fontFile(name: string): string | undefined {
  try {
    const uswds = dirname(createRequire(import.meta.url).resolve('@uswds/uswds'));
    const file = join(uswds, '../fonts/public-sans', name);
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Every file of the site. `verifier` is the offline page's text. */
export async function* wholeSite(
  record: ReadonlyMap<string, Uint8Array>,
  verifier: string,
): AsyncGenerator<{ readonly path: string; readonly bytes: Uint8Array }> {
  for (const [path, text] of await pagesOf(record)) yield { path, bytes: toUtf8(text) };
  for (const [path, bytes] of assets()) yield { path, bytes };
  for (const [path, bytes] of record) if (isOfRecord(path)) yield { path: `record/${path}`, bytes };
  yield { path: 'record.zip', bytes: zipOf(record) };
  yield { path: 'opencanvass.html', bytes: toUtf8(verifier) };
}

/** What a record has by its specification. Anything else in its folder fails a check, and is not laid where a browser might run it. */
const isOfRecord = (path: string): boolean =>
  /^(?:checkpoint|tile\/[\w/.-]+|bodies\/\d+\.json|files\/[0-9a-f]{64})$/.test(path) &&
  !/\.html?$/i.test(path);
