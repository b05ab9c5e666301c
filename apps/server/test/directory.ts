// A state's directory for tests: an OpenID provider on this machine, which signs in whoever is named and asks them nothing.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenIdProvider from 'oidc-provider';
import type { OpenIdSettings } from '../src/openId.ts';

const clientSecret = 'a secret of the desk and its directory';

export class Directory {
  readonly #server: Server;
  /** How a desk is told of it. */
  readonly settings: OpenIdSettings;
  /** Who signs in there next. */
  person = { sub: 'u-0', name: 'Nobody', groups: [] as string[] };

  private constructor(server: Server) {
    this.#server = server;
    this.settings = {
      name: 'the state’s directory',
      issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      clientId: 'desk',
      clientSecret,
      scope: 'openid profile',
      groupsClaim: 'groups',
      groups: [
        { group: 'elections-bibb', role: 'county manager', jurisdiction: 'bibb' },
        { group: 'canvassers', role: 'canvass board' },
      ],
    };
  }

  static async open(): Promise<Directory> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Directory(server);
  }

  /** Begins to answer, for the desk at this origin. */
  sendsBackTo(origin: string): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new OpenIdProvider(this.settings.issuer, {
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' }] },
      clients: [
        {
          client_id: 'desk',
          client_secret: clientSecret,
          redirect_uris: [`${origin}/desk/sign-in/open-id`],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: ['name', 'groups'] },
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      cookies: { keys: ['a', 'b'] },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...this.person, sub }) }),
      // Whoever is asked signs in and allows it.
      loadExistingGrant: async (ctx) => {
        const grant = new ctx.oidc.provider.Grant({
          clientId: ctx.oidc.client!.clientId,
          accountId: ctx.oidc.session!.accountId!,
        });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
    });
    const answer = provider.callback();
    this.#server.on('request', (request, response) =>
      request.url!.startsWith('/interaction/')
        ? void provider.interactionFinished(request, response, { login: { accountId: this.person.sub } })
        : void answer(request, response),
    );
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
