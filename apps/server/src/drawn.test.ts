// What is kept while units are drawn and read is what counting all of them over again gives, at every step.
import { expect, test } from 'vitest';
import type { SampleDrawn } from './audit.ts';
import { drawnUnits, Sample } from './drawn.ts';
import { isPaper } from './sampling.ts';

test('rounds that draw units again, phantoms, readings between rounds: the sums are those of all units', () => {
  let state = 7;
  const below = (n: number): number => (state = (state * 48_271) % 2_147_483_647) % n;
  for (let election = 0; election < 10; election += 1) {
    const rounds: SampleDrawn[] = [];
    const read = new Set<string>();
    const sample = new Sample();
    for (let act = 0; act < 40; act += 1) {
      if (act % 10 === 0) {
        const draws = Array.from({ length: 12 }, () =>
          below(9) === 0 ? `/phantom/${below(3)}` : `county-${below(3)}/T/B${below(12)}`,
        );
        const round = { unit: 'batch' as const, from: 0, to: 12, draws };
        rounds.push(round);
        sample.draw(round, (unit) => read.has(unit));
      } else {
        const unit = `county-${below(3)}/T/B${below(12)}`;
        if (!read.has(unit)) sample.tookReading(unit);
        read.add(unit);
      }
      const all = drawnUnits({ rounds });
      const isRead = ({ id }: { readonly id: string }): boolean => read.has(id);
      expect(sample.allRead).toBe(all.every(isRead));
      for (const county of ['county-0', 'county-1', 'county-2']) {
        const here = all.filter((u) => u.jurisdiction === county);
        expect(sample.unitsOf(county)).toEqual(here);
        expect(sample.county(county)).toEqual({ units: here.length, read: here.filter(isRead).length });
      }
      for (const [r, { draws }] of rounds.entries()) {
        const units = [...new Set(draws)].filter(isPaper);
        expect(sample.round(r + 1)).toEqual({
          units: units.length,
          read: units.filter((u) => read.has(u)).length,
        });
      }
      for (const unit of all) expect(sample.firstRound(unit.id)).toBe(unit.round);
    }
  }
});
