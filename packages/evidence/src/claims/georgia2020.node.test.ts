// The statements of the example: real ones, in the shape the record accepts, put to checks that exist.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { haveShared, sharedFile } from '../../../../tests/sharedData.ts';
import { allChecks, checkEvidence } from '../checks/index.ts';
import { contestId, type Contest } from '../election/index.ts';
import { open } from '../formats/index.ts';
import type { Statement } from '../record/index.ts';
import { evidenceOf } from '../../test/filesAtHand.ts';
import { answerStatements } from './index.ts';
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

test('what is asked and what lies beyond is there in both languages, member by member; what was said is not translated', () => {
  const keys = (of: object | undefined): string[] => Object.keys(of ?? {}).sort();
  for (const { id, parts, figures = [] } of statements) {
    for (const part of parts)
      expect(keys(part.spanish), `${id}/${part.id}`).toEqual(
        'beyond' in part ? ['asks', 'beyond'] : ['asks'],
      );
    for (const f of figures)
      expect(keys(f.spanish), `${id}/${f.name}`).toEqual('note' in f ? ['note', 'of'] : ['of']);
    // A figure that is named in one language is named in the other.
    const numbers = (text: string): string[] => (text.match(/\d[\d,.]*\d|\d/g) ?? []).toSorted();
    for (const { asks, beyond = '', spanish } of parts)
      expect(numbers(`${spanish!.asks} ${spanish!.beyond ?? ''}`), asks).toEqual(
        numbers(`${asks} ${beyond}`),
      );
  }
});

test('each explanation names a check and has the shape of its entry', () => {
  for (const { contest: _contest, jurisdiction: _jurisdiction, ...body } of explanations) {
    expect(bodyShapes['discrepancy explained'](body, 'explanation')).toBeUndefined();
    expect(ids).toContain(body['check']);
  }
});

test.skipIf(!haveShared())('the answers that the state’s files give', () => {
  let contest: Contest | undefined;
  const opened = [
    'audit-report-November-3-2020-General-Election-2020-11-19.csv',
    'machine-count-detail-2020-11-20.xml',
    'county-undervotes-overvotes.json',
  ].map((name) => {
    const reading = open(name, readFileSync(sharedFile(`data/georgia-2020/${name}`)), contest);
    if (!reading.ok) throw new Error(JSON.stringify(reading.refusals[0]));
    contest ??= reading.value.contests.find((c) => c.id === contestId('President of the United States'));
    return { source: { name }, opened: reading.value };
  });
  const evidence = {
    ...evidenceOf(opened),
    statements: statements.map((value) => ({ value, sources: [] })),
  };
  const answers = answerStatements(evidence, checkEvidence(evidence));
  expect(Object.fromEntries(answers.map((a) => [a.statement.id, a.word]))).toEqual({
    'dominion-deleted-2-7-million': 'in part',
    'algorithm-flipped-votes': 'contradict',
    'no-evidence-any-voting-system': 'in part',
    'paper-records-in-close-states': 'in part',
    'audit-reaffirmed-the-count': 'support',
    'outcome-consistent-with-the-machine-vote': 'support',
    'no-manipulation-on-the-machine-side': 'in part',
    'paper-95-percent': 'in part',
    'fulton-batches-added-twice': 'in part',
    'fulton-report-sloppy': 'support',
    'gwinnett-blank-ballots': 'partly',
    'gwinnett-second-pages': 'in part',
    'find-11780-votes': 'contradict',
    'dead-people-voted': 'unanswerable',
    'state-farm-arena-scanned-again': 'contradict',
    'recount-means-nothing': 'unanswerable',
    'fraudulent-votes-found': 'in part',
    'floyd-not-an-equipment-issue': 'unpublished',
  });
  for (const { margin } of answers) expect(margin?.value).toBe(12_670);

  // As published by the state on 19 November 2020; the two that need files not at hand stay untold.
  const figures = answers.find((a) => a.statement.id === 'audit-reaffirmed-the-count')!.figures;
  expect(Object.fromEntries(figures.map((f) => [f.stated.name, f.computed]))).toEqual({
    'hand-margin': '12,284',
    'margin-then': '12,780',
    'margin-variation-of-all-votes': '0.0099%',
    'total-variation': undefined,
    'first-total': undefined,
    'counties-under-0.05%': '103',
    'largest-county': '0.73%',
  });
});
