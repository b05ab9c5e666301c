// The tally of one batch in one contest, as a board of two makes it, for a sample of batches and for a full hand count alike: by lines, or, of a ranked
// contest, by rankings.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { Page } from '../../components/Page.tsx';
import { useOutbox, type Board } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { AtTable } from './AtTable.tsx';
import { TaskLink } from './Board.tsx';
import { goesOn, nameOfCounts } from './counts.ts';
import { byRankings } from './RankedSheet.tsx';
import { isLeft, nextLeft, type Task } from './standing.ts';
import { byLines } from './TallySheet.tsx';
import { TwoCounts } from './TwoCounts.tsx';
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
  const at = batches.indexOf(task);
  const next = nextLeft(batches, task.key);
  const onTold = (): void =>
    void (next === undefined
      ? navigate({ to: '/board' })
      : navigate({ to: '/board/count', search: { unit: next.unit, contest: next.contests[0]!.contest } }));
  const atBatch = { task, board, kept, isAgain, isDouble, onTold };
  const counted =
    contest!.ranks === undefined ? (
      <TwoCounts key={String(isAgain)} counting={byLines(contest!, say)} {...atBatch} />
    ) : (
      <TwoCounts key={String(isAgain)} counting={byRankings(contest!, say)} {...atBatch} />
    );
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
      {isWaiting ? <Alert kind="info">{say('read.isWaiting')}</Alert> : counted}
    </Page>
  );
}
