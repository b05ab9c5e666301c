// Does this Ed25519 signature (RFC 8032 section 5.1.7) verify? There must be one answer, in Node, in a browser and in a
// verifier that a stranger writes. RFC 8032 leaves it open whether to multiply by the cofactor, and libraries differ: a signer who
// adds a point of small order to R or to the public key gets a signature that some accept and some refuse
// (Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs", 2020). So we ask for what leaves no difference:
//
//   1. the public key is the canonical encoding of a point of prime order: not the identity, without a small-order part;
//   2. the same for the first half of the signature, R, except that it may be the identity;
//   3. S < L, and S·B = R + k·A.
import { ed25519 } from '@noble/curves/ed25519.js';

/** True if `signature` (64 bytes) is the signature of `message` by the holder of `publicKey` (32 bytes), by the rules above. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) =>
  isEd25519PublicKey(publicKey) &&
  signature.length === 64 &&
  hasNoSmallOrderPart(signature.subarray(0, 32)) &&
  ed25519.verify(signature, message, publicKey, { zip215: false });

/** Rule 1. A verifier that is passed in (Node's) asks this too, since OpenSSL does not. */
export function isEd25519PublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === 32 && hasNoSmallOrderPart(publicKey) && !isIdentity(publicKey);
}

function hasNoSmallOrderPart(encoded: Uint8Array): boolean {
  try {
    return ed25519.Point.fromBytes(encoded, false).isTorsionFree(); // false: only canonical encodings
  } catch {
    return false;
  }
}

/** The identity is the point (0, 1), encoded as 1 in little-endian order. */
const isIdentity = (encoded: Uint8Array): boolean =>
  encoded[0] === 1 && encoded.subarray(1).every((b) => b === 0);
