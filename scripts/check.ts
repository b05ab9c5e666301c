// `npm test`: everything that protects the users. Types, lint, format, tests (in Node, and those of evidence in a browser),
// the examples in the documentation, the walls of the house. All steps run, so that one run shows all that is wrong.
import { spawnSync } from 'node:child_process';
import { findChromium, howToGetChromium } from '../tests/chromium.ts';

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['npm', 'run', '--silent', 'types']],
  ['lint', ['npm', 'run', '--silent', 'lint']],
  ['format', ['oxfmt', '--check', '.']],
  ['tests', ['vitest', 'run', '--reporter=default']],
];

const failed: string[] = [];
for (const [name, [command, ...args]] of steps) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command!, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) failed.push(name);
}

const chromium = findChromium();
if (chromium === undefined) {
  console.log(`\n${howToGetChromium}`);
  if (process.env['OPENCANVASS_REQUIRE_BROWSER'] === '1') failed.push('browser');
}
console.log(failed.length === 0 ? '\nall checks pass' : `\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
