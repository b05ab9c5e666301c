// A thread that reads one made-up export, written on the fly, and says how much memory it took (boundedMemory.node.test.ts).
import { parentPort, workerData } from 'node:worker_threads';
import { county } from '../bench/generate/county.ts';
import { countyFormats } from '../bench/generate/vendors.ts';
import { readCvrExport, readRaire } from '../packages/evidence/src/formats/index.ts';
import type { CvrFormat, InputFile } from '../packages/evidence/src/formats/index.ts';
import { UnitTallier } from '../packages/evidence/src/tally/index.ts';

const { format, cards } = workerData as { readonly format: string; readonly cards: number };
const made = () => countyFormats[format]!(county({ cards, contests: 12, choices: 4, seed: 1 }));

let read = 0;
let mostBuffers = 0;
const files = made().map((file, i): InputFile => {
  if (format !== 'ess-xlsx')
    return {
      name: file.name,
      bytes: async function* () {
        for (const block of made()[i]!.bytes()) {
          read += block.length;
          mostBuffers = Math.max(mostBuffers, process.memoryUsage().arrayBuffers);
          yield block;
        }
      },
    };
  // A workbook is read from its end. Packed it is small.
  const packed = new Uint8Array(Buffer.concat([...file.bytes()]));
  read = packed.length;
  return {
    name: file.name,
    bytes: async function* () {
      yield packed;
    },
    place: { length: packed.length, at: (from, to) => packed.subarray(from, to) },
  };
});

const tallier = new UnitTallier();
const reading =
  format === 'raire'
    ? await readRaire(files[0]!, tallier, { most: 400_000 })
    : await readCvrExport(files, tallier, { format: format.replace('unisyn', 'nist-cvr') as CvrFormat });
const records = reading.ok ? reading.value.records : reading.refusals;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage({ records, read, mostBuffers });
