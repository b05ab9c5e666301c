// A record in a zip is read where it lies: of the archive its directory, of a county's cast vote records one stretch at a time. Verified in a
// thread, it takes a fraction of what the records come to.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { createFolder, importFiles, openSealedCvrs, publishZip, sealedCvrs } from '@opencanvass/keeper';
import { county, dominionCsv } from '../bench/generate/county.ts';
import { counted, seededKey, ticking } from '../packages/keeper/test/smallElection.ts';

const heapMegabytes = 48;
const author = { name: 'the clerk', role: 'compiler' };

let at: string;
beforeAll(async () => {
  at = await mkdtemp(join(tmpdir(), 'bounded-record-'));
});
afterAll(() => rm(at, { recursive: true, force: true }));

/** A county's record with its cast vote records opened, as one zip; wide rows, so that few cards make many bytes. */
async function zipped(cards: number): Promise<string> {
  const made = () => county({ cards, contests: 200, choices: 4, seed: 5 });
  const name = made().contests[0]!;
  const results = `jurisdiction,contest,vote type,choice,votes\nBibb,"${name.replaceAll('"', '""')}",,${made().choice(0, 0)},1\nBibb,"${name.replaceAll('"', '""')}",,${made().choice(0, 1)},0\n`;
  const file = { name: 'cvr.csv', bytes: async function* () { yield* dominionCsv(made()); } }; // oxfmt-ignore
  const imported = await importFiles(
    { files: [{ name: 'results.csv', bytes: toUtf8(results) }], exports: [{ name: 'cvr.csv', file }] },
    (election) =>
      createFolder(
        join(at, `${cards}`),
        'example/county',
        { record: 'reconstructed', election, author },
        { clock: ticking(), random: counted(), key: seededKey(1) },
      ),
    { author },
  );
  if (!imported.ok) throw new Error(JSON.stringify(imported.refusals));
  const { keeper } = imported;
  const opened = await openSealedCvrs(keeper, await sealedCvrs(keeper), author, () => file, () => {}); // oxfmt-ignore
  expect(opened.ok).toBe(true);
  const zip = join(at, `${cards}.zip`);
  await pipeline(publishZip(keeper), createWriteStream(zip));
  await keeper.close();
  return zip;
}

interface Said {
  readonly faults: number;
  readonly records: number;
  readonly bytes: number;
  readonly mostBuffers: number;
}

const verified = (zip: string): Promise<Said> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./boundedRecordWorker.ts', import.meta.url), {
      workerData: zip,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 8 },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });

test('a record’s zip is never in memory, nor are its cast vote records', { timeout: 300_000 }, async () => {
  const cards = 30_000;
  const { faults, records, bytes, mostBuffers } = await verified(await zipped(cards));
  expect([faults, records]).toEqual([0, cards]);
  expect(bytes).toBeGreaterThan(45e6);
  expect(mostBuffers).toBeLessThan(32e6);
});
