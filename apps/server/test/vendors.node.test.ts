// Cast vote records in each vendor's format, through the API: read, held against manifest and results, sealed, drawn from by card number, and compared with the
// paper. The county is made up card by card, and the paper is taken from the making, not from any reader: a card under another's number would differ.
import { toUtf8 } from '@opencanvass/evidence/bytes';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, test } from 'vitest';
import { county as madeUp } from '../../../bench/generate/county.ts';
import { countyFormats } from '../../../bench/generate/vendors.ts';
import { notHeld } from './published.ts';
import { rollDice, TestDesk } from './testDesk.ts';

let t: TestDesk;
afterEach(async () => t.close());

const size = { cards: 500, contests: 4, choices: 2, seed: 7, batch: 200 };
const batches = [200, 200, 100];
const lake = { county: 'lake' };

/** What stands on each card in the first contest: its choice, −1 blank, −2 overvoted. */
const paper = (() => {
  const of = madeUp(size);
  const votes = new Int8Array(size.contests);
  return Array.from({ length: size.cards }, () => {
    of.next(votes);
    return votes[0]!;
  });
})();
const { contests, choice } = madeUp(size);
const reported = [0, 1].map((k) => paper.filter((vote) => vote === k).length);
const resultsCsv = toUtf8(
  `contest,jurisdiction,choice,votes\n${reported
    .map((votes, k) => `"${contests[0]!.replaceAll('"', '""')}",lake,${choice(0, k)},${votes}`)
    .join('\n')}\n`,
);

/** As the county uploads it: an export of several files in one zip. */
function exported(format: string): { readonly name: string; readonly file: Uint8Array } {
  const files = countyFormats[format]!(madeUp(size)).map(
    ({ name, bytes }) => [name, new Uint8Array(Buffer.concat([...bytes()]))] as const,
  );
  const [name, file] =
    files.length === 1 ? files[0]! : (['cvr.zip', zipSync(Object.fromEntries(files))] as const);
  return { name, file };
}

/** How the vendor's system names tabulator and batch `b`; a system that writes no tabulator leaves it to the county. */
const named: Readonly<Record<string, (b: number) => readonly [tabulator: string, batch: string]>> = {
  'dominion-csv': (b) => [`${b + 1}`, `${b}`],
  'dominion-json': (b) => [`${b + 1}`, `${b}`],
  'ess-csv': (b) => [`000${b + 1}`, `B${b}`],
  'hart-xml': (b) => ['', `${b}`],
  'clear-ballot-csv': (b) => [`Scan-${b}`, `B-${b}`],
  'nist-cvr-xml': (b) => ['DEVICE', `${b}`],
  'nist-cvr-json': (b) => ['', `${b}`],
};

/** The number on the card at a place of batch `b`, as each export's making has it. */
const at = (b: number, place: number): number => b * size.batch + place - 1;
const guid = (i: number): string => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
const printed: Readonly<Record<string, (b: number, place: number) => string>> = {
  'dominion-csv': (b, place) => `${b + 1}-${b}-${place}`,
  'dominion-json': (b, place) => `${b + 1}-${b}-${place}`,
  'ess-csv': (b, place) => `000${b + 1}${String(at(b, place)).padStart(6, '0')}`,
  'hart-xml': (b, place) => guid(at(b, place)),
  'clear-ballot-csv': (b, place) => `B-${b}+${10_000 + place}`,
  'nist-cvr-xml': (b, place) => `${at(b, place)}`,
  'nist-cvr-json': (b, place) => `${at(b, place)}`,
};

async function arrive(format: string, name = named[format]!) {
  t = await TestDesk.open();
  const state = await t.firstAccount();
  await t.do(state.client, 'setUp', {
    query: { name: 'results.csv', election: 'Lake Election', date: '2026-11-03' },
    file: resultsCsv,
  });
  await t.key(state, state);
  const manager = await t.account(state, 'lake-clerk', 'county manager', 'lake');
  const { client } = manager;
  const { file, name: fileName } = exported(format);
  const rows = batches.map((cards, b) => [...name(b), cards].join(','));
  await t.do(client, 'manifest', {
    params: lake,
    query: { name: 'manifest.csv' },
    file: toUtf8(`Tabulator,Batch Name,Number of Ballots\n${rows.join('\n')}\n`),
  });
  await t.do(client, 'cvrs', { params: lake, query: { name: fileName }, file });
  const { uploads, findings } = await t.do(client, 'checkInputs', { params: lake });
  const records = uploads.find((u) => u.what === 'cvrs');
  return { state, manager, records, findings };
}

describe('cast vote records of', () => {
  test.each(Object.keys(named))(
    '%s are read, checked, sealed and drawn from; the paper agrees card by card',
    { timeout: 120_000 },
    async (format) => {
      const { state, manager, records, findings } = await arrive(format);
      expect(findings).toEqual([]);
      expect(records).toMatchObject({ rows: size.cards, refused: 0, sealed: false });
      await t.sign(manager, await t.do(manager.client, 'seal', { params: lake }));
      const [{ contest } = { contest: '' }] = (await t.do(t.public, 'status', {})).contests;
      const one = { contest, method: 'card comparison' as const, riskLimit: '0.05' };
      await t.do(state.client, 'announce', { body: { contests: [one] } });
      await rollDice(t, { state } as Parameters<typeof rollDice>[1]);
      const params = { contest };
      await t.do(state.client, 'draw', { params, body: { draws: 40 } });
      const board = await t.board(manager, 'lake');
      const { units } = await t.do(board, 'work', {});
      expect(units).toHaveLength(40);
      for (const unit of units) {
        const b = batches.findIndex((_, at) => named[format]!(at)[1] === unit.batch);
        expect([unit.tabulator, unit.batch]).toEqual(named[format]!(b));
        expect(unit.imprinted).toBe(printed[format]!(b, unit.card!));
        const vote = paper[b * size.batch + unit.card! - 1]!;
        const reading =
          vote >= 0
            ? { kind: 'votes' as const, choices: [unit.contests[0]!.choices[vote]!.id] }
            : { kind: vote === -1 ? ('blank' as const) : ('overvote' as const) };
        await t.do(board, 'readCard', {
          body: { unit: unit.id, contests: [{ contest, reading }], confirmedByBoth: true },
        });
      }
      const { contest: assessed } = await t.do(state.client, 'assess', { params });
      expect(assessed.ending).toBe('confirmed');
      const { discrepancies } = await t.do(t.public, 'discrepancies', { params });
      expect(discrepancies).toEqual([]);
      expect(await notHeld(t.desk.keeper)).toEqual([]);
    },
  );

  test.each(['ess-xlsx', 'unisyn-xml'])(
    '%s, which name no batches, are told and not sealed: nobody could find a card by them',
    { timeout: 60_000 },
    async (format) => {
      const { manager, findings } = await arrive(format, (b) => ['T1', `B${b}`]);
      expect(findings.filter((f) => f.weight === 'stop').map((f) => f.code)).toEqual([
        'records-not-in-manifest',
      ]);
      expect(await t.refused(manager.client, 'seal', { params: lake })).toBe('409 inputs-do-not-fit');
    },
  );
});
