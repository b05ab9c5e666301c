// How long does it take to verify the whole record of Georgia 2020, 41,881 batches and the state's files, beside merely reading the same
// bytes, hashing them with SHA-256 and parsing what is JSON? At most 10 times, and under 3 s.
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordFromMap } from '@opencanvass/evidence/record';
import { verify } from '@opencanvass/evidence/verify';
import { nodeSha256, nodeVerifyEd25519 } from '@opencanvass/keeper';
import { publishGeorgia2020 } from '../scripts/make-georgia-2020.ts';
import { haveShared } from '../tests/sharedData.ts';
import { mediansMs, type BenchRow } from './row.ts';

export async function run(): Promise<BenchRow[]> {
  if (!haveShared())
    return [{ name: 'verify Georgia 2020', value: 0, unit: 'not run', note: 'no shared data' }];
  const at = await mkdtemp(join(tmpdir(), 'bench-verify-'));
  try {
    const folder = join(at, 'record');
    await publishGeorgia2020({ granularity: 'batch' }, folder);
    return measure(folder);
  } finally {
    await rm(at, { recursive: true, force: true });
  }
}

function measure(folder: string): BenchRow[] {
  const read = (): Map<string, Buffer> => {
    const found = new Map<string, Buffer>();
    for (const f of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!f.isFile()) continue;
      const path = join(f.parentPath, f.name);
      found.set(path.slice(folder.length + 1), readFileSync(path));
    }
    return found;
  };
  const merely = (): void => {
    for (const bytes of read().values()) {
      hash('sha256', bytes);
      if (bytes[0] === 0x7b) JSON.parse(bytes.toString()); // begins with a brace
    }
  };
  const verifying = (): void => {
    const { record } = verify(recordFromMap(read()), { sha256: nodeSha256, verify: nodeVerifyEd25519 });
    if (record === undefined || record.faults.length > 0) throw new Error('the record does not hold');
  };

  const start = performance.now();
  verifying();
  const first = performance.now() - start;
  const [base, whole] = mediansMs([merely, verifying]) as [number, number];
  const files = read();
  const bytes = [...files.values()].reduce((n, b) => n + b.length, 0);
  const against = 'read, hash, JSON.parse the same bytes';
  return [
    { name: against, value: base, unit: 'ms', note: `${files.size} files, ${bytes} bytes` },
    { name: 'verify Georgia 2020, 41,881 batches', value: whole, unit: 'ms', ratioTo: against, ratio: whole / base, note: 'asked: ratio at most 10, under 3,000 ms' }, // prettier-ignore
    { name: 'the same, the first time in a process', value: first, unit: 'ms', ratioTo: against, ratio: first / base }, // prettier-ignore
  ];
}
