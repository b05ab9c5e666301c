// The same made-up county in the formats of the other vendors and standards, as ../shared/formats.md describes them. A card is written as it is
// drawn, so that a county of any size takes no more memory than one card; the formats that need all of it at once (a workbook's and an
// archive's directory) keep only that.
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { clearBallotCsv, csv, dominionCsv, dominionJson, Out } from './county.ts';
import type { County, MadeFile } from './county.ts';

/** Every format that a county can be made in; the files that make up one export. */
export const countyFormats: Readonly<Record<string, (of: County) => readonly MadeFile[]>> = {
  'dominion-csv': (of) => [{ name: 'cvr.csv', bytes: () => dominionCsv(of) }],
  'dominion-json': dominionJson,
  'clear-ballot-csv': (of) => [{ name: 'cvr.csv', bytes: () => clearBallotCsv(of) }],
  'ess-csv': essCsv,
  'ess-xlsx': (of) => [{ name: 'cvr.xlsx', bytes: () => essXlsx(of) }],
  'hart-xml': (of) => [{ name: 'cvr.zip', bytes: () => hartZip(of) }],
  'unisyn-xml': (of) => [{ name: 'cvr.xml', bytes: () => nistXml(of, 'unisyn') }],
  'nist-cvr-xml': (of) => [{ name: 'cvr.xml', bytes: () => nistXml(of, 'nist') }],
  'nist-cvr-json': (of) => [{ name: 'cvr.json', bytes: () => nistJson(of) }],
  raire: (of) => [{ name: 'cvr.raire', bytes: () => raire(of) }],
};

interface Card {
  readonly i: number;
  readonly batch: number;
  readonly record: number;
  readonly precinct: number;
  readonly votes: Int8Array;
}

function* cardsOf(of: County): Generator<Card> {
  const votes = new Int8Array(of.size.contests);
  for (let i = 0; i < of.size.cards; i++) yield { i, ...of.next(votes), votes };
}

/** What is marked in a contest: no choice, one, or the first two. */
const marked = (vote: number): readonly number[] => (vote === -1 ? [] : vote === -2 ? [0, 1] : [vote]);

/** ES&S's two kinds of file. The ballots file is told from the same cards, so it is made of a second county, from the same seed. */
function essCsv(of: County): MadeFile[] {
  const { size, contests } = of;
  return [
    {
      name: 'records.csv',
      bytes: function* () {
        const out = new Out();
        out.text(`Cast Vote Record,Precinct,Ballot Style,${contests.map(csv).join(',')}\n`);
        for (const { i, precinct, votes } of cardsOf(of)) {
          out.text(`${i + 1},P${precinct},S${precinct % 10}`);
          for (let c = 0; c < size.contests; c++) out.text(`,${essCell(of, c, votes[c]!)}`);
          out.byte(10);
          if (out.full) yield out.take();
        }
        yield out.take();
      },
    },
    {
      name: 'ballots.csv',
      bytes: function* () {
        const out = new Out();
        out.text(
          'Ballots,,,,,\nGEN,,,,,\n"Made-up county",,,,,\n"November 3, 2026",,,,,\n,,,,,\nCast Vote Record,Batch,Ballot Status,Results Report,Reporting Group,Tabulator CVR\n',
        );
        for (let i = 0; i < size.cards; i++) {
          const batch = Math.floor(i / size.batch);
          const tabulator = String(1 + (batch % 8)).padStart(4, '0');
          out.text(
            `${i + 1},B${batch},Not Reviewed,N,Mail,${tabulator}${String(i % 1e6).padStart(6, '0')}\n`,
          );
          if (out.full) yield out.take();
        }
        out.text(`Total : ${size.cards},,,,,\n`);
        yield out.take();
      },
    },
  ];
}

const essCell = (of: County, c: number, vote: number): string =>
  vote === -3 ? '' : vote === -1 ? 'undervote' : vote === -2 ? 'overvote' : of.choice(c, vote);

