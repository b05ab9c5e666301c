// The readers of ranked ballots on small files: what they take, what they refuse.
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { CvrCollector, cardsWith, identityOf, voteOn, type CvrConsumer, type Cvrs } from '../cvr/index.ts';
import { readClearBallot } from './clearBallot.ts';
import { readGenericRankedCsv } from './genericRankedCsv.ts';
import { readHart } from './hart.ts';
import { fileInMemory, type InputFile } from './input.ts';
import { readNistCvrJson, readNistCvrXml } from './nistCvr.ts';
import { readRaire, readRankingProfile } from './raire.ts';
import type { Reading } from './reading.ts';

type Read = (file: InputFile, to: CvrConsumer) => Promise<Reading<unknown>>;

/** The votes of each card by contest in the words of voteOn, or the code of the refusal. */
async function votes(read: Read, content: string | Uint8Array, name = 'x'): Promise<unknown> {
  const all = new CvrCollector();
  const reading = await read(fileInMemory(name, content), all);
  if (!reading.ok && reading.refusals[0]!.code !== 'no-row-reads') return reading.refusals[0]!.code;
  if (!reading.ok) return reading.refusals.slice(1).map((r) => `${r.line ?? ''} ${r.code}`.trim());
  if (reading.rowsRefused.length > 0)
    return reading.rowsRefused.map((r) => `${r.line ?? ''} ${r.code}`.trim());
  return votesIn(all.cvrs!);
}
const votesIn = (cvrs: Cvrs): unknown[] =>
  cvrs.header.contests.map((contest, c) => [
    contest.name,
    ...[...cardsWith(cvrs, c)].map(({ vote, weight }) => {
      const name = (i: number): string => contest.choices[i]!.name;
      const said =
        'ranks' in vote
          ? vote.ranks.map((at) => (at === 'several' ? at : at.map(name).join('+'))).join('>')
          : 'choices' in vote
            ? `${vote.kind} ${vote.choices.map(name).join('+')}`
            : vote.kind;
      return weight === 1 ? said : `${weight} × ${said}`;
    }),
  ]);

describe('Clear Ballot', () => {
  const head =
    'RowNumber,BoxID,BoxPosition,BallotID,PrecinctID,BallotStyleID,PrecinctStyleName,ScanComputerName,Status,Remade';
  const columns =
    'Choice_1_1:Mayor:1:Vote For 1:Ann: the elder:Ind,"Choice_2_1:Mayor:1:Vote For 1:Bo, Jr.:",Choice_3_1:Mayor:2:Vote For 1:Ann: the elder:Ind,"Choice_4_1:Mayor:2:Vote For 1:Bo, Jr.:",Choice_5_1:Tax: 1:Vote For 1:Yes:,Choice_6_1:Tax: 1:Vote For 1:No:';
  const file = (...rows: string[]): string => [`${head},${columns}`, ...rows].join('\r\n');

  test('ranks from the titles, plurality without, empty cells are another style', async () => {
    expect(
      await votes(
        readClearBallot,
        file(
          '1,ED-1,7,ED-1+7,9,10,P,Scan,0,1,1,0,0,1,,',
          '2,ED-1,8,ED-1+8,9,10,P,Scan,0,0,0,0,0,0,0,1',
          '3,ED-1,9,ED-1+9,9,10,P,Scan,0,0,,,,,1,1',
        ),
      ),
    ).toEqual([
      ['Mayor', 'Ann: the elder>Bo, Jr.', 'blank'],
      ['Tax: 1', 'votes No', 'overvoted Yes+No'],
    ]);
    const all = new CvrCollector();
    const reading = await readClearBallot(
      fileInMemory('x', file('1,ED-1,7,ED-1+7,9,10,P,Scan,0,1,1,0,0,1,,')),
      all,
    );
    expect(reading).toMatchObject({ ok: true, remarks: [{ code: 'remade-cards', found: '1 remade ones' }] });
    const { header, chunks } = all.cvrs!;
    expect(identityOf(header, chunks[0]!, 0)).toMatchObject({
      tabulator: 'Scan',
      batch: 'ED-1',
      record: '7',
      imprinted: 'ED-1+7',
    });
  });

  test('refuses', async () => {
    expect(await votes(readClearBallot, file('1,ED-1,7,x,9,10,P,S,0,0,2,0,0,1,,', '1,2'))).toEqual([
      '2 not-a-mark',
      '3 row-length',
    ]);
    expect(await votes(readClearBallot, '')).toBe('empty-file');
    expect(await votes(readClearBallot, 'a,b\n1,2')).toBe('missing-column');
    expect(await votes(readClearBallot, `${head},Choice_1_1:Mayor\n`)).toBe('missing-column');
    expect(await votes(readClearBallot, file('"1,2'))).toBe('unclosed-quote');
  });
});

