// The tally of one batch in one contest, as a board of two makes it: each counts for themselves without the other's figures, and what disagrees is counted
// again. Only what both found is told; where the audit keeps both entries, each of them, when it is made. For a sample of batches and for a full hand
// count alike.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { Page } from '../../components/Page.tsx';
import { keepCounts, takeAway, tell, useOutbox, type Board, type Told } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { AtTable } from './AtTable.tsx';
import { TaskLink } from './Board.tsx';
import { BothConfirm } from './BothConfirm.tsx';
import { goesOn, nameOfCounts, type Counts } from './counts.ts';
import { RankedCounts } from './RankedCount.tsx';
import { noWhy, ReadAgain } from './ReadAgain.tsx';
import { isLeft, nextLeft, type Task } from './standing.ts';
import { counted, emptyTally, linesOf, linesThatDiffer, type WholeTally } from './tally.ts';
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
  const { counts } = useOutbox();
  const [contest] = task.contests;
  const { standing } = task;
  const [wasDone] = useState(standing === 'done');
  // Another device may have done it meanwhile.
  const isAgain = wasDone || standing === 'done';
  // Where the audit keeps both entries, each is told; where it keeps one, what both found.
  const isDouble = contest!.doubleEntry && !isAgain;
  const ours = counts.get(nameOfCounts(board, task));
  const kept =
    ours !== undefined && goesOn(ours, board.members, { isAgain, isDouble, standing }) ? ours : undefined;
  // As it stood when it was opened: what is told from here does not close it.
  const [isWaiting] = useState(standing === 'waiting' && kept === undefined);
  const Counting = contest!.ranks === undefined ? TwoCounts : RankedCounts;
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
        <Counting key={String(isAgain)} {...{ task, board, kept, isAgain, isDouble, onTold }} />
      )}
    </Page>
  );
}

function TwoCounts({
  task,
  board,
  kept,
  isAgain,
  isDouble,
  onTold,
}: {
  readonly task: Task;
  readonly board: Board;
  /** What these two had begun before the page was loaded again. */
  readonly kept: Counts | undefined;
  readonly isAgain: boolean;
  readonly isDouble: boolean;
  readonly onTold: () => void;
}) {
  const { say } = useWords();
  const contest = task.contests[0]!;
  const names = linesOf(contest, { say });
  const { members } = board;
  const begin = (turn: 0 | 1): Counts => ({
    by: members,
    isAgain,
    why: noWhy,
    turn,
    first: undefined,
    lines: names.map((_, line) => line),
    differed: 0,
    before: [emptyTally(contest), emptyTally(contest)],
    agreed: undefined,
  });
  const [made, setCounts] = useState(() => kept ?? begin(0));
  // The first one's entry may have found its second at another device.
  const isOver =
    made.first !== undefined && !goesOn(made, members, { isAgain, isDouble, standing: task.standing });
  const counts = isOver ? begin(0) : made;
  const { first, lines, differed, before, agreed, why } = counts;
  // Somebody has entered it already, at another device perhaps, and perhaps just now: one more entry is asked for, by somebody else.
  const isSecond = isDouble && first === undefined && task.entered !== undefined;
  const isByOne = isSecond && members[counts.turn].name === task.entered;
  const turn = isByOne ? (counts.turn === 0 ? 1 : 0) : counts.turn;
  const name = nameOfCounts(board, task);
  const goOn = async (next: Counts): Promise<void> => {
    await keepCounts(name, next);
    setCounts(next);
  };
  const end = async (): Promise<void> => {
    onTold();
    await keepCounts(name, undefined);
  };
  const about = { unit: task.unit, contest: contest.contest };

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
    const last: Counts['before'] = turn === 0 ? [tally, before[1]] : [before[0], tally];
    if (isDouble) await tellAll(told(counted(tally, contest), members[turn].name));
    if (isSecond) return end();
    if (first === undefined) return goOn({ ...counts, turn: 1, first: tally, before: last });
    const differ = linesThatDiffer(first, tally);
    const again: Counts = { ...counts, turn: 0, first: undefined, before: last };
    if (differ.length > 0) return goOn({ ...again, lines: differ, differed: differed + 1 });
    return isDouble ? end() : goOn({ ...again, agreed: tally });
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
            await end();
          }}
          onBack={() => void goOn({ ...begin(0), why })}
        />
      </section>
    );
  return (
    <>
      {isAgain ? (
        <ReadAgain task={task} why={why} onWhy={(said) => setCounts({ ...counts, why: said })} />
      ) : null}
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
          {members.some((m) => m.name === task.entered) ? null : (
            <Button look="unstyled" onClick={() => setCounts(begin(turn === 0 ? 1 : 0))}>
              {say('count.otherPerson', { who: members[1 - turn]!.name })}
            </Button>
          )}
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
        <Button look="unstyled" onClick={() => void goOn({ ...counts, agreed: 'not found' })}>
          {say('count.batchNotFound')}
        </Button>
      ) : null}
    </>
  );
}
