// Reading a published record, and judging it as a record: is the log whole and signed, is every entry in its place and order, is every body and file
// the one committed to, and is there nothing besides? All faults are kept; nothing stops at the first. specs/record.md is this file in words.
import {
  canonicalJson,
  concatBytes,
  equalBytes,
  fromBase64,
  parseCanonical,
  sha256 as pureSha256,
  toHex,
  verifyEd25519 as pureVerify,
  type Sha256,
  type VerifyEd25519,
} from '../bytes/index.ts';
import {
  actPayloadType,
  checkDsse,
  checkLog,
  hashLength,
  keyIdOf,
  parseCheckpoint,
  parseNote,
  readBundle,
  rootOf,
  tileFiles,
  tilePath,
  tileWidth,
  treeOf,
  type Checkpoint,
  type DsseAnswer,
  type LogFault,
  type LogReport,
  type VerifierKey,
} from '../log/index.ts';
import { bodyDigest, filesNamed, saltBytes } from './body.ts';
import { exportIn } from './conducted.ts';
import type { Bodies, Entry, EntryKind, FileRef, Sha256Hex } from './entry.ts';
import type { RecordFacts, RecordFault } from './facts.ts';
import type { RecordFiles } from './files.ts';
import { orderFaults, StepsSoFar } from './order.ts';
import { bodyShapes, entryShape, saltedBodyShape } from './shapes.ts';
import { AuthorisedKeys, mustBeSigned } from './signing.ts';

export interface ReadOptions {
  /** Keys of the log that the verifier knows from elsewhere. Without one, the record's own key is used, and the finding says so. */
  readonly knownKeys?: readonly VerifierKey[];
  readonly witnessKeys?: readonly VerifierKey[];
  /** Checkpoints of this log that somebody kept. */
  readonly seen?: readonly Checkpoint[];
  readonly sha256?: Sha256;
  readonly verify?: VerifyEd25519;
}

/** A record as it was read: what is wrong with it, and its bodies and files as far as they are what was committed to. */
export interface RecordRead {
  readonly facts: RecordFacts;
  /** By position: the bodies whose digest is right and whose shape is known to be right. */
  readonly bodies: ReadonlyMap<number, unknown>;
  /** The files whose digest is right. */
  readonly files: ReadonlyMap<Sha256Hex, Uint8Array>;
  /** Exports of cast vote records that are there to be read in pieces, and are not compared with their digests yet. */
  readonly streamed: ReadonlyMap<Sha256Hex, FileRef>;
}

export function readRecord(files: RecordFiles, options: ReadOptions = {}): RecordRead {
  const reading = new Reading(files, options);
  const log = reading.log();
  const entries = reading.entries(log);
  reading.bodies(entries);
  reading.signatures(entries);
  reading.order(entries);
  reading.files(entries);
  return reading.result(log, entries);
}

export const bodyPath = (position: number): string => `bodies/${position}.json`;
export const filePath = (sha256: Sha256Hex): string => `files/${sha256}`;

