// The board at this device, with or without the network: who it is, what it has to do, what waits to be sent.
import { routes } from '@opencanvass/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useAnswer } from '../../api.ts';
import {
  boardOf,
  keep,
  keepSending,
  onSent,
  send,
  useOutbox,
  type Board,
  type Sending,
  type Waiting,
} from '../../outbox.ts';
import { useSession } from '../../session.ts';
import { holdPages } from './holdPages.ts';
import { inOrder, tasksOfHandCount, tasksOfWork, type Task } from './standing.ts';

export interface AtTable {
  /** False until the device's store has been read. */
  readonly ready: boolean;
  readonly board: Board | undefined;
  /** The session is over, or was never begun; undefined while that is not known. */
  readonly signedIn: boolean | undefined;
  readonly tasks: readonly Task[];
  /** False where nothing is known of the work yet. */
  readonly known: boolean;
  readonly waiting: readonly Waiting[];
  readonly sending: Sending;
}

export function useBoard(): AtTable {
  const session = useSession();
  const queries = useQueryClient();
  const { ready, waiting, taken, sending, board, work: keptWork, handCount: keptHandCount } = useOutbox();
  const here = boardOf(session);
  const signedIn = session === undefined ? undefined : here !== undefined;
  const enabled = signedIn === true;
  const askedWork = useAnswer(routes.work, {}, { every: 20, enabled });
  const askedHandCount = useAnswer(routes.handCountWork, {}, { every: 20, enabled });
  const [work, handCount] = [askedWork.data, askedHandCount.data];
  // Each entry that is taken has both asked anew, and drops what was asked before it.
  const [workAt, handCountAt] = [lastTold(askedWork), lastTold(askedHandCount)];

  const inWords = JSON.stringify(here);
  useEffect(() => {
    if (inWords !== undefined) void keep('board', JSON.parse(inWords) as Board).then(send);
  }, [inWords]);
  useEffect(() => {
    if (work !== undefined) void keep('work', work);
  }, [work]);
  useEffect(() => {
    if (handCount !== undefined) void keep('handCount', handCount);
  }, [handCount]);
  useEffect(() => {
    void holdPages();
    onSent(() => void queries.invalidateQueries());
    return keepSending();
  }, [queries]);

  // What was kept here counts only until the desk has answered: then it is the same, and nothing is worked out anew for it.
  const [workNow, handCountNow] = [work ?? keptWork, handCount ?? keptHandCount];
  const tasks = useMemo(() => {
    const unknownAt = (at: number) => [...waiting, ...taken.filter((t) => t.taken >= at)];
    return [
      ...tasksOfWork(workNow, unknownAt(workAt)),
      ...tasksOfHandCount(handCountNow, unknownAt(handCountAt)),
    ].toSorted(inOrder);
  }, [workNow, handCountNow, waiting, taken, workAt, handCountAt]);
  return {
    ready,
    board: here ?? board,
    signedIn,
    tasks,
    known: (workNow ?? handCountNow) !== undefined,
    waiting,
    sending,
  };
}

const lastTold = (asked: { readonly dataUpdatedAt: number; readonly errorUpdatedAt: number }): number =>
  Math.max(asked.dataUpdatedAt, asked.errorUpdatedAt);
