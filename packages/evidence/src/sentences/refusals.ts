// Why a file, or a row of it, was not read, in the language of whoever gave it. A reader's refusal is a code with what was expected, found and
// advised in English (formats/reading.ts); a phrase that is in the table is said in the other language, and what the file itself says stays as it
// stands there.
import { refusalsSpanish } from './refusals.spanish.ts';
import type { Language } from './vocabulary.ts';

/** What a refusal, a remark or a problem of the desk says in words. */
export interface Told {
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly todo?: string | undefined;
}

export function refusalInWords<T extends Told>(said: T, language: Language): T {
  if (language === 'en') return said;
  const spoken = (['expected', 'found', 'todo'] as const).flatMap((part) => {
    const text = said[part];
    return text === undefined ? [] : [[part, inSpanish(text)] as const];
  });
  return { ...said, ...Object.fromEntries(spoken) };
}

interface Phrase {
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly spanish: string;
}

const hole = /\{(\w+)\}/g;

/** {n} and {m} are numbers. */
const isNumber = (name: string): boolean => name === 'n' || name === 'm';

/** Phrases with places for values, those that say most themselves first. */
const phrases: readonly Phrase[] = Object.entries(refusalsSpanish)
  .filter(([english]) => english.includes('{'))
  .toSorted(([a], [b]) => b.replaceAll(hole, '').length - a.replaceAll(hole, '').length)
  .map(([english, spanish]) => {
    const names = [...english.matchAll(hole)].map((match) => match[1]!);
    const between = english.split(/\{\w+\}/).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = between
      .map((text, i) => (i === 0 ? text : `${isNumber(names[i - 1]!) ? '(\\d+)' : '(.+?)'}${text}`))
      .join('');
    return { pattern: new RegExp(`^${pattern}$`, 's'), names, spanish };
  });

function inSpanish(text: string): string {
  const whole = refusalsSpanish[text];
  if (whole !== undefined) return whole;
  for (const { pattern, names, spanish } of phrases) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const values = new Map(names.map((name, i) => [name, refusalsSpanish[match[i + 1]!] ?? match[i + 1]!]));
    return spanish.replaceAll(hole, (_, name: string) => values.get(name) ?? '');
  }
  return text;
}
