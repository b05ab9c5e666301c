// A batch of a ranked contest as one person counts it: how many ballots have each ranking, how many rank only other names, how many are blank; where two such
// counts differ, and what one adds up to beside the manifest.
import type { BatchCount } from './reading.ts';

/** Ballots that are alike: of one ranking, or of none. `ballots` is undefined while they are to be counted again. */
export interface Pile {
  /** Names the ranking; two people's piles of one name are of the same ballots. */
  readonly key: string;
  /** By rank, whoever is marked there; empty of `writeIns` and `blank`. */
  readonly ranks: readonly (readonly string[])[];
  readonly ballots: number | undefined;
}
export type Piles = readonly Pile[];

export const noRanking = ['writeIns', 'blank'] as const;
type NoRanking = (typeof noRanking)[number];
const isNoRanking = (key: string): key is NoRanking => noRanking.some((k) => k === key);

/** Nothing counted yet. */
export const noPiles: Piles = noRanking.map((key) => ({ key, ranks: [], ballots: 0 }));

const keyOf = (ranks: Pile['ranks']): string =>
  `ranking ${ranks.map((at) => at.toSorted().join('=')).join('>')}`;

/** With some more ballots of a ranking. */
export function added(piles: Piles, ranks: Pile['ranks'], ballots: number): Piles {
  const key = keyOf(ranks);
  const known = piles.find((p) => p.key === key);
  return known === undefined
    ? [...piles, { key, ranks, ballots }]
    : counted(piles, key, (known.ballots ?? 0) + ballots);
}

export const counted = (piles: Piles, key: string, ballots: number | undefined): Piles =>
  piles.map((p) => (p.key === key ? { ...p, ballots } : p));

const of = (piles: Piles, key: string): number => piles.find((p) => p.key === key)?.ballots ?? 0;

/** The piles in which two counts differ. */
export function pilesThatDiffer(a: Piles, b: Piles): Piles {
  const all = new Map([...a, ...b].map((p) => [p.key, p]));
  return [...all.values()].filter(({ key }) => of(a, key) !== of(b, key));
}

/** One's own count, with these piles to be counted again. */
export function again(own: Piles, differ: Piles): Piles {
  const keys = new Set(differ.map((p) => p.key));
  return [...own.filter((p) => !keys.has(p.key)), ...differ.map((p) => ({ ...p, ballots: undefined }))];
}

export const isWhole = (piles: Piles): boolean => piles.every((p) => p.ballots !== undefined);
export const ballotsIn = (piles: Piles): number => piles.reduce((n, p) => n + (p.ballots ?? 0), 0);

/** As the desk is told it. */
export const batchOf = (piles: Piles): Exclude<BatchCount, 'not found' | { votes: unknown }> => ({
  rankings: piles
    .filter((p) => !isNoRanking(p.key) && (p.ballots ?? 0) > 0)
    .map(({ ranks, ballots = 0 }) => ({ ranks: ranks.map((at) => [...at]), ballots })),
  blank: of(piles, 'blank'),
  writeIns: of(piles, 'writeIns'),
});
