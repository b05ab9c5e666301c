// What takes long is done in a thread of its own, beside everybody who waits for an answer. The threads of a desk end with it.
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';

export class Threads {
  readonly #running = new Set<Worker>();
  #closed = false;

  /** What the script, which is given `workerData`, says first. */
  run<T>(script: URL, workerData: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Error('the desk is closed');
      const worker = new Worker(script, { workerData });
      this.#running.add(worker);
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        this.#running.delete(worker);
        reject(new Error('its thread ended'));
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map((w) => w.terminate()));
  }
}

/** Called in a thread that nobody waits for: others come first. Elsewhere than on Linux it would be the whole process's priority. */
export function standBehind(): void {
  if (process.platform === 'linux') setPriority(5);
}
