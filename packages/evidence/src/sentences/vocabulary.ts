// The shape of the words for checks: one set a language, data only, so that a translator can work without reading code.
// A size is a template: {name} stands for the finding's figure of that name, written as the language writes numbers.
import type { AnswerWord } from '../claims/index.ts';

export type Language = 'en' | 'es';

export interface CheckWords {
  /** What is so when the check holds, said after its word: "holds  the batches add up to …". */
  readonly statement: string;
  readonly question: string;
  readonly needs: string;
  readonly how: string;
  /** What a failure means, and what it does not. */
  readonly failure: string;
  /** How big it is when it holds, and when it does not. */
  readonly holds: string;
  readonly fails: string;
}

export interface Vocabulary {
  readonly words: Readonly<Record<'holds' | 'fails' | 'cannot tell' | 'does not apply', string>>;
  readonly checks: Readonly<Record<string, CheckWords>>;
  /** What is missing, or which fault it is, by the finding's or unit's code. */
  readonly codes: Readonly<Record<string, string>>;
  readonly byChance: string;
  readonly explained: string;
  /** After a number of cards: what is left once the recorded explanations are set aside. */
  readonly explainedCards: string;
  /** ", 28 of them in Fulton", and where all are in one place. */
  readonly mostThere: string;
  readonly allThere: string;
  readonly answers: Readonly<Record<AnswerWord, string>>;
}