describe('generic table of ranked ballots', () => {
  const read: Read = (file, to) =>
    readGenericRankedCsv(file, to, { columns: { firstVote: 2, firstRow: 2, id: 1 }, contest: 'C' });
  test('a cell is a rank', async () => {
    expect(await votes(read, 'id,A,B,Write-In\n1,2,1,\n2,1,1,3\n3,,,\n')).toEqual([
      ['C', 'B>A', 'A+B>>Write-In', 'blank'],
    ]);
  });
  test('refuses', async () => {
    expect(await votes(read, 'id,A,B\n1,x,1\n2,1\n3,0,1\n')).toEqual([
      '2 not-a-rank',
      '3 row-length',
      '4 not-a-rank',
    ]);
    expect(await votes(read, 'id\n1\n')).toBe('missing-column');
  });
});

describe('.raire and profiles', () => {
  test('rankings, blank ballots, two contests on one ballot', async () => {
    expect(
      await votes(readRaire, '2\nContest,7,3,a,b,c,winner,a\nContest,8,2,x,y\n7,1,b,a\n8,1,x\n7,2\n7,3,\n'),
    ).toEqual([
      ['7', 'b>a', 'blank', 'blank'],
      ['8', 'x'],
    ]);
    expect(
      await votes(
        readRankingProfile,
        '{"metadata":{"candidates":["a","b"],"contest":"M"},"votes":[{"n":11,"prefs":[1,0]},{"n":2,"prefs":[]}]}',
      ),
    ).toEqual([['M', '11 × b>a', '2 × blank']]);
  });
  test('refuses', async () => {
    expect(await votes(readRaire, 'Contest,7')).toBe('not-raire');
    expect(await votes(readRaire, '1\nContest,7,4,a,b\n')).toBe('not-raire');
    expect(await votes(readRaire, '1\nContest,7,2,a,a\n')).toBe('choice-repeated');
    expect(await votes(readRaire, '1\nContest,7,1,a\n9,1,a\n')).toBe('unknown-contest');
    expect(await votes(readRaire, '1\nContest,7,1,a\n7,1,b\n7,2,a\n7,2,a\n')).toEqual([
      '3 unknown-choice',
      '5 record-repeated',
    ]);
    expect(
      await votes(readRankingProfile, '{"metadata":{"candidates":["a"]},"votes":[{"n":-1,"prefs":[]}]}'),
    ).toEqual(['not-a-ranking']);
    expect(
      await votes(readRankingProfile, '{"metadata":{"candidates":["a"]},"votes":[{"n":1,"prefs":[1]}]}'),
    ).toEqual(['not-a-ranking']);
    expect(await votes(readRankingProfile, '{"votes":[]}')).toBe('missing-field');
    expect(await votes(readRankingProfile, '{')).toBe('not-json');
  });
});

