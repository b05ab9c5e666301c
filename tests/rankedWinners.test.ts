// Published winners: .raire files (Aspen 2009, Berkeley 2010) state theirs, New South Wales 2021's are in the published assertions.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CvrCollector } from '../packages/evidence/src/cvr/index.ts';
import {
  fileInMemory,
  readDominionCsv,
  readRaire,
  readRankingProfile,
} from '../packages/evidence/src/formats/index.ts';
import {
  ballotsFromCvrs,
  countRounds,
  instantRunoffRules,
  type RankedBallots,
} from '../packages/evidence/src/tally/index.ts';
import { haveShared, sharedFile } from './sharedData.ts';

/** The winner must not depend on how a tie among the last is broken: four ways, one winner. */
const winnersOf = (ballots: RankedBallots): readonly (readonly string[])[] =>
  ([{ kind: 'order' }, ...[1n, 2n, 3n].map((seed) => ({ kind: 'random', seed }) as const)] as const).map(
    (ties) => countRounds(ballots, { ...instantRunoffRules, ties }).winners,
  );

const files = (pattern: string): string[] => (haveShared() ? globSync(sharedFile(pattern)).sort() : []);
const raire = files('data/raire/*.raire');
const profiles = files('data/nsw-2021/aggregated/*.json').filter((f) => !f.endsWith('_out.json'));

describe.skipIf(!haveShared())('published winners', () => {
  test('every file is here', () => {
    expect([raire.length, profiles.length]).toEqual([6, 16]);
  });

  test.each(raire.map((path) => [basename(path), path] as const))('%s', async (_, path) => {
    const all = new CvrCollector();
    const reading = await readRaire(fileInMemory(path, readFileSync(path)), all);
    if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
    expect(reading.rowsRefused).toEqual([]);
    expect(reading.value.winners.every((w) => w !== undefined)).toBe(true);
    reading.value.winners.forEach((winner, c) => {
      for (const winners of winnersOf(ballotsFromCvrs(all.cvrs!, c).all)) expect(winners).toEqual([winner]);
    });
  });

  test.each(profiles.map((path) => [basename(path), path] as const))('%s', async (_, path) => {
    const all = new CvrCollector();
    const reading = await readRankingProfile(fileInMemory(path, readFileSync(path)), all);
    expect(reading).toMatchObject({ ok: true });
    const out = JSON.parse(readFileSync(path.replace('.json', '_out.json'), 'utf8')) as {
      metadata: { candidates: string[] };
      solution: { Ok: { winner: number } };
    };
    for (const winners of winnersOf(ballotsFromCvrs(all.cvrs!, 0).all))
      expect(winners).toEqual([out.metadata.candidates[out.solution.Ok.winner]]);
  });

  test('Bellingen from its 6,000 and more rows is Bellingen from its profile', async () => {
    const [rows, profile] = [new CvrCollector(), new CvrCollector()];
    const path = sharedFile('data/nsw-2021/Bellingen_Mayoral.csv');
    await readDominionCsv(fileInMemory(basename(path), readFileSync(path)), rows);
    const aggregated = sharedFile('data/nsw-2021/aggregated/Bellingen Mayoral.json');
    await readRankingProfile(fileInMemory('x', readFileSync(aggregated)), profile);
    const [a, b] = [rows, profile].map((c) =>
      countRounds(ballotsFromCvrs(c.cvrs!, 0).all, instantRunoffRules),
    );
    expect(a!.rounds).toEqual(b!.rounds);
    expect(a!.ballots).toBeGreaterThan(6000);
  });
});
