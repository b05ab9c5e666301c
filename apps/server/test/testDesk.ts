// A desk for tests: a temporary folder (or a database), a clock that is moved by hand, and people who sign in, sign and act as a browser would,
// through the contract and app.request().
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, routes, type Answer, type Client, type Input, type Output } from '@opencanvass/contract';
import { fromBase64, toBase64, toUtf8 } from '@opencanvass/evidence/bytes';
import { preAuthEncoding } from '@opencanvass/evidence/log';
import { generateSigningKey, nodeSha256, signEd25519, type SigningKey } from '@opencanvass/keeper';
import { URI, type TOTP } from 'otpauth';
import { expect } from 'vitest';
import {
  createApp,
  handlers,
  keyProof,
  openDesk,
  createAccount,
  type Bounds,
  type Desk,
} from '../src/index.ts';

type Routes = typeof routes;
type Name = keyof Routes;

export interface Person {
  readonly login: string;
  readonly password: string;
  readonly totp: TOTP;
  readonly id: string;
  key?: SigningKey;
  client: Client;
}

export class TestDesk {
  readonly desk: Desk;
  readonly app: ReturnType<typeof createApp>;
  readonly folder: string;
  now = Date.parse('2026-11-05T15:00:00Z');
  public: Client;

  private constructor(folder: string, desk: Desk, bounds?: Bounds) {
    this.folder = folder;
    this.desk = desk;
    this.app = createApp(desk, routes, handlers, bounds);
    this.public = { fetch: (path, init) => this.app.request(path, init) };
  }

  static async open(database?: string, bounds?: Bounds, at?: string): Promise<TestDesk> {
    const folder = at ?? (await mkdtemp(join(tmpdir(), 'desk-')));
    let test: TestDesk | undefined;
    const desk = await openDesk({
      folder,
      origin: 'elections.example/2026-general',
      ...(database === undefined ? {} : { database }),
      clock: () => new Date(test?.now ?? 0),
    });
    return (test = new TestDesk(folder, desk, bounds));
  }

