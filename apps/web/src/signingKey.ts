// The key with which a person signs what binds (decisions/0011). It is made in the browser, kept in the browser's own store as a key that can sign
// and cannot be read out, and never goes to the desk. Whoever wants to sign from another browser too saves it once, when it is made, as
// a file closed with a passphrase (PBKDF2-HMAC-SHA-256, AES-256-GCM).
import { fromBase64, toBase64, toHex, toUtf8 } from '@opencanvass/evidence/bytes';
import { preAuthEncoding } from '@opencanvass/evidence/log';

export interface SigningKey {
  readonly login: string;
  readonly keyid: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly privateKey: CryptoKey;
}

/** What a person signs to prove that a key is theirs. */
const proofOf = (login: string): Uint8Array => toUtf8(`opencanvass key of ${login}`);

/** Rounds of PBKDF2: OWASP's for SHA-256. */
const iterations = 600_000;

export async function makeKey(
  login: string,
  passphrase?: string,
): Promise<{ key: SigningKey; file?: string }> {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const key = await keep(login, publicKey, pkcs8);
  const file = passphrase === undefined ? undefined : await closed(login, publicKey, pkcs8, passphrase);
  pkcs8.fill(0);
  return file === undefined ? { key } : { key, file };
}

/** Opens a key file; undefined where it is none, is another's, or the passphrase is another. */
export async function openKeyFile(
  login: string,
  text: string,
  passphrase: string,
): Promise<SigningKey | undefined> {
  try {
    const read = JSON.parse(text) as Record<string, string>;
    const [publicKey, salt, iv, sealed] = [read['publicKey'], read['salt'], read['iv'], read['sealed']].map(
      (part) => new Uint8Array(fromBase64(part ?? '')!),
    ) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
    if (read['login'] !== login) return undefined;
    const pkcs8 = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: bound(login, publicKey) },
      await wrapping(passphrase, salt),
      sealed,
    );
    return await keep(login, publicKey, new Uint8Array(pkcs8));
  } catch {
    return undefined;
  }
}

/** A signature of each act, as the desk wants them. `payloads`: base64 of what is signed. */
export async function signaturesOf(
  key: SigningKey,
  payloadType: string,
  payloads: readonly string[],
): Promise<{ keyid: string; sigs: string[] }> {
  const sigs: string[] = [];
  for (const payload of payloads)
    sigs.push(await sign(key, preAuthEncoding(payloadType, fromBase64(payload)!)));
  return { keyid: key.keyid, sigs };
}

export const proofFor = async (key: SigningKey): Promise<{ publicKey: string; proof: string }> => ({
  publicKey: toBase64(key.publicKey),
  proof: await sign(key, proofOf(key.login)),
});

const sign = async ({ privateKey }: SigningKey, bytes: Uint8Array): Promise<string> =>
  toBase64(new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(bytes))));

// ── the file ──

async function closed(
  login: string,
  publicKey: Uint8Array<ArrayBuffer>,
  pkcs8: Uint8Array<ArrayBuffer>,
  passphrase: string,
): Promise<string> {
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bound(login, publicKey) },
    await wrapping(passphrase, salt),
    pkcs8,
  );
  return `${JSON.stringify(
    {
      is: 'opencanvass signing key, closed with a passphrase',
      login,
      publicKey: toBase64(publicKey),
      salt: toBase64(salt),
      iv: toBase64(iv),
      sealed: toBase64(new Uint8Array(sealed)),
    },
    undefined,
    2,
  )}\n`;
}

/** The file's login and public key cannot be changed without the passphrase either. */
const bound = (login: string, publicKey: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(toUtf8(`${login}\n${toBase64(publicKey)}`));

async function wrapping(passphrase: string, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const phrase = new Uint8Array(toUtf8(passphrase.normalize('NFKC')));
  const material = await crypto.subtle.importKey('raw', phrase, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

// ── the browser's store ──

async function keep(
  login: string,
  publicKey: Uint8Array<ArrayBuffer>,
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<SigningKey> {
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const keyid = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey)));
  const key: SigningKey = { login, keyid, publicKey, privateKey };
  await inStore('readwrite', (store) => store.put(key, login));
  return key;
}

/** The key of a login in this browser, if it has one. */
export const keptKey = async (login: string): Promise<SigningKey | undefined> =>
  (await inStore('readonly', (store) => store.get(login))) as SigningKey | undefined;

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opening = indexedDB.open('opencanvass', 1);
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('keys'));
  const db = await settled(opening);
  try {
    return await settled(act(db.transaction('keys', mode).objectStore('keys')));
  } finally {
    db.close();
  }
}

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser’s store failed')));
  });
