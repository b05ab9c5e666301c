// A batch of a ranked contest counted in full: each of the two says for themselves how many ballots have each ranking, ballot by ballot or pile by pile;
// rankings in which they differ are counted again, and only what both found is told.
import { useEffect, useRef, useState } from 'react';
import { Alert } from '../../components/Alert.tsx';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/fields.tsx';
import { takeAway, tell, type Board, type Told } from '../../outbox.ts';
import { useWords } from '../../words.tsx';
import { BothConfirm } from './BothConfirm.tsx';
import { Ranks } from './ContestMarks.tsx';
import {
  added,
  again,
  ballotsIn,
  batchOf,
  counted,
  isWhole,
  noPiles,
  noRanking,
  pilesThatDiffer,
  type Pile,
  type Piles,
} from './piles.ts';
import { noWhy, ReadAgain, type WhyAgain } from './ReadAgain.tsx';
import { noMarks, rank, rankingInWords } from './reading.ts';
import type { Contest, Task } from './standing.ts';

interface Counts {
  readonly turn: 0 | 1;
  readonly first: Piles | undefined;
  /** What each begins with: nothing, or their last count with what differed to be counted again. */
  readonly begun: readonly [Piles, Piles];
  /** The rankings in which they differed last. */
  readonly differ: Piles | undefined;
}
const fromNothing = (turn: 0 | 1): Counts => ({
  turn,
  first: undefined,
  begun: [noPiles, noPiles],
  differ: undefined,
});

export function RankedCounts({
  task,
  board: { members },
  isAgain,
  isDouble,
  onTold,
}: {
  readonly task: Task;
  readonly board: Board;
  readonly isAgain: boolean;
  readonly isDouble: boolean;
  readonly onTold: () => void;
}) {
  const { say } = useWords();
  const contest = task.contests[0]!;
  const name = useNameOf(contest);
  const [counts, setCounts] = useState(() => fromNothing(0));
  const [agreed, setAgreed] = useState<Piles | 'not found'>();
  const [why, setWhy] = useState<WhyAgain>(noWhy);
  const about = { unit: task.unit, contest: contest.contest };
  const { first, begun, differ } = counts;
  // Somebody has entered it already, at another device perhaps: one more entry is asked for, by somebody else.
  const isSecond = isDouble && first === undefined && task.entered !== undefined;
  const isByOne = isSecond && members[counts.turn].name === task.entered;
  const turn = isByOne ? (counts.turn === 0 ? 1 : 0) : counts.turn;

  const told = (piles: Piles | 'not found', entered?: string): Told => {
    const count = piles === 'not found' ? piles : batchOf(piles);
    if (isAgain)
      return {
        route: 'reRead',
        input: {
          params: { position: contest.position! },
          body: { why: why.why, words: why.words.trim(), batch: count, confirmedByBoth: true },
        },
      };
    const who = entered === undefined ? {} : { entered };
    return { route: 'countBatch', input: { body: { ...about, count, confirmedByBoth: true, ...who } } };
  };
  const tellAll = async (...all: readonly Told[]): Promise<void> => {
    for (const entry of task.refused) await takeAway(entry.n);
    for (const one of all) await tell(one, about);
  };

  const take = async (piles: Piles): Promise<void> => {
    if (isDouble) await tellAll(told(piles, members[turn].name));
    if (isSecond) return onTold();
    const last: Counts['begun'] = turn === 0 ? [piles, begun[1]] : [begun[0], piles];
    if (first === undefined) return setCounts({ ...counts, turn: 1, first: piles, begun: last });
    const differing = pilesThatDiffer(first, piles);
    if (differing.length > 0)
      return setCounts({
        turn: 0,
        first: undefined,
        begun: [again(last[0], differing), again(last[1], differing)],
        differ: differing,
      });
    if (isDouble) onTold();
    else setAgreed(piles);
  };

  if (agreed !== undefined)
    return (
      <section className="read-back" aria-label={say('read.readBack')}>
        {agreed === 'not found' ? (
          <p className="said">{say('count.notFound')}</p>
        ) : (
          <dl className="agreed">
            {agreed.map((p) => (
              <div key={p.key}>
                <dt>{name(p)}</dt>
                <dd>{p.ballots}</dd>
              </div>
            ))}
          </dl>
        )}
        <BothConfirm
          members={members}
          enterer={0}
          onBoth={async () => {
            if (isDouble) await tellAll(...members.map((m) => told(agreed, m.name)));
            else await tellAll(told(agreed));
            onTold();
          }}
          onBack={() => {
            setAgreed(undefined);
            setCounts(fromNothing(0));
          }}
        />
      </section>
    );
  return (
    <>
      {isAgain ? <ReadAgain task={task} why={why} onWhy={setWhy} /> : null}
      {differ !== undefined && turn === 0 ? (
        <Alert kind="warning" title={say('count.differ', { n: differ.length })}>
          {say('count.differIn', { names: differ.map(name).join(', ') })}
        </Alert>
      ) : null}
      {isSecond ? (
        <Alert kind="info">
          {say('count.second')}{' '}
          {members.some((m) => m.name === task.entered) ? null : (
            <Button look="unstyled" onClick={() => setCounts(fromNothing(turn === 0 ? 1 : 0))}>
              {say('count.otherPerson', { who: members[1 - turn]!.name })}
            </Button>
          )}
        </Alert>
      ) : null}
      <RankedSheet
        key={`${differ?.map((p) => p.key).join(' ')} ${turn}`}
        contest={contest}
        size={task.size}
        who={members[turn].name}
        begun={begun[turn]}
        disabled={isAgain && why.words.trim() === ''}
        onPiles={(piles) => void take(piles)}
      />
      <p className="fine">{say('count.separately')}</p>
      {turn === 0 && differ === undefined && !isSecond ? (
        <Button look="unstyled" onClick={() => setAgreed('not found')}>
          {say('count.batchNotFound')}
        </Button>
      ) : null}
    </>
  );
}

