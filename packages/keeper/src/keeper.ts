// Keeps a record: judges each act by the table that everybody checks again (record/order.ts), gives it its place, and acknowledges it once
// it is on disk. What it refuses it refuses by name, as a value. The world (storage, key, clock, randomness) comes in as an argument.
import { canonicalJson, fromUtf8, toBase64, toHex, toUtf8 } from '@opencanvass/evidence/bytes';
import type { Election } from '@opencanvass/evidence/election';
import { actPayloadType, checkDsse, dsseKeyId } from '@opencanvass/evidence/log';
import {
  AuthorisedKeys,
  bodyDigest,
  bodyShapes,
  entryShape,
  filesNamed,
  maxBodyBytes,
  mustBeSigned,
  openKinds,
  orderFaults,
  saltBytes,
  StepsSoFar,
} from '@opencanvass/evidence/record';
import type {
  About,
  Act,
  ActSignature,
  Author,
  Bodies,
  Entry,
  EntryKind,
  OrderCode,
  SaltedBody,
} from '@opencanvass/evidence/record';
import { nodeSha256, nodeVerifyEd25519, type SigningKey } from './crypto.ts';
import { checkEntryLength, GrowingTree, signCheckpoint, signDsse, type Signer } from './log/index.ts';
import type { Storage, StoredEntry } from './storage.ts';

export interface World {
  readonly storage: Storage;
  /** The log's key; its name is the origin. */
  readonly signer: Signer;
  readonly clock: () => Date;
  /** That many bytes that nobody can guess. */
  readonly random: (bytes: number) => Uint8Array;
}

/** An act that somebody wants in the record. */
export interface Draft {
  readonly kind: EntryKind;
  readonly author: Author;
  readonly done?: string;
  readonly about?: About;
  readonly body: unknown;
  /** 'open' where absent. */
  readonly access?: 'open' | 'sealed';
  /** The files that the body names, unless they are kept already. */
  readonly files?: readonly Uint8Array[];
  /** Keys at hand that sign the act. Signers elsewhere sign what `prepare` gives. */
  readonly signers?: readonly SigningKey[];
}

/** An act with its salt drawn: what its signers sign, as DSSE over the canonical JSON of `act`. */
export interface Prepared {
  readonly act: Act;
  readonly salted: SaltedBody;
  readonly files: readonly Uint8Array[];
  readonly signatures: readonly ActSignature[];
}

export interface KeeperRefusal {
  readonly code:
    | OrderCode
    /** Not RFC 3339 with an offset, and not a date. */
    | 'bad-time'
    /** The body is another than the one that was signed for. */
    | 'body-differs'
    | 'body-too-big'
    /** The act or its body lacks a member, has one too many, or of another type; `found` is its path. */
    | 'wrong-shape'
    /** Without this body nobody could read the rest: it cannot be sealed. */
    | 'must-be-open'
    | 'entry-too-big'
    /** A file that the body names is neither given nor kept, or has another length. */
    | 'file-missing'
    | 'file-length-differs'
    /** Of files to import: a contest or a jurisdiction that the record does not define. */
    | 'unknown-contest'
    | 'unknown-jurisdiction'
    /** An export of cast vote records that the record has: its cards would count twice. */
    | 'export-sealed-already'
    /** The id is not that of the key, or the key is authorised already. */
    | 'bad-key'
    | 'no-such-key'
    | 'unauthorised-key'
    | 'bad-signature'
    | 'signature-missing';
  readonly kind: EntryKind;
  /** The place that the entry would have had. */
  readonly position: number;
  readonly expected?: string;
  readonly found?: string;
}

export type Appended =
  | { readonly ok: true; readonly entries: readonly Entry[] }
  /** Nothing was appended. */
  | { readonly ok: false; readonly refusals: readonly KeeperRefusal[] };

/** The record as an act that is about to be appended finds it. */
export interface Standing {
  /** So many entries are on disk. */
  readonly size: number;
  /** The last of these, as far as they came since the last turn from other processes. */
  readonly came: readonly StoredEntry[];
  /** Those before it in the same turn, which will be on disk with it or not at all. */
  readonly pending: readonly StoredEntry[];
  /** Another number than at the last turn: what was pending then never came to be. */
  readonly givenUp: number;
}
export type Build = (standing: Standing) => Promise<readonly Prepared[] | undefined>;

