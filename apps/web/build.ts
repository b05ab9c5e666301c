// Builds the desk's pages: scripts, styles, fonts and pictures as files of their own, so that the server's policy may forbid everything inline,
// and the counties of each state as flat shapes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  // Who builds, a test or a server, makes no difference to what is built.
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = 'production';
  try {
    await bundle(folder);
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
  fillWorker(folder);
  mkdirSync(join(folder, 'maps'));
  for (const state of states)
    writeFileSync(join(folder, 'maps', `${state}.json`), JSON.stringify(stateMap(state)));
}

async function bundle(folder: string): Promise<void> {
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
      rolldownOptions: {
        input: { desk: join(here, 'index.html'), boardWorker: join(here, 'src/boardWorker.ts') },
        output: {
          // A worker looks after the addresses below its own, so it lies beside the page and not in assets.
          entryFileNames: ({ name }) =>
            name === 'boardWorker' ? 'boardWorker.js' : 'assets/[name]-[hash].js',
        },
      },
    },
  });
}

/** Tells the boards' worker which files it is to hold: all scripts, styles and fonts of this build. */
function fillWorker(folder: string): void {
  const files = readdirSync(join(folder, 'assets'))
    .filter((f) => /\.(?:js|css|woff2)$/.test(f))
    .sort()
    .map((f) => `/desk/assets/${f}`);
  // The names of the files hold their digests; the page itself names the rest.
  const index = readFileSync(join(folder, 'index.html'));
  const digest = createHash('sha256').update(index).update(files.join('\n')).digest('hex').slice(0, 16);
  const worker = join(folder, 'boardWorker.js');
  const built = JSON.stringify({ digest, files });
  writeFileSync(worker, `self.built=${built};\n${readFileSync(worker, 'utf8')}`);
}

/** The style, compiled. The design system's takes many seconds, so it is kept until its sources change. */
async function theStyle(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of ['src/style.scss', 'src/_desk.scss', 'src/_board.scss'])
    hash.update(readFileSync(join(here, source)));
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
