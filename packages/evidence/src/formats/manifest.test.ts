import { describe, expect, test } from 'vitest';
import { manifestSize } from '../paper/index.ts';
import { readBatchTotals } from './batchTotals.ts';
import { manifestColumn, readManifest } from './manifest.ts';
import type { ManifestOptions } from './manifest.ts';
import type { Reading } from './reading.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, options?: ManifestOptions): ReturnType<typeof readManifest> =>
  readManifest('m.csv', encode(text), options);
const code = (reading: Reading<unknown>): string | undefined =>
  reading.ok ? undefined : reading.refusals[0]!.code;

describe('ballot manifests', () => {
  test('headings by what they say', () => {
    const said: Record<string, readonly string[]> = {
      size: ['Number of Ballots', 'NumBallots', '# of Ballots', '# of Ballot', '# of Ballot Cards', '# Cards', '. of ballots', 'Total Ballots', 'Ballot Count', 'Ballots'],
      tabulator: ['Tabulator', 'Tabulator ID ', 'ScannerID', 'Device ID', 'Tabulator Number', 'Scanner #'],
      name: ['Batch Name', 'BatchID', 'Batch ', 'Batch Number', 'Batch #'],
      jurisdiction: ['County', 'CountyID'],
      container: ['Container', 'Tray #'],
      location: ['StorageLocation', 'Box # Location', 'Locations', 'VBMCart.Cart number'],
      cvr: ['CVR'],
    }; // oxfmt-ignore
    for (const [column, headings] of Object.entries(said))
      for (const heading of headings) expect([heading, manifestColumn(heading)]).toEqual([heading, column]);
    expect(['Notes', 'Date', 'Ballot Style', 'Card reader'].map(manifestColumn)).toEqual(
      Array.from({ length: 4 }),
    );
  });

  test.each([
    ['Arlo, columns in another order, blanks kept', 'Batch Name,Number of Ballots,Container\r\nEarly 1 ,2623, Election Day \r\n', { name: 'Early 1 ', size: 2623, container: ' Election Day ' }],
    ['Colorado, numbers quoted in some cells', 'CountyID,ScannerID,BatchID,NumBallots,StorageLocation\nAdams,"10","2",25,Bin 22\n', { jurisdiction: 'Adams', tabulator: '10', name: '2', size: 25, location: 'Bin 22' }],
    ['San Francisco 2019', 'Tray #,Tabulator Number,Batch Number,Total Ballots,VBMCart.Cart number\n1,99808,78,"1,116",3\n', { container: '1', tabulator: '99808', name: '78', size: 1116, location: '3' }],
    ['hybrid', 'Container,Tabulator,Batch Name,Number of Ballots,CVR\nA,T,B,0,Y\n', { hasCvrs: true, size: 0 }],
    ['a byte order mark, a comma in a name, no line end', '\uFEFFContainer,Batch Name,Number of Ballots\nX,"ICC - 1, part",25', { name: 'ICC - 1, part', size: 25 }],
  ])('%s', (_, text, batch) => {
    const reading = read(text);
    expect(reading).toMatchObject({ ok: true, rowsRead: 1, value: { counts: 'ballots', batches: [{ line: 2, ...batch }] } });
  }); // oxfmt-ignore

  test('cards are not ballots', () => {
    expect(read('County,Device ID,Batch,# of Ballot Cards,Location\nA,1,1,7,x\n')).toMatchObject({
      value: { counts: 'cards' },
    });
  });

  test('the same name under two tabulators is two batches; twice under one is remarked', () => {
    const text = 'Tabulator,Batch Name,Number of Ballots\nA,1,5\nB,1,6\nB,1 ,7\n';
    expect(read(text)).toMatchObject({
      ok: true,
      rowsRead: 3,
      remarks: [{ code: 'batch-repeated', line: 4 }],
    });
  });

  test('what is not understood is refused, and can be stated', () => {
    const strange = 'Box,Bundle,Papers\nA,1,12\n';
    expect(read(strange)).toMatchObject({
      ok: false,
      refusals: [{ code: 'manifest-heading', found: '"Box", "Bundle", "Papers"' }],
    });
    const stated = { columns: { container: 0, name: 1, size: 2 }, counts: 'cards' as const };
    expect(read(strange, stated)).toMatchObject({
      ok: true,
      value: { counts: 'cards', batches: [{ container: 'A', size: 12 }] },
    });
    const refusals: [string, string][] = [
      ['empty-file', ''],
      ['manifest-heading', 'Batch,Number of Ballots,# Cards\n1,2,3\n'],
      ['manifest-heading', 'Batch Name\n1\n'],
      ['no-batches', 'Batch Name,Number of Ballots\n'],
      ['missing-count', 'Batch Name,Number of Ballots\nA,\n'],
      ['negative-count', 'Batch Name,Number of Ballots\nA,-1\n'],
      ['fractional-count', 'Batch Name,Number of Ballots\nA,1.5\n'],
      ['not-a-count', 'Batch Name,Number of Ballots\nA,12 or 13\n'],
      ['missing-batch', 'Batch Name,Number of Ballots\nA,1\n,1\n'],
      ['row-length', 'Batch Name,Number of Ballots\nA,1,2\n'],
      ['cvr-yes-or-no', 'Batch Name,Number of Ballots,CVR\nA,1,maybe\n'],
      ['unclosed-quote', 'Batch Name,Number of Ballots\n"A,1\n'],
      ['spreadsheet', '\u0050\u004b\u0003\u0004'],
    ]; // oxfmt-ignore
    for (const [expected, text] of refusals) expect([text, code(read(text))]).toEqual([text, expected]);
  });

  test('its size is the sum of its batches', () => {
    const reading = read('Batch Name,Number of Ballots\nA,3\nB,0\nC,4\n');
    expect(reading.ok && manifestSize(reading.value)).toBe(7);
  });
});