interface Waiting {
  readonly build: Build;
  readonly resolve: (appended: Appended | undefined) => void;
  readonly reject: (fault: unknown) => void;
}

type Asked =
  | { readonly fault: unknown }
  | {
      readonly value: Appended | undefined;
      readonly stored: readonly StoredEntry[];
      /** More than nothing was counted in. */
      readonly counted: boolean;
    };

/** More would make those of another process wait too long. */
const mostInTurn = 128;
const mostRead = 1000;

export interface Beginning {
  readonly record: 'conducted' | 'reconstructed';
  readonly election: Election;
  readonly author: Author;
  readonly done?: string;
  /** Acts that are appended with the beginning: all of it, or nothing. */
  readonly first?: readonly Draft[];
}

/** Begins a record in an empty storage: its first entry says what it is, its second which key signs the log. */
export async function createRecord(world: World, beginning: Beginning): Promise<Keeper> {
  if ((await world.storage.size()) > 0) throw new Error('this storage holds a record already');
  const { record, election, author, done, first = [] } = beginning;
  const keeper = new Keeper(world, record);
  const definition: Bodies['election defined'] = { record, origin: world.signer.name, election };
  const holder: Author = { name: world.signer.name, role: 'keeper' };
  const appended = await keeper.append(
    { kind: 'election defined', author, ...(done === undefined ? {} : { done }), body: definition },
    { kind: 'key authorised', author: holder, body: authorisation(world.signer.key, holder, []) },
    ...first,
  );
  if (!appended.ok)
    throw new Error(`the beginning of a record was refused: ${JSON.stringify(appended.refusals)}`);
  return keeper;
}

/** Opens the record that a storage holds. Throws where the log's key is another one's. */
export async function openRecord(world: World): Promise<Keeper> {
  const [first, second] = await world.storage.entries(0, 2);
  if (first === undefined || second === undefined) throw new Error('this storage holds no record');
  const { record, origin } = bodyOf(first) as Bodies['election defined'];
  const { keyid } = bodyOf(second) as Bodies['key authorised'];
  if (origin !== world.signer.name || keyid !== dsseKeyId(world.signer.key.publicKey, nodeSha256))
    throw new Error(`the key at hand is not the key of the log ${origin}`);
  const keeper = new Keeper(world, record);
  await keeper.entries();
  return keeper;
}

/** The body of 'key authorised' for a key. */
export const authorisation = (
  key: Pick<SigningKey, 'publicKey'>,
  holder: Author,
  signs: readonly EntryKind[],
): Bodies['key authorised'] => ({
  keyid: dsseKeyId(key.publicKey, nodeSha256),
  publicKey: toBase64(key.publicKey),
  holder,
  signs,
});

export class Keeper {
  readonly record: 'conducted' | 'reconstructed';
  readonly origin: string;
  readonly #world: World;
  #known = nothingKnown();
  readonly #tree = new GrowingTree();
  /** How often entries were judged and then not appended. */
  #givenUp = 0;
  #waiting: Waiting[] = [];
  /** Turns of this process come one after the other; entries of other processes are seen when they were first. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(world: World, record: 'conducted' | 'reconstructed') {
    this.#world = world;
    this.record = record;
    this.origin = world.signer.name;
  }

  /** Appends all of them, or none. */
  async append(...drafts: readonly Draft[]): Promise<Appended> {
    return this.appendPrepared(drafts.map((d) => this.prepare(d)));
  }

  /** Draws the salt. The act may then be signed elsewhere, and appended with `signatures` added. */
  prepare(draft: Draft): Prepared {
    const { kind, author, done, about = {}, body, access = 'open', files = [], signers = [] } = draft;
    const salt = this.#world.random(saltBytes);
    const act: Act = {
      kind,
      author,
      ...(done === undefined ? {} : { done }),
      about,
      body: { access, digest: bodyDigest(salt, body, nodeSha256) },
    };
    const signatures = signDsse(actPayloadType, canonicalJson(act), signers);
    return { act, salted: { salt: toBase64(salt), body }, files, signatures };
  }

