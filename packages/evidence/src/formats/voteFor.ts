// How many votes a voter has in a contest whose export does not say it (ES&S, Hart, some of NIST's), from whoever knows: the contests of a record,
// or a file of rules. What an export says itself stands.
import { contestId, type Contest, type ContestId } from '../election/index.ts';

export type VoteFor = ReadonlyMap<ContestId, number>;

/** As the rules of these contests have it; ranked contests, and those in which a voter may approve of anybody, have no such number. */
export const voteForOf = (contests: readonly Contest[]): VoteFor =>
  new Map(
    contests.flatMap(({ id, rule }) => {
      switch (rule.kind) {
        case 'plurality':
          return [[id, rule.voteFor] as const];
        case 'supermajority':
        case 'threshold':
        case 'topTwoRunoff':
          return [[id, 1] as const];
        default:
          return [];
      }
    }),
  );

/** `{"City Council": 3}`, by name; undefined if it is anything else. */
export function voteForFromJson(json: unknown): VoteFor | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const entries = Object.entries(json as Record<string, unknown>);
  return entries.every(([, votes]) => Number.isInteger(votes) && Number(votes) >= 1 && Number(votes) <= 999)
    ? new Map(entries.map(([name, votes]) => [contestId(name), votes as number]))
    : undefined;
}
