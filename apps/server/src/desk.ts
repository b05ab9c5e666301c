// The desk: a record and its keeper, the tables beside it, and how an act comes onto the record. One or many processes; each reads on from
// where it stood, and none decides anything by what it remembers alone.
import { randomBytes } from 'node:crypto';
import type { Election } from '@opencanvass/evidence/election';
import type { Act, SaltedBody } from '@opencanvass/evidence/record';
import {
  createRecord,
  openRecord,
  type Draft,
  type Keeper,
  type KeeperRefusal,
  type Prepared,
  type Standing,
  type World,
} from '@opencanvass/keeper';
import type { Kysely } from 'kysely';
import { head } from './attempts.ts';
import { AuditState, catchUp } from './audit.ts';
import { KeptFiles } from './inputs.ts';
import type { KeptAt } from './keptAt.ts';
import { Plans } from './planned.ts';
import { authorOf, payloadOf, type Ruling, type Setting } from './rules.ts';
import type { Problem } from './sampling.ts';
import type { Who } from './signIn.ts';
import { migrate, type DeskTables } from './tables.ts';
import { Threads } from './threads.ts';

export interface DeskWorld {
  readonly keptAt: KeptAt;
  readonly record: World;
  readonly db: Kysely<DeskTables>;
}

export type Done =
  | { readonly ok: true; readonly positions: readonly number[] }
  | { readonly ok: false; readonly problem: Problem };

export type Rule = (setting: Setting) => Ruling | Promise<Ruling>;

/** Entries at which the head of the chain of attempts goes on the record. */
const anchoring = new Set(['seed drawn', 'round assessed', 'certificate signed']);

