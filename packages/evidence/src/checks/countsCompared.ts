// The hand count against the reported results: who won, and how far apart the two are. Net differences hide gross ones, and a number of counties
// says nothing without ballots, so all of it is told: net, gross, units and the margin, side by side (field guide, section 0, 4 and 5).
import {
  compareCounts,
  countOfHand,
  countOfResults,
  firstChoicesOfHand,
  isBelow,
  largestVariation,
  type CountComparison,
  type TypeDifference,
} from '../audit/index.ts';
import type { ReportedResults } from '../counts/index.ts';
import type { ChoiceId, Contest, ContestId } from '../election/index.ts';
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

/** The hand count's outcome is the reported one. A hand count that elects somebody else corrects it. */
export const sameWinner: Check = {
  id: 'same-winner',
  of: 'election',
  run: (evidence) =>
    forComparisons(sameWinner, evidence, (comparison, contest, base) => {
      const { reported, counted, choices, ending, missing } = comparison;
      const nameOf = (id: ChoiceId): string => contest.choices.find((c) => c.id === id)?.name ?? id;
      const winners = (ids: readonly ChoiceId[], code: string): UnitConcerned[] =>
        ids.map((id) => ({ name: nameOf(id), code, figures: [] }));
      const parts = {
        ...base,
        figures: [
          ...marginFigures(comparison),
          ...choices.flatMap((id, c) => [
            figure(`reported ${id}`, reported.totals[c]!, 'votes'),
            figure(`hand ${id}`, counted.totals[c]!, 'votes'),
          ]),
        ],
        units: [
          ...winners(reported.outcome?.winners ?? [], 'reported-winner'),
          ...winners(counted.outcome?.winners ?? [], 'hand-winner'),
        ],
      };
      switch (ending.kind) {
        case 'agrees':
          return finding(sameWinner, 'holds', parts);
        case 'corrects':
          return finding(sameWinner, 'fails', { ...parts, code: 'another-winner' });
        case 'tie':
          return finding(sameWinner, 'fails', {
            ...parts,
            code: 'tie',
            units: [...parts.units, ...winners(ending.tied, 'tied')],
          });
        case 'cannot tell':
          return finding(sameWinner, 'cannot tell', {
            ...parts,
            code: ending.why,
            units: missingPlaces(missing),
          });
      }
    }),
};

/** Changes of the margin, jurisdiction by jurisdiction, added without their signs, stay below the reported margin. */
export const differencesBelowMargin: Check = {
  id: 'differences-below-margin',
  of: 'election',
  run: (evidence) =>
    forComparisons(differencesBelowMargin, evidence, (comparison, _, base) => {
      const margin = comparison.reported.margin;
      if (margin === undefined)
        return finding(differencesBelowMargin, 'does not apply', { ...base, code: 'nobody-lost' });
      const gross = comparison.jurisdictions.reduce((n, j) => n + Math.abs(j.marginChange ?? 0), 0);
      const parts = {
        ...base,
        figures: [figure('grossMargin', gross, 'votes'), figure('margin', margin, 'votes')],
      };
      const units = missingPlaces(comparison.missing);
      if (units.length > 0)
        return finding(differencesBelowMargin, 'cannot tell', {
          ...parts,
          code: 'jurisdictions missing',
          units,
        });
      return gross < margin
        ? finding(differencesBelowMargin, 'holds', parts)
        : finding(differencesBelowMargin, 'fails', { ...parts, code: 'at-least-the-margin' });
    }),
};

/** The two counts are equal, vote for vote, in every jurisdiction. */
export const equalCounts: Check = {
  id: 'equal-counts',
  of: 'election',
  run: (evidence) =>
    forComparisons(equalCounts, evidence, (comparison, _, base) => {
      const { net, gross, units, jurisdictions, choices } = comparison;
      const parts = {
        ...base,
        figures: [
          figure('net', net, 'votes'),
          figure('gross', gross, 'votes'),
          figure('units', units.differing, 'jurisdictions'),
          figure('jurisdictions', units.compared, 'jurisdictions'),
          ...(comparison.reported.margin === undefined
            ? []
            : [figure('margin', comparison.reported.margin, 'votes')]),
        ],
      };
      if (units.differing === 0) return finding(equalCounts, 'holds', parts);
      return finding(equalCounts, 'fails', {
        ...parts,
        code: 'differ',
        units: [
          // A batch of one type can hold ballots of another: types differ more than counties do, and a type alone shows no error.
          ...comparison.types
            .filter((t) => t.gross > 0)
            .map((t) => ({
              ...ofType[t.type],
              figures: [
                ...differenceFigures(t, choices),
                figure('typeUnits', t.differing, 'jurisdictions'),
                ...(t.marginChange === undefined ? [] : [figure('change', t.marginChange, 'votes')]),
              ],
            })),
          ...jurisdictions
            .filter((j) => j.gross > 0)
            .toSorted((a, b) => b.gross - a.gross)
            .map((j) => ({ jurisdiction: j.jurisdiction, figures: differenceFigures(j, choices) })),
        ],
        explainedBy: explanationsOf(evidence, equalCounts.id, comparison.contest),
      });
    }),
};

const ofType: Readonly<Record<TypeDifference['type'], Pick<UnitConcerned, 'code'>>> = {
  'election day': { code: 'type election day' },
  advance: { code: 'type advance' },
  mail: { code: 'type mail' },
  provisional: { code: 'type provisional' },
};

const differenceFigures = (
  d: Pick<TypeDifference, 'gross' | 'net' | 'counted' | 'reported'>,
  choices: readonly ChoiceId[],
): Figure[] => [
  figure('gross', d.gross, 'votes'),
  figure('net', d.net, 'votes'),
  ...choices.map((id, c) => figure(id, d.counted[c]! - d.reported[c]!, 'votes')),
];

