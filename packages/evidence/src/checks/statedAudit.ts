// What the audit's own report says about how it was run, looked at with open eyes: the seed, the kind of audit, the votes it started from.
import { choiceId, contestId } from '../election/index.ts';
import { columnTotals } from '../paper/index.ts';
import type { Evidence } from '../record/index.ts';
import { explanationsOf, figure, finding, type Check, type Finding, type UnitConcerned } from './finding.ts';

/** A seed is digits that nobody could have chosen: at least twenty, from dice, without a pattern (field guide, 4.2). */
export const seedWithoutPattern: Check = {
  id: 'seed-without-pattern',
  of: 'election',
  run: (evidence) => {
    const drawn = evidence.audit?.seed;
    const stated = [
      ...evidence.statedAudits.flatMap(({ value: { seed }, sources }) =>
        seed === undefined ? [] : [{ seed, read: sources }],
      ),
      ...(drawn === undefined
        ? []
        : [{ seed: drawn.seed, read: [{ name: 'seed drawn', position: drawn.position }] }]),
    ];
    if (stated.length === 0) return [finding(seedWithoutPattern, 'cannot tell', { code: 'no-seed' })];
    return stated.map(({ seed, read }): Finding => {
      const base = {
        read,
        byChance: { expected: patternsByChance(seed.length), unit: 'rows' as const },
      };
      const digits = figure('digits', seed.length, 'digits');
      const pattern = seedPattern(seed);
      if (pattern !== undefined)
        return finding(seedWithoutPattern, 'fails', {
          ...base,
          code: pattern.code,
          figures: [digits, figure('period', pattern.size, 'digits')],
          units: [{ name: seed, figures: [] }],
        });
      if (seed.length < 20 || !/^\d+$/.test(seed))
        return finding(seedWithoutPattern, 'fails', {
          ...base,
          code: 'short-seed',
          figures: [digits],
          units: [{ name: seed, figures: [] }],
        });
      return finding(seedWithoutPattern, 'holds', { ...base, figures: [digits] });
    });
  },
};

/** A block repeated at least twice, or at most four different digits in twenty or more. */
export function seedPattern(seed: string): { code: 'repeats' | 'few-digits'; size: number } | undefined {
  for (let period = 1; period * 2 <= seed.length; period++) {
    let repeats = true;
    for (let i = period; i < seed.length && repeats; i++) repeats = seed[i] === seed[i - period];
    if (repeats) return { code: 'repeats', size: period };
  }
  const different = new Set(seed).size;
  return seed.length >= 20 && different <= 4 ? { code: 'few-digits', size: different } : undefined;
}

/** How many of one fair seed of `n` digits would raise this alarm: at most the sum over periods, and over sets of four digits. */
export function patternsByChance(n: number): number {
  let expected = 0;
  for (let period = 1; period * 2 <= n; period++) expected += 10 ** -(n - period);
  return n >= 20 ? expected + 210 * 0.4 ** n : expected;
}

/** The kind of audit that the report names is the kind that was done: a full count is not a sample of all ballots. */
export const auditIsWhatItSays: Check = {
  id: 'audit-is-what-it-says',
  of: 'election',
  run: (evidence) => {
    if (evidence.statedAudits.length === 0)
      return [finding(auditIsWhatItSays, 'cannot tell', { code: 'no-audit-report' })];
    return evidence.statedAudits.map(({ value, sources }) => {
      const contest = value.contests.find((c) => c.targeted) ?? value.contests[0];
      const round = value.rounds.at(-1);
      const sample = round?.sampleSize;
      const all = contest?.totalBallotsCast;
      const hand = evidence.handCounts.find(
        (h) => contest !== undefined && h.value.contest === contestId(contest.contest),
      );
      const base = {
        ...(contest === undefined ? {} : { contest: contestId(contest.contest) }),
        read: sources,
        units: [
          {
            name: [value.auditType, value.auditMath, value.riskLimit]
              .filter((t) => t !== undefined)
              .join(', '),
            figures: [],
          },
        ],
        figures: [
          ...(sample === undefined ? [] : [figure('sample', sample, 'ballots')]),
          ...(all === undefined ? [] : [figure('ballots', all, 'ballots')]),
          ...(hand === undefined
            ? []
            : [
                figure(
                  'counted',
                  columnTotals(hand.value).reduce((a, b) => a + b, 0),
                  'cards',
                ),
              ]),
        ],
      };
      if (value.auditType === undefined)
        return finding(auditIsWhatItSays, 'cannot tell', { ...base, code: 'no-audit-type' });
      const sampling = /POLLING|COMPARISON|HYBRID/i.test(value.auditType);
      if (sampling && hand !== undefined && sample !== undefined && sample === all)
        return finding(auditIsWhatItSays, 'fails', { ...base, code: 'full-count-on-sampling-form' });
      return finding(auditIsWhatItSays, 'holds', base);
    });
  },
};

/** The votes that the audit started from are those that were later certified. */
export const auditStartedFromCertified: Check = {
  id: 'audit-started-from-certified',
  of: 'election',
  run: (evidence) => {
    const found = evidence.statedAudits.flatMap(({ value, sources }) =>
      value.contests.flatMap((stated) => {
        const reported = evidence.results.find((r) => r.value.contest === contestId(stated.contest));
        return reported === undefined || stated.tabulated.length === 0
          ? []
          : [startedFrom(evidence, stated, reported, sources)];
      }),
    );
    return found.length > 0
      ? found
      : [finding(auditStartedFromCertified, 'cannot tell', { code: 'no-stated-tabulation' })];
  },
};

function startedFrom(
  evidence: Evidence,
  stated: Evidence['statedAudits'][number]['value']['contests'][number],
  reported: Evidence['results'][number],
  sources: Evidence['results'][number]['sources'],
): Finding {
  const { contest, choices, rows } = reported.value;
  const certified = choices.map((_, c) => rows.reduce((n, row) => n + row.votes[c]!, 0));
  const then = choices.map((choice) => stated.tabulated.find((t) => choiceId(t.name) === choice)?.votes);
  const units: UnitConcerned[] = choices.flatMap((choice, c) =>
    then[c] === certified[c]
      ? []
      : [
          {
            name:
              evidence.election.contests.find((x) => x.id === contest)?.choices.find((x) => x.id === choice)
                ?.name ?? choice,
            figures: [figure('then', then[c] ?? 0, 'votes'), figure('certified', certified[c]!, 'votes')],
          },
        ],
  );
  const margin = (votes: readonly number[]): number => {
    const [first = 0, second = 0] = votes.toSorted((a, b) => b - a);
    return first - second;
  };
  const base = {
    contest,
    read: [...sources, ...reported.sources],
    figures: [
      figure('marginThen', margin(then.map((v) => v ?? 0)), 'votes'),
      figure('marginCertified', margin(certified), 'votes'),
      figure(
        'gross',
        choices.reduce((n, _, c) => n + Math.abs((then[c] ?? 0) - certified[c]!), 0),
        'votes',
      ),
    ],
  };
  if (then.includes(undefined))
    return finding(auditStartedFromCertified, 'cannot tell', { ...base, code: 'choices-differ', units });
  return units.length === 0
    ? finding(auditStartedFromCertified, 'holds', base)
    : finding(auditStartedFromCertified, 'fails', {
        ...base,
        code: 'other-votes',
        units,
        explainedBy: explanationsOf(evidence, auditStartedFromCertified.id, contest),
      });
}
