// The site of a desk as it was last made. It is made in a thread of its own when the desk starts and as the record grows, and kept beside the
// record: nobody who reads it waits for it, and neither does anybody who acts. Making it rests three times as long as it took, so that an audit
// in which something happens every moment has most of the machine to itself.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { equalBytes } from '@opencanvass/evidence/bytes';
import { parseCheckpoint } from '@opencanvass/evidence/log';
import { writeDurably } from '@opencanvass/keeper';
import type { Desk } from '../desk.ts';
import { MadeSite, sizeOf } from './madeSite.ts';
import type { Making } from './siteInThread.ts';

/** So long, in milliseconds, a reader waits where there are no pages yet at all. */
const patience = 500;
const restFor = 3;

export class LatestSite {
  readonly #desk: Desk;
  readonly #folder: string;
  readonly #ready: Promise<void>;
  readonly #first = Promise.withResolvers<void>();
  #site: MadeSite | undefined;
  #zip: { readonly size: number; readonly bytes: Uint8Array<ArrayBuffer> } | undefined;
  #zipping: Promise<Uint8Array<ArrayBuffer>> | undefined;
  #making: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Not before this moment of performance.now(). */
  #next = 0;
  #grown = false;
  #closed = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#folder = join(desk.keptAt.folder, 'site');
    this.#ready = this.#start();
    desk.onGrown(() => this.#soon());
    desk.onClose(() => this.#close());
  }

  /** The last that was made, at once. Undefined before there is a record. */
  async site(): Promise<MadeSite | 'being made' | undefined> {
    await this.#ready;
    const { count } = await this.#desk.state();
    if (count === 0) return undefined;
    if (this.#site?.size !== count) this.#soon();
    if (this.#site === undefined)
      await Promise.race([this.#first.promise, sleep(patience, undefined, { ref: false })]);
    return this.#site ?? 'being made';
  }

  /** The record as it is now, as one zip; those who ask at once are given the same. Undefined before there is a record. */
  async zip(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    await this.#ready;
    const { count } = await this.#desk.state();
    if (count === 0) return undefined;
    const made = this.#site?.size === count ? this.#site.file('record.zip') : undefined;
    if (made !== undefined) return made.bytes;
    if (this.#zip?.size === count) return this.#zip.bytes;
    this.#zipping ??= this.#makeZip().finally(() => (this.#zipping = undefined));
    return this.#zipping;
  }

  async #makeZip(): Promise<Uint8Array<ArrayBuffer>> {
    const checkpoint = await this.#checkpoint();
    const bytes = await this.#inThread({ what: 'zip', at: this.#desk.keptAt, checkpoint });
    this.#zip = { size: sizeOf(checkpoint), bytes };
    return bytes;
  }

  async #checkpoint(): Promise<string> {
    return new TextDecoder().decode(await this.#desk.keeper.checkpoint());
  }

  /** Also where the kept pages are of the record as it is: a newer version of this program may make other ones of it. */
  async #start(): Promise<void> {
    this.#site = await this.#kept().catch(() => undefined);
    if ((await this.#desk.state()).count > 0) this.#soon();
  }

  #soon(): void {
    if (this.#closed || this.#timer !== undefined) return;
    if (this.#making !== undefined) {
      this.#grown = true;
      return;
    }
    const begin = (): void => {
      this.#timer = undefined;
      this.#grown = false;
      this.#making = this.#make()
        // Those of a moment ago are still there; whoever looks after the server finds out why.
        .catch((fault: unknown) => {
          if (!this.#closed) process.emitWarning(`the public pages were not made: ${String(fault)}`);
        })
        .finally(() => {
          this.#making = undefined;
          if (this.#grown) this.#soon();
        });
    };
    this.#timer = setTimeout(begin, Math.max(0, this.#next - performance.now())).unref();
  }

  async #make(): Promise<void> {
    const begun = performance.now();
    try {
      const checkpoint = await this.#checkpoint();
      const bytes = await this.#inThread({ what: 'site', at: this.#desk.keptAt, checkpoint });
      this.#site = new MadeSite(bytes);
      this.#first.resolve();
      await this.#keep(bytes).catch(() => undefined); // on a full disk it is made anew at the next start
    } finally {
      const now = performance.now();
      this.#next = now + restFor * (now - begun);
    }
  }

  #inThread(making: Making): Promise<Uint8Array<ArrayBuffer>> {
    return this.#desk.threads.run(new URL('./siteInThread.ts', import.meta.url), making);
  }

  async #close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#ready.catch(() => undefined);
    await this.#making;
  }

  // ── on disk ──

  async #keep(bytes: Uint8Array): Promise<void> {
    const name = `made-${randomBytes(6).toString('hex')}`;
    const path = join(this.#folder, name);
    await mkdir(this.#folder, { recursive: true });
    const others = await readdir(this.#folder);
    try {
      await writeDurably(`${path}.part`, bytes);
      await rename(`${path}.part`, path);
    } catch (fault) {
      await rm(`${path}.part`, { force: true });
      throw fault;
    }
    for (const other of others) await rm(join(this.#folder, other), { force: true });
  }

  /** What was kept, if it was made from this record and no other. */
  async #kept(): Promise<MadeSite | undefined> {
    const { count } = await this.#desk.state();
    const name = (await readdir(this.#folder)).find((n) => !n.endsWith('.part'));
    if (count === 0 || name === undefined) return undefined;
    const site = new MadeSite(new Uint8Array(await readFile(join(this.#folder, name))));
    const reading = parseCheckpoint(`${site.checkpoint.split('\n', 3).join('\n')}\n`);
    const tree = await this.#desk.keeper.tree();
    const isOurs =
      reading.ok && site.size <= tree.size && equalBytes(tree.root(site.size), reading.checkpoint.root);
    return isOurs ? site : undefined;
  }
}
