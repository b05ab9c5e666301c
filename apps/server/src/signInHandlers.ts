// What the routes of signing in and of accounts do. Whatever somebody tries to sign in with, and whatever changes how they can, is noted in the
// chain of attempts; ten failures of one login, or from one address, close it for a quarter of an hour.
import type { Output, Role, signInRoutes } from '@opencanvass/contract';
import { fromBase64, isEd25519PublicKey, toUtf8 } from '@opencanvass/evidence/bytes';
import type { JurisdictionId } from '@opencanvass/evidence/election';
import { nodeSha256, nodeVerifyEd25519 } from '@opencanvass/keeper';
import { noCookie, Refusal, sessionCookie, type Call, type Handlers } from './app.ts';
import { note } from './attempts.ts';
import type { AuditState } from './audit.ts';
import type { Desk } from './desk.ts';
import {
  addPasskey,
  askForNewPasskey,
  askForPasskey,
  checkPasskey,
  noPasskeysAt,
  passkeysOf,
  removePasskey,
} from './passkeys.ts';
import { peopleFault } from './rules.ts';
import type { Problem } from './sampling.ts';
import {
  accountById,
  beginSession,
  boardOf,
  changeAuthenticator,
  changePassword,
  checkAccount,
  createAccount,
  endSession,
  newRecoveryCodes,
  noteFailure,
  resetAccount,
  tooManyFailures,
  whoIs,
  type AccountRow,
  type Who,
} from './signIn.ts';
import { totpQr } from './totpQr.ts';

type Contract = typeof signInRoutes;

