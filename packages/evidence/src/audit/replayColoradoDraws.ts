// Which cards does a Colorado seed draw? For a contest of one county, positions in its manifest; for one of several, positions in their manifests
// joined in the order of the counties' numbers (contestsByCounty.csv has them; Rivest's draw, draw/rivest.ts; Election Rule 25.2.3). Where a manifest is not at hand, how many
// cards it lists is known from contest.csv (all cards of the counties concerned): then it is known how many of its cards are drawn, not which.
import { rivestDraws } from '../draw/index.ts';
import { jurisdictionId } from '../election/index.ts';
import { readManifest } from '../formats/manifest.ts';
import type { ColoradoCountyContest } from '../formats/coloradoAudit.ts';
import type { Refusal } from '../formats/reading.ts';
import type { ManifestBatch } from '../paper/index.ts';
import type { ReplayItem, ReplayUnit } from './replay.ts';
import type { ColoradoFiles } from './replayColorado.ts';

export interface ColoradoDraws {
  readonly items: readonly ReplayItem[];
  /** How often the seed drew a card for a contest; undefined where the positions or the county's manifest are not at hand. */
  readonly timesDrawn: (contest: string, county: string, imprinted: string) => number | undefined;
}

export function draws(files: ColoradoFiles, refusals: Refusal[]): ColoradoDraws {
  const nothing = (code: string): ColoradoDraws => ({
    items: [{ of: 'draw', word: 'missing input', code, units: [] }],
    timesDrawn: () => undefined,
  });
  const cards = files.activity.flatMap((a) => a.value);
  const seed = files.seeds[0]?.value.seed;
  if (cards.length === 0) return nothing('activity-report');
  if (seed === undefined) return nothing('seed');
  const stated: Stated = new Map();
  for (const { county, contest, imprinted } of cards) {
    const ofCounty = stated.get(county) ?? new Map<string, Set<string>>();
    stated.set(county, ofCounty.set(imprinted, (ofCounty.get(imprinted) ?? new Set()).add(contest)));
  }
  const state = stateOf(files, stated, refusals);
  const drawn = state.contests.map((contest) => ({ contest, at: positions(seed, contest, state) }));
  const without = [...stated.keys()].filter((county) => !state.manifests.has(county));
  const items = [
    ...[...state.manifests.keys()].map((county) => countyItem(county, drawn, stated, state)),
    ...drawn.filter((d) => d.contest.counties.length > 1).map((d) => contestItem(d, stated, state)),
    ...(without.length === 0 ? [] : [withoutManifest(without, drawn, stated)]),
  ];
  return { items, timesDrawn: timesOf(drawn, state) };
}

function timesOf(drawn: readonly Draw[], { manifests }: State): ColoradoDraws['timesDrawn'] {
  const byContest = new Map(drawn.map((d) => [d.contest.name, d.at]));
  const ids = new Map<string, Map<string, number>>();
  return (contest, county, imprinted) => {
    const [at, batches] = [byContest.get(contest)?.get(county), manifests.get(county)];
    if (at === undefined || batches === undefined) return undefined;
    const key = `${contest}\u0000${county}`;
    const times = ids.get(key) ?? new Map([...at].map(([n, k]) => [cardAt(batches, n), k]));
    ids.set(key, times);
    return times.get(imprinted);
  };
}

/** By county: the cards looked at, and for which contests. */
type Stated = Map<string, Map<string, Set<string>>>;

interface DrawnContest {
  readonly name: string;
  /** In the order of the counties' numbers. */
  readonly counties: readonly string[];
  /** Whether these are all: counties without a card in the sample are known from the counties' votes alone, or where it is the whole state's. */
  readonly complete: boolean;
  /** Of all its counties, as stated. */
  readonly cards: number | undefined;
  /** Draws, a card drawn twice counted twice. */
  readonly draws: number;
}

interface State {
  readonly contests: readonly DrawnContest[];
  readonly manifests: ReadonlyMap<string, readonly ManifestBatch[]>;
  /** Cards that each county's manifest lists. */
  readonly sizes: ReadonlyMap<string, number>;
  /** False: the counties' numbers are in no file, and they are not Colorado's. */
  readonly ordered: boolean;
}

