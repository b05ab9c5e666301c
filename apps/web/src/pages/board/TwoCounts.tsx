// Two people count one batch, each without the other's figures, and what disagrees is counted again. Only what both found is told; where the audit keeps both
// entries, each of them, when it is made.
import { useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { keepCounts, takeAway, tell, type Board, type Told } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { isSaid, noWhy } from '../WhyFields.tsx';
import { BothConfirm } from './BothConfirm.tsx';
import { goesOn, nameOfCounts, type Counting, type Counts } from './counts.ts';
import type { BatchCount } from './reading.ts';
import { ReadAgain } from './ReadAgain.tsx';
import type { Task } from './standing.ts';

export interface AtBatch {
  readonly task: Task;
  readonly board: Board;
  /** What these two had begun before the page was loaded again. */
  readonly kept: Counts | undefined;
  readonly isAgain: boolean;
  readonly isDouble: boolean;
  readonly onTold: () => void;
}

export function TwoCounts<Begun, Whole extends Begun>({
  counting,
  task,
  board,
  kept,
  isAgain,
  isDouble,
  onTold,
}: AtBatch & { readonly counting: Counting<Begun, Whole> }) {
  const { say } = useWords();
  const contest = task.contests[0]!;
  const { members } = board;
  const begin = (turn: 0 | 1): Counts<Begun, Whole> => ({
    by: members,
    isAgain,
    why: noWhy,
    turn,
    first: undefined,
    begun: [counting.nothing, counting.nothing],
    draft: undefined,
    differed: 0,
    agreed: undefined,
  });
  // What is kept of a batch was made by the kind of count that its contest has.
  const [made, setCounts] = useState(() => (kept as Counts<Begun, Whole> | undefined) ?? begin(0));
  // The first one's entry may have found its second at another device.
  const isOver =
    made.first !== undefined && !goesOn(made, members, { isAgain, isDouble, standing: task.standing });
  const counts = isOver ? begin(0) : made;
  const { first, begun, draft, differed, agreed, why } = counts;
  // Somebody has entered it already, at another device perhaps, and perhaps just now: one more entry is asked for, by somebody else.
  const isSecond = isDouble && first === undefined && task.entered !== undefined;
  const isByOne = isSecond && members[counts.turn].name === task.entered;
  const turn = isByOne ? (counts.turn === 0 ? 1 : 0) : counts.turn;
  const name = nameOfCounts(board, task);
  const goOn = async (next: Counts<Begun, Whole>): Promise<void> => {
    await keepCounts(name, next);
    setCounts(next);
  };
  const end = async (): Promise<void> => {
    onTold();
    await keepCounts(name, undefined);
  };

  const about = { unit: task.unit, contest: contest.contest };
  const told = (count: BatchCount, entered?: string): Told => {
    if (isAgain)
      return {
        route: 'reRead',
        input: {
          params: { position: contest.position! },
          body: { why: why.why, words: why.words.trim(), batch: count, confirmedByBoth: true },
        },
      };
    const both = { confirmedByBoth: true as const, ...(entered === undefined ? {} : { entered }) };
    // Rankings are counted in a full hand count only.
    if (task.kind === 'hand count' || (count !== 'not found' && 'rankings' in count))
      return { route: 'countBatch', input: { body: { ...about, count, ...both } } };
    const found = count === 'not found' ? { notFound: true as const } : count;
    return { route: 'readBatch', input: { body: { ...about, ...found, ...both } } };
  };
  const tellAll = async (...all: readonly Told[]): Promise<void> => {
    for (const entry of task.refused) await takeAway(entry.n);
    for (const one of all) await tell(one, about);
  };

  const take = async (count: Whole): Promise<void> => {
    if (isDouble) await tellAll(told(counting.told(count), members[turn].name));
    if (isSecond) return end();
    if (first === undefined) return goOn({ ...counts, turn: 1, first: count, draft: undefined });
    const next: Counts<Begun, Whole> = { ...counts, turn: 0, first: undefined, draft: undefined };
    const again = counting.again(first, count);
    if (again !== undefined) return goOn({ ...next, begun: again, differed: differed + 1 });
    return isDouble ? end() : goOn({ ...next, agreed: count });
  };

  if (agreed !== undefined)
    return (
      <section className="read-back" aria-label={say('read.readBack')}>
        {agreed === 'not found' ? (
          <p className="said">{say('count.notFound')}</p>
        ) : (
          <dl className="agreed">
            {counting.readBack(agreed).map(([of, ballots]) => (
              <div key={of}>
                <dt>{of}</dt>
                <dd>{ballots}</dd>
              </div>
            ))}
          </dl>
        )}
        <BothConfirm
          members={members}
          enterer={0}
          onBoth={async () => {
            const count = agreed === 'not found' ? 'not found' : counting.told(agreed);
            if (isDouble) await tellAll(...members.map((m) => told(count, m.name)));
            else await tellAll(told(count));
            await end();
          }}
          onBack={() => void goOn({ ...begin(0), why })}
        />
      </section>
    );
  const left = counting.left(begun[turn]);
  const { Sheet } = counting;
  return (
    <>
      {isAgain ? (
        <ReadAgain task={task} why={why} onWhy={(said) => setCounts({ ...counts, why: said })} />
      ) : null}
      {task.standing === 'count again' && differed === 0 ? (
        <Alert kind="warning">{say('count.differedBefore', { n: contest.differed })}</Alert>
      ) : null}
      {differed > 0 && turn === 0 ? (
        <Alert kind="warning" title={say('count.differ', { n: left.length })}>
          {say('count.differIn', { names: left.join(', ') })}
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
      <Sheet
        key={`${differed} ${turn}`}
        contest={contest}
        size={task.size}
        who={members[turn].name}
        begun={begun[turn]}
        draft={draft}
        onDraft={(soFar) => void keepCounts(name, { ...counts, draft: soFar })}
        disabled={isAgain && !isSaid(why)}
        onCount={(count) => void take(count)}
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
