// Signing: the log its checkpoints, witnesses the checkpoints that they saw, people their acts.
import { concatBytes, equalBytes, fromBase64, fromHex, toBase64, toUtf8 } from '@opencanvass/evidence/bytes';
import {
  checkConsistency,
  checkSignatures,
  checkpointText,
  cosignedMessage,
  dsseKeyId,
  isKeyName,
  keyIdOf,
  parseCheckpoint,
  parseNote,
  preAuthEncoding,
  signatureTypes,
} from '@opencanvass/evidence/log';
import type {
  Checkpoint,
  CheckpointFault,
  DsseSignature,
  NoteFault,
  ProofFault,
  SignatureType,
  VerifierKey,
} from '@opencanvass/evidence/log';
import { nodeSha256, nodeVerifyEd25519, signEd25519, signingKeyFromSeed } from '../crypto.ts';
import type { SigningKey } from '../crypto.ts';

/** A name that signs notes: of a log, its origin; of a witness, its own. */
export interface Signer {
  readonly name: string;
  readonly key: SigningKey;
}

export function verifierKey({ name, key }: Signer, type: SignatureType): VerifierKey {
  if (!isKeyName(name))
    throw new RangeError(`a key name is not empty and has neither space nor plus: ${JSON.stringify(name)}`);
  return { name, type, keyId: keyIdOf(name, type, key.publicKey, nodeSha256), publicKey: key.publicKey };
}

/** As signed-note writes a verifier key: name+key id+base64. */
export const verifierKeyText = ({ name, type, keyId, publicKey }: VerifierKey): string =>
  `${name}+${keyId}+${toBase64(concatBytes(new Uint8Array([signatureTypes[type]]), publicKey))}`;

/** As Go's sumdb/note writes a signer key, to be kept secret: PRIVATE+KEY+name+key id+base64. */
export const signerKeyText = (signer: Signer, type: SignatureType): string =>
  `PRIVATE+KEY+${signer.name}+${verifierKey(signer, type).keyId}+${toBase64(
    concatBytes(new Uint8Array([signatureTypes[type]]), signer.key.seed),
  )}`;

/** The signer and its type, or undefined if the text is no signer key or its key id is another key's. */
export function parseSignerKey(
  text: string,
): { readonly signer: Signer; readonly type: SignatureType } | undefined {
  const [, name, keyId, base64] =
    /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const bytes = base64 === undefined ? undefined : fromBase64(base64);
  const type = (Object.keys(signatureTypes) as SignatureType[]).find((t) => signatureTypes[t] === bytes?.[0]);
  if (name === undefined || !isKeyName(name) || bytes?.length !== 33 || type === undefined) return undefined;
  const signer = { name, key: signingKeyFromSeed(bytes.slice(1)) };
  return verifierKey(signer, type).keyId === keyId ? { signer, type } : undefined;
}

/** A signed note with one Ed25519 signature. Throws on a text that cannot be a note's. */
export function signNote(text: string, signer: Signer): Uint8Array {
  const signature = signEd25519(signer.key, toUtf8(text));
  const note = toUtf8(`${text}\n${signatureLine(verifierKey(signer, 'ed25519'), signature)}`);
  const reading = parseNote(note);
  if (!reading.ok || reading.note.text !== text) throw new RangeError('not the text of a note');
  return note;
}

/** The log's own act: the file `checkpoint`. The signer's name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): Uint8Array {
  if (checkpoint.origin !== signer.name)
    throw new RangeError(`the log ${checkpoint.origin} is not signed by ${signer.name}`);
  return signNote(checkpointText(checkpoint), signer);
}

const signatureLine = ({ name, keyId }: VerifierKey, signature: Uint8Array): string =>
  `\u2014 ${name} ${toBase64(concatBytes(fromHex(keyId)!, signature))}\n`;

export type CosigningFault =
  | NoteFault
  | CheckpointFault
  | { readonly code: 'log-signature-missing' }
  | { readonly code: 'history-other-log'; readonly older: string; readonly newer: string }
  | ProofFault;

export type Cosigning =
  /** The note with the witness's line added, and what to remember as seen. */
  | { readonly ok: true; readonly note: Uint8Array; readonly seen: Checkpoint }
  | { readonly ok: false; readonly fault: CosigningFault };

/**
 * A witness's act (C2SP tlog-cosignature): it signs a checkpoint only if the log signed it and it continues the last one that
 * this witness saw. The caller keeps `seen` durably before it gives the note away. `time`: seconds since 1970.
 */
export function cosign(
  noteBytes: Uint8Array,
  { logKey, seen, proof }: { logKey: VerifierKey; seen?: Checkpoint; proof: readonly Uint8Array[] },
  witness: Signer,
  time: number,
): Cosigning {
  if (!Number.isSafeInteger(time) || time < 0) throw new RangeError(`${time} is no time in seconds`);
  const reading = parseNote(noteBytes);
  if (!reading.ok) return reading;
  const parsed = parseCheckpoint(reading.note.text);
  if (!parsed.ok) return parsed;
  const { checkpoint } = parsed;
  const answers = checkSignatures(reading.note, [logKey], nodeVerifyEd25519);
  if (logKey.name !== checkpoint.origin || !answers.some((a) => a.code === 'signature-verified'))
    return { ok: false, fault: { code: 'log-signature-missing' } };
  if (seen !== undefined) {
    if (seen.origin !== checkpoint.origin)
      return {
        ok: false,
        fault: { code: 'history-other-log', older: seen.origin, newer: checkpoint.origin },
      };
    const claim = {
      oldSize: seen.size,
      newSize: checkpoint.size,
      oldRoot: seen.root,
      newRoot: checkpoint.root,
      proof,
    };
    const answer = checkConsistency(claim, nodeSha256);
    if (!answer.ok) return answer;
  }
  const message = cosignedMessage(reading.note.text, time);
  const stamp = new Uint8Array(8);
  new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
  const line = signatureLine(
    verifierKey(witness, 'cosignature'),
    concatBytes(stamp, signEd25519(witness.key, message)),
  );
  return { ok: true, note: concatBytes(noteBytes, toUtf8(line)), seen: checkpoint };
}

/** One DSSE signature for each key, over the payload and its type. Throws if a key stands twice. */
export function signDsse(
  payloadType: string,
  payload: Uint8Array,
  keys: readonly SigningKey[],
): DsseSignature[] {
  for (const [i, key] of keys.entries())
    if (keys.slice(0, i).some((k) => equalBytes(k.publicKey, key.publicKey)))
      throw new RangeError('one key signs once');
  const message = preAuthEncoding(payloadType, payload);
  return keys.map((key) => ({
    keyid: dsseKeyId(key.publicKey, nodeSha256),
    sig: toBase64(signEd25519(key, message)),
  }));
}
