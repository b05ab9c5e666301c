// A desk begins with the results as offices and volunteers publish them: the contests, counties and votes of the file, nothing typed, and a
// record whose reported results anybody reads again from the file that it holds.
import { readFileSync } from 'node:fs';
import { contestId } from '@opencanvass/evidence/election';
import { readRecord, recordFromMap, foldRecord } from '@opencanvass/evidence/record';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../tests/sharedData.ts';
import { published } from './published.ts';
import { TestDesk } from './testDesk.ts';

interface Published {
  readonly file: string;
  readonly reader: string;
  readonly counties: number;
  readonly contests: number;
  readonly contest: string;
  /** As the office published them, in the file's order of choices. */
  readonly votes: readonly number[];
}
const files: readonly Published[] = [
  { file: '20180724__ga__primary__runoff.xml', reader: 'Clarity detail XML', counties: 159, contests: 18, contest: 'Governor - REP', votes: [179_712, 408_595] },
  { file: 'detail_floyd.xml', reader: 'Clarity detail XML', counties: 1, contests: 1, contest: '', votes: [262, 46, 138, 18] },
  { file: 'nist_v2_wy20g.xml', reader: 'NIST SP 1500-100 results XML', counties: 23, contests: 78, contest: 'US President (WY)', votes: [73_491, 193_559, 5_768, 1_739, 2_208] },
  { file: '20241105__ga__general__county-level.csv', reader: 'OpenElections CSV', counties: 159, contests: 293, contest: 'U.S. House, District 3', votes: [138_749, 273_036] },
]; // prettier-ignore

describe.skipIf(!haveShared())('a desk is set up from', () => {
  test.each(files)('$file', { timeout: 120_000 }, async (of) => {
    const t = await TestDesk.open();
    try {
      const state = await t.firstAccount();
      const file = new Uint8Array(readFileSync(sharedFile(`data/results-files/${of.file}`)));
      const query = { name: of.file, election: 'General Election', date: '2026-11-03' };
      // Half a file begins nothing.
      const half = file.subarray(0, Math.floor(file.length / 2) + 7);
      if (of.file.endsWith('.xml'))
        expect(await t.refused(state.client, 'setUp', { query, file: half })).toBe('422 results-refused');
      expect((await t.desk.state()).count).toBe(0);
      await t.do(state.client, 'setUp', { query, file });
      const { counties } = await t.do(t.public, 'status', {});
      expect(counties).toHaveLength(of.counties);
      const record = readRecord(recordFromMap(await published(t.desk.keeper)));
      const { evidence, facts } = foldRecord(record);
      expect(facts.faults).toEqual([]);
      expect(evidence!.election.contests).toHaveLength(of.contests);
      const [first] = evidence!.results;
      const reported =
        of.contest === ''
          ? first!
          : evidence!.results.find((r) => r.value.contest === contestId(of.contest))!;
      expect(
        reported.value.choices.map((_, i) => reported.value.rows.reduce((n, row) => n + row.votes[i]!, 0)),
      ).toEqual(of.votes);
      expect(JSON.stringify([...record.bodies.values()])).toContain(of.reader);
    } finally {
      await t.close();
    }
  });
});
