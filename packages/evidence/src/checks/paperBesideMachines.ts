// What people read of each unit that was drawn, beside what the machines said of it: for whoever asks about one county. It can be told once the
// seals are opened; nothing is judged here, for the audit has judged the differences already.
import type { CardRecord } from '../audit/index.ts';
import type { OnPaper } from '../assertions/index.ts';
import type { JurisdictionId } from '../election/index.ts';
import type { AuditedContest, Evidence } from '../record/index.ts';
import { onPaper } from './assessedAgain.ts';
import { isPaper, populationOf } from './population.ts';
import { ofSample, readingsAt } from './readings.ts';

export interface BesideMachine {
  readonly unit: string;
  readonly jurisdiction: JurisdictionId;
  readonly agrees: boolean;
}

/** Undefined where it cannot be told: the machines' files are sealed still, are not at hand, or say nothing of single units. */
export function paperBesideMachines(
  evidence: Evidence,
  contest: AuditedContest,
): readonly BesideMachine[] | undefined {
  if (evidence.audit === undefined || contest.method === 'ballot polling') return undefined;
  const population = populationOf(evidence, evidence.audit, contest, 'assess');
  if (!population.ok) return undefined;
  const reported = new Map(population.batches.map((b) => [b.name, b.votes]));
  const readings = readingsAt(ofSample(contest), Infinity);
  return [...new Set(contest.rounds.flatMap((r) => r.draws))].filter(isPaper).flatMap((unit) => {
    const paper = readings.get(unit)?.paper;
    const votes = reported.get(unit);
    const record = population.records.get(unit);
    const beside =
      paper === undefined
        ? undefined
        : 'batch' in paper
          ? votes &&
            typeof paper.batch === 'object' &&
            'votes' in paper.batch &&
            paper.batch.votes.join() === votes.join()
          : record?.kind === 'pooled'
            ? undefined
            : sameMarks(
                record,
                onPaper(contest.contest, paper.card),
                contest.contest.rule.kind === 'instantRunoff',
              );
    if (beside === undefined) return [];
    return [{ unit, jurisdiction: unit.slice(0, unit.indexOf('/')) as JurisdictionId, agrees: beside }];
  });
}

/** A card without a record is a phantom, which agrees with no paper. */
function sameMarks(record: CardRecord | undefined, paper: OnPaper, inOrder: boolean): boolean {
  if (record?.kind !== 'marks' || paper.kind !== 'marks') return record?.kind === paper.kind;
  const of = (marks: readonly number[]): string => (inOrder ? marks : marks.toSorted((a, b) => a - b)).join();
  return of(record.marks) === of(paper.marks);
}