describe('Hart', () => {
  const sheet = (contest: string, guid = 'g1'): string =>
    `\uFEFF<?xml version="1.0"?><Cvr xmlns="http://tempuri.org/CVRDesign.xsd"><Contests>${contest}</Contests><BatchSequence>15</BatchSequence>` +
    `<PrecinctSplit><Name>P1</Name><Id>q</Id></PrecinctSplit><BatchNumber>4</BatchNumber>${guid === '' ? '' : `<CvrGuid>${guid}</CvrGuid>`}</Cvr>`;
  const contest = (name: string, options: readonly [string, string, string][], flag = ''): string =>
    `<Contest><Name>${name}</Name><Id>${name.replaceAll(' ', '')}</Id><Options>${options
      .map(
        ([id, n, value]) =>
          `<Option>${n === '' ? '' : `<Name>${n}</Name>`}<Id>${id}</Id><Value>${value}</Value>${n === '' ? '<WriteInData><Text/></WriteInData>' : ''}</Option>`,
      )
      .join('')}</Options>${flag}</Contest>`;
  const read: Read = (file, to) => readHart([file], to);

  test('positions are ranks; flags; a blank contest before its ranks are known', async () => {
    const zip = zipSync({
      '.DS_Store': strToU8('x'),
      'WriteIn/a.xml': strToU8('no sheet'),
      '1.xml': strToU8(
        sheet(
          contest('US  PRESIDENT', []) + contest('Tax', [['y', 'Yes', '1']], '<InvalidStraightPartyVote />'),
        ),
      ),
      '1.sig.xml': strToU8('no sheet'),
      'Tab 7.zip': zipSync({
        '2.xml': strToU8(
          sheet(
            contest('US PRESIDENT', [
              ['a', 'Ann', '0101'],
              ['b', 'Bo', '0100'],
              ['w', '', '0010'],
            ]) +
              contest(
                'Tax',
                [
                  ['y', 'Yes', '1'],
                  ['n', 'No', '1'],
                ],
                '<Overvoted />',
              ),
            'g2',
          ),
        ),
      }),
    });
    expect(await votes(read, zip, 'x.zip')).toEqual([
      ['US PRESIDENT', 'blank', '>Ann+Bo>Write-in>Ann'],
      ['Tax', 'invalid Yes', 'overvoted Yes+No'],
    ]);
    const all = new CvrCollector();
    await readHart([fileInMemory('x.zip', zip)], all);
    const { header, chunks } = all.cvrs!;
    expect([0, 1].map((i) => identityOf(header, chunks[0]!, i))).toMatchObject([
      { tabulator: '', batch: '4', precinct: 'P1', imprinted: 'g1' },
      { tabulator: 'Tab 7', record: '15', imprinted: 'g2' },
    ]);
  });

  test('what was written in, and what was decided on it', async () => {
    const line = (id: string, value: string, said: string, name = ''): string =>
      `<Option>${name === '' ? '' : `<Name>${name}</Name>`}<Id>${id}</Id><Value>${value}</Value><WriteInData>${said}</WriteInData></Option>`;
    const within = (name: string, options: string): string =>
      `<Contest><Name>${name}</Name><Id>${name}</Id><Options>${options}</Options></Contest>`;
    const zip = zipSync({
      '1.xml': strToU8(
        sheet(
          within(
            'Board',
            line('w1', '1', '<Text>Zoë Ünal</Text><WriteInDataStatus>Rejected</WriteInDataStatus>'),
          ) + within('Mayor', line('w2', '0100', '<Text/>')),
        ),
      ),
      '2.xml': strToU8(
        sheet(within('Board', line('w1', '2', '<Text>on a sheet that is refused</Text>')), 'g2'),
      ),
      '3.xml': strToU8(
        sheet(
          within(
            'Board',
            line('w1', '1', '<Text/><WriteInDataStatus>Resolved</WriteInDataStatus>', 'Bo Lee'),
          ),
          'g3',
        ),
      ),
    });
    const all = new CvrCollector();
    await readHart([fileInMemory('x.zip', zip)], all);
    const { header, chunks } = all.cvrs!;
    expect(header.contests.map(({ choices }) => choices.map(({ name }) => name))).toEqual([
      ['Write-in'],
      ['Write-in'],
    ]);
    expect(chunks[0]!.writeIns).toEqual([
      { record: 0, contest: 0, choice: 0, rank: 0, text: 'Zoë Ünal', status: 'Rejected' },
      { record: 0, contest: 1, choice: 0, rank: 2, text: '', status: '' },
      { record: 1, contest: 0, choice: 0, rank: 0, text: 'Bo Lee', status: 'Resolved' },
    ]);
  });

  test('an invalid straight-party vote says nothing of ranks', async () => {
    const flagged = contest('School Board', [['a', 'Ann', '010']], '<InvalidStraightPartyVote />');
    expect(await votes(read, sheet(flagged), 'x.xml')).toEqual([['School Board', '>Ann']]);
  });

  test('refuses', async () => {
    expect(await votes(read, sheet(contest('A', [['a', 'Ann', '2']])), 'x.xml')).toEqual(['not-a-value']);
    expect(await votes(read, sheet('', ''), 'x.xml')).toEqual(['not-a-sheet']);
    expect(await votes(read, 'x', 'x.txt')).toBe('no-sheets');
    expect(await votes(read, strToU8('PK'), 'x.zip')).toBe('zip-truncated');
    expect(await votes(read, zipSync({ '../a.xml': strToU8('x') }), 'x.zip')).toBe('zip-path');
    const nested = zipSync({
      'a.zip': zipSync({ 'b.zip': zipSync({ 'c.zip': zipSync({ 'd.xml': strToU8(sheet('')) }) }) }),
    });
    expect(await votes(read, nested, 'x.zip')).toBe('zip-bomb');
  });
});

