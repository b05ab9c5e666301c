// The thread that counts a stretch: gets it, gives back the count.
import { parentPort, workerData } from 'node:worker_threads';
import { countStretch } from './stretch.ts';
import type { Stretch } from './stretch.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage(await countStretch(workerData as Stretch));
