import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChunkBuilder, cvrChoice, cvrContest, emptyNames, voteCodes } from '@opencanvass/evidence/cvr';
import type { CvrConsumer, GrowingHeader } from '@opencanvass/evidence/cvr';
import { fileInMemory, readDominionCsv } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import { CvrDatabase, ParquetWriter, QueryRefused, codes, contestColumns } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'opencanvass-query-'));
const path = join(folder, 'cards.parquet');
afterAll(() => rmSync(folder, { recursive: true }));

/** Three kinds of contest, 5,000 cards by a small generator; every vote and every code occurs. */
async function exportCards(to: CvrConsumer): Promise<void> {
  const contests = [
    cvrContest('Mayor', 1, 0),
    cvrContest('Town Council', 3, 0),
    cvrContest('2nd "Sheriff"', 1, 3),
    cvrContest('Mayor!', 1, 0),
  ];
  for (const contest of contests)
    contest.choices.push(...['Ann', 'Bo', "D'Ax", 'Write-in'].map((name) => cvrChoice(name)));
  const header: GrowingHeader = {
    election: 'Test',
    format: 'test',
    version: '1',
    contests,
    names: emptyNames(),
  };
  const b = new ChunkBuilder(header, 700);
  let state = 12_345;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % n;
  };
  await to.begin(header);
  for (let i = 0; i < 5000; i++) {
    if (b.full) await b.deliver(to);
    b.card();
    b.number(i + 1);
    b.attribute('precinct', b.code('precinct', `P ${below(40)}`));
    for (const [c, { ranks }] of contests.entries()) {
      if (below(8) === 0) continue;
      const marked = [0, 1, 2, 3].filter(() => below(3) === 0);
      if (below(50) === 0) b.vote(c, voteCodes.invalid);
      else if (ranks === 0) b.marked(c, marked, marked.length);
      else {
        b.vote(c, marked.length === 0 ? voteCodes.blank : voteCodes.listed);
        const ranked = marked.map((k) => [k, 1 + below(3)] as const).sort((x, y) => x[1] - y[1]);
        for (const [k, rank] of ranked) b.mark(c, k, rank);
      }
    }
  }
  await b.deliver(to);
}

