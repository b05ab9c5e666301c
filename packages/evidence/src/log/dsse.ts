// Who signed these bytes, and as what? DSSE v1 (github.com/secure-systems-lab/dsse, protocol.md): the type of the payload is
// signed with it, so that a signature under one kind of document cannot be moved under another, and several may sign.
import {
  concatBytes,
  fromBase64,
  sha256 as pureSha256,
  toHex,
  toUtf8,
  verifyEd25519 as pureVerify,
} from '../bytes/index.ts';
import type { Sha256, VerifyEd25519 } from '../bytes/index.ts';

/** The payload type of an act of an election record. */
export const actPayloadType = 'application/vnd.opencanvass.act+json';

/** PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body, lengths in bytes, decimal. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = toUtf8(payloadType);
  return concatBytes(toUtf8(`DSSEv1 ${type.length} `), type, toUtf8(` ${payload.length} `), payload);
}

export interface DsseSignature {
  /** The SHA-256 of the 32-byte public key, in hex. DSSE leaves it to us; it is a hint only. */
  readonly keyid: string;
  /** Base64 of the 64-byte Ed25519 signature. */
  readonly sig: string;
}

export const dsseKeyId = (publicKey: Uint8Array, sha256: Sha256 = pureSha256): string =>
  toHex(sha256(publicKey));

export interface DsseAnswer {
  readonly keyid: string;
  readonly code:
    | 'signature-verified'
    | 'signature-false'
    /** Not the base64 of 64 bytes. */
    | 'signature-malformed'
    | 'signature-of-unknown-key'
    /** The same key has signed above: it counts once. */
    | 'signature-repeated';
}

/** One answer for each signature, in their order. `keys`: public keys by key id. */
export function checkDsse(
  signed: {
    readonly payloadType: string;
    readonly payload: Uint8Array;
    readonly signatures: readonly DsseSignature[];
  },
  keys: ReadonlyMap<string, Uint8Array>,
  verify: VerifyEd25519 = pureVerify,
): DsseAnswer[] {
  const message = preAuthEncoding(signed.payloadType, signed.payload);
  const seen = new Set<string>();
  return signed.signatures.map(({ keyid, sig }) => {
    const key = keys.get(keyid);
    if (key === undefined) return { keyid, code: 'signature-of-unknown-key' };
    if (seen.has(keyid)) return { keyid, code: 'signature-repeated' };
    seen.add(keyid);
    const signature = fromBase64(sig);
    if (signature?.length !== 64) return { keyid, code: 'signature-malformed' };
    return { keyid, code: verify(key, message, signature) ? 'signature-verified' : 'signature-false' };
  });
}
