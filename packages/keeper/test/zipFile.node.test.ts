// The zip is read back by others: by Python's zipfile where there is one, by fflate, and by the reader that verifies records.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { fileInMemory, filesOfZip } from '@opencanvass/evidence/formats';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { zipPieces, type FileToZip } from '../src/zipFile.ts';

const contents = new Map([
  ['checkpoint', toUtf8('c')],
  ['empty', new Uint8Array(0)],
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
