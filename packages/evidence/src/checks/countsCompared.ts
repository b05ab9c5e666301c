// The hand count against the reported results: who won, and how far apart the two are. Net differences hide gross ones, and a number of counties
// says nothing without ballots, so all of it is told: net, gross, units and the margin, side by side (field guide, section 0, 4 and 5).
import type { ReportedResults } from '../counts/index.ts';
import type { Contest, ContestId, JurisdictionId } from '../election/index.ts';
import { totalsByJurisdiction, type HandCount } from '../paper/index.ts';
import type { Evidence, Source, Sourced } from '../record/index.ts';
import {
  explanationsOf,
  figure,
  finding,
  type Check,
  type Figure,
  type Finding,
  type UnitConcerned,
} from './finding.ts';

/** The hand count's outcome is the reported one. */
export const sameWinner: Check = {
  id: 'same-winner',
  of: 'election',
  run: (evidence) =>
    forPairs(sameWinner, evidence, ({ contest, reported, hand, jurisdictions }, base) => {
      const reportedTotals = totals(
        jurisdictions.map((j) => j.reported),
        contest.choices.length,
      );
      const handTotals = totals(
        jurisdictions.map((j) => j.hand),
        contest.choices.length,
      );
      const winners = seats(contest);
      if (winners === undefined) return finding(sameWinner, 'cannot tell', { ...base, code: 'another-rule' });
      const before = outcome(reportedTotals, winners);
      const after = outcome(handTotals, winners);
      const missing = missingPlaces(reported, hand);
      const parts = {
        ...base,
        figures: [
          figure('reportedMargin', before.margin, 'votes'),
          figure('handMargin', after.margin, 'votes'),
          ...contest.choices.flatMap((choice, c) => [
            figure(`reported ${choice.id}`, reportedTotals[c]!, 'votes'),
            figure(`hand ${choice.id}`, handTotals[c]!, 'votes'),
          ]),
        ],
        units: [
          ...before.winners.map((c) => ({
            name: contest.choices[c]!.name,
            code: 'reported-winner',
            figures: [figure('votes', reportedTotals[c]!, 'votes')],
          })),
          ...after.winners.map((c) => ({
            name: contest.choices[c]!.name,
            code: 'hand-winner',
            figures: [figure('votes', handTotals[c]!, 'votes')],
          })),
        ],
      };
      // A county missing on one side could hold the difference: its votes are never taken for zero.
      if (missing.length > 0)
        return finding(sameWinner, 'cannot tell', {
          ...parts,
          code: 'jurisdictions-missing',
          units: missing,
        });
      if (after.tie || before.tie) return finding(sameWinner, 'fails', { ...parts, code: 'tie' });
      return before.winners.join() === after.winners.join()
        ? finding(sameWinner, 'holds', parts)
        : finding(sameWinner, 'fails', { ...parts, code: 'another-winner' });
    }),
};

/** Changes of the margin, county by county, added without their signs, stay below the reported margin. */
export const differencesBelowMargin: Check = {
  id: 'differences-below-margin',
  of: 'election',
  run: (evidence) =>
    forPairs(differencesBelowMargin, evidence, (pair, base) => {
      const { contest, jurisdictions } = pair;
      const winners = seats(contest);
      const reportedTotals = totals(
        jurisdictions.map((j) => j.reported),
        contest.choices.length,
      );
      if (winners === undefined)
        return finding(differencesBelowMargin, 'cannot tell', { ...base, code: 'another-rule' });
      const { margin, first, second } = outcome(reportedTotals, winners);
      const gross = jurisdictions.reduce(
        (n, j) => n + Math.abs(j.hand[first]! - j.hand[second]! - (j.reported[first]! - j.reported[second]!)),
        0,
      );
      const parts = {
        ...base,
        figures: [figure('grossMargin', gross, 'votes'), figure('margin', margin, 'votes')],
      };
      if (missingPlaces(pair.reported, pair.hand).length > 0)
        return finding(differencesBelowMargin, 'cannot tell', { ...parts, code: 'jurisdictions-missing' });
      return gross < margin
        ? finding(differencesBelowMargin, 'holds', parts)
        : finding(differencesBelowMargin, 'fails', { ...parts, code: 'at-least-the-margin' });
    }),
};

