// A sentence with its places filled: {n} is a value, written as the language writes it; {n|card|cards} is the first form for one and the
// second for any other number, as both of our languages have it.
export type Value = string | number;
export type Values = Readonly<Record<string, Value>>;

const place = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;

export function fill(template: string, values: Values, language: 'en' | 'es'): string {
  return template.replace(place, (whole, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && other !== undefined)
      return pluralOf(Number(value), language) === 'one' ? one : other;
    return typeof value === 'number' ? numberOf(value, language) : value;
  });
}

/** The names of the places in a sentence, in order of the alphabet. */
export const placesIn = (template: string): string[] =>
  [...new Set([...template.matchAll(place)].map((m) => m[1]!))].sort();

/** Spanish as it is written in the United States: 12,284 and not 12.284. */
export const localeOf = { en: 'en-US', es: 'es-US' } as const;

const pluralOf = (n: number, language: 'en' | 'es'): string =>
  new Intl.PluralRules(localeOf[language]).select(n);

export const numberOf = (n: number, language: 'en' | 'es', digits = 0): string =>
  new Intl.NumberFormat(localeOf[language], { maximumFractionDigits: digits }).format(n).replace('-', '−');
