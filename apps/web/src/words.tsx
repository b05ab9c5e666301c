// The words of the pages in the reader's language: picked from the browser, changed by the switch, kept for the next visit.
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Finding, Problem, Tally } from '@opencanvass/contract';
import { endingInWords, methodInWords, refusalInWords } from '@opencanvass/evidence/sentences';
import { english, type Key } from './words/english.ts';
import { fill, localeOf, numberOf, type Value, type Values } from './words/fill.ts';
import { spanish } from './words/spanish.ts';

export type Language = 'en' | 'es';
export interface Words {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  /** The sentence of a key, its places filled. */
  readonly say: (key: Key, values?: Values) => string;
  readonly number: (n: number, digits?: number) => string;
  readonly percent: (share: number, digits?: number) => string;
  /** Of '2026-11-03', or of a time. */
  readonly date: (iso: string) => string;
  readonly time: (iso: string) => string;
  /** Why the desk refused: each problem a sentence. */
  readonly why: (problem: Problem) => readonly string[];
  /** What was found in a county's files, and what can be done about it. */
  readonly finding: (finding: Finding) => string;
  /** A method, and what an audit has come to, by name. */
  readonly method: (method: string) => string;
  readonly ending: (ending: string) => string;
}

const kept = 'opencanvass language';
const vocabularies = { en: english, es: spanish } as const;

const picked = (): Language => {
  const before = localStorage.getItem(kept);
  if (before === 'en' || before === 'es') return before;
  return navigator.languages.find((l) => /^(en|es)\b/.test(l))?.startsWith('es') === true ? 'es' : 'en';
};

const WordsContext = createContext<Words | undefined>(undefined);

export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(picked);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const words = useMemo(
    () =>
      wordsOf(language, (next) => {
        localStorage.setItem(kept, next);
        setLanguage(next);
      }),
    [language],
  );
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === undefined) throw new Error('no words here');
  return words;
}

/** "ask for the file again" as a sentence of its own. */
const asSentence = (advice: string): string => `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;

function wordsOf(language: Language, setLanguage: Words['setLanguage']): Words {
  const locale = localeOf[language];
  const vocabulary: Readonly<Record<string, string>> = vocabularies[language];
  const say: Words['say'] = (key, values = {}) => fill(vocabulary[key]!, values, language);
  // A method and what an audit has come to are codes; everything else that a refusal carries is a name or a number.
  const told = (value = ''): string => methodInWords(endingInWords(value, language), language);
  const sentence = (given: Problem): string => {
    const problem = refusalInWords(given, language);
    const values = {
      expected: told(problem.expected),
      found: told(problem.found),
      line: problem.line ?? '',
      field: problem.field ?? '',
    };
    const own = vocabulary[`problem.${problem.code}`];
    const text =
      own !== undefined
        ? fill(own, values, language)
        : problem.expected !== undefined && problem.found !== undefined
          ? [
              say('problem.reader', values),
              ...(problem.todo === undefined ? [] : [asSentence(problem.todo)]),
            ].join(' ')
          : say('problem.unknown');
    const where = [problem.file, problem.line === undefined ? undefined : say('line', { line: problem.line })]
      .filter((w) => w !== undefined)
      .join(', ');
    return where === '' ? text : `${where}: ${text}`;
  };
  const finding = ({ code, values }: Finding): string => {
    const told = Object.entries<Value | Tally>(values).map(([name, value]): [string, Value] => [
      name,
      typeof value === 'object'
        ? value.map(({ choice, votes }) => `${choice} ${numberOf(votes, language)}`).join(', ')
        : value,
    ]);
    return say(`finding.${code}`, Object.fromEntries(told));
  };
  const why = (problem: Problem): readonly string[] => {
    const { problems = [], findings = [] } = problem;
    const itself = problems.length === 0 || `problem.${problem.code}` in vocabulary;
    return [
      ...new Set([
        ...(itself ? [sentence(problem)] : []),
        ...problems.flatMap(why),
        ...findings.map(finding),
      ]),
    ];
  };
  return {
    language,
    setLanguage,
    say,
    number: (n, digits = 0) => numberOf(n, language, digits),
    percent: (share, digits = 1) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share),
    date: (iso) =>
      new Intl.DateTimeFormat(locale, {
        dateStyle: 'long',
        ...(iso.length === 10 ? { timeZone: 'UTC' } : {}),
      }).format(new Date(iso)),
    time: (iso) =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
    why,
    finding,
    method: (method) => methodInWords(method, language),
    ending: (ending) => endingInWords(ending, language),
  };
}
