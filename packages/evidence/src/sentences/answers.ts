// The answer to what was said, in words: the word on the scale, how big the matter is beside the margin, each part with what answered it, the
// figures it states with what comes out here, and what would change the answer. What a part asks is in the record's own words: in Spanish where it has them.
import type { Answer, PartAnswer, PartWord } from '../claims/index.ts';
import type { Election } from '../election/index.ts';
import { checkWords, codeInWords, findingInWords, jurisdictionName, vocabularies } from './findings.ts';
import { figureInWords } from './report.ts';
import type { Language } from './vocabulary.ts';

export interface AnswerInWords {
  /** "answered: records contradict" */
  readonly word: string;
  /** "3,974 votes, beside a margin of 12,670 votes"; absent where no finding gives a number. */
  readonly size?: string;
  readonly parts: readonly PartInWords[];
  /** One line for each figure that the statement gives. */
  readonly figures: readonly string[];
  /** What would change the answer: another finding for what was told, the missing record for what was not. */
  readonly change: readonly string[];
  /** "would change the answer" */
  readonly wouldChange: string;
}

export interface PartInWords {
  readonly role: string;
  readonly word: string;
  readonly asks: string;
  /** The findings that answered it: "holds: all differences together … (3,974 votes against a margin of 12,670)". */
  readonly because: readonly string[];
  readonly beyond?: string;
}

interface AnswerWords {
  readonly parts: Readonly<Record<PartWord, string>>;
  readonly roles: Readonly<Record<'kernel' | 'conclusion', string>>;
  readonly size: (size: string, margin: string) => string;
  readonly inPlace: (place: string) => string;
  readonly notMade: string;
  readonly figure: (of: string, stated: string) => string;
  readonly comesOut: string;
  readonly comesOutAs: (computed: string) => string;
  readonly notAtHand: string;
  readonly otherWay: (statement: string) => string;
  readonly missing: (needs: string) => string;
  readonly wouldChange: string;
}

const words: Readonly<Record<Language, AnswerWords>> = {
  en: {
    parts: {
      right: 'right',
      wrong: 'wrong',
      'cannot tell': 'cannot tell',
      'no public record': 'no record here answers it',
    },
    roles: { kernel: 'it starts from', conclusion: 'it concludes' },
    size: (size, margin) => `${size}, beside a margin of ${margin}`,
    inPlace: (place) => `in ${place}`,
    notMade: 'this check was not made',
    figure: (of, stated) => `${of}, stated as ${stated}`,
    comesOut: 'comes out',
    comesOutAs: (computed) => `comes out as ${computed}`,
    notAtHand: codeInWords('figure-not-at-hand', 'en'),
    otherWay: (statement) => `if this came out the other way: ${statement}`,
    missing: (needs) => `if this were in the record: ${needs}`,
    wouldChange: 'would change the answer',
  },
  es: {
    parts: {
      right: 'cierto',
      wrong: 'falso',
      'cannot tell': 'no se puede determinar',
      'no public record': 'ningún registro disponible lo responde',
    },
    roles: { kernel: 'parte de', conclusion: 'concluye' },
    size: (size, margin) => `${size}, junto a un margen de ${margin}`,
    inPlace: (place) => `en ${place}`,
    notMade: 'esta comprobación no se hizo',
    figure: (of, stated) => `${of}, declarado como ${stated}`,
    comesOut: 'se reproduce',
    comesOutAs: (computed) => `resulta ${computed}`,
    notAtHand: codeInWords('figure-not-at-hand', 'es'),
    otherWay: (statement) => `si esto resultara al revés: ${statement}`,
    missing: (needs) => `si esto estuviera en el registro: ${needs}`,
    wouldChange: 'cambiaría la respuesta',
  },
};

/** "answered: records contradict; 3,974 votes, beside a margin of 12,670 votes". */
export function answerInWords(answer: Answer, language: Language = 'en'): string {
  const size = sizeInWords(answer, language);
  const word = vocabularies[language].answers[answer.word];
  return size === undefined ? word : `${word}; ${size}`;
}

export function answerInFull(
  answer: Answer,
  election: Election | undefined,
  language: Language = 'en',
): AnswerInWords {
  const say = words[language];
  const size = sizeInWords(answer, language);
  return {
    word: vocabularies[language].answers[answer.word],
    ...(size === undefined ? {} : { size }),
    parts: answer.parts.map(({ part, word, tests }) => {
      const { asks, beyond } = told(part, language);
      return {
        role: say.roles[part.role],
        word: say.parts[word],
        asks,
        because: tests.map((t) => testInWords(t, election, language)),
        ...(beyond === undefined ? {} : { beyond }),
      };
    }),
    figures: answer.figures.map(({ stated, computed }) => {
      const { of, note } = told(stated, language);
      const comes =
        computed === undefined
          ? say.notAtHand
          : computed === stated.value
            ? say.comesOut
            : say.comesOutAs(computed);
      return `${say.figure(of, stated.value)}: ${comes}${note === undefined ? '' : `. ${note}`}`;
    }),
    wouldChange: say.wouldChange,
    change: [...new Set(answer.parts.flatMap((p) => changes(p, language)))],
  };
}

/** What the record says in two languages, in one of them; in English where it says it in English alone. */
const told = <T extends object>(said: T & { readonly spanish?: T | undefined }, language: Language): T =>
  language === 'es' && said.spanish !== undefined ? said.spanish : said;

export const partInWords = (word: PartWord, language: Language = 'en'): string => words[language].parts[word];

function sizeInWords({ size, margin }: Answer, language: Language): string | undefined {
  if (size === undefined) return undefined;
  const text = figureInWords(size, language);
  return margin === undefined ? text : words[language].size(text, figureInWords(margin, language));
}

function testInWords(
  { finding, test, came }: PartAnswer['tests'][number],
  election: Election | undefined,
  language: Language,
): string {
  const say = words[language];
  const { statement } = checkWords(test.check, language);
  if (finding === undefined || came === 'not made') return `${say.notMade}: ${statement}`;
  const { size } = findingInWords(finding, election, language);
  const place =
    test.jurisdiction === undefined ? '' : `, ${say.inPlace(jurisdictionName(test.jurisdiction, election))}`;
  return `${vocabularies[language].words[came]}${place}: ${statement}${size === '' ? '' : ` (${size})`}`;
}

function changes({ part, word, tests }: PartAnswer, language: Language): string[] {
  const say = words[language];
  if (word === 'no public record') {
    const { beyond } = told(part, language);
    return beyond === undefined ? [] : [beyond];
  }
  return tests.flatMap((t) => {
    const { statement, needs } = checkWords(t.test.check, language);
    if (t.right === undefined) return [say.missing(needs)];
    return word === 'cannot tell' ? [] : [say.otherWay(statement)];
  });
}
