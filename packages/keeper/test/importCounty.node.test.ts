import { buffer } from 'node:stream/consumers';
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { exposed } from '@opencanvass/evidence/disclosure';
import { fileInMemory } from '@opencanvass/evidence/formats';
import { recordFromZip, type Bodies } from '@opencanvass/evidence/record';
import { verify, verifyWithCvrs, type Verification } from '@opencanvass/evidence/verify';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../src/folder.ts';
import type { Imported, RoundsToImport } from '../src/importFiles.ts';
import type { Keeper } from '../src/keeper.ts';
import { openSealedCvrs, sealedCvrs } from '../src/openCvrs.ts';
import { publishZip } from '../src/publish.ts';
import { around, author, done, file, Records } from './importing.ts';

const records = new Records();

/** Votes of the cards by row: 'ann', 'bob', or '' where the card has no such contest. */
const exportOf = (votes: readonly string[]): string =>
  [
    'Made-up election,5.2',
    ',,,,,,,Mayor (Vote For=1),Mayor (Vote For=1)',
    ',,,,,,,Ann Lee,Bob Ray',
    'CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,BallotType,,',
    ...votes.map(
      (vote, i) =>
        `${i + 1},1,1,${i + 1},1-1-${i + 1},Mail,A,${vote === '' ? ',' : vote === 'ann' ? '1,0' : '0,1'}`,
    ),
    '',
  ].join('\n');
const twenty = [...Array.from({ length: 12 }, () => 'ann'), ...Array.from({ length: 8 }, () => 'bob')];
const cvrs = (text = exportOf(twenty), name = 'cvr.csv') => ({ name, file: fileInMemory(name, text) });
const manifest = file('manifest.csv', 'Tabulator,Batch Name,Number of Ballots\n1,1,20\n');
const results = file(
  'results.csv',
  'jurisdiction,contest,vote type,choice,votes\nBibb,Mayor,,Ann Lee,12\nBibb,Mayor,,Bob Ray,8\n',
);
const totals = file('totals.csv', 'Batch Name,Ann Lee,Bob Ray\n1,12,8\n');

const take = records.take.bind(records);
const codes = (imported: Imported): string[] => (imported.ok ? [] : imported.refusals.map((r) => r.code));
const published = async (keeper: Keeper): Promise<ReadonlyMap<string, Uint8Array>> => {
  const opened = recordFromZip(await buffer(publishZip(keeper)));
  if (!opened.ok) throw new Error(opened.code);
  return new Map(opened.files.list()!.map((path) => [path, opened.files.read(path)!]));
};
const checked = async (keeper: Keeper): Promise<Verification> => {
  const zip = recordFromZip(await buffer(publishZip(keeper)));
  if (!zip.ok) throw new Error(zip.code);
  return verifyWithCvrs(zip.files);
};
const words = ({ findings }: Verification, ...ids: string[]): string[] =>
  ids.map((id) => findings.find((f) => f.check === id)!.word);
const openAll = async (keeper: Keeper, text: string): Promise<void> => {
  const opened = await openSealedCvrs(
    keeper,
    await sealedCvrs(keeper),
    author,
    ({ name }) => fileInMemory(name, text),
    () => {},
  );
  expect(opened.ok).toBe(true);
};

const cvrChecks = [
  'cvr-rows-read',
  'cvrs-of-this-election',
  'cvrs-equal-manifest',
  'cvrs-equal-results',
  'no-rare-styles',
];

