// The thread of one plan: simulated audits of each method. Those of a close contest take seconds.
import { parentPort, workerData } from 'node:worker_threads';
import {
  planBallotPolling,
  planBatchComparison,
  planCardComparison,
  type AuditRefusal,
} from '@opencanvass/evidence/audit';
import { simulationRandom } from '@opencanvass/evidence/risk';
import type { MethodPlanned, ToPlan } from './planned.ts';
import type { Problem } from './sampling.ts';

/** Of a thousand cards one differs by a vote, and of ten thousand one by two. */
const rates = { o1: 0.0009, o2: 0.0001, u1: 0, u2: 0 };

/** Simulated audits. Few: the tenth figure is not what is decided by. */
const runs = 30;

function simulated({ contest, riskLimit, tally, batches, withoutCvrs }: ToPlan): MethodPlanned[] {
  const of = { contest, tally, riskLimit, runs };
  const random = () => simulationRandom(1);
  const compared = planCardComparison({ ...of, rates, random: random() });
  const polled = planBallotPolling({ ...of, random: random() });
  return [
    batchesPlanned(),
    withoutCvrs !== undefined
      ? { method: 'card comparison', problem: { code: 'county-without-cvrs', found: withoutCvrs } }
      : compared.ok
        ? { method: 'card comparison', size: compared.size, cards: compared.size.expected }
        : { method: 'card comparison', problem: problemOf(compared.refusal) },
    polled.ok
      ? { method: 'ballot polling', size: polled.size, cards: polled.size.expected }
      : { method: 'ballot polling', problem: problemOf(polled.refusal) },
  ];

  function batchesPlanned(): MethodPlanned {
    const method = 'batch comparison';
    if ('code' in batches) return { method, problem: batches };
    // A batch of n cards is in error with chance 1 - (1 - rate)^n; taken at the average size.
    const oneVoteErrors = 1 - (1 - rates.o1 - rates.o2) ** (tally.cards / Math.max(1, batches.length));
    const plan = planBatchComparison({ ...of, batches, oneVoteErrors, random: random() });
    return plan.ok
      ? { method, size: plan.size, cards: plan.cards }
      : { method, problem: problemOf(plan.refusal) };
  }
}

const problemOf = (refusal: AuditRefusal): Problem => ({ code: refusal.code });

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort!.postMessage(simulated(workerData as ToPlan));
