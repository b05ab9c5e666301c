// The contests of an election as its cast vote records name them, where nobody else has defined them.
import type { Choice, Contest } from '../election/index.ts';
import type { CvrContest, CvrHeader } from './cvrs.ts';

/** Each contest once, its lines for write-ins as one choice. The rule is the plainest that the ballots allow: of a ranking, whoever is elected by it. */
export function contestsIn(headers: readonly CvrHeader[]): Contest[] {
  const all = new Map<string, Contest>();
  for (const { contests } of headers)
    for (const contest of contests) {
      const known = all.get(contest.id);
      const choices = new Map<string, Choice>((known?.choices ?? []).map((c) => [c.id, c]));
      for (const { id, name, party, writeIn } of contest.choices)
        if (!choices.has(id))
          choices.set(id, {
            id,
            name,
            ...(party === undefined ? {} : { party }),
            ...(writeIn === undefined ? {} : { writeIn: true }),
          });
      all.set(contest.id, {
        id: contest.id,
        name: known?.name ?? contest.name,
        choices: [...choices.values()],
        rule: known?.rule ?? ruleOf(contest),
      });
    }
  return [...all.values()];
}

function ruleOf({ ranks, voteFor = 1 }: CvrContest): Contest['rule'] {
  if (ranks === 0) return { kind: 'plurality', voteFor, winners: voteFor };
  return voteFor > 1
    ? { kind: 'singleTransferableVote', winners: voteFor, ranks }
    : { kind: 'instantRunoff', ranks };
}
