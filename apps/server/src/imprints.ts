// The number that the scanner gave a card, and many print on it, with which people see that they hold the right one. Of a county's sealed records nothing else is told to
// who fetches and reads paper: never a vote.
import type { JurisdictionId } from '@opencanvass/evidence/election';
import type { AuditState } from './audit.ts';
import type { KeptFiles } from './inputs.ts';

export interface Imprinted {
  /** Of a card whose record has one. */
  readonly imprinted?: string;
}

interface Place {
  readonly tabulator: string;
  readonly batch: string;
  readonly card?: number | undefined;
}

/** The county's units, each card with its scanner's number where the county's sealed records have one. */
export async function withImprints<U extends Place>(
  state: AuditState,
  files: KeptFiles,
  county: JurisdictionId,
  units: readonly U[],
): Promise<readonly (U & Imprinted)[]> {
  const sealed = state.sealed.get(county)?.cvrs;
  if (sealed === undefined || units.every((u) => u.card === undefined)) return units;
  const cvrs = await files.cvrs(sealed.file.sha256, state.election!.contests);
  return units.map((u) => {
    const imprinted =
      u.card === undefined ? undefined : cvrs.imprinted(cvrs.keyOf(u.tabulator, u.batch), u.card);
    return imprinted === undefined ? u : { ...u, imprinted };
  });
}
