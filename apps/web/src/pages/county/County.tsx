// A county's work on one page: what is to be done now, and what comes after it.
import { routes } from '@opencanvass/contract';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask, keyOf, useAnswer } from '../../api.ts';
import { Page } from '../../components/Page.tsx';
import { Progress } from '../../components/Progress.tsx';
import { Tag, type Tone } from '../../components/Tag.tsx';
import { useSignedIn } from '../../session.ts';
import { useWords } from '../../words.tsx';
import type { Key } from '../../words/english.ts';
import { useCounty } from './useCounty.ts';

type Standing = 'done' | 'now' | 'later';
const tones: Readonly<Record<Standing, Tone>> = { done: 'good', now: 'open', later: 'plain' };

export default function CountyPage() {
  const { say } = useWords();
  const { id, status, state } = useCounty();
  const session = useSignedIn();
  const boards = useAnswer(routes.boards, { params: { county: id } }).data?.boards ?? [];
  const assessed = (status?.contests ?? []).filter((c) => c.rounds.some((r) => r.outcome !== undefined));
  const open = useQueries({
    queries: assessed.map(({ contest }) => {
      const input = { params: { contest } };
      return {
        queryKey: keyOf(routes.discrepancies, input),
        queryFn: () => ask(routes.discrepancies, input),
      };
    }),
    combine: (answers) =>
      answers
        .flatMap((a) => a.data?.discrepancies ?? [])
        .filter((d) => d.jurisdiction === id && d.status === 'open').length,
  });
  if (status === undefined || state === undefined) return <p role="status">{say('loading')}</p>;
  const announced = status.contests.some((c) => c.method !== undefined);
  const drawn = state.toRead > 0;
  const isRead = drawn && state.read === state.toRead;
  const ordered = status.contests.filter((c) => c.ending === 'full hand count ordered');
  const counted = ordered.every((c) => state.handCounts.includes(c.contest));
  const standing = (done: boolean, possible: boolean): Standing =>
    done ? 'done' : possible ? 'now' : 'later';
  const steps: readonly { key: Key; to: string; standing: Standing; more?: ReactNode }[] = [
    { key: 'county.do.key', to: '/key', standing: standing(session.key === 'authorised', true) },
    {
      key: 'county.do.files',
      to: '/county/files',
      standing: standing(state.sealed, status.step === 'seal the inputs'),
      more:
        state.manifest === undefined ? null : (
          <p>{say('county.sealedAs', { batches: state.manifest.batches, size: state.manifest.size })}</p>
        ),
    },
    { key: 'county.do.boards', to: '/county/boards', standing: standing(boards.length > 0, announced) },
    {
      key: 'county.do.read',
      to: '/county/boards',
      standing: standing(isRead, drawn),
      more: drawn ? <Progress label={say('county.do.read')} done={state.read} of={state.toRead} /> : null,
    },
    {
      key: 'county.do.discrepancies',
      to: '/county/discrepancies',
      standing: standing(assessed.length > 0 && open === 0, open > 0),
    },
    ...(ordered.length === 0
      ? []
      : [
          {
            key: 'county.do.handCount' as const,
            to: '/county/hand-count',
            standing: standing(counted, true),
          },
        ]),
  ];
  return (
    <Page title={say('county.title', { county: state.name })} lead={say('county.lead')}>
      <ol className="todo">
        {steps.map(({ key, to, standing: is, more }) => (
          <li key={key} className={is}>
            <div>
              <Link to={to}>{say(key)}</Link> <Tag tone={tones[is]}>{say(`county.${is}`)}</Tag>
              {more}
            </div>
          </li>
        ))}
      </ol>
    </Page>
  );
}
