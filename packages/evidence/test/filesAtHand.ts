// Evidence of files that agree on contests and choices, as the test has them: nothing is asked of them but that they were read.
import type { Opened } from '../src/formats/index.ts';
import { electionOf, noEvidenceOf, type Evidence, type Source } from '../src/record/index.ts';

export interface FileAtHand {
  readonly source: Source;
  readonly opened: Opened;
}

export function evidenceOf(files: readonly FileAtHand[]): Evidence {
  const sourced = <T>(pick: (opened: Opened) => readonly T[]) =>
    files.flatMap(({ source, opened }) => pick(opened).map((value) => ({ value, sources: [source] })));
  return {
    ...noEvidenceOf(electionOf(files.map((f) => f.opened))),
    results: sourced((o) => o.results),
    handCounts: sourced((o) => o.handCounts),
    ballotsCast: sourced((o) => (o.ballotsCast === undefined ? [] : [o.ballotsCast])),
    statedAudits: sourced((o) => (o.stated === undefined ? [] : [o.stated])),
  };
}
