import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { describe, expect, test } from 'vitest';
import {
  concatBytes,
  fromHex,
  isEd25519PublicKey,
  sha256,
  sha256Stream,
  toHex,
  toUtf8,
  verifyEd25519,
} from './index.ts';

const hex = (text: string): Uint8Array => fromHex(text)!;

describe('SHA-256', () => {
  // NIST, FIPS 180-2 appendix B and the Secure Hash Standard's example of a million a's.
  const known: readonly (readonly [Uint8Array, string])[] = [
    [toUtf8(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [toUtf8('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      toUtf8('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    [
      new Uint8Array(1_000_000).fill(0x61),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    ],
  ];
  test("the standard's examples", () => {
    for (const [data, digest] of known) expect(toHex(sha256(data))).toBe(digest);
  });
  test('in pieces', () => {
    for (const [data, digest] of known) {
      const stream = sha256Stream();
      for (let at = 0; at < data.length; at += 1000) stream.update(data.subarray(at, at + 1000));
      expect(toHex(stream.digest())).toBe(digest);
    }
  });
});

describe('Ed25519', () => {
  // RFC 8032 section 7.1: TEST 1, 2, 3 and SHA(abc): public key, message, signature.
  const rfc8032 = [
    ['d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
     'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
    ['3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
     '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
    ['fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
     '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
    ['ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
     'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
     'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704'],
  ].map(([key, message, signature]) => ({ key: hex(key!), message: hex(message!), signature: hex(signature!) })); // prettier-ignore

  test("the RFC's signatures verify", () => {
    for (const { key, message, signature } of rfc8032)
      expect(verifyEd25519(key, message, signature)).toBe(true);
  });

  test('and with any byte changed do not', () => {
    const changed = (bytes: Uint8Array, at: number): Uint8Array =>
      bytes.map((b, i) => (i === at ? b ^ 1 : b));
    const { key, message, signature } = rfc8032[2]!;
    for (let i = 0; i < 64; i += 3) expect(verifyEd25519(key, message, changed(signature, i))).toBe(false);
    for (let i = 0; i < 32; i += 3) expect(verifyEd25519(changed(key, i), message, signature)).toBe(false);
    expect(verifyEd25519(key, changed(message, 0), signature)).toBe(false);
    expect(verifyEd25519(rfc8032[1]!.key, message, signature)).toBe(false);
  });

  test('wrong lengths are no signature, not a crash', () => {
    const { key, message, signature } = rfc8032[0]!;
    expect(verifyEd25519(key.subarray(1), message, signature)).toBe(false);
    expect(verifyEd25519(key, message, signature.subarray(1))).toBe(false);
    expect(verifyEd25519(key, message, concatBytes(signature, new Uint8Array(1)))).toBe(false);
    expect(verifyEd25519(new Uint8Array(0), message, new Uint8Array(0))).toBe(false);
  });

  test('S + L is refused (RFC 8032 section 5.1.7, step 1)', () => {
    const { key, message, signature } = rfc8032[0]!;
    const order = ed25519.Point.Fn.ORDER;
    const s = signature.slice(32).reduceRight((sum, b) => sum * 256n + BigInt(b), 0n) + order;
    const moved = signature.map((b, i) => (i < 32 ? b : Number((s >> BigInt(8 * (i - 32))) & 255n)));
    expect(verifyEd25519(key, message, moved)).toBe(false);
  });

  test('points of small order are no public keys', () => {
    const smallOrder = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000000',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    ];
    for (const key of smallOrder) expect(isEd25519PublicKey(hex(key)), key).toBe(false);
    expect(isEd25519PublicKey(hex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'))).toBe(
      false,
    ); // p: not canonical
    expect(isEd25519PublicKey(rfc8032[0]!.key)).toBe(true);
  });

  test('a signature that libraries disagree about is refused: R with a point of small order added by the signer', () => {
    const { signature, key, message } = signedWithSmallOrderPart();
    expect(ed25519.verify(signature, message, key, { zip215: false })).toBe(true); // the cofactor hides it
    expect(verifyEd25519(key, message, signature)).toBe(false);
  });
});

/** A signer who knows the secret a publishes R' = r·B + T with T of order 8, and S = r + H(R', A, M)·a. */
function signedWithSmallOrderPart(): { key: Uint8Array; message: Uint8Array; signature: Uint8Array } {
  const little = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, b) => sum * 256n + BigInt(b), 0n);
  const { Point } = ed25519;
  const seed = new Uint8Array(32).fill(7);
  const key = ed25519.getPublicKey(seed);
  const message = toUtf8('count me twice');
  const a = ed25519.utils.getExtendedPublicKey(seed).scalar;
  const r = 123456789n;
  const T = Point.fromBytes(hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'), true);
  const R = Point.BASE.multiply(r).add(T).toBytes();
  const k = Point.Fn.create(little(sha512(concatBytes(R, key, message))));
  const s = Point.Fn.create(r + k * a);
  const S = new Uint8Array(32).map((_, i) => Number((s >> BigInt(8 * i)) & 255n));
  return { key, message, signature: concatBytes(R, S) };
}
