// The record that ships is what the script makes of the public files, to the byte, and it holds. The figures are the ones published by the
// state on 19 and 20 November 2020, and counts made of its files by others before this program was; not our own output.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordFromMap, recordFromZip } from '@opencanvass/evidence/record';
import { verify, type Verification } from '@opencanvass/evidence/verify';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { zipGeorgia2020 } from '../../../scripts/make-georgia-2020.ts';
import { haveShared } from '../../../tests/sharedData.ts';
import { nodeSha256, nodeVerifyEd25519 } from '../src/crypto.ts';

const shipped = fileURLToPath(new URL('../../../cases/georgia-2020/record', import.meta.url));
const options = { sha256: nodeSha256, verify: nodeVerifyEd25519 };

function readShipped(): Map<string, Uint8Array> {
  const files = readdirSync(shipped, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const paths = files.map((f) => join(f.parentPath, f.name));
  return new Map(
    paths.map((p) => [p.slice(shipped.length + 1).replaceAll('\\', '/'), new Uint8Array(readFileSync(p))]),
  );
}

const figuresOf = ({ findings }: Verification, check: string): Record<string, number> =>
  Object.fromEntries(findings.find((f) => f.check === check)!.figures.map((f) => [f.name, f.value]));
const wordOf = ({ findings }: Verification, check: string): string | undefined =>
  findings.find((f) => f.check === check)?.word;

describe('the record of Georgia 2020 that ships', () => {
  test('holds, is small, and shows the published totals', () => {
    const files = readShipped();
    const bytes = [...files.values()].reduce((n, b) => n + b.length, 0);
    expect(bytes).toBeLessThan(1_500_000);
    const verification = verify(recordFromMap(files), options);
    expect(verification.record?.faults).toEqual([]);
    expect(verification.findings.filter((f) => f.of === 'record' && f.word === 'fails')).toEqual([]);
    const same = figuresOf(verification, 'same-winner');
    expect([
      same['hand donald-j-trump'],
      same['hand joseph-r-biden'],
      same['hand jo-jorgensen'],
      same['handMargin'],
    ]).toEqual([2_462_857, 2_475_141, 62_587, 12_284]);
    expect([
      same['reported donald-j-trump'],
      same['reported joseph-r-biden'],
      same['reported jo-jorgensen'],
    ]).toEqual([2_461_837, 2_474_507, 62_138]);
    expect(figuresOf(verification, 'batches-add-up')['batches']).toBe(41_881);
    expect(figuresOf(verification, 'every-jurisdiction-counted')['counted']).toBe(159);
    for (const check of ['batch-names-exact', 'batch-names-folded', 'unanimous-batches', 'empty-batches'])
      expect(wordOf(verification, check), check).toBe('cannot tell');
  });

  test.skipIf(!haveShared())('is what the script makes of the public files, to the byte', async () => {
    const made = new Map(Object.entries(unzipSync(await zipGeorgia2020({ granularity: 'type' }))));
    const files = readShipped();
    expect([...files.keys()].toSorted()).toEqual([...made.keys()].toSorted());
    for (const [path, bytes] of made)
      expect(Buffer.compare(bytes, files.get(path)!), `${path}: run scripts/make-georgia-2020.ts`).toBe(0);
  });
});

describe.skipIf(!haveShared())('the whole record, 41,881 batches and the state’s files', () => {
  let verification: Verification;
  beforeAll(async () => {
    const opened = recordFromZip(await zipGeorgia2020({ granularity: 'batch' }));
    if (!opened.ok) throw new Error(opened.code);
    verification = verify(opened.files, options);
  }, 60_000);

  test('holds, and its tables are what the readers make of the files in it', () => {
    expect(verification.record?.faults).toEqual([]);
    expect(wordOf(verification, 'tables-read-again')).toBe('holds');
    expect(figuresOf(verification, 'tables-read-again')['tables']).toBe(161);
  });

  test('shows what was published, and what was found in it', () => {
    expect(figuresOf(verification, 'margin-variation')).toMatchObject({
      below: 103,
      largestVotes: 16,
      largestOf: 2194,
    });
    expect(figuresOf(verification, 'batches-add-up')['batches']).toBe(41_881);
    expect(figuresOf(verification, 'batch-names-exact')['found']).toBe(0);
    expect(figuresOf(verification, 'batch-names-folded')['found']).toBe(32);
    const folded = verification.findings.find((f) => f.check === 'batch-names-folded')!;
    expect(folded.units.filter((u) => u.jurisdiction === 'fulton')).toHaveLength(28);
    expect(figuresOf(verification, 'empty-batches')['found']).toBe(108);
  });
});
