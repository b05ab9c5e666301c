// Every act that a desk can make, and every kind of entry, has a sentence of its own on the public site, in both languages.
import { entryKinds, type Entry, type EntryKind } from '@opencanvass/evidence/record';
import { expect, test } from 'vitest';
import { variantOf, type ActVariant, type Before } from '../src/site/variants.ts';
import { siteWords } from '../src/site/words.ts';

const entry = (kind: EntryKind, about: object = {}) =>
  ({ act: { kind, about } }) as unknown as Pick<Entry, 'act'>;
const before = (of: Partial<Before> = {}): Before => ({
  kindOf: () => undefined,
  isAssessed: () => false,
  ...of,
});
const about = { entries: [3] };
const named = (kind: EntryKind): Before => before({ kindOf: () => kind });

const acts: readonly (readonly [ActVariant, EntryKind, unknown, Before?])[] = [
  ['card read', 'paper interpreted', { unit: 'a/b/c/1', contests: [] }],
  ['batch read', 'paper interpreted', { unit: 'a/b/c', batch: { votes: [1] } }],
  ['batch entered by one of two', 'paper interpreted', { batch: { votes: [1] }, entered: 'Ada' }],
  ['paper read, sealed', 'paper interpreted', undefined],
  ['read again', 'correction', { reason: 'x', replacement: { unit: 'u' } }, named('paper interpreted')],
  ['read again before witnesses', 'correction', { reason: 'x', replacement: { witnesses: ['W'] } }, named('paper interpreted')],
  ['hand count put right', 'correction', { reason: 'x', replacement: { contest: 'c' } }, named('hand count reported')],
  ['seal replaced', 'correction', { reason: 'x' }, named('CVRs sealed')],
  ['correction in words', 'correction', { reason: 'x' }, named('challenge filed')],
  ['round assessed', 'round assessed', { method: 'batch comparison', ending: 'go on' }],
  ['round assessed again', 'round assessed', { method: 'batch comparison' }, before({ isAssessed: () => true })],
  ['hand count assessed', 'round assessed', { method: 'full hand count', ending: 'full hand count agrees' }],
  ['tie', 'round assessed', { method: 'full hand count', tied: ['a', 'b'] }],
  ['lot', 'round assessed', { method: 'full hand count', lot: { among: ['a', 'b'], winners: ['a'] } }],
  ['preview', 'incident noted', { preview: { seed: '1' }, words: 'x' }],
  ['investigation', 'incident noted', { investigation: { contest: 'c', unit: 'u' }, words: 'x' }],
  ['chain of attempts', 'incident noted', { attempts: { rows: 1, hash: '0' }, words: 'x' }],
  ['incident', 'incident noted', { words: 'x' }],
  ['difference explained', 'discrepancy explained', { reason: 'not known', words: 'x' }],
  ['discrepancy explained', 'discrepancy explained', { words: 'x' }],
]; // oxfmt-ignore

test.each(acts.map((act) => ({ act, name: act[0] })))('$name', ({ act: [variant, kind, body, known] }) => {
  expect(variantOf(entry(kind, about), body, known ?? before())).toBe(variant);
});

test('every kind and every variant has a sentence, in both languages, none the same as another', () => {
  const several = new Set(acts.map(([, kind]) => kind));
  const alone = entryKinds.filter((kind) => !several.has(kind));
  for (const kind of alone) expect(variantOf(entry(kind), {}, before())).toBe(kind);
  const variants = [...alone, ...acts.map(([variant]) => variant)];
  for (const { acts: told } of Object.values(siteWords)) {
    expect(Object.keys(told).toSorted()).toEqual([...new Set(variants)].toSorted());
    expect(new Set(Object.values(told)).size).toBe(Object.keys(told).length);
  }
  for (const variant of Object.keys(siteWords.en.acts) as ActVariant[])
    expect(siteWords.es.acts[variant]).not.toBe(siteWords.en.acts[variant]);
});
