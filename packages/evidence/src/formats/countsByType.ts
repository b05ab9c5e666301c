// The counts of one place by vote type, where a file may state their total too: parts are taken where they add up to it, else the total is,
// so that no vote is counted twice and none is left out.
import type { ResultsRow } from '../counts/index.ts';
import { votes, type Contest, type JurisdictionId } from '../election/index.ts';
import type { Ledger } from './refusals.ts';

export interface PlaceCounts {
  readonly jurisdiction: JurisdictionId;
  readonly unit?: string;
  /** How a sentence names the place. */
  readonly name: string;
  readonly line?: number;
  /** By vote type, in the file's order: the count of each choice, undefined where the file has none. */
  readonly types: ReadonlyMap<string, readonly (number | undefined)[]>;
}

/** `isTotal` tells the type that holds the total of all others. A choice without a count is a refusal; parts and total that differ, a remark. */
export function rowsOfPlace(
  ledger: Ledger,
  contest: Contest,
  place: PlaceCounts,
  isTotal: (type: string) => boolean,
): ResultsRow[] {
  const parts = [...place.types].filter(([type]) => !isTotal(type));
  const total = [...place.types].find(([type]) => isTotal(type));
  const sums = contest.choices.map((_, i) => sumOf(parts.map(([, counts]) => counts[i])));
  const differ = total?.[1].findIndex((n, i) => n !== sums[i]) ?? -1;
  if (parts.length > 0 && differ !== -1 && sums[differ] !== undefined && total![1][differ] !== undefined)
    ledger.remark(
      'total-contradicts-parts',
      {
        ...(place.line === undefined ? {} : { line: place.line }),
        field: `${contest.name}, ${contest.choices[differ]!.name}, ${place.name}`,
      },
      `${sums[differ]}, the sum of its parts`,
      `${total![1][differ]}, stated and read`,
    );
  const taken = total !== undefined && (parts.length === 0 || differ !== -1) ? [total] : parts;
  return taken.map(([voteType, counts]): ResultsRow => ({
    jurisdiction: place.jurisdiction,
    ...(place.unit === undefined ? {} : { unit: place.unit }),
    voteType,
    votes: contest.choices.map((choice, i) => {
      const n = counts[i];
      if (n === undefined && !ledger.full())
        ledger.refuse(
          'missing-count',
          {
            ...(place.line === undefined ? {} : { line: place.line }),
            field: `${contest.name}, ${choice.name}`,
          },
          `a count for ${place.name}${voteType === '' ? '' : ` in ${voteType}`}, as for the other choices`,
          'none',
          'a count that is missing is not a zero; ask the office for the whole file',
        );
      return votes(n ?? 0);
    }),
  }));
}

const sumOf = (counts: readonly (number | undefined)[]): number | undefined =>
  counts.includes(undefined) ? undefined : counts.reduce<number>((a, n) => a + n!, 0);
