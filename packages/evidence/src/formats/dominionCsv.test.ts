import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CvrCollector, cardsWith, identityOf, voteOn } from '../cvr/index.ts';
import type { Cvrs } from '../cvr/index.ts';
import { UnitTallier } from '../tally/byUnit.ts';
import { readDominionCsv } from './dominionCsv.ts';
import { fileInMemory, longestPiece } from './input.ts';
import type { InputFile } from './input.ts';
import type { CvrReading, Reading } from './reading.ts';

async function read(
  file: InputFile | string,
): Promise<{ reading: Reading<CvrReading>; cvrs: Cvrs | undefined }> {
  const all = new CvrCollector();
  const reading = await readDominionCsv(typeof file === 'string' ? fileInMemory('cvr.csv', file) : file, all);
  return { reading, cvrs: all.cvrs };
}

/** The code of the refusal of the file, or of the first refused row. */
const refusal = async (file: InputFile | string): Promise<string | undefined> => {
  const { reading } = await read(file);
  const [first, next] = reading.ok ? reading.rowsRefused : reading.refusals;
  return first?.code === 'no-row-reads' ? next?.code : first?.code;
};

const head = `Test,5.17,,,,
,,,,,Mayor (Vote For=1),Mayor (Vote For=1),Council (Vote For=2),Council (Vote For=2),Council (Vote For=2)
,,,,,Ann,Bo,Cy,"Di, Jr.",Write-in
CvrNumber,TabulatorNum,BatchId,RecordId,BallotType,DEM,REP,,,
`;

