// How much paper would each method take, if the reported result is right? Told before contests and risk limits are announced, from the sealed
// manifests, the reported results and, where a county sealed them, its batch totals. Plans are simulations with a fixed seed: the same twice is the same.
import { createHash } from 'node:crypto';
import {
  planBallotPolling,
  planBatchComparison,
  planCardComparison,
  type AuditRefusal,
  type ReportedBatch,
  type Size,
} from '@opencanvass/evidence/audit';
import type { Contest, JurisdictionId } from '@opencanvass/evidence/election';
import { simulationRandom } from '@opencanvass/evidence/risk';
import type { AuditState } from './audit.ts';
import { votesOf, type KeptFiles } from './inputs.ts';
import { countiesOf, type Problem } from './sampling.ts';

export interface Planned {
  /** Reported votes by choice, in the contest's order, of all counties. */
  readonly reported: readonly number[];
  /** All cards (or ballots) of the contest's counties, by their sealed manifests. */
  readonly cards: number;
  readonly methods: readonly MethodPlanned[];
}
export interface MethodPlanned {
  readonly method: 'batch comparison' | 'card comparison' | 'ballot polling' | 'full hand count';
  readonly size?: Size;
  /** Cards that people read on average; a batch is read whole. */
  readonly cards?: number;
  readonly problem?: Problem;
}

/** Of a thousand cards one differs by a vote, and of ten thousand one by two. */
const rates = { o1: 0.0009, o2: 0.0001, u1: 0, u2: 0 };

/** Simulated audits. Few: the server has others to answer, and the tenth figure is not what is decided by. */
const runs = 30;

export async function planned(
  state: AuditState,
  contest: Contest,
  riskLimit: number,
  files: KeptFiles,
): Promise<Planned | Problem> {
  const counties = await countiesOf(state, contest, files);
  if (counties.length === 0) return { code: 'no-results-of-contest', found: contest.name };
  const waiting = counties.find((c) => state.sealed.get(c)?.manifest === undefined);
  if (waiting !== undefined) return { code: 'county-not-sealed', found: waiting };
  // The simulations of a close contest take seconds, in which nobody else is answered: the same is not simulated again.
  const madeOf = counties.flatMap((c) => {
    const { manifest, totals, cvrs } = state.sealed.get(c)!;
    return [manifest?.read, totals.get(contest.id), cvrs].map((read) => read?.file.sha256 ?? '');
  });
  const about = [contest.id, state.results.get(contest.id)!.body.table.sha256, riskLimit, ...madeOf];
  const key = createHash('sha256').update(JSON.stringify(about)).digest('hex');
  return files.workedOut(`${key} plan`, async () => simulated(state, contest, riskLimit, files, counties));
}

async function simulated(
  state: AuditState,
  contest: Contest,
  riskLimit: number,
  files: KeptFiles,
  counties: readonly JurisdictionId[],
): Promise<Planned> {
  const results = await files.results(state.results.get(contest.id)!.body);
  const reported = contest.choices.map(() => 0);
  let cards = 0;
  for (const county of counties) {
    for (const [c, n] of votesOf(results, contest, county)!.entries()) reported[c]! += n;
    cards += state.sealed.get(county)!.manifest!.size;
  }
  const tally = { cards, votes: reported };
  const of = { contest, tally, riskLimit, runs };
  const random = () => simulationRandom(1);
  const compared = planCardComparison({ ...of, rates, random: random() });
  const polled = planBallotPolling({ ...of, random: random() });
  const withoutCvrs = counties.find((c) => state.sealed.get(c)!.cvrs === undefined);
  return {
    reported,
    cards,
    methods: [
      await batchesPlanned(),
      withoutCvrs !== undefined
        ? { method: 'card comparison', problem: { code: 'county-without-cvrs', found: withoutCvrs } }
        : compared.ok
          ? { method: 'card comparison', size: compared.size, cards: compared.size.expected }
          : { method: 'card comparison', problem: problemOf(compared.refusal) },
      polled.ok
        ? { method: 'ballot polling', size: polled.size, cards: polled.size.expected }
        : { method: 'ballot polling', problem: problemOf(polled.refusal) },
      { method: 'full hand count', size: { expected: cards, p90: cards, unit: 'cards' }, cards },
    ],
  };

  async function batchesPlanned(): Promise<MethodPlanned> {
    const method = 'batch comparison';
    const batches: ReportedBatch[] = [];
    for (const county of counties) {
      const sealed = state.sealed.get(county)!;
      const read = sealed.totals.get(contest.id);
      if (read === undefined)
        return {
          method,
          problem: { code: 'county-without-batch-totals', expected: contest.name, found: county },
        };
      const totals = await files.totals(read.file.sha256, contest);
      for (const b of (await files.manifest(sealed.manifest!.read.file.sha256)).batches) {
        const name = `${county}/${b.tabulator.trim()}/${b.name.trim()}`;
        batches.push({ name, cards: b.size, votes: totals.get(b.name.trim())! });
      }
    }
    // A batch of n cards is in error with chance 1 - (1 - rate)^n; taken at the average size.
    const oneVoteErrors = 1 - (1 - rates.o1 - rates.o2) ** (cards / Math.max(1, batches.length));
    const plan = planBatchComparison({ ...of, batches, oneVoteErrors, random: random() });
    return plan.ok
      ? { method, size: plan.size, cards: plan.cards }
      : { method, problem: problemOf(plan.refusal) };
  }
}

const problemOf = (refusal: AuditRefusal): Problem => ({ code: refusal.code });