export class Desk {
  readonly db: Kysely<DeskTables>;
  readonly #record: World;
  #keeper: Keeper | undefined;
  #opening: Promise<Keeper> | undefined;
  /** What is shown: of entries on disk, and of nothing else. */
  readonly #state = new AuditState();
  /** What rules are put to: with the entries of the same turn that are about to be on disk. */
  #judging = { state: new AuditState(), givenUp: 0 };
  readonly #catchingUp: { reading: Promise<void> | undefined; next: Promise<void> | undefined } = {
    reading: undefined,
    next: undefined,
  };
  readonly files = new KeptFiles(() => this.keeper);
  readonly threads = new Threads();
  readonly plans: Plans;

  readonly keptAt: KeptAt;
  readonly #onGrown: (() => void)[] = [];
  readonly #onClose: (() => Promise<void>)[] = [];

  private constructor({ keptAt, record, db }: DeskWorld) {
    this.keptAt = keptAt;
    this.db = db;
    this.plans = new Plans(this);
    this.#record = record;
  }

  static async open(world: DeskWorld): Promise<Desk> {
    // In turn: two processes that are started at once would both make the tables.
    await world.record.storage.inTurn(() => migrate(world.db));
    return new Desk(world);
  }

  /** Whenever this process appended entries, or read those of another. */
  onGrown(listener: () => void): void {
    this.#onGrown.push(listener);
  }

  /** Before the desk is closed, and before its threads are ended: what ends with them is no fault. */
  onClose(listener: () => Promise<void>): void {
    this.#onClose.push(listener);
  }

  #grew(): void {
    for (const listener of this.#onGrown) listener();
  }

  now = (): Date => this.#record.clock();

  /** The keeper of the record. Throws before the set-up. */
  get keeper(): Keeper {
    if (this.#keeper === undefined) throw new Error('there is no record yet');
    return this.#keeper;
  }

  /** Where the audit stands now, in all processes. */
  async state(): Promise<AuditState> {
    const keeper = await this.#opened();
    if (keeper !== undefined) await this.#caughtUp(keeper);
    return this.#state;
  }

  /** Before the first act: whoever comes first does not wait until the whole record is read for the rules. */
  async warm(): Promise<void> {
    const keeper = await this.#opened();
    if (keeper === undefined) return;
    await keeper.appendBuilt(async (standing) => {
      await this.#stateAt(standing);
      return undefined;
    });
    await this.state();
  }

  /** Reads on. Those who ask while somebody reads wait for the next reading together: a hundred who acted at once read what came of it once. */
  async #caughtUp(keeper: Keeper): Promise<void> {
    const { reading, next } = this.#catchingUp;
    if (next !== undefined) return next;
    if (reading === undefined) return this.#read(keeper);
    const after = reading
      .catch(() => undefined)
      .then(() => {
        this.#catchingUp.next = undefined;
        return this.#read(keeper);
      });
    this.#catchingUp.next = after;
    return after;
  }

  async #read(keeper: Keeper): Promise<void> {
    const before = this.#state.count;
    const reading = catchUp(this.#state, keeper).finally(() => {
      if (this.#catchingUp.reading === reading) this.#catchingUp.reading = undefined;
      if (this.#state.count !== before) this.#grew();
    });
    this.#catchingUp.reading = reading;
    return reading;
  }

  /** The keeper, if there is a record: another process may have begun it. */
  async #opened(): Promise<Keeper | undefined> {
    if (this.#keeper === undefined && (await this.#record.storage.size()) > 1) {
      // One keeper in a process, whoever asks at once.
      this.#opening ??= openRecord(this.#record).finally(() => (this.#opening = undefined));
      this.#keeper = await this.#opening;
    }
    return this.#keeper;
  }

  /** Where the audit will stand when the act comes that finds the record so. */
  async #stateAt({ size, came, pending, givenUp }: Standing): Promise<AuditState> {
    if (givenUp !== this.#judging.givenUp) this.#judging = { state: new AuditState(), givenUp };
    const { state } = this.#judging;
    for (const entry of came) if (entry.position === state.count) state.add(entry);
    if (state.count < size) await catchUp(state, this.keeper);
    for (const entry of pending) if (entry.position === state.count) state.add(entry);
    return state;
  }

  /** The record and its first acts, in one append. Of two who begin at once the second finds a record there. */
  async begin(election: Election, first: readonly Draft[], who: Who): Promise<Done> {
    const beginning = { record: 'conducted', election, author: authorOf(who), first } as const;
    const second: Done = { ok: false, problem: { code: 'second-definition' } };
    const { storage } = this.#record;
    if ((await storage.size()) > 0) return second;
    try {
      this.#keeper = await createRecord(this.#record, beginning);
    } catch (fault) {
      if ((await storage.size()) > 0) return second;
      throw fault;
    }
    const positions = (await this.#keeper.entries()).map((e) => e.position);
    this.#grew();
    return { ok: true, positions };
  }

  /** Asks the rule, and appends what it gives: in one turn. */
  async act(who: Who, rule: Rule): Promise<Done> {
    return this.#append(who, rule, (drafts) => drafts.map((d) => this.keeper.prepare(d)));
  }

  /** Asks the rule, and keeps what it gives until it is signed. */
  async prepare(
    who: Who,
    name: string,
    input: unknown,
    rule: Rule,
  ): Promise<
    | { ok: true; prepared: string; payloads: readonly string[]; bodies: readonly string[] }
    | Extract<Done, { ok: false }>
  > {
    const setting = await this.#setting(who);
    if (setting === undefined) return { ok: false, problem: { code: 'before-definition' } };
    const ruling = await rule(setting);
    if (!ruling.ok) return ruling;
    if ('already' in ruling) throw new Error('what is to be signed is never done already');
    const acts = [];
    for (const draft of ruling.drafts) {
      for (const file of draft.files ?? []) await this.keeper.putFile(file);
      const { act, salted } = this.keeper.prepare(draft);
      acts.push({ act, salted });
    }
    const prepared = randomBytes(16).toString('hex');
    await this.db
      .insertInto('prepared')
      .values({
        id: prepared,
        account: who.account!,
        rule: name,
        input: JSON.stringify(input),
        acts: JSON.stringify(acts),
        at: this.now().getTime(),
      })
      .execute();
    return {
      ok: true,
      prepared,
      payloads: acts.map(({ act }) => payloadOf(act)),
      bodies: acts.map(({ salted }) => payloadOf(salted)),
    };
  }

  /** Appends acts that were prepared, with their signatures, if the rule still allows them. */
  async sign(
    who: Who,
    prepared: string,
    { keyid, sigs }: { readonly keyid: string; readonly sigs: readonly string[] },
    ruleOf: (name: string, input: unknown) => Rule | undefined,
  ): Promise<Done> {
    const kept = await this.db
      .selectFrom('prepared')
      .selectAll()
      .where('id', '=', prepared)
      .executeTakeFirst();
    if (kept === undefined || kept.account !== who.account)
      return { ok: false, problem: { code: 'nothing-prepared' } };
    if (this.now().getTime() - kept.at > 3_600_000)
      return { ok: false, problem: { code: 'prepared-too-long-ago' } };
    if (keyid !== who.keyid)
      return {
        ok: false,
        problem: {
          code: 'another-key',
          expected: who.keyid ?? 'a key authorised on the record',
          found: keyid,
        },
      };
    const rule = ruleOf(kept.rule, JSON.parse(kept.input));
    if (rule === undefined) throw new Error(`no rule ${kept.rule}`);
    const acts = JSON.parse(kept.acts) as { act: Act; salted: SaltedBody }[];
    if (acts.length !== sigs.length)
      return {
        ok: false,
        problem: { code: 'signature-missing', expected: `${acts.length}`, found: `${sigs.length}` },
      };
    const done = await this.#append(who, rule, () =>
      acts.map(({ act, salted }, i): Prepared => ({
        act,
        salted,
        files: [],
        signatures: [{ keyid, sig: sigs[i]! }],
      })),
    );
    if (done.ok) await this.db.deleteFrom('prepared').where('id', '=', prepared).execute();
    return done;
  }

  async #setting(who: Who): Promise<Setting | undefined> {
    const state = await this.state();
    return this.#keeper === undefined
      ? undefined
      : { state, keeper: this.#keeper, files: this.files, threads: this.threads, who };
  }

  async #append(who: Who, rule: Rule, make: (drafts: readonly Draft[]) => Prepared[]): Promise<Done> {
    const keeper = await this.#opened();
    if (keeper === undefined) return { ok: false, problem: { code: 'before-definition' } };
    let instead: Done | undefined;
    const answer = await keeper.appendBuilt(async (standing) => {
      const ruling = await rule({
        state: await this.#stateAt(standing),
        keeper,
        files: this.files,
        threads: this.threads,
        who,
      });
      if (!ruling.ok || 'already' in ruling) {
        instead = ruling.ok ? { ok: true, positions: ruling.already } : ruling;
        return undefined;
      }
      const prepared = make(ruling.drafts);
      if (prepared.some((p) => anchoring.has(p.act.kind)))
        prepared.push(keeper.prepare(await this.#anchor()));
      return prepared;
    });
    if (answer === undefined) return instead!;
    if (!answer.ok) return { ok: false, problem: problemOf(answer.refusals) };
    this.#grew();
    return { ok: true, positions: answer.entries.map((e) => e.position) };
  }

  async #anchor(): Promise<Draft> {
    return {
      kind: 'incident noted',
      author: { name: this.#record.signer.name, role: 'keeper' },
      body: {
        attempts: await head(this.db),
        words: 'the chain of sign-ins and refused attempts, as far as it went',
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#onClose.map((listener) => listener()), this.threads.close()]);
    await (this.#keeper?.close() ?? this.#record.storage.close());
    await this.db.destroy();
  }
}

function problemOf(refusals: readonly KeeperRefusal[]): Problem {
  const plain = refusals.map(({ code, expected, found, kind }) => ({
    code,
    expected: expected ?? kind,
    ...(found === undefined ? {} : { found }),
  }));
  return refusals.length === 1 ? plain[0]! : { code: plain[0]!.code, problems: plain };
}
