// The body of an entry lies beside the log; the log holds only its salted digest. Here is what both who writes a record and who checks it
// must agree on to the byte: the digest, which files a body names, how big a body may be, and which bodies are never sealed.
import {
  canonicalJson,
  concatBytes,
  sha256 as pureSha256,
  toHex,
  toUtf8,
  type Sha256,
} from '../bytes/index.ts';
import type { EntryKind, FileRef, Sha256Hex } from './entry.ts';

export const saltBytes = 32;

/** A body bigger than this belongs into a file. Bytes of its canonical JSON. */
export const maxBodyBytes = 1 << 20;

const prefix = toUtf8('opencanvass/body/v1\n');

/** SHA-256("opencanvass/body/v1\n" || salt || canonical JSON of the body): specs/record.md, "bodies". */
export const bodyDigest = (salt: Uint8Array, body: unknown, sha256: Sha256 = pureSha256): Sha256Hex =>
  toHex(sha256(concatBytes(prefix, salt, canonicalJson(body))));

/** Bodies without which the rest cannot be read or checked by anybody: they are published with their entries. */
export const openKinds: ReadonlySet<EntryKind> = new Set([
  'election defined',
  'jurisdiction joined',
  'key authorised',
  'key withdrawn',
  'seal opened',
]);

/** The files that a body names, each once: every object in it, at any depth, with exactly the three members of a FileRef. */
export function filesNamed(body: unknown): FileRef[] {
  const found = new Map<Sha256Hex, FileRef>();
  const visit = (value: unknown): void => {
    if (isFileRef(value)) {
      if (!found.has(value.sha256)) found.set(value.sha256, value);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(body);
  return [...found.values()];
}

export function isFileRef(value: unknown): value is FileRef {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false;
  const { name, sha256, bytes } = value as { name?: unknown; sha256?: unknown; bytes?: unknown };
  return (
    typeof name === 'string' &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof bytes === 'number' &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0
  );
}
