// Which reading of a unit counts? The one that stands after all corrections; where two people enter what they read one after the other,
// the pair that agrees (specs/desk.md, "Readings").
import type { AuditedContest, PaperReading } from '../record/index.ts';

/** Readings of the sample: those before a full hand count was ordered. What is read after that is the hand count's. */
export const ofSample = ({ readings, ordered = Infinity }: AuditedContest): readonly PaperReading[] =>
  readings.filter((r) => (r.replaces ?? r.position) < ordered);

/** The reading of each unit as it stood before the entry at `position`. */
export function readingsAt(
  readings: readonly PaperReading[],
  position: number,
): ReadonlyMap<string, PaperReading> {
  const standing = new Map<string, PaperReading>();
  for (const [unit, entries] of byUnit(readings, position)) {
    const reading = agreed(entries)?.reading;
    if (reading !== undefined) standing.set(unit, reading);
  }
  return standing;
}

/** Readings made when the unit had been read already: entries after the pair that agreed, or any second one. */
export const readAgain = (readings: readonly PaperReading[]): readonly PaperReading[] =>
  [
    ...byUnit(
      readings.filter((r) => r.replaces === undefined),
      Infinity,
    ).values(),
  ].flatMap((entries) => entries.slice(agreed(entries)?.entries ?? entries.length));

/** The first reading that counts, and how many entries it took. */
function agreed(
  entries: readonly PaperReading[],
): { readonly reading: PaperReading; readonly entries: number } | undefined {
  for (let i = 0; i < entries.length; i++) {
    const reading = entries[i]!;
    if (reading.entered === undefined) return { reading, entries: i + 1 };
    const other = entries[++i];
    if (other !== undefined && pairs(reading, other)) return { reading: other, entries: i + 1 };
  }
  return undefined;
}

/** Entered by two, and the same; or put in the place of both by one correction. */
const pairs = (a: PaperReading, b: PaperReading): boolean =>
  a.position === b.position ||
  (folded(a.entered ?? '') !== folded(b.entered ?? '') &&
    JSON.stringify(a.paper) === JSON.stringify(b.paper));

/** A name as people write it: capitals and blanks at its ends apart. */
export const folded = (text: string): string => text.trim().toLowerCase();

/** Each unit's entries in the order in which they were made, as later corrections left them. */
function byUnit(
  readings: readonly PaperReading[],
  position: number,
): ReadonlyMap<string, readonly PaperReading[]> {
  const standing = new Map<number, PaperReading>();
  for (const r of readings) if (r.position < position) standing.set(r.replaces ?? r.position, r);
  const units = new Map<string, PaperReading[]>();
  for (const r of standing.values()) {
    const entries = units.get(r.unit);
    if (entries === undefined) units.set(r.unit, [r]);
    else entries.push(r);
  }
  return units;
}
