// Scripts are the command line's tests. A script is a text file: `$ opencanvass …`, then what it prints (lines of stderr after `! `),
// then `= N`, the exit status. `…` in an expected line stands for anything. `SHARED/` is the folder of the shared data and `TMP/` an empty
// folder of the script's own; a script that names SHARED is skipped where the data are absent. The paths of the repository are its own.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../tests/sharedData.ts';
import { run } from '../src/main.ts';
import { matches, stepsOf, wordsOf } from './script.ts';
import { testWorld } from './testWorld.ts';

const folder = fileURLToPath(new URL('scripts/', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const made: string[] = [];
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true })));

describe('scripts', () => {
  for (const name of readdirSync(folder).filter((f) => f.endsWith('.txt'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    test.skipIf(text.includes('SHARED/') && !haveShared())(name, { timeout: 120_000 }, async () => {
      const tmp = mkdtempSync(join(tmpdir(), 'opencanvass-script-'));
      made.push(tmp);
      for (const step of stepsOf(text)) {
        const { world, stdout, stderr } = testWorld();
        const argv = wordsOf(step.command).map((w) =>
          w
            .replace('SHARED/', sharedFile(''))
            .replace('TMP/', `${tmp}/`)
            .replace(/^(cases|apps|tests)\//, `${root}$1/`),
        );
        const status = await run(argv, world);
        const told = (s: string): string =>
          s.replaceAll(`${tmp}/`, 'TMP/').replaceAll(sharedFile(''), 'SHARED/').replaceAll(root, '');
        const where = `${name}:${step.line}`;
        if (!matches(step.stdout, told(stdout())))
          expect(told(stdout()), where).toBe(`${step.stdout.join('\n')}\n`);
        if (!matches(step.stderr, told(stderr())))
          expect(told(stderr()), where).toBe(`${step.stderr.join('\n')}\n`);
        expect(status, `${where}: exit status; ${stderr()}`).toBe(step.status);
      }
    });
  }

  test('a script that states something else fails', () => {
    expect(matches(['a …', 'c'], 'a b\nc\n')).toBe(true);
    expect(matches(['…', 'c'], 'a\nb\nc\n')).toBe(true);
    expect(matches(['a …'], 'a b\nc\n')).toBe(false);
    expect(matches(['a'], 'ab\n')).toBe(false);
    expect(matches([], 'a\n')).toBe(false);
    expect(() => stepsOf('$ opencanvass\nx\n')).toThrow('no exit status');
    expect(() => stepsOf('# nothing\n')).toThrow('no steps');
  });
});