class Reading {
  readonly #files: RecordFiles;
  readonly #options: ReadOptions;
  readonly #sha256: Sha256;
  readonly #verify: VerifyEd25519;
  readonly #faults: RecordFault[] = [];
  readonly #untold: { check: string; code: string }[] = [];
  readonly #bodies = new Map<number, unknown>();
  readonly #received = new Map<Sha256Hex, Uint8Array>();
  readonly #streamed = new Map<Sha256Hex, FileRef>();
  /** Paths that something in the record accounts for. */
  readonly #accounted = new Set<string>(['checkpoint']);
  #counts = {
    files: 0,
    bytes: 0,
    bodies: 0,
    sealedBodies: 0,
    tiles: 0,
    actSignatures: 0,
    cosignatures: 0,
    tablesReadAgain: 0,
  };

  constructor(files: RecordFiles, options: ReadOptions) {
    this.#files = files;
    this.#options = options;
    this.#sha256 = options.sha256 ?? pureSha256;
    this.#verify = options.verify ?? pureVerify;
  }

  #fault(check: string, code: string, more: Omit<RecordFault, 'check' | 'code'> = {}): void {
    this.#faults.push({ check, code, ...more });
  }

  log(): LogReport {
    const { knownKeys = [], witnessKeys = [], seen = [] } = this.#options;
    const own = this.#ownKeys();
    const size = own.size;
    const listed = this.#files.list();
    // An address cannot be listed: there we ask for the tiles that a log of this size has.
    const paths =
      listed ?? [...tileFiles(size)].map((t) => t.path).filter((p) => this.#files.read(p) !== undefined);
    const report = checkLog(
      { paths, read: (path) => this.#files.read(path) },
      {
        logKeys: knownKeys.length > 0 ? knownKeys : own.keys,
        witnessKeys,
        witnessesNeeded: witnessKeys.length > 0 ? 1 : 0,
        seen,
        sha256: this.#sha256,
        verify: this.#verify,
      },
    );
    for (const fault of report.faults) this.#fault(checkOfLogFault(fault), fault.code, logFaultPlace(fault));
    this.#changedBundles(report);
    for (const path of paths) if (path.startsWith('tile/')) this.#accounted.add(path);
    this.#counts.tiles = paths.filter((p) => p.startsWith('tile/')).length;
    this.#counts.cosignatures = report.signatures.filter(
      (s) => s.code === 'signature-verified' && s.type === 'cosignature',
    ).length;
    if (seen.length === 0)
      this.#untold.push({ check: 'checkpoint-seen-before', code: 'no-checkpoint-seen-before' });
    if (witnessKeys.length === 0) {
      const others = report.signatures.filter((s) => s.code === 'signature-of-unknown-key').length;
      this.#untold.push({ check: 'witnesses', code: others > 0 ? 'no-witness-keys' : 'no-cosignatures' });
    }
    return report;
  }

  /**
   * Where entries and their hashes contradict each other, which of them was changed? If the hashes published in level 0 give the root that
   * was signed, the entries: then their bundle is named besides the tile.
   */
  #changedBundles({ checkpoint, faults }: LogReport): void {
    if (checkpoint === undefined || !faults.some((f) => f.code === 'root-differs')) return;
    const tiles = [...tileFiles(checkpoint.size)].filter((t) => t.level === 0);
    const hashes = concatBytes(...tiles.map((t) => this.#files.read(t.path) ?? new Uint8Array(0)));
    if (hashes.length !== checkpoint.size * hashLength) return;
    if (!equalBytes(rootOf(treeOf(hashes, this.#sha256), undefined, this.#sha256), checkpoint.root)) return;
    for (const { index, width, path } of tiles) {
      const fault = faults.find((f) => f.code === 'tile-differs' && f.path === path);
      if (fault?.code === 'tile-differs')
        this.#fault('log-tree', 'bundle-differs', {
          path: tilePath({ level: 'entries', index, width }),
          position: index * tileWidth + fault.at,
        });
    }
  }

  /** The log's key as the record itself states it: an open entry 'key authorised' whose holder is the keeper. */
  #ownKeys(): { keys: VerifierKey[]; size: number } {
    const note = this.#files.read('checkpoint');
    const parsed = note === undefined ? undefined : parseNote(note);
    const checkpoint = parsed?.ok === true ? parseCheckpoint(parsed.note.text) : undefined;
    if (checkpoint?.ok !== true) return { keys: [], size: 0 };
    const { origin, size } = checkpoint.checkpoint;
    const first = [...tileFiles(Math.min(size, 256))][0];
    // The first bundle is full in a log of 256 entries or more, and partial below.
    const bundle = first === undefined ? undefined : this.#files.read(first.path);
    const leaves = bundle === undefined ? undefined : readBundle(bundle);
    const keys: VerifierKey[] = [];
    for (const [position, leaf] of (leaves?.ok === true ? leaves.entries : []).entries()) {
      const entry = parseEntry(leaf);
      if (
        typeof entry === 'string' ||
        entry.act.kind !== 'key authorised' ||
        entry.act.body.access !== 'open'
      )
        continue;
      const body = this.#openBody(entry, position) as Bodies['key authorised'] | undefined;
      const publicKey = body === undefined ? undefined : fromBase64(body.publicKey);
      if (body?.holder.role !== 'keeper' || publicKey?.length !== 32) continue;
      keys.push({
        name: origin,
        type: 'ed25519',
        keyId: keyIdOf(origin, 'ed25519', publicKey, this.#sha256),
        publicKey,
      });
    }
    return { keys, size };
  }

  entries(log: LogReport): Entry[] {
    const entries: Entry[] = [];
    for (const [position, leaf] of log.leaves.entries()) {
      if (leaf === undefined) continue; // its bundle is a fault of the log already
      const entry = parseEntry(leaf);
      if (typeof entry === 'string') {
        this.#fault('entries-well-formed', 'not-an-entry', { position, found: entry });
        continue;
      }
      if (entry.position !== position) {
        this.#fault('entries-well-formed', 'wrong-position', {
          position,
          expected: `${position}`,
          found: `${entry.position}`,
        });
        continue; // it would be read with the body of the entry that stands there
      }
      entries.push(entry);
    }
    return entries;
  }

  bodies(entries: readonly Entry[]): void {
    const opened = new Set(
      entries.filter((e) => e.act.kind === 'seal opened').flatMap((e) => e.act.about.entries ?? []),
    );
    for (const entry of entries) {
      const path = bodyPath(entry.position);
      const due = entry.act.body.access === 'open' || opened.has(entry.position);
      const bytes = this.#files.read(path);
      this.#accounted.add(path);
      if (bytes === undefined) {
        if (due) this.#fault('bodies-match', 'body-missing', { path, position: entry.position });
        else this.#counts.sealedBodies += 1;
        continue;
      }
      if (!due) this.#fault('bodies-match', 'sealed-body-published', { path, position: entry.position });
      this.#counts.bodies += 1;
      this.#counts.bytes += bytes.length;
      const body = this.#openBody(entry, entry.position, (code, more) =>
        this.#fault('bodies-match', code, { path, position: entry.position, ...more }),
      );
      if (body !== undefined) this.#bodies.set(entry.position, body);
    }
  }

  /** The body of an entry, if it is there, is the one committed to, and has the shape of its kind. */
  #openBody(
    entry: Entry,
    position: number,
    fault: (code: string, more?: { expected?: string; found?: string }) => void = () => {},
  ): unknown {
    const refuse = (code: string, more?: { expected?: string; found?: string }): undefined => {
      fault(code, more);
      return undefined;
    };
    const bytes = this.#files.read(bodyPath(position));
    if (bytes === undefined) return undefined;
    const parsed = parseCanonical(bytes);
    if (!parsed.ok) return refuse('body-not-canonical', { found: parsed.code });
    const off = saltedBodyShape(parsed.value, 'body');
    if (off !== undefined) return refuse('body-not-salted', { found: off });
    const { salt, body } = parsed.value as unknown as { salt: string; body: unknown };
    const salted = fromBase64(salt);
    if (salted?.length !== saltBytes)
      return refuse('body-not-salted', { expected: `${saltBytes} bytes of salt`, found: salt });
    const digest = bodyDigest(salted, body, this.#sha256);
    if (digest !== entry.act.body.digest)
      return refuse('body-differs', { expected: entry.act.body.digest, found: digest });
    const wrong = bodyShapes[entry.act.kind](body, entry.act.kind);
    if (wrong !== undefined) return refuse('body-of-another-shape', { found: wrong });
    return body;
  }

  signatures(entries: readonly Entry[]): void {
    const conducted = this.#kind(entries) === 'conducted';
    const keys = new AuthorisedKeys();
    const kinds = new Map<number, EntryKind>();
    for (const entry of entries) {
      const { act, position } = entry;
      kinds.set(position, act.kind);
      for (const { keyid, code } of this.#signatureAnswers(entry, keys))
        if (code === 'signature-verified') this.#counts.actSignatures += 1;
        else if (keys.isWithdrawn(keyid))
          this.#fault('acts-signed', 'signature-of-withdrawn-key', { position, found: keyid });
        else this.#fault('acts-signed', code, { position, found: keyid });
      if (conducted && entry.signatures.length === 0 && mustBeSigned(act, (p) => kinds.get(p)))
        this.#fault('acts-signed', 'signature-missing', { position });
      const body = this.#bodies.get(position) as Bodies['key authorised' | 'key withdrawn'] | undefined;
      if (act.kind === 'key authorised' && body !== undefined && !keys.add(body, this.#sha256))
        this.#fault('acts-signed', 'key-not-authorised', { position, found: body.keyid });
      if (act.kind === 'key withdrawn' && body !== undefined && !keys.withdraw(body))
        this.#fault('acts-signed', 'key-not-withdrawn', { position, found: body.keyid });
    }
    if (
      !conducted &&
      this.#counts.actSignatures === 0 &&
      !this.#faults.some((f) => f.check === 'acts-signed')
    )
      this.#untold.push({ check: 'acts-signed', code: 'reconstructed-unsigned' });
  }

  #signatureAnswers({ act, signatures }: Entry, keys: AuthorisedKeys): DsseAnswer[] {
    if (signatures.length === 0) return [];
    const signed = { payloadType: actPayloadType, payload: canonicalJson(act), signatures };
    return checkDsse(signed, keys.of(act.kind), this.#verify);
  }

  order(entries: readonly Entry[]): void {
    const steps = new StepsSoFar();
    const record = this.#kind(entries);
    for (const entry of entries) {
      steps.skipTo(entry.position);
      for (const { code, because } of orderFaults(
        steps,
        { kind: entry.act.kind, about: entry.act.about },
        record,
      ))
        this.#fault('entries-in-order', code, {
          position: entry.position,
          expected: because,
          found: entry.act.kind,
        });
      steps.add(entry);
    }
  }

  files(entries: readonly Entry[]): void {
    const named = new Map<Sha256Hex, FileRef>();
    const exports = new Set<Sha256Hex>();
    for (const { act, position } of entries) {
      const body = this.#bodies.get(position);
      for (const file of filesNamed(body)) named.set(file.sha256, file);
      const read = this.#files.stream === undefined ? undefined : exportIn(act.kind, body);
      if (read !== undefined) exports.add(read.file.sha256);
    }
    for (const file of named.values()) {
      const path = filePath(file.sha256);
      this.#accounted.add(path);
      if (exports.has(file.sha256) && this.#files.stream?.(path) !== undefined) {
        this.#streamed.set(file.sha256, file);
        continue;
      }
      const bytes = this.#files.read(path);
      if (bytes === undefined) {
        this.#fault('files-match', 'file-missing', { path, found: file.name });
        continue;
      }
      this.#counts.files += 1;
      this.#counts.bytes += bytes.length;
      const digest = toHex(this.#sha256(bytes));
      if (digest !== file.sha256)
        this.#fault('files-match', 'file-differs', { path, expected: file.sha256, found: digest });
      else if (bytes.length !== file.bytes)
        this.#fault('files-match', 'file-length', {
          path,
          expected: `${file.bytes}`,
          found: `${bytes.length}`,
        });
      else this.#received.set(file.sha256, bytes);
    }
    for (const path of this.#files.list() ?? [])
      if (!this.#accounted.has(path)) this.#fault('files-match', 'file-unknown', { path });
  }

  #kind(entries: readonly Entry[]): 'conducted' | 'reconstructed' {
    // Where the definition cannot be read the stricter rules apply.
    return this.#definition(entries)?.record ?? 'conducted';
  }

  #definition([first]: readonly Entry[]): Bodies['election defined'] | undefined {
    if (first?.position !== 0 || first.act.kind !== 'election defined') return undefined;
    return this.#bodies.get(0) as Bodies['election defined'] | undefined;
  }

  result(log: LogReport, entries: readonly Entry[]): RecordRead {
    const first = this.#definition(entries);
    if (first === undefined) this.#fault('entries-well-formed', 'no-election', { position: 0 });
    if (first !== undefined && log.checkpoint !== undefined && first.origin !== log.checkpoint.origin)
      this.#fault('checkpoint-signed', 'origin-differs', {
        path: 'checkpoint',
        expected: first.origin,
        found: log.checkpoint.origin,
      });
    const kinds = new Map<EntryKind, number>();
    for (const { act } of entries) kinds.set(act.kind, (kinds.get(act.kind) ?? 0) + 1);
    return {
      facts: {
        kind: this.#kind(entries),
        origin: log.checkpoint?.origin ?? '',
        entries,
        size: log.checkpoint?.size ?? 0,
        root: log.checkpoint === undefined ? '' : toHex(log.checkpoint.root),
        keyKnown: (this.#options.knownKeys ?? []).length > 0,
        faults: this.#faults,
        untold: this.#untold,
        read: this.#counts,
        kinds,
      },
      bodies: this.#bodies,
      files: this.#received,
      streamed: this.#streamed,
    };
  }
}

