// A card or batch that was read is read again: what was said before stays where it is, and why it is read again is said.
import { Alert } from '../../components/Alert.tsx';
import { useWords, type Words } from '../../words.tsx';
import { WhyFields, type WhyAgain } from '../WhyFields.tsx';
import { countInWords, inWords } from './reading.ts';
import type { Contest, Task } from './standing.ts';

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
      <WhyFields hint={say('again.wordsHint')} why={why} onWhy={onWhy} />
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
