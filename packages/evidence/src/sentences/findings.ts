// A finding as people read it: the statement, how big it is, what is missing or what explains it. The same words on the command line, the pages and
// in the offline file.
import type { Figure, Finding, UnitConcerned } from '../checks/index.ts';
import type { ContestId, Election } from '../election/index.ts';
import { english } from './english.ts';
import { spanish } from './spanish.ts';
import type { CheckWords, Language, Vocabulary } from './vocabulary.ts';

export const vocabularies: Readonly<Record<Language, Vocabulary>> = { en: english, es: spanish };

export interface FindingInWords {
  readonly word: string;
  readonly statement: string;
  /** How big it is, or what is missing. */
  readonly size: string;
}

export function findingInWords(
  finding: Finding,
  election: Election | undefined,
  language: Language = 'en',
): FindingInWords {
  const vocabulary = vocabularies[language];
  const words = checkWords(finding.check, language);
  return {
    word: vocabulary.words[finding.word],
    statement: words.statement,
    size: sizeInWords(finding, words, election, vocabulary),
  };
}

/** A finding in words with the contest it is of; where several contests come to the same, one for all of them. */
export interface FindingTogether extends FindingInWords {
  /** The first of those it stands for. */
  readonly finding: Finding;
  /** The names of the contests, where the election has several and the finding is of one. */
  readonly contests: readonly string[];
}

/** Findings in words, with what cannot be told of many contests for one reason said once, where the first of them stood. */
export function findingsTogether(
  findings: readonly Finding[],
  election: Election | undefined,
  language: Language = 'en',
): readonly FindingTogether[] {
  const several = (election?.contests.length ?? 0) > 1;
  const told = findings.map((finding) => ({ finding, ...findingInWords(finding, election, language) }));
  return gathered(told, ({ finding: { check, contest, word, units }, size }) =>
    several && contest !== undefined && word === 'cannot tell' && units.length === 0
      ? `${check} ${size}`
      : undefined,
  ).map((alike) => ({
    ...alike[0]!,
    contests: several
      ? alike.flatMap(({ finding: { contest } }) =>
          contest === undefined ? [] : [contestName(contest, election)],
        )
      : [],
  }));
}

const fewToGather = 3;

/** Items with the same key together if they are three or more, each other by itself, in the order of the first of each. */
export function gathered<T>(items: readonly T[], keyOf: (item: T) => string | undefined): readonly T[][] {
  const byKey = Map.groupBy(items, keyOf);
  return items.flatMap((item) => {
    const key = keyOf(item);
    const alike = key === undefined ? [] : byKey.get(key)!;
    if (alike.length < fewToGather) return [[item]];
    return alike[0] === item ? [alike] : [];
  });
}

/** The words for a check; throws where there are none, which is a fault in us. */
export function checkWords(check: string, language: Language = 'en'): CheckWords {
  const words = vocabularies[language].checks[check];
  if (words === undefined) throw new Error(`no words in ${language} for the check ${check}`);
  return words;
}

/** What is missing or wrong, by code, with the figures that the words ask for. A code without words is shown as it is. */
export function codeInWords(
  code: string,
  language: Language = 'en',
  figures: readonly Figure[] = [],
): string {
  return inWords(code, figures, vocabularies[language]);
}

const inWords = (code: string, figures: readonly Figure[], { codes }: Vocabulary): string =>
  fill(codes[code] ?? code, (name) => figureText(figures, name));

function sizeInWords(
  finding: Finding,
  words: CheckWords,
  election: Election | undefined,
  vocabulary: Vocabulary,
): string {
  if (finding.word === 'cannot tell' || finding.word === 'does not apply')
    return finding.code === undefined ? '' : inWords(finding.code, finding.figures, vocabulary);
  const template = finding.word === 'holds' ? words.holds : words.fails;
  const size = fill(template, (name) => {
    switch (name) {
      case 'kind':
        return finding.code === undefined ? '' : inWords(finding.code, finding.figures, vocabulary);
      case 'form':
        return finding.units[0]?.name ?? '';
      case 'first': {
        const place = finding.units[0]?.jurisdiction;
        return place === undefined ? '' : jurisdictionName(place, election);
      }
      case 'top':
        return topPlaces(finding.units, election, vocabulary);
      case 'explainedCards': {
        const left = figureText(finding.figures, 'grossUnexplained');
        return left === '' ? '' : fill(vocabulary.explainedCards, (n) => figureText(finding.figures, n));
      }
      default:
        return figureText(finding.figures, name);
    }
  });
  const chance =
    finding.byChance === undefined
      ? []
      : [fill(vocabulary.byChance, () => about(finding.byChance!.expected))];
  const explained =
    finding.explainedBy.length === 0
      ? []
      : [fill(vocabulary.explained, () => finding.explainedBy.join(', '))];
  return [size, ...(finding.word === 'fails' || finding.byChance !== undefined ? chance : []), ...explained]
    .filter((t) => t !== '')
    .join('; ');
}

/** ", 28 of them in Fulton": where most of the units are, if they are of several places. */
function topPlaces(
  units: readonly UnitConcerned[],
  election: Election | undefined,
  vocabulary: Vocabulary,
): string {
  const count = new Map<string, number>();
  for (const { jurisdiction } of units)
    if (jurisdiction !== undefined) count.set(jurisdiction, (count.get(jurisdiction) ?? 0) + 1);
  const [top] = [...count].toSorted((a, b) => b[1] - a[1]);
  if (top === undefined) return '';
  return fill(top[1] === units.length ? vocabulary.allThere : vocabulary.mostThere, (name) =>
    name === 'place' ? jurisdictionName(top[0], election) : grouped(top[1]),
  );
}

export const jurisdictionName = (id: string, election: Election | undefined): string =>
  election?.jurisdictions.find((j) => j.id === id)?.name ?? id;

export const contestName = (id: ContestId | undefined, election: Election | undefined): string =>
  election?.contests.find((c) => c.id === id)?.name ?? id ?? '';

/** {name} is the figure; {name:one|many} is the word that goes with it. */
const fill = (template: string, value: (name: string) => string): string =>
  template.replaceAll(
    /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g,
    (_, name: string, one: string | undefined, many: string | undefined) =>
      one === undefined ? value(name) : value(name) === '1' ? one : (many ?? ''),
  );

/** A figure of a finding as text: grouped integers; percentages to four places; "" where it has none of that name. */
export function figureText(figures: readonly Figure[], name: string): string {
  const figure = figures.find((f) => f.name === name);
  return figure === undefined ? '' : numberText(figure);
}

export const numberText = ({ value, unit }: Pick<Figure, 'value' | 'unit'>): string =>
  unit === 'percent' ? value.toFixed(4) : Number.isInteger(value) ? grouped(value) : value.toFixed(1);

/** 5000585 as 5,000,585: as American offices write it, in both languages. */
export const grouped = (n: number): string =>
  `${n < 0 ? '−' : ''}${`${Math.abs(n)}`.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')}`;

/** An expected number of chance alarms, as precisely as it deserves. */
function about(expected: number): string {
  if (expected >= 10) return grouped(Math.round(expected));
  if (expected >= 0.05) return expected.toFixed(1);
  return expected === 0 ? '0' : `< ${expected < 0.000001 ? '0.000001' : expected < 0.001 ? '0.001' : '0.05'}`;
}
