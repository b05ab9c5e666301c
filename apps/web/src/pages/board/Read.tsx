// The ballot screen: one card at a time. One of the two enters what the paper says, contest by contest; it is read back, and both confirm. What they
// confirmed is kept on this device and sent by itself, so that a lost network stops nobody.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { Page } from '../../components/Page.tsx';
import { takeAway, tell, type Board } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { AtTable } from './AtTable.tsx';
import { TaskLink } from './Board.tsx';
import { BothConfirm } from './BothConfirm.tsx';
import { ContestMarks, keyOfChoice, otherKeys, writeInKey } from './ContestMarks.tsx';
import {
  inWords,
  mark,
  noMarks,
  otherMarks,
  readingOf,
  setOther,
  writeIn,
  type Marks,
  type Reading,
} from './reading.ts';
import { isLeft, nextLeft, type Contest, type Task } from './standing.ts';
import { isSaid, noWhy, type WhyAgain } from '../WhyFields.tsx';
import { ReadAgain } from './ReadAgain.tsx';
import { useBoard } from './useBoard.ts';

export default function ReadPage() {
  const at = useBoard();
  const { say } = useWords();
  const navigate = useNavigate();
  const { unit } = useSearch({ strict: false });
  const cards = at.tasks.filter((t) => t.kind === 'card');
  const task = cards.find((t) => t.unit === unit);
  return (
    <AtTable at={at}>
      {(board) =>
        task === undefined ? (
          <Page title={say('read.notYours')}>
            <p>
              <Button onClick={() => void navigate({ to: '/board' })}>{say('board.toList')}</Button>
            </p>
          </Page>
        ) : (
          <Card key={task.key} task={task} cards={cards} board={board} />
        )
      }
    </AtTable>
  );
}

function Card({
  task,
  cards,
  board,
}: {
  readonly task: Task;
  readonly cards: readonly Task[];
  readonly board: Board;
}) {
  const { say } = useWords();
  const navigate = useNavigate();
  const left = cards.filter(isLeft);
  const at = cards.indexOf(task);
  const go = (to: Task | undefined): void =>
    void (to === undefined
      ? navigate({ to: '/board' })
      : navigate({ to: '/board/read', search: { unit: to.unit } }));
  const place = say('board.place', { tabulator: task.tabulator, batch: task.batch });
  return (
    <Page title={say('read.title', { card: task.card! })} lead={place} ownFocus={task.standing !== 'waiting'}>
      {task.imprinted === undefined ? null : (
        <p className="imprinted">
          {say('read.imprinted')} <strong>{task.imprinted}</strong>
        </p>
      )}
      <p className="where">
        {say('read.left', { n: left.length, all: cards.length })}{' '}
        <span className="steps-through">
          {at === 0 ? null : <TaskLink task={cards[at - 1]!}>{say('read.previous')}</TaskLink>}{' '}
          {at === cards.length - 1 ? null : <TaskLink task={cards[at + 1]!}>{say('read.next')}</TaskLink>}
        </span>
      </p>
      {task.standing === 'waiting' ? (
        <Alert kind="info">{say('read.isWaiting')}</Alert>
      ) : (
        <Reader task={task} board={board} onTold={() => go(nextLeft(cards, task.key))} />
      )}
    </Page>
  );
}

/** Whoever entered the last card enters the next, until they change seats. */
let lastEnterer: 0 | 1 = 0;

