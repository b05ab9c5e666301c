// A world for tests: what is printed is kept, the clock stands still, the network is what the test says, files are the disk's.
import { diskFiles } from '../src/world.ts';
import type { World } from '../src/world.ts';

export interface Told {
  readonly world: World;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function testWorld(changes: Partial<World> = {}): Told {
  let out = '';
  let err = '';
  const world: World = {
    stdout: { write: (t) => void (out += t), isTerminal: false, columns: 100 },
    stderr: { write: (t) => void (err += t), isTerminal: false, columns: 100 },
    files: diskFiles,
    now: () => new Date('2026-11-03T12:00:00Z'),
    randomBytes: (n) => new Uint8Array(n).fill(7),
    fetch: () => Promise.reject(new Error('no network in this test')),
    env: {},
    untilStopped: () => Promise.resolve(),
    ...changes,
  };
  return { world, stdout: () => out, stderr: () => err };
}