describe('NIST SP 1500-103', () => {
  const position = (more: object = {}): object => ({ HasIndication: 'yes', NumberVotes: 1, ...more });
  const report = (contests: readonly object[], record: object = {}): string =>
    JSON.stringify({
      '@type': 'CVR.CastVoteRecordReport',
      Version: '1.0.0',
      CVR: [
        {
          CurrentSnapshotId: 's2',
          CVRSnapshot: [
            { '@id': 's1', Type: 'original', CVRContest: [{ ContestId: 'c1' }] },
            { '@id': 's2', Type: 'modified', CVRContest: contests },
          ],
          ...record,
        },
      ],
      Election: [
        {
          Candidate: [
            { '@id': 'p1', Name: 'Ann' },
            { '@id': 'p2', Name: 'Bo' },
          ],
          Contest: [
            {
              '@id': 'c1',
              Name: 'Mayor',
              VotesAllowed: 1,
              ContestSelection: [
                { '@id': 'a', CandidateIds: ['p1', 'p2'] },
                { '@id': 'b', CandidateIds: ['p2'] },
                { '@id': 'w', IsWriteIn: true },
              ],
            },
          ],
        },
      ],
    });
  const one = (selections: readonly object[], more: object = {}): object => ({
    ContestId: 'c1',
    CVRContestSelection: selections,
    ...more,
  });
  const selection = (id: string, ...positions: object[]): object => ({
    ContestSelectionId: id,
    SelectionPosition: positions,
  });

  test('the current snapshot, marks that may count, ranks on either level', async () => {
    const cases: [readonly object[], string][] = [
      [[selection('a', position()), selection('b', position({ IsAllocable: 'no' }))], 'votes Ann and Bo'],
      [
        [
          selection('a', position({ HasIndication: 'no' })),
          selection('w', position({ IsAllocable: 'unknown' })),
        ],
        'votes Write-in',
      ],
      [[{ ...selection('a', position()), Status: ['needs-adjudication'] }], 'blank'],
      [[selection('a', position()), selection('b', position())], 'overvoted Ann and Bo+Bo'],
      [[selection('a', position({ Rank: 2 })), { ...selection('b', position()), Rank: 1 }], 'Bo>Ann and Bo'],
      [
        [selection('a', position({ Rank: 3 }), position({ Rank: 1 })), selection('b', position({ Rank: 3 }))],
        'Ann and Bo>>Ann and Bo+Bo',
      ],
    ];
    for (const [selections, said] of cases)
      expect(await votes(readNistCvrJson, report([one(selections)])), said).toEqual([['Mayor', said]]);
    const both = [
      selection('a', position({ IsAllocable: 'no' })),
      selection('b', position({ IsAllocable: 'no' })),
    ];
    expect(await votes(readNistCvrJson, report([one(both, { Overvotes: 1 })]))).toEqual([
      ['Mayor', 'overvoted Ann and Bo+Bo'],
    ]);
    expect(await votes(readNistCvrJson, report([one(both, { Status: ['invalidated-rules'] })]))).toEqual([
      ['Mayor', 'invalid Ann and Bo+Bo'],
    ]);
  });

  test('what was written in, with what was decided; a name that waits is kept without a vote', async () => {
    const all = new CvrCollector();
    const name = (text: string, more: object = {}): object =>
      position({ CVRWriteIn: { Text: text }, ...more });
    const selections = [
      selection('w', name('Ann Lee', { Status: ['adjudicated', 'other'], OtherStatus: 'spelled out' })),
      { SelectionPosition: [name('Bo')], Status: ['needs-adjudication'] },
      selection('b', name('not marked', { HasIndication: 'no' })),
    ];
    const reading = await readNistCvrJson(fileInMemory('x', report([one(selections)])), all);
    expect(reading).toMatchObject({ ok: true, remarks: [{ code: 'needs-adjudication' }] });
    expect(votesIn(all.cvrs!)).toEqual([['Mayor', 'votes Write-in']]);
    expect(all.cvrs!.chunks[0]!.writeIns).toEqual([
      { record: 0, contest: 0, choice: 2, rank: 0, text: 'Ann Lee', status: 'adjudicated spelled out' },
      { record: 0, contest: 0, choice: -1, rank: 0, text: 'Bo', status: 'needs-adjudication' },
    ]);
  });

  test('XML of the same, with any prefix', async () => {
    const xml = (prefix: string): string =>
      `<r:R xmlns:r="x"><r:CVR><r:CurrentSnapshotId>s</r:CurrentSnapshotId><r:CVRSnapshot ObjectId="s"><r:CVRContest><r:ContestId>c1</r:ContestId>
      <r:CVRContestSelection><r:ContestSelectionId>a</r:ContestSelectionId><r:SelectionPosition><r:HasIndication>yes</r:HasIndication><r:Rank>2</r:Rank></r:SelectionPosition></r:CVRContestSelection>
      </r:CVRContest><r:Type>original</r:Type></r:CVRSnapshot></r:CVR><r:Election><r:Candidate ObjectId="p1"><r:Name>Ann</r:Name></r:Candidate>
      <r:Contest ObjectId="c1" xsi:type="r:CandidateContest"><r:ContestSelection ObjectId="a"><r:CandidateIds> p1 </r:CandidateIds></r:ContestSelection><r:Name>Mayor</r:Name></r:Contest></r:Election></r:R>`
        .replaceAll('r:', prefix === '' ? '' : `${prefix}:`)
        .replaceAll(/(<\/?(?:\w+:)?)R(?=[ >])/g, '$1CastVoteRecordReport')
        .replace('xmlns:="x"', '');
    for (const prefix of ['', 'cdf'])
      expect(await votes(readNistCvrXml, xml(prefix))).toEqual([['Mayor', '>Ann']]);
  });

  test('a question whose answers are written as candidates (Unisyn)', async () => {
    const xml = (selection: string): string =>
      `<CastVoteRecordReport><CVR><CurrentSnapshotId>s</CurrentSnapshotId><CVRSnapshot ObjectId="s"><CVRContest><ContestId>q</ContestId>
      <CVRContestSelection><ContestSelectionId>f</ContestSelectionId><SelectionPosition><HasIndication>yes</HasIndication></SelectionPosition></CVRContestSelection>
      </CVRContest></CVRSnapshot></CVR><Election><Candidate ObjectId="CAN_112"><Name>FOR</Name></Candidate><Contest ObjectId="q"><ContestSelection ObjectId="f">
      <Selection>${selection}</Selection></ContestSelection><Name>Question</Name></Contest></Election></CastVoteRecordReport>`;
    expect(await votes(readNistCvrXml, xml('CAN_112'))).toEqual([['Question', 'votes FOR']]);
    expect(await votes(readNistCvrXml, xml('Yes'))).toEqual([['Question', 'votes Yes']]);
  });

  test('refuses', async () => {
    expect(await votes(readNistCvrJson, '{"@type":"ElectionResults.ElectionReport"}')).toBe('not-nist-cvr');
    expect(await votes(readNistCvrJson, '[]')).toBe('wrong-shape');
    expect(await votes(readNistCvrJson, '{')).toBe('not-json');
    expect(await votes(readNistCvrXml, '<ElectionReport/>')).toBe('not-nist-cvr');
    expect(await votes(readNistCvrXml, '<CastVoteRecordReport>')).toBe('xml-not-well-formed');
    expect(await votes(readNistCvrJson, report([], { CurrentSnapshotId: 's9' }))).toEqual([
      'no-current-snapshot',
    ]);
    expect(await votes(readNistCvrJson, report([one([]), one([])]))).toEqual(['contest-not-read']);
    expect(
      await votes(
        readNistCvrJson,
        report([one([selection('a', position({ Rank: 1 })), selection('b', position())])]),
      ),
    ).toEqual(['contest-not-read']);
  });
});

