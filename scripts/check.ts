// `npm test`: types, lint, format, tests (in Node, and those of evidence in a browser), the examples in the documentation, the walls of the
// house. `npm run test:pages`: the pages in a real browser, whole audits through them, faults. `npm run test:long`: what takes minutes without a
// browser. All steps run, so that one run shows all that is wrong. At the end: which tests did not run and why, and one line with the numbers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { findChromium, howToGetChromium } from '../tests/chromium.ts';
import { haveShared } from '../tests/sharedData.ts';

const reports = mkdtempSync(join(tmpdir(), 'opencanvass-check-'));
const report = join(reports, 'tests.json');
const vitest = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const suite = process.argv[2];
const steps: readonly (readonly [string, readonly string[]])[] =
  suite === 'pages' || suite === 'long'
    ? [['tests', [...vitest, `--project=${suite}`]]]
    : [
        ['types', ['npm', 'run', '--silent', 'types']],
        ['lint', ['npm', 'run', '--silent', 'lint']],
        ['format', ['oxfmt', '--check', '.']],
        ['tests', [...vitest, '--project=!pages', '--project=!long']],
      ];

const failed: string[] = [];
for (const [name, [command, ...args]] of steps) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command!, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) failed.push(name);
}

if (findChromium() === undefined) {
  console.log(`\n${howToGetChromium}`);
  if (process.env['OPENCANVASS_REQUIRE_BROWSER'] === '1') failed.push('browser');
}

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

try {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const skipped = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((t) => t.status !== 'passed' && t.status !== 'failed')
      .map((t) => `${relative('.', name)}: ${t.fullName}`),
  );
  // A file that could not be loaded has no tests that could fail; it is a failure all the same.
  const broken = testResults.filter(
    (f) => f.status === 'failed' && f.assertionResults.every((t) => t.status !== 'failed'),
  );
  if (skipped.length > 0) {
    console.log('\nnot run:');
    for (const test of skipped) console.log(`  ${test}`);
    if (!haveShared())
      console.log('  tests on the public data sets need them beside the repository or in OPENCANVASS_SHARED');
    if (findChromium() === undefined) console.log('  tests of the page need a Chromium');
  }
  console.log(
    `\ntests: ${numPassedTests} passed, ${numFailedTests + broken.length} failed, ${skipped.length} skipped`,
  );
  if (numPassedTests === 0 && !failed.includes('tests')) failed.push('tests');
} catch (fault) {
  console.log(`\nthe tests left no report: ${String(fault)}`);
  if (!failed.includes('tests')) failed.push('tests');
}
rmSync(reports, { recursive: true, force: true });
console.log(failed.length === 0 ? 'all checks pass' : `failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
