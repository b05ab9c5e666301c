// The zip is read back by others: by Python's zipfile where there is one, by fflate, and by the reader that verifies records.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { fileInMemory, filesOfZip } from '@opencanvass/evidence/formats';
import { recordFromZip } from '@opencanvass/evidence/record';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { zipPieces, type FileToZip } from '../src/zipFile.ts';

/** An export as a vendor packs it. */
const packed = zipSync({ 'cvr/a.csv': toUtf8('a,b\n'.repeat(100_000)), 'cvr/b.csv': toUtf8('1,2\n') });
const contents = new Map([
  ['checkpoint', toUtf8('c')],
  ['empty', new Uint8Array(0)],
  ['files/export', packed],
  ['files/naïve.csv', toUtf8('a,b\n'.repeat(50_000))],
  ['files/noise', Uint8Array.from({ length: 30_000 }, (_, i) => (i * 7919) % 251)],
]);
const toZip = async function* (size = (bytes: Uint8Array) => bytes.length): AsyncGenerator<FileToZip> {
  for (const [path, bytes] of contents)
    yield {
      path,
      size: size(bytes),
      pieces: async function* () {
        for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
      },
    };
};
const python = spawnSync('python3', ['--version']).status === 0;

describe.each([
  ['plain', undefined],
  ['every number in zip64’s fields', 0],
  ['some of them', 1000],
])('%s', (_, room) => {
  test('our reader reads what was put in', async () => {
    const zip = await buffer(zipPieces(toZip(), room));
    const files = await filesOfZip(fileInMemory('a.zip', new Uint8Array(zip)));
    if (!files.ok) throw new Error(JSON.stringify(files.refusals));
    expect(files.value.map((f) => f.name)).toEqual([...contents.keys()].map((n) => `a.zip!${n}`));
    for (const file of files.value)
      expect(new Uint8Array(await buffer(file.bytes()))).toEqual(contents.get(file.name.slice(6)));
  });

  test.skipIf(!python)('Python’s zipfile finds nothing wrong with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zip-'));
    try {
      const path = join(folder, 'a.zip');
      await writeFile(path, await buffer(zipPieces(toZip(), room)));
      const code = `import sys,zipfile,hashlib
z=zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print([(n, len(z.read(n))) for n in z.namelist()])`;
      const said = spawnSync('python3', ['-c', code, path], { encoding: 'utf8' });
      expect(said.stderr).toBe('');
      expect(said.stdout.trim()).toBe(
        `[${[...contents].map(([n, b]) => `('${n}', ${b.length})`).join(', ')}]`,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('fflate reads it', async () => {
  const files = unzipSync(new Uint8Array(await buffer(zipPieces(toZip()))));
  expect(new Map(Object.entries(files))).toEqual(contents);
});

test('the same files give the same bytes; a file of another size than was said stops it', async () => {
  expect(await buffer(zipPieces(toZip()))).toEqual(await buffer(zipPieces(toZip())));
  await expect(buffer(zipPieces(toZip((bytes) => bytes.length + 1)))).rejects.toThrow(
    'checkpoint came to 1 bytes, not 2',
  );
});

test('an archive is stored as it is, and read by its directory where it lies', async () => {
  const zip = new Uint8Array(await buffer(zipPieces(toZip())));
  const opened = recordFromZip(zip);
  if (!opened.ok) throw new Error(opened.code);
  const file = opened.files.stream!('files/export')!;
  expect(file.place!.at(0, file.place!.length)).toEqual(packed);
  expect(file.place!.at(packed.length - 5, packed.length + 99)).toEqual(packed.subarray(-5));
  expect(opened.files.stream!('files/noise')!.place).toBeUndefined();
  const inside = await filesOfZip({ ...file, name: 'export.zip' });
  if (!inside.ok) throw new Error(JSON.stringify(inside.refusals));
  const lengths = await Promise.all(inside.value.map(async ({ bytes }) => (await buffer(bytes())).length));
  expect(lengths).toEqual([400_000, 4]);
});

test('an archive that comes to another length is thrown at, as any other file', async () => {
  const one = async function* () {
    yield { path: 'files/export', size: packed.length + 1, pieces: async function* () { yield packed; } };
  }; // oxfmt-ignore
  await expect(buffer(zipPieces(one()))).rejects.toThrow('files/export came to');
});
