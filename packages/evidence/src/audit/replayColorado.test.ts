// A state of three counties, made as Colorado's files are described: everything at hand, then one thing at a time gone or changed.
import { unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { sha256, toHex, toUtf8 } from '../bytes/index.ts';
import type { Replay, ReplayFile, ReplayItem } from './index.ts';
import { replay } from './index.ts';

const seed = '01234567890123456789';
// By number of county: Elbert, El Paso, Broomfield. By bytes of the name it would be Broomfield, El Paso, Elbert.
const counties = [
  ['Elbert', [30, 20]],
  ['El Paso', [60, 40, 50]],
  ['Broomfield', [25, 15]],
] as const;
const pile = counties.flatMap(
  ([county, batches]) =>
  batches.flatMap((size, b) => Array.from({ length: size }, (_, i) => ({ county: county as string, id: `7-${b + 1}-${i + 1}` }))), // oxfmt-ignore
);
/** Rivest's sampler by its definition: SHA-256 of seed, comma, number; as an integer mod n. */
const drawnFrom = <T>(list: readonly T[], draws: number): T[] =>
  Array.from({ length: draws }, (_, k) => list[Number(BigInt(`0x${toHex(sha256(toUtf8(`${seed},${k + 1}`)))}`) % BigInt(list.length))]!); // oxfmt-ignore
const governor = drawnFrom(pile, 40);
const clerk = drawnFrom(pile.filter((c) => c.county === 'El Paso'), 25); // oxfmt-ignore

const manifestOf = (county: string): string =>
  `County,Tabulator,Batch,# of Ballots,Location\n${counties.find(([c]) => c === county)![1].map((n, b) => `${county},7,${b + 1},${n},Box\n`).join('')}`; // oxfmt-ignore
const contestRow = (name: string, reason: string, cards: number, estimated: number, counts = '0,0,0,0'): string =>
  `${name},${reason},in_progress,"""Ann""",${cards},50,0.03,${estimated + 1},${counts},1.03905,0,${estimated},${estimated}`; // oxfmt-ignore
const contestTitles =
  'contest_name,audit_reason,random_audit_status,winners,ballot_card_count,min_margin,risk_limit,audited_sample_count,two_vote_over_count,one_vote_over_count,one_vote_under_count,two_vote_under_count,gamma,overstatements,optimistic_samples_to_audit,estimated_samples_to_audit';

function activity(): Uint8Array {
  const sheet = (rows: readonly (readonly string[])[]): Uint8Array =>
    toUtf8(`<worksheet><sheetData>${rows.map((r) => `<row>${r.map((c) => `<c t="inlineStr"><is><t>${c}</t></is></c>`).join('')}</row>`).join('')}</sheetData></worksheet>`); // oxfmt-ignore
  const of = (contest: string, cards: readonly { county: string; id: string }[]): Uint8Array =>
    sheet([[contest], ['county', 'imprinted id', 'round'], ...new Map(cards.map((c) => [`${c.county} ${c.id}`, [c.county, c.id, '1']])).values()]); // oxfmt-ignore
  return zipSync({
    'xl/workbook.xml': toUtf8('<workbook xmlns:r="urn:r"><sheets><sheet name="G" r:id="a"/><sheet name="C" r:id="b"/></sheets></workbook>'), // oxfmt-ignore
    'xl/_rels/workbook.xml.rels': toUtf8('<Relationships><Relationship Id="a" Target="worksheets/a.xml"/><Relationship Id="b" Target="worksheets/b.xml"/></Relationships>'), // oxfmt-ignore
    'xl/worksheets/a.xml': of('Governor', governor),
    'xl/worksheets/b.xml': of('Clerk', clerk),
  });
}

const digest = (text: string): string => toHex(sha256(toUtf8(text))).toUpperCase();
const upload = (
  county: string,
  type: string,
  at: string,
  text = manifestOf(county),
  status = 'IMPORTED',
  submitted = digest(text),
): string =>
  // oxfmt-ignore
  `${county},${county} ${type}.csv,${type},1,1,${status},${at},${digest(text)},${submitted}`;
const uploads = (rows: readonly string[]): string =>
  `name,filename,type,approx_count,size,status,timestamp,computed_hash,submitted_hash\n${rows.join('\n')}\n`;
const inTime = counties.flatMap(([county]) => [
  upload(county, 'manifest', '2024-11-15 23:33:06.669893'),
  upload(county, 'cvr', '2024-11-15 23:40:00', 'records'),
]);

const readingTitles =
  'county_name,contest_name,imprinted_id,ballot_type,choice_per_voting_computer,audit_board_selection,consensus,record_type,audit_board_comment,timestamp,cvr_id,audit_reason'; // oxfmt-ignore
const reading = (card: { county: string; id: string }, contest: string, machine: string, board: string, consensus = 'YES'): string => // oxfmt-ignore
  `${card.county},${contest},${card.id},1,${cell(machine)},${cell(board)},${consensus},uploaded,"",2024-11-19 09:47:13.951885,1,COUNTY_WIDE_CONTEST`; // oxfmt-ignore
const cell = (names: string): string => (names === 'N/A' || names === '' ? names : `"${names.split(' ').map((n) => `""${n}""`).join(',')}"`); // oxfmt-ignore

const whole: Readonly<Record<string, string | Uint8Array>> = {
  'seed.csv': `seed,date\n${seed},2024-11-18\n`,
  'contest.csv': `${contestTitles}\n${contestRow('Governor', 'state_wide_contest', 240, 39)}\n${contestRow('Clerk', 'county_wide_contest', 150, 24)}\n`, // oxfmt-ignore
  'activity.xlsx': activity(),
  'uploadStatus.csv': uploads(inTime),
  'Elbert.csv': manifestOf('Elbert'),
  'El Paso.csv': manifestOf('El Paso'),
  'Broomfield.csv': manifestOf('Broomfield'),
};
const played = (changes: Readonly<Record<string, string | Uint8Array | undefined>> = {}): Replay =>
  replay(Object.entries({ ...whole, ...changes }).flatMap(([name, text]): ReplayFile[] => (text === undefined ? [] : [{ name, bytes: typeof text === 'string' ? toUtf8(text) : text }]))); // oxfmt-ignore
const item = (result: Replay, of: ReplayItem['of'], about?: string): ReplayItem => {
  const found = result.items.filter((i) => i.of === of && (about === undefined || about === i.contest || about === i.jurisdiction)); // oxfmt-ignore
  if (found.length !== 1) throw new Error(`${found.length} items ${of} ${about}`);
  return found[0]!;
};
const different = (cards: readonly { county: string; id: string }[]): number => new Set(cards.map((c) => `${c.county} ${c.id}`)).size; // oxfmt-ignore

test('with every manifest the statewide draw is repeated card by card', () => {
  const result = played();
  expect(result.refusals).toEqual([]);
  const n = different(governor);
  expect(item(result, 'draw', 'Governor')).toMatchObject({ word: 'reproduced', same: n, all: n, units: [] });
  for (const [county] of counties) expect(item(result, 'draw', county).word).toBe('reproduced');
  expect(item(result, 'draw', 'El Paso').same).toBe(different([...clerk, ...governor.filter((c) => c.county === 'El Paso')])); // oxfmt-ignore
});

test('a manifest that is not there is named; two of them leave the draw undone', () => {
  const one = item(played({ 'Broomfield.csv': undefined }), 'draw', 'Governor');
  expect(one).toMatchObject({ word: 'missing input', code: 'by-number-only', units: [{ name: 'Broomfield', code: 'no-manifest' }] }); // oxfmt-ignore
  const two = item(played({ 'Broomfield.csv': undefined, 'Elbert.csv': undefined }), 'draw', 'Governor');
  expect(two).toMatchObject({ word: 'missing input', code: 'no-manifest', same: 0 });
  expect(two.units.map((u) => u.name)).toEqual(['Elbert', 'Broomfield']);
});

test('a manifest with other cards than stated', () => {
  const result = played({ 'Elbert.csv': manifestOf('Elbert').replace(',20,', ',21,') });
  expect(item(result, 'draw', 'Governor')).toMatchObject({ word: 'differs', code: 'sizes-do-not-add-up', units: [{ stated: '240', recomputed: '241' }] }); // oxfmt-ignore
});

test('sealed before the seed, by dates and digests', () => {
  expect(item(played(), 'sealed-before-seed')).toMatchObject({ word: 'reproduced', code: 'sealed-before', units: [] }); // oxfmt-ignore
  expect(item(played(), 'digest')).toMatchObject({ word: 'reproduced', same: 9, all: 9 });
});

test('changed after the seed, also where only the first card read tells that it was known', () => {
  const late = [...inTime, upload('Elbert', 'manifest', '2024-11-19 10:00:00')];
  const after = item(played({ 'uploadStatus.csv': uploads(late) }), 'sealed-before-seed');
  expect(after).toMatchObject({ word: 'differs', code: 'changed-after', units: [{ name: 'Elbert · Elbert manifest.csv · 2024-11-19 10:00:00' }] }); // oxfmt-ignore
  const undated = `seed\n${seed}\n`;
  const first = `${readingTitles}\n${reading(clerk[0]!, 'Clerk', 'Ann', 'Ann')}\n`;
  const read = played({ 'uploadStatus.csv': uploads(late), 'seed.csv': undated, 'contestComparison.csv': first }); // oxfmt-ignore
  expect(item(read, 'sealed-before-seed')).toMatchObject({ word: 'differs', code: 'changed-after' });
});

test('digests that differ: submitted and computed, listed and at hand; a wrong file replaced in time is a finding and no broken seal', () => {
  const wrong = upload('Elbert', 'manifest', '2024-11-15 20:00:00', 'Mineral', 'HASH_MISMATCH', digest('x'));
  const replaced = played({ 'uploadStatus.csv': uploads([wrong, ...inTime]) });
  expect(item(replaced, 'digest')).toMatchObject({ word: 'differs', units: [{ code: 'hash-mismatch', stated: digest('x').toLowerCase(), recomputed: digest('Mineral').toLowerCase() }] }); // oxfmt-ignore
  expect(item(replaced, 'sealed-before-seed').word).toBe('reproduced');
  const last = played({ 'uploadStatus.csv': uploads([...inTime, wrong.replace('20:00:00', '23:59:00')]) });
  expect(item(last, 'sealed-before-seed')).toMatchObject({ word: 'differs', code: 'digest-differs' });
  const swapped = played({ 'Elbert.csv': manifestOf('Elbert').replace('30', '29').replace('20', '21') });
  expect(item(swapped, 'sealed-before-seed')).toMatchObject({ word: 'differs', code: 'digest-differs' });
  expect(item(swapped, 'digest').units.map((u) => [u.name, u.code])).toEqual([['Elbert.csv', 'digest-differs']]); // oxfmt-ignore
});

test('what is missing to tell is named', () => {
  const told = (changes: Parameters<typeof played>[0]): ReplayItem => item(played(changes), 'sealed-before-seed'); // oxfmt-ignore
  expect(told({ 'uploadStatus.csv': undefined })).toMatchObject({ word: 'cannot tell', code: 'no-trusted-time' }); // oxfmt-ignore
  expect(told({ 'seed.csv': `seed\n${seed}\n` })).toMatchObject({
    word: 'cannot tell',
    code: 'no-seed-date',
  });
  expect(told({ 'seed.csv': `seed,date\n${seed},2024-11-15\n` })).toMatchObject({ word: 'cannot tell', code: 'time-undecided' }); // oxfmt-ignore
  expect(told({ 'uploadStatus.csv': uploads(inTime.slice(1)) })).toMatchObject({ word: 'cannot tell', code: 'manifest-not-listed', units: [{ name: 'Elbert' }] }); // oxfmt-ignore
  expect(told({ 'uploadStatus.csv': uploads(inTime.filter((_, i) => i !== 1)) })).toMatchObject({ word: 'cannot tell', code: 'records-not-listed', units: [{ name: 'Elbert' }] }); // oxfmt-ignore
});

test('discrepancies from both readings', () => {
  // Ann is reported to have won over Bo and Cy. Machine and board, and what that overstates of her smallest lead.
  const rows = [
    ['Ann', 'Bo'], // 2
    ['Ann', ''], // 1: the vote is gone
    ['Bo', 'Ann'], // -1: two votes against Bo, one against Cy
    ['', 'Ann'], // -1
    ['Bo', 'Cy'], // 1 against Cy
    ['N/A', 'Bo'], // 1
    ['Ann', 'Ann'],
    ['Ann Bo', 'Ann Cy'], // 1 against Cy
  ] as const;
  // Cards drawn once first, so that the counts below are of cards and of draws alike; what is drawn more often comes after.
  const drawnTimes = (id: string): number => clerk.filter((c) => c.id === id).length;
  const cards = [...new Map(clerk.map((c) => [c.id, c])).values()].toSorted((a, b) => drawnTimes(a.id) - drawnTimes(b.id)); // oxfmt-ignore
  expect([drawnTimes(cards[8]!.id), drawnTimes(cards.at(-1)!.id)]).toEqual([1, 3]);
  const readings = [
    ...rows.map(([machine, board], i) => reading(cards[i]!, 'Clerk', machine, board)),
    reading(cards[8]!, 'Clerk', 'Bo', 'Bo', 'NO'), // 0 against Bo, 1 against Cy
    ...cards.slice(9).map((c) => reading(c, 'Clerk', 'Ann', 'Ann')),
  ].join('\n');
  const files = (counts: string): Record<string, string> => ({
    'contest.csv': `${contestTitles}\n${contestRow('Clerk', 'county_wide_contest', 150, 24, counts)}\n`,
    'contestComparison.csv': `${readingTitles}\n${readings}\n`,
    'tabulateCounty.csv': `county_name,contest_name,choice,votes\n${['Ann,80', 'Bo,50', 'Cy,20'].map((v) => `El Paso,Clerk,${v}`).join('\n')}\n`, // oxfmt-ignore
  });
  expect(item(played(files('1,5,2,0')), 'discrepancies')).toMatchObject({ word: 'reproduced', same: 1, all: 1 }); // oxfmt-ignore
  expect(item(played(files('0,5,2,0')), 'discrepancies')).toMatchObject({ word: 'differs', units: [{ name: 'Clerk', stated: 'o2 0, o1 5, u1 2, u2 0', recomputed: 'o2 1, o1 5, u1 2, u2 0' }] }); // oxfmt-ignore
  expect(item(played({ ...files('2,5,2,0'), 'El Paso.csv': undefined as never }), 'discrepancies')).toMatchObject({ word: 'cannot tell', units: [{ code: 'drawn-more-than-once' }] }); // oxfmt-ignore
  const unlisted = played({ ...files('0,5,2,0'), 'tabulateCounty.csv': undefined as never });
  expect(item(unlisted, 'discrepancies')).toMatchObject({ word: 'cannot tell', units: [{ code: 'choices-not-listed' }] }); // oxfmt-ignore

  // An error on a card that was drawn three times is three: known where the county's manifest is at hand, and else not told.
  const thrice = cards.at(-1)!;
  const again = files('3,5,2,0');
  const changed = { ...again, 'contestComparison.csv': again['contestComparison.csv']!.replace(reading(cards[0]!, 'Clerk', 'Ann', 'Bo'), reading(cards[0]!, 'Clerk', 'Ann', 'Ann')).replace(reading(thrice, 'Clerk', 'Ann', 'Ann'), reading(thrice, 'Clerk', 'Ann', 'Bo')) }; // oxfmt-ignore
  expect(item(played(changed), 'discrepancies')).toMatchObject({ word: 'reproduced' });
  expect(item(played({ ...changed, 'contest.csv': files('1,5,2,0')['contest.csv']! }), 'discrepancies')).toMatchObject({ word: 'differs', units: [{ recomputed: 'o2 3, o1 5, u1 2, u2 0' }] }); // oxfmt-ignore
});

test("another state's counties: in the order of their numbers where a file has them, and not guessed where none has", () => {
  // The same piles under names that are not Colorado's; by the alphabet they would lie Ash, Birch, Cedar.
  const names: Readonly<Record<string, string>> = { Elbert: 'Cedar', 'El Paso': 'Ash', Broomfield: 'Birch' };
  const renamed = (text: string): string => Object.entries(names).reduce((t, [from, to]) => t.replaceAll(from, to), text); // oxfmt-ignore
  const unpacked = unzipSync(whole['activity.xlsx'] as Uint8Array);
  const files = (more: Record<string, string> = {}): Replay =>
    replay([
      { name: 'activity.xlsx', bytes: zipSync(Object.fromEntries(Object.entries(unpacked).map(([n, b]) => [n, toUtf8(renamed(new TextDecoder().decode(b)))]))) }, // oxfmt-ignore
      ...Object.entries({ ...whole, ...more }).flatMap(([name, text]) => (typeof text === 'string' ? [{ name: renamed(name), bytes: toUtf8(renamed(text)) }] : [])), // oxfmt-ignore
    ]);
  expect(item(files(), 'draw', 'Governor')).toMatchObject({ word: 'missing input', code: 'county-numbers' });
  const numbered = (order: readonly string[]): string =>
    `county_id,county_name,contest_name,contest_id\n${order.map((c, i) => `${i + 1},${c},Governor,1`).join('\n')}\n2,El Paso,Clerk,2\n`; // oxfmt-ignore
  const right = files({ 'contestsByCounty.csv': numbered(['Elbert', 'El Paso', 'Broomfield']) });
  expect(item(right, 'draw', 'Governor')).toMatchObject({ word: 'reproduced', same: different(governor) });
  expect(right.notRead).toEqual([]);
  expect(item(files({ 'contestsByCounty.csv': numbered(['Broomfield', 'El Paso', 'Elbert']) }), 'draw', 'Governor').word).toBe('differs'); // oxfmt-ignore
});