/** The two counts are equal, vote for vote, in every county. */
export const equalCounts: Check = {
  id: 'equal-counts',
  of: 'election',
  run: (evidence) =>
    forPairs(equalCounts, evidence, ({ contest, jurisdictions }, base) => {
      let [net, gross] = [0, 0];
      const units: UnitConcerned[] = [];
      for (const { id, reported, hand } of jurisdictions) {
        const differences = hand.map((h, c) => h - reported[c]!);
        const netHere = differences.reduce((a, b) => a + b, 0);
        const grossHere = differences.reduce((a, b) => a + Math.abs(b), 0);
        net += netHere;
        gross += grossHere;
        if (grossHere > 0)
          units.push({
            jurisdiction: id,
            figures: [
              figure('gross', grossHere, 'votes'),
              figure('net', netHere, 'votes'),
              ...contest.choices.map((choice, c) => figure(choice.id, differences[c]!, 'votes')),
            ],
          });
      }
      const winners = seats(contest);
      const figures: Figure[] = [
        figure('net', net, 'votes'),
        figure('gross', gross, 'votes'),
        figure('units', units.length, 'jurisdictions'),
        figure('jurisdictions', jurisdictions.length, 'jurisdictions'),
        ...(winners === undefined
          ? []
          : [
              figure(
                'margin',
                outcome(
                  totals(
                    jurisdictions.map((j) => j.reported),
                    contest.choices.length,
                  ),
                  winners,
                ).margin,
                'votes',
              ),
            ]),
      ];
      return units.length === 0
        ? finding(equalCounts, 'holds', { ...base, figures })
        : finding(equalCounts, 'fails', {
            ...base,
            code: 'differ',
            figures,
            units: units.toSorted((a, b) => b.figures[0]!.value - a.figures[0]!.value),
            explainedBy: explanationsOf(evidence, equalCounts.id, contest.id),
          });
    }),
};

/**
 * The margin is the same in every county. A county's variation is |(hand first − hand second) − (reported first − reported second)| over the
 * reported votes of all choices: the definition under which Georgia's published "103 of 159 under 0.05%" comes out.
 */
export const marginVariation: Check = {
  id: 'margin-variation',
  of: 'election',
  run: (evidence) =>
    forPairs(marginVariation, evidence, ({ contest, jurisdictions }, base) => {
      const winners = seats(contest);
      if (winners === undefined)
        return finding(marginVariation, 'cannot tell', { ...base, code: 'another-rule' });
      const { first, second } = outcome(
        totals(
          jurisdictions.map((j) => j.reported),
          contest.choices.length,
        ),
        winners,
      );
      const places = jurisdictions.map(({ id, reported, hand }) => ({
        id,
        change: hand[first]! - hand[second]! - (reported[first]! - reported[second]!),
        votes: reported.reduce((a, b) => a + b, 0),
      }));
      // By cross-multiplying: |change| / votes < 5 / 10,000.
      const below = places.filter((p) => Math.abs(p.change) * 10_000 < 5 * p.votes).length;
      const unchanged = places.filter((p) => p.change === 0).length;
      const sorted = places
        .filter((p) => p.change !== 0)
        .toSorted(
          (a, b) => Math.abs(b.change) * a.votes - Math.abs(a.change) * b.votes || (a.id < b.id ? -1 : 1),
        );
      const largest = sorted[0];
      const parts = {
        ...base,
        figures: [
          figure('unchanged', unchanged, 'jurisdictions'),
          figure('below', below, 'jurisdictions'),
          figure('jurisdictions', places.length, 'jurisdictions'),
          figure('largestVotes', Math.abs(largest?.change ?? 0), 'votes'),
          figure('largestOf', largest?.votes ?? 0, 'votes'),
          figure(
            'largest',
            largest === undefined ? 0 : (100 * Math.abs(largest.change)) / largest.votes,
            'percent',
          ),
        ],
        units: sorted.map((p) => ({
          jurisdiction: p.id,
          figures: [
            figure('variation', p.votes === 0 ? 0 : (100 * Math.abs(p.change)) / p.votes, 'percent'),
            figure('change', p.change, 'votes'),
            figure('votes', p.votes, 'votes'),
          ],
        })),
      };
      return sorted.length === 0
        ? finding(marginVariation, 'holds', parts)
        : finding(marginVariation, 'fails', { ...parts, code: 'differ' });
    }),
};