test('.raire read in several passes says the same as in one', async () => {
  const lines = Array.from(
    { length: 400 },
    (_, i) => `${1 + (i % 2)},b${(i * 7) % 230},${i % 3 === 0 ? 'nobody' : 'x,y'}`,
  );
  const text = `2\nContest,1,2,x,y\nContest,2,2,x,y\n${lines.join('\n')}\n`;
  const said = async (most?: number): Promise<unknown> => {
    const all = new CvrCollector();
    const reading = await readRaire(fileInMemory('x', text), all, most === undefined ? {} : { most });
    const { header, chunks } = all.cvrs!;
    const cards = chunks.flatMap((chunk) =>
      Array.from({ length: chunk.cards }, (_, i) =>
        JSON.stringify([
          identityOf(header, chunk, i).imprinted,
          [0, 1].map((c) => voteOn(header, chunk, c, i)),
        ]),
      ),
    );
    return { ...reading, value: undefined, cards: cards.sort() };
  };
  const once = await said();
  expect(JSON.stringify(once)).toMatch(/unknown-choice.*record-repeated/s);
  expect(await said(2500)).toEqual(once);
});

test('.raire whose ids fall together beyond what may be held is refused by name', async () => {
  const text = `1\nContest,1,1,x\n${'1,one,x\n'.repeat(50)}1,two,x\n`;
  expect(await readRaire(fileInMemory('x', text), new CvrCollector(), { most: 60 })).toMatchObject({
    ok: false,
    refusals: [{ code: 'too-large' }],
  });
});
