// Everything that was told of a card or batch, in order: readings, entries of a pair, corrections.
import { routes } from '@opencanvass/contract';
import { useAnswer } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import type { ContestState } from '../outcome.ts';
import { useWords } from '../words.tsx';
import { countInWords, rankingInWords } from './board/reading.ts';

export function History({
  contest,
  unit,
}: {
  readonly contest: Pick<ContestState, 'contest' | 'choices'>;
  readonly unit: string;
}) {
  const words = useWords();
  const { say, time } = words;
  const answer = useAnswer(routes.readings, { params: { contest: contest.contest }, query: { unit } });
  const named = (id: string): string => contest.choices.find((c) => c.id === id)?.name ?? id;
  return (
    <Answered by={answer}>
      {({ units }) => (
        <ol>
          {units
            .flatMap((u) => u.told)
            .map((t) => {
              const what =
                t.batch === 'not found'
                  ? say('count.notFound')
                  : t.batch !== undefined
                    ? countInWords(t.batch, contest.choices, words)
                    : t.reading === undefined
                      ? ''
                      : t.reading.kind === 'votes'
                        ? [...t.reading.choices.map(named), ...(t.reading.writeIns ?? [])].join(', ')
                        : t.reading.kind === 'ranking'
                          ? rankingInWords(t.reading.ranks, named)
                          : say(`read.${t.reading.kind}`);
              return (
                <li key={t.position}>
                  {time(t.at)}, {say(t.kind === 'correction' ? 'differ.corrected' : 'differ.read')}{' '}
                  {t.by.map((m) => `${m.name} (${m.party})`).join(', ')}: <strong>{what}</strong>
                  {t.words === undefined ? '' : `; ${t.words}`}
                </li>
              );
            })}
        </ol>
      )}
    </Answered>
  );
}
