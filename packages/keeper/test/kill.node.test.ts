// An acknowledged entry survives `kill -9` at any moment. A child appends and says what was acknowledged; it is killed, again and again, at
// moments drawn from a fixed seed; then everything it ever said must still be so.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex } from '@opencanvass/evidence/bytes';
import { checkConsistency } from '@opencanvass/evidence/log';
import { expect, test } from 'vitest';
import { createFolder, openFolder } from '../src/folder.ts';
import { proveConsistency } from '../src/log/index.ts';
import { election, origin, state } from './smallElection.ts';

const rounds = 44;
const child = fileURLToPath(new URL('appendUntilKilled.ts', import.meta.url));

/** mulberry32: 32 bits after 32 bits from a seed. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Starts the child and kills it `ms` after it acknowledged more than `lines` times, or after its start. Gives the whole lines that it said. */
function runAndKill(
  folder: string,
  round: number,
  ms: number,
  from: 'start' | 'at work',
  lines: number,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const keeping = spawn(process.execPath, [child, folder, String(round)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let complained = '';
    let due = false;
    const kill = (): void => void setTimeout(() => keeping.kill('SIGKILL'), ms);
    if (from === 'start') kill();
    keeping.stdout.on('data', (d: Buffer) => {
      said += d.toString();
      if (from === 'at work' && !due && said.split('\n').length > lines) {
        due = true;
        kill();
      }
    });
    keeping.stderr.on('data', (d: Buffer) => (complained += d.toString()));
    keeping.on('close', (_, signal) => {
      if (signal === 'SIGKILL') resolve(said.split('\n').slice(0, -1));
      else reject(new Error(`round ${round}: the child ended by itself: ${complained}`));
    });
  });
}

test(`what was acknowledged is there after ${rounds} kills`, { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kill-'));
  const beginning = { record: 'conducted', election, author: state } as const;
  await (await createFolder(folder, origin, beginning)).close();

  const random = seeded(20201103);
  const said: string[] = [];
  let killedAtWork = 0;
  for (let round = 0; round < rounds; round += 1) {
    // Killed at work: after so many acknowledgements, and a moment more, so that a slow machine is killed as deep in its work as a fast one.
    const from = round % 8 === 7 ? 'start' : 'at work';
    const lines = Math.floor(random() * 20);
    const acknowledgements = await runAndKill(
      folder,
      round,
      random() * (from === 'start' ? 400 : 8),
      from,
      lines,
    );
    if (acknowledgements.length > 0) killedAtWork += 1;
    said.push(...acknowledgements);
  }
  expect(killedAtWork).toBeGreaterThanOrEqual(rounds * 0.8);

  const keeper = await openFolder(folder);
  const entries = await keeper.entries();
  const tree = await keeper.tree();
  expect(entries.map((e) => e.position)).toEqual(entries.map((_, i) => i));
  let [acknowledged, files, checkpoints] = [0, 0, 0];
  for (const line of said) {
    const [what, number, hex, file] = line.split(' ');
    if (what === 'entry') {
      expect(entries[Number(number)]?.act.body.digest, line).toBe(hex);
      acknowledged += 1;
      if (file === '-') continue;
      expect(await keeper.file(file!), line).toBeDefined(); // `file` compares the SHA-256
      files += 1;
    } else {
      const [oldSize, newSize] = [Number(number), tree.size];
      const proof = proveConsistency(tree, oldSize, newSize);
      expect(
        checkConsistency({ oldSize, newSize, oldRoot: fromHex(hex!)!, newRoot: tree.root(), proof }),
        line,
      ).toEqual({ ok: true });
      checkpoints += 1;
    }
  }
  expect(acknowledged).toBeGreaterThan(200);
  expect(files).toBeGreaterThan(50);
  expect(checkpoints).toBeGreaterThan(10);
  await keeper.close();
  await rm(folder, { recursive: true, force: true });
});
