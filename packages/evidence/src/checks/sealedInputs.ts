// Were the inputs that the sample was drawn from opened, and are they the votes that were reported?
import { reportedFor } from './countsCompared.ts';
import { explanationsOf, figure, finding, type Check, type Finding, type UnitConcerned } from './finding.ts';

/** The machines' totals by batch add up to the reported results, county by county. */
export const batchTotalsEqualResults: Check = {
  id: 'batch-totals-equal-results',
  of: 'election',
  run: (evidence) => {
    const { audit, election } = evidence;
    const findings = election.contests.flatMap(({ id: contest, choices }): Finding[] => {
      const sealed = [...(audit?.counties ?? [])].flatMap(([county, { totals }]) => {
        const input = totals.get(contest);
        return input === undefined ? [] : [{ county, input }];
      });
      if (sealed.length === 0) return [];
      const results = reportedFor(evidence, contest);
      const read = [...(results?.sources ?? []), ...sealed.map((s) => s.input.source)];
      const closed = sealed.find((s) => !s.input.ok);
      const units = sealed.flatMap(({ county, input }): UnitConcerned[] => {
        if (!input.ok || results === undefined) return [];
        const rows = results.value.rows.filter((r) => r.jurisdiction === county);
        const reported = choices.map(({ id }) => {
          const at = results.value.choices.indexOf(id);
          return rows.reduce((n, r) => n + (r.votes[at] ?? 0), 0);
        });
        const machines = choices.map((_, c) => [...input.value.values()].reduce((n, v) => n + v[c]!, 0));
        const gross = machines.reduce((n, v, c) => n + Math.abs(v - reported[c]!), 0);
        return gross === 0
          ? []
          : [
              {
                jurisdiction: county,
                code: 'sum-differs',
                expected: reported.join(', '),
                found: machines.join(', '),
                figures: [figure('difference', gross, 'votes')],
              },
            ];
      });
      const figures = [
        figure('jurisdictions', sealed.length, 'jurisdictions'),
        figure('differing', units.length, 'jurisdictions'),
      ];
      const base = { contest, figures, read };
      if (units.length > 0)
        return [
          finding(batchTotalsEqualResults, 'fails', {
            ...base,
            code: 'sum-differs',
            units: units.toSorted((a, b) => b.figures[0]!.value - a.figures[0]!.value),
            explainedBy: explanationsOf(evidence, batchTotalsEqualResults.id, contest),
          }),
        ];
      if (results === undefined)
        return [finding(batchTotalsEqualResults, 'cannot tell', { ...base, code: 'no-results' })];
      if (closed !== undefined && !closed.input.ok)
        return [
          finding(batchTotalsEqualResults, 'cannot tell', {
            ...base,
            code: closed.input.code,
            units: [{ jurisdiction: closed.county, figures: [] }],
          }),
        ];
      return [finding(batchTotalsEqualResults, 'holds', base)];
    });
    return findings.length > 0
      ? findings
      : [finding(batchTotalsEqualResults, 'does not apply', { code: 'no-batch-totals' })];
  },
};

/** What was sealed before the draw has been opened, and is what was sealed. */
export const sealsOpened: Check = {
  id: 'seals-opened',
  of: 'election',
  run: ({ audit }) => {
    const seals = audit?.seals ?? [];
    if (seals.length === 0) return [finding(sealsOpened, 'does not apply', { code: 'nothing-sealed' })];
    const opened = seals.filter((s) => s.opened !== undefined);
    const figures = [figure('sealed', seals.length, 'entries'), figure('opened', opened.length, 'entries')];
    const place = (
      { position, kind, jurisdiction }: (typeof seals)[number],
      code: string,
    ): UnitConcerned => ({
      name: `entry ${position} · ${kind}`,
      code,
      figures: [],
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
    });
    const others = opened.filter((s) => !s.asCommitted).map((s) => place(s, 'not-what-was-sealed'));
    if (others.length > 0)
      return [finding(sealsOpened, 'fails', { code: 'not-what-was-sealed', figures, units: others })];
    const closed = seals.filter((s) => s.opened === undefined).map((s) => place(s, 'seal-not-opened'));
    return [
      closed.length > 0
        ? finding(sealsOpened, 'cannot tell', { code: 'seal-not-opened', figures, units: closed })
        : finding(sealsOpened, 'holds', { figures }),
    ];
  },
};
