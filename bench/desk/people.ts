// People at a desk that is measured: accounts with sessions and signing keys of their own, made in its database, so that what is measured is the
// audit and not five hundred password hashes.
import { call, routes, type Client, type Input, type Output, type Problem } from '@opencanvass/contract';
import { fromBase64, toBase64, toUtf8 } from '@opencanvass/evidence/bytes';
import { preAuthEncoding } from '@opencanvass/evidence/log';
import { generateSigningKey, nodeSha256, signEd25519, type SigningKey } from '@opencanvass/keeper';
import { accountFromDirectory, beginSession, createBoard, whoIs } from '../../apps/server/src/signIn.ts';
import { cookieName, keyProof, type Desk } from '../../apps/server/src/index.ts';

type Routes = typeof routes;
export interface Person {
  readonly id: string;
  readonly login: string;
  readonly client: Client;
  readonly key: SigningKey;
}

export class People {
  readonly #desk: Desk;
  readonly #fetch: Client['fetch'];
  constructor(desk: Desk, fetchThere: Client['fetch']) {
    this.#desk = desk;
    this.#fetch = fetchThere;
  }

  async #client(of: Parameters<typeof beginSession>[1]): Promise<Client> {
    const { db } = this.#desk;
    const { token } = await beginSession(db, of, new Date());
    const { csrf } = (await whoIs(db, token, new Date()))!;
    return { fetch: this.#fetch, cookie: `${cookieName}=${token}`, csrf };
  }

  async person(login: string, role: string, jurisdiction?: string): Promise<Person> {
    const { id } = await accountFromDirectory(this.#desk.db, { login, name: login, role, jurisdiction });
    return { id, login, client: await this.#client({ account: id }), key: generateSigningKey() };
  }

  /** The key of a person is told, and put on the record. */
  async key(person: Person, state: Person): Promise<void> {
    const proof = toBase64(signEd25519(person.key, toUtf8(keyProof(person.login))));
    const body = { publicKey: toBase64(person.key.publicKey), proof };
    const { keyid } = await must(person.client, 'tellKey', { body });
    await must(state.client, 'authoriseKey', { params: { account: person.id }, body: { keyid } });
  }

  async sign({ client, key }: Person, prepared: Output<Routes['seed']>): Promise<void> {
    const { payloads, payloadType } = prepared;
    const body = {
      keyid: Buffer.from(nodeSha256(key.publicKey)).toString('hex'),
      sigs: payloads.map((p) => toBase64(signEd25519(key, preAuthEncoding(payloadType, fromBase64(p)!)))),
    };
    await must(client, 'sign', { params: { prepared: prepared.prepared }, body });
  }

  async board(jurisdiction: string, name: string): Promise<Client> {
    const { db } = this.#desk;
    await createBoard(db, jurisdiction, name, new Date());
    const { code_hash: board } = await db
      .selectFrom('boards')
      .select('code_hash')
      .where('name', '=', name)
      .executeTakeFirstOrThrow();
    const members = [
      { name: 'Ada Adams', party: 'Blue' },
      { name: 'Ben Brown', party: 'Red' },
    ];
    return this.#client({ board, members });
  }
}

/** Calls, and expects that it is done. */
export async function must<N extends keyof Routes>(
  client: Client,
  name: N,
  input: Input<Routes[N]>,
): Promise<Output<Routes[N]>> {
  const answer = (await call(client, routes[name], input)) as
    | { ok: true; value: Output<Routes[N]> }
    | { ok: false; status: number; problem: Problem };
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.problem)}`);
  return answer.value;
}
