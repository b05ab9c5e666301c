import { describe, expect, test } from 'vitest';
import { jurisdictionId } from '../election/index.ts';
import type { About, EntryKind } from './entry.ts';
import { orderFaults, StepsSoFar, type OrderCode } from './order.ts';

type Written = EntryKind | readonly [EntryKind, About] | readonly [EntryKind, About, 'sealed'];

/** Takes every step, whatever the table says of it, and gives the codes of the last one. */
function lastOf(steps: readonly Written[], record: 'conducted' | 'reconstructed' = 'conducted'): OrderCode[] {
  const before = new StepsSoFar();
  let codes: OrderCode[] = [];
  for (const step of steps) {
    const [kind, about, access] = typeof step === 'string' ? [step, {}, 'open'] : [step[0], step[1], step[2]];
    codes = orderFaults(before, { kind, about }, record).map((f) => f.code);
    before.add({
      act: { kind, about, body: { access: access === 'sealed' ? 'sealed' : 'open', digest: '' } },
    });
  }
  return codes;
}

const clarke = jurisdictionId('Clarke');
const sealed: readonly Written[] = [
  'election defined',
  ['jurisdiction joined', { jurisdiction: clarke }],
  ['manifest sealed', { jurisdiction: clarke }, 'sealed'],
  'results reported',
];
const announced: readonly Written[] = [...sealed, 'contests and risk limits announced'];
const drawn: readonly Written[] = [...announced, 'seed drawn', 'sample drawn'];
const certified: readonly Written[] = [...drawn, 'paper interpreted', 'round assessed', 'certificate signed'];

/** Each code of the table, by the shortest story that breaks it. */
const broken: Record<OrderCode, readonly Written[]> = {
  'before-definition': ['statement made'],
  'second-definition': ['election defined', 'election defined'],
  'sealed-input-changed-after-seed': [...drawn, 'manifest sealed'],
  'announced-before-results': ['election defined', 'contests and risk limits announced'],
  'announced-after-seed': [...drawn, 'contests and risk limits announced'],
  'seed-before-seal': [
    'election defined',
    'results reported',
    'contests and risk limits announced',
    'seed drawn',
  ],
  'seed-before-announcement': [...sealed, 'seed drawn'],
  'second-seed': [...drawn, 'seed drawn'],
  'sample-before-seed': [...announced, 'sample drawn'],
  'paper-before-sample': [...announced, 'paper interpreted'],
  'assessed-before-paper': [...drawn, 'round assessed'],
  'hand-count-before-order': [...announced, 'hand count reported'],
  'certified-before-result': [...announced, 'certificate signed'],
  'opened-before-sealed': [...sealed, ['seal opened', { entries: [3] }]],
  'names-no-earlier-entry': [...sealed, ['correction', {}]],
  'before-jurisdiction-joined': ['election defined', ['incident noted', { jurisdiction: clarke }]],
  'after-certificate': [...certified, 'paper interpreted'],
};

describe('which entry may follow which', () => {
  test('a whole audit breaks nothing', () => {
    for (let n = 1; n <= certified.length; n += 1) expect(lastOf(certified.slice(0, n))).toEqual([]);
    expect(lastOf([...certified, ['seal opened', { entries: [2] }]])).toEqual([]);
    expect(
      lastOf([...sealed, 'full hand count ordered', 'hand count reported', 'certificate signed']),
    ).toEqual([]);
  });
  test.each(Object.entries(broken))('%s', (code, steps) => {
    expect(lastOf(steps)).toEqual([code]);
  });
  test('a sealed input is not changed after the seed by way of a correction', () => {
    expect(lastOf([...drawn, ['correction', { entries: [2] }]])).toEqual(['sealed-input-changed-after-seed']);
    expect(lastOf([...announced, ['correction', { entries: [2] }]])).toEqual([]);
    expect(lastOf([...drawn, ['correction', { entries: [6] }]])).toEqual([]);
  });
  test('an entry may name only earlier ones', () => {
    for (const p of [4, 5, -1])
      expect(lastOf([...sealed, ['correction', { entries: [p] }]])).toEqual(['names-no-earlier-entry']);
  });
  test('a reconstructed record is in the order in which it was gathered', () => {
    expect(lastOf(['election defined', 'hand count reported'], 'reconstructed')).toEqual([]);
    expect(lastOf(['hand count reported'], 'reconstructed')).toEqual(['before-definition']);
    expect(lastOf(['election defined', 'correction'], 'reconstructed')).toEqual(['names-no-earlier-entry']);
  });
});
