import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CvrCollector, identityOf, voteOn } from '../cvr/index.ts';
import type { Cvrs } from '../cvr/index.ts';
import { readDominionJson } from './dominionJson.ts';
import type { DominionJsonOptions } from './dominionJson.ts';
import { simpleCards } from './dominionJsonSimple.ts';
import type { Meaning, Session, SimpleCard } from './dominionJsonSimple.ts';
import { fileInMemory, longestPiece } from './input.ts';
import type { InputFile } from './input.ts';
import type { CvrReading, Reading } from './reading.ts';

const list = (name: string, items: unknown[]): InputFile =>
  fileInMemory(`export/${name}.json`, JSON.stringify({ Version: '5.10', List: items }));

/** Three contests: vote for one, vote for two, three ranks. Candidate ids are 10 × contest + 1 … */
const manifests = [
  list('ContestManifest', [
    { Description: 'Mayor', Id: 1, VoteFor: 1, NumOfRanks: 0 },
    { Description: 'Council', Id: 2, VoteFor: 2, NumOfRanks: 0 },
    { Description: 'Sheriff', Id: 3, VoteFor: 1, NumOfRanks: 3 },
  ]),
  list(
    'CandidateManifest',
    [11, 12, 21, 22, 23, 31, 32, 33].map((Id) => ({
      Description: `Candidate ${Id}`,
      Id,
      ContestId: Math.trunc(Id / 10),
      Type: Id === 23 ? 'WriteIn' : Id === 33 ? 'QualifiedWriteIn' : 'Regular',
    })),
  ),
  list('OutstackConditionManifest', [
    { Description: 'Overvote', Id: 5 },
    { Description: 'InvalidContest', Id: 7 },
  ]),
  list('PrecinctPortionManifest', [{ Description: 'Präzinkt 4', Id: 4 }]),
  list('BallotTypeManifest', [{ Description: 'Style A', Id: 1 }]),
  list('BallotTypeContestManifest', [
    { BallotTypeId: 1, ContestId: 3 },
    { BallotTypeId: 1, ContestId: 1 },
  ]),
];
const meaning: Meaning = {
  contests: new Map([
    [1, { ranks: 0, voteFor: 1 }],
    [2, { ranks: 0, voteFor: 2 }],
    [3, { ranks: 3, voteFor: 1 }],
  ]),
  candidates: new Map([11, 12, 21, 22, 23, 31, 32, 33].map((id) => [id, (id % 10) - 1])),
  overvote: 5,
  invalidContest: 7,
};

const cvrFile = (content: string, name = 'export/CvrExport.json'): InputFile => fileInMemory(name, content);
const exported = (sessions: unknown[], name?: string, election = 'Test 2024'): InputFile =>
  cvrFile(JSON.stringify({ Version: '5.10', ElectionId: election, Sessions: sessions }), name);

async function read(
  files: InputFile[],
  options?: DominionJsonOptions,
): Promise<{ reading: Reading<CvrReading>; cvrs: Cvrs }> {
  const all = new CvrCollector();
  const reading = await readDominionJson([...manifests, ...files], all, options);
  return { reading, cvrs: all.cvrs! };
}

/** What the columns hold, as the simple reader says it. */
const cards = ({ header, chunks }: Cvrs): SimpleCard[] =>
  chunks.flatMap((chunk) =>
    Array.from({ length: chunk.cards }, (_, i) => {
      const { tabulator, batch, record } = identityOf(header, chunk, i);
      const votes = header.contests.map(
        (contest, c) => [Number(contest.key), voteOn(header, chunk, c, i)] as const,
      );
      return {
        tabulator,
        batch,
        record,
        adjudicated: chunk.adjudicated[i] === 1,
        votes: new Map(votes.filter(([, vote]) => vote.kind !== 'notOnCard')),
      };
    }),
  );

const mark = (CandidateId: number, more = {}): object => ({
  CandidateId, PartyId: 0, Rank: 1, MarkDensity: 98, IsAmbiguous: false, IsVote: true, OutstackConditionIds: [], ...more,
}); // oxfmt-ignore
const contest = (Id: number, Marks: object[], more = {}): object => ({
  Id, Undervotes: 0, Overvotes: 0, OutstackConditionIds: [], Marks, ...more,
}); // oxfmt-ignore
const version = (contests: object[], more = {}): object => ({
  PrecinctPortionId: 4, BallotTypeId: 1, IsCurrent: true, Cards: [{ Id: 9, PaperIndex: 1, Contests: contests }], ...more,
}); // oxfmt-ignore
const session = (Original: object, more = {}): Record<string, unknown> => ({
  TabulatorId: 11,
  BatchId: 8,
  RecordId: 'X',
  CountingGroupId: 2,
  ImageMask: 'D:\\NAS\\Images\\00011_00008_000075*.*',
  SessionType: 'ScannedVote',
  UniqueVotingIdentifier: '',
  Original,
  ...more,
});

