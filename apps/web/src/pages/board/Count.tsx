// The tally of one batch in one contest, as a board of two makes it: each counts for themselves without the other's figures, what disagrees is counted
// again, and only what both found is told. For a sample of batches and for a full hand count alike.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { Page } from '../../components/Page.tsx';
import { takeAway, tell, type Board, type Told } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { AtTable } from './AtTable.tsx';
import { TaskLink } from './Board.tsx';
import { BothConfirm } from './BothConfirm.tsx';
import { noWhy, ReadAgain, type WhyAgain } from './ReadAgain.tsx';
import { isLeft, nextLeft, type Task } from './standing.ts';
import { counted, emptyTally, linesOf, linesThatDiffer, type Tally, type WholeTally } from './tally.ts';
import { TallySheet } from './TallySheet.tsx';
import { useBoard } from './useBoard.ts';

export default function CountPage() {
  const at = useBoard();
  const { say } = useWords();
  const navigate = useNavigate();
  const { unit, contest } = useSearch({ strict: false });
  const batches = at.tasks.filter((t) => t.kind !== 'card');
  const task = batches.find((t) => t.unit === unit && t.contests[0]?.contest === contest);
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
          <Batch key={task.key} task={task} batches={batches} board={board} />
        )
      }
    </AtTable>
  );
}

function Batch({
  task,
  batches,
  board,
}: {
  readonly task: Task;
  readonly batches: readonly Task[];
  readonly board: Board;
}) {
  const { say } = useWords();
  const navigate = useNavigate();
  // As it stood when it was opened: what is told from here does not close it.
  const [isWaiting] = useState(task.standing === 'waiting');
  const [contest] = task.contests;
  const at = batches.indexOf(task);
  const next = nextLeft(batches, task.key);
  const onTold = (): void =>
    void (next === undefined
      ? navigate({ to: '/board' })
      : navigate({ to: '/board/count', search: { unit: next.unit, contest: next.contests[0]!.contest } }));
  return (
    <Page
      title={contest!.name}
      ownFocus={!isWaiting}
      lead={say('count.place', { tabulator: task.tabulator, batch: task.batch, n: task.size })}
    >
      <p className="where">
        {say('count.left', { n: batches.filter(isLeft).length, all: batches.length })}{' '}
        <span className="steps-through">
          {at === 0 ? null : <TaskLink task={batches[at - 1]!}>{say('count.previous')}</TaskLink>}{' '}
          {at === batches.length - 1 ? null : (
            <TaskLink task={batches[at + 1]!}>{say('count.next')}</TaskLink>
          )}
        </span>
      </p>
      {isWaiting ? (
        <Alert kind="info">{say('read.isWaiting')}</Alert>
      ) : (
        <TwoCounts task={task} board={board} onTold={onTold} />
      )}
    </Page>
  );
}

/** Whose turn it is; what the first found, while the second counts; which lines are counted. */
interface Counts {
  readonly turn: 0 | 1;
  readonly first: WholeTally | undefined;
  readonly lines: readonly number[];
  /** How often the two differed on this device. */
  readonly differed: number;
  /** What each found last: the lines that agree are not counted again. */
  readonly before: readonly [Tally, Tally];
}

