import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ChunkBuilder,
  CvrCollector,
  cvrChoice,
  cvrContest,
  emptyNames,
  identityOf,
  voteOn,
} from '@opencanvass/evidence/cvr';
import { fileInMemory, readDominionCsv, readHart } from '@opencanvass/evidence/formats';
import { UnitTallier } from '@opencanvass/evidence/tally';
import { everyCode } from '../../../bench/generate/everyCode.ts';
import type { CardVote } from '@opencanvass/evidence/cvr';
import { CvrDatabase, ParquetWriter, QueryRefused, codes, contestColumns, metadataKey } from './index.ts';
import { quotedText } from './columns.ts';

const folder = mkdtempSync(join(tmpdir(), 'opencanvass-query-'));
const path = join(folder, 'cards.parquet');
afterAll(() => rmSync(folder, { recursive: true }));

describe('cast vote records in Parquet', () => {
  let database: CvrDatabase;
  const tallier = new UnitTallier();
  beforeAll(async () => {
    const writer = new ParquetWriter(path);
    await everyCode(writer, 5000);
    writer.finish();
    await everyCode(tallier, 5000);
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

  test('each row says what its record says, to the last mark', async () => {
    const all = new CvrCollector();
    await everyCode(all, 700);
    const { header, chunks } = all.cvrs!;
    const { rows } = await CvrDatabase.open([path], {
      seconds: 5,
      rows: 700,
      memory: '500MB',
      threads: 1,
    }).then(async (wide) => {
      const answer = await wide.ask(
        'SELECT number::INTEGER, precinct, mayor, town_council, town_council_1, town_council_2, town_council_3, contest_2nd_sheriff, contest_2nd_sheriff_1, contest_2nd_sheriff_2, contest_2nd_sheriff_3, mayor_marks, town_council_marks, contest_2nd_sheriff_marks FROM cards WHERE number <= 700 ORDER BY number',
      );
      wide.close();
      return answer;
    });
    const wanted = Array.from({ length: 700 }, (_, i) => {
      const [mayor, council, sheriff] = [0, 1, 2].map((c) => voteOn(header, chunks[0]!, c, i)) as [
        CardVote,
        CardVote,
        CardVote,
      ];
      const status = (vote: typeof mayor): number | null => {
        switch (vote.kind) {
          case 'notOnCard':
            return null;
          case 'blank':
            return 0;
          case 'overvoted':
            return -1;
          case 'invalid':
            return -3;
          case 'ranking':
            return -2;
          case 'votes':
            return vote.choices.length > 1 ? -2 : vote.choices[0]! + 1;
        }
      };
      const marked = (vote: typeof mayor): readonly number[] =>
        'choices' in vote ? vote.choices.map((k) => k + 1) : [];
      const seats =
        status(council) === -2 ? [0, 1, 2].map((k) => marked(council)[k] ?? null) : [null, null, null];
      const ranks = sheriff.kind === 'ranking' ? sheriff.ranks : [];
      const atRank = (at: readonly number[] | 'several' | undefined): number | null =>
        at === undefined || at.length === 0
          ? null
          : at === 'several' || at.length > 1
            ? -1
            : (at[0] as number) + 1;
      const untold = (vote: typeof mayor): string | null =>
        ['overvoted', 'invalid'].includes(vote.kind) && marked(vote).length > 0
          ? marked(vote).join(' ')
          : null;
      const severalAtRank = ranks.some((at) => at.length > 1)
        ? ranks.flatMap((at, r) => (at as readonly number[]).map((k) => `${k + 1}@${r + 1}`)).join(' ')
        : null;
      return [
        i + 1, identityOf(header, chunks[0]!, i).precinct, status(mayor), status(council), ...seats,
        status(sheriff), ...[0, 1, 2].map((r) => atRank(ranks[r])), untold(mayor), untold(council), severalAtRank,
      ]; // oxfmt-ignore
    });
    expect(rows).toEqual(wanted);
  });

  test('contests that come up late, in several row groups, and sums of many cards', async () => {
    const late = join(folder, 'late.parquet');
    const writer = new ParquetWriter(late);
    const contests = [cvrContest('Early', undefined, 0)];
    contests[0]!.choices.push(cvrChoice('A'), cvrChoice('B'), cvrChoice('C'));
    const b = new ChunkBuilder({ election: 'E', format: 'test', contests, names: emptyNames() });
    writer.begin(b.header);
    for (let i = 0; i < 250_000; i++) {
      if (b.full) await b.deliver(writer);
      if (i === 200_000) {
        contests.push(cvrContest('Late', 1, 0));
        contests[1]!.choices.push(cvrChoice('X'));
      }
      b.card();
      b.attribute('batch', b.code('batch', `batch ${Math.trunc(i / 1000)}`));
      if (i % 2 === 0) b.marked(0, [i % 3, (i + 1) % 3], i === 100 ? 2 : 1);
      if (i > 200_000) b.vote(1, 0);
    }
    b.sum({ line: 9, label: 'Redacted', style: 'S', votes: [Uint32Array.of(3, 0, 4)] });
    await b.deliver(writer);
    expect(writer.finish()).toMatchObject({ records: 250_000, sums: 1 });
    const found = await CvrDatabase.open([late]);
    const one = async (sql: string): Promise<unknown> => (await found.ask(sql)).rows;
    expect(await one('SELECT count(*), count(early), count(late), count(DISTINCT batch) FROM cards')).toEqual(
      [['250000', '125000', '49999', '250']],
    );
    expect(await one('SELECT early, early_1, early_2 FROM cards WHERE early_1 IS NOT NULL')).toEqual([
      [-2, 2, 3],
    ]);
    expect(await one('SELECT label, style, place, votes::INTEGER FROM sums ORDER BY place')).toEqual([
      ['Redacted', 'S', 1, 3],
      ['Redacted', 'S', 2, 0],
      ['Redacted', 'S', 3, 4],
    ]);
    found.close();
    rmSync(late);
  });

  test('names written in, of several files; a file made before they were kept has none', async () => {
    const sheet = (guid: string, name: string): string =>
      `<Cvr xmlns="http://tempuri.org/CVRDesign.xsd"><Contests><Contest><Name>Mayor</Name><Id>m</Id><Options><Option><Id>w</Id><Value>1</Value>
       <WriteInData><Text>${name}</Text><WriteInDataStatus>Unresolved</WriteInDataStatus></WriteInData></Option></Options></Contest></Contests>
       <BatchNumber>4</BatchNumber><CvrGuid>${guid}</CvrGuid></Cvr>`;
    const writer = new ParquetWriter(join(folder, 'hart.parquet'));
    await readHart(
      [
        fileInMemory('1.xml', sheet('g1', 'Zoë "Zo" Lee')),
        fileInMemory('2.xml', sheet('g2', '').replace(/<Option>.*<\/Option>/s, '')),
        fileInMemory('3.xml', sheet('g3', 'Bo')),
      ],
      writer,
    );
    writer.finish();
    const old = join(folder, 'old.parquet');
    const duck = await DuckDBInstance.create();
    const connection = await duck.connect();
    const meaning = quotedText(JSON.stringify(database.meanings[0]));
    await connection.run(
      `COPY (SELECT * EXCLUDE (write_ins, tabulator, weight) FROM read_parquet(${quotedText(path)})) TO ${quotedText(old)} (FORMAT parquet, KV_METADATA {'${metadataKey}': ${meaning}})`,
    );
    connection.closeSync();
    duck.closeSync();
    const ask = async (...paths: string[]): Promise<unknown> => {
      const found = await CvrDatabase.open(paths);
      const { rows } = await found.ask(
        'SELECT file, batch, imprinted, contest, column_name, choice_number, choice, rank, place, text, status FROM write_ins ORDER BY imprinted',
      );
      found.close();
      return rows;
    };
    const row = (file: number, card: string, name: string): unknown[] => [
      file, '4', card, 'Mayor', 'mayor', 1, 'Write-in', 0, null, name, 'Unresolved',
    ]; // oxfmt-ignore
    expect(await ask(old, join(folder, 'hart.parquet'))).toEqual([
      row(2, 'g1', 'Zoë "Zo" Lee'),
      row(2, 'g3', 'Bo'),
    ]);
    expect(await ask(old)).toEqual([]);
    rmSync(old);
    rmSync(join(folder, 'hart.parquet'));
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
    writer.abandon();
    expect([existsSync(out), existsSync(`${out}.work`), existsSync(`${out}.part`)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
