// One contest of a card: what is marked on the paper. Large rows for fingers, a key for each row, and inside them the browser's own radio buttons and
// checkboxes, so that a screen reader says what they are. What the machine read is not known here.
import { useId } from 'react';
import { TextField } from '../../components/fields.tsx';
import { useWords } from '../../words.tsx';
import { mark, otherMarks, rank, setOther, writeIn, type Marks } from './reading.ts';
import type { OnBallot } from './standing.ts';

export const otherKeys: Readonly<Record<(typeof otherMarks)[number], string>> = {
  blank: 'b',
  overvote: 'o',
  'not on ballot': 'n',
};
export const writeInKey = 'w';
/** The first ten choices: 1 to 9, and 0. */
export const keyOfChoice = (i: number): string | undefined => (i < 10 ? String((i + 1) % 10) : undefined);

export function ContestMarks({
  contest,
  marks,
  onMarks,
  hasKeys = true,
}: {
  readonly contest: OnBallot;
  readonly marks: Marks;
  readonly onMarks: (marks: Marks) => void;
  /** Shows the key of each row. */
  readonly hasKeys?: boolean;
}) {
  const { say } = useWords();
  const id = useId();
  const { name, voteFor, choices, ranks } = contest;
  const type = voteFor === 1 && ranks === undefined ? 'radio' : 'checkbox';
  const row = (key: string | undefined, label: string, checked: boolean, onPick: () => void) => (
    <label className={`mark${checked ? ' marked' : ''}`} key={label}>
      <input
        type={type}
        name={id}
        checked={checked}
        onChange={onPick}
        // A radio button that is marked takes its mark away by a second click.
        onClick={() => {
          if (type === 'radio' && checked) onPick();
        }}
      />
      <span className="what">{label}</span>
      {!hasKeys || key === undefined ? null : <kbd aria-hidden="true">{key}</kbd>}
    </label>
  );
  return (
    <fieldset className="contest" data-contest={contest.contest}>
      <legend>
        <span className="contest-name">{name}</span>
        <span className="vote-for">
          {ranks === undefined
            ? say('read.voteFor', { n: voteFor, many: voteFor === 1 ? '' : voteFor })
            : say('read.ranked', { n: ranks })}
        </span>
      </legend>
      {ranks === undefined ? (
        <div className="marks">
          {choices.map((c, i) =>
            row(keyOfChoice(i), c.name, marks.choices.includes(c.id), () =>
              onMarks(mark(marks, contest, c.id)),
            ),
          )}
          {row(writeInKey, say('read.writeIn'), marks.writeIn !== undefined, () =>
            onMarks(writeIn(marks, contest, marks.writeIn === undefined ? '' : undefined)),
          )}
          {marks.writeIn === undefined ? null : (
            <TextField
              label={say('read.writeInName')}
              value={marks.writeIn}
              onChange={(e) => onMarks(writeIn(marks, contest, e.target.value))}
              autoComplete="off"
              maxLength={100}
              data-write-in
            />
          )}
        </div>
      ) : (
        <Ranks contest={contest} ranks={ranks} marks={marks} onMarks={onMarks} />
      )}
      <div className="marks others">
        {otherMarks.map((other) =>
          row(otherKeys[other], say(`read.${other}`), marks.other === other, () =>
            onMarks(setOther(marks, other)),
          ),
        )}
      </div>
    </fieldset>
  );
}

/** A ranked contest as its ballot has it: a row for each choice, a column for each rank. */
export function Ranks({
  contest: { name, choices },
  ranks,
  marks,
  onMarks,
  isNumbered = false,
}: {
  readonly contest: OnBallot;
  readonly ranks: number;
  readonly marks: Marks;
  readonly onMarks: (marks: Marks) => void;
  /** Shows the key of each choice. */
  readonly isNumbered?: boolean;
}) {
  const { say } = useWords();
  const columns = Array.from({ length: ranks }, (_, r) => r);
  return (
    <div className="wide" role="region" aria-label={name} tabIndex={0}>
      <table className="ranks">
        <thead>
          <tr>
            <td />
            {columns.map((r) => (
              <th scope="col" key={r}>
                {r + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {choices.map((c, i) => (
            <tr key={c.id}>
              <th scope="row">
                {isNumbered ? <kbd aria-hidden="true">{keyOfChoice(i)}</kbd> : null} {c.name}
              </th>
              {columns.map((r) => (
                <td key={r}>
                  <label>
                    <input
                      type="checkbox"
                      checked={marks.ranks[r]?.includes(c.id) === true}
                      onChange={() => onMarks(rank(marks, r, c.id))}
                      aria-label={say('read.rankOf', { name: c.name, rank: r + 1 })}
                    />
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
