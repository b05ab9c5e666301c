// Every vector of vectors/record: a whole small record, and damage done to it. All faults are told, each under its check, and no others.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { concatBytes, fromBase64, fromHex } from '../bytes/index.ts';
import { parseVerifierKey, type VerifierKey } from '../log/index.ts';
import { verify } from '../verify.ts';
import { recordFromMap } from './files.ts';

interface Knows {
  readonly logKeys: readonly string[];
  readonly witnessKeys: readonly string[];
  readonly seen: readonly { readonly origin: string; readonly size: number; readonly root: string }[];
}
interface Change {
  readonly path: string;
  readonly base64?: string;
  readonly of?: string;
  readonly start?: number;
  readonly end?: number;
}
interface Vector {
  readonly name: string;
  readonly knows?: Partial<Knows>;
  readonly put: readonly Change[];
  readonly faults: readonly {
    readonly check: string;
    readonly code: string;
    readonly at: string | number;
  }[];
}
interface VectorFile {
  readonly vectors: readonly Vector[];
}

const folder = new URL('../../../../vectors/record/', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const record = read('record.json') as VectorFile & { knows: Knows; files: Record<string, string> };
const good = new Map(Object.entries(record.files).map(([path, base64]) => [path, fromBase64(base64)!]));

function changed(put: readonly Change[]): Map<string, Uint8Array> {
  const files = new Map(good);
  for (const { path, base64, of, start, end } of put) {
    const middle = base64 === undefined ? undefined : fromBase64(base64)!;
    if (middle === undefined) files.delete(path);
    else if (of === undefined) files.set(path, middle);
    else {
      const old = good.get(of)!;
      files.set(path, concatBytes(old.slice(0, start), middle, old.slice(old.length - end!)));
    }
  }
  return files;
}

function keyOf(text: string): VerifierKey {
  const reading = parseVerifierKey(text);
  if (!reading.ok) throw new Error(reading.fault.code);
  return reading.key;
}

test('the folder holds vectors, of which many must be refused', () => {
  const faulty = names.flatMap((n) => (read(n) as VectorFile).vectors).filter((v) => v.faults.length > 0);
  expect(names.length).toBeGreaterThan(1);
  expect(faulty.length).toBeGreaterThanOrEqual(20);
});

describe.each(names)('%s', (file) => {
  test.each((read(file) as VectorFile).vectors.map((v) => [v.name, v] as const))('%s', (_, vector) => {
    const knows = { ...record.knows, ...vector.knows };
    const { record: facts, findings } = verify(recordFromMap(changed(vector.put)), {
      knownKeys: knows.logKeys.map(keyOf),
      witnessKeys: knows.witnessKeys.map(keyOf),
      seen: knows.seen.map((c) => ({ ...c, root: fromHex(c.root)! })),
    });
    // Where a fault has a path that is its place; a fault of the order or of a signature has a position only.
    const told = facts!.faults.map((f) => `${f.check} ${f.code} ${f.path ?? f.position}`);
    expect(told.sort()).toEqual(vector.faults.map((f) => `${f.check} ${f.code} ${f.at}`).sort());
    const failed = findings.filter((f) => f.of === 'record' && f.word === 'fails').map((f) => f.check);
    expect(failed.sort()).toEqual([...new Set(vector.faults.map((f) => f.check))].sort());
  });
});
