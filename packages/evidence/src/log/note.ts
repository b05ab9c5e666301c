// A note is a text and, below a blank line, the lines of those who signed it: C2SP signed-note. Two kinds of signature are
// known: 0x01, Ed25519 over the text, by which a log signs; and 0x04, `cosignature/v1`, by which a witness says at what time
// it saw the text (C2SP tlog-cosignature).
import { concatBytes, fromBase64, fromUtf8, isEd25519PublicKey, toHex, toUtf8 } from '../bytes/index.ts';
import { sha256 as pureSha256, verifyEd25519 as pureVerify } from '../bytes/index.ts';
import type { Sha256, VerifyEd25519 } from '../bytes/index.ts';

export interface NoteSignature {
  readonly name: string;
  /** Four bytes as eight hex digits. */
  readonly keyId: string;
  /** What follows the key id. */
  readonly signature: Uint8Array;
}

export interface Note {
  /** To its final newline, without the blank line. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export type NoteFault =
  | { readonly code: 'note-not-utf8' }
  /** A character below U+0020 other than a newline. `at` counts UTF-16 code units. */
  | { readonly code: 'note-control-character'; readonly at: number }
  | { readonly code: 'note-no-final-newline' }
  /** No blank line, or nothing after the last one. */
  | { readonly code: 'note-no-signatures' }
  | { readonly code: 'note-too-many-signatures'; readonly found: number }
  /** 1-based line of the note. */
  | { readonly code: 'note-signature-line'; readonly line: number; readonly found: string };

export type NoteReading =
  | { readonly ok: true; readonly note: Note }
  | { readonly ok: false; readonly fault: NoteFault };

/** signed-note asks for a limit, and that it be at least 16. */
export const mostSignatures = 100;

export function parseNote(bytes: Uint8Array): NoteReading {
  const whole = fromUtf8(bytes);
  if (whole === undefined) return { ok: false, fault: { code: 'note-not-utf8' } };
  const control = whole.search(/[^\n -\uFFFF]/); // neither a newline nor U+0020 or above
  if (control >= 0) return { ok: false, fault: { code: 'note-control-character', at: control } };
  if (!whole.endsWith('\n')) return { ok: false, fault: { code: 'note-no-final-newline' } };
  const blank = whole.lastIndexOf('\n\n');
  if (blank < 0 || blank + 2 === whole.length) return { ok: false, fault: { code: 'note-no-signatures' } };
  const text = whole.slice(0, blank + 1);
  const lines = whole.slice(blank + 2, -1).split('\n');
  if (lines.length > mostSignatures)
    return { ok: false, fault: { code: 'note-too-many-signatures', found: lines.length } };
  const signatures: NoteSignature[] = [];
  for (const [i, line] of lines.entries()) {
    const signature = parseSignatureLine(line);
    const lineNumber = text.split('\n').length + 1 + i;
    if (signature === undefined)
      return { ok: false, fault: { code: 'note-signature-line', line: lineNumber, found: line } };
    signatures.push(signature);
  }
  return { ok: true, note: { text, signatures } };
}

/** Em dash, space, key name, space, base64 of the key id and the signature. */
function parseSignatureLine(line: string): NoteSignature | undefined {
  const [dash, name, base64, ...rest] = line.split(' ');
  if (dash !== '\u2014' || name === undefined || base64 === undefined || rest.length > 0) return undefined;
  const bytes = fromBase64(base64);
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** Neither empty, nor with a Unicode space or a plus. */
export const isKeyName = (name: string): boolean => name !== '' && !/[\p{White_Space}+]/u.test(name);

// ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Signature types of signed-note that we know. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureType = keyof typeof signatureTypes;

export interface VerifierKey {
  readonly name: string;
  readonly type: SignatureType;
  readonly keyId: string;
  readonly publicKey: Uint8Array;
}

/** SHA-256(name || 0x0A || type || public key), its first four bytes. */
export function keyIdOf(
  name: string,
  type: SignatureType,
  publicKey: Uint8Array,
  sha256: Sha256 = pureSha256,
): string {
  const digest = sha256(concatBytes(toUtf8(`${name}\n`), new Uint8Array([signatureTypes[type]]), publicKey));
  return toHex(digest.subarray(0, 4));
}

export type VerifierKeyFault =
  | { readonly code: 'key-malformed' }
  | { readonly code: 'key-type-unknown'; readonly found: number }
  /** Not 32 bytes that encode a point of prime order. */
  | { readonly code: 'key-not-ed25519' }
  | { readonly code: 'key-id-differs'; readonly computed: string; readonly found: string };

export type VerifierKeyReading =
  | { readonly ok: true; readonly key: VerifierKey }
  | { readonly ok: false; readonly fault: VerifierKeyFault };

/** Reads `name+key id+base64 of type and public key`, as signed-note writes verifier keys. */
export function parseVerifierKey(text: string, sha256: Sha256 = pureSha256): VerifierKeyReading {
  const [, name, keyId, base64] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const bytes = base64 === undefined ? undefined : fromBase64(base64);
  if (
    name === undefined ||
    keyId === undefined ||
    bytes === undefined ||
    !isKeyName(name) ||
    !name.isWellFormed()
  )
    return { ok: false, fault: { code: 'key-malformed' } };
  const type = (Object.keys(signatureTypes) as SignatureType[]).find((t) => signatureTypes[t] === bytes[0]);
  if (type === undefined) return { ok: false, fault: { code: 'key-type-unknown', found: bytes[0]! } };
  const publicKey = bytes.subarray(1);
  if (!isEd25519PublicKey(publicKey)) return { ok: false, fault: { code: 'key-not-ed25519' } };
  const computed = keyIdOf(name, type, publicKey, sha256);
  if (computed !== keyId) return { ok: false, fault: { code: 'key-id-differs', computed, found: keyId } };
  return { ok: true, key: { name, type, keyId, publicKey } };
}

// ── Signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What is to be said of one signature line. */
export type SignatureAnswer = {
  readonly name: string;
  readonly keyId: string;
} & (
  | { readonly code: 'signature-verified'; readonly type: 'ed25519' }
  /** `time`: when the witness says it saw the text, in seconds since 1970. */
  | { readonly code: 'signature-verified'; readonly type: 'cosignature'; readonly time: number }
  | { readonly code: 'signature-false' }
  /** None of the keys at hand: ignored, as signed-note asks, but told. */
  | { readonly code: 'signature-of-unknown-key' }
  /** The same key has signed on a line above. */
  | { readonly code: 'signature-repeated' }
);

/** One answer for each signature line, in their order. */
export function checkSignatures(
  note: Note,
  keys: readonly VerifierKey[],
  verify: VerifyEd25519 = pureVerify,
): SignatureAnswer[] {
  const seen = new Set<string>();
  return note.signatures.map(({ name, keyId, signature }) => {
    const key = keys.find((k) => k.name === name && k.keyId === keyId);
    if (key === undefined) return { name, keyId, code: 'signature-of-unknown-key' };
    const id = `${name}+${keyId}`;
    if (seen.has(id)) return { name, keyId, code: 'signature-repeated' };
    seen.add(id);
    return { name, keyId, ...checkSignature(note.text, key, signature, verify) };
  });
}

type KnownKeyAnswer =
  | { readonly code: 'signature-verified'; readonly type: 'ed25519' }
  | { readonly code: 'signature-verified'; readonly type: 'cosignature'; readonly time: number }
  | { readonly code: 'signature-false' };

function checkSignature(
  text: string,
  key: VerifierKey,
  signature: Uint8Array,
  verify: VerifyEd25519,
): KnownKeyAnswer {
  if (key.type === 'ed25519')
    return verify(key.publicKey, toUtf8(text), signature)
      ? { code: 'signature-verified', type: 'ed25519' }
      : { code: 'signature-false' };
  const time = cosignatureTime(signature);
  return time !== undefined && verify(key.publicKey, cosignedMessage(text, time), signature.subarray(8))
    ? { code: 'signature-verified', type: 'cosignature', time }
    : { code: 'signature-false' };
}

/** tlog-cosignature: eight bytes, big-endian, seconds since 1970; then the Ed25519 signature. */
function cosignatureTime(signature: Uint8Array): number | undefined {
  if (signature.length !== 72) return undefined;
  const time = signature.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(time) ? time : undefined;
}

/** What a witness signs: tlog-cosignature, "Ed25519 signed message". */
export const cosignedMessage = (text: string, time: number): Uint8Array =>
  toUtf8(`cosignature/v1\ntime ${time}\n${text}`);
