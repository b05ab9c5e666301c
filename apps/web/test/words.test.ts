import { describe, expect, test } from 'vitest';
import { english } from '../src/words/english.ts';
import { fill, placesIn } from '../src/words/fill.ts';
import { spanish } from '../src/words/spanish.ts';

describe('the words of the pages', () => {
  test('have the same keys and places in both languages', () => {
    expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort());
    for (const [key, words] of Object.entries(english))
      expect(placesIn(spanish[key as keyof typeof english]), key).toEqual(placesIn(words));
  });
  test('numbers and plurals are the language’s', () => {
    const words = '{n} {n|card|cards} of {name}';
    expect(fill(words, { n: 1, name: 'Bibb' }, 'en')).toBe('1 card of Bibb');
    expect(fill(words, { n: 12284, name: 'Bibb' }, 'en')).toBe('12,284 cards of Bibb');
    expect(fill('{n} {n|boleta|boletas}', { n: 0 }, 'es')).toBe('0 boletas');
    expect(fill('a place without a value stays: {gone}', {}, 'en')).toContain('{gone}');
  });
});
