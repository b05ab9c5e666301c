// The words for a verification, in one language: everything comes from sentences/, here it is only asked for.
import type { Finding, FigureUnit, Word } from '@opencanvass/evidence/checks';
import type { Election } from '@opencanvass/evidence/election';
import {
  answerInFull,
  answerInWords,
  checkWords,
  codeInWords,
  figureName,
  figureInWords,
  findingInWords,
  findingsTogether,
  titleInWords,
  verdictsInWords,
  verdictsTogether,
  vocabularies,
} from '@opencanvass/evidence/sentences';
import type {
  AnswerInWords,
  CheckWords,
  FindingInWords,
  FindingTogether,
  Language,
  VerdictTogether,
} from '@opencanvass/evidence/sentences';
import type { Answer, Verification } from '@opencanvass/evidence/verify';

export interface Say {
  readonly title: (election: Election) => string;
  readonly verdicts: () => readonly VerdictTogether[];
  readonly word: (word: Word) => string;
  readonly findings: (findings: readonly Finding[]) => readonly FindingTogether[];
  /** "53 contests". */
  readonly contests: (n: number) => string;
  readonly finding: (finding: Finding) => FindingInWords & CheckWords;
  readonly code: (code: string) => string;
  readonly figure: (name: string, unit: FigureUnit) => string;
  readonly answer: (answer: Answer) => string;
  readonly answerInFull: (answer: Answer) => AnswerInWords;
}

export function sayIn(language: Language, verification: Verification): Say {
  const election = verification.evidence?.election;
  return {
    title: (election) => titleInWords(election, language),
    verdicts: () => verdictsTogether(verdictsInWords(verification, language), language),
    word: (word) => vocabularies[language].words[word],
    findings: (findings) => findingsTogether(findings, election, language),
    contests: (n) => figureInWords({ name: 'contests', value: n, unit: 'contests' }, language),
    finding: (finding) => ({
      ...checkWords(finding.check, language),
      ...findingInWords(finding, election, language),
    }),
    code: (code) => codeInWords(code, language),
    figure: (name, unit) => figureName(name, unit, language),
    answer: (answer) => answerInWords(answer, language),
    answerInFull: (answer) => answerInFull(answer, election, language),
  };
}
