import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { CvrCollector, cardsWith, identityOf, voteOn } from '../cvr/index.ts';
import { UnitTallier } from '../tally/byUnit.ts';
import { readDominionJson } from './dominionJson.ts';
import { simpleCards } from './dominionJsonSimple.ts';
import type { Meaning, Session } from './dominionJsonSimple.ts';
import { fileInMemory } from './input.ts';
import type { InputFile } from './input.ts';

const folder = (path: string): InputFile[] =>
  readdirSync(sharedFile(`data/${path}`))
    .filter((name) => name.endsWith('.json'))
    .map((name) => fileInMemory(name, readFileSync(sharedFile(`data/${path}/${name}`))));

const parse = (path: string): never => JSON.parse(readFileSync(sharedFile(`data/${path}`), 'utf8')) as never;

const sanFrancisco = 'san-francisco-2024';
const alaska = 'ranked-choice-cases/_shared/dominion_alaska/alaska_input_data';
const sanFrancisco2020 = 'ranked-choice-cases/dominion_multi_file/dominion_multi_file_input_data';

/** The same files by JSON.parse, in order. */
function simple(path: string, files: string[]): ReturnType<typeof simpleCards> {
  type List<T> = { List: T[] };
  const contests = parse(`${path}/ContestManifest.json`) as List<{
    Id: number;
    VoteFor: number;
    NumOfRanks: number;
  }>;
  const candidates = parse(`${path}/CandidateManifest.json`) as List<{ Id: number; ContestId: number }>;
  const conditions = parse(`${path}/OutstackConditionManifest.json`) as List<{
    Id: number;
    Description: string;
  }>;
  const id = (name: string): number => conditions.List.find((c) => c.Description === name)?.Id ?? -1;
  const meaning: Meaning = {
    contests: new Map(contests.List.map((c) => [c.Id, { ranks: c.NumOfRanks, voteFor: c.VoteFor }])),
    candidates: new Map(
      candidates.List.map((c) => [
        c.Id,
        candidates.List.filter((o) => o.ContestId === c.ContestId).indexOf(c),
      ]),
    ),
    overvote: id('Overvote'),
    invalidContest: id('InvalidContest'),
  };
  return files.flatMap((file) =>
    simpleCards((parse(`${path}/${file}`) as { Sessions: Session[] }).Sessions, meaning),
  );
}

describe.skipIf(!haveShared())('real Dominion JSON exports', () => {
  test('San Francisco 2024: adjudicated sessions once, in their current version', async () => {
    const [all, original] = [new CvrCollector(), new CvrCollector()];
    const reading = await readDominionJson(folder(sanFrancisco), all);
    expect(reading).toMatchObject({ ok: true, value: { records: 74 + 95 }, rowsRefused: [], remarks: [] });
    const { header, chunks } = all.cvrs!;
    const adjudicated = Array.from(chunks[0]!.adjudicated);
    const count = (from: number, to: number): number =>
      adjudicated.slice(from, to).reduce((a, b) => a + b, 0);
    expect([count(0, 74), count(74, 169)]).toEqual([6, 5]);
    // In 2 and 2 of them the votes differ from what the machine read.
    await readDominionJson(folder(sanFrancisco), original, { version: 'original' });
    const differ = adjudicated.map((_, i) =>
      header.contests.some(
        (__, c) =>
          JSON.stringify(voteOn(header, chunks[0]!, c, i)) !==
          JSON.stringify(voteOn(header, original.cvrs!.chunks[0]!, c, i)),
      ),
    );
    expect([differ.slice(0, 74).filter(Boolean).length, differ.slice(74).filter(Boolean).length]).toEqual([
      2, 2,
    ]);
    expect(identityOf(header, chunks[0]!, 0)).toMatchObject({
      tabulator: '5',
      batch: '1',
      record: 'X',
      imprinted: '5-1-22',
    });
  });

  test.each([
    [sanFrancisco, ['CvrExport_0.json', 'CvrExport_15.json']],
    [sanFrancisco2020, [1, 2, 3, 6].map((n) => `CvrExport_${n}.json`)],
    [alaska, ['CvrExport.json']],
  ])('%s: every card as JSON.parse gives it', async (path, files) => {
    const all = new CvrCollector();
    const reading = await readDominionJson(folder(path), all);
    expect(reading.ok && reading.rowsRefused).toEqual([]);
    const { header, chunks } = all.cvrs!;
    const expected = simple(path, files);
    let n = 0;
    for (const chunk of chunks)
      for (let i = 0; i < chunk.cards; i++, n++) {
        const votes = header.contests.map((c, k) => [Number(c.key), voteOn(header, chunk, k, i)] as const);
        expect(new Map(votes.filter(([, vote]) => vote.kind !== 'notOnCard'))).toEqual(expected[n]!.votes);
      }
    expect(n).toBe(expected.length);
    expect(n).toBeGreaterThan(100);
  });

  test('Alaska 2020: first choices as the published case has them in its first round', async () => {
    const tallier = new UnitTallier();
    const all = new CvrCollector();
    await readDominionJson(folder(alaska), tallier);
    await readDominionJson(folder(alaska), all);
    const report = parse(
      'ranked-choice-cases/dominion_alaska/dominion_alaska_expected_detailed_report.json',
    ) as {
      results: { tally: Record<string, string> }[];
    };
    const { contests } = tallier.tally.header;
    const votes = tallier.tally.units[0]!.contests[0]!;
    const found = Object.fromEntries(contests[0]!.choices.map((choice, k) => [choice.name, votes.votes[k]!]));
    const { 'Undeclared Write-ins': writeIns, ...published } = report.results[0]!.tally;
    // One card leaves its first rank empty and ranks Sanders second; the published round goes on to the next rank.
    published['Bernie Sanders'] = String(Number(published['Bernie Sanders']) - 1);
    published['(undeclared)'] = writeIns!;
    expect(found).toEqual(
      Object.fromEntries(Object.entries(published).map(([name, n]) => [name, Number(n)])),
    );
    expect([...cardsWith(all.cvrs!, 0)]).toHaveLength(1000);
  });
});
