import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromUtf8, toUtf8 } from '@opencanvass/evidence/bytes';
import { checkConsistency, checkLog, parseCheckpoint, parseNote } from '@opencanvass/evidence/log';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFolder, openFolder } from '../src/folder.ts';
import type { Keeper } from '../src/keeper.ts';
import { cosign, proveConsistency, verifierKey } from '../src/log/index.ts';
import { publishFolder, publishZip } from '../src/publish.ts';
import { counted, election, fileRef, incident, origin, seededKey, state, ticking } from './smallElection.ts';

let at: string;
let keeper: Keeper;
const fixed = { clock: ticking(), random: counted(), key: seededKey(1) };
const signer = { name: origin, key: seededKey(1) };
beforeEach(async () => {
  at = await mkdtemp(join(tmpdir(), 'publish-'));
  keeper = await createFolder(
    join(at, 'kept'),
    origin,
    { record: 'conducted', election, author: state },
    fixed,
  );
});
afterEach(async () => {
  await keeper.close();
  await rm(at, { recursive: true, force: true });
});

/** Every file under a folder, by path. */
async function read(folder: string): Promise<Map<string, Uint8Array>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = new Map<string, Uint8Array>();
  for (const f of files.filter((e) => e.isFile())) {
    const path = join(f.parentPath, f.name);
    found.set(path.slice(folder.length + 1), new Uint8Array(await readFile(path)));
  }
  return found;
}
const faultsOf = (files: Map<string, Uint8Array>): unknown =>
  checkLog(
    { paths: files.keys(), read: (p) => files.get(p) },
    { origin, logKeys: [verifierKey(signer, 'ed25519')] },
  ).faults;
const checkpointOf = (files: Map<string, Uint8Array>): { size: number; root: Uint8Array } => {
  const note = parseNote(files.get('checkpoint')!);
  const parsed = note.ok ? parseCheckpoint(note.note.text) : undefined;
  if (parsed?.ok !== true) throw new Error('no checkpoint');
  return parsed.checkpoint;
};

test('a record is published twice, and again when it has grown: the same bytes, then a log that continues the first', async () => {
  const to = join(at, 'public');
  await keeper.append(...Array.from({ length: 300 }, (_, i) => incident(i)));
  expect(await publishFolder(keeper, to)).toMatchObject({ ok: true });
  const first = await read(to);
  expect(faultsOf(first)).toEqual([]);
  expect(first.size).toBe(302 + 2 + 3 + 1); // bodies, bundles (256 and 46), tiles (the same and one above), checkpoint
  await publishFolder(keeper, to);
  expect(await read(to)).toEqual(first);

  await keeper.append(...Array.from({ length: 300 }, (_, i) => incident(i)));
  await publishFolder(keeper, to);
  const second = await read(to);
  expect(faultsOf(second)).toEqual([]);
  for (const [path, bytes] of first)
    if (!path.includes('.p/') && path !== 'checkpoint') expect(second.get(path), path).toEqual(bytes);
  const [older, newer] = [checkpointOf(first), checkpointOf(second)];
  const proof = proveConsistency(await keeper.tree(), older.size, newer.size);
  expect(
    checkConsistency({
      oldSize: older.size,
      newSize: newer.size,
      oldRoot: older.root,
      newRoot: newer.root,
      proof,
    }),
  ).toEqual({ ok: true });
  expect(await readdir(at), 'nothing is left beside it').toEqual(['kept', 'public']);
});

test('a sealed body and the files that only it names are not published until they are opened', async () => {
  const to = join(at, 'public');
  const [secret, open] = [toUtf8('batch,ann,bob\n1,17,4\n'), toUtf8('the manual')];
  const draft = { kind: 'file received', author: state, access: 'sealed' } as const;
  const sealed = { ...draft, body: { file: fileRef('t.csv', secret), from: 'Bibb' }, files: [secret] };
  const plain = {
    ...draft,
    access: 'open' as const,
    body: { file: fileRef('m.txt', open), from: 'Bibb' },
    files: [open],
  };
  expect((await keeper.append(sealed, plain)).ok).toBe(true);
  await publishFolder(keeper, to);
  const before = await read(to);
  expect(before.has('bodies/2.json')).toBe(false);
  expect(before.has('bodies/3.json')).toBe(true);
  expect([...before.keys()].filter((p) => p.startsWith('files/'))).toEqual([
    `files/${fileRef('m.txt', open).sha256}`,
  ]);
  for (const bytes of before.values()) expect(fromUtf8(bytes) ?? '').not.toContain('t.csv');

  expect(
    (await keeper.append({ kind: 'seal opened', author: state, about: { entries: [2] }, body: {} })).ok,
  ).toBe(true);
  await publishFolder(keeper, to);
  const after = await read(to);
  expect(fromUtf8(after.get('bodies/2.json')!)).toContain('t.csv');
  expect(after.get(`files/${fileRef('t.csv', secret).sha256}`)).toEqual(secret);
});

test('as a zip it holds the same files, and the same bytes each time', async () => {
  await keeper.append(incident(1));
  await publishFolder(keeper, join(at, 'public'));
  const zip = await buffer(publishZip(keeper));
  expect(new Map(Object.entries(unzipSync(zip)))).toEqual(await read(join(at, 'public')));
  expect(await buffer(publishZip(keeper))).toEqual(zip);
});

test('a folder that holds something else is left alone', async () => {
  const to = join(at, 'thesis');
  await mkdir(to);
  await writeFile(join(to, 'chapter-1.txt'), 'all my work');
  expect(await publishFolder(keeper, to)).toEqual({
    ok: false,
    code: 'not-a-record-folder',
    found: ['chapter-1.txt'],
  });
  expect(await readFile(join(to, 'chapter-1.txt'), 'utf8')).toBe('all my work');
});

test('a witness’s cosignature stays on the checkpoint, and no other note takes its place', async () => {
  const logKey = verifierKey(signer, 'ed25519');
  const note = await keeper.checkpoint();
  const cosigned = cosign(
    note,
    { logKey, proof: [] },
    { name: 'witness.example', key: seededKey(5) },
    1_800_000_000,
  );
  if (!cosigned.ok) throw new Error(cosigned.fault.code);
  await keeper.keepCosigned(cosigned.note);
  expect(await keeper.checkpoint()).toEqual(cosigned.note);
  await expect(keeper.keepCosigned(toUtf8('another note\n'))).rejects.toThrow(/lines added/);
});

describe('the folder of a keeper', () => {
  test('is opened again with its key, which nobody else may read', async () => {
    await keeper.append(incident(1));
    const again = await openFolder(join(at, 'kept'));
    expect((await again.entries()).length).toBe(3);
    expect(await again.checkpoint()).toEqual(await keeper.checkpoint());
    await again.close();
    const { mode } = await stat(join(at, 'kept', 'log-key'));
    if (process.platform !== 'win32') expect(mode & 0o077).toBe(0);
  });
});
