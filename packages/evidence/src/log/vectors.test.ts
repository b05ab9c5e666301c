// Every vector of vectors/log, most of which must be refused, for the reason that it states; in Node and in a browser.
import { describe, expect, test } from 'vitest';
import { fromBase64, fromHex, fromUtf8, toHex, toUtf8 } from '../bytes/index.ts';
import {
  checkConsistency,
  checkDsse,
  checkInclusion,
  checkLog,
  checkSignatures,
  dsseKeyId,
  hashLeaf,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  preAuthEncoding,
  rootOf,
  signatureTypes,
  treeOf,
} from './index.ts';
import type { Checkpoint, DsseSignature, ProofAnswer, VerifierKey } from './index.ts';
import { concatBytes } from '../bytes/index.ts';

declare global {
  interface ImportMeta {
    /** Vite's, in Node as in the browser: the files that match, read. */
    glob(pattern: string, options: { eager: true; import: 'default' }): Record<string, unknown>;
  }
}

const files = new Map(
  Object.entries(import.meta.glob('../../../../vectors/log/*.json', { eager: true, import: 'default' })).map(
    ([path, file]) => [path.replace(/^.*\//, ''), file as VectorFile],
  ),
);
const hex = (text: string): Uint8Array => fromHex(text)!;

interface Vector {
  readonly name: string;
  readonly [field: string]: unknown;
}
interface VectorFile {
  readonly source: string;
  readonly accepted: readonly Vector[];
  readonly refused: readonly Vector[];
  readonly [field: string]: unknown;
}

/** What the checker says of a vector: [] if it is accepted, else the reasons. Throws only where a vector is not what it should be. */
type Judge = (vector: never, file: never) => readonly string[];

const key = (text: string): VerifierKey => {
  const reading = parseVerifierKey(text);
  if (!reading.ok) throw new Error(`${text}: ${reading.fault.code}`);
  return reading.key;
};
const ofProof = (answer: ProofAnswer): string[] => (answer.ok ? [] : [answer.fault.code]);

const judges: Record<string, Judge> = {
  'tree.json': (v: { size: number; root: string }, file: { leaves: string[] }) => {
    const tree = treeOf(concatBytes(...file.leaves.map((leaf) => hashLeaf(hex(leaf)))));
    return toHex(rootOf(tree, v.size)) === v.root ? [] : ['root-differs'];
  },
  'inclusion.json': (v: { index: number; size: number; leafHash: string; root: string; proof: string[] }) =>
    ofProof(checkInclusion({ ...v, leafHash: hex(v.leafHash), root: hex(v.root), proof: v.proof.map(hex) })),
  'consistency.json': (v: {
    oldSize: number;
    newSize: number;
    oldRoot: string;
    newRoot: string;
    proof: string[];
  }) =>
    ofProof(
      checkConsistency({ ...v, oldRoot: hex(v.oldRoot), newRoot: hex(v.newRoot), proof: v.proof.map(hex) }),
    ),
  'notes.json': (v: {
    note?: string;
    noteHex?: string;
    keys: string[];
    text?: string;
    verified?: string[];
    times?: Record<string, number>;
  }) => {
    const reading = parseNote(v.noteHex === undefined ? toUtf8(v.note!) : hex(v.noteHex));
    if (!reading.ok) return [reading.fault.code];
    const answers = checkSignatures(reading.note, v.keys.map(key));
    if (v.verified !== undefined) {
      const verified = answers.filter((a) => a.code === 'signature-verified');
      expect(verified.map((a) => a.name)).toEqual(v.verified);
      for (const a of verified) if (a.type === 'cosignature') expect(a.time).toBe(v.times![a.name]);
      expect(reading.note.text).toBe(v.text);
      return [];
    }
    return answers.map((a) => a.code).filter((code) => code !== 'signature-verified');
  },
  'verifier-keys.json': (v: { key: string; keyName?: string; keyId?: string; type?: number }) => {
    const reading = parseVerifierKey(v.key);
    if (!reading.ok) return [reading.fault.code];
    const { name, keyId, type } = reading.key;
    expect([name, keyId, signatureTypes[type]]).toEqual([v.keyName, v.keyId, v.type]);
    return [];
  },
  'checkpoints.json': (v: { text: string; origin?: string; size?: number; root?: string }) => {
    const reading = parseCheckpoint(v.text);
    if (!reading.ok) return [reading.fault.code];
    const { origin, size, root } = reading.checkpoint;
    expect([origin, size, toHex(root)]).toEqual([v.origin, v.size, v.root]);
    return [];
  },
  'logs.json': (
    v: {
      log: string;
      put?: { path: string; base64?: string }[];
      expect?: {
        seen?: { origin: string; size: number; root: string };
        alsoKeys?: string[];
        witnesses?: string[];
        needed?: number;
      };
    },
    file: { keys: string[]; origin: string; logs: Record<string, Record<string, string>> },
  ) => {
    const files = new Map(Object.entries(file.logs[v.log]!));
    for (const { path, base64 } of v.put ?? [])
      if (base64 === undefined) files.delete(path);
      else files.set(path, base64);
    const seen: Checkpoint[] =
      v.expect?.seen === undefined ? [] : [{ ...v.expect.seen, root: hex(v.expect.seen.root) }];
    const read = (path: string): Uint8Array | undefined => {
      const base64 = files.get(path);
      return base64 === undefined ? undefined : fromBase64(base64)!;
    };
    const { faults } = checkLog(
      { paths: files.keys(), read },
      {
        logKeys: [...file.keys, ...(v.expect?.alsoKeys ?? [])].map(key),
        witnessKeys: (v.expect?.witnesses ?? []).map(key),
        witnessesNeeded: v.expect?.needed ?? 0,
        origin: file.origin,
        seen,
      },
    );
    return faults.map((f) => ('path' in f ? `${f.code} ${f.path}` : f.code));
  },
  'dsse.json': (
    v: { payloadType: string; payload: string; keys: string[]; signatures: DsseSignature[] },
    file: { encodings: { payloadType: string; payload: string; encoded: string }[] },
  ) => {
    for (const { payloadType, payload, encoded } of file.encodings)
      expect(fromUtf8(preAuthEncoding(payloadType, toUtf8(payload)))).toBe(encoded);
    const keys = new Map(v.keys.map(hex).map((k) => [dsseKeyId(k), k]));
    return checkDsse({ ...v, payload: toUtf8(v.payload) }, keys)
      .map((a) => a.code)
      .filter((code) => code !== 'signature-verified');
  },
};

test('there is a judge for every file, and a file for every judge', () => {
  expect([...files.keys()].toSorted()).toEqual(Object.keys(judges).toSorted());
});

describe.each([...files])('%s', (name, file) => {
  const judge = judges[name] as unknown as (vector: Vector, file: VectorFile) => readonly string[];
  test('says where it comes from, accepts something and refuses more', () => {
    expect(file.source).not.toBe('');
    expect(file.accepted.length).toBeGreaterThan(0);
    expect(file.refused.length).toBeGreaterThan(file.accepted.length);
  });
  test.each(file.accepted)('accepts $name', (vector) => {
    expect(judge(vector, file)).toEqual([]);
  });
  test.each(file.refused)('refuses $name', (vector) => {
    const reasons = (vector['refusals'] ?? (vector['refusal'] as string).split(', ')) as readonly string[];
    expect(judge(vector, file).toSorted()).toEqual(reasons.toSorted());
  });
});
