// One election out of what several files say of it: of offices' files before there is a record. Evidence of loose files is made where they are
// read from (apps/cli/src/looseFiles.ts), which refuses what a record would not hold together.
import type { Choice, Contest, Election, Jurisdiction } from '../election/index.ts';
import type { Opened } from '../formats/index.ts';

/** Contests, choices and jurisdictions of the same id are one; the first file to name one gives its name. */
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
