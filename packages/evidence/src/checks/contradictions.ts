// Totals that a file states and that its own parts contradict, as its reader remarked them. The file is read all the same, and the check of
// that count fails.
import type { Evidence, Source } from '../record/index.ts';
import type { UnitConcerned } from './finding.ts';

/** The contradictions remarked in the files that a count comes from: the row or column, what its parts give, what it states. */
export const contradictionsIn = (evidence: Evidence, sources: readonly Source[]): UnitConcerned[] =>
  (evidence.remarks ?? [])
    .filter(
      ({ value, sources: of }) =>
        value.code === 'total-contradicts-parts' && of.some((a) => sources.some((b) => a.name === b.name)),
    )
    .map(({ value: { field, line, expected, found } }) => ({
      name: [field, line === undefined ? undefined : `line ${line}`]
        .filter((t) => t !== undefined)
        .join(', '),
      expected,
      found,
      figures: [],
    }));
