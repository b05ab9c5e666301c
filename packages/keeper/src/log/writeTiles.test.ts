import { concatBytes, toUtf8 } from '@opencanvass/evidence/bytes';
import {
  checkLog,
  checkTiles,
  countTiles,
  maxEntryBytes,
  parseVerifierKey,
  readBundle,
} from '@opencanvass/evidence/log';
import type { LogFiles, LogReport } from '@opencanvass/evidence/log';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeSha256, nodeVerifyEd25519, signingKeyFromSeed } from '../crypto.ts';
import {
  checkEntryLength,
  cosign,
  GrowingTree,
  proveConsistency,
  signCheckpoint,
  verifierKey,
  verifierKeyText,
  writeBundle,
  writeTiles,
} from './index.ts';

const signer = { name: 'example.org/log', key: signingKeyFromSeed(new Uint8Array(32).fill(1)) };
const witness = { name: 'example.org/witness', key: signingKeyFromSeed(new Uint8Array(32).fill(2)) };
const logKeys = [verifierKey(signer, 'ed25519')];
const fast = { logKeys, sha256: nodeSha256, verify: nodeVerifyEd25519 };

function leafAt(i: number): Uint8Array {
  return toUtf8(`entry ${i}`);
}

function publish(size: number, leaf = leafAt): Map<string, Uint8Array> {
  const tree = new GrowingTree();
  for (let i = 0; i < size; i++) tree.append(leaf(i));
  const files = new Map([...writeTiles(tree, leaf)].map(({ path, bytes }) => [path, bytes]));
  return files.set('checkpoint', signCheckpoint({ origin: signer.name, size, root: tree.root() }, signer));
}

const folder = (files: ReadonlyMap<string, Uint8Array>): LogFiles => ({
  paths: files.keys(),
  read: (path) => files.get(path),
});
const codes = (report: LogReport): string[] =>
  report.faults.map((f) => ('path' in f ? `${f.code} ${f.path}` : f.code));

describe('a log written and read again', () => {
  test.each([0, 1, 2, 255, 256, 257, 511, 512, 700, 65_793])('of %i entries holds', (size) => {
    const files = publish(size);
    expect(files.size).toBe(1 + countTiles(size));
    const report = checkLog(folder(files), { ...fast, origin: signer.name });
    expect(report.faults).toEqual([]);
    expect(report.leaves).toEqual(Array.from({ length: size }, (_, i) => leafAt(i)));
  });

  test("tlog-tiles' own example: 70,000 entries", () => {
    const tiles = [...publish(70_000).keys()].filter((p) => !p.includes('entries') && p.startsWith('tile/'));
    expect(tiles.filter((p) => p.startsWith('tile/0/') && !p.includes('.p/'))).toHaveLength(273);
    expect(tiles.filter((p) => p.includes('.p/') || !p.startsWith('tile/0/'))).toEqual([
      'tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1',
    ]); // prettier-ignore
  });

  test('growing rewrites no full tile', () => {
    const tree = new GrowingTree();
    for (let i = 0; i < 600; i++) tree.append(leafAt(i));
    expect([...writeTiles(tree, leafAt, 300)].map((f) => f.path)).toEqual([
      'tile/entries/001', 'tile/entries/002.p/88', 'tile/0/001', 'tile/0/002.p/88', 'tile/1/000.p/2',
    ]); // prettier-ignore
  });
});

