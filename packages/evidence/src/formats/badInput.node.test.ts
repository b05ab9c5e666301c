// Every reader of cast vote records against every kind of bad input: refused by name, within bounded memory, with nothing imported. The exports
// are a generated county's, spoiled one way each. Where a kind of fault cannot occur in a format, or the format cannot tell, the table says why.
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { county } from '../../../../bench/generate/county.ts';
import { countyFormats } from '../../../../bench/generate/vendors.ts';
import { CvrCollector } from '../cvr/index.ts';
import { readCvrExport } from './cvrExport.ts';
import type { CvrFormat } from './cvrExport.ts';
import type { InputFile } from './input.ts';
import { filesOfZip } from './zipFiles.ts';

interface Content {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const size = { cards: 40, contests: 3, choices: 3, seed: 5, precincts: 3, batch: 10 };
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const inserted = (bytes: Uint8Array, at: number, more: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]));

/** The files of an export; of an archive or a workbook, the files within. */
function exported(format: string, seed = size.seed): Content[] {
  return countyFormats[format]!(county({ ...size, seed })).flatMap(({ name, bytes }) => {
    const whole = new Uint8Array(Buffer.concat([...bytes()]));
    return archived(format)
      ? Object.entries(unzipSync(whole)).map(([inner, content]) => ({ name: inner, bytes: content }))
      : [{ name, bytes: whole }];
  });
}
const archived = (format: string): boolean => format === 'hart-xml' || format === 'ess-xlsx';

/** The file with the votes, by format. */
const votesIn: Readonly<Record<string, RegExp>> = {
  'dominion-json': /CvrExport\.json$/,
  'ess-csv': /records\.csv$/,
  'ess-xlsx': /sheet1\.xml$/,
};
const holdsVotes = (format: string, files: readonly Content[]): Content =>
  files.find((file) => (votesIn[format] ?? /./).test(file.name))!;

const zipped = (files: readonly Content[]): Uint8Array =>
  zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])));
const asZip = (format: string, bytes: Uint8Array): Content[] => [
  { name: format === 'ess-xlsx' ? 'cvr.xlsx' : 'export.zip', bytes },
];
/** As the office hands it over. */
const handed = (format: string, files: readonly Content[]): readonly Content[] =>
  archived(format) ? asZip(format, zipped(files)) : files;

/** With the votes' file changed, or another. */
function changed(
  format: string,
  change: (bytes: Uint8Array) => Uint8Array,
  which?: RegExp,
): readonly Content[] {
  const files = exported(format);
  const votes = which === undefined ? holdsVotes(format, files) : files.find((f) => which.test(f.name))!;
  return handed(
    format,
    files.map((file) => (file === votes ? { ...file, bytes: change(file.bytes) } : file)),
  );
}
/** The middle one of what matches, replaced. */
const replaced = (format: string, from: RegExp, to: string, which?: RegExp): readonly Content[] =>
  changed(
    format,
    (bytes) => {
      const text = latin1(bytes);
      const matches = [...text.matchAll(new RegExp(from, 'g'))];
      const at = matches[Math.floor(matches.length / 2)]!;
      return Buffer.from(text.slice(0, at.index) + to + text.slice(at.index + at[0].length), 'latin1');
    },
    which,
  );
/** A workbook's texts stand by themselves. */
const textsOfWorkbook = /sharedStrings\.xml$/;

const input = ({ name, bytes }: Content): InputFile => ({
  name,
  bytes: async function* () {
    yield bytes;
  },
});

const named = (format: string): CvrFormat => (format === 'unisyn-xml' ? 'nist-cvr-xml' : format) as CvrFormat;

