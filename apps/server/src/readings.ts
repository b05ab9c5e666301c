// What people found on the paper, unit by unit, and how it came about: readings, entries made twice, corrections. What counts is said in one place:
//
//   entered once    the first reading of a unit, corrected by the last correction that names it
//   entered twice   entries go in pairs, in their order; the first pair of two people that agrees is the reading. A pair that differs counts for
//                   nothing, and the batch is counted again. A correction names both entries of the pair that agreed.
import type { Person, PaperRead } from './audit.ts';

/** An entry that says something of a unit. */
export interface Telling {
  readonly position: number;
  readonly at: string;
  readonly paper: PaperRead;
  /** Of a correction: why, in words. */
  readonly words?: string;
}

export interface UnitReading {
  /** The entry that the reading stands in; of a pair the later. */
  readonly position: number;
  /** Both entries of a pair. */
  readonly positions: readonly number[];
  readonly paper: PaperRead;
}

export class UnitTold {
  readonly told: Telling[] = [];
  reading: UnitReading | undefined;
  /** The first entry of a pair, whose second has not come. */
  first: Telling | undefined;
  /** How many pairs differed. */
  differed = 0;

  get state(): 'read' | 'entered once' | 'entries differ' {
    if (this.reading !== undefined) return 'read';
    return this.first === undefined ? 'entries differ' : 'entered once';
  }
}

export class Readings {
  readonly #double: boolean;
  readonly #units = new Map<string, UnitTold>();
  #read = 0;

  constructor(double: boolean) {
    this.#double = double;
  }

  /** True where the unit was not read before and is now. */
  take(telling: Telling): boolean {
    const { position, paper } = telling;
    let unit = this.#units.get(paper.unit);
    if (unit === undefined) this.#units.set(paper.unit, (unit = new UnitTold()));
    unit.told.push(telling);
    if (unit.reading !== undefined) return false;
    if (!this.#double || !('batch' in paper)) unit.reading = { position, positions: [position], paper };
    else if (unit.first === undefined) unit.first = telling;
    else {
      const { first } = unit;
      if (agree(first.paper, paper))
        unit.reading = { position, positions: [first.position, position], paper };
      else unit.differed += 1;
      unit.first = undefined;
    }
    if (unit.reading === undefined) return false;
    this.#read += 1;
    return true;
  }

  /** Puts a correction in the place of the reading that it names; false where none of these is. */
  correct(named: readonly number[], telling: Telling): boolean {
    const unit = this.#units.get(telling.paper.unit);
    if (unit?.reading === undefined || !unit.reading.positions.some((p) => named.includes(p))) return false;
    unit.told.push(telling);
    unit.reading = { ...unit.reading, paper: telling.paper };
    return true;
  }

  /** The reading that counts. */
  get(unit: string): UnitReading | undefined {
    return this.#units.get(unit)?.reading;
  }
  has(unit: string): boolean {
    return this.get(unit) !== undefined;
  }
  unit(unit: string): UnitTold | undefined {
    return this.#units.get(unit);
  }
  /** The unit of which this entry is the reading, or one of the two. */
  at(position: number): { readonly unit: string; readonly reading: UnitReading } | undefined {
    for (const [unit, { reading }] of this.#units)
      if (reading?.positions.includes(position) === true) return { unit, reading };
    return undefined;
  }
  /** Every unit of which something was said, in the order of its first entry. */
  units(): Iterable<[string, UnitTold]> {
    return this.#units;
  }
  /** How many units are read. */
  get size(): number {
    return this.#read;
  }
  *[Symbol.iterator](): Generator<[string, UnitReading]> {
    for (const [unit, { reading }] of this.#units) if (reading !== undefined) yield [unit, reading];
  }
}

const agree = (a: PaperRead, b: PaperRead): boolean =>
  'batch' in a && 'batch' in b && figures(a.batch) === figures(b.batch);

const figures = (batch: Extract<PaperRead, { batch: unknown }>['batch']): string => {
  if (batch === 'not found') return batch;
  const { blank, writeIns } = batch;
  const counted =
    'votes' in batch ? [batch.votes, batch.overvote] : batch.rankings.map((r) => [r.ranks, r.ballots]);
  return JSON.stringify([counted, blank, writeIns]);
};

/** Two names of one person: blanks and capitals do not make another. */
export const samePerson = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

export const isMember = (members: readonly Person[], name: string): boolean =>
  members.some((m) => samePerson(m.name, name));