describe('every file of a log is read: changed in any way, it is named', () => {
  const size = 300;
  const whole = publish(size);
  const paths = [...whole.keys()].filter((p) => p !== 'checkpoint');
  const flipAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((b, i) => (i === at ? b ^ 1 : b));

  test.each(paths)('%s', (path) => {
    const bytes = whole.get(path)!;
    const changes = {
      gone: undefined,
      empty: new Uint8Array(0),
      'first byte changed': flipAt(bytes, 0),
      'last byte changed': flipAt(bytes, bytes.length - 1),
      'middle byte changed': flipAt(bytes, bytes.length >> 1),
      truncated: bytes.subarray(0, bytes.length - 1),
      lengthened: concatBytes(bytes, new Uint8Array(1)),
    };
    for (const [how, changed] of Object.entries(changes)) {
      const files = new Map(whole);
      if (changed === undefined) files.delete(path);
      else files.set(path, changed);
      const found = codes(checkLog(folder(files), fast)).join('\n');
      // A changed entry is still an entry; the tile that holds its hash, and the root, do not agree with it.
      const named = path.includes('entries') ? path.replace('entries', '0') : path;
      expect(found.includes(path) || found.includes(named), `${how}: ${found}`).toBe(true);
    }
  });

  test('all faults are told, not the first', () => {
    const files = new Map(whole);
    files.delete('tile/entries/000');
    files.set('tile/0/001.p/44', flipAt(whole.get('tile/0/001.p/44')!, 40));
    files.set('tile/0/002.p/1', new Uint8Array(32));
    expect(codes(checkLog(folder(files), fast))).toEqual([
      'tile-missing tile/entries/000',
      'tile-unexpected tile/0/002.p/1',
      'tile-unchecked tile/0/000',
      'tile-differs tile/0/001.p/44',
      'tile-unchecked tile/1/000.p/1',
      'root-unchecked',
    ]);
  });

  test('two entries exchanged', () => {
    const swapped = publish(size, (i) => leafAt(i === 3 ? 4 : i === 4 ? 3 : i));
    const files = new Map(whole).set('tile/entries/000', swapped.get('tile/entries/000')!);
    expect(checkLog(folder(files), fast).faults).toMatchObject([
      { code: 'tile-differs', path: 'tile/0/000', at: 3, differing: 2 },
      { code: 'tile-differs', path: 'tile/1/000.p/1', at: 0, differing: 1 },
      { code: 'root-differs' },
    ]);
  });

  test('a whole other log under the same checkpoint differs at the root', () => {
    const files = publish(size, (i) => toUtf8(`other ${i}`)).set('checkpoint', whole.get('checkpoint')!);
    expect(codes(checkLog(folder(files), fast))).toEqual(['root-differs']);
  });

  test('an older checkpoint over newer tiles, and newer over older', () => {
    const older = publish(260);
    const rolledBack = new Map(whole).set('checkpoint', older.get('checkpoint')!);
    expect(codes(checkLog(folder(rolledBack), fast))).toContain('tile-unexpected tile/0/001.p/44');
    const cut = new Map(older).set('checkpoint', whole.get('checkpoint')!);
    expect(codes(checkLog(folder(cut), fast))).toContain('tile-missing tile/entries/001.p/44');
  });

  test('a checkpoint that somebody kept', () => {
    const kept = (n: number, leaf = leafAt) => checkLog(folder(publish(n, leaf)), fast).checkpoint!;
    const check = (seen: ReturnType<typeof kept>) =>
      codes(checkLog(folder(whole), { ...fast, seen: [seen] }));
    expect(check(kept(0))).toEqual([]);
    expect(check(kept(123))).toEqual([]);
    expect(check(kept(300))).toEqual([]);
    expect(check(kept(301))).toEqual(['history-shorter']);
    expect(check(kept(123, (i) => toUtf8(`other ${i}`)))).toEqual(['history-differs']);
    expect(check({ ...kept(3), origin: 'example.org/other' })).toEqual(['history-other-log']);
  });

  test('a size beyond all files is not believed, quickly', () => {
    const root = new Uint8Array(32);
    const files = new Map(whole).set(
      'checkpoint',
      signCheckpoint({ origin: signer.name, size: 2 ** 53 - 1, root }, signer),
    );
    expect(codes(checkLog(folder(files), fast))).toEqual(['size-beyond-files', 'root-unchecked']);
  });
});