describe('a county’s files', () => {
  test('cast vote records are sealed, and nothing of them but name and digest is published', async () => {
    const { keeper, summary } = done(await take({ files: [results, manifest, totals], exports: [cvrs()] }));
    expect(summary.files.map((f) => [f.name, f.reader, f.rowsRead])).toEqual([
      ['results.csv', 'results CSV', 2],
      ['manifest.csv', 'ballot-manifest', 1],
      ['totals.csv', 'batch-totals', 1],
      ['cvr.csv', 'dominion-csv', 20],
    ]);
    expect(exposed(summary.rareStyles!)).toEqual({ cards: 0, alone: 0 });
    const files = await published(keeper);
    const texts = [...files.values()].map((bytes) => new TextDecoder().decode(bytes));
    expect(texts.some((text) => text.includes('CvrNumber'))).toBe(false);
    expect(texts.some((text) => text.includes('cvr.csv'))).toBe(true);
    const sealed = await checked(keeper);
    expect(words(sealed, ...cvrChecks)).toEqual(cvrChecks.map(() => 'cannot tell'));
    expect(words(sealed, 'seals-opened', 'batch-totals-equal-results')).toEqual(['cannot tell', 'holds']);
    await keeper.close();
  });

  test('opened, the checks of cast vote records run over the published record', async () => {
    const { keeper } = done(await take({ files: [results, manifest], exports: [cvrs()] }));
    await openAll(keeper, exportOf(twenty));
    expect(await sealedCvrs(keeper)).toEqual([]);
    const opened = await checked(keeper);
    expect(opened.record!.faults).toEqual([]);
    expect(words(opened, ...cvrChecks)).toEqual(cvrChecks.map(() => 'holds'));
    await keeper.close();
  });

  test('one vote moved in the results, one card too few in the manifest: each check sees its own', async () => {
    const other = file('results.csv', new TextDecoder().decode(results.bytes).replace('12', '11'));
    const more = file('manifest.csv', 'Tabulator,Batch Name,Number of Ballots\n1,1,21\n');
    const { keeper } = done(await take({ files: [other, more], exports: [cvrs()] }));
    await openAll(keeper, exportOf(twenty));
    expect(words(await checked(keeper), 'cvrs-equal-results', 'cvrs-equal-manifest')).toEqual([
      'fails',
      'fails',
    ]);
    await keeper.close();
  });

  test('cards of which there are few of a kind are a failure of the published record', async () => {
    const text = exportOf([...twenty, '']);
    const { keeper, summary } = done(await take({ files: [results], exports: [cvrs(text)] }));
    expect(exposed(summary.rareStyles!)).toEqual({ cards: 1, alone: 1 });
    await openAll(keeper, text);
    expect(words(await checked(keeper), 'no-rare-styles')).toEqual(['fails']);
    await keeper.close();
  });

  test('who judges may leave them sealed', async () => {
    const { keeper } = done(await take({ files: [results], exports: [cvrs()] }));
    const refusing = openSealedCvrs(
      keeper,
      await sealedCvrs(keeper),
      author,
      ({ name }) => fileInMemory(name, exportOf(twenty)),
      () => {
        throw new Error('not these');
      },
    );
    await expect(refusing).rejects.toThrow('not these');
    expect(await sealedCvrs(keeper)).toHaveLength(1);
    await keeper.close();
  });

  test('the order in which files came in says nothing: a manifest after the records leaves them there', async () => {
    await done(await take({ files: [results], exports: [cvrs()] })).keeper.close();
    const { keeper } = done(await take({ files: [manifest] }));
    await openAll(keeper, exportOf(twenty));
    expect(words(await checked(keeper), 'cvrs-equal-manifest')).toEqual(['holds']);
    await keeper.close();
  });

  test('records alone define the election: name, contests, ranks; the county is named', async () => {
    expect(codes(await take({ files: [], exports: [cvrs()] }))).toEqual(['jurisdiction-not-named']);
    const { keeper } = done(await take({ files: [], exports: [cvrs()] }, { jurisdiction: 'Bibb County' }));
    const stored = await keeper.stored();
    const { election } = (JSON.parse(stored[0]!.body) as { body: Bodies['election defined'] }).body;
    expect([election.name, election.jurisdictions]).toEqual([
      'Made-up election',
      [{ id: 'bibb', name: 'Bibb County' }],
    ]);
    expect(election.contests).toMatchObject([
      {
        id: 'mayor',
        choices: [{ id: 'ann-lee' }, { id: 'bob-ray' }],
        rule: { kind: 'plurality', voteFor: 1, winners: 1 },
      },
    ]);
    await keeper.close();
  });

  test('a zip is read as what is in it, and kept as it is', async () => {
    const zip = Buffer.from(zipSync({ 'cvr.csv': toUtf8(exportOf(twenty)) }));
    const packed = {
      name: 'cvr.zip',
      file: {
        name: 'cvr.zip',
        bytes: async function* () {
          yield new Uint8Array(zip);
        },
      },
    };
    const { keeper, summary } = done(await take({ files: [results], exports: [packed] }));
    expect(summary.files.at(-1)).toMatchObject({ name: 'cvr.zip', reader: 'dominion-csv', rowsRead: 20 });
    const [sealed] = await sealedCvrs(keeper);
    expect(Buffer.from((await keeper.file(sealed!.sha256))!)).toEqual(zip);
    await keeper.close();
  });

  test('what is refused is refused by name, and nothing is half in', async () => {
    expect(codes(await take({ files: [manifest] }))).toEqual(['no-contests']);
    expect(codes(await take({ files: [results], exports: [cvrs('a,b\n1,2\n')] }))).toEqual([
      'unknown-format',
    ]);
    const broken = exportOf(twenty).replace('Vote For=1', 'Vote For=2.0');
    expect(codes(await take({ files: [results], exports: [cvrs(broken)] }))).toHaveLength(1);
    const { keeper } = done(await take({ files: [results], exports: [cvrs()] }));
    const before = (await keeper.entries()).length;
    await keeper.close();
    expect(codes(await take({ files: [], exports: [cvrs()] }))).toEqual(['export-sealed-already']);
    const other = exportOf(twenty).replaceAll('Mayor', 'Sheriff');
    expect(codes(await take({ files: [], exports: [cvrs(other)] }))).toEqual(['unknown-contest']);
    const stranger = file('totals.csv', 'Batch Name,Cy Doe\n1,20\n');
    expect(codes(await take({ files: [stranger] }))).toEqual(['unknown-choice']);
    expect(codes(await take({ files: [manifest] }, { jurisdiction: 'Troup' }))).toEqual([
      'unknown-jurisdiction',
    ]);
    const again = await openFolder(records.folder(), around());
    expect((await again.entries()).length).toBe(before);
    await again.close();
  });

  test('a file that changes while it is imported is not taken', async () => {
    let times = 0;
    const changing = {
      name: 'cvr.csv',
      file: {
        name: 'cvr.csv',
        bytes: async function* () {
          times += 1;
          yield toUtf8(exportOf(times > 4 ? twenty.slice(1) : twenty));
        },
      },
    };
    expect(codes(await take({ files: [results], exports: [changing] }))).toEqual(['file-changed']);
  });

  test('a manifest that names its county in a column needs no other word', async () => {
    const colorado = file('m.csv', 'County,Tabulator ID ,Batch,# of Ballots,Locations\nBibb,1,1,20,Bin 1\n');
    const two = file(
      'results.csv',
      `${new TextDecoder().decode(results.bytes)}Troup,Mayor,,Ann Lee,1\nTroup,Mayor,,Bob Ray,2\n`,
    );
    const { keeper } = done(await take({ files: [two, colorado] }));
    const entries = await keeper.entries();
    expect(entries.find((e) => e.act.kind === 'manifest sealed')!.act.about.jurisdiction).toBe('bibb');
    await keeper.close();
  });

  test('whoever leaves the cast vote records unread is told so', async () => {
    const { keeper } = done(await take({ files: [results], exports: [cvrs()] }));
    await openAll(keeper, exportOf(twenty));
    const zip = recordFromZip(await buffer(publishZip(keeper)));
    if (!zip.ok) throw new Error(zip.code);
    expect(words(verify(zip.files), 'cvrs-equal-results')).toEqual(['cannot tell']);
    await keeper.close();
  });
});

