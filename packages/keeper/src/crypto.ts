// Node's own SHA-256 and Ed25519, faster than evidence's pure ones, and what only a keeper does: make keys and sign. They must agree with evidence's to the last hostile signature; crypto.node.test.ts compares them.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concatBytes, fromHex, isEd25519PublicKey, toHex } from '@opencanvass/evidence/bytes';
import type { NewSha256Stream, Sha256, VerifyEd25519 } from '@opencanvass/evidence/bytes';

export const nodeSha256: Sha256 = (data) => plain(hash('sha256', data, 'buffer'));

export const nodeSha256Stream: NewSha256Stream = () => {
  const stream = createHash('sha256');
  return { update: (piece) => void stream.update(piece), digest: () => plain(stream.digest()) };
};

/** A Buffer's `slice` shares memory where a Uint8Array's copies, so no Buffer leaves this file. */
const plain = (b: Buffer): Uint8Array => new Uint8Array(b.buffer, b.byteOffset, b.length);

// DER up to the 32 bytes of an Ed25519 seed (RFC 8410 section 7) and of a public key (section 4).
const seedPrefix = fromHex('302e020100300506032b657004220420')!;
const publicPrefix = fromHex('302a300506032b6570032100')!;

const publicKeyObject = (publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(concatBytes(publicPrefix, publicKey)), format: 'der', type: 'spki' });

const privateKeyObject = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(concatBytes(seedPrefix, seed)), format: 'der', type: 'pkcs8' });

/** OpenSSL does not multiply by the cofactor; with a public key of prime order that is evidence's rule exactly. */
export const nodeVerifyEd25519: VerifyEd25519 = (publicKey, message, signature) =>
  signature.length === 64 &&
  knownPublicKey(publicKey) &&
  verify(null, message, publicKeyObject(publicKey), signature);

// A record has few keys and many signatures, and asking whether a point has prime order takes as long as ten verifications.
const askedBefore = new Map<string, boolean>();
const manyKeys = 1000;

function knownPublicKey(publicKey: Uint8Array): boolean {
  const name = toHex(publicKey);
  let answer = askedBefore.get(name);
  if (answer === undefined) {
    answer = isEd25519PublicKey(publicKey);
    if (askedBefore.size >= manyKeys) askedBefore.clear();
    askedBefore.set(name, answer);
  }
  return answer;
}

/** A key that signs. The seed (32 bytes, RFC 8032 section 5.1.5) is the secret. */
export interface SigningKey {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== 32) throw new RangeError(`an Ed25519 seed has 32 bytes, not ${seed.length}`);
  const der = createPublicKey(privateKeyObject(seed)).export({ format: 'der', type: 'spki' });
  return { seed, publicKey: plain(der).slice(publicPrefix.length) };
}

/** A new key from the operating system's randomness. */
export function generateSigningKey(): SigningKey {
  const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  return signingKeyFromSeed(plain(der).slice(seedPrefix.length));
}

/** The 64-byte Ed25519 signature; the same key and message always give the same one. */
export const signEd25519 = (key: SigningKey, message: Uint8Array): Uint8Array =>
  plain(sign(null, message, privateKeyObject(key.seed)));
