// One person's count of a batch: typed from the piles (sort and stack), or marked ballot by ballot while the other reads aloud (read and mark), in
// fives as on paper. What is shown beside it is the number of ballots by the manifest; what a machine counted is not known here.
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { CountLine } from '../../components/CountField.tsx';
import { useWords, type Words } from '../../words.tsx';
import type { Counting, Sheet } from './counts.ts';
import type { Contest } from './standing.ts';
import {
  counted,
  emptyTally,
  isTooMany,
  isWhole,
  linesOf,
  linesThatDiffer,
  sumsOf,
  type Tally,
  type WholeTally,
} from './tally.ts';

const ways = ['stack', 'mark'] as const;
type Way = (typeof ways)[number];
const keptWay = 'opencanvass way of counting';

/** Votes by choice, other names, blank and overvoted ballots. */
export const byLines = (contest: Contest, say: Words['say']): Counting<Tally, WholeTally> => {
  const names = linesOf(contest, { say });
  return {
    nothing: emptyTally(contest),
    again: (one, two) => {
      const differ = linesThatDiffer(one, two);
      const own = (tally: WholeTally): Tally =>
        tally.map((n, line) => (differ.includes(line) ? undefined : n));
      return differ.length === 0 ? undefined : [own(one), own(two)];
    },
    left: (begun) => names.filter((_, line) => begun[line] === undefined),
    readBack: (tally) => names.map((name, line) => [name, tally[line]!]),
    told: (tally) => counted(tally, contest),
    Sheet: TallySheet,
  };
};

function TallySheet({
  contest,
  size,
  who,
  begun,
  draft,
  onDraft,
  disabled,
  onCount,
}: Sheet<Tally, WholeTally>) {
  const { say, number } = useWords();
  const [way, setWay] = useState<Way>(() => (localStorage.getItem(keptWay) === 'mark' ? 'mark' : 'stack'));
  const [tally, setTally] = useState(draft ?? begun);
  const lines = begun.flatMap((n, line) => (n === undefined ? [line] : []));
  const change = (next: Tally): void => {
    setTally(next);
    onDraft(next);
  };
  const [marked, setMarked] = useState<readonly number[]>([]);
  const form = useRef<HTMLFormElement>(null);
  useEffect(
    () => form.current?.querySelector<HTMLElement>('input:not([type=radio]), .tally-mark')?.focus(),
    [way],
  );
  const names = linesOf(contest, { say });
  const sums = sumsOf(tally, contest);
  const tooMany = isTooMany(tally, contest, size);
  const whole = isWhole(tally);
  const set = (line: number, n: number | undefined): void =>
    change(tally.map((was, i) => (i === line ? n : was)));
  const addMark = (line: number): void => {
    change(tally.map((was, i) => (i === line ? (was ?? 0) + 1 : lines.includes(i) ? (was ?? 0) : was)));
    setMarked([...marked, line]);
  };
  const undo = (): void => {
    const line = marked.at(-1);
    if (line === undefined) return;
    set(line, (tally[line] ?? 1) - 1);
    setMarked(marked.slice(0, -1));
  };
  const pick = (next: Way): void => {
    localStorage.setItem(keptWay, next);
    setWay(next);
  };
  return (
    <form
      ref={form}
      className="tally"
      onKeyDown={(e) => {
        if (way !== 'mark' || e.ctrlKey || e.altKey || e.metaKey) return;
        const line = lines.find((_, i) => i < 10 && e.key === String((i + 1) % 10));
        if (line !== undefined) addMark(line);
        else if (e.key === 'Backspace') undo();
        else return;
        e.preventDefault();
      }}
      onSubmit={(e) => {
        e.preventDefault();
        if (whole && !tooMany && !disabled) onCount(tally);
      }}
    >
      <h2>{say(lines.length === names.length ? 'count.counts' : 'count.countsAgain', { who })}</h2>
      <div className="ways" role="group" aria-label={say('count.way')}>
        {ways.map((w) => (
          <Button
            key={w}
            {...(w === way ? {} : { look: 'outline' as const })}
            aria-pressed={w === way}
            onClick={() => pick(w)}
          >
            {say(`count.way.${w}`)}
          </Button>
        ))}
      </div>
      <p className="usa-hint">{say(`count.way.${way}.how`)}</p>
      <ul className="lines">
        {lines.map((line, i) => (
          <li key={line}>
            {way === 'stack' ? (
              <CountLine label={names[line]!} value={tally[line]} onCount={(n) => set(line, n)} />
            ) : (
              <button type="button" className="tally-mark" onClick={() => addMark(line)}>
                <span className="what">{names[line]}</span>
                <Fives n={tally[line] ?? 0} />
                <span className="n">{number(tally[line] ?? 0)}</span>
                {i < 10 ? <kbd aria-hidden="true">{(i + 1) % 10}</kbd> : null}
              </button>
            )}
          </li>
        ))}
      </ul>
      <p className={`sums${tooMany ? ' too-many' : ''}`} role="status">
        {sums.ballots === undefined
          ? say('count.votesOf', {
              votes: sums.votes,
              most: contest.voteFor * size,
              n: contest.voteFor,
              size,
            })
          : say('count.ballotsOf', { ballots: sums.ballots, size })}{' '}
        {tooMany ? say('count.tooMany') : ''}
      </p>
      <div className="acts">
        <Button look="big" type="submit" disabled={!whole || tooMany || disabled}>
          {say('count.done', { who })} <kbd aria-hidden="true">Enter</kbd>
        </Button>
        {way === 'mark' ? (
          <Button look="outline" disabled={marked.length === 0} onClick={undo}>
            {say('count.undo')} <kbd aria-hidden="true">⌫</kbd>
          </Button>
        ) : null}
      </div>
    </form>
  );
}

/** Strokes in fives, as on a tally sheet; a picture of the number beside it. Beyond fifty the fives are counted. */
function Fives({ n }: { readonly n: number }) {
  const fives = Math.floor(n / 5);
  const shown = Math.min(fives, 10);
  return (
    <svg className="fives" aria-hidden="true" viewBox="0 0 220 16" preserveAspectRatio="xMinYMid meet">
      {Array.from({ length: shown }, (_, f) => (
        <path key={f} d={`${strokes(f * 20, 4)}M${f * 20} 14l15 -12`} />
      ))}
      <path d={strokes(shown * 20, fives > 10 ? 0 : n % 5)} />
    </svg>
  );
}
const strokes = (x: number, n: number): string =>
  Array.from({ length: n }, (_, i) => `M${x + 2 + i * 4} 2v12`).join('');
