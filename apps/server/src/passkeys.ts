// Passkeys (WebAuthn level 3): a key that the browser or a stick of its owner holds, unlocked there by a PIN, a finger or a face, which makes it a
// second factor and a first. The desk keeps the public half. A passkey belongs to a name, never to a number: at an IP address there are none.
import { isIP } from 'node:net';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Kysely } from 'kysely';
import { keepChallenge, takeChallenge } from './challenges.ts';
import type { Problem } from './sampling.ts';
import { accountById, type AccountRow } from './signIn.ts';
import type { DeskTables } from './tables.ts';

/** Read when somebody asks for a passkey: a quarter of a second that no start needs. */
const webAuthn = () => import('@simplewebauthn/server');

interface Asked {
  readonly challenge: string;
}
export interface Challenge {
  readonly challenge: string;
  readonly options: { readonly challenge: string };
}

/** Why there are no passkeys at this address; undefined if there are. */
export function noPasskeysAt(origin: string): Problem | undefined {
  const { protocol, hostname } = new URL(origin);
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0)
    return {
      code: 'passkeys-need-a-name',
      expected: 'a name, as in https://audit.example.gov',
      found: origin,
    };
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (protocol !== 'https:' && !isHere)
    return { code: 'passkeys-need-https', expected: `https://${hostname}`, found: origin };
  return undefined;
}

export async function passkeysOf(db: Kysely<DeskTables>, account: string) {
  const rows = await db
    .selectFrom('passkeys')
    .selectAll()
    .where('account', '=', account)
    .orderBy('created')
    .execute();
  return rows.map(({ id, name, created, used }) => ({
    id,
    name,
    created,
    ...(used === null ? {} : { used }),
  }));
}

export async function askForNewPasskey(
  db: Kysely<DeskTables>,
  { id, login, name }: AccountRow,
  origin: string,
  now: Date,
): Promise<Challenge> {
  const { generateRegistrationOptions } = await webAuthn();
  const options = await generateRegistrationOptions({
    rpName: 'OpenCanvass',
    rpID: new URL(origin).hostname,
    userID: new TextEncoder().encode(id),
    userName: login,
    userDisplayName: name,
    attestationType: 'none',
    supportedAlgorithmIDs: [-8, -7, -257], // EdDSA, ES256, RS256: what every authenticator of today has one of
    excludeCredentials: (await passkeysOf(db, id)).map((p) => ({ id: p.id })),
    // Found without a login, and never without its owner's PIN, finger or face.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const challenge = await keepChallenge(db, 'new passkey', { challenge: options.challenge }, now, id);
  return { challenge, options };
}

export async function addPasskey(
  db: Kysely<DeskTables>,
  account: string,
  { challenge, name, credential }: { challenge: string; name: string; credential: unknown },
  origin: string,
  now: Date,
): Promise<Problem | undefined> {
  const asked = await takeChallenge<Asked>(db, 'new passkey', challenge, now, account);
  if (asked === undefined) return { code: 'challenge-over' };
  const { verifyRegistrationResponse } = await webAuthn();
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: credential as RegistrationResponseJSON,
      expectedChallenge: asked.challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
    });
    if (registrationInfo === undefined) return { code: 'passkey-refused' };
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('passkeys')
      .values({
        id,
        account,
        name,
        public_key: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: transports.join(' '),
        created: now.toISOString(),
        used: null,
      })
      .onConflict((c) => c.column('id').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n ? undefined : { code: 'passkey-known-already' };
  } catch (fault) {
    return refusedBecause(fault);
  }
}

export async function askForPasskey(db: Kysely<DeskTables>, origin: string, now: Date): Promise<Challenge> {
  const { generateAuthenticationOptions } = await webAuthn();
  const options = await generateAuthenticationOptions({
    rpID: new URL(origin).hostname,
    userVerification: 'required',
  });
  const challenge = await keepChallenge(db, 'passkey sign-in', { challenge: options.challenge }, now);
  return { challenge, options };
}

/** The account whose passkey signed what was asked. */
export async function checkPasskey(
  db: Kysely<DeskTables>,
  { challenge, credential }: { readonly challenge: string; readonly credential: { readonly id: string } },
  origin: string,
  now: Date,
): Promise<AccountRow | Problem> {
  const asked = await takeChallenge<Asked>(db, 'passkey sign-in', challenge, now);
  if (asked === undefined) return { code: 'challenge-over' };
  const kept = await db.selectFrom('passkeys').selectAll().where('id', '=', credential.id).executeTakeFirst();
  const account = kept === undefined ? undefined : await accountById(db, kept.account);
  if (kept === undefined || account === undefined || account.disabled !== 0)
    return { code: 'passkey-unknown' };
  const { verifyAuthenticationResponse } = await webAuthn();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential as unknown as AuthenticationResponseJSON,
      expectedChallenge: asked.challenge,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
      credential: {
        id: kept.id,
        publicKey: new Uint8Array(Buffer.from(kept.public_key, 'base64url')),
        counter: kept.counter,
        transports: kept.transports.split(' ').filter((t) => t !== ''),
      },
    });
    if (!verified) return { code: 'passkey-refused' };
    await db
      .updateTable('passkeys')
      .set({ counter: authenticationInfo.newCounter, used: now.toISOString() })
      .where('id', '=', kept.id)
      .execute();
    return account;
  } catch (fault) {
    return refusedBecause(fault);
  }
}

/** The library throws on every answer that is not right, its reason in words. */
const refusedBecause = (fault: unknown): Problem => {
  if (!(fault instanceof Error)) throw fault;
  return { code: 'passkey-refused', found: fault.message.slice(0, 300) };
};

export const removePasskey = async (
  db: Kysely<DeskTables>,
  account: string,
  id: string,
): Promise<boolean> => {
  const { numDeletedRows } = await db
    .deleteFrom('passkeys')
    .where('account', '=', account)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
};
