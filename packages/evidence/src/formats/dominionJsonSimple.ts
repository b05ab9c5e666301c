// The second road to a Dominion JSON export: JSON.parse and plain objects, as one would write it first. The tests hold the
// byte-level reader to it.
import type { CardVote } from '../cvr/index.ts';

interface Mark {
  CandidateId: number;
  Rank: number;
  IsAmbiguous: boolean;
  IsVote: boolean;
}
interface Contest {
  Id: number;
  Overvotes: number;
  OutstackConditionIds: number[];
  Marks: Mark[];
}
interface Version {
  PrecinctPortionId: number;
  IsCurrent: boolean;
  Cards?: { Contests: Contest[] }[];
  Contests?: Contest[];
}
export interface Session {
  TabulatorId: number;
  BatchId: number;
  RecordId: number | string;
  Original: Version;
  Modified?: Version;
}
export interface Meaning {
  /** Contest id: its ranks and how many votes a voter has. */
  readonly contests: ReadonlyMap<number, { ranks: number; voteFor: number }>;
  /** Candidate id: index among the choices of its contest. */
  readonly candidates: ReadonlyMap<number, number>;
  readonly overvote: number;
  readonly invalidContest: number;
}

export interface SimpleCard {
  readonly tabulator: string;
  readonly batch: string;
  readonly record: string;
  readonly adjudicated: boolean;
  /** By contest id. */
  readonly votes: ReadonlyMap<number, CardVote>;
}

/** The cards of one file's sessions, in order; sessions without a current version have none. */
export function simpleCards(sessions: readonly Session[], meaning: Meaning): SimpleCard[] {
  return sessions.flatMap((session) => {
    const { Original, Modified } = session;
    const version = Original.IsCurrent ? Original : Modified?.IsCurrent ? Modified : undefined;
    const cards = version?.Cards ?? (version?.Contests === undefined ? [] : [{ Contests: version.Contests }]);
    return cards.map(({ Contests }) => ({
      tabulator: String(session.TabulatorId),
      batch: String(session.BatchId),
      record: String(session.RecordId),
      adjudicated: version === Modified,
      votes: new Map(Contests.map((contest) => [contest.Id, cardVote(contest, meaning)])),
    }));
  });
}

function cardVote(contest: Contest, meaning: Meaning): CardVote {
  const { ranks, voteFor } = meaning.contests.get(contest.Id)!;
  const choice = (mark: Mark): number => meaning.candidates.get(mark.CandidateId)!;
  const clear = contest.Marks.filter((mark) => !mark.IsAmbiguous);
  const invalid = contest.OutstackConditionIds.includes(meaning.invalidContest);
  if (ranks > 0) {
    const last = Math.max(0, ...clear.map((mark) => mark.Rank));
    const byRank = Array.from({ length: last }, (_, r) =>
      clear.filter((mark) => mark.Rank === r + 1).map(choice),
    );
    if (invalid) return { kind: 'invalid', ranks: byRank };
    return clear.length === 0 ? { kind: 'blank' } : { kind: 'ranking', ranks: byRank };
  }
  if (invalid) return { kind: 'invalid', choices: clear.map(choice) };
  const choices = [...new Set(contest.Marks.filter((mark) => mark.IsVote).map(choice))];
  if (choices.length > voteFor) return { kind: 'overvoted', choices };
  if (choices.length > 0) return { kind: 'votes', choices };
  if (contest.Overvotes > 0 || contest.OutstackConditionIds.includes(meaning.overvote))
    return { kind: 'overvoted', choices: clear.map(choice) };
  return { kind: 'blank' };
}
