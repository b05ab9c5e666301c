// What was drawn for a contest, unit by unit, as a board or a clerk goes and gets it.
import type { JurisdictionId } from '@opencanvass/evidence/election';
import type { ContestAudit } from './audit.ts';
import { isPaper, type Unit } from './sampling.ts';

export interface DrawnUnit extends Unit {
  readonly draws: number;
  readonly round: number;
}

/** Each unit that is paper once, with the round that drew it first and how often it was drawn. */
export function drawnUnits({ rounds }: Pick<ContestAudit, 'rounds'>): DrawnUnit[] {
  const units = new Map<string, { unit: Unit; draws: number; round: number }>();
  for (const [r, { draws, unit: kind }] of rounds.entries())
    for (const id of draws.filter(isPaper)) {
      const known = units.get(id);
      if (known === undefined) units.set(id, { unit: unitOf(id, kind), draws: 1, round: r + 1 });
      else known.draws += 1;
    }
  return [...units.values()].map(({ unit, draws, round }) => ({ ...unit, draws, round }));
}

/** Names of tabulators hold no slash; of batches they may. */
function unitOf(id: string, kind: 'batch' | 'card'): Unit {
  const [jurisdiction, tabulator, ...rest] = id.split('/');
  const base = { id, jurisdiction: jurisdiction as JurisdictionId, tabulator: tabulator! };
  if (kind === 'batch') return { ...base, batch: rest.join('/') };
  return { ...base, batch: rest.slice(0, -1).join('/'), card: Number(rest.at(-1)) };
}