describe('Dominion JSON', () => {
  test('which marks are write-ins, and whom the office named; not the ambiguous ones', async () => {
    const { cvrs } = await read([
      exported([
        session(
          version([
            contest(2, [
              mark(23, { WriteinIndex: 0 }),
              mark(21),
              mark(23, { WriteinIndex: 1, IsAmbiguous: true }),
            ]),
            contest(3, [mark(33, { Rank: 2, WriteinIndex: 4 }), mark(31)]),
          ]),
        ),
        session(version([contest(2, [mark(23, { WriteinIndex: 0 })])], { IsCurrent: false })),
        session(version([contest(1, [mark(11)])])),
      ]),
    ]);
    expect(cvrs.chunks[0]!.writeIns).toEqual([
      { record: 0, contest: 1, choice: 2, rank: 0, text: '', status: '', place: 0 },
      { record: 0, contest: 2, choice: 2, rank: 2, text: 'Candidate 33', status: '', place: 4 },
    ]);
  });

  test('a card: its names, its contests, what is not on it', async () => {
    const { reading, cvrs } = await read([
      exported([
        session(version([contest(1, [mark(12)]), contest(2, []), contest(3, [mark(31, { Rank: 2 })])])),
      ]),
    ]);
    expect(reading).toMatchObject({ ok: true, rowsRead: 1, rowsRefused: [], value: { records: 1 } });
    const { header, chunks } = cvrs;
    expect(identityOf(header, chunks[0]!, 0)).toEqual({
      tabulator: '11',
      batch: '8',
      record: 'X',
      imprinted: '11-8-75',
      precinct: 'Präzinkt 4',
      style: 'Style A',
      countingGroup: '2',
    });
    expect(header).toMatchObject({ election: 'Test 2024', version: '5.10', format: 'dominion-json' });
    expect(header.styleContests).toEqual(new Map([[0, [2, 0]]]));
    expect(header.contests[1]!.choices[2]).toMatchObject({ key: '23', writeIn: 'line' });
    expect([0, 1, 2].map((c) => voteOn(header, chunks[0]!, c, 0))).toEqual([
      { kind: 'votes', choices: [1] },
      { kind: 'blank' },
      { kind: 'ranking', ranks: [[], [0]] },
    ]);
  });

  test('an adjudicated session counts once, in its current version; the machine’s reading can be asked for', async () => {
    const changed = session(version([contest(1, [mark(11)])], { IsCurrent: false }), {
      Modified: version([contest(1, [mark(12)])]),
    });
    const none = session(version([contest(1, [mark(11)])], { IsCurrent: false }));
    const untouched = session(version([contest(1, [mark(11)])]), {
      Modified: version([contest(1, [mark(12)])], { IsCurrent: false }),
    });
    const { reading, cvrs } = await read([exported([changed, none, untouched])]);
    expect(cards(cvrs).map((card) => [card.adjudicated, card.votes.get(1)])).toEqual([
      [true, { kind: 'votes', choices: [1] }],
      [false, { kind: 'votes', choices: [0] }],
    ]);
    expect(reading).toMatchObject({
      rowsRead: 2,
      rowsRefused: [{ code: 'no-current-version', field: 'Sessions[1]' }],
    });
    const original = await read([exported([changed, none, untouched])], { version: 'original' });
    expect(cards(original.cvrs).map((card) => card.votes.get(1))).toEqual(
      [0, 1, 2].map(() => ({ kind: 'votes', choices: [0] })),
    );
  });

  test('IsVote decides in a contest that is not ranked, and does not in a ranked one', async () => {
    const no = { IsVote: false };
    const { cvrs } = await read([
      exported([
        session(
          version([
            contest(1, [mark(11, no), mark(12)]),
            contest(2, [mark(21, no), mark(22, no), mark(23, no)], {
              Overvotes: 1,
              OutstackConditionIds: [5],
            }),
            contest(3, [mark(32, { Rank: 2, ...no }), mark(31), mark(33, { Rank: 3, IsAmbiguous: true })]),
          ]),
        ),
        session(version([contest(3, [mark(31)], { OutstackConditionIds: [7] }), contest(1, [mark(11, no)])])),
      ]),
    ]);
    expect(cards(cvrs).map((card) => Array.from(card.votes.values()))).toEqual([
      [
        { kind: 'votes', choices: [1] },
        { kind: 'overvoted', choices: [0, 1, 2] },
        { kind: 'ranking', ranks: [[0], [1]] },
      ],
      [{ kind: 'blank' }, { kind: 'invalid', ranks: [[0]] }],
    ]);
  });

  test('contests directly in the version (5.2), several cards in a session, keys in another order', async () => {
    const { IsCurrent: _, Cards: __, ...bare } = version([]) as Record<string, unknown>;
    const old = session(
      { ...bare, IsCurrent: true, Contests: [contest(1, [mark(12)])] },
      { RecordId: 17, ImageMask: '' },
    );
    const several = session({
      Cards: [{ Contests: [contest(1, [mark(11)])] }, { Contests: [contest(2, [mark(21), mark(22)])] }],
      IsCurrent: true,
      PrecinctPortionId: 4,
    });
    const reversed = Object.fromEntries(
      Object.entries(
        session(version([contest(1, [mark(11)])], { IsCurrent: false }), {
          Modified: version([contest(1, [mark(12)])]),
        }),
      ).reverse(),
    );
    const { reading, cvrs } = await read([exported([old, several, reversed])]);
    expect(reading).toMatchObject({ ok: true, value: { records: 4 }, rowsRead: 3 });
    const { header, chunks } = cvrs;
    const who = [0, 1, 2, 3].map((i) => identityOf(header, chunks[0]!, i));
    expect(who.map((card) => [card.imprinted, card.precinct])).toEqual([
      ['11-8-17', 'Präzinkt 4'],
      ['11-8-75', 'Präzinkt 4'],
      ['11-8-75', 'Präzinkt 4'],
      ['11-8-75', 'Präzinkt 4'],
    ]);
    expect(cards(cvrs).map((card) => Array.from(card.votes))).toEqual([
      [[1, { kind: 'votes', choices: [1] }]],
      [[1, { kind: 'votes', choices: [0] }]],
      [[2, { kind: 'votes', choices: [0, 1] }]],
      [[1, { kind: 'votes', choices: [1] }]],
    ]);
  });

  test('files are read in the order of their numbers and must be of one election', async () => {
    const one = (record: number): object => session(version([contest(1, [])]), { RecordId: record });
    const files = [
      exported([one(10)], 'a/CvrExport_10.json'),
      exported([one(2)], 'a/CvrExport_2.json'),
      fileInMemory('a/notes.txt', 'x'),
      exported([], 'a/CvrExport_3.json'),
    ];
    expect(cards((await read(files)).cvrs).map((card) => card.record)).toEqual(['2', '10']);
    const { reading } = await read([...files, exported([one(1)], 'a/CvrExport_11.json', 'Test 2020')]);
    expect(reading).toMatchObject({
      ok: false,
      refusals: [{ code: 'another-election', file: 'a/CvrExport_11.json', found: 'Test 2020' }],
    });
  });

  test('what is refused, and by which name', async () => {
    const good = JSON.stringify({ ElectionId: 'E', Sessions: [session(version([contest(1, [mark(11)])]))] });
    const of = async (content: string): Promise<string | undefined> => {
      const { reading } = await read([cvrFile(content)]);
      const [first, next] = reading.ok ? [] : reading.refusals;
      return first?.code === 'no-row-reads' ? next?.code : first?.code;
    };
    expect(await of(good)).toBeUndefined();
    expect(await of(`\uFEFF ${good} \n`)).toBeUndefined();
    const refused: [string, string][] = [
      ['truncated', ''],
      ['truncated', '{}'],
      ...[5, 30, 200, 400].map((n): [string, string] => ['truncated', good.slice(0, -n)]),
      ['not-json', good.replace('"Cards":[', '"Cards":[,')],
      ['not-json', `[${good}]`],
      ['not-json', `${good}x`],
      ['nul-byte', good.replace('X', '\u0000')],
      ['contest-not-in-manifest', good.replace('"Contests":[{"Id":1', '"Contests":[{"Id":77')],
      ['choice-not-in-manifest', good.replace('"CandidateId":11', '"CandidateId":99')],
      ['choice-not-in-manifest', good.replace('"CandidateId":11', '"CandidateId":21')],
      ['not-a-number', good.replace('"CandidateId":11', '"CandidateId":1.5')],
      ['not-a-number', good.replace('"CandidateId":11', '"CandidateId":"11"')],
      ['not-a-boolean', good.replace('"IsVote":true', '"IsVote":1')],
      ['escaped-key', good.replace('"Cards"', '"C\\u0061rds"')],
      ['key-repeated', good.replace('"Contests":', '"Contests":[],"Contests":')],
      ['key-repeated', good.replace('"TabulatorId":11', '"TabulatorId":11,"TabulatorId":12')],
      ['contest-repeated', JSON.stringify({ Sessions: [session(version([contest(1, []), contest(1, [])]))] })],
      ['missing-key', good.replace('"BatchId"', '"BtchId"')],
      ['not-json', good.replace('"E"', '"E\\x"')],
    ]; // oxfmt-ignore
    for (const [code, content] of refused) expect([code, await of(content)], content).toEqual([code, code]);
    const all = new CvrCollector();
    expect(await readDominionJson([exported([])], all)).toMatchObject({
      ok: false,
      refusals: [{ code: 'manifest-missing' }],
    });
    expect(await readDominionJson(manifests, all)).toMatchObject({
      ok: false,
      refusals: [{ code: 'no-cvr-export' }],
    });
    expect(all.cvrs).toBeUndefined();
  });

  test('a session without end is refused before it fills the memory', async () => {
    let given = 0;
    const endless: InputFile = {
      name: 'CvrExport.json',
      bytes: async function* () {
        yield new TextEncoder().encode('{"ElectionId":"E","Sessions":[{"TabulatorId":1,"ImageMask":"');
        for (; given < 3e9; given += 1 << 20) yield new Uint8Array(1 << 20).fill(120);
      },
    };
    expect((await read([endless])).reading).toMatchObject({
      ok: false,
      refusals: [{ code: 'element-too-long' }],
    });
    expect(given).toBeLessThan(2 * longestPiece);
  });

  test('agrees with JSON.parse on any sessions, however they are laid out and cut into blocks', async () => {
    const anyMark = (c: number, choices: number): fc.Arbitrary<object> =>
      fc.record({
        CandidateId: fc.integer({ min: 1, max: choices }).map((k) => c * 10 + k),
        Rank: fc.integer({ min: 1, max: 3 }),
        IsAmbiguous: fc.boolean(),
        IsVote: fc.boolean(),
      });
    const anyContest = fc.constantFrom([1, 2], [2, 3], [3, 3]).chain(([Id, choices]) =>
      fc.record({
        Id: fc.constant(Id),
        ManifestationId: fc.constantFrom(1, null, 'x\\"y', -1.5e3, { a: [1, '}'] }),
        Overvotes: fc.integer({ min: 0, max: 1 }),
        OutstackConditionIds: fc.subarray([4, 5, 6, 7]),
        Marks: fc.array(anyMark(Id, choices), { maxLength: 4 }),
      }),
    );
    const anyCard = fc.record({
      Id: fc.nat(),
      Contests: fc.uniqueArray(anyContest, { selector: (c) => c.Id, maxLength: 3 }),
    });
    const anyVersion = fc.record({
      PrecinctPortionId: fc.integer({ min: 1, max: 5 }),
      IsCurrent: fc.boolean(),
      Cards: fc.array(anyCard, { maxLength: 3 }),
    });
    const anySession = fc.record(
      {
        TabulatorId: fc.nat(99),
        BatchId: fc.nat(99),
        RecordId: fc.oneof(fc.nat(), fc.constant('X')),
        CountingGroupId: fc.nat(3),
        ImageMask: fc.constantFrom('', 'a\\b"c{', '00001_00002_000003*.*'),
        UniqueVotingIdentifier: fc.constantFrom('', '7-7-7'),
        Original: anyVersion,
        Modified: anyVersion,
      },
      { requiredKeys: ['TabulatorId', 'BatchId', 'RecordId', 'Original'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySession, { maxLength: 6 }),
        fc.constantFrom(0, 2, '\t'),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }),
        fc.boolean(),
        async (once, indent, cuts, reverse) => {
          // Twice, so that every contest comes again: the second time it is one that was met.
          const sessions = [...once, ...once];
          const listed = reverse
            ? sessions.map((s) => Object.fromEntries(Object.entries(s).reverse()))
            : sessions;
          const bytes = new TextEncoder().encode(
            JSON.stringify({ ElectionId: 'E', Sessions: listed }, null, indent),
          );
          const at = [
            0,
            ...cuts.sort((a, b) => a - b).map((x) => Math.floor(x * bytes.length)),
            bytes.length,
          ];
          const { reading, cvrs } = await read([
            {
              name: 'CvrExport.json',
              bytes: async function* () {
                for (let i = 1; i < at.length; i++) yield bytes.subarray(at[i - 1], at[i]);
              },
            },
          ]);
          const all = sessions as unknown as Session[];
          const current = all.filter((of) => of.Original.IsCurrent || of.Modified?.IsCurrent === true);
          if (!reading.ok) expect([all.length > 0, current]).toEqual([true, []]);
          else expect(cards(cvrs)).toEqual(simpleCards(all, meaning));
        },
      ),
      { numRuns: 300 },
    );
  });
});