  async close(): Promise<void> {
    await this.desk.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Calls and expects that it is done. */
  async do<N extends Name>(client: Client, name: N, input: Input<Routes[N]>): Promise<Output<Routes[N]>> {
    const answer: Answer<Output<Routes[N]>> = await call(client, routes[name], input);
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.problem)}`);
    return answer.value;
  }

  /** Calls and expects that it is refused: "409 second-seed". */
  async refused<N extends Name>(client: Client, name: N, input: Input<Routes[N]>): Promise<string> {
    const answer = await call(client, routes[name], input);
    return answer.ok ? 'done' : `${answer.status} ${answer.problem.code}`;
  }

  async signIn(person: Person): Promise<Client> {
    this.now += 30_000; // the next digits: none are good twice
    const code = person.totp.generate({ timestamp: this.now });
    const answer = await call(this.public, routes.signIn, {
      body: { login: person.login, password: person.password, code },
    });
    if (!answer.ok) throw new Error(`sign in ${person.login}: ${JSON.stringify(answer.problem)}`);
    return (person.client = {
      ...this.public,
      csrf: answer.value.csrf,
      cookie: answer.headers.get('set-cookie')!.split(';')[0]!,
    });
  }

  async firstAccount(): Promise<Person> {
    const login = 'state';
    const made = (await createAccount(this.desk.db, {
      login,
      name: 'Sam State',
      role: 'state administrator',
    }))!;
    return this.#arrive(login, made);
  }

  async account(
    by: Person,
    login: string,
    role: 'state administrator' | 'county manager' | 'canvass board' | 'observer',
    jurisdiction?: string,
  ): Promise<Person> {
    const body = {
      login,
      name: `${login} person`,
      role,
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
    };
    const { account, password, totp } = await this.do(by.client, 'createAccount', { body });
    const person = await this.#arrive(login, { id: account.id, password, totp });
    if (role !== 'observer') await this.key(person, by);
    return person;
  }

  async #arrive(login: string, made: { id: string; password: string; totp: string }): Promise<Person> {
    const person = {
      login,
      password: made.password,
      id: made.id,
      totp: URI.parse(made.totp) as TOTP,
      client: this.public,
    };
    await this.signIn(person);
    return person;
  }

  /** A key of their own, on the record. */
  async key(person: Person, by: Person): Promise<void> {
    person.key = generateSigningKey();
    const body = {
      publicKey: toBase64(person.key.publicKey),
      proof: toBase64(signEd25519(person.key, toUtf8(keyProof(person.login)))),
    };
    const { keyid } = await this.do(person.client, 'tellKey', { body });
    await this.do(by.client, 'authoriseKey', { params: { account: person.id }, body: { keyid } });
  }

  signaturesFor(
    key: SigningKey,
    { payloads, payloadType }: { payloads: readonly string[]; payloadType: string },
  ) {
    return {
      keyid: Buffer.from(nodeSha256(key.publicKey)).toString('hex'),
      sigs: payloads.map((p) => toBase64(signEd25519(key, preAuthEncoding(payloadType, fromBase64(p)!)))),
    };
  }

  /** Signs what was prepared. */
  async sign(person: Person, prepared: Output<Routes['seed']>): Promise<number[]> {
    const body = this.signaturesFor(person.key!, prepared);
    return (await this.do(person.client, 'sign', { params: { prepared: prepared.prepared }, body }))
      .positions;
  }

  async board(manager: Person, county: string): Promise<Client> {
    const { code } = await this.do(manager.client, 'createBoard', {
      params: { county },
      body: { name: 'Board 1' },
    });
    const members = [
      { name: 'Ada', party: 'Blue' },
      { name: 'Ben', party: 'Red' },
    ] as [{ name: string; party: string }, { name: string; party: string }];
    const answer = await call(this.public, routes.boardSignIn, { body: { code, members } });
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
    return {
      ...this.public,
      csrf: answer.value.csrf,
      cookie: answer.headers.get('set-cookie')!.split(';')[0]!,
    };
  }

  async attempts(state: Person) {
    return (await this.do(state.client, 'attempts', { query: {} })).rows;
  }
}

// ── a made-up election of three counties ──

export const counties = ['bibb', 'clarke', 'dade'] as const;
export type County = (typeof counties)[number];
const contestName = 'Mayor';
export const contest = 'mayor';

/** By county: batches with votes for Ann and Bob, and blank ballots. */
export type Paper = Record<County, readonly (readonly [ann: number, bob: number, blank: number])[]>;
export const paper: Paper = {
  bibb: Array.from({ length: 10 }, (_, i) => [60 + i, 30, 4] as const),
  clarke: Array.from({ length: 10 }, (_, i) => [50, 25 + i, 3] as const),
  dade: Array.from({ length: 10 }, () => [40, 20, 0] as const),
};

const bytes = (...lines: readonly string[]): Uint8Array => toUtf8(`${lines.join('\n')}\n`);
export const resultsCsv = (of: Paper): Uint8Array =>
  bytes(
    'contest,jurisdiction,choice,votes',
    ...counties.flatMap((c) => [
      `${contestName},${c},Ann,${of[c].reduce((n, b) => n + b[0], 0)}`,
      `${contestName},${c},Bob,${of[c].reduce((n, b) => n + b[1], 0)}`,
    ]),
  );
export const manifestCsv = (of: Paper, c: County): Uint8Array =>
  bytes(
    'Tabulator,Batch Name,Number of Ballots',
    ...of[c].map(([a, b, blank], i) => `T1,B${i + 1},${a + b + blank}`),
  );
export const totalsCsv = (of: Paper, c: County): Uint8Array =>
  bytes('Batch Name,Ann,Bob', ...of[c].map(([a, b], i) => `B${i + 1},${a},${b}`));
/**
 * Ann's cards first in each batch, then Bob's, then blank ones; their records as a scanner would have met them, in no order of votes, for a file of
 * batches that are all alike would rightly be found to repeat itself.
 */
export const cvrCsv = (of: Paper, c: County): Uint8Array => {
  let number = 0;
  return bytes(
    'Test,5.10.11.24,,,,,,,,',
    `,,,,,,,,${contestName} (Vote For=1),${contestName} (Vote For=1)`,
    ',,,,,,,,Ann,Bob',
    'CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,',
    ...of[c].flatMap(([a, b, blank], i) =>
      shuffled(a + b + blank, `${c} ${i}`).map((n) => {
        const marks = n < a ? '1,0' : n < a + b ? '0,1' : '0,0';
        return `${(number += 1)},T1,B${i + 1},${n + 1},T1-B${i + 1}-${n + 1},Election Day,P1,S1,${marks}`;
      }),
    ),
  );
};

/** 0 to n − 1 in an order that depends on the name alone. */
function shuffled(n: number, name: string): number[] {
  const digests = Array.from({ length: n }, (_, i) =>
    Buffer.from(nodeSha256(toUtf8(`card ${i} of ${name}`))),
  );
  return digests.map((_, i) => i).toSorted((a, b) => digests[a]!.compare(digests[b]!));
}

export interface Cast {
  readonly state: Person;
  readonly managers: Record<County, Person>;
  readonly canvass: Person;
  readonly observer: Person;
}

/** Set up and everybody signed in. */
export async function begin(t: TestDesk, reported: Paper = paper): Promise<Cast> {
  const state = await t.firstAccount();
  await t.do(state.client, 'setUp', {
    query: { name: 'results.csv', election: 'City Election', date: '2026-11-03', state: 'GA' },
    file: resultsCsv(reported),
  });
  await t.key(state, state);
  const managers = {} as Record<County, Person>;
  for (const c of counties) managers[c] = await t.account(state, `${c}-clerk`, 'county manager', c);
  const canvass = await t.account(state, 'canvass', 'canvass board');
  const observer = await t.account(state, 'observer', 'observer');
  return { state, managers, canvass, observer };
}

/** Every county uploads and seals. */
export async function sealAll(
  t: TestDesk,
  { managers }: Cast,
  what: 'totals' | 'cvrs' | 'none',
  reported: Paper = paper,
  which: readonly County[] = counties,
): Promise<void> {
  for (const county of which) {
    const { client } = managers[county];
    const params = { county };
    await t.do(client, 'manifest', {
      params,
      query: { name: `${county} manifest.csv` },
      file: manifestCsv(reported, county),
    });
    if (what === 'totals')
      await t.do(client, 'batchTotals', {
        params: { county, contest },
        query: { name: 'totals.csv' },
        file: totalsCsv(reported, county),
      });
    if (what === 'cvrs')
      await t.do(client, 'cvrs', { params, query: { name: 'cvr.csv' }, file: cvrCsv(reported, county) });
    await t.sign(managers[county], await t.do(client, 'seal', { params }));
  }
}

export const seed = '31415926535897932384';
export const rollDice = async (t: TestDesk, { state }: Cast): Promise<void> => {
  const body = { seed, how: 'twenty ten-sided dice, left to right', witnesses: ['Ona Observer'] };
  await t.sign(state, await t.do(state.client, 'seed', { body }));
};

type Announced = Input<Routes['announce']>['body']['contests'][number];

export const announce = async (
  t: TestDesk,
  { state }: Cast,
  method: Announced['method'],
  riskLimit = '0.05',
  more: Partial<Announced> = {},
): Promise<void> =>
  void (await t.do(state.client, 'announce', {
    body: {
      contests: [{ contest, method, ...(method === 'full hand count' ? {} : { riskLimit }), ...more }],
    },
  }));

export const boards = async (t: TestDesk, { managers }: Cast): Promise<Record<County, Client>> => ({
  bibb: await t.board(managers.bibb, 'bibb'),
  clarke: await t.board(managers.clarke, 'clarke'),
  dade: await t.board(managers.dade, 'dade'),
});

/** A county's full hand count in one piece. */
export const handCountOf = (of: Paper, county: County) =>
  of[county].map(([ann, bob, blank], i) => ({
    tabulator: 'T1',
    batch: `B${i + 1}`,
    votes: [ann, bob],
    blank,
    overvote: 0,
  }));

export async function handCountAll(t: TestDesk, { managers }: Cast, of: Paper = paper): Promise<void> {
  for (const county of counties)
    await t.do(managers[county].client, 'handCount', {
      params: { county, contest },
      body: { batches: handCountOf(of, county) },
    });
}

/** Each county's board reads everything that is still to be read, and finds what `on` says is on the paper. */
export async function readAll(
  t: TestDesk,
  byCounty: Record<County, Client>,
  on: Paper = paper,
): Promise<number> {
  let read = 0;
  for (const county of counties)
    for (const unit of (await t.do(byCounty[county], 'work', {})).units) {
      if (unit.contests.every((c) => c.done)) continue;
      const [a, b] = on[county][Number(unit.batch.slice(1)) - 1]!;
      if (unit.card === undefined)
        await t.do(byCounty[county], 'readBatch', {
          body: { contest, unit: unit.id, votes: [a, b], confirmedByBoth: true },
        });
      else {
        const reading =
          unit.card <= a + b
            ? { kind: 'votes' as const, choices: [unit.card <= a ? 'ann' : 'bob'] }
            : { kind: 'blank' as const };
        await t.do(byCounty[county], 'readCard', {
          body: { unit: unit.id, contests: [{ contest, reading }], confirmedByBoth: true },
        });
      }
      read += 1;
    }
  expect(read).toBeGreaterThan(0);
  return read;
}