/** The first code of a refusal of the export as a whole; or how many records were read, and codes of rows that were left out. */
async function outcome(format: string, files: readonly InputFile[], unpacked?: number): Promise<string> {
  const opened =
    files.length === 1 ? await filesOfZip(files[0]!, unpacked) : { ok: true as const, value: files };
  if (!opened.ok) return opened.refusals[0]!.code;
  const reading = await readCvrExport(opened.value, new CvrCollector(), { format: named(format) });
  return reading.ok
    ? [`${reading.value.records} read`, ...new Set(reading.rowsRefused.map((r) => r.code))].join(', ')
    : reading.refusals.at(reading.refusals[0]!.code === 'no-row-reads' ? 1 : 0)!.code;
}

/** By format. One that is not among `others` has the usual code; one of `notApplicable` has the reason why it is not asked. */
type Expected = Readonly<Record<string, string>>;
const formats = Object.keys(countyFormats);

function table(
  name: string,
  usual: string,
  others: Expected,
  notApplicable: Expected,
  spoil: (format: string) => readonly Content[],
  unpacked?: number,
): void {
  describe(name, () => {
    for (const format of formats) {
      if (notApplicable[format] !== undefined) continue;
      test(format, async () => {
        expect(await outcome(format, spoil(format).map(input), unpacked)).toBe(others[format] ?? usual);
      });
    }
    test('every other format is named with its reason', () => {
      expect(formats).toEqual(
        expect.arrayContaining([...Object.keys(others), ...Object.keys(notApplicable)]),
      );
      expect(Object.values(notApplicable).every((why) => why.length > 20)).toBe(true);
    });
  });
}

describe('what is spoiled below is read before', () => {
  test.each(formats)('%s', async (format) => {
    expect(await outcome(format, handed(format, exported(format)).map(input))).toBe('40 read');
  });
});

table('a truncated archive', 'zip-truncated', {}, {}, (format) =>
  asZip(format, zipped(exported(format)).slice(0, -30)),
);

// 3 MB of zeros beside the export, which is allowed 1 MB. A workbook is asked when its parts are unpacked.
table(
  'an archive that unpacks to more than it may',
  'zip-bomb',
  {},
  { 'ess-xlsx': 'a workbook has bounds of its own: xlsx.test.ts' },
  (format) => asZip(format, zipped([...exported(format), { name: 'zeros.xml', bytes: new Uint8Array(3e6) }])),
  1e6,
);

table('a path that climbs', 'zip-path', {}, {}, (format) =>
  asZip(format, zipped([...exported(format), { name: '../../etc/up.xml', bytes: strToU8('<a/>') }])),
);

const isXml = (code: string): Expected =>
  Object.fromEntries(['ess-xlsx', 'hart-xml', 'unisyn-xml', 'nist-cvr-xml'].map((f) => [f, code]));

table(
  'a NUL byte among the votes',
  'nul-byte',
  { ...isXml('xml-not-well-formed'), 'hart-xml': '39 read, xml-not-well-formed' },
  {},
  (format) => changed(format, (b) => inserted(b, b.length >> 1, Uint8Array.of(0))),
);