/** ES&S's workbook: one sheet, its texts shared. */
function* essXlsx(of: County): Generator<Uint8Array> {
  const { size, contests } = of;
  const texts = new Map<string, number>();
  const text = (value: string): string => {
    const known = texts.get(value);
    if (known === undefined) texts.set(value, texts.size);
    return `t="s"><v>${known ?? texts.size - 1}</v>`;
  };
  const letters = (column: number): string =>
    (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
  const columns = Array.from({ length: 3 + size.contests }, (_, k) => letters(k));
  const row = (number: number, cells: readonly string[]): string =>
    `<row r="${number}">${cells.map((cell, k) => (cell === '' ? '' : `<c r="${columns[k]}${number}" ${/^\d+$/.test(cell) ? `><v>${cell}</v>` : text(cell)}</c>`)).join('')}</row>`;
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  yield* zipped([
    {
      name: 'xl/workbook.xml',
      parts: [
        `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="CVR" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ],
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      parts: [
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ],
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      parts: (function* () {
        yield `<worksheet xmlns="${main}"><sheetData>${row(1, ['Cast Vote Record', 'Precinct', 'Ballot Style', ...contests])}`;
        for (const { i, precinct, votes } of cardsOf(of))
          yield row(i + 2, [
            String(i + 1),
            `P${precinct}`,
            `S${precinct % 10}`,
            ...Array.from(votes, (vote, c) => essCell(of, c, vote)),
          ]);
        yield '</sheetData></worksheet>';
      })(),
    },
    {
      name: 'xl/sharedStrings.xml',
      parts: (function* () {
        yield `<sst xmlns="${main}">`;
        for (const value of texts.keys()) yield `<si><t>${xml(value)}</t></si>`;
        yield '</sst>';
      })(),
    },
  ]);
}

/** Hart's: an XML for each sheet, stored in one zip. */
function* hartZip(of: County): Generator<Uint8Array> {
  const { contests } = of;
  const sheet = ({ i, batch, record, precinct, votes }: Card): string => {
    const within = Array.from(votes, (vote, c) => {
      if (vote === -3) return '';
      const options = marked(vote).map(
        (k) => `<Option><Name>${xml(of.choice(c, k))}</Name><Id>${c}-${k}</Id><Value>1</Value></Option>`,
      );
      return `<Contest><Name>${xml(contests[c]!)}</Name><Id>contest-${c}</Id><Options>${options.join('')}</Options>${vote === -2 ? '<Overvoted />' : vote === -1 ? '<Undervotes>1</Undervotes>' : ''}</Contest>`;
    });
    return `\uFEFF<?xml version="1.0" encoding="utf-8"?><Cvr xmlns="http://tempuri.org/CVRDesign.xsd"><Contests>${within.join('')}</Contests><BatchSequence>${record}</BatchSequence><SheetNumber>1</SheetNumber><PrecinctSplit><Name>P${precinct}</Name><Id>${precinct}</Id></PrecinctSplit><BatchNumber>${batch}</BatchNumber><CvrGuid>${guid(i)}</CvrGuid></Cvr>`;
  };
  yield* zipped(
    (function* () {
      for (const card of cardsOf(of)) yield { name: `1_${guid(card.i)}.xml`, parts: [sheet(card)] };
    })(),
  );
}

const guid = (i: number): string => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;

// ── NIST SP 1500-103 ──

const selectionId = (c: number, k: number): string => `_${c + 1}-${k + 1}`;

/** As NIST's schema has it, or as Unisyn writes its early draft: every mark of "unknown" effect, an overvote only where more are marked. */
function* nistXml(of: County, dialect: 'nist' | 'unisyn'): Generator<Uint8Array> {
  const { contests, size } = of;
  const out = new Out();
  const unisyn = dialect === 'unisyn';
  out.text(
    `<?xml version="1.0" encoding="UTF-8"?>\n<CastVoteRecordReport xmlns="${unisyn ? 'NIST_V0_cast_vote_records.xsd' : 'http://itl.nist.gov/ns/voting/1500-103/v1'}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
  );
  for (const { i, precinct, votes, batch } of cardsOf(of)) {
    out.text(
      `<CVR>${unisyn ? '' : `<BatchId>${batch}</BatchId>`}<BallotStyleId>S${precinct % 10}</BallotStyleId><BallotStyleUnitId>P${precinct}</BallotStyleUnitId><CreatingDeviceId>DEVICE</CreatingDeviceId><CurrentSnapshotId>CVRS_${i}</CurrentSnapshotId><CVRSnapshot ObjectId="CVRS_${i}">`,
    );
    for (let c = 0; c < size.contests; c++) {
      const vote = votes[c]!;
      if (vote === -3) continue;
      const selections = marked(vote).map(
        (k) =>
          `<CVRContestSelection><ContestSelectionId>${selectionId(c, k)}</ContestSelectionId><SelectionPosition><HasIndication>yes</HasIndication><IsAllocable>${unisyn ? 'unknown' : vote === -2 ? 'no' : 'yes'}</IsAllocable><NumberVotes>1</NumberVotes></SelectionPosition></CVRContestSelection>`,
      );
      out.text(
        `<CVRContest><ContestId>_${c + 1}</ContestId>${selections.join('')}${unisyn ? `<Selections>${selections.length}</Selections>` : vote === -2 ? '<Overvotes>1</Overvotes><Status>overvoted</Status>' : ''}</CVRContest>`,
      );
    }
    out.text(
      `${unisyn ? '' : '<Type>original</Type>'}</CVRSnapshot>${unisyn ? '' : `<ElectionId>_E</ElectionId><UniqueId>${i}</UniqueId>`}</CVR>\n`,
    );
    if (out.full) yield out.take();
  }
  const people = contests
    .flatMap((_, c) =>
      Array.from(
        { length: size.choices },
        (__, k) =>
          `<Candidate ObjectId="CAN${selectionId(c, k)}"><Name>${xml(of.choice(c, k))}</Name></Candidate>`,
      ),
    )
    .join('');
  const races = contests
    .map(
      (name, c) =>
        `<Contest ObjectId="_${c + 1}" xsi:type="CandidateContest">${Array.from({ length: size.choices }, (_, k) => `<ContestSelection ObjectId="${selectionId(c, k)}" xsi:type="CandidateSelection"><CandidateIds>CAN${selectionId(c, k)}</CandidateIds></ContestSelection>`).join('')}<Name>${xml(name)}</Name><VotesAllowed>1</VotesAllowed></Contest>`,
    )
    .join('');
  out.text(
    `<Election ObjectId="_E">${people}${races}<ElectionScopeId>GP</ElectionScopeId><Name>Made-up county ${size.seed}</Name></Election><GeneratedDate>2026-11-03T20:00:00-05:00</GeneratedDate><GpUnit ObjectId="GP"><Type>county</Type></GpUnit><ReportGeneratingDeviceIds>DEVICE</ReportGeneratingDeviceIds><ReportingDevice ObjectId="DEVICE"/><ReportType>originating-device-export</ReportType><Version>1.0.0</Version></CastVoteRecordReport>\n`,
  );
  yield out.take();
}

/** With the definitions after the records, where the schema's own order has them. */
function* nistJson(of: County): Generator<Uint8Array> {
  const { contests, size } = of;
  const out = new Out();
  out.text('{"@type":"CVR.CastVoteRecordReport","CVR":[');
  for (const { i, batch, precinct, votes } of cardsOf(of)) {
    const within = Array.from(votes, (vote, c) => ({ vote, c })).filter(({ vote }) => vote !== -3);
    const record = {
      '@type': 'CVR.CVR',
      BatchId: String(batch),
      BallotStyleId: `S${precinct % 10}`,
      BallotStyleUnitId: 'GP',
      ElectionId: '_E',
      UniqueId: String(i),
      CurrentSnapshotId: `s${i}`,
      CVRSnapshot: [
        {
          '@id': `s${i}`,
          '@type': 'CVR.CVRSnapshot',
          Type: 'original',
          CVRContest: within.map(({ vote, c }) => ({
            '@type': 'CVR.CVRContest',
            ContestId: `_${c + 1}`,
            ...(vote === -2 ? { Status: ['overvoted'], Overvotes: 1 } : {}),
            CVRContestSelection: marked(vote).map((k) => ({
              '@type': 'CVR.CVRContestSelection',
              ContestSelectionId: selectionId(c, k),
              SelectionPosition: [
                {
                  '@type': 'CVR.SelectionPosition',
                  HasIndication: 'yes',
                  IsAllocable: vote === -2 ? 'no' : 'yes',
                  NumberVotes: 1,
                },
              ],
            })),
          })),
        },
      ],
    };
    out.text(`${i === 0 ? '' : ','}${JSON.stringify(record)}`);
    if (out.full) yield out.take();
  }
  const choices = Array.from({ length: size.choices }, (_, k) => k);
  const election = {
    '@id': '_E',
    '@type': 'CVR.Election',
    Name: `Made-up county ${size.seed}`,
    ElectionScopeId: 'GP',
    Candidate: contests.flatMap((_, c) =>
      choices.map((k) => ({
        '@id': `CAN${selectionId(c, k)}`,
        '@type': 'CVR.Candidate',
        Name: of.choice(c, k),
      })),
    ),
    Contest: contests.map((name, c) => ({
      '@id': `_${c + 1}`,
      '@type': 'CVR.CandidateContest',
      Name: name,
      VotesAllowed: 1,
      ContestSelection: choices.map((k) => ({
        '@id': selectionId(c, k),
        '@type': 'CVR.CandidateSelection',
        CandidateIds: [`CAN${selectionId(c, k)}`],
      })),
    })),
  };
  const rest = {
    Election: [election],
    GeneratedDate: '2026-11-03T20:00:00-05:00',
    GpUnit: [{ '@id': 'GP', '@type': 'CVR.GpUnit', Type: 'county' }],
    ReportGeneratingDeviceIds: ['DEVICE'],
    ReportingDevice: [{ '@id': 'DEVICE', '@type': 'CVR.ReportingDevice', SerialNumber: '1' }],
    ReportType: ['originating-device-export'],
    Version: '1.0.0',
  };
  out.text(`],${JSON.stringify(rest).slice(1)}`);
  yield out.take();
}

/** `.raire` knows rankings and blank ballots: an overvote at the first rank is a blank one in it. */
function* raire(of: County): Generator<Uint8Array> {
  const { size } = of;
  const out = new Out();
  out.text(`${size.contests}\n`);
  for (let c = 0; c < size.contests; c++)
    out.text(
      `Contest,${c + 1},${size.choices},${Array.from({ length: size.choices }, (_, k) => of.choice(c, k)).join(',')}\n`,
    );
  for (const { batch, record, votes } of cardsOf(of)) {
    for (let c = 0; c < size.contests; c++) {
      const vote = votes[c]!;
      if (vote !== -3)
        out.text(
          `${c + 1},${1 + (batch % 8)}_${batch}_${record}${vote < 0 ? '' : `,${of.choice(c, vote)}`}\n`,
        );
    }
    if (out.full) yield out.take();
  }
  yield out.take();
}

const xml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A zip as its entries come: many small ones are stored, a few large ones deflated. */
function* zipped(
  entries: Iterable<{ readonly name: string; readonly parts: Iterable<string> }>,
): Generator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const encoder = new TextEncoder();
  for (const { name, parts } of entries) {
    const entry = Array.isArray(parts) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 1 });
    zip.add(entry);
    let text = '';
    for (const part of parts) {
      text += part;
      if (text.length < 1 << 16) continue;
      entry.push(encoder.encode(text));
      text = '';
      yield* ready.splice(0);
    }
    entry.push(encoder.encode(text), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready;
}
