// What was elected, where, and by what rule: the definitions that everything else refers to by id.
import type { VotingRule } from './rule.ts';

declare const kind: unique symbol;
type Id<Kind extends string> = string & { readonly [kind]: Kind };
export type ContestId = Id<'contest'>;
export type ChoiceId = Id<'choice'>;
export type JurisdictionId = Id<'jurisdiction'>;

export interface Election {
  readonly name: string;
  /** The day of the election, YYYY-MM-DD. */
  readonly date: string;
  /** Two-letter state code where the election is in one state: it finds the county shapes of a map. */
  readonly state?: string;
  readonly jurisdictions: readonly Jurisdiction[];
  readonly contests: readonly Contest[];
}

/** A county, or what counts and reports in its place (parish, borough, municipality). */
export interface Jurisdiction {
  readonly id: JurisdictionId;
  readonly name: string;
}

export interface Contest {
  readonly id: ContestId;
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly rule: VotingRule;
}

export interface Choice {
  readonly id: ChoiceId;
  readonly name: string;
  /** A party as the source names it. */
  readonly party?: string;
  /** A write-in line or a sum of write-ins, not a name on the ballot. */
  readonly writeIn?: boolean;
}

/** Lower-case words joined by hyphens: the part of a name that survives retyping. "BEN HILL", "Ben Hill" and "BEN-HILL" are one. */
const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’.]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** The id of a jurisdiction from its name, as any source spells it. */
export const jurisdictionId = (name: string): JurisdictionId =>
  slug(name.replace(/\s+county$/i, '')) as JurisdictionId;

/** The id of a contest from its name. */
export const contestId = (name: string): ContestId => slug(name) as ContestId;

/**
 * The id of a choice from its name, without the incumbent's and the party's mark that some sources add in brackets:
 * "Donald J. Trump (I) (Rep)" and "Donald J. Trump" are one. A name in letters that do not fold to Latin ones keeps them.
 */
export function choiceId(name: string): ChoiceId {
  const bare = name.replace(/(\s*\([^()]*\))+\s*$/, '');
  const folded = slug(bare === '' ? name : bare);
  return (folded === '' ? name.trim() : folded) as ChoiceId;
}
