// Each word of the scale, reached by the smallest statement that deserves it. Findings are made by hand: what checks find is their own tests' matter.
import { describe, expect, test } from 'vitest';
import type { Finding, Word } from '../checks/index.ts';
import { contestId, jurisdictionId } from '../election/index.ts';
import type { Evidence, Statement, StatementPart } from '../record/index.ts';
import { answerStatements, type Answer } from './index.ts';

const contest = contestId('Clerk');
const [adams, burke] = [jurisdictionId('Adams'), jurisdictionId('Burke')];

const made = (check: string, word: Word, parts: Partial<Finding> = {}): Finding => ({
  check, of: 'election', word, figures: [], units: [], read: [], explainedBy: [], ...parts,
}); // prettier-ignore

const findings: readonly Finding[] = [
  made('same-winner', 'holds', {
    contest,
    figures: [{ name: 'reportedMargin', value: 10, unit: 'votes' }],
  }),
  made('differences-below-margin', 'holds', {
    contest,
    figures: [{ name: 'grossMargin', value: 3, unit: 'votes' }],
  }),
  made('batch-ranges-apart', 'fails', {
    contest,
    units: [
      { jurisdiction: adams, code: 'same-tally', figures: [{ name: 'cards', value: 40, unit: 'cards' }] },
      { jurisdiction: adams, code: 'same-votes', figures: [{ name: 'cards', value: 2, unit: 'cards' }] },
      {
        jurisdiction: adams,
        code: 'different-tally',
        figures: [{ name: 'cards', value: 900, unit: 'cards' }],
      },
    ],
  }),
  made('voters-credited', 'cannot tell', { code: 'no-voter-credit-file' }),
];

const part = (
  role: StatementPart['role'],
  check?: string,
  word: 'holds' | 'fails' = 'holds',
  more: { jurisdiction?: typeof adams } = {},
): StatementPart => ({
  id: 'part',
  asks: 'is it so?',
  role,
  tests: check === undefined ? [] : [{ check, word, ...more }],
});
const right = (role: StatementPart['role']): StatementPart => part(role, 'same-winner');
const wrong = (role: StatementPart['role']): StatementPart => part(role, 'differences-below-margin', 'fails');
const untold = (role: StatementPart['role']): StatementPart => part(role, 'voters-credited');
const none = (role: StatementPart['role']): StatementPart => part(role);

function answer(parts: readonly StatementPart[], more: Partial<Statement> = {}): Answer {
  const statement: Statement = {
    id: 'statement', kind: 'claim', who: 'somebody', when: '2026-11-04', where: 'somewhere', words: 'so it is', contest, parts, ...more,
  }; // prettier-ignore
  const evidence: Evidence = {
    election: { name: 'Test', date: '2026-11-03', jurisdictions: [], contests: [] },
    results: [], handCounts: [], handCountTotals: [], ballotsCast: [], statedAudits: [], explanations: [],
    statements: [{ value: statement, sources: [{ name: 'test' }] }],
  }; // prettier-ignore
  return answerStatements(evidence, findings)[0]!;
}

describe('the word', () => {
  test.each([
    ['support', [right('kernel'), right('conclusion')]],
    ['support', [right('kernel')]],
    ['contradict', [wrong('kernel'), wrong('conclusion')]],
    ['contradict', [untold('kernel'), wrong('conclusion')]],
    ['partly', [right('kernel'), wrong('conclusion')]],
    ['in part', [right('kernel'), untold('conclusion')]],
    ['in part', [wrong('kernel'), none('conclusion')]],
    ['in part', [wrong('kernel'), right('conclusion')]],
    ['in part', [untold('kernel'), right('conclusion')]],
    ['in part', [right('conclusion'), wrong('conclusion')]],
    ['unpublished', [untold('kernel'), none('conclusion')]],
    ['unanswerable', [none('kernel'), none('conclusion')]],
    ['not factual', []],
  ] as const)('%s', (word, parts) => {
    expect(answer(parts).word).toBe(word);
  });
});

describe('a part', () => {
  const wordOf = (p: StatementPart): string => answer([p]).parts[0]!.word;
  test('is wrong if one of its tests is, and right only if all are', () => {
    const both = { ...right('kernel'), tests: [...right('kernel').tests, ...wrong('kernel').tests] };
    expect(wordOf(both)).toBe('wrong');
    expect(wordOf({ ...both, tests: [...right('kernel').tests, ...untold('kernel').tests] })).toBe(
      'cannot tell',
    );
  });
  test('a check that fails in one jurisdiction holds in another', () => {
    expect(wordOf(part('kernel', 'batch-ranges-apart', 'fails', { jurisdiction: adams }))).toBe('right');
    expect(wordOf(part('kernel', 'batch-ranges-apart', 'fails', { jurisdiction: burke }))).toBe('wrong');
    expect(wordOf(part('kernel', 'batch-ranges-apart', 'holds', { jurisdiction: burke }))).toBe('right');
  });
  test('a check that was not made tells nothing, and so does one that cannot tell in a jurisdiction', () => {
    const missing = answer([part('kernel', 'no-such-check')]).parts[0]!;
    expect([missing.word, missing.tests[0]!.came]).toEqual(['cannot tell', 'not made']);
    expect(wordOf(part('kernel', 'voters-credited', 'fails', { jurisdiction: adams }))).toBe('cannot tell');
  });
  test('a finding about another contest is not looked at', () => {
    const other = answer([right('kernel')], { contest: contestId('Sheriff') });
    expect(other.parts[0]!.tests[0]!.came).toBe('not made');
    expect(other.margin).toBeUndefined();
  });
});

describe('the size', () => {
  test('is the largest number a finding gives, with the margin beside it', () => {
    const { size, margin } = answer([right('kernel'), wrong('conclusion')]);
    expect([size?.value, margin?.value]).toEqual([3, 10]);
  });
  test('in a jurisdiction it is all its units together, but for those alike in name only', () => {
    const { size } = answer([part('kernel', 'batch-ranges-apart', 'fails', { jurisdiction: adams })]);
    expect([size?.value, size?.unit]).toEqual([42, 'cards']);
  });
});

test('a figure that cannot be computed is said so and does not enter the word', () => {
  const stated = { name: 'first-total', value: '4,995,323', of: 'votes' };
  const { word, figures } = answer([right('conclusion')], { figures: [stated] });
  expect([word, figures]).toEqual(['support', [{ stated, computed: undefined }]]);
});
