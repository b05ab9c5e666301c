import { describe, expect, test } from 'vitest';
import { fromHex } from '../bytes/index.ts';
import { bodyDigest, filesNamed } from './body.ts';

const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('the body of an entry', () => {
  test('is hashed with its salt, in canonical JSON', () => {
    // { printf 'opencanvass/body/v1\n'; head -c 32 /dev/zero; printf '{"a":[1,true],"b":"\xc3\xa9"}'; } | sha256sum (GNU coreutils 9.1)
    const expected = '24c74a849b0d665912df27c1929612fc2be44abafcf60eeb9995278e61add895';
    const zeros = new Uint8Array(32);
    expect(bodyDigest(zeros, { b: 'é', a: [1, true] })).toBe(expected);
    expect(bodyDigest(zeros, { b: 'é', a: [1, false] })).not.toBe(expected);
    expect(bodyDigest(fromHex(digest)!, { b: 'é', a: [1, true] })).not.toBe(expected);
  });

  test('names files wherever a file stands in it, each once', () => {
    const file = { name: 'a.csv', sha256: digest, bytes: 3 };
    const other = { name: 'b.csv', sha256: '0'.repeat(64), bytes: 0 };
    expect(filesNamed({ table: file, read: { file: other, rows: [file] } })).toEqual([file, other]);
    expect(filesNamed(file)).toEqual([file]);
    for (const not of [
      { ...file, more: 1 },
      { ...file, bytes: -1 },
      { ...file, bytes: '3' },
      { ...file, sha256: digest.toUpperCase() },
      { ...file, sha256: `${digest}/` },
    ])
      expect(filesNamed({ not })).toEqual([]);
    expect(filesNamed(null)).toEqual([]);
  });
});
