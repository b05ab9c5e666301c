import { describe, expect, test } from 'vitest';
import type { Outcome } from '../audit/index.ts';
import { auditInWords, auditRefusalInWords, endingInWords, methodInWords, type AuditTold } from './audit.ts';

const told = (more: Partial<AuditTold> = {}): AuditTold => ({
  contest: 'Governor',
  method: 'batch comparison',
  ending: 'confirmed',
  riskLimit: 0.05,
  risk: 0.034476286,
  winners: ['Ann Moss'],
  sample: { unit: 'batch', drawn: 15, read: 15 },
  ...more,
});
/** Every code that an outcome can carry. */
const ordered: readonly Extract<Outcome, { kind: 'fullHandCountOrdered' }>['why'][] = [
  'sample-refutes',
  'no-smaller-sample',
  'all-drawn',
];
const insufficient: readonly Extract<Outcome, { kind: 'insufficientEvidence' }>['why'][] = [
  'not-targeted',
  'pending-cards',
  'one-seed-for-all-rounds',
  'no-risk-limit',
  'hand-count-tied',
  'hand-count-incomplete',
];
const all: readonly AuditTold[] = [
  told(),
  told({ ending: 'not begun', winners: [] }),
  told({ ending: 'go on', next: { expected: 40.2, p90: 61, unit: 'draws' } }),
  ...ordered.map((why) => told({ ending: 'full hand count ordered', why })),
  told({ ending: 'full hand count agrees', method: 'full hand count' }),
  told({ ending: 'full hand count corrects', method: 'full hand count', winners: ['Bob Reed'] }),
  ...insufficient.map((why) => told({ ending: 'insufficient evidence', why, winners: [] })),
];

describe('an audit in words', () => {
  test('confirmed, as an observer reads it', () => {
    expect(auditInWords(told())).toBe(
      'Governor is audited by batch comparison: people have read all 15 batches drawn at random. The paper confirms the reported outcome of Governor: Ann Moss. If that outcome were wrong, the chance that this audit would not have shown it is at most 5%; the sample itself measures 3.4%.',
    );
    expect(auditInWords(told(), 'es')).toBe(
      'Governor se audita por comparación de lotes: se leyeron los 15 lotes sorteados al azar. El papel confirma el resultado informado de Governor: Ann Moss. Si ese resultado fuera erróneo, la probabilidad de que esta auditoría no lo hubiera mostrado es de 5% como máximo; la propia muestra mide 3.4%.',
    );
  });
  test('every outcome has its own words in both languages, with nothing left unsaid', () => {
    for (const language of ['en', 'es'] as const) {
      const texts = all.map((t) => auditInWords(t, language));
      expect(new Set(texts).size).toBe(all.length);
      for (const text of texts) expect(text).not.toMatch(/undefined|NaN|Infinity|\{|\}|secure|rigged|fraud/);
    }
    for (const t of all) expect(auditInWords(t, 'en')).not.toBe(auditInWords(t, 'es'));
  });
  test('what is still to be read is said, and how far it goes on', () => {
    const more = told({
      ending: 'go on',
      sample: { unit: 'card', drawn: 1200, read: 1197 },
      next: { expected: 40.2, p90: 61, unit: 'cards' },
    });
    expect(auditInWords(more)).toContain('people have read 1,197 of the 1,200 cards drawn at random');
    expect(auditInWords(more)).toContain(
      'about 41 cards in all should be enough, and 61 in nine cases of ten',
    );
    expect(auditInWords(more, 'es')).toContain('se leyeron 1,197 de las 1,200 hojas sorteadas al azar');
  });
  test('one is one', () => {
    const one = told({ sample: { unit: 'card', drawn: 1, read: 1 } });
    expect(auditInWords(one)).toContain('people have read the one card drawn');
    expect(auditInWords(one, 'es')).toContain('se leyó la hoja sorteada al azar');
  });
  test('a tiny risk is never said to be nothing', () => {
    const text = auditInWords(told({ risk: 1e-30 }));
    expect(text).toContain('measures <\u00a00.0001%');
  });
  test('who won by the hand count is named, and who is tied', () => {
    expect(auditInWords(all[7]!)).toContain('it elects Bob Reed, not who was reported');
    const tie = told({
      ending: 'insufficient evidence',
      why: 'hand-count-tied',
      tied: ['Ann', 'Bob'],
      winners: [],
    });
    expect(auditInWords(tie)).toContain('Tied are Ann and Bob.');
    expect(auditInWords(tie, 'es')).toContain('Empatan Ann y Bob.');
  });
  test('names of methods and endings; what nobody knows is said as it stands', () => {
    expect(methodInWords('card comparison')).toBe('Card comparison');
    expect(methodInWords('card comparison', 'es')).toBe('Comparación de hojas');
    expect(methodInWords('some other')).toBe('some other');
    expect(endingInWords('full hand count agrees', 'es')).toBe('El conteo completo a mano coincide');
    expect(auditInWords(told({ method: 'ONEAudit' }))).toContain('audited by ONEAudit (');
  });
  test('a refusal says that nothing was assessed', () => {
    expect(auditRefusalInWords({ code: 'card-drawn-twice', card: 'c' })).toMatch(/^Nothing was assessed/);
    expect(auditRefusalInWords({ code: 'card-drawn-twice', card: 'c' }, 'es')).toMatch(/^No se evaluó nada/);
  });
});
