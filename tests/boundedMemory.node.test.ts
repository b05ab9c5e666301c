// Whatever the size of its file, a reader holds no more than a stretch of it: each reads an export, made up while it is read, larger than the heap
// that it is allowed. A reader that held its records would run out of memory at a fraction of it.
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { countyFormats } from '../bench/generate/vendors.ts';

const heapMegabytes = 16;
/** How many cards make a file of 16 MB or more; packed, the workbook is smaller, and unpacked more than that. */
const cards: Readonly<Record<string, number>> = {
  'dominion-csv': 140_000,
  'dominion-json': 6_500,
  'clear-ballot-csv': 120_000,
  'ess-xlsx': 25_000,
  'nist-cvr-xml': 5_000,
  'nist-cvr-json': 4_700,
  raire: 20_000,
};
const notAsked: Readonly<Record<string, string>> = {
  'ess-csv': 'holds where each record’s batch is: what README.md says of it',
  'hart-xml': 'reads sheets one by one, of at most 16 MB each, and holds none',
  'unisyn-xml': 'is read by the reader of nist-cvr-xml',
};

interface Said {
  readonly records: number;
  readonly read: number;
  readonly mostBuffers: number;
}

test.each(Object.entries(cards))('%s', { timeout: 120_000 }, async (format, n) => {
  const said = await new Promise<Said>((resolve, reject) => {
    const worker = new Worker(new URL('./boundedMemoryWorker.ts', import.meta.url), {
      workerData: { format, cards: n },
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 4 },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  expect(said.records).toBe(n);
  if (format !== 'ess-xlsx' && format !== 'raire') expect(said.read).toBeGreaterThan(16e6);
  expect(said.mostBuffers).toBeLessThan(16e6);
});

test('every other format is named with its reason', () => {
  expect([...Object.keys(cards), ...Object.keys(notAsked)].sort()).toEqual(Object.keys(countyFormats).sort());
});
