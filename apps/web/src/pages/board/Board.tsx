// A board's work: what is left, in the order of the retrieval list; what the desk refused, with its reason.
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/fields.tsx';
import { Page } from '../../components/Page.tsx';
import { Progress } from '../../components/Progress.tsx';
import { Tag, type Tone } from '../../components/Tag.tsx';
import { takeAway } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { AtTable } from './AtTable.tsx';
import { isLeft, type Standing, type Task } from './standing.ts';
import { useBoard } from './useBoard.ts';

export default function BoardPage() {
  const at = useBoard();
  const { say } = useWords();
  const { tasks, known } = at;
  const [all, setAll] = useState(false);
  const [sought, setSought] = useState('');
  const left = useMemo(() => tasks.filter(isLeft), [tasks]);
  const [next] = left;
  const shown = all ? tasks : left;
  const groups = useMemo(
    () => [...Map.groupBy(shown, (t) => `${t.tabulator}\u{0}${t.batch}`).values()],
    [shown],
  );
  const found = useMemo(
    () =>
      sought.trim() === '' ? groups : groups.filter(([t]) => holds(`${t!.tabulator} ${t!.batch}`, sought)),
    [groups, sought],
  );
  return (
    <AtTable at={at}>
      {({ name, members }) => (
        <Page
          title={say('board.title', { board: name })}
          lead={members.map((m) => `${m.name} (${m.party})`).join(', ')}
        >
          {known ? (
            <Progress label={say('board.progress')} done={tasks.length - left.length} of={tasks.length} />
          ) : (
            <p role="status">{say('board.workUnknown')}</p>
          )}
          <Refusals tasks={tasks} />
          {next === undefined ? (
            known && (
              <Alert kind="success">{say(tasks.length === 0 ? 'board.nothingDrawn' : 'board.allRead')}</Alert>
            )
          ) : (
            <p>
              <TaskLink task={next} className="usa-button usa-button--big">
                {say(next.kind === 'card' ? 'board.readNext' : 'board.countNext')}
              </TaskLink>
            </p>
          )}
          {tasks.length === 0 ? null : (
            <section aria-labelledby="left">
              <h2 id="left">{say(all ? 'board.everything' : 'board.left', { n: shown.length })}</h2>
              <p className="fine">{say('board.order')}</p>
              {groups.length <= mostShown ? null : (
                <>
                  <TextField
                    label={say('board.find')}
                    type="search"
                    autoComplete="off"
                    value={sought}
                    onChange={(e) => setSought(e.target.value)}
                  />
                  <p className="fine" role="status">
                    {say('board.someShown', { n: Math.min(found.length, mostShown), all: groups.length })}
                  </p>
                </>
              )}
              {found.slice(0, mostShown).map(([first, ...rest]) => (
                <section className="container" key={first!.key}>
                  <h3>{say('board.container', { tabulator: first!.tabulator, batch: first!.batch })}</h3>
                  <ul className="tasks">
                    {[first!, ...rest].map((task) => (
                      <li key={task.key}>
                        <TaskLink task={task}>{titleOf(task, say)}</TaskLink> <Standing of={task.standing} />
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
              <Button look="unstyled" onClick={() => setAll(!all)}>
                {say(all ? 'board.showLeft' : 'board.showAll')}
              </Button>
            </section>
          )}
        </Page>
      )}
    </AtTable>
  );
}

/** A county that is counted in full has thousands: those that come next are shown, the others are found by name. */
const mostShown = 50;
const holds = (name: string, sought: string): boolean =>
  sought
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => name.toLocaleLowerCase().includes(word));

type Say = ReturnType<typeof useWords>['say'];

export const titleOf = ({ kind, card, contests }: Task, say: Say): string =>
  kind === 'card' ? say('board.card', { card: card! }) : (contests[0]?.name ?? '');

export function TaskLink({
  task: { kind, unit, contests },
  className,
  children,
}: {
  readonly task: Task;
  readonly className?: string;
  readonly children: string;
}) {
  const style = className === undefined ? {} : { className };
  return kind === 'card' ? (
    <Link to="/board/read" search={{ unit }} {...style}>
      {children}
    </Link>
  ) : (
    <Link to="/board/count" search={{ unit, contest: contests[0]!.contest }} {...style}>
      {children}
    </Link>
  );
}

const tones: Readonly<Record<Standing, Tone>> = {
  'to do': 'plain',
  'entered once': 'open',
  'count again': 'warn',
  waiting: 'open',
  refused: 'bad',
  done: 'good',
};
function Standing({ of: standing }: { readonly of: Standing }) {
  const { say } = useWords();
  return standing === 'to do' ? null : <Tag tone={tones[standing]}>{say(`standing.${standing}`)}</Tag>;
}

/** What the desk refused: why, and what can be done. */
function Refusals({ tasks }: { readonly tasks: readonly Task[] }) {
  const { say, why } = useWords();
  const refused = tasks.flatMap((task) => task.refused.map((entry) => ({ task, entry })));
  if (refused.length === 0) return null;
  return (
    <Alert kind="error" title={say('board.refused', { n: refused.length })}>
      <ul>
        {refused.map(({ task, entry }) => (
          <li key={entry.n}>
            <strong>
              {say('board.place', { tabulator: task.tabulator, batch: task.batch })}, {titleOf(task, say)}
            </strong>
            : {why(entry.refused).join(' ')}
            <span className="acts">
              <TaskLink task={task}>{say('board.enterAgain')}</TaskLink>
              <Button look="unstyled" onClick={() => void takeAway(entry.n)}>
                {say('board.takeAway')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
