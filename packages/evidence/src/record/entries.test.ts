// What is no entry, although it is canonical JSON of nearly the right shape.
import { expect, test } from 'vitest';
import { canonicalJson } from '../bytes/index.ts';
import { orderFaults, parseEntry, StepsSoFar, type Entry } from './index.ts';

const entry: Entry = {
  v: 1,
  position: 0,
  appended: '2026-11-22T00:00:00.000Z',
  act: {
    kind: 'incident noted',
    author: { name: 'A. Clerk', role: 'county manager' },
    done: '2026-11-21T18:30:00-05:00',
    about: {},
    body: { access: 'open', digest: '0'.repeat(64) },
  },
  signatures: [],
};
const parsed = (value: unknown): unknown => parseEntry(canonicalJson(value));

test('an entry is read', () => {
  expect(parsed(entry)).toEqual(entry);
  expect(parsed({ ...entry, act: { ...entry.act, done: '2026-11-21' } })).toMatchObject({ position: 0 });
});

test('anything else says where it differs', () => {
  const act = (change: object): unknown => ({ ...entry, act: { ...entry.act, ...change } });
  const refused: [unknown, string][] = [
    [{ ...entry, v: 2 }, 'entry.v'],
    [{ ...entry, position: -1 }, 'entry.position'],
    [{ ...entry, position: 0.5 }, 'entry.position'],
    [{ ...entry, appended: '2026-11-22T00:00:00Z' }, 'entry.appended'],
    [{ ...entry, appended: '2026-11-22 00:00:00.000' }, 'entry.appended'],
    [{ ...entry, more: 1 }, 'entry.more'],
    [{ ...entry, signatures: [{ keyid: 'ab', sig: '' }] }, 'entry.signatures[0].keyid'],
    [act({ kind: 'election stolen' }), 'entry.act.kind'],
    [act({ done: 'yesterday' }), 'entry.act.done'],
    [act({ done: '2026-11-21T18:30:00' }), 'entry.act.done'],
    [act({ about: { entries: [-1] } }), 'entry.act.about.entries[0]'],
    [act({ body: { access: 'secret', digest: '0'.repeat(64) } }), 'entry.act.body.access'],
    [act({ body: { access: 'open', digest: 'F'.repeat(64) } }), 'entry.act.body.digest'],
    [[entry], 'entry'],
    [null, 'entry'],
  ];
  for (const [value, place] of refused) expect(parsed(value), JSON.stringify(value)).toBe(place);
});

test('a leaf that cannot be read keeps its place in the order', () => {
  const steps = new StepsSoFar();
  steps.add({ act: { ...entry.act, kind: 'election defined' } });
  steps.skipTo(2); // entry 1 could not be read
  steps.add({ act: { ...entry.act, body: { access: 'sealed', digest: '0'.repeat(64) } } });
  expect([steps.count, steps.isSealed(2), steps.kindAt(1)]).toEqual([3, true, undefined]);
  expect(orderFaults(steps, { kind: 'seal opened', about: { entries: [2] } }, 'reconstructed')).toEqual([]);
});