  async appendPrepared(prepared: readonly Prepared[]): Promise<Appended> {
    return (await this.appendBuilt(() => Promise.resolve(prepared)))!;
  }

  /**
   * Appends what `build` makes of the record as it will stand: nothing comes between what it saw and its entries, in any process. It is asked
   * again where another was first. Where it makes nothing, nothing is appended and nothing is the answer.
   *
   * Those who ask while a turn goes on are judged one after the other in the next, and their entries are put on disk together: a hundred people
   * who act at once wait for a few commits, not for a hundred. Nobody is answered before what they rest on is on disk.
   */
  async appendBuilt(build: Build): Promise<Appended | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ build, resolve, reject });
      this.#queue = this.#queue.then(() => this.#turn());
    });
  }

  async #turn(): Promise<void> {
    const group = this.#waiting.splice(0, mostInTurn);
    if (group.length === 0) return; // the turn before took them
    try {
      const answers = await this.#world.storage.inTurn(() => this.#append(group));
      for (const answer of answers) answer();
    } catch (fault) {
      for (const { reject } of group) reject(fault);
    }
  }

  /** The answers to give, once all that they rest on is on disk. */
  async #append(group: readonly Waiting[]): Promise<(() => void)[]> {
    const refused: (() => void)[] = [];
    let asking = group;
    for (;;) {
      const came = await this.#catchUp();
      const answers = [...refused];
      const pending: StoredEntry[] = [];
      let appended = false;
      let again: Waiting | undefined;
      try {
        const size = this.#known.steps.count;
        for (const waiting of asking) {
          const answer = await this.#ask(waiting.build, { size, came, pending, givenUp: this.#givenUp });
          if ('fault' in answer) answers.push(() => waiting.reject(answer.fault));
          else if (answer.value?.ok === false && answer.counted) {
            // Its first entries were counted in, so that the others could be judged after them; they never will be in the record.
            refused.push(() => waiting.resolve(answer.value));
            again = waiting;
            break;
          } else {
            pending.push(...answer.stored);
            answers.push(() => waiting.resolve(answer.value));
          }
        }
        if (again === undefined)
          appended = pending.length === 0 || (await this.#world.storage.append(pending)) === 'appended';
      } finally {
        if (!appended) this.#giveUp();
      }
      if (appended) return answers;
      asking = asking.filter((w) => w !== again);
    }
  }

  /** What was counted in is not in the record: it is read anew. */
  #giveUp(): void {
    this.#known = nothingKnown();
    this.#givenUp += 1;
  }

  async #ask(build: Build, standing: Standing): Promise<Asked> {
    let prepared: readonly Prepared[] | undefined;
    try {
      prepared = await build(standing);
    } catch (fault) {
      return { fault }; // a matter of this act alone
    }
    if (prepared === undefined) return { value: undefined, stored: [], counted: false };
    const before = prepared.length - 1;
    const judged = prepared.map((p, i) => this.#judge(p, i < before));
    const refusals = judged.flatMap((j) => j.refusals);
    if (refusals.length === 0) refusals.push(...(await this.#keepFiles(judged)));
    if (refusals.length > 0) return { value: { ok: false, refusals }, stored: [], counted: before > 0 };
    const last = judged.at(-1);
    if (last !== undefined) count(this.#known, last.entry, last.body);
    return {
      value: { ok: true, entries: judged.map((j) => j.entry) },
      stored: judged.map((j) => j.stored),
      counted: true,
    };
  }

  /** Everything that speaks against this act as the next entry. Counts it in where another is to be judged after it. */
  #judge({ act, salted, signatures, files }: Prepared, countIn: boolean): Judged {
    const { steps, keys } = this.#known;
    const position = steps.count;
    const refusals: KeeperRefusal[] = [];
    const refuse = (code: KeeperRefusal['code'], expected?: string, found?: string): void =>
      void refusals.push({
        code,
        kind: act.kind,
        position,
        ...(expected === undefined ? {} : { expected }),
        ...(found === undefined ? {} : { found }),
      });

    for (const fault of orderFaults(steps, act, this.record)) refuse(fault.code, fault.because);
    if (act.done !== undefined && !isTime(act.done))
      refuse('bad-time', '2020-11-20, or 2020-11-20T15:37:00-05:00', act.done);
    if (act.body.access === 'sealed' && openKinds.has(act.kind)) refuse('must-be-open');

    const bodyBytes = canonicalJson(salted.body).length;
    if (bodyBytes > maxBodyBytes)
      refuse('body-too-big', `${maxBodyBytes} bytes at most`, `${bodyBytes} bytes`);
    const digest = bodyDigest(Buffer.from(salted.salt, 'base64'), salted.body, nodeSha256);
    if (digest !== act.body.digest) refuse('body-differs', act.body.digest, digest);

    for (const { keyid, code } of checkDsse(
      { payloadType: actPayloadType, payload: canonicalJson(act), signatures },
      keys.of(act.kind),
      nodeVerifyEd25519,
    ))
      if (code === 'signature-of-unknown-key') refuse('unauthorised-key', act.kind, keyid);
      else if (code !== 'signature-verified') refuse('bad-signature', code, keyid);
    if (this.record === 'conducted' && signatures.length === 0 && mustBeSigned(act, (p) => steps.kindAt(p)))
      refuse('signature-missing', act.kind);

    const entry: Entry = { v: 1, position, appended: this.#world.clock().toISOString(), act, signatures };
    const leaf = canonicalJson(entry);
    const tooLong = checkEntryLength(leaf);
    if (tooLong !== undefined)
      refuse('entry-too-big', `${tooLong.limit} bytes at most`, `${tooLong.bytes} bytes`);

    const wrong = entryShape(entry, 'entry') ?? bodyShapes[act.kind]?.(salted.body, 'body');
    // A time of another form has its own word, above.
    if (wrong !== undefined && wrong !== 'entry.act.done') refuse('wrong-shape', act.kind, wrong);

    const stored = { position, leaf: fromUtf8(leaf)!, body: fromUtf8(canonicalJson(salted))! };
    if (act.kind === 'key authorised' && !keys.admits(salted.body, nodeSha256)) refuse('bad-key');
    if (act.kind === 'key withdrawn' && wrong === undefined && !keys.letsGo(salted.body))
      refuse('no-such-key');
    if (countIn) count(this.#known, entry, salted.body);
    return { entry, stored, refusals, files, body: salted.body };
  }

  /** Puts the files given on disk, and says which of those named are missing. */
  async #keepFiles(judged: readonly Judged[]): Promise<KeeperRefusal[]> {
    const given = new Map<string, number>();
    for (const { files } of judged)
      for (const bytes of files) given.set(await this.#world.storage.putFile(bytes), bytes.length);
    const refusals: KeeperRefusal[] = [];
    for (const { entry, body } of judged) {
      const { position, act } = entry;
      for (const { name, sha256, bytes } of filesNamed(body)) {
        const length = given.get(sha256) ?? (await this.#lengthOf(sha256));
        if (length === undefined)
          refusals.push({ code: 'file-missing', kind: act.kind, position, expected: name, found: sha256 });
        else if (length !== bytes)
          refusals.push({
            code: 'file-length-differs',
            kind: act.kind,
            position,
            expected: `${bytes}`,
            found: `${length}`,
          });
      }
    }
    return refusals;
  }

  /** How many bytes a kept file has, all of them read and found to be those of its name; undefined where it is not kept. */
  async #lengthOf(sha256: string): Promise<number | undefined> {
    const pieces = await this.#world.storage.filePieces(sha256);
    if (pieces === undefined) return undefined;
    let length = 0;
    for await (const piece of pieces) length += piece.length;
    return length;
  }

  /** Reads on from where it stood, and gives the last of what came since: nothing, where no other process appended. */
  async #catchUp(): Promise<readonly StoredEntry[]> {
    for (;;) {
      const from = this.#known.steps.count;
      const came = await this.#world.storage.entries(from, from + mostRead);
      for (const stored of came) count(this.#known, JSON.parse(stored.leaf) as Entry, bodyOf(stored));
      if (came.length < mostRead) return came;
    }
  }

  // ── what is in the record ──────────────────────────────────────────────────────────────────────────────────────────

  async entries(): Promise<readonly Entry[]> {
    await this.#catchUpInTurn();
    return [...this.#known.entries];
  }

  /** The election as the record defines it. */
  async election(): Promise<Election> {
    const [first] = await this.#world.storage.entries(0, 1);
    return (bodyOf(first!) as Bodies['election defined']).election;
  }

  /** The log's tree, read on from where it stood. */
  async tree(): Promise<GrowingTree> {
    const tree = this.#tree;
    for (;;) {
      const came = await this.storedFrom(tree.size, mostRead);
      // Whoever asked at the same time may have been first.
      for (const { position, leaf } of came) if (position === tree.size) tree.append(toUtf8(leaf));
      if (came.length < mostRead) return tree;
    }
  }

  /** Every entry as it is kept, with its body, sealed or not: not for publication as it is. */
  async stored(): Promise<StoredEntry[]> {
    return this.#world.storage.entries(0, await this.#world.storage.size());
  }

  /** The entries from a position on, with their bodies, at most so many: what a fold that goes on reads. Not for publication as it is. */
  async storedFrom(position: number, atMost = 1000): Promise<StoredEntry[]> {
    return this.#world.storage.entries(position, position + atMost);
  }

  /** Keeps a file before an entry names it: a big upload is on disk before anything is said of it. */
  async putFile(bytes: Uint8Array): Promise<string> {
    return this.#world.storage.putFile(bytes);
  }

  /** The same for a file that is not whole in memory. */
  async putFilePieces(pieces: AsyncIterable<Uint8Array>): Promise<string> {
    return this.#world.storage.putFilePieces(pieces);
  }

  async filePieces(sha256: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#world.storage.filePieces(sha256);
  }

  async file(sha256: string): Promise<Uint8Array | undefined> {
    return this.#world.storage.file(sha256);
  }

  /** The checkpoint of the whole log, signed, and kept so that the log never goes back on it. The same log gives the same note. */
  async checkpoint(): Promise<Uint8Array> {
    const last = await this.#world.storage.lastCheckpoint();
    const tree = await this.tree();
    const { size } = tree;
    if (last !== undefined && (last.size > size || toHex(tree.root(last.size)) !== last.root))
      throw new Error(
        `the log no longer continues its checkpoint of ${last.size} entries; nothing is signed`,
      );
    if (last?.size === size) return toUtf8(last.note);
    const root = tree.root(size);
    const note = signCheckpoint({ origin: this.origin, size, root }, this.#world.signer);
    await this.#world.storage.putCheckpoint({ size, root: toHex(root), note: fromUtf8(note)! });
    return note;
  }

  /** Keeps what a witness gave back: the last checkpoint with lines added. Throws where it is another one. */
  async keepCosigned(note: Uint8Array): Promise<void> {
    const last = await this.#world.storage.lastCheckpoint();
    const text = fromUtf8(note);
    if (last === undefined || text?.startsWith(last.note) !== true)
      throw new Error('a cosigned note is the last checkpoint with lines added');
    await this.#world.storage.putCheckpoint({ ...last, note: text });
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#world.storage.close();
  }

  async #catchUpInTurn(): Promise<void> {
    const turn = this.#queue.then(() => this.#catchUp());
    this.#queue = turn.catch(() => undefined);
    await turn;
  }
}

interface Judged {
  readonly entry: Entry;
  readonly stored: StoredEntry;
  readonly refusals: KeeperRefusal[];
  readonly files: readonly Uint8Array[];
  readonly body: unknown;
}

/** What the entries so far amount to, as far as judging the next one needs it. */
interface Known {
  readonly steps: StepsSoFar;
  readonly keys: AuthorisedKeys;
  readonly entries: Entry[];
}
const nothingKnown = (): Known => ({ steps: new StepsSoFar(), keys: new AuthorisedKeys(), entries: [] });

function count(known: Known, entry: Entry, body: unknown): void {
  known.steps.add(entry);
  known.entries.push(entry);
  if (entry.act.kind === 'key authorised') known.keys.add(body, nodeSha256);
  if (entry.act.kind === 'key withdrawn') known.keys.withdraw(body);
}

const bodyOf = ({ body }: StoredEntry): unknown => (JSON.parse(body) as SaltedBody).body;

/** RFC 3339 with an offset from UTC, or a date: specs/record.md, "times". */
const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/.test(text) &&
  !Number.isNaN(Date.parse(text));
