// The attacks that an audit must survive, by the names that Stark's and the other risk-limiting papers and their programs give them, and where each is
// drilled: in the statistical table (every method, 1,000 audits a cell), or where an attack is no matter of chance, in the record, the draw or the
// assertions. A drill that is renamed or gone fails here.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const table = 'packages/evidence/src/audit/drills.node.test.ts';
const records = 'apps/server/test/verified.node.test.ts';
const desk = 'apps/server/test/attacks.node.test.ts';
const draw = 'packages/evidence/src/draw/order.test.ts';
const order = 'packages/evidence/src/record/order.test.ts';
const assertions = 'packages/evidence/src/assertions/vectors.node.test.ts';

const drills: Readonly<Record<string, readonly (readonly [file: string, title: string])[]>> = {
  'switch votes A->B': [
    [table, 'votes switched from B to A'],
    [table, 'votes switched in two batches with records'],
    [table, 'second preferences switched from B to A'],
  ],
  'switch votes to undervote': [
    [table, 'votes for B recorded as undervotes'],
    [table, 'rankings for B recorded as blank'],
  ],
  'delete CVR + phantom': [
    [table, 'records of B deleted or hidden in another group, phantoms in their place'],
  ],
  'delete CVR and lower N_c': [
    [table, 'no sample shows it, only an independent number: $method, $rule'],
    [table, 'more records than that number are refused'],
  ],
  'too many phantoms': [
    [table, 'too many phantoms: more than the margin'],
    [table, 'more phantoms than the margin: a full hand count in the end: $method, $rule'],
  ],
  'wrong winner by one vote': [[table, 'wrong winner by one vote']],
  HideInUndervotes: [[table, 'hidden in undervotes: four batches of B, none of it recorded']],
  HideInOtherGroup: [
    [table, 'hidden in another group: cards of B on styles without the contest, styles not relied on'],
  ],
  HideInOtherPool: [[table, 'hidden in another pool: cards of B counted into one that has no vote']],
  'duplicated card ids': [
    [draw, 'what cannot be drawn is refused'],
    [records, 'a record numbered twice'],
  ],
  'swapped MVR order': [
    [table, 'papers in a chosen order are told: $method, $rule'],
    [table, 'are two discrepancies: $method, $rule'],
    [table, 'change no risk: $method, $rule'],
    [records, 'two readings exchanged between batches'],
    [records, 'two readings exchanged between cards'],
    [records, 'ballot polling: two readings exchanged between cards'],
    [records, 'the draws in another order'],
  ],
  'truncated sample': [
    [table, 'a truncated sample: $method, $rule'],
    [table, 'what speaks against the report held back: $method, $rule'],
    [records, 'a draw left out'],
  ],
  'false hasExactContests claim': [
    [table, 'styles falsely claimed to be exact: the contest is not on cards recorded as A'],
    [table, 'the contest is not on cards recorded as A, styles not relied on'],
  ],
  'PRN grinding after CVR choice': [
    [table, 'a draw that avoids the wrong cards is told: $method, $rule'],
    [draw, 'fault 13: another seed, or cards added or left out after the seed, show in the sample'],
    [order, 'a sealed input is not changed after the seed by way of a correction'],
    [desk, '2 a second seed'],
  ],
  'substituted seed': [
    [records, 'another seed in the place of the one thrown: its signature is false too'],
    [draw, 'fault 13: another seed, or cards added or left out after the seed, show in the sample'],
  ],
  'NEB/NEN set with one assertion removed': [
    [assertions, 'any one assertion removed, whichever, is refused: %s'],
  ],
  'pool total changed by one': [
    [table, 'the total of one pool or batch changed by one vote'],
    [records, 'a sealed total of one batch changed by one vote: the sum tells it, and the digest'],
    [records, 'the total of one pool changed by one vote: the sum tells it, and the digest'],
  ],
  'batch split': [
    [table, 'batches split, all that is wrong in one half'],
    [records, 'a batch %s in the sealed manifest and totals'],
    [desk, '1 a manifest is replaced after the seed'],
    [desk, '1b a sealed manifest is corrected after the seed'],
  ],
};

const text = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8');

describe('every attack has its drill', () => {
  test('there are eighteen', () => expect(Object.keys(drills)).toHaveLength(18));
  test.each(Object.entries(drills))('%s', (_, where) => {
    expect(where.length).toBeGreaterThan(0);
    for (const [file, title] of where) expect(text(file), `${file}: ${title}`).toContain(`'${title}'`);
  });
});
