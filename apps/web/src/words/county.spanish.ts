// The words of the counties’ pages, in Spanish.
import type { countyEnglish } from './county.english.ts';

export const countySpanish: Readonly<Record<keyof typeof countyEnglish, string>> = {
  'nav.county': 'Mi condado',
};