/** What a pile is of, in words. */
function useNameOf({ choices }: Contest): (pile: Pile) => string {
  const { say } = useWords();
  const named = (id: string): string => choices.find((c) => c.id === id)?.name ?? id;
  return ({ key, ranks }) => {
    if (key === 'blank') return say('count.blank');
    return key === 'writeIns' ? say('ranked.onlyOthers') : rankingInWords(ranks, named);
  };
}

/** One person's piles, and the ballot or pile that is added next. */
function RankedSheet({
  contest,
  size,
  who,
  begun,
  disabled,
  onPiles,
}: {
  readonly contest: Contest;
  readonly size: number;
  readonly who: string;
  readonly begun: Piles;
  readonly disabled: boolean;
  readonly onPiles: (piles: Piles) => void;
}) {
  const { say } = useWords();
  const name = useNameOf(contest);
  const [piles, setPiles] = useState(begun);
  const [marks, setMarks] = useState(noMarks);
  const [number, setNumber] = useState('1');
  // What agreed before stays as it is, and out of sight: only what differed is counted again.
  const [kept] = useState(() => new Set(isWhole(begun) ? [] : begun.filter((p) => p.ballots !== undefined).map((p) => p.key))); // oxfmt-ignore
  const next = useRef<HTMLElement>(null);
  useEffect(() => next.current?.focus(), []);
  const total = ballotsIn(piles);
  const tooMany = total > size;
  const ready = isWhole(piles) && !tooMany && !disabled && marks.ranks.length === 0;
  const ranks = contest.ranks!;

  const add = (): void => {
    if (marks.ranks.length === 0 || !/^[1-9]\d{0,6}$/.test(number)) return;
    setPiles(added(piles, marks.ranks, Number(number)));
    setMarks(noMarks);
    setNumber('1');
    next.current?.focus();
  };
  const addTo = (key: string): void => setPiles(counted(piles, key, ballotsIn(piles.filter((p) => p.key === key)) + 1)); // oxfmt-ignore
  /** A choice's number puts it at the next rank. */
  const onKey = (key: string): boolean => {
    const at = marks.ranks.length;
    const choice = contest.choices.find((_, i) => i < 10 && key === String((i + 1) % 10));
    if (choice !== undefined && at < ranks) setMarks(rank(marks, at, choice.id));
    else if (key === '-' && at < ranks) setMarks({ ...noMarks, ranks: [...marks.ranks, []] });
    else if (key === 'Backspace') setMarks({ ...noMarks, ranks: marks.ranks.slice(0, -1) });
    else if (key === 'Enter') add();
    else if (key === 'b') addTo('blank');
    else if (key === 'w') addTo('writeIns');
    else return false;
    return true;
  };
  return (
    <form className="tally" onSubmit={(e) => e.preventDefault()}>
      <h2>{say(kept.size === 0 ? 'count.counts' : 'count.countsAgain', { who })}</h2>
      <p className="usa-hint">{say('ranked.how')}</p>
      <section
        ref={next}
        className="next-ranking"
        aria-label={say('ranked.next')}
        tabIndex={-1}
        onKeyDown={(e) => {
          const isTyping = e.target instanceof HTMLInputElement && e.target.type !== 'checkbox';
          if (e.ctrlKey || e.altKey || e.metaKey || (isTyping && e.key !== 'Enter')) return;
          if (e.target instanceof HTMLButtonElement && e.key === 'Enter') return;
          if (onKey(e.key.toLowerCase() === e.key ? e.key : e.key.length === 1 ? e.key.toLowerCase() : e.key))
            e.preventDefault();
        }}
      >
        <h3>{say('ranked.next')}</h3>
        <Ranks contest={contest} ranks={ranks} marks={marks} onMarks={setMarks} isNumbered />
        <div className="add-ranking">
          <TextField
            label={say('ranked.ballots')}
            inputMode="numeric"
            autoComplete="off"
            value={number}
            onChange={(e) => setNumber(e.target.value.replaceAll(/\D/g, '').slice(0, 7))}
          />
          <Button disabled={marks.ranks.length === 0} onClick={add}>
            {say('ranked.add')} <kbd aria-hidden="true">Enter</kbd>
          </Button>
          {noRanking.map((key) => (
            <Button key={key} look="outline" onClick={() => addTo(key)}>
              {say(`ranked.add.${key}`)} <kbd aria-hidden="true">{key === 'blank' ? 'B' : 'W'}</kbd>
            </Button>
          ))}
        </div>
        <p className="fine">{say('ranked.keys')}</p>
      </section>
      <h3>{say('ranked.piles')}</h3>
      <ul className="lines">
        {piles
          .filter((p) => !kept.has(p.key))
          .map((p) => (
            <li key={p.key}>
              <label>
                <span className="what">{name(p)}</span>
                <input
                  className="usa-input"
                  inputMode="numeric"
                  pattern="\d*"
                  autoComplete="off"
                  value={p.ballots ?? ''}
                  onChange={(e) => {
                    const digits = e.target.value.replaceAll(/\D/g, '').slice(0, 7);
                    setPiles(counted(piles, p.key, digits === '' ? undefined : Number(digits)));
                  }}
                />
              </label>
            </li>
          ))}
      </ul>
      <p className={`sums${tooMany ? ' too-many' : ''}`} role="status">
        {say('count.ballotsOf', { ballots: total, size })} {tooMany ? say('count.tooMany') : ''}
      </p>
      <div className="acts">
        <Button look="big" disabled={!ready} onClick={() => onPiles(piles)}>
          {say('count.done', { who })}
        </Button>
      </div>
    </form>
  );
}
