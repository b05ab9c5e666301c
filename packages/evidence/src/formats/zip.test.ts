import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { inflaterInJavaScript, readZip } from './zip.ts';

const crc32 = (bytes: Uint8Array): number => inflaterInJavaScript.crc32(bytes, 0);

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

/**
 * The same archive as zip64 (APPNOTE 4.3.14, 4.3.15, 4.5.3): the plain fields say "no room", the numbers stand in the entries' extra fields and in
 * a second record of the end.
 */
function asZip64(plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
  const end = plain.length - 22;
  const [count, start] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)];
  const directory: number[] = [];
  for (let at = start; at < end;) {
    const [name, extra] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const entry = plain.slice(at, at + 46 + name);
    const of = new DataView(entry.buffer);
    const field = new DataView(new ArrayBuffer(28));
    field.setUint16(0, 1, true);
    field.setUint16(2, 24, true);
    for (const [i, place] of [24, 20, 42].entries()) {
      field.setBigUint64(4 + 8 * i, BigInt(of.getUint32(place, true)), true);
      of.setUint32(place, 0xffffffff, true);
    }
    of.setUint16(30, 28, true);
    directory.push(...entry, ...new Uint8Array(field.buffer));
    at += 46 + name + extra;
  }
  const record = new DataView(new ArrayBuffer(56 + 20 + 22));
  record.setUint32(0, 0x06064b50, true);
  record.setBigUint64(4, 44n, true);
  record.setBigUint64(24, BigInt(count), true);
  record.setBigUint64(32, BigInt(count), true);
  record.setBigUint64(40, BigInt(directory.length), true);
  record.setBigUint64(48, BigInt(start), true);
  record.setUint32(56, 0x07064b50, true);
  record.setBigUint64(64, BigInt(start + directory.length), true);
  record.setUint32(76, 0x06054b50, true);
  record.setUint16(76 + 10, 0xffff, true);
  record.setUint32(76 + 16, 0xffffffff, true);
  return Uint8Array.from([...plain.subarray(0, start), ...directory, ...new Uint8Array(record.buffer)]);
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

  test('zip64 is read the same, and refused the same', () => {
    const large = asZip64(archive);
    const zip = readZip(large, 'x.zip');
    expect(zip.ok && zip.entries.map((e) => [e.name, e.size])).toEqual([
      ['a.txt', 5],
      ['b/c.txt', 6000],
    ]);
    expect(codeOf(large)).toBe('read');
    expect(codeOf(large, { entries: 1, entryBytes: 1e6, totalBytes: 1e6 })).toBe('zip-bomb');
    expect(codeOf(large, { entries: 9, entryBytes: 5999, totalBytes: 1e6 })).toBe('zip-bomb');
    const view = new DataView(large.buffer);
    const record = large.length - 98;
    const with64 = (at: number, value: bigint): string => {
      const before = view.getBigUint64(at, true);
      view.setBigUint64(at, value, true);
      const code = codeOf(large);
      view.setBigUint64(at, before, true);
      return code;
    };
    expect(with64(record + 32, 3n)).toBe('zip-truncated');
    expect(with64(record + 32, 2n ** 60n)).toBe('zip-truncated');
    expect(with64(record + 48, BigInt(large.length))).toBe('zip-truncated');
    expect(with64(record + 56 + 8, BigInt(large.length))).toBe('zip-truncated');
    expect(with64(record - 28 + 4, 2n ** 62n)).toBe('zip-truncated');
    expect(with64(record - 28 + 4, 2n ** 40n)).toBe('zip-bomb');
    expect(with64(record - 28 + 4 + 16, 2n ** 40n)).toBe('zip-truncated');
    view.setUint16(record - 28, 2, true); // no zip64 field
    expect(codeOf(large)).toBe('zip-truncated');
  });

  test('is read from a source by pieces, and what is wrong with an entry is told at its end', async () => {
    // A megabyte that does not compress, so that it is packed in more than one piece.
    const noise = Uint8Array.from({ length: 1_000_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24);
    const large = zipSync({ 'noise.bin': [noise, { level: 0 }], 'zeros.bin': new Uint8Array(1_000_000) });
    let most = 0;
    const at = (from: number, to: number): Uint8Array => {
      most = Math.max(most, to - from);
      return large.subarray(from, to);
    };
    const zip = readZip({ length: large.length, at }, 'x.zip');
    const read: Uint8Array[][] = [];
    for (const entry of zip.ok ? zip.entries : []) {
      const pieces: Uint8Array[] = [];
      for await (const piece of entry.pieces()) pieces.push(piece);
      read.push(pieces);
    }
    expect(read.map((pieces) => pieces.reduce((n, piece) => n + piece.length, 0))).toEqual([1e6, 1e6]);
    expect(read[0]!.length).toBeGreaterThan(10);
    expect(crc32(Uint8Array.from(read[0]!.flatMap((piece) => [...piece])))).toBe(crc32(noise));
    expect(most).toBeLessThanOrEqual(65_557); // the longest tail in which the end of the directory may stand
    large[large.indexOf(noise[500]!, 500_000)]! ^= 1;
    const broken = readZip({ length: large.length, at }, 'x.zip');
    const pieces = broken.ok ? broken.entries[0]!.pieces() : undefined;
    let last = await pieces?.next();
    while (last?.done === false) last = await pieces!.next();
    expect(last?.value).toMatchObject({ code: 'zip-crc', file: 'x.zip!noise.bin' });
  });
});
