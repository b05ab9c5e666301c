// Two files on somebody's desk: which contest do both count, and which of the two is the count of the paper? A hand count is the counted side in whichever
// order the files are given; of two files of one kind the first is what was reported and the second what was counted.
import type { Contest, Jurisdiction } from '../election/index.ts';
import type { Opened, Refusal } from '../formats/index.ts';
import { countOfHand, countOfResults, type Count } from './fullHandCount.ts';

export interface Pair {
  readonly contest: Contest;
  /** By spelling of the reported side, where it has one. */
  readonly jurisdictions: readonly Jurisdiction[];
  readonly reported: Count;
  readonly counted: Count;
  /** True if the second file is the reported side. */
  readonly swapped: boolean;
  /** 'choices': the contest has another name, or none, on one side, and was recognised by its choices. */
  readonly matchedBy: 'name' | 'choices';
}

export interface NamedFile {
  readonly name: string;
  readonly opened: Opened;
}

/** Every contest that both files count, in the counted side's order; or why there is none. */
export function pairUp(first: NamedFile, second: NamedFile): readonly Pair[] | Refusal {
  const swapped = first.opened.handCounts.length > 0 && second.opened.handCounts.length === 0;
  const [reported, counted] = swapped ? [second, first] : [first, second];
  for (const file of [first, second])
    if (countsOf(file.opened).length === 0)
      return {
        code: 'no-counts',
        file: file.name,
        expected: 'votes by choice and jurisdiction: results, or the batches of a full hand count',
        found: `${file.opened.format} without any`,
        todo: 'give a file of results (detail.xml, results CSV) and a file of a hand count (audit report, results CSV)',
      };
  const reports = countsOf(reported.opened);
  const pairs = countsOf(counted.opened).flatMap((count): Pair[] => {
    const named = reports.filter((r) => r.contest === count.contest && overlap(r, count) > 0);
    const matches = named.length > 0 ? named : reports.filter((r) => sameChoices(r, count));
    const match = matches[0];
    if (match === undefined || matches.length > 1) return [];
    return [
      {
        contest: definition(reported.opened, match, counted.opened, count),
        jurisdictions: namesOf(reported.opened, counted.opened),
        reported: match,
        counted: count,
        swapped,
        matchedBy: named.length > 0 ? 'name' : 'choices',
      },
    ];
  });
  if (pairs.length > 0) return pairs;
  const list = (file: NamedFile): string => {
    const names = file.opened.contests.map(
      (c) => c.name || `one without a name, of ${c.choices.map((o) => o.name).join(', ')}`,
    );
    return `${names.slice(0, 5).join('; ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
  };
  return {
    code: 'no-common-contest',
    file: counted.name,
    field: 'contest',
    expected: `a contest of ${reported.name}: ${list(reported)}`,
    found: list(counted),
    todo: 'check that both files are of one election; where only the names differ, correct them in a copy as a results CSV',
  };
}

const countsOf = (opened: Opened): Count[] => [
  ...opened.handCounts.map(countOfHand),
  ...opened.results.map(countOfResults),
];

const overlap = (a: Count, b: Count): number => a.choices.filter((c) => b.choices.includes(c)).length;
/** Two choices at least: "yes" and "no" of forty questions are told apart by the caller's finding several matches. */
const sameChoices = (a: Count, b: Count): boolean =>
  a.choices.length > 1 && a.choices.length === b.choices.length && overlap(a, b) === a.choices.length;

/** Names and parties from the reported side; the rule from an audit report, because it alone states the number of winners. */
function definition(reported: Opened, report: Count, counted: Opened, count: Count): Contest {
  const [a, b] = [find(reported, report), find(counted, count)];
  const rule = (counted.format === 'audit report' ? b : a).rule;
  const choices = [...a.choices, ...b.choices.filter((c) => !a.choices.some((o) => o.id === c.id))];
  return a.name === '' ? { ...b, choices, rule } : { ...a, choices, rule };
}

const find = (opened: Opened, count: Count): Contest => opened.contests.find((c) => c.id === count.contest)!;

function namesOf(reported: Opened, counted: Opened): Jurisdiction[] {
  const names = new Map(counted.jurisdictions.map((j) => [j.id, j]));
  for (const j of reported.jurisdictions) names.set(j.id, j);
  return [...names.values()];
}