// é of Windows-1252 in a file of UTF-8: in a name, in the middle of the file.
const mixed: Readonly<Record<string, RegExp>> = {
  'dominion-csv': /,P\d/,
  'clear-ballot-csv': /\d(?=,)/,
};
table(
  'mixed encodings',
  'not-utf-8',
  { 'hart-xml': '39 read, not-utf-8' },
  { 'dominion-json': 'no name stands in the sessions, only numbers; the manifests, which have the names, are the next test' },
  (format) =>
    replaced(format, mixed[format] ?? /Choice \d|Id>|Id"/, 'caf\u00e9', format === 'ess-xlsx' ? textsOfWorkbook : undefined),
); // oxfmt-ignore
test('mixed encodings: a manifest of Dominion JSON', async () => {
  const files = exported('dominion-json').map((file) =>
    file.name === 'CandidateManifest.json'
      ? { ...file, bytes: Buffer.from(latin1(file.bytes).replace('Choice', 'caf\u00e9'), 'latin1') }
      : file,
  );
  expect(await outcome('dominion-json', files.map(input))).toBe('manifest');
});

const onlyHeader = 'contests are named once, in the header; a second header is the next table';
table(
  'a contest that has another name half-way',
  'unknown-contest',
  { 'dominion-json': 'contest-not-in-manifest' },
  {
    'dominion-csv': onlyHeader,
    'clear-ballot-csv': onlyHeader,
    'ess-csv': onlyHeader,
    'ess-xlsx': onlyHeader,
    'hart-xml': 'a sheet names its contests itself, and two under one id have been met: it is another contest, and is counted as one',
  },
  (format) =>
    format === 'dominion-json'
      ? replaced(format, /\{"Id":2,"Manif/, '{"Id":77,"Manif')
      : format === 'raire'
        ? replaced(format, /\n2,/, '\nTwo,')
        : format === 'nist-cvr-json'
          ? replaced(format, /"ContestId":"_2"/, '"ContestId":"_Two"')
          : replaced(format, /<ContestId>_2</, '<ContestId>_Two<'),
); // oxfmt-ignore

// The one rule: a row that does not read is left out and told, with its place; the others are read. So in every format that has rows.
const spoiledRow: Readonly<Record<string, readonly [from: RegExp, to: string, code: string]>> = {
  'dominion-csv': [/,1(?=\r?\n)/, ',7', 'not-a-mark'],
  'dominion-json': [/"TabulatorId":/, '"Tabulator":', 'missing-key'],
  'clear-ballot-csv': [/,1(?=[,\r\n])/, ',7', 'not-a-mark'],
  'ess-csv': [/\n(?=\d)/, '\nx', 'not-in-ballots'],
  'hart-xml': [/<Value>1/, '<Value>2', 'not-a-value'],
  'unisyn-xml': [/<CurrentSnapshotId>/, '<CurrentSnapshotId>no', 'no-current-snapshot'],
  'nist-cvr-xml': [/<CurrentSnapshotId>/, '<CurrentSnapshotId>no', 'no-current-snapshot'],
  'nist-cvr-json': [/"CurrentSnapshotId":"/, '"CurrentSnapshotId":"no', 'no-current-snapshot'],
  raire: [/(?<=\n\d,\d+_\d+_\d+),.*/, ',nobody', 'unknown-choice'],
};
describe('a row that does not read', () => {
  test.each(Object.entries(spoiledRow))('%s', async (format, [from, to, code]) => {
    const opened = replaced(format, from, to).map(input);
    const files = opened.length === 1 ? await filesOfZip(opened[0]!) : { ok: true as const, value: opened };
    const all = new CvrCollector();
    const reading = files.ok ? await readCvrExport(files.value, all, { format: named(format) }) : files;
    if (!reading.ok) throw new Error(JSON.stringify(reading.refusals));
    // A ballot of .raire is left out of one contest, and stands in the others.
    const left = format === 'raire' ? 40 : 39;
    expect([reading.rowsRead, reading.rowsRefused.map((r) => r.code)]).toEqual([left, [code]]);
    const [{ line, field, file } = { file: '' }] = reading.rowsRefused;
    expect(line === undefined ? `${field} ${file}` : `line ${line}`).toMatch(/line \d+|\[\d+\]|\.xml$/);
    const taken = all.cvrs!.chunks.reduce((n, chunk) => n + chunk.cards, 0);
    expect(taken).toBe(left);
  });

  test('ess-xlsx: a count that is none', async () => {
    const bad = (b: Uint8Array): Uint8Array =>
      Buffer.from(
        latin1(b).replace(
          /(<row r="1".*?)<\/row>(.*?)<\/row>/s,
          '$1<c r="Z1" t="inlineStr"><is><t>Count</t></is></c></row>$2<c r="Z2"><v>-1</v></c></row>',
        ),
        'latin1',
      );
    expect(await outcome('ess-xlsx', changed('ess-xlsx', bad).map(input))).toBe('39 read, not-a-count');
  });
  test('where none reads, the export is refused, with some of the reasons', async () => {
    const head = 'Cast Vote Record,Precinct,Ballot Style,Mayor\n';
    const files = [{ name: 'x.csv', bytes: strToU8(head + '1,P\n'.repeat(5000)) }].map(input);
    const reading = await readCvrExport(files, new CvrCollector());
    const refusals = reading.ok ? [] : reading.refusals;
    expect(refusals.slice(0, 2)).toMatchObject([
      { code: 'no-row-reads', found: 'none of 5000' },
      { code: 'row-length', line: 2 },
    ]);
    expect(refusals.length).toBe(20);
    const one = [{ name: 'x.csv', bytes: strToU8(`${head}${'1,P\n'.repeat(5000)}1,P,S,Ann\n`) }].map(input);
    expect(await readCvrExport(one, new CvrCollector())).toMatchObject({
      ok: true,
      value: { records: 1 },
      remarks: [{ code: 'more-rows-refused', found: '5000' }],
    });
  });
});

// The export of another election after this one, in one file; Dominion JSON: beside it.
const noElection =
  'a sheet does not say of which election it is: the check cvrs-of-this-election asks the contests';
table(
  'cast vote records of another election',
  'second-header',
  {
    'dominion-json': 'another-election',
    'nist-cvr-json': 'not-json',
    'nist-cvr-xml': 'xml-not-well-formed',
    'unisyn-xml': 'xml-not-well-formed',
    raire: 'unknown-contest',
  },
  { 'hart-xml': noElection },
  (format) => {
    const other = holdsVotes(format, exported(format, 6)).bytes;
    if (format === 'dominion-json')
      return [
        ...exported(format).map((f) => ({ ...f, name: f.name.replace('CvrExport.', 'CvrExport_1.') })),
        { name: 'CvrExport_2.json', bytes: other },
      ];
    if (format === 'ess-xlsx') {
      const titles = /<row.*?<\/row>/s.exec(latin1(other))![0].replaceAll('1"', '1001"');
      return replaced(format, /<\/sheetData>/, `${titles}</sheetData>`);
    }
    return changed(format, (bytes) => inserted(bytes, bytes.length, other));
  },
); // oxfmt-ignore

describe('a line without end, in the middle of the file', () => {
  const endless: Expected = {
    'dominion-csv': 'line-too-long',
    'dominion-json': 'element-too-long',
    'clear-ballot-csv': 'line-too-long',
    'ess-csv': 'line-too-long',
    'hart-xml': 'too-large',
    'unisyn-xml': 'xml-too-long',
    'nist-cvr-xml': 'xml-too-long',
    'nist-cvr-json': 'element-too-long',
    raire: 'line-too-long',
  };
  const block = new Uint8Array(1 << 18).fill(0x61);
  test.each(Object.keys(endless))('%s', { timeout: 60_000 }, async (format) => {
    const files = exported(format);
    const votes = holdsVotes(format, files);
    let given = 0;
    const inputs = (format === 'hart-xml' ? [votes] : files).map((file) =>
      file !== votes
        ? input(file)
        : {
            name: file.name,
            bytes: async function* () {
              yield file.bytes.subarray(0, file.bytes.length >> 1);
              for (; given < 2 ** 30; given += block.length) yield block;
            },
          },
    );
    const reading = await readCvrExport(inputs, new CvrCollector(), { format: named(format) });
    expect(reading.ok ? 'read' : reading.refusals.map((r) => r.code)).toContain(endless[format]);
    // No more is asked for than may be held.
    expect(given).toBeLessThan(2 ** 25);
  });

  test('ess-xlsx: a cell of a workbook', async () => {
    const long = (b: Uint8Array): Uint8Array =>
      inserted(b, latin1(b).indexOf('Choice 1'), new Uint8Array(2 ** 25).fill(0x61));
    const files = changed('ess-xlsx', long, textsOfWorkbook);
    expect(await outcome('ess-xlsx', files.map(input))).toBe('xml-too-long');
  });
});