export const signInHandlers: Handlers<Contract> = {
  signInWays: async ({ origin, openId }) => {
    const whyNot = noPasskeysAt(origin)?.code;
    return {
      passkeys: whyNot === undefined,
      ...(whyNot === undefined ? {} : { whyNot }),
      ...(openId === undefined ? {} : { openId: { name: openId.settings.name } }),
    };
  },
  signIn: async (call) =>
    attempt(call, [`login ${call.body.login}`], call.body.login, async () => {
      const account = await checkAccount(call.desk.db, call.body, call.desk.now());
      if (account === undefined) return { code: 'sign-in-failed', found: call.body.login };
      return begin(call, account, /^[\d ]+$/.test(call.body.code) ? 'password and digits' : 'recovery code');
    }),
  passkeyChallenge: async ({ desk, origin }) => {
    atAName(origin);
    return askForPasskey(desk.db, origin, desk.now());
  },
  passkeySignIn: async (call) => {
    atAName(call.origin);
    return attempt(call, [], 'a passkey', async () => {
      const account = await checkPasskey(call.desk.db, call.body, call.origin, call.desk.now());
      return 'code' in account ? account : begin(call, account, 'passkey');
    });
  },
  openIdFlow: async ({ desk, origin, openId }) => {
    const begun = await directory(openId).begin(desk.db, origin, desk.now());
    if ('code' in begun) throw new Refusal(409, begun);
    return begun;
  },
  openIdSignIn: async (call) =>
    attempt(call, [], 'the directory', async () => {
      const account = await directory(call.openId).end(call.desk.db, call.body, call.origin, call.desk.now());
      return 'code' in account ? account : begin(call, account, 'directory');
    }),
  boardSignIn: async (call) => {
    const { desk, body } = call;
    const fault = peopleFault(body.members);
    if (fault !== undefined) throw new Refusal(422, fault);
    return attempt(call, [], 'a board', async () => {
      const board = await boardOf(desk.db, body.code);
      if (board === undefined) return { code: 'sign-in-failed' };
      const { name, jurisdiction } = board;
      return session(
        call,
        { board: board.code_hash, members: body.members },
        { board: name, jurisdiction, members: body.members },
      );
    });
  },
  whoAmI: async ({ desk, who }) => sessionOf(desk, who!),
  signOut: async ({ desk, who, setCookie }) => {
    await endSession(desk.db, who!.tokenHash);
    await note(desk.db, desk.now(), 'signed out', { who: who!.account ?? who!.name });
    setCookie(noCookie);
    return {};
  },

  // ── one's own account ──
  me: async ({ desk, who }) => {
    const row = await known(desk, who!.account!);
    const codes = await desk.db
      .selectFrom('recovery_codes')
      .select('code_hash')
      .where('account', '=', row.id)
      .execute();
    return {
      account: accountOf(row, await desk.state()),
      passkeys: await passkeysOf(desk.db, row.id),
      recoveryCodes: codes.length,
      hasPassword: row.password !== '',
    };
  },
  changePassword: async (call) => {
    const account = await proven(call);
    const { next } = call.body;
    if (next?.toLowerCase().includes(account.login.toLowerCase()) === true)
      throw new Refusal(422, {
        code: 'password-holds-login',
        expected: 'a password without the login in it',
      });
    const made = await changePassword(call.desk.db, account.id, next);
    await note(call.desk.db, call.desk.now(), 'password changed', { account: account.id });
    return { ...(await begin(call, account, 'the new password')), ...(next === undefined ? { made } : {}) };
  },
  newAuthenticator: async (call) => {
    const account = await proven(call);
    const totp = await changeAuthenticator(call.desk.db, account);
    await note(call.desk.db, call.desk.now(), 'authenticator changed', { account: account.id });
    return { totp, qr: await totpQr(totp) };
  },
  recoveryCodes: async (call) => {
    const account = await proven(call);
    const codes = await newRecoveryCodes(call.desk.db, account.id);
    await note(call.desk.db, call.desk.now(), 'recovery codes made', { account: account.id });
    return { codes };
  },
  newPasskey: async ({ desk, who, origin }) => {
    atAName(origin);
    return askForNewPasskey(desk.db, await known(desk, who!.account!), origin, desk.now());
  },
  addPasskey: async ({ desk, who, body, origin }) => {
    atAName(origin);
    const account = who!.account!;
    const problem = await addPasskey(desk.db, account, body, origin, desk.now());
    if (problem !== undefined) throw new Refusal(409, problem);
    await note(desk.db, desk.now(), 'passkey added', { account, name: body.name });
    return { passkeys: await passkeysOf(desk.db, account) };
  },
  removePasskey: async ({ desk, who, params }) => {
    const account = who!.account!;
    if (!(await removePasskey(desk.db, account, params.passkey)))
      throw new Refusal(404, { code: 'passkey-unknown' });
    await note(desk.db, desk.now(), 'passkey removed', { account });
    return { passkeys: await passkeysOf(desk.db, account) };
  },
  tellKey: async ({ desk, who, body }) => {
    const [publicKey, proof] = [fromBase64(body.publicKey), fromBase64(body.proof)];
    const account = await known(desk, who!.account!);
    if (publicKey === undefined || !isEd25519PublicKey(publicKey))
      throw new Refusal(422, { code: 'bad-key' });
    if (proof === undefined || !nodeVerifyEd25519(publicKey, toUtf8(keyProof(account.login)), proof))
      throw new Refusal(422, { code: 'bad-proof', expected: `a signature over ${keyProof(account.login)}` });
    const { keyids, withdrawnKeyids } = await desk.state();
    if (account.keyid !== null && keyids.has(account.keyid))
      throw new Refusal(409, { code: 'key-authorised-already', found: account.keyid });
    const keyid = Buffer.from(nodeSha256(publicKey)).toString('hex');
    if (withdrawnKeyids.has(keyid)) throw new Refusal(409, { code: 'key-withdrawn', found: keyid });
    await desk.db
      .updateTable('accounts')
      .set({ public_key: body.publicKey, keyid })
      .where('id', '=', account.id)
      .execute();
    return { keyid };
  },

  // ── everybody's accounts ──
  accounts: async ({ desk }) => {
    const rows = await desk.db.selectFrom('accounts').selectAll().orderBy('login').execute();
    const state = await desk.state();
    return { accounts: rows.map((row) => accountOf(row, state)) };
  },
  createAccount: async ({ desk, body, who }) => {
    if ((body.role === 'county manager') !== (body.jurisdiction !== undefined))
      throw new Refusal(422, {
        code: 'jurisdiction',
        expected: 'a county for a county manager, and for nobody else',
      });
    const state = await desk.state();
    if (body.jurisdiction !== undefined && !state.joined.has(body.jurisdiction as JurisdictionId))
      throw new Refusal(409, { code: 'unknown-jurisdiction', found: body.jurisdiction });
    const made = await createAccount(desk.db, body);
    if (made === undefined) throw new Refusal(409, { code: 'login-taken', found: body.login });
    await note(desk.db, desk.now(), 'account created', { by: who!.account, ...body });
    const row = (await accountById(desk.db, made.id))!;
    return {
      account: accountOf(row, state),
      password: made.password,
      totp: made.totp,
      qr: await totpQr(made.totp),
    };
  },
  resetAccount: async ({ desk, params, who }) => {
    const account = await known(desk, params.account);
    if (account.id === who!.account) throw new Refusal(409, { code: 'own-account' });
    if (account.password === '') throw new Refusal(409, { code: 'no-password-here', found: account.name });
    const secrets = await resetAccount(desk.db, account);
    await note(desk.db, desk.now(), 'account reset', { by: who!.account, account: account.id });
    return { ...secrets, qr: await totpQr(secrets.totp) };
  },
  disableAccount: async ({ desk, params, who }) => {
    const account = await known(desk, params.account);
    if (account.id === who!.account) throw new Refusal(409, { code: 'own-account' });
    await desk.db.updateTable('accounts').set({ disabled: 1 }).where('id', '=', account.id).execute();
    await desk.db.deleteFrom('sessions').where('account', '=', account.id).execute();
    await note(desk.db, desk.now(), 'account disabled', { by: who!.account, account: account.id });
    return {};
  },
};

