// The specification of the record names every fault that its reader, its fold, its order and its keeper can report: a code that a stranger
// meets in a finding must be in the text that the stranger has.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

/** Words joined by hyphens, in single quotes: how codes and checks are written in the source. */
const codesIn = (source: string): string[] =>
  [...source.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map((m) => m[1]!);

/** Of a keeper at the desk, about files that are imported: no fault of a record. */
const notOfRecords = new Set(['unknown-contest', 'unknown-jurisdiction', 'export-sealed-already']);

test('specs/record.md and specs/log.md name every fault of a record', () => {
  const specified = new Set(
    [...`${read('specs/record.md')}${read('specs/log.md')}`.matchAll(/`([a-z-]+)`/g)].map((m) => m[1]!),
  );
  const sources = ['record/read.ts', 'record/fold.ts', 'record/order.ts'].map(
    (f) => `packages/evidence/src/${f}`,
  );
  const codes = [...sources, 'packages/keeper/src/keeper.ts'].flatMap((f) => codesIn(read(f)));
  expect(new Set(codes).size).toBeGreaterThan(45);
  expect(codes.filter((c) => !specified.has(c) && !notOfRecords.has(c))).toEqual([]);
});
