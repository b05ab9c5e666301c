// The other side of served.ts: starts a desk as a process, asks it what it measured, ends it.
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface Measured {
  /** Milliseconds of the longest time in which the event loop answered nobody. */
  readonly longest: { readonly wall: number; readonly processor: number };
  /** Milliseconds of processor time, of all threads. */
  readonly processor: number;
  /** Bytes. */
  readonly memory: number;
  readonly mostMemory: number;
}

export interface DeskProcess {
  readonly address: string;
  /** Milliseconds from its start until it listened. */
  readonly starting: number;
  /** What it measured since it was asked last. */
  readonly measure: () => Promise<Measured>;
  readonly end: () => Promise<void>;
}

export async function startDesk(folder: string, log: string): Promise<DeskProcess> {
  const begun = performance.now();
  const child = fork(new URL('./served.ts', import.meta.url), [folder, log], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() => Promise.reject(new Error('the desk ended')));
  gone.catch(() => undefined); // where nobody waits for it
  const said = async <T>(): Promise<T> => {
    const [message] = (await Promise.race([once(child, 'message'), gone])) as [T];
    return message;
  };
  const { address } = await said<{ address: string }>();
  return {
    address,
    starting: performance.now() - begun,
    measure: async () => {
      child.send('measure');
      return said<Measured>();
    },
    end: async () => {
      if (!child.connected) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
