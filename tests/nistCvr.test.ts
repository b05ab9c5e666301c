// NIST SP 1500-103 there and back: what a sample says is read, written, found valid against NIST's own schema, and read again the same.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CvrCollector,
  identityOf,
  voteOn,
  writeInsOn,
  type CvrConsumer,
  type Cvrs,
} from '../packages/evidence/src/cvr/index.ts';
import {
  fileInMemory,
  readDominionCsv,
  readNistCvrJson,
  readNistCvrXml,
  NistCvrJsonWriter,
  type InputFile,
  type Reading,
} from '../packages/evidence/src/formats/index.ts';
import { faultsOf } from './jsonSchema.ts';
import { haveShared, sharedFile } from './sharedData.ts';

const about = {
  generated: '2026-01-02T03:04:05Z',
  device: { application: 'OpenCanvass', manufacturer: 'OpenCanvass' },
  jurisdiction: 'Gadget County',
};
const schema = (): Record<string, unknown> => {
  const whole = JSON.parse(
    readFileSync(sharedFile('data/nist-cvr/NIST_V0_cast_vote_records.json'), 'utf8'),
  ) as Record<string, unknown>;
  return { ...whole, $ref: '#/definitions/CVR.CastVoteRecordReport' };
};

async function read(path: string, content?: string, refused: readonly string[] = []): Promise<Cvrs> {
  const reader: (file: InputFile, to: CvrConsumer) => Promise<Reading<unknown>> = path.endsWith('.xml')
    ? readNistCvrXml
    : path.endsWith('.csv')
      ? readDominionCsv
      : readNistCvrJson;
  const all = new CvrCollector();
  const reading = await reader(fileInMemory(basename(path), content ?? readFileSync(path)), all);
  if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
  expect(reading.rowsRefused.map((r) => r.code)).toEqual(refused);
  return all.cvrs!;
}

function written({ header, chunks }: Cvrs): string {
  let text = '';
  const writer = new NistCvrJsonWriter(about, (piece) => (text += piece));
  writer.begin(header);
  for (const chunk of chunks) writer.take(chunk);
  writer.finish();
  return text;
}

/** Every card with its votes, choices by name. */
function said({ header, chunks }: Cvrs): unknown[] {
  return chunks.flatMap((chunk) =>
    Array.from({ length: chunk.cards }, (_, i) => {
      const { tabulator, batch, precinct, style } = identityOf(header, chunk, i);
      const votes = header.contests.flatMap((contest, c) => {
        const vote = voteOn(header, chunk, c, i);
        if (vote.kind === 'notOnCard') return [];
        const names = (list: readonly number[]): string[] => list.map((x) => contest.choices[x]!.name).sort();
        const marks =
          'ranks' in vote
            ? vote.ranks.map((at) => (at === 'several' ? at : names(at)))
            : 'choices' in vote
              ? names(vote.choices)
              : [];
        return [[contest.name, vote.kind, marks]];
      });
      const written = writeInsOn(chunk, i).map(({ contest, choice, rank, text, status }) => [
        header.contests[contest]!.name,
        header.contests[contest]!.choices[choice]?.name,
        rank,
        text,
        status,
      ]);
      return { tabulator, batch, precinct, style, adjudicated: chunk.adjudicated[i], votes, written };
    }),
  );
}

const samples: [path: string, cards: number, refused?: readonly string[]][] = [
  ['data/nist-cvr/example_1.xml', 1],
  ['data/nist-cvr/example_2.xml', 2],
  ['data/nist-cvr/jetsons_main_cvr.xml', 1],
  ['data/nist-cvr/jetsons_main_cvr.json', 1],
  ['data/nist-cvr/nist_example-1-ported_cvr.json', 1],
  ['data/nist-cvr/nist_example-2-ported_cvr.json', 2],
  // Its third record has a contest twice, once marked and once blank; its eighth names a snapshot that it does not hold.
  ['data/nist-cvr/ny-1912_main_cvr.json', 5, ['contest-not-read', 'no-current-snapshot']],
  ['data/ranked-choice-cases/test_set_1_exhaust_at_overvote/test_set_1_exhaust_at_overvote_cvr.json', 15],
  ['data/ranked-choice-cases/unisyn_cvrs/101-RCV-CVT_TEST_3_UNIOVS2103-2.xml', 35],
  ['data/nsw-2021/Uralla_Mayoral.csv', 3000],
];

describe.skipIf(!haveShared())('NIST SP 1500-103', () => {
  test.each<[path: string, cards: number, refused?: readonly string[]]>(samples)(
    '%s',
    async (path, atLeast, refused) => {
      const before = await read(sharedFile(path), undefined, refused);
      const report = written(before);
      const faults = faultsOf(schema(), JSON.parse(report));
      expect(faults.slice(0, 5)).toEqual([]);
      const after = await read('written.json', report);
      expect(said(after)).toEqual(said(before));
      expect(said(after).length).toBeGreaterThanOrEqual(atLeast);
    },
  );

  test('what was written in on NIST’s examples, and that it waits where they say so', async () => {
    const writtenIn = async (path: string): Promise<unknown[]> => {
      const { header, chunks } = await read(sharedFile(path));
      return chunks.flatMap(({ writeIns }) =>
        writeIns.map(({ contest, choice, text, status }) => [
          header.contests[contest]!.choices[choice]?.name,
          text,
          status,
        ]),
      );
    };
    expect(await writtenIn('data/nist-cvr/example_1.xml')).toEqual([['_C1CS3', 'Donald Nolte', '']]);
    for (const path of ['data/nist-cvr/example_2.xml', 'data/nist-cvr/nist_example-2-ported_cvr.json'])
      expect(await writtenIn(path)).toEqual([[undefined, 'John Smith', 'needs-adjudication']]);
    const unisyn = await writtenIn(samples[8]![0]);
    expect(unisyn).toHaveLength(6);
    expect(unisyn).toContainEqual(['Write-in', 'Write In(312)', '']);
  });

  test('a report whose only record names a snapshot that it does not hold gives nothing', async () => {
    const path = sharedFile('data/nist-cvr/minimal_main_cvr.json');
    const reading = await readNistCvrJson(fileInMemory('x.json', readFileSync(path)), new CvrCollector());
    expect(reading).toMatchObject({
      ok: false,
      refusals: [{ code: 'no-row-reads' }, { code: 'no-current-snapshot', field: 'CVR[0]' }],
    });
  });

  test('the schema refuses a report without its devices, and a rank that is a word', async () => {
    const cvrs = await read(sharedFile(samples[7]![0]));
    const report = JSON.parse(written(cvrs)) as Record<string, unknown>;
    const { ReportingDevice: _, ...without } = report;
    expect(faultsOf(schema(), without)).toEqual(['$: no ReportingDevice']);
    const text = JSON.stringify(report).replace('"Rank":1', '"Rank":"first"');
    expect(faultsOf(schema(), JSON.parse(text))).toHaveLength(1);
    expect(faultsOf(schema(), { ...report, Colour: 'red' })).toEqual(['$: unknown Colour']);
  });
});
