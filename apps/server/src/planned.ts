// How much paper would each method take, if the reported result is right? Told before contests and risk limits are announced, from the sealed
// manifests, the reported results and, where a county sealed them, its batch totals. Plans are simulations with a fixed seed: the same twice is the same.
// They are made in a thread, and kept beside the record; what was reported is told meanwhile.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContestTally } from '@opencanvass/evidence/assertions';
import type { ReportedBatch, Size } from '@opencanvass/evidence/audit';
import type { Contest, JurisdictionId } from '@opencanvass/evidence/election';
import type { AuditState } from './audit.ts';
import { isRanked } from './cvrs.ts';
import type { Desk } from './desk.ts';
import { votesOf, type KeptFiles } from './inputs.ts';
import { countyName, countiesOf, type Problem } from './sampling.ts';

export interface Planned {
  /** Reported votes by choice, in the contest's order, of all counties. */
  readonly reported: readonly number[];
  /** All cards (or ballots) of the contest's counties, by their sealed manifests. */
  readonly cards: number;
  readonly methods: readonly MethodPlanned[];
  /** The other methods are still being simulated: to be asked again. */
  readonly computing: boolean;
}
export interface MethodPlanned {
  readonly method: 'batch comparison' | 'card comparison' | 'ballot polling' | 'full hand count';
  readonly size?: Size;
  /** Cards that people read on average; a batch is read whole. */
  readonly cards?: number;
  readonly problem?: Problem;
}

/** What the thread of a plan is given. */
export interface ToPlan {
  readonly contest: Contest;
  readonly riskLimit: number;
  readonly tally: ContestTally;
  readonly batches: readonly ReportedBatch[] | Problem;
  /** A county that sealed no cast vote records. */
  /** The name of a county. */
  readonly withoutCvrs: string | undefined;
}

/** So long, in milliseconds, an answer waits for the simulations. */
const patience = 300;

export async function planned(
  desk: Desk,
  state: AuditState,
  contest: Contest,
  riskLimit: number,
): Promise<Planned | Problem> {
  const { files } = desk;
  const counties = await countiesOf(state, contest, files);
  if (counties.length === 0) return { code: 'no-results-of-contest', found: contest.name };
  const waiting = counties.find((c) => state.sealed.get(c)?.manifest === undefined);
  if (waiting !== undefined) return { code: 'county-not-sealed', found: countyName(state, waiting) };
  const results = await files.results(state.results.get(contest.id)!.body);
  const reported = contest.choices.map(() => 0);
  let cards = 0;
  for (const county of counties) {
    for (const [c, n] of votesOf(results, contest, county)!.entries()) reported[c]! += n;
    cards += state.sealed.get(county)!.manifest!.size;
  }
  const inFull: MethodPlanned = {
    method: 'full hand count',
    size: { expected: cards, p90: cards, unit: 'cards' },
    cards,
  };
  const missing = counties.find((c) => state.sealed.get(c)!.cvrs === undefined);
  const withoutCvrs = missing === undefined ? undefined : countyName(state, missing);
  if (isRanked(contest)) {
    // Only cards hold rankings. How many it takes hangs on the machines' rankings, which nobody is told before the audit.
    const problem = {
      code: 'rule-not-for-this-method',
      expected: 'card comparison, or full hand count',
      found: contest.rule.kind,
    };
    const cardByCard: MethodPlanned[] =
      withoutCvrs === undefined
        ? []
        : [{ method: 'card comparison', problem: { code: 'county-without-cvrs', found: withoutCvrs } }];
    const methods: MethodPlanned[] = [
      { method: 'batch comparison', problem },
      { method: 'ballot polling', problem },
      ...cardByCard,
      inFull,
    ];
    return { reported, cards, methods, computing: false };
  }
  const madeOf = counties.flatMap((c) => {
    const { manifest, totals, cvrs } = state.sealed.get(c)!;
    return [manifest?.read, totals.get(contest.id), cvrs].map((read) => read?.file.sha256 ?? '');
  });
  const about = [contest, state.results.get(contest.id)!.body.table.sha256, riskLimit, ...madeOf];
  const key = createHash('sha256').update(JSON.stringify(about)).digest('hex');
  const simulated = await desk.plans.of(key, async () => ({
    contest,
    riskLimit,
    tally: { cards, votes: reported },
    batches: await batchesOf(state, contest, files, counties),
    withoutCvrs,
  }));
  return { reported, cards, methods: [...(simulated ?? []), inFull], computing: simulated === undefined };
}

async function batchesOf(
  state: AuditState,
  contest: Contest,
  files: KeptFiles,
  counties: readonly JurisdictionId[],
): Promise<ReportedBatch[] | Problem> {
  const batches: ReportedBatch[] = [];
  for (const county of counties) {
    const sealed = state.sealed.get(county)!;
    const read = sealed.totals.get(contest.id);
    if (read === undefined)
      return {
        code: 'county-without-batch-totals',
        expected: contest.name,
        found: countyName(state, county),
      };
    const totals = await files.totals(read.file.sha256, contest);
    for (const b of (await files.manifest(sealed.manifest!.read.file.sha256)).batches) {
      const name = `${county}/${b.tabulator.trim()}/${b.name.trim()}`;
      batches.push({ name, cards: b.size, votes: totals.get(b.name.trim())! });
    }
  }
  return batches;
}

/** Plans as they were made, of one desk: each made once, one at a time, the one asked for last before those that nobody may want any more. */
export class Plans {
  readonly #desk: Pick<Desk, 'db' | 'threads'>;
  readonly #asked = new Map<string, PromiseWithResolvers<MethodPlanned[]>>();
  readonly #waiting: { readonly key: string; readonly toPlan: () => Promise<ToPlan> }[] = [];
  #isAtWork = false;

  constructor(desk: Pick<Desk, 'db' | 'threads'>) {
    this.#desk = desk;
  }

  /** `key` names all that the plan is made of. Undefined while it is being made. */
  async of(key: string, toPlan: () => Promise<ToPlan>): Promise<readonly MethodPlanned[] | undefined> {
    const kept = await this.#desk.db
      .selectFrom('plans')
      .select('methods')
      .where('key', '=', key)
      .executeTakeFirst();
    if (kept !== undefined) return JSON.parse(kept.methods) as MethodPlanned[];
    let making = this.#asked.get(key);
    if (making === undefined) {
      this.#asked.set(key, (making = Promise.withResolvers()));
      this.#waiting.push({ key, toPlan });
      void this.#work();
    }
    return Promise.race([making.promise, sleep(patience, undefined, { ref: false })]);
  }

  async #work(): Promise<void> {
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      const { promise, resolve, reject } = this.#asked.get(next.key)!;
      promise.catch(() => undefined); // who asked may be gone
      try {
        resolve(await this.#make(next.key, await next.toPlan()));
      } catch (fault) {
        reject(fault);
      }
      this.#asked.delete(next.key);
    }
    this.#isAtWork = false;
  }

  async #make(key: string, toPlan: ToPlan): Promise<MethodPlanned[]> {
    const { threads, db } = this.#desk;
    const methods = await threads.run<MethodPlanned[]>(new URL('./planInThread.ts', import.meta.url), toPlan);
    await db
      .insertInto('plans')
      .values({ key, methods: JSON.stringify(methods) })
      .onConflict((c) => c.column('key').doNothing())
      .execute();
    return methods;
  }
}