describe('Dominion CSV', () => {
  test('empty is not on the card, 0 is blank, more marks than votes an overvote', async () => {
    const { reading, cvrs } = await read(
      `${head}1,T1,B1,1,S,1,0,1,1,0\n2,T1,B1,2,S,,,0,0,0\n3,T1,B1,3,S,1,1,1,1,1\n4,T1,B1,4,S,0,0,0,1,0\n`,
    );
    expect(reading).toMatchObject({ ok: true, rowsRead: 4, rowsRefused: [], remarks: [] });
    const { header, chunks } = cvrs!;
    expect(header.contests.map((c) => [c.name, c.voteFor, c.choices.map((o) => [o.name, o.party, o.writeIn])])).toEqual([
      ['Mayor', 1, [['Ann', 'DEM', undefined], ['Bo', 'REP', undefined]]],
      ['Council', 2, [['Cy', undefined, undefined], ['Di, Jr.', undefined, undefined], ['Write-in', undefined, 'line']]],
    ]); // oxfmt-ignore
    const votes = [0, 1, 2, 3].map((i) => [0, 1].map((c) => voteOn(header, chunks[0]!, c, i)));
    expect(votes).toEqual([
      [{ kind: 'votes', choices: [0] }, { kind: 'votes', choices: [0, 1] }],
      [{ kind: 'notOnCard' }, { kind: 'blank' }],
      [{ kind: 'overvoted', choices: [0, 1] }, { kind: 'overvoted', choices: [0, 1, 2] }],
      [{ kind: 'blank' }, { kind: 'votes', choices: [1] }],
    ]); // oxfmt-ignore
  });

  test('votes not given are counted', async () => {
    const tallier = new UnitTallier();
    await readDominionCsv(
      fileInMemory(
        'x',
        `${head}1,T,B,1,S,1,0,1,1,0\n2,T,B,2,S,,,0,0,0\n3,T,B,3,S,1,1,1,1,1\n4,T,B,4,S,0,0,0,1,0\n`,
      ),
      tallier,
    );
    expect(tallier.tally.units).toEqual([
      {
        unit: [],
        cards: 4,
        contests: [
          { cards: 3, votes: [1, 0], blank: 1, overvoted: 1, invalid: 0, undervotes: 1 },
          { cards: 4, votes: [1, 2, 0], blank: 1, overvoted: 1, invalid: 0, undervotes: 3 },
        ],
      },
    ]);
  });

  test('rows are sums, not ballots, where they say so; and are never cards', async () => {
    const { reading, cvrs } = await read(
      `${head}1,T,B,1,S,1,0,1,1,0\nRedacted and Aggregated,,,,02 & 32,254,85,,,\n2,T,B,2,S,0,1,0,0,0\n`,
    );
    expect(reading).toMatchObject({ ok: true, value: { records: 2, sums: 1 }, rowsRefused: [] });
    expect(cvrs!.chunks[0]!.sums).toEqual([
      {
        line: 6,
        label: 'Redacted and Aggregated',
        style: '02 & 32',
        votes: [Uint32Array.of(254, 85), undefined],
      },
    ]);
    // The same numbers under a card's number are refused, with the line.
    const bad = await read(`${head}1,T,B,1,S,254,85,,,\n2,T,B,2,S,0,1,0,0,0\n`);
    expect(bad.reading).toMatchObject({
      ok: true,
      value: { records: 1 },
      rowsRefused: [{ code: 'not-a-mark', line: 5, field: 'Mayor', found: '254' }],
    });
  });

  test('Excel’s ="1", quotes around everything, CRLF, a byte order mark and no line end at the end', async () => {
    const quoted = `\uFEFF"Test","5.2"\r\n"","","","","Mayor (Vote For=1)","Mayor (Vote For=1)"\r\n"","","","","A","B"\r\n"CvrNumber","TabulatorNum","BatchId","RecordId","",""\r\n="1",="3",="800",="1","0","1"\r\n="2",="3",="800",="2","",""`;
    const { reading, cvrs } = await read(quoted);
    expect(reading).toMatchObject({ ok: true, value: { records: 2 }, rowsRefused: [] });
    expect(cvrs!.header.election).toBe('Test');
    expect([0, 1].map((i) => voteOn(cvrs!.header, cvrs!.chunks[0]!, 0, i).kind)).toEqual([
      'votes',
      'notOnCard',
    ]);
    expect(identityOf(cvrs!.header, cvrs!.chunks[0]!, 0)).toMatchObject({
      tabulator: '3',
      batch: '800',
      record: '1',
    });
  });

  test('line ends inside a header cell are a blank; inside a precinct’s name they do not break the row', async () => {
    const text = `E,5\n,,,,,"Shall the\ncity buy (Vote For=1)","Shall the\ncity buy (Vote For=1)"\n,,,,,Yes,"No\r\nway"\nCvrNumber,TabulatorNum,BatchId,RecordId,PrecinctPortion,,\n1,T,B,1,"one\ntwo",1,0\n2,T,B,2,"say ""hi""",0,1\n`;
    const { reading, cvrs } = await read(text);
    expect(reading).toMatchObject({ ok: true, value: { records: 2 } });
    expect(cvrs!.header.contests[0]).toMatchObject({
      name: 'Shall the city buy',
      choices: [{ name: 'Yes' }, { name: 'No way' }],
    });
    expect(cvrs!.header.names.precinct).toEqual(['one\ntwo', 'say "hi"']);
  });

  test('ranks: skipped and repeated ones are kept as they are', async () => {
    const contest = '"Mayor (Number of positions=1, Number of ranks=2)"';
    const text = `E,5\n,,,,${contest},${contest},${contest},${contest}\n,,,,A(1),B(1),A(2),B(2)\nCvrNumber,TabulatorNum,BatchId,RecordId,,,,\n1,T,B,1,0,1,1,0\n2,T,B,2,0,0,1,1\n3,T,B,3,0,0,0,0\n4,T,B,4,,,,\n`;
    const { cvrs } = await read(text);
    expect(cvrs!.header.contests[0]).toMatchObject({
      voteFor: 1,
      ranks: 2,
      choices: [{ name: 'A' }, { name: 'B' }],
    });
    expect([...cardsWith(cvrs!, 0)].map(({ vote }) => vote)).toEqual([
      { kind: 'ranking', ranks: [[1], [0]] },
      { kind: 'ranking', ranks: [[], [0, 1]] },
      { kind: 'blank' },
    ]);
  });

  test('what is refused, and by which name', async () => {
    const good = `${head}1,T,B,1,S,1,0,1,1,0\n`;
    expect(await refusal(good)).toBeUndefined();
    const refused: [string, string][] = [
      ['no-header', ''],
      ['no-header', 'a,b\n1,2\n'],
      ['no-header', 'Redacted and Aggregated,,,1\n'.repeat(6)],
      ['missing-column', good.replace('BatchId', 'Bach')],
      ['vote-for-not-a-whole-number', good.replaceAll('Vote For=1', 'Vote For=1.0')],
      ['vote-for-not-a-whole-number', good.replaceAll('Vote For=1', 'Vote For=0')],
      ['vote-for-missing', good.replaceAll(' (Vote For=1)', '')],
      ['contest-repeated', good.replace('Mayor (Vote For=1),Mayor (Vote For=1),Council (Vote For=2)', 'Mayor (Vote For=1),Council (Vote For=2),Mayor (Vote For=1)')],
      ['choice-repeated', good.replace('Bo', 'Ann')],
      ['choice-without-name', good.replace('Bo', '')],
      ['row-length', good.replace('1,1,0\n', '1,1\n')],
      ['row-length', good.replace('1,1,0\n', '1,1,0,0\n')],
      ['row-length', `${head}1,T,B\n`],
      ['not-a-mark', good.replace('1,0,1,1,0\n', '1,0,1,1,2\n')],
      ['not-a-mark', good.replace('1,0,1,1,0\n', '1,0,1,x,0\n')],
      ['contest-half-empty', good.replace('1,0,1,1,0\n', '1,,1,1,0\n')],
      ['cvr-number', `${good}one,T,B,1,S,1,0,1,1,0\n`],
      ['cvr-number', `${good}1x,T,B,1,S,1,0,1,1,0\n`],
      ['sum', `${head}Redacted,,,,S,1,-1,,,\n`],
      ['second-header', good + good],
      ['second-header', good + good.replaceAll('Mayor', 'Sheriff')],
      ['nul-byte', good.replace('T,B', 'T\u0000,B')],
      ['nul-byte', `\u0000${good}`],
      ['unclosed-quote', `${good}2,T,"B,1,S,1,0,1,1,0\n`],
    ]; // oxfmt-ignore
    for (const [code, text] of refused)
      expect([code, await refusal(text)], text.slice(-60)).toEqual([code, code]);
  });

  test('other encodings are refused until stated', async () => {
    const latin1 = Uint8Array.from(`${head.replace('Bo', 'Bó')}1,T,B,1,S,1,0,1,1,0\n`, (c) =>
      c.charCodeAt(0),
    );
    expect(await refusal(fileInMemory('x', latin1))).toBe('not-utf-8');
    const all = new CvrCollector();
    await readDominionCsv(fileInMemory('x', latin1), all, { encoding: 'windows-1252' });
    expect(all.cvrs!.header.contests[0]!.choices[1]!.name).toBe('Bó');
    // Mixed: the header is UTF-8, a precinct far below is not.
    const mixed = Uint8Array.from(`${head}1,T,B,1,S,1,0,1,1,0\n2,T,\u00e9,1,S,1,0,1,1,0\n`, (c) =>
      c.charCodeAt(0),
    );
    expect(await refusal(fileInMemory('x', mixed))).toBe('not-utf-8');
    const twice = await read(`${head.replace('Bo', 'GarcÃ\u00ada')}1,T,B,1,S,1,0,1,1,0\n`);
    expect(twice.reading).toMatchObject({
      ok: true,
      remarks: [{ code: 'encoded-twice', field: 'GarcÃ\u00ada' }],
    });
  });

  test('a line without end is refused before it fills the memory', async () => {
    let given = 0;
    const endless = (before: string): InputFile => ({
      name: 'endless.csv',
      bytes: async function* () {
        yield new TextEncoder().encode(before);
        for (; given < 3e9; given += 1 << 20) yield new Uint8Array(1 << 20).fill(120);
      },
    });
    expect(await refusal(endless(`${head}1,T,B,1,S,1,0,1,1,0\n`))).toBe('line-too-long');
    expect(given).toBeLessThan(2 * longestPiece);
    expect(await refusal(endless('E,'))).toBe('line-too-long');
    expect(given).toBeLessThan(4 * longestPiece);
  });

  test('the same bytes in any blocks give the same records', async () => {
    const text = `${head}1,T1,"B,1",1,S,1,0,1,1,0\r\n\r\n2,T1,B2,2,S,,,0,0,0\nRedacted,,,,S,3,4,,,\n3,T1,B2,x,S,9,,1,1,1\n4,"T""1",B1,4,S,0,0,0,"1",0`;
    const bytes = new TextEncoder().encode(text);
    const whole = await read(text);
    expect(whole.reading).toMatchObject({
      ok: true,
      value: { records: 3, sums: 1 },
      rowsRefused: [{ line: 9, code: 'not-a-mark' }],
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 }),
        async (cuts) => {
          const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
          const inBlocks = await read({
            name: 'cvr.csv',
            bytes: async function* () {
              for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1], at[i]);
            },
          });
          expect(inBlocks).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});