describe('batch totals', () => {
  const contests = [
    { name: 'US Senate - Rep', choices: ['Earl L. "Buddy" Carter', 'Collins'] },
    { name: 'Governor', choices: ['Collins'] },
  ];
  test('one contest: the columns are its choices; a comma too many does no harm', () => {
    const reading = readBatchTotals('t.csv', encode('Batch Name,Ann,Bo,\nB 1,3,0,\nB 2,1,2,\n'));
    expect(reading).toMatchObject({
      ok: true,
      rowsRead: 2,
      value: [
        {
          contest: undefined,
          choices: ['Ann', 'Bo'],
          batches: ['B 1', 'B 2'],
          votes: Uint32Array.of(3, 0, 1, 2),
        },
      ],
    });
  });
  test('several contests: columns are matched with the contests, never split at " - "', () => {
    const text =
      'Batch Name,"US Senate - Rep - Earl L. ""Buddy"" Carter",Governor - Collins,US Senate - Rep - Collins\nB,1,2,3\n';
    expect(readBatchTotals('t.csv', encode(text), contests)).toMatchObject({
      ok: true,
      value: [
        {
          contest: 'US Senate - Rep',
          choices: ['Earl L. "Buddy" Carter', 'Collins'],
          votes: Uint32Array.of(1, 3),
        },
        { contest: 'Governor', votes: Uint32Array.of(2) },
      ],
    });
  });
  test.each([
    ['unknown-choice', 'Batch Name,Governor - Nobody\nB,1\n'],
    ['batch-totals-heading', 'Batch,Governor - Collins\nB,1\n'],
    ['batch-repeated', 'Batch Name,Governor - Collins\nB,1\n B,1\n'],
    ['row-length', 'Batch Name,Governor - Collins\nB\n'],
    ['missing-count', 'Batch Name,Governor - Collins\nB,\n'],
    ['no-batches', 'Batch Name,Governor - Collins\n'],
  ])('refused: %s', (expected, text) => {
    expect(code(readBatchTotals('t.csv', encode(text), contests))).toBe(expected);
  });
});
