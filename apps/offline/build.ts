// Builds the page: ONE self-contained HTML file, dist/opencanvass.html. Script and style stand in it, and its security policy names their
// SHA-256 and forbids everything else, the network first of all.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build } from 'vite';
import { stateMap, states } from './maps.ts';
import { pageFile } from './page.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Builds the page and writes it. Gives its text. */
export async function buildPage(): Promise<string> {
  const html = page(await bundle(), readFileSync(`${here}src/style.css`, 'utf8').replace(/\s*\n\s*/g, '\n'));
  mkdirSync(`${here}dist`, { recursive: true });
  writeFileSync(pageFile, html);
  return html;
}

async function bundle(): Promise<string> {
  const built = await build({
    root: here,
    configFile: false,
    logLevel: 'warn',
    define: { COUNTY_MAPS: JSON.stringify(countyMaps()) },
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      lib: { entry: `${here}src/page.ts`, formats: ['iife'], name: 'opencanvass' },
    },
  });
  const output = (Array.isArray(built) ? built : [built]).flatMap((b) => ('output' in b ? b.output : []));
  const script = output.find((o) => o.type === 'chunk');
  if (script === undefined || output.length !== 1) throw new Error('the page must be one script');
  // `</script` or `<!--` within the script would end or change it.
  return script.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

const countyMaps = (): Record<string, string> =>
  Object.fromEntries(
    states.map((s) => [s, deflateRawSync(JSON.stringify(stateMap(s)), { level: 9 }).toString('base64')]),
  );

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function page(script: string, style: string): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'worker-src blob:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>OpenCanvass</title>
<style>${style}</style>
</head>
<body>
<noscript>This page checks an election’s record in your browser and needs JavaScript for it. Without it, use the command line: opencanvass verify RECORD</noscript>
<script>${script}</script>
</body>
</html>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const html = await buildPage();
  console.log(`${pageFile}: ${Math.ceil(html.length / 1000)} kB`);
}
