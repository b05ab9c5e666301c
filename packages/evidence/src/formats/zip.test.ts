import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { crc32, readZip } from './zip.ts';

const archive = zipSync({
  'a.txt': strToU8('alpha'),
  'b/c.txt': [strToU8('gamma '.repeat(1000)), { level: 9 }],
});

const codeOf = (bytes: Uint8Array, caps?: Parameters<typeof readZip>[2]): string => {
  const zip = readZip(bytes, 'x.zip', caps);
  if (!zip.ok) return zip.refusals[0]!.code;
  for (const entry of zip.entries) {
    const unpacked = entry.bytes();
    if (!unpacked.ok) return unpacked.refusal.code;
  }
  return 'read';
};

/** The archive with some bytes changed: `at` counts from the first place where `signature` stands. */
function changed(signature: number, at: number, ...bytes: number[]): Uint8Array {
  const copy = archive.slice();
  const view = new DataView(copy.buffer);
  for (let i = 0; i + 4 <= copy.length; i++) {
    if (view.getUint32(i, true) === signature) {
      copy.set(bytes, i + at);
      return copy;
    }
  }
  throw new Error('no such signature');
}

describe('zip', () => {
  test('gives each entry by the name in the directory', () => {
    const zip = readZip(archive, 'x.zip');
    expect(zip.ok && zip.entries.map((e) => [e.name, e.size])).toEqual([
      ['a.txt', 5],
      ['b/c.txt', 6000],
    ]);
    const unpacked = zip.ok ? zip.entries[0]!.bytes() : undefined;
    expect(unpacked?.ok && new TextDecoder().decode(unpacked.bytes)).toBe('alpha');
  });

  test('CRC-32 has its published check value', () => {
    expect(crc32(strToU8('123456789'))).toBe(0xcbf43926);
  });

  test('refuses by name', () => {
    expect(codeOf(archive)).toBe('read');
    expect(codeOf(archive.subarray(0, archive.length - 10))).toBe('zip-truncated');
    expect(codeOf(archive, { entries: 1, entryBytes: 1e6, totalBytes: 1e6 })).toBe('zip-bomb');
    expect(codeOf(archive, { entries: 9, entryBytes: 5999, totalBytes: 1e6 })).toBe('zip-bomb');
    expect(codeOf(archive, { entries: 9, entryBytes: 6000, totalBytes: 6000 })).toBe('zip-bomb');
    expect(codeOf(zipSync({ '../up.txt': strToU8('a') }))).toBe('zip-path');
    expect(codeOf(zipSync({ '/etc/up.txt': strToU8('a') }))).toBe('zip-path');
    expect(codeOf(changed(0x02014b50, 8, 1))).toBe('zip-encrypted');
    expect(codeOf(changed(0x02014b50, 10, 12))).toBe('zip-method');
    expect(codeOf(changed(0x02014b50, 16, 0, 0, 0, 0))).toBe('zip-crc');
    // A directory that declares fewer bytes than the stream unpacks to.
    expect(codeOf(changed(0x02014b50, 24, 4))).toBe('zip-size');
  });

  test('is read from a source by pieces, and what is wrong with an entry is told at its end', () => {
    // A megabyte that does not compress, so that it is packed in more than one piece.
    const noise = Uint8Array.from({ length: 1_000_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);
    const large = zipSync({ 'noise.bin': [noise, { level: 0 }], 'zeros.bin': new Uint8Array(1_000_000) });
    let most = 0;
    const at = (from: number, to: number): Uint8Array => {
      most = Math.max(most, to - from);
      return large.subarray(from, to);
    };
    const zip = readZip({ length: large.length, at }, 'x.zip');
    const read = zip.ok ? zip.entries.map((entry) => [...entry.pieces()]) : [];
    expect(read.map((pieces) => pieces.reduce((n, piece) => n + piece.length, 0))).toEqual([1e6, 1e6]);
    expect(read[0]!.length).toBeGreaterThan(10);
    expect(crc32(Uint8Array.from(read[0]!.flatMap((piece) => [...piece])))).toBe(crc32(noise));
    expect(most).toBeLessThanOrEqual(65_557); // the longest tail in which the end of the directory may stand
    large[large.indexOf(noise[500]!, 500_000)]! ^= 1;
    const broken = readZip({ length: large.length, at }, 'x.zip');
    const pieces = broken.ok ? broken.entries[0]!.pieces() : undefined;
    let last = pieces?.next();
    while (last?.done === false) last = pieces!.next();
    expect(last?.value).toMatchObject({ code: 'zip-crc', file: 'x.zip!noise.bin' });
  });
});