function stateOf(
  { contests, risks, votes, countyContests, manifests }: ColoradoFiles,
  stated: Stated,
  refusals: Refusal[],
): State {
  const found = new Map<string, readonly ManifestBatch[]>();
  for (const file of manifests) {
    const manifest = readManifest(file.name, file.bytes);
    if (!manifest.ok) {
      refusals.push(...manifest.refusals);
      continue;
    }
    const id = jurisdictionId(manifest.value.batches[0]!.jurisdiction);
    const county = [...stated.keys()].find((c) => jurisdictionId(c) === id);
    if (county !== undefined) found.set(county, manifest.value.batches);
  }
  const rows = new Map((contests[0]?.value ?? []).map((c) => [c.contest, c]));
  const measured = new Map(risks.flatMap((r) => r.value).map((r) => [r.contest, r]));
  const tabulated = votes.flatMap((v) => v.value);
  const listed = countyContests.flatMap((c) => c.value);
  const numbers = countyNumbers(listed, [...stated.keys(), ...tabulated.map((v) => v.county)]);
  const names = new Set([...stated.values()].flatMap((ids) => [...ids.values()].flatMap((set) => [...set])));
  const list = [...names].map((name): DrawnContest => {
    const row = rows.get(name);
    const everywhere = row?.reason === 'state_wide_contest';
    const counties = new Set([
      ...[...stated].filter(([, ids]) => everywhere || [...ids.values()].some((set) => set.has(name))).map(([county]) => county), // oxfmt-ignore
      ...[...tabulated, ...listed].filter((v) => v.contest === name).map((v) => v.county),
    ]);
    return {
      name,
      counties: [...counties].toSorted((a, b) => (numbers?.(a) ?? 0) - (numbers?.(b) ?? 0)),
      complete: everywhere || [...tabulated, ...listed].some((v) => v.contest === name),
      cards: row?.cards ?? measured.get(name)?.cards,
      // As the results report counts them, or one more than the estimate of contest.csv.
      draws: measured.get(name)?.draws ?? (row === undefined ? 0 : row.estimated + 1),
    };
  });
  return { contests: list, manifests: found, sizes: sizesOf(list, found), ordered: numbers !== undefined };
}

/**
 * The number of a county: from contestsByCounty.csv; without it Colorado's own numbers, where every county is one of Colorado's. Another state's order is
 * not guessed.
 */
function countyNumbers(
  listed: readonly ColoradoCountyContest[],
  counties: readonly string[],
): ((county: string) => number) | undefined {
  const known =
    listed.length > 0 ? new Map(listed.map((l) => [jurisdictionId(l.county), l.number])) : colorado;
  if (!counties.every((c) => known.has(jurisdictionId(c)))) return undefined;
  return (county) => known.get(jurisdictionId(county))!;
}

/** Numbered by the alphabet when the state was mapped, spaces apart; Broomfield, founded in 2001, is the last. */
const colorado = new Map(
  'Adams,Alamosa,Arapahoe,Archuleta,Baca,Bent,Boulder,Chaffee,Cheyenne,Clear Creek,Conejos,Costilla,Crowley,Custer,Delta,Denver,Dolores,Douglas,Eagle,Elbert,El Paso,Fremont,Garfield,Gilpin,Grand,Gunnison,Hinsdale,Huerfano,Jackson,Jefferson,Kiowa,Kit Carson,Lake,La Plata,Larimer,Las Animas,Lincoln,Logan,Mesa,Mineral,Moffat,Montezuma,Montrose,Morgan,Otero,Ouray,Park,Phillips,Pitkin,Prowers,Pueblo,Rio Blanco,Rio Grande,Routt,Saguache,San Juan,San Miguel,Sedgwick,Summit,Teller,Washington,Weld,Yuma,Broomfield'
    .split(',')
    .map((name, i) => [jurisdictionId(name), i + 1]),
);

/** A county's cards: stated for a contest of its own, or counted in its manifest, or what is left of a contest whose other counties are known. */
function sizesOf(contests: readonly DrawnContest[], manifests: State['manifests']): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { counties, cards } of contests)
    if (counties.length === 1 && cards !== undefined) sizes.set(counties[0]!, cards);
  for (const [county, batches] of manifests) if (!sizes.has(county)) sizes.set(county, cardsIn(batches));
  for (const { counties, cards, complete } of contests) {
    if (!complete) continue;
    const unknown = counties.filter((c) => !sizes.has(c));
    if (unknown.length !== 1 || cards === undefined) continue;
    const rest = cards - counties.reduce((n, c) => n + (sizes.get(c) ?? 0), 0);
    if (rest > 0) sizes.set(unknown[0]!, rest);
  }
  return sizes;
}

