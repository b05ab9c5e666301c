// The built page, for programs that serve it or hand it out. Built when it is missing or older than its sources.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const pageFile = fileURLToPath(new URL('dist/opencanvass.html', import.meta.url));

/** The page's text. */
export async function thePage(): Promise<string> {
  if (isFresh()) return readFileSync(pageFile, 'utf8');
  const { buildPage } = await import('./build.ts'); // the bundler is large, and only needed here
  return buildPage();
}

/** The page for a server that lays a record beside it at ./record/: it may fetch from where it came from, and from nowhere else. */
export const servedPage = (html: string): string => html.replace("connect-src 'none'", "connect-src 'self'");

function isFresh(): boolean {
  if (!existsSync(pageFile)) return false;
  const built = statSync(pageFile).mtimeMs;
  const evidence = fileURLToPath(new URL('../../packages/evidence/src', import.meta.url));
  return [fileURLToPath(new URL('src', import.meta.url)), evidence]
    .filter(existsSync)
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .every((e) => !e.isFile() || statSync(join(e.parentPath, e.name)).mtimeMs <= built);
}
