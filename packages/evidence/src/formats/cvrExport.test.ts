import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { CvrCollector } from '../cvr/index.ts';
import { detectCvrs, readCvrExport } from './cvrExport.ts';
import { fileInMemory } from './input.ts';
import type { Refusal } from './reading.ts';
import { filesOfZip } from './zipFiles.ts';

const csv = 'E,5\n,,,,Mayor (Vote For=1)\n,,,,Ann\nCvrNumber,TabulatorNum,BatchId,RecordId,\n1,T,B,1,1\n';
const list = (items: object[]): Uint8Array => strToU8(JSON.stringify({ Version: '5', List: items }));
const folder = {
  'x/ContestManifest.json': list([{ Id: 1, Description: 'Mayor', VoteFor: 1 }]),
  'x/CandidateManifest.json': list([{ Id: 1, ContestId: 1, Description: 'Ann' }]),
  'x/CvrExport_1.json': strToU8(
    `{"ElectionId":"E","Sessions":[${'{"TabulatorId":1,"BatchId":1,"RecordId":1,"Original":{"IsCurrent":true,"Cards":[{"Contests":[{"Id":1,"Marks":[{"CandidateId":1,"IsVote":true}]}]}]}},'.repeat(200).slice(0, -1)}]}`,
  ),
};

async function read(zip: Uint8Array, unpacked?: number): Promise<number | Refusal> {
  const files = await filesOfZip(fileInMemory('export.zip', zip), unpacked);
  if (!files.ok) return files.refusals[0]!;
  const all = new CvrCollector();
  const reading = await readCvrExport(files.value, all);
  return reading.ok ? reading.value.records : reading.refusals[0]!;
}

describe('cast vote records of any format', () => {
  test('told from the content', async () => {
    const format = (content: string | Uint8Array): ReturnType<typeof detectCvrs> =>
      detectCvrs([fileInMemory('x', content)]);
    expect(await format(csv)).toBe('dominion-csv');
    expect(await format(`\uFEFF${csv.replaceAll('\n', '\r\n')}`)).toBe('dominion-csv');
    expect(await format('jurisdiction,votes\nA,1\n')).toMatchObject({ code: 'unknown-format' });
    expect(await detectCvrs([])).toMatchObject({ code: 'unknown-format' });
    expect(await detectCvrs([fileInMemory('a/CvrExport_7.json', '')])).toBe('dominion-json');
    expect(await format(zipSync({ 'xl/workbook.xml': strToU8('') }))).toBe('ess-xlsx');
  });

  test('a zip of a Dominion export, and of a single CSV', async () => {
    expect(await read(zipSync(folder))).toBe(200);
    expect(await read(zipSync({ 'cvr.csv': strToU8(csv) }))).toBe(1);
  });

  test('bad archives are refused by name, with nothing read', async () => {
    const good = zipSync(folder);
    expect(await read(good.subarray(0, -40))).toMatchObject({ code: 'zip-truncated' });
    expect(await read(zipSync({ '../../etc/CvrExport.json': strToU8('{}') }))).toMatchObject({
      code: 'zip-path',
    });
    expect(await read(good, 1000)).toMatchObject({ code: 'zip-bomb' });
    const broken = zipSync(folder, { level: 0 });
    const at = new TextDecoder('latin1').decode(broken).indexOf('"IsVote":true');
    broken[at + 9] = 0x66;
    expect(await read(broken)).toMatchObject({ code: 'zip-crc', file: 'export.zip!x/CvrExport_1.json' });
    // A bomb that lies about its size: 3 MB of zeros declared as 10 bytes.
    const bomb = zipSync({ 'CvrExport.json': new Uint8Array(3_000_000), ...folder });
    const view = new DataView(bomb.buffer, bomb.byteOffset);
    for (let i = 0; i < bomb.length - 4; i++)
      if (view.getUint32(i, true) === 0x02014b50 && view.getUint32(i + 24, true) === 3_000_000)
        view.setUint32(i + 24, 10, true);
    expect(await read(bomb)).toMatchObject({ code: 'zip-size' });
  });
});
