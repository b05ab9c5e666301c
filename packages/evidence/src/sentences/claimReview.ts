// The answer to a claim as schema.org ClaimReview (https://schema.org/ClaimReview), which search engines and newsrooms read. The scale of the
// answers stands in `alternateName`; a number is given only where the answer is one of agreement, never for "not answerable".
import type { Answer, AnswerWord } from '../claims/index.ts';
import type { Source } from '../record/index.ts';
import { answerInFull, answerInWords } from './answers.ts';
import { vocabularies } from './findings.ts';
import type { Language } from './vocabulary.ts';

export interface Reviewed {
  /** Where the answer's page is to be found. */
  readonly url: string;
  /** Who publishes the answer. */
  readonly publisher: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** The record that answered: its log's name and root hash. */
  readonly record?: { readonly origin: string; readonly root: string };
}

const rating: Partial<Record<AnswerWord, number>> = { contradict: 1, partly: 3, support: 5 };

export function claimReview(answer: Answer, reviewed: Reviewed, language: Language = 'en'): object {
  const { statement, word } = answer;
  const value = rating[word];
  return {
    '@context': 'https://schema.org',
    '@type': 'ClaimReview',
    url: reviewed.url,
    inLanguage: language,
    datePublished: reviewed.date,
    author: { '@type': 'Organization', name: reviewed.publisher },
    claimReviewed: statement.words,
    itemReviewed: {
      '@type': 'Claim',
      // Whether a person or an office: the record does not say, and so neither does this.
      author: { name: statement.who },
      datePublished: statement.when,
      appearance: {
        '@type': 'CreativeWork',
        ...(/^https?:/.test(statement.where) ? { url: statement.where } : { name: statement.where }),
      },
    },
    reviewRating: {
      '@type': 'Rating',
      alternateName: vocabularies[language].answers[word],
      ...(value === undefined ? {} : { ratingValue: value, bestRating: 5, worstRating: 1 }),
      ratingExplanation: [
        answerInWords(answer, language),
        ...answerInFull(answer, undefined, language).parts.map((p) => `${p.word}: ${p.asks}`),
      ]
        .map((said) => (/[.?!]$/.test(said) ? said : `${said}.`))
        .join(' '),
    },
    isBasedOn: [
      ...(reviewed.record === undefined
        ? []
        : [
            {
              '@type': 'Dataset',
              name: reviewed.record.origin,
              identifier: `root sha256:${reviewed.record.root}`,
            },
          ]),
      ...sourcesOf(answer).map(({ name, sha256 }) => ({
        '@type': 'DataDownload',
        name,
        ...(sha256 === undefined ? {} : { identifier: `sha256:${sha256}` }),
      })),
    ],
  };
}

/** What was read for an answer, each file once. */
export function sourcesOf({ parts }: Answer): Source[] {
  const read = parts.flatMap((p) => p.tests.flatMap((t) => t.finding?.read ?? []));
  return [...new Map(read.map((s) => [s.sha256 ?? s.name, s])).values()];
}