/** A contest with both counts, by jurisdiction; `reported` and `hand` in the order of the contest's choices. */
interface Pair {
  readonly contest: Contest;
  readonly reported: ReportedResults;
  readonly hand: HandCount;
  readonly jurisdictions: readonly {
    readonly id: JurisdictionId;
    readonly reported: readonly number[];
    readonly hand: readonly number[];
  }[];
}

function forPairs(
  check: Check,
  evidence: Evidence,
  judge: (pair: Pair, base: { contest: ContestId; read: readonly Source[] }) => Finding,
): Finding[] {
  const findings: Finding[] = [];
  for (const contest of evidence.election.contests) {
    const hand = evidence.handCounts.find((h) => h.value.contest === contest.id);
    if (hand === undefined) continue;
    const reported = reportedFor(evidence, contest.id);
    const read = [...hand.sources, ...(reported?.sources ?? [])];
    findings.push(
      reported === undefined
        ? finding(check, 'cannot tell', { contest: contest.id, read, code: 'no-results' })
        : judge(pairOf(contest, reported.value, hand.value), { contest: contest.id, read }),
    );
  }
  return findings.length > 0 ? findings : [finding(check, 'cannot tell', { code: 'no-hand-count' })];
}

/** The reported results of a contest: the certified ones where there are any, else the last reported. */
export function reportedFor(evidence: Evidence, contest: ContestId): Sourced<ReportedResults> | undefined {
  const all = evidence.results.filter((r) => r.value.contest === contest);
  return all.findLast((r) => r.value.status === 'certified') ?? all.at(-1);
}

function pairOf(contest: Contest, reported: ReportedResults, hand: HandCount): Pair {
  const reportedColumn = contest.choices.map((choice) => reported.choices.indexOf(choice.id));
  const handColumn = contest.choices.map((choice) =>
    hand.columns.findIndex((c) => c.kind === 'choice' && c.choice === choice.id),
  );
  const machine = new Map<JurisdictionId, number[]>();
  for (const row of reported.rows) {
    const sum = machine.get(row.jurisdiction) ?? contest.choices.map(() => 0);
    for (const [c, column] of reportedColumn.entries()) if (column >= 0) sum[c]! += row.votes[column]!;
    machine.set(row.jurisdiction, sum);
  }
  const byHand = totalsByJurisdiction(hand);
  return {
    contest,
    reported,
    hand,
    jurisdictions: hand.jurisdictions.flatMap((id, j) => {
      const sum = machine.get(id);
      return sum === undefined
        ? []
        : [{ id, reported: sum, hand: handColumn.map((column) => (column < 0 ? 0 : byHand[j]![column]!)) }];
    }),
  };
}

/** Jurisdictions that are in one of the two counts only. */
function missingPlaces(reported: ReportedResults, hand: HandCount): UnitConcerned[] {
  const machine = new Set(reported.rows.map((r) => r.jurisdiction));
  const counted = new Set(hand.jurisdictions);
  return [
    ...hand.jurisdictions
      .filter((j) => !machine.has(j))
      .map((jurisdiction) => ({ jurisdiction, code: 'not-reported', figures: [] })),
    ...[...machine]
      .filter((j) => !counted.has(j))
      .map((jurisdiction) => ({ jurisdiction, code: 'not-hand-counted', figures: [] })),
  ];
}

const totals = (rows: readonly (readonly number[])[], width: number): number[] =>
  Array.from({ length: width }, (_, c) => rows.reduce((n, row) => n + row[c]!, 0));

/** How many seats a contest fills where more votes win; undefined under any other rule. */
const seats = ({ rule }: Contest): number | undefined =>
  rule.kind === 'plurality' || rule.kind === 'approval' ? rule.winners : undefined;

interface Outcome {
  /** Indices of the winning choices, ascending. */
  readonly winners: readonly number[];
  /** Votes of the last winner less those of the first loser. */
  readonly margin: number;
  /** The last winner and the first loser. */
  readonly first: number;
  readonly second: number;
  readonly tie: boolean;
}

function outcome(votes: readonly number[], winners: number): Outcome {
  const order = votes.map((_, c) => c).toSorted((a, b) => votes[b]! - votes[a]! || a - b);
  const first = order[winners - 1] ?? order.at(-1) ?? 0;
  const second = order[winners] ?? first;
  const margin = (votes[first] ?? 0) - (votes[second] ?? 0);
  return {
    winners: order.slice(0, winners).toSorted((a, b) => a - b),
    margin,
    first,
    second,
    tie: margin === 0 && first !== second,
  };
}
