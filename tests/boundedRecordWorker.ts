// A thread that verifies a record in a zip as the command does, and says how much memory its bytes took (boundedRecord.node.test.ts).
import { parentPort, workerData } from 'node:worker_threads';
import { nodeSha256 } from '@opencanvass/keeper';
import { testWorld } from '../apps/cli/test/testWorld.ts';
import { verifyRecord } from '../apps/cli/src/verify.ts';

let mostBuffers = 0;
const look = (): void => {
  mostBuffers = Math.max(mostBuffers, process.memoryUsage().arrayBuffers);
};
// Where it waits for bytes, and where it has a file whole.
const everySoOften = setInterval(look, 5);
const { record, evidence } = await verifyRecord(testWorld().world, workerData as string, {
  sha256: (bytes) => {
    look();
    return nodeSha256(bytes);
  },
});
clearInterval(everySoOften);
const { faults, read } = record!;
const records = evidence!.cvrs?.[0]?.value.reconciliation.records;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage({ faults: faults.length, records, bytes: read.bytes, mostBuffers });
