// Do the reported results add up: vote types to counties, counties to the state's own totals? (field guide, G4: parts = whole.)
import { contradictionsIn } from './contradictions.ts';
import { figure, finding, type Check, type UnitConcerned } from './finding.ts';

export const resultsAddUp: Check = {
  id: 'results-add-up',
  of: 'election',
  run: (evidence) => {
    if (evidence.results.length === 0) return [finding(resultsAddUp, 'cannot tell', { code: 'no-results' })];
    return evidence.results.map(({ value: results, sources }) => {
      const sums = results.choices.map((_, c) => results.rows.reduce((n, row) => n + row.votes[c]!, 0));
      const places = new Set(results.rows.map((r) => r.jurisdiction)).size;
      const types = new Set(results.rows.map((r) => r.voteType)).size;
      const base = {
        contest: results.contest,
        read: sources,
        figures: [
          figure('jurisdictions', places, 'jurisdictions'),
          figure('voteTypes', types, 'rows'),
          figure('choices', results.choices.length, 'choices'),
        ],
      };
      const contradictions = contradictionsIn(evidence, sources);
      if (results.statedTotals === undefined && contradictions.length === 0)
        return finding(resultsAddUp, 'cannot tell', { ...base, code: 'no-stated-totals' });
      const differing: UnitConcerned[] = results.choices.flatMap((choice, c) =>
        results.statedTotals === undefined || sums[c] === results.statedTotals[c]
          ? []
          : [
              {
                name: choice,
                figures: [
                  figure('stated', results.statedTotals[c]!, 'votes'),
                  figure('sum', sums[c]!, 'votes'),
                ],
              },
            ],
      );
      // A total of the whole file that differs is remarked by the reader too; it is one fault.
      const units = differing.length > 0 ? differing : contradictions;
      return units.length === 0
        ? finding(resultsAddUp, 'holds', base)
        : finding(resultsAddUp, 'fails', { ...base, code: 'sum-differs', units });
    });
  },
};

/** Every jurisdiction of the election reported results, and counted by hand where there was a hand count. */
export const everyJurisdictionCounted: Check = {
  id: 'every-jurisdiction-counted',
  of: 'election',
  run: (evidence) => {
    const all = evidence.election.jurisdictions.map((j) => j.id);
    const findings = evidence.handCounts.map(({ value: hand, sources }) => {
      const counted = new Set<string>(hand.jurisdictions);
      const missing = all.filter((j) => !counted.has(j));
      const unknown = hand.jurisdictions.filter((j) => !all.includes(j));
      const base = {
        contest: hand.contest,
        read: sources,
        figures: [
          figure('counted', all.length - missing.length, 'jurisdictions'),
          figure('jurisdictions', all.length, 'jurisdictions'),
        ],
      };
      const units: UnitConcerned[] = [
        ...missing.map((jurisdiction) => ({ jurisdiction, code: 'missing', figures: [] })),
        ...unknown.map((jurisdiction) => ({ jurisdiction, code: 'not-in-the-election', figures: [] })),
      ];
      return units.length === 0
        ? finding(everyJurisdictionCounted, 'holds', base)
        : finding(everyJurisdictionCounted, 'fails', {
            ...base,
            code: missing.length > 0 ? 'missing' : 'not-in-the-election',
            units,
          });
    });
    return findings.length > 0
      ? findings
      : [finding(everyJurisdictionCounted, 'cannot tell', { code: 'no-hand-count' })];
  },
};
