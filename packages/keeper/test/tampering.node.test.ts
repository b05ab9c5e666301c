// Whatever is changed in a published record, verifying it fails with the finding that names what was changed. First every file of a whole
// record, by every kind of change that needs no key; then forgers who rebuild the log, with and without keys.
import { fromUtf8, toUtf8 } from '@opencanvass/evidence/bytes';
import { parseCheckpoint, parseNote, readBundle, type Checkpoint } from '@opencanvass/evidence/log';
import { recordFromMap, type ReadOptions } from '@opencanvass/evidence/record';
import { verify, type Finding } from '@opencanvass/evidence/verify';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { nodeSha256, nodeVerifyEd25519 } from '../src/crypto.ts';
import { writeBundle } from '../src/log/index.ts';
import { bob, boardKey, seededKey } from './smallElection.ts';
import { conducted, logKey, partsOf, rebuilt, reconstructed, renumbered, witnessKey, wide, withBody, type Files } from './wholeRecord.ts'; // prettier-ignore

/** What a careful verifier knows from elsewhere: the log's key and a witness's. */
const known: ReadOptions = {
  knownKeys: [logKey],
  witnessKeys: [witnessKey],
  sha256: nodeSha256,
  verify: nodeVerifyEd25519,
};
const findingsOf = (files: Files, options: ReadOptions = known): readonly Finding[] =>
  verify(recordFromMap(files), options).findings;

/** "check/code/unit" of everything about the record that fails. */
const failures = (files: Files, options: ReadOptions = known): string[] =>
  findingsOf(files, options)
    .filter((f) => f.of === 'record' && f.word === 'fails')
    .flatMap((f) => f.units.map((u) => `${f.check}/${u.code}/${u.name}`));

const checkpointOf = (files: Files): Checkpoint => {
  const note = parseNote(files.get('checkpoint')!);
  const parsed = note.ok ? parseCheckpoint(note.note.text) : undefined;
  if (parsed?.ok !== true) throw new Error('no checkpoint');
  return parsed.checkpoint;
};

vi.setConfig({ testTimeout: 120_000 }); // some thousand verifications, 5 s on an idle machine

let records: Record<'conducted' | 'reconstructed', Files>;
beforeAll(async () => {
  records = { conducted: await conducted(), reconstructed: await reconstructed() };
}, 60_000);
const kinds = ['conducted', 'reconstructed'] as const;

// ── changes that need no key ────────────────────────────────────────────────────────────────────────────────────────

type Change = (bytes: Uint8Array, path: string) => Uint8Array | undefined;

const flipAt =
  (where: number): Change =>
  (bytes) => {
    const changed = bytes.slice();
    changed[Math.floor(where * (bytes.length - 1))]! ^= 1;
    return changed;
  };

/** The text with one match of a pattern replaced; undefined where there is none. */
const edit = (
  bytes: Uint8Array,
  pattern: RegExp,
  replacement: (match: string) => string,
): Uint8Array | undefined => {
  const text = fromUtf8(bytes);
  return text === undefined || !pattern.test(text) ? undefined : toUtf8(text.replace(pattern, replacement));
};

const swapped = <T>(items: readonly T[]): T[] => [items[1]!, items[0]!, ...items.slice(2)];