/** What the holder of a key signs to prove that it is theirs. */
export const keyProof = (login: string): string => `opencanvass key of ${login}`;

type Entering = Pick<Call<Contract['signIn']>, 'desk' | 'address' | 'setCookie'>;
type Session = Output<Contract['signIn']>;

/** Tries to sign somebody in, unless too many have failed; a failure counts against the login and the address. */
async function attempt(
  { desk, address }: Entering,
  keys: readonly string[],
  who: string,
  enter: () => Promise<Session | Problem>,
): Promise<Session> {
  const [now, counted] = [desk.now(), [...keys, `address ${address}`]];
  if (await tooManyFailures(desk.db, counted, now))
    throw new Refusal(429, { code: 'too-many-failures', found: who });
  const entered = await enter();
  if (!('code' in entered)) return entered;
  await noteFailure(desk.db, counted, now);
  throw new Refusal(401, entered);
}

const begin = async (call: Entering, { id, login }: AccountRow, by: string): Promise<Session> =>
  session(call, { account: id }, { account: id, login, with: by });

async function session(
  { desk, address, setCookie }: Entering,
  of: Parameters<typeof beginSession>[1],
  noted: object,
): Promise<Session> {
  const { token } = await beginSession(desk.db, of, desk.now());
  await note(desk.db, desk.now(), 'signed in', { ...noted, address });
  setCookie(sessionCookie(token));
  return sessionOf(desk, (await whoIs(desk.db, token, desk.now()))!);
}

/** Who is signed in has shown password and digits again: what changes how one signs in is not done from an unattended screen. */
async function proven(
  call: Pick<Call<Contract['recoveryCodes']>, 'desk' | 'who' | 'body' | 'address'>,
): Promise<AccountRow> {
  const { desk, who, body, address } = call;
  const { login, password } = await known(desk, who!.account!);
  if (password === '') throw new Refusal(409, { code: 'no-password-here', found: login });
  const [now, keys] = [desk.now(), [`login ${login}`, `address ${address}`]];
  if (await tooManyFailures(desk.db, keys, now))
    throw new Refusal(429, { code: 'too-many-failures', found: login });
  const account = await checkAccount(desk.db, { ...body, login }, now);
  if (account !== undefined) return account;
  await noteFailure(desk.db, keys, now);
  throw new Refusal(403, { code: 'sign-in-failed', found: login });
}

function atAName(origin: string): void {
  const problem = noPasskeysAt(origin);
  if (problem !== undefined) throw new Refusal(409, problem);
}

function directory<T>(openId: T | undefined): T {
  if (openId === undefined) throw new Refusal(404, { code: 'no-directory' });
  return openId;
}

async function sessionOf(
  desk: Desk,
  { name, role, jurisdiction, csrf, until, account, login, keyid, members }: Who,
): Promise<Session> {
  return {
    who: name,
    role: role satisfies Role,
    ...(jurisdiction === undefined ? {} : { jurisdiction }),
    ...(login === undefined ? {} : { login }),
    ...(keyid === undefined ? {} : { keyid }),
    ...(account === undefined ? {} : { key: standing(keyid, await desk.state()) }),
    ...(members === undefined ? {} : { members: [...members] as NonNullable<Session['members']> }),
    csrf,
    until,
  };
}

const standing = (
  keyid: string | null | undefined,
  { keyids, withdrawnKeyids }: Keys,
): 'none' | 'waiting' | 'authorised' | 'withdrawn' => {
  if (keyid === null || keyid === undefined) return 'none';
  if (withdrawnKeyids.has(keyid)) return 'withdrawn';
  return keyids.has(keyid) ? 'authorised' : 'waiting';
};
type Keys = Pick<AuditState, 'keyids' | 'withdrawnKeyids'>;

export async function known(desk: Desk, id: string): Promise<AccountRow> {
  const account = await accountById(desk.db, id);
  if (account === undefined) throw new Refusal(404, { code: 'unknown-account', found: id });
  return account;
}

function accountOf(row: AccountRow, keys: Keys): Output<Contract['createAccount']>['account'] {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    role: row.role as Output<Contract['createAccount']>['account']['role'],
    ...(row.jurisdiction === null ? {} : { jurisdiction: row.jurisdiction }),
    disabled: row.disabled !== 0,
    key: standing(row.keyid, keys),
    ...(row.keyid === null ? {} : { keyid: row.keyid }),
  };
}