const cardsIn = (batches: readonly ManifestBatch[]): number => batches.reduce((n, b) => n + b.size, 0);

/** By county the positions drawn, from 1, each with how often; or undefined where the counties' sizes are not known or do not add up. */
function positions(
  seed: string,
  { counties, cards, draws: count }: DrawnContest,
  { sizes, manifests, ordered }: State,
): Positions | undefined {
  // A county's own draw is from the manifest at hand, whatever is stated: a manifest that was changed must show.
  const own = counties.length === 1 ? manifests.get(counties[0]!) : undefined;
  const size = (county: string): number | undefined => (own === undefined ? sizes.get(county) : cardsIn(own));
  const total = counties.reduce((n, c) => n + (size(c) ?? 0), 0);
  if (count === 0 || counties.some((c) => size(c) === undefined)) return undefined;
  if (counties.length > 1 && !ordered) return undefined;
  if (own === undefined && cards !== total) return undefined;
  const numbers = rivestDraws(seed, total, count);
  const found = new Map<string, Map<number, number>>();
  let before = 0;
  for (const county of counties) {
    const first = before;
    before += size(county)!;
    const times = new Map<number, number>();
    for (const n of numbers)
      if (n > first && n <= before) times.set(n - first, (times.get(n - first) ?? 0) + 1);
    found.set(county, times);
  }
  return found;
}

type Positions = ReadonlyMap<string, ReadonlyMap<number, number>>;

interface Draw {
  readonly contest: DrawnContest;
  readonly at: Positions | undefined;
}

/** All cards of a county's sample against all that the draws of its contests give. */
function countyItem(county: string, drawn: readonly Draw[], stated: Stated, state: State): ReplayItem {
  const batches = state.manifests.get(county)!;
  const inSample = stated.get(county)!;
  const here = drawn.filter((d) => d.contest.counties.includes(county));
  const own = here.filter((d) => d.contest.counties.length === 1);
  const known = here.filter((d) => d.at !== undefined);
  if (known.length === 0)
    return { of: 'draw', jurisdiction: county, word: 'missing input', code: 'no-county-contest', same: 0, all: inSample.size, units: [] }; // oxfmt-ignore
  const ids = new Set(known.flatMap((d) => [...d.at!.get(county)!.keys()].map((n) => cardAt(batches, n))));
  const notKnown = new Set(here.filter((d) => d.at === undefined).map((d) => d.contest.name));
  const units: ReplayUnit[] = [
    ...sizeUnit(county, state),
    ...[...ids].filter((id) => !inSample.has(id)).map((name) => ({ name, code: 'left-out' })),
    ...[...inSample].filter(([id]) => !ids.has(id)).map(([name, contests]) => ({ name, code: [...contests].every((c) => notKnown.has(c)) ? 'drawn-statewide' : 'not-drawn' })), // oxfmt-ignore
  ];
  const wrong = units.some((u) => u.code !== 'drawn-statewide');
  return {
    of: 'draw',
    jurisdiction: county,
    word: wrong ? 'differs' : units.length > 0 ? 'missing input' : 'reproduced',
    ...(wrong || units.length === 0 ? {} : { code: 'drawn-statewide' }),
    same: [...ids].filter((id) => inSample.has(id)).length,
    all: inSample.size,
    recomputed: `${Math.max(0, ...own.map((d) => d.contest.draws))}`,
    units,
  };
}

/** A manifest that lists another number of cards than was stated for its county. */
function sizeUnit(county: string, { manifests, sizes }: State): ReplayUnit[] {
  const [listed, size] = [cardsIn(manifests.get(county)!), sizes.get(county)!];
  return listed === size ? [] : [{ name: county, code: 'manifest-size', stated: `${size}`, recomputed: `${listed}` }]; // oxfmt-ignore
}

