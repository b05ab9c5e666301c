// What was drawn for a contest, unit by unit, as a board or a clerk goes and gets it; and how much of it is read, kept as it is drawn and read, so that
// whoever asks how far the audit is does not go through all of it.
import type { JurisdictionId } from '@opencanvass/evidence/election';
import type { ContestAudit, SampleDrawn } from './audit.ts';
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

/** How many units there are to read, and how many of them are read. */
export interface SoFar {
  readonly units: number;
  readonly read: number;
}
type Sums = { -readonly [K in keyof SoFar]: SoFar[K] };

interface Sampled {
  readonly id: string;
  readonly kind: SampleDrawn['unit'];
  /** The rounds that drew it, from 1. */
  readonly rounds: number[];
  draws: number;
}

export class Sample {
  readonly #units = new Map<string, Sampled>();
  readonly #unitsOf = new Map<string, Sampled[]>();
  readonly #byRound: Sums[] = [];
  readonly #byCounty = new Map<string, Sums>();
  readonly #all: Sums = { units: 0, read: 0 };

  /** The next round. `isRead`: was the unit read before it was drawn again? */
  draw({ draws, unit: kind }: SampleDrawn, isRead: (unit: string) => boolean): void {
    const here = { units: 0, read: 0 };
    this.#byRound.push(here);
    const round = this.#byRound.length;
    for (const id of draws.filter(isPaper)) {
      const unit = this.#units.get(id) ?? this.#first(id, kind, isRead(id));
      unit.draws += 1;
      if (unit.rounds.at(-1) === round) continue;
      unit.rounds.push(round);
      count(here, isRead(id));
    }
  }

  #first(id: string, kind: SampleDrawn['unit'], isRead: boolean): Sampled {
    const county = countyOf(id);
    const unit = { id, kind, rounds: [], draws: 0 };
    this.#units.set(id, unit);
    const there = this.#unitsOf.get(county);
    if (there === undefined) {
      this.#unitsOf.set(county, [unit]);
      this.#byCounty.set(county, { units: 0, read: 0 });
    } else there.push(unit);
    count(this.#byCounty.get(county)!, isRead);
    count(this.#all, isRead);
    return unit;
  }

  /** A unit that was not read is. */
  tookReading(id: string): void {
    const unit = this.#units.get(id);
    if (unit === undefined) return;
    for (const round of unit.rounds) this.#byRound[round - 1]!.read += 1;
    this.#byCounty.get(countyOf(id))!.read += 1;
    this.#all.read += 1;
  }

  /** The first round that drew a unit of paper, from 1. */
  firstRound(id: string): number | undefined {
    return this.#units.get(id)?.rounds[0];
  }
  round(round: number): SoFar {
    return this.#byRound[round - 1]!;
  }
  county(county: string): SoFar {
    return this.#byCounty.get(county) ?? { units: 0, read: 0 };
  }
  /** Each unit once. */
  get all(): SoFar {
    return this.#all;
  }
  get allRead(): boolean {
    return this.#all.read === this.#all.units;
  }
  /** A county's units, each once, in the order drawn. */
  unitsOf(county: string): DrawnUnit[] {
    return (this.#unitsOf.get(county) ?? []).map(({ id, kind, draws, rounds }) => ({
      ...unitOf(id, kind),
      draws,
      round: rounds[0]!,
    }));
  }
}

const countyOf = (unit: string): string => unit.slice(0, unit.indexOf('/'));

function count(sums: Sums, isRead: boolean): void {
  sums.units += 1;
  if (isRead) sums.read += 1;
}

/** Names of tabulators hold no slash; of batches they may. */
function unitOf(id: string, kind: 'batch' | 'card'): Unit {
  const [jurisdiction, tabulator, ...rest] = id.split('/');
  const base = { id, jurisdiction: jurisdiction as JurisdictionId, tabulator: tabulator! };
  if (kind === 'batch') return { ...base, batch: rest.join('/') };
  return { ...base, batch: rest.slice(0, -1).join('/'), card: Number(rest.at(-1)) };
}
