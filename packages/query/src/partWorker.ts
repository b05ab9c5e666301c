// A thread that counts parts of an export: gets the job, gives back each count as it has it.
import { parentPort, workerData } from 'node:worker_threads';
import { countParts } from './part.ts';
import type { Job } from './part.ts';

const { job, next } = workerData as { readonly job: Job; readonly next: Int32Array };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
for await (const counted of countParts(job, next)) parentPort!.postMessage(counted);
