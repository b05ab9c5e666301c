// What the audit of a contest has come to, as a tag and as a sentence.
import type { routes, Output } from '@opencanvass/contract';
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

/** "A full hand count corrects the reported outcome: Bob won." */
export function outcomeInWords(contest: ContestState, { say, percent }: Words): string {
  const nameOf = (id: string): string => contest.choices.find((c) => c.id === id)?.name ?? id;
  const risk = contest.rounds.findLast((r) => r.risk !== undefined)?.risk;
  return say(`ending.${contest.ending}.words`, {
    contest: contest.name,
    winners: (contest.winners ?? []).map(nameOf).join(', '),
    risk: risk === undefined ? '' : riskText(risk, percent),
    limit: contest.riskLimit === undefined ? '' : percent(Number(contest.riskLimit), 2),
  });
}

/** Two figures that mean something, and never nought where there is some. */
export const riskText = (risk: number, percent: Words['percent']): string =>
  risk > 0 && risk < 0.0001 ? `< ${percent(0.0001, 2)}` : percent(risk, risk < 0.01 ? 2 : 1);

/** Which of the pages of a contest's method is meant by its unit. */
export const drawsCards = ({ method }: Pick<ContestState, 'method'>): boolean =>
  method !== 'batch comparison' && method !== 'full hand count';
