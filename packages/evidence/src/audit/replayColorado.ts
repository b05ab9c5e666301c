// The audit that Colorado runs, computed again: card comparison by Kaplan-Markov super-simple (risk/superSimple.ts) in every contest, the draws
// (replayColoradoDraws.ts), and the discrepancies from both readings of the cards (replayColoradoReadings.ts).
import type {
  ColoradoCard,
  ColoradoContest,
  ColoradoCountyContest,
  ColoradoReading,
  ColoradoRisk,
  ColoradoSeed,
  ColoradoUpload,
  ColoradoVotes,
} from '../formats/coloradoAudit.ts';
import type { Refusal } from '../formats/reading.ts';
import { optimisticDraws, superSimpleRisk } from '../risk/superSimple.ts';
import type { Named, ReplayFile, ReplayItem, ReplayUnit } from './replay.ts';
import { partsItem } from './replay.ts';
import { draws } from './replayColoradoDraws.ts';
import { discrepancies } from './replayColoradoReadings.ts';

export interface ColoradoFiles {
  readonly seeds: readonly Named<ColoradoSeed>[];
  readonly contests: readonly Named<readonly ColoradoContest[]>[];
  readonly risks: readonly Named<readonly ColoradoRisk[]>[];
  readonly activity: readonly Named<readonly ColoradoCard[]>[];
  readonly votes: readonly Named<readonly ColoradoVotes[]>[];
  readonly countyContests: readonly Named<readonly ColoradoCountyContest[]>[];
  readonly readings: readonly Named<readonly ColoradoReading[]>[];
  readonly uploads: readonly Named<readonly ColoradoUpload[]>[];
  readonly manifests: readonly ReplayFile[];
}

export function replayColorado(files: ColoradoFiles, refusals: Refusal[]): ReplayItem[] {
  const drawn = draws(files, refusals);
  return [
    ...files.contests.map(({ name, value }) => sampleSizes(name, value)),
    ...files.risks.map(({ name, value }) => risks(name, value)),
    ...drawn.items,
    ...discrepancies(files, drawn.timesDrawn),
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
