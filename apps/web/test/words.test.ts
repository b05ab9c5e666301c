import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { finding } from '@opencanvass/contract';
import { describe, expect, test } from 'vitest';
import { accountEnglish } from '../src/words/account.english.ts';
import { boardEnglish } from '../src/words/board.english.ts';
import { countyEnglish } from '../src/words/county.english.ts';
import { english } from '../src/words/english.ts';
import { fill, placesIn } from '../src/words/fill.ts';
import { problemsEnglish } from '../src/words/problems.english.ts';
import { spanish } from '../src/words/spanish.ts';

describe('the words of the pages', () => {
  test('have the same keys and places in both languages', () => {
    expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort());
    for (const [key, words] of Object.entries(english))
      expect(placesIn(spanish[key as keyof typeof english]), key).toEqual(placesIn(words));
  });
  test('are said in one place: no part takes the words out of another’s mouth', () => {
    const parts = [accountEnglish, boardEnglish, countyEnglish, problemsEnglish].map((part) =>
      Object.keys(part),
    );
    const own = readFileSync(fileURLToPath(new URL('../src/words/english.ts', import.meta.url)), 'utf8');
    const keys = [...parts.flat(), ...[...own.matchAll(/^ {2}'?([\w. -]+?)'?:/gm)].map((m) => m[1]!)];
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(keys.sort()).toEqual(Object.keys(english).sort());
  });
  test('tell every finding in a county’s files, with exactly the values it carries', () => {
    const codes = finding.options.map(({ shape }) => shape.code.value);
    const told = Object.keys(english).filter((key) => key.startsWith('finding.'));
    expect(told.sort()).toEqual(codes.map((code) => `finding.${code}`).sort());
    for (const words of [english, spanish])
      for (const { shape } of finding.options)
        expect(placesIn(words[`finding.${shape.code.value}`]), shape.code.value).toEqual(
          Object.keys(shape.values.shape).sort(),
        );
  });
  test('numbers and plurals are the language’s', () => {
    const words = '{n} {n|card|cards} of {name}';
    expect(fill(words, { n: 1, name: 'Bibb' }, 'en')).toBe('1 card of Bibb');
    expect(fill(words, { n: 12284, name: 'Bibb' }, 'en')).toBe('12,284 cards of Bibb');
    expect(fill('{n} {n|boleta|boletas}', { n: 0 }, 'es')).toBe('0 boletas');
    expect(fill('a place without a value stays: {gone}', {}, 'en')).toContain('{gone}');
  });
});
