// What was asked of somebody who is signing in and has not answered yet: good once, for ten minutes, for whoever holds its name. In the database,
// because the answer may come to another process.
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DeskTables } from './tables.ts';

export type ChallengeKind = 'passkey sign-in' | 'new passkey' | 'open id';

const lifeMs = 10 * 60_000;
const nameOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Keeps what is to be remembered, and gives the secret by which it is found again. */
export async function keepChallenge(
  db: Kysely<DeskTables>,
  kind: ChallengeKind,
  remembered: object,
  now: Date,
  account?: string,
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await db
    .deleteFrom('challenges')
    .where('at', '<', now.getTime() - lifeMs)
    .execute();
  await db
    .insertInto('challenges')
    .values({
      id: nameOf(secret),
      kind,
      remembered: JSON.stringify(remembered),
      account: account ?? null,
      at: now.getTime(),
    })
    .execute();
  return secret;
}

/** What was remembered, which is then forgotten: nobody can answer twice. Undefined where there is none, or it is too old. */
export async function takeChallenge<T>(
  db: Kysely<DeskTables>,
  kind: ChallengeKind,
  secret: string,
  now: Date,
  account?: string,
): Promise<T | undefined> {
  const taken = await db
    .deleteFrom('challenges')
    .where('id', '=', nameOf(secret))
    .where('kind', '=', kind)
    .where('account', account === undefined ? 'is' : '=', account ?? null)
    .returningAll()
    .executeTakeFirst();
  if (taken === undefined || taken.at < now.getTime() - lifeMs) return undefined;
  return JSON.parse(taken.remembered) as T;
}
