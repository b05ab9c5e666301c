// The audit that Colorado runs, computed again: card comparison by Kaplan-Markov super-simple (risk/superSimple.ts) in every contest, and Rivest's draw
// (draw/rivest.ts) over a county's manifest. Cards of contests in several counties are drawn from all their manifests joined; with some of them only
// the county's own draws can be repeated, and the rest is named.
import { rivestDraws } from '../draw/index.ts';
import { jurisdictionId } from '../election/index.ts';
import type { ColoradoCard, ColoradoContest, ColoradoRisk, ColoradoSeed } from '../formats/coloradoAudit.ts';
import { readManifest } from '../formats/manifest.ts';
import type { Refusal } from '../formats/reading.ts';
import type { ManifestBatch } from '../paper/index.ts';
import { optimisticDraws, superSimpleRisk } from '../risk/superSimple.ts';
import type { Named, ReplayFile, ReplayItem, ReplayUnit } from './replay.ts';
import { partsItem } from './replay.ts';

interface ColoradoFiles {
  readonly seeds: readonly Named<ColoradoSeed>[];
  readonly contests: readonly Named<readonly ColoradoContest[]>[];
  readonly risks: readonly Named<readonly ColoradoRisk[]>[];
  readonly activity: readonly Named<readonly ColoradoCard[]>[];
  readonly manifests: readonly ReplayFile[];
}

export function replayColorado(files: ColoradoFiles, refusals: Refusal[]): ReplayItem[] {
  return [
    ...files.contests.map(({ name, value }) => sampleSizes(name, value)),
    ...files.risks.map(({ name, value }) => risks(name, value)),
    ...draws(files, refusals),
  ];
}

/** Both sizes that the file states of each contest that can be audited. */
function sampleSizes(file: string, contests: readonly ColoradoContest[]): ReplayItem {
  const auditable = contests.filter((c) => c.margin > 0 && c.cards > 0);
  const units = auditable.flatMap((c): ReplayUnit[] => {
    const optimistic = optimisticDraws(c, c.riskLimit, { o1: c.o1, o2: c.o2, u1: c.u1, u2: c.u2 });
    // As many more as the share of overstatements in what was audited; the software's own count of them, not o1 + o2.
    const scale = c.audited === 0 ? 0 : c.overstatements / c.audited;
    const estimated = Math.ceil(optimistic + optimistic * scale);
    return optimistic === c.optimistic && estimated === c.estimated
      ? []
      : [
          {
            name: c.contest,
            stated: `${c.optimistic} · ${c.estimated}`,
            recomputed: `${optimistic} · ${estimated}`,
          },
        ];
  });
  return { ...partsItem('sample-size', {}, auditable.length, units), stated: file };
}

/** The risk of each contest that was audited to its limit. Printed with one decimal of a percent. */
function risks(file: string, list: readonly ColoradoRisk[]): ReplayItem {
  const measured = list.filter((r) => r.targeted && r.margin > 0 && r.cards > 0);
  const units = measured.flatMap((r): ReplayUnit[] => {
    const p = superSimpleRisk(r, { n: r.draws, o1: r.o1, o2: r.o2, u1: r.u1, u2: r.u2 });
    const recomputed = (100 * p).toFixed(r.riskPercent.split('.')[1]?.length ?? 0);
    const met = 100 * p <= r.limitPercent;
    return recomputed === r.riskPercent && met === r.met
      ? []
      : [{ name: r.contest, stated: `${r.riskPercent} ${r.met ? 'met' : 'not met'}`, recomputed: `${recomputed} ${met ? 'met' : 'not met'}` }]; // oxfmt-ignore
  });
  return { ...partsItem('risk', {}, measured.length, units), stated: file };
}

