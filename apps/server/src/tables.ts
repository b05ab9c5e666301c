// What the desk keeps besides the record: who may sign in, who is signed in, files not yet sealed, acts waiting for their signature, and the
// chain of sign-ins and refused attempts. Nothing here decides what an audit came to: that is the record alone.
import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

export interface DeskTables {
  accounts: {
    id: string;
    login: string;
    name: string;
    role: string;
    jurisdiction: string | null;
    /** argon2id: salt and hash, hex. Empty: somebody of the state's directory, who has none here. */
    password: string;
    totp: string;
    /** The last time step whose digits were used: none is good twice. */
    totp_step: number;
    disabled: number;
    public_key: string | null;
    keyid: string | null;
  };
  passkeys: {
    /** The credential's, base64url. */
    id: string;
    account: string;
    name: string;
    public_key: string;
    counter: number;
    transports: string;
    created: string;
    used: string | null;
  };
  recovery_codes: { code_hash: string; account: string };
  challenges: {
    /** SHA-256 of the secret that its holder gives back. */
    id: string;
    kind: string;
    remembered: string;
    account: string | null;
    at: number;
  };
  boards: { code_hash: string; name: string; jurisdiction: string; created: string };
  sessions: {
    /** SHA-256 of the token: who reads this table cannot sign in with it. */
    token_hash: string;
    account: string | null;
    board: string | null;
    /** JSON: the two people of a board. */
    members: string | null;
    csrf: string;
    begun: number;
    seen: number;
  };
  failures: { key: string; at: number };
  uploads: {
    jurisdiction: string;
    /** 'manifest', 'cvrs', or 'totals ' and the contest. */
    what: string;
    name: string;
    sha256: string;
    bytes: number;
    reader: string;
    rows_read: number;
    rows_refused: number;
  };
  prepared: { id: string; account: string; rule: string; input: string; acts: string; at: number };
  /** Simulated once: what the key's files and risk limit came to, as JSON. */
  plans: { key: string; methods: string };
  attempts: { row: number; at: string; what: string; detail: string; hash: string };
}

/** Makes a table: its texts, its integers, its texts that may be absent, its key. */
const tableMaker =
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration knows no tables yet
  (db: Kysely<any>) =>
    async (name: string, texts: string[], integers: string[], nullable: string[], key: string[]) => {
      let building = db.schema.createTable(name);
      for (const [columns, type] of [
        [texts, 'text'],
        [integers, 'bigint'],
        [nullable, 'text'],
      ] as const)
        for (const column of columns)
          building = building.addColumn(column, type, (c) => (columns === nullable ? c : c.notNull()));
      await building.addPrimaryKeyConstraint(`${name}_key`, key as never).execute();
    };

const migrations: Record<string, Migration> = {
  '0001-desk': {
    up: async (db) => {
      const table = tableMaker(db);
      await table(
        'accounts',
        ['id', 'login', 'name', 'role', 'password', 'totp'],
        ['totp_step', 'disabled'],
        ['jurisdiction', 'public_key', 'keyid'],
        ['id'],
      );
      await db.schema.createIndex('accounts_login').on('accounts').column('login').unique().execute();
      await table('boards', ['code_hash', 'name', 'jurisdiction', 'created'], [], [], ['code_hash']);
      await table(
        'sessions',
        ['token_hash', 'csrf'],
        ['begun', 'seen'],
        ['account', 'board', 'members'],
        ['token_hash'],
      );
      await db.schema
        .createTable('failures')
        .addColumn('key', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('failures_key').on('failures').columns(['key', 'at']).execute();
      await table(
        'uploads',
        ['jurisdiction', 'what', 'name', 'sha256', 'reader'],
        ['bytes', 'rows_read', 'rows_refused'],
        [],
        ['jurisdiction', 'what'],
      );
      await table('prepared', ['id', 'account', 'rule', 'input', 'acts'], ['at'], [], ['id']);
      await table('attempts', ['at', 'what', 'detail', 'hash'], ['row'], [], ['row']);
    },
  },
  '0002-ways-to-sign-in': {
    up: async (db) => {
      const table = tableMaker(db);
      const passkey = ['id', 'account', 'name', 'public_key', 'transports', 'created'];
      await table('passkeys', passkey, ['counter'], ['used'], ['id']);
      await table('recovery_codes', ['code_hash', 'account'], [], [], ['code_hash']);
      await table('challenges', ['id', 'kind', 'remembered'], ['at'], ['account'], ['id']);
    },
  },
  '0003-plans': {
    up: async (db) => tableMaker(db)('plans', ['key', 'methods'], [], [], ['key']),
  },
};

export async function migrate(db: Kysely<DeskTables>): Promise<void> {
  // Names of their own: on PostgreSQL the record's tables lie in the same database.
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: 'desk_migration',
    migrationLockTableName: 'desk_migration_lock',
  }).migrateToLatest();
  if (error !== undefined) throw error;
}
