import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { manifestSize } from '../paper/index.ts';
import { readBatchTotals } from './batchTotals.ts';
import { readManifest } from './manifest.ts';
import { readZip } from './zip.ts';

const bytes = (path: string): Uint8Array => readFileSync(sharedFile(`data/${path}`));

/** The files of the one zip inside a bundle. */
function bundle(path: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const add = (archive: Uint8Array, name: string): void => {
    const zip = readZip(archive, name);
    if (!zip.ok) throw new Error(zip.refusals[0]!.code);
    for (const entry of zip.entries) {
      const content = entry.bytes();
      if (!content.ok) throw new Error(content.refusal.code);
      if (entry.name.endsWith('.zip')) add(content.bytes, entry.name);
      else if (entry.name.endsWith('.csv')) files.set(entry.name, content.bytes);
    }
  };
  add(bytes(path), path);
  return files;
}

describe.skipIf(!haveShared())('real ballot manifests and batch totals', () => {
  test.each([
    ['colorado-2024/HinsdaleBallotManifest.csv', 'Hinsdale'],
    ['colorado-2024/BoulderBallotManifest.csv', 'Boulder'],
    ['colorado-2024/AdamsBallotManifest.csv', 'Adams'],
  ])('%s', (path, county) => {
    const reading = readManifest(path, bytes(path));
    expect(reading).toMatchObject({ ok: true, remarks: [] });
    if (!reading.ok) return;
    expect(new Set(reading.value.batches.map((batch) => batch.jurisdiction.trim()))).toEqual(
      new Set([county]),
    );
    const lines = new TextDecoder()
      .decode(bytes(path))
      .split(/\r?\n/)
      .slice(1)
      .filter((line) => line.replaceAll(',', '').trim() !== '');
    expect(reading.value.batches).toHaveLength(lines.length);
    expect(manifestSize(reading.value)).toBe(
      lines.reduce((sum, line) => sum + Number(line.split(',')[3]), 0),
    );
  });

  test('Georgia 2025: 159 manifests and 159 totals; every batch of totals has its manifest', () => {
    const manifests = bundle('georgia-2025/manifests_bundle.zip');
    const totals = bundle('georgia-2025/candidate_totals_bundle.zip');
    expect([manifests.size, totals.size]).toEqual([159, 159]);
    const county = (name: string): string => name.split('/')[0]!;
    let [zero, batches, refusedFiles] = [0, 0, 0];
    const names = new Map<string, Set<string>>();
    for (const [name, content] of manifests) {
      const reading = readManifest(name, content);
      if (!reading.ok) refusedFiles += 1;
      else {
        zero += reading.value.batches.filter((batch) => batch.size === 0).length;
        batches += reading.value.batches.length;
        names.set(county(name), new Set(reading.value.batches.map((batch) => batch.name.trim())));
      }
    }
    expect([zero, refusedFiles]).toEqual([1, 0]);
    const missing: string[] = [];
    let votes = 0;
    for (const [name, content] of totals) {
      const reading = readBatchTotals(name, content);
      expect(reading.ok, name).toBe(true);
      if (!reading.ok) continue;
      const [only] = reading.value;
      for (const batch of only!.batches)
        if (!names.get(county(name))!.has(batch.trim())) missing.push(`${name}: ${batch}`);
      votes += only!.votes.reduce((a, b) => a + b, 0);
    }
    expect(missing).toEqual([]);
    expect(batches).toBeGreaterThan(2000);
    expect(votes).toBeGreaterThan(1_000_000);
  });
});
