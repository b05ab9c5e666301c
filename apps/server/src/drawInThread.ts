// The thread of one draw from many cards.
import { parentPort, workerData } from 'node:worker_threads';
import { drawnHere, type ToDraw } from './cardsDrawn.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(drawnHere(workerData as ToDraw));
