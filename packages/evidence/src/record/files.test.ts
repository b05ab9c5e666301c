import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { ArchiveFault, recordFromAddress, recordFromPicked, recordFromZip } from './files.ts';
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
    expect(pathsOf(recordFromZip(good, { files: 0, bytes: 9999 }))).toBe('zip-bomb');
    expect(() => textOf(recordFromZip(good, { files: 9, bytes: 999 }), 'checkpoint')).toThrow('zip-bomb');
  });

  test('a zip that names a path twice is refused: which of the two would have been verified?', () => {
    const zip = zipSync({ checkpoint: strToU8('c'), checkpoinT: strToU8('d') }, { level: 0 });
    for (let i = 0; i < zip.length; i++) if (zip[i] === 0x54) zip[i] = 0x74; // T → t, in both headers
    expect(pathsOf(recordFromZip(zip))).toBe('zip-repeated-name');
  });

  test('is unpacked file by file, when it is asked for', async () => {
    const whole = zipSync({ checkpoint: strToU8('c'.repeat(100)), 'files/a': strToU8('a'.repeat(100_000)) });
    const at: number[] = [];
    const source = { length: whole.length, at: (from: number, to: number) => (at.push(to - from), whole.subarray(from, to)) };
    const opened = recordFromZip(source);
    if (!opened.ok) throw new Error(opened.code);
    const before = at.length;
    expect(opened.files.list()).toEqual(['checkpoint', 'files/a']);
    expect(at.length).toBe(before);
    // What is read again does not count again, and what is not there is not there.
    for (const path of ['checkpoint', 'checkpoint', 'files/a', 'checkpoint'])
      expect(opened.files.read(path)!.length).toBe(path === 'checkpoint' ? 100 : 100_000);
    expect([opened.files.read('files/b'), opened.files.stream!('files/b')]).toEqual([undefined, undefined]);
    let streamed = 0;
    for await (const piece of opened.files.stream!('files/a')!.bytes()) streamed += piece.length;
    expect(streamed).toBe(100_000);
  }); // oxfmt-ignore

  test('a zip that states less than it holds is refused when that is read, whole or in pieces', async () => {
    const zip = zipSync({ checkpoint: strToU8('c'.repeat(100_000)) });
    const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
    for (let i = 0; i + 4 <= zip.length; i++)
      if (view.getUint32(i, true) === 100_000) view.setUint32(i, 10, true);
    const opened = recordFromZip(zip);
    expect(() => textOf(opened, 'checkpoint')).toThrow(ArchiveFault);
    expect(() => textOf(opened, 'checkpoint')).toThrow('zip-size');
    const pieces = opened.ok ? opened.files.stream!('checkpoint')!.bytes() : [];
    await expect(async () => {
      for await (const _ of pieces);
    }).rejects.toThrow('zip-size');
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
