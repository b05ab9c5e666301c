// One person's count of a batch of a ranked contest: how many ballots have each ranking, ballot by ballot or pile by pile.
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { CountField, CountLine } from '../../components/CountField.tsx';
import { useWords, type Words } from '../../words.tsx';
import { Ranks } from './ContestMarks.tsx';
import type { Counting, Sheet } from './counts.ts';
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
import { noMarks, rank, rankingInWords } from './reading.ts';
import type { Contest } from './standing.ts';

/** How many ballots have each ranking, how many rank only other names, how many are blank. */
export const byRankings = (contest: Contest, say: Words['say']): Counting<Piles, Piles> => ({
  nothing: noPiles,
  again: (one, two) => {
    const differ = pilesThatDiffer(one, two);
    return differ.length === 0 ? undefined : [again(one, differ), again(two, differ)];
  },
  left: (begun) => begun.flatMap((p) => (p.ballots === undefined ? [nameOf(p, contest, say)] : [])),
  readBack: (piles) => piles.map((p) => [nameOf(p, contest, say), p.ballots ?? 0]),
  told: batchOf,
  Sheet: RankedSheet,
});

/** What a pile is of, in words. */
function nameOf({ key, ranks }: Pile, { choices }: Contest, say: Words['say']): string {
  if (key === 'blank') return say('count.blank');
  if (key === 'writeIns') return say('ranked.onlyOthers');
  return rankingInWords(ranks, (id) => choices.find((c) => c.id === id)?.name ?? id);
}

/** One person's piles, and the ballot or pile that is added next. */
function RankedSheet({ contest, size, who, begun, draft, onDraft, disabled, onCount }: Sheet<Piles, Piles>) {
  const { say } = useWords();
  const [piles, setPiles] = useState(draft ?? begun);
  const [marks, setMarks] = useState(noMarks);
  const [number, setNumber] = useState<number | undefined>(1);
  // What agreed before stays as it is, and out of sight: only what differed is counted again.
  const [kept] = useState(() => new Set(isWhole(begun) ? [] : begun.filter((p) => p.ballots !== undefined).map((p) => p.key))); // oxfmt-ignore
  const next = useRef<HTMLElement>(null);
  useEffect(() => next.current?.focus(), []);
  const total = ballotsIn(piles);
  const tooMany = total > size;
  const ready = isWhole(piles) && !tooMany && !disabled && marks.ranks.length === 0;
  const ranks = contest.ranks!;

  const change = (next: Piles): void => {
    setPiles(next);
    onDraft(next);
  };
  const add = (): void => {
    if (marks.ranks.length === 0 || number === undefined || number === 0) return;
    change(added(piles, marks.ranks, number));
    setMarks(noMarks);
    setNumber(1);
    next.current?.focus();
  };
  const addTo = (key: string): void => change(counted(piles, key, ballotsIn(piles.filter((p) => p.key === key)) + 1)); // oxfmt-ignore
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
          <CountField label={say('ranked.ballots')} value={number} onCount={setNumber} />
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
              <CountLine
                label={nameOf(p, contest, say)}
                value={p.ballots}
                onCount={(n) => change(counted(piles, p.key, n))}
              />
            </li>
          ))}
      </ul>
      <p className={`sums${tooMany ? ' too-many' : ''}`} role="status">
        {say('count.ballotsOf', { ballots: total, size })} {tooMany ? say('count.tooMany') : ''}
      </p>
      <div className="acts">
        <Button look="big" disabled={!ready} onClick={() => onCount(piles)}>
          {say('count.done', { who })}
        </Button>
      </div>
    </form>
  );
}
