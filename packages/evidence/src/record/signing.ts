// Whose signature must an act carry? The acts that bind are signed by people's own keys, not only by the keeper's over the whole log:
// a keeper who invents a seal or a certificate would have to forge them. A key signs from the entry that authorises it to the one that withdraws it.
import { fromBase64, isEd25519PublicKey, sha256 as pureSha256, toHex, type Sha256 } from '../bytes/index.ts';
import type { Act, Bodies, EntryKind, Sha256Hex } from './entry.ts';

/** In a conducted record these carry at least one good signature of a key authorised for their kind. */
const bindingKinds: ReadonlySet<EntryKind> = new Set([
  'manifest sealed',
  'CVRs sealed',
  'seed drawn',
  'certificate signed',
  'statement made',
  'correction',
]);

/**
 * Must this act carry a signature? A reading of paper is signed with no key, since an audit board has none, and so is its correction: one that names
 * nothing but readings.
 */
export function mustBeSigned(
  { kind, about }: Pick<Act, 'kind' | 'about'>,
  kindAt: (position: number) => EntryKind | undefined,
): boolean {
  const named = about.entries ?? [];
  const ofReadings = named.length > 0 && named.every((p) => kindAt(p) === 'paper interpreted');
  return bindingKinds.has(kind) && !(kind === 'correction' && ofReadings);
}

interface AuthorisedKey {
  readonly publicKey: Uint8Array;
  /** Nothing, of the keeper's and of one that is withdrawn. */
  readonly signs: ReadonlySet<EntryKind>;
  readonly isKeepers: boolean;
  readonly isWithdrawn: boolean;
}

export class AuthorisedKeys {
  #keys = new Map<Sha256Hex, AuthorisedKey>();

  /** False where the body of a 'key authorised' is not one, its id not its key's, or the key authorised before. */
  admits(body: unknown, sha256: Sha256 = pureSha256): boolean {
    const { keyid, publicKey: base64, signs } = (body ?? {}) as Partial<Bodies['key authorised']>;
    const publicKey = typeof base64 === 'string' ? fromBase64(base64) : undefined;
    if (publicKey === undefined || keyid === undefined || !Array.isArray(signs)) return false;
    return isEd25519PublicKey(publicKey) && toHex(sha256(publicKey)) === keyid && !this.#keys.has(keyid);
  }

  /** Adds the key of an entry 'key authorised', if it admits it. */
  add(body: unknown, sha256: Sha256 = pureSha256): boolean {
    if (!this.admits(body, sha256)) return false;
    const { keyid, publicKey, signs, holder } = body as Bodies['key authorised'];
    this.#keys.set(keyid, {
      publicKey: fromBase64(publicKey)!,
      signs: new Set(signs),
      isKeepers: holder.role === 'keeper',
      isWithdrawn: false,
    });
    return true;
  }

  /** False where the body of a 'key withdrawn' names no key that is authorised now, or the log's own. */
  letsGo(body: unknown): boolean {
    const key = this.#keys.get((body as Bodies['key withdrawn']).keyid);
    return key !== undefined && !key.isKeepers && !key.isWithdrawn;
  }

  /** Withdraws the key of an entry 'key withdrawn', if there is one to let go. */
  withdraw(body: unknown): boolean {
    if (!this.letsGo(body)) return false;
    const { keyid } = body as Bodies['key withdrawn'];
    this.#keys.set(keyid, { ...this.#keys.get(keyid)!, signs: new Set(), isWithdrawn: true });
    return true;
  }

  isWithdrawn = (keyid: Sha256Hex): boolean => this.#keys.get(keyid)?.isWithdrawn === true;

  /** The public keys that may sign an act of this kind, by key id. */
  of(kind: EntryKind): ReadonlyMap<Sha256Hex, Uint8Array> {
    return new Map([...this.#keys].filter(([, k]) => k.signs.has(kind)).map(([id, k]) => [id, k.publicKey]));
  }
}
