import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { recordFromAddress, recordFromPicked, recordFromZip } from './files.ts';
import type { Opened, RecordFiles } from './files.ts';

const pathsOf = (opened: Opened): unknown => (opened.ok ? opened.files.list() : opened.code);
const textOf = (opened: Opened, path: string): unknown =>
  opened.ok ? new TextDecoder().decode(opened.files.read(path)) : opened.code;

describe('a record in a zip', () => {
  test('with and without its folder before every path', () => {
    const flat = recordFromZip(zipSync({ checkpoint: strToU8('c'), 'tile/0/000': strToU8('t') }));
    const inFolder = recordFromZip(
      zipSync({
        'georgia/checkpoint': strToU8('c'),
        'georgia/tile/0/000': strToU8('t'),
        'else.txt': strToU8('x'),
      }),
    );
    expect(pathsOf(flat)).toEqual(['checkpoint', 'tile/0/000']);
    expect(pathsOf(inFolder)).toEqual(['checkpoint', 'tile/0/000']);
    expect(textOf(inFolder, 'tile/0/000')).toBe('t');
  });

  test('refusals: no zip, a truncated one, no checkpoint, a path that climbs out, too much', () => {
    const good = zipSync({ checkpoint: strToU8('c'.repeat(1000)) });
    expect(pathsOf(recordFromZip(strToU8('County,Votes\n')))).toBe('zip-truncated');
    expect(pathsOf(recordFromZip(new Uint8Array(0)))).toBe('zip-truncated');
    expect(pathsOf(recordFromZip(good.subarray(0, good.length - 10)))).toBe('zip-truncated');
    expect(pathsOf(recordFromZip(zipSync({ a: strToU8('c') })))).toBe('no-checkpoint');
    const climbing = zipSync({ checkpoint: strToU8('c'), '../a': strToU8('x') });
    expect(pathsOf(recordFromZip(climbing))).toBe('zip-path');
    expect(pathsOf(recordFromZip(good, { files: 9, bytes: 999 }))).toBe('zip-bomb');
    expect(pathsOf(recordFromZip(good, { files: 0, bytes: 9999 }))).toBe('zip-bomb');
  });

  test('a zip that names a path twice is refused: which of the two would have been verified?', () => {
    const zip = zipSync({ checkpoint: strToU8('c'), checkpoinT: strToU8('d') }, { level: 0 });
    for (let i = 0; i < zip.length; i++) if (zip[i] === 0x54) zip[i] = 0x74; // T → t, in both headers
    expect(pathsOf(recordFromZip(zip))).toBe('zip-repeated-name');
  });

  test('a zip that states less than it holds is refused', () => {
    const zip = zipSync({ checkpoint: strToU8('c'.repeat(100_000)) });
    const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
    for (let i = 0; i + 4 <= zip.length; i++)
      if (view.getUint32(i, true) === 100_000) view.setUint32(i, 10, true);
    expect(pathsOf(recordFromZip(zip))).toBe('zip-size');
  });
});

test('a picked folder begins where its checkpoint lies', () => {
  const picked = new Map([
    ['a/record/checkpoint', strToU8('c')],
    ['a/record/old/checkpoint', strToU8('o')],
    ['a/notes.txt', strToU8('n')],
  ]);
  expect(pathsOf(recordFromPicked(picked))).toEqual(['checkpoint', 'old/checkpoint']);
});

describe('a record at an address', () => {
  const there = new Map([
    ['checkpoint', strToU8('two')],
    ['two', strToU8('three')],
  ]);
  const follow = (files: RecordFiles): void => {
    let path = 'checkpoint';
    for (;;) {
      const bytes = files.read(path);
      if (bytes === undefined) return;
      path = new TextDecoder().decode(bytes);
    }
  };

  test('is read until it asks for nothing new, and each file is fetched once', async () => {
    const fetched: string[] = [];
    const opened = await recordFromAddress(async (path) => {
      fetched.push(path);
      return there.get(path);
    }, follow);
    expect(fetched).toEqual(['checkpoint', 'two', 'three']);
    expect(textOf(opened, 'two')).toBe('three');
    expect(pathsOf(opened)).toBeUndefined();
  });

  test('without a checkpoint, or larger than the bounds, it is refused', async () => {
    expect(pathsOf(await recordFromAddress(async () => undefined, follow))).toBe('no-checkpoint');
    const bounds = { files: 2, bytes: 1000 };
    expect(pathsOf(await recordFromAddress(async (p) => there.get(p), follow, bounds))).toBe(
      'too-many-files',
    );
    expect(pathsOf(await recordFromAddress(async (p) => there.get(p), follow, { files: 9, bytes: 3 }))).toBe(
      'too-many-bytes',
    );
  });
});
