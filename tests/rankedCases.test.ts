// Every case of the ranked-choice suite that has an expected report, equalled in every round: tally, threshold, who was elected and
// eliminated, every transfer, every kind of inactive ballot; and every report of a precinct or a batch.
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import {
  ballotsOf,
  casesIn,
  expectedCsv,
  expectedForm,
  ourCsvForm,
  ourForm,
  rulesOf,
  type ExpectedReport,
} from './rankedCases.ts';
import { countRanked, countRankedPart } from '../packages/evidence/src/tally/index.ts';
import { haveShared, sharedFile } from './sharedData.ts';

/** Cases of the suite that are not equalled, each with its reason. Those that are in no folder at hand are here for whoever has them. */
const notReproduced: Readonly<Record<string, string>> = {
  tiebreak_previous_round_counts_then_random_test:
    'its expected report depends on the order of a Java HashMap, which no documentation of the rules gives',
  '2018_maine_governor_primary': 'the suite holds no cast vote records for it',
  dominion_kansas: 'the suite holds no cast vote records for it',
};

const root = sharedFile('data/ranked-choice-cases');
const cases = haveShared() ? casesIn(root) : [];
const run = cases.filter((c) => !(c.name in notReproduced));

describe.skipIf(!haveShared())('the ranked-choice case suite', () => {
  test('every case with an expected report is run or listed', () => {
    expect(cases).toHaveLength(48);
    expect(run).toHaveLength(48);
  });

  let compared = 0;
  afterAll(() => {
    expect(compared).toBe(17);
  });

  test.each(run)('$name', async ({ folder, config, expected, slices }) => {
    const rules = rulesOf(config);
    const { all } = await ballotsOf(folder, config);
    const passes = countRanked(all, rules);
    expect(passes.map(ourForm)).toEqual(expected.map(expectedForm));
    for (const by of ['precinct', 'batch'] as const) {
      const wanted = slices.filter((s) => s.by === by);
      if (wanted.length === 0) continue;
      const { parts } = await ballotsOf(folder, config, by);
      const byFileName = new Map(
        [...parts].flatMap(([name, part]) => partNames(name, by).map((n) => [n, part] as const)),
      );
      for (const { part, path } of wanted) {
        const [pass] = countRankedPart(byFileName.get(part)!, passes, rules);
        const report = readFileSync(path, 'utf8');
        if (path.endsWith('.csv')) expect(ourCsvForm(pass!), path).toEqual(expectedCsv(report));
        else expect(ourForm(pass!), path).toEqual(expectedForm(JSON.parse(report) as ExpectedReport));
        compared++;
      }
    }
  });
});

/** The part of a report's file name: "MINNEAPOLIS W-1 P-01" is MINNEAPOLIS_W-1_P-01; where it is not stated there are two ways to say so. */
const partNames = (name: string, by: string): string[] =>
  name === '' ? [`missing_${by}_id`, `no_${by}_id`] : [name.replaceAll(' ', '_')];
