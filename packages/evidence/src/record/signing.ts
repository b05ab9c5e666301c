// Whose signature must an act carry? The acts that bind are signed by people's own keys, not only by the keeper's over the whole log:
// a keeper who invents a seal or a certificate would have to forge them. A key signs from the entry that authorises it on.
import { fromBase64, sha256 as pureSha256, toHex, type Sha256 } from '../bytes/index.ts';
import type { Bodies, EntryKind, Sha256Hex } from './entry.ts';

/** In a conducted record these carry at least one good signature of a key authorised for their kind. */
export const bindingKinds: ReadonlySet<EntryKind> = new Set([
  'manifest sealed',
  'CVRs sealed',
  'seed drawn',
  'certificate signed',
  'statement made',
  'correction',
]);

export class AuthorisedKeys {
  #keys = new Map<Sha256Hex, { readonly publicKey: Uint8Array; readonly signs: ReadonlySet<EntryKind> }>();

  /** Adds the key of an entry 'key authorised'; false where the body's id is not that of its key, or the key was authorised before. */
  add(body: Bodies['key authorised'], sha256: Sha256 = pureSha256): boolean {
    const publicKey = fromBase64(body.publicKey);
    if (publicKey?.length !== 32 || toHex(sha256(publicKey)) !== body.keyid || this.#keys.has(body.keyid))
      return false;
    this.#keys.set(body.keyid, { publicKey, signs: new Set(body.signs) });
    return true;
  }

  /** The public keys that may sign an act of this kind, by key id. */
  of(kind: EntryKind): ReadonlyMap<Sha256Hex, Uint8Array> {
    return new Map([...this.#keys].filter(([, k]) => k.signs.has(kind)).map(([id, k]) => [id, k.publicKey]));
  }
}
