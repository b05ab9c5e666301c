// A check of an audit that officials conducted on the record, asked of each contest that was announced. The rules are those of specs/desk.md; what
// cannot be done again for want of an input is said to be so, and never holds.
import type { AuditedContest, ConductedAudit, Evidence, Source } from '../record/index.ts';
import {
  explanationsOf,
  finding,
  type Check,
  type Figure,
  type Finding,
  type UnitConcerned,
} from './finding.ts';
import type { Lacking } from './population.ts';

/** What asking the audit of one contest came to. */
export interface Said {
  readonly lacking?: Omit<Lacking, 'ok'>;
  readonly units: readonly UnitConcerned[];
  readonly figures: readonly Figure[];
  readonly read?: readonly Source[];
}

/** A check with a finding for each contest that is audited. `of` are the kinds of entries that it rests on. */
export const auditCheck = (
  id: string,
  of: readonly string[],
  ask: (contest: AuditedContest, audit: ConductedAudit, evidence: Evidence) => Said | 'does not apply',
): Check => {
  const check: Check = {
    id,
    of: 'election',
    run: (evidence) => {
      const { audit } = evidence;
      if (audit === undefined || audit.contests.length === 0)
        return [finding(check, 'does not apply', { code: 'no-conducted-audit' })];
      const unknown = audit.notUnderstood.filter((u) => of.includes(u.kind));
      const findings = audit.contests.flatMap((contest): Finding[] => {
        const said = ask(contest, audit, evidence);
        if (said === 'does not apply') return [];
        const base = { contest: contest.contest.id, figures: said.figures, read: said.read ?? [] };
        if (said.units.length > 0)
          return [
            finding(check, 'fails', {
              ...base,
              code: said.units[0]!.code!,
              units: said.units,
              explainedBy: explanationsOf(evidence, id, contest.contest.id),
            }),
          ];
        if (said.lacking !== undefined)
          return [finding(check, 'cannot tell', { ...base, ...missing(said.lacking) })];
        if (unknown.length > 0)
          return [
            finding(check, 'cannot tell', {
              ...base,
              code: 'body-not-understood',
              units: unknown.map((u) => ({ name: `entry ${u.position}`, found: u.at, figures: [] })),
            }),
          ];
        return [finding(check, 'holds', base)];
      });
      return findings.length > 0 ? findings : [finding(check, 'does not apply', { code: 'nothing-drawn' })];
    },
  };
  return check;
};

const missing = ({ code, jurisdiction, read }: Omit<Lacking, 'ok'>): Partial<Finding> => ({
  code,
  read,
  units: jurisdiction === undefined ? [] : [{ jurisdiction, figures: [] }],
});

export const paperKinds = ['sample drawn', 'paper interpreted'] as const;