/** A contest of several counties: card by card where there is a manifest, by the number of cards where there is none. */
function contestItem({ contest, at }: Draw, stated: Stated, state: State): ReplayItem {
  const { name, counties } = contest;
  const cardsOf = (county: string): string[] =>
    [...(stated.get(county) ?? [])].filter(([, contests]) => contests.has(name)).map(([id]) => id);
  const all = counties.reduce((n, c) => n + cardsOf(c).length, 0);
  const about = { of: 'draw', contest: name, all } as const;
  if (at === undefined) {
    if (!state.ordered)
      return { ...about, word: 'missing input', code: 'county-numbers', same: 0, units: [] };
    const missing = counties.filter((c) => !state.sizes.has(c));
    if (missing.length > 0)
      return { ...about, word: 'missing input', code: 'no-manifest', same: 0, units: missing.map((c) => ({ name: c })) }; // oxfmt-ignore
    const sum = counties.reduce((n, c) => n + state.sizes.get(c)!, 0);
    const differs = contest.cards !== undefined && counties.every((c) => state.manifests.has(c));
    return { ...about, word: differs ? 'differs' : 'missing input', code: 'sizes-do-not-add-up', same: 0, units: [{ name, stated: `${contest.cards ?? ''}`, recomputed: `${sum}` }] }; // oxfmt-ignore
  }
  let same = 0;
  const wrong: ReplayUnit[] = [];
  const byNumberOnly: ReplayUnit[] = [];
  for (const county of counties) {
    const [numbers, ids, batches] = [at.get(county)!, cardsOf(county), state.manifests.get(county)];
    if (batches === undefined) {
      if (numbers.size === ids.length) same += ids.length;
      else wrong.push({ name: county, code: 'other-number', stated: `${ids.length}`, recomputed: `${numbers.size}` }); // oxfmt-ignore
      if (numbers.size > 0) byNumberOnly.push({ name: county, code: 'no-manifest' });
      continue;
    }
    const expected = new Set([...numbers.keys()].map((n) => cardAt(batches, n)));
    same += ids.filter((id) => expected.has(id)).length;
    wrong.push(
      ...sizeUnit(county, state),
      ...[...expected].filter((id) => !ids.includes(id)).map((id) => ({ name: `${county} · ${id}`, code: 'left-out' })), // oxfmt-ignore
      ...ids.filter((id) => !expected.has(id)).map((id) => ({ name: `${county} · ${id}`, code: 'not-drawn' })), // oxfmt-ignore
    );
  }
  if (wrong.length > 0) return { ...about, word: 'differs', same, units: wrong };
  if (byNumberOnly.length === 0) return { ...about, word: 'reproduced', same, units: [] };
  return { ...about, word: 'missing input', code: 'by-number-only', same, units: byNumberOnly };
}

/** Counties without a manifest: does each sample hold as many cards as the draws of the county's own contests give? */
function withoutManifest(counties: readonly string[], drawn: readonly Draw[], stated: Stated): ReplayItem {
  let same = 0;
  const units = counties.map((county): ReplayUnit => {
    const own = drawn.filter((d) => d.contest.counties.length === 1 && d.contest.counties[0] === county);
    const names = new Set(own.map((d) => d.contest.name));
    if (own.length === 0 || own.some((d) => d.at === undefined)) return { name: county };
    const expected = new Set(own.flatMap((d) => [...d.at!.get(county)!.keys()])).size;
    const found = [...stated.get(county)!.values()].filter((set) =>
      [...set].some((c) => names.has(c)),
    ).length;
    if (found !== expected) return { name: county, code: 'other-number', stated: `${found}`, recomputed: `${expected}` }; // oxfmt-ignore
    same++;
    return { name: county };
  });
  const word = units.some((u) => u.code !== undefined) ? 'differs' : 'missing input';
  return { of: 'draw', word, code: 'no-manifest', same, all: counties.length, units };
}

/** The n-th card of a manifest, from 1, as printed on it: tabulator, batch and position in the batch. */
function cardAt(batches: readonly ManifestBatch[], n: number): string {
  let rest = n;
  for (const b of batches) {
    if (rest <= b.size) return `${b.tabulator.trim()}-${b.name.trim()}-${rest}`;
    rest -= b.size;
  }
  return `beyond the manifest, card ${n}`;
}
