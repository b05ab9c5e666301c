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
import { testWorld } from './testWorld.ts';

const folder = fileURLToPath(new URL('scripts/', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const made: string[] = [];
afterAll(() => made.forEach((path) => rmSync(path, { recursive: true })));

interface Step {
  readonly line: number;
  readonly command: string;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly status: number;
}

/** The steps of a script. A script that states no exit status is a mistake, not a pass. */
export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let open: { line: number; command: string; stdout: string[]; stderr: string[] } | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('$ opencanvass')) {
      if (open !== undefined) throw new Error(`line ${open.line}: no exit status`);
      open = { line: i + 1, command: line.slice('$ opencanvass'.length).trim(), stdout: [], stderr: [] };
    } else if (open === undefined) {
      if (line !== '' && !line.startsWith('#')) throw new Error(`line ${i + 1}: neither command nor comment`);
    } else if (/^= \d+$/.test(line)) {
      steps.push({ ...open, status: Number(line.slice(2)) });
      open = undefined;
    } else if (line.startsWith('! ') || line === '!') open.stderr.push(line.slice(2));
    else open.stdout.push(line);
  }
  if (open !== undefined) throw new Error(`line ${open.line}: no exit status`);
  if (steps.length === 0) throw new Error('no steps');
  return steps;
}

/** The words of a command line: blanks divide, double quotes hold together. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]!);

/** Expected lines are matched one to one; `…` within a line stands for anything, a line that is only `…` for any lines. */
function matches(expected: readonly string[], found: string): boolean {
  const escape = (s: string): string => s.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = expected
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${escape(line).replaceAll('…', '.*')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(found);
}

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
