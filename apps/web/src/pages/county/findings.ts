// What was found in a county's files, as a sentence that says what to do. The words stand in words/county.*; a code that has none there is told as the
// desk told it.
import type { Output, routes } from '@opencanvass/contract';
import type { Words } from '../../words.tsx';
import { english, type Key } from '../../words/english.ts';

type Finding = Output<typeof routes.checkInputs>['findings'][number];

export function findingInWords(
  { code, expected, found, todo }: Finding,
  { say }: Pick<Words, 'say'>,
): string {
  const key = `finding.${code}`;
  return key in english
    ? say(key as Key, { expected, found })
    : `${say('problem.reader', { expected, found })} ${todo}`;
}
