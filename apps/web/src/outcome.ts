// What the audit of a contest has come to, as a tag and as a sentence.
import type { routes, Output } from '@opencanvass/contract';
import { auditInWords } from '@opencanvass/evidence/sentences';
import type { Tone } from './components/Tag.tsx';
import type { Words } from './words.tsx';

export type Status = Output<typeof routes.status>;
export type ContestState = Status['contests'][number];
export type CountyState = Status['counties'][number];

const tones: Readonly<Record<ContestState['ending'], Tone>> = {
  'not begun': 'plain',
  'go on': 'open',
  confirmed: 'good',
  'full hand count ordered': 'warn',
  'full hand count agrees': 'good',
  'full hand count corrects': 'bad',
  'insufficient evidence': 'warn',
};

export const toneOf = ({ ending }: Pick<ContestState, 'ending'>): Tone => tones[ending];

/** The paragraph of the house about a contest's audit. */
export function outcomeInWords(contest: ContestState, { language }: Pick<Words, 'language'>): string {
  const { name, method, ending, riskLimit, rounds, winners = [], tied, why } = contest;
  const names = (ids: readonly string[]): string[] =>
    ids.map((id) => contest.choices.find((c) => c.id === id)?.name ?? id);
  const risk = rounds.findLast((r) => r.risk !== undefined)?.risk;
  const next = rounds.at(-1)?.next;
  return auditInWords(
    {
      contest: name,
      method: method ?? '',
      ending,
      ...(riskLimit === undefined ? {} : { riskLimit: Number(riskLimit) }),
      ...(risk === undefined ? {} : { risk }),
      ...(why === undefined ? {} : { why }),
      ...(next === undefined ? {} : { next }),
      ...(tied === undefined ? {} : { tied: names(tied) }),
      winners: names(winners),
      ...(rounds.length === 0
        ? {}
        : {
            sample: {
              unit: drawsCards(contest) ? 'card' : 'batch',
              drawn: contest.drawn,
              read: contest.read,
            },
          }),
    },
    language,
  );
}

/** Two figures that mean something, and never nought where there is some. */
export const riskText = (risk: number, percent: Words['percent']): string =>
  risk > 0 && risk < 0.0001 ? `< ${percent(0.0001, 2)}` : percent(risk, risk < 0.01 ? 2 : 1);

/** Which of the pages of a contest's method is meant by its unit. */
export const drawsCards = ({ method }: Pick<ContestState, 'method'>): boolean =>
  method !== 'batch comparison' && method !== 'full hand count';