describe('witnesses', () => {
  const cosigned = (size: number, seen?: { n: number; leaf?: typeof leafAt }) => {
    const tree = new GrowingTree();
    for (let i = 0; i < size; i++) tree.append(leafAt(i));
    const seenLog = seen && checkLog(folder(publish(seen.n, seen.leaf ?? leafAt)), fast).checkpoint!;
    const proof = seen && seen.n <= size ? proveConsistency(tree, seen.n, size) : [];
    const note = signCheckpoint({ origin: signer.name, size, root: tree.root() }, signer);
    return cosign(
      note,
      { logKey: logKeys[0]!, ...(seenLog ? { seen: seenLog } : {}), proof },
      witness,
      1_605_139_200,
    );
  };

  test('cosign what continues the log they saw, and their line verifies with its time', () => {
    const done = cosigned(300, { n: 200 });
    if (!done.ok) expect.fail(done.fault.code);
    const files = publish(300).set('checkpoint', done.note);
    const witnessKeys = [verifierKey(witness, 'cosignature')];
    const report = checkLog(folder(files), { ...fast, witnessKeys, witnessesNeeded: 1 });
    expect(report.faults).toEqual([]);
    expect(report.signatures[1]).toMatchObject({
      code: 'signature-verified',
      type: 'cosignature',
      time: 1_605_139_200,
    });
    expect(codes(checkLog(folder(files), { ...fast, witnessKeys, witnessesNeeded: 2 }))).toEqual([
      'witnesses-missing',
    ]);
    // Without their key the line is told of, and ignored.
    expect(checkLog(folder(files), fast)).toMatchObject({
      faults: [],
      signatures: [{ code: 'signature-verified' }, { code: 'signature-of-unknown-key' }],
    });
    expect(parseVerifierKey(verifierKeyText(witnessKeys[0]!))).toEqual({ ok: true, key: witnessKeys[0] });
  });

  test('do not cosign another history, a shorter one, or what the log did not sign', () => {
    const other = (i: number): Uint8Array => toUtf8(`other ${i}`);
    expect(cosigned(300, { n: 200, leaf: other })).toMatchObject({
      ok: false,
      fault: { code: 'proof-root-differs' },
    });
    expect(cosigned(100, { n: 200 })).toMatchObject({ ok: false, fault: { code: 'proof-range' } });
    const unsigned = signCheckpoint({ origin: witness.name, size: 0, root: new Uint8Array(32) }, witness);
    expect(cosign(unsigned, { logKey: logKeys[0]!, proof: [] }, witness, 1)).toMatchObject({
      ok: false,
      fault: { code: 'log-signature-missing' },
    });
  });
});

describe('entry bundles', () => {
  test('come back, whatever the entries', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (entries) => {
        expect(readBundle(writeBundle(entries))).toEqual({ ok: true, entries });
      }),
    );
    const longest = new Uint8Array(maxEntryBytes).fill(7);
    expect(readBundle(writeBundle([longest]))).toEqual({ ok: true, entries: [longest] });
  });

  test('an entry that fits in none is refused by name', () => {
    expect(checkEntryLength(new Uint8Array(65_535))).toBeUndefined();
    expect(checkEntryLength(new Uint8Array(65_536))).toEqual({
      code: 'entry-too-long',
      bytes: 65_536,
      limit: 65_535,
    });
    expect(() => writeBundle([new Uint8Array(65_536)])).toThrow(RangeError);
  });

  test('any log is read as written', () => {
    const entry = fc.uint8Array({ maxLength: 8 });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 600, size: 'max' }), (entries) => {
        const files = publish(entries.length, (i) => entries[i]!);
        const { leaves, faults } = checkTiles(folder(files), entries.length, nodeSha256);
        expect(faults).toEqual([]);
        expect(leaves).toEqual(entries);
      }),
      { numRuns: 20 },
    );
  });
});
