// A table that can be put in order by its columns. The first column heads its row. A long one is shown a page at a time, and its rows are found by
// what is written in them: nobody reads eight thousand rows, and no browser lays them out at once.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useWords } from '../words.tsx';

export interface Column<T> {
  readonly title: string;
  /** What stands in the cell. */
  readonly cell: (row: T) => ReactNode;
  /** What the rows are put in order by; a column without is not. Rows are found by those that are text. */
  readonly by?: (row: T) => string | number;
  /** Figures stand to the right, in digits of one width. */
  readonly figure?: boolean;
}

/** All counties of any state, 254 in Texas, stand on one page. */
const longest = 300;
/** Rows of a page of a longer table. */
const pageLength = 100;

export function Table<T>({
  caption,
  columns,
  rows,
  keyOf,
  stacks = false,
}: {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** On a phone each row is a block of its own, its cells below each other under their titles: for few rows with sentences in them. */
  readonly stacks?: boolean;
}) {
  const { say } = useWords();
  const [order, setOrder] = useState<{ readonly column: number; readonly down: boolean }>();
  const [sought, setSought] = useState('');
  const [page, setPage] = useState(0);
  const top = useRef<HTMLDivElement>(null);
  const isLong = rows.length > longest;
  const found = isLong && sought.trim() !== '' ? rows.filter(holding(sought, columns)) : rows;
  const by = order === undefined ? undefined : columns[order.column]?.by;
  const sorted =
    by === undefined ? found : found.toSorted((a, b) => compared(by(a), by(b)) * (order!.down ? -1 : 1));
  const last = isLong ? Math.max(0, Math.ceil(sorted.length / pageLength) - 1) : 0;
  const at = Math.min(page, last);
  const shown = isLong ? sorted.slice(at * pageLength, (at + 1) * pageLength) : sorted;
  const classOf = (c: Column<T>) => (c.figure === true ? 'figure-cell' : undefined);
  const turn = (to: number): void => {
    setPage(to);
    top.current?.focus();
  };
  return (
    <>
      {isLong ? (
        <Finder
          caption={caption}
          sought={sought}
          onChange={(next) => {
            setSought(next);
            setPage(0);
          }}
        >
          {found.length === 0
            ? say('table.none')
            : say(found === rows ? 'table.shown' : 'table.found', {
                from: at * pageLength + 1,
                to: at * pageLength + shown.length,
                n: found.length,
                all: rows.length,
              })}
        </Finder>
      ) : null}
      <div className="wide" role="region" aria-label={caption} tabIndex={0} ref={top}>
        <table className={`usa-table usa-table--borderless${stacks ? ' stacks' : ''}`}>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((c, i) => (
                <th
                  key={c.title}
                  scope="col"
                  className={classOf(c)}
                  {...(order?.column === i ? { 'aria-sort': order.down ? 'descending' : 'ascending' } : {})}
                >
                  {c.by === undefined ? (
                    c.title
                  ) : (
                    <button
                      type="button"
                      onClick={() => {
                        setOrder({ column: i, down: order?.column === i && !order.down });
                        setPage(0);
                      }}
                    >
                      {c.title}
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((c, i) =>
                  i === 0 ? (
                    <th key={c.title} scope="row" className={classOf(c)}>
                      {c.cell(row)}
                    </th>
                  ) : (
                    <td key={c.title} className={classOf(c)} data-label={c.title}>
                      {c.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {last === 0 ? null : <Pages caption={caption} at={at} last={last} onTurn={turn} />}
    </>
  );
}

/** What is typed is looked for a moment later, so that typing never waits for the table. */
function Finder({
  caption,
  sought,
  onChange,
  children,
}: {
  readonly caption: string;
  readonly sought: string;
  readonly onChange: (sought: string) => void;
  readonly children: ReactNode;
}) {
  const { say } = useWords();
  const id = useId();
  const [typed, setTyped] = useState(sought);
  useEffect(() => {
    if (typed === sought) return undefined;
    const timer = setTimeout(() => onChange(typed), 150);
    return () => clearTimeout(timer);
  });
  return (
    <div className="find">
      <label className="usa-label" htmlFor={id}>
        {say('table.find', { caption })}
      </label>
      <input
        className="usa-input"
        id={id}
        type="search"
        autoComplete="off"
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
      />
      <p role="status">{children}</p>
    </div>
  );
}

function Pages({
  caption,
  at,
  last,
  onTurn,
}: {
  readonly caption: string;
  readonly at: number;
  readonly last: number;
  readonly onTurn: (to: number) => void;
}) {
  const { say, number } = useWords();
  const button = (to: number, text: string, disabled = false) => (
    <button
      type="button"
      className="usa-button usa-button--outline"
      disabled={disabled}
      onClick={() => onTurn(to)}
    >
      {text}
    </button>
  );
  return (
    <nav className="pages" aria-label={say('table.pages', { caption })}>
      {button(0, say('table.first'), at === 0)}
      {button(at - 1, say('table.previous'), at === 0)}
      <span>{say('table.page', { page: number(at + 1), pages: number(last + 1) })}</span>
      {button(at + 1, say('table.next'), at === last)}
      {button(last, say('table.last'), at === last)}
    </nav>
  );
}

/** Does a row hold each of the words typed, wherever, in whichever case? */
function holding<T>(sought: string, columns: readonly Column<T>[]): (row: T) => boolean {
  const words = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    const text = columns
      .map((c) => c.by?.(row))
      .filter((value) => typeof value === 'string')
      .join(' ')
      .toLocaleLowerCase();
    return words.every((w) => text.includes(w));
  };
}

const inOrder = new Intl.Collator(undefined, { numeric: true });
const compared = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : inOrder.compare(String(a), String(b));
