// Signing in and out, and one's own account: a password with an authenticator's digits or a recovery code, a passkey, the state's own directory
// (OpenID Connect), or a board's code on paper.
import { z } from 'zod';
import { defineRoutes, type Role } from './route.ts';
import { account, base64, hex64, id, members, newAccount, session } from './shapes.ts';

export const everybody: readonly Role[] = [
  'state administrator',
  'county manager',
  'audit board',
  'canvass board',
  'observer',
  'public',
];
const signedIn = everybody.filter((r) => r !== 'public');
const withAccount = signedIn.filter((r) => r !== 'audit board');
export const state: readonly Role[] = ['state administrator'];
const empty = z.object({});

const password = z.string().max(200);
/** Six digits of the authenticator, or one of the recovery codes. */
const code = z.string().min(6).max(40);
const proven = z.object({ password, code });
/** The key of an authenticator: its otpauth address, and the same as a picture (SVG) for a telephone. */
const authenticator = z.object({ totp: z.string(), qr: z.string() });
const passkey = z.object({
  id: z.string(),
  name: z.string(),
  created: z.string(),
  used: z.string().optional(),
});
const passkeys = z.object({ passkeys: z.array(passkey) });
/** What the browser gives back (RegistrationResponseJSON, AuthenticationResponseJSON of WebAuthn level 3). */
const credential = z.looseObject({ id: z.string().max(2000), response: z.looseObject({}) });
/** `options` are the browser's to read: PublicKeyCredentialCreationOptionsJSON, or …RequestOptionsJSON. */
const challenge = z.object({ challenge: z.string(), options: z.looseObject({ challenge: z.string() }) });

export const signInRoutes = defineRoutes({
  // ── in and out ──
  signInWays: {
    method: 'GET',
    path: '/api/sign-in-ways',
    summary: 'By which ways one can sign in at this address; where passkeys cannot be used, why.',
    roles: everybody,
    response: z.object({
      passkeys: z.boolean(),
      /** 'passkeys-need-a-name', 'passkeys-need-https' */
      whyNot: z.string().optional(),
      openId: z.object({ name: z.string() }).optional(),
    }),
  },
  signIn: {
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in with a password and the six digits of an authenticator, or a recovery code.',
    roles: ['public'],
    body: z.object({ login: z.string().max(200), password, code }),
    response: session,
  },
  passkeyChallenge: {
    method: 'POST',
    path: '/api/passkey-challenges',
    summary: 'What a passkey must sign to sign in. Good once, for ten minutes.',
    roles: ['public'],
    response: challenge,
  },
  passkeySignIn: {
    method: 'POST',
    path: '/api/passkey-session',
    summary: 'Sign in with a passkey.',
    roles: ['public'],
    body: z.object({ challenge: z.string().max(100), credential }),
    response: session,
  },
  openIdFlow: {
    method: 'POST',
    path: '/api/open-id-flows',
    summary:
      'Begins to sign in at the state’s own directory: the address to go to, and what to keep for the way back.',
    roles: ['public'],
    response: z.object({ flow: z.string(), address: z.string() }),
  },
  openIdSignIn: {
    method: 'POST',
    path: '/api/open-id-session',
    summary: 'Ends it: with what was kept, and the query with which the directory sent the browser back.',
    roles: ['public'],
    body: z.object({ flow: z.string().max(100), query: z.string().max(8000) }),
    response: session,
  },
  boardSignIn: {
    method: 'POST',
    path: '/api/board-session',
    summary: 'An audit board begins its work with the code on its paper; both people say who they are.',
    roles: ['public'],
    body: z.object({ code: z.string().max(100), members }),
    response: session,
  },
  whoAmI: {
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in.',
    roles: signedIn,
    response: session,
  },
  signOut: { method: 'DELETE', path: '/api/session', summary: 'Sign out.', roles: signedIn, response: empty },

  // ── one's own account ──
  me: {
    method: 'GET',
    path: '/api/me',
    summary: 'One’s own account: its key, its passkeys, how many recovery codes are left.',
    roles: withAccount,
    response: z.object({
      account,
      passkeys: z.array(passkey),
      recoveryCodes: z.int(),
      /** False: one signs in by the state's directory, which keeps the password. */
      hasPassword: z.boolean(),
    }),
  },
  changePassword: {
    method: 'PUT',
    path: '/api/me/password',
    summary:
      'Another password: one’s own of twelve characters or more, or one that the desk makes. All other sessions end.',
    roles: withAccount,
    body: proven.extend({ next: z.string().min(12).max(200).optional() }),
    response: session.extend({ made: z.string().optional() }),
  },
  newAuthenticator: {
    method: 'POST',
    path: '/api/me/authenticator',
    summary: 'Another authenticator, for a new telephone. Its key is shown this once; the old one ends.',
    roles: withAccount,
    body: proven,
    response: authenticator,
  },
  recoveryCodes: {
    method: 'POST',
    path: '/api/me/recovery-codes',
    summary: 'Ten codes for paper, each good once in place of the digits. Those made before end.',
    roles: withAccount,
    body: proven,
    response: z.object({ codes: z.array(z.string()) }),
  },
  newPasskey: {
    method: 'POST',
    path: '/api/me/passkey-challenges',
    summary: 'What the browser must be given to make a passkey.',
    roles: withAccount,
    response: challenge,
  },
  addPasskey: {
    method: 'POST',
    path: '/api/me/passkeys',
    summary: 'Keeps a passkey that the browser made.',
    roles: withAccount,
    body: z.object({
      challenge: z.string().max(100),
      name: z.string().trim().min(1).max(60),
      credential,
    }),
    response: passkeys,
  },
  removePasskey: {
    method: 'DELETE',
    path: '/api/me/passkeys/{passkey}',
    summary: 'Ends a passkey.',
    roles: withAccount,
    params: z.object({ passkey: z.string().max(2000) }),
    response: passkeys,
  },
  tellKey: {
    method: 'PUT',
    path: '/api/me/key',
    summary:
      'Tells the desk the public key with which one signs what binds, proved by a signature over the login.',
    roles: withAccount.filter((r) => r !== 'observer'),
    body: z.object({ publicKey: base64, proof: base64 }),
    response: z.object({ keyid: hex64 }),
  },

  // ── everybody's accounts ──
  accounts: {
    method: 'GET',
    path: '/api/accounts',
    summary: 'All accounts.',
    roles: state,
    response: z.object({ accounts: z.array(account) }),
  },
  createAccount: {
    method: 'POST',
    path: '/api/accounts',
    summary: 'A new account. Password and authenticator key are shown this once.',
    roles: state,
    body: newAccount,
    response: authenticator.extend({ account, password: z.string() }),
  },
  resetAccount: {
    method: 'POST',
    path: '/api/accounts/{account}/reset',
    summary:
      'A new password and authenticator key for somebody who lost theirs, shown this once. Sessions, passkeys and recovery codes end.',
    roles: state,
    params: z.object({ account: id }),
    response: authenticator.extend({ password: z.string() }),
  },
  disableAccount: {
    method: 'POST',
    path: '/api/accounts/{account}/disable',
    summary: 'Ends an account and its sessions.',
    roles: state,
    params: z.object({ account: id }),
    response: empty,
  },
});