function TwoCounts({
  task,
  board: { members },
  onTold,
}: {
  readonly task: Task;
  readonly board: Board;
  readonly onTold: () => void;
}) {
  const { say } = useWords();
  const contest = task.contests[0]!;
  const names = linesOf(contest, { say });
  const isAgain = task.standing === 'done';
  // Where the audit keeps both entries, each is told; where it keeps one, what both found.
  const isDouble = contest.doubleEntry && !isAgain;
  // One of another two has entered it already, on another device: one more entry is asked for.
  const [isSecond] = useState(isDouble && task.standing === 'entered once');
  const begin = (turn: 0 | 1): Counts => ({
    turn,
    first: undefined,
    lines: names.map((_, line) => line),
    differed: 0,
    before: [emptyTally(contest), emptyTally(contest)],
  });
  const [counts, setCounts] = useState(() => begin(0));
  const [agreed, setAgreed] = useState<WholeTally | 'not found'>();
  const [why, setWhy] = useState<WhyAgain>(noWhy);
  const about = { unit: task.unit, contest: contest.contest };
  const { turn, first, lines, differed, before } = counts;

  const told = (count: ReturnType<typeof counted> | 'not found', entered?: string): Told => {
    if (isAgain)
      return {
        route: 'reRead',
        input: {
          params: { position: contest.position! },
          body: { why: why.why, words: why.words.trim(), batch: count, confirmedByBoth: true },
        },
      };
    const both = { confirmedByBoth: true as const, ...(entered === undefined ? {} : { entered }) };
    if (task.kind === 'hand count')
      return { route: 'countBatch', input: { body: { ...about, count, ...both } } };
    const found = count === 'not found' ? { notFound: true as const } : count;
    return { route: 'readBatch', input: { body: { ...about, ...found, ...both } } };
  };
  const tellAll = async (...all: readonly Told[]): Promise<void> => {
    for (const entry of task.refused) await takeAway(entry.n);
    for (const one of all) await tell(one, about);
  };

  const take = async (tally: WholeTally): Promise<void> => {
    if (isSecond) {
      await tellAll(told(counted(tally, contest), members[turn].name));
      return onTold();
    }
    const last: Counts['before'] = turn === 0 ? [tally, before[1]] : [before[0], tally];
    if (first === undefined) return setCounts({ ...counts, turn: 1, first: tally, before: last });
    const differ = linesThatDiffer(first, tally);
    if (isDouble)
      await tellAll(
        told(counted(first, contest), members[0].name),
        told(counted(tally, contest), members[1].name),
      );
    if (differ.length > 0)
      return setCounts({ turn: 0, first: undefined, lines: differ, differed: differed + 1, before: last });
    if (isDouble) onTold();
    else setAgreed(tally);
  };

  if (agreed !== undefined)
    return (
      <section className="read-back" aria-label={say('read.readBack')}>
        {agreed === 'not found' ? (
          <p className="said">{say('count.notFound')}</p>
        ) : (
          <dl className="agreed">
            {names.map((name, line) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{agreed[line]}</dd>
              </div>
            ))}
          </dl>
        )}
        <BothConfirm
          members={members}
          enterer={0}
          onBoth={async () => {
            const count = agreed === 'not found' ? agreed : counted(agreed, contest);
            if (isDouble) await tellAll(...members.map(({ name }) => told(count, name)));
            else await tellAll(told(count));
            onTold();
          }}
          onBack={() => {
            setAgreed(undefined);
            setCounts(begin(0));
          }}
        />
      </section>
    );
  return (
    <>
      {isAgain ? <ReadAgain task={task} why={why} onWhy={setWhy} /> : null}
      {task.standing === 'count again' && differed === 0 ? (
        <Alert kind="warning">{say('count.differedBefore', { n: contest.differed })}</Alert>
      ) : null}
      {differed > 0 && turn === 0 ? (
        <Alert kind="warning" title={say('count.differ', { n: lines.length })}>
          {say('count.differIn', { names: lines.map((l) => names[l]).join(', ') })}
        </Alert>
      ) : null}
      {isSecond ? (
        <Alert kind="info">
          {say('count.second')}{' '}
          <Button look="unstyled" onClick={() => setCounts(begin(turn === 0 ? 1 : 0))}>
            {say('count.otherPerson', { who: members[1 - turn]!.name })}
          </Button>
        </Alert>
      ) : null}
      <TallySheet
        key={`${differed} ${turn}`}
        contest={contest}
        size={task.size}
        who={members[turn].name}
        lines={lines}
        begun={before[turn].map((n, line) => (lines.includes(line) ? undefined : n))}
        disabled={isAgain && why.words.trim() === ''}
        onTally={(tally) => void take(tally)}
      />
      <p className="fine">{say('count.separately')}</p>
      {turn === 0 && differed === 0 && !isSecond ? (
        <Button look="unstyled" onClick={() => setAgreed('not found')}>
          {say('count.batchNotFound')}
        </Button>
      ) : null}
    </>
  );
}
