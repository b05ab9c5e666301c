// Where do paper and machine differ, and what is known of it? Only in rounds that were assessed: until then nobody at the tables may know what a machine
// said. Each difference has a size, in votes, and a direction: a machine that gave the reported winner too much, or too little.
import { assertionsFor, overstatement, type Assertion, type OnPaper } from '@opencanvass/evidence/assertions';
import type { CardRecord } from '@opencanvass/evidence/audit';
import type { Output, routes } from '@opencanvass/contract';
import type { Contest } from '@opencanvass/evidence/election';
import type { AuditState, ContestAudit, PaperRead } from './audit.ts';
import { isRanked } from './cvrs.ts';
import type { KeptFiles } from './inputs.ts';
import { isPaper, onPaper, populationOf, type Problem } from './sampling.ts';

export type Discrepancies = Output<(typeof routes)['discrepancies']>;
type Discrepancy = Discrepancies['discrepancies'][number];

export async function discrepanciesOf(
  state: AuditState,
  audit: ContestAudit,
  files: KeptFiles,
): Promise<Discrepancies | Problem> {
  const { contest } = audit;
  const assessed = [...state.assessedUnits(audit)].filter(isPaper);
  // Ballot polling compares with nothing.
  if (assessed.length === 0 || audit.method === 'ballot polling')
    return { units: assessed.length, discrepancies: [] };
  const population = await populationOf(state, audit, files);
  if ('code' in population) return population;
  const found = assertionsFor(contest, population.tally);
  if (!found.ok) return { code: found.refusal.code };
  const batches = new Map(population.batches.map((b) => [b.name, b]));
  const discrepancies: Discrepancy[] = [];
  for (const unit of assessed) {
    const { paper, positions, position } = audit.read.get(unit)!;
    const batch = batches.get(unit);
    const record = population.records.get(unit);
    const difference =
      batch !== undefined && 'batch' in paper
        ? ofBatch(found.assertions, batch.votes, paper.batch)
        : record !== undefined && record.kind !== 'pooled' && 'contests' in paper
          ? ofCard(found.assertions, contest, record, paper, population.cardStyles)
          : undefined;
    if (difference === undefined) continue;
    const told = <T extends { readonly contest?: unknown }>(map: ReadonlyMap<number, readonly T[]>): T[] =>
      positions.flatMap((p) => map.get(p) ?? []).filter((t) => t.contest === contest.id);
    const reasons = unique(told(state.explanations));
    const notes = unique(told(state.investigations));
    discrepancies.push({
      unit,
      jurisdiction: unit.slice(0, unit.indexOf('/')),
      round: audit.rounds.findIndex((r) => r.draws.includes(unit)) + 1,
      position,
      ...difference,
      status: reasons.length > 0 ? 'explained' : 'open',
      reasons: reasons.map(({ position: at, reason, words, by }) => ({
        position: at,
        reason,
        words,
        by: [...by],
      })),
      notes: notes.map(({ position: at, words, by }) => ({ position: at, words, by })),
    });
  }
  return {
    ...(isRanked(contest) ? {} : { margin: Math.min(...found.assertions.map((a) => a.total)) }),
    units: assessed.length,
    discrepancies,
  };
}

/** A pair of entries is named as a whole, and tells each thing once. */
const unique = <T extends { readonly position: number }>(told: readonly T[]): T[] => [
  ...new Map(told.map((t) => [t.position, t])).values(),
];

type Difference = Pick<
  Discrepancy,
  'machine' | 'paper' | 'machineSays' | 'paperSays' | 'votes' | 'direction'
>;

function ofBatch(
  assertions: readonly Assertion[],
  machine: readonly number[],
  paper: Extract<PaperRead, { batch: unknown }>['batch'],
): Difference | undefined {
  const says = { machine: [...machine], machineSays: 'votes' };
  if (paper === 'not found') {
    // The worst case: every vote of the batch may have been another's. Its size is not known.
    return { ...says, paperSays: 'not found', votes: 0, direction: 'for the reported outcome' };
  }
  if (!('votes' in paper) || paper.votes.join() === machine.join()) return undefined;
  const votes = largest(assertions, ({ assorter }) =>
    assorter.kind === 'linear'
      ? assorter.weights.reduce((sum, w, c) => sum + w * (machine[c]! - paper.votes[c]!), 0)
      : 0,
  );
  return { ...says, paper: [...paper.votes], paperSays: 'votes', votes, direction: directionOf(votes) };
}

function ofCard(
  assertions: readonly Assertion[],
  contest: Contest,
  record: Exclude<CardRecord, { kind: 'pooled' }>,
  paper: Extract<PaperRead, { contests: unknown }>,
  cardStyles: boolean,
): Difference | undefined {
  if (record.kind === 'redacted') return undefined;
  const read = onPaper(contest, paper);
  const marks = (side: CardRecord | OnPaper): readonly number[] | undefined =>
    side.kind === 'marks' ? side.marks : undefined;
  const ranked = isRanked(contest);
  const inOrder = (side: CardRecord | OnPaper): string | undefined =>
    ranked
      ? marks(side)?.join()
      : marks(side)
          ?.toSorted((a, b) => a - b)
          .join();
  const alike = inOrder(record) === inOrder(read) && (record.kind === 'marks' || record.kind === read.kind);
  if (alike) return undefined;
  const votes = largest(assertions, ({ assorter }) => {
    const { numerator, denominator } = overstatement(assorter, record, read, cardStyles);
    return (2 * assorter.half * numerator) / denominator;
  });
  const line = (side: CardRecord | OnPaper): number[] | undefined => {
    const on = marks(side);
    return on === undefined || ranked ? undefined : contest.choices.map((_, c) => (on.includes(c) ? 1 : 0));
  };
  const [machine, onIt] = [line(record), line(read)];
  return {
    ...(machine === undefined ? {} : { machine }),
    ...(onIt === undefined ? {} : { paper: onIt }),
    machineSays: says(record, ranked),
    paperSays: says(read, ranked),
    votes,
    direction: directionOf(votes),
  };
}

function says(side: CardRecord | OnPaper, ranked: boolean): string {
  if (side.kind === 'phantom') return 'no record';
  if (side.kind === 'contestAbsent') return 'not on ballot';
  if (side.kind === 'notFound') return 'not found';
  if (side.kind === 'marks' && side.marks.length === 0) return 'blank';
  return ranked ? 'ranking' : 'votes';
}

/** Of all comparisons the one that the machine favoured most; where it favoured none, the one that it hurt most. */
function largest(assertions: readonly Assertion[], votes: (a: Assertion) => number): number {
  const all = assertions.map(votes);
  const most = Math.max(...all);
  return most > 0 ? most : Math.min(...all);
}

const directionOf = (votes: number): Difference['direction'] =>
  votes > 0 ? 'for the reported outcome' : votes < 0 ? 'against the reported outcome' : 'neither';
