// Who is it? Accounts with a password (argon2id, RFC 9106) and an authenticator (TOTP, RFC 6238); audit boards with a code on paper and no account;
// sessions in the database, so that any server process knows them and none outlives being ended. Works with no internet.
import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Role } from '@opencanvass/contract';
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
  const password = paperCode(20);
  const secret = new Secret({ size: 20 });
  const id = randomBytes(8).toString('hex');
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('accounts')
    .values({
      id,
      login,
      name,
      role,
      jurisdiction: jurisdiction ?? null,
      password: await hashPassword(password),
      totp: secret.base32,
      totp_step: 0,
      disabled: 0,
      public_key: null,
      keyid: null,
    })
    .onConflict((c) => c.column('login').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) return undefined;
  return { id, password, totp: new TOTP({ issuer: 'OpenCanvass', label: login, secret }).toString() };
}

export type AccountRow = DeskTables['accounts'];

export const accountById = async (db: Kysely<DeskTables>, id: string): Promise<AccountRow | undefined> =>
  db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();

/** The account of login, password and digits; undefined where any of them is wrong, and not which. */
export async function checkAccount(
  db: Kysely<DeskTables>,
  { login, password, code }: { readonly login: string; readonly password: string; readonly code: string },
  now: Date,
): Promise<AccountRow | undefined> {
  const account = await db.selectFrom('accounts').selectAll().where('login', '=', login).executeTakeFirst();
  const right = await isPassword(password, account?.password ?? (await nobody));
  if (account === undefined || !right || account.disabled !== 0) return undefined;
  const totp = new TOTP({ secret: Secret.fromBase32(account.totp) });
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: 1 });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / 30_000) + delta;
  // One statement, so that of two processes that are given the same digits at once one is refused.
  const { numUpdatedRows } = await db
    .updateTable('accounts')
    .set({ totp_step: step })
    .where('id', '=', account.id)
    .where('totp_step', '<', step)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n ? account : undefined;
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
  const session = await db
    .selectFrom('sessions')
    .selectAll()
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
      .execute();
  const base = { csrf: session.csrf, until: new Date(until).toISOString(), tokenHash };
  if (session.account !== null) {
    const account = await accountById(db, session.account);
    if (account === undefined || account.disabled !== 0) return undefined;
    return {
      ...base,
      role: account.role as Who['role'],
      name: account.name,
      account: account.id,
      login: account.login,
      ...(account.jurisdiction === null ? {} : { jurisdiction: account.jurisdiction }),
      ...(account.keyid === null ? {} : { keyid: account.keyid }),
    };
  }
  const board = await db
    .selectFrom('boards')
    .selectAll()
    .where('code_hash', '=', session.board!)
    .executeTakeFirst();
  if (board === undefined) return undefined;
  return {
    ...base,
    role: 'audit board',
    name: board.name,
    jurisdiction: board.jurisdiction,
    members: JSON.parse(session.members!) as NonNullable<Who['members']>,
  };
}

export const endSession = async (db: Kysely<DeskTables>, tokenHash: string): Promise<void> =>
  void (await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute());

export const isCsrf = (who: Who, token: string | undefined): boolean => {
  const [a, b] = [Buffer.from(sha256(who.csrf)), Buffer.from(sha256(token ?? ''))];
  return timingSafeEqual(a, b);
};
