// Builds the desk's pages: scripts, styles, fonts and pictures as files of their own, so that the server's policy may forbid everything inline,
// and the counties of each state as flat shapes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stateMap, states } from '@opencanvass/offline/maps';
import react from '@vitejs/plugin-react';
import { compileAsync } from 'sass';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const uswds = dirname(createRequire(import.meta.url).resolve('@uswds/uswds/css/uswds.min.css')).replace(
  /dist.css$/,
  '',
);

export async function buildPages(folder: string): Promise<void> {
  await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    base: '/desk/',
    plugins: [react()],
    resolve: { alias: { 'uswds-files': join(uswds, 'dist'), 'desk-style.css': await theStyle() } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 700, // kB
    },
  });
  mkdirSync(join(folder, 'maps'));
  for (const state of states)
    writeFileSync(join(folder, 'maps', `${state}.json`), JSON.stringify(stateMap(state)));
}

/** The style, compiled. The design system's takes many seconds, so it is kept until its sources change. */
async function theStyle(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of ['src/style.scss', 'src/_desk.scss']) hash.update(readFileSync(join(here, source)));
  const file = join(here, 'dist', `style-${hash.digest('hex').slice(0, 16)}.css`);
  if (existsSync(file)) return file;
  const { css } = await compileAsync(join(here, 'src/style.scss'), {
    loadPaths: [join(uswds, 'packages')],
    quietDeps: true,
    silenceDeprecations: ['if-function'],
    style: 'compressed',
  });
  writeFileSync(file, css);
  return file;
}