function Reader({
  task,
  board,
  onTold,
}: {
  readonly task: Task;
  readonly board: Board;
  readonly onTold: () => void;
}) {
  const words = useWords();
  const { say } = words;
  const { contests } = task;
  const isAgain = task.standing === 'done';
  const [enterer, setEnterer] = useState(lastEnterer);
  const [marks, setMarks] = useState<Readonly<Record<string, Marks>>>({});
  const [found, setFound] = useState(true);
  const [why, setWhy] = useState<WhyAgain>(noWhy);
  const [readBack, setReadBack] = useState(false);
  const [current, setCurrent] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const { members } = board;

  const marksOf = ({ contest }: Contest): Marks => marks[contest] ?? noMarks;
  const readings = contests.map((c): Reading | undefined =>
    found ? readingOf(marksOf(c)) : { kind: 'not found' },
  );
  const missing = readings.indexOf(undefined);
  const isWhole = missing === -1 && (!isAgain || isSaid(why));

  // The keyboard is in the contest at hand from the beginning.
  useEffect(() => {
    if (readBack) return;
    const fieldset = form.current?.querySelectorAll<HTMLElement>('fieldset.contest').item(current);
    fieldset?.querySelector('input')?.focus();
  }, [current, readBack]);

  const change = (contest: Contest, next: Marks): void => setMarks({ ...marks, [contest.contest]: next });
  const forward = (): void => {
    const rest = readings.findIndex((r, i) => i > current && r === undefined);
    if (missing === -1) {
      if (isWhole) setReadBack(true);
    } else setCurrent(rest === -1 ? missing : rest);
  };

  const onKey = (e: KeyboardEvent<HTMLFormElement>): void => {
    const target = e.target as HTMLElement;
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    const isText = target.matches('input[type=text], textarea, select');
    const contest = contests[current]!;
    const isRanked = contest.ranks !== undefined;
    const choice = contest.choices.findIndex((_, i) => keyOfChoice(i) === e.key);
    const other = otherMarks.find((o) => otherKeys[o] === e.key.toLowerCase());
    if (e.key === 'Enter' && !target.matches('button, textarea')) forward();
    else if (isText) return;
    else if (choice !== -1 && !isRanked)
      change(contest, mark(marksOf(contest), contest, contest.choices[choice]!.id));
    else if (other !== undefined) change(contest, setOther(marksOf(contest), other));
    else if (e.key.toLowerCase() === writeInKey && !isRanked) {
      change(
        contest,
        writeIn(marksOf(contest), contest, marksOf(contest).writeIn === undefined ? '' : undefined),
      );
      // The name is typed at once.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[data-write-in]')?.focus());
    } else if (e.key === 'ArrowRight') setCurrent(Math.min(current + 1, contests.length - 1));
    else if (e.key === 'ArrowLeft') setCurrent(Math.max(current - 1, 0));
    else if (e.key === 'ArrowDown' || e.key === 'ArrowUp') step(target, e.key === 'ArrowDown' ? 1 : -1);
    else return;
    e.preventDefault();
  };

  const store = async (): Promise<void> => {
    lastEnterer = enterer;
    const told = contests.map(({ contest }, i) => ({ contest, reading: readings[i]! }));
    const about = { unit: task.unit };
    if (isAgain)
      await tell(
        {
          route: 'reRead',
          input: {
            params: { position: contests[0]!.position! },
            body: { why: why.why, words: why.words.trim(), contests: told, confirmedByBoth: true },
          },
        },
        about,
      );
    else
      await tell(
        { route: 'readCard', input: { body: { unit: task.unit, contests: told, confirmedByBoth: true } } },
        about,
      );
    // Only now: were it not stored, what was refused would be gone, and nothing in its place.
    for (const entry of task.refused) await takeAway(entry.n);
    onTold();
  };

  if (readBack)
    return (
      <section className="read-back" aria-label={say('read.readBack')}>
        {contests.map((c, i) => (
          <div key={c.contest} className="read-contest">
            <h2>{c.name}</h2>
            {inWords(readings[i]!, c, words).map((line) => (
              <p className="said" key={line}>
                {line}
              </p>
            ))}
          </div>
        ))}
        <BothConfirm members={members} enterer={enterer} onBoth={store} onBack={() => setReadBack(false)} />
      </section>
    );
  return (
    <form
      ref={form}
      className="card"
      onKeyDown={onKey}
      onSubmit={(e) => {
        e.preventDefault();
        forward();
      }}
    >
      <p className="seats">
        {say('read.seats', { enters: members[enterer].name, watches: members[1 - enterer]!.name })}{' '}
        <Button look="unstyled" onClick={() => setEnterer(enterer === 0 ? 1 : 0)}>
          {say('read.swap')}
        </Button>
      </p>
      {isAgain ? <ReadAgain task={task} why={why} onWhy={setWhy} /> : null}
      {found ? (
        contests.map((contest, i) => (
          <div
            key={contest.contest}
            className={`contest-at${i === current ? ' at-hand' : ''}`}
            onFocus={() => setCurrent(i)}
          >
            <ContestMarks contest={contest} marks={marksOf(contest)} onMarks={(m) => change(contest, m)} />
          </div>
        ))
      ) : (
        <Alert kind="warning">{say('read.notFoundMeans')}</Alert>
      )}
      <div className="acts">
        <Button look="big" type="submit" disabled={!isWhole}>
          {say('read.toReadBack')} <kbd aria-hidden="true">Enter</kbd>
        </Button>
        <Button look="outline" onClick={() => setFound(!found)}>
          {say(found ? 'read.cardNotFound' : 'read.cardFound')}
        </Button>
      </div>
      <p className="fine">{say('read.keys')}</p>
    </form>
  );
}

/** The row above or below, across contests. */
function step(from: HTMLElement, by: 1 | -1): void {
  const rows = [...(from.closest('form')?.querySelectorAll<HTMLElement>('fieldset.contest input') ?? [])];
  rows[rows.indexOf(from) + by]?.focus();
}
