// The built pages, for programs that serve them: the folder of the build of exactly these sources, made where there is none yet.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = join(here, 'dist');

/** A folder with index.html, assets/ (their names hold their digests) and maps/ (one JSON a state). */
export async function thePages(): Promise<string> {
  // A package that was published holds its build, and not what it was built of.
  if (!existsSync(join(here, 'src'))) return join(dist, onlyBuild());
  const digest = digestOfSources();
  const folder = join(dist, digest);
  if (existsSync(folder)) return folder;
  mkdirSync(dist, { recursive: true });
  const making = mkdtempSync(join(dist, 'making-'));
  try {
    const { buildPages } = await import('./build.ts'); // the bundler is large, and only needed here
    await buildPages(making);
    for (const old of readdirSync(dist))
      if (isBuild(old) && old !== digest) rmSync(join(dist, old), { recursive: true, force: true });
    renameSync(making, folder);
  } catch (fault) {
    rmSync(making, { recursive: true, force: true });
    // Another process may have made the same at the same time.
    if (!existsSync(folder)) throw fault;
  }
  return folder;
}

const isBuild = (name: string): boolean => /^[0-9a-f]{16}$/.test(name);

function onlyBuild(): string {
  const build = readdirSync(dist).find(isBuild);
  if (build === undefined) throw new Error(`there are no built pages in ${dist}`);
  return build;
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  const places = [
    'src',
    'index.html',
    'build.ts',
    '../../packages/contract/src',
    '../../packages/evidence/src',
  ];
  for (const place of places) {
    const path = join(here, place);
    const files = place.endsWith('src')
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((e) => e.isFile() && !e.name.includes('.test.'))
          .map((e) => join(e.parentPath, e.name))
          .sort()
      : [path];
    for (const file of files)
      hash
        .update(`${relative(here, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
