// Was what was drawn read, by two people of different parties, and nothing else?
import { auditCheck, paperKinds } from './auditCheck.ts';
import { figure, finding, type Check, type UnitConcerned } from './finding.ts';
import { isPaper } from './population.ts';
import { folded, ofSample, readAgain, readingsAt } from './readings.ts';

/** Every unit drawn and assessed was read by two people of different parties. */
export const readByTwoParties = auditCheck('read-by-two-parties', paperKinds, (contest) => {
  if (contest.rounds.length === 0 && contest.readings.length === 0) return 'does not apply';
  const standing = readingsAt(ofSample(contest), Infinity);
  const drawn = [...new Set(contest.rounds.flatMap((r) => r.draws))].filter(isPaper);
  const figures = [
    figure('drawn', drawn.length, 'draws'),
    figure('readings', contest.readings.length, 'readings'),
  ];
  const last = contest.assessments.at(-1)?.position ?? -1;
  const assessed = new Set(contest.rounds.filter((r) => r.position < last).flatMap((r) => r.draws));
  const units: UnitConcerned[] = [];
  for (const unit of drawn)
    if (!standing.has(unit) && assessed.has(unit) && contest.ordered === undefined)
      units.push({ name: unit, code: 'not-read', figures: [] });
  for (const { unit, by, position } of contest.readings) {
    const names = new Set(by.map((p) => folded(p.name)));
    const parties = new Set(by.map((p) => folded(p.party)));
    const code =
      names.size < 2 || names.has('')
        ? 'one-person'
        : parties.size < 2 || parties.has('')
          ? 'one-party'
          : undefined;
    if (code !== undefined)
      units.push({
        name: `${unit} · entry ${position}`,
        code,
        found: by.map((p) => `${p.name} (${p.party})`).join(', '),
        figures: [],
      });
  }
  const pending = drawn.some((u) => !standing.has(u)) && contest.ordered === undefined;
  return { units, figures, ...(pending ? { lacking: { code: 'reading-goes-on', read: [] } } : {}) };
});

/** Nothing was read that had not been drawn, and nothing twice. */
export const onlyDrawnRead: Check = {
  id: 'only-drawn-read',
  of: 'election',
  run: (evidence) => {
    const strays = evidence.audit?.strays ?? [];
    const ofNoContest = finding(onlyDrawnRead, 'fails', {
      code: 'not-announced',
      figures: [figure('readings', strays.length, 'readings'), figure('found', strays.length, 'readings')],
      units: strays.map((s) => said(s, 'not-announced')),
    });
    return [...drawnRead.run(evidence), ...(strays.length > 0 ? [ofNoContest] : [])];
  },
};

const drawnRead = auditCheck('only-drawn-read', paperKinds, (contest) => {
  if (contest.rounds.length === 0 && contest.readings.length === 0) return 'does not apply';
  const sample = ofSample(contest);
  const unitOf = new Map(sample.filter((r) => r.replaces === undefined).map((r) => [r.position, r.unit]));
  const drawnBy = (unit: string, position: number): boolean =>
    contest.rounds.some((r) => r.position < position && r.draws.includes(unit));
  const units = [
    ...sample
      .filter((r) => r.replaces !== undefined && unitOf.get(r.replaces) !== r.unit)
      .map((r) => said(r, 'another-unit')),
    ...sample.filter((r) => !drawnBy(r.unit, r.replaces ?? r.position)).map((r) => said(r, 'not-drawn')),
    ...readAgain(sample).map((r) => said(r, 'read-twice')),
  ];
  const figures = [
    figure('readings', contest.readings.length, 'readings'),
    figure('found', units.length, 'readings'),
  ];
  return { units, figures };
});

const said = (
  { unit, position }: { readonly unit: string; readonly position: number },
  code: string,
): UnitConcerned => ({ name: `${unit} · entry ${position}`, code, figures: [] });
