// Evidence from loose files: what somebody has on a desk, laid side by side without a record. The same checks take it.
import type { Choice, Contest, Election, Jurisdiction } from '../election/index.ts';
import type { Opened } from '../formats/index.ts';
import { noEvidenceOf, type Evidence, type Source } from './evidence.ts';

/** A file that was read. */
export interface LooseFile {
  readonly source: Source;
  readonly opened: Opened;
}

/** Evidence from files that were read. Contests, choices and jurisdictions of the same id are one; the first file to name one gives its name. */
export function evidenceOf(files: readonly LooseFile[]): Evidence {
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

/** One election out of what each file says of it. */
export function electionOf(
  files: readonly Pick<Opened, 'election' | 'contests' | 'jurisdictions'>[],
): Election {
  const stated = files.find((f) => f.election !== undefined)?.election;
  const contests = new Map<string, Contest>();
  const jurisdictions = new Map<string, Jurisdiction>();
  for (const file of files) {
    for (const contest of file.contests) {
      const known = contests.get(contest.id);
      contests.set(
        contest.id,
        known === undefined ? contest : { ...known, choices: joined(known.choices, contest.choices) },
      );
    }
    for (const jurisdiction of file.jurisdictions)
      if (!jurisdictions.has(jurisdiction.id)) jurisdictions.set(jurisdiction.id, jurisdiction);
  }
  return {
    name: stated?.name ?? '',
    date: stated?.date ?? '',
    ...(stated?.state === undefined ? {} : { state: stated.state }),
    contests: [...contests.values()],
    jurisdictions: [...jurisdictions.values()],
  };
}

const joined = (known: readonly Choice[], more: readonly Choice[]): Choice[] => [
  ...known,
  ...more.filter((m) => !known.some((k) => k.id === m.id)),
];
