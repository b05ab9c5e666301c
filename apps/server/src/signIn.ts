// Who is it? Accounts with a password (argon2id, RFC 9106) and an authenticator (TOTP, RFC 6238) or a recovery code; audit boards with a code on
// paper and no account (passkeys and the state's directory have files of their own);
// sessions in the database, so that any server process knows them and none outlives being ended. Works with no internet.
import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Role } from '@opencanvass/contract';
import { storageFault } from '@opencanvass/keeper';
import type { Kysely } from 'kysely';
import { Secret, TOTP } from 'otpauth';
import type { DeskTables } from './tables.ts';

const hashing = promisify(argon2);

/** OWASP's first choice of parameters for argon2id: 19 MiB, two passes. */
const derive = async (password: string, salt: Buffer): Promise<Buffer> =>
  Buffer.from(
    await hashing('argon2id', {
      message: password.normalize('NFKC'),
      nonce: salt,
      parallelism: 1,
      tagLength: 32,
      memory: 19_456,
      passes: 2,
    }),
  );

const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`;
};

const isPassword = async (password: string, kept: string): Promise<boolean> => {
  const [salt, hash] = kept.split(':').map((part) => Buffer.from(part, 'hex'));
  return timingSafeEqual(await derive(password, salt!), hash!);
};

/** Of somebody who has no account: so that it takes as long to say so. */
const nobody = hashPassword(randomBytes(16).toString('hex'));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Letters and digits that nobody confuses on paper, 5 bits each. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
const paperCode = (length: number): string => {
  let code = '';
  while (code.length < length) {
    const five = randomBytes(1)[0]! & 31;
    if (five < alphabet.length) code += alphabet[five];
  }
  return code.match(/.{1,5}/g)!.join('-');
};

// ── accounts ──

export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly jurisdiction?: string | undefined;
}

/** Makes an account; undefined if the login is taken. The password is ours, so that it is never a weak one. */
export async function createAccount(
  db: Kysely<DeskTables>,
  { login, name, role, jurisdiction }: NewAccount,
): Promise<{ readonly id: string; readonly password: string; readonly totp: string } | undefined> {
  const { shown, kept } = await newSecrets(login);
  const id = randomBytes(8).toString('hex');
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('accounts')
    .values({ ...unused, id, login, name, role, jurisdiction: jurisdiction ?? null, ...kept })
    .onConflict((c) => c.column('login').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? { id, ...shown } : undefined;
}

const unused = { disabled: 0, public_key: null, keyid: null } as const;

/** A password and an authenticator's key: as they are shown once, and as they are kept. */
async function newSecrets(login: string) {
  const password = paperCode(20);
  const { totp, kept } = newAuthenticator(login);
  return { shown: { password, totp }, kept: { password: await hashPassword(password), ...kept } };
}

function newAuthenticator(login: string) {
  const secret = new Secret({ size: 20 });
  return {
    totp: new TOTP({ issuer: 'OpenCanvass', label: login, secret }).toString(),
    kept: { totp: secret.base32, totp_step: 0 },
  };
}

/** New secrets for an account, instead of all it had: what it signed in with before signs nobody in any more. */
export async function resetAccount(
  db: Kysely<DeskTables>,
  { id, login }: Pick<AccountRow, 'id' | 'login'>,
): Promise<{ readonly password: string; readonly totp: string }> {
  const { shown, kept } = await newSecrets(login);
  await db.updateTable('accounts').set(kept).where('id', '=', id).execute();
  for (const table of ['sessions', 'passkeys', 'recovery_codes'] as const)
    await db.deleteFrom(table).where('account', '=', id).execute();
  return shown;
}

/** The account of somebody whom the state's directory knows, with the role that it has now. No password of ours signs them in. */
export async function accountFromDirectory(
  db: Kysely<DeskTables>,
  { login, name, role, jurisdiction }: NewAccount,
): Promise<AccountRow> {
  const now = { name, role, jurisdiction: jurisdiction ?? null };
  const row = {
    ...unused,
    ...now,
    id: randomBytes(8).toString('hex'),
    login,
    password: '',
    totp: '',
    totp_step: 0,
  };
  return db
    .insertInto('accounts')
    .values(row)
    .onConflict((c) => c.column('login').doUpdateSet(now))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Another password: the one given, or one of ours. All sessions of the account end. */
export async function changePassword(
  db: Kysely<DeskTables>,
  account: string,
  given: string | undefined,
): Promise<string> {
  const password = given ?? paperCode(20);
  await db
    .updateTable('accounts')
    .set({ password: await hashPassword(password) })
    .where('id', '=', account)
    .execute();
  await db.deleteFrom('sessions').where('account', '=', account).execute();
  return password;
}

export async function changeAuthenticator(
  db: Kysely<DeskTables>,
  { id, login }: Pick<AccountRow, 'id' | 'login'>,
): Promise<string> {
  const { totp, kept } = newAuthenticator(login);
  await db.updateTable('accounts').set(kept).where('id', '=', id).execute();
  return totp;
}

/** Ten codes, each good once in place of the authenticator's digits, instead of those before. */
export async function newRecoveryCodes(db: Kysely<DeskTables>, account: string): Promise<string[]> {
  const codes = Array.from({ length: 10 }, () => paperCode(10));
  await db.deleteFrom('recovery_codes').where('account', '=', account).execute();
  await db
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ code_hash: sha256(plainCode(code)), account })))
    .execute();
  return codes;
}

export type AccountRow = DeskTables['accounts'];

export const accountById = async (db: Kysely<DeskTables>, id: string): Promise<AccountRow | undefined> =>
  db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();

/** The account of login, password and digits or recovery code; undefined where any of them is wrong, and not which. */
export async function checkAccount(
  db: Kysely<DeskTables>,
  { login, password, code }: { readonly login: string; readonly password: string; readonly code: string },
  now: Date,
): Promise<AccountRow | undefined> {
  const account = await db.selectFrom('accounts').selectAll().where('login', '=', login).executeTakeFirst();
  const kept = account === undefined || account.password === '' ? await nobody : account.password;
  const right = await isPassword(password, kept);
  if (account === undefined || !right || account.password === '' || account.disabled !== 0) return undefined;
  const digits = code.replaceAll(' ', '');
  const used = /^\d{6}$/.test(digits)
    ? await useDigits(db, account, digits, now)
    : await useRecoveryCode(db, account, code);
  return used ? account : undefined;
}

/** One statement uses them up, so that of two processes that are given the same digits (or code) at once one is refused. */
async function useDigits(
  db: Kysely<DeskTables>,
  account: AccountRow,
  token: string,
  now: Date,
): Promise<boolean> {
  const totp = new TOTP({ secret: Secret.fromBase32(account.totp) });
  const delta = totp.validate({ token, timestamp: now.getTime(), window: 1 });
  if (delta === null) return false;
  const step = Math.floor(now.getTime() / 30_000) + delta;
  const { numUpdatedRows } = await db
    .updateTable('accounts')
    .set({ totp_step: step })
    .where('id', '=', account.id)
    .where('totp_step', '<', step)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

async function useRecoveryCode(db: Kysely<DeskTables>, { id }: AccountRow, code: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('recovery_codes')
    .where('account', '=', id)
    .where('code_hash', '=', sha256(plainCode(code)))
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

// ── boards ──

export async function createBoard(
  db: Kysely<DeskTables>,
  jurisdiction: string,
  name: string,
  now: Date,
): Promise<string> {
  const code = paperCode(20);
  await db
    .insertInto('boards')
    .values({ code_hash: sha256(plainCode(code)), name, jurisdiction, created: now.toISOString() })
    .execute();
  return code;
}

/** As people type it: without hyphens and blanks, in any case. */
const plainCode = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

export const boardOf = async (db: Kysely<DeskTables>, code: string) =>
  db
    .selectFrom('boards')
    .selectAll()
    .where('code_hash', '=', sha256(plainCode(code)))
    .executeTakeFirst();

// ── too many failures ──

const failureWindow = 15 * 60_000;
const mostFailures = 10;

export async function tooManyFailures(
  db: Kysely<DeskTables>,
  keys: readonly string[],
  now: Date,
): Promise<boolean> {
  const counted = await db
    .selectFrom('failures')
    .select((e) => ['key', e.fn.countAll().as('n')])
    .where('key', 'in', keys)
    .where('at', '>', now.getTime() - failureWindow)
    .groupBy('key')
    .execute();
  return counted.some(({ n }) => Number(n) >= mostFailures);
}

export async function noteFailure(db: Kysely<DeskTables>, keys: readonly string[], now: Date): Promise<void> {
  await db
    .deleteFrom('failures')
    .where('at', '<', now.getTime() - failureWindow)
    .execute();
  await db
    .insertInto('failures')
    .values(keys.map((key) => ({ key, at: now.getTime() })))
    .execute();
}

// ── sessions ──

export const idleMs = 30 * 60_000;
export const wholeMs = 12 * 3_600_000;

export interface Who {
  readonly role: Exclude<Role, 'public'>;
  readonly name: string;
  readonly jurisdiction?: string;
  /** Of an account. */
  readonly account?: string;
  readonly login?: string;
  readonly keyid?: string;
  /** Of a board. */
  readonly members?: readonly { readonly name: string; readonly party: string }[];
  readonly csrf: string;
  readonly until: string;
  readonly tokenHash: string;
}

export async function beginSession(
  db: Kysely<DeskTables>,
  of: { readonly account: string } | { readonly board: string; readonly members: unknown },
  now: Date,
): Promise<{ readonly token: string; readonly tokenHash: string }> {
  const token = randomBytes(32).toString('base64url');
  await db
    .insertInto('sessions')
    .values({
      token_hash: sha256(token),
      account: 'account' in of ? of.account : null,
      board: 'board' in of ? of.board : null,
      members: 'board' in of ? JSON.stringify(of.members) : null,
      csrf: randomBytes(32).toString('base64url'),
      begun: now.getTime(),
      seen: now.getTime(),
    })
    .execute();
  return { token, tokenHash: sha256(token) };
}

/** Who a token belongs to; undefined where there is no such session, or it is over. */
export async function whoIs(db: Kysely<DeskTables>, token: string, now: Date): Promise<Who | undefined> {
  const tokenHash = sha256(token);
  // One question for the session and whose it is: it is asked before every answer.
  const session = await db
    .selectFrom('sessions')
    .leftJoin('accounts', 'accounts.id', 'sessions.account')
    .leftJoin('boards', 'boards.code_hash', 'sessions.board')
    .select(['sessions.begun', 'sessions.seen', 'sessions.csrf', 'sessions.members'])
    .select(['accounts.id', 'accounts.login', 'accounts.role', 'accounts.disabled', 'accounts.keyid'])
    .select(['accounts.name as person', 'accounts.jurisdiction as of'])
    .select(['boards.name as board', 'boards.jurisdiction as county'])
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  if (session === undefined) return undefined;
  const [begun, seen] = [session.begun, session.seen];
  const until = Math.min(begun + wholeMs, seen + idleMs);
  if (now.getTime() >= until) {
    await endSession(db, tokenHash);
    return undefined;
  }
  if (now.getTime() - seen > 60_000)
    await db
      .updateTable('sessions')
      .set({ seen: now.getTime() })
      .where('token_hash', '=', tokenHash)
      .execute()
      .catch((fault: unknown) => {
        if (storageFault(fault) !== 'full') throw fault; // on a full disk people go on reading
      });
  const base = { csrf: session.csrf, until: new Date(until).toISOString(), tokenHash };
  const { id, login, role, disabled, keyid, person, of, board, county, members } = session;
  if (id !== null && disabled === 0)
    return {
      ...base,
      role: role as Who['role'],
      name: person!,
      account: id,
      login: login!,
      ...(of === null ? {} : { jurisdiction: of }),
      ...(keyid === null ? {} : { keyid }),
    };
  if (board === null) return undefined;
  return {
    ...base,
    role: 'audit board',
    name: board,
    jurisdiction: county!,
    members: JSON.parse(members!) as NonNullable<Who['members']>,
  };
}

export const endSession = async (db: Kysely<DeskTables>, tokenHash: string): Promise<void> =>
  void (await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute());

export const isCsrf = (who: Who, token: string | undefined): boolean => {
  const [a, b] = [Buffer.from(sha256(who.csrf)), Buffer.from(sha256(token ?? ''))];
  return timingSafeEqual(a, b);
};