/** The margin is the same in every jurisdiction; audit/fullHandCount.ts defines a jurisdiction's variation. */
export const marginVariation: Check = {
  id: 'margin-variation',
  of: 'election',
  run: (evidence) =>
    forComparisons(marginVariation, evidence, (comparison, _, base) => {
      const largest = largestVariation(comparison);
      if (comparison.between === undefined || largest === undefined)
        return finding(marginVariation, 'does not apply', { ...base, code: 'nobody-lost' });
      const places = comparison.jurisdictions.map((j) => ({
        ...j,
        change: j.marginChange!,
        variation: j.marginVariation!,
      }));
      const changed = places.filter((p) => p.change !== 0);
      const parts = {
        ...base,
        figures: [
          figure('unchanged', places.length - changed.length, 'jurisdictions'),
          // 0.05% is the line that Georgia's report of 2020 drew.
          figure(
            'below',
            places.filter((p) => isBelow(p.variation, { numerator: 5, denominator: 10_000 })).length,
            'jurisdictions',
          ),
          figure('jurisdictions', places.length, 'jurisdictions'),
          figure('largestVotes', largest.marginVariation!.votes, 'votes'),
          figure('largestOf', largest.marginVariation!.of, 'votes'),
          figure('largest', percent(largest.marginVariation!), 'percent'),
        ],
        units: changed
          .toSorted(
            (a, b) =>
              percent(b.variation) - percent(a.variation) || (a.jurisdiction < b.jurisdiction ? -1 : 1),
          )
          .map((p) => ({
            jurisdiction: p.jurisdiction,
            figures: [
              figure('variation', percent(p.variation), 'percent'),
              figure('change', p.change, 'votes'),
              figure('votes', p.variation.of, 'votes'),
            ],
          })),
      };
      return changed.length === 0
        ? finding(marginVariation, 'holds', parts)
        : finding(marginVariation, 'fails', { ...parts, code: 'differ' });
    }),
};

/** For reading only: what is decided is decided by cross-multiplying. */
const percent = ({ votes, of }: { votes: number; of: number }): number => (of === 0 ? 0 : (100 * votes) / of);

function forComparisons(
  check: Check,
  evidence: Evidence,
  judge: (
    comparison: CountComparison,
    contest: Contest,
    base: { contest: ContestId; read: readonly Source[] },
  ) => Finding,
): Finding[] {
  const compared = comparisonsOf(evidence);
  if (compared.length === 0) return [finding(check, 'cannot tell', { code: 'no-hand-count' })];
  return compared.map(({ contest, comparison, read }) => {
    const base = { contest: contest.id, read };
    if (comparison === undefined) return finding(check, 'cannot tell', { ...base, code: 'no-results' });
    // Nothing in common is nothing compared: no difference over no place, or over no choice, is no agreement.
    if (comparison.units.compared === 0)
      return finding(check, 'cannot tell', {
        ...base,
        code: 'jurisdictions missing',
        units: missingPlaces(comparison.missing),
      });
    if (comparison.choices.length === 0)
      return finding(check, 'cannot tell', { ...base, code: 'choices missing' });
    return judge(comparison, contest, base);
  });
}

interface Compared {
  readonly contest: Contest;
  /** Absent where the contest was counted by hand and no results were reported. */
  readonly comparison: CountComparison | undefined;
  readonly read: readonly Source[];
}

const compared = new WeakMap<Evidence, readonly Compared[]>();

/** The comparison for each contest that was counted by hand. Computed once for the same evidence: four checks and every page ask for it. */
export function comparisonsOf(evidence: Evidence): readonly Compared[] {
  let all = compared.get(evidence);
  if (all === undefined) {
    all = evidence.election.contests.flatMap((contest): Compared[] => {
      const hand = evidence.handCounts.find((h) => h.value.contest === contest.id);
      if (hand === undefined) return [];
      const reported = reportedFor(evidence, contest.id);
      const read = [...hand.sources, ...(reported?.sources ?? [])];
      const counted =
        contest.rule.kind === 'instantRunoff'
          ? firstChoicesOfHand(contest, hand.value)
          : countOfHand(hand.value);
      const comparison =
        reported === undefined ? undefined : compareCounts(contest, countOfResults(reported.value), counted);
      return [{ contest, comparison, read }];
    });
    compared.set(evidence, all);
  }
  return all;
}

/** The reported results of a contest: the certified ones where there are any, else the last reported. */
export function reportedFor(evidence: Evidence, contest: ContestId): Sourced<ReportedResults> | undefined {
  const all = evidence.results.filter((r) => r.value.contest === contest);
  return all.findLast((r) => r.value.status === 'certified') ?? all.at(-1);
}

const marginFigures = ({ reported, counted }: CountComparison): Figure[] => [
  ...(reported.margin === undefined ? [] : [figure('reportedMargin', reported.margin, 'votes')]),
  ...(counted.margin === undefined ? [] : [figure('handMargin', counted.margin, 'votes')]),
];

/** Jurisdictions that are in one of the two counts only: their votes are never taken for zero. */
const missingPlaces = ({
  jurisdictionsNotReported,
  jurisdictionsNotCounted,
}: CountComparison['missing']): UnitConcerned[] => [
  ...jurisdictionsNotReported.map((jurisdiction) => ({ jurisdiction, code: 'not-reported', figures: [] })),
  ...jurisdictionsNotCounted.map((jurisdiction) => ({ jurisdiction, code: 'not-hand-counted', figures: [] })),
];
