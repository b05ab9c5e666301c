// In the worker: files in, verification out.
import { verify } from '@opencanvass/evidence/verify';
import type { Verification } from '@opencanvass/evidence/verify';
import { recordFromAddress, recordFromPicked, recordFromZip } from '@opencanvass/evidence/record';
import type { Opened } from '@opencanvass/evidence/record';

/** What somebody opened: a zip, the files of a folder with their paths, or the address that the page was served with. */
export type Asked =
  | { readonly kind: 'zip'; readonly zip: Uint8Array }
  | { readonly kind: 'picked'; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: 'address'; readonly address: string };

export type Answered =
  | { readonly ok: true; readonly verification: Verification }
  | { readonly ok: false; readonly code: string; readonly found: string };

export async function answer(asked: Asked): Promise<Answered> {
  const opened = await open(asked);
  return opened.ok ? { ok: true, verification: verify(opened.files) } : opened;
}

function open(asked: Asked): Opened | Promise<Opened> {
  switch (asked.kind) {
    case 'zip':
      return recordFromZip(asked.zip);
    case 'picked':
      return recordFromPicked(asked.files);
    case 'address':
      return recordFromAddress(
        async (path) => {
          const response = await fetch(new URL(path, asked.address));
          return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
        },
        (files) => void verify(files),
      );
  }
}

export function startWorker(): void {
  const scope = globalThis as unknown as {
    onmessage: ((event: MessageEvent<Asked>) => void) | null;
    postMessage: (message: Answered) => void;
  };
  scope.onmessage = ({ data }) => {
    void answer(data).then(
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
      (answered) => scope.postMessage(answered),
      (fault: unknown) => {
        // A fault in us is a crash, and is seen: it reaches the page as the worker's error.
        setTimeout(() => {
          throw fault;
        });
      },
    );
  };
}

/** Asks a worker made from `script`, or answers here where no worker can be made. */
export function askWorker(script: string, asked: Asked): Promise<Answered> {
  let worker: Worker;
  try {
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    worker = new Worker(address);
  } catch {
    return answer(asked);
  }
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(asked);
  });
}