describe('cast vote records in Parquet', () => {
  let database: CvrDatabase;
  const tallier = new UnitTallier();
  beforeAll(async () => {
    const writer = new ParquetWriter(path);
    await exportCards(writer);
    await writer.finish();
    await exportCards(tallier);
    database = await CvrDatabase.open([path], { seconds: 5, rows: 100, memory: '500MB', threads: 1 });
  });
  afterAll(() => database.close());

  test('nothing but the file is left', () => {
    expect(readdirSync(folder)).toEqual(['cards.parquet']);
    expect(database.meanings[0]).toMatchObject({ election: 'Test', records: 5000, sums: 0 });
    expect(database.meanings[0]!.contests.map((c) => [c.column, c.more.length])).toEqual([
      ['mayor', 0],
      ['town_council', 3],
      ['contest_2nd_sheriff', 3],
      ['mayor__2', 0],
    ]);
  });

  test('SQL counts what the columns count', async () => {
    const { header, units } = tallier.tally;
    for (const [c, contest] of contestColumns(header).entries()) {
      const counted = await database.count(contest);
      const tally = units[0]!.contests[c]!;
      const votes = header.contests[c]!.choices.map((_, k) => counted.get(k + 1) ?? 0);
      expect({
        votes,
        blank: counted.get(codes.blank),
        invalid: counted.get(codes.invalid),
        overvoted: counted.get(codes.overvoted) ?? 0,
      }).toEqual({
        votes: tally.votes,
        blank: tally.blank,
        invalid: tally.invalid,
        overvoted: tally.overvoted,
      });
      expect(votes.reduce((a, b) => a + b)).toBeGreaterThan(1000);
    }
  });

  test('a question by names; an answer too long is cut and says so', async () => {
    const { columns, rows, more } = await database.ask(
      "SELECT precinct, choice, count(*) AS votes FROM cards JOIN choices ON column_name = 'mayor' AND choice_number = mayor WHERE precinct = 'P 7' GROUP BY ALL ORDER BY choice",
    );
    expect([columns, rows.length, more]).toEqual([['precinct', 'choice', 'votes'], 4, false]);
    expect(rows[2]![1]).toBe("D'Ax");
    expect(await database.ask('SELECT * FROM cards')).toMatchObject({ more: true, rows: { length: 100 } });
  });

  test('SQL from strangers reaches nothing but these files', async () => {
    const secret = join(folder, 'secret.txt');
    writeFileSync(secret, 'x');
    const refused: [string, string][] = [
      ['sql', `SELECT * FROM read_text('${secret}')`],
      ['sql', `SELECT * FROM read_csv('${secret}')`],
      ['sql', `SELECT * FROM '${secret}'`],
      ['sql', `SELECT * FROM glob('${folder}/*')`],
      ['sql', `SELECT * FROM read_parquet('https://example.com/x.parquet')`],
      ['one-select', `COPY cards TO '${folder}/out.csv'`],
      ['one-select', `COPY (SELECT 1) TO '${path}'`],
      ['one-select', `ATTACH '${folder}/a.db'`],
      ['one-select', 'INSTALL httpfs'],
      ['one-select', 'LOAD httpfs'],
      ['one-select', 'SET enable_external_access = true'],
      ['one-select', "SET allowed_paths = ['/etc/passwd']"],
      ['one-select', 'RESET memory_limit'],
      ['one-select', 'DROP VIEW cards'],
      ['one-select', 'CREATE TABLE x AS SELECT 1'],
      ['one-select', "DELETE FROM choices WHERE choice = 'Ann'"],
      ['one-select', "UPDATE choices SET choice = 'Bo'"],
      ['one-select', `EXPORT DATABASE '${folder}/e'`],
      ['one-select', 'SELECT 1; DROP VIEW cards'],
      ['one-select', ''],
      ['sql', 'SELEC 1'],
      ['sql', "SELECT getenv('HOME')"],
      ['too-long', 'SELECT sum(hash(range)) FROM range(1000000000000)'],
    ]; // oxfmt-ignore
    for (const [code, sql] of refused) {
      const told = await database.ask(sql).then(
        (answer) => `answered ${JSON.stringify(answer.rows).slice(0, 80)}`,
        (error: unknown) => (error instanceof QueryRefused ? error.code : String(error)),
      );
      // COPY and its like are refused while they are bound: before their kind is looked at.
      const also = code === 'one-select' ? ['one-select', 'sql'] : [code];
      expect(also, `${sql}: ${told}`).toContain(told);
    }
    expect(readdirSync(folder).sort()).toEqual(['cards.parquet', 'secret.txt']);
    expect((await database.ask('SELECT count(*) FROM cards')).rows[0]).toEqual(['5000']);
  }, 60_000);

  test('other files are refused by name', async () => {
    const other = join(folder, 'other.parquet');
    writeFileSync(other, 'no parquet');
    await expect(CvrDatabase.open([other])).rejects.toMatchObject({ code: 'not-parquet' });
    await expect(CvrDatabase.open([join(folder, 'none')])).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a refused export leaves nothing behind', async () => {
    const out = join(folder, 'refused.parquet');
    const writer = new ParquetWriter(out);
    const csv =
      'E,5\n,,,,Mayor (Vote For=1)\n,,,,Ann\nCvrNumber,TabulatorNum,BatchId,RecordId,\n1,T,B,1,1\n1,T,\u0000,1,1\n';
    expect(await readDominionCsv(fileInMemory('x', csv), writer)).toMatchObject({ ok: false });
    await writer.abandon();
    expect([existsSync(out), existsSync(`${out}.work`), existsSync(`${out}.part`)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
