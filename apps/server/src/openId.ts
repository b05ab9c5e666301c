// Signing in by a state's own directory: OpenID Connect Core 1.0, the authorization code flow with PKCE (RFC 7636), state and nonce. The directory
// says who somebody is and in which groups; a list that the state writes says which group has which role, and for which county. Nothing is asked
// of the directory until somebody signs in by it, so that a desk starts without it.
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Role } from '@opencanvass/contract';
import type { Kysely } from 'kysely';
import * as client from 'openid-client';
import { z } from 'zod';
import { keepChallenge, takeChallenge } from './challenges.ts';
import type { Problem } from './sampling.ts';
import { accountFromDirectory, type AccountRow } from './signIn.ts';
import type { DeskTables } from './tables.ts';

const settings = z.strictObject({
  /** On the button: 'Georgia Secretary of State'. */
  name: z.string().min(1).max(100),
  issuer: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  scope: z.string().default('openid profile'),
  /** The claim of the ID token that lists groups. */
  groupsClaim: z.string().default('groups'),
  /** The first group of this list that somebody is in decides. */
  groups: z
    .array(
      z
        .strictObject({
          group: z.string().min(1),
          role: z.enum(['state administrator', 'county manager', 'canvass board', 'observer']),
          jurisdiction: z.string().min(1).optional(),
        })
        .refine((g) => (g.role === 'county manager') === (g.jurisdiction !== undefined), {
          message: 'a county manager has a jurisdiction, and nobody else has',
        }),
    )
    .min(1),
});
export type OpenIdSettings = z.output<typeof settings>;

/** Reads the file of --open-id. Throws with a sentence where it is not as it should be. */
export async function readOpenIdSettings(path: string): Promise<OpenIdSettings> {
  const read = settings.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new Error(`${path}: ${first?.path.join('.')}: ${first?.message}`);
}

interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export class OpenId {
  readonly settings: OpenIdSettings;
  #directory: Promise<client.Configuration> | undefined;

  constructor(given: OpenIdSettings) {
    this.settings = given;
  }

  async #configuration(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const { protocol, hostname } = new URL(issuer);
    // Without TLS only on this machine, where tests have theirs.
    const isHere = hostname === 'localhost' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
    this.#directory ??= client
      .discovery(
        new URL(issuer),
        clientId,
        clientSecret,
        undefined,
        protocol === 'http:' && isHere ? { execute: [client.allowInsecureRequests] } : undefined,
      )
      .catch((fault: unknown) => {
        this.#directory = undefined;
        throw fault;
      });
    return this.#directory;
  }

  /** Where the browser is sent, and the secret by which its way back is known as its own. */
  async begin(
    db: Kysely<DeskTables>,
    origin: string,
    now: Date,
  ): Promise<{ readonly flow: string; readonly address: string } | Problem> {
    const configuration = await this.#configuration().catch(() => undefined);
    if (configuration === undefined) return { code: 'directory-away', found: this.settings.name };
    const begun: Begun = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const address = client.buildAuthorizationUrl(configuration, {
      redirect_uri: returnAddress(origin),
      scope: this.settings.scope,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    });
    return { flow: await keepChallenge(db, 'open id', begun, now), address: address.href };
  }

  /** The account of whom the directory sent back. */
  async end(
    db: Kysely<DeskTables>,
    { flow, query }: { readonly flow: string; readonly query: string },
    origin: string,
    now: Date,
  ): Promise<AccountRow | Problem> {
    const begun = await takeChallenge<Begun>(db, 'open id', flow, now);
    if (begun === undefined) return { code: 'challenge-over' };
    const configuration = await this.#configuration().catch(() => undefined);
    if (configuration === undefined) return { code: 'directory-away', found: this.settings.name };
    let claims: Readonly<Record<string, unknown>> & { readonly sub: string };
    try {
      const tokens = await client.authorizationCodeGrant(
        configuration,
        new URL(`${returnAddress(origin)}?${query.replace(/^\?/, '')}`),
        {
          pkceCodeVerifier: begun.verifier,
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          idTokenExpected: true,
        },
      );
      claims = tokens.claims()!;
    } catch (fault) {
      if (!(fault instanceof Error)) throw fault;
      return { code: 'open-id-refused', found: fault.message.slice(0, 300) };
    }
    const said = claims[this.settings.groupsClaim];
    const groups = new Set(Array.isArray(said) ? said : [said]);
    const granted = this.settings.groups.find((g) => groups.has(g.group));
    const name = typeof claims['name'] === 'string' ? claims['name'] : claims.sub;
    if (granted === undefined) return { code: 'open-id-no-role', found: name };
    const account = await accountFromDirectory(db, {
      login: `openid:${claims.sub}@${this.settings.issuer.replace(/^https?:\/\//, '')}`.slice(0, 200),
      name: name.slice(0, 200),
      role: granted.role satisfies Role,
      jurisdiction: granted.jurisdiction,
    });
    return account.disabled === 0 ? account : { code: 'account-disabled', found: name };
  }
}

/** The page that takes the browser back; a state registers it with its directory. */
export const returnAddress = (origin: string): string => `${origin}/desk/sign-in/open-id`;