/** For each county whose manifest is there: its cards of the sample, and those the seed draws from the manifest. */
function draws(
  { seeds, contests, risks: measured, activity, manifests }: ColoradoFiles,
  refusals: Refusal[],
): ReplayItem[] {
  const cards = activity.flatMap((a) => a.value);
  const counties = new Set(cards.map((c) => c.county));
  const seed = seeds[0]?.value.seed;
  if (cards.length === 0) return [{ of: 'draw', word: 'missing input', code: 'activity-report', units: [] }];
  if (seed === undefined) return [{ of: 'draw', word: 'missing input', code: 'seed', units: [] }];
  const countiesOf = new Map<string, Set<string>>();
  for (const c of cards) countiesOf.set(c.contest, (countiesOf.get(c.contest) ?? new Set()).add(c.county));

  const items: ReplayItem[] = [];
  const done = new Set<string>();
  for (const file of manifests) {
    const manifest = readManifest(file.name, file.bytes);
    if (!manifest.ok) {
      refusals.push(...manifest.refusals);
      continue;
    }
    const county = [...counties].find(
      (c) => jurisdictionId(c) === jurisdictionId(manifest.value.batches[0]!.jurisdiction),
    );
    if (county === undefined) continue;
    done.add(county);
    const own = [...countiesOf]
      .filter(([, set]) => set.size === 1 && set.has(county))
      .map(([contest]) => contest);
    items.push(drawOf(county, own, seed, manifest.value.batches, cards, drawsOf(own, measured, contests)));
  }
  const without = [...counties].filter((c) => !done.has(c));
  if (without.length > 0)
    items.push({
      of: 'draw',
      word: 'missing input',
      code: 'no-manifest',
      same: 0,
      all: without.length,
      units: without.map((name) => ({ name })),
    });
  return items;
}

/** How many draws a county's own contests had: as the results report counts them, or one more than the estimate of contest.csv. */
function drawsOf(
  own: readonly string[],
  measured: ColoradoFiles['risks'],
  contests: ColoradoFiles['contests'],
): number {
  const named = measured.flatMap((m) => m.value).filter((r) => r.targeted && own.includes(r.contest));
  if (named.length > 0) return Math.max(...named.map((r) => r.draws));
  const estimates = (contests[0]?.value ?? [])
    .filter((c) => own.includes(c.contest))
    .map((c) => c.estimated + 1);
  return Math.max(0, ...estimates);
}

function drawOf(
  county: string,
  own: readonly string[],
  seed: string,
  batches: readonly ManifestBatch[],
  cards: readonly ColoradoCard[],
  count: number,
): ReplayItem {
  const about = { jurisdiction: county };
  const stated = new Map<string, Set<string>>();
  for (const c of cards)
    if (c.county === county) stated.set(c.imprinted, (stated.get(c.imprinted) ?? new Set()).add(c.contest));
  if (count === 0)
    return {
      of: 'draw',
      ...about,
      word: 'missing input',
      code: 'no-county-contest',
      same: 0,
      all: stated.size,
      units: [],
    };
  const size = batches.reduce((n, b) => n + b.size, 0);
  const drawn = new Set(rivestDraws(seed, size, count).map((n) => cardAt(batches, n)));
  const isOwn = (imprinted: string): boolean => [...stated.get(imprinted)!].some((c) => own.includes(c));
  const units: ReplayUnit[] = [
    ...[...drawn].filter((id) => !stated.has(id)).map((name) => ({ name, code: 'left-out' })),
    ...[...stated.keys()]
      .filter((id) => !drawn.has(id))
      .map((name) => ({ name, code: isOwn(name) ? 'not-drawn' : 'drawn-statewide' })),
  ];
  const wrong = units.some((u) => u.code !== 'drawn-statewide');
  return {
    of: 'draw',
    ...about,
    word: wrong ? 'differs' : units.length > 0 ? 'missing input' : 'reproduced',
    ...(wrong || units.length === 0 ? {} : { code: 'drawn-statewide' }),
    same: [...drawn].filter((id) => stated.has(id)).length,
    all: stated.size,
    recomputed: `${count}`,
    units,
  };
}

/** The n-th card of a manifest, from 1, as printed on it: tabulator, batch and position in the batch. */
function cardAt(batches: readonly ManifestBatch[], n: number): string {
  let rest = n;
  for (const b of batches) {
    if (rest <= b.size) return `${b.tabulator.trim()}-${b.name.trim()}-${rest}`;
    rest -= b.size;
  }
  throw new RangeError(`card ${n} of a shorter manifest`);
}
