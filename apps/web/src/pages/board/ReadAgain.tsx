// Why a card or batch that was read is read again: it stands on the record beside the new reading; the old one stays where it is.
import { whyRead } from '@opencanvass/contract';
import { Alert } from '../../components/Alert.tsx';
import { SelectField, TextArea } from '../../components/fields.tsx';
import { useWords, type Words } from '../../words.tsx';
import { countInWords, inWords } from './reading.ts';
import type { Contest, Task } from './standing.ts';

export interface WhyAgain {
  readonly why: (typeof whyRead)[number];
  readonly words: string;
}
export const noWhy: WhyAgain = { why: 'misread', words: '' };

export function ReadAgain({
  task,
  why,
  onWhy,
}: {
  readonly task: Task;
  readonly why: WhyAgain;
  readonly onWhy: (why: WhyAgain) => void;
}) {
  const words = useWords();
  const { say } = words;
  return (
    <>
      <Alert kind="info" title={say('again.title')}>
        <p>{say('again.lead')}</p>
        <dl>
          {task.contests.map((c) => (
            <div key={c.contest}>
              <dt>{c.name}</dt>
              <dd>{saidBefore(c, words)}</dd>
            </div>
          ))}
        </dl>
      </Alert>
      <SelectField
        label={say('again.why')}
        value={why.why}
        onChange={(e) => onWhy({ ...why, why: e.target.value as WhyAgain['why'] })}
      >
        {whyRead.map((w) => (
          <option key={w} value={w}>
            {say(`whyRead.${w}`)}
          </option>
        ))}
      </SelectField>
      <TextArea
        label={say('again.words')}
        hint={say('again.wordsHint')}
        value={why.words}
        onChange={(e) => onWhy({ ...why, words: e.target.value })}
        required
      />
    </>
  );
}

function saidBefore(contest: Contest, words: Words): string {
  const { told, choices } = contest;
  if (told === undefined) return words.say('again.unknown');
  if (told === 'not found') return words.say('count.notFound');
  if ('kind' in told) return inWords(told, contest, words).join(', ');
  return countInWords(told, choices, words);
}
