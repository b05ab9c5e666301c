// The thread that makes the pages: verifying a state's record takes seconds, in which the desk goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { pagesOf } from './wholeSite.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(pagesOf(workerData as ReadonlyMap<string, Uint8Array>));
