// The two languages say the same: the same keys, the same figures; and there are words for every check.
import { describe, expect, test } from 'vitest';
import { allChecks, type Finding } from '../checks/index.ts';
import { codeInWords, findingInWords, vocabularies } from './index.ts';

const { en, es } = vocabularies;

/** Every text of a vocabulary by its path: "checks.same-winner.holds". */
function texts(value: unknown, at = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[at, value]]);
  return new Map(
    Object.entries(value as Record<string, unknown>).flatMap(([key, v]) => [
      ...texts(v, at === '' ? key : `${at}.${key}`),
    ]),
  );
}
const figuresIn = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).toSorted();

describe('English and Spanish', () => {
  test('have the same keys', () => {
    expect([...texts(es).keys()].toSorted()).toEqual([...texts(en).keys()].toSorted());
  });
  test('ask for the same figures', () => {
    const spanish = texts(es);
    for (const [key, text] of texts(en))
      expect([key, figuresIn(spanish.get(key)!)]).toEqual([key, figuresIn(text)]);
  });
  test('leave no text empty in one language only, and none the same but for what both write alike', () => {
    const spanish = texts(es);
    const same = [...texts(en)]
      .filter(([key, text]) => text !== '' && text === spanish.get(key))
      .map(([, text]) => text);
    // A report's form is repeated as it stands.
    expect(same).toEqual(['{form}']);
    for (const [key, text] of texts(en)) expect([key, spanish.get(key) === '']).toEqual([key, text === '']);
  });
});

test('every check has words, and no words are of a check that is none', () => {
  expect(Object.keys(en.checks).toSorted()).toEqual(allChecks.map((c) => c.id).toSorted());
});

test('the same finding in both languages: numbers alike, words not', () => {
  const finding: Finding = {
    check: 'audit-started-from-certified', of: 'election', word: 'fails', units: [], read: [], explainedBy: [700],
    figures: [
      { name: 'marginThen', value: 12_780, unit: 'votes' },
      { name: 'marginCertified', value: 12_670, unit: 'votes' },
      { name: 'gross', value: 635, unit: 'votes' },
    ],
  }; // prettier-ignore
  expect(findingInWords(finding, undefined, 'en')).toMatchObject({
    word: 'fails',
    size: 'margin 12,780 then, 12,670 certified; gross 635 votes; explained in entry 700',
  });
  expect(findingInWords(finding, undefined, 'es')).toMatchObject({
    word: 'no se cumple',
    size: 'margen 12,780 entonces, 12,670 certificado; bruta 635 votos; explicado en el asiento 700',
  });
});

test('one is one, and several are several', () => {
  const faults = (value: number): Finding => ({
    check: 'log-tree', of: 'record', word: 'fails', units: [], read: [], explainedBy: [],
    figures: [{ name: 'faults', value, unit: 'rows' }],
  }); // prettier-ignore
  const said = (value: number, language: 'en' | 'es') =>
    findingInWords(faults(value), undefined, language).size;
  expect([said(1, 'en'), said(2, 'en')]).toEqual(['1 fault', '2 faults']);
  expect(said(1, 'es')).not.toBe(said(2, 'es').replace('2', '1'));
});

test('a code with a figure says it', () => {
  const figures = [{ name: 'period', value: 5, unit: 'digits' }] as const;
  expect(codeInWords('repeats', 'en', figures)).toBe('a block of 5 digits repeated');
  expect(codeInWords('repeats', 'es', figures)).toBe('se repite un bloque de 5 dígitos');
});
