// The two counts of a contest laid side by side for the eye: by choice, by county, by type of batch. What they amount to is said by the
// checks; here their figures are only put into rows.
import type { Choice, Contest, JurisdictionId } from '../election/index.ts';
import { firstChoice } from '../audit/index.ts';
import type { ReportedResults } from '../counts/index.ts';
import type { Evidence } from '../record/index.ts';
import { reportedFor } from './countsCompared.ts';

/** Votes by choice of the contest, in the contest's order. */
export type VotesByChoice = readonly number[];

export interface CountyRow {
  readonly id: JurisdictionId;
  readonly name: string;
  readonly reported: VotesByChoice | undefined;
  readonly counted: VotesByChoice | undefined;
}

export interface TypeRow {
  readonly type: string;
  readonly batches: number;
  readonly counted: VotesByChoice;
  readonly otherCards: number;
}

export interface Sides {
  readonly contest: Contest;
  /** The choices that stand in a column, write-ins left out where no side counts them. */
  readonly choices: readonly Choice[];
  readonly reported:
    | {
        readonly total: VotesByChoice;
        readonly asOf: string | undefined;
        readonly status: ReportedResults['status'];
      }
    | undefined;
  readonly counted:
    | {
        readonly total: VotesByChoice;
        /** How many batches, where the rows are batches. */ readonly batches: number | undefined;
      }
    | undefined;
  readonly counties: readonly CountyRow[];
  readonly types: readonly TypeRow[];
}

export function sidesOf(evidence: Evidence, contest: Contest): Sides {
  const choices = contest.choices;
  const index = new Map(choices.map((c, i) => [c.id, i]));
  const zero = (): number[] => choices.map(() => 0);
  const reported = new Map<JurisdictionId, number[]>();
  const counted = new Map<JurisdictionId, number[]>();
  const types = new Map<string, { batches: number; counted: number[]; otherCards: number }>();

  const results = reportedFor(evidence, contest.id)?.value;
  for (const row of results?.rows ?? []) {
    const votes = getOr(reported, row.jurisdiction, zero);
    results!.choices.forEach((choice, i) => add(votes, index.get(choice), row.votes[i]!));
  }

  const hands = evidence.handCounts.filter((c) => c.value.contest === contest.id);
  for (const { value: hand } of hands) {
    const columns = hand.columns.map((c) => firstChoice(contest, c));
    for (let b = 0; b < hand.names.length; b++) {
      const votes = getOr(counted, hand.jurisdictions[hand.jurisdictionOf[b]!]!, zero);
      const type = getOr(types, hand.types[b]!, () => ({ batches: 0, counted: zero(), otherCards: 0 }));
      type.batches += 1;
      columns.forEach((column, i) => {
        const n = hand.tallies[b * columns.length + i]!;
        add(votes, column, n);
        add(type.counted, column, n);
        if (column === undefined) type.otherCards += n;
      });
    }
  }

  return {
    contest,
    choices,
    reported:
      results === undefined
        ? undefined
        : { total: added(reported, zero), asOf: results.asOf, status: results.status },
    counted:
      hands.length === 0
        ? undefined
        : {
            total: added(counted, zero),
            batches: hands.every((c) => c.value.granularity === 'batch')
              ? hands.reduce((n, c) => n + c.value.names.length, 0)
              : undefined,
          },
    counties: evidence.election.jurisdictions.map(({ id, name }) => ({
      id,
      name,
      reported: reported.get(id),
      counted: counted.get(id),
    })),
    types: [...types].map(([type, row]) => ({ type, ...row })),
  };
}

/** The two choices with the most votes, the first first; by the contest's order where they are equal. */
export function leaders(votes: VotesByChoice): readonly [number, number] {
  const order = votes.map((_, i) => i).sort((a, b) => votes[b]! - votes[a]! || a - b);
  return [order[0] ?? 0, order[1] ?? 0];
}

/** How many more votes the first of `pair` has than the second: negative where the second leads. */
export const marginOf = (votes: VotesByChoice, [a, b]: readonly [number, number]): number =>
  (votes[a] ?? 0) - (votes[b] ?? 0);

/** Net and gross differences over the counties that both sides count, and how many of them differ. */
export function differences(sides: Sides): { net: number; gross: number; differ: number; both: number } {
  let [net, gross, differ, both] = [0, 0, 0, 0];
  for (const { reported, counted } of sides.counties) {
    if (reported === undefined || counted === undefined) continue;
    const each = counted.map((n, i) => n - reported[i]!);
    both += 1;
    net += each.reduce((a, b) => a + b, 0);
    gross += each.reduce((a, b) => a + Math.abs(b), 0);
    if (each.some((d) => d !== 0)) differ += 1;
  }
  return { net, gross, differ, both };
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function add(votes: number[], index: number | undefined, n: number): void {
  if (index !== undefined) votes[index] = votes[index]! + n;
}

function added(map: ReadonlyMap<JurisdictionId, number[]>, zero: () => number[]): number[] {
  const total = zero();
  for (const votes of map.values()) votes.forEach((n, i) => add(total, i, n));
  return total;
}

/** Who leads in a count, and by how much, as it is said of a contest that more votes win. */
export interface Leader {
  readonly name: string;
  /** In votes; of the only choice of a contest there is none. */
  readonly margin: number | undefined;
}
export function winnerOf({ choices }: Sides, votes: VotesByChoice): Leader {
  const pair = leaders(votes);
  const margin = choices.length > 1 ? marginOf(votes, pair) : undefined;
  return { name: choices[pair[0]]?.name ?? '', margin };
}
