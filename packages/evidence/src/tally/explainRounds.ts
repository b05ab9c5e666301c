// A ranked count as a reader meets it: round by round who stood where, who was elected or went, and which votes flowed from whom to whom.
// Data for a table, a drawing and the sentences of sentences/tally.ts.
import { decimal, units, type Decimal } from './decimal.ts';
import type { Because, Decision, RankedResult } from './rounds.ts';
import type { Tie } from './ties.ts';

export interface RoundExplained {
  readonly round: number;
  readonly threshold: Decimal;
  /** Most votes first; those with equal votes in the order of the candidates. */
  readonly standing: readonly Standing[];
  /** Votes that count for nobody in this round. */
  readonly inactive: Decimal;
  /** What was decided, those decided for one reason together. */
  readonly decided: readonly Decided[];
  /** Every vote that moved at the end of the round. */
  readonly flows: readonly Flow[];
}

export interface Standing {
  readonly candidate: string;
  readonly votes: Decimal;
  /** What came in since the round before: below 0 where a surplus left. Absent in the first round. */
  readonly change?: Decimal;
  /** True of those elected in an earlier round. */
  readonly elected: boolean;
}

export interface Decided {
  readonly what: Decision['what'];
  readonly because: Because;
  readonly candidates: readonly string[];
  /** The votes they hold together. */
  readonly votes: Decimal;
  readonly tie?: Tie;
}

export interface Flow {
  readonly from: string;
  /** A candidate; or to nobody: 'exhausted' (no further choice), 'residual' (cut off). */
  readonly to: { readonly candidate: string } | 'exhausted' | 'residual';
  readonly votes: Decimal;
}

/** All decimals of a result have at most so many places (the rules allow 20). */
const places = 20;
const plain = (n: bigint): Decimal => decimal(n, places);
const sum = (list: readonly Decimal[]): Decimal =>
  plain(list.reduce((total, v) => total + units(v, places), 0n));

export function explainRounds({ rounds }: RankedResult): RoundExplained[] {
  const elected = new Set<string>();
  return rounds.map(({ round, threshold, tally, decisions, inactive, finalRoundSurplus }, r) => {
    const before = rounds[r - 1]?.tally;
    const standing = tally
      .map(({ candidate, votes }): Standing => {
        const earlier = before?.find((v) => v.candidate === candidate)?.votes;
        return {
          candidate,
          votes,
          ...(earlier === undefined ? {} : { change: plain(units(votes, places) - units(earlier, places)) }),
          elected: elected.has(candidate),
        };
      })
      .sort((a, b) => {
        const [x, y] = [units(a.votes, places), units(b.votes, places)];
        return x > y ? -1 : x < y ? 1 : 0;
      });
    const votesOf = (name: string): Decimal => tally.find((v) => v.candidate === name)!.votes;
    const decided: Decided[] = [];
    for (const { what, because, candidate, tie } of decisions) {
      const last = decided.at(-1);
      const together =
        last?.what === what && last.because === because && tie === undefined && last.tie === undefined;
      const candidates = together ? [...last.candidates, candidate] : [candidate];
      if (together) decided.pop();
      decided.push({
        what,
        because,
        candidates,
        votes: sum(candidates.map(votesOf)),
        ...(tie === undefined ? {} : { tie }),
      });
    }
    for (const d of decisions) if (d.what === 'elected') elected.add(d.candidate);
    return {
      round,
      threshold,
      standing,
      inactive: sum([...Object.values(inactive), finalRoundSurplus ?? '0']),
      decided,
      flows: decisions.flatMap(flowsOf),
    };
  });
}

const flowsOf = ({ candidate: from, transfers, exhausted, residual }: Decision): Flow[] => [
  ...transfers.map(({ candidate, votes }): Flow => ({ from, to: { candidate }, votes })),
  ...(exhausted === '0' ? [] : [{ from, to: 'exhausted', votes: exhausted } as const]),
  ...(residual === '0' ? [] : [{ from, to: 'residual', votes: residual } as const]),
];
