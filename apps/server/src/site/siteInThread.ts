// The thread that makes a site, or the record's zip: reading and verifying a state's record takes seconds, in which the desk goes on.
import { parentPort, workerData } from 'node:worker_threads';
import { publishedAt, zipOf } from '@opencanvass/keeper';
import { storageAt, type KeptAt } from '../keptAt.ts';
import { standBehind } from '../threads.ts';
import { packed } from './madeSite.ts';
import { pagesOf } from './wholeSite.ts';

export interface Making {
  readonly what: 'site' | 'zip';
  readonly at: KeptAt;
  /** The signed checkpoint of the record that it is made from. */
  readonly checkpoint: string;
}

const { what, at, checkpoint } = workerData as Making;
standBehind();
const record = new Map<string, Uint8Array>();
const storage = await storageAt(at);
try {
  for await (const { path, bytes } of publishedAt(storage, new TextEncoder().encode(checkpoint)))
    record.set(path, bytes);
} finally {
  await storage.close();
}
const zip = zipOf(record);
const made = what === 'zip' ? zip : packed(await pagesOf(record), record, zip);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(made, [made.buffer as ArrayBuffer]);