/** Two lines of the note, two entries of a bundle, two hashes of a tile, two rows of a table, two members of a body. */
const swapTwo: Change = (bytes, path) => {
  if (path === 'checkpoint') return toUtf8(swapped(fromUtf8(bytes)!.split('\n')).join('\n'));
  if (path.startsWith('tile/entries/')) {
    const reading = readBundle(bytes);
    return reading.ok ? writeBundle(swapped(reading.entries)) : undefined;
  }
  if (path.startsWith('tile/')) {
    if (bytes.length < 64) return undefined;
    return Uint8Array.from([...bytes.subarray(32, 64), ...bytes.subarray(0, 32), ...bytes.subarray(64)]);
  }
  const text = fromUtf8(bytes)!;
  if (text.startsWith('{"body"'))
    return edit(bytes, /^\{(.*),("salt":"[^"]*")\}$/s, (m) =>
      m.replace(/^\{(.*),("salt":"[^"]*")\}$/s, '{$2,$1}'),
    );
  if (text.startsWith('{')) {
    const table = JSON.parse(text) as { columns: unknown; rows: unknown[] };
    return table.rows.length < 2
      ? undefined
      : toUtf8(JSON.stringify({ ...table, rows: swapped(table.rows) }));
  }
  return toUtf8(swapped(text.split('\n')).join('\n'));
};

const changes: Record<string, Change> = {
  'the first byte flipped': flipAt(0),
  'a byte in the middle flipped': flipAt(0.5),
  'a byte near the end flipped': flipAt(0.97),
  'the last byte flipped': flipAt(1),
  'a digit changed': (bytes) => edit(bytes, /[0-9]/, (d) => String((Number(d) + 1) % 10)),
  'the last digit changed': (bytes) => edit(bytes, /[0-9](?=[^0-9]*$)/, (d) => String((Number(d) + 1) % 10)),
  'two lines, rows or entries swapped': swapTwo,
  'the last byte cut off': (bytes) => bytes.slice(0, -1),
  'cut in half': (bytes) => bytes.slice(0, bytes.length >> 1),
  'a newline added': (bytes) => Uint8Array.from([...bytes, 10]),
  'the last entry, row or hash removed': (bytes, path) => {
    if (!path.startsWith('tile/entries/')) return path.startsWith('tile/') ? bytes.slice(0, -32) : undefined;
    const reading = readBundle(bytes);
    return reading.ok ? writeBundle(reading.entries.slice(0, -1)) : undefined;
  },
  'the first entry removed': (bytes, path) => {
    if (!path.startsWith('tile/entries/')) return undefined;
    const reading = readBundle(bytes);
    return reading.ok ? writeBundle(reading.entries.slice(1)) : undefined;
  },
  emptied: () => new Uint8Array(0),
};

/** The check that answers for a file, by where it lies. */
const checkOf = (path: string): string =>
  path === 'checkpoint' ? 'checkpoint-signed'
  : path.startsWith('tile/') ? 'log-tree'
  : path.startsWith('bodies/') ? 'bodies-match'
  : 'files-match'; // prettier-ignore

describe.each(kinds)('a %s record', (kind) => {
  test('holds as it was published, and has every kind of file', () => {
    expect(failures(records[kind])).toEqual([]);
    const places = new Set([...records[kind].keys()].map((p) => p.replace(/[^/]+$/, '')));
    expect([...places].toSorted()).toEqual(['', 'bodies/', 'files/', 'tile/0/000.p/', 'tile/entries/000.p/']);
    expect(findingsOf(records[kind]).find((f) => f.check === 'witnesses')?.word).toBe('holds');
  });

  test('no file is left out: every change of every file is found, and its finding names the file', () => {
    const files = records[kind];
    const tried = new Map<string, number>();
    for (const [path, bytes] of files)
      for (const [name, change] of Object.entries(changes)) {
        const changed = change(bytes, path);
        if (changed === undefined) continue;
        expect(Buffer.compare(changed, bytes), `${name}: ${path} is changed`).not.toBe(0);
        const found = failures(new Map(files).set(path, changed));
        const names = found.filter((f) => f.includes(path));
        expect(names.length, `${path}, ${name}: ${found.join(', ') || 'nothing found'}`).toBeGreaterThan(0);
        if (path !== 'checkpoint')
          expect(
            names.some((f) => f.startsWith(checkOf(path))),
            `${path}, ${name}: ${found.join(', ')}`,
          ).toBe(true);
        tried.set(path, (tried.get(path) ?? 0) + 1);
      }
    expect([...tried.keys()]).toEqual([...files.keys()]);
    expect(Math.min(...tried.values())).toBeGreaterThanOrEqual(8);
  });

  test('a file removed, and a file added, are named', () => {
    const files = records[kind];
    for (const path of files.keys()) {
      const without = new Map(files);
      without.delete(path);
      expect(
        failures(without).some((f) => f.startsWith(checkOf(path)) && f.includes(path)),
        path,
      ).toBe(true);
    }
    const extra = ['notes.txt', 'bodies/999.json', 'bodies/0.json.bak', `files/${'0'.repeat(64)}`, 'tile/0/001', 'tile/2/000', 'tile/entries/000.p/1', '.DS_Store', 'checkpoint.old']; // prettier-ignore
    for (const path of extra) {
      const found = failures(new Map(files).set(path, toUtf8('x')));
      expect(
        found.some((f) => f.includes(path)),
        `${path}: ${found.join(', ')}`,
      ).toBe(true);
    }
  });

  test('two files of a folder exchanged are both named', () => {
    const files = records[kind];
    for (const folder of ['bodies/', 'files/']) {
      const [a, b] = [...files.keys()].filter((p) => p.startsWith(folder));
      const found = failures(new Map(files).set(a!, files.get(b!)!).set(b!, files.get(a!)!));
      expect(found.filter((f) => f.includes(a!) || f.includes(b!))).toHaveLength(2);
    }
  });
});

test('full tiles and bundles, and the tiles above them: every change of every one is found and named', async () => {
  const files = await wide();
  const tiles = [...files.keys()].filter((p) => p.startsWith('tile/'));
  expect(tiles.toSorted()).toEqual(['tile/0/000', 'tile/0/001.p/46', 'tile/1/000.p/1', 'tile/entries/000', 'tile/entries/001.p/46']); // prettier-ignore
  expect(failures(files)).toEqual([]);
  for (const path of tiles)
    for (const [name, change] of Object.entries(changes)) {
      const changed = change(files.get(path)!, path);
      if (changed === undefined) continue;
      const found = failures(new Map(files).set(path, changed));
      expect(found.some((f) => f.startsWith('log-tree/') && f.includes(path)), `${path}, ${name}: ${found.slice(0, 5).join(', ')}`).toBe(true); // prettier-ignore
    }
});

// ── forgers who rebuild ─────────────────────────────────────────────────────────────────────────────────────────────

describe('a log that was rebuilt', () => {
  test('with another vote, without the log’s key: the root is not the one signed', () => {
    for (const kind of kinds) {
      const parts = partsOf(records[kind]);
      const at = parts.entries.findIndex((e) => e.act.kind === 'hand count reported');
      const body = parts.bodies.get(at)!.body as { totals: number[] };
      const forged = withBody(parts, at, { ...body, totals: [body.totals[0]! - 1, body.totals[1]! + 1] });
      expect(failures(rebuilt(records[kind], forged))).toEqual([
        expect.stringMatching('log-tree/root-differs/checkpoint'),
      ]);
    }
  });

  test('with an entry removed, moved or slipped in: the root, or the size, is not the one signed', () => {
    const parts = partsOf(records.reconstructed);
    const all = parts.entries.map((_, i) => i);
    const last = all.length - 1;
    const forgeries = {
      removed: all.slice(0, -1),
      fromTheMiddle: all.toSpliced(3, 1),
      moved: all.with(3, 4).with(4, 3),
      repeated: [...all, last],
    };
    for (const [name, order] of Object.entries(forgeries)) {
      const found = failures(rebuilt(records.reconstructed, renumbered(parts, order)));
      expect(
        found.some((f) => f.startsWith('log-tree/')),
        `${name}: ${found.join(', ')}`,
      ).toBe(true);
    }
  });

  test('with another key: no key of the log has signed', () => {
    const parts = partsOf(records.reconstructed);
    const found = failures(rebuilt(records.reconstructed, parts, seededKey(66)));
    expect(found).toContainEqual(expect.stringMatching('checkpoint-signed/log-signature-missing/checkpoint'));
    // Without a key known from elsewhere, the record's own entry 1 still says which key it must be.
    const { knownKeys: _, ...alone } = known;
    expect(failures(rebuilt(records.reconstructed, parts, seededKey(66)), alone)).toContainEqual(
      expect.stringMatching('checkpoint-signed/log-signature-missing/checkpoint'),
    );
  });

  test('whose checkpoint carries only the witness’s line, or only the log’s', () => {
    const note = fromUtf8(records.conducted.get('checkpoint')!)!;
    const lines = note.split('\n');
    const log = lines.findIndex((l) => l.startsWith('— elections.example'));
    const without = (i: number): Files =>
      new Map(records.conducted).set('checkpoint', toUtf8(lines.toSpliced(i, 1).join('\n')));
    expect(failures(without(log))).toContainEqual(
      expect.stringMatching('checkpoint-signed/log-signature-missing/checkpoint'),
    );
    expect(failures(without(log + 1))).toEqual([
      expect.stringMatching('witnesses/witnesses-missing/checkpoint'),
    ]);
  });

  test('by the keeper itself, with its key: whoever kept a checkpoint has the proof', () => {
    for (const kind of kinds) {
      const files = records[kind];
      const seen = [checkpointOf(files)];
      const parts = partsOf(files);
      const all = parts.entries.map((_, i) => i);
      const older = rebuilt(files, renumbered(parts, all.slice(0, -1)), seededKey(1));
      expect(failures(older, { ...known, seen })).toContainEqual(
        expect.stringMatching('checkpoint-seen-before/history-shorter'),
      );
      const incident = withBody(
        parts,
        all.length - 1,
        { other: true },
        kind === 'conducted' ? [boardKey] : [],
      );
      const second = rebuilt(files, incident, seededKey(1));
      expect(failures(second, { ...known, seen })).toContainEqual(
        expect.stringMatching('checkpoint-seen-before/history-differs'),
      );
      expect(failures(files, { ...known, seen })).toEqual([]);
    }
  });

  test('by the keeper, with a certificate that nobody signed, or another than the state', () => {
    const parts = partsOf(records.conducted);
    const at = parts.entries.findIndex((e) => e.act.kind === 'certificate signed');
    const body = { contest: 'mayor', winner: bob };
    const codes = (signers: Parameters<typeof withBody>[3]): string[] =>
      failures(rebuilt(records.conducted, withBody(parts, at, body, signers), seededKey(1))).filter((f) =>
        f.startsWith('acts-signed'),
      );
    expect(codes([])).toEqual([`acts-signed/signature-missing/entry ${at}`]);
    expect(codes([seededKey(99)])).toEqual([`acts-signed/signature-of-unknown-key/entry ${at}`]);
    expect(codes([boardKey])).toEqual([]);
    // The state's signature over the old certificate, put under the new one.
    const forged = withBody(parts, at, body);
    const entry = { ...forged.entries[at]!, signatures: parts.entries[at]!.signatures };
    const moved = rebuilt(
      records.conducted,
      { ...forged, entries: forged.entries.with(at, entry) },
      seededKey(1),
    );
    expect(failures(moved)).toContainEqual(`acts-signed/signature-false/entry ${at}`);
  });

  test('by the keeper, against the order of acts: the seed before the seal', () => {
    const parts = partsOf(records.conducted);
    const order = parts.entries.map((_, i) => i);
    const [seal, seed] = ['manifest sealed', 'seed drawn'].map((k) =>
      parts.entries.findIndex((e) => e.act.kind === k),
    ) as [number, number];
    const forged = rebuilt(
      records.conducted,
      renumbered(parts, order.with(seal, seed).with(seed, seal)),
      seededKey(1),
    );
    const found = failures(forged).map((f) => f.split('/').slice(0, 2).join('/'));
    expect(found).toContain('entries-in-order/seed-before-seal');
    expect(found).toContain('entries-in-order/sealed-input-changed-after-seed');
  });

  test('a sealed body that leaks, and an opened one that is withheld', () => {
    const files = records.conducted;
    const parts = partsOf(files);
    const sealed = parts.entries.find(
      (e) => e.act.body.access === 'sealed' && e.act.kind === 'incident noted',
    )!.position;
    expect(files.has(`bodies/${sealed}.json`)).toBe(false);
    const leaked = new Map(files).set(`bodies/${sealed}.json`, files.get('bodies/0.json')!);
    expect(
      failures(leaked).some((f) => f.startsWith(`bodies-match/sealed-body-published/bodies/${sealed}.json`)),
    ).toBe(true);
    const withheld = new Map(files);
    withheld.delete('bodies/5.json');
    expect(failures(withheld)).toContainEqual('bodies-match/body-missing/bodies/5.json · entry 5');
  });
});