/** The entry in a leaf, or what is wrong with it. */
export function parseEntry(leaf: Uint8Array): Entry | string {
  const parsed = parseCanonical(leaf);
  if (!parsed.ok) return parsed.code;
  const off = entryShape(parsed.value, 'entry');
  return off ?? (parsed.value as unknown as Entry);
}

function checkOfLogFault({ code }: LogFault): string {
  if (code.startsWith('history')) return 'checkpoint-seen-before';
  if (code === 'witnesses-missing') return 'witnesses';
  if (
    code.startsWith('tile') ||
    code.startsWith('bundle') ||
    code.startsWith('root') ||
    code.startsWith('size')
  )
    return 'log-tree';
  return 'checkpoint-signed';
}

function logFaultPlace(fault: LogFault): Omit<RecordFault, 'check' | 'code'> {
  const said = (value: unknown): string => (value instanceof Uint8Array ? toHex(value) : String(value));
  const { code: _, ...rest } = fault as { code: string } & Record<string, unknown>;
  return {
    path: typeof rest['path'] === 'string' ? rest['path'] : 'checkpoint',
    ...('expected' in rest
      ? { expected: said(rest['expected']) }
      : 'signed' in rest
        ? { expected: said(rest['signed']) }
        : {}),
    ...('found' in rest
      ? { found: said(rest['found']) }
      : 'computed' in rest
        ? { found: said(rest['computed']) }
        : {}),
  };
}
