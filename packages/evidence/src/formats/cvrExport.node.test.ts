import { readFileSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { CvrCollector } from '../cvr/index.ts';
import { detectCvrs, readCvrExport } from './cvrExport.ts';
import { fileInMemory } from './input.ts';
import type { InputFile } from './input.ts';

const cases = 'ranked-choice-cases';

function inputs(path: string): InputFile[] {
  const at = sharedFile(`data/${path}`);
  if (!statSync(at).isDirectory()) return [fileInMemory(path, readFileSync(at))];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => fileInMemory(`${e.parentPath}/${e.name}`, readFileSync(`${e.parentPath}/${e.name}`)));
}

describe.skipIf(!haveShared())('real exports are known by their content', () => {
  test.each([
    ['dominion-json', 'san-francisco-2024'],
    ['dominion-csv', 'dominion-csv/dominion-2017-CVR_Export_20170310104116.csv'],
    ['dominion-csv', 'small-election/Siletz - cvrs.csv'],
    ['raire', 'raire/Aspen_2009_Mayor.raire'],
    ['nist-cvr-json', 'nist-cvr/jetsons_main_cvr.json'],
    ['nist-cvr-xml', 'nist-cvr/example_1.xml'],
    ['ess-xlsx', `${cases}/2015_portland_mayor/2015_portland_mayor_cvr.xlsx`],
    ['clear-ballot-csv', `${cases}/clear_ballot_kansas_primary/clear_ballot_kansas_primary.cvr.csv`],
    ['hart-xml', `${cases}/_shared/hart_cvr_archive`],
  ])('%s: %s', async (format, path) => {
    const files = inputs(path);
    expect(await detectCvrs(files)).toBe(format);
    const all = new CvrCollector();
    const reading = await readCvrExport(files, all);
    expect(reading.ok && reading.value.records).toBeGreaterThan(0);
    expect(all.cvrs!.chunks.reduce((n, chunk) => n + chunk.cards, 0)).toBe(
      reading.ok && reading.value.records,
    );
  });
});
