// What every page of the site is made of: the verification of the record, what its entries say was done, and how things are written in one language.
import {
  leaders,
  marginOf,
  paperBesideMachines,
  sidesOf,
  type BesideMachine,
  type Sides,
} from '@opencanvass/evidence/checks';
import type { Contest, Election, JurisdictionId } from '@opencanvass/evidence/election';
import {
  grouped,
  titleInWords,
  verdictsInWords,
  type Language,
  type Verdict,
} from '@opencanvass/evidence/sentences';
import type { Verification } from '@opencanvass/evidence/verify';
import type { Acts, ContestActs } from './acts.ts';
import type { Html } from './html.ts';
import { siteWords, type CountyState, type SiteWords } from './words.ts';

/** A page of the site: its data, which lies beside it as JSON, and the data as people read it. */
export interface Page {
  /** Within one language: 'counties/fulton.html'. */
  readonly path: string;
  readonly title: string;
  readonly section: keyof SiteWords['nav'];
  readonly data: object;
  readonly content: Html;
}

export interface Context {
  readonly language: Language;
  readonly words: SiteWords;
  readonly verification: Verification;
  readonly election: Election;
  readonly acts: Acts;
  /** What is to be said first, of each contest. */
  readonly verdicts: readonly Verdict[];
  /** By county: what people read of a sample, beside what the machines said; none while that is sealed. */
  readonly besideMachines: ReadonlyMap<JurisdictionId, readonly BesideMachine[]>;
  /** By contest, in the order of the election. */
  readonly sides: readonly Sides[];
  readonly time: (when: string) => string;
  readonly share: (value: number) => string;
}

/** Undefined where the record says nothing of an election. */
export function contextOf(verification: Verification, acts: Acts, language: Language): Context | undefined {
  const { evidence } = verification;
  if (evidence === undefined) return undefined;
  const words = siteWords[language];
  const format = new Intl.DateTimeFormat(words.locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  const day = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone: 'UTC' });
  return {
    language,
    words,
    verification,
    election: evidence.election,
    acts,
    verdicts: verdictsInWords(verification, language),
    besideMachines: Map.groupBy(
      (evidence.audit?.contests ?? []).flatMap((a) => paperBesideMachines(evidence, a) ?? []),
      (b) => b.jurisdiction,
    ),
    sides: evidence.election.contests.map((c) => sidesOf(evidence, c)),
    time: (when) => {
      const at = Date.parse(when);
      if (Number.isNaN(at)) return when;
      return /^\d{4}-\d{2}-\d{2}$/.test(when) ? day.format(at) : `${format.format(at)} UTC`;
    },
    // Risk is a share between 0 and 1; said with as many digits as it needs to be told apart from 0.
    share: (value) =>
      new Intl.NumberFormat('en-US', { style: 'percent', maximumSignificantDigits: 3 }).format(value),
  };
}

export const headline = ({ election, language }: Context): string =>
  election.contests.length === 1
    ? titleInWords(election, language, election.contests[0]!.name)
    : `${election.name} · ${titleInWords(election, language)}`;

/** An id as the name of a file: what is no plain letter, digit or hyphen becomes its number, so that no two ids share a file. */
export const fileName = (id: string): string =>
  id.replaceAll(/[^a-z0-9-]/gu, (c) => `_${c.codePointAt(0)!.toString(16)}_`);

export const entries = ({ words }: Context, positions: readonly number[]): string =>
  positions.length === 1
    ? words.entry(grouped(positions[0]!))
    : words.entries(positions.map((p) => grouped(p)).join(', '));

/** Does anybody vote on it there? */
export const isIn = (side: Sides, county: JurisdictionId): boolean =>
  side.counties.some((k) => k.id === county && (k.reported !== undefined || k.counted !== undefined));

// ── what an audit has come to ──

/** A full hand count that was ordered replaces whatever was assessed before. */
export function endingOf({ assessed, ordered }: ContestActs): string {
  const last = assessed.at(-1)?.ending;
  if (last === 'full hand count agrees' || last === 'full hand count corrects') return last;
  if (ordered !== undefined) return last === 'insufficient evidence' ? last : 'full hand count ordered';
  return last ?? 'not begun';
}

export const hasEnded = (contest: ContestActs): boolean =>
  ['confirmed', 'full hand count agrees', 'full hand count corrects'].includes(endingOf(contest));

export const drawnUnits = ({ rounds }: ContestActs): readonly string[] => [
  ...new Set(rounds.flatMap((r) => r.draws)),
];
export const countyOfUnit = (unit: string): string => unit.slice(0, Math.max(0, unit.indexOf('/')));

/** How many units were drawn in a county, and how many of them were read. */
export function readInCounty({ acts }: Context, county: JurisdictionId): { drawn: number; read: number } {
  let [drawn, read] = [0, 0];
  for (const contest of acts.contests.values())
    for (const unit of drawnUnits(contest)) {
      if (countyOfUnit(unit) !== county) continue;
      drawn += 1;
      if (contest.readings.has(unit)) read += 1;
    }
  return { drawn, read };
}

/** How far the hand count moved a contest's margin in a county, and of how many votes; undefined unless both counts are there. */
export interface Moved {
  readonly contest: Contest;
  readonly change: number;
  readonly towards: string;
  readonly of: number;
  readonly gross: number;
}
export function movedIn({ sides }: Context, county: JurisdictionId): Moved[] {
  return sides.flatMap((side): Moved[] => {
    const row = side.counties.find((c) => c.id === county);
    if (row?.reported === undefined || row.counted === undefined || side.reported === undefined) return [];
    const pair = leaders(side.reported.total);
    const change = marginOf(row.counted, pair) - marginOf(row.reported, pair);
    return [
      {
        contest: side.contest,
        change: Math.abs(change),
        towards: side.choices[pair[change < 0 ? 1 : 0]]?.name ?? '',
        of: row.reported.reduce((a, b) => a + b, 0),
        gross: row.counted.reduce((n, v, i) => n + Math.abs(v - row.reported![i]!), 0),
      },
    ];
  });
}

export function countyState(c: Context, county: JurisdictionId): CountyState {
  const moved = movedIn(c, county);
  if (moved.length > 0) return moved.every((m) => m.gross === 0) ? 'equal' : 'differs';
  const known = c.acts.counties.get(county);
  if (known !== undefined && known.handCounts.size > 0) return 'counted';
  const { drawn, read } = readInCounty(c, county);
  if (drawn > 0) return read < drawn ? 'to read' : 'read';
  if ([...c.acts.contests.values()].some((a) => a.rounds.length > 0)) return 'not drawn';
  return known?.manifest === undefined ? 'nothing yet' : 'sealed';
}
