// The door: an old Node gets a sentence from every command, never a crash.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const door = join(root, 'apps/cli/bin/opencanvass.js');

/** A Node of the machine's own that is older than ours, where there is one: outside node_modules, on the path. */
function olderNode(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const node = join(folder, 'node');
    if (folder.includes('node_modules') || !existsSync(node)) continue;
    const version = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim();
    if (Number.parseInt(version, 10) < 24) return node;
  }
  return undefined;
}

const programs = [
  ['apps/cli/bin/opencanvass.js', 'verify', 'cases/georgia-2020/record'],
  ['scripts/run.js', 'scripts/start.ts'],
  ['scripts/run.js', 'scripts/check.ts'],
] as const;

describe('an older Node', () => {
  const node = olderNode();
  for (const program of programs)
    test.skipIf(node === undefined)(`${program[0]} ${program[1]}: says what is needed and found`, () => {
      const { status, stdout, stderr } = spawnSync(node!, [...program], { cwd: root, encoding: 'utf8' });
      expect(stderr).toMatch(/needs Node 24 or newer and found Node \d+\.\d+/);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    });

  // The same without an older Node at hand: the version is changed before the door is opened.
  test('of version 12 or 23 is refused, 24 is not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'opencanvass-door-'));
    try {
      for (const [version, status] of [
        ['12.22.0', 64],
        ['23.11.1', 64],
        ['24.0.0', 0],
      ] as const) {
        const pretend = join(folder, 'pretend.cjs');
        writeFileSync(
          pretend,
          `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
        );
        const run = spawnSync(process.execPath, ['--require', pretend, door, '--version'], {
          encoding: 'utf8',
        });
        expect({ version, status: run.status }).toEqual({ version, status });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
