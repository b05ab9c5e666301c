import { ed25519 } from '@noble/curves/ed25519.js';
import {
  concatBytes,
  fromHex,
  sha256,
  sha256Stream,
  toUtf8,
  verifyEd25519,
} from '@opencanvass/evidence/bytes';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  generateSigningKey,
  nodeSha256,
  nodeSha256Stream,
  nodeVerifyEd25519,
  signEd25519,
  signingKeyFromSeed,
} from './crypto.ts';

describe("Node's crypto is evidence's", () => {
  test('SHA-256, whole and in pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (data, cut) => {
        const streams = [sha256Stream(), nodeSha256Stream()];
        for (const stream of streams) {
          stream.update(data.subarray(0, cut));
          stream.update(data.subarray(cut));
        }
        const digests = [nodeSha256(data), ...streams.map((s) => s.digest())];
        for (const digest of digests) expect(digest).toEqual(sha256(data));
        for (const digest of digests) expect(digest.constructor).toBe(Uint8Array);
      }),
    );
  });

  test('RFC 8032 section 7.1, TEST 2: key and signature', () => {
    const key = signingKeyFromSeed(
      fromHex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb')!,
    );
    expect(key.publicKey).toEqual(
      fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
    );
    expect(signEd25519(key, new Uint8Array([0x72]))).toEqual(
      fromHex(
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      ),
    );
  });

  test('signatures, and every changed one', () => {
    const key = generateSigningKey();
    expect(key.publicKey).toEqual(ed25519.getPublicKey(key.seed));
    const message = toUtf8('two people read this paper');
    const signature = signEd25519(key, message);
    expect(signature).toEqual(ed25519.sign(message, key.seed));
    for (const verify of [verifyEd25519, nodeVerifyEd25519]) {
      expect(verify(key.publicKey, message, signature)).toBe(true);
      expect(verify(key.publicKey, toUtf8('two people read that paper'), signature)).toBe(false);
      expect(verify(key.publicKey, message, signature.subarray(1))).toBe(false);
      expect(verify(generateSigningKey().publicKey, message, signature)).toBe(false);
      expect(verify(new Uint8Array(3), message, signature)).toBe(false);
      for (let i = 0; i < 64; i += 5)
        expect(
          verify(
            key.publicKey,
            message,
            signature.map((b, j) => (i === j ? b ^ 4 : b)),
          ),
        ).toBe(false);
    }
  });

  test('keys and signatures with a small-order part, on which libraries differ, both refuse alike', () => {
    // Every combination of a small-order R and key with S = 0 or 1: some verify under some library's rules.
    const small = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000000',
      '0000000000000000000000000000000000000000000000000000000000000080',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // 1 + p, not canonical
    ].map((h) => fromHex(h)!);
    const message = toUtf8('x');
    for (const key of small)
      for (const r of small)
        for (const s of [0, 1]) {
          const signature = concatBytes(r, new Uint8Array([s]), new Uint8Array(31));
          expect(nodeVerifyEd25519(key, message, signature)).toBe(false);
          expect(verifyEd25519(key, message, signature)).toBe(false);
        }
  });
});

test('a seed of another length is our fault', () => {
  expect(() => signingKeyFromSeed(new Uint8Array(31))).toThrow(RangeError);
});