describe('the rounds of a ranked contest', () => {
  const names = ['Ann', 'Bob', 'Cal'];
  /** By ballot: the candidates in order. */
  const rankedExport = (ballots: readonly (readonly number[])[]): string =>
    [
      'Made-up election,5.2',
      `,,,,,,,${Array.from({ length: 9 }, () => '"Mayor (Number of positions=1, Number of ranks=3)"').join(',')}`,
      `,,,,,,,${[1, 2, 3].flatMap((rank) => names.map((name) => `${name}(${rank})`)).join(',')}`,
      'CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,BallotType,,,,,,,,,',
      ...ballots.map((order, i) => {
        const cells = [0, 1, 2].flatMap((r) => names.map((_, c) => (order[r] === c ? '1' : '0')));
        return `${i + 1},1,1,${i + 1},1-1-${i + 1},Mail,A,${cells.join(',')}`;
      }),
      '',
    ].join('\n');
  const times = (n: number, order: readonly number[]) => Array.from({ length: n }, () => order);
  // Four for Ann, three for Bob, two for Cal, whose voters want Bob next: Cal goes, Bob has five of nine.
  const nine = [...times(4, [0]), ...times(3, [1]), ...times(2, [2, 1])];
  const round = (number: number, tally: Record<string, string>, result: Record<string, unknown>) => ({
    round: number,
    tally,
    tallyResults: [result],
  });
  const first = round(1, { Ann: '4', Bob: '3', Cal: '2' }, { eliminated: 'Cal', transfers: { Bob: '2' } });
  const second = round(2, { Ann: '4', Bob: '5' }, { elected: 'Bob', transfers: {} });
  const report = (results: readonly unknown[], contest = 'Mayor') =>
    file('summary.json', JSON.stringify({ config: { contest }, results }));

  let made = 0;
  const told = async (rounds: RoundsToImport, ballots = nine, opened = true) => {
    const text = rankedExport(ballots);
    const given = { files: [], exports: [cvrs(text)], rounds: [rounds] };
    const { keeper } = done(await take(given, { jurisdiction: 'Bibb' }, `record ${made++}`));
    if (opened) await openAll(keeper, text);
    const verified = await checked(keeper);
    await keeper.close();
    expect(verified.record!.faults).toEqual([]);
    return verified.findings.find((f) => f.check === 'rounds-equal-reported')!;
  }; // oxfmt-ignore

  test('are counted again from the records of the published record', async () => {
    const finding = await told(report([first, second]));
    expect(finding).toMatchObject({ word: 'holds', contest: 'mayor', units: [] });
    expect(finding.read.map(({ name }) => name)).toEqual(['summary.json']);
  });
  test('a vote moved in the report, another winner, a round too few: each is named', async () => {
    const moved = await told(report([round(1, { Ann: '3', Bob: '4', Cal: '2' }, { eliminated: 'Cal' }), second]));
    expect(moved.units.map((u) => [u.name, u.expected, u.found])).toEqual([
      ['round 1: Ann', '3', '4'],
      ['round 1: Bob', '4', '3'],
    ]);
    const won = await told(report([first, round(2, { Ann: '4', Bob: '5' }, { elected: 'Ann' })]));
    expect(won).toMatchObject({ word: 'fails', units: [{ code: 'other-decision', expected: 'Ann elected', found: 'Bob elected' }] });
    expect((await told(report([first]))).units).toMatchObject([{ code: 'other-number-of-rounds' }]);
  }); // oxfmt-ignore
  test('by the rules of the count, where they are not the usual ones', async () => {
    // Ann has more than half from the beginning; the count goes on to two all the same, as in the suite's case continue_tabulation_test.
    const eleven = [...times(6, [0]), ...times(3, [1]), ...times(2, [2, 1])];
    const all = { Ann: '6', Bob: '3', Cal: '2' };
    const rounds = report([
      round(1, all, { elected: 'Ann' }),
      round(2, all, { eliminated: 'Cal' }),
      { ...round(3, { Ann: '6', Bob: '5' }, {}), tallyResults: [] },
    ]);
    expect((await told({ ...rounds, rules: { untilTwo: 'always' } }, eleven)).word).toBe('holds');
    expect((await told(rounds, eleven)).word).toBe('fails');
  });
  test('sealed records, and rules that make several counts, leave it untold', async () => {
    expect(await told(report([first, second]), nine, false)).toMatchObject({ word: 'cannot tell', code: 'seal-not-opened' });
    const sequential = { ...report([first, second]), rules: { method: { kind: 'sequential' }, seats: 2 } };
    expect(await told(sequential)).toMatchObject({ word: 'cannot tell', code: 'rounds-not-counted' });
  }); // oxfmt-ignore
  test('of no ranked contest of the record, or no report, keep everything out', async () => {
    const given = (rounds: RoundsToImport) => take({ files: [results], exports: [cvrs()], rounds: [rounds] });
    expect(codes(await given(report([first, second])))).toEqual(['unknown-contest']);
    expect(codes(await given(file('summary.json', '{"results":[]}')))).toEqual(['not-a-rounds-report']);
    const rules = { ...report([first]), rules: { overvotes: 'whatever' } };
    const text = rankedExport(nine);
    const taken = take({ files: [], exports: [cvrs(text)], rounds: [rules] }, { jurisdiction: 'Bibb' });
    expect(codes(await taken)).toHaveLength(1);
  });
});
