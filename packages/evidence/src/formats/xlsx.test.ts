import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readXlsx, readXlsxByPieces, type Row } from './xlsx.ts';

const workbook = (
  sheet: string,
  strings = '<si><t>Ann</t></si><si><r><t>Bo</t></r><r><t xml:space="preserve"> B</t></r><rPh><t>x</t></rPh></si>',
) =>
  zipSync({
    'xl/workbook.xml': strToU8(
      '<workbook xmlns:r="urn:r"><sheets><sheet name="One" r:id="rId1"/><sheet name="Two" r:id="rId2"/></sheets></workbook>',
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/other.xml"/></Relationships>',
    ),
    'xl/sharedStrings.xml': strToU8(`<sst>${strings}</sst>`),
    'xl/worksheets/sheet1.xml': strToU8(`<worksheet><sheetData>${sheet}</sheetData></worksheet>`),
    'xl/worksheets/other.xml': strToU8(
      '<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>',
    ),
  });

function rowsOf(bytes: Uint8Array, sheet?: string): [number, Row][] | string {
  const rows: [number, Row][] = [];
  const reading = readXlsx(
    bytes,
    'x.xlsx',
    (row, number) => rows.push([number, row]),
    sheet === undefined ? {} : { sheet },
  );
  return reading.ok ? rows : reading.refusals[0]!.code;
}

describe('xlsx', () => {
  test('shared, inline and plain cells, gaps and escapes', () => {
    expect(
      rowsOf(
        workbook(
          '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
            '<row r="4"><c r="B4"><v>0012</v></c><c r="AB4" t="inlineStr"><is><t>a_x000D_b</t></is></c><c r="AC4" s="3"/></row>',
        ),
      ),
    ).toEqual([
      [1, ['Ann', undefined, 'Bo B']],
      [4, [undefined, '0012', ...Array.from({ length: 25 }), 'a\rb']],
    ]);
  });

  test('by pieces, what is wrong with the archive is told before what is wrong with the XML', async () => {
    const sheet = Array.from({ length: 5000 }, (_, i) => `<row><c><v>${i * 7919}</v></c></row>`).join('');
    const bytes = workbook(sheet);
    const rows: Row[] = [];
    let stretches = 0;
    const read = (of: Uint8Array): ReturnType<typeof readXlsxByPieces> =>
      readXlsxByPieces(
        { length: of.length, at: (from, to) => of.subarray(from, to) },
        'x.xlsx',
        (row) => rows.push(row),
        () => Promise.resolve(void stretches++),
      );
    expect(await read(bytes)).toMatchObject({ ok: true, sheet: 'One', sheets: ['One', 'Two'], rows: 5000 });
    expect(rows[4999]).toEqual(['39587081']);
    expect(stretches).toBeGreaterThan(0);
    // The CRC-32 of the sheet, the fourth entry of the directory.
    const broken = bytes.slice();
    const view = new DataView(broken.buffer);
    const directory = Array.from({ length: bytes.length - 4 }, (_, i) => i).filter(
      (i) => view.getUint32(i, true) === 0x02014b50,
    );
    broken[directory[3]! + 16]! ^= 1;
    expect(await read(broken)).toMatchObject({ refusals: [{ code: 'zip-crc' }] });
  });

  test('a sheet by its name', () => {
    expect(rowsOf(workbook(''), 'Two')).toEqual([[1, ['7']]]);
    expect(rowsOf(workbook(''), 'Three')).toBe('no-such-sheet');
  });

  test('refuses by name', () => {
    expect(rowsOf(strToU8('PK, but no zip'))).toBe('zip-truncated');
    expect(rowsOf(zipSync({ 'a.txt': strToU8('a') }))).toBe('not-a-workbook');
    expect(rowsOf(workbook('<row r="2"/><row r="2"/>'))).toBe('xlsx-row-number');
    expect(rowsOf(workbook('<row r="2000000"/>'))).toBe('xlsx-row-number');
    expect(rowsOf(workbook('<row><c r="B1"/><c r="A1"/></row>'))).toBe('xlsx-cell-reference');
    expect(rowsOf(workbook('<row><c r="ZZZ1"/></row>'))).toBe('xlsx-cell-reference');
    expect(rowsOf(workbook('<row><c t="s"><v>9</v></c></row>'))).toBe('xlsx-shared-string');
    expect(rowsOf(workbook('<row><c t="e"><v>#REF!</v></c></row>'))).toBe('xlsx-error-cell');
    expect(rowsOf(workbook('<row>'))).toBe('xml-not-well-formed');
    expect(rowsOf(workbook('', '<!DOCTYPE a>'))).toBe('xml-not-well-formed');
  });
});
