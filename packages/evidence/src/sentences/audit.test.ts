import { describe, expect, test } from 'vitest';
import { choiceId, contestId } from '../election/index.ts';
import type { ContestAudit, Outcome } from '../audit/index.ts';
import { auditInWords, auditRefusalInWords } from './audit.ts';

const audit = (outcome: Outcome, more: Partial<ContestAudit> = {}): ContestAudit => ({
  contest: contestId('Governor'),
  method: 'batch comparison',
  rule: 'MACRO',
  riskLimit: 0.05,
  risk: 0.034476286,
  assertions: [],
  sample: { population: 3725, drawn: 15, interpreted: 15, pending: 0, notFound: 0, phantoms: 0 },
  outcome,
  ...more,
});

const outcomes: Outcome[] = [
  { kind: 'confirmed', exactly: true },
  { kind: 'goOn', to: { expected: 40, p90: 61, unit: 'draws' } },
  ...(['sample-refutes', 'no-smaller-sample', 'all-drawn'] as const).map(
    (why) => ({ kind: 'fullHandCountOrdered', why }) as const,
  ),
  { kind: 'fullHandCountAgrees' },
  { kind: 'fullHandCountCorrects', winners: [choiceId('Jane Doe')] },
  ...(
    [
      'not-targeted',
      'pending-cards',
      'one-seed-for-all-rounds',
      'no-risk-limit',
      'hand-count-tied',
      'hand-count-incomplete',
    ] as const
  ).map((why) => ({ kind: 'insufficientEvidence', why }) as const),
];

describe('an audit in words', () => {
  test('confirmed, as an observer reads it', () => {
    expect(auditInWords(audit({ kind: 'confirmed', exactly: false }), 'Governor')).toBe(
      'Governor was audited by batch comparison: people have read 15 of 3,725 batches, drawn at random. The paper confirms the reported outcome of Governor. If that outcome were wrong, the chance that this audit would not have shown it is at most 5\u00a0%; the sample itself measures 3.4\u00a0%.',
    );
  });
  test('every outcome has its own words in both languages, with nothing left unsaid', () => {
    for (const language of ['en', 'es'] as const) {
      const texts = outcomes.map((o) => auditInWords(audit(o), 'X', language));
      expect(new Set(texts).size).toBe(outcomes.length);
      for (const text of texts) expect(text).not.toMatch(/undefined|NaN|Infinity|secure|rigged|fraud/);
    }
    for (const o of outcomes)
      expect(auditInWords(audit(o), 'X', 'en')).not.toBe(auditInWords(audit(o), 'X', 'es'));
  });
  test('missing, phantom and pending cards are said', () => {
    const sample = { population: 900, drawn: 20, interpreted: 17, pending: 3, notFound: 2, phantoms: 1 };
    const text = auditInWords(
      audit({ kind: 'goOn', to: { expected: 40, p90: 61, unit: 'cards' } }, { sample }),
      'X',
    );
    expect(text).toContain('3 that were drawn');
    expect(text).toContain('2 could not be found');
    expect(text).toContain('1 have no machine record');
    expect(text).toContain('61 in nine cases of ten');
  });
  test('a tiny risk is never said to be nothing', () => {
    const text = auditInWords(audit({ kind: 'confirmed', exactly: false }, { risk: 1e-30 }), 'X');
    expect(text).not.toContain('measures 0');
    expect(text).toContain('0.0001');
  });
  test('who won by the hand count is named as people name them', () => {
    const names = (id: string): string => (id === 'jane-doe' ? 'Jane Doe' : id);
    expect(auditInWords(audit(outcomes[6]!), 'X', 'en', names)).toContain('Jane Doe');
  });
  test('a refusal says that nothing was assessed', () => {
    expect(auditRefusalInWords({ code: 'card-drawn-twice', card: 'c' })).toMatch(/^Nothing was assessed/);
    expect(auditRefusalInWords({ code: 'card-drawn-twice', card: 'c' }, 'es')).toMatch(/^No se evaluó nada/);
  });
});
