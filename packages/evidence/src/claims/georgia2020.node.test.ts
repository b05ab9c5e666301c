// The statements of the example: real ones, in the shape the record accepts, put to checks that exist.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { allChecks } from '../checks/index.ts';
import type { Statement } from '../record/index.ts';
import { bodyShapes } from '../record/shapes.ts';

const read = (name: string): unknown =>
  JSON.parse(
    readFileSync(fileURLToPath(new URL(`../../../../cases/georgia-2020/${name}`, import.meta.url)), 'utf8'),
  );
const statements = read('statements.json') as readonly Statement[];
const explanations = read('explanations.json') as readonly Record<string, unknown>[];
const ids = new Set(allChecks.map((c) => c.id));

test('each statement has the shape that the record accepts, and an id of its own', () => {
  expect(statements.length).toBeGreaterThanOrEqual(12);
  for (const s of statements)
    expect([s.id, bodyShapes['statement made'](s, s.id)]).toEqual([s.id, undefined]);
  expect(new Set(statements.map((s) => s.id)).size).toBe(statements.length);
  for (const s of statements) {
    expect(s.when).toMatch(/^\d{4}-\d\d(-\d\d)?$/);
    expect(new Set(s.parts.map((p) => p.id)).size).toBe(s.parts.length);
  }
});

test('each part is put to checks that exist, or says which record would answer it', () => {
  for (const { id, parts } of statements)
    for (const part of parts) {
      expect(
        part.tests.filter((t) => !ids.has(t.check)),
        `${id}/${part.id}`,
      ).toEqual([]);
      if (part.tests.length === 0) expect(part.beyond, `${id}/${part.id}`).toBeTruthy();
    }
});

test('each explanation names a check and has the shape of its entry', () => {
  for (const { contest: _contest, jurisdiction: _jurisdiction, ...body } of explanations) {
    expect(bodyShapes['discrepancy explained'](body, 'explanation')).toBeUndefined();
    expect(ids).toContain(body['check']);
  }
});
